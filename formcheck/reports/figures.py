"""Figures of a finished set as inline SVG: repetitions laid over each other, and stick figures of the worst moments.

Colours are Okabe–Ito and never the only sign: the best repetition is a solid line, the worst a dashed one; a joint with a
fault is a triangle, one with a hint a diamond, as in the chart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from formcheck.i18n import Translator, translator
from formcheck.i18n.numbers import clock, number
from formcheck.insights import Aligned, aligned, best_and_worst
from formcheck.model.skeleton import BONES, INDEX
from formcheck.reports.chart import INK, POINT, axis_label, severity_shape
from formcheck.reports.sentences import rule_of
from formcheck.reports.tables import FaultRow, fault_rows
from formcheck.video.overlay import BELIEVED, fault_joints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from formcheck.model.frames import Trace
    from formcheck.model.records import Fault, SetRecord
    from formcheck.spec.exercise import Exercise
    from formcheck.video.draw import Mark

WIDTH, HEIGHT = 380, 250
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 12, 26
FIGURE_SIZE = 150
"""Width and greatest height of a stick figure (px). Default."""
_LEAST_HEIGHT, _MARGIN = 70, 14
BEST = "#009E73"
_GREY = "#8A959A"
MAX_MOMENTS = 4


@dataclass(slots=True, frozen=True)
class Moment:
    """The worst moment of one rule: the figure as SVG, and its row of the table. ``picture``: a JPEG in place of the figure."""

    svg: str
    row: FaultRow
    picture: bytes | None = None


def overlay_svg(record: SetRecord, trace: Trace, exercise: Exercise, language: str) -> str:
    """Return the repetitions laid over each other, or an empty text with fewer than two or without an angle.

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
    found = aligned(record, trace)
    if found is None or len(found.index) < 2:
        return ""
    t = translator(language)
    low, high = _range(found)
    label = t("findings.overlay.description", signal=axis_label(exercise, language), n=len(found.index))
    parts = [
        f'<svg class="overlay" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}" '
        'xmlns="http://www.w3.org/2000/svg">',
        *_axes(low, high, t),
        *_lines(found, record, low, high),
        "</svg>",
    ]
    return "\n".join(parts)


def overlay_legend(record: SetRecord, trace: Trace, language: str) -> list[tuple[str, str]]:
    """Return (swatch as SVG, words) for what the overlay of this set shows.

    Parameters
    ----------
    record : SetRecord
    trace : Trace
    language : str

    Returns
    -------
    list[tuple[str, str]]
    """
    t = translator(language)
    found, extremes = aligned(record, trace), best_and_worst(record)
    entries = [(_EACH_LINE, t("findings.overlay.each")), (_MEAN_LINE, t("findings.overlay.mean"))]
    if extremes is not None:
        entries.append((_BEST_LINE, t("findings.overlay.best", n=extremes.best.index)))
        entries.append((_WORST_LINE, t("findings.overlay.worst", n=extremes.worst.index)))
    swatches = [(_swatch(f'<path d="M0 7H22" fill="none" {look}/>'), words) for look, words in entries]
    if found is not None and np.isfinite(found.sd_deg).any():
        swatches.append(
            (_swatch(f'<rect width="22" height="14" fill="{INK}" opacity=".14"/>'), t("findings.overlay.band"))
        )
    return swatches


def worst_moments(record: SetRecord, trace: Trace, exercise: Exercise, language: str) -> list[Moment]:
    """Return a stick figure for the worst fault of each rule: faults before hints, at most four.

    A moment without landmarks has no figure.

    Parameters
    ----------
    record : SetRecord
    trace : Trace
    exercise : Exercise
    language : str

    Returns
    -------
    list of Moment
    """
    rows = fault_rows(record, exercise, language)
    faults = sorted(record.shown_faults, key=lambda fault: fault.worst_s)
    worst: dict[str, tuple[tuple[float, ...], Fault, FaultRow]] = {}
    for fault, row in zip(faults, rows, strict=True):
        badness = (fault.severity, abs(fault.value - fault.limit) / (fault.uncertainty or 1.0), -fault.worst_s)
        if fault.rule not in worst or badness > worst[fault.rule][0]:
            worst[fault.rule] = (badness, fault, row)
    chosen = sorted(worst.values(), key=lambda entry: entry[0], reverse=True)
    moments = [Moment(stick_figure_svg(record, trace, exercise, fault, language), row) for _, fault, row in chosen]
    return [moment for moment in moments if moment.svg][:MAX_MOMENTS]


