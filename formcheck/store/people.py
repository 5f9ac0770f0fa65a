"""Who trains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from formcheck.errors import StoreError
from formcheck.model.entities import Person
from formcheck.store.database import Database, now
from formcheck.store.tables import PersonRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class People:
    """The people of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def me(self) -> Person:
        """Return the one person of a machine without accounts, made at first use."""
        with self._database.begin() as session:
            row = session.scalar(select(PersonRow).where(PersonRow.local.is_(True)))
            if row is not None:
                return _person(row)
        try:
            with self._database.begin() as session:
                session.add(PersonRow(local=True, created_at=now(), settings={}))
        except StoreError as error:  # another process was quicker
            if not isinstance(error.__cause__, IntegrityError):
                raise
        return self.me()

    def get(self, person_id: int) -> Person:
        """Return a person. Raises StoreError (``store_unknown``)."""
        with self._database.begin() as session:
            return _person(found(session, PersonRow, person_id))

    def save_first_start(self, person_id: int, answers: dict) -> None:
        """Keep the answers of the first start, with the time."""
        with self._database.begin() as session:
            found(session, PersonRow, person_id).first_start = {**answers, "answered_at": f"{now().isoformat()}Z"}

    def save_settings(self, person_id: int, **settings: object) -> None:
        """Remember settings; those that are not named stay."""
        with self._database.begin() as session:
            row = found(session, PersonRow, person_id)
            row.settings = {**row.settings, **settings}


def found(session: Session, table: type, row_id: int):
    """Return a row by its id. Raises StoreError (``store_unknown``)."""
    row = session.get(table, row_id)
    if row is None:
        raise unknown(table, row_id)
    return row


def unknown(table: type, row_id: int) -> StoreError:
    """Return the error of an id that there is not, or not for the one who asks: the two are told in the same words."""
    return StoreError(
        f"There is no {table.__tablename__} {row_id}.", code="store_unknown", what=table.__tablename__, id=row_id
    )


def _person(row: PersonRow) -> Person:
    return Person(row.id, row.first_start, dict(row.settings))
