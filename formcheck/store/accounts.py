"""Accounts: who signs in (elsewhere: OIDC), and as what. No password is kept, and no health data is here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Exists, delete, exists, select
from sqlalchemy.exc import IntegrityError

from formcheck.errors import StoreError
from formcheck.model.entities import ROLES, Account, Role
from formcheck.store.database import Database, naive, now, utc
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
        """Return the account of somebody who has just signed in, made (without a role) at the first time."""
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
        """Return an account."""
        with self._database.begin() as session:
            return _account(found(session, AccountRow, account_id))

    def all(self) -> list[Account]:
        """Return all accounts, by name."""
        with self._database.begin() as session:
            return [
                _account(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name, AccountRow.id))
            ]

    def set_roles(self, account_id: int, roles: list[Role]) -> Account:
        """Give an account these roles and no other; a person gets a place for their training."""
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
        """Shut an account out at once, open pages included; what belongs to it stays."""
        with self._database.begin() as session:
            found(session, AccountRow, account_id).disabled_at = now()

    def enable(self, account_id: int) -> None:
        """Let an account in again; it has to sign in anew."""
        with self._database.begin() as session:
            row = found(session, AccountRow, account_id)
            row.disabled_at, row.valid_from = None, from_now()

    def sign_out_everywhere(self, account_id: int) -> None:
        """Let no sign-in of this account from before now count."""
        with self._database.begin() as session:
            found(session, AccountRow, account_id).valid_from = from_now()

    def sign_out(self, account_id: int, signed_in_at: datetime) -> None:
        """Let this one sign-in of an account count no more; a second time changes nothing."""
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
        """Forget the ends of sign-ins that are so old that they count no more anyway; return how many."""
        old = SignOutRow.signed_in_at < now() - timedelta(seconds=older_than_s)
        with self._database.begin() as session:
            return session.execute(delete(SignOutRow).where(old)).rowcount

    def save_settings(self, account_id: int, **settings: object) -> None:
        """Remember settings, such as a physiotherapist's triggers; those that are not named stay."""
        with self._database.begin() as session:
            row = found(session, AccountRow, account_id)
            row.settings = {**row.settings, **settings}


def signed_out(account_id: int, signed_in_at: datetime) -> Exists:
    """Return the question whether this sign-in (UTC without a zone) was ended."""
    return exists().where(SignOutRow.account_id == account_id, SignOutRow.signed_in_at == signed_in_at)


def from_now() -> datetime:
    """Return from when on sign-ins count if those until now do not."""
    return now() + timedelta(seconds=1)  # kept times are whole seconds: what signed in during this one is out too


def become_person(session: Session, row: AccountRow) -> None:
    """Give an account a place for training of its own, in this transaction."""
    person = PersonRow(created_at=now(), settings={})
    session.add(person)
    session.flush()
    row.person_id = person.id
    row.roles = [role for role in ROLES if role in (*row.roles, "person")]


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
