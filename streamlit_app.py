"""``streamlit run streamlit_app.py`` serves the web app; ``formcheck app`` does the same with its own settings."""

from formcheck.app.server import build

app = build()
