"""One repetition, measured: its exact moments, its measures, and the stretch that rules look at.

The same function serves the live verdict (causal landmarks, when a cycle closes) and the record (zero-lag landmarks).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine import filters
from formcheck.engine.judging.interval import JudgedInterval
from formcheck.engine.signals.flight import flights, settled_s
from formcheck.engine.signals.scene import Calibration, MeasuredScene, measure_signals
from formcheck.engine.tracking import patterns
from formcheck.engine.tracking.candidates import near

if TYPE_CHECKING:
    from formcheck.engine.tracking.cycle import Cycle
    from formcheck.spec.exercise import Exercise, RepCycle, RepMeasure

_TIMING_HZ = 3.0  # of the driving signal (clinical-rules 5)
_TIMED_SHARE, _TO_THE_END = 0.2, 2.88
"""The middle 60 % of a way times it. A minimum-jerk movement (Flash and Hogan 1985) is 20 % done after 0.327 of its time, so that
its ends lie 0.5 / (0.5 - 0.327) as far from its middle."""
AROUND_TURN_S = 0.1
_REVERSAL = 0.04
"""A signal turns back by at least this much, in its own unit: of a knee, shares of the shank (clinical-rules 1.2)."""
_COMPARED_AT, _COMPARED_WITHIN_DEG = 0.6, 8.0
"""The way out and the way back are compared where they are this share of the depth, within so many degrees. Defaults."""
_LANDS_WITHIN_S = 0.4  # of the beginning of its cycle the feet have touched down


@dataclass(slots=True)
class MeasuredRep:
    """A measured repetition: moments in s, ``side`` of the front leg of a lunge, measures, and the stretch to judge.

    ``calibration``: what it was measured against, the given one with the legs' lengths of this repetition.
    """

    start_s: float
    turn_s: float
    end_s: float
    side: str | None
    excursion_deg: float
    interval: JudgedInterval
    calibration: Calibration

    @property
    def measures(self) -> dict[str, float | None]:
        return self.interval.measures


def standing_values(exercise: Exercise, calibration: Calibration, front: str | None) -> dict[str, float]:
    """Return every signal's value in the standing calibration."""
    values = measure_signals(exercise.signals, MeasuredScene(calibration.points_px[None], calibration, front))
    return {name: float(value[0]) for name, value in values.items()}


def watched_until_s(movement: RepCycle, cycle: Cycle) -> float:
    """Return until when a cycle is looked at: a landing until it has settled, which may be after its end."""
    return cycle.end_s if movement.settle_s is None else cycle.start_s + movement.settle_s + _LANDS_WITHIN_S


@dataclass(slots=True)
class Landmarks:
    """The landmarks of a stretch: ``t_s`` (T,), ``points_px`` (T, 33, 2), ``visibility`` and ``inside`` (T, 33), ``ok`` (T,).

    ``lost`` (T, 2): the model has lost the left, the right leg.
    """

    t_s: np.ndarray
    points_px: np.ndarray
    visibility: np.ndarray
    inside: np.ndarray
    ok: np.ndarray
    lost: np.ndarray

    def between(self, start_s: float, end_s: float) -> Landmarks:
        """Return the part within [start_s, end_s]."""
        a, b = np.searchsorted(self.t_s, [start_s - 1e-9, end_s + 1e-9])
        columns = (self.t_s, self.points_px, self.visibility, self.inside, self.ok, self.lost)
        return Landmarks(*(column[a:b] for column in columns))


