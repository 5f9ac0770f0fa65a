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

    def add(self, set_id: int, entry: Correction, *, by: int | None = None) -> None:
        """Keep an entry about a set. ``by``: the account; None on a machine without accounts. The newest of a kind counts."""
        with self._database.begin() as session:
            found(session, SetRow, set_id)
            session.add(ReviewRow(set_id=set_id, account_id=by, entry=entry.model_dump(mode="json"), at=now()))

    def of(self, *set_ids: int) -> dict[int, list[Correction]]:
        """Return the entries of sets in order, by set; with the name that the account has now."""
        with self._database.begin() as session:
            out: dict[int, list[Correction]] = {set_id: [] for set_id in set_ids}
            rows = session.execute(
                select(ReviewRow.set_id, ReviewRow.entry, AccountRow.name)
                .outerjoin(AccountRow)
                .where(ReviewRow.set_id.in_(set_ids))
                .order_by(ReviewRow.id)
            )
            for set_id, entry, name in rows:
                out[set_id].append(Correction.model_validate(entry | ({} if name is None else {"by": name})))
            return out
