"""Judges a repetition while it still runs, by faults that can only get worse, so that every cue stays true.

A cue comes while it can still help, and only when the record will hold the fault. The repetition so far is measured and judged
by the same functions as when it is over, and the fault must be beyond the limit by more than its uncertainty. Values that may still
change wait for the end: measures of the whole repetition (tempo, reversals), rules that ask for more, and all of a landing,
which is one only when the feet stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.conditions import AppliedRule, SeverityLevel, limits_depth
from formcheck.engine.judging.evaluate import judge
from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.engine.tracking.repetition import AROUND_TURN_S, MeasuredRep, standing_values
from formcheck.spec.movement import RepCycle
from formcheck.spec.signals import Difference, Signal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from formcheck.engine.signals.calibration import Calibration
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.prescription import Prescription
    from formcheck.spec.rules import Rule

_LOOKS_EVERY_S = 0.1
"""How often the newest frame is judged while nothing is suspected. Default."""
_EPSILON_S = 1e-6


def is_irreversible(exercise: Exercise, rule: Rule) -> bool:
    """Return whether a rule can be broken for certain before the repetition is over.

    Parameters
    ----------
    exercise : Exercise
    rule : Rule
        One of the exercise's.

    Returns
    -------
    bool
    """
    movement = exercise.movement
    stays = [condition.statistic != "measure" for condition in rule.conditions]
    known = all(stays) if rule.combine == "all" else any(stays)
    return known and not rule.demands_more and isinstance(movement, RepCycle) and movement.settle_s is None


class InProgressJudge:
    """Judges the repetition that runs.

    Parameters
    ----------
    exercise : Exercise
    rules : collection of Rule
        Those whose cue may be said.
    """

    def __init__(self, exercise: Exercise, rules: Collection[Rule]) -> None:
        self._exercise = exercise
        self._rules = [rule for rule in rules if is_irreversible(exercise, rule)]
        self._looked_s, self._suspected = -np.inf, False
        self._applied: list[AppliedRule] = []
        self._signals: dict[str, Signal] = {}
        self._against: tuple[Calibration, frozenset[str], Prescription | None] | None = None

    def suspects(
        self, t_s: float, scene: MeasuredScene, unseen: Collection[str], prescription: Prescription | None
    ) -> list[Rule]:
        """Return the rules that the newest frame breaks by more than their uncertainty.

        This is a cheap look, ten times a second, and at every frame while any rule is suspected.

        Parameters
        ----------
        t_s : float
        scene : MeasuredScene
            The newest frame (1, 33, 2).
        unseen : collection of str
            Rules that cannot be judged from here.
        prescription : Prescription or None

        Returns
        -------
        list of Rule
        """
        if t_s - self._looked_s < _LOOKS_EVERY_S - _EPSILON_S and not self._suspected:
            return []
        self._looked_s = t_s
        self._apply(scene.calibration, frozenset(unseen), prescription)
        values = {name: float(x[0]) for name, x in measure_signals(self._signals, scene).items()}
        found = [one.rule for one in self._applied if _is_broken_for_certain(one, values)]
        self._suspected = bool(found)
        return found

    def _apply(self, calibration: Calibration, unseen: frozenset[str], prescription: Prescription | None) -> None:
        """Prepare the limits that apply, when what they depend on has changed."""
        before = self._against
        if before is not None and before[0] is calibration and before[1:] == (unseen, prescription):
            return
        self._against = calibration, unseen, prescription
        standing = standing_values(self._exercise, calibration, None)
        rules = [rule for rule in self._rules if rule.id not in unseen]
        label, azimuth_deg, main = calibration.label, calibration.azimuth_deg, self._exercise.movement.main_signal
        self._applied = [AppliedRule(rule, prescription, standing, label, azimuth_deg, main) for rule in rules]
        self._signals = _signals(self._exercise, rules)

    def faults(
        self, rules: Collection[Rule], running_repetition: MeasuredRep, prescription: Prescription | None
    ) -> dict[str, SeverityLevel]:
        """Return which of these rules the repetition so far breaks for certain.

        Parameters
        ----------
        rules : collection of Rule
            The suspected ones.
        running_repetition : MeasuredRep
            The repetition, measured as if it ended now. Its measures are cleared: of the whole they are not known yet.
        prescription : Prescription or None

        Returns
        -------
        dict
            The severity of each.
        """
        interval = running_repetition.interval
        interval.measures = {}
        turned = interval.t_s[-1] - running_repetition.turn_s >= AROUND_TURN_S - _EPSILON_S
        broken: dict[str, SeverityLevel] = {}
        for rule in rules:
            at_turn = any(condition.statistic == "turn_median" for condition in rule.conditions)
            fault = None if at_turn and not turned else judge(rule, interval, prescription)[1]
            if fault is not None and fault.severity == rule.max_severity and not fault.borderline:
                broken[rule.id] = fault.severity
        return broken


def _is_broken_for_certain(applied: AppliedRule, values: Mapping[str, float]) -> bool:
    return applied.frame_level(values, beyond_uncertainty=True) == applied.rule.max_severity


def _signals(exercise: Exercise, rules: Collection[Rule]) -> dict[str, Signal]:
    """Return the signals that these rules are judged on, and those that they are made of."""
    judged = [condition for rule in rules for condition in rule.conditions if condition.statistic != "measure"]
    names = {condition.signal for condition in judged}
    if any(limits_depth(condition) for condition in judged):
        names.add(exercise.movement.main_signal)
    specs = [exercise.signals[name] for name in names]
    names |= {part for spec in specs if isinstance(spec, Difference) for part in (spec.a, spec.b)}
    return {name: spec for name, spec in exercise.signals.items() if name in names}
