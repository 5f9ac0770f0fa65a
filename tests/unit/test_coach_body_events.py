"""Signs of a body on made poses: standing still, one raised hand, gone from its place."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.coach.body_events import CollapseOrExitDetector, RaisedHandDetector, StandingStill
from formcheck.model.frames import Pose
from formcheck.synthetic import Camera, LungeRep, Recording, SquatRep, film, lunge_set
from formcheck.synthetic.distractors import bend_for_a_bottle, high_knees, kneel_down, raise_arms, standing, swing_arms
from tests.coaching import LIVE_CAMERA, squats, standing_still

FPS = 30.0
AZIMUTHS = (0, 45, 90, -90)
WRISTS = {"left": (11, 13, 15), "right": (12, 14, 16)}


def with_hand_up(poses: list[Pose], *sides: str) -> list[Pose]:
    """Return the poses with a forearm held straight up above the head."""
    out = []
    for pose in poses:
        p = pose.image_px.copy()
        torso = float(np.hypot(*(p[[11, 12]].mean(0) - p[[23, 24]].mean(0))))
        for side in sides:
            shoulder, elbow, wrist = WRISTS[side]
            p[elbow] = p[shoulder] + [0, -0.5 * torso]
            p[wrist] = p[shoulder] + [0, -1.1 * torso]
        out.append(Pose(pose.t_s, p, pose.world_m, pose.visibility, pose.size_px))
    return out


def collapsed(poses: list[Pose], after_s: float, within_s: float) -> list[Pose]:
    """Return the poses with the body tipping over its ankles to the floor."""
    out = []
    for pose in poses:
        share = min(max((pose.t_s - after_s) / within_s, 0.0), 1.0)
        p = pose.image_px.astype(float)
        foot, angle = p[[27, 28]].mean(0), share * np.pi / 2
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        moved = ((p - foot) @ turn.T + foot).astype(np.float32)
        out.append(Pose(pose.t_s, moved, pose.world_m, pose.visibility, pose.size_px))
    return out


@pytest.mark.parametrize("azimuth_deg", AZIMUTHS)
def test_a_person_who_stands_still_is_seen_to(azimuth_deg):
    still = StandingStill()
    at = Camera(azimuth_deg=azimuth_deg, height_m=0.6, distance_m=3.0)
    seconds = [still.update(pose) for pose in film(standing(4), at, Recording(noise_px=1.0))]
    assert seconds[-1] > 3.5


def test_squatting_is_not_standing_still():
    still = StandingStill()
    seconds = [still.update(pose) for pose in squats([SquatRep()] * 2, lead_in_s=3.0, after_s=0.0, fps=FPS)]
    assert max(seconds) < 4.0
    turn = round((3.0 + 1.5) * FPS)
    assert seconds[turn] == 0.0


def test_a_gap_begins_the_stillness_anew():
    still = StandingStill()
    poses = standing_still(4)
    for pose in poses[:60]:
        still.update(pose)
    assert still.update(poses[-1]) == 0.0


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_hand_held_up_is_told_once_until_it_comes_down(side):
    hand, poses = RaisedHandDetector(), standing_still(7, fps=FPS)
    up = with_hand_up(poses, side)
    script = poses[:30] + up[30:120] + poses[120:150] + up[150:]
    assert sum(hand.update(pose) for pose in script) == 2


def test_a_hand_that_only_passes_is_none():
    hand, poses = RaisedHandDetector(), standing_still(3, fps=FPS)
    up = with_hand_up(poses, "left")
    assert not any(hand.update(pose) for pose in poses[:40] + up[40:60] + poses[60:])


def test_both_hands_are_no_sign():
    hand = RaisedHandDetector()
    assert not any(hand.update(pose) for pose in with_hand_up(standing_still(3), "left", "right"))


@pytest.mark.parametrize("script", [raise_arms, swing_arms], ids=lambda make: make.__name__)
def test_moving_the_arms_is_no_sign(script):
    hand = RaisedHandDetector()
    assert not any(hand.update(pose) for pose in film(script(), LIVE_CAMERA))


def losses(poses: list[Pose], in_effort: bool) -> list[str]:
    loss = CollapseOrExitDetector()
    return [why for pose in poses if (why := loss.update(pose, in_effort))]


@pytest.mark.parametrize("in_effort", [True, False])
def test_a_body_that_tips_over_is_noticed_once(in_effort):
    assert losses(collapsed(standing_still(5), 2.0, 0.7), in_effort) == ["sudden"]


@pytest.mark.parametrize(("in_effort", "why"), [(True, "lost"), (False, "left")])
def test_somebody_who_vanishes_is_noticed_once(in_effort, why):
    poses = standing_still(2)
    gone = [Pose.nobody(2 + i / 30, (640, 480)) for i in range(90)]
    assert losses(poses + gone, in_effort) == [why]


def test_a_split_stance_is_still_although_the_model_takes_one_leg_for_the_other():
    poses = lunge_set([LungeRep()], Camera(90, 0.6, 3.2), step=False).poses
    swapped = [25, 26, 27, 28, 29, 30, 31, 32]
    still = StandingStill()
    for i in range(90):
        p = poses[0].image_px.copy()
        if i % 3 == 0:
            p[swapped] = p[[j + 1 if j % 2 else j - 1 for j in swapped]]
        lasted_s = still.update(Pose(i / 30, p, poses[0].world_m, poses[0].visibility, poses[0].size_px))
    assert lasted_s > 2.5


def test_a_short_dropout_is_nothing():
    poses = standing_still(4)
    holes = [Pose.nobody(p.t_s, p.size_px) if 1.0 < p.t_s < 1.8 else p for p in poses]
    assert losses(holes, True) == []


def test_stepping_out_at_the_edge_is_leaving_even_in_an_effort():
    poses = standing_still(2)
    shift = np.array([260.0, 0.0], np.float32)
    at_edge = [Pose(p.t_s, p.image_px + shift, p.world_m, p.visibility, p.size_px) for p in poses]
    gone = [Pose.nobody(2 + i / 30, (640, 480)) for i in range(60)]
    assert losses(at_edge + gone, True) == ["left"]


MOVEMENTS = {
    "deep squats": lambda at: squats([SquatRep(depth_deg=125, lean_deg=65)] * 3, lead_in_s=2.0),
    "lunges": lambda at: lunge_set([LungeRep(lean_deg=38)] * 2, at).poses,
    "bending": lambda at: film(bend_for_a_bottle(), at),
    "kneeling": lambda at: film(kneel_down(), at),
    "high knees": lambda at: film(high_knees(), at),
}


@pytest.mark.parametrize("azimuth_deg", AZIMUTHS)
@pytest.mark.parametrize("name", MOVEMENTS)
def test_exercise_is_no_loss(name, azimuth_deg):
    at = Camera(azimuth_deg=azimuth_deg, height_m=0.6, distance_m=3.2)
    assert losses(MOVEMENTS[name](at), True) == []