def with_pictures(
    moments: Sequence[Moment], video: Path | str, record: SetRecord, trace: Trace, exercise: Exercise
) -> list[Moment]:
    """Return the moments, each with a picture cut out of the analysed video.

    The pictures show the person and the room, so they are made only on request.

    Parameters
    ----------
    moments : sequence of Moment
    video : Path or str
    record : SetRecord
    trace : Trace
    exercise : Exercise

    Returns
    -------
    list of Moment
    """
    from formcheck.video.files import Reading
    from formcheck.video.stills import check_video, cut_out, frame_at

    check_video(video, record.source.sha256)
    reading = Reading.of(record.source)
    out: list[Moment] = []
    for moment in moments:
        rule, at_s = rule_of(exercise, moment.row.rule), moment.row.jump_s
        i = int(np.argmin(np.abs(trace.t_s - at_s)))
        fault = next(f for f in record.shown_faults if (f.rule, f.worst_s) == (moment.row.rule, at_s))
        mark: Mark = "fault" if fault.severity == 2 else "hint"
        marks: dict[int, Mark] = dict.fromkeys(fault_joints(record, fault, rule.marked if rule else ()), mark)
        marks |= {
            int(joint): "unknown" for joint in np.flatnonzero(trace.visibility[i] < BELIEVED) if joint not in marks
        }
        picture = cut_out(frame_at(video, at_s, reading), trace.image_px[i], trace.size_px, marks)
        out.append(replace(moment, picture=picture))
    return out


def stick_figure_svg(record: SetRecord, trace: Trace, exercise: Exercise, fault: Fault, language: str) -> str:
    """Return the body at the worst moment of a fault with its joints marked, or an empty text without landmarks.

    The figure shows the raw image landmarks and nothing else of the picture. Unreliable parts are dashed and grey.

    Parameters
    ----------
    record : SetRecord
    trace : Trace
    exercise : Exercise
    fault : Fault
    language : str

    Returns
    -------
    str
    """
    i = int(np.argmin(np.abs(trace.t_s - fault.worst_s)))
    fitted = _fitted(trace.image_px[i])
    if fitted is None:
        return ""
    points, height = fitted
    doubtful = trace.visibility[i] < BELIEVED
    t = translator(language)
    rule = rule_of(exercise, fault.rule)
    what = rule.name[language] if rule else fault.rule
    alt = t("findings.moments.alt", what=what, when=clock(fault.worst_s, language))
    marked = set(fault_joints(record, fault, rule.marked if rule else ()))
    parts = [
        f'<svg class="figure" viewBox="0 0 {FIGURE_SIZE} {height:.0f}" role="img" aria-label="{escape(alt)}" '
        'xmlns="http://www.w3.org/2000/svg">'
    ]
    for a, b in ((INDEX[a], INDEX[b]) for a, b in BONES):
        if np.isfinite(points[[a, b]]).all():
            look = (
                f'stroke="{_GREY}" stroke-width="2" stroke-dasharray="4 3"'
                if doubtful[a] or doubtful[b]
                else f'stroke="{INK}" stroke-width="3"'
            )
            parts.append(f'<path d="M{_at(points[a])}L{_at(points[b])}" fill="none" {look} stroke-linecap="round"/>')
    parts.append(_head(points))
    seen = (joint for joint in sorted(marked) if np.isfinite(points[joint]).all())
    parts += [severity_shape(fault.severity, *points[joint]) for joint in seen]
    return "".join([*parts, "</svg>"])


