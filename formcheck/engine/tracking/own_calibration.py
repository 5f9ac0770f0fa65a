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


def own_parts(exercise: Exercise, landmarks: Landmarks, near: Side | None) -> list[tuple[np.ndarray, Calibration]]:
    """Return the frames of a set in parts within which the body faces one way, each with its calibration.

    A person need not face one way for a whole film: they walk in, turn and sit down.

    Parameters
    ----------
    exercise : Exercise
    landmarks : Landmarks
        Zero-lag ones. In some frame a person is seen.
    near : str or None
        The side to judge from. None: the nearer one of each part.

    Returns
    -------
    list of tuple of (N,) array and Calibration
        Indices of frames in order of time, unseen ones included. Parts that face the same way share a calibration, that of the
        body's median in them.
    """
    t_s, points = landmarks.t_s, landmarks.points_px
    facing = np.zeros(len(t_s))
    for i in np.flatnonzero(landmarks.ok & ~np.isnan(points[:, _LEFT_HIP, 0])):
        facing[i] = own_calibration(exercise, points[i], (t_s[i], t_s[i]), near).facing
    seen = np.flatnonzero(facing)
    calibrations = {}
    for way in np.unique(facing[seen]):
        frames = np.flatnonzero(facing == way)
        span_s = float(t_s[frames[0]]), float(t_s[frames[-1]])
        calibrations[way] = own_calibration(exercise, np.median(points[frames], axis=0), span_s, near)
    turns = 1 + np.flatnonzero(np.diff(facing[seen]))
    starts = [0, *seen[turns], len(t_s)]
    return [
        (np.arange(start, end), calibrations[facing[first]])
        for start, end, first in zip(starts, starts[1:], [seen[0], *seen[turns]], strict=False)
    ]
