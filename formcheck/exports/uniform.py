"""A trace at one constant rate, as motion-laboratory files want it, in a frame of axes that they know.

**What the markers are**: MediaPipe's own world landmarks, metres, with the origin between the hips in every picture. They are
the model's guess of a body from one picture, not a measurement: their scale is the model's, the body does not travel (a squat
lifts the feet, it does not lower the hips), left and right legs may differ in length by centimetres, and a knee angle taken
from them is about 10 deg off even from the side (clinical-rules 0.3). formcheck's own angles are measured in the picture.

**Axes**: x to the right of the picture, y up, z towards the camera; right-handed.
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
"""A gap up to here is bridged by a straight line, a longer one stays empty (clinical-rules 5)."""
MARKERS = LANDMARKS
_UP_AND_TOWARDS = np.array([1.0, -1.0, -1.0])
"""MediaPipe's x right, y down, z away from the camera, turned half a turn about x."""


def rate_hz(trace: Trace) -> float:
    """Return the constant rate that a trace is resampled to: its own, by the median step, rounded to a thousandth."""
    step_s = float(np.median(np.diff(trace.t_s))) if len(trace.t_s) > 1 else 0.0
    return round(1.0 / step_s, 3) if step_s > 0 else 30.0


def times_s(trace: Trace) -> np.ndarray:
    """Return the times (N,) of the constant rate, from the first picture to the last, in seconds of the source."""
    rate = rate_hz(trace)
    n = int(np.floor((trace.t_s[-1] - trace.t_s[0]) * rate + 1e-6)) + 1
    return trace.t_s[0] + np.arange(n) / rate


def markers_m(trace: Trace, path: Path | str) -> np.ndarray:
    """Return the markers (N, 33, 3) in metres at ``times_s``; NaN where nobody was seen.

    Raises OutputError (``output_no_world``) when the landmarks have no metres at all. ``path``: what it names.
    """
    if not np.isfinite(trace.world_m).any():
        message = f"Cannot write {path}: these landmarks have no metres (world_m)."
        raise OutputError(message, code="output_no_world", path=str(path))
    flat = resampled(trace, trace.world_m.reshape(len(trace.t_s), -1))
    return flat.reshape(-1, len(MARKERS), 3) * _UP_AND_TOWARDS


def resampled(trace: Trace, columns: np.ndarray) -> np.ndarray:
    """Return columns (T, C) at ``times_s`` (N, C), by straight lines between what is known; NaN in long gaps."""
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
