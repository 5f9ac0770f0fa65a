"""Sets, as they happen and when they are finished."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import defer

from formcheck.errors import StoreError
from formcheck.files.traces import read_trace, write_trace
from formcheck.model.entities import StoredSet
from formcheck.store.corrected_sets import corrected_set, rewrite_numbers
from formcheck.store.database import Database, now, utc
from formcheck.store.file_layout import remove_abandoned, trace_file
from formcheck.store.journal import Journal
from formcheck.store.people import found
from formcheck.store.tables import RepetitionRow, SessionRow, SetRow
from formcheck.store.tombstones import bury, unbury

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from formcheck.model.corrections import Corrected
    from formcheck.model.frames import SeenRep, Trace
    from formcheck.model.records import SetRecord


class Sets:
    """The sets of the database, their traces and journals in ``folder``."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._folder = database, folder
        self._traces, self._journals = folder / "traces", folder / "journals"

    def start(self, session_id: int, exercise: str, prescription: dict, pose_in: str, setup: dict) -> StoredSet:
        """Begin a set. ``setup``: what was ignored, the outline for the next time, the place in the plan."""
        with self._database.begin() as session:
            found(session, SessionRow, session_id)
            taken = session.scalar(select(func.max(SetRow.position)).where(SetRow.session_id == session_id))
            row = SetRow(
                session_id=session_id,
                position=0 if taken is None else taken + 1,
                exercise=exercise,
                state="running",
                started_at=now(),
                prescription=prescription,
                pose_in=pose_in,
                setup=setup,
                rep_count=0,
                partial_count=0,
                hold_s=0.0,
                in_form_s=0.0,
            )
            session.add(row)
            session.flush()
            return _kept(row)

    def add_repetition(self, set_id: int, rep: SeenRep, faults: dict[str, int]) -> None:
        """Keep a repetition the moment it is over, and the counts with it."""
        measures = {
            f"{rep.depth_of}_peak_deg": _known(rep.depth_deg),
            f"{rep.depth_of}_range_deg": _known(rep.excursion_deg),
        }
        with self._database.begin() as session:
            session.execute(
                delete(RepetitionRow).where(RepetitionRow.set_id == set_id, RepetitionRow.number == rep.index)
            )
            session.add(
                RepetitionRow(
                    set_id=set_id,
                    number=rep.index,
                    counted=rep.counted,
                    side=rep.side,
                    start_s=rep.start_s,
                    turn_s=rep.turn_s,
                    end_s=rep.end_s,
                    measures=measures,
                    faults=faults,
                )
            )
            session.flush()
            counted = dict(
                session.execute(
                    select(RepetitionRow.counted, func.count())
                    .where(RepetitionRow.set_id == set_id)
                    .group_by(RepetitionRow.counted)
                ).all()
            )
            counts = {"rep_count": counted.get(True, 0), "partial_count": counted.get(False, 0)}
            session.execute(update(SetRow).where(SetRow.id == set_id).values(**counts))

    def keep_clocks(self, set_id: int, hold_s: float, in_form_s: float) -> None:
        """Keep how long a hold has lasted so far."""
        with self._database.begin() as session:
            session.execute(update(SetRow).where(SetRow.id == set_id).values(hold_s=hold_s, in_form_s=in_form_s))

    def finish(self, set_id: int, record: SetRecord, trace: Trace, why: str) -> None:
        """Keep the finished record and its landmarks; the journal has served. Raises StoreError, and then all stays as it was."""
        sha256 = self._keep_trace(trace)
        with self._database.begin() as session:
            row = found(session, SetRow, set_id)
            row.state = "interrupted" if why == "left_page" else "finished"
            row.why_ended, row.ended_at = why, now()
            row.record, row.trace_sha256 = record.model_dump(mode="json"), sha256
            session.flush()
            rewrite_numbers(session, set_id, record)
        self.journal_path(set_id).unlink(missing_ok=True)

    def drop(self, set_id: int) -> None:
        """Remove a set in which nothing was done."""
        with self._database.begin() as session:
            session.execute(delete(SetRow).where(SetRow.id == set_id))
        self.journal_path(set_id).unlink(missing_ok=True)

    def journal(self, set_id: int) -> Journal:
        """Return the journal of a running set, to be appended to. Raises StoreError."""
        try:
            self._journals.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"Cannot make the folder {self._journals}: {error.strerror}. Nothing was changed.",
                code="store_folder",
                folder=str(self._journals),
                reason=error.strerror,
            ) from error
        return Journal(self.journal_path(set_id))

    def journal_path(self, set_id: int) -> Path:
        """Return where the journal of a set is, while it runs."""
        return self._journals / f"set-{set_id}.poses"

    def running(self, person_id: int) -> StoredSet | None:
        """Return the newest set of a person that was begun and neither finished nor deleted, or None."""
        with self._database.begin() as session:
            row = session.scalar(
                select(SetRow)
                .join(SessionRow)
                .where(SessionRow.person_id == person_id, SetRow.state == "running", SetRow.deleted_at.is_(None))
                .order_by(SetRow.id.desc())
                .limit(1)
            )
            return None if row is None else _kept(row)

    def get(self, set_id: int) -> StoredSet:
        """Return a set. Raises StoreError (``store_unknown``)."""
        with self._database.begin() as session:
            return _kept(found(session, SetRow, set_id))

    def of(self, *session_ids: int, deleted: bool = False) -> list[StoredSet]:
        """Return the sets of sessions in order; with ``deleted`` those too that can still be restored."""
        with self._database.begin() as session:
            unread = defer(SetRow.record), defer(SetRow.summary)  # the most of a row by far
            query = (
                select(SetRow)
                .options(*unread)
                .where(SetRow.session_id.in_(session_ids))
                .order_by(SetRow.session_id, SetRow.position)
            )
            rows = session.scalars(query if deleted else query.where(SetRow.deleted_at.is_(None)))
            return [_kept(row) for row in rows]

    def repetitions(self, set_id: int) -> list[dict]:
        """Return the repetitions of a set as kept so far."""
        names = ("number", "counted", "side", "start_s", "turn_s", "end_s", "measures", "faults")
        with self._database.begin() as session:
            rows = session.scalars(
                select(RepetitionRow).where(RepetitionRow.set_id == set_id).order_by(RepetitionRow.number)
            )
            return [{name: getattr(row, name) for name in names} for row in rows]

    def corrected(self, set_id: int) -> Corrected | None:
        """Return a finished set as corrected, with the original record beside it; None while it runs.

        Every page, report and export reads a set here. An older record gets the defaults of what was added since.
        Raises StoreError (``store_unknown``; ``store_record``: this version cannot read it).
        """
        with self._database.begin() as session:
            found(session, SetRow, set_id)
            return corrected_set(session, set_id)

    def trace(self, set_id: int) -> Trace | None:
        """Return the trace of a finished set, None while it runs. Raises StoreError and SourceError."""
        sha256 = self.get(set_id).trace_sha256
        return None if sha256 is None else read_trace(self.trace_path(sha256))

    def trace_path(self, sha256: str) -> Path:
        """Return where the trace of that sha256 is."""
        return self._folder / trace_file(sha256)

    def outlines(self, person_id: int) -> dict[str, list]:
        """Return where the person stood the last time, for each ``exercise/view``."""
        with self._database.begin() as session:
            newest = (
                select(func.max(SetRow.id))
                .join(SessionRow)
                .where(SessionRow.person_id == person_id, SetRow.state == "finished", SetRow.deleted_at.is_(None))
                .where(SetRow.pose_in.in_(("browser", "server")))  # not one that came from a video
                .group_by(SetRow.exercise)
            )
            rows = session.scalars(select(SetRow).where(SetRow.id.in_(newest)))
            return {
                f"{row.exercise}/{row.setup['view']}": row.setup["outline"] for row in rows if row.setup.get("outline")
            }

    def delete(self, set_id: int) -> None:
        """Hide a set; ``restore`` brings it back until it is purged."""
        with self._database.begin() as session:
            row = found(session, SetRow, set_id)
            row.deleted_at = now()
            bury(session, self._folder, "set", [(row.id, row.started_at)])

    def restore(self, set_id: int) -> None:
        """Bring a deleted set back."""
        with self._database.begin() as session:
            row = found(session, SetRow, set_id)
            row.deleted_at = None
            unbury(session, self._folder, "set", row.id, row.started_at)

    def purge(self, older_than_s: float = 0.0) -> int:
        """Remove deleted sets for good, with their landmarks; return how many."""
        with self._database.begin() as session:
            until = now() - timedelta(seconds=older_than_s)
            gone = session.scalars(select(SetRow).where(SetRow.deleted_at <= until)).all()
            traces = {row.trace_sha256 for row in gone if row.trace_sha256}
            ids = [row.id for row in gone]
            session.execute(delete(SetRow).where(SetRow.id.in_(ids)))
        self.remove_unused(traces)
        remove_abandoned(self._traces)
        for set_id in ids:
            self.journal_path(set_id).unlink(missing_ok=True)
        return len(ids)

    def remove_unused(self, traces: Iterable[str]) -> None:
        """Remove those of these landmark files (sha256) that belong to no set any more."""
        with self._database.begin() as session:
            kept = set(session.scalars(select(SetRow.trace_sha256).where(SetRow.trace_sha256.in_(traces))))
        for sha256 in set(traces) - kept:
            self.trace_path(sha256).unlink(missing_ok=True)

    def _keep_trace(self, trace: Trace) -> str:
        """Write a trace under its sha256, whole or not at all; return the sha256."""
        waiting = self._traces / f"waiting-{secrets.token_hex(8)}.npz"
        try:
            self._traces.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_trace(trace, waiting)
            sha256 = hashlib.sha256(waiting.read_bytes()).hexdigest()
            place = self.trace_path(sha256)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            os.replace(waiting, place)
        except OSError as error:
            raise StoreError(
                f"Cannot keep the set in {self._traces}: {error.strerror}. What was kept so far is still there.",
                code="store_write",
                folder=str(self._traces),
                reason=error.strerror,
            ) from error
        return sha256


def _known(value: float) -> float | None:
    return None if value != value else round(value, 3)


def _kept(row: SetRow) -> StoredSet:
    return StoredSet(
        row.id,
        row.session_id,
        row.position,
        row.exercise,
        row.state,
        utc(row.started_at),
        row.prescription,
        row.pose_in,
        row.setup,
        row.why_ended,
        row.rep_count,
        row.partial_count,
        row.hold_s,
        row.in_form_s,
        row.deleted_at is not None,
        row.trace_sha256,
    )
