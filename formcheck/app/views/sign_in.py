"""The way in and out where people sign in: nobody comes to a page without an account that has a role."""

from __future__ import annotations

import streamlit as st

from formcheck.app import identity, invitation_cookie, session, sign_in, sign_in_errors
from formcheck.app.views import invitations_received, plain, small
from formcheck.errors import StoreError
from formcheck.i18n import Translator, error_text, joined
from formcheck.store.access import SIGNED_IN_H, Principal

ALONE = frozenset({"person"})
ASK_AGAIN_S = 3.0
"""So often an open page finds out whether whoever sees it may still see it."""


def pass_through(t: Translator, corner: st.delta_generator.DeltaGenerator) -> frozenset[str]:
    """Return the roles of whoever is here; empty, with what to do instead on the page, for somebody who may see no page yet.

    ``corner``: where the way out is drawn.
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
    _watch(_standing())
    invited = invitations_received.offer(t)
    if not who.roles and not invited:
        _no_role(t, who)
    return who.roles


def _signed_out(t: Translator) -> None:
    st.title(t("door.title"), anchor=False)
    if why := sign_in_errors.told():
        st.warning(t(f"door.nothing.{why}"), icon=":material/info:")
    elif identity.not_sure_enough():
        st.warning(t("door.not_sure"), icon=":material/info:")
    elif identity.asker() is not None:
        st.warning(t("door.ended", n=SIGNED_IN_H), icon=":material/info:")
    st.markdown(t("door.intro"))
    if invitation_cookie.brought():
        st.info(t("door.invited"), icon=":material/mail:")
    if st.button(t("door.sign_in"), type="primary", key="sign-in", icon=":material/login:"):
        st.login(sign_in.NAME)


def _no_role(t: Translator, who: Principal) -> None:
    st.title(t("door.no_role.title", name=plain(who.name)), anchor=False)
    st.markdown(t("door.no_role.text"))
    invitations_received.by_hand(t)
    small(t("door.no_role.staff", n=who.account_id))


def _account(t: Translator, who: Principal) -> None:
    """Show who is signed in, and the way out."""
    with st.popover(plain(who.name) or t("door.account"), icon=":material/account_circle:", key="account"):
        if who.roles:
            small(joined([t(f"role.{role}") for role in sorted(who.roles)], t.language))
        if st.button(t("door.sign_out"), key="sign-out", icon=":material/logout:", width="stretch"):
            _leave()
        if st.button(t("door.everywhere"), key="sign-out-everywhere", width="stretch"):
            identity.store().accounts.sign_out_everywhere(who.account_id)
            _leave()
        small(t("door.everywhere_help"))


def _leave() -> None:
    session.end()
    identity.store().sign_out()
    st.logout()


@st.fragment(run_every=ASK_AGAIN_S)
def _watch(before: object) -> None:
    """Draw the page anew, or the way in, as soon as who is here may see something else than before."""
    if _standing() != before:
        st.rerun()


def _standing() -> object:
    """Return what decides what somebody sees: their roles and, for a physiotherapist, the people linked to them."""
    try:
        store = identity.store()
        who = store.who()
        linked = store.links.people_of() if "physiotherapist" in who.roles else []
    except StoreError:
        return None
    return who, tuple(link.person_id for link in linked)
