"""Overviews for lists and pages about people. The number of queries is fixed; it does not grow with people and sets."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, func, select

from formcheck.model.corrections import Correction
from formcheck.model.entities import Answer, CompletedReview, PersonOverview, SessionOverview, SetOverview
from formcheck.store.database import Database, utc
from formcheck.store.programmes import Programmes
from formcheck.store.reviews import CLOSED
from formcheck.store.tables import AnswerRow, EventRow, MessageRow, ReviewRow, SessionRow, SetRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session

    _Conditions = tuple[ColumnElement[bool], ...]
    _Stops = dict[int, list[tuple[datetime, str | None]]]

STOPPED = "stopped"
_SET_COLUMNS = (
    SetRow.id,
    SetRow.session_id,
    SessionRow.day,
    SetRow.exercise,
    SetRow.state,
    SetRow.why_ended,
    SetRow.rep_count,
    SetRow.partial_count,
    SetRow.hold_s,
    SetRow.in_form_s,
    cast(SetRow.summary, Text),
)
"""Columns of an overview: without the record, which is ten times as large. The summary stays text: lists parse few of many."""


class Overview:
    """Overviews of people and their training. Every function raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._programmes = Programmes(database)

    def people(self, *person_ids: int, since: date, by: int | None = None) -> list[PersonOverview]:
        """Read people with their training since a day.

        Parameters
        ----------
        *person_ids : int
            The people.
        since : date
            First day of the sessions.
        by : int or None
            The physiotherapist whose unread messages count.

        Returns
        -------
        list of PersonOverview
            One overview for each person, in the order of the ids.
        """
        stored = reversed(self._programmes.of(*person_ids))
        programmes = {programme.person_id: programme for programme in stored if not programme.ended}
        with self._database.begin() as session:
            sessions = _sessions(session, person_ids, since)
            oldest = (
                select(MessageRow.person_id, func.min(MessageRow.sent_at))
                .where(
                    MessageRow.person_id.in_(person_ids),
                    MessageRow.physiotherapist_id == by,
                    MessageRow.from_person,
                    MessageRow.read_at.is_(None),
                )
                .group_by(MessageRow.person_id)
            )
            unread = {person_id: utc(at) for person_id, at in session.execute(oldest)}
        return [
            PersonOverview(person_id, programmes.get(person_id), tuple(sessions[person_id]), unread.get(person_id))
            for person_id in person_ids
        ]

    def sessions(self, person_id: int, since: date) -> list[SessionOverview]:
        """Read the sessions of one person.

        Parameters
        ----------
        person_id : int
            The person.
        since : date
            First day of the sessions.

        Returns
        -------
        list of SessionOverview
            The sessions, newest first.
        """
        with self._database.begin() as session:
            return _sessions(session, [person_id], since)[person_id]


def _sessions(session: Session, person_ids: Iterable[int], since: date) -> dict[int, list[SessionOverview]]:
    """Return the sessions of people since a day, by person, the newest first."""
    connection = session.connection()  # plain rows: there are thousands
    wanted = (SessionRow.person_id.in_(list(person_ids)), SessionRow.day >= since)
    answers, sets = _answers(connection, wanted), _sets(connection, wanted)
    stops, reviews = _events(connection, wanted)
    sessions: dict[int, list[SessionOverview]] = defaultdict(list)
    query = select(SessionRow.id, SessionRow.person_id, SessionRow.day).where(*wanted)
    for row_id, person_id, day in connection.execute(query.order_by(SessionRow.day.desc(), SessionRow.id.desc())):
        overview = SessionOverview(
            row_id, day, tuple(answers[row_id]), tuple(stops[row_id]), tuple(sets[row_id]), tuple(reviews[row_id])
        )
        sessions[person_id].append(overview)
    return sessions


def _answers(connection: Connection, wanted: _Conditions) -> dict[int, list[Answer]]:
    answers: dict[int, list[Answer]] = defaultdict(list)
    columns = (
        AnswerRow.session_id,
        AnswerRow.question,
        AnswerRow.value,
        AnswerRow.for_day,
        AnswerRow.exercise,
        AnswerRow.answered_at,
    )
    query = select(*columns).join(SessionRow).where(*wanted).order_by(AnswerRow.id)
    for session_id, question, value, for_day, exercise, at in connection.execute(query):
        answers[session_id].append(Answer(question, value, for_day, exercise or None, utc(at)))
    return answers


def _events(connection: Connection, wanted: _Conditions) -> tuple[_Stops, dict[int, list[CompletedReview]]]:
    stops: _Stops = defaultdict(list)
    reviews: dict[int, list[CompletedReview]] = defaultdict(list)
    events = select(EventRow.session_id, EventRow.kind, EventRow.at, EventRow.data).join(SessionRow)
    query = events.where(*wanted, EventRow.kind.in_((STOPPED, CLOSED))).order_by(EventRow.id)
    for session_id, kind, at, data in connection.execute(query):
        if kind == STOPPED:
            stops[session_id].append((utc(at), data.get("reason")))
        else:
            entry, until = Correction.model_validate(data["entry"]), datetime.fromisoformat(data["until"])
            reviews[session_id].append(CompletedReview(entry, until))
    return stops, reviews


def _sets(connection: Connection, wanted: _Conditions) -> dict[int, list[SetOverview]]:
    sets: dict[int, list[SetOverview]] = defaultdict(list)
    by_others = select(ReviewRow.id).where(ReviewRow.set_id == SetRow.id, ReviewRow.own.is_(False))
    reviewed = by_others.where(ReviewRow.entry["kind"].as_string() == "seen")
    load_kg = SetRow.prescription["load_kg"].as_float()
    query = select(*_SET_COLUMNS, reviewed.exists(), by_others.exists(), load_kg).join(SessionRow)
    shown = query.where(*wanted, SetRow.deleted_at.is_(None)).order_by(SetRow.session_id, SetRow.position)
    for row in connection.execute(shown):
        values: list[Any] = list(row)
        sets[row[1]].append(SetOverview(*values))
    return sets
