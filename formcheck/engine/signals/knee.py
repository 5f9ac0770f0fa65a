"""A knee's flexion in the picture: the angle that is seen, and the angle that heights alone give, measured from standing.

All flexions are degrees, 0 = straight; NaN in, NaN out.
"""

from __future__ import annotations

import math

import numpy as np

from formcheck.engine import geometry as g
from formcheck.model.skeleton import INDEX

FADES_OVER_DEG = 8.0
"""How soon what extents misread while standing no longer counts (fit set of benchmarks/knee.py: 4 to 8 err alike)."""
_LEANS_FROM = 0.1  # of its length: less sideways in the picture, and a segment does not yet lean for certain
_ONE_FRAME_OF_FIFTY = 0.98
_LONGEST_BELIEVED = 1.15  # more than standing is an error of the landmarks (clinical-rules 0.7)


def in_picture_deg(points_px: np.ndarray, side: str) -> np.ndarray:
    """Return 180 minus the angle hip–knee–ankle in the picture.

    Parameters
    ----------
    points_px : (T, 33, 2) array
    side : str

    Returns
    -------
    (T,) array
        Degrees.
    """
    hip, knee, ankle = _leg(points_px, side)
    return 180.0 - g.angle_deg(hip, knee, ankle)


def by_extent_deg(
    points_px: np.ndarray, side: str, lengths_px: tuple[float, float] | np.ndarray, facing: float | None
) -> np.ndarray:
    """Return the flexion from the vertical extents of thigh and shank (clinical-rules 0.4, KF_VPF).

    Parameters
    ----------
    points_px : (T, 33, 2) array
    side : str
    lengths_px : tuple of two floats, or (L, 2) array
        Of thigh and shank.
    facing : float or None
        From the side: the picture tells which way each segment leans, so a leg that leans as a whole stays straight. None: thigh
        and shank are taken to lean apart, as in a squat.

    Returns
    -------
    (T,) or (L, T) array
        Degrees.
    """
    hip, knee, ankle = _leg(points_px, side)
    lengths = np.asarray(lengths_px, dtype=float)[..., None]
    lengths = np.where(lengths > 0, lengths, np.nan)
    angles = g.extent_angle_deg(np.array([knee[:, 1] - hip[:, 1], ankle[:, 1] - knee[:, 1]]), lengths)
    flexion: np.ndarray
    if facing is None:
        flexion = angles[..., 0, :] + angles[..., 1, :]
        return flexion
    ahead = np.array([knee[:, 0] - hip[:, 0], knee[:, 0] - ankle[:, 0]])
    angles *= np.maximum(np.minimum(facing * ahead / (_LEANS_FROM * lengths), 1.0), -1.0)
    flexion = np.abs(angles[..., 0, :] + angles[..., 1, :])
    return flexion


def from_standing_deg(extent_deg: np.ndarray, standing_extent_deg: float, standing_deg: float) -> np.ndarray:
    """Return the flexion from vertical extents, without the error that they have while standing.

    Near the vertical an arccosine turns pixels, and feet set apart, into degrees: ``standing_extent_deg`` is what it reads while
    standing, ``standing_deg`` the joint angle in the standing picture, which is right there from every view. The difference is
    taken out whole at the standing posture and fades from there with ``FADES_OVER_DEG``. Rises with the extents, without a jump.

    Parameters
    ----------
    extent_deg : (T,) array
    standing_extent_deg, standing_deg : float

    Returns
    -------
    (T,) array
        Degrees.
    """
    over = standing_extent_deg - standing_deg
    beyond = np.maximum(extent_deg - standing_extent_deg, 0.0)
    share = standing_deg / standing_extent_deg if over > 0 else 1.0
    below = np.minimum(extent_deg, standing_extent_deg) * share - min(over, 0.0)
    return np.where(beyond > 0, extent_deg - over * np.exp(-beyond / FADES_OVER_DEG), below)


def of_one_frame_deg(
    leg_px: list[list[float]], lengths_px: tuple[float, float], standing_deg: tuple[float, float], facing: float | None
) -> float:
    """Return the flexion in a single frame as the functions above give it. Plain numbers are ten times faster live.

    Parameters
    ----------
    leg_px : nested lists (3, 2)
        Hip, knee and ankle.
    lengths_px : tuple of two floats
        Of thigh and shank.
    standing_deg : tuple of two floats
        The reading of the extents while standing, and the joint angle then.
    facing : float or None
        None: the flexion from extents. Else the mean of that and of the joint angle in the picture.

    Returns
    -------
    float
        Degrees.
    """
    (hip_x, hip_y), (knee_x, knee_y), (ankle_x, ankle_y) = leg_px
    read = []
    for down, ahead, length in zip(
        (knee_y - hip_y, ankle_y - knee_y), (knee_x - hip_x, knee_x - ankle_x), lengths_px, strict=True
    ):
        if not length > 0:
            return math.nan
        lean = 1.0 if facing is None else max(min(facing * ahead / (_LEANS_FROM * length), 1.0), -1.0)
        read.append(math.degrees(math.acos(max(min(down / length, 1.0), -1.0))) * lean)
    extent, (standing_extent, standing) = abs(read[0] + read[1]), standing_deg
    over = standing_extent - standing
    if extent > standing_extent:
        flexion = extent - over * math.exp((standing_extent - extent) / FADES_OVER_DEG)
    else:
        flexion = extent * (standing / standing_extent if over > 0 else 1.0) - min(over, 0.0)
    if facing is None:
        return flexion
    ux, uy, vx, vy = hip_x - knee_x, hip_y - knee_y, ankle_x - knee_x, ankle_y - knee_y
    cross, dot = ux * vy - uy * vx, ux * vx + uy * vy
    return (180.0 - math.degrees(math.atan2(abs(cross), dot)) + flexion) / 2 if cross or dot else math.nan


def longest_px(points_px: np.ndarray, side: str, standing_px: tuple[float, float]) -> tuple[float, float]:
    """Return the lengths of thigh and shank: as long as they look in one frame of fifty, at least as standing.

    A bone does not grow. Where it looks longer than standing, the model has moved its ends apart, as it does with hip and knee
    of a bent leg. Measured against the standing length such a leg would be too straight.

    Parameters
    ----------
    points_px : (T, 33, 2) array
    side : str
    standing_px : tuple of two floats

    Returns
    -------
    tuple of two floats
        Pixels.
    """
    hip, knee, ankle = _leg(points_px, side)
    seen = ~np.isnan(hip[:, 0])
    if not seen.any():
        return standing_px
    looks = (
        float(np.quantile(g.distance_px(a, b)[seen], _ONE_FRAME_OF_FIFTY)) for a, b in ((hip, knee), (knee, ankle))
    )
    thigh, shank = (min(max(look, px), _LONGEST_BELIEVED * px) for look, px in zip(looks, standing_px, strict=True))
    return thigh, shank


LEG = {side: [INDEX[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle")] for side in ("left", "right")}


def _leg(points_px: np.ndarray, side: str) -> list[np.ndarray]:
    return [points_px[:, i] for i in LEG[side]]
