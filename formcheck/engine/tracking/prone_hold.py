"""A hold face down on arms and toes, seen from the side: a front plank, found by its shape instead of by bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.hold_form import FrameLevels, applied_rules, good_frames
from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.engine.tracking.cycle import HoldMachine
from formcheck.engine.tracking.hold_clock import TimedHold
from formcheck.engine.tracking.own_calibration import own_calibration
from formcheck.engine.tracking.prone_line import PlankFrame, PlankFrames, front_plank
from formcheck.engine.tracking.recorded_hold import RecordedHold, held_interval
from formcheck.engine.tracking.stillness import Stillness
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from formcheck.engine.judging.conditions import SeverityLevel
    from formcheck.engine.landmark_buffer import Bounds
    from formcheck.engine.landmarks import Landmarks
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.tracking.tracker import SetPlan
    from formcheck.model.records import Side
    from formcheck.spec.movement import HoldPosture

_EPSILON_S = 1e-9
_QUICK_TORSOS, _QUICK_S = 0.25, 1.0
"""A shoulder that rises or falls by more of the trunk's length within this time makes a push-up, or gets up: no plank. Defaults."""


class _ProneClock:
    """The clock of a front plank. The same one runs over causal landmarks, frame by frame, and over those of a whole set."""

    def __init__(self, movement: HoldPosture) -> None:
        self._movement = movement
        self._still, self._quick = Stillness(), Stillness(_QUICK_TORSOS)
        self._out = False  # the hold that runs did not go on in the last frame
        self.machine = HoldMachine(movement.enter_s, movement.leave_s, movement.lost_s)

    def unseen(self, t_s: float) -> bool:
        """Take a frame without a person; return whether it ends a hold."""
        return self.machine.update(t_s, False, False, False)

    def step(self, t_s: float, points_px: np.ndarray, near: Side, posture: PlankFrame, good: bool) -> bool:
        """Take one frame with its ``points_px`` (33, 2); return whether it ends a hold."""
        machine, movement = self.machine, self._movement
        shoulder, hip = (points_px[INDEX[f"{near}_{joint}"]] for joint in ("shoulder", "hip"))
        torso_px = float(np.hypot(*(shoulder - hip)))
        still_s = self._still.update(t_s, shoulder[1:], torso_px)
        self._quick.update(t_s, shoulder[1:], torso_px)
        needed_s = movement.enter_s if posture.forearm else movement.still_s
        ready = still_s >= needed_s - _EPSILON_S
        moved_s = self._quick.since_s
        if not machine.running:
            here = posture.begins
            machine.begin_anew(moved_s)
        elif self._out:
            here = posture.returns and ready
        else:
            here = posture.goes_on and not (moved_s > machine.start_s and t_s - moved_s < _QUICK_S)
        self._out = not here
        return machine.update(t_s, True, here, good, ready)


