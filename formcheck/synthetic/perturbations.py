"""Poses that are not one well-behaved person: mirrored, another person, an animal, later in time, an empty road."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck.model.frames import Pose
from formcheck.model.skeleton import INDEX, MIRROR

if TYPE_CHECKING:
    from collections.abc import Sequence


def mirror_poses(poses: Sequence[Pose]) -> list[Pose]:
    """Return what the estimator sees in the mirrored pictures: x flipped, left and right exchanged.

    Parameters
    ----------
    poses : sequence of Pose

    Returns
    -------
    list of Pose
    """
    out = []
    for pose in poses:
        image_px = pose.image_px[MIRROR].copy()
        image_px[:, 0] = pose.size_px[0] - image_px[:, 0]
        world_m = pose.world_m[MIRROR] * np.array([-1, 1, 1], np.float32)
        out.append(replace(pose, image_px=image_px, world_m=world_m, visibility=pose.visibility[MIRROR].copy()))
    return out


def shift_poses(poses: Sequence[Pose], by_s: float) -> list[Pose]:
    """Return the same poses later in time.

    Parameters
    ----------
    poses : sequence of Pose
    by_s : float

    Returns
    -------
    list of Pose
    """
    return [replace(pose, t_s=pose.t_s + by_s) for pose in poses]


def another_person(
    poses: Sequence[Pose], from_s: float, until_s: float, scale: float = 0.6, move_px: float = 180.0
) -> list[Pose]:
    """Return poses in which another person is seen for a while. That person moves like the first one.

    Parameters
    ----------
    poses : sequence of Pose
    from_s, until_s : float
        The end is not included.
    scale : float
        Height of the other person, as a share of the first one's.
    move_px : float
        Distance to the right.

    Returns
    -------
    list of Pose
    """
    out = []
    for pose in poses:
        if from_s <= pose.t_s < until_s and pose.seen:
            floor = pose.image_px[:, 1].max()
            middle = pose.image_px[:, 0].mean()
            here, there = (np.array([x, floor], np.float32) for x in (middle, middle + move_px))
            image_px = there + (pose.image_px - here) * np.float32(scale)
            pose = replace(pose, image_px=image_px)
        out.append(pose)
    return out


def exchange_legs(poses: Sequence[Pose], from_s: float, until_s: float) -> list[Pose]:
    """Return poses whose legs carry each other's names for a while, an error of the model in side views.

    Parameters
    ----------
    poses : sequence of Pose
    from_s, until_s : float
        The end is not included.

    Returns
    -------
    list of Pose
    """
    names = ("knee", "ankle", "heel", "foot_index")
    left, right = ([INDEX[f"{side}_{name}"] for name in names] for side in ("left", "right"))
    order = np.arange(33)
    order[left], order[right] = right, left
    return [
        replace(pose, image_px=pose.image_px[order], world_m=pose.world_m[order], visibility=pose.visibility[order])
        if from_s <= pose.t_s < until_s
        else pose
        for pose in poses
    ]


def animal(
    seconds: float = 12.0, fps: float = 30.0, size_px: tuple[int, int] = (640, 480), seed: int = 0
) -> list[Pose]:
    """Return poses of an animal that the estimator takes for a person: confident landmarks, no human proportions.

    The landmarks wander independently around a place that moves up and down, as they do on a cockatoo.

    Parameters
    ----------
    seconds, fps : float
    size_px : (int, int)
        Width and height.
    seed : int

    Returns
    -------
    list of Pose
    """
    rng = np.random.default_rng(seed)
    t_s = np.arange(int(seconds * fps)) / fps
    hertz, phase = rng.uniform(0.1, 1.0, (3, 33, 2)), rng.uniform(0, 2 * np.pi, (3, 33, 2))
    waves = np.sin(2 * np.pi * hertz * t_s[:, None, None, None] + phase).sum(1)
    spread = 0.12 * min(size_px)
    bob = np.stack([0 * t_s, 0.1 * size_px[1] * np.sin(2 * np.pi * 0.4 * t_s)], -1)
    centre = np.array(size_px) / 2 + bob[:, None]
    image_px = centre + rng.normal(0, spread, (33, 2)) + 0.5 * spread * waves
    world_m = np.concatenate([image_px - centre, np.zeros((*image_px.shape[:2], 1))], -1) / spread * 0.3
    visibility = np.broadcast_to(rng.uniform(0.6, 0.98, 33), image_px.shape[:2])
    points, world, seen = (a.astype(np.float32) for a in (image_px, world_m, visibility))
    return [Pose(float(t), points[i], world[i], seen[i], size_px) for i, t in enumerate(t_s)]


def road(seconds: float = 5.0, fps: float = 30.0, size_px: tuple[int, int] = (640, 480)) -> list[Pose]:
    """Return poses of a picture without a person.

    Parameters
    ----------
    seconds, fps : float
    size_px : (int, int)
        Width and height.

    Returns
    -------
    list of Pose
    """
    return [Pose.nobody(i / fps, size_px) for i in range(int(seconds * fps))]
