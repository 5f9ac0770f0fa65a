"""The pages, by the last part of their address: who has them and what draws them."""

from __future__ import annotations

import functools
from collections.abc import Callable

import streamlit as st

from formcheck.app.views import accounts, mydata, review, train
from formcheck.i18n import Translator

PAGES: dict[str, tuple[str, Callable[[Translator], None]]] = {
    "train": ("person", train.show),
    "review": ("person", review.show),
    "mydata": ("person", mydata.show),
    "accounts": ("administrator", accounts.show),
}
"""The first one of a role is where somebody begins. The title is the text ``nav.NAME``. ``session.go(NAME)`` leads there."""


_FIRST = "first"
"""Streamlit shows the first page without an address of its own, and takes the one that it is given for its own."""


def pages_of(roles: frozenset[str], t: Translator) -> dict[str, st.Page]:
    """Return the pages of somebody with these roles."""
    own = {name: show for name, (role, show) in PAGES.items() if role in roles}
    first = next(iter(own), None)
    return {
        name: st.Page(
            functools.partial(show, t), title=t(f"nav.{name}"), url_path=_FIRST if name == first else name, default=name == first
        )
        for name, show in own.items()
    }  # fmt: skip


def other_addresses(own: dict[str, st.Page], t: Translator) -> list[st.Page]:
    """Return pages that are in no menu, so that every address of ``PAGES`` leads somewhere, also an old bookmark.

    A page of another role leads to the first one, and nowhere without a role.
    """
    first = next(iter(own), None)

    def led() -> None:
        if first is not None:
            st.switch_page(own[first])

    shows = {
        name: functools.partial(show, t) if name == first else led
        for name, (_, show) in PAGES.items()
        if name == first or name not in own
    }
    pages = [st.Page(show, title=t(f"nav.{name}"), url_path=name, visibility="hidden") for name, show in shows.items()]
    if first is None:
        pages.append(st.Page(led, title=t("door.title"), url_path=_FIRST, default=True, visibility="hidden"))
    return pages
