"""The pages, by the last part of their address: who has them and what draws them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import identity, programmes
from formcheck.app.views import accounts, messages, my_data, my_progress, people, programme, queue, review, today, train

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.i18n import Translator

PAGES: dict[str, tuple[tuple[str, ...], Callable[[Translator], None]]] = {
    "people": (("physiotherapist",), people.show),
    "queue": (("physiotherapist",), queue.show),
    "today": (("person",), today.show),
    "train": (("person",), train.show),
    "programme": (("person", "physiotherapist"), programme.show),
    "progress": (("person",), my_progress.show),
    "messages": (("person", "physiotherapist"), messages.show),
    "review": (("person",), review.show),
    "mydata": (("person",), my_data.show),
    "accounts": (("administrator",), accounts.show),
}
"""The first one of a role is where somebody begins. The title is the text ``nav.NAME``. ``session.go(NAME)`` leads there."""
ONLY_WITH_ACCOUNTS = ("messages",)
"""Without accounts there is nobody to write to."""
_FIRST = "first"
"""Streamlit shows the first page without an address of its own, and takes the one that it is given for its own."""


def pages_of(roles: frozenset[str], t: Translator) -> dict[str, st.Page]:
    """Return the pages of somebody with these roles."""
    hidden = () if identity.with_accounts() else ONLY_WITH_ACCOUNTS
    names = [name for name, (needed, _) in PAGES.items() if roles.intersection(needed) and name not in hidden]
    first = _first(names)
    return {
        name: st.Page(
            functools.partial(PAGES[name][1], t),
            title=t(f"nav.{name}"),
            url_path=_FIRST if name == first else name,
            default=name == first,
        )
        for name in names
    }


def other_addresses(own: dict[str, st.Page], t: Translator) -> list[st.Page]:
    """Return pages that are in no menu, so that every address of ``PAGES`` leads somewhere, also an old bookmark.

    A page of another role leads to the first one, and nowhere without a role.
    """
    first = _first(list(own))

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


def _first(names: list[str]) -> str | None:
    """Return where somebody with these pages begins: with Today only once there is a programme."""
    if names and names[0] == "today" and not programmes.there_is_one():
        return "train"
    return names[0] if names else None
