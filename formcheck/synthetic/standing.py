"""Scripted exercises on the feet: heel raises, single-leg squats, step-downs, side lunges, reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np

from formcheck.model.skeleton import INDEX
from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, knee_flexion_deg
from formcheck.synthetic.camera import Camera
from formcheck.synthetic.scripted_repetitions import Move, Values, move_set
from formcheck.synthetic.standing_body import StandingBody, stand_on_floor
from formcheck.synthetic.tracks import RepetitionTempo

_STANDING_FLEXION_DEG, _STANDING_LEAN_DEG = 5.0, 2.0
"""Knee flexion and forward lean of the trunk when standing. Defaults."""


@dataclass(frozen=True, slots=True)
class HeelRep:
    """One heel raise. Every value is reached at the top.

    Attributes
    ----------
    pitch_deg : float
        Of the feet.
    knee_deg : float
        Knee flexion.
    lean_deg : float
        Trunk forward.
    tempo : RepetitionTempo
    """

    pitch_deg: float = 38.0
    knee_deg: float = _STANDING_FLEXION_DEG
    lean_deg: float = _STANDING_LEAN_DEG
    tempo: RepetitionTempo = field(default_factory=lambda: RepetitionTempo(1.0, 0.5, 1.2, 0.8))


def _heels(body: Body, now: Values) -> np.ndarray:
    bend, p = now["knee_deg"], np.radians(now["pitch_deg"])
    under = body.toe_m - body.ball_m  # the foot turns about its ball, and the toes give way
    gives_m = under[1] * (np.cos(p) - 1.0) - under[2] * np.sin(p)
    pose = StandingBody(
        bend / 2 - 1.0, bend, foot_pitch_deg=now["pitch_deg"], lean_deg=now["lean_deg"], anchor="ball", jump_m=gives_m
    )
    return stand_on_floor(body, len(bend), pose)


def _pitch_deg(points: np.ndarray) -> np.ndarray:
    foot = points[:, INDEX["left_foot_index"]] - points[:, INDEX["left_heel"]]
    flat = np.degrees(np.arctan2(0.002, 0.124))  # the toe lies a little below the heel of a flat foot
    pitch: np.ndarray = np.degrees(np.arctan2(-foot[:, 1], np.hypot(foot[:, 0], foot[:, 2]))) - flat
    return pitch


HEEL_RAISE = Move(
    MappingProxyType({"pitch_deg": 0.0, "knee_deg": _STANDING_FLEXION_DEG, "lean_deg": _STANDING_LEAN_DEG}),
    _heels,
    _pitch_deg,
    MappingProxyType({}),
    Camera(),
)
heel_raise_set = partial(move_set, HEEL_RAISE)
"""Makes a set of ``HeelRep``; see ``move_set``."""


_AKIMBO = np.broadcast_to(SIDE_SIGN[:, None] * [-0.6, 0, 0] + [0, -0.6, 0.53], (1, 2, 3))
ON_HIPS = Arms(flexion_deg=-15.0, abduction_deg=40.0, forearm=_AKIMBO)
_WOBBLE_HZ = 2.5
"""Frequency of a wobbling knee. Default."""
_STEP_M = 0.18
"""Height of the step of a step-down. Default."""


@dataclass(frozen=True, slots=True)
class SingleLegRep:
    """One single-leg squat or step-down. Every value is reached at the lowest point.

    Attributes
    ----------
    side : {"left", "right"}
        The leg that stands.
    depth_deg : float
        Flexion of its knee.
    knee_in_deg : float
        Its thigh inwards, its shank outwards.
    pelvis_deg : float
        Other side of the pelvis down.
    side_lean_deg : float
        Trunk towards the standing leg.
    wobble_deg : float
        Swing of the knee to either side at 2.5 Hz.
    free_knee_deg : float
        Flexion of the other knee, with its shank behind.
    tempo : RepetitionTempo
    """

    side: Literal["left", "right"] = "left"
    depth_deg: float = 58.0
    knee_in_deg: float = 0.0
    pelvis_deg: float = 0.0
    side_lean_deg: float = 0.0
    wobble_deg: float = 0.0
    free_knee_deg: float = 85.0
    tempo: RepetitionTempo = field(default_factory=lambda: RepetitionTempo(1.6, 0.3, 1.3, 0.9))


def _on_one_leg(body: Body, now: Values, free_hip_deg: np.ndarray, up_m: float = 0.0) -> np.ndarray:
    bend = now["depth_deg"]
    inwards = now["knee_in_deg"] + now["wobble_deg"] * np.sin(2 * np.pi * _WOBBLE_HZ * now["t_s"])
    pose = StandingBody(
        hip_flexion_deg=np.stack([bend / 2, free_hip_deg], -1),
        knee_flexion_deg=np.stack([bend, now["free_knee_deg"]], -1),
        abduction_deg=np.stack([-inwards, 0 * bend], -1),
        shank_abduction_deg=np.stack([inwards, 0 * bend], -1),
        lean_deg=_STANDING_LEAN_DEG + 0.35 * (bend - _STANDING_FLEXION_DEG),
        side_lean_deg=now["side_lean_deg"],
        pelvis_deg=now["pelvis_deg"],
        arms=ON_HIPS,
        anchor="left",
        jump_m=up_m,
    )
    return stand_on_floor(body, len(bend), pose)


def _single_leg(body: Body, now: Values) -> np.ndarray:
    return _on_one_leg(body, now, 0 * now["depth_deg"])


def _step_down(body: Body, now: Values) -> np.ndarray:
    """Return landmarks of a step-down: the other leg hangs nearly straight, a little ahead, over the edge of a step."""
    return _on_one_leg(body, now, 0.2 * (now["depth_deg"] - _STANDING_FLEXION_DEG), _STEP_M)


def _left_knee_deg(points: np.ndarray) -> np.ndarray:
    return knee_flexion_deg(points)[:, 0]


_ONE_LEG_REST = {
    "depth_deg": _STANDING_FLEXION_DEG,
    "knee_in_deg": 0.0,
    "pelvis_deg": 0.0,
    "side_lean_deg": 0.0,
    "wobble_deg": 0.0,
    "free_knee_deg": _STANDING_FLEXION_DEG,
}
SINGLE_LEG_SQUAT = Move(MappingProxyType(_ONE_LEG_REST), _single_leg, _left_knee_deg, MappingProxyType({}), Camera(0))
STEP_DOWN = Move(MappingProxyType(_ONE_LEG_REST), _step_down, _left_knee_deg, MappingProxyType({}), Camera(0))
single_leg_squat_set = partial(move_set, SINGLE_LEG_SQUAT)
"""Makes a set of ``SingleLegRep``; see ``move_set``."""
step_down_set = partial(move_set, STEP_DOWN)
"""Makes a set of ``SingleLegRep`` from a step of 18 cm, with a nearly straight free knee; see ``move_set``."""


@dataclass(frozen=True, slots=True)
class SideLungeRep:
    """One side lunge. Every value is reached at the lowest point.

    Attributes
    ----------
    side : {"left", "right"}
        The leg that bends.
    depth_deg : float
        Flexion of its knee.
    knee_in_deg : float
        Its thigh inwards, its shank outwards.
    other_knee_deg : float
        Flexion of the knee that stays straight.
    side_lean_deg : float
        Trunk towards the bent leg.
    tempo : RepetitionTempo
    """

    side: Literal["left", "right"] = "left"
    depth_deg: float = 80.0
    knee_in_deg: float = 0.0
    other_knee_deg: float = _STANDING_FLEXION_DEG
    side_lean_deg: float = 0.0
    tempo: RepetitionTempo = field(default_factory=lambda: RepetitionTempo(1.5, 0.3, 1.3, 0.8))


_THIGH_OUT_DEG = 20.0
"""Abduction of the bent thigh at the deepest point of a side lunge. Default."""


def _side_lunge(body: Body, now: Values) -> np.ndarray:
    """Return landmarks of a side lunge: the right foot stays and the left foot slides out.

    The straight leg slants so far that its foot stays on the floor.
    """
    bend, other = now["depth_deg"], now["other_knee_deg"]
    inwards = now["knee_in_deg"]
    out = 2.0 + _THIGH_OUT_DEG * np.clip((bend - _STANDING_FLEXION_DEG) / 75.0, 0.0, 1.0) - inwards
    below = 2.0 + inwards
    thigh, shank = np.radians(0.56 * bend), np.radians(0.44 * bend)
    high_m = body.thigh_m * np.cos(thigh) * np.cos(np.radians(out))
    high_m = high_m + body.shank_m * np.cos(shank) * np.cos(np.radians(below))
    slant = np.degrees(np.arccos(np.clip(high_m / body.reach_m(other), -1.0, 1.0)))
    turned = (other - _STANDING_FLEXION_DEG) / 2  # the other knee bends across the picture
    pose = StandingBody(
        hip_flexion_deg=np.stack([0.56 * bend, other / 2], -1),
        knee_flexion_deg=np.stack([bend, other], -1),
        abduction_deg=np.stack([out, slant - turned], -1),
        shank_abduction_deg=np.stack([below, slant + turned], -1),
        lean_deg=_STANDING_LEAN_DEG + 0.3 * (bend - _STANDING_FLEXION_DEG),
        side_lean_deg=now["side_lean_deg"],
        arms=ON_HIPS,
        anchor="right",
    )
    return stand_on_floor(body, len(bend), pose)


SIDE_LUNGE = Move(
    MappingProxyType(
        {
            "depth_deg": _STANDING_FLEXION_DEG,
            "knee_in_deg": 0.0,
            "other_knee_deg": _STANDING_FLEXION_DEG,
            "side_lean_deg": 0.0,
        }
    ),
    _side_lunge,
    _left_knee_deg,
    MappingProxyType({}),
    Camera(0),
)
side_lunge_set = partial(move_set, SIDE_LUNGE)
"""Makes a set of ``SideLungeRep``; see ``move_set``."""


@dataclass(frozen=True, slots=True)
class ReachRep:
    """One reach ahead. Every value is reached at the far end.

    Attributes
    ----------
    side : {"left", "right"}
        The leg that stands.
    depth_deg : float
        Flexion of its knee. It decides how far the other foot comes along the floor.
    lean_deg : float
        Trunk forward.
    heel_pitch_deg : float
        Heel of the standing leg up.
    tempo : RepetitionTempo
    """

    side: Literal["left", "right"] = "left"
    depth_deg: float = 62.0
    lean_deg: float = 6.0
    heel_pitch_deg: float = 0.0
    tempo: RepetitionTempo = field(default_factory=lambda: RepetitionTempo(1.4, 0.3, 1.2, 0.9))


_CLEAR_M, _THIGH_SHARE = 0.01, 0.55
"""Height of the reaching foot, and the thigh's share of the knee flexion. Defaults."""


