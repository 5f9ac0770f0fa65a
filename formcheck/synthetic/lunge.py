"""Scripted lunges: a step forward and back, or down and up in a split stance."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial, reduce
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.errors import SpecError
from formcheck.model.skeleton import MIRROR
from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture, bend_knee, knee_flexion_deg, planted_ankle
from formcheck.synthetic.camera import Camera, Recording, Script
from formcheck.synthetic.tracks import RepetitionTempo, RepTruth, SyntheticSet, record_script, smooth

if TYPE_CHECKING:
    from collections.abc import Sequence

_STANDING_FLEXION_DEG, _SPLIT_FLEXION_DEG = 5.0, 15.0
"""Flexion of the front knee at rest, when standing and in a split stance. Defaults."""
_SPLIT_STEP_HEIGHTS, _SPLIT_SHANK_DEG = 0.4, -14.0
"""Split stance: distance of the feet in body heights, and forward inclination of the front shank at rest. Defaults."""
_REAR_PITCH_DEG = 58.0
"""Greatest pitch of the rear foot, heel up. Default."""
_FOOT_OUT_DEG = 4.0
"""Angle of the feet, toes out. Default."""
_WOBBLE_HZ = 2.5
"""Frequency of a wobbling knee. Default."""


@dataclass(frozen=True, slots=True)
class LungeRep:
    """One repetition. Every value is reached at the deepest point.

    Attributes
    ----------
    side : {"left", "right"}
        The leg in front.
    depth_deg : float
        Flexion of the front knee.
    lean_deg : float
        Trunk forward.
    heel_pitch_deg : float
        Front heel off the floor.
    knee_medial_ratio : float
        Front knee inwards of its toe, in shank lengths.
    width_ratio : float
        Distance of the feet sideways, in hip widths.
    side_lean_deg : float
        Trunk towards the front leg.
    wobble_ratio : float
        Swing of the front knee to either side at 2.5 Hz, in shank lengths.
    tempo : RepetitionTempo
    """

    side: Literal["left", "right"] = "left"
    depth_deg: float = 95.0
    lean_deg: float = 4.0
    heel_pitch_deg: float = 0.0
    knee_medial_ratio: float = 0.0
    width_ratio: float = 1.0
    side_lean_deg: float = 0.0
    wobble_ratio: float = 0.0
    tempo: RepetitionTempo = field(default_factory=lambda: RepetitionTempo(1.4, 0.3, 1.2, 0.8))


def lunge_set(
    reps: Sequence[LungeRep],
    camera: Camera | None = None,
    recording: Recording | None = None,
    *,
    step: bool = True,
    body: Body | None = None,
    before: Script | None = None,
) -> SyntheticSet:
    """Return a set of lunges seen by a camera.

    Parameters
    ----------
    reps : sequence of LungeRep
    camera : Camera, optional
        Default: at the person's left side.
    recording : Recording, optional
    step : bool
        True: a step forward and back each time. False: down and up in a split stance.
    body : Body, optional
    before : Script, optional
        A script that comes first.

    Returns
    -------
    SyntheticSet

    Raises
    ------
    SpecError
        ``synthetic_side``: the legs change in a split stance.
    """
    if not step and len({rep.side for rep in reps}) > 1:
        raise SpecError(
            "In a split stance every repetition needs the same side; use step=True to change legs.",
            code="synthetic_side",
        )
    script, truth = lunge_script(reps, body or Body(), step)
    return record_script(script, truth, camera, recording, before)


def lunge_script(reps: Sequence[LungeRep], body: Body, step: bool = True) -> tuple[Script, list[RepTruth]]:
    """Return the movement and its truth, between 1.6 s and 1 s of standing.

    Parameters
    ----------
    reps : sequence of LungeRep
    body : Body
    step : bool
        As in ``lunge_set``.

    Returns
    -------
    script : Script
    truth : list
        One RepTruth for each repetition.
    """
    first, last = reps[0], reps[-1]
    parts = [Script(1.6, partial(_landmarks, first, body, step, still=True))]
    parts += [Script(rep.tempo.total_s, partial(_landmarks, rep, body, step)) for rep in reps]
    parts.append(Script(1.0, partial(_landmarks, last, body, step, still=True)))
    script = reduce(Script.then, parts)
    truth, start = [], 1.6
    for index, rep in enumerate(reps, start=1):
        turn = start + rep.tempo.down_s + rep.tempo.pause_s / 2
        flexion = knee_flexion_deg(script.landmarks_m(np.array([turn])))[0, 0 if rep.side == "left" else 1]
        end = start + rep.tempo.total_s - rep.tempo.rest_s
        truth.append(RepTruth(index, rep.side, start, turn, end, float(flexion), rep))
        start += rep.tempo.total_s
    return script, truth


def _landmarks(rep: LungeRep, body: Body, step: bool, t_s: np.ndarray, still: bool = False) -> np.ndarray:
    """Return (T, 33, 3), made with the left leg in front and mirrored for the right."""
    effort = np.zeros(len(t_s)) if still else rep.tempo.effort(t_s)
    stepped = _stepped(rep.tempo, t_s) * (not still) if step else np.ones(len(t_s))
    ankle, pitch = _feet(rep, body, effort, stepped, _step_m(rep, body, step))
    hip = _hips(rep, body, ankle, effort, step)
    toe_x = ankle[:, 0, 0] + body.toe_m[2] * np.sin(np.radians(_FOOT_OUT_DEG))
    swing = rep.wobble_ratio * np.sin(2 * np.pi * _WOBBLE_HZ * t_s)
    knee_x = np.stack([toe_x + (swing - rep.knee_medial_ratio) * body.shank_m, ankle[:, 1, 0]], -1)
    knee = bend_knee(body, hip, ankle, knee_x, np.stack([smooth(effort * 2), 0 * effort], -1))
    lean, side_lean = 4 + (rep.lean_deg - 4) * effort, rep.side_lean_deg * effort
    akimbo = np.broadcast_to(SIDE_SIGN[:, None] * [-0.6, 0, 0] + [0, -0.6, 0.53], (len(t_s), 2, 3))
    arms = Arms(flexion_deg=-15.0, abduction_deg=40.0, forearm=akimbo)
    points = Posture(hip, knee, ankle, lean, side_lean, pitch, _FOOT_OUT_DEG, 0.0, arms).landmarks_m(body)
    return points if rep.side == "left" else points[:, MIRROR] * [-1, 1, 1]


def _stepped(tempo: RepetitionTempo, t_s: np.ndarray) -> np.ndarray:
    """Return how far the front foot has gone, 0..1. It lands before the deepest point and leaves after it."""
    low = tempo.down_s + tempo.pause_s
    back = smooth((t_s - low - 0.25 * tempo.up_s) / (0.75 * tempo.up_s))
    gone: np.ndarray = smooth(t_s / (0.75 * tempo.down_s)) - back
    return gone


def _step_m(rep: LungeRep, body: Body, step: bool) -> float:
    """Return the distance of the feet forward. It is longer in a deeper lunge, as far as the rear leg reaches."""
    share = 0.33 + 0.15 * float(smooth((rep.depth_deg - 35) / 60)) if step else _SPLIT_STEP_HEIGHTS
    return share * body.height_m


def _feet(
    rep: LungeRep, body: Body, effort: np.ndarray, stepped: np.ndarray, length: float
) -> tuple[np.ndarray, np.ndarray]:
    place = np.zeros((len(effort), 2, 3))
    width = body.hip_width_m * (1 + (rep.width_ratio - 1) * stepped)
    place[..., 0] = SIDE_SIGN * width[:, None] / 2
    place[..., 1] = body.ankle_height_m
    place[:, 0, 1] += 0.3 * body.ankle_height_m * 4 * stepped * (1 - stepped)
    place[:, 0, 2], place[:, 1, 2] = length * (stepped - 0.5), -length / 2
    pitch = np.stack([rep.heel_pitch_deg * effort, _REAR_PITCH_DEG * stepped * (0.25 + 0.75 * effort)], -1)
    return planted_ankle(body, place, pitch, np.full_like(pitch, _FOOT_OUT_DEG)), pitch


def _hips(rep: LungeRep, body: Body, ankle: np.ndarray, effort: np.ndarray, step: bool) -> np.ndarray:
    """Return hips (T, 2, 3).

    In a split stance the front knee has its flexion at all times. With a step the hips travel from standing to the deepest place
    and back.
    """
    hip = np.empty_like(ankle)
    hip[..., 0] = SIDE_SIGN * body.hip_width_m / 2
    low_shank = 0.1 * rep.depth_deg - 8
    if step:
        length = _step_m(rep, body, step)
        lowest, _ = _feet(rep, body, np.ones(1), np.ones(1), length)
        height, forward = _over_front_foot(body, lowest[:, 0], np.array([rep.depth_deg]), low_shank)
        standing, start = body.ankle_height_m + body.reach_m(_STANDING_FLEXION_DEG), -length / 2
        height, forward = standing + (height - standing) * effort, start + (forward - start) * effort
    else:
        flexion = _SPLIT_FLEXION_DEG + (rep.depth_deg - _SPLIT_FLEXION_DEG) * effort
        shank = _SPLIT_SHANK_DEG + (low_shank - _SPLIT_SHANK_DEG) * effort
        height, forward = _over_front_foot(body, ankle[:, 0], flexion, shank)
    hip[..., 1], hip[..., 2] = height[:, None], forward[:, None]
    return hip


def _over_front_foot(
    body: Body, foot: np.ndarray, flexion_deg: np.ndarray, shank_deg: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """Return height and forward place (T,) of the hips over a left ankle (T, 3).

    ``flexion_deg`` (T,) is that of the knee, ``shank_deg`` the forward inclination of the shank.
    """
    shank = np.radians(shank_deg)
    thigh = np.radians(flexion_deg) - shank
    forward = foot[:, 2] + body.shank_m * np.sin(shank) - body.thigh_m * np.sin(thigh)
    flat = (body.hip_width_m / 2 - foot[:, 0]) ** 2 + (forward - foot[:, 2]) ** 2
    return foot[:, 1] + np.sqrt(np.maximum(body.reach_m(flexion_deg) ** 2 - flat, 1e-4)), forward
