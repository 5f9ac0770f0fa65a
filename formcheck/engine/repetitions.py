"""Following repetitions: counts causally, and measures again at the end. Nothing here knows what is live."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.engine import gates
from formcheck.engine.buffer import LandmarkBuffer
from formcheck.engine.calibration import Calibrator
from formcheck.engine.legs import lost_legs
from formcheck.engine.measure import Calibration, Scene
from formcheck.engine.person import inside_picture
from formcheck.engine.phases import Cycle, CycleMachine
from formcheck.engine.repetition import Landmarks, MeasuredRep, measure_rep, standing_values
from formcheck.spec import Exercise

_MIN_SHARE_OK = 0.5


@dataclass(slots=True)
class FoundRep:
    """A cycle that was taken for a repetition, and whether it was counted, with the calibration of its time.

    What was measured of it comes from the causal filter: the record measures it again.
    """

    cycle: Cycle
    counted: bool
    excursion_deg: float
    calibration: Calibration
    measured: MeasuredRep

    @property
    def depth_deg(self) -> float:
        """Return the knee flexion at the turn; NaN when it could not be measured."""
        return self.measured.stretch.peak_deg


class RepFollower:
    """Finds, counts and weighs repetitions from the past alone, so that a live set and an upload agree.

    When a better calibration turns up before it is locked, the landmarks since the person took this place are run again.
    """

    def __init__(self, exercise: Exercise, side: str) -> None:
        self._exercise = exercise
        self._calibrator = Calibrator(side, exercise.movement.stance == "split")
        self._machine = CycleMachine(exercise.movement.max_duration_s)
        self._standing_deg = 0.0
        self._from = 0
        self.found: list[FoundRep] = []
        self.calibrations: list[Calibration] = []
        self.depth_deg = float("nan")

    @property
    def calibration(self) -> Calibration | None:
        return self._calibrator.current

    @property
    def phase(self) -> str:
        return self._machine.phase

    @property
    def counted(self) -> int:
        return sum(rep.counted for rep in self.found)

    def forget_place(self, buffer: LandmarkBuffer) -> None:
        """Start again with a new person or place: calibration and phase go, what was counted stays."""
        self._from = len(buffer)
        self._calibrator = Calibrator(self._calibrator.side, self._calibrator.split)
        self._machine = CycleMachine(self._exercise.movement.max_duration_s)

    def update(self, buffer: LandmarkBuffer) -> FoundRep | None:
        """Take the newest frame of the buffer (its person is seen) and return a repetition that it completes, or None."""
        n = len(buffer) - 1
        t_s, smooth = float(buffer.column("t_s")[n]), buffer.column("smooth_px")[n]
        here = [rep for rep in self.found if rep.calibration is self.calibration and rep.counted]
        old = self.calibration
        new = self._calibrator.update(t_s, smooth, buffer.size_px, locked=bool(here) and old.source == "standing")
        if new is not None:
            return self._recalibrate(new, old, bool(here), buffer)
        if old is None:
            return None
        movement, signals = self._exercise.movement, self._exercise.signals
        scene = Scene(smooth[None], old)
        drive_deg = float(scene.signal(signals[movement.signal])[0])
        same = movement.depth_signal == movement.signal
        self.depth_deg = drive_deg if same else float(scene.signal(signals[movement.depth_signal])[0])
        return self._step(t_s, drive_deg, buffer)

    def finish(self, buffer: LandmarkBuffer) -> None:
        """The pictures have ended: take a repetition that was all but over."""
        cycle = self._machine.flush()
        if cycle is not None:
            self._weigh(cycle, buffer)

    def _recalibrate(
        self, new: Calibration, old: Calibration | None, counted_here: bool, buffer: LandmarkBuffer
    ) -> FoundRep | None:
        if self.calibrations and self.calibrations[-1] is old and not counted_here:
            self.calibrations.pop()  # it was never used
        self.calibrations.append(new)
        name = self._exercise.movement.signal
        self._standing_deg = standing_values(self._exercise, new, None)[name]
        if old is not None and (self._calibrator.moved or (counted_here and old.source == "standing")):
            self._from = int(np.searchsorted(buffer.column("t_s"), new.start_s))  # another place: what was before stays
        else:
            self.found = [rep for rep in self.found if rep.calibration is not old]
        self._machine = CycleMachine(self._exercise.movement.max_duration_s)
        times, ok = buffer.column("t_s", self._from), buffer.column("ok", self._from)
        drive = Scene(buffer.column("smooth_px", self._from).astype(float), new).signal(self._exercise.signals[name])
        newest = None
        for t_s, seen, q_deg in zip(times.tolist(), ok.tolist(), drive.tolist(), strict=True):
            newest = self._step(t_s, q_deg, buffer) if seen else None
        return newest

    def _step(self, t_s: float, drive_deg: float, buffer: LandmarkBuffer) -> FoundRep | None:
        cycle = self._machine.update(t_s, drive_deg - self._standing_deg)
        return None if cycle is None else self._weigh(cycle, buffer)

    def _weigh(self, cycle: Cycle, buffer: LandmarkBuffer) -> FoundRep | None:
        """Decide whether a cycle is a repetition, and whether it counts (a share of the person's own usual excursion)."""
        movement = self._exercise.movement
        calibration = self._calibrator.current
        landmarks = causal_landmarks(buffer, cycle.start_s - 1.0, cycle.end_s + 0.3)
        measured = measure_rep(self._exercise, landmarks, cycle, calibration, (-np.inf, np.inf))
        if not movement.min_duration_s <= measured.end_s - measured.start_s <= movement.max_duration_s:
            return None
        inner = landmarks.between(measured.start_s, measured.end_s)
        seen = inner.ok
        if seen.mean() < _MIN_SHARE_OK:
            return None
        span = (measured.start_s, measured.turn_s, measured.end_s)
        if not gates.is_repetition(
            movement.stance, inner.t_s[seen], inner.points_px[seen], span, calibration, measured.excursion_deg
        ):
            return None
        if not measured.excursion_deg >= movement.small_excursion_deg:
            return None
        earlier = [rep.excursion_deg for rep in self.found]
        usual = float(np.quantile(earlier, 0.75)) if earlier else 0.0
        enough = max(movement.min_excursion_deg, movement.share_of_usual * usual)
        found = FoundRep(cycle, measured.excursion_deg >= enough, measured.excursion_deg, calibration, measured)
        self.found.append(found)
        return found


def causal_landmarks(buffer: LandmarkBuffer, start_s: float, end_s: float) -> Landmarks:
    """Return the causally filtered landmarks between two times."""
    a, b = np.searchsorted(buffer.column("t_s"), [start_s, end_s + 1e-9])
    points = buffer.column("smooth_px")[a:b].astype(float)
    t_s, visibility, ok = (buffer.column(name)[a:b] for name in ("t_s", "visibility", "ok"))
    image = buffer.column("image_px")[a:b]
    return Landmarks(t_s, points, visibility, inside_picture(image, buffer.size_px), ok, lost_legs(t_s, image))
