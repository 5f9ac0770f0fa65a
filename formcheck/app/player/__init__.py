"""The player of a finished set: a Components v2 element that can be sent to a moment."""

from __future__ import annotations

from importlib import resources

from formcheck.i18n import Translator, catalogue

_TEXTS = "player."


def show_set(
    motion: str, t: Translator, *, video: tuple[str, float] | None, seek_s: float | None, seek_id: int
) -> None:
    """Show a set as a skeleton, on its video where there is one: address, and the set's time at its start.

    ``motion``: the address of what ``motion.motion`` gives. A new ``seek_id`` takes the player to ``seek_s`` of the set and
    stops it there.
    """
    import streamlit as st

    element = st.components.v2.component(
        "formcheck_set", html='<div class="set"></div>', css=_asset("set.css"), js=_asset("body.js") + _asset("set.js")
    )
    data = {
        "key": motion, "motion": motion, "seek_s": seek_s, "seek_id": seek_id,
        "video": None if video is None else {"url": video[0], "offset_s": video[1]},
        "texts": {name.removeprefix(_TEXTS): text for name, text in catalogue(t.language).items() if name.startswith(_TEXTS)},
    }  # fmt: skip
    element(key="set-player", data=data)


def _asset(name: str) -> str:
    return (resources.files(__name__) / name).read_text(encoding="utf-8")
