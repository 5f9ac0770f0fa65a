"""Training sessions: one day's work, its questions and what happened in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from formcheck.errors import StoreError
from formcheck.model.entities import PER_EXERCISE, QUESTIONS, SCALE, Answer, Question, StoredEvent, TrainingSession
from formcheck.store.database import Database, now, optional_utc, utc
from formcheck.store.people import found
from formcheck.store.tables import AnswerRow, EventRow, SessionRow, SetRow

if TYPE_CHECKING:
    from datetime import date


class Sessions:
    """The training sessions of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, person_id: int, day: date) -> TrainingSession:
        """Read the session of a day that has not ended, or make a new one.

        Parameters
        ----------
        person_id : int
            The person.
        day : date
            The day.

        Returns
        -------
        TrainingSession
            The session.
        """
        with self._database.begin() as session:
            row = session.scalar(
                select(SessionRow)
                .where(SessionRow.person_id == person_id, SessionRow.day == day, SessionRow.ended_at.is_(None))
                .order_by(SessionRow.id.desc())
            )
            if row is None:
                row = SessionRow(person_id=person_id, day=day, started_at=now())
                session.add(row)
                session.flush()
            return _session(row)

    def get(self, session_id: int) -> TrainingSession:
        """Read a session.

        Parameters
        ----------
        session_id : int
            The training session.

        Returns
        -------
        TrainingSession
            The session.

        Raises
        ------
        StoreError
            There is no such session (``store_unknown``).
        """
        with self._database.begin() as session:
            return _session(found(session, SessionRow, session_id))

    def end(self, session_id: int) -> None:
        """End a session. The next training of the day is a new one.

        Parameters
        ----------
        session_id : int
            The training session.
        """
        with self._database.begin() as session:
            found(session, SessionRow, session_id).ended_at = now()

    def of(self, person_id: int, limit: int = 50) -> list[TrainingSession]:
        """Read the sessions of a person.

        Parameters
        ----------
        person_id : int
            The person.
        limit : int
            Largest number of entries.

        Returns
        -------
        list[TrainingSession]
            The sessions, newest first.
        """
        with self._database.begin() as session:
            rows = session.scalars(
                select(SessionRow).where(SessionRow.person_id == person_id).order_by(SessionRow.id.desc()).limit(limit)
            )
            return [_session(row) for row in rows]

    def answer(
        self, session_id: int, question: Question, value: int, for_day: date, exercise: str | None = None
    ) -> None:
        """Save an answer. A second answer replaces the first one.

        Parameters
        ----------
        session_id : int
            The training session.
        question : Question
            The question.
        value : int
            The answer, 0–10.
        for_day : date
            The day that the answer is about.
        exercise : str or None
            The exercise; None for a question about the session.

        Raises
        ------
        StoreError
            The value is out of range (``store_answer``).
        """
        if question not in QUESTIONS or value not in SCALE or (exercise is not None) != (question in PER_EXERCISE):
            raise StoreError(
                f"{question} = {value!r} was not kept: it is a number from 0 to 10.",
                code="store_answer",
                question=question,
                value=value,
            )
        with self._database.begin() as session:
            found(session, SessionRow, session_id)
            where = (
                AnswerRow.session_id == session_id,
                AnswerRow.question == question,
                AnswerRow.exercise == (exercise or ""),
            )
            row = session.scalar(select(AnswerRow).where(*where))
            if row is None:
                row = AnswerRow(session_id=session_id, question=question, exercise=exercise or "")
                session.add(row)
            row.value, row.for_day, row.answered_at = value, for_day, now()

    def answers(self, *session_ids: int) -> dict[int, list[Answer]]:
        """Read the answers of sessions.

        Parameters
        ----------
        *session_ids : int
            The sessions.

        Returns
        -------
        dict[int, list[Answer]]
            The answers of each session. An unanswered question is absent.
        """
        with self._database.begin() as session:
            rows = session.scalars(
                select(AnswerRow).where(AnswerRow.session_id.in_(session_ids)).order_by(AnswerRow.id)
            )
            out: dict[int, list[Answer]] = {session_id: [] for session_id in session_ids}
            for row in rows:
                out[row.session_id].append(
                    Answer(row.question, row.value, row.for_day, row.exercise or None, utc(row.answered_at))
                )
            return out

    def awaiting_next_morning(self, person_id: int, today: date) -> TrainingSession | None:
        """Find the newest session of an earlier day without an answer about the morning after.

        Parameters
        ----------
        person_id : int
            The person.
        today : date
            The day.

        Returns
        -------
        TrainingSession or None
            The session; None without one. A session counts only with a set.
        """
        done = select(SetRow.id).where(SetRow.session_id == SessionRow.id, SetRow.deleted_at.is_(None)).exists()
        with self._database.begin() as session:
            row = session.scalar(
                select(SessionRow)
                .where(SessionRow.person_id == person_id, SessionRow.day < today, done)
                .order_by(SessionRow.day.desc(), SessionRow.id.desc())
                .limit(1)
            )
            if row is None:
                return None
            answered = session.scalar(
                select(AnswerRow.id)
                .join(SessionRow)
                .where(
                    SessionRow.person_id == person_id,
                    SessionRow.day == row.day,
                    AnswerRow.question == "pain_next_morning",
                )
            )
            return None if answered else _session(row)

    def add_event(self, session_id: int, kind: str, data: dict[str, Any], set_id: int | None = None) -> None:
        """Store an event, such as a press of Stop.

        Parameters
        ----------
        session_id : int
            The training session.
        kind : str
            Kind of the event.
        data : dict[str, Any]
            Its data, as JSON.
        set_id : int or None
            The set; None for an event of the session.
        """
        with self._database.begin() as session:
            session.add(EventRow(session_id=session_id, set_id=set_id, kind=kind, at=now(), data=data))

    def events(self, session_id: int) -> list[StoredEvent]:
        """Read the events of a session.

        Parameters
        ----------
        session_id : int
            The training session.

        Returns
        -------
        list[StoredEvent]
            The events, in order.
        """
        with self._database.begin() as session:
            rows = session.scalars(select(EventRow).where(EventRow.session_id == session_id).order_by(EventRow.id))
            return [StoredEvent(row.kind, utc(row.at), row.set_id, row.data) for row in rows]


def _session(row: SessionRow) -> TrainingSession:
    return TrainingSession(row.id, row.person_id, row.day, utc(row.started_at), optional_utc(row.ended_at))
