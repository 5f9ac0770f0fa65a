"""A pinhole camera that films a script: exact times, exact projection, and the requested disturbances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.model.frames import Pose
from formcheck.model.skeleton import INDEX, MIRROR

if TYPE_CHECKING:
    from collections.abc import Callable

NEAR_VISIBILITY, FAR_VISIBILITY, HIDDEN_VISIBILITY = 0.99, 0.65, 0.1
"""Visibilities of the near side, of the side turned away, and outside the picture. Defaults."""
_HIDDEN_ERROR_PX = 15.0
"""Standard deviation of the place of a hidden landmark. Default."""


@dataclass(frozen=True, slots=True)
class Script:
    """A movement in time.

    Attributes
    ----------
    duration_s : float
    landmarks_m : callable
        Maps times (T,) from 0 to ``duration_s`` to landmarks (T, 33, 3) in metres.
    """

    duration_s: float
    landmarks_m: Callable[[np.ndarray], np.ndarray]

    def then(self, other: Script) -> Script:
        """Return this script followed by another.

        Parameters
        ----------
        other : Script

        Returns
        -------
        Script
        """

        def both(t_s: np.ndarray) -> np.ndarray:
            first = self.landmarks_m(np.minimum(t_s, self.duration_s))
            second = other.landmarks_m(np.maximum(t_s - self.duration_s, 0.0))
            return np.where((t_s < self.duration_s)[:, None, None], first, second)

        return Script(self.duration_s + other.duration_s, both)


@dataclass(frozen=True, slots=True)
class Camera:
    """The place of the camera and its field of view. It looks at a point above the origin.

    Attributes
    ----------
    azimuth_deg : float
        0 in front of a person at heading 0, 90 at their left side, -90 at their right, 180 behind.
    height_m, distance_m : float
    look_at_m : float
        Height of the point that it looks at.
    fov_deg : float
        Vertical field of view.
    roll_deg : float
        Rotation of the camera, clockwise.
    size_px : (int, int)
        Width and height.
    """

    azimuth_deg: float = 90.0
    height_m: float = 0.9
    distance_m: float = 3.2
    look_at_m: float = 0.9
    fov_deg: float = 45.0
    roll_deg: float = 0.0
    size_px: tuple[int, int] = (640, 480)

    def project(self, points_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Project points.

        Parameters
        ----------
        points_m : (..., 3) array

        Returns
        -------
        image_px : (..., 2) array
        seen_m : (..., 3) array
            Camera coordinates: right, down, depth.
        """
        right, down, ahead, eye = self._axes()
        seen = np.stack([(points_m - eye) @ axis for axis in (right, down, ahead)], -1)
        width, height = self.size_px
        focal = height / 2 / np.tan(np.radians(self.fov_deg) / 2)
        depth = np.maximum(seen[..., 2:], 0.05)
        return np.array([width / 2, height / 2]) + focal * seen[..., :2] / depth, seen

    def _axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        a, roll = np.radians(self.azimuth_deg), np.radians(self.roll_deg)
        eye = np.array([np.sin(a) * self.distance_m, self.height_m, np.cos(a) * self.distance_m])
        ahead = np.array([0.0, self.look_at_m, 0.0]) - eye
        ahead /= np.linalg.norm(ahead)
        right = np.array([np.cos(a), 0.0, -np.sin(a)])
        down = np.cross(ahead, right)
        return np.cos(roll) * right + np.sin(roll) * down, np.cos(roll) * down - np.sin(roll) * right, ahead, eye


@dataclass(frozen=True, slots=True)
class Recording:
    """The frames of a recording and their disturbances.

    Attributes
    ----------
    fps : float
    start_s : float
        Time of the first frame.
    jitter_share : float
        Timestamps are early or late by up to this share of a frame (< 0.5).
    noise_px : float
        Standard deviation of white noise on each landmark.
    drift_px : float
        Slow wandering of each landmark (below 1.5 Hz).
    gaps_s : tuple of (float, float)
        From and to; no person is seen in between.
    hidden : tuple of str
        Landmarks with a low visibility and a wrong place.
    seed : int
    """

    fps: float = 30.0
    start_s: float = 0.0
    jitter_share: float = 0.0
    noise_px: float = 0.0
    drift_px: float = 0.0
    gaps_s: tuple[tuple[float, float], ...] = ()
    hidden: tuple[str, ...] = ()
    seed: int = 0


