"""Is it this exercise at all? Tests on the body's geometry that keep other movements from being counted.

Each stance is a general primitive that an exercise names in ``RepCycle.movement_pattern``. They know nothing of good
or bad form, and no
rule uses them. The limits are defaults without a published cut-off unless one is named.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine import geometry as g
from formcheck.engine.signals.calibration import WORKING_LEG, Calibration
from formcheck.engine.signals.scene import MeasuredScene
from formcheck.engine.tracking.candidates import MovementCandidate, joint_deg, median_points, near, weight_x
from formcheck.engine.tracking.floor_patterns import presses_up, raises_one_foot, raises_the_hips
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.engine.signals.calibration import Leading
    from formcheck.model.records import Side

_SHOULDERS, _HIPS, _KNEES, _ANKLES, _TOES = [11, 12], [23, 24], [25, 26], [27, 28], [31, 32]
_SITS_S, _SITS_FEET = 1.5, 0.5  # seconds at rest, and the weight this many foot lengths behind the heel
_BOTH_FEET_SHARE = (
    0.5  # of the time on both feet; in walking a fifth (0.40 in the one clip at hand, 0.67 and more in real squats)
)
_ONE_FOOT_SHARE = 0.8  # of the time on the one foot; on a treadmill it slides back for as long as it carries
_FOOT_STAYS_LEGS = 0.20  # planted: an ankle moves less than this share of the leg's length
_SPLIT_KNEES_SHANKS = 0.42  # one knee lower than the other by this share of the shank: a lunge (squats reach 0.37)
_SPLIT_KNEES_ALONE = 0.50  # by this much: from any view of the feet
_SPLIT_ANKLES_LEGS = 0.45  # ankles this far apart along the picture, seen from the side: a lunge
_FRONT_FOOT_LIFT_LEGS = 0.12  # the front ankle of a lunge is not above the rear one by more: that is a lifted knee
_DEEP_DROP_LEGS = 0.2  # hips that come down this far rest on both feet, even when the model puts the ankles elsewhere
_MIN_DROP_SHARE, _MIN_DROP_LEGS, _MAX_DROP_LEGS = 0.5, 0.012, 1.0  # no hips come down to the ankles that they stand on
_LYING_SHANK_SHARE, _REAR_FOOT_HIGHER_LEGS = 0.6, 0.12
"""The rear shank of a lunge lies: but from the side, its height in the picture is at most this share of the other's.

Its foot looks higher by at least this much, as only a foot further away does. In motion-captured movement seen from 0 to 45 deg the
shanks of lunges have up to 0.40, those of squats 0.76 and more, those of one person's uneven squats 0.41 and more. Feet of lunges
look higher by 0.27 and more, feet of squats by 0.06 at most.
"""
_MIN_SQUAT_DROP_LEGS, _SHOULDERS_TOO_SHARE = 0.024, 0.5
"""Two knees bent by 25 deg lower the hips this far. The shoulders come down at least this share as far.

