"""Scripted squats."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture, bend_knee, knee_flexion_deg, planted_ankle
from formcheck.synthetic.camera import Camera, Recording, Script
from formcheck.synthetic.tracks import RepetitionTempo, RepTruth, SyntheticSet, record_script, smooth, track

if TYPE_CHECKING:
    from collections.abc import Sequence

STANDING_FLEXION_DEG = 5.0
"""Knee flexion when standing. Default."""
SHANK_SHARE = 0.28
"""Forward inclination of the shank as a share of the knee flexion."""
LEAN_SHARE = 0.42
"""Trunk lean as a share of the knee flexion that keeps the body's weight over the feet, arms held forward."""
_TOES_OUT_DEG = 10.0
"""Angle of the feet, toes out. Default."""
_STANCE_M = 0.34
"""Distance of the ankles. Default."""


@dataclass(frozen=True, slots=True)
class SquatRep:
    """One repetition. Every value is reached at the deepest point.

    Attributes
    ----------
    depth_deg : float
        Knee flexion.
    lean_deg : float or None
        Trunk from the vertical; None = as balance needs.
    side_lean_deg : float
        Trunk to the person's left.
    heel_pitch_deg : float
        Heels off the floor.
    knee_ankle_ratio : float
        Distance of the knees over distance of the ankles.
    shift_ratio : float
        Hips to the person's left, in ankle distances.
    asymmetry_deg : float
        Left minus right knee flexion.
    top_flexion_deg : float
        Knee flexion after the repetition.
    tempo : RepetitionTempo
    """

    depth_deg: float = 100.0
    lean_deg: float | None = None
    side_lean_deg: float = 0.0
    heel_pitch_deg: float = 0.0
    knee_ankle_ratio: float = 1.15
    shift_ratio: float = 0.0
    asymmetry_deg: float = 0.0
    top_flexion_deg: float = STANDING_FLEXION_DEG
    tempo: RepetitionTempo = field(default_factory=RepetitionTempo)


def squat_set(
    reps: Sequence[SquatRep],
    camera: Camera | None = None,
    recording: Recording | None = None,
    *,
    body: Body | None = None,
    before: Script | None = None,
    lead_in_s: float = 1.6,
) -> SyntheticSet:
    """Return a set of squats seen by a camera.

    Parameters
    ----------
    reps : sequence of SquatRep
    camera : Camera, optional
        Default: at the person's left side.
    recording : Recording, optional
    body : Body, optional
    before : Script, optional
        A script that comes first.
    lead_in_s : float
        Standing still before the first repetition. Negative: the recording opens inside the first repetition.

    Returns
    -------
    SyntheticSet
    """
    script, truth = squat_script(reps, body or Body(), lead_in_s)
    return record_script(script, truth, camera, recording, before)


def squat_script(reps: Sequence[SquatRep], body: Body, lead_in_s: float = 1.6) -> tuple[Script, list[RepTruth]]:
    """Return the movement and its truth. One second of standing follows the last repetition.

    Parameters
    ----------
    reps : sequence of SquatRep
    body : Body
    lead_in_s : float
        As in ``squat_set``.

    Returns
    -------
    script : Script
    truth : list
        One RepTruth for each repetition.
    """
    starts = lead_in_s + np.concatenate([[0.0], np.cumsum([rep.tempo.total_s for rep in reps])])
    script = Script(float(starts[-1]) + 1.0, lambda t_s: _landmarks(t_s, reps, starts, body))
    truth = []
    for index, (rep, start) in enumerate(zip(reps, starts, strict=False), start=1):
        turn = start + rep.tempo.down_s + rep.tempo.pause_s / 2
        end = start + rep.tempo.total_s - rep.tempo.rest_s
        depth = float(knee_flexion_deg(script.landmarks_m(np.array([turn]))).mean())
        truth.append(RepTruth(index, None, float(start), float(turn), float(end), depth, rep))
    return script, truth


