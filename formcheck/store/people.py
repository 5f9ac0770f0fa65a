"""The people who train."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from formcheck.errors import StoreError
from formcheck.model.entities import Person
from formcheck.store.database import Database, now
from formcheck.store.tables import PersonRow, Table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Row = TypeVar("Row", bound=Table)


class People:
    """The people of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def me(self) -> Person:
        """Read the one person of a machine without accounts. The first call makes it.

        Returns
        -------
        Person
            The person.
        """
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
        """Read a person.

        Parameters
        ----------
        person_id : int
            The person.

        Returns
        -------
        Person
            The person.

        Raises
        ------
        StoreError
            There is no such person (``store_unknown``).
        """
        with self._database.begin() as session:
            return _person(found(session, PersonRow, person_id))

    def save_first_start(self, person_id: int, answers: dict[str, Any]) -> None:
        """Save the answers of the first start, with the time.

        Parameters
        ----------
        person_id : int
            The person.
        answers : dict[str, Any]
            The answers.
        """
        with self._database.begin() as session:
            found(session, PersonRow, person_id).first_start = {**answers, "answered_at": f"{now().isoformat()}Z"}

    def save_settings(self, person_id: int, **settings: object) -> None:
        """Save settings. Other settings stay.

        Parameters
        ----------
        person_id : int
            The person.
        **settings : object
            The settings by name.
        """
        with self._database.begin() as session:
            row = found(session, PersonRow, person_id)
            row.settings = {**row.settings, **settings}


def found(session: Session, table: type[Row], row_id: int) -> Row:
    """Read a row.

    Parameters
    ----------
    session : Session
        The transaction.
    table : type
        The class of the row.
    row_id : int
        Its id.

    Returns
    -------
    Row
        The row.

    Raises
    ------
    StoreError
        There is no such row (``store_unknown``).
    """
    row = session.get(table, row_id)
    if row is None:
        raise unknown(table, row_id)
    return row


def unknown(table: type[Table], row_id: object) -> StoreError:
    """Make the error of an id that does not exist or is not for the asker. The two have the same words.

    Parameters
    ----------
    table : type
        The class of the row.
    row_id : object
        The id.

    Returns
    -------
    StoreError
        The error, to be raised.
    """
    return StoreError(
        f"There is no {table.__tablename__} {row_id}.", code="store_unknown", what=table.__tablename__, id=row_id
    )


def _person(row: PersonRow) -> Person:
    return Person(row.id, row.first_start, dict(row.settings))