Rolled shoulders lower the hips by up to 0.018, which an arccosine near standing turns into 29 deg of knee (7 real clips).
"""
_MIN_SPLIT_DROP_LEGS = 0.07  # a long stride in walking lowers the hips by less
_BEND_TRUNK_DEG = 55.0  # bending: the trunk goes far down while the knees hardly bend
_BOTH_KNEES_SHARE = 0.6  # in a squat the straighter knee bends by at least this share of the other
_ONE_PLACE_TORSOS, _AS_LARGE = (
    0.8,
    1.3,
)  # a trunk that leans looks shorter by less; who walks up to the camera grows by more
_SEAT_DROP_LEGS = 0.15  # a chair of 60 cm lowers the hips of a tall person by a fifth of the leg
_HEELS_ANKLES_SHARE = 0.5  # of the hips' rise comes from each ankle: no jump, no getting up
_TOES_STAY_LEGS = 0.06  # toes that travel less than this have stayed
_LIFTED_SHANKS = (
    0.20  # one ankle above the other: twice what clinical-rules 1.5 asks for, since feet are BlazePose's noisiest
)
_ONE_LEG_DROP_LEGS = 0.04  # a knee bent by 33 deg lowers the hips by as much
_BELOW_LEGS, _HANGS_DEG = 0.06, 145.0  # a foot over the edge of a step, and the knee of the leg that hangs
_WIDE_LEGS, _OVER_FOOT_SHARE, _STRAIGHT_KNEE_DEG = 0.6, 0.8, 125.0
_HEELS_KNEES_LEGS = 0.08  # a leg that gets shorter by more has bent its knee
_BOUNCES_S = 0.5  # who leaves the floor again so soon after coming down has not landed
_TURNS_S = (
    1.0  # default, no source: a landing is deepest so soon (made ones: 0.4 s); what comes later is another movement
)
_REACH_LEGS, _OVER_STANCE_LEGS = (
    0.25,
    0.30,
)  # the foot ahead of the one that carries, and the hips from the one that carries


def leading_leg(stance: str, t_s: np.ndarray, p: np.ndarray, turn_s: float) -> Side | None:
    """Return the leg that leads or works around the turn.

    Parameters
    ----------
    stance : str
        A name of ``STANCES``.
    t_s : (T,) array
    p : (T, 33, 2) array
    turn_s : float

    Returns
    -------
    str or None
        None where the stance has no such leg.
    """
    leads = STANCES[stance].leads
    if leads is None:
        return None
    return "left" if WORKING_LEG[leads](p[near(t_s, turn_s, 0.15)]).mean() >= 0.5 else "right"


def is_repetition(stance: str, done: MovementCandidate) -> bool:
    """Return whether one out-and-back is a repetition of an exercise with that stance.

    Parameters
    ----------
    stance : str
        A name of ``STANCES``.
    done : MovementCandidate

    Returns
    -------
    bool
    """
    return bool(STANCES[stance].holds(done))


def _lowered(done: MovementCandidate) -> bool:
    """Return whether the hips came down by at least half of what two knees with that excursion would lower them.

    Bending over is no lowering.
    """
    expected = 1.0 - math.cos(math.radians(done.excursion_deg / 2))
    enough = max(_MIN_DROP_LEGS, _MIN_DROP_SHARE * expected)
    return enough <= done.drop < _MAX_DROP_LEGS and not _bends_over(done.turn, done.calibration)


def _body_lowered(done: MovementCandidate) -> bool:
    """Return whether the hips came down by more than standing moves them, and the shoulders with them."""
    shoulders = float(done.turn[_SHOULDERS, 1].mean() - done.start[_SHOULDERS, 1].mean()) / done.leg
    return done.drop >= _MIN_SQUAT_DROP_LEGS and shoulders >= _SHOULDERS_TOO_SHARE * done.drop


def _one_place(done: MovementCandidate) -> bool:
    """Return whether the hips are back where they were, and no nearer to the camera."""
    moved = np.hypot(*(done.end[_HIPS].mean(0) - done.start[_HIPS].mean(0)))
    before, after = (np.hypot(*(p[_SHOULDERS].mean(0) - p[_HIPS].mean(0))) for p in (done.start, done.end))
    as_far = max(before, after) <= _AS_LARGE * min(before, after)
    return bool(as_far and moved <= _ONE_PLACE_TORSOS * done.calibration.length_px("torso"))


def _on_both_feet(done: MovementCandidate) -> bool:
    c, turn = done.calibration, done.turn
    # From a camera that is near and low one knee looks lower than the other, but no shank shorter.
    split = _is_split(turn, c) and (c.label == "side" or not _shanks_stand(turn))
    stays = not split and _both_knees(turn, c) and _feet_stay(done.start, turn, done.end, c)
    stands = c.label == "side" or _stands_on_both(done)
    return stays and stands and not _reaches(done) and not done.leaps() and not done.springs()


def _landing(done: MovementCandidate) -> bool:
    """Down on both feet after a flight, both knees bend together: a jump's landing."""
    c, turn = done.calibration, done.turn
    bends = _lowered(done) and _one_place(done) and not _is_split(turn, c) and _both_knees(turn, c)
    return bends and _lift_px(done) < _LIFTED_SHANKS * _shank_px(done) and _lands(done)


