"""Sign-in and sign-out. With accounts, only an account with a role sees a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import identity, invitation_cookie, session, sign_in, sign_in_errors
from formcheck.app.views import invitations_received, plain, small
from formcheck.errors import StoreError
from formcheck.i18n import Translator, error_text, join_words
from formcheck.store.access import SIGNED_IN_H

if TYPE_CHECKING:
    from formcheck.store.principal import Principal

ALONE = frozenset({"person"})
"""The roles on a machine without accounts."""
ASK_AGAIN_S = 3.0
"""Seconds between two checks of an open page that its user may still see it; default."""


def pass_through(t: Translator, corner: st.delta_generator.DeltaGenerator) -> frozenset[str]:
    """Return the roles of the user. Without a role the result is empty, and the page says what to do.

    ``corner``: where the sign-out button is drawn.
    """
    if not identity.with_accounts():
        return ALONE
    try:
        who = identity.who()
    except StoreError as error:
        session.end()
        if error.code == "store_signed_out":
            _signed_out(t)
        else:
            st.error(error_text(error, t.language), icon=":material/error:")
        return frozenset()
    with corner:
        _account(t, who)
    _watch(_visible_scope())
    invited = invitations_received.offer(t)
    if not who.roles and not invited:
        _no_role(t, who)
    return who.roles


def _signed_out(t: Translator) -> None:
    """Draw the page of a user who is not signed in, with the reason if there is one."""
    st.title(t("door.title"), anchor=False)
    if why := sign_in_errors.failure():
        st.warning(t(f"door.nothing.{why}"), icon=":material/info:")
    elif identity.lacks_assurance():
        st.warning(t("door.not_sure"), icon=":material/info:")
    elif identity.asker() is not None:
        st.warning(t("door.ended", n=SIGNED_IN_H), icon=":material/info:")
    st.markdown(t("door.intro"))
    if invitation_cookie.pending_token():
        st.info(t("door.invited"), icon=":material/mail:")
    if st.button(t("door.sign_in"), type="primary", key="sign-in", icon=":material/login:"):
        st.login(sign_in.NAME)


def _no_role(t: Translator, who: Principal) -> None:
    """Draw the page of an account without a role: it needs an invitation, or the administrator."""
    st.title(t("door.no_role.title", name=plain(who.name)), anchor=False)
    st.markdown(t("door.no_role.text"))
    invitations_received.code_form(t)
    small(t("door.no_role.staff", n=who.account_id))


def _account(t: Translator, who: Principal) -> None:
    """Show the name and roles of the account, and the buttons that sign out."""
    with st.popover(plain(who.name) or t("door.account"), icon=":material/account_circle:", key="account"):
        if who.roles:
            small(join_words([t(f"role.{role}") for role in sorted(who.roles)], t.language))
        if st.button(t("door.sign_out"), key="sign-out", icon=":material/logout:", width="stretch"):
            _leave()
        if st.button(t("door.everywhere"), key="sign-out-everywhere", width="stretch"):
            store = identity.store()
            store.accounts.sign_out_everywhere(identity.own_account_id(store))
            _leave()
        small(t("door.everywhere_help"))


def _leave() -> None:
    """End the browser session's work, its sign-in, and the provider's cookie."""
    session.end()
    identity.store().sign_out()
    st.logout()


@st.fragment(run_every=ASK_AGAIN_S)
def _watch(before: object) -> None:
    """Draw the page again as soon as the user may see something else than before."""
    if _visible_scope() != before:
        st.rerun()


def _visible_scope() -> object:
    """Return what decides which data the user sees: their account and, for a physiotherapist, the linked people."""
    try:
        store = identity.store()
        who = store.who()
        linked = store.links.people_of() if "physiotherapist" in who.roles else []
    except StoreError:
        return None
    return who, tuple(link.person_id for link in linked)
