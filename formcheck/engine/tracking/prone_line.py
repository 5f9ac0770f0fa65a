"""A front plank, told by the body's shape: in which frames it may begin, and in which one that runs goes on.

Nothing here knows of good or bad form, and no rule uses it. The shapes of repetitions are in
``formcheck.engine.tracking.patterns``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from formcheck.engine import geometry as g
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from formcheck.model.records import Side


@dataclass(frozen=True, slots=True)
class _Limits:
    """The limits of a posture.

    Attributes
    ----------
    axis_deg : float
        Largest slope of the line from ankle to shoulder.
    carried : float
        Least height of the middle of the thigh above the line from arms to feet, as a share of the shoulder's height above it.
    arm_below : float
        Least height of the shoulder above the lower one of elbow and wrist, as a share of the line from shoulder to ankle.
    shoulders_apart : float
        Largest distance of the two shoulders, in trunk lengths.
    """

    axis_deg: float
    carried: float
    arm_below: float
    shoulders_apart: float


_BEGINS = _Limits(axis_deg=35.0, carried=0.27, arm_below=0.1, shoulders_apart=0.45)
"""Axis: clinical-rules 1.3. Carried: a body that lies on the forearms has 0.13 to 0.24, from where its joints are (hip 0.08 to
0.1 m and knee 0.05 to 0.07 m above the floor, cameras within 45 deg of the side); one real person had at most 0.2. Planks in
pictures have 0.42 and more, those with the hips almost on the floor 0.29 and more (exercise-correction, 640 pictures). Shoulders:
planks from the side have 0.04 to 0.23 (clinical-rules 0.6). The others are defaults."""
_GOES_ON = _Limits(axis_deg=45.0, carried=0.24, arm_below=0.05, shoulders_apart=0.7)
"""A hold that runs. Shoulders: the distance in a person seen from the front (median, clinical-rules 0.6). Within a plank it grows
as the head sinks or the chest turns. The others are defaults."""
_RETURNS = replace(_GOES_ON, carried=_BEGINS.carried)
"""A hold that runs, after a frame in which it did not go on: hips that have come down must be lifted as in the beginning."""
_THIGH_UPRIGHT_DEG, _KNEELS_DEG = 55.0, 130.0
"""Hands and knees: the slope of a thigh and the angle at the knee under it. Defaults."""
_FOLDED_DEG = 70.0
"""The angle at the knee of a person who sits on the heels is smaller. Default."""
_FOREARM_FLAT_SHARE = 0.5
"""Height of the wrist over the elbow on a forearm that lies on the floor, in lengths of the upper arm. Default."""


class PlankFrame(NamedTuple):
    """One frame of ``PlankFrames``."""

    begins: bool
    goes_on: bool
    returns: bool
    forearm: bool


@dataclass(frozen=True, slots=True)
class PlankFrames:
    """What T frames are.

    Attributes
    ----------
    begins : (T,) boolean array
        Whether a hold may begin.
    goes_on, returns : (T,) boolean array
        Whether one that runs goes on, and whether it does after a frame in which it did not.
    forearm : (T,) boolean array
        Whether the body rests on the forearms.
    """

    begins: np.ndarray
    goes_on: np.ndarray
    returns: np.ndarray
    forearm: np.ndarray

    def at(self, i: int) -> PlankFrame:
        """Return the frame ``i``.

        Parameters
        ----------
        i : int

        Returns
        -------
        PlankFrame
        """
        return PlankFrame(*(bool(each[i]) for each in (self.begins, self.goes_on, self.returns, self.forearm)))


def front_plank(p: np.ndarray, near: Side) -> PlankFrames:
    """Return in which frames a body is in a front plank, seen from the side.

    Parameters
    ----------
    p : (T, 33, 2) array
    near : str
        The side nearer to the camera.

    Returns
    -------
    PlankFrames
    """
    shoulder, elbow, wrist, hip, ankle = (
        p[:, INDEX[f"{near}_{joint}"]] for joint in ("shoulder", "elbow", "wrist", "hip", "ankle")
    )
    length, torso = g.distance_px(shoulder, ankle), g.distance_px(shoulder, hip)
    axis_deg = np.abs(g.elevation_deg(ankle, shoulder))
    carried = _carried(p, near)
    arm_below = (np.fmax(elbow[:, 1], wrist[:, 1]) - shoulder[:, 1]) / length
    shoulders_apart = g.distance_px(p[:, INDEX["left_shoulder"]], p[:, INDEX["right_shoulder"]]) / torso
    stretched = np.abs(shoulder[:, 0] - ankle[:, 0]) > np.abs(hip[:, 0] - ankle[:, 0])
    on_toes = stretched & ~_kneels(p, "left") & ~_kneels(p, "right")

    def within(limits: _Limits) -> np.ndarray:
        inside: np.ndarray = (
            on_toes
            & (axis_deg <= limits.axis_deg)
            & (carried > limits.carried)
            & (arm_below > limits.arm_below)
            & (shoulders_apart <= limits.shoulders_apart)
        )
        return inside

    forearm = np.abs(wrist[:, 1] - elbow[:, 1]) <= _FOREARM_FLAT_SHARE * g.distance_px(shoulder, elbow)
    return PlankFrames(within(_BEGINS), within(_GOES_ON), within(_RETURNS), forearm)


def _carried(p: np.ndarray, near: Side) -> np.ndarray:
    """Return how high the middle of the near thigh is above the line from arms to feet, against the shoulder.

    Hips and thighs are carried in a plank and lie on the floor before and after it. The line is the floor as it lies in the
    picture, so neither a camera that looks down nor one that hangs askew raises them. Both heights are upright in the picture,
    so an oblique camera changes their ratio little.
    """
    shoulder, elbow, wrist, hip, knee, ankle, toe = (
        p[:, INDEX[f"{near}_{joint}"]] for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
    )
    arms, feet = _lower(elbow, wrist), _lower(ankle, toe)
    floor = feet - arms
    up = np.stack([floor[:, 1], -floor[:, 0]], axis=-1) * np.where(floor[:, 0] < 0, -1.0, 1.0)[:, None]
    shoulder_up = ((shoulder - arms) * up).sum(axis=-1)
    carried: np.ndarray = (((hip + knee) / 2 - arms) * up).sum(axis=-1) / np.where(shoulder_up > 0, shoulder_up, np.nan)
    return carried


def _lower(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return, frame by frame, the point (T, 2) that is lower in the picture."""
    lower: np.ndarray = np.where((a[:, 1] > b[:, 1])[:, None], a, b)
    return lower


def _kneels(p: np.ndarray, side: Side) -> np.ndarray:
    """Return in which frames the body is on hands and knees, or sits on its heels."""
    hip, knee, ankle = (p[:, INDEX[f"{side}_{joint}"]] for joint in ("hip", "knee", "ankle"))
    upright, knee_deg = np.abs(g.elevation_deg(knee, hip)) >= _THIGH_UPRIGHT_DEG, g.angle_deg(hip, knee, ankle)
    kneels: np.ndarray = (upright & (knee_deg <= _KNEELS_DEG)) | (knee_deg <= _FOLDED_DEG)
    return kneels
