"""Scripted wall sits, seen from the side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture
from formcheck.synthetic.camera import Camera, Recording, Script
from formcheck.synthetic.tracks import HoldTruth, SyntheticSet, record_script, segment_tracks

if TYPE_CHECKING:
    from collections.abc import Sequence

_HALF_STANCE_M = 0.13
"""Distance of each ankle from the middle. Default."""


@dataclass(frozen=True, slots=True)
class WallSitSegment:
    """One part of a hold. It blends in over 0.8 s.

    Attributes
    ----------
    for_s : float
        Duration.
    depth_deg : float
        Knee flexion.
    shank_deg : float
        Shank from the vertical, + knees ahead of the heels.
    lean_deg : float
        Trunk from the vertical, + forward.
    """

    for_s: float
    depth_deg: float = 85.0
    shank_deg: float = 2.0
    lean_deg: float = 1.0


def wall_sit_set(
    segments: Sequence[WallSitSegment],
    camera: Camera | None = None,
    recording: Recording | None = None,
    *,
    body: Body | None = None,
    before: Script | None = None,
) -> SyntheticSet:
    """Return a wall sit seen by a camera. The person already sits when the recording begins.

    Parameters
    ----------
    segments : sequence of WallSitSegment
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
    script, truth = wall_sit_script(segments, body or Body())
    return record_script(script, truth, camera or Camera(), recording, before)


def wall_sit_script(segments: Sequence[WallSitSegment], body: Body) -> tuple[Script, list[HoldTruth]]:
    """Return the hold and its truth.

    Parameters
    ----------
    segments : sequence of WallSitSegment
    body : Body

    Returns
    -------
    script : Script
    truth : list
        One HoldTruth for each segment; its times include its blend.
    """
    truth, now = segment_tracks(segments, ("depth_deg", "shank_deg", "lean_deg"))
    return Script(truth[-1].end_s, lambda t_s: _against_the_wall(body, **now(t_s))), truth


def _against_the_wall(body: Body, depth_deg: np.ndarray, shank_deg: np.ndarray, lean_deg: np.ndarray) -> np.ndarray:
    """Return (T, 33, 3). Every argument is (T,)."""
    n = len(depth_deg)
    shank, thigh = np.radians(shank_deg), np.radians(depth_deg - shank_deg)
    ankle = np.zeros((n, 2, 3))
    ankle[..., 0], ankle[..., 1] = SIDE_SIGN * _HALF_STANCE_M, body.ankle_height_m
    knee = ankle + body.shank_m * _in_plane(np.sin(shank), np.cos(shank))
    hip = knee + body.thigh_m * _in_plane(-np.sin(thigh), np.cos(thigh))
    hip[..., 0] = SIDE_SIGN * body.hip_width_m / 2
    arms = Arms(flexion_deg=25.0, abduction_deg=8.0, elbow_deg=40.0)
    return Posture(hip, knee, ankle, lean_deg, 0.0, 0.0, 8.0, 0.0, arms).landmarks_m(body)


def _in_plane(forward: np.ndarray, up: np.ndarray) -> np.ndarray:
    return np.stack([0 * up, up, forward], -1)[:, None]
