"""What people corrected, decided and said about sets: every entry with who and when. Nothing is changed or removed."""

from __future__ import annotations

from sqlalchemy import select

from formcheck.corrections import Correction
from formcheck.store.database import Database, now
from formcheck.store.people import found
from formcheck.store.tables import AccountRow, ReviewRow, SetRow


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
            if by is not None:
                entry = entry.model_copy(update={"by": found(session, AccountRow, by).name})
            kept = entry.model_dump(mode="json")
            session.add(ReviewRow(set_id=set_id, account_id=by, own=as_person, entry=kept, at=now()))

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
