"""Sets, as they happen and when they are finished."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

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

    def start(
        self, session_id: int, exercise: str, prescription: dict[str, Any], pose_in: str, setup: dict[str, Any]
    ) -> StoredSet:
        """Begin a set.

        Parameters
        ----------
        session_id : int
            The training session.
        exercise : str
            Id of the exercise.
        prescription : dict[str, Any]
            The prescription, as JSON.
        pose_in : str
            Place where the pose is estimated: browser, server or video.
        setup : dict[str, Any]
            Ignored checks, the outline for the next time, and the place in the plan.

        Returns
        -------
        StoredSet
            The set.
        """
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
            return _stored(row)

    def add_repetition(self, set_id: int, rep: SeenRep, faults: dict[str, int]) -> None:
        """Store a repetition as soon as it ends, and the counts with it.

        Parameters
        ----------
        set_id : int
            The set.
        rep : SeenRep
            The repetition.
        faults : dict[str, int]
            Severity of each broken rule.
        """
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
        """Store the duration of a hold so far.

        Parameters
        ----------
        set_id : int
            The set.
        hold_s : float
            Seconds held.
        in_form_s : float
            Seconds held in good form.
        """
        with self._database.begin() as session:
            session.execute(update(SetRow).where(SetRow.id == set_id).values(hold_s=hold_s, in_form_s=in_form_s))

    def finish(self, set_id: int, record: SetRecord, trace: Trace, why: str) -> None:
        """Store the record and landmarks of a finished set, then delete its journal.

        Parameters
        ----------
        set_id : int
            The set.
        record : SetRecord
            The record.
        trace : Trace
            The landmarks.
        why : str
            Reason for the end.

        Raises
        ------
        StoreError
            Record or landmarks cannot be stored. Nothing changed.
        """
        sha256 = self._write_trace(trace)
        with self._database.begin() as session:
            row = found(session, SetRow, set_id)
            row.state = "interrupted" if why == "left_page" else "finished"
            row.why_ended, row.ended_at = why, now()
            row.record, row.trace_sha256 = record.model_dump(mode="json"), sha256
            session.flush()
            rewrite_numbers(session, set_id, record)
        self.journal_path(set_id).unlink(missing_ok=True)

    def drop(self, set_id: int) -> None:
        """Remove a set in which nothing was done.

        Parameters
        ----------
        set_id : int
            The set.
        """
        with self._database.begin() as session:
            session.execute(delete(SetRow).where(SetRow.id == set_id))
        self.journal_path(set_id).unlink(missing_ok=True)

    def journal(self, set_id: int) -> Journal:
        """Open the journal of a running set for writing.

        Parameters
        ----------
        set_id : int
            The set.

        Returns
        -------
        Journal
            The journal.

        Raises
        ------
        StoreError
            The folder cannot be made (``store_folder``).
        """
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
        """Name the journal of a running set.

        Parameters
        ----------
        set_id : int
            The set.

        Returns
        -------
        Path
            Its path.
        """
        return self._journals / f"set-{set_id}.poses"

    def running(self, person_id: int) -> StoredSet | None:
        """Find the newest set of a person that runs.

        Parameters
        ----------
        person_id : int
            The person.

        Returns
        -------
        StoredSet or None
            The set; None without one.
        """
        with self._database.begin() as session:
            row = session.scalar(
                select(SetRow)
                .join(SessionRow)
                .where(SessionRow.person_id == person_id, SetRow.state == "running", SetRow.deleted_at.is_(None))
                .order_by(SetRow.id.desc())
                .limit(1)
            )
            return None if row is None else _stored(row)

    def get(self, set_id: int) -> StoredSet:
        """Read a set.

        Parameters
        ----------
        set_id : int
            The set.

        Returns
        -------
        StoredSet
            The set.

        Raises
        ------
        StoreError
            There is no such set (``store_unknown``).
        """
        with self._database.begin() as session:
            return _stored(found(session, SetRow, set_id))

    def of(self, *session_ids: int, deleted: bool = False) -> list[StoredSet]:
        """Read the sets of sessions.

        Parameters
        ----------
        *session_ids : int
            The sessions.
        deleted : bool
            Include the deleted sets that can still be restored.

        Returns
        -------
        list[StoredSet]
            The sets, in order.
        """
        with self._database.begin() as session:
            unread = defer(SetRow.record), defer(SetRow.summary)  # the most of a row by far
            query = (
                select(SetRow)
                .options(*unread)
                .where(SetRow.session_id.in_(session_ids))
                .order_by(SetRow.session_id, SetRow.position)
            )
            rows = session.scalars(query if deleted else query.where(SetRow.deleted_at.is_(None)))
            return [_stored(row) for row in rows]

    def repetitions(self, set_id: int) -> list[dict[str, Any]]:
        """Read the repetitions of a set: so far, or as corrected once it is finished.

        Parameters
        ----------
        set_id : int
            The set.

        Returns
        -------
        list[dict[str, Any]]
            The repetitions, as JSON.
        """
        names = ("number", "counted", "side", "start_s", "turn_s", "end_s", "measures", "faults")
        with self._database.begin() as session:
            rows = session.scalars(
                select(RepetitionRow).where(RepetitionRow.set_id == set_id).order_by(RepetitionRow.number)
            )
            return [{name: getattr(row, name) for name in names} for row in rows]

    def corrected(self, set_id: int) -> Corrected | None:
        """Read a finished set as corrected, with the original record beside it.

        Every page, report and export reads a set here. An older record gets the defaults of fields that were added
        since.

        Parameters
        ----------
        set_id : int
            The set.

        Returns
        -------
        Corrected or None
            The corrected set; None while it runs.

        Raises
        ------
        StoreError
            There is no such set (``store_unknown``), or this version cannot read its record (``store_record``).
        """
        with self._database.begin() as session:
            found(session, SetRow, set_id)
            return corrected_set(session, set_id)

    def trace(self, set_id: int) -> Trace | None:
        """Read the trace of a finished set.

        Parameters
        ----------
        set_id : int
            The set.

        Returns
        -------
        Trace or None
            The trace; None while the set runs.

        Raises
        ------
        StoreError
            There is no such set (``store_unknown``).
        SourceError
            The file cannot be read.
        """
        sha256 = self.get(set_id).trace_sha256
        return None if sha256 is None else read_trace(self.trace_path(sha256))

    def trace_path(self, sha256: str) -> Path:
        """Name the file of a trace.

        Parameters
        ----------
        sha256 : str
            The sha256 of its contents.

        Returns
        -------
        Path
            Its path.
        """
        return self._folder / trace_file(sha256)

    def outlines(self, person_id: int) -> dict[str, list[list[float]]]:
        """Read where the person stood the last time.

        Parameters
        ----------
        person_id : int
            The person.

        Returns
        -------
        dict[str, list[list[float]]]
            The outline (points as shares of the frame) for each ``exercise/view``.
        """
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
        """Hide a set. ``restore`` brings it back until it is purged.

        Parameters
        ----------
        set_id : int
            The set.
        """
        with self._database.begin() as session:
            row = found(session, SetRow, set_id)
            row.deleted_at = now()
            bury(session, self._folder, "set", [(row.id, row.started_at)])

    def restore(self, set_id: int) -> None:
        """Bring a deleted set back.

        Parameters
        ----------
        set_id : int
            The set.
        """
        with self._database.begin() as session:
            row = found(session, SetRow, set_id)
            row.deleted_at = None
            unbury(session, self._folder, "set", row.id, row.started_at)

    def purge(self, older_than_s: float = 0.0) -> int:
        """Remove deleted sets for good, with their landmarks.

        Parameters
        ----------
        older_than_s : float
            Smallest age (s).

        Returns
        -------
        int
            Number of sets.
        """
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
        """Remove landmark files that belong to no set any longer.

        Parameters
        ----------
        traces : Iterable[str]
            The sha256 of each file.
        """
        with self._database.begin() as session:
            used = set(session.scalars(select(SetRow.trace_sha256).where(SetRow.trace_sha256.in_(traces))))
        for sha256 in set(traces) - used:
            self.trace_path(sha256).unlink(missing_ok=True)

    def _write_trace(self, trace: Trace) -> str:
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


def _stored(row: SetRow) -> StoredSet:
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
