"""The way in and out where people sign in: nobody comes to a page without an account that has a role."""

from __future__ import annotations

import streamlit as st

from formcheck.app import identity, session
from formcheck.errors import StoreError
from formcheck.i18n import Translator, error_text

ALONE = frozenset({"person"})


def pass_through(t: Translator) -> frozenset[str]:
    """Return the roles of whoever is here; empty, with what to do instead on the page, for somebody who may see no page yet."""
    if not identity.with_accounts():
        return ALONE
    try:
        who = identity.who()
    except StoreError as error:
        session.end()
        if error.code != "store_signed_out":
            st.error(error_text(error, t.language), icon=":material/error:")
        return frozenset()
    return who.roles
