"""Why a set counted nothing, in words. Every page, report and command says it with these sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.engine.person import view
from formcheck.i18n import join_words, translator
from formcheck.i18n.numbers import number, quantity, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.i18n import Translator
    from formcheck.model.records import Nothing
    from formcheck.spec.exercise import Exercise

_PARTS = ("head", "hips", "hands", "feet")
"""The parts of the body that ``seen`` may name, from above."""
_MOST_SHARE = 0.99
"""A movement that is too small is never said to have gone the whole way."""


def headline(exercise: Exercise, language: str) -> str:
    """Return the sentence that nothing was counted.

    Parameters
    ----------
    exercise : Exercise
    language : str

    Returns
    -------
    str
    """
    return translator(language)("nothing.hold" if exercise.movement.kind == "hold_posture" else "nothing.reps")


def nothing_lines(found: Sequence[Nothing], exercise: Exercise, language: str) -> list[str]:
    """Return one line for each reason, with what would help.

    Parameters
    ----------
    found : sequence of Nothing
        Those of a record.
    exercise : Exercise
    language : str

    Returns
    -------
    list of str
        In their order: the most likely first.
    """
    t = translator(language)
    return [f"{_reason(one, exercise, t)} {_remedy(one, exercise, t)}" for one in found]


def name_of_other(found: Sequence[Nothing], language: str) -> tuple[str, str] | None:
    """Return the other exercise that a set looks like: its id and its name; None when it looks like none.

    Parameters
    ----------
    found : sequence of Nothing
    language : str

    Returns
    -------
    tuple of str, or None
    """
    known = exercises.names()
    for one in found:
        name = one.seen.get("exercise")
        if one.reason == "other_exercise" and name in known:
            return str(name), exercises.load(str(name)).name[language]
    return None


def _reason(one: Nothing, exercise: Exercise, t: Translator) -> str:
    key: str = one.reason
    if one.reason == "picture_on_side" and one.seen.get("turn_deg") == 180:
        key = "picture_upside_down"
    if one.reason == "too_small" and not one.seen.get("count"):
        key = "hardly_moved"
    elif one.reason == "too_small" and "range_deg" not in one.seen:
        key = "all_small"
    return t(f"nothing.reason.{key}", **_words(one, exercise, t))


def _remedy(one: Nothing, exercise: Exercise, t: Translator) -> str:
    views = join_words([t(f"term.view.{name}") for name in exercise.views], t.language, "or")
    turn = number(_number(one, "turn_deg"), t.language)
    return t(f"nothing.remedy.{one.remedy}", views=views, turn=turn)


def _words(one: Nothing, exercise: Exercise, t: Translator) -> dict[str, object]:
    """Return everything that a sentence may name, in words."""
    language, seen = t.language, one.seen
    other = name_of_other([one], language)
    rule = next((rule for rule in exercise.rules if rule.id == seen.get("rule")), None)
    azimuth_deg = _number(one, "azimuth_deg")
    parts = [t(f"nothing.part.{part}") for part in _PARTS if part in seen]
    seconds = _number(one, "seconds", "still_s", "longest_s")
    return {
        "n": int(_number(one, "count") or 0),
        "share": share(_share(one), language),
        "seconds": quantity(seconds, "s", language),
        "needed": quantity(_number(one, "needed_s"), "s", language),
        "limit": quantity(_number(one, "most_s", "least_s"), "s", language),
        "rate": number(_number(one, "frames_per_s"), language),
        "parts": join_words(parts, language),
        "name": other[1] if other else seen.get("exercise", ""),
        "exercise": exercise.name[language],
        "rule": rule.name[language] if rule else seen.get("rule", ""),
        "view": t(f"term.view.{'unknown' if azimuth_deg is None else view.label(azimuth_deg)}"),
    }


def _number(one: Nothing, *names: str) -> float | None:
    """Return the first of these numbers that there is."""
    values = (one.seen.get(name) for name in names)
    return next((value for value in values if isinstance(value, (int, float))), None)


def _share(one: Nothing) -> float | None:
    """Return the share that the sentence names."""
    if one.reason == "nobody":
        return 1.0 - (_number(one, "seen_share") or 0.0)
    if one.reason == "too_small":
        went_deg, needed_deg = _number(one, "range_deg"), _number(one, "needed_deg")
        return min(_MOST_SHARE, went_deg / needed_deg) if went_deg is not None and needed_deg else None
    if one.reason == "outside_picture":
        return max((value for name in _PARTS if (value := _number(one, name)) is not None), default=None)
    return _number(one, "share", "body_share", "person_share")
