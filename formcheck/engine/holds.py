"""Following a hold: the posture, the form and the clocks; frame by frame for what is shown, whole series for the record."""

from __future__ import annotations

import numpy as np

from formcheck.engine import gates
from formcheck.engine.measure import Calibration, Scene, measure_signals
from formcheck.engine.phases import HoldMachine
from formcheck.engine.repetition import Landmarks
from formcheck.engine.rules import Stretch, condition_limits
from formcheck.programme import Prescription
from formcheck.spec import Exercise

_BREAK_AFTER_S = 0.5  # the in-form clock stops when a fault has lasted this long, back-dated to its first frame
_BACK_DEG = 3.0  # hysteresis of the way back into good form (clinical-rules 1.3)


class HoldFollower:
    """Runs the hold clocks from the landmarks of a person lying, seen from the side."""

    def __init__(self, exercise: Exercise, side: str, prescription: Prescription | None) -> None:
        self._exercise, self._prescription = exercise, prescription
        self._near = None if side == "auto" else side
        self.near = self._near or "left"
        movement = exercise.movement
        self.machine = HoldMachine(movement.enter_s, movement.leave_s, movement.lost_s)
        self._total_s = self._in_form_s = 0.0
        self._broken: dict[str, bool] = {}
        self._still_since: tuple[float, float, float] | None = None

    @property
    def phase(self) -> str:
        return "hold" if self.machine.running else "waiting"

    def clocks_s(self) -> tuple[float, float]:
        """Return total and in-form time so far."""
        running = self.machine.running
        total = self._total_s + (self.machine.end_s - self.machine.start_s if running else 0.0)
        return total, self._in_form_s + (self.machine.in_form_s if running else 0.0)

    def update(self, t_s: float, points_px: np.ndarray | None) -> dict[str, int]:
        """Take one frame (causal landmarks (33, 2), None = not seen). Returns rule id → severity of what is broken now."""
        if points_px is None:
            self._end_if(self.machine.update(t_s, False, False, False))
            return {}
        calibration = lying_calibration(points_px, t_s, t_s, self._near)
        self.near = calibration.near
        begins, goes_on, forearm = (
            bool(flag[0]) for flag in gates.front_plank(points_px[None].astype(float), calibration)
        )
        posture = goes_on if self.machine.running else begins
        movement = self._exercise.movement
        ready = posture and self._still_for_s(t_s, points_px, calibration) >= (
            movement.enter_s if forearm else movement.still_s
        )
        if not posture:
            self._still_since = None
        signals = measure_signals(self._exercise.signals, Scene(points_px[None].astype(float), calibration))
        levels = {}
        for rule in self._exercise.rules:
            level = rule_level(
                rule, {k: float(v[0]) for k, v in signals.items()}, self._prescription, self._broken.get(rule.id, False)
            )
            self._broken[rule.id] = level == 2
            if level and posture:
                levels[rule.id] = level
        self._end_if(self.machine.update(t_s, True, posture, 2 not in levels.values(), ready))
        return levels

    def _still_for_s(self, t_s: float, p: np.ndarray, calibration: Calibration) -> float:
        """Return for how long the shoulder has hardly risen or fallen: the top of a push-up is no plank."""
        shoulder_y = float(p[11 if calibration.near == "left" else 12, 1])
        scale = calibration.length_px("torso")
        if self._still_since is not None:
            since, low, high = self._still_since
            low, high = min(low, shoulder_y), max(high, shoulder_y)
            if high - low <= gates.STILL_TORSOS * scale:
                self._still_since = (since, low, high)
                return t_s - since
        self._still_since = (t_s, shoulder_y, shoulder_y)
        self.machine.begin_anew()
        return 0.0

    def _end_if(self, ended: bool) -> None:
        if ended:
            self._total_s += self.machine.end_s - self.machine.start_s
            self._in_form_s += self.machine.in_form_s


