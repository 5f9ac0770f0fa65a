"""The pages, by the last part of their address: who has them and what draws them."""

from __future__ import annotations

import functools
from collections.abc import Callable

import streamlit as st

from formcheck.app import identity, programmes
from formcheck.app.views import accounts, messages, mydata, own, people, programme, queue, review, today, train
from formcheck.i18n import Translator

PAGES: dict[str, tuple[tuple[str, ...], Callable[[Translator], None]]] = {
    "people": (("physiotherapist",), people.show),
    "queue": (("physiotherapist",), queue.show),
    "today": (("person",), today.show),
    "train": (("person",), train.show),
    "programme": (("person", "physiotherapist"), programme.show),
    "progress": (("person",), own.show),
    "messages": (("person", "physiotherapist"), messages.show),
    "review": (("person",), review.show),
    "mydata": (("person",), mydata.show),
    "accounts": (("administrator",), accounts.show),
}
"""The first one of a role is where somebody begins. The title is the text ``nav.NAME``. ``session.go(NAME)`` leads there."""
ONLY_WITH_ACCOUNTS = ("messages",)
"""Without accounts there is nobody to write to."""


def pages_of(roles: frozenset[str], t: Translator) -> dict[str, st.Page]:
    """Return the pages of somebody with these roles; where to begin is Today once there is a programme."""
    hidden = () if identity.with_accounts() else ONLY_WITH_ACCOUNTS
    names = [name for name, (needed, _) in PAGES.items() if roles.intersection(needed) and name not in hidden]
    begin = "train" if names[0] == "today" and not programmes.there_is_one() else names[0]
    return {
        name: st.Page(
            functools.partial(PAGES[name][1], t), title=t(f"nav.{name}"), url_path=name, default=name == begin
        )
        for name in names
    }