def film(script: Script, camera: Camera | None = None, recording: Recording | None = None) -> list[Pose]:
    """Return the poses that a perfect estimator would see, disturbed as the recording says.

    Landmarks outside the picture keep their place and get a low visibility, as from BlazePose.

    Parameters
    ----------
    script : Script
    camera : Camera, optional
    recording : Recording, optional

    Returns
    -------
    list of Pose
    """
    camera, recording = camera or Camera(), recording or Recording()
    rng = np.random.default_rng(recording.seed)
    t_s = frame_times_s(script.duration_s, recording, rng)
    landmarks_m = script.landmarks_m(t_s)
    image_px, seen_m = camera.project(landmarks_m)
    visibility = _visibility(image_px, seen_m, camera.size_px)
    image_px = image_px + _disturbance_px(t_s, recording, rng)
    for name in recording.hidden:
        image_px[:, INDEX[name]] += rng.normal(0, _HIDDEN_ERROR_PX, (len(t_s), 2))
        visibility[:, INDEX[name]] = HIDDEN_VISIBILITY
    world_m = seen_m - seen_m[:, [INDEX["left_hip"], INDEX["right_hip"]]].mean(1, keepdims=True)
    points, world, seen = (a.astype(np.float32) for a in (image_px, world_m, visibility))
    lost = np.zeros(len(t_s), bool)
    for start, end in recording.gaps_s:
        lost |= (t_s >= start) & (t_s < end)
    times = t_s + recording.start_s
    return [
        Pose.nobody(float(t), camera.size_px) if gone else Pose(float(t), points[i], world[i], seen[i], camera.size_px)
        for i, (t, gone) in enumerate(zip(times, lost, strict=True))
    ]


def frame_times_s(duration_s: float, recording: Recording, rng: np.random.Generator) -> np.ndarray:
    """Return the times of the frames, strictly rising, from 0 to the end of a script.

    Parameters
    ----------
    duration_s : float
    recording : Recording
    rng : numpy.random.Generator
        Source of the jitter.

    Returns
    -------
    (T,) array
    """
    index = np.arange(int(np.floor(duration_s * recording.fps)) + 1, dtype=float)
    if recording.jitter_share:
        index[1:] += rng.uniform(-recording.jitter_share, recording.jitter_share, len(index) - 1)
    return index / recording.fps


def _disturbance_px(t_s: np.ndarray, recording: Recording, rng: np.random.Generator) -> np.ndarray:
    noise = rng.normal(0, 1, (len(t_s), 33, 2)) * recording.noise_px
    hertz, phase = rng.uniform(0.2, 1.5, (3, 33, 2)), rng.uniform(0, 2 * np.pi, (3, 33, 2))
    waves = np.sin(2 * np.pi * hertz * t_s[:, None, None, None] + phase).sum(1) * np.sqrt(2 / 3)
    disturbance: np.ndarray = noise + waves * recording.drift_px
    return disturbance


def _visibility(image_px: np.ndarray, seen_m: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    """Return visibilities: lower for the side of the body that is turned away, very low outside the picture."""
    depth = seen_m[..., 2]
    away = np.clip((depth - depth[:, MIRROR] - 0.05) / 0.15, 0, 1)
    aside = np.abs(image_px - image_px[:, MIRROR])[..., 0]
    scale = np.abs(image_px[..., 1].max(1) - image_px[..., 1].min(1))[:, None]
    behind = np.clip(1 - aside / (0.1 * scale), 0, 1)
    visibility = NEAR_VISIBILITY - (NEAR_VISIBILITY - FAR_VISIBILITY) * away * behind
    inside = ((image_px >= 0) & (image_px <= np.array(size_px))).all(-1) & (depth > 0.1)
    return np.where(inside, visibility, HIDDEN_VISIBILITY)
