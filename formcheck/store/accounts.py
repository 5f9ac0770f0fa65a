"""Accounts: who signs in (elsewhere: OIDC), and as what. No password is kept, and no health data is here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Exists, delete, exists, select
from sqlalchemy.exc import IntegrityError

from formcheck.errors import StoreError
from formcheck.model.entities import ROLES, Account, Role
from formcheck.store.database import Database, changed_rows, naive, now, utc
from formcheck.store.people import found
from formcheck.store.tables import AccountRow, PersonRow, SignOutRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

EVER = datetime(1970, 1, 1)


class Accounts:
    """The accounts of the database. Everything raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def signed_in(self, issuer: str, subject: str, name: str) -> Account:
        """Read the account of a sign-in, or make it without a role at the first time.

        Parameters
        ----------
        issuer : str
            Address of the identity provider.
        subject : str
            Id of the account there.
        name : str
            Name of the account.

        Returns
        -------
        Account
            The account.
        """
        try:
            with self._database.begin() as session:
                row = session.scalar(
                    select(AccountRow).where(AccountRow.issuer == issuer, AccountRow.subject == subject)
                )
                if row is None:
                    row = AccountRow(
                        issuer=issuer, subject=subject, roles=[], settings={}, created_at=now(), valid_from=EVER
                    )  # the sign-in that makes the account is a moment older than the account
                    session.add(row)
                row.name = name[:200]
                session.flush()
                return _account(row)
        except StoreError as error:  # another process was quicker
            if not isinstance(error.__cause__, IntegrityError):
                raise
        return self.signed_in(issuer, subject, name)

    def get(self, account_id: int) -> Account:
        """Read an account.

        Parameters
        ----------
        account_id : int
            The account.

        Returns
        -------
        Account
            The account.
        """
        with self._database.begin() as session:
            return _account(found(session, AccountRow, account_id))

    def all(self) -> list[Account]:
        """Read all accounts.

        Returns
        -------
        list[Account]
            The accounts, by name.
        """
        with self._database.begin() as session:
            return [
                _account(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name, AccountRow.id))
            ]

    def set_roles(self, account_id: int, roles: list[Role]) -> Account:
        """Replace the roles of an account. A person gets a place for their training.

        Parameters
        ----------
        account_id : int
            The account.
        roles : list[Role]
            The roles.

        Returns
        -------
        Account
            The account.

        Raises
        ------
        StoreError
            There is no such role (``store_role``).
        """
        if unknown := set(roles) - set(ROLES):
            raise StoreError(
                f"There is no role {min(unknown)}. There are: {', '.join(ROLES)}.",
                code="store_role",
                role=min(unknown),
                known=", ".join(ROLES),
            )
        with self._database.begin() as session:
            row = found(session, AccountRow, account_id)
            row.roles = [role for role in ROLES if role in roles]
            if "person" in roles and row.person_id is None:
                become_person(session, row)
            return _account(row)

    def disable(self, account_id: int) -> None:
        """Shut an account out at once, open pages included. Its data stays.

        Parameters
        ----------
        account_id : int
            The account.
        """
        with self._database.begin() as session:
            found(session, AccountRow, account_id).disabled_at = now()

    def enable(self, account_id: int) -> None:
        """Let an account in again. It has to sign in again.

        Parameters
        ----------
        account_id : int
            The account.
        """
        with self._database.begin() as session:
            row = found(session, AccountRow, account_id)
            row.disabled_at, row.valid_from = None, from_now()

    def sign_out_everywhere(self, account_id: int) -> None:
        """Void every sign-in of an account until now.

        Parameters
        ----------
        account_id : int
            The account.
        """
        with self._database.begin() as session:
            found(session, AccountRow, account_id).valid_from = from_now()

    def sign_out(self, account_id: int, signed_in_at: datetime) -> None:
        """Void one sign-in of an account. A second call changes nothing.

        Parameters
        ----------
        account_id : int
            The account.
        signed_in_at : datetime
            The time of the sign-in.
        """
        at = naive(signed_in_at)
        try:
            with self._database.begin() as session:
                found(session, AccountRow, account_id)
                if not session.scalar(select(signed_out(account_id, at))):
                    session.add(SignOutRow(account_id=account_id, signed_in_at=at))
        except StoreError as error:  # another window was quicker
            if not isinstance(error.__cause__, IntegrityError):
                raise

    def purge_sign_outs(self, older_than_s: float) -> int:
        """Forget sign-outs whose sign-ins have expired.

        Parameters
        ----------
        older_than_s : float
            Smallest age (s).

        Returns
        -------
        int
            Number of sign-outs.
        """
        old = SignOutRow.signed_in_at < now() - timedelta(seconds=older_than_s)
        with self._database.begin() as session:
            return changed_rows(session, delete(SignOutRow).where(old))

    def save_settings(self, account_id: int, **settings: object) -> None:
        """Save settings, such as a physiotherapist's triggers. Other settings stay.

        Parameters
        ----------
        account_id : int
            The account.
        **settings : object
            The settings by name.
        """
        with self._database.begin() as session:
            row = found(session, AccountRow, account_id)
            row.settings = {**row.settings, **settings}


def signed_out(account_id: int, signed_in_at: datetime) -> Exists:
    """Make the condition that a sign-in was ended.

    Parameters
    ----------
    account_id : int
        The account.
    signed_in_at : datetime
        Time of the sign-in, in UTC without a zone.

    Returns
    -------
    Exists
        The condition.
    """
    return exists().where(SignOutRow.account_id == account_id, SignOutRow.signed_in_at == signed_in_at)


def from_now() -> datetime:
    """Compute the first time at which a sign-in counts when all until now are void.

    Returns
    -------
    datetime
        The time, in UTC without a zone.
    """
    return now() + timedelta(seconds=1)  # kept times are whole seconds: what signed in during this one is out too


def become_person(session: Session, row: AccountRow) -> int:
    """Make an account a person who trains, in this transaction.

    Parameters
    ----------
    session : Session
        The transaction.
    row : AccountRow
        The account.

    Returns
    -------
    int
        Id of the person.
    """
    person = PersonRow(created_at=now(), settings={})
    session.add(person)
    session.flush()
    row.person_id = person.id
    row.roles = [role for role in ROLES if role in (*row.roles, "person")]
    return person.id


def _account(row: AccountRow) -> Account:
    return Account(
        row.id,
        row.name,
        tuple(row.roles),
        row.person_id,
        dict(row.settings),
        utc(row.created_at),
        row.disabled_at is not None,
    )
