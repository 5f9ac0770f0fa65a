"""A hold face down on arms and toes, seen from the side: a front plank, found by its shape instead of by bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.hold_form import FrameLevels, applied_rules, good_frames
from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.engine.tracking import prone_line
from formcheck.engine.tracking.cycle import HoldMachine
from formcheck.engine.tracking.hold_clock import TimedHold
from formcheck.engine.tracking.own_calibration import own_calibration
from formcheck.engine.tracking.recorded_hold import RecordedHold, held_interval
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from formcheck.engine.judging.conditions import SeverityLevel
    from formcheck.engine.landmarks import Landmarks
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.tracking.tracker import SetPlan
    from formcheck.model.records import Side


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
        self._movement = plan.exercise.posture
        self.near: Side = plan.near or "left"
        self.machine = self._new_machine()
        self.totals_s = (0.0, 0.0)
        self.calibrations: list[Calibration] = []
        self._levels = FrameLevels(plan.exercise, plan.prescription)
        self._still_since: tuple[float, float, float] | None = None

    def _new_machine(self) -> HoldMachine:
        return HoldMachine(self._movement.enter_s, self._movement.leave_s, self._movement.lost_s)

    def forget_place(self) -> None:
        """Do nothing: nothing is calibrated."""

    def update(self, t_s: float, points_px: np.ndarray | None, size_px: tuple[int, int]) -> dict[str, SeverityLevel]:
        """Take one frame.

        Parameters
        ----------
        t_s : float
        points_px : (33, 2) array or None
            Causally filtered; None when the person is not seen.
        size_px : tuple of two ints
            Of the picture.

        Returns
        -------
        dict
            The severity of each rule that is broken now.
        """
        if points_px is None:
            self._add(self.machine.update(t_s, False, False, False))
            return {}
        calibration = own_calibration(self._exercise, points_px, (t_s, t_s), self._near)
        self.near = calibration.near
        p = points_px[None].astype(float)
        begins, goes_on, forearm = (bool(flag[0]) for flag in prone_line.front_plank(p, calibration))
        posture = goes_on if self.machine.running else begins
        movement = self._movement
        needed_s = movement.enter_s if forearm else movement.still_s
        ready = posture and self._still_for_s(t_s, points_px, calibration) >= needed_s
        if not posture:
            self._still_since = None
        signals = measure_signals(self._exercise.signals, MeasuredScene(p, calibration))
        values = {name: float(value[0]) for name, value in signals.items()}
        levels = self._levels.update(values, {}, calibration)
        levels = levels if posture else {}
        self._add(self.machine.update(t_s, True, posture, 2 not in levels.values(), ready))
        return levels

    def _still_for_s(self, t_s: float, p: np.ndarray, calibration: Calibration) -> float:
        """Return for how long the shoulder has hardly risen or fallen: the top of a push-up is no plank."""
        shoulder_y = float(p[INDEX[f"{calibration.near}_shoulder"], 1])
        scale = calibration.length_px("torso")
        if self._still_since is not None:
            since, low, high = self._still_since
            low, high = min(low, shoulder_y), max(high, shoulder_y)
            if high - low <= prone_line.STILL_TORSOS * scale:
                self._still_since = (since, low, high)
                return t_s - since
        self._still_since = (t_s, shoulder_y, shoulder_y)
        self.machine.begin_anew()
        return 0.0

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
            The first one is taken.

        Returns
        -------
        list of RecordedHold
        """
        exercise, movement, calibration = self._exercise, self._movement, calibrations[0]
        t, p = landmarks.t_s, landmarks.points_px
        seen = landmarks.ok & ~np.isnan(p[:, INDEX["left_hip"], 0])
        begins, goes_on, forearm = prone_line.front_plank(p, calibration)
        on_forearms, on_hands = (
            prone_line.trunk_still(t, p, calibration.near, s) for s in (movement.enter_s, movement.still_s)
        )
        begins &= np.where(forearm, on_forearms, on_hands)
        signals = measure_signals(exercise.signals, MeasuredScene(p, calibration))
        applied = applied_rules(exercise, self._prescription, {}, calibration)
        good = good_frames(t, signals, applied, goes_on)
        machine, holds = self._new_machine(), []
        for i in range(len(t)):
            posture = goes_on[i] if machine.running else begins[i]
            if machine.update(float(t[i]), bool(seen[i]), bool(posture), bool(good[i])):
                holds.append(machine.clocks())
        if machine.stop():
            holds.append(machine.clocks())
        timed = [TimedHold(clocks, calibration.near, None) for clocks in holds]
        return [
            RecordedHold(one, calibration, held_interval(exercise, landmarks, signals, goes_on, calibration, one))
            for one in timed
        ]
