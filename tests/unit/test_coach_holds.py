"""A coached hold on one leg: training ends with the foot on the floor, a test after three attempts."""

from __future__ import annotations

import pytest

from formcheck.coach.live_set import LiveSet
from formcheck.exercises import load
from formcheck.spec.prescription import PlannedSet, Prescription
from formcheck.synthetic import (
    Camera,
    Recording,
    SidePlankSegment,
    StanceHold,
    WallSitSegment,
    side_plank_set,
    stance_set,
    wall_sit_set,
)
from tests.coaching import run

LIVE_SIDE = Camera(azimuth_deg=90.0, height_m=0.6, distance_m=3.0)
STANDS = WallSitSegment(9, depth_deg=6, shank_deg=-6)
HOLDS = [StanceHold(4), StanceHold(6), StanceHold(3), StanceHold(5)]


def follow(**values) -> tuple[LiveSet, list[float], list[str]]:
    """Return the follower when the set was over, every clock that was shown, and what was said."""
    given = Prescription(exercise="single_leg_stance", **values)
    follower = LiveSet(PlannedSet(given, load("single_leg_stance").train_view, 1, 1), "en")
    clocks, said = [], []
    for pose in stance_set(HOLDS, recording=Recording(fps=25)).poses:
        said += [key for utterance in follower.update(pose) for key in utterance.keys]
        clocks.append(follower.shown()["hold_s"])
        if follower.ended:
            break
    return follower, clocks, said


def test_in_training_the_set_ends_when_the_foot_is_down():
    follower, clocks, said = follow()
    assert follower.ended == "left_posture"
    assert max(clocks) == pytest.approx(4, abs=0.3)
    assert said.count("say.hold") == 1


def test_a_test_takes_three_attempts_and_shows_each_by_itself():
    follower, clocks, said = follow(test=True)
    assert follower.ended == "left_posture"
    assert max(clocks) == pytest.approx(6, abs=0.3)
    assert clocks[-1] == pytest.approx(3, abs=0.3)
    assert said.count("say.hold") == 3
    record = follower.finish("server", {}).record
    assert [hold.end_s - hold.start_s for hold in record.holds] == pytest.approx([4, 6, 3], abs=0.3)


def test_a_target_is_that_of_one_attempt():
    follower, clocks, _ = follow(test=True, hold_s=5)
    assert follower.ended == "target"
    assert clocks[-1] == pytest.approx(5, abs=0.1)
    assert follower.result.hold_s == pytest.approx(9, abs=0.5)


@pytest.mark.parametrize(
    ("exercise", "poses"),
    [
        ("side_plank", side_plank_set([SidePlankSegment(20)], recording=Recording(fps=15)).poses),
        ("wall_sit", wall_sit_set([STANDS, WallSitSegment(14)], LIVE_SIDE, Recording(fps=15)).poses),
    ],
)
def test_a_whole_session_is_coached_from_the_set_up_to_the_end(exercise, poses):
    done = run(Prescription(exercise=exercise, hold_s=5)).feed(poses)
    assert done.stages[-2:] == ["set", "done"]
    assert done.keys[-2:] == ["say.done", "say.session_done"]
    assert done.keys.count("say.hold") == 1
    assert done.result.record.hold_s == pytest.approx(5, abs=0.3)
