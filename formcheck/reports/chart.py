"""The chart of a set's main angle as inline SVG: repetitions as columns, the target as a band, faults as shapes.

Colours are from the Okabe–Ito palette and never the only sign: columns carry numbers, faults
differ in shape, the band is hatched.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.engine.judging.conditions import limits_of
from formcheck.i18n import translator
from formcheck.i18n.numbers import clock, number, quantity
from formcheck.insights import MAIN_ANGLE
from formcheck.reports.tables import knee_uncertainty_deg, rule_name, summary_sentence
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.frames import Trace
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 26, 40
MAX_POINTS = 1400
_MARK_SHARE = (0.025, 0.06)
"""Width and height of a mark as shares of the chart. Marks nearer than this are stacked. Default."""
Sign = Literal["curve", "target", "rep", "small", "hold", "point", "hint"]
Curve = tuple[np.ndarray, np.ndarray]
"""Times (T,) s and main angle (T,) deg; NaN = not measurable."""
INK_DARK, ACCENT_DARK = "#ECEAE6", "#56B4E9"
"""Lines and text, and the sky blue of Okabe and Ito, on a dark page."""
POINT, HINT, REFERENCE, INK, PAPER = "#D55E00", "#E69F00", "#0072B2", "#1F2A30", "#FFFFFF"


@dataclass(slots=True, frozen=True)
class _Axes:
    """Converts times (s) and angles (deg) to places in the drawing."""

    t0: float
    t1: float
    low: float
    high: float

    def x(self, t_s: np.ndarray | float) -> np.ndarray:
        return LEFT + (np.asarray(t_s) - self.t0) / max(self.t1 - self.t0, 1e-9) * (WIDTH - LEFT - RIGHT)

    def y(self, angle_deg: np.ndarray | float) -> np.ndarray:
        share = (np.asarray(angle_deg) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


@dataclass(slots=True, frozen=True)
class Span:
    """A repetition or hold in the chart. ``jump_s`` is the moment that a click opens."""

    number: str
    start_s: float
    end_s: float
    jump_s: float
    counted: bool


def spans(record: SetRecord) -> list[Span]:
    """Return one span per repetition and hold. The number of a small repetition is in brackets.

    Parameters
    ----------
    record : SetRecord

    Returns
    -------
    list of Span
    """
    reps = [
        Span(str(rep.index) if rep.counted else f"({rep.index})", rep.start_s, rep.end_s, rep.turn_s, rep.counted)
        for rep in record.reps
    ]
    return reps + [Span(str(hold.index), hold.start_s, hold.end_s, hold.start_s, True) for hold in record.holds]


def main_curve(trace: Trace) -> Curve | None:
    """Return the main angle over time, or None when it was never measured.

    Parameters
    ----------
    trace : Trace

    Returns
    -------
    Curve or None
    """
    angle_deg = trace.signals.get(MAIN_ANGLE)
    if angle_deg is None or not np.isfinite(angle_deg).any():
        return None
    return np.asarray(trace.t_s, float), np.asarray(angle_deg, float)


def thinned(curve: Curve) -> Curve:
    """Return at most ``MAX_POINTS`` points of the curve, its ends among them.

    Parameters
    ----------
    curve : Curve

    Returns
    -------
    Curve
    """
    pick = np.unique(np.linspace(0, len(curve[0]) - 1, min(len(curve[0]), MAX_POINTS)).round().astype(int))
    return curve[0][pick], curve[1][pick]


def placed(moments_s: Sequence[float], curve: Curve, limits: tuple[float, float]) -> list[float]:
    """Return the angle (deg) of each mark: on the curve, or above a mark that already stands there.

    ``limits``: lowest and highest angle of the chart.

    Parameters
    ----------
    moments_s : sequence of float
    curve : Curve
    limits : tuple[float, float]

    Returns
    -------
    list of float
    """
    known = np.isfinite(curve[1])
    near_s, step_deg = _MARK_SHARE[0] * (curve[0][-1] - curve[0][0]), _MARK_SHARE[1] * (limits[1] - limits[0])
    taken: list[tuple[float, float]] = []
    for t_s in moments_s:
        angle_deg = float(np.interp(t_s, curve[0][known], curve[1][known]))
        while any(abs(t_s - other_s) < near_s and abs(angle_deg - other) < step_deg for other_s, other in taken):
            angle_deg += step_deg
        taken.append((t_s, angle_deg))
    return [angle_deg for _, angle_deg in taken]


def angle_range(curve: Curve, band: tuple[float | None, float | None]) -> tuple[float, float]:
    """Return the lowest and highest angle (deg) of the chart: room for the curve, the target and the numbers.

    Parameters
    ----------
    curve : Curve
    band : (float or None, float or None)

    Returns
    -------
    tuple[float, float]
    """
    values = [*curve[1][np.isfinite(curve[1])], *(limit for limit in band if limit is not None), 0.0]
    low, high = float(min(values)), float(max(values))
    margin = 0.08 * max(high - low, 20.0)
    return low - (2 * margin if low < 0 else 0.0), high + 2 * margin


def main_signal(exercise: Exercise) -> str:
    """Return the exercise's own name of the main angle.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    str
    """
    return exercise.movement.main_signal


def margin_deg(record: SetRecord, exercise: Exercise) -> float:
    """Return the ± of the main angle (deg): the ± of the rule that judges it, or that of a knee from this view.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise

    Returns
    -------
    float
    """
    judges = (rule for rule in exercise.rules if any(one.signal == main_signal(exercise) for one in rule.conditions))
    own = [rule.uncertainty for rule in judges if rule.uncertainty != "knee"]
    return own[0] if own else knee_uncertainty_deg(record)


def target_band(record: SetRecord, exercise: Exercise) -> tuple[float | None, float | None]:
    """Return the lowest and highest main angle (deg) without a hint. None means that there is no such limit.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise

    Returns
    -------
    (float or None, float or None)
    """
    given = Prescription.model_validate(record.prescription) if record.prescription else None
    low = high = None
    for rule in exercise.rules:
        if given is not None and given.turns_off(rule.id):
            continue
        for condition in rule.conditions:
            if condition.signal != main_signal(exercise) or condition.reference in ("standing", "eccentric_s"):
                continue
            limits = limits_of(rule, condition, None, given)
            if limits is None:
                continue
            if condition.fault_when == "below":
                low = limits.hint if low is None else max(low, limits.hint)
            else:
                high = limits.hint if high is None else min(high, limits.hint)
    return low, high


def chart_svg(record: SetRecord, trace: Trace, exercise: Exercise, language: str) -> str:
    """Return the chart as one ``<svg>``, or an empty text when the main angle was never measured.

    Parameters
    ----------
    record : SetRecord
    trace : Trace
    exercise : Exercise
    language : str

    Returns
    -------
    str
    """
    curve = main_curve(trace)
    if curve is None:
        return ""
    band = target_band(record, exercise)
    axes = _Axes(float(curve[0][0]), float(curve[0][-1]), *angle_range(curve, band))
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
        *_columns(record, axes),
        *_band(band, axes),
        *_grid(axes, language),
        *_curve(curve, margin_deg(record, exercise), axes),
        *_marks(record, exercise, curve, axes, language),
        "</svg>",
    ]
    return "\n".join(parts)


def axis_label(exercise: Exercise, language: str) -> str:
    """Return the title of the vertical axis.

    Parameters
    ----------
    exercise : Exercise
    language : str

    Returns
    -------
    str
    """
    kind = exercise.signals[main_signal(exercise)].kind
    key = {"knee_flexion": "knee", "line_offset": "body_line"}.get(kind, "angle")
    if kind == "inclination" and exercise.movement.kind == "hold_posture":
        key = "lean"
    return translator(language)(f"report.chart.{key}")


def signs(record: SetRecord, exercise: Exercise, language: str) -> list[tuple[Sign, str]]:
    """Return each sign that the chart of this set shows, with its words.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list[tuple[Sign, str]]
    """
    t = translator(language)
    margin = quantity(margin_deg(record, exercise), "deg", language)
    entries: list[tuple[Sign, str]] = [("curve", t("report.chart.uncertainty", value=margin))]
    if target_band(record, exercise) != (None, None):
        key = "band_target" if exercise.movement.kind == "rep_cycle" else "band_form"
        entries.append(("target", t(f"report.chart.{key}")))
    severities = {fault.severity for fault in record.shown_faults}
    shown: dict[Sign, bool] = {
        "rep": record.rep_count > 0,
        "small": record.partial_count > 0,
        "hold": bool(record.holds),
        "point": 2 in severities,
        "hint": 1 in severities,
    }
    return entries + [(sign, t(f"report.chart.{sign}")) for sign, there in shown.items() if there]


def legend(record: SetRecord, exercise: Exercise, language: str) -> list[tuple[str, str]]:
    """Return (swatch as SVG, words) for what the chart of this set shows.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list[tuple[str, str]]
    """
    return [(_swatch(_SIGNS[sign]), words) for sign, words in signs(record, exercise, language)]


def severity_swatch(severity: int) -> str:
    """Return the shape of a point to correct (2) or a hint (1) as a small SVG.

    Parameters
    ----------
    severity : int

    Returns
    -------
    str
    """
    return _swatch(_SIGNS["point" if severity == 2 else "hint"])


def _swatch(inner: str) -> str:
    return f'<svg class="swatch" viewBox="0 0 22 14" width="22" height="14" aria-hidden="true">{inner}</svg>'


def severity_shape(severity: int, x: float, y: float) -> str:
    """Draw a triangle (point to correct) or a diamond (hint) around a place.

    Parameters
    ----------
    severity : int
    x : float
    y : float

    Returns
    -------
    str
    """
    if severity == 2:
        path, colour = f"M{x - 6:.1f} {y + 5:.1f}H{x + 6:.1f}L{x:.1f} {y - 6:.1f}Z", POINT
    else:
        path, colour = f"M{x:.1f} {y - 6:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}L{x - 6:.1f} {y:.1f}Z", HINT
    return f'<path d="{path}" fill="{colour}" stroke="{INK}" stroke-width="1"/>'


def hatched(x: float, y: float, width: float, height: float, step: float = 10.0) -> str:
    """Draw a hatched rectangle line by line, since some SVG readers ignore patterns.

    Parameters
    ----------
    x : float
    y : float
    width : float
    height : float
    step : float, default 10.0

    Returns
    -------
    str
    """
    ends = []
    for c in np.arange(x + y + step / 2, x + y + width + height, step):
        left, right = max(x, c - y - height), min(x + width, c - y)
        ends.append(f"M{left:.1f} {c - left:.1f}L{right:.1f} {c - right:.1f}")
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{REFERENCE}" opacity=".10"/>'
        f'<path d="{"".join(ends)}" fill="none" stroke="{REFERENCE}" stroke-width="1.2" opacity=".4"/>'
    )


_FILLED = f'fill="{INK}" opacity=".10"'
_OUTLINED = f'fill="none" stroke="{INK}" stroke-dasharray="3 3" opacity=".6"'
_NUMBER = '<text x="11" y="11" text-anchor="middle" font-size="10">{text}</text>'
_COLUMN = f'<rect width="22" height="14" {_FILLED}/>{_NUMBER.format(text=1)}'
_SIGNS: dict[Sign, str] = {
    "curve": f'<rect width="22" height="14" fill="{INK}" opacity=".14"/>'
    f'<path d="M0 7H22" stroke="{INK}" stroke-width="2"/>',
    "target": hatched(0, 0, 22, 14, 7),
    "rep": _COLUMN,
    "small": f'<rect x=".5" y=".5" width="21" height="13" {_OUTLINED}/>{_NUMBER.format(text="(2)")}',
    "hold": _COLUMN,
    "point": severity_shape(2, 11, 7),
    "hint": severity_shape(1, 11, 7),
}


def _columns(record: SetRecord, axes: _Axes) -> list[str]:
    parts = []
    for span in spans(record):
        x, width = axes.x(span.start_s), axes.x(span.end_s) - axes.x(span.start_s)
        look = _FILLED if span.counted else _OUTLINED
        parts.append(f'<rect x="{x:.1f}" y="{TOP}" width="{width:.1f}" height="{HEIGHT - TOP - BOTTOM}" {look}/>')
        parts.append(
            f'<text x="{x + width / 2:.1f}" y="{TOP - 8}" text-anchor="middle" class="number">{span.number}</text>'
        )
    return parts


def _band(band: tuple[float | None, float | None], axes: _Axes) -> list[str]:
    low, high = band
    if low is None and high is None:
        return []
    top = float(axes.y(axes.high if high is None else high))
    bottom = float(axes.y(axes.low if low is None else low))
    look = f'stroke="{REFERENCE}" stroke-width="1.5" stroke-dasharray="7 4"'
    lines = [f'<path d="M{LEFT} {axes.y(limit):.1f}H{WIDTH - RIGHT}" {look}/>' for limit in band if limit is not None]
    return [hatched(LEFT, top, WIDTH - LEFT - RIGHT, bottom - top), *lines]


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


def _curve(curve: Curve, margin_deg: float, axes: _Axes) -> list[str]:
    """Draw the measured angle with its uncertainty. Gaps show where it could not be measured."""
    t_s, signal = thinned(curve)
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


def _marks(record: SetRecord, exercise: Exercise, curve: Curve, axes: _Axes, language: str) -> list[str]:
    """Draw one shape per fault at its worst moment, faults above hints. The tooltip names the fault."""
    faults = sorted(record.shown_faults, key=lambda fault: fault.severity)
    angles = placed([fault.worst_s for fault in faults], curve, (axes.low, axes.high))
    parts = []
    for fault, angle_deg in zip(faults, angles, strict=True):
        title = f"{clock(fault.worst_s, language)} {rule_name(exercise, fault.rule, language)}"
        shape = severity_shape(fault.severity, float(axes.x(fault.worst_s)), float(axes.y(angle_deg)))
        parts.append(f"<g><title>{escape(title)}</title>{shape}</g>")
    return parts
