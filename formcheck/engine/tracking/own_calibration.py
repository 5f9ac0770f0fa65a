"""The calibration of a body that is measured against itself: it lies or sits, so that no standing posture is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.signals.calibration import Calibration
from formcheck.model.skeleton import INDEX
from formcheck.spec.movement import HoldPosture

if TYPE_CHECKING:
    from formcheck.engine.landmarks import Landmarks
    from formcheck.model.records import Side
    from formcheck.spec.exercise import Exercise

_LEFT_HIP = INDEX["left_hip"]


def own_calibration(
    exercise: Exercise, points_px: np.ndarray, span_s: tuple[float, float], near: Side | None
) -> Calibration:
    """Return the calibration of one posture: which side is nearer, and where it faces.

    Parameters
    ----------
    exercise : Exercise
    points_px : (33, 2) array
    span_s : tuple of two floats
        The time that the posture was taken from.
    near : str or None
        The side to judge from. None: the nearer one.

    Returns
    -------
    Calibration
    """
    movement = exercise.movement
    lying = not isinstance(movement, HoldPosture) or movement.reference_posture == "lying"
    return Calibration.from_points("none", span_s, np.asarray(points_px, dtype=float), near, lying=lying)


def own_calibration_of_set(exercise: Exercise, landmarks: Landmarks, near: Side | None) -> list[Calibration]:
    """Return the calibration of the body's median in a whole set.

    Parameters
    ----------
    exercise : Exercise
    landmarks : Landmarks
        Zero-lag ones.
    near : str or None
        The side to judge from. None: the nearer one.

    Returns
    -------
    list of Calibration
        One; none without a person, and none for a hold that is measured against standing.
    """
    movement = exercise.movement
    if isinstance(movement, HoldPosture) and movement.reference_posture == "standing":
        return []
    seen = np.flatnonzero(landmarks.ok & ~np.isnan(landmarks.points_px[:, _LEFT_HIP, 0]))
    if not len(seen):
        return []
    t_s = landmarks.t_s[seen]
    span_s = float(t_s[0]), float(t_s[-1])
    return [own_calibration(exercise, np.median(landmarks.points_px[seen], axis=0), span_s, near)]
