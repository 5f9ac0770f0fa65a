"""Who uses this browser session, and the store as they may use it. Every page asks here, and has no other way to the store.

On a machine without accounts it is the one person who sits there. With accounts (see ``formcheck.app.sign_in``) it is whoever
signed in; whether that still counts is looked up in the database at every call.
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

BROUGHT_BACK_S = 24 * 3600.0
"""For so long a deleted set can be brought back."""
_ASKER = "asker"


def with_accounts() -> bool:
    """Return whether people sign in here. Raises UsageError when that is set up by halves."""
    return sign_in.provider() is not None


@functools.cache
def whole() -> Store:
    """Return this process's store, opened, brought up to date and tidied at the first call. Raises StoreError.

    For the sign-in and for tidying up; pages use ``store``.
    """
    opened = Store()
    _tidy(opened)
    return opened


def tidy() -> None:
    """Remove for good what has had its day: deleted sets, videos, records that are too old. Raises StoreError."""
    _tidy(whole())


def _tidy(opened: Store) -> None:
    opened.sets.purge(BROUGHT_BACK_S)
    opened.videos.purge()
    opened.own_data.purge_records()
    opened.accounts.purge_sign_outs(SIGNED_IN_H * 3600.0)


def asker() -> Asker | Local | None:
    """Return who asks in this browser session, None when nobody is signed in. Raises StoreError."""
    if not with_accounts():
        return Local.PERSON
    import streamlit as st

    user = _said()
    if user is None or not_sure_enough():
        return None
    said = user["iss"], user["sub"], user["iat"]
    known = st.session_state.get(_ASKER)
    if known is None or known[0] != said:
        account = whole().accounts.signed_in(user["iss"], user["sub"], sign_in.called(user))
        known = said, Asker(account.id, datetime.fromtimestamp(user["iat"], UTC))
        st.session_state[_ASKER] = known
    return known[1]


def not_sure_enough() -> bool:
    """Return whether somebody came back from the provider, which was less sure of who it is than was asked."""
    user = _said()
    return user is not None and not sign_in.provider().sure_enough(user)


def _said() -> dict[str, Any] | None:
    """Return what the provider said of whoever came back from it, None when nobody did."""
    import streamlit as st

    user = st.user.to_dict()
    return user if user.get("is_logged_in") else None


def store() -> AuthorisedStore:
    """Return the store as whoever uses this browser session may use it. Raises StoreError."""
    return AuthorisedStore(whole(), asker())


def who() -> Principal:
    """Return who uses this browser session, as the database knows them now. Raises StoreError (``store_signed_out``)."""
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


def still_counts() -> Callable[[], object]:
    """Return a check for later, from any thread, of whether who asks now may still ask: it raises StoreError when not.

    On a machine without accounts it needs no store: a video is looked through also where nothing can be kept.
    """
    return store().who if with_accounts() else lambda: None
