"""Scripted floor exercises: push-ups on hands and toes, bridges on the back, bird dogs on hands and knees.

The camera of a plank suits them: near the floor at the person's left side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np

from formcheck.model.skeleton import INDEX
from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture, limb_direction
from formcheck.synthetic.plank import PLANK_CAMERA, prone
from formcheck.synthetic.scripted_repetitions import Move, Values, angle_deg, move_set
from formcheck.synthetic.tracks import RepetitionTempo

_HAND_HEIGHT_M = 0.07
"""Height of the wrist of a hand on the floor. Default."""
_NECK_DEG = -12.0
"""Nod of a head that is held up. Default."""
_SHOULDER_HEIGHT_M = 0.09
"""Height of the shoulders of a person who lies on the back. Default."""
_KNEE_HEIGHT_M = 0.05
"""Height of a knee on the floor. Default."""


@dataclass(frozen=True, slots=True)
class PushUpRep:
    """One push-up. Every value is reached at the lowest point.

    Attributes
    ----------
    down : float
        1 = upper arms along the trunk, 0 = arms straight.
    sag_deg : float
        + hips low, - hips high.
    reach_deg : float
        Hands ahead of the shoulders.
    head_deg : float
        Nod.
    top : float
        Value of ``down`` afterwards.
    tempo : RepetitionTempo
    """

    down: float = 1.0
    sag_deg: float = 0.0
    reach_deg: float = 0.0
    head_deg: float = 0.0
    top: float = 0.0
    tempo: RepetitionTempo = field(default_factory=lambda: RepetitionTempo(1.3, 0.3, 1.0, 0.7))


def push_up(body: Body, now: Values) -> np.ndarray:
    """Return landmarks of a push-up. The elbows go back and outwards.

    Parameters
    ----------
    body : Body
    now : dict of str to (T,) array
        ``down``, ``sag_deg``, ``reach_deg``, ``head_deg``; see ``PushUpRep``.

    Returns
    -------
    (T, 33, 3) array
        Landmarks in metres.
    """
    down, reach = now["down"], np.radians(now["reach_deg"])
    tilt = np.radians(25 * down) + reach
    back, out = 5 + 65 * down - now["reach_deg"], 5 + 35 * down
    forearm = np.stack([0 * down, -np.cos(tilt), np.sin(tilt)], -1)[:, None].repeat(2, 1)
    upper_arm_m = body.upper_arm_m * np.cos(np.radians(back)) * np.cos(np.radians(out))
    chest_m = _HAND_HEIGHT_M + body.forearm_m * np.cos(tilt) + upper_arm_m
    arms = Arms(-back, out, forearm=forearm)
    return prone(body, chest_m, now["sag_deg"], 3.0 + 0 * down, _NECK_DEG + now["head_deg"], arms)


@dataclass(frozen=True, slots=True)
class BridgeRep:
    """One bridge. Every value is reached at the top.

    Attributes
    ----------
    lift_deg : float
        Hips against the line from shoulder to knee, + above it.
    feet_m : float
        Distance of the ankles from the shoulders.
    tempo : RepetitionTempo
    """

    lift_deg: float = -3.0
    feet_m: float = 1.0
    tempo: RepetitionTempo = field(default_factory=lambda: RepetitionTempo(1.2, 0.5, 1.6, 0.8))


_FLAT_DEG = -53.0
"""``lift_deg`` while the hips are on the floor. Default."""


def _bridge(body: Body, now: Values) -> np.ndarray:
    """Return (T, 33, 3) of a body on its back, head towards the rear, knees bent, its middle near the origin."""
    n = len(now["lift_deg"])
    feet = body.height_m / 1.72 * now["feet_m"]
    rise = np.radians(np.linspace(0.0, 60.0, 121))[:, None]  # of the hips, seen from the shoulders
    hips, knees = _back_and_knees(body, np.broadcast_to(rise, (121, n)), feet)
    lift_deg = _bend_up_deg(rise, hips, knees)
    angle = np.array([np.interp(now["lift_deg"][i], lift_deg[:, i], rise[:, 0]) for i in range(n)])
    hip, knee = (part[0] for part in _back_and_knees(body, angle[None], feet))
    ankle = np.stack([0 * feet, np.full(n, body.ankle_height_m)], -1)
    # Face up and head to the rear: a prone body turned about the left-right axis, so heights and forward change sign.
    joints = np.zeros((3, n, 2, 3))
    joints[..., 0] = SIDE_SIGN * body.hip_width_m / 2
    for joint, along_up in zip(joints, (hip, knee, ankle), strict=True):
        joint[..., 1], joint[..., 2] = -along_up[:, None, 1], along_up[:, None, 0]
    lean = 90 - np.degrees(angle)
    arms = Arms(flexion_deg=88.0 - 180.0, abduction_deg=14.0, elbow_deg=4.0)
    posture = Posture(joints[0], joints[1], joints[2], lean, 0.0, 180.0, 0.0, 8.0, arms)
    points: np.ndarray = posture.landmarks_m(body) * [1.0, -1.0, -1.0] + [0.0, 0.0, 0.55 * body.height_m / 1.72]
    return points


def _back_and_knees(body: Body, rise: np.ndarray, feet_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return hips and knees (K, n, 2) as (towards the head, up) from the ankles; ``rise`` (K, n) rad, ``feet_m`` (n,)."""
    hip = np.stack([feet_m - body.torso_m * np.cos(rise), _SHOULDER_HEIGHT_M + body.torso_m * np.sin(rise)], -1)
    line = hip - [0.0, body.ankle_height_m]
    length = np.linalg.norm(line, axis=-1, keepdims=True)
    along = (body.shank_m**2 - body.thigh_m**2 + length**2) / (2 * length)
    out = np.sqrt(np.maximum(body.shank_m**2 - along**2, 0.0))
    u = line / length
    return hip, [0.0, body.ankle_height_m] + u * along + np.stack([-u[..., 1], u[..., 0]], -1) * out


