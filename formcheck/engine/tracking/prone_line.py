"""Postures that are held: tests on the body's geometry that tell when a hold may begin and when it goes on.

They know nothing of good or bad form, and no rule uses them. Those of repetitions are in ``formcheck.engine.tracking.patterns``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine import geometry as g

if TYPE_CHECKING:
    from formcheck.engine.signals.calibration import Calibration

_PLANK_AXIS_DEG, _PLANK_CLEARANCE, _PLANK_LEAVE_CLEARANCE = 35.0, 0.08, 0.05
"""Front plank (clinical-rules 1.3): shoulder–ankle line within 35 deg of the horizontal, hips above the floor by 8 % of it to
begin with and by 5 % to go on."""
_SHOULDERS_STACKED_TORSOS = 0.45  # seen from the side the shoulders of a front plank lie behind each other
_THIGH_UPRIGHT_DEG, _KNEELS_DEG = 55.0, 130.0  # hands and knees: upright thighs over bent knees
_FOREARM_FLAT_SHARE = 0.5
STILL_TORSOS = 0.08


def front_plank(p: np.ndarray, calibration: Calibration) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return in which frames a body is in a front plank, seen from the side.

    Parameters
    ----------
    p : (T, 33, 2) array
    calibration : Calibration

    Returns
    -------
    tuple of three (T,) boolean arrays
        A hold may begin; one that runs goes on; the body rests on the forearms.
    """
    near = 0 if calibration.near == "left" else 1
    shoulder, elbow, wrist, hip, ankle, toe = (p[:, index + near] for index in (11, 13, 15, 23, 27, 31))
    length = g.distance_px(shoulder, ankle)
    axis = np.abs(g.elevation_deg(ankle, shoulder))
    floor_y = np.fmax.reduce([elbow[:, 1], wrist[:, 1], ankle[:, 1], toe[:, 1]])
    torso = g.distance_px(shoulder, hip)
    stacked = g.distance_px(p[:, 11], p[:, 12]) <= _SHOULDERS_STACKED_TORSOS * torso
    on_knees = np.logical_or(_kneels(p, 0), _kneels(p, 1))
    posture = (
        (axis <= _PLANK_AXIS_DEG)
        & (np.fmax(elbow[:, 1], wrist[:, 1]) - shoulder[:, 1] > 0.1 * length)
        & (np.abs(shoulder[:, 0] - ankle[:, 0]) > np.abs(hip[:, 0] - ankle[:, 0]))
        & stacked
        & ~on_knees
    )
    clearance = (floor_y - hip[:, 1]) / length
    forearm = np.abs(wrist[:, 1] - elbow[:, 1]) <= _FOREARM_FLAT_SHARE * g.distance_px(shoulder, elbow)
    return posture & (clearance > _PLANK_CLEARANCE), posture & (clearance > _PLANK_LEAVE_CLEARANCE), forearm


def _kneels(p: np.ndarray, side: int) -> np.ndarray:
    hip, knee, ankle = (p[:, index + side] for index in (23, 25, 27))
    upright = np.abs(g.elevation_deg(knee, hip)) >= _THIGH_UPRIGHT_DEG
    values: np.ndarray = upright & (g.angle_deg(hip, knee, ankle) <= _KNEELS_DEG)
    return values


def trunk_still(t_s: np.ndarray, p: np.ndarray, near: str, still_s: float) -> np.ndarray:
    """Return which frames lie in a stretch in which the near shoulder hardly rises or falls.

    Parameters
    ----------
    t_s : (T,) array
    p : (T, 33, 2) array
    near : str
        The side nearer to the camera.
    still_s : float
        The least duration of the stretch.

    Returns
    -------
    (T,) boolean array
    """
    near_i = 11 if near == "left" else 12
    y, scale = p[:, near_i, 1], np.nanmedian(g.distance_px(p[:, near_i], p[:, near_i + 12]))
    still = np.zeros(len(t_s), bool)
    first = 0
    for last in range(len(t_s)):
        while first < last and t_s[last] - t_s[first + 1] >= still_s:
            first += 1
        if (
            t_s[last] - t_s[first] >= still_s
            and np.fmax.reduce(y[first : last + 1]) - np.fmin.reduce(y[first : last + 1]) <= STILL_TORSOS * scale
        ):
            still[first : last + 1] = True
    return still
