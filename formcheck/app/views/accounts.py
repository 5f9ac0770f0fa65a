"""The administrator's page: the accounts, their roles, and which of them are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import identity
from formcheck.app.views import plain, small
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.model.entities import ROLES, Account

if TYPE_CHECKING:
    from formcheck.store.access import AuthorisedStore

SHOWN = 30
"""Accounts drawn at once; default. The search finds the others."""


def show(t: Translator) -> None:
    """Draw the page."""
    st.title(t("nav.accounts"), anchor=False)
    try:
        store = identity.store()
        own = store.who().account_id
        accounts = store.accounts.all()
        st.markdown(t("accounts.intro"))
        wanted = st.text_input(t("accounts.search"), key="search-accounts", icon=":material/search:").strip().lower()
        found = [one for one in accounts if wanted in one.name.lower() or wanted == str(one.id)]
        found.sort(key=lambda one: (bool(one.roles), one.name.lower()))
        if not found:
            st.info(t("accounts.none"), icon=":material/info:")
        for account in found[:SHOWN]:
            _account(t, store, account, own=account.id == own)
        if len(found) > SHOWN:
            small(t("accounts.more", n=len(found) - SHOWN))
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _account(t: Translator, store: AuthorisedStore, account: Account, *, own: bool) -> None:
    """Show one account. The administrator cannot change their own, which could lock them out of this page."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{plain(account.name)}**", width="content")
            since = date_text(t, account.created_at.astimezone().date())
            state = t("accounts.closed") if account.disabled else t("accounts.since", n=account.id, day=since)
            st.markdown(f":small[{state}]", width="content")
        # The roles are in the key, so that a change by another administrator makes a new widget.
        key = f"roles-{account.id}-{'-'.join(account.roles)}-{t.language}"

        def save_roles() -> None:
            store.accounts.set_roles(account.id, list(st.session_state[key]))

        st.pills(
            t("accounts.roles"),
            ROLES,
            default=list(account.roles),
            selection_mode="multi",
            disabled=own,
            key=key,
            format_func=lambda role: t(f"role.{role}"),
            label_visibility="collapsed",
            on_change=save_roles,
        )
        if own:
            small(t("accounts.own"))
            return
        if not account.roles:
            small(t("accounts.no_role"))
        with st.container(horizontal=True):
            everywhere = t("accounts.sign_out")
            if st.button(everywhere, key=f"sign-out-{account.id}", type="tertiary", icon=":material/logout:"):
                store.accounts.sign_out_everywhere(account.id)
                st.toast(t("accounts.signed_out", name=plain(account.name)), icon=":material/check:")
            shut = "enable" if account.disabled else "disable"
            if st.button(t(f"accounts.{shut}"), key=f"{shut}-{account.id}", type="tertiary", icon=":material/block:"):
                (store.accounts.enable if account.disabled else store.accounts.disable)(account.id)
                st.rerun()
