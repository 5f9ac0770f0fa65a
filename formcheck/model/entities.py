"""The entities that the store returns: plain, frozen records. Times of day are UTC. ``None`` means that there is no answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from formcheck.model.records import Nothing

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from formcheck.model.corrections import Correction

Summary = dict[str, Any]
"""The summary of a set as JSON; ``formcheck.store.summaries`` describes its keys."""
Role = Literal["physiotherapist", "person", "administrator"]
ROLES: tuple[Role, ...] = ("physiotherapist", "person", "administrator")
SetState = Literal["running", "finished", "interrupted"]
Question = Literal["pain_before", "pain_during", "exertion", "pain_next_morning"]
QUESTIONS: tuple[Question, ...] = ("pain_before", "pain_during", "exertion", "pain_next_morning")
PER_EXERCISE = ("pain_during", "exertion")
"""Questions that are asked once for each exercise of a session. The others are asked once for the session."""
SCALE = range(11)
"""Values of pain and exertion (numeric rating scale, 0 to 10)."""
PAIN_MODE_FROM = 3
"""From this pain (0–10) on, no cue asks for more depth, range or time (clinical-rules 7)."""
PAIN_RED = 5
"""Above this pain (0–10) the traffic light is red (clinical-rules 7)."""


@dataclass(slots=True, frozen=True)
class Person:
    """A person who trains. ``first_start``: answers of the first start, None before it. ``settings``: remembered by the pages."""

    id: int
    first_start: dict[str, Any] | None
    settings: dict[str, Any]


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
    """One set. A finished set has the counts and seconds of its record as corrected, a running one those so far.

    Attributes
    ----------
    position : int
        Place in its session, from 0.
    prescription, setup : dict
        The prescription; the ignored checks, outline and place in the plan, as JSON.
    pose_in : str
        Place where the pose was estimated: browser, server or video.
    why_ended : str or None
        Reason for the end; None while the set runs.
    hold_s, in_form_s : float
        Seconds held, and seconds held in good form.
    deleted : bool
        True while the set can still be restored.
    trace_sha256 : str or None
        Names the landmark file; None while the set runs and after its landmarks were erased.
    """

    id: int
    session_id: int
    position: int
    exercise: str
    state: SetState
    started_at: datetime
    prescription: dict[str, Any]
    pose_in: str
    setup: dict[str, Any]
    why_ended: str | None
    rep_count: int
    partial_count: int
    hold_s: float
    in_form_s: float
    deleted: bool
    trace_sha256: str | None


@dataclass(slots=True, frozen=True)
class StoredVideo:
    """The video of a set. ``offset_s``: the set's time at the video's first frame; negative when the video began before the set."""

    set_id: int
    path: Path
    media_type: str
    sha256: str
    offset_s: float
    keep_until: datetime


@dataclass(slots=True, frozen=True)
class Answer:
    """One answer, 0–10. ``for_day``: the day it is about. ``exercise``: None when it is about the session. ``at``: its time."""

    question: Question
    value: int
    for_day: date
    exercise: str | None
    at: datetime


@dataclass(slots=True, frozen=True)
class StoredEvent:
    """An event of a session, such as a press of Stop with its reason."""

    kind: str
    at: datetime
    set_id: int | None
    data: dict[str, Any]


@dataclass(slots=True, frozen=True)
class Account:
    """An account that signs in. ``person_id``: the person as whom it trains; None for an account that does not train."""

    id: int
    name: str
    roles: tuple[Role, ...]
    person_id: int | None
    settings: dict[str, Any]
    created_at: datetime
    disabled: bool


@dataclass(slots=True, frozen=True)
class Link:
    """A person's permission for a physiotherapist to see their training."""

    id: int
    person_id: int
    person_name: str
    physiotherapist_id: int
    physiotherapist_name: str
    since: datetime


@dataclass(slots=True, frozen=True)
class Invitation:
    """An invitation of a physiotherapist. ``token``: known only when it is made, since only its hash is stored."""

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
    data: dict[str, Any]
    made_at: datetime
    made_by: int | None
    ended: bool
    by_person: bool


@dataclass(slots=True, frozen=True)
class GoalRating:
    """The person's rating (0–10) of how near a goal is, in a week of the programme."""

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
    """One look at a person's data by another account, or one attempt."""

    at: datetime
    who: str
    what: str
    allowed: bool


@dataclass(slots=True, frozen=True)
class SetOverview:
    """One set as lists and trends need it, without its record.

    Attributes
    ----------
    summary_json : str or None
        The summary as text; None while the set runs.
    reviewed : bool
        A physiotherapist has looked the set through.
    begun : bool
        A physiotherapist has looked it through or commented on it.
    load_kg : float or None
        The prescribed load; None without one.
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
    def summary(self) -> Summary | None:
        """The summary of the corrected record, parsed at each call; None while the set runs."""
        if self.summary_json is None:
            return None
        summary: Summary = json.loads(self.summary_json)
        return summary

    @property
    def nothing(self) -> list[Nothing]:
        """Return why nothing was counted; empty when something was, and in summaries of earlier versions."""
        return [Nothing.model_validate(one) for one in (self.summary or {}).get("nothing", [])]


@dataclass(slots=True, frozen=True)
class CompletedReview:
    """The review of a whole session by a physiotherapist: who, when and why (``entry``). It covers reports up to ``until``."""

    entry: Correction
    until: datetime


@dataclass(slots=True, frozen=True)
class SessionOverview:
    """One training session as reported and done. ``stops``: the times at which Stop was pressed, each with its reason."""

    id: int
    day: date
    answers: tuple[Answer, ...]
    stops: tuple[tuple[datetime, str | None], ...]
    sets: tuple[SetOverview, ...]
    completed_reviews: tuple[CompletedReview, ...] = ()

    def waits(self, at: datetime) -> bool:
        """Tell whether a report still waits for a physiotherapist.

        Parameters
        ----------
        at : datetime
            Time of the report.

        Returns
        -------
        bool
            True when no completed review covers the report.
        """
        return all(at > review.until for review in self.completed_reviews)


@dataclass(slots=True, frozen=True)
class PersonOverview:
    """One person in a physiotherapist's list: sessions (newest first), current programme, time of the oldest unread message."""

    person_id: int
    programme: StoredProgramme | None
    sessions: tuple[SessionOverview, ...]
    unread_since: datetime | None
