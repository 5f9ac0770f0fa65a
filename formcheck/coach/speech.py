"""Utterances and their priority. Only one utterance is spoken at a time; the page keeps the order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from formcheck.coach.spoken_catalogue import HIGHEST_NUMBER, spoken_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.records import Nothing, NothingRemedy


class Priority(IntEnum):
    """The order of utterances that wait: the lower value goes first. Only ``NOW`` interrupts."""

    NOW = 0
    CUE = 1
    NUMBER = 2
    OTHER = 3


@dataclass(slots=True, frozen=True)
class Utterance:
    """One spoken thing.

    Attributes
    ----------
    keys : tuple of str
        The keys of its sound files, in order.
    text : str
        The same as text.
    priority : Priority
        How soon it is spoken.
    """

    keys: tuple[str, ...]
    text: str
    priority: Priority


def utter(language: str, priority: Priority, *keys: str) -> Utterance:
    """Return an utterance.

    Parameters
    ----------
    language : str
        Language code.
    priority : Priority
        How soon it is spoken.
    *keys : str
        The keys of its parts, in order.

    Returns
    -------
    Utterance
        The utterance.

    Raises
    ------
    KeyError
        If there is no such key.
    """
    return Utterance(keys, " ".join(spoken_text(key, language) for key in keys), priority)


_REMEDIES: dict[NothingRemedy, str] = {
    "whole_body": "say.setup.whole_body",
    "come_closer": "say.setup.come_closer",
    "be_alone": "say.setup.alone",
    "more_light": "say.setup.more_light",
    "more_pictures": "say.setup.frame_rate",
}
"""The remedies that the set-up check also gives aloud."""


def spoken_remedy(found: Sequence[Nothing]) -> tuple[str, ...]:
    """Return the keys of what is said aloud after a set that counted nothing.

    Parameters
    ----------
    found : sequence of Nothing
        Why it counted nothing, the most likely first.

    Returns
    -------
    tuple of str
        Empty where only the screen says it.
    """
    if not found:
        return ()
    first = found[0]
    if first.reason == "other_exercise":
        return "say.looks_like", f"name.{first.seen['exercise']}"
    return (_REMEDIES[first.remedy],) if first.remedy in _REMEDIES else ()


def number_key(n: int) -> tuple[str, ...]:
    """Return the key of a spoken number.

    Parameters
    ----------
    n : int
        The number.

    Returns
    -------
    tuple of str
        One key; empty for a number outside 1 to ``HIGHEST_NUMBER``.
    """
    return (f"number.{n}",) if 1 <= n <= HIGHEST_NUMBER else ()
