"""The pages by the last part of their address, with the roles that have them and the functions that draw them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import identity, programmes
from formcheck.app.views import accounts, messages, my_data, my_progress, people, programme, queue, review, today, train
from formcheck.errors import StoreError

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
"""The first page of a role is its start page. The title is the text ``nav.NAME``. ``session.go(NAME)`` leads there."""
ONLY_WITH_ACCOUNTS = ("messages",)
"""Without accounts there is no other person to write to."""
_FIRST = "first"
"""The address of the start page: Streamlit shows that page at the bare address, and ignores this one."""


def pages_of(roles: frozenset[str], t: Translator) -> dict[str, st.Page]:
    """Return the pages of a person with these roles."""
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


def other_addresses(menu: dict[str, st.Page], t: Translator) -> list[st.Page]:
    """Return pages outside the menu, so that every address of ``PAGES`` leads somewhere, even an old bookmark.

    A page of another role leads to the start page; without a role it leads nowhere.
    """
    first = _first(list(menu))

    def to_first() -> None:
        if first is not None:
            st.switch_page(menu[first])

    shows = {
        name: functools.partial(show, t) if name == first else to_first
        for name, (_, show) in PAGES.items()
        if name == first or name not in menu
    }
    pages = [st.Page(show, title=t(f"nav.{name}"), url_path=name, visibility="hidden") for name, show in shows.items()]
    if first is None:
        pages.append(st.Page(to_first, title=t("door.title"), url_path=_FIRST, default=True, visibility="hidden"))
    return pages


def _first(names: list[str]) -> str | None:
    """Return the start page of a person with these pages: Today only if there is a programme."""
    if names and names[0] == "today" and not _has_programme():
        return "train"
    return names[0] if names else None


def _has_programme() -> bool:
    """Return whether the present person has a programme; False if it cannot be read, and then the pages say why."""
    try:
        return programmes.has_programme(identity.store())
    except StoreError:
        return False
