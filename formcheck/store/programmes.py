"""Programmes, each with all its versions: nothing that was prescribed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from formcheck.errors import StoreError
from formcheck.model.entities import SCALE, GoalRating, StoredProgramme
from formcheck.programmes.programme import RATING_WEEKS, Programme
from formcheck.store.database import Database, now, utc
from formcheck.store.people import found
from formcheck.store.tables import AccountRow, GoalRatingRow, PersonRow, ProgrammeRow, ProgrammeVersionRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Programmes:
    """The programmes of the database. Everything raises StoreError. ``programme``: one that was checked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person_id: int, programme: Programme, *, by: int | None = None) -> StoredProgramme:
        """Store a new programme of a person, as version 1.

        Parameters
        ----------
        person_id : int
            The person.
        programme : Programme
            The programme, checked.
        by : int or None
            The account that asks; None on a machine without accounts.

        Returns
        -------
        StoredProgramme
            The stored version.
        """
        with self._database.begin() as session:
            found(session, PersonRow, person_id)
            row = ProgrammeRow(person_id=person_id, made_at=now())
            session.add(row)
            session.flush()
            version = _version(row.id, 1, programme, by)
            session.add(version)
            return _stored(row, version, session.scalar(_own_account(row)))

    def change(
        self, programme_id: int, programme: Programme, version: int, *, by: int | None = None, as_person: bool = False
    ) -> StoredProgramme:
        """Store a changed programme as a new version.

        Parameters
        ----------
        programme_id : int
            The programme.
        programme : Programme
            The programme, checked.
        version : int
            The version that it was made from.
        by : int or None
            The account that asks; None on a machine without accounts.
        as_person : bool
            True when the person who trains asks.

        Returns
        -------
        StoredProgramme
            The stored version.

        Raises
        ------
        StoreError
            There is a newer version, and nothing was overwritten (``programme_changed``); or the person changes a
            physiotherapist's programme (``programme_not_own``).
        """
        try:
            with self._database.begin() as session:
                row = found(session, ProgrammeRow, programme_id)
                newest = session.scalar(
                    select(func.max(ProgrammeVersionRow.version)).where(
                        ProgrammeVersionRow.programme_id == programme_id
                    )
                )
                if as_person:
                    _refuse_not_own(session, programme_id, by)
                if newest != version:
                    raise _changed(newest)
                made = _version(programme_id, version + 1, programme, by)
                session.add(made)
                session.flush()
                return _stored(row, made, session.scalar(_own_account(row)))
        except StoreError as error:
            if isinstance(error.__cause__, IntegrityError):  # both saved at the same moment
                raise _changed(version + 1) from error
            raise

    def end(self, programme_id: int, *, by: int | None = None, as_person: bool = False) -> None:
        """End a programme. It stays in the store.

        Parameters
        ----------
        programme_id : int
            The programme.
        by : int or None
            The account that asks; None on a machine without accounts.
        as_person : bool
            True when the person who trains asks.

        Raises
        ------
        StoreError
            The person ends a physiotherapist's programme (``programme_not_own``).
        """
        with self._database.begin() as session:
            row = found(session, ProgrammeRow, programme_id)
            if as_person:
                _refuse_not_own(session, programme_id, by)
            row.ended_at = now()

    def of(self, *person_ids: int) -> list[StoredProgramme]:
        """Read the newest version of every programme of some people.

        Parameters
        ----------
        *person_ids : int
            The people.

        Returns
        -------
        list[StoredProgramme]
            The programmes, newest first.
        """
        newest = (
            select(ProgrammeVersionRow.programme_id, func.max(ProgrammeVersionRow.version).label("version"))
            .join(ProgrammeRow)
            .where(ProgrammeRow.person_id.in_(person_ids))
            .group_by(ProgrammeVersionRow.programme_id)
            .subquery()
        )
        with self._database.begin() as session:
            rows = session.execute(
                select(ProgrammeRow, ProgrammeVersionRow, AccountRow.id)
                .outerjoin(AccountRow, AccountRow.person_id == ProgrammeRow.person_id)
                .join(ProgrammeVersionRow, ProgrammeVersionRow.programme_id == ProgrammeRow.id)
                .join(
                    newest,
                    (newest.c.programme_id == ProgrammeVersionRow.programme_id)
                    & (newest.c.version == ProgrammeVersionRow.version),
                )
                .order_by(ProgrammeRow.id.desc())
            )
            return [_stored(row, version, own) for row, version, own in rows]

    def versions(self, programme_id: int) -> list[StoredProgramme]:
        """Read every version of a programme.

        Parameters
        ----------
        programme_id : int
            The programme.

        Returns
        -------
        list[StoredProgramme]
            The versions, newest first.
        """
        with self._database.begin() as session:
            row = found(session, ProgrammeRow, programme_id)
            versions = session.scalars(
                select(ProgrammeVersionRow)
                .where(ProgrammeVersionRow.programme_id == programme_id)
                .order_by(ProgrammeVersionRow.version.desc())
            )
            own = session.scalar(_own_account(row))
            return [_stored(row, version, own) for version in versions]

    def rate_goal(self, programme_id: int, goal: str, week: int, value: int) -> None:
        """Save how near a goal is. A second rating replaces the first one.

        Parameters
        ----------
        programme_id : int
            The programme.
        goal : str
            Id of the goal.
        week : int
            Week of the rating: 0, 3 or 6.
        value : int
            The rating, 0–10.

        Raises
        ------
        StoreError
            The value or the week is out of range (``store_rating``).
        """
        if value not in SCALE or week not in RATING_WEEKS:
            raise StoreError(
                f"goal {goal} = {value!r} in week {week!r} was not kept: it is 0 to 10, in week 0, 3 or 6.",
                code="store_rating",
                goal=goal,
                value=value,
                week=week,
            )
        with self._database.begin() as session:
            found(session, ProgrammeRow, programme_id)
            where = {"programme_id": programme_id, "goal": goal, "week": week}
            row = session.scalar(select(GoalRatingRow).filter_by(**where))
            if row is None:
                row = GoalRatingRow(**where)
                session.add(row)
            row.value, row.rated_at = value, now()

    def goal_ratings(self, programme_id: int) -> list[GoalRating]:
        """Read the ratings of a programme's goals.

        Parameters
        ----------
        programme_id : int
            The programme.

        Returns
        -------
        list[GoalRating]
            The ratings, by goal and week. An unrated goal is absent.
        """
        with self._database.begin() as session:
            rows = session.scalars(
                select(GoalRatingRow)
                .where(GoalRatingRow.programme_id == programme_id)
                .order_by(GoalRatingRow.goal, GoalRatingRow.week)
            )
            return [GoalRating(row.goal, row.week, row.value, utc(row.rated_at)) for row in rows]


