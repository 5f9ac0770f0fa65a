"""A trace at one constant rate, in axes that motion-laboratory programs know.

**Markers.** They are MediaPipe's own world landmarks, in metres, with the origin between the hips in every picture. They are
the model's guess of a body from one picture, not a measurement. Their scale is the model's. The body does not travel: a squat
lifts the feet instead of lowering the hips. Left and right legs may differ in length by centimetres. A knee angle taken from
them is about 10 deg off even from the side (clinical-rules 0.3). formcheck's own angles are measured in the picture.

**Axes.** x to the right of the picture, y up, z towards the camera; right-handed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import OutputError
from formcheck.model.skeleton import LANDMARKS

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.model.frames import Trace

MAX_GAP_S = 0.2
"""A gap up to this length (s) is bridged by a straight line; a longer one stays empty (clinical-rules 5)."""
MARKERS = LANDMARKS
_UP_AND_TOWARDS = np.array([1.0, -1.0, -1.0])
"""Turns MediaPipe's axes (x right, y down, z away from the camera) by half a turn about x."""
_FALLBACK_HZ = 30.0
"""Rate of a trace with only one time. Default."""


def rate_hz(trace: Trace) -> float:
    """Return the constant rate for a trace: its own, from the median step, rounded to a thousandth.

    Parameters
    ----------
    trace : Trace

    Returns
    -------
    float
    """
    step_s = float(np.median(np.diff(trace.t_s))) if len(trace.t_s) > 1 else 0.0
    return round(1.0 / step_s, 3) if step_s > 0 else _FALLBACK_HZ


def times_s(trace: Trace) -> np.ndarray:
    """Return the times of the constant rate, from the first picture to the last.

    Parameters
    ----------
    trace : Trace

    Returns
    -------
    (N,) array
        Seconds of the source.
    """
    rate = rate_hz(trace)
    n = int(np.floor((trace.t_s[-1] - trace.t_s[0]) * rate + 1e-6)) + 1
    times: np.ndarray = trace.t_s[0] + np.arange(n) / rate
    return times


def markers_m(trace: Trace, path: Path | str) -> np.ndarray:
    """Return the markers at the constant rate.

    Parameters
    ----------
    trace : Trace
    path : path
        The file, for the error.

    Returns
    -------
    (N, 33, 3) array
        Metres at ``times_s``; NaN where no person was seen.

    Raises
    ------
    OutputError
        ``output_no_world``: the landmarks have no metres at all.
    """
    if not np.isfinite(trace.world_m).any():
        message = f"Cannot write {path}: these landmarks have no metres (world_m)."
        raise OutputError(message, code="output_no_world", path=str(path))
    flat = resample(trace, trace.world_m.reshape(len(trace.t_s), -1))
    markers: np.ndarray = flat.reshape(-1, len(MARKERS), 3) * _UP_AND_TOWARDS
    return markers


def resample(trace: Trace, columns: np.ndarray) -> np.ndarray:
    """Interpolate columns linearly between known values, at the times of the constant rate.

    Parameters
    ----------
    trace : Trace
    columns : (T, C) array
        NaN = not known.

    Returns
    -------
    (N, C) array
        Values at ``times_s``; NaN in gaps longer than ``MAX_GAP_S`` and outside the known values.
    """
    at_s = times_s(trace)
    out = np.full((len(at_s), columns.shape[1]), np.nan)
    for i, column in enumerate(np.asarray(columns, float).T):
        known = np.isfinite(column)
        if not known.any():
            continue
        t_s = trace.t_s[known]
        values = np.interp(at_s, t_s, column[known], left=np.nan, right=np.nan)
        after = np.clip(np.searchsorted(t_s, at_s), 0, len(t_s) - 1)
        before = np.clip(np.searchsorted(t_s, at_s, side="right") - 1, 0, len(t_s) - 1)
        open_gap = t_s[after] - t_s[before] > MAX_GAP_S + 1.0 / rate_hz(trace)
        out[:, i] = np.where(open_gap, np.nan, values)
    return out
