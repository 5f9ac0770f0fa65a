"""Reviews: corrections, decisions and comments about sets, each with who and when. No entry is changed or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from formcheck.model.corrections import CHANGES_NO_NUMBER, Correction, no_bout
from formcheck.store.corrected_sets import corrected_set, rewrite_numbers
from formcheck.store.database import Database, now
from formcheck.store.people import found
from formcheck.store.tables import AccountRow, EventRow, ReviewRow, SessionRow, SetRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

CLOSED = "looked_through"
"""The kind of the event that says that a physiotherapist looked a session through."""


class Reviews:
    """The reviews of the database. Everything raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, set_id: int, entry: Correction, *, by: int | None = None, as_person: bool = True) -> None:
        """Store an entry about a set, and every number of the set that it changes, in one transaction.

        A newer entry about the same thing replaces the earlier one, so an entry is withdrawn by its opposite. An entry of a
        physiotherapist makes the set part of the record.

        Parameters
        ----------
        set_id : int
            The set.
        entry : Correction
            The entry. It is stored under the name of ``by``.
        by : int or None
            The account that makes the entry; None on a machine without accounts.
        as_person : bool
            True when the person who trained makes the entry.

        Raises
        ------
        StoreError
            There is no such set (``store_unknown``), or this version cannot read its record (``store_record``).
        SpecError
            The entry does not fit the record. Nothing was changed.
        """
        with self._database.begin() as session:
            # Two corrections of one set wait for each other: PostgreSQL locks the row, SQLite the database at the first write.
            session.execute(select(SetRow.id).where(SetRow.id == set_id).with_for_update())
            found(session, SetRow, set_id)
            signed = _signed(session, entry, by)
            session.add(ReviewRow(set_id=set_id, account_id=by, own=as_person, entry=signed, at=now()))
            session.flush()
            if entry.kind not in CHANGES_NO_NUMBER:
                corrected = corrected_set(session, set_id)
                if corrected is None:
                    raise no_bout(entry)
                rewrite_numbers(session, set_id, corrected.record)

    def close(
        self,
        set_ids: Iterable[int],
        session_ids: Iterable[int],
        entry: Correction,
        until: datetime | None,
        *,
        by: int | None = None,
    ) -> None:
        """Store that a physiotherapist looked through sets and reports, all or nothing.

        A session without a set can be closed too: Stop may be pressed before the first repetition.

        Parameters
        ----------
        set_ids : Iterable[int]
            The sets.
        session_ids : Iterable[int]
            The sessions whose reports were looked through.
        entry : Correction
            An entry of kind ``seen`` with the reason.
        until : datetime or None
            Time of the last report, so that later ones wait again; None without a report.
        by : int or None
            The account that asks; None on a machine without accounts.
        """
        with self._database.begin() as session:
            signed, at = _signed(session, entry, by), now()
            for set_id in set_ids:
                found(session, SetRow, set_id)
                session.add(ReviewRow(set_id=set_id, account_id=by, own=False, entry=signed, at=at))
            if until is None:
                return
            for session_id in session_ids:
                found(session, SessionRow, session_id)
                data = {"entry": signed, "until": until.isoformat()}
                session.add(EventRow(session_id=session_id, kind=CLOSED, at=at, data=data))

    def of(self, *set_ids: int) -> dict[int, list[Correction]]:
        """Read the entries of sets.

        Parameters
        ----------
        *set_ids : int
            The sets.

        Returns
        -------
        dict[int, list[Correction]]
            The entries of each set, in order.
        """
        with self._database.begin() as session:
            out: dict[int, list[Correction]] = {set_id: [] for set_id in set_ids}
            columns = (ReviewRow.set_id, ReviewRow.entry)
            for set_id, entry in session.execute(
                select(*columns).where(ReviewRow.set_id.in_(set_ids)).order_by(ReviewRow.id)
            ):
                out[set_id].append(Correction.model_validate(entry))
            return out


def _signed(session: Session, entry: Correction, by: int | None) -> dict[str, Any]:
    """Return an entry as it is kept, under the name of an account."""
    if by is not None:
        entry = entry.model_copy(update={"by": found(session, AccountRow, by).name})
    return entry.model_dump(mode="json")