def _hop(done: MovementCandidate) -> bool:
    """Down on one foot after a flight, the other one off the floor: a hop's landing."""
    return _lowered(done) and _one_place(done) and _lift_px(done) >= _LIFTED_SHANKS * _shank_px(done) and _lands(done)


def _lands(done: MovementCandidate) -> bool:
    """Return whether it began with coming down on the floor, and is no mere bounce."""
    landed_s = done.landed_s
    if landed_s is None or done.turn_s - landed_s > _TURNS_S:
        return False
    return not any(landed_s < a <= landed_s + _BOUNCES_S for a, _ in done.flights())


def _lift_px(done: MovementCandidate) -> float:
    """Return how far the higher ankle is above the other at the turn, since both stood on the floor."""
    return _above_other_px(done, 28 if WORKING_LEG["lower_ankle"](done.turn[None])[0] else 27)


def _reach(done: MovementCandidate) -> bool:
    """One foot goes far ahead and back again while the body is lowered over the other one: a reach."""
    away = done.turn - done.end
    other = 27 if WORKING_LEG["foot_under_hips"](done.turn[None])[0] else 28
    stays = np.hypot(*away[other]) <= _FOOT_STAYS_LEGS * done.leg < np.hypot(*away[55 - other])
    return bool(stays and done.drop >= _ONE_LEG_DROP_LEGS and _lowered(done) and _one_place(done) and _reaches(done))


def _reaches(done: MovementCandidate) -> bool:
    """Seen from the side: a straight leg far ahead of the foot under the hips. A lunge carries its hips between its feet."""
    if done.calibration.label != "side":
        return False
    turn, foot = done.turn, 27 if WORKING_LEG["foot_under_hips"](done.turn[None])[0] else 28
    ahead = 55 - foot
    facing = done.calibration.facing
    return bool(
        facing * (turn[ahead, 0] - turn[foot, 0]) >= _REACH_LEGS * done.leg
        and abs(turn[_HIPS, 0].mean() - turn[foot, 0]) <= _OVER_STANCE_LEGS * done.leg
        and joint_deg(turn, ahead - 4, ahead - 2, ahead) >= max(_HANGS_DEG, joint_deg(turn, foot - 4, foot - 2, foot))
    )


def _stands_on_both(done: MovementCandidate) -> bool:
    """For most of the time both feet stand where they stand at the turn; in walking one of them is always on its way."""
    away = np.hypot(*np.moveaxis(done.p[:, _ANKLES] - done.turn[_ANKLES], -1, 0))
    return bool((away.max(axis=1) <= _FOOT_STAYS_LEGS * done.leg).mean() > _BOTH_FEET_SHARE)


def _parallel(done: MovementCandidate) -> bool:
    """Both knees bend together over feet that stay, and nothing carries the body: a squat."""
    sits = _sits(done.t_s, done.p, done.turn_s, done.calibration)
    return _body_lowered(done) and _lowered(done) and _one_place(done) and not sits and _on_both_feet(done)


def _split(done: MovementCandidate) -> bool:
    """One foot in front of the other at the turn, the front one planted: a lunge."""
    if done.drop < _MIN_SPLIT_DROP_LEGS or not _lowered(done) or not _is_split(done.turn, done.calibration):
        return False
    if _reaches(done):
        return False
    if done.calibration.label != "side" and not _one_foot_stays(
        done
    ):  # from the side the model often blurs the two ankles
        return False
    return done.drop >= _DEEP_DROP_LEGS or _front_foot_planted(done.t_s, done.p, done.turn_s, done.leg)


def _seat(done: MovementCandidate) -> bool:
    """Down to a seat and up over feet that stay: deep enough for a high chair."""
    return done.drop >= _SEAT_DROP_LEGS and _lowered(done) and _one_place(done) and _on_both_feet(done)


