"""A physiotherapist's invitation. The page says who sent it and what it means before the person accepts it."""

from __future__ import annotations

import streamlit as st

from formcheck.app import identity, invitation_cookie
from formcheck.app.views import plain
from formcheck.errors import StoreError
from formcheck.i18n import Translator, error_text

_TOKEN, _ACCEPTED = "invitation", "invitation_said"
"""Keys of the session state: the token not yet answered, and the name whose invitation was just accepted."""


def offer(t: Translator) -> bool:
    """Show an unanswered invitation that the browser brought or the person pasted; return whether there is one."""
    if _ACCEPTED in st.session_state:
        st.success(t("invite.accepted", name=st.session_state.pop(_ACCEPTED)), icon=":material/check:")
    token = st.session_state.setdefault(_TOKEN, invitation_cookie.pending_token())
    if token is None:
        return False
    store = identity.store()
    try:
        name = plain(store.links.invited_by(token))
    except StoreError as error:
        if error.code != "invitation_unusable":
            raise
        st.session_state[_TOKEN] = None  # a used link needs no answer
        return False
    with st.container(border=True):
        st.subheader(t("invite.title", name=name), anchor=False)
        st.markdown(t("invite.text", name=name))
        with st.container(horizontal=True):
            if st.button(t("invite.accept"), type="primary", key="accept-invitation"):
                store.links.accept(token)
                st.session_state[_TOKEN], st.session_state[_ACCEPTED] = None, name
                st.rerun()
            if st.button(t("invite.later"), key="later-invitation"):
                st.session_state[_TOKEN] = None
                st.rerun()
    return True


def code_form(t: Translator) -> None:
    """Let a person paste the link or code of an invitation."""
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
    st.session_state[_TOKEN] = token
    st.rerun()
