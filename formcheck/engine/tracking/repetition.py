"""One repetition, measured: its exact moments, its measures, and the stretch that rules look at.

The same function serves the live verdict (causal landmarks, when a cycle closes) and the record (zero-lag landmarks).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from formcheck.engine import filters
from formcheck.engine.judging.interval import JudgedInterval
from formcheck.engine.signals.flight import flights, settled_s
from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.engine.tracking import patterns
from formcheck.engine.tracking.candidates import near
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from formcheck.engine.landmarks import Landmarks
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.tracking.cycle import Cycle
    from formcheck.model.records import Side
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.movement import RepCycle, RepMeasure

_TIMING_HZ = 3.0
"""Cut-off of the driving signal where it is timed (clinical-rules 5)."""
_TIMED_SHARE, _TO_THE_END = 0.2, 2.88
"""The middle 60 % of a way times it. A minimum-jerk movement (Flash and Hogan 1985) is 20 % done after 0.327 of its time, so that
its ends lie 0.5 / (0.5 - 0.327) as far from its middle."""
AROUND_TURN_S = 0.1
"""Values at the turn are medians over this much before and after it (clinical-rules 0.3)."""
_REVERSAL = 0.04
"""A signal turns back by at least this much, in its own unit: of a knee, shares of the shank (clinical-rules 1.2)."""
_COMPARED_AT, _COMPARED_WITHIN_DEG = 0.6, 8.0
"""The way out and the way back are compared where they are this share of the depth, within so many degrees. Defaults."""
_LANDS_WITHIN_S = 0.4
"""The feet of a landing have touched down this soon after the beginning of its cycle. Default."""
_BEFORE_END_S = 0.2
"""Where a repetition came back to is taken from this long before its end on. Default."""
_AROUND_CYCLE_S = 1.0
"""The exact start and end of a cycle are sought this far around it. Default."""
_LEFT_HIP = INDEX["left_hip"]


@dataclass(slots=True)
class MeasuredRep:
    """A measured repetition.

    Attributes
    ----------
    start_s, turn_s, end_s : float
    side : str or None
        The leg in front or at work, where the movement has one.
    excursion_deg : float
        Of the signal that decides whether it counts.
    interval : JudgedInterval
        The stretch to judge.
    calibration : Calibration
        The given one with the lengths of the legs in this repetition.
    """

    start_s: float
    turn_s: float
    end_s: float
    side: Side | None
    excursion_deg: float
    interval: JudgedInterval
    calibration: Calibration

    @property
    def measures(self) -> dict[str, float | None]:
        """Return the measures by name; None = not measured."""
        return self.interval.measures

    @property
    def depth_deg(self) -> float:
        """Return the depth at the turn; NaN when it could not be measured."""
        peak_deg = self.interval.peak_deg
        return math.nan if peak_deg is None else peak_deg


class _Moments(NamedTuple):
    """Times (s): onset, arrival at the far end, turn, leaving the far end, end."""

    start: float
    arrival: float
    turn: float
    leaving: float
    end: float


def standing_values(exercise: Exercise, calibration: Calibration, front: Side | None) -> dict[str, float]:
    """Return the value of every signal in the standing calibration.

    Parameters
    ----------
    exercise : Exercise
    calibration : Calibration
    front : str or None
        The leg in front, where it is known.

    Returns
    -------
    dict
        NaN = not measured.
    """
    values = measure_signals(exercise.signals, MeasuredScene(calibration.points_px[None], calibration, front))
    return {name: float(value[0]) for name, value in values.items()}


def watched_until_s(movement: RepCycle, cycle: Cycle) -> float:
    """Return until when a cycle is followed.

    Parameters
    ----------
    movement : RepCycle
    cycle : Cycle

    Returns
    -------
    float
        Its end; of a landing the time when it has settled, which may be later.
    """
    return cycle.end_s if movement.settle_s is None else cycle.start_s + movement.settle_s + _LANDS_WITHIN_S


def measure_rep(
    exercise: Exercise, landmarks: Landmarks, cycle: Cycle, calibration: Calibration, room_s: tuple[float, float]
) -> MeasuredRep:
    """Measure one cycle.

    Parameters
    ----------
    exercise : Exercise
        One that is repeated.
    landmarks : Landmarks
    cycle : Cycle
    calibration : Calibration
    room_s : tuple of two floats
        How far its start and its return may reach: the bounds of its neighbours.

    Returns
    -------
    MeasuredRep
    """
    movement = exercise.cycle
    last_s = max(cycle.end_s + _AROUND_CYCLE_S, watched_until_s(movement, cycle))
    part = landmarks.between(max(room_s[0], cycle.start_s - _AROUND_CYCLE_S), min(room_s[1], last_s))
    seen = part.ok & ~np.isnan(part.points_px[:, _LEFT_HIP, 0])
    t, p = part.t_s[seen], part.points_px[seen]
    front = patterns.leading_leg(movement.movement_pattern, t, p, cycle.turn_s)
    in_cycle = (t >= cycle.start_s) & (t <= cycle.end_s)
    calibration = calibration.with_longest_segments(p[in_cycle])
    signals = measure_signals(exercise.signals, MeasuredScene(p, calibration, front))
    moments = _within_room(_moments(t, signals[movement.signal], cycle), cycle, room_s)
    around = near(t, moments.turn, AROUND_TURN_S)
    depth = signals[movement.depth_signal]
    depth_deg = _median(depth[around])
    return_deg = _top(t, depth, moments.end, room_s[1])
    standing = standing_values(exercise, calibration, front)
    rest_deg = standing[movement.depth_signal]
    if movement.rest_deg is not None:  # no standing calibration: from where it began or came back to
        rest_deg = float(np.fmin(_median(depth[near(t, moments.start, AROUND_TURN_S)]), return_deg))
    excursion_deg = depth_deg - rest_deg
    if movement.counted_signal is not None:
        excursion_deg = _excursion(t, signals[movement.counted_signal], moments, room_s[1])
    lost = part.lost[:, int((front or calibration.near) == "right")]
    span = (part.t_s >= moments.start) & (part.t_s <= moments.end)
    measures = {
        movement.depth_measure: depth_deg,
        movement.range_measure: depth_deg - rest_deg,
        movement.rest_measure: rest_deg,
        movement.return_measure: return_deg,
        **_tempo(movement, cycle, moments),
        "smoothness_sparc": _smoothness(t, signals[movement.signal], moments),
        "assessable_share": float((seen & ~lost)[span].mean()) if span.any() else 0.0,
    }
    for one in movement.measured:
        visible = _can_be_seen(one, calibration, depth_deg)
        measures[one.name] = _declared(one, t, signals[one.signal], depth, moments) if visible else math.nan
    if movement.settle_s is not None:
        measures["settled_s"] = _settled_s(t, p, calibration, front, moments.turn, movement.settle_s)
    interval = JudgedInterval(
        t,
        signals,
        standing | {movement.return_measure: rest_deg},
        part.visibility[seen],
        part.inside[seen],
        calibration.label,
        _windows(movement, cycle, t, moments, around),
        {name: None if np.isnan(value) else float(value) for name, value in measures.items()},
        moments.turn,
        depth_deg,
        movement.depth_signal,
        calibration.near,
        front,
        azimuth_deg=calibration.azimuth_deg,
    )
    return MeasuredRep(moments.start, moments.turn, moments.end, front, excursion_deg, interval, calibration)


def _excursion(t: np.ndarray, q: np.ndarray, moments: _Moments, until_s: float) -> float:
    """Return how far a signal ``q`` (T,) is at the turn from where this repetition began or came back to."""
    began, far = (_median(q[near(t, at_s, AROUND_TURN_S)]) for at_s in (moments.start, moments.turn))
    return far - float(np.fmin(began, _top(t, q, moments.end, until_s)))


def _median(values: np.ndarray) -> float:
    """Return the median of what is known; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else math.nan


