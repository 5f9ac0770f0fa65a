"""One exercise over time: a chart and a sentence for each of its measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app.views import small
from formcheck.insights import trends
from formcheck.reports.interactive_trend import by_measure, trend_chart
from formcheck.reports.trend import legend_line, measure_name, trend_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.i18n import Translator
    from formcheck.insights.trend import Trend
    from formcheck.model.entities import SetOverview
    from formcheck.spec.exercise import Exercise


def show(sets: Iterable[SetOverview], exercise: Exercise, t: Translator, set_id: int | None = None) -> None:
    """Show the trends of an exercise over these sets. ``set_id``: the set whose page this is."""
    groups = by_measure(trends(sets, exercise))
    if not groups:
        st.markdown(t("trend.nothing"))
    for group in groups:
        measure(group, t, set_id)


def measure(group: list[Trend], t: Translator, set_id: int | None = None) -> None:
    """Show the trends of one measure as a chart with sentences. ``group``: one of ``by_measure``."""
    name = measure_name(group[0], t.language)
    sentences = [trend_words(trend, t.language) for trend in group]
    st.markdown(f"**{name}**")
    chart = trend_chart(group, t.language, dark=st.context.theme.type == "dark", set_id=set_id)
    st.altair_chart(chart, alt=t("trend.description", what=name, sentences=" ".join(sentences)))
    small(legend_line(group, t.language))
    st.markdown("  \n".join(sentences))
