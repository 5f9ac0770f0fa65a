"""The interactive chart of a set's main angle: deeper is higher, repetitions as numbered spans, the target as a band.

It shows the same as ``formcheck.reports.chart``, which draws for paper. Colours are Okabe–Ito and never the only sign.
Angles are degrees, times are seconds of the file.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from formcheck import exercises
from formcheck.i18n import translator
from formcheck.i18n.numbers import clock, hold_text, quantity
from formcheck.insights import aligned, best_and_worst
from formcheck.reports.chart import (
    ACCENT_DARK,
    HINT,
    INK,
    INK_DARK,
    POINT,
    REFERENCE,
    Curve,
    Sign,
    angle_range,
    main_curve,
    margin_deg,
    placed,
    signs,
    spans,
    target_band,
    thinned,
)
from formcheck.reports.tables import FaultRow, fault_rows, knee_uncertainty_deg
from formcheck.spec.movement import RepCycle

if TYPE_CHECKING:
    from formcheck.model.frames import Trace
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

HEIGHT_PX = 300
OK = "#009E73"
SELECTION = "span"
SIGNS: dict[Sign, str] = {
    "curve": "—",
    "target": "- -",
    "rep": "■",
    "small": "□",
    "hold": "■",
    "point": "▲",
    "hint": "◆",
}
"""The character that stands for each sign in a line of text."""
_CLOCK = "floor(datum.value/60) + ':' + (datum.value % 60 < 10 ? '0' : '') + floor(datum.value % 60)"


def angle_chart(
    record: SetRecord, trace: Trace, exercise: Exercise, language: str, *, dark: bool = False
) -> alt.LayerChart | None:
    """Return the chart, or None when the main angle was never measured.

    The selection ``span`` holds the ``jump_s`` of the repetition or hold that was clicked.

    Parameters
    ----------
    record : SetRecord
    trace : Trace
    exercise : Exercise
    language : str
    dark : bool, default False

    Returns
    -------
    altair.LayerChart or None
    """
    curve = main_curve(trace)
    if curve is None:
        return None
    ink = INK_DARK if dark else INK
    band = target_band(record, exercise)
    low, high = angle_range(curve, band)
    times = alt.Scale(domain=[float(curve[0][0]), float(curve[0][-1])], nice=False)
    x = alt.X("t_s:Q", title=None, scale=times, axis=_time_axis(ink))
    y = alt.Y("angle:Q", title=None, scale=alt.Scale(domain=[low, high], nice=False), axis=_angle_axis(ink))
    layers = [
        *_spans(record, (low, high), ink, language),
        *_target(band, (low, high), ACCENT_DARK if dark else REFERENCE),
        *_curve(thinned(curve), margin_deg(record, exercise), (x, y, ink)),
        *_marks(fault_rows(record, exercise, language), curve, (low, high), ink),
    ]
    chart: alt.LayerChart = alt.layer(*layers).properties(height=HEIGHT_PX).configure_view(strokeWidth=0)
    return chart


def overlay_chart(record: SetRecord, trace: Trace, language: str, *, dark: bool = False) -> alt.LayerChart | None:
    """Return the counted repetitions laid over each other by movement phase, or None with fewer than two.

    The best is a solid green line, the worst is dashed, the mean is thick, and the spread is a band.

    Parameters
    ----------
    record : SetRecord
    trace : Trace
    language : str
    dark : bool, default False

    Returns
    -------
    altair.LayerChart or None
    """
    found = aligned(record, trace)
    if found is None or len(found.index) < 2:
        return None
    ink, t = INK_DARK if dark else INK, translator(language)
    extremes = best_and_worst(record)
    looks = {} if extremes is None else {extremes.best.index: "best", extremes.worst.index: "worst"}
    rows = [
        {"phase": phase, "angle": deg, "number": index, "look": looks.get(index, "each")}
        for index, line in zip(found.index, found.deg, strict=True)
        for phase, deg in zip(found.phase, line, strict=True)
    ]
    each = pd.DataFrame(rows).dropna().round(3)
    mean = pd.DataFrame({"phase": found.phase, "angle": found.mean_deg, "sd": found.sd_deg}).round(3)
    band = mean.dropna().assign(low=lambda d: d.angle - d.sd, high=lambda d: d.angle + d.sd)
    names = [t("findings.overlay.start"), t("findings.overlay.turn"), t("findings.overlay.end")]
    axis = alt.Axis(
        values=[0, 0.5, 1],
        labelExpr=f"{names!r}[2 * datum.value]",
        labelColor=ink,
        labelFlush=True,
        gridColor=ink,
        gridOpacity=0.2,
    )
    x = alt.X("phase:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 1], nice=False))
    y = alt.Y("angle:Q", title=None, axis=_angle_axis(ink), scale=alt.Scale(zero=True))
    looked = ["each", "best", "worst"]
    tooltip = [
        alt.Tooltip("number:N", title=t("report.column.number")),
        alt.Tooltip("angle:Q", title=" ", format=".0f"),
    ]
    layers = [
        alt.Chart(band).mark_area(color=ink, opacity=0.12).encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q"),
        alt.Chart(each)
        .mark_line()
        .encode(
            x=x,
            y=y,
            detail="number:N",
            tooltip=tooltip,
            color=alt.Color("look:N", legend=None, scale=alt.Scale(domain=looked, range=["#8A959A", OK, POINT])),
            strokeDash=alt.StrokeDash(
                "look:N", legend=None, scale=alt.Scale(domain=looked, range=[[1, 0], [1, 0], [6, 3]])
            ),
            strokeWidth=alt.StrokeWidth("look:N", legend=None, scale=alt.Scale(domain=looked, range=[1, 2.4, 2.4])),
        ),
        alt.Chart(mean.dropna(subset="angle")).mark_line(color=ink, strokeWidth=2.8).encode(x=x, y=y),
    ]
    chart: alt.LayerChart = alt.layer(*layers).properties(height=HEIGHT_PX).configure_view(strokeWidth=0)
    return chart


def overlay_legend(record: SetRecord, language: str) -> str:
    """Return the legend of the overlay in one line.

    Parameters
    ----------
    record : SetRecord
    language : str

    Returns
    -------
    str
    """
    t, extremes = translator(language), best_and_worst(record)
    entries = [f"─ {t('findings.overlay.each')}", f"━ {t('findings.overlay.mean')}", f"▒ {t('findings.overlay.band')}"]
    if extremes is not None:
        entries.append(f"─ {t('findings.overlay.best', n=extremes.best.index)}")
        entries.append(f"╌ {t('findings.overlay.worst', n=extremes.worst.index)}")
    return "\u2002·\u2002".join(entry.replace(" ", "\u00a0", 1) for entry in entries)


def legend(record: SetRecord, exercise: Exercise, language: str) -> str:
    """Return the legend of the chart in one line. A sign and its first word are never separated.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    str
    """
    entries = [f"{SIGNS[sign]}\u00a0{words}" for sign, words in signs(record, exercise, language)]
    return "\u2002·\u2002".join(entries)


def _time_axis(ink: str) -> alt.Axis:
    return alt.Axis(labelColor=ink, labelExpr=_CLOCK, tickMinStep=1, grid=False, labelFlush=False, labelBound=True)


def _angle_axis(ink: str) -> alt.Axis:
    return alt.Axis(
        labelColor=ink, labelFlush=False, labelExpr="replace(format(datum.value, 'd'), '-', '−') + '°'", tickCount=6
    )


def _span_rows(record: SetRecord, language: str) -> list[dict[str, Any]]:
    """Return one row per repetition and hold: its span, and the time and the depth or length for its tooltip."""
    movement = exercises.load(record.exercise).movement
    depths = [rep.measures.get(movement.depth_measure) for rep in record.reps] if isinstance(movement, RepCycle) else []
    sizes = [quantity(depth, "deg", language, knee_uncertainty_deg(record)) for depth in depths]
    sizes += [hold_text(hold.end_s - hold.start_s, language) for hold in record.holds]
    return [
        {
            **asdict(span),
            "mid_s": (span.start_s + span.end_s) / 2,
            "size": size,
            "time": f"{clock(span.start_s, language)}–{clock(span.end_s, language)}",
        }
        for span, size in zip(spans(record), sizes, strict=True)
    ]


def _spans(record: SetRecord, limits: tuple[float, float], ink: str, language: str) -> list[alt.Chart]:
    rows = _span_rows(record, language)
    if not rows:
        return []
    low, high = limits
    data = pd.DataFrame(rows).assign(low=low, high=high)
    pick = alt.selection_point(name=SELECTION, fields=["jump_s"], on="click", clear="dblclick")
    tooltip = [alt.Tooltip(f"{name}:N", title=" ") for name in ("number", "time", "size")]
    columns = (
        alt.Chart(data)
        .mark_rect(stroke=ink, strokeDash=[4, 4], cursor="pointer")
        .encode(
            x=alt.X("start_s:Q", title=None),
            x2="end_s:Q",
            y=alt.Y("low:Q", title=None),
            y2="high:Q",
            tooltip=tooltip,
            fill=alt.value(ink),
            fillOpacity=alt.condition("datum.counted", alt.value(0.09), alt.value(0.0)),
            strokeOpacity=alt.condition("datum.counted", alt.value(0.0), alt.value(0.5)),
        )
        .add_params(pick)
    )
    numbers = (
        alt.Chart(data)
        .mark_text(baseline="top", dy=4, fontSize=13, fontWeight=600, color=ink)
        .encode(x=alt.X("mid_s:Q", title=None), y=alt.Y("high:Q", title=None), text="number:N")
    )
    return [columns, numbers]


def _target(band: tuple[float | None, float | None], limits: tuple[float, float], colour: str) -> list[alt.Chart]:
    known = [limit for limit in band if limit is not None]
    if not known:
        return []
    low, high = (own if own is not None else edge for own, edge in zip(band, limits))
    area = alt.Chart(pd.DataFrame({"low": [low], "high": [high]})).mark_rect(color=colour, opacity=0.13)
    lines = alt.Chart(pd.DataFrame({"angle": known})).mark_rule(color=colour, strokeDash=[7, 4], strokeWidth=1.5)
    return [area.encode(y=alt.Y("low:Q", title=None), y2="high:Q"), lines.encode(y=alt.Y("angle:Q", title=None))]


def _curve(curve: Curve, margin_deg: float, look: tuple[alt.X, alt.Y, str]) -> list[alt.Chart]:
    """Draw the measured angle and its uncertainty. Runs between gaps are separate lines."""
    frame = pd.DataFrame(dict(zip(("t_s", "angle"), curve)))
    frame["stretch"] = frame["angle"].isna().cumsum()
    frame = frame.dropna().round(2)
    frame["under"], frame["over"] = frame["angle"] - margin_deg, frame["angle"] + margin_deg
    x, y, ink = look
    chart = alt.Chart(frame).encode(x=x, detail="stretch:N")
    return [
        chart.mark_area(color=ink, opacity=0.12, clip=True).encode(y=alt.Y("under:Q", title=None), y2="over:Q"),
        chart.mark_line(color=ink, strokeWidth=1.8).encode(y=y),
    ]


def _marks(rows: list[FaultRow], curve: Curve, limits: tuple[float, float], ink: str) -> list[alt.Chart]:
    """Mark each fault with a triangle and each hint with a diamond, at its worst moment."""
    if not rows:
        return []
    data = pd.DataFrame(
        [
            {
                "t_s": row.jump_s,
                "angle": angle_deg,
                "severity": row.severity,
                "what": row.what,
                "measured": row.measured,
                "when": f"{row.where} {row.when}",
            }
            for row, angle_deg in zip(rows, placed([row.jump_s for row in rows], curve, limits), strict=True)
        ]
    )
    shape = alt.Shape("severity:O", legend=None, scale=alt.Scale(domain=[1, 2], range=["diamond", "triangle-up"]))
    colour = alt.Fill("severity:O", legend=None, scale=alt.Scale(domain=[1, 2], range=[HINT, POINT]))
    tooltip = [alt.Tooltip(f"{name}:N", title=" ") for name in ("what", "measured", "when")]
    points = alt.Chart(data).mark_point(size=110, stroke=ink, strokeWidth=1, opacity=1)
    return [
        points.encode(
            x=alt.X("t_s:Q", title=None), y=alt.Y("angle:Q", title=None), shape=shape, fill=colour, tooltip=tooltip
        )
    ]
