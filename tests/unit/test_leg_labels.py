"""Legs that change names, and legs that are lost, on landmarks set by hand."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.engine.person.leg_labels import LegSwapCorrector, swap_legs, unreliable_legs
from formcheck.model.skeleton import MIRROR

TORSO = 100.0


def lunge(front: str = "left", facing: int = 1, apart: float = 80.0) -> np.ndarray:
    """Return landmarks of somebody in a split stance from the side, the trunk 100 px long."""
    p = np.zeros((33, 2))
    p[[11, 12]], p[[23, 24]] = (300, 100), (300, 100 + TORSO)
    leg = 0 if front == "left" else 1
    for side, ahead in ((leg, 1), (1 - leg, -1)):
        x = 300 + facing * ahead * apart / 2
        p[25 + side], p[27 + side], p[29 + side], p[31 + side] = (
            (x, 280),
            (x, 350),
            (x - 5 * facing, 360),
            (x + 20 * facing, 360),
        )
    return p


def test_exchanging_legs_twice_changes_nothing_and_touches_only_legs():
    p = np.arange(66.0).reshape(33, 2)
    once = swap_legs(p)
    assert np.array_equal(swap_legs(once), p)
    assert np.array_equal(once[:25], p[:25])
    assert np.array_equal(once[25:], p[MIRROR][25:])
    assert np.array_equal(p, np.arange(66.0).reshape(33, 2))


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("front", ["left", "right"])
@pytest.mark.parametrize("frames", [1, 8])
def test_frames_with_exchanged_names_get_the_names_of_the_others(front, facing, frames):
    labels, right = LegSwapCorrector(), lunge(front, facing)
    for i in range(40):
        wrong = 20 <= i < 20 + frames
        out = labels.update(i / 25, swap_legs(right) if wrong else right)
        assert labels.swapped == wrong
        assert np.array_equal(out, right)


def test_when_the_feet_pass_each_other_the_other_leg_may_come_first():
    labels = LegSwapCorrector()
    for i, (front, apart) in enumerate([("left", 80)] * 50 + [("left", 20)] + [("right", 80)] * 5):
        labels.update(i / 25, lunge(front, apart=apart))
        assert not labels.swapped


def test_names_hold_where_the_shoulders_are_seen_wide():
    labels = LegSwapCorrector()
    for i in range(40):
        p = lunge("left" if i != 30 else "right")
        p[11, 0] += 40
        assert labels.update(i / 25, p) is p
        assert not labels.swapped


def test_what_was_seen_long_ago_has_no_vote():
    labels, left = LegSwapCorrector(), lunge("left")
    for i in range(50):
        labels.update(i / 25, left)
    labels.update(9.0, lunge("right"))
    assert not labels.swapped


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_an_ankle_that_shakes_is_lost_and_one_that_moves_is_not(fps):
    t = np.arange(0, 4, 1 / fps)
    p = np.broadcast_to(lunge(), (len(t), 33, 2)).copy()
    p[:, 28, 0] += 300 * np.sin(np.pi * t / 4)  # a stride
    shaking = (t >= 1.5) & (t < 2.5)
    p[shaking, 27, 1] += 60.0 * (-1.0) ** np.arange(shaking.sum())
    lost = unreliable_legs(t, p)
    assert lost[(t >= 1.7) & (t < 2.3), 0].all()
    assert not lost[(t < 1.2) | (t > 2.8), 0].any()
    assert not lost[:, 1].any()
    assert np.array_equal(unreliable_legs(t, p[:, MIRROR]), lost[:, ::-1])


def test_who_is_not_seen_has_lost_no_leg():
    t = np.arange(30) / 30
    p = np.broadcast_to(lunge(), (30, 33, 2)).copy()
    p[8:15] = np.nan
    assert not unreliable_legs(t, p).any()
    assert not unreliable_legs(t, np.full((30, 33, 2), np.nan)).any()
    assert unreliable_legs(t[:1], p[:1]).tolist() == [[False, False]]
    assert unreliable_legs(t[:0], p[:0]).shape == (0, 2)
