"""Signals on bodies set by hand: every primitive of the spec has an answer that can be written down."""

from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.engine.signals.calibration import Calibration, higher_knee, leg_extent_px
from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.model.skeleton import INDEX, MIRROR
from formcheck.spec.exercise import (
    Difference,
    DistanceRatio,
    HipDescent,
    Inclination,
    JointAngle,
    KneeDifference,
    KneeFlexion,
    LineOffset,
)

TRUNK, THIGH, SHANK = 200.0, 180.0, 160.0


def body(
    knee_deg: float = 0.0,
    shank_lean_deg: float | None = None,
    trunk_deg: float = 0.0,
    side_on: bool = True,
    facing: int = 1,
) -> np.ndarray:
    """Return landmarks (33, 2) of two equal legs over fixed ankles.

    From the side thigh and shank turn in the picture; from the front only their heights are seen. ``shank_lean_deg``: of
    the knee's flexion, the part that is the shank's (half of it if None).
    """
    shank = math.radians(knee_deg / 2 if shank_lean_deg is None else shank_lean_deg)
    thigh = math.radians(knee_deg) - shank
    trunk = math.radians(trunk_deg)
    depth = facing if side_on else 0.0
    p = np.zeros((33, 2))
    for side, sign in ((0, 1), (1, -1)):
        ankle = np.array([400.0 + (0 if side_on else 40.0 * sign), 600.0])
        knee = ankle + SHANK * np.array([depth * math.sin(shank), -math.cos(shank)])
        hip = knee + THIGH * np.array([-depth * math.sin(thigh), -math.cos(thigh)])
        shoulder = hip + TRUNK * np.array([depth * math.sin(trunk), -math.cos(trunk)])
        shoulder[0] += 0 if side_on else 30.0 * sign
        p[[11 + side, 23 + side, 25 + side, 27 + side]] = shoulder, hip, knee, ankle
        p[[29 + side, 31 + side]] = ankle + np.array([[-20 * depth, 10], [60 * depth, 10]])
    return p


def calibrated(side_on: bool = True, facing: int = 1, **posture) -> Calibration:
    return Calibration.from_points("standing", (0, 1), body(side_on=side_on, facing=facing, **posture), None)


def signal(spec, *bodies: np.ndarray, calibration: Calibration | None = None, front: str | None = None) -> np.ndarray:
    return MeasuredScene(np.array(bodies), calibration or calibrated(), front).signal(spec)


def test_a_calibration_tells_label_facing_near_side_and_lengths():
    c = calibrated()
    assert (c.label, c.facing, c.near) == ("side", 1.0, "right")
    assert calibrated(facing=-1).near == "left"
    assert calibrated(side_on=False).label == "front"
    assert [c.length_px(what) for what in ("thigh", "shank", "torso", "leg", "foot")] == pytest.approx(
        [THIGH, SHANK, TRUNK, THIGH + SHANK, 80]
    )
    assert calibrated(side_on=False).length_px("hip_width") == pytest.approx(80)
    assert Calibration.from_points("standing", (0, 1), body(), "left").near == "left", "the person said so"


def test_lengths_belong_to_their_side():
    p = body()
    p[26] += [0, 30]  # the right knee is lower
    c = Calibration.from_points("standing", (0, 1), p, None)
    for side, thigh, shank in (("left", 180, 160), ("right", 210, 130), ("near", 210, 130), ("far", 180, 160)):
        assert (c.length_px("thigh", side), c.length_px("shank", side)) == pytest.approx((thigh, shank))


@pytest.mark.parametrize("facing", [1, -1])
def test_lying_the_head_tells_which_way_the_body_points_and_which_side_is_near(facing):
    p = np.zeros((33, 2))
    p[[7, 8, 11, 12], 0], p[[23, 24], 0] = 300 + 100 * facing, 300
    c = Calibration.from_points("none", (0, 1), p, None)
    assert (c.facing, c.near, c.label) == (facing, "left" if facing < 0 else "right", "unknown")


@pytest.mark.parametrize("knee_deg", [0, 20, 60, 90, 120])
@pytest.mark.parametrize("side_on", [True, False])
@pytest.mark.parametrize("side", ["left", "right", "near", "far", "mid", "front", "rear"])
def test_the_knee_is_the_same_from_the_side_and_the_front(knee_deg, side_on, side):
    got = signal(KneeFlexion(side=side), body(knee_deg, side_on=side_on), calibration=calibrated(side_on))
    assert got == pytest.approx([knee_deg], abs=1e-6)


@pytest.mark.parametrize("lean_deg", [-20, 20])
def test_from_the_side_a_straight_leg_that_leans_is_straight(lean_deg):
    leaning = body(0, shank_lean_deg=lean_deg)
    assert signal(KneeFlexion(side="near"), leaning) == pytest.approx([0], abs=1e-6)


@pytest.mark.parametrize("standing_deg", [5, 12])
def test_who_stands_with_bent_knees_is_measured_from_there(standing_deg):
    c = calibrated(knee_deg=standing_deg)
    assert signal(KneeFlexion(side="near"), body(standing_deg), calibration=c) == pytest.approx(
        [standing_deg], abs=1e-6
    )
    assert signal(KneeFlexion(side="near"), body(90), calibration=c) == pytest.approx([90], abs=0.5)


def test_the_difference_between_the_knees_is_never_negative():
    one = body(90, side_on=False)
    one[[24, 26]] = body(60, side_on=False)[[24, 26]]
    for p in (one, one[MIRROR]):
        got = signal(KneeDifference(), p, calibration=calibrated(side_on=False))
        assert got == pytest.approx([30], abs=1e-6)


