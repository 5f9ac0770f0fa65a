"""A person's own data: all of it in one ZIP of open formats, and its deletion for good."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import QueryableAttribute, Session

from formcheck.errors import StoreError
from formcheck.files.atomic import open_output
from formcheck.store.database import Database, now
from formcheck.store.file_layout import trace_file
from formcheck.store.people import found
from formcheck.store.reviews import CLOSED
from formcheck.store.tables import (
    AccessRow,
    AccountRow,
    AnswerRow,
    EventRow,
    GoalRatingRow,
    LinkRow,
    MessageRow,
    PersonRow,
    ProgrammeRow,
    ProgrammeVersionRow,
    RepetitionRow,
    ReviewRow,
    SessionRow,
    SetRow,
    SignOutRow,
    Table,
    VideoRow,
)
from formcheck.store.tombstones import bury
from formcheck.store.zip_export import file_blocks, json_lines, write_member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.store.sets import Sets

KEEP_YEARS = 5
"""Years for which a record is kept after its last entry; default, ``FORMCHECK_KEEP_YEARS`` overrides it."""
KEEP_VARIABLE = "FORMCHECK_KEEP_YEARS"
COUNTED: dict[str, tuple[type[Table], QueryableAttribute[Any]]] = {
    "days": (SessionRow, SessionRow.day),
    "sets": (SetRow, SetRow.id),
    "videos": (VideoRow, VideoRow.id),
    "answers": (AnswerRow, AnswerRow.id),
    "programmes": (ProgrammeRow, ProgrammeRow.id),
    "messages": (MessageRow, MessageRow.id),
    "reviews": (ReviewRow, ReviewRow.id),
}
"""Kinds of data whose number a person sees. Two trainings on one day are one day."""
READ_ME = """Everything that formcheck keeps about you.

tables/      one JSON object a line, one file a table: what was counted, measured, answered, prescribed, written, and who looked
             at it (access_log).
sets/        of each set the positions of your joints (.npz, readable with NumPy) and, where it was filmed, the video. The
             number is the set's id in tables/exercise_set.jsonl; its record there is the one that formcheck schema describes.