def _within_room(moments: _Moments, cycle: Cycle, room_s: tuple[float, float]) -> _Moments:
    """Return the moments with the rest between two repetitions divided in half."""
    start = max(moments.start, min(cycle.start_s, (cycle.start_s + room_s[0]) / 2))
    end = min(moments.end, max(cycle.end_s, (cycle.end_s + room_s[1]) / 2))
    return moments._replace(start=start, end=end)


def _tempo(movement: RepCycle, cycle: Cycle, moments: _Moments) -> dict[str, float]:
    """Return the times of the two ways and of the pause (s); the way out is not known of one that began at its far end."""
    out_s = math.nan if cycle.starts_at_end_range else moments.arrival - moments.start
    back_s = moments.end - moments.leaving
    eccentric_s, concentric_s = (out_s, back_s) if movement.first_phase == "eccentric" else (back_s, out_s)
    pause_s = moments.leaving - moments.arrival
    return {"eccentric_s": eccentric_s, "pause_s": pause_s, "concentric_s": concentric_s}


def _smoothness(t: np.ndarray, drive: np.ndarray, moments: _Moments) -> float:
    back = (t >= moments.leaving) & (t <= moments.end)
    return sparc(t[back], drive[back])


def _settled_s(
    t: np.ndarray, p: np.ndarray, calibration: Calibration, front: Side | None, turn_s: float, most_s: float
) -> float:
    """Return for how long the feet stayed after the last flight before the turn (s); NaN without one."""
    landed = [b for _, b in flights(t, p, calibration) if b <= turn_s]
    return settled_s(t, p, landed[-1], calibration.length_px("leg"), front, most_s) if landed else math.nan


