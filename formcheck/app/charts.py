"""The interactive chart of a set's main angle: deeper is higher, repetitions as numbered spans, the target as a band.

What it shows is what ``formcheck.report_chart`` draws for paper. Colours are Okabe–Ito and never the only sign.
Angles are degrees, times are seconds of the file.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from formcheck.app.launch import ACCENT_DARK
from formcheck.frames import Trace
from formcheck.i18n import translator
from formcheck.i18n.numbers import clock, quantity
from formcheck.records import SetRecord
from formcheck.report import FaultRow, fault_rows, knee_uncertainty_deg
from formcheck.report_chart import HINT, MAIN_ANGLE, POINT, REFERENCE, target_band
from formcheck.spec import Exercise

HEIGHT_PX = 300
MAX_POINTS = 1500
INK, INK_DARK = "#1F2A30", "#ECEAE6"
SELECTION = "span"
_CLOCK = "floor(datum.value/60) + ':' + (datum.value % 60 < 10 ? '0' : '') + floor(datum.value % 60)"


def angle_chart(
    record: SetRecord, trace: Trace, exercise: Exercise, language: str, *, dark: bool = False
) -> alt.LayerChart | None:
    """Return the chart, or None when the main angle was never measured.

    The selection ``span`` holds the ``jump_s`` of the repetition or hold that was clicked.
    """
    signal = trace.signals.get(MAIN_ANGLE)
    if signal is None or not np.isfinite(signal).any():
        return None
    ink = INK_DARK if dark else INK
    t_s, angle_deg = np.asarray(trace.t_s, float), np.asarray(signal, float)
    band = target_band(record, exercise)
    low, high = _range(angle_deg, band)
    x = alt.X(
        "t_s:Q", title=None, scale=alt.Scale(domain=[float(t_s[0]), float(t_s[-1])], nice=False), axis=_time_axis()
    )
    y = alt.Y("angle:Q", title=None, scale=alt.Scale(domain=[low, high], nice=False), axis=_angle_axis())
    layers = [
        *_spans(record, (low, high), ink, language),
        *_target(band, (low, high), ACCENT_DARK if dark else REFERENCE),
        *_curve(t_s, angle_deg, knee_uncertainty_deg(record), (x, y, ink)),
        *_marks(fault_rows(record, exercise, language), (t_s, angle_deg), ink),
    ]
    return alt.layer(*layers).properties(height=HEIGHT_PX).configure_view(strokeWidth=0)


def legend(record: SetRecord, exercise: Exercise, language: str) -> str:
    """Return what the signs in the chart mean, in one line."""
    t = translator(language)
    entries = [f"— {t('report.chart.uncertainty', value=quantity(knee_uncertainty_deg(record), 'deg', language))}"]
    if target_band(record, exercise) != (None, None):
        band = "band_target" if exercise.movement.kind == "rep_cycle" else "band_form"
        entries.append(f"- - {t(f'report.chart.{band}')}")
    if record.partial_count:
        entries.append(f"(n) {t('report.chart.small')}")
    for severity, shape, key in ((2, "▲", "point"), (1, "◆", "hint")):
        if any(fault.severity == severity for fault in record.faults):
            entries.append(f"{shape} {t(f'report.chart.{key}')}")
    return "\u2002·\u2002".join(entries)


def _range(angle_deg: np.ndarray, band: tuple[float | None, float | None]) -> tuple[float, float]:
    values = [*angle_deg[np.isfinite(angle_deg)], *(limit for limit in band if limit is not None), 0.0]
    low, high = float(min(values)), float(max(values))
    margin = 0.08 * max(high - low, 20.0)
    return low - (margin if low < 0 else 0.0), high + 2 * margin


def _time_axis() -> alt.Axis:
    return alt.Axis(labelExpr=_CLOCK, tickMinStep=1, grid=False, labelFlush=False)


def _angle_axis() -> alt.Axis:
    return alt.Axis(labelExpr="replace(format(datum.value, 'd'), '-', '−') + '°'", tickCount=6)


def spans(record: SetRecord, language: str) -> list[dict[str, Any]]:
    """Return one row per repetition and hold: number, span, the moment to jump to, and its words."""
    rows = [
        {"start_s": rep.start_s, "end_s": rep.end_s, "jump_s": rep.turn_s, "counted": rep.counted,
         "number": str(rep.index) if rep.counted else f"({rep.index})",
         "depth": quantity(rep.measures.get("knee_flexion_peak_deg"), "deg", language, knee_uncertainty_deg(record))}
        for rep in record.reps
    ]  # fmt: skip
    rows += [
        {"start_s": hold.start_s, "end_s": hold.end_s, "jump_s": hold.start_s, "counted": True,
         "number": str(hold.index), "depth": quantity(hold.end_s - hold.start_s, "s", language)}
        for hold in record.holds
    ]  # fmt: skip
    for row in rows:
        row["mid_s"] = (row["start_s"] + row["end_s"]) / 2
        row["time"] = f"{clock(row['start_s'], language)}–{clock(row['end_s'], language)}"
    return rows


def _spans(record: SetRecord, limits: tuple[float, float], ink: str, language: str) -> list[alt.Chart]:
    rows = spans(record, language)
    if not rows:
        return []
    low, high = limits
    data = pd.DataFrame(rows).assign(low=low, high=high)
    pick = alt.selection_point(name=SELECTION, fields=["jump_s"], on="click", clear="dblclick")
    tooltip = [alt.Tooltip(f"{name}:N", title=" ") for name in ("number", "time", "depth")]
    columns = (
        alt.Chart(data)
        .mark_rect(stroke=ink, strokeDash=[4, 4], cursor="pointer")
        .encode(
            x=alt.X("start_s:Q", title=None), x2="end_s:Q", y=alt.Y("low:Q", title=None), y2="high:Q",
            tooltip=tooltip, fill=alt.value(ink),
            fillOpacity=alt.condition("datum.counted", alt.value(0.09), alt.value(0.0)),
            strokeOpacity=alt.condition("datum.counted", alt.value(0.0), alt.value(0.5)),
        )
        .add_params(pick)
    )  # fmt: skip
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


def _curve(
    t_s: np.ndarray, angle_deg: np.ndarray, margin_deg: float, look: tuple[alt.X, alt.Y, str]
) -> list[alt.Chart]:
    """Draw the measured angle and its uncertainty, each stretch without a gap by itself."""
    pick = np.unique(np.linspace(0, len(t_s) - 1, min(len(t_s), MAX_POINTS)).round().astype(int))
    frame = pd.DataFrame({"t_s": t_s[pick], "angle": angle_deg[pick]})
    frame["stretch"] = frame["angle"].isna().cumsum()
    frame = frame.dropna().round(2)
    frame["under"], frame["over"] = frame["angle"] - margin_deg, frame["angle"] + margin_deg
    x, y, ink = look
    chart = alt.Chart(frame).encode(x=x, detail="stretch:N")
    return [
        chart.mark_area(color=ink, opacity=0.12, clip=True).encode(y=alt.Y("under:Q", title=None), y2="over:Q"),
        chart.mark_line(color=ink, strokeWidth=1.8).encode(y=y),
    ]


def _marks(rows: list[FaultRow], curve: tuple[np.ndarray, np.ndarray], ink: str) -> list[alt.Chart]:
    """Mark each point to correct with a triangle and each hint with a diamond, at its worst moment."""
    if not rows:
        return []
    t_s, angle_deg = curve
    known = np.isfinite(angle_deg)
    data = pd.DataFrame(
        [
            {"t_s": row.jump_s, "angle": float(np.interp(row.jump_s, t_s[known], angle_deg[known])),
             "severity": row.severity, "what": row.what, "measured": row.measured, "when": f"{row.where} {row.when}"}
            for row in rows
        ]
    )  # fmt: skip
    shape = alt.Shape("severity:O", legend=None, scale=alt.Scale(domain=[1, 2], range=["diamond", "triangle-up"]))
    colour = alt.Fill("severity:O", legend=None, scale=alt.Scale(domain=[1, 2], range=[HINT, POINT]))
    tooltip = [alt.Tooltip(f"{name}:N", title=" ") for name in ("what", "measured", "when")]
    points = alt.Chart(data).mark_point(size=110, stroke=ink, strokeWidth=1, opacity=1)
    return [
        points.encode(
            x=alt.X("t_s:Q", title=None), y=alt.Y("angle:Q", title=None), shape=shape, fill=colour, tooltip=tooltip
        )
    ]
