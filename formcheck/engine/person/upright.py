"""Whether a film lies on its side or upside down, told from the body in it. It is proposed, never decided."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from formcheck.spec.exercise import Exercise

WITHIN_DEG = 30.0
"""The body, from ankles to shoulders, lies along a direction of the picture when it is this near to it. Default."""
MOST = 0.5
"""Share of the seen pictures in which it must lie so. Default."""
TRAVEL_BODIES = 0.1
"""Hips that move along the body by this share of its length, over still feet, move as in standing. Default."""
BELIEVED = 0.5
"""Shoulders and hips that are less visible are not seen. MediaPipe's default confidence."""
_TURNS_DEG = {180: 90, 0: 270, 90: 180}
"""Where the head points in the picture (0 = right, 90 = down, 180 = left) to what turns it up, clockwise."""


def turn_upright_deg(points_px: np.ndarray, visibility: np.ndarray, exercise: Exercise) -> int | None:
    """Return the turn that would put a person upright who is not.

    Parameters
    ----------
    points_px : (T, 33, 2) array
        Without the camera's movement.
    visibility : (T, 33) array
    exercise : Exercise
        What it was judged as. On the floor a body lies, so nothing is said there.

    Returns
    -------
    int or None
        90, 180 or 270, clockwise; None for a person who is upright, and where it cannot be decided.

    Notes
    -----
    A body that lies on the floor lies across the picture too. In an exercise of repetitions the hips tell the two apart:
    they move along the body over still feet where the person stands, and across it where the person lies.
    """
    seen = (visibility[:, [11, 12, 23, 24]] >= BELIEVED).all(axis=1)
    if exercise.floor or seen.sum() < 2:
        return None
    points = points_px[seen].astype(float)
    shoulders, hips, ankles = (points[:, pair].mean(axis=1) for pair in ([11, 12], [23, 24], [27, 28]))
    body = shoulders - ankles
    points_to_deg = np.degrees(np.arctan2(body[:, 1], body[:, 0]))
    for direction_deg, turn_deg in _TURNS_DEG.items():
        off_deg = np.abs((points_to_deg - direction_deg + 180) % 360 - 180)
        if (off_deg <= WITHIN_DEG).mean() <= MOST:
            continue
        if exercise.movement.kind == "rep_cycle" and not _moves_along(hips, ankles, body, direction_deg):
            return None
        return turn_deg
    return None


def _moves_along(hips: np.ndarray, ankles: np.ndarray, body: np.ndarray, direction_deg: float) -> bool:
    """Return whether hips (T, 2) move along the body rather than across it, over feet that are more still."""
    along = np.array([math.cos(math.radians(direction_deg)), math.sin(math.radians(direction_deg))])
    across = np.array([-along[1], along[0]])
    length_px = float(np.percentile(np.linalg.norm(body, axis=1), 90))
    travel_px = _range(hips @ along)
    least_px = max(TRAVEL_BODIES * length_px, _range(hips @ across), _range(ankles @ along))
    return travel_px > least_px


def _range(values: np.ndarray) -> float:
    """Return the range of values without the outer twentieths, in which a landmark may have jumped."""
    low, high = np.percentile(values, (5, 95))
    return float(high - low)