def _windows(
    movement: RepCycle, cycle: Cycle, t: np.ndarray, moments: _Moments, around: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the frames (T,) of each window."""
    start, arrival, turn, leaving, end = moments
    out, far, back = movement.phases
    return {
        out: (t >= start) & (t <= turn) & (not cycle.starts_at_end_range),
        far: (t >= min(arrival, turn - AROUND_TURN_S)) & (t <= max(leaving, turn + AROUND_TURN_S)),
        "turn": around,
        back: (t >= turn) & (t <= end),
        "rep": (t >= start) & (t <= end),
    }


def _moments(t: np.ndarray, q: np.ndarray, cycle: Cycle) -> _Moments:
    """Return the moments of a cycle, from the driving signal ``q`` (T,).

    Each way is timed by when it is 20, 50 and 80 % done, and carried on to its two ends as a smooth movement has them. Near
    both ends it is slow, and there noise would decide.
    """
    known = ~np.isnan(q)
    t, q = t[known], q[known]
    inside = np.flatnonzero((t >= cycle.start_s - 1e-9) & (t <= cycle.end_s + 1e-9))
    if len(inside) < 3:
        return _Moments(cycle.start_s, cycle.turn_s, cycle.turn_s, cycle.turn_s, cycle.end_s)
    turn = int(inside[np.argmax(q[inside])])
    calm = filters.zero_lag(t, q[:, None], _TIMING_HZ)[:, 0]
    start, down = _way(t[inside[0] : turn + 1][::-1], calm[inside[0] : turn + 1][::-1])
    end, up = _way(t[turn : inside[-1] + 1], calm[turn : inside[-1] + 1])
    return _Moments(
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
    top = q[(t >= end_s - _BEFORE_END_S) & (t <= until_s)]
    top = np.sort(top[~np.isnan(top)])
    return float(np.median(top[: max(1, len(top) // 10)])) if len(top) else np.nan


def _can_be_seen(measure: RepMeasure, calibration: Calibration, depth_deg: float) -> bool:
    """Return whether a declared measure means something from this view, in a repetition this deep."""
    from_here = not measure.views or calibration.label in measure.views
    return from_here and (measure.max_depth_deg is None or depth_deg <= measure.max_depth_deg)


def _declared(measure: RepMeasure, t: np.ndarray, x: np.ndarray, depth_deg: np.ndarray, moments: _Moments) -> float:
    """Return a declared measure of a repetition, from its signal ``x`` (T,) and the depth (T,), deg."""
    start_s, turn_s, end_s = moments.start, moments.turn, moments.end
    around = near(t, turn_s, AROUND_TURN_S)
    if measure.statistic == "turn_median":
        return _median(x[around])
    if measure.statistic == "reversals":
        return float(reversals(x[(t >= start_s) & (t <= end_s)], _REVERSAL))
    at_deg = _COMPARED_AT * _median(depth_deg[around])
    out, back = (_at_depth(t, depth_deg, x, span, at_deg) for span in ((start_s, turn_s), (turn_s, end_s)))
    return back - out


def _at_depth(t: np.ndarray, depth_deg: np.ndarray, x: np.ndarray, span_s: tuple[float, float], at_deg: float) -> float:
    """Return the median of ``x`` where the depth is close to ``at_deg`` in the span; NaN when it never is."""
    close = np.abs(depth_deg - at_deg) <= _COMPARED_WITHIN_DEG
    mask = (t >= span_s[0]) & (t <= span_s[1]) & close & ~np.isnan(x)
    return float(np.median(x[mask])) if mask.any() else math.nan


def reversals(x: np.ndarray, amplitude: float) -> int:
    """Return how often a signal turns back, beyond the one way out and back.

    Parameters
    ----------
    x : (T,) array
        NaN are left out.
    amplitude : float
        It turns back by at least this much.

    Returns
    -------
    int
    """
    count, direction = 0, 0
    low, high = math.inf, -math.inf  # extremes since the last reversal
    for value in x[~np.isnan(x)].tolist():
        low, high = min(low, value), max(high, value)
        if direction >= 0 and value < high - amplitude:
            count, direction, low, high = count + (direction > 0), -1, value, value
        elif direction <= 0 and value > low + amplitude:
            count, direction, low, high = count + (direction < 0), 1, value, value
    return max(0, count - 1)


def sparc(t_s: np.ndarray, angle_deg: np.ndarray) -> float:
    """Return the spectral arc length of the angular speed: about -1.4 is smooth, lower is jerkier.

    Parameters
    ----------
    t_s, angle_deg : (T,) arrays

    Returns
    -------
    float
        NaN with fewer than eight samples, with NaN among them, and for a body that does not move.

    Notes
    -----
    Balasubramanian 2012 and 2015, speed at 60 Hz, amplitudes up to 10 Hz from 5 % of the largest on.
    """
    if len(t_s) < 8 or np.isnan(angle_deg).any():
        return math.nan
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
