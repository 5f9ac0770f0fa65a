"""Is it this exercise at all? Tests on the body's geometry that keep other movements from being counted.

They know nothing of good or bad form, and no rule uses them.
"""

from __future__ import annotations

import math

import numpy as np

from formcheck import geometry as g
from formcheck.engine.measure import Calibration, Scene, higher_knee
from formcheck.skeleton import INDEX

_SITS_S, _SITS_FEET = 1.5, 0.5  # seconds at rest, and the weight this many foot lengths behind the heel
_FOOT_STAYS_LEGS = 0.20  # planted: an ankle moves less than this share of the leg's length
_SPLIT_KNEES_SHANKS = 0.42  # one knee lower than the other by this share of the shank: a lunge (squats reach 0.37)
_SPLIT_KNEES_ALONE = 0.50  # by this much: whatever the view makes of the feet
_SPLIT_ANKLES_LEGS = 0.45  # ankles this far apart along the picture, seen from the side: a lunge
_FRONT_FOOT_LIFT_LEGS = 0.12  # the front ankle of a lunge is not above the rear one by more: that is a lifted knee
_DEEP_DROP_LEGS = 0.2  # hips that come down this far rest on both feet, wherever the model puts the ankles
_MIN_DROP_SHARE, _MIN_DROP_LEGS = 0.5, 0.012
_MIN_SPLIT_DROP_LEGS = 0.07  # a long stride in walking lowers the hips by less
_BEND_TRUNK_DEG = 55.0  # bending: the trunk goes far down while the knees hardly bend
_BOTH_KNEES_SHARE = 0.6  # in a squat the straighter knee bends by at least this share of the other
_ONE_PLACE_TORSOS = 0.8

_PLANK_AXIS_DEG, _PLANK_CLEARANCE, _PLANK_LEAVE_CLEARANCE = 35.0, 0.08, 0.05
"""Front plank (clinical-rules 1.3): shoulder–ankle line within 35 deg of the horizontal, hips above the floor by 8 % of it to
begin with and by 5 % to go on."""
_SHOULDERS_STACKED_TORSOS = 0.45  # seen from the side the shoulders of a front plank lie behind each other
_FOREARM_FLAT_SHARE = 0.5
STILL_TORSOS = 0.08


def near(t_s: np.ndarray, at_s: float, within_s: float) -> np.ndarray:
    """Return (T,) whether a frame lies within ``within_s`` of ``at_s``; at least the nearest one does."""
    mask = np.abs(t_s - at_s) <= within_s
    if not mask.any():
        mask[np.argmin(np.abs(t_s - at_s))] = True
    return mask


def _median_points(t_s: np.ndarray, p: np.ndarray, at_s: float, within_s: float = 0.12) -> np.ndarray:
    return np.median(p[near(t_s, at_s, within_s)], axis=0)


def front_leg(t_s: np.ndarray, p: np.ndarray, turn_s: float) -> str:
    """Return the leading leg of a lunge: its knee is the higher one around the turn."""
    return "left" if higher_knee(p[near(t_s, turn_s, 0.15)]).mean() >= 0.5 else "right"


def is_repetition(
    stance: str,
    t_s: np.ndarray,
    p: np.ndarray,
    span_s: tuple[float, float, float],
    calibration: Calibration,
    excursion_deg: float,
) -> bool:
    """Return whether one down-and-up is a repetition of an exercise with that stance.

    ``t_s`` (T,), ``p`` (T, 33, 2) without NaN, ``span_s`` = start, turn, end. ``stance``: ``parallel`` or ``split``.
    ``excursion_deg``: how far the knee bent; the hips must come down by at least half of what two such knees would lower them.
    """
    start, turn, end = (_median_points(t_s, p, at) for at in span_s)
    leg = calibration.length_px("leg")
    drop = (turn[[23, 24], 1].mean() - start[[23, 24], 1].mean()) / leg
    if stance == "split" and drop < _MIN_SPLIT_DROP_LEGS:
        return False
    expected = 1.0 - math.cos(math.radians(excursion_deg / 2))
    if drop < max(_MIN_DROP_LEGS, _MIN_DROP_SHARE * expected) or _bends_over(turn, calibration):
        return False
    if stance == "split":
        return _is_split(turn, calibration) and (drop >= _DEEP_DROP_LEGS or _front_foot_planted(t_s, p, span_s[1], leg))
    if np.hypot(*(end[[23, 24]].mean(0) - start[[23, 24]].mean(0))) > _ONE_PLACE_TORSOS * calibration.length_px(
        "torso"
    ):
        return False
    if _sits(t_s, p, span_s[1], calibration):
        return False
    return (
        not _is_split(turn, calibration)
        and _both_knees(turn, calibration)
        and _feet_stay(start, turn, end, calibration)
    )


