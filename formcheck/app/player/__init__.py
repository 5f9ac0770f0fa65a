"""The video player of the review page: a Components v2 element that can be sent to a moment."""

from __future__ import annotations

from importlib import resources


def show(url: str, label: str, *, seek_s: float | None, seek_id: int, unplayable: str) -> None:
    """Show the video at ``url``. A new ``seek_id`` takes the player to ``seek_s`` and stops it there.

    ``label`` names the video for screen readers; ``unplayable`` is shown when the browser cannot play it.
    """
    import streamlit as st

    player = st.components.v2.component(
        "formcheck_player",
        html='<video controls playsinline preload="auto" tabindex="0"></video><p role="alert" hidden></p>',
        css=_asset("player.css"),
        js=_asset("player.js"),
    )
    data = {"url": url, "label": label, "seek_s": seek_s, "seek_id": seek_id, "unplayable": unplayable}
    player(key="player", data=data)


def _asset(name: str) -> str:
    return (resources.files(__name__) / name).read_text(encoding="utf-8")
