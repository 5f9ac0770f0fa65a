"""What belongs to one browser session: its language and its private folder. Called from the script thread only."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from formcheck.app.services import Job
from formcheck.app.workspace import Workspace, workspaces
from formcheck.i18n import LANGUAGES, Translator, translator

LANGUAGE_NAMES = {"en": "English", "da": "Dansk"}


def begin() -> None:
    """Give a new session its private folder, and keep the folder of one that came back."""
    session_id = get_script_run_ctx().session_id
    workspaces().back(session_id)
    if "workspace" not in st.session_state or workspace().closed:
        st.session_state.workspace = workspaces().open(session_id)
        st.session_state.pop("job", None)
    _presence(session_id)


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda session_id: workspaces().left(session_id))
def _presence(session_id: str) -> str:
    """Cached for as long as the session is connected: its release is how the end of a session is noticed."""
    return session_id


def workspace() -> Workspace:
    return st.session_state.workspace


def job() -> Job | None:
    """Return the analysis of this session: running, or the last one."""
    return st.session_state.get("job")


def start(new: Job) -> None:
    """Start an analysis; clearing the folder stops it first."""
    st.session_state.job = new.start()
    workspace().on_close = new.stop


def clear() -> None:
    """Delete the video and everything made from it, and empty the uploader."""
    workspace().clear()
    st.session_state.pop("job", None)
    st.session_state.uploader = st.session_state.get("uploader", 0) + 1


def choose_language() -> Translator:
    """Show the choice of language, kept in the page's address; return the translator."""
    if "lang" not in st.session_state and st.query_params.get("lang") not in LANGUAGES:
        st.session_state.lang = "da" if (st.context.locale or "").lower().startswith("da") else "en"
    language = st.session_state.get("lang") or st.query_params["lang"]
    chosen = st.segmented_control(
        translator(language)("app.language"),
        LANGUAGES,
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        key="lang",
        bind="query-params",
        label_visibility="collapsed",
    )
    return translator(chosen or language)
