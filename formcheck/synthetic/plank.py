"""Scripted planks: on the forearms, or with straight arms against a wall or a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture, planted_ankle
from formcheck.synthetic.camera import Camera, Recording, Script
from formcheck.synthetic.tracks import HoldTruth, SyntheticSet, record_script, segment_tracks

if TYPE_CHECKING:
    from collections.abc import Sequence

PLANK_CAMERA = Camera(height_m=0.4, look_at_m=0.4, distance_m=3.4, size_px=(854, 480), fov_deg=40.0)
"""A camera near the floor at the person's left side; the person lies across the picture."""
_ELBOW_HEIGHT_M = 0.045
"""Height of the elbow landmark of a forearm on the floor. Default."""
_TOES_PITCH_DEG = 75.0
"""Pitch of the feet on their toes. Default."""
_NECK_DEG = -12.0
"""Nod of a head that is held up. Default."""


@dataclass(frozen=True, slots=True)
class PlankSegment:
    """One part of a hold. It blends in over 0.8 s.

    Attributes
    ----------
    for_s : float
        Duration.
    sag_deg : float
        180 minus the angle shoulder-hip-ankle, + hips low, - hips high.
    knee_deg : float
        Knee flexion.
    head_deg : float
        Nod, + chin to the chest.
    elbow_deg : float
        Upper arm from the vertical, + elbows too far forward.
    """

    for_s: float
    sag_deg: float = 0.0
    knee_deg: float = 3.0
    head_deg: float = 0.0
    elbow_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class InclineSegment:
    """One part of a hold on straight arms. It blends in over 0.8 s.

    Attributes
    ----------
    for_s : float
        Duration.
    slope_deg : float
        Line from ankle to shoulder, from the horizontal.
    sag_deg : float
        As in ``PlankSegment``.
    """

    for_s: float
    slope_deg: float = 55.0
    sag_deg: float = 0.0


def incline_plank_set(
    segments: Sequence[InclineSegment],
    camera: Camera | None = None,
    recording: Recording | None = None,
    *,
    body: Body | None = None,
    before: Script | None = None,
) -> SyntheticSet:
    """Return a plank against a wall or a table seen by a camera.

    Parameters
    ----------
    segments : sequence of InclineSegment
    camera : Camera, optional
        Default: at the person's left side.
    recording : Recording, optional
    body : Body, optional
    before : Script, optional
        A script that comes first.

    Returns
    -------
    SyntheticSet
    """
    truth, now = segment_tracks(segments, ("slope_deg", "sag_deg"))
    script = Script(truth[-1].end_s, lambda t_s: _leaning_plank(body or Body(), **now(t_s)))
    return record_script(script, truth, camera or Camera(), recording, before)


def _leaning_plank(body: Body, slope_deg: np.ndarray, sag_deg: np.ndarray) -> np.ndarray:
    """Return (T, 33, 3) with the arms at right angles to the line from ankle to shoulder. Every argument is (T,)."""
    line_m = np.sqrt(
        body.torso_m**2 + body.reach_m(3.0) ** 2 + 2 * body.torso_m * body.reach_m(3.0) * np.cos(np.radians(sag_deg))
    )
    straight = np.full(len(slope_deg), 3.0)
    ankle_m = planted_ankle(
        body, np.full((1, 2, 3), body.ankle_height_m), np.full((1, 2), _TOES_PITCH_DEG), np.zeros((1, 2))
    )
    height_m = ankle_m[0, 0, 1] + line_m * np.sin(np.radians(slope_deg))
    arms = Arms(flexion_deg=slope_deg, abduction_deg=2.0, elbow_deg=0.0)
    return prone(body, height_m, sag_deg, straight, straight - 10.0, arms)


def plank_set(
    segments: Sequence[PlankSegment],
    camera: Camera | None = None,
    recording: Recording | None = None,
    *,
    body: Body | None = None,
    before: Script | None = None,
) -> SyntheticSet:
    """Return a plank seen by a camera.

    Parameters
    ----------
    segments : sequence of PlankSegment
    camera : Camera, optional
        Default: ``PLANK_CAMERA``, the left side near and the head on the left.
    recording : Recording, optional
    body : Body, optional
    before : Script, optional
        A script that comes first.

    Returns
    -------
    SyntheticSet
    """
    script, truth = plank_script(segments, body or Body())
    return record_script(script, truth, camera or PLANK_CAMERA, recording, before)


