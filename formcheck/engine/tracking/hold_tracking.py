"""Following a hold that bounds declare: on one leg, heel to toe, on the side, against a wall. Knows no exercise by name.

The same clock runs over causal landmarks, frame by frame, and over the zero-lag ones of a whole set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.hold_form import FrameLevels
from formcheck.engine.person.calibration import Calibrator
from formcheck.engine.signals.scene import Calibration, MeasuredScene, lower_ankle, measure_signals
from formcheck.engine.tracking.cycle import HoldMachine
from formcheck.engine.tracking.prone_line import STILL_TORSOS
from formcheck.spec.prescription import Prescription, left_out_ends

if TYPE_CHECKING:
    from collections.abc import Collection

    from formcheck.spec.exercise import Bound, Exercise, HoldPosture

CarryingSide = str | None
"""The side that carries the body; None where the movement does not tell sides apart."""
_BACK_S = 1.0  # a start is back-dated over the looser bounds by at most this much
_EPSILON_S = 1e-9


def sides_of(movement: HoldPosture) -> tuple[CarryingSide, ...]:
    """Return the sides that a hold may be held on."""
    return ("left", "right") if movement.carried_by else (None,)


def carried_on_left(p: np.ndarray, movement: HoldPosture) -> np.ndarray:
    """Return per frame (T,) whether the left side carries the body. ``p`` (T, 33, 2)."""
    return p[:, 11, 1] > p[:, 12, 1] if movement.carried_by == "shoulder" else lower_ankle(p)


def own_calibration(
    exercise: Exercise, points_px: np.ndarray, span_s: tuple[float, float], near: str | None
) -> Calibration:
    """Return the calibration of a posture that is measured against itself: which side is nearer, and where it faces."""
    movement = exercise.movement
    lying = movement.kind != "hold_posture" or movement.reference_posture == "lying"
    return Calibration.from_points("none", span_s, np.asarray(points_px, dtype=float), near, lying=lying)


@dataclass(slots=True)
class SideView:
    """What one side's hold would be measured as: signals (T,), and their standing values."""

    signals: dict[str, np.ndarray]
    standing: dict[str, float]


def standing_values(exercise: Exercise, calibration: Calibration) -> dict[CarryingSide, dict[str, float]]:
    """Return each signal's value in the standing calibration, for each side; nothing for a body measured against itself."""
    if calibration.source == "none":
        return {side: {} for side in sides_of(exercise.movement)}
    values = {}
    for side in sides_of(exercise.movement):
        still = MeasuredScene(calibration.points_px[None], calibration, support=side or calibration.near)
        values[side] = {name: float(x[0]) for name, x in measure_signals(exercise.signals, still).items()}
    return values


def measure_sides(
    exercise: Exercise, p: np.ndarray, calibration: Calibration, standing: dict[CarryingSide, dict[str, float]]
) -> dict[CarryingSide, SideView]:
    """Measure every signal for each side of ``standing``. ``p`` (T, 33, 2)."""
    return {
        side: SideView(measure_signals(exercise.signals, MeasuredScene(p, calibration, support=side)), still)
        for side, still in standing.items()
    }


def violates(bound: Bound, value: np.ndarray | float, running: bool) -> np.ndarray | bool:
    """Return whether a value is outside a bound. NaN is outside where a hold is to begin, and inside while one runs."""
    low = bound.exit_low if running and bound.exit_low is not None else bound.low
    high = bound.exit_high if running and bound.exit_high is not None else bound.high
    out = np.isnan(value) & (not running)
    if low is not None:
        out = out | (value < low)
    if high is not None:
        out = out | (value > high)
    return out


def satisfies_exit_bounds(movement: HoldPosture, view: SideView) -> np.ndarray:
    """Return per frame (T,) whether a hold that runs would go on."""
    inside = [~violates(bound, view.signals[bound.signal], True) for bound in movement.bounds]
    return np.logical_and.reduce(inside)


class Stillness:
    """For how long the middles of shoulders and hips have stayed where they are."""

    def __init__(self) -> None:
        self._since: tuple[float, np.ndarray, np.ndarray] | None = None

    def update(self, t_s: float, points_px: np.ndarray) -> float:
        """Take one frame (33, 2) and return the seconds; 0 in the frame that is out of place."""
        anchors = points_px[[11, 12, 23, 24]].reshape(2, 2, 2).mean(axis=1)
        torso = float(np.hypot(*(anchors[0] - anchors[1])))
        if self._since is not None:
            since, low, high = self._since
            low, high = np.minimum(low, anchors), np.maximum(high, anchors)
            if (high - low <= STILL_TORSOS * torso).all():
                self._since = (since, low, high)
                return t_s - since
        self._since = (t_s, anchors, anchors)
        return 0.0


