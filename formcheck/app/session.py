"""What belongs to one browser session: its language and its private folder. Called from the script thread only."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from formcheck.app import identity
from formcheck.app.downloads import offers
from formcheck.app.live.session_registry import runs
from formcheck.app.workspace import Workspace, workspaces
from formcheck.i18n import LANGUAGES, Translator, translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.app.services import UploadJob


@dataclass(slots=True)
class PlayerState:
    """Where the person is in the result: the moment (s) that the player was last sent to, how often, and by what.

    ``addresses``: where the page fetches what is shown (see ``formcheck.app.downloads``), by what it is. ``allowed``: raises
    StoreError when it is not this session's to see any more.
    """

    allowed: Callable[[], object]

    seek_s: float | None = None
    seek_id: int = 0
    picked: dict[str, float | None] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def address(self, what: str, offer: Callable[[], str]) -> str:
        """Return the address of something shown, offered anew when it is not any more."""
        if not offers().stands(self.addresses.get(what, "")):
            self.addresses[what] = offer()
        return self.addresses[what]

    def jump(self, to_s: float) -> None:
        """Send the player to a moment; each call counts, also a second one to the same moment."""
        self.seek_s = to_s
        self.seek_id += 1


LANGUAGE_NAMES = {"en": "English", "da": "Dansk"}


def browser_session_id() -> str:
    """Return Streamlit's id of this browser session. Raises RuntimeError outside of a script thread."""
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("A browser session is known in its script thread only.")
    return context.session_id


def begin() -> None:
    """Give a new session of somebody who may be here its private folder, and keep the folder of one that came back."""
    session_id = browser_session_id()
    workspaces().back(session_id)
    if "workspace" not in st.session_state or workspace().closed:
        st.session_state.workspace = workspaces().open(session_id, identity.still_counts())
        workspace().on_end = functools.partial(_end_live, session_id)
        st.session_state.pop("job", None)
    _presence(session_id)


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda session_id: workspaces().left(session_id))
def _presence(session_id: str) -> str:
    """Cached for as long as the session is connected: its release is how the end of a session is noticed."""
    return session_id


def end() -> None:
    """Leave nothing of whoever was here: the private folder, the live page, what was chosen. The language stays."""
    if "workspace" not in st.session_state:
        return
    workspaces().drop(browser_session_id())
    for key in set(st.session_state) - {"language"}:
        del st.session_state[key]


def _end_live(session_id: str) -> None:
    """Let no live page outlive the browser session that it was opened in."""
    runs().end_session(session_id)


def go(page: str, **query: str) -> None:
    """Lead to a page by its name in ``formcheck.app.pages``."""
    st.switch_page(st.session_state.pages[page], query_params={"lang": st.session_state.language, **query})


def workspace() -> Workspace:
    return st.session_state.workspace


def job() -> UploadJob | None:
    """Return the analysis of this session: running, or the last one."""
    return st.session_state.get("job")


def select_result(what: str, allowed: Callable[[], object]) -> None:
    """Say which result the page shows, and how to find out later whether it may; another one begins anew."""
    if st.session_state.get("showing") != what:
        st.session_state.showing, st.session_state.shown = what, PlayerState(allowed)


def shown() -> PlayerState:
    return st.session_state.shown


def start(new: UploadJob) -> None:
    """Start an analysis; clearing the folder stops it first."""
    _stop_drawing()
    st.session_state.job = new.start()
    st.session_state.analyses = analyses() + 1
    workspace().on_close = new.stop


def analyses() -> int:
    """Return how many analyses this session has started."""
    return st.session_state.get("analyses", 0)


def drawing() -> UploadJob | None:
    """Return the drawing of the annotated video: running, or the last one of this analysis."""
    return st.session_state.get("drawing")


def draw(new: UploadJob) -> None:
    """Start to draw the annotated video; clearing the folder stops it first."""
    st.session_state.drawing = new.start()
    workspace().on_close = new.stop


def _stop_drawing() -> None:
    if drawing() is not None:
        st.session_state.pop("drawing").stop()


def clear() -> None:
    """Delete the video and everything made from it, and empty the uploader."""
    workspace().clear()
    for work in ("job", "drawing"):
        st.session_state.pop(work, None)
    st.session_state.uploader = st.session_state.get("uploader", 0) + 1


def choice_key(name: str) -> str:
    """Return the key of a choice's widget. Its options are words, so each language has a widget of its own."""
    return f"{name}-{st.session_state.language}"


def choice(name: str) -> str | None:
    """Return what is chosen, in whatever language it was chosen."""
    return st.session_state.setdefault("choices", {}).get(name)


def choose(name: str, option: str) -> None:
    """Choose for the person. Call it before the widget is drawn, or in a callback."""
    remember(name, option)
    st.session_state[choice_key(name)] = option


def remember(name: str, option: str) -> None:
    """Keep what the person chose."""
    st.session_state.setdefault("choices", {})[name] = option


def restore(name: str, options: list[str]) -> None:
    """Give a widget that is drawn for the first time in this language what was chosen in the other."""
    if choice_key(name) not in st.session_state and choice(name) in options:
        st.session_state[choice_key(name)] = choice(name)


def choose_language() -> Translator:
    """Show the choice of language, kept in the page's address; return the translator."""
    if st.session_state.get("language") not in LANGUAGES:
        asked, browser = st.query_params.get("lang"), (st.context.locale or "").lower()
        st.session_state.language = asked if asked in LANGUAGES else "da" if browser.startswith("da") else "en"
    t = translator(st.session_state.language)
    st.segmented_control(
        t("app.language"),
        LANGUAGES,
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        key="language",
        label_visibility="collapsed",
    )
    st.query_params["lang"] = t.language
    return t
