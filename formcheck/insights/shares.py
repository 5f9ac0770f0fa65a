"""Three shares in place of one opaque score: range, alignment, control (clinical-rules 2).

Each is the share of the counted repetitions, or of the hold time, that had no point to correct of its rules. Hints do not
count against it, and what was not assessed is left out of it: a share of nothing is None, never 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from formcheck.model.corrections import point_rules
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from formcheck.model.records import Hold, Rep, SetRecord
    from formcheck.spec.exercise import Condition, Exercise, Rule

Group = Literal["range", "alignment", "control"]
GROUPS: tuple[Group, ...] = ("range", "alignment", "control")

_OF_PRIORITY: dict[str, Group] = {
    "depth": "range",
    "alignment": "alignment",
    "trunk": "alignment",
    "tempo": "control",
    "safety": "control",
}
_DEPTH_REFERENCES = ("target_depth", "depth_cap")
_UNSTEADY = "_reversals"
"""Ending of a measure that counts changes of direction. Unsteadiness belongs to control."""


@dataclass(slots=True, frozen=True)
class Share:
    """One of the three shares.

    Attributes
    ----------
    group : Group
        Range, alignment or control.
    value : float or None
        The share (0..1); None where no rule of the group was judged.
    judged, good : tuple of int
        Indices of the judged repetitions or holds, and of those without a point to correct.
    rules : tuple of str
        The rules that were judged.
    good_s, judged_s : float or None
        Seconds of holds; None for repetitions.
    """

    group: Group
    value: float | None
    judged: tuple[int, ...] = ()
    good: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()
    good_s: float | None = None
    judged_s: float | None = None

    @property
    def not_good(self) -> tuple[int, ...]:
        """Indices of the judged repetitions or holds with a point to correct."""
        return tuple(index for index in self.judged if index not in self.good)


def group_of(rule: Rule) -> Group:
    """Find the share that a rule belongs to, by its priority and its signals.

    Parameters
    ----------
    rule : Rule
        The rule.

    Returns
    -------
    Group
        Range, alignment or control.
    """
    if any(condition.reference in _DEPTH_REFERENCES for condition in rule.conditions):
        return "range"
    if any(condition.signal.endswith(_UNSTEADY) for condition in rule.conditions):
        return "control"
    return _OF_PRIORITY[rule.priority]


def shares(record: SetRecord, exercise: Exercise) -> tuple[Share, ...]:
    """Compute range, alignment and control of a set, in this order. Partial repetitions are left out.

    A rule that can only give hints (no fault limit here) is no part of a share, since it could not lower it. The clock of good
    form does not tell rules apart in a hold. The time that it lost counts against every group with a point to correct or,
    without one, against every judged group. A share is therefore never too high.

    Parameters
    ----------
    record : SetRecord
        The set.
    exercise : Exercise
        Its exercise.

    Returns
    -------
    tuple of Share
        The three shares.
    """
    given = Prescription.model_validate(record.prescription) if record.prescription else None
    groups = {rule.id: group_of(rule) for rule in exercise.rules if _can_be_a_point(rule, given)}
    if record.holds:
        return tuple(_of_holds(group, record.holds, groups) for group in GROUPS)
    counted = [rep for rep in record.reps if rep.counted]
    return tuple(_of_reps(group, counted, groups) for group in GROUPS)


def _can_be_a_point(rule: Rule, given: Prescription | None) -> bool:
    """Return whether the rule has a fault limit here: hints alone cannot lower a share."""
    reachable = [_has_second_limit(condition, given) for condition in rule.conditions]
    return rule.max_severity == 2 and (all(reachable) if rule.combine == "all" else any(reachable))


def _has_second_limit(condition: Condition, given: Prescription | None) -> bool:
    if condition.unprescribed is None or condition.unprescribed[1] is not None:
        return True
    return condition.reference == "eccentric_s" and given is not None and given.tempo is not None


def _judged(unit: Rep | Hold, group: Group, groups: dict[str, Group]) -> list[str]:
    return [v.rule for v in unit.verdicts if v.outcome != "not_assessed" and groups.get(v.rule) == group]


def _of_reps(group: Group, reps: list[Rep], groups: dict[str, Group]) -> Share:
    judged = [rep for rep in reps if _judged(rep, group, groups)]
    good = [rep for rep in judged if not any(groups.get(rule) == group for rule in point_rules(rep))]
    return Share(
        group,
        len(good) / len(judged) if judged else None,
        tuple(rep.index for rep in judged),
        tuple(rep.index for rep in good),
        _rules(judged, group, groups),
    )


def _of_holds(group: Group, holds: list[Hold], groups: dict[str, Group]) -> Share:
    judged = [hold for hold in holds if _judged(hold, group, groups)]
    judged_s = good_s = 0.0
    good = []
    for hold in judged:
        faulty = {groups[rule] for rule in point_rules(hold) if rule in groups}
        total_s = hold.end_s - hold.start_s
        judged_s += total_s
        good_s += hold.in_form_s if group in faulty or not faulty else total_s
        if group not in faulty:
            good.append(hold.index)
    return Share(
        group,
        min(good_s / judged_s, 1.0) if judged_s > 0 else None,
        tuple(hold.index for hold in judged),
        tuple(good),
        _rules(judged, group, groups),
        good_s if judged else None,
        judged_s if judged else None,
    )


def _rules(judged: list[Rep] | list[Hold], group: Group, groups: dict[str, Group]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule for unit in judged for rule in _judged(unit, group, groups)))