@dataclass(slots=True, frozen=True)
class TimedHold:
    """A hold that is over: start, end, in-form and longest in-form time (s), its side, and what ended it.

    ``ended``: the id of the bound that was broken, ``time`` (the cap), ``unseen``, or None (the pictures ended).
    """

    clocks: tuple[float, float, float, float]
    side: CarryingSide
    ended: str | None


class HoldClock:
    """Runs the clock of a hold from the values of its bounds, one frame at a time.

    ``left_out``: ids of end criteria that are not looked at.
    """

    def __init__(self, movement: HoldPosture, left_out: Collection[str] = ()) -> None:
        self._movement = movement
        self._ends = [bound for bound in movement.termination if bound.id not in left_out]
        self.machine = HoldMachine(movement.enter_s, movement.leave_s, movement.lost_s)
        self.side: CarryingSide = None
        self.last: TimedHold | None = None
        self._since: float | None = None  # the stricter bounds have been met from here on
        self._recent: list[tuple[CarryingSide, dict[str, float]]] = []
        self._start: dict[str, float] = {}
        self._broken: tuple[float, str] | None = None  # an end criterion: since when, and which
        self._left: str | None = None  # the bound that was the first to be left
        self._spent = False  # the hold was ended: a new one begins only after the posture has been left

    @property
    def engaged(self) -> bool:
        """True while a hold runs or may be about to: what it is measured against must not change under it."""
        return self.machine.running or self._since is not None

    def unseen(self, t_s: float) -> bool:
        """Take a frame in which nobody is seen; True when it ends the hold."""
        return self._over(self.machine.update(t_s, False, False, False), "unseen")

    def step(
        self,
        t_s: float,
        values: dict[CarryingSide, dict[str, float]],
        good: dict[CarryingSide, bool],
        carries: CarryingSide,
        still_s: float,
    ) -> bool:
        """Take one frame and return True when it ends the hold, which is then ``last``.

        ``values``: per side, each signal's value; ``carries``: the side that carries the body in this frame;
        ``still_s``: for how long the body has been still.
        """
        if self.machine.running:
            return self._run(t_s, values[self.side], good[self.side])
        self._wait(t_s, values, good, carries, still_s)
        return False

    def finish(self) -> bool:
        """End the hold that runs at its last frame. Returns whether one was running."""
        return self._over(self.machine.stop(), None)

    def _run(self, t_s: float, now: dict[str, float], good: bool) -> bool:
        movement = self._movement
        left = [bound.id for bound in movement.bounds if violates(bound, now[bound.signal], True)]
        broken = [bound.id for bound in self._ends if violates(bound, self._from_start(bound, now), True)]
        self._left = (self._left or left[0]) if left else None
        self._broken = (self._broken or (t_s, broken[0])) if broken else None
        gone = self.machine.update(t_s, True, not left and not broken, good)
        if not gone and self._broken and t_s - self._broken[0] >= movement.end_s - _EPSILON_S:
            gone = self.machine.stop()
        if gone:
            self._spent = self._broken is not None
            return self._over(True, self._left or (self._broken[1] if self._broken else "unseen"))
        if movement.cap_s is not None and self.machine.end_s - self.machine.start_s >= movement.cap_s:
            self._spent = True
            return self._over(self.machine.stop(movement.cap_s), "time")
        return False

    def _from_start(self, bound: Bound, now: dict[str, float]) -> float:
        return now[bound.signal] - (self._start[bound.id] if bound.reference == "start" else 0.0)

    def _wait(self, t_s: float, values: dict, good: dict, carries: CarryingSide, still_s: float) -> None:
        machine, bounds = self.machine, self._movement.bounds
        if self._spent:
            self._spent = not violates(bounds[0], values[self.side][bounds[0].signal], True)
        side = carries if self._since is None else self.side
        now = values[side]
        within = not any(violates(bound, now[bound.signal], True) for bound in bounds)
        begins = within and not any(violates(bound, now[bound.signal], False) for bound in bounds)
        moved = still_s == 0.0 and self._movement.still_s > 0
        if not begins or moved or self._spent:
            self._since, self._recent = None, []
            machine.begin_anew(t_s - _BACK_S if within and not moved and not self._spent else np.inf)
        if self._spent:
            machine.update(t_s, True, False, True)
            return
        if begins and self._since is None:
            self._since, self.side = t_s, side
        if begins:
            self._recent.append((carries, now))
        ready = (
            self._since is not None
            and t_s - self._since >= self._movement.enter_s - _EPSILON_S
            and still_s >= self._movement.still_s
        )
        machine.update(t_s, True, within, good[side], ready)
        if machine.running:
            self._begin()

    def _begin(self) -> None:
        """Fix what the hold that begins is measured against: its side, and each bound's value as it began."""
        said = [side for side, _ in self._recent]
        self.side = max(set(said), key=lambda side: (said.count(side), str(side)))
        self._start = {
            bound.id: _median([now[bound.signal] for _, now in self._recent])
            for bound in self._movement.termination
            if bound.reference == "start"
        }
        self._since, self._recent, self._broken, self._left = None, [], None, None

    def _over(self, ended: bool, why: str | None) -> bool:
        if ended:
            self.last = TimedHold(self.machine.clocks(), self.side, why)
            self._since, self._recent = None, []
        return ended


