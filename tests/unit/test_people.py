"""Several people in single pictures: linked to tracks, told from clutter, and painted over; by made landmarks."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.model.frames import Frame, Pose
from formcheck.model.skeleton import INDEX
from formcheck.pose.people import Sighting, already_followed, find_bodies, link, only_inside, only_one, people_of

SIZE_PX = (640, 480)


def body(x_px: float, size_px: float = 200.0, top_px: float = 100.0) -> np.ndarray:
    """Return the landmarks (33, 2) of somebody who stands: a third as wide as high, the joints at plausible heights."""
    across, down = np.resize([0.0, 1.0], 33), np.resize(np.linspace(0, 1, 33), 33)
    heights = {"shoulder": 0.2, "hip": 0.5, "knee": 0.75, "ankle": 0.95}
    for name, height in heights.items():
        for side in ("left", "right"):
            down[INDEX[f"{side}_{name}"]] = height
    points = np.stack([x_px + (across - 0.5) * size_px / 3, top_px + down * size_px], axis=1)
    return points.astype(np.float32)


def pose(points_px: np.ndarray, t_s: float = 0.0, visible: float = 0.9) -> Pose:
    return Pose(t_s, points_px, np.zeros((33, 3), np.float32), np.full(33, visible, np.float32), SIZE_PX)


def samples(*people: list[float | None], shots: list[int] | None = None) -> list[list[Sighting]]:
    """Return one searched picture a second; each person is a list of places across the picture, None = not seen."""
    return [
        [Sighting(float(t), shots[t] if shots else 0, body(x)) for x in places if x is not None]
        for t, places in enumerate(zip(*people, strict=True))
    ]


def places(tracks) -> list[list[int]]:
    return [[round(float(one.place_px[0])) for one in track.sightings] for track in tracks]


def test_two_people_keep_their_tracks_in_whatever_order_they_are_found():
    found = samples([100.0, 120.0, 140.0, 160.0], [400.0, 390.0, 380.0, 370.0])
    found[1].reverse()
    found[3].reverse()
    assert places(link(found)) == [[100, 120, 140, 160], [400, 390, 380, 370]]


def test_a_person_who_is_missed_now_and_then_is_the_same_one():
    assert places(link(samples([100.0, None, 110.0, None, None, 120.0]))) == [[100, 110, 120]]


def test_a_person_who_comes_back_on_the_other_side_is_no_second_one():
    assert places(link(samples([100.0, 100.0, None, None, None, None, 500.0, 500.0]))) == [[100, 100, 500, 500]]


def test_after_a_film_cut_people_may_be_anywhere():
    people = [100.0, 100.0, 100.0, 350.0, 350.0, 350.0], [400.0] * 3 + [600.0] * 3
    assert len(link(samples(*people, shots=[0, 0, 0, 1, 1, 1]))) == 2
    assert len(link(samples(*people))) == 3, "without a cut nobody jumps so far within a second"


def test_people_are_numbered_from_the_left():
    assert [round(track.across_px) for track in people_of(samples([400.0] * 5, [100.0] * 5))] == [100, 400]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param([None] * 10, id="nobody"),
        pytest.param([400.0, 400.0] + [None] * 8, id="walks past"),
    ],
)
def test_one_person_leaves_no_choice(second):
    assert people_of(samples([100.0] * 10, second)) == []


def test_one_after_the_other_leaves_no_choice():
    assert people_of(samples([100.0] * 5 + [None] * 5, [None] * 5 + [400.0] * 5)) == []


def test_a_heap_of_things_in_which_the_model_sees_people_of_any_size_is_nobody():
    sizes = [90.0, 200.0, 120.0, 70.0, 170.0, 100.0]
    found = [[Sighting(float(t), 0, body(100.0)), Sighting(float(t), 0, body(400.0, s))] for t, s in enumerate(sizes)]
    assert people_of(found) == []


def test_a_person_who_comes_nearer_is_one():
    sizes = [100.0 * 1.09**t for t in range(8)]
    found = [[Sighting(float(t), 0, body(100.0)), Sighting(float(t), 0, body(400.0, s))] for t, s in enumerate(sizes)]
    assert len(people_of(found)) == 2


def test_the_others_are_painted_over_and_the_followed_one_never():
    left, right = people_of(samples([200.0] * 4, [300.0, 310.0, 320.0, 330.0]))
    rng = np.random.default_rng(0)
    frame = Frame(1.5, rng.integers(0, 100, (480, 640, 3), np.uint8))
    painted = only_one(frame, left, [right])
    changed = (painted.rgb != frame.rgb).any(axis=2)
    assert changed[150:250, 290:340].all(), "between the places before and after"
    assert not changed[:, :230].any(), "the followed one"
    assert not changed[:, 400:].any(), "nobody is there"
    assert painted.t_s == frame.t_s
    assert (frame.rgb < 100).all(), "the picture itself stays"


def test_where_the_others_are_not_seen_the_picture_stays_the_same():
    left, right = people_of(samples([100.0] * 12, [400.0] * 6 + [None] * 6))
    frame = Frame(11.0, np.zeros((480, 640, 3), np.uint8))
    assert only_one(frame, left, [right]) is frame


def test_only_the_body_of_a_pose_is_left():
    frame = Frame(0.0, np.zeros((480, 640, 3), np.uint8))
    left = only_inside(frame, pose(body(200.0))).rgb
    assert not left[100:300, 170:230].any()
    assert left[:, 300:].all()
    assert only_inside(frame, Pose.nobody(0.0, SIZE_PX)) is frame


def test_a_picture_is_searched_until_nobody_new_is_seen():
    """The made model sees one body at a time, as MediaPipe often does: the largest that is not painted over."""
    bodies = [pose(body(150.0, 300.0, 50.0)), pose(body(400.0)), pose(body(560.0, 90.0), visible=0.2)]
    looks = []

    def detect(frame: Frame) -> list[Pose]:
        looks.append(frame)
        return [one for one in bodies if not frame.rgb[200, int(one.image_px[:, 0].mean())].any()][:1]

    found = find_bodies(Frame(0.0, np.zeros((480, 640, 3), np.uint8)), detect)
    assert found == bodies[:2], "the third is too faint to believe"
    assert len(looks) == 3


def test_a_body_that_is_found_twice_is_one():
    twice = [pose(body(200.0)), pose(body(204.0))]
    assert len(find_bodies(Frame(0.0, np.zeros((480, 640, 3), np.uint8)), lambda _: twice)) == 1


def test_poses_that_show_one_and_the_same_person_are_recognised():
    people = people_of(samples([100.0] * 4, [400.0] * 4))
    assert already_followed([pose(body(102.0), float(t)) for t in range(4)], people) == 0
    assert already_followed([pose(body(398.0), float(t)) for t in range(4)], people) == 1
    jumped = [pose(body(100.0 if t < 2 else 400.0), float(t)) for t in range(4)]
    assert already_followed(jumped, people) is None
