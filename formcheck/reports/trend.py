"""One exercise over time in words: certain changes in whole degrees, seconds and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.i18n import Translator, translator
from formcheck.i18n.dates import date_text
from formcheck.i18n.numbers import hold_text, quantity, share

if TYPE_CHECKING:
    from formcheck.insights.trend import Trend, TrendPoint, TrendUnit

SIGNS = {"left": "●", "right": "■", None: "●"}
HOLLOW, MARGIN = "○", "│"
"""The character that stands for each sign of the chart in a line of text."""


def measure_name(trend: Trend, language: str) -> str:
    """Return the name of the measure of a trend, such as ``Depth``.

    Parameters
    ----------
    trend : Trend
    language : str

    Returns
    -------
    str
    """
    t = translator(language)
    own = f"trend.measure.{trend.measure}"
    return t(own if own in t else f"term.measure.{trend.measure}")


def value_text(value: float, unit: TrendUnit, language: str, uncertainty: float | None = None) -> str:
    """Return a value of a trend: ``92° ± 5``, ``31 s``, ``12``, ``80%``.

    Parameters
    ----------
    value : float
    unit : Unit
    language : str
    uncertainty : float, optional

    Returns
    -------
    str
    """
    if unit == "share":
        return share(value, language)
    if unit == "s":
        return hold_text(value, language)
    return quantity(value, unit, language, uncertainty)


def trend_words(trend: Trend, language: str) -> str:
    """Return a trend in one sentence: a certain change, no certain change, not known, or too little to compare.

    Parameters
    ----------
    trend : Trend
    language : str

    Returns
    -------
    str
    """
    t = translator(language)
    what = measure_name(trend, language)
    if trend.side:
        what = t("trend.sided", what=what, side=t(f"term.side.{trend.side}"))
    line = trend.joined or trend.points[-1:]
    first, last = line[0], line[-1]
    if trend.change is None:
        return t("trend.alone", what=what, value=_value(last, trend, language), day=date_text(t, last.day))
    said = {
        "what": what,
        "before": _value(first, trend, language),
        "after": _value(last, trend, language),
        "since": date_text(t, first.day),
        "day": date_text(t, last.day),
    }
    if trend.change.certain is None:
        return t("trend.unknown", **said)
    smallest = trend.change.smallest_real
    if not trend.change.certain and smallest is not None:
        return t("trend.none", limit=value_text(smallest, trend.unit, language), **said)
    return t("trend.up" if trend.change.difference > 0 else "trend.down", **said)


def legend_line(trends: list[Trend], language: str) -> str:
    """Return the legend of the chart of one measure in one line.

    Parameters
    ----------
    trends : list of Trend
    language : str

    Returns
    -------
    str
    """
    t = translator(language)
    sides = [trend.side for trend in trends if trend.side]
    entries = [f"{SIGNS[side]} {t(f'term.side.{side}')}" for side in sides] or [f"{SIGNS[None]} {t('trend.joined')}"]
    points = [point for trend in trends for point in trend.points]
    if any(not point.joined for point in points):
        entries.append(f"{HOLLOW} {t('trend.apart')}")
    margins = sorted({point.uncertainty for point in points if point.uncertainty})
    if margins:
        entries.append(f"{MARGIN} {t('trend.margin', value=_margins(margins, trends[0].unit, t))}")
    return "\u2002·\u2002".join(entry.replace(" ", "\u00a0", 1) for entry in entries)


def _margins(margins: list[float], unit: TrendUnit, t: Translator) -> str:
    return "–".join(value_text(margin, unit, t.language) for margin in margins)


def _value(point: TrendPoint, trend: Trend, language: str) -> str:
    return value_text(point.value, trend.unit, language, point.uncertainty)
