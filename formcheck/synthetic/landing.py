"""Scripted jumps and hops: a dip, a flight, a landing that is held, and standing up again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.model.skeleton import MIRROR
from formcheck.synthetic.body import Body, knee_flexion_deg
from formcheck.synthetic.camera import Camera, Recording, Script
from formcheck.synthetic.standing import ON_HIPS
from formcheck.synthetic.standing_body import StandingBody, stand_on_floor
from formcheck.synthetic.tracks import RepTruth, SyntheticSet, record_script, track

if TYPE_CHECKING:
    from collections.abc import Sequence

_STANDING_DEG, _READY_DEG = 5.0, 10.0
"""Knee flexion when standing and in flight. Defaults."""
_TOES_DEG = 25.0
"""Pitch of the feet in flight, toes down. Default."""
_LIFT_S, _DIP_S, _PUSH_S = 0.5, 0.45, 0.22
"""Times before the flight: lifting the other leg (hop), dip, push-off. Defaults."""
_GIVE_S, _LOW_S, _EASE_S = 0.25, 0.1, 0.35
"""Times after touching down: to the deepest point, at it, and up to the held depth. Defaults."""
_UP_S, _DOWN_S, _REST_S, _REST_FIRST_S = 0.7, 0.4, 1.4, 1.6
"""Times of standing up, of lowering the other leg (hop), and of rest after each repetition and before the first. Defaults."""
_G_M_PER_S2 = 9.81
"""Acceleration of gravity."""


@dataclass(frozen=True, slots=True)
class LandingRep:
    """One jump or hop, from standing to standing.

    Attributes
    ----------
    side : {"left", "right"} or None
        The leg of a hop; None = a jump with both legs.
    jump_m : float
        Height.
    dip_deg : float
        Knee flexion before the flight.
    depth_deg : float
        Knee flexion at the deepest point of the landing.
    held_share, hold_s : float
        The depth eases to this share of it and is held for this time.
    knees_in_deg : float
        Thighs inwards and shanks outwards at the deepest point.
    asymmetry_deg : float
        Left knee more bent, right knee less, at the deepest point.
    side_lean_deg : float
        Trunk to the left (hop: to the leg that lands) at the deepest point.
    pelvis_deg : float
        Other side of the pelvis down at the deepest point.
    step_m, step_after_s : float
        A foot moves outwards by this distance, this time after the landing.
    """

    side: Literal["left", "right"] | None = None
    jump_m: float = 0.2
    dip_deg: float = 45.0
    depth_deg: float = 65.0
    held_share: float = 0.5
    hold_s: float = 2.2
    knees_in_deg: float = 0.0
    asymmetry_deg: float = 0.0
    side_lean_deg: float = 0.0
    pelvis_deg: float = 0.0
    step_m: float = 0.0
    step_after_s: float = 0.6

    @property
    def flight_s(self) -> float:
        """Duration of the flight (s)."""
        return 2.0 * math.sqrt(2.0 * self.jump_m / _G_M_PER_S2)

    @property
    def lands_s(self) -> float:
        """Time of touching down, from the beginning of the repetition (s)."""
        return (_LIFT_S if self.side else 0.0) + _DIP_S + _PUSH_S + self.flight_s

    @property
    def stands_s(self) -> float:
        """Time when the body is up again, from the beginning of the repetition (s)."""
        return self.lands_s + _GIVE_S + _LOW_S + _EASE_S + self.hold_s + _UP_S

    @property
    def total_s(self) -> float:
        """Duration of the repetition with its rest (s)."""
        return self.stands_s + (_DOWN_S if self.side else 0.0) + _REST_S


def landing_set(
    reps: Sequence[LandingRep],
    camera: Camera | None = None,
    recording: Recording | None = None,
    *,
    body: Body | None = None,
    before: Script | None = None,
) -> SyntheticSet:
    """Return a set of jumps or hops seen by a camera.

    Parameters
    ----------
    reps : sequence of LandingRep
    camera : Camera, optional
        Default: in front.
    recording : Recording, optional
    body : Body, optional
    before : Script, optional
        A script that comes first.

    Returns
    -------
    SyntheticSet
        The times of the truth are those of the landing, from touching down.
    """
    script, truth = landing_script(reps, body or Body())
    return record_script(script, truth, camera or Camera(0), recording, before)


def landing_script(reps: Sequence[LandingRep], body: Body) -> tuple[Script, list[RepTruth]]:
    """Return the movement and its truth, after 1.6 s of standing.

    Parameters
    ----------
    reps : sequence of LandingRep
    body : Body

    Returns
    -------
    script : Script
    truth : list
        One RepTruth for each repetition.
    """
    parts = [
        Script(
            _REST_FIRST_S, lambda t_s: stand_on_floor(body, len(t_s), StandingBody(_STANDING_DEG / 2, _STANDING_DEG))
        )
    ]
    parts += [Script(rep.total_s, partial(_landmarks, rep, body)) for rep in reps]
    script, truth, start = reduce(Script.then, parts), [], _REST_FIRST_S
    for index, rep in enumerate(reps, start=1):
        lands = start + rep.lands_s
        turn = lands + _GIVE_S + _LOW_S / 2
        knees = knee_flexion_deg(script.landmarks_m(np.array([turn])))[0]
        depth = knees.mean() if rep.side is None else knees[0 if rep.side == "left" else 1]
        truth.append(RepTruth(index, rep.side, lands, turn, start + rep.stands_s, float(depth), rep))
        start += rep.total_s
    return script, truth


def _landmarks(rep: LandingRep, body: Body, t_s: np.ndarray) -> np.ndarray:
    lift = _LIFT_S if rep.side else 0.0
    dip, off, lands = lift + _DIP_S, lift + _DIP_S + _PUSH_S, rep.lands_s
    deep, held = lands + _GIVE_S, lands + _GIVE_S + _LOW_S + _EASE_S
    ends = held + rep.hold_s
    ease = _STANDING_DEG + rep.held_share * (rep.depth_deg - _STANDING_DEG)
    bend = track(
        t_s,
        [
            (lift, _STANDING_DEG),
            (dip, rep.dip_deg),
            (off, _READY_DEG),
            (lands, _READY_DEG),
            (deep, rep.depth_deg),
            (deep + _LOW_S, rep.depth_deg),
            (held, ease),
            (ends, ease),
            (rep.stands_s, _STANDING_DEG),
        ],
    )
    toes = track(t_s, [(off - 0.1, 0.0), (off, _TOES_DEG), (lands, _TOES_DEG), (lands + 0.08, 0.0)])
    share = track(t_s, [(lands, 0.0), (deep, 1.0), (deep + _LOW_S, 1.0), (ends, 0.0)])
    aloft = np.clip(t_s - off, 0.0, rep.flight_s)
    up_m = _G_M_PER_S2 / 2 * aloft * (rep.flight_s - aloft)
    moved = rep.step_m * track(t_s, [(lands + rep.step_after_s, 0.0), (lands + rep.step_after_s + 0.2, 1.0)])
    moved = moved * (1.0 - track(t_s, [(ends, 0.0), (rep.stands_s, 1.0)]))
    lean = 2.0 + 0.4 * (bend - _STANDING_DEG)
    if rep.side is None:
        return _on_both(rep, body, bend, share, (toes, up_m, moved, lean))
    points = _on_one(rep, body, t_s, bend, share, (toes, up_m, moved, lean))
    return points if rep.side == "left" else points[:, MIRROR] * [-1, 1, 1]


def _on_both(
    rep: LandingRep, body: Body, bend: np.ndarray, share: np.ndarray, more: tuple[np.ndarray, ...]
) -> np.ndarray:
    toes, up_m, moved, lean = more
    knees = bend[:, None] + share[:, None] * rep.asymmetry_deg * np.array([0.5, -0.5])
    out = np.degrees(moved / (2 * body.thigh_m))[:, None] * np.array([1.0, 0.0])
    inwards = (rep.knees_in_deg * share)[:, None]
    shorter_m = body.reach_m(knees[:, 1]) - body.reach_m(knees[:, 0])
    tilt = np.degrees(np.arcsin(np.clip(-shorter_m / body.hip_width_m, -1.0, 1.0)))  # both feet are on the floor
    pose = StandingBody(
        hip_flexion_deg=knees / 2,
        knee_flexion_deg=knees,
        abduction_deg=3.0 - inwards + out,
        shank_abduction_deg=3.0 + inwards + out,
        foot_pitch_deg=toes,
        lean_deg=lean,
        side_lean_deg=rep.side_lean_deg * share,
        jump_m=up_m,
        anchor="ankle",
        pelvis_deg=tilt,
    )
    return stand_on_floor(body, len(bend), pose)


def _on_one(
    rep: LandingRep, body: Body, t_s: np.ndarray, bend: np.ndarray, share: np.ndarray, more: tuple[np.ndarray, ...]
) -> np.ndarray:
    """Return a hop on the left leg. The other knee is bent until the body is up again."""
    toes, up_m, moved, lean = more
    other = track(
        t_s, [(0.0, _STANDING_DEG), (_LIFT_S, 85.0), (rep.stands_s, 85.0), (rep.stands_s + _DOWN_S, _STANDING_DEG)]
    )
    inwards, flat = rep.knees_in_deg * share, 0.0 * bend
    pose = StandingBody(
        hip_flexion_deg=np.stack([bend / 2, flat], -1),
        knee_flexion_deg=np.stack([bend, other], -1),
        abduction_deg=np.stack([-inwards, flat], -1),
        shank_abduction_deg=np.stack([inwards, flat], -1),
        foot_pitch_deg=np.stack([toes, flat], -1),
        lean_deg=lean,
        side_lean_deg=rep.side_lean_deg * share,
        pelvis_deg=rep.pelvis_deg * share,
        arms=ON_HIPS,
        anchor="left",
        jump_m=up_m,
    )
    points = stand_on_floor(body, len(bend), pose)
    points[..., 0] += moved[:, None]
    return points