def measure_rep(
    exercise: Exercise, landmarks: Landmarks, cycle: Cycle, calibration: Calibration, room_s: tuple[float, float]
) -> MeasuredRep:
    """Measure one cycle. ``room_s``: how far its start and its top may reach (the neighbours' bounds)."""
    movement = exercise.movement
    last_s = max(cycle.end_s + 1.0, watched_until_s(movement, cycle))
    part = landmarks.between(max(room_s[0], cycle.start_s - 1.0), min(room_s[1], last_s))
    seen = part.ok & ~np.isnan(part.points_px[:, 23, 0])
    t = part.t_s[seen]
    front = patterns.leading_leg(movement.movement_pattern, t, part.points_px[seen], cycle.turn_s)
    calibration = calibration.over(part.points_px[seen & (part.t_s >= cycle.start_s) & (part.t_s <= cycle.end_s)])
    signals = measure_signals(exercise.signals, MeasuredScene(part.points_px[seen], calibration, front))
    standing = standing_values(exercise, calibration, front)
    start, down, turn, up, end = _moments(t, signals[movement.signal], cycle)
    start = max(
        start, min(cycle.start_s, (cycle.start_s + room_s[0]) / 2)
    )  # the rest between two repetitions is half of each
    end = min(end, max(cycle.end_s, (cycle.end_s + room_s[1]) / 2))
    around = near(t, turn, AROUND_TURN_S)
    depth = float(np.nanmedian(signals[movement.depth_signal][around]))
    name, rest = movement.depth_signal, standing[movement.depth_signal]
    top = _top(t, signals[name], end, room_s[1])
    if movement.rest_deg is not None:  # no standing calibration: from where this repetition began or came back to
        rest = float(np.nanmin([np.nanmedian(signals[name][near(t, start, AROUND_TURN_S)]), top]))
    excursion = depth - rest
    out_s, back_s = math.nan if cycle.starts_at_end_range else down - start, end - up
    leg = front or calibration.near
    span = (part.t_s >= start) & (part.t_s <= end)
    measures = {
        movement.depth_measure: depth,
        movement.range_measure: excursion,
        movement.rest_measure: rest,
        movement.return_measure: top,
        "eccentric_s": out_s if movement.first_phase == "eccentric" else back_s,
        "pause_s": up - down,
        "concentric_s": back_s if movement.first_phase == "eccentric" else out_s,
        "smoothness_sparc": sparc(t[(t >= up) & (t <= end)], signals[movement.signal][(t >= up) & (t <= end)]),
        "assessable_share": float((seen & ~part.lost[:, int(leg == "right")])[span].mean()) if span.any() else 0.0,
    }
    moments_s = (start, turn, end)
    measures |= {
        one.name: _declared(one, t, signals[one.signal], signals[name], moments_s)
        if _can_be_seen(one, calibration, depth)
        else math.nan
        for one in movement.measured
    }
    if movement.settle_s is not None:
        landed = [b for _, b in flights(t, part.points_px[seen], calibration) if b <= turn]
        measures["settled_s"] = (
            settled_s(t, part.points_px[seen], landed[-1], calibration.length_px("leg"), front, movement.settle_s)
            if landed
            else math.nan
        )
    out, far, back = movement.phases
    windows = {
        out: (t >= start) & (t <= turn) & (not cycle.starts_at_end_range),
        far: (t >= min(down, turn - AROUND_TURN_S)) & (t <= max(up, turn + AROUND_TURN_S)),
        "turn": around,
        back: (t >= turn) & (t <= end),
        "rep": (t >= start) & (t <= end),
    }
    interval = JudgedInterval(
        t,
        signals,
        standing | {movement.return_measure: rest},
        part.visibility[seen],
        part.inside[seen],
        calibration.label,
        windows,
        {name: None if value is None or np.isnan(value) else float(value) for name, value in measures.items()},
        turn,
        depth,
        movement.depth_signal,
        calibration.near,
        front,
        azimuth_deg=calibration.azimuth_deg,
    )
    return MeasuredRep(start, turn, end, front, excursion, interval, calibration)


def _moments(t: np.ndarray, q: np.ndarray, cycle: Cycle) -> tuple[float, float, float, float, float]:
    """Return onset, arrival at the far end, turn, leaving the far end, end, from the driving signal ``q`` (T,).

    Each way is timed by when it is 20, 50 and 80 % done, carried on to its two ends as a smooth movement has them: where it
    is slow, near both ends, noise would decide.
    """
    known = ~np.isnan(q)
    t, q = t[known], q[known]
    inside = np.flatnonzero((t >= cycle.start_s - 1e-9) & (t <= cycle.end_s + 1e-9))
    if len(inside) < 3:
        return cycle.start_s, cycle.turn_s, cycle.turn_s, cycle.turn_s, cycle.end_s
    turn = int(inside[np.argmax(q[inside])])
    calm = filters.zero_lag(t, q[:, None], _TIMING_HZ)[:, 0]
    start, down = _way(t[inside[0] : turn + 1][::-1], calm[inside[0] : turn + 1][::-1])
    end, up = _way(t[turn : inside[-1] + 1], calm[turn : inside[-1] + 1])
    return (
        max(start, float(t[0])),
        min(down, float(t[turn])),
        float(t[turn]),
        max(up, float(t[turn])),
        min(end, float(t[-1])),
    )


def _way(t: np.ndarray, q: np.ndarray) -> tuple[float, float]:
    """Return when a way between the far end, where ``t`` and ``q`` (T,) begin, and rest is at rest, and when at the far end."""
    low = float(q.min())
    levels = low + (q[0] - low) * np.array([1.0 - _TIMED_SHARE, 0.5, _TIMED_SHARE])
    if not q[0] > low:
        return float(t[-1]), float(t[0])
    far, middle, rest = (_falls_to_s(t, q, level) for level in levels)
    return middle + _TO_THE_END * (rest - middle), middle + _TO_THE_END * (far - middle)


