"""Inviting somebody: a link that works once and is shown once, and the invitations that are still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import invitation_cookie
from formcheck.app.views import small
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text

if TYPE_CHECKING:
    from datetime import datetime

    from formcheck.model.entities import Invitation
    from formcheck.store.access import AuthorisedStore

_FRESH = "invited"


def button(t: Translator, store: AuthorisedStore) -> None:
    """Offer to invite somebody."""

    def make() -> None:
        try:
            st.session_state[_FRESH] = store.links.invite()
        except FormcheckError as error:
            st.error(error_text(error, t.language), icon=":material/error:")

    st.button(t("people.invite.do"), key="invite", type="primary", icon=":material/person_add:", on_click=make)


def fresh(t: Translator) -> None:
    """Show the link of the invitation that was just made, until it is put away: nobody can show it again."""
    made: Invitation | None = st.session_state.get(_FRESH)
    if made is None:
        return
    with st.container(border=True):
        st.markdown(f"**{t('people.invite.made')}**")
        st.code(invitation_cookie.link(made.token), language=None, wrap_lines=True)
        small(t("people.invite.how", day=date_text(t, _day(made.expires_at))))
        st.button(t("people.invite.done"), key="invite-done", on_click=lambda: st.session_state.pop(_FRESH, None))


def open_ones(t: Translator, store: AuthorisedStore) -> None:
    """List the invitations that nobody has used, each to be withdrawn."""
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
    try:
        store.links.withdraw(invitation_id)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")
        return
    made: Invitation | None = st.session_state.get(_FRESH)
    if made is not None and made.id == invitation_id:
        del st.session_state[_FRESH]


def _day(at: datetime):
    return at.astimezone().date()
