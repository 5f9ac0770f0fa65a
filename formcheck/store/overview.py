"""What lists and pages about people need, in a fixed number of queries, however many people and sets there are."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, func, select

from formcheck.model.corrections import Correction
from formcheck.model.entities import Answer, Closing, PersonOverview, SessionOverview, SetOverview
from formcheck.store.database import Database, utc
from formcheck.store.programmes import Programmes
from formcheck.store.reviews import CLOSED
from formcheck.store.tables import AnswerRow, EventRow, MessageRow, ReviewRow, SessionRow, SetRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

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
"""Never the record, which is ten times as large; and the summary as text, since a list looks into few of many."""


class Overview:
    """People and their training at a glance. Everything raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._programmes = Programmes(database)

    def people(self, *person_ids: int, since: date, by: int | None = None) -> list[PersonOverview]:
        """Return each of these people with what was done, reported and written to physiotherapist ``by`` since a day."""
        programmes = {kept.person_id: kept for kept in reversed(self._programmes.of(*person_ids)) if not kept.ended}
        with self._database.begin() as session:
            sessions = _sessions(session, person_ids, since)
            unread = dict(
                session.execute(
                    select(MessageRow.person_id, func.min(MessageRow.sent_at))
                    .where(
                        MessageRow.person_id.in_(person_ids),
                        MessageRow.physiotherapist_id == by,
                        MessageRow.from_person,
                        MessageRow.read_at.is_(None),
                    )
                    .group_by(MessageRow.person_id)
                ).all()
            )
        return [
            PersonOverview(person_id, programmes.get(person_id), tuple(sessions[person_id]), utc(unread.get(person_id)))
            for person_id in person_ids
        ]

    def sessions(self, person_id: int, since: date) -> list[SessionOverview]:
        """Return everything that a person did and reported since a day, the newest first."""
        with self._database.begin() as session:
            return _sessions(session, [person_id], since)[person_id]


def _sessions(session: Session, person_ids: Iterable[int], since: date) -> dict[int, list[SessionOverview]]:
    """Return the sessions of people since a day, by person, the newest first."""
    run = session.connection().execute  # plain rows: there are thousands
    wanted = (SessionRow.person_id.in_(list(person_ids)), SessionRow.day >= since)
    answers: dict[int, list[Answer]] = defaultdict(list)
    stops: dict[int, list[tuple[datetime, str | None]]] = defaultdict(list)
    sets: dict[int, list[SetOverview]] = defaultdict(list)
    closings: dict[int, list[Closing]] = defaultdict(list)
    columns = (
        AnswerRow.session_id,
        AnswerRow.question,
        AnswerRow.value,
        AnswerRow.for_day,
        AnswerRow.exercise,
        AnswerRow.answered_at,
    )
    for session_id, question, value, for_day, exercise, at in run(
        select(*columns).join(SessionRow).where(*wanted).order_by(AnswerRow.id)
    ):
        answers[session_id].append(Answer(question, value, for_day, exercise or None, utc(at)))
    events = select(EventRow.session_id, EventRow.kind, EventRow.at, EventRow.data).join(SessionRow)
    for session_id, kind, at, data in run(
        events.where(*wanted, EventRow.kind.in_((STOPPED, CLOSED))).order_by(EventRow.id)
    ):
        if kind == STOPPED:
            stops[session_id].append((utc(at), data.get("reason")))
        else:
            entry, until = Correction.model_validate(data["entry"]), datetime.fromisoformat(data["until"])
            closings[session_id].append(Closing(entry, until))
    said = select(ReviewRow.id).where(ReviewRow.set_id == SetRow.id, ReviewRow.own.is_(False))
    reviewed = said.where(ReviewRow.entry["kind"].as_string() == "seen")
    for row in run(
        select(*_SET_COLUMNS, reviewed.exists(), said.exists(), SetRow.prescription["load_kg"].as_float())
        .join(SessionRow)
        .where(*wanted, SetRow.deleted_at.is_(None))
        .order_by(SetRow.session_id, SetRow.position)
    ):
        sets[row[1]].append(SetOverview(*row))
    out: dict[int, list[SessionOverview]] = defaultdict(list)
    for row_id, person_id, day in run(
        select(SessionRow.id, SessionRow.person_id, SessionRow.day)
        .where(*wanted)
        .order_by(SessionRow.day.desc(), SessionRow.id.desc())
    ):
        found = (answers, stops, sets, closings)
        out[person_id].append(SessionOverview(row_id, day, *(tuple(one[row_id]) for one in found)))
    return out
