"""The chart of a set's main angle as inline SVG: repetitions as columns, the target as a band, faults as shapes.

Colours are from the Okabe–Ito palette and never the only sign: columns carry numbers, faults
differ in shape, the band is hatched.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from formcheck.engine.rules import condition_limits
from formcheck.frames import Trace
from formcheck.i18n import translator
from formcheck.i18n.numbers import clock, number, quantity
from formcheck.programme import Prescription
from formcheck.records import SetRecord
from formcheck.report import knee_uncertainty_deg, rule_name, summary_sentence
from formcheck.spec import Exercise

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 26, 40
MAX_POINTS = 1400
MAIN_ANGLE = "main_angle_deg"
"""The trace's signal that is drawn: what decides the depth, or the line of the body in a hold."""
POINT, HINT, REFERENCE, INK, PAPER = "#D55E00", "#E69F00", "#0072B2", "#1F2A30", "#FFFFFF"


@dataclass(slots=True, frozen=True)
class _Axes:
    """Where a time (s) and an angle (deg) lie in the drawing."""

    t0: float
    t1: float
    low: float
    high: float

    def x(self, t_s):
        return LEFT + (t_s - self.t0) / max(self.t1 - self.t0, 1e-9) * (WIDTH - LEFT - RIGHT)

    def y(self, angle_deg):
        return HEIGHT - BOTTOM - (angle_deg - self.low) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)


def main_signal(exercise: Exercise) -> str:
    """Return the exercise's own name of the main angle."""
    if exercise.movement.kind == "rep_cycle":
        return exercise.movement.depth_signal
    return next(
        (name for name, signal in exercise.signals.items() if signal.kind == "line_offset"),
        next(iter(exercise.signals)),
    )


def target_band(record: SetRecord, exercise: Exercise) -> tuple[float | None, float | None]:
    """Return the lowest and highest main angle (deg) that gives not even a hint; None = no such limit."""
    given = Prescription.model_validate(record.prescription) if record.prescription else None
    bases = {None: 0.0}
    if given is not None:
        bases |= {"target_depth": given.target_depth_deg, "depth_cap": given.depth_cap_deg}
    low = high = None
    for rule in exercise.rules:
        if given is not None and rule.id in given.rules and not given.rules[rule.id].enabled:
            continue
        for place, condition in enumerate(rule.conditions):
            base = bases.get(condition.reference)
            if condition.signal != main_signal(exercise) or base is None:
                continue
            limit, _ = condition_limits(condition, place == 0, rule.id, base, given)
            if condition.fault_when == "below":
                low = limit if low is None else max(low, limit)
            else:
                high = limit if high is None else min(high, limit)
    return low, high


def chart_svg(record: SetRecord, trace: Trace, exercise: Exercise, language: str) -> str:
    """Return the chart as one ``<svg>``; an empty text when the main angle could never be measured."""
    signal = trace.signals.get(MAIN_ANGLE)
    if signal is None or not np.isfinite(signal).any():
        return ""
    t_s, signal = np.asarray(trace.t_s, float), np.asarray(signal, float)
    band = target_band(record, exercise)
    axes = _axes(t_s, signal, band)
    t = translator(language)
    span = {"start": clock(axes.t0, language), "end": clock(axes.t1, language)}
    label = t(
        "report.chart.description",
        signal=axis_label(exercise, language),
        summary=summary_sentence(record, exercise, language),
        **span,
    )
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg">',
        _HATCH,
        *_columns(record, axes),
        *_band(band, axes),
        *_grid(axes, language),
        *_curve(t_s, signal, knee_uncertainty_deg(record), axes),
        *_marks(record, exercise, (t_s, signal), axes, language),
        "</svg>",
    ]
    return "\n".join(parts)


def axis_label(exercise: Exercise, language: str) -> str:
    """Return what the vertical axis shows."""
    kind = exercise.signals[main_signal(exercise)].kind
    key = {"knee_flexion": "knee", "line_offset": "body_line"}.get(kind, "angle")
    return translator(language)(f"report.chart.{key}")