"""


@dataclass(slots=True, frozen=True)
class ErasedCounts:
    """Number of sets and videos that were deleted, and of sets that stay because they belong to the record."""

    sets: int
    videos: int
    sets_that_stay: int


class PersonalData:
    """Everything about one person. Raises StoreError, OutputError."""

    def __init__(self, database: Database, folder: Path, sets: Sets) -> None:
        self._database, self._folder, self._sets = database, folder, sets

    def counts(self, person_id: int) -> dict[str, int]:
        """Count the data about a person.

        Parameters
        ----------
        person_id : int
            The person.

        Returns
        -------
        dict[str, int]
            The number of each kind (see ``COUNTED``).
        """
        where = _of_person(person_id)
        with self._database.begin() as session:
            found(session, PersonRow, person_id)
            return {
                name: session.scalar(select(func.count(column.distinct())).where(where[table])) or 0
                for name, (table, column) in COUNTED.items()
            }

    def export(self, person_id: int, path: Path) -> int:
        """Write all of a person's data into one ZIP, whole or not at all.

        Parameters
        ----------
        person_id : int
            The person.
        path : Path
            The ZIP.

        Returns
        -------
        int
            Number of files in it.
        """
        with open_output(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            os.chmod(file.name, 0o600)
            archive.writestr("README.txt", READ_ME)
            with self._database.snapshot() as connection:
                found(Session(connection), PersonRow, person_id)
                for table, where in _of_person(person_id).items():
                    query = select(table.__table__).where(where).order_by(table.id)
                    write_member(archive, f"tables/{table.__tablename__}.jsonl", json_lines(connection, query))
                own = _of_person(person_id)[SetRow]
                traces = connection.execute(select(SetRow.id, SetRow.trace_sha256).where(own)).all()
                videos = connection.execute(select(VideoRow.set_id, VideoRow.name).join(SetRow).where(own)).all()
            files = {f"sets/{set_id}.npz": trace_file(sha256) for set_id, sha256 in traces if sha256}
            files |= {f"sets/{set_id}{Path(name).suffix}": f"videos/{name}" for set_id, name in videos}
            for name, place in files.items():
                if (self._folder / place).is_file():
                    write_member(archive, name, file_blocks(self._folder / place), compress=False)
            return len(archive.namelist())

    def erase(self, person_id: int) -> ErasedCounts:
        """Delete a person's data for good: landmarks, videos, answers, settings, own programmes, and sets outside the record.

        A set belongs to the record once a physiotherapist has reviewed it. It stays without its landmarks and video.
        The answers of its session stay too, and so do sessions that a physiotherapist looked through, programmes of
        physiotherapists, and messages.

        Parameters
        ----------
        person_id : int
            The person.

        Returns
        -------
        ErasedCounts
            The numbers of deleted and remaining things.
        """
        with self._database.begin() as session:
            person = found(session, PersonRow, person_id)
            own = _of_person(person_id)[SetRow]
            sets = session.scalars(select(SetRow).where(own)).all()
            reviewed = set(session.scalars(select(ReviewRow.set_id).join(SetRow).where(own, ReviewRow.own.is_(False))))
            videos = session.scalars(select(VideoRow).join(SetRow).where(own)).all()
            traces = {row.trace_sha256 for row in sets if row.trace_sha256}
            gone, stay = ([row for row in sets if (row.id in reviewed) is kept] for kept in (False, True))
            closed = select(EventRow.session_id).where(_of_person(person_id)[EventRow], EventRow.kind == CLOSED)
            kept_sessions = {row.session_id for row in stay} | set(session.scalars(closed))
            sessions = session.scalars(select(SessionRow).where(SessionRow.person_id == person_id)).all()
            empty = [row for row in sessions if row.id not in kept_sessions]
            programmes = session.scalars(
                select(ProgrammeRow).where(ProgrammeRow.person_id == person_id, ~_by_others(session, person_id))
            ).all()
            bury(session, self._folder, "video", [(row.id, row.kept_at) for row in videos])
            bury(session, self._folder, "set", [(row.id, row.started_at) for row in gone])
            bury(session, self._folder, "trace", [(row.id, row.started_at) for row in stay])
            bury(session, self._folder, "session", [(row.id, row.started_at) for row in empty])
            bury(session, self._folder, "programme", [(row.id, row.made_at) for row in programmes])
            bury(session, self._folder, "profile", [(person.id, person.created_at)])
            deleted: list[tuple[type[Table], Sequence[Table]]] = [
                (VideoRow, videos),
                (SetRow, gone),
                (SessionRow, empty),
                (ProgrammeRow, programmes),
            ]
            for table, rows in deleted:
                session.execute(delete(table).where(table.id.in_([one.id for one in rows])))
            session.execute(update(SetRow).where(SetRow.id.in_([row.id for row in stay])).values(trace_sha256=None))
            person.first_start, person.settings = None, {}
            done = ErasedCounts(len(gone), len(videos), len(stay))
        for video in videos:
            (self._folder / "videos" / video.name).unlink(missing_ok=True)
        for row in sets:
            self._sets.journal_path(row.id).unlink(missing_ok=True)
        self._sets.remove_unused(traces)
        return done

    def purge_records(self, years: int | None = None) -> int:
        """Remove everything about people without a new entry for some years.

        The one person of a machine without accounts is left out: they decide alone about their data.

        Parameters
        ----------
        years : int or None
            Number of years; None for ``keep_years``.

        Returns
        -------
        int
            Number of people.
        """
        until = now() - timedelta(days=round((keep_years() if years is None else years) * 365.25))
        newest = (
            select(SessionRow.id).where(SessionRow.person_id == PersonRow.id, SessionRow.started_at > until),
            select(MessageRow.id).where(MessageRow.person_id == PersonRow.id, MessageRow.sent_at > until),
            select(ProgrammeVersionRow.id)
            .join(ProgrammeRow)
            .where(ProgrammeRow.person_id == PersonRow.id, ProgrammeVersionRow.made_at > until),
            select(ReviewRow.id)
            .join(SetRow)
            .join(SessionRow)
            .where(SessionRow.person_id == PersonRow.id, ReviewRow.at > until),
            select(EventRow.id)
            .join(SessionRow)
            .where(SessionRow.person_id == PersonRow.id, EventRow.kind == CLOSED, EventRow.at > until),
        )
        silent = (PersonRow.local.is_not(True), PersonRow.created_at <= until, *(~query.exists() for query in newest))
        with self._database.begin() as session:
            gone = session.scalars(select(PersonRow).where(*silent)).all()
        for person in gone:
            self.erase(person.id)
            with self._database.begin() as session:
                bury(session, self._folder, "person", [(person.id, person.created_at)])
                session.execute(delete(PersonRow).where(PersonRow.id == person.id))
        return len(gone)


def keep_years() -> int:
    """Read for how many years a record is kept after its last entry.

    Returns
    -------
    int
        Number of years.

    Raises
    ------
    StoreError
        ``FORMCHECK_KEEP_YEARS`` is no number of years (``store_keep_years``).
    """
    years = os.environ.get(KEEP_VARIABLE, "").strip()
    if years and not (years.isdecimal() and 1 <= int(years) <= 100):
        raise StoreError(
            f"{KEEP_VARIABLE} is {years!r}; it is a number of years, 1 to 100. Nothing was removed.",
            code="store_keep_years",
            name=KEEP_VARIABLE,
            value=years,
        )
    return int(years) if years else KEEP_YEARS


def _of_person(person_id: int) -> dict[type[Table], ColumnElement[bool]]:
    """Return the condition for a person's rows in each table."""
    sessions = select(SessionRow.id).where(SessionRow.person_id == person_id)
    sets = select(SetRow.id).where(SetRow.session_id.in_(sessions))
    programmes = select(ProgrammeRow.id).where(ProgrammeRow.person_id == person_id)
    accounts = select(AccountRow.id).where(AccountRow.person_id == person_id)
    return {
        PersonRow: PersonRow.id == person_id,
        AccountRow: AccountRow.person_id == person_id,
        SignOutRow: SignOutRow.account_id.in_(accounts),
        LinkRow: LinkRow.person_id == person_id,
        SessionRow: SessionRow.person_id == person_id,
        AnswerRow: AnswerRow.session_id.in_(sessions),
        EventRow: EventRow.session_id.in_(sessions),
        SetRow: SetRow.session_id.in_(sessions),
        RepetitionRow: RepetitionRow.set_id.in_(sets),
        VideoRow: VideoRow.set_id.in_(sets),
        ReviewRow: ReviewRow.set_id.in_(sets),
        ProgrammeRow: ProgrammeRow.person_id == person_id,
        ProgrammeVersionRow: ProgrammeVersionRow.programme_id.in_(programmes),
        GoalRatingRow: GoalRatingRow.programme_id.in_(programmes),
        MessageRow: MessageRow.person_id == person_id,
        AccessRow: AccessRow.person_id == person_id,
    }


def _by_others(session: Session, person_id: int) -> ColumnElement[bool]:
    """Return the condition for a programme with a version by another account."""
    own = session.scalar(select(AccountRow.id).where(AccountRow.person_id == person_id))
    other: ColumnElement[bool] = ProgrammeVersionRow.made_by.is_not(None)
    if own is not None:
        other &= ProgrammeVersionRow.made_by != own
    return select(ProgrammeVersionRow.id).where(ProgrammeVersionRow.programme_id == ProgrammeRow.id, other).exists()
