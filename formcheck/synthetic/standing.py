"""Scripted exercises on the feet: heel raises."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import numpy as np

from formcheck.skeleton import INDEX
from formcheck.synthetic.body import Body
from formcheck.synthetic.camera import Camera
from formcheck.synthetic.moves import Move, Values, move_set
from formcheck.synthetic.tracks import Tempo
from formcheck.synthetic.upright import Upright, upright

_STANDING_FLEXION_DEG, _STANDING_LEAN_DEG = 5.0, 2.0


@dataclass(frozen=True, slots=True)
class HeelRep:
    """One heel raise; every value is reached at the top: ``pitch_deg`` of the feet, ``knee_deg`` flexion, ``lean_deg`` forward."""

    pitch_deg: float = 38.0
    knee_deg: float = _STANDING_FLEXION_DEG
    lean_deg: float = _STANDING_LEAN_DEG
    tempo: Tempo = field(default_factory=lambda: Tempo(1.0, 0.5, 1.2, 0.8))


def _heels(body: Body, now: Values) -> np.ndarray:
    bend, p = now["knee_deg"], np.radians(now["pitch_deg"])
    under = body.toe_m - body.ball_m  # the foot turns about its ball, and the toes give way
    gives_m = under[1] * (np.cos(p) - 1.0) - under[2] * np.sin(p)
    pose = Upright(
        bend / 2 - 1.0, bend, foot_pitch_deg=now["pitch_deg"], lean_deg=now["lean_deg"], anchor="ball", jump_m=gives_m
    )
    return upright(body, len(bend), pose)


def _pitch_deg(points: np.ndarray) -> np.ndarray:
    foot = points[:, INDEX["left_foot_index"]] - points[:, INDEX["left_heel"]]
    flat = np.degrees(np.arctan2(0.002, 0.124))  # the toe lies a little below the heel of a flat foot
    return np.degrees(np.arctan2(-foot[:, 1], np.hypot(foot[:, 0], foot[:, 2]))) - flat


HEEL_RAISE = Move(
    MappingProxyType({"pitch_deg": 0.0, "knee_deg": _STANDING_FLEXION_DEG, "lean_deg": _STANDING_LEAN_DEG}), _heels, _pitch_deg,
    MappingProxyType({}), Camera(),
)  # fmt: skip
heel_raise_set = partial(move_set, HEEL_RAISE)
"""A set of ``HeelRep``; see ``move_set``."""
