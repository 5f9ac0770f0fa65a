"""What is known of a repetition while it still runs: faults that can only get worse, so that what is said of them stays true.

A cue comes while it can still help, and only when the record will hold the fault: the repetition so far is measured and judged by
the same functions as when it is over, and the fault must be beyond the limit by more than its uncertainty. What may still change
is left for the end: measures of the whole repetition (tempo, reversals), whatever asks for more, and all of a landing, which is
one only when the feet stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.evaluate import condition_limits, judge, reference_value, uncertainty_of
from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.engine.tracking.repetition import AROUND_TURN_S, MeasuredRep, standing_values
from formcheck.spec.exercise import Condition, Difference, Exercise, Rule, Signal

if TYPE_CHECKING:
    from collections.abc import Collection

    from formcheck.spec.prescription import Prescription

_LOOKS_EVERY_S = 0.1
_EPSILON_S = 1e-6


def is_irreversible(exercise: Exercise, rule: Rule) -> bool:
    """Return whether a rule can be broken for certain before the repetition is over."""
    stays = [condition.statistic != "measure" for condition in rule.conditions]
    told = all(stays) if rule.combine == "all" else any(stays)
    return told and not rule.demands_more and exercise.movement.settle_s is None


class InProgressJudge:
    """Judges the repetition that runs. ``rules``: those whose cue may be said."""

    def __init__(self, exercise: Exercise, rules: Collection[Rule]) -> None:
        self._exercise = exercise
        self._rules = [rule for rule in rules if is_irreversible(exercise, rule)]
        self._looked_s, self._suspected = -np.inf, False
        self._seen: list[Rule] = []
        self._signals: dict[str, Signal] = {}
        self._standing: tuple[MeasuredScene, dict[str, float]] | None = None

    def suspects(
        self, t_s: float, scene: MeasuredScene, unseen: Collection[str], prescription: Prescription | None
    ) -> list[Rule]:
        """Return the rules that the newest frame breaks by more than their uncertainty: a cheap look, ten times a second, and at
        every frame while there are any.

        ``scene``: the newest frame (1, 33, 2); ``unseen``: rules that cannot be judged from here.
        """
        if t_s - self._looked_s < _LOOKS_EVERY_S - _EPSILON_S and not self._suspected:
            return []
        self._looked_s = t_s
        rules = [rule for rule in self._rules if rule.id not in unseen]
        if rules != self._seen:
            self._seen, self._signals = rules, _signals(self._exercise, rules)
        values = {name: float(x[0]) for name, x in measure_signals(self._signals, scene).items()}
        if self._standing is None or self._standing[0] is not scene.calibration:
            self._standing = scene.calibration, standing_values(self._exercise, scene.calibration, None)
        found = [rule for rule in rules if self._beyond(rule, values, scene.calibration.label, prescription)]
        self._suspected = bool(found)
        return found

    def _beyond(self, rule: Rule, values: dict[str, float], view: str, prescription: Prescription | None) -> bool:
        def one(i: int, condition: Condition) -> bool:
            reference = reference_value(condition, self._standing[1].get(condition.signal), prescription)
            if condition.statistic == "measure" or (reference is None and condition.unprescribed is None):
                return False
            flexion = values.get("knee_flexion", np.nan)
            if (condition.min_knee_flexion_deg or -np.inf) > flexion or (
                condition.max_knee_flexion_deg or np.inf
            ) < flexion:
                return False
            limit = condition_limits(condition, i == 0, rule.id, reference, prescription)[rule.max_severity - 1]
            value = values[condition.signal]
            over = abs(value - reference) - limit if condition.two_sided else value - limit
            return (over if condition.fault_when == "above" else -over) > uncertainty_of(rule, condition, view)

        return (all if rule.combine == "all" else any)(one(i, condition) for i, condition in enumerate(rule.conditions))

    def faults(
        self, rules: Collection[Rule], running_repetition: MeasuredRep, prescription: Prescription | None
    ) -> dict[str, int]:
        """Return which of these rules the repetition so far breaks for certain, with their severity."""
        interval = running_repetition.interval
        interval.measures = {}  # of the whole repetition, so not known yet
        turned = interval.t_s[-1] - running_repetition.turn_s >= AROUND_TURN_S - _EPSILON_S
        broken = {}
        for rule in rules:
            at_turn = any(condition.statistic == "turn_median" for condition in rule.conditions)
            fault = None if at_turn and not turned else judge(rule, interval, prescription)[1]
            if fault is not None and fault.severity == rule.max_severity and not fault.borderline:
                broken[rule.id] = fault.severity
        return broken


def _signals(exercise: Exercise, rules: Collection[Rule]) -> dict[str, Signal]:
    """Return the signals that these rules look at, and what those are made of."""
    looked = [condition for rule in rules for condition in rule.conditions if condition.statistic != "measure"]
    names = {condition.signal for condition in looked}
    if any(condition.min_knee_flexion_deg or condition.max_knee_flexion_deg for condition in looked):
        names.add("knee_flexion")
    kinds = [exercise.signals[name] for name in names]
    names |= {part for spec in kinds if isinstance(spec, Difference) for part in (spec.a, spec.b)}
    return {name: spec for name, spec in exercise.signals.items() if name in names}