class BoundedHoldTracker:
    """Follows a hold from causal landmarks, live: its clocks, and what is broken now."""

    def __init__(self, exercise: Exercise, side: str, prescription: Prescription | None) -> None:
        self._exercise = exercise
        # Where the posture tells the sides apart, a prescribed side says nothing of the nearer one.
        self._side = "auto" if exercise.movement.carried_by else side
        self._near = None if self._side == "auto" else side
        self._levels = FrameLevels(exercise, prescription)
        self.clock = HoldClock(exercise.movement, left_out_ends(exercise, prescription))
        self._still = Stillness()
        self._total_s = self._in_form_s = 0.0
        self.near = self._near or "left"
        self.calibrations: list[Calibration] = []
        self._measured: tuple[Calibration, dict] | None = None
        self.forget_place()

    @property
    def machine(self) -> HoldMachine:
        return self.clock.machine

    @property
    def support(self) -> CarryingSide:
        return self.clock.side

    def forget_place(self) -> None:
        """A new person, or a new place: the calibration goes."""
        self._calibrator = Calibrator(self._side, split=False, level=self._exercise.movement.carried_by == "ankle")

    @property
    def totals_s(self) -> tuple[float, float]:
        """Return total and in-form time of the holds that are over."""
        return self._total_s, self._in_form_s

    def update(self, t_s: float, points_px: np.ndarray | None, size_px: tuple[int, int]) -> dict[str, int]:
        """Take one frame (causal landmarks (33, 2), None = not seen). Returns rule id → severity of what is broken now."""
        if points_px is None:
            self._add(self.clock.unseen(t_s))
            return {}
        calibration = self._calibration(t_s, points_px, size_px)
        if calibration is None or not seen_from(self._exercise, calibration):
            self._add(self.clock.unseen(t_s))
            return {}
        self.near = calibration.near
        p = points_px[None].astype(float)
        carries = None
        if self._exercise.movement.carried_by:
            carries = "left" if carried_on_left(p, self._exercise.movement)[0] else "right"
        wanted = {carries, self.clock.side or carries}
        standing = {side: values for side, values in self._standing(calibration).items() if side in wanted}
        views = measure_sides(self._exercise, p, calibration, standing)
        values = {side: {name: float(x[0]) for name, x in view.signals.items()} for side, view in views.items()}
        shown = self.clock.side if self.machine.running else carries
        levels = self._levels.update(values[shown], views[shown].standing, calibration)
        good = 2 not in levels.values()
        still_s = self._still.update(t_s, points_px.astype(float))
        self._add(self.clock.step(t_s, values, dict.fromkeys(views, good), carries, still_s))
        return levels if self.machine.running else {}

    def _standing(self, calibration: Calibration) -> dict[CarryingSide, dict[str, float]]:
        if self._measured is None or self._measured[0] is not calibration or calibration.source == "none":
            self._measured = calibration, standing_values(self._exercise, calibration)
        return self._measured[1]

    def _calibration(self, t_s: float, points_px: np.ndarray, size_px: tuple[int, int]) -> Calibration | None:
        if self._exercise.movement.reference_posture != "standing":
            return own_calibration(self._exercise, points_px, (t_s, t_s), self._near)
        if not self.clock.engaged or self._calibrator.current is None:
            held = self.clock.last is not None and self._calibrator.current is not None
            locked = held and self._calibrator.current.source == "standing"
            new = self._calibrator.update(t_s, points_px, size_px, locked)
            if new is not None:
                self.calibrations.append(new)
        return self._calibrator.current

    def _add(self, ended: bool) -> None:
        if ended:
            start_s, end_s, in_form_s, _ = self.clock.last.clocks
            self._total_s += end_s - start_s
            self._in_form_s += in_form_s


def _median(values: list[float]) -> float:
    """Return the median of what is known; NaN where nothing is."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.median(known)) if known else np.nan


def seen_from(exercise: Exercise, calibration: Calibration) -> bool:
    """Return whether a hold can be told from where the camera stands; a posture measured against itself tells its own view."""
    return calibration.source == "none" or calibration.label in exercise.views


def azimuth_of_lying(support: CarryingSide, calibration: Calibration) -> float:
    """Return 0 for a body on its side whose chest is towards the camera, 180 for its back."""
    return 0.0 if (support == "left") == (calibration.facing > 0) else 180.0
