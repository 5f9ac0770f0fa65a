"""A person's own data: all of it in one ZIP of open formats, and its deletion for good."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

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
    VideoRow,
)
from formcheck.store.tombstones import bury
from formcheck.store.zip_export import file_blocks, json_lines, write_member

if TYPE_CHECKING:
    from formcheck.store.sets import Sets

KEEP_YEARS = 5
"""How long a record is kept after its last entry, where ``FORMCHECK_KEEP_YEARS`` says nothing else."""
KEEP_VARIABLE = "FORMCHECK_KEEP_YEARS"
COUNTED = {
    "days": SessionRow.day,
    "sets": SetRow.id,
    "videos": VideoRow.id,
    "answers": AnswerRow.id,
    "programmes": ProgrammeRow.id,
    "messages": MessageRow.id,
    "reviews": ReviewRow.id,
}
"""What a person is told the number of; a day on which they trained twice is one."""
READ_ME = """Everything that formcheck keeps about you.

tables/      one JSON object a line, one file a table: what was counted, measured, answered, prescribed, written, and who looked
             at it (access_log).
sets/        of each set the positions of your joints (.npz, readable with NumPy) and, where it was filmed, the video. The
             number is the set's id in tables/exercise_set.jsonl; its record there is the one that formcheck schema describes.
"""


@dataclass(slots=True, frozen=True)
class Erased:
    """What was deleted, and what stays because a physiotherapist took it into the record."""

    sets: int
    videos: int
    sets_that_stay: int


class PersonalData:
    """Everything about one person. Raises StoreError, OutputError."""

    def __init__(self, database: Database, folder: Path, sets: Sets) -> None:
        self._database, self._folder, self._sets = database, folder, sets

    def counts(self, person_id: int) -> dict[str, int]:
        """Return how much is kept about a person, by kind (see ``COUNTED``)."""
        where = _of_person(person_id)
        with self._database.begin() as session:
            found(session, PersonRow, person_id)
            return {
                name: session.scalar(select(func.count(column.distinct())).where(where[column.class_]))
                for name, column in COUNTED.items()
            }

    def export(self, person_id: int, path: Path) -> int:
        """Write all of a person's data into one ZIP, whole or not at all; return how many files are in it."""
        with open_output(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            os.chmod(file.name, 0o600)
            archive.writestr("README.txt", READ_ME)
            with self._database.snapshot() as connection:
                found(Session(connection), PersonRow, person_id)
                for row, where in _of_person(person_id).items():
                    query = select(row.__table__).where(where).order_by(row.id)
                    write_member(archive, f"tables/{row.__tablename__}.jsonl", json_lines(connection, query))
                own = _of_person(person_id)[SetRow]
                traces = connection.execute(select(SetRow.id, SetRow.trace_sha256).where(own)).all()
                videos = connection.execute(select(VideoRow.set_id, VideoRow.name).join(SetRow).where(own)).all()
            files = {f"sets/{set_id}.npz": trace_file(sha256) for set_id, sha256 in traces if sha256}
            files |= {f"sets/{set_id}{Path(name).suffix}": f"videos/{name}" for set_id, name in videos}
            for name, place in files.items():
                if (self._folder / place).is_file():
                    write_member(archive, name, file_blocks(self._folder / place), compress=False)
            return len(archive.namelist())

    def erase(self, person_id: int) -> Erased:
        """Delete a person's landmarks, videos, answers, settings, own programmes and every set that is not in the record, for good.

        A set belongs to the record once a physiotherapist reviewed it: it stays, without its landmarks and video, and so do the
        answers of its session, a session that a physiotherapist looked through, programmes of physiotherapists, and messages.
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
            for row, rows in ((VideoRow, videos), (SetRow, gone), (SessionRow, empty), (ProgrammeRow, programmes)):
                session.execute(delete(row).where(row.id.in_([one.id for one in rows])))
            session.execute(update(SetRow).where(SetRow.id.in_([row.id for row in stay])).values(trace_sha256=None))
            person.first_start, person.settings = None, {}
            done = Erased(len(gone), len(videos), len(stay))
        for row in videos:
            (self._folder / "videos" / row.name).unlink(missing_ok=True)
        for row in sets:
            self._sets.journal_path(row.id).unlink(missing_ok=True)
        self._sets.remove_unused(traces)
        return done

    def purge_records(self, years: int | None = None) -> int:
        """Remove for good everything about people of whom nothing was kept for so many years (``keep_years``); return how many.

        Not the one person of a machine without accounts: whose data that is, decides alone.
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
    """Return for how many years a record is kept after its last entry. Raises StoreError."""
    said = os.environ.get(KEEP_VARIABLE, "").strip()
    if said and not (said.isdecimal() and 1 <= int(said) <= 100):
        raise StoreError(
            f"{KEEP_VARIABLE} is {said!r}; it is a number of years, 1 to 100. Nothing was removed.",
            code="store_keep_years",
            name=KEEP_VARIABLE,
            value=said,
        )
    return int(said) if said else KEEP_YEARS


def _of_person(person_id: int) -> dict[type, ColumnElement[bool]]:
    """Return what tells a person's rows in each table that has any."""
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
    """Return what tells a programme that somebody else had a hand in."""
    own = session.scalar(select(AccountRow.id).where(AccountRow.person_id == person_id))
    other = ProgrammeVersionRow.made_by.is_not(None)
    if own is not None:
        other &= ProgrammeVersionRow.made_by != own
    return select(ProgrammeVersionRow.id).where(ProgrammeVersionRow.programme_id == ProgrammeRow.id, other).exists()
