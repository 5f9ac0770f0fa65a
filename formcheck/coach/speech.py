"""What is to be said, and how soon. Only one thing is said at a time; the page keeps the order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from formcheck.coach.spoken_catalogue import MOST, spoken_text


class Priority(IntEnum):
    """The lower goes first. Nothing is interrupted but by ``NOW``."""

    NOW = 0
    CUE = 1
    NUMBER = 2
    OTHER = 3


@dataclass(slots=True, frozen=True)
class Utterance:
    """One thing that is said: the keys of its sound files in order, and the same as text."""

    keys: tuple[str, ...]
    text: str
    priority: Priority


def utter(language: str, priority: Priority, *keys: str) -> Utterance:
    """Return an utterance. Raises KeyError for a key that there is none of."""
    return Utterance(keys, " ".join(spoken_text(key, language) for key in keys), priority)


def number_key(n: int) -> tuple[str, ...]:
    """Return the key of a number, none for one that is too high to be said."""
    return (f"number.{n}",) if 1 <= n <= MOST else ()