def _refuse_not_own(session: Session, programme_id: int, by: int | None) -> None:
    makers = session.scalars(
        select(ProgrammeVersionRow.made_by).where(ProgrammeVersionRow.programme_id == programme_id)
    )
    if set(makers) != {by}:
        raise StoreError(
            "This programme is your physiotherapist's. Write a message if something should be different.",
            code="programme_not_own",
        )


def _version(programme_id: int, version: int, programme: Programme, by: int | None) -> ProgrammeVersionRow:
    return ProgrammeVersionRow(
        programme_id=programme_id, version=version, data=programme.model_dump(mode="json"), made_at=now(), made_by=by
    )


def _own_account(row: ProgrammeRow) -> Select[int]:
    return select(AccountRow.id).where(AccountRow.person_id == row.person_id)


def _stored(row: ProgrammeRow, version: ProgrammeVersionRow, own: int | None) -> StoredProgramme:
    """Return a version as it is given out. ``own``: the account of whose programme it is, None where people have none."""
    return StoredProgramme(
        row.id,
        row.person_id,
        version.version,
        version.data,
        utc(version.made_at),
        version.made_by,
        row.ended_at is not None,
        version.made_by == own,
    )


def _changed(newest: int | None) -> StoreError:
    return StoreError(
        f"The programme was changed by somebody else meanwhile (version {newest}). Nothing was overwritten: "
        "look at it and save again.",
        code="programme_changed",
        version=newest,
    )