def _fitted(image_px: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Return the landmarks (33, 2) fitted into the drawing, upright and in proportion, and the drawing's height (px)."""
    drawn = sorted({INDEX[name] for bone in BONES for name in bone})
    known = np.isfinite(image_px[drawn]).all(axis=1)
    if known.sum() < len(drawn) / 2:
        return None
    body = image_px[drawn][known].astype(float)
    low, high = body.min(axis=0), body.max(axis=0)
    scale = (FIGURE_SIZE - 2 * _MARGIN) / max(float((high - low).max()), 1e-6)
    height = max((high - low)[1] * scale + 2 * _MARGIN, _LEAST_HEIGHT)
    return (image_px.astype(float) - (low + high) / 2) * scale + (FIGURE_SIZE / 2, height / 2), float(height)


def _head(points: np.ndarray) -> str:
    """Draw the head as an empty circle around the ears. Its radius is a sixth of the trunk; it shows no features."""
    ears, shoulders, hips = (
        points[[INDEX[f"left_{name}"], INDEX[f"right_{name}"]]].mean(axis=0) for name in ("ear", "shoulder", "hip")
    )
    if not np.isfinite([*ears, *shoulders, *hips]).all():
        return ""
    radius = max(np.hypot(*(shoulders - hips)) / 6, 4.0)
    return f'<circle cx="{ears[0]:.1f}" cy="{ears[1]:.1f}" r="{radius:.1f}" fill="#FFFFFF" stroke="{INK}" stroke-width="3"/>'


def _at(point: np.ndarray) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


_EACH_LINE = f'stroke="{_GREY}" stroke-width="1"'
_MEAN_LINE = f'stroke="{INK}" stroke-width="2.6"'
_BEST_LINE = f'stroke="{BEST}" stroke-width="2.2"'
_WORST_LINE = f'stroke="{POINT}" stroke-width="2.2" stroke-dasharray="6 3"'


def _swatch(inner: str) -> str:
    return f'<svg class="swatch" viewBox="0 0 22 14" width="22" height="14" aria-hidden="true">{inner}</svg>'


def _range(found: Aligned) -> tuple[float, float]:
    values = found.deg[np.isfinite(found.deg)]
    low, high = min(float(values.min()), 0.0), float(values.max())
    return low, high + 0.06 * max(high - low, 20.0)


def _x(phase: np.ndarray | float) -> np.ndarray:
    return LEFT + np.asarray(phase) * (WIDTH - LEFT - RIGHT)


def _y(deg: np.ndarray | float, low: float, high: float) -> np.ndarray:
    return HEIGHT - BOTTOM - (np.asarray(deg) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)


def _axes(low: float, high: float, t: Translator) -> list[str]:
    parts = []
    step = next((s for s in (5, 10, 20, 30, 45) if (high - low) / s <= 6), 60)
    for angle in range(int(np.ceil(low / step)) * step, int(high) + 1, step):
        y = _y(angle, low, high)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{INK}" stroke-width=".5" opacity=".3"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{number(angle, t.language)}°</text>')
    turn = _x(0.5)
    parts.append(
        f'<path d="M{turn:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{INK}" stroke-width=".8" stroke-dasharray="2 3"/>'
    )
    for x, anchor, key in ((LEFT, "start", "start"), (turn, "middle", "turn"), (WIDTH - RIGHT, "end", "end")):
        words = escape(t(f"findings.overlay.{key}"))
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{words}</text>')
    parts.append(f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="{INK}"/>')
    return parts


def _lines(found: Aligned, record: SetRecord, low: float, high: float) -> list[str]:
    """Draw the band, each repetition, the best and the worst, and the mean on top."""
    parts = []
    upper, lower = (np.clip(found.mean_deg + d, low, high) for d in (found.sd_deg, -found.sd_deg))
    known = np.isfinite(upper) & np.isfinite(lower)
    for run in _runs(known):
        xs = _x(found.phase[run])
        outline = _pairs(xs, _y(upper[run], low, high)) + " " + _pairs(xs[::-1], _y(lower[run], low, high)[::-1])
        parts.append(f'<polygon points="{outline}" fill="{INK}" opacity=".14"/>')
    extremes = best_and_worst(record)
    special = {} if extremes is None else {extremes.best.index: _BEST_LINE, extremes.worst.index: _WORST_LINE}
    for index in sorted(found.index, key=lambda index: index in special):
        row = found.deg[found.index.index(index)]
        parts += _polylines(found.phase, row, special.get(index, _EACH_LINE), low, high)
    parts += _polylines(found.phase, found.mean_deg, _MEAN_LINE, low, high)
    return parts


def _polylines(phase: np.ndarray, deg: np.ndarray, look: str, low: float, high: float) -> list[str]:
    return [
        f'<polyline points="{_pairs(_x(phase[run]), _y(deg[run], low, high))}" fill="none" {look}/>'
        for run in _runs(np.isfinite(deg))
    ]


def _runs(known: np.ndarray) -> list[np.ndarray]:
    """Return the indices of each run without a gap."""
    at = np.flatnonzero(known)
    return [run for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1) if len(run)]


def _pairs(xs: np.ndarray, ys: np.ndarray) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
