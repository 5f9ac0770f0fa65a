"""The access log: who looked at a person's data, and who tried to. The person can read it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from formcheck.model.entities import Access
from formcheck.store.database import Database, now, utc
from formcheck.store.tables import AccessRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from formcheck.store.principal import Principal

SAME_LOOK = timedelta(minutes=10)


class AccessLog:
    """The access log of the database. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person_id: int, limit: int = 200) -> list[Access]:
        """Return who looked at a person's data or tried to, the newest first; not the person's own looks."""
        with self._database.begin() as session:
            rows = session.scalars(
                select(AccessRow).where(AccessRow.person_id == person_id).order_by(AccessRow.id.desc()).limit(limit)
            )
            return [Access(utc(row.at), row.who, row.what, row.allowed) for row in rows]


def note(
    session: Session, who: Principal, what: str, people: Iterable[int], row_id: int | None, *, allowed: bool
) -> None:
    """Note in this transaction that somebody looked at these people's data, or tried to (then also when it is nobody's).

    A page asks again and again: the same look is noted once in ten minutes, a refusal every time.
    """
    about = set(people) or (set() if allowed else {None})
    if allowed and about:
        again = select(AccessRow.person_id).where(
            AccessRow.person_id.in_(about),
            AccessRow.at > now() - SAME_LOOK,
            AccessRow.account_id == who.account_id,
            AccessRow.what == what,
            AccessRow.allowed,
        )
        about -= set(session.scalars(again))
    rows = [
        {
            "at": now(),
            "account_id": who.account_id,
            "who": who.name,
            "person_id": person_id,
            "what": what,
            "row_id": row_id,
            "allowed": allowed,
        }
        for person_id in about
    ]
    if rows:
        session.execute(insert(AccessRow), rows)
