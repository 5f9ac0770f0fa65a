"""``streamlit run streamlit_app.py`` serves the web app; ``formcheck app`` does the same from anywhere."""

import streamlit as st

from formcheck.app.server import MAIN, parts

app = st.App(MAIN, **parts())  # spelled out: Streamlit reads this file to find it
