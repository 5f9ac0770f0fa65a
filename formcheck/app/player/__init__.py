"""The players: Components v2 elements that can be sent to a moment. One shows a finished video, one a set that is drawn anew."""

from __future__ import annotations

from importlib import resources

from formcheck.i18n import Translator, catalogue

_TEXTS = "player."


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


def show_set(
    key: str, motion: dict, t: Translator, *, video: tuple[str, float] | None, seek_s: float | None, seek_id: int
) -> None:
    """Show a set (see ``motion.motion``) as a skeleton, on its video where there is one: address, and the set's time at its start.

    A new ``seek_id`` takes the player to ``seek_s`` of the set and stops it there.
    """
    import streamlit as st

    element = st.components.v2.component(
        "formcheck_set", html='<div class="set"></div>', css=_asset("set.css"), js=_asset("set.js")
    )
    data = {
        "key": key, "motion": motion, "seek_s": seek_s, "seek_id": seek_id,
        "video": None if video is None else {"url": video[0], "offset_s": video[1]},
        "texts": {name.removeprefix(_TEXTS): text for name, text in catalogue(t.language).items() if name.startswith(_TEXTS)},
    }  # fmt: skip
    element(key=f"set-{key}", data=data)


def _asset(name: str) -> str:
    return (resources.files(__name__) / name).read_text(encoding="utf-8")
