"""The chart of a person's answers over time: pain and exertion, 0–10. A missing answer leaves a gap, not a zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from formcheck import exercises
from formcheck.i18n.dates import date_text
from formcheck.model.entities import PAIN_MODE_FROM, PAIN_RED
from formcheck.reports.chart import HINT, INK, INK_DARK, POINT, REFERENCE
from formcheck.reports.interactive_trend import days_across, noon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.clinic.case import ReportedValue
    from formcheck.i18n import Translator
    from formcheck.model.entities import Question

HEIGHT_PX = 220
LOOKS: dict[Question, tuple[str, str, str]] = {
    "pain_before": ("circle", REFERENCE, "●"),
    "pain_during": ("square", POINT, "■"),
    "pain_next_morning": ("triangle-up", "#CC79A7", "▲"),
    "exertion": ("diamond", HINT, "◆"),
}
"""Shape, colour (Okabe–Ito), and the character in a line of text."""
PAIN: tuple[Question, ...] = ("pain_before", "pain_during", "pain_next_morning")


def reported_chart(
    said: Sequence[ReportedValue], series: Sequence[Question], t: Translator, *, dark: bool = False
) -> alt.LayerChart | None:
    """Return the chart of these questions, or None without an answer.

    Parameters
    ----------
    said : sequence of ReportedValue
    series : sequence of Question
    t : Translator
    dark : bool, default False

    Returns
    -------
    altair.LayerChart or None
    """
    rows = [_row(one, t) for one in said if one.series in series]
    if not rows:
        return None
    ink = INK_DARK if dark else INK
    x = days_across({one.day for one in said if one.series in series}, t.language, ink)
    axis = alt.Axis(values=list(range(0, 11, 2)), labelColor=ink, labelFlush=False, gridColor=ink, gridOpacity=0.15)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 10]), axis=axis)
    looks = [LOOKS[one] for one in series]
    colour = alt.Color("series:N", legend=None, scale=alt.Scale(domain=list(series), range=[look[1] for look in looks]))
    shape = alt.Shape("series:N", legend=None, scale=alt.Scale(domain=list(series), range=[look[0] for look in looks]))
    tooltip = [alt.Tooltip(f"{name}:N", title=" ") for name in ("what", "value", "when")]
    base = alt.Chart(pd.DataFrame(rows)).encode(x=x, y=y, color=colour, detail="series:N")
    layers = [
        base.mark_line(strokeWidth=1.4, opacity=0.6),
        base.mark_point(size=70, filled=True, opacity=1).encode(shape=shape, tooltip=tooltip),
    ]
    if set(series) <= set(PAIN):
        borders = alt.Chart(pd.DataFrame({"value": [PAIN_MODE_FROM - 0.5, PAIN_RED + 0.5]}))
        layers.insert(0, borders.mark_rule(color=ink, strokeDash=[6, 4], opacity=0.5).encode(y=y))
    chart: alt.LayerChart = alt.layer(*layers).properties(height=HEIGHT_PX).configure_view(strokeWidth=0)
    return chart


def reported_legend(said: Sequence[ReportedValue], series: Sequence[Question], t: Translator) -> str:
    """Return the legend of the signs that occur, in one line.

    Parameters
    ----------
    said : sequence of ReportedValue
    series : sequence of Question
    t : Translator

    Returns
    -------
    str
    """
    there = {one.series for one in said}
    parts = [f"{LOOKS[one][2]}\u00a0{t(f'people.said.{one}')}" for one in series if one in there]
    if set(series) <= set(PAIN):
        parts.append(f"- -\u00a0{t('people.said.borders')}")
    return "\u2002·\u2002".join(parts)


def _row(one: ReportedValue, t: Translator) -> dict[str, object]:
    what = t(f"people.said.{one.series}")
    if one.exercise is not None:
        what = f"{what}: {exercises.load(one.exercise).name[t.language]}"
    return {"day": noon(one.day), "series": one.series, "value": one.value, "what": what, "when": date_text(t, one.day)}
