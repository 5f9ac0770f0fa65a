"""A prescription in words: the exercise, the amount and the manner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.i18n.numbers import number
from formcheck.spec.levels import LEVELS

if TYPE_CHECKING:
    from formcheck.i18n import Translator
    from formcheck.programmes.programme import Criterion
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.prescription import Prescription


@dataclass(slots=True, frozen=True)
class PrescriptionWords:
    """A prescription in words.

    Attributes
    ----------
    name : str
        The exercise.
    level : str or None
        Its level; None without one.
    amount : str
        Sets and repetitions or seconds.
    how : tuple of str
        Side, support, load, depth, tempo and rest.
    """

    name: str
    level: str | None
    amount: str
    how: tuple[str, ...]


def prescription_words(prescription: Prescription, t: Translator) -> PrescriptionWords:
    """Put a prescription into words.

    Parameters
    ----------
    prescription : Prescription
        The prescription.
    t : Translator
        The language.

    Returns
    -------
    PrescriptionWords
        The words.
    """
    exercise, level = exercises.load(prescription.exercise), LEVELS.get(prescription.level or "")
    return PrescriptionWords(
        exercise.name[t.language],
        None if level is None else level.name[t.language],
        amount(prescription, exercise, t),
        tuple(_how(prescription, t)),
    )


def amount(prescription: Prescription, exercise: Exercise, t: Translator) -> str:
    """Say the number of sets and the repetitions or seconds of each.

    Parameters
    ----------
    prescription : Prescription
        The prescription.
    exercise : Exercise
        Its exercise.
    t : Translator
        The language.

    Returns
    -------
    str
        The amount in words.
    """
    clock_s = getattr(exercise.movement, "clock_s", None)
    sets = t("plan.sets", n=prescription.sets or 1)
    if clock_s is not None or prescription.hold_s is not None:
        return t("plan.of_seconds", sets=sets, n=number(clock_s or prescription.hold_s, t.language))
    if prescription.repetitions is not None:
        return t("plan.of_repetitions", sets=sets, n=prescription.repetitions)
    return sets


def support(prescription: Prescription, t: Translator) -> str | None:
    """Say what the person holds on to, or what stands within reach.

    Parameters
    ----------
    prescription : Prescription
        The prescription.
    t : Translator
        The language.

    Returns
    -------
    str or None
        The words; None where the prescription has no support.
    """
    level = LEVELS.get(prescription.level or "")
    if prescription.support not in (None, "none"):
        return t(f"plan.support.{prescription.support}")
    if level is not None and level.in_reach is not None:
        return t(f"plan.in_reach.{level.in_reach}")
    return None


def _seated(given: Prescription) -> bool:
    """Return whether a chair sets the depth."""
    return getattr(exercises.load(given.exercise).movement, "movement_pattern", None) == "seat"


def _how(given: Prescription, t: Translator) -> list[str]:
    level = LEVELS.get(given.level or "")
    parts = [
        t(f"plan.side.{given.side}") if given.side else None,
        support(given, t),
        t(f"plan.eyes.{given.eyes}") if given.eyes == "closed" else None,
        t("plan.load", value=_plain(given.load_kg, t)) if given.load_kg else None,
    ]
    if given.target_depth_deg is not None and (level is None or level.target_depth_deg != given.target_depth_deg):
        parts.append(t("plan.depth", value=_plain(given.target_depth_deg, t)))
    elif given.target_depth_deg is None and given.own_depth and not _seated(given):
        parts.append(t("plan.own_depth"))
    if given.depth_cap_deg is not None:
        parts.append(t("plan.cap", value=_plain(given.depth_cap_deg, t)))
    if given.tempo is not None:
        seconds = (given.tempo.eccentric_s, given.tempo.pause_s, given.tempo.concentric_s)
        parts.append(t("plan.tempo", value=" – ".join(_plain(one, t) for one in seconds)))
    if given.rest_s is not None and (given.sets or 1) > 1:
        parts.append(t("plan.rest", n=_plain(given.rest_s, t)))
    return [part for part in parts if part]


def criterion_words(criterion: Criterion, t: Translator) -> str:
    """Put a criterion into one sentence.

    Parameters
    ----------
    criterion : Criterion
        The criterion.
    t : Translator
        The language.

    Returns
    -------
    str
        The sentence.
    """
    limit = _plain(100 * criterion.limit if criterion.kind.endswith("_share") else criterion.limit, t)
    what = t(f"plan.criterion.{criterion.kind}", limit=limit)
    name = exercises.load(criterion.exercise).name[t.language]
    return t("plan.criterion.sentence", exercise=name, what=what, n=criterion.sessions)


def _plain(value: float, t: Translator) -> str:
    """Return a number without a decimal where it is whole."""
    return number(value, t.language, 0 if value == int(value) else 1)
