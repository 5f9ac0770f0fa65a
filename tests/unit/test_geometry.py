"""Angles with closed-form answers: points are built from the angle, and the angle must come back."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.engine import geometry as g

ORIGIN = np.zeros(2)


def at(elevation_deg: float, length: float = 100.0) -> np.ndarray:
    """Return a point in the picture (y down), seen from the origin at an elevation above the rightward direction."""
    a = np.radians(elevation_deg)
    return length * np.array([np.cos(a), -np.sin(a)])


@pytest.mark.parametrize("angle", [0, 1e-6, 30, 90, 135, 180 - 1e-6, 180])
def test_the_angle_between_two_lines_comes_back_from_both_sides_and_mirrored(angle):
    a, c = at(20, 3.0), at(20 + angle, 700.0)
    mirror = np.array([-1.0, 1.0])
    for first, last in ((a, c), (c, a), (a * mirror, c * mirror)):
        assert g.angle_deg(first, ORIGIN, last) == pytest.approx(angle, abs=1e-9)


@pytest.mark.parametrize("inclination", [-179, -90, -35, 0, 35, 90, 179, 180])
def test_inclination_is_from_the_upward_vertical_and_towards_where_the_person_faces(inclination):
    end = at(90 - inclination)
    assert g.inclination_deg(ORIGIN, end) == pytest.approx(inclination, abs=1e-9)
    if abs(inclination) < 180:
        assert g.inclination_deg(ORIGIN, end, facing=-1.0) == pytest.approx(-inclination, abs=1e-9)


@pytest.mark.parametrize("elevation", [-90, -20, 0, 20, 90])
def test_elevation_does_not_know_left_from_right(elevation):
    for end in (at(elevation), at(180 - elevation)):
        assert g.elevation_deg(ORIGIN, end) == pytest.approx(elevation, abs=1e-9)


@pytest.mark.parametrize(("y", "expected"), [(-100.0, 90.0), (0.0, 0.0), (100.0, -90.0)])
def test_a_bend_is_positive_above_the_line_in_whichever_order_its_ends_come(y, expected):
    left, right, point = np.array([-100.0, 0.0]), np.array([100.0, 0.0]), np.array([0.0, y])
    assert g.bend_deg(left, point, right) == pytest.approx(expected)
    assert g.bend_deg(right, point, left) == pytest.approx(expected)


def test_a_bend_on_a_sloping_line_is_measured_from_that_line():
    shoulder, ankle = np.array([0.0, 0.0]), np.array([200.0, 100.0])
    normal = np.array([1.0, -2.0]) / np.sqrt(5)  # up and right of the line
    middle, half = (shoulder + ankle) / 2, np.hypot(100, 50)
    for off in (-40.0, 40.0):
        expected = np.sign(off) * 2 * np.degrees(np.arctan2(40, half))
        assert g.bend_deg(shoulder, middle + off * normal, ankle) == pytest.approx(expected)


def test_nothing_lies_above_a_vertical_line():
    assert np.isnan(g.bend_deg(np.array([5.0, 0.0]), np.array([7.0, 5.0]), np.array([5.0, 10.0])))


@pytest.mark.parametrize(
    ("extent", "angle"), [(100, 0), (50, 60), (0, 90), (-50, 120), (-100, 180), (130, 0), (-130, 180)]
)
def test_a_segment_of_known_length_tells_its_angle_by_its_height_alone(extent, angle):
    assert g.extent_angle_deg(np.array([float(extent)]), 100.0) == pytest.approx(angle)


def test_nan_stays_in_its_own_row_and_gives_nan():
    rows = np.array([[1.0, 0.0], [np.nan, 0.0], [1.0, np.nan]])
    other, zero = np.array([0.0, 1.0]), np.zeros((3, 2))
    for angle in (
        g.angle_deg(rows, zero, other + zero),
        g.inclination_deg(zero, rows),
        g.elevation_deg(zero, rows),
        g.distance_px(rows, zero),
        g.bend_deg(rows, zero, other + zero),
        g.extent_angle_deg(rows.sum(axis=1), 2.0),
    ):
        assert angle.shape == (3,)
        assert np.isnan(angle).tolist() == [False, True, True]


def test_a_line_without_length_has_no_direction():
    p, q = np.array([[3.0, 4.0]]), np.array([[9.0, 9.0]])
    for angle in (
        g.angle_deg(p, p, q),
        g.angle_deg(q, p, p),
        g.inclination_deg(p, p),
        g.elevation_deg(p, p),
        g.bend_deg(p, p, q),
        g.extent_angle_deg(np.array([3.0]), 0.0),
        g.extent_angle_deg(np.zeros(1), np.zeros(1)),
    ):
        assert np.isnan(angle).all()
    assert g.distance_px(p, p) == 0


@pytest.mark.parametrize("azimuth_deg", [-30, -12, 0, 7, 30, 150, 180, -165])
@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("left", [-0.3, 0.0, 0.2])
def test_how_far_a_line_reaches_across_the_body_does_not_depend_on_where_the_camera_stands(azimuth_deg, forward, left):
    ahead, azimuth = (0.5 if forward else -0.5), np.radians(azimuth_deg)
    line = np.array([left, ahead, np.sqrt(1 - left**2 - ahead**2)])  # left, forward, up
    seen_px = 200 * np.array([left * np.cos(azimuth) - ahead * np.sin(azimuth), -line[2]])
    assert g.across_px(seen_px, 200.0, azimuth_deg, forward) == pytest.approx(200 * left, abs=1e-6)


def test_a_line_that_looks_longer_than_it_is_reaches_across_by_what_is_seen():
    assert g.across_px(np.array([30.0, -210.0]), 200.0, 0.0) == pytest.approx(30.0)
    assert g.across_px(np.array([0.0, -210.0]), 200.0, 0.0) == 0.0
    assert np.isnan(g.across_px(np.array([np.nan, -210.0]), 200.0, 0.0))
