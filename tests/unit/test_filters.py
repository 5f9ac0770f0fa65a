"""Filters against plain references: One Euro written out for one number, the Butterworth by its own formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.engine.filters import GAP_BRIDGED_S, OneEuro, hampel, zero_lag

RNG = np.random.default_rng(7)
TIMES = np.cumsum(RNG.uniform(0.01, 0.08, 200))


def one_euro_by_the_paper(t_s, xs, min_cutoff_hz, beta, d_cutoff_hz, scale):
    """Casiez, Roussel and Vogel 2012, algorithm 1, for one number; ``scale`` divides the speed."""

    def alpha(cutoff_hz, dt):
        tau = 1.0 / (2 * math.pi * cutoff_hz)
        return 1.0 / (1.0 + tau / dt)

    out, dx = [xs[0]], 0.0
    for dt, x in zip(np.diff(t_s), xs[1:], strict=True):
        a = alpha(d_cutoff_hz, dt)
        dx = a * (x - out[-1]) / dt + (1 - a) * dx
        a = alpha(min_cutoff_hz + beta * abs(dx) / scale, dt)
        out.append(a * x + (1 - a) * out[-1])
    return out


@pytest.mark.parametrize(("min_cutoff_hz", "beta", "d_cutoff_hz", "scale"), [(1.2, 4, 1, 80), (0.5, 0, 2, 1)])
def test_one_euro_is_the_papers(min_cutoff_hz, beta, d_cutoff_hz, scale):
    xs = np.cumsum(RNG.normal(0, 5, (len(TIMES), 3)), axis=0)
    one = OneEuro(min_cutoff_hz, beta, d_cutoff_hz)
    got = np.array([one.update(t, x, scale) for t, x in zip(TIMES.tolist(), xs, strict=True)])
    for column in range(3):
        expected = one_euro_by_the_paper(TIMES, xs[:, column], min_cutoff_hz, beta, d_cutoff_hz, scale)
        assert got[:, column] == pytest.approx(expected)


def test_a_missing_element_is_nan_that_once_and_poisons_neither_itself_nor_its_neighbours():
    xs = np.cumsum(RNG.normal(0, 5, (60, 2)), axis=0)
    holed = xs.copy()
    holed[[0, 1, 20, 21, 40], 0] = np.nan
    whole, one = OneEuro(), OneEuro()
    for t, x, h in zip(TIMES[:60].tolist(), xs, holed, strict=True):
        a, b = whole.update(t, x), one.update(t, h)
        assert b[1] == a[1]
        assert np.isnan(b[0]) == np.isnan(h[0])
    assert b[0] == pytest.approx(a[0], abs=3)


@pytest.mark.parametrize("back_s", [0.0, 0.5])
def test_a_time_that_does_not_rise_changes_nothing(back_s):
    plain, one = OneEuro(), OneEuro()
    for t, x in ((1.0, 0.0), (1.1, 4.0)):
        last = one.update(t, np.array([x]))
        plain.update(t, np.array([x]))
    assert one.update(1.1 - back_s, np.array([999.0])) == last
    assert one.update(1.2, np.array([5.0])) == plain.update(1.2, np.array([5.0]))


def test_after_a_reset_the_first_sample_passes_as_it_is():
    one = OneEuro()
    one.update(0.0, np.zeros(1))
    one.update(0.1, np.ones(1))
    one.reset()
    assert one.update(0.05, np.array([42.0])) == 42.0


@pytest.mark.parametrize("values", [(0, 4, 1), (1.2, 4, 0), (1.2, -1, 1)])
def test_one_euro_refuses_senseless_settings(values):
    with pytest.raises(ValueError, match="must be above 0"):
        OneEuro(*values)


def test_hampel_takes_out_a_spike_and_leaves_slopes_steps_and_turns():
    ramp = np.arange(30.0)
    turn, step = np.abs(ramp - 15), np.where(ramp < 15, 0.0, 50.0)
    clean = np.column_stack([ramp, turn, step])
    spiked = clean.copy()
    spiked[9] += 40.0
    assert hampel(clean) == pytest.approx(clean)
    out = hampel(spiked)
    assert np.abs(out[9] - clean[9]).max() <= 1.0
    assert np.delete(out, 9, axis=0) == pytest.approx(np.delete(clean, 9, axis=0))
    assert np.array_equal(hampel(spiked[:6]), spiked[:6])


def gain(frequency_hz: float, cutoff_hz: float = 6.0, rate_hz: float = 60.0) -> float:
    """Two passes of a second-order Butterworth made by the bilinear transform."""

    def warped(f):
        return math.tan(math.pi * f / rate_hz)

    return 1.0 / (1.0 + (warped(frequency_hz) / warped(cutoff_hz / 0.802)) ** 4)


@pytest.mark.parametrize("frequency_hz", [0.5, 1.0, 3.0, 6.0, 12.0])
def test_zero_lag_keeps_the_phase_and_has_the_gain_of_its_formula(frequency_hz):
    t = np.arange(600) / 60.0
    turn = 2 * np.pi * frequency_hz * t
    middle = slice(120, 480)
    out = zero_lag(t, 10 * np.sin(turn)[:, None])[middle, 0]
    sine, cosine = (2 * np.mean(out * wave[middle]) / 10 for wave in (np.sin(turn), np.cos(turn)))
    assert sine == pytest.approx(gain(frequency_hz), abs=0.01)
    assert cosine == pytest.approx(0.0, abs=0.005)


def test_irregular_times_change_little():
    t = TIMES - TIMES[0]
    x = 50 * np.sin(2 * np.pi * 0.5 * t)
    out = zero_lag(t, x[:, None])[:, 0]
    assert np.abs(out - x)[5:-5].max() < 1.0


def test_a_long_gap_splits_the_series_and_a_short_one_does_not():
    t = np.arange(240) / 30.0
    x = np.where(t < 4, 0.0, 100.0)[:, None]
    for gap_s, splits in ((0.3, False), (GAP_BRIDGED_S + 0.2, True)):
        holed = np.where((np.abs(t - 4) <= gap_s / 2)[:, None], np.nan, x)
        out = zero_lag(t, holed)
        assert np.array_equal(np.isnan(out), np.isnan(holed)), "what is missing stays missing, and nothing else"
        alone = np.nanmax(np.abs(out - x)) < 1e-6
        assert alone == splits, "the jump reaches across a short gap only"


def test_a_missing_column_touches_no_other():
    t = np.arange(120) / 30.0
    x = np.cumsum(RNG.normal(0, 1, (120, 14)), axis=0)
    holed = x.copy()
    holed[:, 3] = np.nan
    holed[50:80, 8] = np.nan
    whole, out = zero_lag(t, x), zero_lag(t, holed)
    others = [column for column in range(14) if column not in (3, 8)]
    assert np.array_equal(out[:, others], whole[:, others])
    assert np.isnan(out[:, 3]).all()
    assert np.isnan(out[:, 8]).tolist() == np.isnan(holed[:, 8]).tolist()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 7])
def test_a_handful_of_samples_keeps_its_values(n):
    x = np.arange(2.0 * n).reshape(n, 2)
    out = zero_lag(np.arange(n) * 0.02, x)
    assert out.shape == x.shape
    assert out == pytest.approx(x)


def test_a_lone_sample_between_gaps_keeps_its_value():
    t = np.arange(90) / 30.0
    x = np.full((90, 1), np.nan)
    x[45] = 7.0
    out = zero_lag(t, x)
    assert out[45, 0] == 7.0
    assert np.isnan(np.delete(out, 45)).all()
