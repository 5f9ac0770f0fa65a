"""The web app's script, which Streamlit runs at every interaction: page frame, language, sign-in and navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from formcheck.app import session
from formcheck.app.pages import other_addresses, pages_of
from formcheck.app.views import sign_in

WIDTH_PX = 1120
ICON = Path(__file__).with_name("icon.svg")
LOOK = Path(__file__).with_name("page.css")

st.set_page_config(page_title="formcheck", page_icon=str(ICON), layout="wide")
st.html(LOOK)
with st.container(horizontal_alignment="center"), st.container(width=WIDTH_PX):
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        name = st.container(width="content")
        corner = st.container(horizontal=True, width="content", vertical_alignment="center")
        with corner:
            t = session.choose_language()
    name.markdown(f"**formcheck** · {t('app.tagline')}")
    roles = sign_in.pass_through(t, corner)
    if roles:
        session.begin()
    menu = st.session_state.pages = pages_of(roles, t)
    st.navigation([*menu.values(), *other_addresses(menu, t)], position="top").run()
