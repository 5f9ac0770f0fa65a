"""Sessions as lists and pages about people get them, made by hand: for tests of what is told of them."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from formcheck.model.entities import (
    Answer,
    CompletedReview,
    PersonOverview,
    SessionOverview,
    SetOverview,
    StoredProgramme,
)
from formcheck.programmes.programme import Programme
from tests.example_records import SEEN

TODAY = date(2026, 3, 20)  # a Friday
AT = datetime(2026, 3, 19, 12, tzinfo=UTC)
IDS = itertools.count(1000)


def one_set(
    depth_deg: float | None = 80.0,
    set_id: int | None = None,
    reviewed: bool = False,
    begun: bool = False,
    **setup: object,
) -> SetOverview:
    """Return a finished set of eight squats from the side. ``setup``: also what else a summary has, ``exercise`` and ``state``."""
    exercise, state = setup.pop("exercise", "squat"), setup.pop("state", "finished")
    others = ("sides", "worst", "assessable_share", "judged", "clean", "sway", "holds")
    rest = {name: setup.pop(name) for name in others if name in setup}
    where = {"view": "side", "azimuth_deg": 90.0, "person_height_share": 0.6} | setup
    means = {} if depth_deg is None else {"knee_flexion_peak_deg": depth_deg}
    summary = {"setup": where, "means": means, "sides": {}, "worst": None, "assessable_share": 0.9} | rest
    return SetOverview(
        set_id or next(IDS), 1, TODAY, exercise, state, "target", 8, 0, 0.0, 0.0, json.dumps(summary), reviewed, begun
    )


def session(
    days_ago: int,
    *sets: SetOverview,
    answers: tuple = (),
    stops: tuple = (),
    session_id: int = 0,
    closed: datetime | None = None,
) -> SessionOverview:
    """Return a session of so many days before ``TODAY``. ``closed``: what was reported until then was looked through."""
    day, own = TODAY - timedelta(days=days_ago), session_id or 100 - days_ago
    reviews = (CompletedReview(SEEN, closed),) if closed else ()
    return SessionOverview(
        own, day, answers, stops, tuple(replace(one, day=day, session_id=own) for one in sets), reviews
    )


def person(
    *sessions: SessionOverview,
    programme: StoredProgramme | None = None,
    unread: datetime | None = None,
    person_id: int = 1,
) -> PersonOverview:
    """Return a person with these sessions, newest first."""
    return PersonOverview(person_id, programme, sessions, unread)


def pain(
    value: int, question: str = "pain_during", exercise: str | None = "squat", at: datetime = AT
) -> tuple[Answer, ...]:
    """Return one answer about pain."""
    return (Answer(question, value, TODAY, exercise, at),)


def programme(start: date, days_a_week: int = 3, weeks: int = 6, **more: object) -> StoredProgramme:
    """Return a programme of squats."""
    exercises = more.pop("exercises", [{"prescription": {"exercise": "squat"}}])
    made = Programme(
        title="x",
        start=start,
        end=start + timedelta(weeks=weeks, days=-1),
        days_a_week=days_a_week,
        exercises=exercises,
        **more,
    )
    return StoredProgramme(1, 1, 1, made.model_dump(mode="json"), AT, 1, False, False)
