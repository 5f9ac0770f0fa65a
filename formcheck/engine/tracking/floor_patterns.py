"""Is it this exercise at all? The patterns of a body on the floor.

As in ``patterns``, these tests know nothing of good or bad form, and no rule uses them. The limits are defaults without a published
cut-off unless a source is named.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine import geometry as g
from formcheck.engine.person.view import BEHIND_FROM_DEG
from formcheck.engine.signals import hands
from formcheck.engine.signals.calibration import WORKING_LEG
from formcheck.engine.tracking.candidates import joint_deg, near

if TYPE_CHECKING:
    from formcheck.engine.tracking.candidates import MovementCandidate

_SHOULDERS, _WRISTS, _KNEES, _ANKLES = [11, 12], [15, 16], [25, 26], [27, 28]
_FLAT_TRUNK_DEG = 50.0  # hands on a bench or a table: the trunk may slope
_ARM_DOWN_SHARE = 0.6  # of the arm's length the hands are below the shoulders
_CHEST_ITSELF_SHARE = 0.5  # of what the chest loses over the hands it comes down itself; the hands do not come up to it
_HANDS_STAY_ARMS, _FEET_STAY_ARMS, _STAYS_SHARE = 0.35, 0.18, 0.9
"""Hands and feet are this near to their place nine tenths of the time.

Kicks with the hands on the floor move the feet by 0.21 and more, push-ups by 0.12 at most (motion capture).
"""
_ON_BACK_DEG = 30.0
_BRIDGE_RISE_TORSOS, _PLACE_STAYS_TORSOS = 0.12, 0.5
_KNEE_BELOW_THIGHS, _FOOT_UP_THIGHS, _KNEE_STAYS_THIGHS = 0.6, 0.1, 0.35


def presses_up(done: MovementCandidate) -> bool:
    """Return whether the chest goes down, or up again, over hands that stay: a push-up.

    One way is enough. On the other one hands and feet may move, as the person gets down to the first push-up or up from the last.

    Parameters
    ----------
    done : MovementCandidate

    Returns
    -------
    bool
        False from behind, where the body hides its hands.
    """
    if abs(done.calibration.azimuth_deg) >= BEHIND_FROM_DEG:
        return False
    out = done.t_s <= done.turn_s
    return _presses(done, done.start, done.p[out]) or _presses(done, done.end, done.p[~out])


def _presses(done: MovementCandidate, top: np.ndarray, way: np.ndarray) -> bool:
    """Return whether the way (T, 33, 2) between a top (33, 2) and the turn is one of a push-up.

    The chest itself moves. The hands stay, and so does what carries the body behind: feet or knees. From the side the trunk must
    be in line with the thighs too.
    """
    arm, from_side = float(hands.arm_px(done.calibration.points_px)), done.calibration.label == "side"
    lost_px = float(hands.chest_height_px(top) - hands.chest_height_px(done.turn))
    lowered_px = done.turn[_SHOULDERS, 1].mean() - top[_SHOULDERS, 1].mean()
    return bool(
        len(way)
        and hands.on_hands(np.stack([top, done.turn]), arm, from_side).all()
        and lowered_px >= _CHEST_ITSELF_SHARE * lost_px
        and _wanders_px(way, _WRISTS) <= _HANDS_STAY_ARMS * arm
        and min(_wanders_px(way, _ANKLES), _wanders_px(way, _KNEES)) <= _FEET_STAY_ARMS * arm
        and (not from_side or _straight_on_hands(done, top, arm))
    )


def _straight_on_hands(done: MovementCandidate, top: np.ndarray, arm: float) -> bool:
    """Return whether the arms hold the chest up with the trunk in line with the thighs, as seen from the side."""
    shoulder, hip, knee = done.side("shoulder", "hip", "knee")
    straight = min(joint_deg(p, shoulder, hip, knee) for p in (top, done.turn)) >= hands.STRAIGHT_HIP_DEG
    return straight and float(hands.chest_height_px(top)) >= _ARM_DOWN_SHARE * arm


def _wanders_px(p: np.ndarray, joints: list[int]) -> float:
    """Return how far the middle of two joints (T, 33, 2) is from its usual place, nine tenths of the time."""
    middle = p[:, joints].mean(axis=1)
    return float(np.quantile(np.hypot(*(middle - np.median(middle, axis=0)).T), _STAYS_SHARE))


def raises_the_hips(done: MovementCandidate) -> bool:
    """Return whether a body on its back raises its hips over feet and shoulders that stay: a bridge.

    Parameters
    ----------
    done : MovementCandidate

    Returns
    -------
    bool
    """
    shoulder, hip, knee, ankle = done.side("shoulder", "hip", "knee", "ankle")
    torso = _length_px(done.start, shoulder, hip)
    rise, sink = (done.start[joint, 1] - done.turn[joint, 1] for joint in (hip, shoulder))
    stay = [np.hypot(*(done.turn[joint] - done.start[joint])) for joint in (shoulder, ankle)]
    return (
        _level_deg(done.start, shoulder, hip) <= _ON_BACK_DEG
        and all(p[knee, 1] < min(p[ankle, 1], p[shoulder, 1]) for p in (done.start, done.turn))
        and rise - max(sink, 0.0) >= _BRIDGE_RISE_TORSOS * torso
        and max(stay) <= _PLACE_STAYS_TORSOS * torso
    )


def raises_one_foot(done: MovementCandidate) -> bool:
    """Return whether a body on hands and knees raises one foot behind while the other knee stays: a bird dog.

    Parameters
    ----------
    done : MovementCandidate

    Returns
    -------
    bool
    """
    shoulder, elbow, wrist, hip, knee = done.side("shoulder", "elbow", "wrist", "hip", "knee")
    thigh, arm = _length_px(done.start, hip, knee), _length_px(done.start, shoulder, elbow, wrist)
    works = 0 if WORKING_LEG["higher_ankle"](done.p[near(done.t_s, done.turn_s, 0.15)]).mean() >= 0.5 else 1
    other_knee = 26 - works
    return (
        all(_level_deg(p, shoulder, hip) <= _FLAT_TRUNK_DEG for p in (done.start, done.turn))
        and done.start[knee, 1] - done.start[hip, 1] >= _KNEE_BELOW_THIGHS * thigh
        and max(done.start[[15, 16], 1]) - done.start[shoulder, 1] >= _ARM_DOWN_SHARE * arm
        and done.start[27 + works, 1] - done.turn[27 + works, 1] >= _FOOT_UP_THIGHS * thigh
        and np.hypot(*(done.turn[other_knee] - done.start[other_knee])) <= _KNEE_STAYS_THIGHS * thigh
    )


def _level_deg(points: np.ndarray, a: int, b: int) -> float:
    """Return how far the line a–b is from the horizontal (deg)."""
    return abs(float(g.elevation_deg(points[a], points[b])))


def _length_px(points: np.ndarray, *joints: int) -> float:
    return sum(float(np.hypot(*(points[b] - points[a]))) for a, b in pairwise(joints))