def lying_calibration(points_px: np.ndarray, start_s: float, end_s: float, near: str | None) -> Calibration:
    """Return the calibration of a floor exercise: only which side is nearer and which way the body points."""
    return Calibration.from_points("none", (start_s, end_s), np.asarray(points_px, dtype=float), near)


def rule_level(rule, values: dict[str, float], prescription: Prescription | None, broken: bool) -> int:
    """Return 0, 1 or 2 for one rule of a hold in one frame; ``broken``: it was at 2, so it must come back by 3 deg."""
    level = 0
    for i, condition in enumerate(rule.conditions):
        t1, t2 = condition_limits(condition, i == 0, rule.id, 0.0, prescription)
        sign = 1.0 if condition.fault_when == "above" else -1.0
        value = sign * values[condition.signal]
        level = max(level, 2 if value > sign * t2 - (_BACK_DEG if broken else 0.0) else 1 if value > sign * t1 else 0)
    return min(level, rule.max_severity)


class RecordedHold:
    """One hold of the record: clocks, and the stretch that rules look at."""

    def __init__(self, clocks: tuple[float, float, float, float], stretch: Stretch) -> None:
        self.start_s, self.end_s, self.in_form_s, self.longest_in_form_s = clocks
        self.stretch = stretch


def find_holds(
    exercise: Exercise, landmarks: Landmarks, calibration: Calibration, prescription: Prescription | None
) -> list[RecordedHold]:
    """Find every hold in a whole set of zero-lag landmarks and run its clocks."""
    t, p = landmarks.t_s, landmarks.points_px
    seen = landmarks.ok & ~np.isnan(p[:, 23, 0])
    begins, goes_on, forearm = gates.front_plank(p, calibration)
    movement = exercise.movement
    on_forearms, on_hands = (gates.trunk_still(t, p, calibration.near, s) for s in (movement.enter_s, movement.still_s))
    begins &= np.where(forearm, on_forearms, on_hands)
    signals = measure_signals(exercise.signals, Scene(p, calibration))
    good = np.ones(len(t), bool)
    for rule in exercise.rules:
        good &= ~_lasting(t, _broken_frames(rule, signals, prescription, goes_on), _BREAK_AFTER_S)
    machine, holds = HoldMachine(movement.enter_s, movement.leave_s, movement.lost_s), []
    for i in range(len(t)):
        posture = goes_on[i] if machine.running else begins[i]
        if machine.update(float(t[i]), bool(seen[i]), bool(posture), bool(good[i])):
            holds.append(machine.clocks())
    if machine.stop():
        holds.append(machine.clocks())
    return [RecordedHold(clocks, _stretch(landmarks, signals, goes_on, calibration, clocks)) for clocks in holds]


def _broken_frames(rule, signals: dict[str, np.ndarray], prescription, posture: np.ndarray) -> np.ndarray:
    broken = np.zeros(len(posture), bool)
    names = [condition.signal for condition in rule.conditions]
    state = False
    for i in np.flatnonzero(posture):
        state = rule_level(rule, {name: float(signals[name][i]) for name in names}, prescription, state) == 2
        broken[i] = state
    return broken


def _lasting(t_s: np.ndarray, flags: np.ndarray, at_least_s: float) -> np.ndarray:
    """Return ``flags`` without the runs that are shorter than ``at_least_s``."""
    out = np.zeros(len(flags), bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        if t_s[b - 1] - t_s[a] >= at_least_s - 1e-9:
            out[a:b] = True
    return out


def _stretch(landmarks: Landmarks, signals, posture: np.ndarray, calibration: Calibration, clocks) -> Stretch:
    t = landmarks.t_s
    mask = posture & (t >= clocks[0] - 1e-9) & (t <= clocks[1] + 1e-9)
    part = {name: series[mask] for name, series in signals.items()}
    measures = {f"{name}_deg": float(np.nanmedian(series)) for name, series in part.items()}
    return Stretch(
        t[mask], part, {}, landmarks.visibility[mask], landmarks.inside[mask], "side", {"hold": np.ones(mask.sum(), bool)},
        measures, near=calibration.near,
    )  # fmt: skip