def _single(done: MovementCandidate) -> bool:
    """Return whether the body is lowered on one foot that stays, the other one off the floor: a single-leg squat."""
    foot = 27 if WORKING_LEG["lower_ankle"](done.turn[None])[0] else 28
    return (
        _above_other_px(done, 55 - foot) >= _LIFTED_SHANKS * _shank_px(done)
        and abs(done.turn[25, 1] - done.turn[26, 1]) < _SPLIT_KNEES_SHANKS * _shank_px(done)
        and _lowered_on(done, foot)
    )


def _step(done: MovementCandidate) -> bool:
    """Return whether the body is lowered on one foot that stays, the other leg straight below it: a step-down."""
    foot = 27 if WORKING_LEG["higher_ankle"](done.turn[None])[0] else 28
    other = 55 - foot
    bent, hangs = (joint_deg(done.turn, ankle - 4, ankle - 2, ankle) for ankle in (foot, other))
    return (
        _above_other_px(done, foot) >= _BELOW_LEGS * done.leg
        and done.turn[foot - 2, 1] < done.turn[other - 2, 1]
        and hangs >= max(_HANGS_DEG, bent)
        and _lowered_on(done, foot)
    )


def _lowered_on(done: MovementCandidate, foot: int) -> bool:
    """Return whether the hips come down and up again over one foot that stays. From the side the other foot is guessed."""
    if done.calibration.label == "side" or done.drop < _ONE_LEG_DROP_LEGS:
        return False
    away = [np.hypot(*(done.turn[foot] - frame[foot])) for frame in (done.start, done.end)]
    there = np.hypot(*(done.p[:, foot] - done.turn[foot]).T) <= _FOOT_STAYS_LEGS * done.leg
    stays = _one_place(done) and max(away) <= _FOOT_STAYS_LEGS * done.leg and there.mean() >= _ONE_FOOT_SHARE
    return bool(_lowered(done) and stays and not done.flights())


def _above_other_px(done: MovementCandidate, ankle: int) -> float:
    """Return how far one ankle has come above the other since both stood on the floor."""
    rises = (frame[55 - ankle, 1] - frame[ankle, 1] for frame in (done.turn, done.calibration.points_px))
    now, standing = rises
    return float(now - standing)


def _wide(done: MovementCandidate) -> bool:
    """Feet far apart across the picture, the hips over the foot of the leg that bends, the other leg straight: a side lunge."""
    turn, bent = done.turn, 23 if WORKING_LEG["foot_under_hips"](done.turn) else 24
    straight = 47 - bent
    hips_x = turn[_HIPS, 0].mean()
    near_px, far_px = (abs(turn[hip + 4, 0] - hips_x) for hip in (bent, straight))
    return bool(
        abs(turn[27, 0] - turn[28, 0]) >= _WIDE_LEGS * done.leg
        and near_px <= _OVER_FOOT_SHARE * far_px
        and joint_deg(turn, straight, straight + 2, straight + 4) >= _STRAIGHT_KNEE_DEG
        and done.calibration.label != "side"
        and _lowered(done)
    )


def _shank_px(done: MovementCandidate) -> float:
    return max(done.calibration.length_px("shank", side) for side in ("left", "right"))


def _heels(done: MovementCandidate) -> bool:
    """Return whether the hips rise because both ankles do, over toes that stay on the floor, knees straight."""
    start, turn = done.start, done.turn
    rise = -done.drop * done.leg
    lifted = start[_ANKLES, 1] - turn[_ANKLES, 1]
    toes = np.hypot(*(turn[_TOES] - start[_TOES]).T)
    before, now = (np.hypot(*(frame[_ANKLES] - frame[_HIPS]).T) for frame in (start, turn))
    return bool(
        rise > 0
        and (lifted >= _HEELS_ANKLES_SHARE * rise).all()
        and toes.min() <= _TOES_STAY_LEGS * done.leg
        and (toes <= np.maximum(_TOES_STAY_LEGS * done.leg, lifted)).all()  # of the foot that is seen worse: it pivots
        and (now >= (1.0 - _HEELS_KNEES_LEGS) * before).all()
        and not done.flights()
    )