def plank_script(segments: Sequence[PlankSegment], body: Body) -> tuple[Script, list[HoldTruth]]:
    """Return the hold and its truth.

    Parameters
    ----------
    segments : sequence of PlankSegment
    body : Body

    Returns
    -------
    script : Script
    truth : list
        One HoldTruth for each segment; its times include its blend.
    """
    truth, now = segment_tracks(segments, ("sag_deg", "knee_deg", "head_deg", "elbow_deg"))
    return Script(truth[-1].end_s, lambda t_s: forearm_plank(body, **now(t_s))), truth


def forearm_plank(
    body: Body, sag_deg: np.ndarray, knee_deg: np.ndarray, head_deg: np.ndarray, elbow_deg: np.ndarray
) -> np.ndarray:
    """Return landmarks of a plank on forearms and toes.

    Parameters
    ----------
    body : Body
    sag_deg, knee_deg, head_deg, elbow_deg : (T,) array
        As in ``PlankSegment``.

    Returns
    -------
    (T, 33, 3) array
        Landmarks in metres.
    """
    up_m = _ELBOW_HEIGHT_M + body.upper_arm_m * np.cos(np.radians(elbow_deg))
    forearm = np.broadcast_to([0.0, 0.0, 1.0], (len(sag_deg), 2, 3))
    arms = Arms(flexion_deg=elbow_deg, abduction_deg=2.0, forearm=forearm)
    return prone(body, up_m, sag_deg, knee_deg, _NECK_DEG + head_deg, arms)


def prone(
    body: Body,
    shoulder_height_m: np.ndarray,
    sag_deg: np.ndarray,
    knee_deg: np.ndarray,
    head_deg: np.ndarray,
    arms: Arms,
) -> np.ndarray:
    """Return a body on its toes and arms, head forward, its middle near the origin.

    Parameters
    ----------
    body : Body
    shoulder_height_m, sag_deg, knee_deg, head_deg : (T,) array
    arms : Arms

    Returns
    -------
    (T, 33, 3) array
        Landmarks in metres.
    """
    n = len(sag_deg)
    pitch, flat = np.full((n, 2), _TOES_PITCH_DEG), np.zeros((n, 2))
    place = np.zeros((n, 2, 3))
    place[..., 0], place[..., 1] = SIDE_SIGN * body.hip_width_m / 2, body.ankle_height_m
    ankle = planted_ankle(body, place, pitch, flat)
    trunk, leg, bend = body.torso_m, body.reach_m(knee_deg), np.radians(sag_deg)
    whole = np.sqrt(trunk**2 + leg**2 + 2 * trunk * leg * np.cos(bend))
    rise = np.arcsin((shoulder_height_m - ankle[:, 0, 1]) / whole)
    at_ankle = rise - np.sign(bend) * np.arccos(np.clip((whole**2 + leg**2 - trunk**2) / (2 * whole * leg), -1, 1))
    hip = ankle.copy()
    hip[..., 0] = SIDE_SIGN * body.hip_width_m / 2
    hip[..., 1] += (leg * np.sin(at_ankle))[:, None]
    hip[..., 2] += (leg * np.cos(at_ankle))[:, None]
    knee = _knees_down(body, hip, ankle)
    trunk_rise = at_ankle + bend
    posture = Posture(hip, knee, ankle, 90 - np.degrees(trunk_rise), 0.0, pitch, 0.0, head_deg, arms)
    points = posture.landmarks_m(body)
    return points - [0.0, 0.0, 0.45 * body.height_m]


def _knees_down(body: Body, hip: np.ndarray, ankle: np.ndarray) -> np.ndarray:
    """Return knees (T, 2, 3) that bend towards the floor, in the plane of hip, ankle and the vertical."""
    line = ankle - hip
    length = np.linalg.norm(line, axis=-1, keepdims=True)
    u = line / length
    along = (body.thigh_m**2 - body.shank_m**2 + length**2) / (2 * length)
    out = np.sqrt(np.maximum(body.thigh_m**2 - along**2, 0.0))
    down = np.array([0.0, -1.0, 0.0]) + u[..., 1:2] * u
    knee: np.ndarray = hip + u * along + out * down / np.linalg.norm(down, axis=-1, keepdims=True)
    return knee
