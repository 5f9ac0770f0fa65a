"""The repetitions of a set side by side: the best one, the one with most to correct, and all laid over each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.model.corrections import point_rules

if TYPE_CHECKING:
    from formcheck.model.frames import Trace
    from formcheck.model.records import Rep, SetRecord

MAIN_ANGLE = "main_angle_deg"
"""The signal of the trace that charts draw: the angle that decides the depth, or the line of the body in a hold."""
GRID = 101
"""Number of points on the common time of a repetition. The first half is the way down, the second the way up; default."""
MAX_GAP_S = 0.2
"""Longest gap in the angle (s) that a straight line bridges; a longer one stays open (clinical-rules 5)."""
_MIN_FOR_BAND = 3
"""Smallest number of repetitions with a spread (default)."""

ExtremeReason = Literal["points", "hints", "smoothness", "order"]


@dataclass(slots=True, frozen=True)
class Extremes:
    """The best repetition and the one with most to correct, each with its difference from the next one."""

    best: Rep
    best_why: ExtremeReason
    worst: Rep
    worst_why: ExtremeReason


@dataclass(slots=True, frozen=True)
class Aligned:
    """The counted repetitions on one time.

    Attributes
    ----------
    phase : (G,) array
        0 at the start, 0.5 at the turn, 1 at the end.
    index : tuple of int
        Index of each repetition.
    deg : (n, G) array
        The angle; NaN where it could not be measured.
    mean_deg : (G,) array
        Mean of the known angles; NaN without one.
    sd_deg : (G,) array
        Standard deviation; NaN with fewer than three.
    """

    phase: np.ndarray
    index: tuple[int, ...]
    deg: np.ndarray
    mean_deg: np.ndarray
    sd_deg: np.ndarray


def best_and_worst(record: SetRecord) -> Extremes | None:
    """Find the best and the worst counted repetition.

    Fewer points to correct are better, then fewer hints. Among equals the smoother one is better and the jerkier one worse, where
    smoothness was measured, then the earlier one. The same record always gives the same answer.

    Parameters
    ----------
    record : SetRecord
        The set.

    Returns
    -------
    Extremes or None
        None when points and hints do not tell the repetitions apart.
    """
    counted = [rep for rep in record.reps if rep.counted]
    if len({_weight(rep) for rep in counted}) < 2:
        return None
    best = min(counted, key=lambda rep: (*_weight(rep), -_smoothness(rep, -math.inf), rep.index))
    worst = min(
        counted,
        key=lambda rep: (*(-n for n in _weight(rep)), _smoothness(rep, math.inf), rep.index),
    )
    return Extremes(best, _why(best, counted), worst, _why(worst, counted))


def aligned(record: SetRecord, trace: Trace, signal: str = MAIN_ANGLE) -> Aligned | None:
    """Lay the counted repetitions over each other, by movement phase.

    Parameters
    ----------
    record : SetRecord
        The set.
    trace : Trace
        Its trace.
    signal : str
        The signal to lay over.

    Returns
    -------
    Aligned or None
        None when no angle of a repetition is known.
    """
    series = trace.signals.get(signal)
    counted = [rep for rep in record.reps if rep.counted and rep.start_s < rep.turn_s < rep.end_s]
    if series is None or not counted:
        return None
    phase = np.linspace(0.0, 1.0, GRID)
    t_s, series = np.asarray(trace.t_s, float), np.asarray(series, float)
    deg = np.array([_resampled(t_s, series, rep, phase) for rep in counted])
    known = np.isfinite(deg)
    if not known.any():
        return None
    n = known.sum(axis=0)
    filled = np.where(known, deg, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, filled.sum(axis=0) / n, np.nan)
        spread = np.where(known, deg - mean, 0.0)
        sd = np.where(n >= _MIN_FOR_BAND, np.sqrt((spread**2).sum(axis=0) / (n - 1)), np.nan)
    return Aligned(phase, tuple(rep.index for rep in counted), deg, mean, sd)


def _weight(rep: Rep) -> tuple[int, int]:
    """Return the number of points to correct and of hints."""
    points = point_rules(rep)
    return len(points), len({fault.rule for fault in rep.faults} - points)


def _smoothness(rep: Rep, missing: float) -> float:
    value = rep.measures.get("smoothness_sparc")
    return missing if value is None else value


def _why(rep: Rep, among: list[Rep]) -> ExtremeReason:
    """Return the difference between this repetition and those that come nearest."""
    points, hints = _weight(rep)
    same_points = [other for other in among if other is not rep and _weight(other)[0] == points]
    if not same_points:
        return "points"
    same = [other for other in same_points if _weight(other)[1] == hints]
    if not same:
        return "hints"
    smoothness = rep.measures.get("smoothness_sparc")
    differs = smoothness is not None and any(_smoothness(other, smoothness) != smoothness for other in same)
    return "smoothness" if differs else "order"


def _resampled(t_s: np.ndarray, series: np.ndarray, rep: Rep, phase: np.ndarray) -> np.ndarray:
    """Return the angle (G,) of one repetition at the common phases; NaN in long gaps and outside what is known."""
    wanted_s = np.interp(phase, (0.0, 0.5, 1.0), (rep.start_s, rep.turn_s, rep.end_s))
    known = np.isfinite(series)
    if known.sum() < 2:
        return np.full(len(phase), np.nan)
    at_s, deg = t_s[known], series[known]
    out = np.interp(wanted_s, at_s, deg, left=np.nan, right=np.nan)
    after = np.clip(np.searchsorted(at_s, wanted_s), 1, len(at_s) - 1)
    step_s = float(np.median(np.diff(t_s)))
    gap = at_s[after] - at_s[after - 1] > MAX_GAP_S + step_s
    exact = np.isclose(wanted_s, at_s[after]) | np.isclose(wanted_s, at_s[after - 1])
    return np.where(gap & ~exact, np.nan, out)
