"""Scripted standing in balance: on one leg, heel to toe, feet together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture, bend_knee
from formcheck.synthetic.camera import Camera, Recording, Script
from formcheck.synthetic.tracks import HoldTruth, SyntheticSet, record_script, track

if TYPE_CHECKING:
    from collections.abc import Sequence

BALANCE_CAMERA = Camera(azimuth_deg=0.0, height_m=0.6, distance_m=3.2)
"""A camera in front, at knee height."""
_REST_S, _BLEND_S = 1.6, 0.25
"""Rest between holds, and time of a change of posture. Defaults."""
_STANDS_M, _TOGETHER_M, _LINE_M = 0.12, 0.045, 0.005
"""Distance of each ankle from the middle: at rest, with the feet together, heel to toe. Defaults."""
_SUPPORT_FLEXION_DEG = 5.0
"""Flexion of the support knee. Default."""


@dataclass(frozen=True, slots=True)
class StanceHold:
    """One hold between two rests on both feet.

    Attributes
    ----------
    for_s : float
        Duration.
    feet : {"one_leg", "tandem", "together"}
    support : {"left", "right"}
        The side that carries; heel to toe: the side of the front foot.
    lift_m : float
        Free foot off the floor.
    lean_deg : float
        Trunk to the support side.
    drop_deg : float
        Free side of the pelvis low.
    shift_m : (float, float)
        Support foot outwards and ahead, from the middle of the hold on.
    hands_deg : (float, float)
        Left and right arm raised sideways, from the middle of the hold on.
    topple_deg : float
        Trunk to the support side, from the middle of the hold on.
    bend_deg : float
        Flexion of the support knee, from the middle of the hold on.
    """

    for_s: float
    feet: Literal["one_leg", "tandem", "together"] = "one_leg"
    support: Literal["left", "right"] = "left"
    lift_m: float = 0.18
    lean_deg: float = 0.0
    drop_deg: float = 0.0
    shift_m: tuple[float, float] = (0.0, 0.0)
    hands_deg: tuple[float, float] = (0.0, 0.0)
    topple_deg: float = 0.0
    bend_deg: float = 0.0


def stance_set(
    holds: Sequence[StanceHold],
    camera: Camera | None = None,
    recording: Recording | None = None,
    *,
    body: Body | None = None,
    before: Script | None = None,
) -> SyntheticSet:
    """Return holds seen by a camera, each after 1.6 s on both feet, apart.

    Parameters
    ----------
    holds : sequence of StanceHold
    camera : Camera, optional
        Default: ``BALANCE_CAMERA``.
    recording : Recording, optional
    body : Body, optional
    before : Script, optional
        A script that comes first.

    Returns
    -------
    SyntheticSet
        The times of the truth are those of the free foot off the floor, or of the feet in their place.
    """
    script, truth = stance_script(holds, body or Body())
    return record_script(script, truth, camera or BALANCE_CAMERA, recording, before)


def stance_script(holds: Sequence[StanceHold], body: Body) -> tuple[Script, list[HoldTruth]]:
    """Return the movement and its truth.

    Parameters
    ----------
    holds : sequence of StanceHold
    body : Body

    Returns
    -------
    script : Script
    truth : list
        One HoldTruth for each hold.
    """
    starts = _REST_S + np.concatenate([[0.0], np.cumsum([hold.for_s + _REST_S for hold in holds])])
    truth = [
        HoldTruth(index, float(start), float(start + hold.for_s), 0.0, hold, hold.support)
        for index, (hold, start) in enumerate(zip(holds, starts, strict=False), start=1)
    ]

    def landmarks_m(t_s: np.ndarray) -> np.ndarray:
        return _landmarks(t_s, holds, starts, body)

    return Script(float(starts[-1]) + 0.4, landmarks_m), truth


def _landmarks(t_s: np.ndarray, holds: Sequence[StanceHold], starts: np.ndarray, body: Body) -> np.ndarray:
    n = len(t_s)
    ankle = np.zeros((n, 2, 3))
    ankle[..., 0], ankle[..., 1] = SIDE_SIGN * _STANDS_M, body.ankle_height_m
    lean, drop, over, bend = (np.zeros(n) for _ in range(4))
    hands = np.zeros((n, 2))
    for hold, start in zip(holds, starts, strict=False):
        end, carrier = start + hold.for_s, 0 if hold.support == "left" else 1
        # A foot that is lifted leaves the floor as the hold begins; feet that are put somewhere are there by then.
        early = 0.0 if hold.feet == "one_leg" else _BLEND_S
        inside = track(
            t_s,
            [(start - early, 0.0), (start - early + _BLEND_S, 1.0), (end + early - _BLEND_S, 1.0), (end + early, 0.0)],
        )
        half = (start + end) / 2
        middle = track(t_s, [(half, 0.0), (half + _BLEND_S, 1.0), (end + early, 1.0), (end + early + _BLEND_S, 0.0)])
        sign = SIDE_SIGN[carrier]
        lean += (inside * hold.lean_deg + middle * hold.topple_deg) * sign
        drop += inside * hold.drop_deg * sign
        bend += middle * hold.bend_deg
        hands += middle[:, None] * hold.hands_deg
        ankle[:, carrier, 0] += middle * hold.shift_m[0] * sign
        ankle[:, carrier, 2] += middle * hold.shift_m[1]
        if hold.feet == "one_leg":
            ankle[:, 1 - carrier, 1] += inside * hold.lift_m
            over += inside * 0.7 * _STANDS_M * sign
        else:
            aside = _LINE_M if hold.feet == "tandem" else _TOGETHER_M
            ankle[..., 0] += inside[:, None] * SIDE_SIGN * (aside - _STANDS_M)
            if hold.feet == "tandem":
                foot_m = body.toe_m[2] - body.heel_m[2]
                ankle[:, carrier, 2] += inside * foot_m / 2
                ankle[:, 1 - carrier, 2] -= inside * foot_m / 2
    hip = _hips(body, ankle, over, drop, _SUPPORT_FLEXION_DEG + bend)
    knee = bend_knee(body, hip, ankle, ankle[..., 0], np.ones((n, 2)))
    arms = Arms(flexion_deg=6.0, abduction_deg=10 + hands, elbow_deg=10.0)
    return Posture(hip, knee, ankle, np.full(n, 2.0), lean, 0.0, 8.0, -1.0, arms).landmarks_m(body)


def _hips(
    body: Body, ankle: np.ndarray, over_m: np.ndarray, drop_deg: np.ndarray, flexion_deg: np.ndarray
) -> np.ndarray:
    """Return hips over the feet, as high as the leg of the lower foot reaches. + ``drop_deg``: the right side is low."""
    half, tilt = body.hip_width_m / 2, np.radians(drop_deg)
    hip = np.zeros_like(ankle)
    hip[..., 0] = over_m[:, None] + SIDE_SIGN * half * np.cos(tilt)[:, None]
    hip[..., 2] = ankle[..., 2].mean(1, keepdims=True)
    hip[..., 1] = SIDE_SIGN * half * np.sin(tilt)[:, None]
    flat = ((hip - ankle)[..., [0, 2]] ** 2).sum(-1)
    reach = body.reach_m(flexion_deg)[:, None]
    highest = ankle[..., 1] + np.sqrt(np.maximum(reach**2 - flat, 1e-4)) - hip[..., 1]
    hip[..., 1] += highest.min(axis=1, keepdims=True)
    return hip