def _feet_stay(start: np.ndarray, turn: np.ndarray, end: np.ndarray, calibration: Calibration) -> bool:
    """At the turn the feet are where they were before or where they are after, whichever name the model gives them.

    From the side the near one is enough, since the far one is guessed.
    """
    limit = _FOOT_STAYS_LEGS * calibration.length_px("leg")
    near = 27 if calibration.near == "left" else 28
    far = 55 - near
    stays = []
    for other in (start, end):
        ways = (
            [np.hypot(*(turn[a] - other[near])) for a in (near, far)],
            [np.hypot(*(turn[a] - other[far])) for a in (far, near)],
        )
        stays.append(
            min(ways[0] if calibration.label == "side" else [max(pair) for pair in zip(*ways, strict=True)]) <= limit
        )
    return any(stays) and bool(abs(turn[27, 1] - turn[28, 1]) <= limit + abs(start[27, 1] - start[28, 1]))


def _sits(t_s: np.ndarray, p: np.ndarray, turn_s: float, calibration: Calibration) -> bool:
    """Sitting: seen from the side, the body rests for a while with its weight well behind the heels, so something carries it."""
    if calibration.label != "side":
        return False
    side = calibration.near
    hip_y = p[:, INDEX[f"{side}_hip"], 1]
    low = hip_y >= np.median(hip_y[near(t_s, turn_s, 0.12)]) - 0.03 * calibration.length_px("leg")
    if low.sum() < 2 or t_s[low][-1] - t_s[low][0] < _SITS_S:
        return False
    resting = np.median(p[low], axis=0)
    shoulder, hip, knee, ankle, heel = (
        resting[INDEX[f"{side}_{j}"], 0] for j in ("shoulder", "hip", "knee", "ankle", "heel")
    )
    # Shares of body mass after Winter 2009: head, trunk and arms 0.68 at 0.63 of the way from hip to shoulder,
    # thighs 0.20, shanks and feet 0.12.
    weight_x = 0.68 * (hip + 0.63 * (shoulder - hip)) + 0.20 * (hip + knee) / 2 + 0.12 * (knee + ankle) / 2
    return calibration.facing * (heel - weight_x) > _SITS_FEET * calibration.length_px("foot", side)


def _both_knees(turn: np.ndarray, calibration: Calibration) -> bool:
    """Both knees bend: not a lifted knee, nor the weight shifted to one leg. From the side the far knee is guessed."""
    if calibration.label == "side":
        return True
    now, still = Scene(turn[None], calibration), Scene(calibration.points_px[None], calibration)
    left, right = (float((now.knee_flexion_deg(s) - still.knee_flexion_deg(s))[0]) for s in ("left", "right"))
    return min(left, right) >= _BOTH_KNEES_SHARE * max(left, right)


def _is_split(turn: np.ndarray, calibration: Calibration) -> bool:
    shank = max(calibration.length_px("shank", "left"), calibration.length_px("shank", "right"))
    knees = abs(turn[25, 1] - turn[26, 1]) / shank
    ankles = abs(turn[27, 0] - turn[28, 0]) / calibration.length_px("leg")
    if calibration.label == "side" and ankles >= _SPLIT_ANKLES_LEGS:
        return True
    enough = (
        _SPLIT_KNEES_SHANKS if calibration.label == "front" or ankles >= _SPLIT_ANKLES_LEGS / 2 else _SPLIT_KNEES_ALONE
    )
    return bool(knees >= enough)


