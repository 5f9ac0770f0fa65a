"""A body on its hands, face down: where its chest is over its hands, and from where it is seen.

Lengths of the picture are compared with the arm's length, which looks about the same from every side while the arm holds the
body up. The limits are defaults without a published cut-off unless a source is named.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine import geometry as g
from formcheck.engine.person.view import HIPS_PER_TORSO, SHOULDERS_PER_TORSO

if TYPE_CHECKING:
    from formcheck.model.records import Side

_SHOULDERS, _ELBOWS, _WRISTS, _HIPS, _KNEES, _ANKLES = (slice(i, i + 2) for i in (11, 13, 15, 23, 25, 27))
_FLAT_TRUNK = math.sin(math.radians(50.0))
"""The shoulders are above or below the hips by less than this share of the trunk. The slope allows for hands on a bench."""
_TORSO_ARMS = 0.94
"""The trunk's length over the arm's (Winter 2009).

Shares of the height: shoulder to hip 0.288, shoulder to wrist 0.332 less the hand's part.
"""
_HANDS_BELOW_FEET_ARMS = (-0.35, 1.1)
"""How far hands on the floor look below the feet, in arms: a camera 1 m up in front sees 0.8, one behind -0.15."""
_HIPS_ABOVE_FEET_ARMS = 0.9
"""The hips look higher above the feet by less than this, in arms. The hips of a person who bends over look 1.6 higher."""
STRAIGHT_HIP_DEG = 120.0
"""The least angle of shoulder, hip and knee in a push-up, however high the hips. On hands and knees it is 90."""
STACKED_TORSOS = 0.45
"""Seen from the side the shoulders are closer together than this share of the trunk in the picture."""


def chest_height_px(points_px: np.ndarray) -> np.ndarray:
    """Return how high the middle of the shoulders is above the middle of the wrists.

    Parameters
    ----------
    points_px : (..., 33, 2) array

    Returns
    -------
    (...) array
        Pixels; NaN where a landmark is.
    """
    height_px: np.ndarray = points_px[..., _WRISTS, 1].mean(axis=-1) - points_px[..., _SHOULDERS, 1].mean(axis=-1)
    return height_px


def arm_px(points_px: np.ndarray) -> np.ndarray:
    """Return how long the longer arm looks, upper arm and forearm together.

    Parameters
    ----------
    points_px : (..., 33, 2) array

    Returns
    -------
    (...) array
        Pixels; NaN where a landmark is.
    """
    upper = points_px[..., _ELBOWS, :] - points_px[..., _SHOULDERS, :]
    fore = points_px[..., _WRISTS, :] - points_px[..., _ELBOWS, :]
    both_px = np.hypot(upper[..., 0], upper[..., 1]) + np.hypot(fore[..., 0], fore[..., 1])
    longer_px: np.ndarray = both_px.max(axis=-1)
    return longer_px


def on_hands(points_px: np.ndarray, arm: np.ndarray | float, from_side: np.ndarray | bool) -> np.ndarray:
    """Return where a body is on its hands, its trunk near the horizontal.

    Parameters
    ----------
    points_px : (..., 33, 2) array
    arm : float or (...) array
        The arm's length in px.
    from_side : bool or (...) array
        Whether the body is seen from the side. There a trunk in line with the thighs tells, and the hands may be on a bench.
        From elsewhere, and of a body that folds, hands and hips must look near the floor.

    Returns
    -------
    (...) boolean array
        False where a landmark is NaN.
    """
    shoulders, hips = points_px[..., _SHOULDERS, :].mean(axis=-2), points_px[..., _HIPS, :].mean(axis=-2)
    wrists_y, ankles_y, knees_y = (points_px[..., joint, 1].mean(axis=-1) for joint in (_WRISTS, _ANKLES, _KNEES))
    feet_y = np.maximum(ankles_y, knees_y)  # on the knees the feet may point upwards
    trunk = np.hypot(*np.moveaxis(shoulders - hips, -1, 0))
    length = np.where(from_side, trunk, np.maximum(trunk, _TORSO_ARMS * arm))
    flat = np.abs(shoulders[..., 1] - hips[..., 1]) <= _FLAT_TRUNK * length
    low, high = _HANDS_BELOW_FEET_ARMS
    below, above = wrists_y - feet_y, feet_y - hips[..., 1]
    down = (below >= low * arm) & (below <= high * arm) & (above <= _HIPS_ABOVE_FEET_ARMS * arm)
    hips_deg = g.angle_deg(shoulders, hips, points_px[..., _KNEES, :].mean(axis=-2))
    here: np.ndarray = flat & (chest_height_px(points_px) > 0) & (down | (from_side & (hips_deg >= STRAIGHT_HIP_DEG)))
    return here


def from_side(points_px: np.ndarray) -> np.ndarray:
    """Return where the shoulders lie behind each other.

    Parameters
    ----------
    points_px : (..., 33, 2) array

    Returns
    -------
    (...) boolean array
    """
    across = points_px[..., 11, :] - points_px[..., 12, :]
    trunk = points_px[..., _SHOULDERS, :].mean(axis=-2) - points_px[..., _HIPS, :].mean(axis=-2)
    apart, length = (np.hypot(*np.moveaxis(d, -1, 0)) for d in (across, trunk))
    stacked: np.ndarray = apart <= STACKED_TORSOS * length
    return stacked


def prone_azimuth_deg(points_px: np.ndarray, near: Side) -> float:
    """Return the camera's azimuth around a body that lies face down.

    The trunk's length across the picture is the sideways share, the widths of shoulders and hips are the share along the body.

    Parameters
    ----------
    points_px : (33, 2) array
        Median landmarks.
    near : str
        The side that is nearer.

    Returns
    -------
    float
        Degrees: 0 at its head, 90 at its left side, ±180 at its feet.
    """
    p = points_px
    along = abs(p[_SHOULDERS, 0].mean() - p[_HIPS, 0].mean())
    across = ((p[11, 0] - p[12, 0]) / SHOULDERS_PER_TORSO + (p[23, 0] - p[24, 0]) / HIPS_PER_TORSO) / 2
    return math.copysign(math.degrees(math.atan2(along, across)), 1.0 if near == "left" else -1.0)
