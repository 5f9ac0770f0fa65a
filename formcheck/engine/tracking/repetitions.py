"""Counting repetitions from the past alone, so that a live set and an upload agree. Nothing here knows what is live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.evaluate import judge
from formcheck.engine.landmarks import causal_landmarks
from formcheck.engine.person.calibration import Calibrator, LyingCalibrator
from formcheck.engine.person.on_hands import OnHandsCalibrator
from formcheck.engine.signals.scene import MeasuredScene
from formcheck.engine.tracking import patterns
from formcheck.engine.tracking.candidates import MovementCandidate
from formcheck.engine.tracking.cycle import Cycle, CycleMachine
from formcheck.engine.tracking.repetition import MeasuredRep, measure_rep, standing_values, watched_until_s

if TYPE_CHECKING:
    from formcheck.engine.landmark_buffer import LandmarkBuffer
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.model.records import Side
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.movement import RepCycle

_MIN_SHARE_OK = 0.5
"""The person must be seen in this share of a cycle's frames. Default."""
_BACK_DEG = 15.0
"""A repetition has come back within this of the person's own standing (clinical-rules 0.5, 1.9)."""
_AROUND_CYCLE_S = 0.1
"""Margin around a cycle in which the movement pattern is checked; further out a foot may still be moving into place."""
_BEFORE_CYCLE_S, _AFTER_CYCLE_S = 1.0, 0.3
"""A cycle is measured on its own frames, and on so many before and after it. Defaults."""
_HALF_WAY = 0.5
_LEAST_WAY_S = 0.2
"""Each way takes at least this long: a body falls freely by 0.2 m in it.

A film that is cut within a repetition gives 0.10 to 0.19 s, which is the filter's.
"""
_USUAL_QUANTILE = 0.75
"""The person's usual excursion is this quantile of those so far. Default."""
_PHASE_NAMES = ("descent", "bottom", "ascent")
"""The names that the phase machine has for the way out, the far end and the way back."""


@dataclass(slots=True)
class FoundRep:
    """A cycle that was taken for a repetition, with the calibration of its time.

    Attributes
    ----------
    cycle : Cycle
    counted : bool
        False for a small one.
    excursion_deg : float
    calibration : Calibration
    measured : MeasuredRep
        From the causal filter: the record measures it again.
    """

    cycle: Cycle
    counted: bool
    excursion_deg: float
    calibration: Calibration
    measured: MeasuredRep

    @property
    def depth_deg(self) -> float:
        """Return the depth at the turn; NaN when it could not be measured."""
        return self.measured.depth_deg


