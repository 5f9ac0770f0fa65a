"""All rules of an exercise on one repetition or hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.engine.judging.evaluate import judge
from formcheck.spec.prescription import Prescription, unassessable

if TYPE_CHECKING:
    from formcheck.engine.judging.interval import JudgedInterval
    from formcheck.model.records import Fault, Verdict
    from formcheck.spec.exercise import Exercise


def judge_all(
    exercise: Exercise, interval: JudgedInterval, prescription: Prescription | None
) -> tuple[list[Verdict], list[Fault]]:
    """Judge every rule of an exercise.

    Parameters
    ----------
    exercise : Exercise
    interval : JudgedInterval
        The repetition or hold. The rules that the surface hides are noted in it.
    prescription : Prescription or None

    Returns
    -------
    tuple of two lists
        One verdict for each rule, and the faults.
    """
    interval.hidden = unassessable(exercise, prescription)
    judged = [judge(rule, interval, prescription) for rule in exercise.rules]
    return [verdict for verdict, _ in judged], [fault for _, fault in judged if fault is not None]
