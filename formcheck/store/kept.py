"""What the store gives back: plain, frozen records. Times of day are UTC; ``None`` is what nobody answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

SetState = Literal["running", "finished", "interrupted"]
Question = Literal["pain_before", "pain_during", "exertion", "pain_next_morning"]
QUESTIONS: tuple[Question, ...] = ("pain_before", "pain_during", "exertion", "pain_next_morning")
PER_EXERCISE = ("pain_during", "exertion")
"""Asked once for each exercise of a session; the others once for the session."""
SCALE = range(11)
"""Pain and exertion: 0 to 10."""


@dataclass(slots=True, frozen=True)
class Person:
    """Whoever trains. ``first_start``: the answers of the first start, None before it; ``settings``: what the pages remember."""

    id: int
    first_start: dict | None
    settings: dict


@dataclass(slots=True, frozen=True)
class TrainingSession:
    """One day's work of one person."""

    id: int
    person_id: int
    day: date
    started_at: datetime
    ended_at: datetime | None


@dataclass(slots=True, frozen=True)
class KeptSet:
    """One set. Counts are those of the record once it is finished, before that of what was seen so far."""

    id: int
    session_id: int
    position: int
    exercise: str
    state: SetState
    started_at: datetime
    prescription: dict
    pose_in: str
    setup: dict
    why_ended: str | None
    rep_count: int
    partial_count: int
    hold_s: float
    in_form_s: float
    deleted: bool
    trace_sha256: str | None


@dataclass(slots=True, frozen=True)
class KeptVideo:
    """The video of a set. ``offset_s``: the set's time at the video's first picture; negative when it began before the set."""

    set_id: int
    path: Path
    media_type: str
    sha256: str
    offset_s: float
    keep_until: datetime


@dataclass(slots=True, frozen=True)
class Answer:
    """One answer, 0–10. ``for_day``: the day it speaks of; ``exercise``: None when it is about the whole session."""

    question: Question
    value: int
    for_day: date
    exercise: str | None


@dataclass(slots=True, frozen=True)
class KeptEvent:
    """Something that happened, such as a press of Stop with its reason."""

    kind: str
    at: datetime
    set_id: int | None
    data: dict