def _reach_ahead(body: Body, now: Values) -> np.ndarray:
    """Return landmarks of a reach: the left foot stays, and the straight right leg goes ahead.

    The right leg goes so far that its foot stays just off the floor.
    """
    bend, flat = now["depth_deg"], 0.0 * now["depth_deg"]
    thigh, shank = np.radians(_THIGH_SHARE * bend), np.radians((1.0 - _THIGH_SHARE) * bend)
    high_m = body.thigh_m * np.cos(thigh) + body.shank_m * np.cos(shank)
    high_m = high_m + body.ball_m[2] * np.sin(np.radians(now["heel_pitch_deg"]))
    effort = np.clip((bend - _STANDING_FLEXION_DEG) / 20.0, 0.0, 1.0)
    away = np.degrees(np.arccos(np.clip((high_m - _CLEAR_M * effort) / body.reach_m(_STANDING_FLEXION_DEG), -1.0, 1.0)))
    pose = StandingBody(
        hip_flexion_deg=np.stack([_THIGH_SHARE * bend, away + _STANDING_FLEXION_DEG / 2], -1),
        knee_flexion_deg=np.stack([bend, flat + _STANDING_FLEXION_DEG], -1),
        abduction_deg=0.0,
        foot_pitch_deg=np.stack([now["heel_pitch_deg"], flat], -1),
        lean_deg=now["lean_deg"],
        arms=ON_HIPS,
        anchor="left",
    )
    return stand_on_floor(body, len(bend), pose)


REACH = Move(
    MappingProxyType({"depth_deg": _STANDING_FLEXION_DEG, "lean_deg": _STANDING_LEAN_DEG, "heel_pitch_deg": 0.0}),
    _reach_ahead,
    _left_knee_deg,
    MappingProxyType({}),
    Camera(90),
)
reach_set = partial(move_set, REACH)
"""Makes a set of ``ReachRep``; see ``move_set``."""
