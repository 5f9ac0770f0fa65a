"""No set counts nothing without a reason, and the first reason is the true one, whatever is done to a good set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from formcheck.exercises import load, names
from formcheck.model.frames import Pose
from formcheck.synthetic import another_person
from tests.synthetic_cases import CLEAN, VIEW_AZIMUTHS, made, record_of

FPS = 12.5
_Poses = Sequence[Pose]


def moved(poses: _Poses, place: Callable[[np.ndarray, Pose], np.ndarray]) -> list[Pose]:
    """Return the poses with each landmark (33, 2) somewhere else in the picture."""
    return [replace(pose, image_px=place(pose.image_px.astype(float), pose).astype(np.float32)) for pose in poses]


def scaled(poses: _Poses, factor: float) -> list[Pose]:
    """Return the poses of a person further away."""
    return moved(poses, lambda p, pose: (p - middle(pose)) * factor + middle(pose))


def turned(poses: _Poses, deg: float) -> list[Pose]:
    """Return the poses in pictures that are turned about their middle."""
    cos, sin = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    turn = np.array([[cos, sin], [-sin, cos]])
    return moved(poses, lambda p, pose: (p - middle(pose)) @ turn + middle(pose))


def shifted(poses: _Poses, x_share: float, y_share: float) -> list[Pose]:
    """Return the poses further right and down, in shares of the picture."""
    return moved(poses, lambda p, pose: p + np.array([x_share, y_share]) * pose.size_px)


def middle(pose: Pose) -> np.ndarray:
    return np.array(pose.size_px) / 2


def stretched(poses: _Poses, factor: float) -> list[Pose]:
    """Return the poses in slow motion, at the same rate of pictures."""
    many = int(factor)
    return [replace(pose, t_s=factor * pose.t_s + k / FPS) for pose in poses for k in range(many)]


def quick(poses: _Poses, factor: float) -> list[Pose]:
    """Return the poses in a film that runs too fast."""
    return [replace(pose, t_s=pose.t_s / factor) for pose in poses]


def noisy(poses: _Poses) -> list[Pose]:
    """Return the poses with landmarks that jump by a tenth of the picture."""
    rng = np.random.default_rng(5)
    return moved(poses, lambda p, pose: p + rng.normal(0, 0.1 * min(pose.size_px), p.shape))


def scrambled(poses: _Poses) -> list[Pose]:
    """Return the poses with the landmarks' names exchanged at random."""
    rng = np.random.default_rng(5)
    return moved(poses, lambda p, pose: p[rng.permutation(33)])


@dataclass(frozen=True)
class Hostile:
    """What is done to a good set, and the reasons that may then come first."""

    change: Callable[[_Poses], list[Pose]]
    reasons: tuple[str, ...]
    may_count: bool = False


HOSTILE = {
    "far": Hostile(lambda poses: scaled(poses, 0.12), ("too_far",)),
    "low": Hostile(lambda poses: shifted(poses, 0.0, 0.35), ("outside_picture",), may_count=True),
    "aside": Hostile(lambda poses: shifted(poses, 0.5, 0.0), ("outside_picture",), may_count=True),
    "on_side": Hostile(
        lambda poses: turned(poses, 90),
        ("picture_on_side", "not_upright", "not_lying", "not_in_position"),
        may_count=True,
    ),
    "on_other_side": Hostile(
        lambda poses: turned(poses, 270),
        ("picture_on_side", "not_upright", "not_lying", "not_in_position"),
        may_count=True,
    ),
    "upside_down": Hostile(lambda poses: turned(poses, 180), ("picture_on_side", "not_in_position"), may_count=True),
    "frozen": Hostile(
        lambda poses: [replace(poses[0], t_s=pose.t_s) for pose in poses],
        ("never_began", "not_in_position"),
        may_count=True,
    ),
    "short": Hostile(lambda poses: list(poses[:5]), ("too_short", "never_began")),
    "one": Hostile(lambda poses: list(poses[:1]), ("one_picture",)),
    "slow": Hostile(lambda poses: stretched(poses, 12), ("too_slow", "rule_broken"), may_count=True),
    "quick": Hostile(lambda poses: quick(poses, 12), ("too_fast", "too_short", "unlike"), may_count=True),
    "few": Hostile(lambda poses: list(poses[::6]), ("few_pictures",), may_count=True),
    "nobody": Hostile(lambda poses: [Pose.nobody(pose.t_s, pose.size_px) for pose in poses], ("nobody",)),
    "hidden": Hostile(lambda poses: [replace(pose, visibility=pose.visibility * 0.1) for pose in poses], ("hidden",)),
    "noisy": Hostile(noisy, ("not_believed", "person_changed")),
    "scrambled": Hostile(scrambled, ("not_believed", "person_changed")),
    "another": Hostile(lambda poses: another_person(poses, 1.0, 1e9), ("person_changed",)),
    "panned": Hostile(
        lambda poses: moved(poses, lambda p, pose: p + np.array([40 * pose.t_s - 100, 0])),
        ("moved_about", "outside_picture", "not_still"),
        may_count=True,
    ),
}


EVERY = 3
"""Each exercise meets every third change in ``make test``, each change every third exercise; ``make proof`` has them all."""


@lru_cache(maxsize=2)
def good_set(exercise: str) -> _Poses:
    azimuth_deg = VIEW_AZIMUTHS[load(exercise).train_view]
    return made(exercise, [CLEAN[exercise]] * 2, azimuth_deg, fps=FPS).poses


def some(exercises: Sequence[str], others: Iterable[Any]) -> list[Any]:
    """Return every pair as a parameter, two of three of them for ``make proof``."""
    return [
        pytest.param(exercise, other, marks=[pytest.mark.proof] if (i + j) % EVERY else [])
        for i, exercise in enumerate(exercises)
        for j, other in enumerate(others)
    ]


@pytest.mark.parametrize(("exercise", "name"), some(names(), list(HOSTILE)))
def test_every_zero_has_its_reason(exercise, name):
    hostile = HOSTILE[name]
    record = record_of(hostile.change(good_set(exercise)), exercise)
    if record.rep_count or record.holds:
        assert hostile.may_count
        assert record.nothing == []
    else:
        assert record.nothing, "a zero without a reason"
        assert record.nothing[0].reason in hostile.reasons
        assert len(record.nothing) <= 3
        assert len({one.reason for one in record.nothing}) == len(record.nothing)


@pytest.mark.parametrize("exercise", names())
def test_a_good_set_has_no_reason(exercise):
    record = record_of(good_set(exercise), exercise)
    assert record.rep_count or record.holds
    assert record.nothing == []


@pytest.mark.parametrize(("exercise", "seed"), some(names(), range(3)))
def test_no_mixture_is_without_a_reason(exercise, seed):
    """Two changes at once, and pictures left out at random."""
    poses = good_set(exercise)
    rng = np.random.default_rng([seed, names().index(exercise)])
    for name in rng.choice(sorted(set(HOSTILE) - {"one", "slow"}), 2, replace=False):
        poses = HOSTILE[name].change(poses)
    kept = [pose for pose in poses if rng.random() < 0.8] or poses
    record = record_of(kept, exercise)
    assert bool(record.nothing) != bool(record.rep_count or record.holds)
