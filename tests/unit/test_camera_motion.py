"""The camera's movement is taken out of the landmarks; a film cut is seen, and a flash is none."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.model.frames import CameraPlace, Frame, Pose
from formcheck.video.camera_motion import CameraTracker

WIDTH, HEIGHT = 640, 360
_LARGE = np.random.default_rng(5).integers(0, 255, (14, 24), dtype=np.uint8)


def scene(seed: int = 0) -> np.ndarray:
    """A room with things in it (2H, 2W), large enough for the camera to move over it."""
    rng = np.random.default_rng(seed)
    room = np.full((2 * HEIGHT, 2 * WIDTH, 3), 128, np.uint8)
    for _ in range(220):
        x, y, w, h = rng.integers(0, 2 * WIDTH), rng.integers(0, 2 * HEIGHT), *rng.integers(12, 90, 2)
        room[y : y + h, x : x + w] = rng.integers(30, 225, 3)
    return room


def picture(room: np.ndarray, shift_px: tuple[int, int] = (0, 0)) -> np.ndarray:
    """What the camera sees when everything lies ``shift_px`` further right and down than at first."""
    x, y = WIDTH // 2 - shift_px[0], HEIGHT // 2 - shift_px[1]
    return np.ascontiguousarray(room[y : y + HEIGHT, x : x + WIDTH])


def person(t_s: float, at_px: tuple[float, float]) -> Pose:
    """Somebody whose landmarks fill a box of 100 x 220 pixels."""
    rng = np.random.default_rng(1)
    points = (np.array(at_px) + rng.uniform((-50, -110), (50, 110), (33, 2))).astype(np.float32)
    return Pose(t_s, points, np.zeros((33, 3), np.float32), np.ones(33, np.float32), (WIDTH, HEIGHT))


def followed(pictures: list[np.ndarray], at_px: tuple[float, float] = (320, 180)) -> list[CameraPlace]:
    tracker = CameraTracker()
    poses = [tracker.update(Frame(i / 30, rgb), person(i / 30, at_px)) for i, rgb in enumerate(pictures)]
    return [pose.camera for pose in poses]


def test_a_camera_that_stands_shows_no_movement_at_all():
    noise = np.random.default_rng(2)
    still = picture(scene()).astype(int)
    pictures = [np.clip(still + noise.integers(-6, 7, still.shape), 0, 255).astype(np.uint8) for _ in range(20)]
    assert set(followed(pictures)) == {CameraPlace()}


@pytest.mark.parametrize("direction", [(1, 0), (0, 1), (1, -1)], ids=["across", "down", "both"])
def test_a_drifting_camera_is_measured_within_two_pixels(direction):
    room = scene()
    shifts = [(round(i * direction[0] * 0.9), round(i * direction[1] * 0.9)) for i in range(60)]
    places = followed([picture(room, shift) for shift in shifts])
    found = np.array([place.similarity for place in places])
    assert np.abs(found[:, 2:] - shifts).max() <= 2.0
    assert np.abs(found[:, :2] - (1, 0)).max() <= 0.01
    assert {place.shot for place in places} == {0}


def test_the_person_does_not_move_the_camera():
    room = scene()
    pictures = []
    for i in range(30):  # a large patterned body that goes down by 60 px
        rgb = picture(room)
        body = np.repeat(np.repeat(_LARGE, 10, axis=0), 4, axis=1)[:, :96]
        rgb[80 + 2 * i : 220 + 2 * i, 272:368] = body[:140, :, None]
        pictures.append(rgb)
    assert set(followed(pictures)) == {CameraPlace()}


def test_a_cut_begins_a_shot_with_its_second_picture():
    places = followed([picture(scene(0))] * 5 + [picture(scene(7))] * 5)
    assert [place.shot for place in places] == [0] * 6 + [1] * 4
    assert places[-1].similarity == CameraPlace().similarity


@pytest.mark.parametrize("between", ["black", "flash"])
def test_one_picture_of_something_else_is_no_cut(between):
    odd = np.zeros((HEIGHT, WIDTH, 3), np.uint8) if between == "black" else picture(scene(9))
    places = followed([picture(scene(0))] * 4 + [odd] + [picture(scene(0))] * 4)
    assert set(places) == {CameraPlace()}


def test_another_picture_shape_begins_a_shot():
    room = scene()
    upright = np.ascontiguousarray(room[:WIDTH, :HEIGHT])
    assert [place.shot for place in followed([picture(room)] * 3 + [upright] * 3)] == [0, 0, 0, 1, 1, 1]


def test_points_come_back_to_where_they_were():
    points = np.random.default_rng(3).uniform(0, 600, (33, 2))
    a, b, x, y = 1.05, 0.1, 12.0, -7.0
    u, v = points.T
    seen = np.stack([a * u - b * v + x, b * u + a * v + y], axis=-1)
    place = CameraPlace((a, b, x, y))
    assert np.allclose(place.steady(seen), points)
    half = place.scaled(0.5, (40.0, 10.0))  # the same, in a picture of half the size that lies further right
    assert np.allclose(half.steady(seen / 2 + (40, 10)), points / 2 + (40, 10))
