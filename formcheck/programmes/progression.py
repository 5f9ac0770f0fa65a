"""Steps up and down a ladder of levels: the next level, and whether the last sessions were easy. A person decides."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from formcheck.errors import SpecError
from formcheck.programmes.programme import Criterion, ExerciseDone, Programme, met
from formcheck.spec.levels import LEVELS, UNSTABLE, Level, ladders
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formcheck.spec.exercise import Exercise

EASY_SESSIONS = 2
EASY = {"counted_share": 0.9, "clean_share": 0.8, "pain_at_most": 2, "exertion_at_most": 4}
"""Limits for two consecutive sessions that were easy: clinical default (clinical-rules 8, progression)."""
ASKED = ("pain_at_most", "exertion_at_most")
"""Answers that must be known. The shares may be unknown: a hold has no repetitions, and a set may have no judged one."""
FROM_LEVEL = ("support", "surface", "eyes", "target_depth_deg")
_GO_ALONG = ("sets", "repetitions", "hold_s", "rest_s", "load_kg", "side", "cue_language")
"""Fields of a prescription that stay when a step leads to another exercise."""


def easy(newest_first: Sequence[ExerciseDone]) -> bool:
    """Tell whether the newest sessions of an exercise were easy, by the person's answers and by the counts.

    Parameters
    ----------
    newest_first : sequence of ExerciseDone
        The sessions.

    Returns
    -------
    bool
        True when the last two sessions keep all limits.
    """
    newest = newest_first[:EASY_SESSIONS]
    outcomes = {
        kind: met(Criterion(exercise="-", kind=kind, limit=limit, sessions=EASY_SESSIONS), newest)
        for kind, limit in EASY.items()
    }
    return False not in outcomes.values() and all(outcomes[kind] for kind in ASKED)


def at_level(prescription: Prescription, level: Level | None) -> Prescription:
    """Move a prescription to another level.

    Parameters
    ----------
    prescription : Prescription
        The prescription.
    level : Level or None
        The level; None for no level.

    Returns
    -------
    Prescription
        The new prescription. On another exercise it keeps only the fields that suit any exercise.
    """
    fields = prescription.model_dump(exclude_none=True, exclude={"level", *FROM_LEVEL})
    if level is None:
        return Prescription.model_validate(fields)
    if level.exercise != prescription.exercise:
        fields = {name: value for name, value in fields.items() if name in _GO_ALONG}
    return Prescription.model_validate({**fields, "exercise": level.exercise, "level": level.id})


def offered(exercise: str, fallen: bool) -> list[Level]:
    """List the levels of an exercise that may be offered.

    Parameters
    ----------
    exercise : str
        Id of the exercise.
    fallen : bool
        The person fell in the last 12 months.

    Returns
    -------
    list of Level
        The levels, from easy to hard.
    """
    return [level for level in LEVELS.values() if level.exercise == exercise and level.offered(fallen)]


def safe(prescription: Prescription, fallen: bool) -> bool:
    """Tell whether a prescription may be offered. After a fall, closed eyes and yielding surfaces may not.

    Parameters
    ----------
    prescription : Prescription
        The prescription.
    fallen : bool
        The person fell in the last 12 months.

    Returns
    -------
    bool
        True when it may be offered.
    """
    level = LEVELS.get(prescription.level or "")
    unsafe = prescription.eyes == "closed" or prescription.surface in UNSTABLE
    return not (fallen and (unsafe or (level is not None and not level.offered(fallen))))


def check_safe(programme: Programme, fallen: bool) -> None:
    """Refuse a programme with a prescription that may not be offered.

    Parameters
    ----------
    programme : Programme
        The programme.
    fallen : bool
        The person fell in the last 12 months.

    Raises
    ------
    SpecError
        A prescription is not safe after a fall (``programme_after_fall``).
    """
    for entry in programme.exercises:
        if not safe(entry.prescription, fallen):
            exercise = entry.prescription.exercise
            raise SpecError(
                f"{exercise}: after a fall in the last 12 months, closed eyes and boards and balls that give way are left out.",
                code="programme_after_fall",
                exercise=exercise,
            )


def harder(prescription: Prescription, fallen: bool, load: Callable[[str], Exercise]) -> Prescription | None:
    """Move a prescription one level up.

    Parameters
    ----------
    prescription : Prescription
        The prescription.
    fallen : bool
        The person fell in the last 12 months.
    load : callable
        Returns an exercise by its id.

    Returns
    -------
    Prescription or None
        None without a higher level.
    """
    return _neighbour(prescription, fallen, load, {a.id: b for steps in _offered(fallen) for a, b in pairwise(steps)})


def easier(prescription: Prescription, fallen: bool, load: Callable[[str], Exercise]) -> Prescription | None:
    """Move a prescription one level down.

    Parameters
    ----------
    prescription : Prescription
        The prescription.
    fallen : bool
        The person fell in the last 12 months.
    load : callable
        Returns an exercise by its id.

    Returns
    -------
    Prescription or None
        None without a lower level.
    """
    return _neighbour(prescription, fallen, load, {b.id: a for steps in _offered(fallen) for a, b in pairwise(steps)})


def _offered(fallen: bool) -> list[list[Level]]:
    return [[level for level in steps if level.offered(fallen)] for steps in ladders().values()]


def _neighbour(
    prescription: Prescription, fallen: bool, load: Callable[[str], Exercise], neighbours: dict[str, Level]
) -> Prescription | None:
    level = neighbours.get(prescription.level or "")
    if level is None:
        return None
    stepped = at_level(prescription, level)
    try:
        stepped.check(load(stepped.exercise))
    except SpecError:  # a cap that lies below the next depth, say
        return None
    return stepped
