"""Several sets in one video: the choice of one, and of the rest that separates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck.analysis.run import SetResult
from formcheck.app import session, training
from formcheck.app.views import small
from formcheck.i18n.numbers import clock, hold_text
from formcheck.insights import Part, only, parts
from formcheck.insights.splitting import QUIET_S

if TYPE_CHECKING:
    from formcheck.i18n import Translator
    from formcheck.model.records import SetRecord

REST_BOUNDS_S = (3, 300)
"""Shortest and longest rest (s) that can be chosen to separate two sets; default."""


def choose(judged: training.JudgedSet, t: Translator) -> training.JudgedSet:
    """Return the set to show: all of the record, or the one of several sets that the user chooses."""
    record = judged.result.record
    if len(parts(record)) < 2:
        return judged
    rest_s = st.session_state.get("rest-splits", int(QUIET_S))
    found = dict(enumerate(parts(record, rest_s), 1))
    with st.container(border=True):
        chosen = st.segmented_control(
            t("parts.title", n=len(found)),
            [0, *found],
            default=0,
            required=True,
            key=f"part-{len(found)}-{t.language}",
            format_func=lambda n: _name(record, n, found.get(n), t),
        )
        st.number_input(t("parts.rest"), *REST_BOUNDS_S, int(QUIET_S), 1, key="rest-splits", help=t("parts.rest_help"))
        part = found.get(chosen)
        if part is None:
            return judged
        small(t("parts.shown", start=clock(part.start_s, t.language), end=clock(part.end_s, t.language)))
    if session.player().picked.get("part") != part.start_s:
        session.player().picked["part"] = part.start_s
        session.player().jump(part.start_s)
    return training.RemeasuredSet(SetResult(only(record, part), judged.result.trace), judged.exercise)


def _name(record: SetRecord, number: int, part: Part | None, t: Translator) -> str:
    """Return the name of one set: its number and its repetitions or seconds. ``part`` None: all of them."""
    if part is None:
        return t("parts.all")
    own = only(record, part)
    if own.holds:
        return t("parts.held", n=number, held=hold_text(own.hold_s, t.language))
    return t("parts.counted", n=number, counted=own.rep_count)
