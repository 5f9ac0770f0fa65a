"""What the store gives back: plain, frozen records. Times of day are UTC; ``None`` is what nobody answered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from formcheck.model.corrections import Correction

Role = Literal["physiotherapist", "person", "administrator"]
ROLES: tuple[Role, ...] = ("physiotherapist", "person", "administrator")
SetState = Literal["running", "finished", "interrupted"]
Question = Literal["pain_before", "pain_during", "exertion", "pain_next_morning"]
QUESTIONS: tuple[Question, ...] = ("pain_before", "pain_during", "exertion", "pain_next_morning")
PER_EXERCISE = ("pain_during", "exertion")
"""Asked once for each exercise of a session; the others once for the session."""
SCALE = range(11)
"""Pain and exertion: 0 to 10."""
PAIN_MODE_FROM = 3
"""From this pain (0–10) on, nothing asks for more depth, range or time (clinical-rules 7)."""
PAIN_RED = 5
"""Above this the traffic light is red."""


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
class StoredSet:
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
class StoredVideo:
    """The video of a set. ``offset_s``: the set's time at the video's first picture; negative when it began before the set."""

    set_id: int
    path: Path
    media_type: str
    sha256: str
    offset_s: float
    keep_until: datetime


@dataclass(slots=True, frozen=True)
class Answer:
    """One answer, 0–10. ``for_day``: the day it speaks of; ``exercise``: None when it is about the whole session; ``at``: when."""

    question: Question
    value: int
    for_day: date
    exercise: str | None
    at: datetime


@dataclass(slots=True, frozen=True)
class StoredEvent:
    """Something that happened, such as a press of Stop with its reason."""

    kind: str
    at: datetime
    set_id: int | None
    data: dict


@dataclass(slots=True, frozen=True)
class Account:
    """Somebody who signs in. ``person_id``: whose training is their own, None for who does not train."""

    id: int
    name: str
    roles: tuple[Role, ...]
    person_id: int | None
    settings: dict
    created_at: datetime
    disabled: bool


@dataclass(slots=True, frozen=True)
class Link:
    """A person lets a physiotherapist see their training."""

    id: int
    person_id: int
    person_name: str
    physiotherapist_id: int
    physiotherapist_name: str
    since: datetime


@dataclass(slots=True, frozen=True)
class Invitation:
    """``token`` is known only when it is made; what is kept is its hash."""

    id: int
    made_at: datetime
    expires_at: datetime
    token: str | None = None


@dataclass(slots=True, frozen=True)
class StoredProgramme:
    """One version of a programme. ``data``: a ``Programme`` as JSON; ``by_person``: the person made it, not a clinician."""

    id: int
    person_id: int
    version: int
    data: dict
    made_at: datetime
    made_by: int | None
    ended: bool
    by_person: bool


@dataclass(slots=True, frozen=True)
class GoalRating:
    """How near the person feels to a goal, 0–10, in a week of the programme."""

    goal: str
    week: int
    value: int
    rated_at: datetime


@dataclass(slots=True, frozen=True)
class Message:
    """One message between a person and a physiotherapist."""

    id: int
    person_id: int
    physiotherapist_id: int
    from_person: bool
    text: str
    sent_at: datetime
    read_at: datetime | None


@dataclass(slots=True, frozen=True)
class Access:
    """Somebody looked at a person's data, or tried to."""

    at: datetime
    who: str
    what: str
    allowed: bool


@dataclass(slots=True, frozen=True)
class SetOverview:
    """One set as lists and trends need it, without its record.

    ``reviewed``: a physiotherapist looked it through and said so. ``begun``: they said something of it, that or less.
    ``load_kg``: as it was given, None without one.
    """

    id: int
    session_id: int
    day: date
    exercise: str
    state: SetState
    why_ended: str | None
    rep_count: int
    partial_count: int
    hold_s: float
    in_form_s: float
    summary_json: str | None
    reviewed: bool
    begun: bool = False
    load_kg: float | None = None

    @property
    def summary(self) -> dict | None:
        """What ``summaries.py`` says of the record, read anew at each call; None while the set runs."""
        return None if self.summary_json is None else json.loads(self.summary_json)


@dataclass(slots=True, frozen=True)
class Closing:
    """A physiotherapist looked a session through: who, when and why (``entry``), knowing what was reported up to ``until``."""

    entry: Correction
    until: datetime


@dataclass(slots=True, frozen=True)
class SessionOverview:
    """One training session as reported and done. ``stops``: when Stop was pressed, with the reason that was given."""

    id: int
    day: date
    answers: tuple[Answer, ...]
    stops: tuple[tuple[datetime, str | None], ...]
    sets: tuple[SetOverview, ...]
    closings: tuple[Closing, ...] = ()

    def waits(self, at: datetime) -> bool:
        """Return whether what was reported then is not looked through yet."""
        return all(at > closing.until for closing in self.closings)


@dataclass(slots=True, frozen=True)
class PersonOverview:
    """What a physiotherapist's list needs of one person: sessions (newest first), the current programme, unread messages."""

    person_id: int
    programme: StoredProgramme | None
    sessions: tuple[SessionOverview, ...]
    unread_since: datetime | None
