"""Inviting a person: a link that works once and is shown once, and the list of open invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import invitation_cookie
from formcheck.app.views import small
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text

if TYPE_CHECKING:
    from datetime import date, datetime

    from formcheck.model.entities import Invitation
    from formcheck.store.access import AuthorisedStore

_NEW = "invited"
"""Key of the session state: the invitation whose link is on the page."""


def button(t: Translator, store: AuthorisedStore) -> None:
    """Show the button that makes an invitation."""

    def make() -> None:
        try:
            st.session_state[_NEW] = store.links.invite()
        except FormcheckError as error:
            st.error(error_text(error, t.language), icon=":material/error:")

    st.button(t("people.invite.do"), key="invite", type="primary", icon=":material/person_add:", on_click=make)


def new_invitation(t: Translator) -> None:
    """Show the link of a new invitation until it is dismissed. It cannot be shown again: the store keeps only its hash."""
    made: Invitation | None = st.session_state.get(_NEW)
    if made is None or made.token is None:
        return
    with st.container(border=True):
        st.markdown(f"**{t('people.invite.made')}**")
        st.code(invitation_cookie.link(made.token), language=None, wrap_lines=True)
        small(t("people.invite.how", day=date_text(t, _day(made.expires_at))))
        st.button(t("people.invite.done"), key="invite-done", on_click=lambda: st.session_state.pop(_NEW, None))


def open_invitations(t: Translator, store: AuthorisedStore) -> None:
    """List the unused invitations, each with a button that withdraws it."""
    waiting = store.links.invitations()
    if not waiting:
        return
    with st.expander(t("people.invite.open", n=len(waiting)), icon=":material/mail:"):
        for one in waiting:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                made, until = (date_text(t, _day(at)) for at in (one.made_at, one.expires_at))
                st.markdown(t("people.invite.line", made=made, until=until), width="stretch")
                st.button(
                    t("people.invite.withdraw"),
                    key=f"withdraw-{one.id}",
                    on_click=_withdraw,
                    args=(t, store, one.id),
                    type="tertiary",
                    icon=":material/delete:",
                )


def _withdraw(t: Translator, store: AuthorisedStore, invitation_id: int) -> None:
    """Withdraw an invitation, and take its link off the page."""
    try:
        store.links.withdraw(invitation_id)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")
        return
    made: Invitation | None = st.session_state.get(_NEW)
    if made is not None and made.id == invitation_id:
        del st.session_state[_NEW]


def _day(at: datetime) -> date:
    """Return the local date of a time."""
    return at.astimezone().date()