class ProneHoldTracker:
    """Runs the clocks of a front plank.

    Parameters
    ----------
    plan : SetPlan
        Of an exercise whose posture is ``prone_line``.
    """

    support: Side | None = None

    def __init__(self, plan: SetPlan) -> None:
        self._exercise, self._prescription, self._near = plan.exercise, plan.prescription, plan.near
        self.near: Side = plan.near or "left"
        self._clock = _ProneClock(plan.exercise.posture)
        self.totals_s = (0.0, 0.0)
        self.calibrations: list[Calibration] = []
        self._levels = FrameLevels(plan.exercise, plan.prescription)

    @property
    def machine(self) -> HoldMachine:
        """Return the clock of the hold that runs."""
        return self._clock.machine

    def forget_place(self) -> None:
        """Do nothing: nothing is calibrated."""

    def update(self, t_s: float, points_px: np.ndarray | None, bounds_px: Bounds) -> dict[str, SeverityLevel]:
        """Take one frame.

        Parameters
        ----------
        t_s : float
        points_px : (33, 2) array or None
            Causally filtered; None when the person is not seen.
        bounds_px : tuple of four floats
            Left, top, right and bottom of the picture.

        Returns
        -------
        dict
            The severity of each rule that is broken now.
        """
        if points_px is None:
            self._add(self._clock.unseen(t_s))
            return {}
        calibration = own_calibration(self._exercise, points_px, (t_s, t_s), self._near)
        self.near = calibration.near
        p = points_px[None].astype(float)
        frame = front_plank(p, calibration.near).at(0)
        signals = measure_signals(self._exercise.signals, MeasuredScene(p, calibration))
        values = {name: float(value[0]) for name, value in signals.items()}
        levels = self._levels.update(values, {}, calibration)
        posture = frame.goes_on if self.machine.running else frame.begins
        levels = levels if posture else {}
        self._add(self._clock.step(t_s, p[0], calibration.near, frame, 2 not in levels.values()))
        return levels

    def _add(self, ended: bool) -> None:
        if ended:
            total_s, in_form_s = self.totals_s
            held_s = self.machine.end_s - self.machine.start_s
            self.totals_s = total_s + held_s, in_form_s + self.machine.in_form_s

    def find(self, landmarks: Landmarks, calibrations: list[Calibration]) -> list[RecordedHold]:
        """Find every hold in a whole set and run its clocks.

        Parameters
        ----------
        landmarks : Landmarks
            Zero-lag ones.
        calibrations : list of Calibration
            Not used: each hold is measured against itself.

        Returns
        -------
        list of RecordedHold
        """
        t, p = landmarks.t_s, landmarks.points_px
        seen = landmarks.ok & ~np.isnan(p[:, INDEX["left_hip"], 0])
        frames: dict[Side, tuple[PlankFrames, np.ndarray]] = {}
        clock, found = _ProneClock(self._exercise.posture), []
        for i, t_s in enumerate(t.tolist()):
            if seen[i]:
                near = own_calibration(self._exercise, p[i], (t_s, t_s), self._near).near
                if near not in frames:
                    frames[near] = self._seen_from(landmarks, near)
                plank, good = frames[near]
                ended = clock.step(t_s, p[i], near, plank.at(i), bool(good[i]))
            else:
                ended = clock.unseen(t_s)
            if ended:
                found.append(clock.machine.clocks())
        if clock.machine.stop():
            found.append(clock.machine.clocks())
        return [self._recorded(landmarks, clocks) for clocks in found]

    def _seen_from(self, landmarks: Landmarks, near: Side) -> tuple[PlankFrames, np.ndarray]:
        """Return the posture of every frame and whether its form is good (T,), as from that side."""
        t, p = landmarks.t_s, landmarks.points_px
        plank = front_plank(p, near)
        calibration = own_calibration(self._exercise, np.nanmedian(p, axis=0), (t[0], t[-1]), near)
        signals = measure_signals(self._exercise.signals, MeasuredScene(p, calibration))
        applied = applied_rules(self._exercise, self._prescription, {}, calibration)
        return plank, good_frames(t, signals, applied, plank.goes_on)

    def _recorded(self, landmarks: Landmarks, clocks: tuple[float, float, float, float]) -> RecordedHold:
        """Return a hold, measured against the body's median in it."""
        t, p = landmarks.t_s, landmarks.points_px
        held = landmarks.ok & (t >= clocks[0] - _EPSILON_S) & (t <= clocks[1] + _EPSILON_S)
        calibration = own_calibration(self._exercise, np.nanmedian(p[held], axis=0), clocks[:2], self._near)
        signals = measure_signals(self._exercise.signals, MeasuredScene(p, calibration))
        timed = TimedHold(clocks, calibration.near, None)
        posture = front_plank(p, calibration.near).goes_on
        interval = held_interval(self._exercise, landmarks, signals, posture, calibration, timed)
        return RecordedHold(timed, calibration, interval)
