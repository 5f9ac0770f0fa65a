"""``streamlit run streamlit_app.py`` serves the web app; ``formcheck app`` does the same from anywhere."""

import streamlit as st

from formcheck.app.server import MAIN, app_options

app = st.App(MAIN, **app_options())  # spelled out: Streamlit reads this file to find it
