"""A body on its feet or knees, from its joint angles. The legs hang from the hips and the lowest point is on the floor."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture, both_sides, foot_vector, limb_direction

_TOES_OUT_DEG = 8.0
"""Angle of the feet, toes out. Default."""


@dataclass(slots=True)
class StandingBody:
    """Angles of a body on its feet or knees. Each value is (T,), (T, 2) or a number.

    Attributes
    ----------
    hip_flexion_deg, knee_flexion_deg : array or float
    abduction_deg : array or float
        Of the thigh, and of the shank unless ``shank_abduction_deg`` is given.
    shank_abduction_deg : array or float, optional
    foot_pitch_deg : array or float
        Heel up.
    lean_deg, side_lean_deg : array or float
        Trunk forward, and to the person's left.
    head_deg : array or float
        Nod.
    pelvis_deg : array or float
        Right side of the pelvis down.
    arms : Arms
    jump_m : array or float
        Height above the floor.
    anchor : {"ankle", "ball", "hip", "left", "right"}
        The part that stays in place. ``ankle``, ``ball`` and ``hip`` stay at the same place forward. ``left`` and ``right`` are
        that foot, and the other foot may move.
    """

    hip_flexion_deg: np.ndarray | float = 1.5
    knee_flexion_deg: np.ndarray | float = 5.0
    abduction_deg: np.ndarray | float = 3.0
    shank_abduction_deg: np.ndarray | float | None = None
    foot_pitch_deg: np.ndarray | float = 0.0
    lean_deg: np.ndarray | float = 2.0
    head_deg: np.ndarray | float = 0.0
    side_lean_deg: np.ndarray | float = 0.0
    pelvis_deg: np.ndarray | float = 0.0
    arms: Arms = field(default_factory=Arms)
    jump_m: np.ndarray | float = 0.0
    anchor: str = "ankle"


def stand_on_floor(body: Body, n: int, pose: StandingBody) -> np.ndarray:
    """Return a body that stands on its lowest point, with ``anchor`` over the origin.

    Parameters
    ----------
    body : Body
    n : int
        Number of times T.
    pose : StandingBody

    Returns
    -------
    (T, 33, 3) array
        Landmarks in metres.
    """
    thigh, bend, apart, pitch = (
        both_sides(v, n) for v in (pose.hip_flexion_deg, pose.knee_flexion_deg, pose.abduction_deg, pose.foot_pitch_deg)
    )
    below = apart if pose.shank_abduction_deg is None else both_sides(pose.shank_abduction_deg, n)
    hip, roll = np.zeros((n, 2, 3)), np.radians(both_sides(pose.pelvis_deg, n))
    hip[..., 0] = SIDE_SIGN * body.hip_width_m / 2 * np.cos(roll)
    hip[..., 1] = SIDE_SIGN * body.hip_width_m / 2 * np.sin(roll)
    knee = hip + body.thigh_m * limb_direction(thigh, apart)
    ankle = knee + body.shank_m * limb_direction(thigh - bend, below)
    toe, heel, ball = (
        ankle + foot_vector(part, pitch, np.full((n, 2), _TOES_OUT_DEG))
        for part in (body.toe_m, body.heel_m, body.ball_m)
    )
    lowest = np.minimum(np.minimum(toe[..., 1], heel[..., 1]), knee[..., 1] - 0.05)
    shift = np.zeros((n, 1, 3))
    if pose.anchor in ("left", "right"):
        side = int(pose.anchor == "right")
        shift[:, 0, 0], shift[:, 0, 2] = SIDE_SIGN[side] * body.hip_width_m / 2 - ankle[:, side, 0], -ankle[:, side, 2]
        lowest = lowest[:, side]
    else:
        lowest = lowest.min(1)
        shift[:, 0, 2] = -{"ankle": ankle, "ball": ball, "hip": 0.0 * hip}[pose.anchor][..., 2].mean(1)
    shift[:, 0, 1] = 0.008 - lowest + pose.jump_m
    hip, knee, ankle = hip + shift, knee + shift, ankle + shift
    lean = np.broadcast_to(pose.lean_deg, n)
    posture = Posture(hip, knee, ankle, lean, pose.side_lean_deg, pitch, _TOES_OUT_DEG, pose.head_deg, pose.arms)
    return posture.landmarks_m(body)
