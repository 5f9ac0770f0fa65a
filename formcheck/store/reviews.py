"""What people corrected, decided and said about sets: every entry with who and when. Nothing is changed or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        """Keep, all or nothing, that a physiotherapist looked through these sets and what was reported in these sessions.

        ``entry``: of kind ``seen``, with the reason. ``until``: when the last thing of it was reported, so that what comes later
        waits again; None when nothing was. A session can be closed in which there is no set: Stop was pressed before one.
        """
        with self._database.begin() as session:
            kept, at = _signed(session, entry, by), now()
            for set_id in set_ids:
                found(session, SetRow, set_id)
                session.add(ReviewRow(set_id=set_id, account_id=by, own=False, entry=kept, at=at))
            for session_id in session_ids if until is not None else ():
                found(session, SessionRow, session_id)
                data = {"entry": kept, "until": until.isoformat()}
                session.add(EventRow(session_id=session_id, kind=CLOSED, at=at, data=data))

    def of(self, *set_ids: int) -> dict[int, list[Correction]]:
        """Return the entries of sets in order, by set."""
        with self._database.begin() as session:
            out: dict[int, list[Correction]] = {set_id: [] for set_id in set_ids}
            columns = (ReviewRow.set_id, ReviewRow.entry)
            for set_id, entry in session.execute(
                select(*columns).where(ReviewRow.set_id.in_(set_ids)).order_by(ReviewRow.id)
            ):
                out[set_id].append(Correction.model_validate(entry))
            return out


def _signed(session: Session, entry: Correction, by: int | None) -> dict:
    """Return an entry as it is kept, under the name of an account."""
    if by is not None:
        entry = entry.model_copy(update={"by": found(session, AccountRow, by).name})
    return entry.model_dump(mode="json")
