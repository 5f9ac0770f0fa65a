"""Why a set counted nothing, with the buttons that may help at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import session
from formcheck.reports.nothing import headline, name_of_other, nothing_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.analysis.request import Request
    from formcheck.app.services import AnalysisOutcome
    from formcheck.i18n import Translator


def show(outcome: AnalysisOutcome, t: Translator, again: Callable[[Request], None]) -> None:
    """Say why nothing was counted. ``again`` analyses another request."""
    found, exercise = outcome.result.record.nothing, outcome.exercise
    st.subheader(headline(exercise, t.language), anchor=False)
    first, *further = nothing_lines(found, exercise, t.language)
    st.warning(first, icon=":material/info:")
    for line in further:
        st.markdown(line)
    _buttons(outcome, t, again)


def _buttons(outcome: AnalysisOutcome, t: Translator, again: Callable[[Request], None]) -> None:
    """Show a button for each reason that one press answers."""
    found, request = outcome.result.record.nothing, outcome.request
    other = name_of_other(found, t.language)
    turn_deg = next((int(one.seen["turn_deg"]) for one in found if "turn_deg" in one.seen), None)
    if other is not None:
        name, words = other
        _press(t("nothing.judge_as", name=words), "judge-as", ":material/replay:", again,
               replace(request, exercise=name, target_depth_deg=None, sway=False))  # fmt: skip
    if turn_deg is not None:
        _press(t("nothing.turn"), "turn-film", ":material/screen_rotation:", again,
               replace(request, turn_deg=(request.turn_deg + turn_deg) % 360))  # fmt: skip


def _press(label: str, key: str, icon: str, again: Callable[[Request], None], request: Request) -> None:
    """Show one button, and draw the whole page after its press."""

    def start() -> None:
        session.choose("exercise", request.exercise)
        again(request)

    if st.button(label, key=key, type="primary", icon=icon, on_click=start):
        st.rerun()
