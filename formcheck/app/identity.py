"""The user of this browser session, and the store with their rights. Pages have no other way to the store.

On a machine without accounts it is the one person who sits there. With accounts (see ``formcheck.app.sign_in``) it is the person
who signed in; every call checks in the database that the sign-in is still valid.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from formcheck.app import sign_in
from formcheck.store.access import SIGNED_IN_H, AuthorisedStore, not_allowed
from formcheck.store.principal import Asker, Local, Principal
from formcheck.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.model.entities import Person

RESTORE_WITHIN_S = 24 * 3600.0
"""A deleted set can be restored for this time (s, default)."""
_ASKER = "asker"


def with_accounts() -> bool:
    """Return whether people sign in here. Raises UsageError when only a part of it is set up."""
    return sign_in.provider() is not None


@functools.cache
def full_store() -> Store:
    """Return this process's store. The first call opens, migrates and tidies it. Raises StoreError.

    The sign-in and the tidying use it; pages use ``store``.
    """
    opened = Store()
    _tidy(opened)
    return opened


def tidy() -> None:
    """Remove deleted sets, videos and records that are past their time. Raises StoreError."""
    _tidy(full_store())


def _tidy(opened: Store) -> None:
    opened.sets.purge(RESTORE_WITHIN_S)
    opened.videos.purge()
    opened.own_data.purge_records()
    opened.accounts.purge_sign_outs(SIGNED_IN_H * 3600.0)


def asker() -> Asker | Local | None:
    """Return the user of this browser session; None when no account is signed in. Raises StoreError."""
    if not with_accounts():
        return Local.PERSON
    import streamlit as st

    user = _claims()
    if user is None or lacks_assurance():
        return None
    signed_in = user["iss"], user["sub"], user["iat"]
    known = st.session_state.get(_ASKER)
    if known is None or known[0] != signed_in:
        account = full_store().accounts.signed_in(user["iss"], user["sub"], sign_in.display_name(user))
        known = signed_in, Asker(account.id, datetime.fromtimestamp(user["iat"], UTC))
        st.session_state[_ASKER] = known
    found: Asker = known[1]
    return found


def lacks_assurance() -> bool:
    """Return whether the provider signed in a person with a lower level of assurance than was asked for."""
    user, provider = _claims(), sign_in.provider()
    return user is not None and provider is not None and not provider.is_assured(user)


def _claims() -> dict[str, Any] | None:
    """Return the provider's claims about the signed-in person; None when no person is signed in."""
    import streamlit as st

    user = st.user.to_dict()
    return user if user.get("is_logged_in") else None


def store() -> AuthorisedStore:
    """Return the store with the rights of this browser session's user. Raises StoreError."""
    return AuthorisedStore(full_store(), asker())


def who() -> Principal:
    """Return the user of this browser session, as the database knows them now. Raises StoreError (``store_signed_out``)."""
    return store().who()


def me() -> Person:
    """Return the person whose own training this is. Raises StoreError, also for an account that does not train."""
    own = store()
    return own.people.get(own_person_id(own))


def own_person_id(store: AuthorisedStore) -> int:
    """Return the id of the person whose own training this is. Raises StoreError, also for an account that does not train."""
    person_id = store.who().person_id
    if person_id is None:
        raise not_allowed()
    return person_id


def own_account_id(store: AuthorisedStore) -> int:
    """Return the id of the account that is signed in. Raises StoreError, also on a machine without accounts."""
    account_id = store.who().account_id
    if account_id is None:
        raise not_allowed()
    return account_id


def access_check() -> Callable[[], object]:
    """Return a check for later, from any thread: it raises StoreError when the present user has lost access.

    On a machine without accounts it needs no store: a video can be reviewed there even if nothing can be stored.
    """
    return store().who if with_accounts() else lambda: None
