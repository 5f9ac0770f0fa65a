"""The sway in one standing exercise over time, for the physiotherapist, beside the noise of the measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app.views import small
from formcheck.engine.signals.sway import HOLD_FROM_S, Sway
from formcheck.i18n.dates import date_text
from formcheck.i18n.numbers import MISSING, number, quantity
from formcheck.insights.sway_trend import SwayOfHold, floor_of, sway_over_time, within_noise
from formcheck.reports.interactive_trend import by_measure, trend_chart
from formcheck.reports.trend import legend_line, measure_name, trend_words, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.i18n import Translator
    from formcheck.insights.trend import Trend
    from formcheck.model.entities import SetOverview
    from formcheck.spec.exercise import Exercise

ROWS = 10
"""Newest holds in the table; default."""


def show(t: Translator, sets: Iterable[SetOverview], exercise: Exercise) -> None:
    """Show the sway in these sets, and in how many of them it was measured."""
    found = sway_over_time(sets, exercise)
    st.markdown(f"**{t('sway.title')}**")
    how = t("sway.how", seconds=number(HOLD_FROM_S, t.language, 1))
    if not found.holds:
        st.markdown(f"{t('sway.none')}  \n:small[{how}]")
        return
    small(t("sway.known", n=found.measured, of=found.sets))
    if found.other_model:
        small(t("sway.other_model", n=found.other_model))
    for group in by_measure(found.trends):
        _measure(t, group, found.floor)
    with st.expander(t("sway.holds"), icon=":material/table_rows:"):
        sided = any(one.side for one in found.holds)
        st.table([_row(t, one, found.floor, sided) for one in found.holds[:ROWS]])
    small(f"{t('findings.sway.note')} {t('sway.unit')} {how}")


def _measure(t: Translator, group: Sequence[Trend], floor: Sway | None) -> None:
    """Show one measure as a chart with sentences. ``floor``: the noise of the measurement, None when unknown."""
    first = group[0]
    name, least = measure_name(first, t.language), None if floor is None else floor_of(first.measure, floor)
    sentences = [trend_words(trend, t.language) for trend in group]
    if least is None:
        sentences.append(t("sway.noise_unknown"))
    else:
        below, of = within_noise(group, least)
        floor_words = value_text(least, first.unit, t.language)
        sentences.append(t("sway.noise_within" if below else "sway.noise", noise=floor_words, n=below, of=of))
    st.markdown(name)
    chart = trend_chart(group, t.language, dark=st.context.theme.type == "dark", floor=least)
    st.altair_chart(chart, alt=t("trend.description", what=name, sentences=" ".join(sentences)))
    floor_legend = [] if least is None else [f"┄ {t('sway.line')}"]
    small(" · ".join([legend_line(list(group), t.language), *floor_legend]))
    st.markdown("  \n".join(sentences))


def _row(t: Translator, one: SwayOfHold, floor: Sway | None, sided: bool) -> dict[str, str]:
    """Return a hold as a row of the table. Beside its path stands the noise over the same time."""
    sway = one.sway
    path = quantity(sway.path_legs, "legs", t.language)
    if floor is not None:
        path += f" ({t('sway.noise_of', noise=quantity(floor.path_legs_per_s * sway.seen_s, 'legs', t.language))})"
    side = {t("sway.column.side"): t(f"term.side.{one.side}") if one.side else MISSING} if sided else {}
    return {
        t("sway.column.day"): date_text(t, one.day),
        **side,
        t("sway.column.seconds"): quantity(sway.seen_s, "s", t.language),
        t("sway.column.path"): path,
        t("sway.column.speed"): quantity(sway.path_legs_per_s, "legs_per_s", t.language),
        t("sway.column.sideways"): quantity(sway.rms_sideways_legs, "legs", t.language),
    }
