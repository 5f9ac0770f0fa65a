"""Holds that bounds declare: on one leg, heel to toe, on the side, against a wall. No exercise is known by its name."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.hold_form import FrameLevels, applied_rules, good_frames
from formcheck.engine.person.calibration import Calibrator
from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.engine.tracking.hold_clock import (
    CarryingSide,
    HoldClock,
    TimedHold,
    carried_on_left,
    satisfies_exit_bounds,
    sides_of,
)
from formcheck.engine.tracking.own_calibration import own_calibration, own_calibration_of_set, own_parts
from formcheck.engine.tracking.recorded_hold import RecordedHold, held_interval
from formcheck.engine.tracking.stillness import Stillness, trunk_still_s
from formcheck.model.skeleton import INDEX
from formcheck.spec.prescription import Prescription, left_out_ends

if TYPE_CHECKING:
    from formcheck.engine.judging.conditions import SeverityLevel
    from formcheck.engine.judging.interval import JudgedInterval
    from formcheck.engine.landmark_buffer import Bounds
    from formcheck.engine.landmarks import Landmarks
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.tracking.cycle import HoldMachine
    from formcheck.engine.tracking.tracker import SetPlan
    from formcheck.model.records import Side
    from formcheck.spec.exercise import Exercise

_LEFT_HIP = INDEX["left_hip"]
_Standing = dict[CarryingSide, dict[str, float]]
"""For each side, the standing value of each signal."""


@dataclass(slots=True)
class SideView:
    """A hold as it is measured when one side carries the body: signals (T,), and their standing values."""

    signals: dict[str, np.ndarray]
    standing: dict[str, float]


def standing_values(exercise: Exercise, calibration: Calibration) -> _Standing:
    """Return the standing value of each signal, for each side that may carry the body.

    Parameters
    ----------
    exercise : Exercise
        One that is held.
    calibration : Calibration

    Returns
    -------
    dict
        Empty dicts for a body that is measured against itself.
    """
    sides = sides_of(exercise.posture)
    if calibration.source == "none":
        return {side: {} for side in sides}
    values: _Standing = {}
    for side in sides:
        still = MeasuredScene(calibration.points_px[None], calibration, support=side or calibration.near)
        values[side] = {name: float(x[0]) for name, x in measure_signals(exercise.signals, still).items()}
    return values


def measure_sides(
    exercise: Exercise, p: np.ndarray, calibration: Calibration, standing: _Standing
) -> dict[CarryingSide, SideView]:
    """Measure every signal for each side of ``standing``.

    Parameters
    ----------
    exercise : Exercise
    p : (T, 33, 2) array
    calibration : Calibration
    standing : dict

    Returns
    -------
    dict
        A SideView for each side.
    """
    return {
        side: SideView(measure_signals(exercise.signals, MeasuredScene(p, calibration, support=side)), still)
        for side, still in standing.items()
    }


def seen_from(exercise: Exercise, calibration: Calibration) -> bool:
    """Return whether a hold can be told from where the camera stands.

    Parameters
    ----------
    exercise : Exercise
    calibration : Calibration

    Returns
    -------
    bool
        Always True for a posture that is measured against itself: it tells its own view.
    """
    return calibration.source == "none" or calibration.label in exercise.views


class BoundedHoldTracker:
    """Follows a hold from causal landmarks, live: its clocks, and what is broken now.

    Parameters
    ----------
    plan : SetPlan
        Of an exercise whose hold is declared by bounds.
    """

    def __init__(self, plan: SetPlan) -> None:
        self._exercise, self._prescription = plan.exercise, plan.prescription
        self._movement = plan.exercise.posture
        # Where the posture tells the sides apart, a prescribed side says nothing of the nearer one.
        self._near: Side | None = None if self._movement.carried_by else plan.near
        self._levels = FrameLevels(plan.exercise, plan.prescription)
        self._clock = HoldClock(self._movement, left_out_ends(plan.exercise, plan.prescription))
        self._still = Stillness()
        self._calibrator = self._new_calibrator()
        self._measured: tuple[Calibration, _Standing] | None = None
        self.totals_s = (0.0, 0.0)
        self.near: Side = self._near or "left"
        self.calibrations: list[Calibration] = []

    @property
    def machine(self) -> HoldMachine:
        """Return the clock of the hold that runs."""
        return self._clock.machine

    @property
    def support(self) -> CarryingSide:
        """Return the side that carries the body, or did in the last hold."""
        return self._clock.side

    def forget_place(self) -> None:
        """Forget the calibration: a new person, or a new place."""
        self._calibrator = self._new_calibrator()

    def _new_calibrator(self) -> Calibrator:
        return Calibrator(self._near, split=False, level=self._movement.carried_by == "ankle")

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
        calibration = None if points_px is None else self._calibration(t_s, points_px, bounds_px)
        if points_px is None or calibration is None or not seen_from(self._exercise, calibration):
            self._add(self._clock.unseen(t_s))
            return {}
        self.near = calibration.near
        p = points_px[None].astype(float)
        carries: CarryingSide = None
        if self._movement.carried_by:
            carries = "left" if carried_on_left(p, self._movement)[0] else "right"
        wanted = {carries, self._clock.side or carries}
        standing = {side: values for side, values in self._standing(calibration).items() if side in wanted}
        views = measure_sides(self._exercise, p, calibration, standing)
        values = {side: {name: float(x[0]) for name, x in view.signals.items()} for side, view in views.items()}
        judged = self._clock.side if self.machine.running else carries
        levels = self._levels.update(values[judged], views[judged].standing, calibration)
        good = 2 not in levels.values()
        still_s = trunk_still_s(self._still, t_s, points_px.astype(float))
        self._add(self._clock.step(t_s, values, dict.fromkeys(views, good), carries, still_s))
        return levels if self.machine.running else {}

    def _standing(self, calibration: Calibration) -> _Standing:
        if self._measured is None or self._measured[0] is not calibration or calibration.source == "none":
            self._measured = calibration, standing_values(self._exercise, calibration)
        return self._measured[1]

    def _calibration(self, t_s: float, points_px: np.ndarray, bounds_px: Bounds) -> Calibration | None:
        if self._movement.reference_posture != "standing":
            return own_calibration(self._exercise, points_px, (t_s, t_s), self._near)
        current = self._calibrator.current
        if not self._clock.engaged or current is None:
            locked = self._clock.last is not None and current is not None and current.source == "standing"
            new = self._calibrator.update(t_s, points_px, bounds_px, locked)
            if new is not None:
                self.calibrations.append(new)
        return self._calibrator.current

    def _add(self, ended: TimedHold | None) -> None:
        if ended is not None:
            total_s, in_form_s = self.totals_s
            self.totals_s = total_s + ended.seconds, in_form_s + ended.clocks[2]

    def find(self, landmarks: Landmarks, calibrations: list[Calibration]) -> list[RecordedHold]:
        """Find every hold in a whole set and run its clocks.

        Parameters
        ----------
        landmarks : Landmarks
            Zero-lag ones.
        calibrations : list of Calibration
            One or more, in order of time.

        Returns
        -------
        list of RecordedHold
        """
        run = _Run(self._exercise, self._prescription, landmarks)
        own = calibrations[0].source == "none"
        parts = own_parts(self._exercise, landmarks, self._near) if own else _parts(landmarks.t_s, calibrations)
        for part, calibration in parts:
            run.over(part, calibration)
        holds = []
        for timed, calibration in run.finished(parts[-1][1]):
            start_s, end_s, *_ = timed.clocks
            held = own_calibration_of_set(self._exercise, landmarks.between(start_s, end_s), self._near) if own else []
            against = held[0] if held else calibration
            holds.append(RecordedHold(timed, against, run.interval(timed, against)))
        return holds


def _parts(t_s: np.ndarray, calibrations: list[Calibration]) -> list[tuple[np.ndarray, Calibration]]:
    """Return the frames that each calibration is for."""
    changes_s = [-np.inf, *(calibration.end_s for calibration in calibrations[1:]), np.inf]
    return [
        (np.flatnonzero((t_s > since_s) & (t_s <= until_s)), calibration)
        for calibration, (since_s, until_s) in zip(calibrations, pairwise(changes_s), strict=True)
    ]


class _Run:
    """Runs one clock over a whole set, part by part."""

    def __init__(self, exercise: Exercise, prescription: Prescription | None, landmarks: Landmarks) -> None:
        self._exercise, self._prescription, self._landmarks = exercise, prescription, landmarks
        self._clock = HoldClock(exercise.posture, left_out_ends(exercise, prescription))
        self._still = Stillness()
        self._found: list[tuple[TimedHold, Calibration]] = []

    def over(self, part: np.ndarray, calibration: Calibration) -> None:
        """Run over the frames ``part``, measured against one calibration."""
        exercise, movement, landmarks = self._exercise, self._exercise.posture, self._landmarks
        t, p = landmarks.t_s[part], landmarks.points_px[part]
        seen = landmarks.ok[part] & ~np.isnan(p[:, _LEFT_HIP, 0]) & seen_from(exercise, calibration)
        on_left = carried_on_left(p, movement)
        views = measure_sides(exercise, p, calibration, standing_values(exercise, calibration))
        good = {side: self._good(t, view, calibration, seen) for side, view in views.items()}
        for i, t_s in enumerate(t.tolist()):
            if not seen[i]:
                ended = self._clock.unseen(t_s)
            else:
                values = {side: {key: float(x[i]) for key, x in view.signals.items()} for side, view in views.items()}
                carries: CarryingSide = None if None in views else "left" if on_left[i] else "right"
                forms = {side: bool(flags[i]) for side, flags in good.items()}
                ended = self._clock.step(t_s, values, forms, carries, trunk_still_s(self._still, t_s, p[i]))
            if ended is not None:
                self._found.append((ended, calibration))

    def _good(self, t: np.ndarray, view: SideView, calibration: Calibration, seen: np.ndarray) -> np.ndarray:
        applied = applied_rules(self._exercise, self._prescription, view.standing, calibration)
        posture = seen & satisfies_exit_bounds(self._exercise.posture, view.signals)
        return good_frames(t, view.signals, applied, posture)

    def finished(self, calibration: Calibration) -> list[tuple[TimedHold, Calibration]]:
        """Return every hold with its calibration; one that still runs ends with the frames, against ``calibration``."""
        ended = self._clock.finish()
        return self._found + ([] if ended is None else [(ended, calibration)])

    def interval(self, timed: TimedHold, calibration: Calibration) -> JudgedInterval:
        """Return the stretch of a hold, with the standing values unless the calibration itself was taken in the hold."""
        exercise, landmarks = self._exercise, self._landmarks
        standing = {timed.side: standing_values(exercise, calibration)[timed.side]}
        view = measure_sides(exercise, landmarks.points_px, calibration, standing)[timed.side]
        seen = ~np.isnan(landmarks.points_px[:, _LEFT_HIP, 0])
        interval = held_interval(exercise, landmarks, view.signals, seen, calibration, timed)
        interval.support = timed.side
        if not timed.clocks[0] <= calibration.start_s <= timed.clocks[1]:
            interval.standing = view.standing
        return interval