class RepetitionTracker:
    """Finds, counts and weighs repetitions.

    When a better calibration turns up before it is locked, the landmarks since the person took this place are run again.

    Parameters
    ----------
    exercise : Exercise
        One that is repeated.
    near : str or None
        The side to judge from. None: the nearer one.

    Attributes
    ----------
    found : list of FoundRep
    counted : int
    calibrations : list of Calibration
        In order of time.
    depth_deg : float
        The depth in the newest frame; NaN = not measured.
    cut_off_s : tuple of two floats, or None
        Start and end of a repetition on whose way back the frames ended, too early to count it.
    """

    def __init__(self, exercise: Exercise, near: Side | None) -> None:
        self._exercise, self._movement, self._near = exercise, exercise.cycle, near
        self._calibrator = _calibrator(self._movement, near)
        self._machine = _machine(self._movement)
        self._rest_deg = 0.0
        self._timed_out = False
        self._settling: Cycle | None = None  # a landing whose time to settle is not over
        self._from = 0
        self._counted_here = False  # with the present calibration
        self._scene: MeasuredScene | None = None  # the newest frame
        self.found: list[FoundRep] = []
        self.counted = 0
        self.calibrations: list[Calibration] = []
        self.depth_deg = float("nan")
        self.cut_off_s: tuple[float, float] | None = None

    @property
    def calibration(self) -> Calibration | None:
        """Return the present calibration, None before there is one."""
        return self._calibrator.current

    @property
    def phase(self) -> str:
        """Return the phase of the newest frame, by what the body does."""
        names = dict(zip(_PHASE_NAMES, self._movement.phases, strict=True))
        return names.get(self._machine.phase, self._machine.phase)

    @property
    def newest_scene(self) -> MeasuredScene | None:
        """Return the newest frame while a movement runs that may become a repetition; None at rest and when it is all but back."""
        return None if self._machine.running is None else self._scene

    @property
    def clock_end_s(self) -> float | None:
        """Return when the clock of a timed exercise is over; None without one, or before it runs."""
        clock_s = self._movement.clock_s
        if clock_s is None or not self.found:
            return None
        first = self.found[0].measured
        return first.end_s - (first.measures["concentric_s"] or 0.0) + clock_s

    def forget_place(self, buffer: LandmarkBuffer) -> None:
        """Start again with a new person or place: calibration and phase go, the repetitions stay.

        A repetition that was all but over is one of them.

        Parameters
        ----------
        buffer : LandmarkBuffer
            All frames so far.
        """
        self.finish(buffer)
        self._from = len(buffer)
        self._calibrator = _calibrator(self._movement, self._near)
        self._machine, self._settling = _machine(self._movement), None
        self._counted_here = False

    def update(self, buffer: LandmarkBuffer) -> FoundRep | None:
        """Take the newest frame of the buffer, in which the person is seen.

        Parameters
        ----------
        buffer : LandmarkBuffer

        Returns
        -------
        FoundRep or None
            The repetition that it completes.
        """
        n = len(buffer) - 1
        t_s, smooth = float(buffer.column("t_s")[n]), buffer.column("smooth_px")[n]
        old, self._scene = self.calibration, None
        locked = self._counted_here and old is not None and old.source == "standing"
        new = self._calibrator.update(t_s, smooth, buffer.bounds_px, locked)
        if new is not None:
            return self._recalibrate(new, old, buffer)
        if old is None:
            return None
        movement, signals = self._movement, self._exercise.signals
        newest = self.found[-1] if self.found and self.found[-1].calibration is old else None
        # The newest repetition knows the legs' lengths better than standing: for what is shown, not for what counts.
        shown = newest.measured.calibration if newest else old
        scene = self._scene = MeasuredScene(smooth[None].astype(float), shown)
        self.depth_deg = float(scene.signal(signals[movement.depth_signal])[0])
        return self._step(t_s, float(scene.signal(signals[movement.signal], standing_lengths=True)[0]), buffer)

    def finish(self, buffer: LandmarkBuffer) -> None:
        """Take a repetition that was all but over as the frames ended.

        Parameters
        ----------
        buffer : LandmarkBuffer
            All frames.
        """
        cycle = None if self._timed_out else self._machine.flush()
        for open_cycle in (self._settling, cycle):
            if open_cycle is not None:
                self._accept(open_cycle, buffer, self.calibration)
        self._settling = None
        if cycle is None and self._machine.phase == _PHASE_NAMES[2]:
            running = self._measured_so_far(self._machine.open, buffer)
            self.cut_off_s = None if running is None else (running.start_s, float(buffer.column("t_s")[-1]))

    def _recalibrate(self, new: Calibration, old: Calibration | None, buffer: LandmarkBuffer) -> FoundRep | None:
        ended = None
        if old is not None and self._calibrator.moved:  # the person stands: a repetition that ran has come to its end
            cycle = None if self._timed_out else self._machine.flush(_HALF_WAY)
            ended = None if cycle is None else self._accept(cycle, buffer, old)
        counted_here, self._counted_here = self._counted_here, False
        if self.calibrations and self.calibrations[-1] is old and not counted_here:
            self.calibrations.pop()  # it was never used
        self.calibrations.append(new)
        movement, name = self._movement, self._movement.signal
        self._rest_deg = movement.rest_deg[0] if movement.rest_deg else standing_values(self._exercise, new, None)[name]
        if old is not None and (self._calibrator.moved or (counted_here and old.source == "standing")):
            self._from = int(np.searchsorted(buffer.column("t_s"), new.start_s))  # another place: what was before stays
        else:
            self.found = [rep for rep in self.found if rep.calibration is not old]
            self.counted = sum(rep.counted for rep in self.found)
        self._machine, self._timed_out, self._settling = _machine(movement), False, None
        times, ok = buffer.column("t_s", self._from), buffer.column("ok", self._from)
        scene = MeasuredScene(buffer.column("smooth_px", self._from).astype(float), new)
        drive = scene.signal(self._exercise.signals[name])
        newest = ended
        for t_s, seen, q_deg in zip(times.tolist(), ok.tolist(), drive.tolist(), strict=True):
            newest = (self._step(t_s, q_deg, buffer) if seen else None) or ended
        return newest

    def _step(self, t_s: float, drive_deg: float, buffer: LandmarkBuffer) -> FoundRep | None:
        if self._timed_out:
            return None
        end_s = self.clock_end_s
        if end_s is not None and t_s > end_s:
            self._timed_out = True
            cycle = self._machine.flush(_HALF_WAY)
        else:
            cycle = self._await_settling(t_s, self._machine.update(t_s, drive_deg - self._rest_deg))
        return None if cycle is None else self._accept(cycle, buffer, self.calibration)

    def _await_settling(self, t_s: float, new: Cycle | None) -> Cycle | None:
        """Return the cycle to weigh now: a landing when its time to settle is over, or when the next cycle has come."""
        waits = self._settling or new
        if waits is None:
            return None
        due = t_s >= watched_until_s(self._movement, waits) or (self._settling is not None and new is not None)
        self._settling = new if due and waits is not new else None if due else waits
        return waits if due else None

    def _accept(self, cycle: Cycle, buffer: LandmarkBuffer, calibration: Calibration | None) -> FoundRep | None:
        """Decide whether a cycle is a repetition, and whether it counts."""
        movement = self._movement
        measured = None if calibration is None else self._measured(cycle, calibration, buffer)
        if measured is None or calibration is None or not measured.excursion_deg >= movement.small_excursion_deg:
            return None
        seen_share = _HALF_WAY if cycle.starts_at_end_range else 1.0  # of one only its way back is seen
        if measured.end_s - measured.start_s < movement.min_duration_s * seen_share or self._jumps(measured):
            return None
        found = FoundRep(cycle, self._counts(measured), measured.excursion_deg, calibration, measured)
        self.found.append(found)
        self.counted += found.counted
        self._counted_here |= found.counted
        return found

    def _measured(
        self, cycle: Cycle, calibration: Calibration, buffer: LandmarkBuffer, returned: bool = True
    ) -> MeasuredRep | None:
        """Measure a cycle; None when it is not this exercise.

        ``returned`` False: the place where it will end is not known, so the place where it began is taken for it.
        """
        movement = self._movement
        until_s = max(cycle.end_s + _AFTER_CYCLE_S, watched_until_s(movement, cycle))
        landmarks = causal_landmarks(buffer, cycle.start_s - _BEFORE_CYCLE_S, until_s)
        measured = measure_rep(self._exercise, landmarks, cycle, calibration, (-np.inf, np.inf))
        first_s, last_s = cycle.start_s - _AROUND_CYCLE_S, cycle.end_s + _AROUND_CYCLE_S
        inner = landmarks.between(first_s, last_s)
        seen = inner.ok
        if not len(seen) or seen.mean() < _MIN_SHARE_OK:
            return None
        candidate = MovementCandidate(
            inner.t_s[seen],
            inner.points_px[seen],
            (first_s, measured.turn_s, last_s if returned else first_s),
            calibration,
            measured.excursion_deg,
            cycle.starts_at_end_range,
            (landmarks.t_s[landmarks.ok], landmarks.points_px[landmarks.ok]),
        )
        return measured if patterns.is_repetition(movement.movement_pattern, candidate) else None

    def running_repetition(self, buffer: LandmarkBuffer) -> MeasuredRep | None:
        """Return the repetition that runs, measured as if it ended now.

        Parameters
        ----------
        buffer : LandmarkBuffer
            All frames so far.

        Returns
        -------
        MeasuredRep or None
            None at rest, and while it is too small to count.
        """
        return self._measured_so_far(None if self._timed_out else self._machine.running, buffer)

    def _measured_so_far(self, cycle: Cycle | None, buffer: LandmarkBuffer) -> MeasuredRep | None:
        """Measure a cycle as if it ended now; None when it is too small to count, or not this exercise."""
        calibration = self._calibrator.current
        if cycle is None or calibration is None:
            return None
        now_s = float(buffer.column("t_s", len(buffer) - 1)[0])
        measured = self._measured(replace(cycle, end_s=now_s), calibration, buffer, returned=False)
        if measured is None:
            return None
        deep_deg = measured.measures[self._movement.range_measure]
        enough = deep_deg is not None and min(measured.excursion_deg, deep_deg) >= self._movement.min_excursion_deg
        return measured if enough else None

    def _jumps(self, measured: MeasuredRep) -> bool:
        """Return whether one of its ways takes no time, as where a film is cut. A landing is as quick as that."""
        if self._movement.settle_s is not None:
            return False
        ways_s = (measured.measures[name] for name in ("eccentric_s", "concentric_s"))
        return any(way_s is not None and way_s < _LEAST_WAY_S for way_s in ways_s)

    def _counts(self, measured: MeasuredRep) -> bool:
        """Return whether it went far enough, came all the way back, and broke no rule that invalidates it.

        Far enough is also a share of the person's own usual excursion.
        """
        movement = self._movement
        earlier = [rep.excursion_deg for rep in self.found]
        usual = float(np.quantile(earlier, _USUAL_QUANTILE)) if earlier else 0.0
        if measured.excursion_deg < max(movement.min_excursion_deg, movement.share_of_usual * usual):
            return False
        if movement.back_within_deg is not None and not self._timed_out:
            rest_deg, top_deg = (measured.measures[name] for name in (movement.rest_measure, movement.return_measure))
            own_deg = 0.0 if rest_deg is None else rest_deg + _BACK_DEG
            if top_deg is None or top_deg > max(movement.back_within_deg, own_deg):
                return False
        invalidates = (judge(rule, measured.interval, None)[1] for rule in self._exercise.rules if rule.invalidates)
        return not any(fault is not None and fault.severity == 2 for fault in invalidates)


def _machine(movement: RepCycle) -> CycleMachine:
    up_to_deg = None if movement.rest_deg is None else movement.rest_deg[1] - movement.rest_deg[0]
    return CycleMachine(movement.max_pause_s, movement.full_excursion_deg, up_to_deg, movement.starts_at_end_range)


def _calibrator(movement: RepCycle, near: Side | None) -> Calibrator | LyingCalibrator | OnHandsCalibrator:
    pattern = patterns.STANCES[movement.movement_pattern]
    if movement.movement_pattern == "hands":
        return OnHandsCalibrator(near)
    if pattern.lying:
        return LyingCalibrator(near, pattern.lying)
    return Calibrator(near, movement.movement_pattern == "split", pattern.leads or "higher_knee")
