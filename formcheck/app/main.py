"""The web app's script: Streamlit runs it again for every interaction. Page frame, language, who it is, and navigation."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from formcheck.app import identity, programmes, session
from formcheck.app.views import door, messages, own, people, programme, queue, review, today, train
from formcheck.i18n import Translator

WIDTH_PX = 1120
ICON = Path(__file__).with_name("icon.svg")
# The pages by the last part of their address: who has them and what draws them; the first one is where somebody begins.
# The title is the text ``nav.NAME``; ``session.go(NAME)`` leads there. A comment: a bare string would be drawn on the page.
PAGES: dict[str, tuple[tuple[str, ...], Callable[[Translator], None]]] = {
    "people": (("physiotherapist",), people.show),
    "queue": (("physiotherapist",), queue.show),
    "today": (("person",), today.show),
    "train": (("person",), train.show),
    "programme": (("person", "physiotherapist"), programme.show),
    "progress": (("person",), own.show),
    "messages": (("person", "physiotherapist"), messages.show),
    "review": (("person",), review.show),
}
# Without accounts there is nobody to write to.
ONLY_WITH_ACCOUNTS = ("messages",)


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


st.set_page_config(page_title="formcheck", page_icon=str(ICON), layout="wide")
with st.container(horizontal_alignment="center"), st.container(width=WIDTH_PX):
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        name = st.container(width="content")
        t = session.choose_language()
    name.markdown(f"**formcheck** · {t('app.tagline')}")
    roles = door.pass_through(t)
    if roles:
        session.begin()
        st.session_state.pages = pages_of(roles, t)
        st.navigation(list(st.session_state.pages.values()), position="top").run()
