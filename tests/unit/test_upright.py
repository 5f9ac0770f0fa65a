"""A film on its side is told from one of a person who lies: by the way the hips move, over still feet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import exercises
from formcheck.engine.person.upright import turn_upright_deg
from formcheck.synthetic import Camera, LungeRep, Recording, SquatRep, demonstration, lunge_set, squat_set

if TYPE_CHECKING:
    from formcheck.model.frames import Pose


HOW = Camera(azimuth_deg=90), Recording(fps=15)
STANDING = {
    "squat": squat_set([SquatRep()], *HOW).poses,
    "lunge": lunge_set([LungeRep()], *HOW).poses,
    "tandem_stance": demonstration("tandem_stance"),
}


def turned(poses: list[Pose], turn_deg: int) -> list[Pose]:
    """Return the poses in pictures that are turned clockwise."""
    for _ in range(turn_deg // 90):
        poses = [
            replace(
                pose,
                image_px=np.column_stack([pose.size_px[1] - pose.image_px[:, 1], pose.image_px[:, 0]]),
                size_px=pose.size_px[::-1],
            )
            for pose in poses
        ]
    return poses


def turn_of(poses: list[Pose], exercise: str) -> int | None:
    """Return the turn that would help."""
    points_px, visibility = (np.array([getattr(pose, name) for pose in poses]) for name in ("steady_px", "visibility"))
    return turn_upright_deg(points_px, visibility, exercises.load(exercise))


@pytest.mark.parametrize("exercise", STANDING)
@pytest.mark.parametrize("filmed_deg", [90, 180, 270])
def test_the_turn_that_helps_is_proposed(exercise, filmed_deg):
    poses = turned(STANDING[exercise], filmed_deg)
    assert turn_of(poses, exercise) == 360 - filmed_deg
    assert turn_of(turned(poses, 360 - filmed_deg), exercise) is None


@pytest.mark.parametrize("done", ["side_plank", "push_up", "glute_bridge", "bird_dog"])
def test_a_body_on_the_floor_is_no_film_on_its_side(done):
    poses = demonstration(done)
    assert turn_of(poses, "squat") is None
    assert turn_of(poses, done) is None


def test_nobody_lies_nowhere():
    poses = [pose.nobody(pose.t_s, pose.size_px) for pose in STANDING["squat"]]
    assert turn_of(poses, "squat") is None