def _falls_to_s(t: np.ndarray, q: np.ndarray, level: float) -> float:
    """Return when ``q`` (T,) is first no higher than ``level``, between samples; its first sample is higher."""
    i = int(np.argmax(q <= level))
    return float(t[i - 1] + (t[i] - t[i - 1]) * (q[i - 1] - level) / (q[i - 1] - q[i]))


def _top(t: np.ndarray, q: np.ndarray, end_s: float, until_s: float) -> float:
    """Return where it came back to between the end of this repetition and the next one (median of the lowest tenth)."""
    top = q[(t >= end_s - 0.2) & (t <= until_s)]
    top = np.sort(top[~np.isnan(top)])
    return float(np.median(top[: max(1, len(top) // 10)])) if len(top) else np.nan


def _can_be_seen(measure: RepMeasure, calibration: Calibration, depth_deg: float) -> bool:
    """Return whether a declared measure means something from this view, in a repetition this deep."""
    from_here = not measure.views or calibration.label in measure.views
    return from_here and (measure.max_depth_deg is None or depth_deg <= measure.max_depth_deg)


def _declared(
    measure: RepMeasure, t: np.ndarray, x: np.ndarray, depth_deg: np.ndarray, moments_s: tuple[float, float, float]
) -> float:
    """Return a declared measure of a repetition, from its signal ``x`` (T,) and the depth (T,), deg."""
    start_s, turn_s, end_s = moments_s
    around = near(t, turn_s, AROUND_TURN_S)
    if measure.statistic == "turn_median":
        return float(np.nanmedian(x[around]))
    if measure.statistic == "reversals":
        return float(reversals(x[(t >= start_s) & (t <= end_s)], _REVERSAL))
    at_deg = _COMPARED_AT * float(np.nanmedian(depth_deg[around]))
    out, back = (_at_depth(t, depth_deg, x, span, at_deg) for span in ((start_s, turn_s), (turn_s, end_s)))
    return back - out


def _at_depth(t: np.ndarray, depth_deg: np.ndarray, x: np.ndarray, span_s: tuple[float, float], at_deg: float) -> float:
    """Return the median of ``x`` where the depth is close to ``at_deg`` in the span; NaN when it never is."""
    close = np.abs(depth_deg - at_deg) <= _COMPARED_WITHIN_DEG
    mask = (t >= span_s[0]) & (t <= span_s[1]) & close & ~np.isnan(x)
    return float(np.median(x[mask])) if mask.any() else math.nan


def reversals(x: np.ndarray, amplitude: float) -> int:
    """Return how often ``x`` turns back by at least ``amplitude``, beyond the one way out and back."""
    count, direction = 0, 0
    low = high = None  # extremes since the last reversal
    for value in x[~np.isnan(x)]:
        low = value if low is None else min(low, value)
        high = value if high is None else max(high, value)
        if direction >= 0 and value < high - amplitude:
            count, direction, low, high = count + (direction > 0), -1, value, value
        elif direction <= 0 and value > low + amplitude:
            count, direction, low, high = count + (direction < 0), 1, value, value
    return max(0, count - 1)


def sparc(t_s: np.ndarray, angle_deg: np.ndarray) -> float:
    """Return the spectral arc length of the angular speed (Balasubramanian 2012, 2015): about -1.4 is smooth, lower is jerkier.

    NaN when the phase has fewer than eight samples.
    """
    if len(t_s) < 8 or np.isnan(angle_deg).any():
        return np.nan
    rate_hz = 60.0
    grid = np.arange(t_s[0], t_s[-1], 1.0 / rate_hz)
    speed = np.abs(np.gradient(np.interp(grid, t_s, angle_deg), 1.0 / rate_hz))
    if len(grid) < 8 or not speed.max() > 0:
        return np.nan
    n = 2 ** (int(np.ceil(np.log2(len(speed)))) + 4)
    spectrum = np.abs(np.fft.rfft(speed, n))
    frequency_hz = np.arange(len(spectrum)) * rate_hz / n
    spectrum = spectrum[frequency_hz <= 10.0] / spectrum.max()
    frequency_hz = frequency_hz[frequency_hz <= 10.0]
    above = np.flatnonzero(spectrum >= 0.05)
    part = slice(above[0], above[-1] + 1)
    f, a = frequency_hz[part], spectrum[part]
    if len(f) < 2:
        return np.nan
    return float(-np.sum(np.hypot(np.diff(f) / (f[-1] - f[0]), np.diff(a))))
