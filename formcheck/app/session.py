"""The state of one browser session, such as its language and its private folder. Only the script thread calls this."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from formcheck.app import identity
from formcheck.app.downloads import private_downloads
from formcheck.app.live.session_registry import live_sessions
from formcheck.app.workspace import Workspace, workspaces
from formcheck.i18n import LANGUAGES, Translator, translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.app.services import UploadJob


@dataclass(slots=True)
class PlayerState:
    """The state of the result page's player.

    ``allowed``: raises StoreError when this session may no longer see the result. ``seek_s``: the moment (s) that the player was
    sent to last. ``seek_id``: the number of such jumps. ``picked``: the moment of the last jump by each chart or table.
    ``addresses``: the addresses of the player's files by name (see ``formcheck.app.downloads``).
    """

    allowed: Callable[[], object]
    seek_s: float | None = None
    seek_id: int = 0
    picked: dict[str, float | None] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def address(self, what: str, offer: Callable[[], str]) -> str:
        """Return the address of a file of the player. A new one is offered if the old one no longer works."""
        if not private_downloads().is_valid(self.addresses.get(what, "")):
            self.addresses[what] = offer()
        return self.addresses[what]

    def jump(self, to_s: float) -> None:
        """Send the player to a moment (s). Every call is a jump, even a second one to the same moment."""
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
    """Open the private folder of a new session; keep the folder of a session that came back."""
    session_id = browser_session_id()
    workspaces().cancel_removal(session_id)
    if "workspace" not in st.session_state or workspace().closed:
        st.session_state.workspace = workspaces().open(session_id, identity.access_check())
        workspace().on_end = functools.partial(_end_live, session_id)
        st.session_state.pop("job", None)
    _presence(session_id)


def _disconnected(session_id: str) -> None:
    """Remove the session's files soon, unless the session comes back."""
    workspaces().schedule_removal(session_id)


@st.cache_resource(scope="session", show_spinner=False, on_release=_disconnected)
def _presence(session_id: str) -> str:
    """Return the id. Streamlit caches it while the session is connected: its release marks the end of the session."""
    return session_id


def end() -> None:
    """Remove everything of the session's user: private folder, live page and choices. The language stays."""
    if "workspace" not in st.session_state:
        return
    workspaces().drop(browser_session_id())
    for key in set(st.session_state) - {"language"}:
        del st.session_state[key]


def _end_live(session_id: str) -> None:
    """End the live pages of a browser session that is over."""
    live_sessions().end_session(session_id)


def go(page: str, **query: str) -> None:
    """Go to a page by its name in ``formcheck.app.pages``."""
    st.switch_page(st.session_state.pages[page], query_params={"lang": st.session_state.language, **query})


def workspace() -> Workspace:
    """Return the private folder of this session."""
    found: Workspace = st.session_state.workspace
    return found


def job() -> UploadJob | None:
    """Return the running or last analysis of this session."""
    return st.session_state.get("job")


def select_result(name: str, allowed: Callable[[], object]) -> None:
    """Select the result that the page shows. Another result gets a new player. ``allowed``: see ``PlayerState``."""
    if st.session_state.get("selected_result") != name:
        st.session_state.selected_result, st.session_state.player = name, PlayerState(allowed)


def player() -> PlayerState:
    """Return the state of the selected result's player."""
    found: PlayerState = st.session_state.player
    return found


def start(new: UploadJob) -> None:
    """Start an analysis. ``clear`` stops it."""
    _stop_drawing()
    st.session_state.job = new.start()
    st.session_state.analyses = analyses() + 1
    workspace().on_close = new.stop


def analyses() -> int:
    """Return the number of analyses that this session has started."""
    number: int = st.session_state.get("analyses", 0)
    return number


def drawing() -> UploadJob | None:
    """Return the running or last drawing of this analysis's annotated video."""
    return st.session_state.get("drawing")


def draw(new: UploadJob) -> None:
    """Start to draw the annotated video. ``clear`` stops it."""
    st.session_state.drawing = new.start()
    workspace().on_close = new.stop


def _stop_drawing() -> None:
    if drawing() is not None:
        st.session_state.pop("drawing").stop()


def clear() -> None:
    """Delete the video and all its results, and empty the uploader."""
    workspace().clear()
    for work in ("job", "drawing"):
        st.session_state.pop(work, None)
    st.session_state.uploader = st.session_state.get("uploader", 0) + 1


def choice_key(name: str) -> str:
    """Return the key of a choice's widget. Its options are words, so each language has a widget of its own."""
    return f"{name}-{st.session_state.language}"


def choice(name: str) -> str | None:
    """Return the chosen option, in any language."""
    option: str | None = st.session_state.setdefault("choices", {}).get(name)
    return option


def choose(name: str, option: str) -> None:
    """Choose an option for the person. Call this before the widget is drawn, or in a callback."""
    remember(name, option)
    st.session_state[choice_key(name)] = option


def remember(name: str, option: str) -> None:
    """Keep the person's choice."""
    st.session_state.setdefault("choices", {})[name] = option


def restore(name: str, options: list[str]) -> None:
    """Give a widget that is new in this language the choice made in the other one."""
    if choice_key(name) not in st.session_state and choice(name) in options:
        st.session_state[choice_key(name)] = choice(name)


def choose_language() -> Translator:
    """Show the choice of language, which the page's address keeps. Return the translator."""
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
