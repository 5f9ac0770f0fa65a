"""Scripted stands from a chair."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import numpy as np

from formcheck.model.skeleton import INDEX
from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, knee_flexion_deg, unit
from formcheck.synthetic.camera import Camera
from formcheck.synthetic.scripted_repetitions import Move, Values, move_set
from formcheck.synthetic.standing_body import StandingBody, stand_on_floor
from formcheck.synthetic.tracks import RepetitionTempo

_STANDING_FLEXION_DEG = 5.0
"""Knee flexion when standing. Default."""
_CROSSED = SIDE_SIGN[:, None] * [-0.62, 0, 0] + [0, 0.74, 0.02]
_ANKLES = [INDEX["left_ankle"], INDEX["right_ankle"]]
_HANGING = np.array([[0.0, -1.0, 0.1]] * 2)


@dataclass(frozen=True, slots=True)
class ChairRep:
    """Down to the chair and up again. Every value is reached on the chair.

    Attributes
    ----------
    depth_deg : float
        Knee flexion.
    lean_deg : float
        Trunk forward on the way.
    knees_in_deg : float
        Thighs inwards, shanks outwards.
    side_lean_deg : float
        Trunk to the person's left.
    shift_ratio : float
        Hips to the person's left, in ankle distances.
    arms_used : float
        0 = crossed over the chest, 1 = at the seat.
    top_flexion_deg : float
        Knee flexion afterwards.
    tempo : RepetitionTempo
    """

    depth_deg: float = 92.0
    lean_deg: float = 34.0
    knees_in_deg: float = 0.0
    side_lean_deg: float = 0.0
    shift_ratio: float = 0.0
    arms_used: float = 0.0
    top_flexion_deg: float = _STANDING_FLEXION_DEG
    tempo: RepetitionTempo = field(default_factory=lambda: RepetitionTempo(1.4, 0.5, 1.3, 0.8))


def _pose(body: Body, now: Values) -> np.ndarray:
    flexion = now["depth_deg"]
    way = np.clip((flexion - _STANDING_FLEXION_DEG) / 87.0, 0.0, 1.0)
    used = now["arms_used"][:, None, None]
    arms = Arms(
        flexion_deg=30 - 24 * now["arms_used"], abduction_deg=6.0, forearm=unit((1 - used) * _CROSSED + used * _HANGING)
    )
    inwards, across = now["knees_in_deg"][:, None], SIDE_SIGN * _across_deg(body, now["shift_ratio"])[:, None]
    pose = StandingBody(
        hip_flexion_deg=flexion - 3.5,
        knee_flexion_deg=flexion,
        abduction_deg=8.0 - inwards - across,
        shank_abduction_deg=inwards - across,
        lean_deg=2 + now["lean_deg"] * 4 * way * (1 - way) + 3 * way,
        side_lean_deg=now["side_lean_deg"],
        arms=arms,
    )
    points = stand_on_floor(body, len(flexion), pose)
    points[..., 0] -= points[:, _ANKLES, 0].mean(1, keepdims=True)  # the feet stay
    return points


def _across_deg(body: Body, ratio: np.ndarray) -> np.ndarray:
    """Return how far both legs lean to move the hips sideways by a share of the ankles' distance in standing."""
    ankles_m = body.hip_width_m + 2 * body.thigh_m * np.sin(np.radians(8.0))
    lean_deg: np.ndarray = np.degrees(np.arcsin(ratio * ankles_m / (body.thigh_m + body.shank_m)))
    return lean_deg


_REST = {
    "depth_deg": _STANDING_FLEXION_DEG,
    "lean_deg": 34.0,
    "knees_in_deg": 0.0,
    "side_lean_deg": 0.0,
    "shift_ratio": 0.0,
    "arms_used": 0.0,
}
CHAIR = Move(
    MappingProxyType(_REST),
    _pose,
    lambda points: knee_flexion_deg(points).mean(1),
    MappingProxyType({"depth_deg": "top_flexion_deg"}),
    Camera(),
)
chair_set = partial(move_set, CHAIR)
"""Makes a set of ``ChairRep``; see ``move_set``. It begins standing, or on the chair with ``starts_at_end_range``."""
