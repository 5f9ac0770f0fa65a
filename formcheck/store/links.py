"""Who may see whose training: invitations, links, and the person's leave to see a video."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from formcheck.errors import StoreError
from formcheck.model.entities import Invitation, Link
from formcheck.store.accounts import become_person
from formcheck.store.database import Database, changed_rows, now, utc
from formcheck.store.people import found, unknown
from formcheck.store.tables import AccountRow, InvitationRow, LinkRow, SessionRow, SetRow, VideoShareRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

INVITATION_DAYS = 14
"""Days for which an invitation can be used (default)."""
NO_ACCOUNT = 0
"""Default of ``by``; no account has this id. The authorisation layer puts the account that asks in its place."""


class Links:
    """Invitations, links and shares of the database. Everything raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def invite(self, *, by: int = NO_ACCOUNT, days: int = INVITATION_DAYS) -> Invitation:
        """Make an invitation of a physiotherapist. Only this call returns its token.

        Parameters
        ----------
        by : int
            The physiotherapist.
        days : int
            Days for which it can be used.

        Returns
        -------
        Invitation
            The invitation with its token.
        """
        token = secrets.token_urlsafe(24)
        with self._database.begin() as session:
            row = InvitationRow(
                physiotherapist_id=by, token_sha256=_hash(token), made_at=now(), expires_at=now() + timedelta(days=days)
            )
            session.add(row)
            session.flush()
            return Invitation(row.id, utc(row.made_at), utc(row.expires_at), token)

    def invitations(self, *, by: int = NO_ACCOUNT) -> list[Invitation]:
        """Read the invitations of a physiotherapist that can still be used.

        Parameters
        ----------
        by : int
            The physiotherapist.

        Returns
        -------
        list[Invitation]
            The invitations, oldest first.
        """
        with self._database.begin() as session:
            rows = session.scalars(
                select(InvitationRow).where(InvitationRow.physiotherapist_id == by, *_open()).order_by(InvitationRow.id)
            )
            return [Invitation(row.id, utc(row.made_at), utc(row.expires_at)) for row in rows]

    def withdraw(self, invitation_id: int, *, by: int = NO_ACCOUNT) -> None:
        """Withdraw an invitation.

        Parameters
        ----------
        invitation_id : int
            The invitation.
        by : int
            The physiotherapist.
        """
        with self._database.begin() as session:
            row = session.get(InvitationRow, invitation_id)
            if row is None or row.physiotherapist_id != by:
                raise unknown(InvitationRow, invitation_id)
            row.used_at = row.used_at or now()

    def invited_by(self, token: str) -> str:
        """Read who made an invitation, before it is accepted.

        Parameters
        ----------
        token : str
            The token of the invitation.

        Returns
        -------
        str
            Name of the physiotherapist.
        """
        with self._database.begin() as session:
            name = session.scalar(
                select(AccountRow.name)
                .join(InvitationRow, InvitationRow.physiotherapist_id == AccountRow.id)
                .where(InvitationRow.token_sha256 == _hash(token), *_open())
            )
        if name is None:
            raise _unusable()
        return name

    def accept(self, token: str, *, by: int = NO_ACCOUNT) -> Link:
        """Link an account to the physiotherapist of an invitation. The account becomes a person. An invitation works once.

        Parameters
        ----------
        token : str
            The token of the invitation.
        by : int
            The account.

        Returns
        -------
        Link
            The link.
        """
        with self._database.begin() as session:
            invitation = session.scalar(select(InvitationRow).where(InvitationRow.token_sha256 == _hash(token)))
            usable = update(InvitationRow).where(InvitationRow.token_sha256 == _hash(token), *_open())
            used = changed_rows(session, usable.values(used_at=now()))
            if used != 1 or invitation is None or invitation.physiotherapist_id == by:
                raise _unusable()
            account = found(session, AccountRow, by)
            person_id = become_person(session, account) if account.person_id is None else account.person_id
            physiotherapist_id = invitation.physiotherapist_id
            if session.scalar(_active().where(*_between(person_id, physiotherapist_id))) is None:
                session.add(LinkRow(person_id=person_id, physiotherapist_id=physiotherapist_id, since=now()))
        return next(link for link in self.of(person_id) if link.physiotherapist_id == physiotherapist_id)

    def of(self, person_id: int) -> list[Link]:
        """Read the active links of a person.

        Parameters
        ----------
        person_id : int
            The person.

        Returns
        -------
        list[Link]
            The links.
        """
        return self._links(LinkRow.person_id == person_id)

    def people_of(self, *, by: int = NO_ACCOUNT) -> list[Link]:
        """Read the active links of a physiotherapist.

        Parameters
        ----------
        by : int
            The physiotherapist.

        Returns
        -------
        list[Link]
            The links, by the person's name.
        """
        return self._links(LinkRow.physiotherapist_id == by)

    def end(self, person_id: int, physiotherapist_id: int) -> None:
        """End a link at once. The permission to see videos ends with it.

        Parameters
        ----------
        person_id : int
            The person.
        physiotherapist_id : int
            The physiotherapist.
        """
        with self._database.begin() as session:
            link = session.scalar(_active().where(*_between(person_id, physiotherapist_id)))
            if link is None:
                raise unknown(LinkRow, physiotherapist_id)
            link.ended_at = now()
            session.execute(
                delete(VideoShareRow).where(
                    VideoShareRow.physiotherapist_id == physiotherapist_id,
                    VideoShareRow.set_id.in_(_sets_of(person_id)),
                )
            )

    def share_video(self, set_id: int, physiotherapist_id: int) -> None:
        """Let one physiotherapist see the video of one set.

        Parameters
        ----------
        set_id : int
            The set.
        physiotherapist_id : int
            The physiotherapist.
        """
        try:
            with self._database.begin() as session:
                person_id = found(session, SessionRow, found(session, SetRow, set_id).session_id).person_id
                link = session.scalar(_active().where(*_between(person_id, physiotherapist_id)))
                if link is None:
                    raise unknown(LinkRow, physiotherapist_id)
                session.add(VideoShareRow(set_id=set_id, physiotherapist_id=physiotherapist_id, shared_at=now()))
        except StoreError as error:  # it was shared already
            if not isinstance(error.__cause__, IntegrityError):
                raise

    def unshare_video(self, set_id: int, physiotherapist_id: int) -> None:
        """Withdraw that permission.

        Parameters
        ----------
        set_id : int
            The set.
        physiotherapist_id : int
            The physiotherapist.
        """
        with self._database.begin() as session:
            session.execute(
                delete(VideoShareRow).where(
                    VideoShareRow.set_id == set_id, VideoShareRow.physiotherapist_id == physiotherapist_id
                )
            )

    def videos_shared(self, *set_ids: int) -> dict[int, list[int]]:
        """Read who may see the videos of sets.

        Parameters
        ----------
        *set_ids : int
            The sets.

        Returns
        -------
        dict[int, list[int]]
            The physiotherapists of each set.
        """
        with self._database.begin() as session:
            out: dict[int, list[int]] = {set_id: [] for set_id in set_ids}
            rows = session.scalars(
                select(VideoShareRow).where(VideoShareRow.set_id.in_(set_ids)).order_by(VideoShareRow.id)
            )
            for row in rows:
                out[row.set_id].append(row.physiotherapist_id)
            return out

    def _links(self, *where: ColumnElement[bool]) -> list[Link]:
        person, physiotherapist = aliased(AccountRow), aliased(AccountRow)
        with self._database.begin() as session:
            rows = session.execute(
                select(LinkRow, person.name, physiotherapist.name)
                .join(physiotherapist, physiotherapist.id == LinkRow.physiotherapist_id)
                .outerjoin(person, person.person_id == LinkRow.person_id)
                .where(LinkRow.ended_at.is_(None), *where)
                .order_by(person.name, LinkRow.id)
            )
            return [
                Link(row.id, row.person_id, name or "", row.physiotherapist_id, by, utc(row.since))
                for row, name, by in rows
            ]


def _open() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return InvitationRow.used_at.is_(None), InvitationRow.expires_at > now()


def _unusable() -> StoreError:
    return StoreError(
        "This invitation does not work: it was used, withdrawn, or is too old. Ask for a new one.",
        code="invitation_unusable",
    )


def _active() -> Select[LinkRow]:
    return select(LinkRow).where(LinkRow.ended_at.is_(None))


def _between(person_id: int, physiotherapist_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return LinkRow.person_id == person_id, LinkRow.physiotherapist_id == physiotherapist_id


def _sets_of(person_id: int) -> Select[int]:
    return select(SetRow.id).join(SessionRow).where(SessionRow.person_id == person_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