def _bend_up_deg(rise: np.ndarray, hips: np.ndarray, knees: np.ndarray) -> np.ndarray:
    """Return the bend at the hips above the line from shoulder to knee, in degrees."""
    thigh = knees - hips
    bend: np.ndarray = np.degrees(rise - np.arctan2(thigh[..., 1], -thigh[..., 0]))
    return bend


@dataclass(frozen=True, slots=True)
class BirdDogRep:
    """One leg and the other arm stretched out. Every value is reached then.

    Attributes
    ----------
    side : {"left", "right"}
        Of the leg.
    leg_deg : float
        Line from hip to ankle, + above the horizontal.
    knee_deg : float
        Flexion of that knee.
    arm_deg : float
        0 = hanging, 110 = in line with the trunk.
    tempo : RepetitionTempo
    """

    side: Literal["left", "right"] = "left"
    leg_deg: float = -8.0
    knee_deg: float = 4.0
    arm_deg: float = 110.0
    tempo: RepetitionTempo = field(default_factory=lambda: RepetitionTempo(1.4, 0.5, 1.4, 0.8))


_KNEELING_LEG_DEG, _KNEELING_KNEE_DEG = -45.0, 90.0
"""``leg_deg`` and ``knee_deg`` on hands and knees."""


def _bird_dog(body: Body, now: Values) -> np.ndarray:
    """Return (T, 33, 3) on hands and knees, head forward, the left leg and the right arm moving."""
    n = len(now["leg_deg"])
    flat = np.zeros(n)
    share = (_KNEELING_KNEE_DEG - now["knee_deg"]) / _KNEELING_KNEE_DEG
    # Hip to ankle runs half the knee's flexion behind the thigh.
    thigh = np.stack([-90.0 - now["leg_deg"] + now["knee_deg"] / 2, flat], -1)
    bend = np.stack([now["knee_deg"], flat + _KNEELING_KNEE_DEG], -1)
    hip = np.zeros((n, 2, 3))
    hip[..., 0], hip[..., 1] = SIDE_SIGN * body.hip_width_m / 2, _KNEE_HEIGHT_M + body.thigh_m
    knee = hip + body.thigh_m * limb_direction(thigh, 0 * thigh)
    ankle = knee + body.shank_m * limb_direction(thigh - bend, 0 * thigh)
    arm_m = body.upper_arm_m + body.forearm_m + _HAND_HEIGHT_M
    lean = 90 - np.degrees(np.arcsin((arm_m - hip[:, 0, 1]) / body.torso_m))
    pitch = np.stack([120.0 - 30.0 * share, flat + 120.0], -1)
    arms = Arms(np.stack([flat, now["arm_deg"]], -1), 0.0, 2.0)
    points = Posture(hip, knee, ankle, lean, 0.0, pitch, 0.0, _NECK_DEG, arms).landmarks_m(body)
    return points - [0.0, 0.0, 0.05 * body.height_m]


def _elbow_deg(points: np.ndarray) -> np.ndarray:
    return 180.0 - angle_deg(points, "left_shoulder", "left_elbow", "left_wrist")


def _hips_deg(points: np.ndarray) -> np.ndarray:
    shoulder, hip, knee = (points[:, INDEX[f"left_{joint}"]] for joint in ("shoulder", "hip", "knee"))
    trunk, thigh = hip - shoulder, knee - hip
    bend: np.ndarray = np.degrees(np.arctan2(trunk[:, 1], trunk[:, 2]) - np.arctan2(thigh[:, 1], thigh[:, 2]))
    return bend


def _leg_deg(points: np.ndarray) -> np.ndarray:
    leg = points[:, INDEX["left_ankle"]] - points[:, INDEX["left_hip"]]
    rise: np.ndarray = np.degrees(np.arctan2(leg[:, 1], -leg[:, 2]))
    return rise


PUSH_UP = Move(
    MappingProxyType({"down": 0.0, "sag_deg": 0.0, "reach_deg": 0.0, "head_deg": 0.0}),
    push_up,
    _elbow_deg,
    MappingProxyType({"down": "top"}),
    PLANK_CAMERA,
)
BRIDGE = Move(
    MappingProxyType({"lift_deg": _FLAT_DEG, "feet_m": 1.0}), _bridge, _hips_deg, MappingProxyType({}), PLANK_CAMERA
)
BIRD_DOG = Move(
    MappingProxyType({"leg_deg": _KNEELING_LEG_DEG, "knee_deg": _KNEELING_KNEE_DEG, "arm_deg": 0.0}),
    _bird_dog,
    _leg_deg,
    MappingProxyType({}),
    PLANK_CAMERA,
)
push_up_set = partial(move_set, PUSH_UP)
"""Makes a set of ``PushUpRep``; see ``move_set``."""
bridge_set = partial(move_set, BRIDGE)
"""Makes a set of ``BridgeRep``; see ``move_set``."""
bird_dog_set = partial(move_set, BIRD_DOG)
"""Makes a set of ``BirdDogRep``; see ``move_set``."""
