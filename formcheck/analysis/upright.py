"""Whether a film lies on its side or upside down, told from the body in it. It is proposed, never decided."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.model.records import Event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.frames import Pose
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


def lying_across(poses: Sequence[Pose], exercise: Exercise) -> Event | None:
    """Return that the person is not upright in the picture, with the turn that would help; None where that is not so.

    Parameters
    ----------
    poses : sequence of Pose
    exercise : Exercise
        What it was judged as. On the floor a body lies, so nothing is said there.

    Returns
    -------
    Event or None
        ``picture_on_side``, over the pictures in which the person is seen.

    Notes
    -----
    A body that lies on the floor lies across the picture too. In an exercise of repetitions the hips tell the two apart:
    they move along the body over still feet where the person stands, and across it where the person lies.
    """
    seen = [pose for pose in poses if pose.seen and (pose.visibility[[11, 12, 23, 24]] >= BELIEVED).all()]
    if exercise.floor or len(seen) < 2:
        return None
    points = np.array([pose.steady_px for pose in seen], float)
    shoulders, hips, ankles = (points[:, pair].mean(axis=1) for pair in ([11, 12], [23, 24], [27, 28]))
    body = shoulders - ankles
    points_to_deg = np.degrees(np.arctan2(body[:, 1], body[:, 0]))
    for direction_deg, turn_deg in _TURNS_DEG.items():
        off_deg = np.abs((points_to_deg - direction_deg + 180) % 360 - 180)
        if (off_deg <= WITHIN_DEG).mean() <= MOST:
            continue
        if exercise.movement.kind == "rep_cycle" and not _moves_along(hips, ankles, body, direction_deg):
            return None
        return Event(kind="picture_on_side", start_s=_s(seen[0].t_s), end_s=_s(seen[-1].t_s), turn_deg=turn_deg)
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


def _s(value: float) -> float:
    return round(float(value), 3)
