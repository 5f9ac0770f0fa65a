"""A physiotherapist's invitation: who it is from and what it means are read before it is accepted."""

from __future__ import annotations

import streamlit as st

from formcheck.app import identity, invitation_cookie
from formcheck.app.views import plain
from formcheck.errors import StoreError
from formcheck.i18n import Translator, error_text

_BROUGHT, _SAID = "invitation", "invitation_said"


def offer(t: Translator) -> bool:
    """Show the invitation that this browser came with or that was pasted, until it is answered; return whether there is one."""
    if _SAID in st.session_state:
        st.success(t("invite.accepted", name=st.session_state.pop(_SAID)), icon=":material/check:")
    token = st.session_state.setdefault(_BROUGHT, invitation_cookie.brought())
    if token is None:
        return False
    store = identity.store()
    try:
        name = plain(store.links.invited_by(token))
    except StoreError as error:
        if error.code != "invitation_unusable":
            raise
        st.session_state[_BROUGHT] = None  # a link that was used is of no interest any more
        return False
    with st.container(border=True):
        st.subheader(t("invite.title", name=name), anchor=False)
        st.markdown(t("invite.text", name=name))
        with st.container(horizontal=True):
            if st.button(t("invite.accept"), type="primary", key="accept-invitation"):
                store.links.accept(token)
                st.session_state[_BROUGHT], st.session_state[_SAID] = None, name
                st.rerun()
            if st.button(t("invite.later"), key="later-invitation"):
                st.session_state[_BROUGHT] = None
                st.rerun()
    return True


def by_hand(t: Translator) -> None:
    """Let somebody paste the link or code that they were given."""
    with st.form("invitation-form", border=False):
        pasted = st.text_input(t("invite.code"), key="invitation-code", max_chars=500)
        if not st.form_submit_button(t("invite.use")):
            return
    token = invitation_cookie.token_in(pasted)
    try:
        identity.store().links.invited_by(token or "")
    except StoreError as error:
        st.error(error_text(error, t.language), icon=":material/error:")
        return
    st.session_state[_BROUGHT] = token
    st.rerun()
