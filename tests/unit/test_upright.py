"""A film on its side is told from one of a person who lies: by the way the hips move, over still feet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import exercises
from formcheck.analysis.upright import lying_across
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


@pytest.mark.parametrize("exercise", STANDING)
@pytest.mark.parametrize("filmed_deg", [90, 180, 270])
def test_the_turn_that_helps_is_proposed(exercise, filmed_deg):
    poses = turned(STANDING[exercise], filmed_deg)
    event = lying_across(poses, exercises.load(exercise))
    assert (event.kind, event.turn_deg) == ("picture_on_side", 360 - filmed_deg)
    assert (event.start_s, event.end_s) == pytest.approx((poses[0].t_s, poses[-1].t_s), abs=0.5)
    assert lying_across(turned(poses, event.turn_deg), exercises.load(exercise)) is None


@pytest.mark.parametrize("done", ["side_plank", "push_up", "glute_bridge", "bird_dog"])
def test_a_body_on_the_floor_is_no_film_on_its_side(done):
    poses = demonstration(done)
    assert lying_across(poses, exercises.load("squat")) is None
    assert lying_across(poses, exercises.load(done)) is None


def test_nobody_lies_nowhere():
    poses = [pose.nobody(pose.t_s, pose.size_px) for pose in STANDING["squat"]]
    assert lying_across(poses, exercises.load("squat")) is None
