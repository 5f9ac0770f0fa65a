"""Which rules kept a repetition of full size from being counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formcheck.model.records import Rep
    from formcheck.spec.exercise import Exercise


def kept_out_by(rep: Rep, exercise: Exercise) -> list[str]:
    """Return the rules that invalidated a repetition of full size, such as arms used in a test.

    Parameters
    ----------
    rep : Rep
    exercise : Exercise

    Returns
    -------
    list of str
    """
    movement = exercise.movement
    if rep.counted or movement.kind != "rep_cycle":
        return []
    back = None if movement.back_within_deg is None else movement.return_measure
    void = {rule.id for rule in exercise.rules if rule.invalidates}
    not_back = {rule.id for rule in exercise.rules if any(one.signal == back for one in rule.conditions)}
    return [one.rule for one in rep.faults if one.rule in not_back or (one.rule in void and one.severity == 2)]
