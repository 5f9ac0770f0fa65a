"""The players, as Streamlit Components v2: a set, two repetitions side by side, a figure that demonstrates an exercise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib import resources

from formcheck.i18n import Translator, catalogue

_TEXTS = "player."
"""Prefix of the players' texts in the catalogue."""


def show_set(
    motion: str, t: Translator, *, video: tuple[str, float] | None, seek_s: float | None, seek_id: int
) -> None:
    """Show a set as a skeleton, on its video if there is one.

    ``motion``: address of the data that ``motion.motion`` returns. ``video``: its address, and the set's time (s) at its start.
    A new ``seek_id`` sends the player to ``seek_s`` of the set and stops it there.
    """
    import streamlit as st

    element = st.components.v2.component(
        "formcheck_set",
        html='<div class="set"></div>',
        css=_asset("buttons.css") + _asset("set.css"),
        js=_asset("body.js") + _asset("timeline.js") + _asset("set.js"),
    )
    data = {
        "key": motion,
        "motion": motion,
        "seek_s": seek_s,
        "seek_id": seek_id,
        "video": None if video is None else {"url": video[0], "offset_s": video[1]},
        "texts": _texts(t),
    }
    element(key="set-player", data=data)


@dataclass(slots=True, frozen=True)
class PairSide:
    """One of two repetitions or holds shown side by side.

    ``motion``: address of its set's data. ``said``: the line below it. Times in seconds of its set.
    """

    motion: str
    start_s: float
    turn_s: float
    end_s: float
    title: str
    said: str


def show_pair(sides: tuple[PairSide, PairSide], t: Translator) -> None:
    """Show two repetitions as skeletons side by side. Their phases of movement run in step."""
    import streamlit as st

    element = st.components.v2.component(
        "formcheck_pair",
        html='<div class="pair"></div>',
        css=_asset("buttons.css") + _asset("pair.css"),
        js=_asset("body.js") + _asset("pair.js"),
    )
    shown = [asdict(side) for side in sides]
    element(key="pair-player", data={"key": repr(shown), "sides": shown, "texts": _texts(t)})


def show_figure(motion: str, turn_s: float, alt: str, key: str) -> None:
    """Show a stick figure that repeats a set.

    ``motion``: as in ``show_set``. ``turn_s``: the moment (s) shown when the figure stands still.
    """
    import streamlit as st

    element = st.components.v2.component(
        "formcheck_figure",
        html='<div class="figure"></div>',
        css=_asset("figure.css"),
        js=_asset("body.js") + _asset("figure.js"),
    )
    element(key=key, data={"motion": motion, "turn_s": turn_s, "alt": alt})


def _texts(t: Translator) -> dict[str, str]:
    return {name.removeprefix(_TEXTS): text for name, text in catalogue(t.language).items() if name.startswith(_TEXTS)}


def _asset(name: str) -> str:
    return (resources.files(__name__) / name).read_text(encoding="utf-8")
