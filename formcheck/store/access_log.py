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
        """Read the access log of a person.

        Parameters
        ----------
        person_id : int
            The person.
        limit : int
            Largest number of entries.

        Returns
        -------
        list[Access]
            Looks and attempts of other accounts, newest first.
        """
        with self._database.begin() as session:
            rows = session.scalars(
                select(AccessRow).where(AccessRow.person_id == person_id).order_by(AccessRow.id.desc()).limit(limit)
            )
            return [Access(utc(row.at), row.who, row.what, row.allowed) for row in rows]


def note(
    session: Session, who: Principal, what: str, people: Iterable[int], row_id: int | None, *, allowed: bool
) -> None:
    """Note in this transaction that an account looked at people's data, or tried to.

    A page asks again and again, so the same look is noted once in ten minutes. A refusal is noted every time, also
    when the data is of no person.

    Parameters
    ----------
    session : Session
        The transaction.
    who : Principal
        The account that asks.
    what : str
        Name of the function.
    people : Iterable[int]
        The people whose data it is about.
    row_id : int or None
        Id that a refused call named.
    allowed : bool
        False for a refusal.
    """
    about: set[int | None] = set(people) or (set() if allowed else {None})
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
