"""Several sets in one video: which of them is looked at, and where one ends and the next begins."""

from __future__ import annotations

import streamlit as st

from formcheck.analysis import SetResult
from formcheck.app import session, training
from formcheck.app.views import small
from formcheck.i18n import Translator
from formcheck.i18n.numbers import clock, quantity
from formcheck.understanding import REST_S, Part, split

REST_BOUNDS_S = (5, 300)


def choose(judged: training.Judged, t: Translator) -> training.Judged:
    """Return the set to look at: the whole, or the one of several that the person chooses."""
    record = judged.result.record
    if len(split(record, REST_S)) < 2:
        return judged
    rest_s = st.session_state.get("rest-splits", int(REST_S))
    parts = {part.number: part for part in split(record, rest_s)}
    with st.container(border=True):
        chosen = st.segmented_control(
            t("parts.title", n=len(parts)), [0, *parts], default=0, required=True,
            key=f"part-{len(parts)}-{t.language}", format_func=lambda n: _name(parts.get(n), t),
        )  # fmt: skip
        st.number_input(t("parts.rest"), *REST_BOUNDS_S, int(REST_S), 5, key="rest-splits", help=t("parts.rest_help"))
        part = parts.get(chosen)
        if part is None:
            return judged
        small(t("parts.shown", start=clock(part.start_s, t.language), end=clock(part.end_s, t.language)))
    if session.shown().picked.get("part") != part.start_s:
        session.shown().picked["part"] = part.start_s
        session.shown().jump(part.start_s)
    return training.Measured(SetResult(part.record, judged.result.trace), judged.exercise)


def _name(part: Part | None, t: Translator) -> str:
    if part is None:
        return t("parts.all")
    if part.record.holds:
        return t("parts.held", n=part.number, held=quantity(part.record.hold_s, "s", t.language))
    return t("parts.counted", n=part.number, counted=part.record.rep_count)
