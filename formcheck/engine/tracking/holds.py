"""Following a hold: the posture, the form and the clocks; frame by frame for what is shown, whole series for the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.hold_form import FrameLevels, applied_rules, good_frames, hold_view
from formcheck.engine.judging.interval import JudgedInterval
from formcheck.engine.signals.scene import Calibration, MeasuredScene, measure_signals
from formcheck.engine.tracking import hold_tracking, prone_line
from formcheck.engine.tracking.cycle import HoldMachine
from formcheck.spec.measures import held_signals
from formcheck.spec.prescription import Prescription, left_out_ends

if TYPE_CHECKING:
    from formcheck.engine.tracking.repetition import Landmarks
    from formcheck.spec.exercise import Exercise


class ProneLineTracker:
    """Runs the clocks of a body that lies face down on its arms and toes, seen from the side."""

    support = None
    calibrations: tuple[Calibration, ...] = ()

    def __init__(self, exercise: Exercise, side: str, prescription: Prescription | None) -> None:
        self._exercise = exercise
        self._near = None if side == "auto" else side
        self.near = self._near or "left"
        movement = exercise.movement
        self.machine = HoldMachine(movement.enter_s, movement.leave_s, movement.lost_s)
        self.totals_s = 0.0, 0.0
        self._levels = FrameLevels(exercise, prescription)
        self._still_since: tuple[float, float, float] | None = None

    def forget_place(self) -> None:
        """Nothing is calibrated."""

    def update(self, t_s: float, points_px: np.ndarray | None, size_px: tuple[int, int]) -> dict[str, int]:
        """Take one frame (causal landmarks (33, 2), None = not seen). Returns rule id → severity of what is broken now."""
        if points_px is None:
            self._end_if(self.machine.update(t_s, False, False, False))
            return {}
        calibration = hold_tracking.own_calibration(self._exercise, points_px, (t_s, t_s), self._near)
        self.near = calibration.near
        begins, goes_on, forearm = (
            bool(flag[0]) for flag in prone_line.front_plank(points_px[None].astype(float), calibration)
        )
        posture = goes_on if self.machine.running else begins
        movement = self._exercise.movement
        ready = posture and self._still_for_s(t_s, points_px, calibration) >= (
            movement.enter_s if forearm else movement.still_s
        )
        if not posture:
            self._still_since = None
        signals = measure_signals(self._exercise.signals, MeasuredScene(points_px[None].astype(float), calibration))
        levels = self._levels.update({name: float(value[0]) for name, value in signals.items()}, {}, calibration)
        levels = levels if posture else {}
        self._end_if(self.machine.update(t_s, True, posture, 2 not in levels.values(), ready))
        return levels

    def _still_for_s(self, t_s: float, p: np.ndarray, calibration: Calibration) -> float:
        """Return for how long the shoulder has hardly risen or fallen: the top of a push-up is no plank."""
        shoulder_y = float(p[11 if calibration.near == "left" else 12, 1])
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

    def _end_if(self, ended: bool) -> None:
        if ended:
            total_s, in_form_s = self.totals_s
            held_s = self.machine.end_s - self.machine.start_s
            self.totals_s = total_s + held_s, in_form_s + self.machine.in_form_s


class HoldTracker:
    """Runs the hold clocks of an exercise from causal landmarks, whatever tells its posture."""

    def __init__(self, exercise: Exercise, side: str, prescription: Prescription | None) -> None:
        kind = ProneLineTracker if exercise.movement.posture else hold_tracking.BoundedHoldTracker
        self._one = kind(exercise, side, prescription)
        self.update, self.forget_place = self._one.update, self._one.forget_place

    @property
    def phase(self) -> str:
        return "hold" if self._one.machine.running else "waiting"

    @property
    def near(self) -> str:
        return self._one.near

    @property
    def support(self) -> str | None:
        """Return the side that carries the body, or did in the last hold; None where sides are not told apart."""
        return self._one.support

    @property
    def calibrations(self) -> list[Calibration]:
        """Return what the body was measured against, in order of time; empty for a posture measured against itself."""
        return list(self._one.calibrations)

    def clocks_s(self) -> tuple[float, float]:
        """Return total and in-form time so far."""
        machine, (total_s, in_form_s) = self._one.machine, self._one.totals_s
        if not machine.running:
            return total_s, in_form_s
        return total_s + (machine.end_s - machine.start_s), in_form_s + machine.in_form_s


@dataclass(slots=True)
class RecordedHold:
    """One hold of the record: its clocks, side and end, what it was measured against, and the stretch that rules look at."""

    timed: hold_tracking.TimedHold
    calibration: Calibration
    interval: JudgedInterval


def find_holds(
    exercise: Exercise,
    landmarks: Landmarks,
    calibrations: list[Calibration],
    prescription: Prescription | None,
) -> list[RecordedHold]:
    """Find every hold in a whole set of zero-lag landmarks and run its clocks. ``calibrations``: one or more, in order of time."""
    if exercise.movement.posture:
        return _find_planks(exercise, landmarks, calibrations[0], prescription)
    found, bounds = [], [-np.inf, *(c.end_s for c in calibrations[1:]), np.inf]
    left_out = left_out_ends(exercise, prescription)
    clock, still = hold_tracking.HoldClock(exercise.movement, left_out), hold_tracking.Stillness()
    parts = []
    for calibration, since, until in zip(calibrations, bounds, bounds[1:], strict=False):
        part = np.flatnonzero((landmarks.t_s > since) & (landmarks.t_s <= until))
        standing = hold_tracking.standing_values(exercise, calibration)
        parts.append(
            (part, calibration, hold_tracking.measure_sides(exercise, landmarks.points_px[part], calibration, standing))
        )
    for part, calibration, views in parts:
        found += _run(exercise, landmarks, part, calibration, views, prescription, (clock, still))
    if clock.finish():
        found.append((clock.last, parts[-1][1]))
    return [
        RecordedHold(timed, calibration, _bounded_stretch(exercise, landmarks, timed, calibration))
        for timed, calibration in found
    ]


def _run(exercise, landmarks: Landmarks, part: np.ndarray, calibration, views, prescription, running) -> list:
    """Run the clock over the frames ``part``, measured against one calibration. Returns (hold, calibration) of each that ended."""
    clock, still = running
    t, p = landmarks.t_s[part], landmarks.points_px[part]
    seen = landmarks.ok[part] & ~np.isnan(p[:, 23, 0]) & hold_tracking.seen_from(exercise, calibration)
    on_left = hold_tracking.carried_on_left(p, exercise.movement)
    good = {
        side: good_frames(
            t,
            view.signals,
            applied_rules(exercise, prescription, view.standing, calibration),
            seen & hold_tracking.satisfies_exit_bounds(exercise.movement, view),
        )
        for side, view in views.items()
    }
    found = []
    for i, t_s in enumerate(t.tolist()):
        if not seen[i]:
            ended = clock.unseen(t_s)
        else:
            values = {side: {key: float(x[i]) for key, x in view.signals.items()} for side, view in views.items()}
            carries = None if None in views else "left" if on_left[i] else "right"
            forms = {side: bool(flags[i]) for side, flags in good.items()}
            ended = clock.step(t_s, values, forms, carries, still.update(t_s, p[i]))
        if ended:
            found.append((clock.last, calibration))
    return found


def _find_planks(
    exercise: Exercise, landmarks: Landmarks, calibration: Calibration, prescription
) -> list[RecordedHold]:
    t, p = landmarks.t_s, landmarks.points_px
    seen = landmarks.ok & ~np.isnan(p[:, 23, 0])
    begins, goes_on, forearm = prone_line.front_plank(p, calibration)
    movement = exercise.movement
    on_forearms, on_hands = (
        prone_line.trunk_still(t, p, calibration.near, s) for s in (movement.enter_s, movement.still_s)
    )
    begins &= np.where(forearm, on_forearms, on_hands)
    signals = measure_signals(exercise.signals, MeasuredScene(p, calibration))
    good = good_frames(t, signals, applied_rules(exercise, prescription, {}, calibration), goes_on)
    machine, holds = HoldMachine(movement.enter_s, movement.leave_s, movement.lost_s), []
    for i in range(len(t)):
        posture = goes_on[i] if machine.running else begins[i]
        if machine.update(float(t[i]), bool(seen[i]), bool(posture), bool(good[i])):
            holds.append(machine.clocks())
    if machine.stop():
        holds.append(machine.clocks())
    return [
        RecordedHold(
            hold_tracking.TimedHold(clocks, calibration.near, None),
            calibration,
            _stretch(exercise, landmarks, signals, goes_on, calibration, clocks),
        )
        for clocks in holds
    ]


def _bounded_stretch(
    exercise: Exercise, landmarks: Landmarks, timed: hold_tracking.TimedHold, calibration: Calibration
) -> JudgedInterval:
    """Return the stretch of a hold, with the standing values unless the calibration itself was taken in the hold."""
    standing = {timed.side: hold_tracking.standing_values(exercise, calibration)[timed.side]}
    view = hold_tracking.measure_sides(exercise, landmarks.points_px, calibration, standing)[timed.side]
    inside = ~np.isnan(landmarks.points_px[:, 23, 0])
    interval = _stretch(exercise, landmarks, view.signals, inside, calibration, timed.clocks)
    interval.support = timed.side
    if not timed.clocks[0] <= calibration.start_s <= timed.clocks[1]:
        interval.standing = view.standing
    return interval


def _stretch(
    exercise: Exercise, landmarks: Landmarks, signals, posture: np.ndarray, calibration: Calibration, clocks
) -> JudgedInterval:
    t = landmarks.t_s
    mask = posture & (t >= clocks[0] - 1e-9) & (t <= clocks[1] + 1e-9)
    part = {name: series[mask] for name, series in signals.items()}
    measures = {
        f"{name}_{exercise.signals[name].unit}": float(np.nanmedian(part[name]))
        if np.isfinite(part[name]).any()
        else np.nan
        for name in held_signals(exercise, exercise.movement)
    }
    return JudgedInterval(
        t[mask],
        part,
        {},
        landmarks.visibility[mask],
        landmarks.inside[mask],
        hold_view(exercise, calibration),
        {"hold": np.ones(mask.sum(), bool)},
        measures,
        main_signal=exercise.movement.main_signal,
        near=calibration.near,
        azimuth_deg=calibration.azimuth_deg,
    )
