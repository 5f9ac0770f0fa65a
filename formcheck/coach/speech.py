"""Utterances and their priority. Only one utterance is spoken at a time; the page keeps the order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from formcheck.coach.spoken_catalogue import HIGHEST_NUMBER, spoken_text


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
