"""Sway on movement whose path and spread are known exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.engine.signals.sway import Sway, sway

LEG_PX = 160.0


def standing(t_s: np.ndarray, aside_legs=0.0, up_legs=0.0, scale: float = 1.0) -> np.ndarray:
    """Return landmarks (T, 33, 2) of a body whose hips move by so many leg lengths; nothing else does."""
    points = np.zeros((len(t_s), 33, 2))
    points[:, [23, 24]] = [(-15.0, -LEG_PX), (15.0, -LEG_PX)]
    points[:, [23, 24], 0] += LEG_PX * np.broadcast_to(aside_legs, len(t_s))[:, None]
    points[:, [23, 24], 1] -= LEG_PX * np.broadcast_to(up_legs, len(t_s))[:, None]
    return scale * points + 300.0


def times(seconds: float, fps: float = 30.0) -> np.ndarray:
    return np.arange(int(seconds * fps) + 1) / fps


@pytest.mark.parametrize("fps", [15.0, 25.0, 30.0, 60.0])
def test_a_sine_has_its_path_and_its_spread_at_every_picture_rate(fps):
    t_s, amplitude, hertz = times(30, fps), 0.02, 0.25
    found = sway(t_s, standing(t_s, amplitude * np.sin(2 * np.pi * hertz * t_s)))
    assert found.seen_s == pytest.approx(30, abs=0.05)
    assert found.path_legs == pytest.approx(4 * amplitude * hertz * 30, rel=0.03)
    assert found.path_legs_per_s == pytest.approx(4 * amplitude * hertz, rel=0.03)
    assert found.rms_sideways_legs == pytest.approx(amplitude / math.sqrt(2), rel=0.03)


def test_a_circle_in_the_picture_has_its_circumference_and_only_its_width_is_sideways():
    t_s, radius, hertz = times(40), 0.015, 0.2
    turn = 2 * np.pi * hertz * t_s
    found = sway(t_s, standing(t_s, radius * np.sin(turn), radius * np.cos(turn)))
    assert found.path_legs_per_s == pytest.approx(2 * np.pi * radius * hertz, rel=0.03)
    assert found.rms_sideways_legs == pytest.approx(radius / math.sqrt(2), rel=0.03)


def test_up_and_down_alone_is_no_sideways_sway():
    t_s = times(25)
    found = sway(t_s, standing(t_s, up_legs=0.01 * np.sin(t_s)))
    assert found.rms_sideways_legs == pytest.approx(0, abs=1e-9)
    assert found.path_legs > 0


def test_how_far_the_camera_is_makes_no_difference():
    t_s = times(25)
    moved = 0.02 * np.sin(1.5 * t_s)
    near, far = (sway(t_s, standing(t_s, moved, scale=scale)) for scale in (1.0, 0.4))
    assert near.path_legs == pytest.approx(far.path_legs, rel=1e-6)
    assert near.rms_sideways_legs == pytest.approx(far.rms_sideways_legs, rel=1e-6)


def test_a_body_that_is_still_does_not_sway():
    t_s = times(25)
    assert sway(t_s, standing(t_s)).path_legs == pytest.approx(0, abs=1e-9)


def test_shaking_faster_than_a_body_sways_is_taken_out():
    t_s = times(25, 60)
    rng = np.random.default_rng(1)
    noisy = sway(t_s, standing(t_s, 0.01 * rng.normal(size=len(t_s))))
    unfiltered = 0.01 * np.abs(np.diff(rng.normal(size=30 * 25))).sum()
    assert noisy.path_legs < 0.5 * unfiltered


def test_too_short_is_not_measurable_and_no_zero():
    found = sway(times(19), standing(times(19)))
    assert found.seen_s == pytest.approx(19, abs=0.05)
    assert all(math.isnan(value) for value in (found.path_legs, found.path_legs_per_s, found.rms_sideways_legs))


def test_nobody_is_not_measurable():
    t_s = times(25)
    found = sway(t_s, np.full((len(t_s), 33, 2), np.nan))
    assert found.seen_s == 0
    assert math.isnan(found.path_legs)


def test_a_gap_is_no_sway_and_no_time():
    t_s = times(40)
    points = standing(t_s, 0.02 * np.sin(2 * np.pi * 0.25 * t_s))
    points[(t_s > 10) & (t_s < 18)] = np.nan
    points[(t_s >= 30) & (t_s < 30.1)] = np.nan
    found = sway(t_s, points)
    assert found.seen_s == pytest.approx(32, abs=0.1)
    assert found.path_legs_per_s == pytest.approx(0.02, rel=0.05)


def test_the_noise_of_a_still_body_is_taken_off_in_quadrature_and_never_below_nothing():
    measured, floor = Sway(30.0, 1.5, 0.05, 0.013), Sway(20.0, 0.8, 0.04, 0.005)
    left = measured.without_noise(floor)
    assert left.path_legs_per_s == pytest.approx(0.03)
    assert left.path_legs == pytest.approx(0.9)
    assert left.rms_sideways_legs == pytest.approx(0.012)
    assert floor.without_noise(measured).path_legs_per_s == 0.0
    assert math.isnan(Sway(3.0, math.nan, math.nan, math.nan).without_noise(floor).path_legs)
