"""The chart of one exercise over time: one point per training day. Days that were filmed alike are joined; the others are hollow.

Left and right differ in colour (Okabe–Ito), shape and dashes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from formcheck.i18n import translator
from formcheck.i18n.dates import date_text
from formcheck.reports.chart import INK, INK_DARK
from formcheck.reports.trend import measure_name, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from formcheck.insights.trend import Trend, TrendPoint, TrendUnit

HEIGHT_PX = 220
BACKGROUND_DARK = "#16191B"
MOST_DAYS_NAMED = 6
_COLOURS = {"left": "#0072B2", "right": "#CC79A7"}
_COLOURS_DARK = {"left": "#56B4E9", "right": "#CC79A7"}
_SHAPES = {"left": "circle", "right": "square", "": "circle"}
_DASHES = {"left": [1, 0], "right": [6, 3], "": [1, 0]}
_LABELS: dict[TrendUnit, str] = {
    "deg": "format(datum.value, 'd') + '°'",
    "s": "format(datum.value, 'd') + ' s'",
    "count": "format(datum.value, 'd')",
    "share": "format(100 * datum.value, 'd') + ' %'",
    "legs": "format(100 * datum.value, '.1f') + ' %'",
    "legs_per_s": "format(100 * datum.value, '.1f') + ' %/s'",
}
_STEPS: dict[TrendUnit, float] = {"share": 0.1, "legs": 0.001, "legs_per_s": 0.001}


def trend_chart(
    trends: Sequence[Trend], language: str, *, dark: bool = False, set_id: int | None = None, floor: float | None = None
) -> alt.LayerChart:
    """Return the chart of one measure: its trends (one, or left and right), at least one. ``set_id`` is a set to highlight.

    ``floor`` is the noise of the measure, drawn as a line.

    Parameters
    ----------
    trends : sequence of Trend
    language : str
    dark : bool, default False
    set_id : int, optional
    floor : float, optional

    Returns
    -------
    altair.LayerChart
    """
    ink, colours = (INK_DARK, _COLOURS_DARK) if dark else (INK, _COLOURS)
    data = pd.DataFrame([_row(trend, point, language) for trend in trends for point in trend.points])
    x = days_across({point.day for trend in trends for point in trend.points}, language, ink)
    unit = trends[0].unit
    scale = _scale(data, unit, floor)
    y = alt.Y(
        "value:Q",
        title=None,
        scale=scale,
        axis=alt.Axis(
            labelColor=ink,
            labelFlush=False,
            labelExpr=_label(unit, language),
            tickCount=5,
            tickMinStep=_STEPS.get(unit, 1),
        ),
    )
    sides = [trend.side or "" for trend in trends]
    colour = alt.Scale(domain=sides, range=[colours.get(side, ink) for side in sides])
    shape = alt.Scale(domain=sides, range=[_SHAPES[side] for side in sides])
    dash = alt.Scale(domain=sides, range=[_DASHES[side] for side in sides])
    look = alt.Color("side:N", legend=None, scale=colour)
    base = alt.Chart(data).encode(x=x)
    points = base.mark_point(size=90, opacity=1, strokeWidth=2).encode(
        y=y,
        stroke=alt.Stroke("side:N", legend=None, scale=colour),
        shape=alt.Shape("side:N", legend=None, scale=shape),
        tooltip=[alt.Tooltip("words:N", title=" "), alt.Tooltip("when:N", title=" ")],
    )
    layers: list[alt.Chart | alt.LayerChart | alt.FacetChart] = [
        base.mark_rule(strokeWidth=1.5, opacity=0.45).encode(
            y=alt.Y("low:Q", title=None, scale=scale), y2="high:Q", color=look
        ),
        base.transform_filter("datum.joined")
        .mark_line(strokeWidth=2)
        .encode(y=y, color=look, strokeDash=alt.StrokeDash("side:N", legend=None, scale=dash)),
        points.transform_filter("datum.joined").encode(fill=alt.Fill("side:N", legend=None, scale=colour)),
        points.transform_filter("!datum.joined").encode(fill=alt.value(BACKGROUND_DARK if dark else "#FFFFFF")),
    ]
    here = [point for trend in trends for point in trend.points if set_id in point.set_ids]
    if here:
        layers.insert(0, _here(here[0], x, ink, translator(language)("trend.here")))
    if floor is not None:
        noise = alt.Chart(pd.DataFrame([{"noise": floor}]))
        line = noise.mark_rule(color=ink, strokeDash=[2, 2], opacity=0.8)
        layers.insert(0, line.encode(y=alt.Y("noise:Q", title=None, scale=scale)))
    chart: alt.LayerChart = alt.layer(*layers).properties(height=HEIGHT_PX).configure_view(strokeWidth=0)
    return chart


def days_across(days: Iterable[date], language: str, ink: str) -> alt.X:
    """Return the axis of days with some of them labelled. The column ``day`` holds each day at ``noon``.

    Parameters
    ----------
    days : iterable of date
    language : str
    ink : str

    Returns
    -------
    altair.X
    """
    ordered = sorted(days)
    named = ordered[:: -(-len(ordered) // MOST_DAYS_NAMED)]
    months = [translator(language)(f"train.month.{month}")[:3] for month in range(1, 13)]
    axis = alt.Axis(
        values=[noon(day) for day in named],
        labelColor=ink,
        grid=False,
        labelOverlap=True,
        labelExpr=f"date(datum.value) + '{'.' if language == 'da' else ''} ' + {months!r}[month(datum.value)]",
    )
    return alt.X("day:T", title=None, axis=axis, scale=alt.Scale(padding=24))


def by_measure(trends: Sequence[Trend]) -> list[list[Trend]]:
    """Return the trends in groups, one per chart.

    Parameters
    ----------
    trends : sequence of Trend

    Returns
    -------
    list of list of Trend
    """
    return [[trend for trend in trends if trend.measure == name] for name in dict.fromkeys(t.measure for t in trends)]


def _row(trend: Trend, point: TrendPoint, language: str) -> dict[str, object]:
    t, margin = translator(language), point.uncertainty or 0.0
    side = f", {t(f'term.side.{trend.side}')}" if trend.side else ""
    value = value_text(point.value, trend.unit, language, point.uncertainty)
    return {
        "day": noon(point.day),
        "value": round(point.value, 5),
        "low": round(point.value - margin, 5),
        "high": round(point.value + margin, 5),
        "side": trend.side or "",
        "joined": point.joined,
        "words": f"{measure_name(trend, language)}{side}: {value}",
        "when": date_text(t, point.day) + ("" if point.joined else f" ({t('trend.apart')})"),
    }


def noon(day: date) -> str:
    """Return noon of a day: no time zone moves it to another day.

    Parameters
    ----------
    day : date

    Returns
    -------
    str
    """
    return f"{day.isoformat()}T12:00:00"


def _label(unit: TrendUnit, language: str) -> str:
    """Return the format of the axis as a Vega expression."""
    return f"replace({_LABELS[unit]}, '.', ',')" if language == "da" else _LABELS[unit]


def _scale(data: pd.DataFrame, unit: TrendUnit, floor: float | None) -> alt.Scale:
    if unit == "share":
        return alt.Scale(domain=[0, 1])
    if unit == "deg":
        return alt.Scale(domain=[float(data["low"].min()) - 5, float(data["high"].max()) + 5], nice=True, zero=False)
    if unit in ("legs", "legs_per_s"):
        return alt.Scale(domain=[0, 1.1 * max(float(data["value"].max()), floor or 0.0)], nice=True)
    return alt.Scale(domain=[0, max(1.0, 1.1 * float(data["value"].max()))], nice=True)


def _here(point: TrendPoint, x: alt.X, ink: str, words: str) -> alt.LayerChart | alt.FacetChart:
    mark = alt.Chart(pd.DataFrame([{"day": noon(point.day), "words": words}])).encode(x=x)
    return alt.layer(
        mark.mark_rule(color=ink, strokeDash=[2, 4], opacity=0.6),
        mark.mark_text(color=ink, align="left", baseline="top", dx=5, fontSize=12).encode(
            text="words:N", y=alt.value(2)
        ),
    )
