"""Off the floor and down again: flights are found where they are, and how long a landing is held is measured."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from formcheck.engine.signals.calibration import Calibration
from formcheck.engine.signals.flight import flights, settled_s, springs
from formcheck.exercises import load
from formcheck.synthetic import (
    Camera,
    HeelRep,
    LandingRep,
    Recording,
    RepetitionTempo,
    SquatRep,
    SyntheticSet,
    film,
    heel_raise_set,
    landing_set,
    mirror_poses,
    squat_set,
)
from formcheck.synthetic.distractors import high_knees, jumping_jacks, turn_on_the_spot
from tests.synthetic_cases import HOP, record_of


def seen(poses) -> tuple[np.ndarray, np.ndarray, Calibration]:
    t_s, p = np.array([pose.t_s for pose in poses]), np.array([pose.image_px for pose in poses], float)
    return t_s, p, Calibration.from_points("standing", (0.0, 1.0), np.median(p[t_s < 1.0], axis=0), None)


def jumps(*reps: LandingRep, fps: float = 30.0, azimuth_deg: float = 0.0, **recording: float) -> SyntheticSet:
    return landing_set(reps, Camera(azimuth_deg), Recording(fps=fps, **recording))


@pytest.mark.parametrize(("azimuth_deg", "fps"), [(0, 15), (45, 30), (90, 60)])
@pytest.mark.parametrize("side", [None, "left", "right"])
def test_a_flight_is_found_from_its_take_off_to_its_landing(side, fps, azimuth_deg):
    rep = LandingRep(side=side)
    made = jumps(rep, fps=fps, azimuth_deg=azimuth_deg, noise_px=0.3)
    ((off_s, down_s),) = flights(*seen(made.poses))
    lands_s = made.truth[0].start_s
    assert (off_s, down_s) == pytest.approx((lands_s - rep.flight_s, lands_s), abs=0.06 + 1 / fps)


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("jump_m", [0.04, 0.2])
def test_a_jump_springs_once_however_low_and_however_seldom_it_is_filmed(jump_m, fps):
    made = jumps(LandingRep(jump_m=jump_m), fps=fps, noise_px=0.3)
    ((off_s, down_s),) = springs(*seen(made.poses))
    assert off_s <= made.truth[0].start_s <= down_s + 1 / fps + 0.1


def test_squats_slow_heel_raises_and_standing_straighter_do_not_spring():
    for made in (squat_set([SquatRep(depth_deg=120, heel_pitch_deg=25)]), heel_raise_set([HeelRep(pitch_deg=44)])):
        assert springs(*seen(made.poses)) == []
    t_s, p, calibration = seen(squat_set([SquatRep()]).poses)
    p[:, :27, 1] -= 0.06 * calibration.length_px("leg") * (np.abs(t_s - 0.9) < 0.2)[:, None]
    assert springs(t_s, p, calibration) == [], "the ankles did not rise"


@pytest.mark.parametrize(
    "poses",
    [
        squat_set([SquatRep(depth_deg=120, heel_pitch_deg=25)]).poses,
        heel_raise_set([HeelRep(pitch_deg=44)]).poses,
        film(high_knees(), Camera(0), Recording(fps=20)),
        film(turn_on_the_spot(), Camera(0), Recording(fps=20)),
    ],
    ids=["squat", "heel_raise", "high_knees", "turn_on_the_spot"],
)
def test_who_stays_on_the_floor_does_not_fly(poses):
    assert flights(*seen(poses)) == []


def test_a_flight_that_has_only_begun_counts():
    made = jumps(LandingRep())
    t_s, p, calibration = seen(made.poses)
    up = t_s < made.truth[0].start_s - 0.2
    ((off_s, last_s),) = flights(t_s[up], p[up], calibration)
    assert off_s < last_s == t_s[up][-1]


def test_nothing_and_nobody_do_not_fly():
    t_s, p, calibration = seen(jumps(LandingRep()).poses)
    assert flights(t_s[:0], p[:0], calibration) == []
    assert flights(t_s, np.full_like(p, np.nan), calibration) == []


@pytest.mark.parametrize("after_s", [0.5, 0.9, 1.4])
@pytest.mark.parametrize("side", [None, "left", "right"])
def test_a_landing_is_held_until_a_foot_moves(side, after_s):
    made = jumps(LandingRep(side=side, step_m=0.25, step_after_s=after_s), noise_px=0.3)
    t_s, p, calibration = seen(made.poses)
    lands_s = made.truth[0].start_s
    held_s = settled_s(t_s, p, lands_s, calibration.length_px("leg"), side, 2.0)
    assert held_s == pytest.approx(after_s, abs=0.15)


def test_a_landing_that_is_held_is_held_for_as_long_as_was_asked_and_one_that_is_cut_off_is_not_known():
    made = jumps(LandingRep())
    t_s, p, calibration = seen(made.poses)
    lands_s, leg_px = made.truth[0].start_s, calibration.length_px("leg")
    assert settled_s(t_s, p, lands_s, leg_px, None, 2.0) == 2.0
    cut = t_s < lands_s + 1.5
    assert math.isnan(settled_s(t_s[cut], p[cut], lands_s, leg_px, None, 2.0))
    assert math.isnan(settled_s(t_s[:5], p[:5], lands_s, leg_px, None, 2.0))


def test_the_other_foot_that_comes_down_ends_a_held_hop():
    made = jumps(HOP)
    t_s, p, calibration = seen(made.poses)
    lands_s = made.truth[0].start_s
    down = t_s > lands_s + 1.2
    p[down, 28, 1] = p[down, 27, 1]
    assert settled_s(t_s, p, lands_s, calibration.length_px("leg"), "left", 2.0) == pytest.approx(1.2, abs=0.1)


@pytest.mark.parametrize(("jump_m", "fps"), [(0.1, 30), (0.3, 15)])
@pytest.mark.parametrize(
    ("side", "own", "others"),
    [
        (None, "jump_landing", ("squat", "sit_to_stand", "heel_raise", "hop_and_hold")),
        ("right", "hop_and_hold", ("single_leg_squat", "step_down", "heel_raise", "jump_landing")),
    ],
)
def test_a_landing_counts_once_and_neither_dip_nor_landing_counts_as_anything_else(side, own, others, jump_m, fps):
    made = jumps(LandingRep(side=side, jump_m=jump_m, depth_deg=55), LandingRep(side=side, jump_m=jump_m), fps=fps)
    record = record_of(made.poses, own)
    assert [(rep.counted, rep.side, rep.measures["settled_s"]) for rep in record.reps] == [(True, side, 2.0)] * 2
    for other in others:
        assert record_of(made.poses, other).rep_count == 0, other


def test_bounces_are_no_landings():
    poses = film(jumping_jacks(), Camera(0), Recording(fps=25))
    assert record_of(poses, "jump_landing").reps == []


@pytest.mark.parametrize(("down_s", "landings"), [(0.5, 1), (2.0, 0)])
def test_who_lands_and_only_later_goes_down_has_not_landed_so_deep(down_s, landings):
    """A hop so small that the knees stay straight, and a squat from it on: its deepest point is no longer that of the landing."""
    made = squat_set([SquatRep(depth_deg=70, tempo=RepetitionTempo(down_s=down_s))], Camera(0), Recording(fps=30))
    lands_s, flight_s = made.truth[0].start_s + 0.05, 0.3
    leg_px = abs(made.poses[0].image_px[27, 1] - made.poses[0].image_px[23, 1])
    poses = []
    for pose in made.poses:
        share = (pose.t_s - lands_s) / flight_s + 1.0  # of the flight
        height_px = 0.15 * leg_px * max(0.0, 4.0 * share * (1.0 - share))
        poses.append(replace(pose, image_px=pose.image_px - np.array([0.0, height_px], np.float32)))
    assert record_of(poses, "jump_landing").rep_count == landings


def test_a_landing_at_the_very_end_is_counted_and_what_was_not_seen_of_it_is_not_assessed():
    made = jumps(LandingRep(hold_s=4.0))
    cut = [pose for pose in made.poses if pose.t_s < made.truth[0].start_s + 1.5]
    record = record_of(cut, "jump_landing")
    assert record.rep_count == 0  # it never came back up
    stood = jumps(LandingRep(hold_s=0.0)).poses
    short = [pose for pose in stood if pose.t_s < made.truth[0].start_s + 1.6]
    record = record_of(short, "jump_landing")
    assert record.rep_count == 1
    assert {(n.rule, n.reason) for n in record.not_assessed} >= {("stick", "too_few_frames")}


def test_left_and_right_hops_are_told_apart_and_mirrored():
    made = jumps(HOP, LandingRep(side="right", depth_deg=50, jump_m=0.15))
    assert [rep.side for rep in record_of(made.poses, "hop_and_hold").reps] == ["left", "right"]
    assert [rep.side for rep in record_of(mirror_poses(made.poses), "hop_and_hold").reps] == ["right", "left"]
    assert load("hop_and_hold").movement.settle_s == 2.0
