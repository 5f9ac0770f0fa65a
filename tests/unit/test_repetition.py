"""Moments, smoothness and reversals of one repetition on analytic movements."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.engine.landmarks import Landmarks
from formcheck.engine.tracking.cycle import Cycle
from formcheck.engine.tracking.repetition import _at_depth, _moments, _top, reversals, sparc
from formcheck.synthetic.tracks import RepetitionTempo, smooth, track


def fps_times(fps: float, seconds: float, jitter: float = 0.0) -> np.ndarray:
    t = np.arange(0, seconds, 1 / fps)
    return t + np.random.default_rng(3).uniform(-jitter, jitter, len(t)) / fps


@pytest.mark.parametrize("fps", [15, 30, 60])
@pytest.mark.parametrize(
    "tempo", [RepetitionTempo(1.4, 0.3, 1.1), RepetitionTempo(0.6, 0.0, 0.6), RepetitionTempo(4, 2, 3)]
)
@pytest.mark.parametrize("standing_deg", [0, 25])
def test_the_moments_lie_where_the_script_put_them(fps, tempo, standing_deg):
    begins = 1.0
    t = fps_times(fps, tempo.total_s + 2, jitter=0.2)
    q = standing_deg + (100 - standing_deg) * tempo.effort(t - begins)
    low, up = begins + tempo.down_s, begins + tempo.down_s + tempo.pause_s
    over = up + tempo.up_s
    coarse = Cycle(begins + 0.22 * tempo.down_s, (low + up) / 2, over - 0.2 * tempo.up_s, 100.0)
    start, down, turn, leaves, end = _moments(t, q, coarse)
    # A minimum-jerk movement creeps for its first and last tenth; and nothing is known between frames.
    assert begins - 1 / fps <= start <= begins + 0.1 * tempo.down_s + 1.5 / fps
    assert low - 0.25 * tempo.down_s - 1.5 / fps <= down <= low + 1.5 / fps
    assert down <= turn <= leaves
    assert low - 0.2 * tempo.down_s - 1 / fps <= turn <= up + 1 / fps
    assert up - 1.5 / fps <= leaves <= up + 0.25 * tempo.up_s + 1.5 / fps
    assert over - 0.1 * tempo.up_s - 1.5 / fps <= end <= over + 1 / fps


def test_a_movement_that_is_its_own_mirror_has_mirrored_moments():
    t = np.arange(-90, 91) / 30
    q = track(t, [(-2.0, 0.0), (-0.2, 90.0), (0.2, 90.0), (2.0, 0.0)])
    start, down, _, up, end = _moments(t, q, Cycle(-1.5, 0.0, 1.5, 90.0))
    assert (start, down) == pytest.approx((-end, -up), abs=1e-3)


def test_a_wait_before_the_descent_is_not_part_of_it():
    t = np.arange(0, 8, 1 / 30)
    q = track(t, [(0.5, 0.0), (1.0, 6.0), (4.0, 6.0), (5.0, 95.0), (6.0, 0.0)])
    start = _moments(t, q, Cycle(0.9, 5.0, 5.9, 95.0))[0]
    assert start == pytest.approx(4.0, abs=0.15)


@pytest.mark.parametrize("down_s", [0.35, 1.4])
def test_noise_hardly_changes_how_long_a_way_takes(down_s):
    t, rng = np.arange(0, 6, 1 / 25), np.random.default_rng(5)
    tempo = RepetitionTempo(down_s, 0.3, 1.1)
    cycle = Cycle(1.0, 1.0 + down_s + 0.15, 2.4 + down_s, 90.0)
    took = []
    for _ in range(40):
        start, down, *_ = _moments(t, 90 * tempo.effort(t - 1.0) + rng.normal(0, 1.5, len(t)), cycle)
        took.append(down - start)
    assert np.std(took) < 0.06
    assert np.mean(took) == pytest.approx(down_s, abs=0.06)


def test_too_few_samples_keep_the_moments_of_the_cycle():
    t = np.array([0.0, 1.0, 2.0, 3.0])
    cycle = Cycle(0.9, 1.5, 2.1, 80.0)
    for q in (np.array([0.0, 80.0, 0.0, 0.0]), np.full(4, np.nan)):
        assert _moments(t, q, cycle) == (0.9, 1.5, 1.5, 1.5, 2.1)


def test_the_top_is_the_straightest_after_the_repetition_and_before_the_next():
    t = np.arange(0, 4, 0.1)
    q = np.where(t < 2.5, 20.0, np.where(t < 3.5, 5.0, -30.0))
    assert _top(t, q, 1.0, 2.4) == 20.0
    assert _top(t, q, 1.0, 3.4) == 5.0
    assert np.isnan(_top(t, np.full(40, np.nan), 1.0, 3.4))


def test_the_ratio_at_a_flexion_is_that_of_the_span_and_of_nothing_else():
    t = np.arange(0, 2.01, 0.05)
    flexion = 100 * (1 - np.abs(t - 1))
    ratio = np.where(t < 1, 1.0, 0.8)
    assert _at_depth(t, flexion, ratio, (0, 1), 60) == 1.0
    assert _at_depth(t, flexion, ratio, (1, 2), 60) == 0.8
    assert np.isnan(_at_depth(t, flexion, ratio, (0, 1), 120))
    assert np.isnan(_at_depth(t, flexion, ratio * np.nan, (0, 1), 60))


# ---- smoothness


@pytest.mark.parametrize("seconds", [0.6, 1.0, 3.0])
@pytest.mark.parametrize("fps", [30, 60])
@pytest.mark.parametrize("degrees", [40, -100])
def test_a_minimum_jerk_movement_is_as_smooth_as_can_be_at_any_speed_and_size(seconds, fps, degrees):
    t = np.arange(0, seconds + 1e-9, 1 / fps)
    assert sparc(t, degrees * smooth(t / seconds)) == pytest.approx(-1.42, abs=0.06)


def test_every_stop_on_the_way_is_less_smooth():
    t = np.arange(0, 2.01, 1 / 60)
    whole = smooth(t / 2)
    halves = (smooth(t) + smooth(t - 1)) / 2
    thirds = sum(smooth(1.5 * t - i) for i in range(3)) / 3
    values = [sparc(t, 90 * q) for q in (whole, halves, thirds)]
    assert values[0] > values[1] + 0.2 > values[2] + 0.4


@pytest.mark.parametrize("q", [np.zeros(30), np.linspace(0, 9, 7), np.r_[np.linspace(0, 9, 20), np.nan], np.zeros(0)])
def test_no_movement_or_too_few_samples_have_no_smoothness(q):
    assert np.isnan(sparc(np.arange(len(q)) / 30, q))


# ---- reversals

PATHS = [
    ([0, 5, 0], 0),  # the one way out and back
    ([0, 5], 0),
    ([0, 5, 0, 5, 0], 2),
    ([0, 5, 3.5, 5, 0], 0),  # too little to matter
    ([0, 5, 0, 5, 0, 5, 0], 4),
    ([0, -5, 5, -5], 1),
    ([], 0),
    ([3], 0),
]


@pytest.mark.parametrize(("path", "count"), PATHS)
def test_reversals_are_the_same_mirrored_backwards_shifted_and_slower(path, count):
    x = np.array(path, float)
    slow = np.interp(np.linspace(0, max(len(x) - 1, 0), 20 * len(x)), np.arange(len(x)), x) if len(x) else x
    holed = slow.copy()
    holed[3::9] = np.nan
    for version in (x, -x, x[::-1], x + 100, slow, -slow, holed):
        assert reversals(version, 2.0) == count


def test_a_stretch_is_cut_with_both_ends():
    t = np.arange(10) / 10
    whole = Landmarks(t, t[:, None], t, t, t > 0.45, t)
    part = whole.between(0.2, 0.6)
    assert part.t_s.tolist() == t[2:7].tolist()
    assert part.ok.tolist() == [False, False, False, True, True]
    assert len(whole.between(0.61, 0.69).t_s) == 0