def _front_foot_planted(t_s: np.ndarray, p: np.ndarray, turn_s: float, leg: float) -> bool:
    """The front foot stands still and low around the turn: no stride, no lifted knee."""
    front, rear = (27, 28) if front_leg(t_s, p, turn_s) == "left" else (28, 27)
    turn = _median_points(t_s, p, turn_s)
    around = p[near(t_s, turn_s, 0.25), front]
    moved = np.hypot(*(np.quantile(around, 0.75, axis=0) - np.quantile(around, 0.25, axis=0)))
    lifted = turn[rear, 1] - turn[front, 1] > _FRONT_FOOT_LIFT_LEGS * leg
    return bool(moved <= _FOOT_STAYS_LEGS * leg and not lifted)


def _bends_over(turn: np.ndarray, calibration: Calibration) -> bool:
    """Bending to the floor: the trunk is lowered by far more than the knees bend."""
    torso_height = turn[[23, 24], 1].mean() - turn[[11, 12], 1].mean()
    trunk = float(g.extent_angle_deg(np.array(torso_height), calibration.length_px("torso")))
    lowered = 1.0 - (turn[[27, 28], 1].max() - turn[[23, 24], 1].mean()) / calibration.length_px("leg")
    knees = 2.0 * float(g.extent_angle_deg(np.array(1.0 - lowered), 1.0))
    return trunk > _BEND_TRUNK_DEG and knees < trunk


def front_plank(p: np.ndarray, calibration: Calibration) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return per frame (T,): a front plank seen from the side may begin; one that runs goes on; it rests on the forearms."""
    near = 0 if calibration.near == "left" else 1
    shoulder, elbow, wrist, hip, ankle, toe = (p[:, index + near] for index in (11, 13, 15, 23, 27, 31))
    length = g.distance_px(shoulder, ankle)
    axis = np.abs(g.elevation_deg(ankle, shoulder))
    floor_y = np.fmax.reduce([elbow[:, 1], wrist[:, 1], ankle[:, 1], toe[:, 1]])
    torso = g.distance_px(shoulder, hip)
    stacked = g.distance_px(p[:, 11], p[:, 12]) <= _SHOULDERS_STACKED_TORSOS * torso
    posture = (
        (axis <= _PLANK_AXIS_DEG)
        & (np.fmax(elbow[:, 1], wrist[:, 1]) - shoulder[:, 1] > 0.1 * length)
        & (np.abs(shoulder[:, 0] - ankle[:, 0]) > np.abs(hip[:, 0] - ankle[:, 0]))
        & stacked
    )
    clearance = (floor_y - hip[:, 1]) / length
    forearm = np.abs(wrist[:, 1] - elbow[:, 1]) <= _FOREARM_FLAT_SHARE * g.distance_px(shoulder, elbow)
    return posture & (clearance > _PLANK_CLEARANCE), posture & (clearance > _PLANK_LEAVE_CLEARANCE), forearm


def trunk_still(t_s: np.ndarray, p: np.ndarray, near: str, still_s: float) -> np.ndarray:
    """Return per frame (T,) whether it lies in a stretch of ``still_s`` in which the near shoulder hardly rises or falls."""
    near_i = 11 if near == "left" else 12
    y, scale = p[:, near_i, 1], np.nanmedian(g.distance_px(p[:, near_i], p[:, near_i + 12]))
    still = np.zeros(len(t_s), bool)
    first = 0
    for last in range(len(t_s)):
        while first < last and t_s[last] - t_s[first + 1] >= still_s:
            first += 1
        if (
            t_s[last] - t_s[first] >= still_s
            and np.fmax.reduce(y[first : last + 1]) - np.fmin.reduce(y[first : last + 1]) <= STILL_TORSOS * scale
        ):
            still[first : last + 1] = True
    return still
