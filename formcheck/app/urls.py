"""Addresses below the app's base path."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from formcheck.app.workspace import Workspace

RESULTS_PATH = "/review-files"
"""The path of a session's result files."""


def base_path() -> str:
    """Return what every address of the app begins with: empty, or ``/`` and the base path it is served under."""
    import streamlit as st

    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}" if base else ""


def result_url(workspace: Workspace, name: str, save_as: str | None = None) -> str:
    """Return the address of a result file, for this session only; with ``save_as`` it is saved under that name."""
    query = f"?download={quote(save_as)}" if save_as else ""
    return f"{base_path()}{RESULTS_PATH}/{workspace.token}/{quote(name)}{query}"
