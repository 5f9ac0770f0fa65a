"""The web app's script: Streamlit runs it again for every interaction. Page frame, language and navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from formcheck.app import session
from formcheck.app.views import look, review, train

WIDTH_PX = 1120
ICON = Path(__file__).with_name("icon.svg")

st.set_page_config(page_title="formcheck", page_icon=str(ICON), layout="wide")
session.begin()
with st.container(horizontal_alignment="center"), st.container(width=WIDTH_PX):
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        name = st.container(width="content")
        t = session.choose_language()
    name.markdown(f"**formcheck** · {t('app.tagline')}")

    def to_set(set_id: int) -> None:
        st.switch_page(to_train, query_params={"lang": t.language, look.QUERY: str(set_id)})

    to_review = st.Page(lambda: review.show(t, to_set), title=t("app.review.title"), url_path="review")
    to_train = st.Page(
        lambda: train.show(t, lambda: st.switch_page(to_review)), title=t("train.title"), url_path="train", default=True
    )
    st.navigation([to_train, to_review], position="top").run()
