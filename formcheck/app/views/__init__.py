"""The pages of the web app. Thin: what they do is in ``formcheck.app.services``.

The folder is not called ``pages``: Streamlit takes each file of a folder of that name beside the main script for a page
of its own.
"""

from __future__ import annotations

import re
import string

POLL_S = 0.5
"""How often a page that waits for work looks where it is."""


def plain(text: str) -> str:
    """Return a text that somebody else wrote, such as a name, so that Streamlit shows it letter by letter and line by line."""
    return re.sub(f"([{re.escape(string.punctuation)}])", r"\\\1", text).replace("\n", "  \n")


def small(text: str) -> None:
    """Show a side remark in small letters, in full contrast (Streamlit's captions are too pale to read easily)."""
    import streamlit as st

    st.markdown(f":small[{text}]")