def legend(record: SetRecord, exercise: Exercise, language: str) -> list[tuple[str, str]]:
    """Return (swatch as SVG, words) for what the chart of this set shows."""
    t = translator(language)
    margin = quantity(knee_uncertainty_deg(record), "deg", language)
    entries = [(_swatch(_LINE), t("report.chart.uncertainty", value=margin))]
    if target_band(record, exercise) != (None, None):
        key = "band_target" if exercise.movement.kind == "rep_cycle" else "band_form"
        entries.append((_swatch('<rect width="22" height="14" fill="url(#target)"/>'), t(f"report.chart.{key}")))
    if any(rep.counted for rep in record.reps):
        entries.append((_swatch(_COLUMN.format(text="1")), t("report.chart.rep")))
    if record.partial_count:
        entries.append((_swatch(_SMALL.format(text="(2)")), t("report.chart.small")))
    if record.holds:
        entries.append((_swatch(_COLUMN.format(text="1")), t("report.chart.hold")))
    for severity, key in ((2, "point"), (1, "hint")):
        if any(fault.severity == severity for fault in record.faults):
            entries.append((severity_swatch(severity), t(f"report.chart.{key}")))
    return entries


def severity_swatch(severity: int) -> str:
    """Return the shape of a point to correct (2) or a hint (1) as a small SVG."""
    return _swatch(_shape(severity, 11, 7))


_HATCH = (
    '<defs><pattern id="target" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="7" height="7" fill="{REFERENCE}" opacity=".10"/>'
    f'<path d="M0 0V7" stroke="{REFERENCE}" stroke-width="1.4" opacity=".45"/>'
    "</pattern></defs>"
)
_NUMBER = '<text x="11" y="11" text-anchor="middle" font-size="10">{text}</text>'
_COLUMN = f'<rect width="22" height="14" fill="{INK}" opacity=".10"/>{_NUMBER}'
_OUTLINE = f'fill="none" stroke="{INK}" stroke-dasharray="3 3" opacity=".6"'
_SMALL = f'<rect x=".5" y=".5" width="21" height="13" {_OUTLINE}/>{_NUMBER}'
_LINE = f'<rect width="22" height="14" fill="{INK}" opacity=".14"/><path d="M0 7H22" stroke="{INK}" stroke-width="2"/>'


def _swatch(inner: str) -> str:
    return f'<svg class="swatch" viewBox="0 0 22 14" width="22" height="14" aria-hidden="true">{inner}</svg>'


def _shape(severity: int, x: float, y: float) -> str:
    """Draw a triangle (point to correct) or a diamond (hint) around a place."""
    if severity == 2:
        path, colour = f"M{x - 6:.1f} {y + 5:.1f}H{x + 6:.1f}L{x:.1f} {y - 6:.1f}Z", POINT
    else:
        path, colour = f"M{x:.1f} {y - 6:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}L{x - 6:.1f} {y:.1f}Z", HINT
    return f'<path d="{path}" fill="{colour}" stroke="{INK}" stroke-width="1"/>'


def _axes(t_s: np.ndarray, signal: np.ndarray, band: tuple[float | None, float | None]) -> _Axes:
    values = [*signal[np.isfinite(signal)], *(limit for limit in band if limit is not None), 0.0]
    low, high = min(values), max(values)
    margin = 0.06 * max(high - low, 20.0)
    return _Axes(float(t_s[0]), float(t_s[-1]), low - (2 * margin if low < 0 else 0.0), high + 2 * margin)


def _columns(record: SetRecord, axes: _Axes) -> list[str]:
    spans = [(rep.start_s, rep.end_s, rep.index, rep.counted) for rep in record.reps]
    spans += [(hold.start_s, hold.end_s, hold.index, True) for hold in record.holds]
    parts = []
    for start_s, end_s, index, counted in spans:
        x, width = axes.x(start_s), axes.x(end_s) - axes.x(start_s)
        look = (
            f'fill="{INK}" opacity=".10"'
            if counted
            else f'fill="none" stroke="{INK}" stroke-dasharray="3 3" opacity=".6"'
        )
        parts.append(f'<rect x="{x:.1f}" y="{TOP}" width="{width:.1f}" height="{HEIGHT - TOP - BOTTOM}" {look}/>')
        text = str(index) if counted else f"({index})"
        parts.append(f'<text x="{x + width / 2:.1f}" y="{TOP - 8}" text-anchor="middle" class="number">{text}</text>')
    return parts