def _feet_stay(start: np.ndarray, turn: np.ndarray, end: np.ndarray, calibration: Calibration) -> bool:
    """Return whether the feet are at the turn where they were before or where they are after, under either name.

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
    heel_x = resting[INDEX[f"{side}_heel"], 0]
    behind_px = calibration.facing * (heel_x - float(weight_x(resting, side)))
    return bool(behind_px > _SITS_FEET * calibration.length_px("foot", side))


def _both_knees(turn: np.ndarray, calibration: Calibration) -> bool:
    """Both knees bend: not a lifted knee, nor the weight shifted to one leg. From the side the far knee is guessed."""
    if calibration.label == "side":
        return True
    now, still = MeasuredScene(turn[None], calibration), MeasuredScene(calibration.points_px[None], calibration)
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
    return bool(knees >= enough) or (calibration.label != "side" and _rear_shank_lies(turn, calibration))


def _shanks_stand(turn: np.ndarray) -> bool:
    """Return whether both shanks stand at the turn: of a lunge the rear one lies."""
    shanks = turn[_ANKLES, 1] - turn[_KNEES, 1]
    return bool(shanks.min() > _LYING_SHANK_SHARE * shanks.max())


def _rear_shank_lies(turn: np.ndarray, calibration: Calibration) -> bool:
    """Return whether one shank lies while the other stands, its knee the lower one, in a body that rests on both feet.

    A camera in front sees rear knee and foot of a lunge higher than they are, since they are further away, but no longer shank.
    """
    shanks = turn[_ANKLES, 1] - turn[_KNEES, 1]
    rear = int(np.argmin(shanks))
    leg = calibration.length_px("leg")
    hips_lowered = turn[_HIPS, 1].mean() - calibration.points_px[_HIPS, 1].mean()
    return bool(
        shanks[rear] <= _LYING_SHANK_SHARE * shanks[1 - rear]
        and turn[_KNEES[rear], 1] > turn[_KNEES[1 - rear], 1]
        and turn[_ANKLES[1 - rear], 1] - turn[_ANKLES[rear], 1] >= _REAR_FOOT_HIGHER_LEGS * leg
        and hips_lowered >= _DEEP_DROP_LEGS * leg
    )


def _one_foot_stays(done: MovementCandidate) -> bool:
    """At the turn one foot is where a foot was before, or where one is after: a step of walking moves both."""
    away = [np.hypot(*(done.turn[a] - frame[b])) for frame in (done.start, done.end) for a in _ANKLES for b in _ANKLES]
    return bool(min(away) <= _FOOT_STAYS_LEGS * done.leg)


def _front_foot_planted(t_s: np.ndarray, p: np.ndarray, turn_s: float, leg: float) -> bool:
    """Return whether the front foot stands still and low around the turn: no stride, no lifted knee."""
    front, rear = (27, 28) if leading_leg("split", t_s, p, turn_s) == "left" else (28, 27)
    turn = median_points(t_s, p, turn_s)
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


@dataclass(frozen=True, slots=True)
class _Stance:
    """``holds``: is it that? ``leads``: which leg leads or works (``WORKING_LEG``). ``lying``: +1 face down, -1 face up, 0 upright.

    ``seated``: at the turn a seat carries the body (True) or its own feet do (False); None where the stance says nothing of it.
    """

    holds: Callable[[MovementCandidate], bool]
    leads: Leading | None = None
    lying: int = 0
    seated: bool | None = None


STANCES: dict[str, _Stance] = {
    "parallel": _Stance(_parallel, seated=False),
    "split": _Stance(_split, leads="higher_knee"),
    "seat": _Stance(_seat, seated=True),
    "heels": _Stance(_heels),
    "single": _Stance(_single, leads="lower_ankle"),
    "step": _Stance(_step, leads="higher_ankle"),
    "wide": _Stance(_wide, leads="foot_under_hips"),
    "hands": _Stance(presses_up, lying=1),
    "supine": _Stance(raises_the_hips, lying=-1),
    "all_fours": _Stance(raises_one_foot, leads="higher_ankle", lying=1),
    "landing": _Stance(_landing),
    "hop": _Stance(_hop, leads="lower_ankle"),
    "reach": _Stance(_reach, leads="foot_under_hips"),
}
"""Every stance by the name that an exercise gives it."""
