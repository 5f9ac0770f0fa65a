"""The pages of the web app. They only draw; the work is done in ``formcheck.app.services`` and its neighbours.

The folder is not called ``pages``: Streamlit takes each file of a folder of that name beside the main script for a page
of its own.
"""

from __future__ import annotations

import re
import string

POLL_S = 0.5
"""Seconds between two looks of a page at the work that it waits for; default."""


def plain(text: str) -> str:
    """Return a text that a person wrote, such as a name, with its Markdown escaped and its line breaks kept."""
    return re.sub(f"([{re.escape(string.punctuation)}])", r"\\\1", text).replace("\n", "  \n")


def small(text: str) -> None:
    """Show a remark in small letters at full contrast. Streamlit's captions are too pale to read easily."""
    import streamlit as st

    st.markdown(f":small[{text}]")