def _band(band: tuple[float | None, float | None], axes: _Axes) -> list[str]:
    low, high = band
    if low is None and high is None:
        return []
    top, bottom = axes.y(axes.high if high is None else high), axes.y(axes.low if low is None else low)
    look = f'stroke="{REFERENCE}" stroke-width="1.5" stroke-dasharray="7 4"'
    lines = [f'<path d="M{LEFT} {axes.y(limit):.1f}H{WIDTH - RIGHT}" {look}/>' for limit in band if limit is not None]
    return [
        f'<rect x="{LEFT}" y="{top:.1f}" width="{WIDTH - LEFT - RIGHT}" height="{bottom - top:.1f}" '
        'fill="url(#target)"/>',
        *lines,
    ]


def _grid(axes: _Axes, language: str) -> list[str]:
    parts = []
    step = next((s for s in (5, 10, 20, 30, 45) if (axes.high - axes.low) / s <= 7), 60)
    for angle in range(int(np.ceil(axes.low / step)) * step, int(axes.high) + 1, step):
        y = axes.y(angle)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{INK}" stroke-width=".5" opacity=".3"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number(angle, language)}°</text>')
    seconds = next((s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300) if (axes.t1 - axes.t0) / s <= 12), 600)
    for t_s in range(int(np.ceil(axes.t0 / seconds)) * seconds, int(axes.t1) + 1, seconds):
        x = axes.x(t_s)
        parts.append(f'<path d="M{x:.1f} {HEIGHT - BOTTOM}v5" stroke="{INK}"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{t_s // 60}:{t_s % 60:02d}</text>'
        )
    label = translator(language)("report.chart.time")
    parts.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 4}" text-anchor="middle">{escape(label)}</text>')
    parts.append(f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="{INK}"/>')
    return parts


def _curve(t_s: np.ndarray, signal: np.ndarray, margin_deg: float, axes: _Axes) -> list[str]:
    """Draw the measured angle, interrupted where it could not be measured, and its uncertainty around it."""
    pick = np.unique(np.linspace(0, len(t_s) - 1, min(len(t_s), MAX_POINTS)).round().astype(int))
    t_s, signal = t_s[pick], signal[pick]
    known = np.flatnonzero(np.isfinite(signal))
    runs = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1)
    bands, lines = [], []
    for run in runs:
        xs = axes.x(t_s[run])
        upper, lower = (axes.y(np.clip(signal[run] + d, axes.low, axes.high)) for d in (margin_deg, -margin_deg))
        outline = _points(xs, upper) + " " + _points(xs[::-1], lower[::-1])
        bands.append(f'<polygon points="{outline}" fill="{INK}" opacity=".14"/>')
        lines.append(
            f'<polyline points="{_points(xs, axes.y(signal[run]))}" fill="none" stroke="{INK}" stroke-width="1.8"/>'
        )
    return bands + lines


def _points(xs: np.ndarray, ys: np.ndarray) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))


def _marks(
    record: SetRecord, exercise: Exercise, curve: tuple[np.ndarray, np.ndarray], axes: _Axes, language: str
) -> list[str]:
    """Draw one shape per fault at its worst moment, points to correct on top; the tooltip says what it is."""
    t_s, signal = curve
    known = np.isfinite(signal)
    parts = []
    taken: list[tuple[float, float]] = []
    for fault in sorted(record.faults, key=lambda fault: fault.severity):
        x = axes.x(fault.worst_s)
        y = axes.y(float(np.interp(fault.worst_s, t_s[known], signal[known])))
        while any(abs(x - other_x) < 13 and abs(y - other_y) < 13 for other_x, other_y in taken) and y > TOP + 13:
            y -= 13
        taken.append((x, y))
        title = f"{clock(fault.worst_s, language)} {rule_name(exercise, fault.rule, language)}"
        parts.append(f"<g><title>{escape(title)}</title>{_shape(fault.severity, x, y)}</g>")
    return parts
