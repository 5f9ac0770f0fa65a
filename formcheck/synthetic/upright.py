"""A body on its feet or knees, from its joint angles: the legs hang from the hips and the lowest point is on the floor."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture, foot_vector, limb_direction


@dataclass(slots=True)
class Upright:
    """Angles of a body on its feet or knees: (T,), (T, 2) or numbers.

    ``abduction_deg``: of the thigh, and of the shank where ``shank_abduction_deg`` does not say otherwise; ``jump_m``: above the
    floor; ``anchor``: what stays in place, ``ankle`` or ``ball`` (forward), ``hip``, or ``left`` (the left foot, both ways).
    """

    hip_flexion_deg: np.ndarray | float = 1.5
    knee_flexion_deg: np.ndarray | float = 5.0
    abduction_deg: np.ndarray | float = 3.0
    shank_abduction_deg: np.ndarray | float | None = None
    foot_pitch_deg: np.ndarray | float = 0.0
    lean_deg: np.ndarray | float = 2.0
    head_deg: np.ndarray | float = 0.0
    side_lean_deg: np.ndarray | float = 0.0
    arms: Arms = field(default_factory=Arms)
    jump_m: np.ndarray | float = 0.0
    anchor: str = "ankle"


def upright(body: Body, n: int, pose: Upright) -> np.ndarray:
    """Return (T, 33, 3) of a body standing on its lowest point, with ``anchor`` over the origin."""
    thigh, bend, apart, pitch = (
        pair(v, n) for v in (pose.hip_flexion_deg, pose.knee_flexion_deg, pose.abduction_deg, pose.foot_pitch_deg)
    )
    below = apart if pose.shank_abduction_deg is None else pair(pose.shank_abduction_deg, n)
    hip = np.zeros((n, 2, 3))
    hip[..., 0] = SIDE_SIGN * body.hip_width_m / 2
    knee = hip + body.thigh_m * limb_direction(thigh, apart)
    ankle = knee + body.shank_m * limb_direction(thigh - bend, below)
    toe = ankle + foot_vector(body.toe_m, pitch, np.full((n, 2), 8.0))
    heel = ankle + foot_vector(body.heel_m, pitch, np.full((n, 2), 8.0))
    lowest = np.minimum(np.minimum(toe[..., 1], heel[..., 1]), knee[..., 1] - 0.05).min(1)
    shift = np.zeros((n, 1, 3))
    shift[:, 0, 1] = 0.008 - lowest + pose.jump_m
    if pose.anchor == "left":
        shift[:, 0, 0], shift[:, 0, 2] = body.hip_width_m / 2 - ankle[:, 0, 0], -ankle[:, 0, 2]
    elif pose.anchor != "hip":
        shift[:, 0, 2] = -{"ankle": ankle, "ball": ankle + foot_vector(body.ball_m, pitch, np.full((n, 2), 8.0))}[
            pose.anchor
        ][..., 2].mean(1)
    lean = np.broadcast_to(pose.lean_deg, n)
    hip, knee, ankle = hip + shift, knee + shift, ankle + shift
    posture = Posture(hip, knee, ankle, lean, pose.side_lean_deg, pitch, 8.0, pose.head_deg, pose.arms)
    return posture.landmarks_m(body)


def pair(value: np.ndarray | float, n: int) -> np.ndarray:
    """Return a value for both sides, (n, 2): a number, (n,) or (n, 2)."""
    value = np.asarray(value, float)
    return np.broadcast_to(value[:, None] if value.ndim == 1 else value, (n, 2))
