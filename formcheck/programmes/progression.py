"""Steps up and down a ladder of levels: which one is next, and when the last sessions were easy. A person decides."""

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
"""Clinical default (clinical-rules 8, progression): what two sessions one after the other are held against."""
ASKED = ("pain_at_most", "exertion_at_most")
"""Without these answers nothing was easy; a hold has no share of repetitions, and what nobody could judge has no clean one."""
FROM_LEVEL = ("support", "surface", "eyes", "target_depth_deg")
_GO_ALONG = ("sets", "repetitions", "hold_s", "rest_s", "load_kg", "side", "cue_language")
"""What stays when a step leads to another exercise."""


def easy(newest_first: Sequence[ExerciseDone]) -> bool:
    """Return whether the newest sessions of an exercise were easy, by what the person said and what was counted."""
    newest = newest_first[:EASY_SESSIONS]
    outcomes = {
        kind: met(Criterion(exercise="-", kind=kind, limit=limit, sessions=EASY_SESSIONS), newest)
        for kind, limit in EASY.items()
    }
    return False not in outcomes.values() and all(outcomes[kind] for kind in ASKED)


def at_level(prescription: Prescription, level: Level | None) -> Prescription:
    """Return a prescription at another level, or at none; what belongs to another exercise does not go along."""
    kept = prescription.model_dump(exclude_none=True, exclude={"level", *FROM_LEVEL})
    if level is None:
        return Prescription.model_validate(kept)
    if level.exercise != prescription.exercise:
        kept = {name: value for name, value in kept.items() if name in _GO_ALONG}
    return Prescription.model_validate({**kept, "exercise": level.exercise, "level": level.id})


def offered(exercise: str, fallen: bool) -> list[Level]:
    """Return the levels of an exercise, from easy to hard. ``fallen``: a yes on falls in the last 12 months."""
    return [level for level in LEVELS.values() if level.exercise == exercise and level.offered(fallen)]


def safe(prescription: Prescription, fallen: bool) -> bool:
    """Return whether a prescription is offered: after a yes on falls neither closed eyes nor what gives way."""
    level = LEVELS.get(prescription.level or "")
    unsafe = prescription.eyes == "closed" or prescription.surface in UNSTABLE
    return not (fallen and (unsafe or (level is not None and not level.offered(fallen))))


def check_safe(programme: Programme, fallen: bool) -> None:
    """Raise SpecError when a programme has something that is not offered after a yes on falls."""
    for entry in programme.exercises:
        if not safe(entry.prescription, fallen):
            exercise = entry.prescription.exercise
            raise SpecError(
                f"{exercise}: after a fall in the last 12 months, closed eyes and boards and balls that give way are left out.",
                code="programme_after_fall",
                exercise=exercise,
            )


def harder(prescription: Prescription, fallen: bool, load: Callable[[str], Exercise]) -> Prescription | None:
    """Return the prescription one level up, None where there is none. ``load`` returns an exercise by its id."""
    return _neighbour(prescription, fallen, load, {a.id: b for steps in _offered(fallen) for a, b in pairwise(steps)})


def easier(prescription: Prescription, fallen: bool, load: Callable[[str], Exercise]) -> Prescription | None:
    """Return the prescription one level down, None where there is none."""
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
