"""Where the camera stands, from image landmarks alone, and whether the landmarks are a person's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from formcheck.model.skeleton import INDEX
from formcheck.spec.measures import KNEE_UNCERTAINTY_DEG

if TYPE_CHECKING:
    import numpy as np

    from formcheck.model.records import ViewLabel

# Width of shoulders and hips, and length of the foot, over the trunk's length, of a standing person seen from the front
# (from the side for the foot): BlazePose medians, clinical-rules 0.6 for the shoulders; hips and feet measured the same way.
SHOULDERS_PER_TORSO = 0.70
HIPS_PER_TORSO = 0.40
FOOT_PER_TORSO = 0.40

FRONT_WITHIN_DEG = 32.0
"""Frontal rules hold this far off the frontal plane (knee-ankle ratio is stable to 30 deg: clinical-rules 3.3)."""
BEHIND_FROM_DEG = 180.0 - FRONT_WITHIN_DEG
"""From here on a camera sees the frontal plane from behind."""
SIDE_FROM_DEG, SIDE_TO_DEG = 65.0, 122.0
"""Side rules hold from here (shoulder ratio 0.30) to 32 deg behind the person (clinical-rules 0.6 and 3.3)."""


_CORE = [INDEX[f"{side}_{joint}"] for joint in ("shoulder", "hip", "knee", "ankle") for side in ("left", "right")]
_MIN_CORE_VISIBILITY, _MIN_HIP_VISIBILITY = 0.3, 0.5
_MIN_TORSO_SHARE = 0.04  # of the picture's longer side
_LONGEST = (  # segment, longest believable length over the body scale
    (11, 13, 1.0),
    (12, 14, 1.0),
    (13, 15, 1.0),
    (14, 16, 1.0),
    (23, 25, 1.5),
    (24, 26, 1.5),
    (25, 27, 1.5),
    (26, 28, 1.5),
    (27, 31, 1.0),
    (28, 32, 1.0),
    (0, 7, 0.6),
    (0, 8, 0.6),
    (0, 9, 0.6),
    (0, 10, 0.6),
    (27, 29, 0.5),
    (28, 30, 0.5),
    (15, 19, 0.5),
    (16, 20, 0.5),
)


def azimuth_deg(points_px: np.ndarray) -> float:
    """Return the camera's azimuth around a standing person.

    The sideways share comes from the widths of shoulders and hips, the fore–aft share from the feet.

    Parameters
    ----------
    points_px : (33, 2) array
        The median of standing frames.

    Returns
    -------
    float
        Degrees: 0 in front, 90 at their left side, ±180 behind. NaN when the trunk has no length.
    """
    p = points_px
    torso = math.dist((p[11] + p[12]) / 2, (p[23] + p[24]) / 2)
    if not torso > 0:
        return math.nan
    across = ((p[11, 0] - p[12, 0]) / SHOULDERS_PER_TORSO + (p[23, 0] - p[24, 0]) / HIPS_PER_TORSO) / 2
    along = (p[31, 0] - p[29, 0] + p[32, 0] - p[30, 0]) / 2 / FOOT_PER_TORSO
    return math.degrees(math.atan2(-along, across))


def label(azimuth: float) -> ViewLabel:
    """Return the view for an azimuth.

    Parameters
    ----------
    azimuth : float
        Degrees.

    Returns
    -------
    str
        ``front`` (also from behind, since that is the frontal plane), ``side``, ``oblique``, or ``unknown`` for NaN.
    """
    if math.isnan(azimuth):
        return "unknown"
    a = abs(azimuth)
    if a <= FRONT_WITHIN_DEG or a >= BEHIND_FROM_DEG:
        return "front"
    return "side" if SIDE_FROM_DEG <= a <= SIDE_TO_DEG else "oblique"


def off_frontal_deg(azimuth: float) -> float:
    """Return how far the camera stands from straight in front of, or behind, the person: 0 to 90.

    Parameters
    ----------
    azimuth : float
        Degrees.

    Returns
    -------
    float
        Degrees; NaN for NaN.
    """
    return abs((azimuth + 90.0) % 180.0 - 90.0)


def knee_uncertainty_deg(view_label: str) -> float:
    """Return the ± of a knee angle measured from a view: the truth of a rendered person lies within it 9 times of 10.

    Parameters
    ----------
    view_label : str

    Returns
    -------
    float
        Degrees; the largest for an unknown view.
    """
    by_view = {str(name): deg for name, deg in KNEE_UNCERTAINTY_DEG.items()}
    return by_view.get(view_label, max(by_view.values()))


def direction(azimuth: float) -> Literal["towards", "away"] | None:
    """Return which way the person faces.

    Parameters
    ----------
    azimuth : float
        Degrees.

    Returns
    -------
    str or None
        ``towards`` or ``away``; None when unknown or side-on.
    """
    return None if label(azimuth) in ("side", "unknown") else "towards" if abs(azimuth) <= 90 else "away"


def plausible(
    points: list[list[float]], visibility: np.ndarray, size_px: tuple[int, int], body_scale_px: float
) -> bool:
    """Return whether the landmarks have a person's proportions. The model's own confidence alone would accept a bird.

    Lengths only have upper bounds, since a turned limb looks short.

    Parameters
    ----------
    points : nested lists (33, 2)
        In pixels. Lists give faster access to single numbers.
    visibility : (33,) array
    size_px : tuple of two ints
        Of the picture.
    body_scale_px : float
        The trunk length known so far, 0 if none.

    Returns
    -------
    bool
    """
    core = visibility[_CORE].tolist()
    if points[11][0] != points[11][0] or sum(core) < _MIN_CORE_VISIBILITY * len(core):
        return False
    if max(core[2:4]) < _MIN_HIP_VISIBILITY:
        return False
    shoulders_x, shoulders_y = (points[11][0] + points[12][0]) / 2, (points[11][1] + points[12][1]) / 2
    hips_x, hips_y = (points[23][0] + points[24][0]) / 2, (points[23][1] + points[24][1]) / 2
    torso = math.hypot(shoulders_x - hips_x, shoulders_y - hips_y)
    width = math.dist(points[11], points[12])
    # Seen end-on, the trunk of a body on its hands lies behind its shoulders. Then shoulders and hips tell its length, each by
    # itself; their harmonic mean is large only where both are.
    lengths = width / SHOULDERS_PER_TORSO, math.dist(points[23], points[24]) / HIPS_PER_TORSO
    end_on = 2 * lengths[0] * lengths[1] / sum(lengths) if min(lengths) > 0 else 0.0
    size = max(torso, 1.2 * width, end_on)
    scale = max(size, body_scale_px)
    if size < _MIN_TORSO_SHARE * max(size_px) or math.dist(points[0], (shoulders_x, shoulders_y)) > scale:
        return False
    if not (0 < hips_x < size_px[0] and 0 < hips_y < size_px[1]):
        return False
    return all(math.dist(points[a], points[b]) <= limit * scale for a, b, limit in _LONGEST)
