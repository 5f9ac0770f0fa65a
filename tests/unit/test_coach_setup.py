"""The set-up check on made poses: one light each, one thing to do at a time, and no wrong advice where all is well."""

from __future__ import annotations

import pytest

from formcheck.coach.setup import LIGHTS, PictureFacts, SetupCheck
from formcheck.exercises import load
from formcheck.model.frames import Pose
from formcheck.synthetic import PLANK_CAMERA, Camera, LungeRep, PlankSegment, Recording, film, lunge_set, plank_set
from formcheck.synthetic.distractors import standing
from tests.coaching import BRIGHT


def seen(camera: Camera, seconds: float = 3.0, fps: float = 30.0) -> list[Pose]:
    return film(standing(seconds), camera, Recording(fps=fps, noise_px=1.0))


def checked(poses: list[Pose], view: str = "front", side: str = "auto", exercise: str = "squat", facts=BRIGHT):
    """Return the check and its lights, by key, after the poses."""
    check = SetupCheck(load(exercise), view, side)
    for pose in poses:
        lights = check.update(pose, facts)
    assert tuple(light.key for light in lights) == LIGHTS
    return check, {light.key: light for light in lights}


@pytest.mark.parametrize("height_m", [0.4, 0.6, 0.9])
@pytest.mark.parametrize("distance_m", [2.6, 3.2, 4.0])
@pytest.mark.parametrize(("view", "azimuth_deg"), [("front", 0), ("front", 15), ("side", 90), ("side", -90)])
def test_a_good_place_is_green_and_silent(height_m, distance_m, view, azimuth_deg):
    check, lights = checked(seen(Camera(azimuth_deg, height_m, distance_m)), view)
    assert check.all_ok, lights
    assert check.advice is None


@pytest.mark.parametrize(
    ("camera", "view", "key", "advice"),
    [
        (Camera(0, 0.6, 1.6), "front", "whole_body", "step_back"),
        (Camera(0, 0.6, 7.5), "front", "distance", "come_closer"),
        (Camera(90, 0.6, 3.0), "front", "view", "turn_front"),
        (Camera(180, 0.6, 3.0), "front", "view", "turn_front"),
        (Camera(0, 0.6, 3.0), "side", "view", "turn_side"),
        (Camera(45, 0.6, 3.0), "side", "view", "turn_side"),
        (Camera(0, 0.6, 3.2, roll_deg=14), "front", "camera", "camera_level"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(camera, view, key, advice):
    check, lights = checked(seen(camera), view)
    assert lights[key].state == "bad"
    assert check.advice == f"say.setup.{advice}"
    assert not check.all_ok


def test_the_prescribed_side_must_be_the_near_one():
    _, left = checked(seen(Camera(90, 0.6, 3.0)), "side", "left")
    check, right = checked(seen(Camera(90, 0.6, 3.0)), "side", "right")
    assert left["view"].state == "ok"
    assert right["view"].advice == check.advice == "say.setup.turn_other_side"


@pytest.mark.parametrize(
    ("facts", "key", "advice"),
    [
        (PictureFacts(luma=0.03, people=1), "light", "more_light"),
        (PictureFacts(luma=0.5, people=2), "alone", "alone"),
    ],
)
def test_the_picture_has_lights_too(facts, key, advice):
    check, lights = checked(seen(Camera(0, 0.6, 3.0)), facts=facts)
    assert lights[key].state == "bad"
    assert check.advice == f"say.setup.{advice}"


def test_what_nothing_tells_is_not_called_good_and_holds_nobody_up():
    check, lights = checked(seen(Camera(0, 0.6, 3.0)), facts=PictureFacts())
    assert {key for key, light in lights.items() if light.state == "unknown"} == {"light", "alone"}
    assert check.all_ok
    lying = plank_set([PlankSegment(3)], PLANK_CAMERA, Recording(fps=25)).poses
    assert checked(lying, "side", exercise="plank")[1]["camera"].state == "unknown"


def test_a_slow_picture_is_told():
    check, _ = checked(seen(Camera(0, 0.6, 3.0), seconds=5, fps=8))
    assert check.advice == "say.setup.frame_rate"


def test_an_empty_picture_asks_to_step_in():
    check, lights = checked([Pose.nobody(i / 30, (640, 480)) for i in range(60)])
    assert check.advice == "say.setup.step_in"
    assert {lights[key].state for key in ("whole_body", "distance", "camera", "view")} == {"wait"}


def test_one_bad_picture_changes_nothing():
    poses = seen(Camera(0, 0.6, 3.0), seconds=4)
    poses[90] = Pose.nobody(poses[90].t_s, poses[90].size_px)
    check, lights = checked(poses[:95])
    assert check.all_ok, lights


def test_a_plank_is_ready_when_it_is_seen_from_the_side():
    poses = plank_set([PlankSegment(3)], PLANK_CAMERA, Recording(fps=25)).poses
    check, lights = checked(poses, "side", exercise="plank")
    assert check.all_ok, lights


def test_a_split_stance_seen_from_the_side_is_no_tilted_camera():
    poses = lunge_set([LungeRep()], Camera(90, 0.6, 3.2), step=False).poses
    _, lights = checked([pose for pose in poses if pose.t_s < 1.5], "side", exercise="lunge")
    assert lights["camera"].state == "ok"
