"""The camera's place and the body's proportions, on a figure whose landmarks are set by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.engine.person import view
from formcheck.model.skeleton import INDEX, MIRROR

TORSO = 200.0


def standing(azimuth_deg: float = 0.0) -> np.ndarray:
    """Return landmarks (33, 2) of a person of the model's own proportions seen from an azimuth, torso 200 px."""
    a = math.radians(azimuth_deg)
    p = np.full((33, 2), np.nan)

    def put(name: str, height: float, across: float = 0.0, ahead: float = 0.0) -> None:
        for side, sign in (("left", 1), ("right", -1)):
            x = 320 + TORSO * (sign * across * math.cos(a) - ahead * math.sin(a))
            p[INDEX[f"{side}_{name}"]] = x, 620 - height * TORSO

    for name, height in (("eye_inner", 3), ("eye", 3), ("eye_outer", 3), ("ear", 3), ("wrist", 1.6), ("elbow", 2.0)):
        put(name, height, 0.1)
    for name in ("pinky", "index", "thumb"):
        put(name, 1.5, 0.2)
    p[[INDEX["mouth_left"], INDEX["mouth_right"], 0]] = 320, 620 - 2.9 * TORSO
    put("shoulder", 2.6, view.SHOULDERS_PER_TORSO / 2)
    put("hip", 1.6, view.HIPS_PER_TORSO / 2)
    put("knee", 0.8, 0.2)
    put("ankle", 0.0, 0.2)
    put("heel", 0.0, 0.2)
    put("foot_index", 0.0, 0.2, view.FOOT_PER_TORSO)
    return p


def plausible(p: np.ndarray, visibility: np.ndarray | None = None, size=(640, 700), scale_px: float = 0.0) -> bool:
    return view.plausible(p.tolist(), np.ones(33) if visibility is None else visibility, size, scale_px)


@pytest.mark.parametrize("azimuth", [-179, -135, -90, -45, 0, 30, 65, 90, 122, 150, 179])
def test_the_azimuth_comes_back_from_the_picture(azimuth):
    assert view.azimuth_deg(standing(azimuth)) == pytest.approx(azimuth, abs=1e-6)
    mirror = (np.array([640, 0]) + standing(azimuth) * [-1, 1])[MIRROR]
    assert math.sin(math.radians(view.azimuth_deg(mirror) + azimuth)) == pytest.approx(0, abs=1e-9)


def test_a_trunk_without_length_has_no_azimuth():
    p = standing()
    p[[11, 12]] = p[[23, 24]]
    assert math.isnan(view.azimuth_deg(p))
    assert math.isnan(view.azimuth_deg(np.full((33, 2), np.nan)))


@pytest.mark.parametrize(
    ("azimuth", "label", "direction"),
    [
        (0, "front", "towards"),
        (32, "front", "towards"),
        (32.1, "oblique", "towards"),
        (64.9, "oblique", "towards"),
        (65, "side", None),
        (122, "side", None),
        (122.1, "oblique", "away"),
        (147.9, "oblique", "away"),
        (148, "front", "away"),
        (180, "front", "away"),
        (math.nan, "unknown", None),
    ],
)
def test_labels_and_directions_at_their_borders(azimuth, label, direction):
    for signed in (azimuth, -azimuth):
        assert view.label(signed) == label
        assert view.direction(signed) == direction


@pytest.mark.parametrize("azimuth", range(-180, 180, 45))
def test_a_person_is_plausible_from_every_side_and_at_every_size(azimuth):
    p = standing(azimuth)
    assert plausible(p)
    for scale in (0.1, 10.0):
        assert plausible(p * scale, size=(round(640 * scale), round(700 * scale)), scale_px=TORSO * scale)


def stretched(p: np.ndarray, joint: str, by: float) -> np.ndarray:
    p = p.copy()
    p[INDEX[joint]] += [0, by * TORSO]
    return p


@pytest.mark.parametrize(
    "wrong",
    [
        stretched(standing(), "left_knee", -1.6),
        stretched(standing(), "right_ankle", 1.0),
        stretched(standing(), "left_wrist", 2.0),
        stretched(standing(), "right_foot_index", 1.1),
        stretched(standing(), "nose", -1.0),
        standing() + np.array([0, 400]),  # the hips are below the picture
        standing() * 0.1,  # a person of 20 pixels in a picture of 700
        np.full((33, 2), np.nan),
    ],
)
def test_what_has_not_a_persons_proportions(wrong):
    assert not plausible(wrong)


def test_a_limb_that_looks_short_is_plausible_and_a_known_trunk_helps_a_foreshortened_one():
    p = standing()
    p[INDEX["left_knee"]] += [0, -0.5 * TORSO]
    assert plausible(p)
    bent = standing(90)
    bent[:13, 1] += 0.7 * TORSO  # bends towards the camera: the trunk looks short, the legs do not
    assert not plausible(bent)
    assert plausible(bent, scale_px=TORSO)


@pytest.mark.parametrize(("hidden", "expected"), [((), True), ((23,), True), ((23, 24), False), (range(1, 33), False)])
def test_the_hips_and_most_of_the_body_must_be_seen(hidden, expected):
    visibility = np.ones(33)
    visibility[list(hidden)] = 0.1
    assert plausible(standing(), visibility) == expected
