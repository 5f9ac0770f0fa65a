"""Is a hold in good form? Each rule's level, frame by frame: what stops the in-form clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.evaluate import condition_limits, reference_value
from formcheck.spec.prescription import Prescription, unassessable

if TYPE_CHECKING:
    from formcheck.spec.exercise import Exercise, Rule

BREAK_AFTER_S = 0.5
"""The in-form clock stops when a fault has lasted this long, back-dated to its first frame."""
_BACK = {"deg": 3.0, "ratio": 0.03}  # hysteresis of the way back into good form (clinical-rules 1.3 for degrees)


def rule_level(
    rule: Rule, values: dict[str, float], standing: dict[str, float], prescription: Prescription | None, broken: bool
) -> int:
    """Return 0, 1 or 2 for one rule of a hold in one frame; a condition without its reference, or NaN, is 0.

    ``standing``: each signal's value in the standing calibration; ``broken``: the rule was at 2, so it must come back by more than
    the limit.
    """
    level = 0
    for i, condition in enumerate(rule.conditions):
        reference = reference_value(condition, standing.get(condition.signal), prescription)
        if reference is None and condition.unprescribed is None:
            continue
        t1, t2 = condition_limits(condition, i == 0, rule.id, reference, prescription)
        sign = 1.0 if condition.fault_when == "above" else -1.0
        value = values[condition.signal]
        value = sign * (abs(value - reference) if condition.two_sided else value)
        back = _BACK.get(condition.unit or rule.unit, 0.0) if broken else 0.0
        level = max(level, 2 if value > sign * t2 - back else 1 if value > sign * t1 else 0)
    return min(level, rule.max_severity)


def judged_rules(exercise: Exercise, prescription: Prescription | None) -> list[Rule]:
    """Return the rules that may break a hold's form: not those turned off, nor those that the surface hides."""
    off = {key for key, setting in prescription.rules.items() if not setting.enabled} if prescription else set()
    off |= unassessable(exercise, prescription)
    return [rule for rule in exercise.rules if rule.id not in off]


class FrameLevels:
    """The level of every rule in the newest frame, with its hysteresis."""

    def __init__(self, exercise: Exercise, prescription: Prescription | None) -> None:
        self._rules, self._prescription = judged_rules(exercise, prescription), prescription
        self._broken: dict[str, bool] = {}

    def update(self, values: dict[str, float], standing: dict[str, float]) -> dict[str, int]:
        """Take one frame's signals and return rule id → severity of what is broken in it."""
        levels = {}
        for rule in self._rules:
            level = rule_level(rule, values, standing, self._prescription, self._broken.get(rule.id, False))
            self._broken[rule.id] = level == 2
            if level:
                levels[rule.id] = level
        return levels


def good_frames(
    exercise: Exercise,
    t_s: np.ndarray,
    signals: dict[str, np.ndarray],
    standing: dict[str, float],
    prescription: Prescription | None,
    posture: np.ndarray,
) -> np.ndarray:
    """Return per frame (T,) whether no fault that lasts is there. ``posture`` (T,): the frames to look at."""
    good = np.ones(len(t_s), bool)
    for rule in judged_rules(exercise, prescription):
        good &= ~_lasting(t_s, _broken_frames(rule, signals, standing, prescription, posture))
    return good


def _broken_frames(rule: Rule, signals, standing, prescription, posture: np.ndarray) -> np.ndarray:
    broken = np.zeros(len(posture), bool)
    names = [condition.signal for condition in rule.conditions]
    state = False
    for i in np.flatnonzero(posture):
        values = {name: float(signals[name][i]) for name in names}
        state = rule_level(rule, values, standing, prescription, state) == 2
        broken[i] = state
    return broken


def _lasting(t_s: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Return ``flags`` without the runs that are shorter than ``BREAK_AFTER_S``."""
    out = np.zeros(len(flags), bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        if t_s[b - 1] - t_s[a] >= BREAK_AFTER_S - 1e-9:
            out[a:b] = True
    return out