def _tracks(t_s: np.ndarray, reps: Sequence[SquatRep], starts: np.ndarray) -> dict[str, np.ndarray]:
    """Return knee flexion, lean, heel pitch, knee ratio, shift, asymmetry and side lean over time, each (T,)."""
    rest = SquatRep()
    keys: dict[str, list[tuple[float, float]]] = {}
    for name in ("flexion", "lean", "heel", "ratio", "shift", "asymmetry", "side_lean"):
        keys[name] = [
            (starts[0], {"flexion": STANDING_FLEXION_DEG, "lean": 2.0, "ratio": rest.knee_ankle_ratio}.get(name, 0.0))
        ]
    for rep, start in zip(reps, starts, strict=False):
        down = start + rep.tempo.down_s
        low = down + rep.tempo.pause_s
        up = low + rep.tempo.up_s
        lean = LEAN_SHARE * rep.depth_deg if rep.lean_deg is None else rep.lean_deg
        top_lean = 2.0 + LEAN_SHARE * (rep.top_flexion_deg - STANDING_FLEXION_DEG)
        bottom = (
            rep.depth_deg,
            lean,
            rep.heel_pitch_deg,
            rep.knee_ankle_ratio,
            rep.shift_ratio,
            rep.asymmetry_deg,
            rep.side_lean_deg,
        )
        top = (rep.top_flexion_deg, top_lean, 0.0, rest.knee_ankle_ratio, 0.0, 0.0, 0.0)
        for name, at_top, at_bottom in zip(keys, top, bottom, strict=True):
            keys[name] += [(start, keys[name][-1][1]), (down, at_bottom), (low, at_bottom), (up, at_top)]
    return {name: track(t_s, points) for name, points in keys.items()}


def _landmarks(t_s: np.ndarray, reps: Sequence[SquatRep], starts: np.ndarray, body: Body) -> np.ndarray:
    now = _tracks(t_s, reps, starts)
    flexion = now["flexion"][:, None] + now["asymmetry"][:, None] * SIDE_SIGN / 2
    pitch = np.repeat(now["heel"][:, None], 2, 1)
    place = np.zeros((len(t_s), 2, 3))
    place[..., 0], place[..., 1] = SIDE_SIGN * _STANCE_M / 2, body.ankle_height_m
    ankle = planted_ankle(body, place, pitch, np.full_like(pitch, _TOES_OUT_DEG))
    hip = _hips(body, ankle, flexion, now)
    effort = smooth((flexion - STANDING_FLEXION_DEG) / 55)
    knee = bend_knee(body, hip, ankle, SIDE_SIGN * now["ratio"][:, None] * _STANCE_M / 2, effort)
    raised = effort.mean(1, keepdims=True) * np.ones(2)
    arms = Arms(flexion_deg=6 + 78 * raised, abduction_deg=10 - 6 * raised, elbow_deg=10 + 5 * raised)
    head = -0.5 * now["lean"]
    return Posture(hip, knee, ankle, now["lean"], now["side_lean"], pitch, _TOES_OUT_DEG, head, arms).landmarks_m(body)


def _hips(body: Body, ankle: np.ndarray, flexion: np.ndarray, now: dict[str, np.ndarray]) -> np.ndarray:
    """Place each hip so that its knee has exactly its flexion. Shank and thigh lean as balance needs."""
    mean = np.radians(flexion.mean(1))
    shank = SHANK_SHARE * mean + np.radians(0.3 * now["heel"])
    forward = ankle[..., 2].mean(1) + body.shank_m * np.sin(shank) - body.thigh_m * np.sin(mean - shank)
    hip = np.empty_like(ankle)
    hip[..., 0] = SIDE_SIGN * body.hip_width_m / 2 + (now["shift"] * _STANCE_M)[:, None]
    hip[..., 2] = forward[:, None]
    flat = (hip - ankle)[..., [0, 2]]
    hip[..., 1] = ankle[..., 1] + np.sqrt(np.maximum(body.reach_m(flexion) ** 2 - (flat**2).sum(-1), 1e-4))
    return hip
