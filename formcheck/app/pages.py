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


def pages_of(roles: frozenset[str], t: Translator) -> dict[str, st.Page]:
    """Return the pages of somebody with these roles."""
    own = {name: show for name, (role, show) in PAGES.items() if role in roles}
    return {
        name: st.Page(functools.partial(show, t), title=t(f"nav.{name}"), url_path=name, default=number == 0)
        for number, (name, show) in enumerate(own.items())
    }