def test_drop_is_the_flexion_of_two_equal_knees_that_lower_the_hips_as_much():
    low = body()
    low[[23, 24], 1] += (THIGH + SHANK) * (1 - math.cos(math.radians(40)))
    assert signal(HipDescent(), body(), low) == pytest.approx([0, 80], abs=1e-6)


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("trunk_deg", [-10, 0, 35])
def test_inclinations_and_their_difference(facing, trunk_deg):
    c = calibrated(facing=facing)
    signals = {
        "minus": Difference(a="trunk", b="shank"),
        "trunk": Inclination(start="near.hip", end="near.shoulder", sign="facing"),
        "shank": Inclination(start="near.ankle", end="near.knee", sign="facing"),
        "absolute": Inclination(start="near.hip", end="near.shoulder"),
        "extent": Inclination(start="mid.hip", end="mid.shoulder", sign="extent"),
        "leaning": Inclination(start="near.hip", end="near.shoulder", sign="leaning"),
    }
    p = body(80, 30, trunk_deg, facing=facing)
    got = {name: float(values[0]) for name, values in measure_signals(signals, MeasuredScene(p[None], c)).items()}
    assert got == pytest.approx(
        {
            "trunk": trunk_deg,
            "shank": 30,
            "minus": trunk_deg - 30,
            "absolute": abs(trunk_deg),
            "extent": abs(trunk_deg),
            "leaning": trunk_deg,
        },
        abs=1e-6,
    )


def test_a_foot_pitch_is_up_when_the_heel_is_up():
    p = body()
    p[[29, 30], 1] -= 80 * math.tan(math.radians(25))
    up = Inclination(start="near.foot_index", end="near.heel", reference="horizontal", sign="up")
    assert signal(up, body(), p) == pytest.approx([0, 25])
    rise = DistanceRatio(p="near.heel", q="standing.near.heel", per="foot", sign="up")
    assert signal(rise, body(), p) == pytest.approx([0, math.tan(math.radians(25))])


def test_joint_angles_and_flexion_are_two_ways_to_say_the_same():
    p = body(70)
    names = {"a": "near.hip", "b": "near.knee", "c": "near.ankle"}
    assert signal(JointAngle(**names), p) == pytest.approx([70])
    assert signal(JointAngle(**names, flexion=False), p) == pytest.approx([110])


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("side", ["left", "right"])
def test_medial_is_towards_the_other_leg_on_either_side_and_in_the_mirror(side, mirrored):
    still, p = body(side_on=False), body(side_on=False)
    inwards = -1 if side == "left" else 1  # from the front the person's left is right in the picture
    p[INDEX[f"{side}_knee"], 0] += 15 * inwards
    if mirrored:
        still, p = ((points * [-1, 1] + [800, 0])[MIRROR] for points in (still, p))
        side = "right" if side == "left" else "left"
    c = Calibration.from_points("standing", (0, 1), still, None)
    bend = LineOffset(point=f"{side}.knee", a=f"{side}.hip", b=f"{side}.ankle", sign="medial")
    expected = math.degrees(math.atan(15 / THIGH) + math.atan(15 / SHANK))
    assert signal(bend, p, calibration=c) == pytest.approx([expected])
    away = DistanceRatio(p=f"{side}.knee", q=f"{side}.ankle", per="shank", axis="x", sign="medial")
    assert signal(away, p, calibration=c) == pytest.approx([15 / SHANK])


def test_ratios_by_axis_and_sign():
    p = body(side_on=False)
    c = calibrated(side_on=False)
    p[[25, 26], 0] = 400 + 30, 400 - 30
    ends = {"p": "left.knee", "q": "right.knee", "r": "left.ankle", "s": "right.ankle"}
    assert signal(DistanceRatio(**ends, axis="x"), p, calibration=c) == pytest.approx([60 / 80])
    p[27] += [0, 60]
    assert signal(DistanceRatio(**ends), p, calibration=c) == pytest.approx([60 / 100])
    shift = DistanceRatio(p="mid.hip", q="mid.ankle", per="ankle_width", sign="image")
    moved = body(side_on=False)
    moved[[23, 24], 0] -= 20
    assert signal(shift, moved, calibration=c) == pytest.approx([-20 / 80])


def test_a_ratio_over_nothing_is_not_measurable():
    p = body()
    ends = {"p": "left.hip", "q": "left.knee", "r": "left.ankle", "s": "right.ankle"}
    assert np.isnan(signal(DistanceRatio(**ends), p)).all()
    assert np.isnan(signal(DistanceRatio(p="left.hip", q="left.knee", per="hip_width"), p)).all()


def test_the_front_leg_is_the_one_with_the_higher_knee_unless_it_is_known():
    left, right = body(), body()
    left[25, 1] -= 50
    right[26, 1] -= 50
    assert higher_knee(np.array([left, right])).tolist() == [True, False]
    height = DistanceRatio(p="front.knee", q="front.ankle", per="leg", sign="up")
    high = (SHANK + 50) / (THIGH + SHANK)
    low = SHANK / (THIGH + SHANK)
    assert signal(height, left, right) == pytest.approx([high, high])
    assert signal(height, left, right, front="left") == pytest.approx([high, low])


def test_the_legs_extent_reaches_to_the_lower_ankle():
    p = body()
    p[27, 1] -= 90
    assert leg_extent_px(p) == pytest.approx(THIGH + SHANK)


def test_a_missing_joint_is_missing_in_its_frame_only():
    holed = body(60)
    holed[26] = np.nan
    for spec in (KneeFlexion(side="near"), KneeFlexion(side="mid"), Inclination(start="near.ankle", end="near.knee")):
        assert np.isnan(signal(spec, body(60), holed, body(60))).tolist() == [False, True, False]
