"""How much a standing body sways, seen from the front: for one person's own trend, never a judgement (clinical-rules 2).

Only sideways and vertical movement: one camera cannot see fore and aft. Everything is in leg lengths (hips to ankle), so that the
distance from the camera drops out. The landmarks must be raw ones **without MediaPipe's smoothing** (see
``MediaPipeEstimator(smoothing=False)``): its filter swallows slow sway.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from formcheck.engine import filters
from formcheck.engine.signals.calibration import leg_extent_px

LEAST_S = 20.0
"""Seconds that must have been seen (clinical-rules 2)."""
GRID_HZ = 30.0
"""The path is measured on this grid at every picture rate, since its length grows with the rate."""
CUTOFF_HZ = 6.0
SETTLED_S, LEAVING_S = 2.0, 0.5
"""Of a hold its beginning and its end are no standing: the weight goes over, the foot comes down. Defaults."""
HOLD_FROM_S = LEAST_S + SETTLED_S + LEAVING_S
"""A hold that lasts this long has sway to be measured."""
_BRIDGED_S = 0.2  # a longer gap splits the path (clinical-rules 5)


@dataclass(slots=True, frozen=True)
class Sway:
    """The sway of a standing body. NaN when fewer than ``LEAST_S`` were seen.

    Attributes
    ----------
    seen_s : float
        The time that was measured.
    path_legs, path_legs_per_s : float
        The way of the middle of the hips, and its mean speed.
    rms_sideways_legs : float
        The spread sideways around the mean place.
    """

    seen_s: float
    path_legs: float
    path_legs_per_s: float
    rms_sideways_legs: float

    def without_noise(self, floor: Sway) -> Sway:
        """Return the sway less what a still body measures: in quadrature, never below 0, the path by its speed.

        Parameters
        ----------
        floor : Sway

        Returns
        -------
        Sway
            NaN stays NaN.
        """
        speed = _less(self.path_legs_per_s, floor.path_legs_per_s)
        return Sway(self.seen_s, speed * self.seen_s, speed, _less(self.rms_sideways_legs, floor.rms_sideways_legs))


NOISE_FLOOR = {"full": Sway(LEAST_S, 0.6326, 0.03163, 0.00084)}
"""The sway that is measured of a body that does not move, by pose model (``benchmarks/sway.py``, camera noise of 3 grey levels).
For other models it is not known."""


def standing_part_s(start_s: float, end_s: float) -> tuple[float, float] | None:
    """Return the part of a hold that is standing.

    Parameters
    ----------
    start_s, end_s : float

    Returns
    -------
    tuple of two floats, or None
        Start and end (s); None when too little is left to measure sway in.
    """
    first_s, last_s = start_s + SETTLED_S, end_s - LEAVING_S
    return (first_s, last_s) if last_s - first_s >= LEAST_S else None


def sway(t_s: np.ndarray, points_px: np.ndarray, least_s: float = LEAST_S) -> Sway:
    """Return the sway of a standing body.

    Gaps up to 0.2 s are bridged. Longer ones split the path and are no part of ``seen_s``.

    Parameters
    ----------
    t_s : (T,) array
        Rising.
    points_px : (T, 33, 2) array
        Raw, NaN without a person. One stretch of standing: stepping aside counts as sway.
    least_s : float
        With fewer seconds the sway is NaN.

    Returns
    -------
    Sway
    """
    hips = points_px[:, [23, 24]].mean(axis=1).astype(float)
    seen = ~np.isnan(hips).any(axis=1)
    rows = np.flatnonzero(seen)
    leg = float(np.median(leg_extent_px(points_px[rows].astype(float)))) if len(rows) else math.nan
    path = seen_s = 0.0
    places = []
    for part in np.split(rows, np.flatnonzero(np.diff(t_s[rows]) > _BRIDGED_S) + 1):
        if len(part) < 2:
            continue
        steady = filters.zero_lag(t_s[part], hips[part], CUTOFF_HZ)
        grid = np.arange(t_s[part[0]], t_s[part[-1]] + 1e-9, 1.0 / GRID_HZ)
        track = np.column_stack([np.interp(grid, t_s[part], column) for column in steady.T]) / leg
        path += float(np.hypot(*np.diff(track, axis=0).T).sum())
        seen_s += float(grid[-1] - grid[0])
        places.append(track[:, 0])
    if seen_s < least_s - 1.5 / GRID_HZ or not leg > 0:
        return Sway(seen_s, math.nan, math.nan, math.nan)
    return Sway(seen_s, path, path / seen_s, float(np.std(np.concatenate(places))))


def _less(value: float, floor: float) -> float:
    return math.sqrt(max(value**2 - floor**2, 0.0)) if not math.isnan(value) else math.nan
