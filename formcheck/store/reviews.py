"""What people corrected, decided and said about sets: every entry with who and when. Nothing is changed or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from formcheck.model.corrections import Correction
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
        """Keep an entry about a set; of several about the same thing the newest counts.

        ``by``: the account, whose name the entry gets; None on a machine without accounts. ``as_person``: whoever trained says
        so themselves; an entry of a physiotherapist makes the set part of the record.
        """
        with self._database.begin() as session:
            found(session, SetRow, set_id)
            kept = _signed(session, entry, by)
            session.add(ReviewRow(set_id=set_id, account_id=by, own=as_person, entry=kept, at=now()))

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
