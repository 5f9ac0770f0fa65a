"""Scripted side planks on a forearm, the chest towards the camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.model.skeleton import INDEX, MIRROR
from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture
from formcheck.synthetic.camera import Camera, Recording, Script
from formcheck.synthetic.plank import PLANK_CAMERA
from formcheck.synthetic.tracks import HoldTruth, SyntheticSet, record_script, segment_tracks

if TYPE_CHECKING:
    from collections.abc import Sequence

_ARM = ("shoulder", "elbow", "wrist", "index", "pinky", "thumb")
"""Landmarks that move with the upper shoulder."""


@dataclass(frozen=True, slots=True)
class SidePlankSegment:
    """One part of a hold. It blends in over 0.8 s.

    Attributes
    ----------
    for_s : float
        Duration.
    support : {"left", "right"}
        The side that is down. The first segment's holds for all.
    hips_deg : float
        Bend at the hips, + hips high, - hips low.
    elbow_deg : float
        Upper arm from the vertical, + elbow towards the feet.
    roll_ratio : float
        Shift of the upper shoulder along the body, in trunk lengths, + towards the head.
    legs : {"straight", "knees"}
        On the feet, or on the bent knees.
    """

    for_s: float
    support: Literal["left", "right"] = "left"
    hips_deg: float = 0.0
    elbow_deg: float = 0.0
    roll_ratio: float = 0.0
    legs: Literal["straight", "knees"] = "straight"


def side_plank_set(
    segments: Sequence[SidePlankSegment],
    camera: Camera | None = None,
    recording: Recording | None = None,
    *,
    body: Body | None = None,
    before: Script | None = None,
) -> SyntheticSet:
    """Return a side plank seen by a camera.

    Parameters
    ----------
    segments : sequence of SidePlankSegment
    camera : Camera, optional
        Default: near the floor, at azimuth 0, in front of the chest.
    recording : Recording, optional
    body : Body, optional
    before : Script, optional
        A script that comes first.

    Returns
    -------
    SyntheticSet
    """
    script, truth = side_plank_script(segments, body or Body())
    low = PLANK_CAMERA
    ahead = Camera(0.0, low.height_m, low.distance_m, low.look_at_m, low.fov_deg, size_px=low.size_px)
    return record_script(script, truth, camera or ahead, recording, before)


def side_plank_script(segments: Sequence[SidePlankSegment], body: Body) -> tuple[Script, list[HoldTruth]]:
    """Return the hold and its truth.

    Parameters
    ----------
    segments : sequence of SidePlankSegment
    body : Body

    Returns
    -------
    script : Script
    truth : list
        One HoldTruth for each segment; its times include its blend.
    """
    truth, now = segment_tracks(segments, ("hips_deg", "elbow_deg", "roll_ratio"), side=segments[0].support)
    on_knees = segments[0].legs == "knees"

    def landmarks_m(t_s: np.ndarray) -> np.ndarray:
        points = _on_the_left(body, **now(t_s), on_knees=on_knees)
        if segments[0].support == "right":
            points = points[:, MIRROR] * [-1.0, 1.0, 1.0]
        return points

    return Script(truth[-1].end_s, landmarks_m), truth


def _on_the_left(
    body: Body, hips_deg: np.ndarray, elbow_deg: np.ndarray, roll_ratio: np.ndarray, on_knees: bool
) -> np.ndarray:
    """Return (T, 33, 3): a standing body, bent sideways, tipped to its left and laid on elbow and foot (or knee)."""
    n = len(hips_deg)
    tipped = np.full(n, 75.0)
    for _ in range(8):  # a fixed point: the arm hangs straight down, however the body is tipped
        points = _before_tipping(body, hips_deg, tipped + elbow_deg, roll_ratio, on_knees)
        up = points[:, INDEX["left_elbow"]] - points[:, INDEX["left_knee" if on_knees else "left_ankle"]]
        tipped = np.degrees(np.arctan2(up[:, 1], up[:, 0]))
    w = np.radians(tipped)[:, None]
    x, y, z = np.moveaxis(points, -1, 0)
    points = np.stack([x * np.cos(w) + y * np.sin(w), y * np.cos(w) - x * np.sin(w), z], -1)
    points[..., 1] += 0.045 - points[:, INDEX["left_elbow"], 1][:, None]
    points[..., 0] -= points[:, [INDEX["left_hip"], INDEX["right_hip"]], 0].mean(axis=1)[:, None]
    return points


def _before_tipping(
    body: Body, hips_deg: np.ndarray, abduction_deg: np.ndarray, roll_ratio: np.ndarray, on_knees: bool
) -> np.ndarray:
    """Return (T, 33, 3) of the body before it is tipped. Array arguments are (T,)."""
    n = len(hips_deg)
    hip = np.zeros((n, 2, 3))
    hip[..., 0] = SIDE_SIGN * body.hip_width_m / 2
    knee = hip - [0.0, body.thigh_m, 0.0]
    knee[..., 0] = SIDE_SIGN * 0.04
    ankle = knee - ([0.0, 0.0, body.shank_m] if on_knees else [0.0, body.shank_m, 0.0])
    abduction = np.stack([abduction_deg, np.full(n, 4.0)], -1)
    forearm = np.broadcast_to([[0.0, 0.0, 1.0], [0.0, -1.0, 0.0]], (n, 2, 3))
    arms = Arms(flexion_deg=0.0, abduction_deg=abduction, forearm=forearm)
    points = Posture(hip, knee, ankle, np.zeros(n), hips_deg, 0.0, 0.0, 0.0, arms).landmarks_m(body)
    bend = np.radians(hips_deg)
    along = np.stack([np.sin(bend), np.cos(bend), 0 * bend], -1) * (roll_ratio * body.torso_m)[:, None]
    for joint in _ARM:
        points[:, INDEX[f"right_{joint}"]] += along
    return points
