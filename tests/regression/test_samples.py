"""The sample videos, from the picture to the record: exact counts, every scripted fault in its repetition, and no other.

What is expected is read from the truth beside each clip, never from an earlier output.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from benchmarks.accuracy import SMALL_BELOW_DEG, Clip, analyse, knee_errors_deg, scripted_faults
from formcheck.coach.body_events import CollapseOrExitDetector, RaisedHandDetector
from formcheck.exercises import load
from formcheck.files.samples import samples
from formcheck.files.traces import poses_from_trace

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

    from formcheck.analysis.run import SetResult

EACH_CHANGE = {"squat_front_knees_in", "squat_side_mixed_depth", "lunge_side_trunk_lean", "plank_side_sag_then_good"}
"""These, and the stance on one leg, are analysed at each change, the others by ``make proof``: looking at a clip takes long.

What is judged in the landmarks of every clip ``test_records_stay`` looks at each time.
"""


def clips(names: list[str]) -> list[ParameterSet]:
    return [pytest.param(name, marks=[] if name in EACH_CHANGE else [pytest.mark.proof]) for name in names]


REPETITIONS = [s.name for s in samples() if load(s.exercise).movement.kind == "rep_cycle"]
HOLDS = [sample.name for sample in samples("plank")]
FROM_THE_SIDE = [name for name in REPETITIONS if "_side_" in name]


def clip(name: str) -> Clip:
    sample = next(sample for sample in samples() if sample.name == name)
    return Clip(sample.path, sample.truth())


@cache
def result(name: str) -> SetResult:
    return analyse(clip(name), clip(name).exercise, "full")


@pytest.mark.parametrize("name", clips(REPETITIONS))
def test_every_repetition_is_counted_or_small_as_scripted(name):
    record, units = result(name).record, clip(name).truth["units"]
    assert [rep.counted for rep in record.reps] == [unit["script"]["depth"] >= SMALL_BELOW_DEG for unit in units]
    for rep, unit in zip(record.reps, units, strict=True):
        assert unit["start_s"] - 0.3 <= rep.start_s < rep.turn_s < rep.end_s <= unit["end_s"] + 0.6


@pytest.mark.parametrize("name", clips(REPETITIONS))
def test_scripted_faults_are_found_in_their_repetition_and_no_other_severe_one(name):
    record, units = result(name).record, clip(name).truth["units"]
    for rep, unit in zip(record.reps, units, strict=True):
        scripted = scripted_faults(clip(name).exercise, unit["script"])
        unseen = {verdict.rule for verdict in rep.verdicts if verdict.reason == "wrong_view"}
        assert scripted - unseen <= {fault.rule for fault in rep.faults}, rep.index
        assert {fault.rule for fault in rep.faults if fault.severity == 2} <= scripted, rep.index


@pytest.mark.parametrize("name", clips(FROM_THE_SIDE))
def test_knee_flexion_from_the_side_is_right(name):
    mean_absolute, deepest = knee_errors_deg(clip(name), result(name))
    assert mean_absolute <= 5
    assert abs(deepest) <= 7


@pytest.mark.parametrize("name", clips(HOLDS))
def test_the_hold_clocks_and_the_broken_form(name):
    record, units = result(name).record, clip(name).truth["units"]
    good_s = sum(unit["end_s"] - unit["start_s"] for unit in units if -30 <= unit["sag"] <= 8)
    assert record.hold_s == pytest.approx(units[-1]["end_s"] - units[0]["start_s"], abs=0.3)
    assert record.in_form_s == pytest.approx(good_s, abs=1.0)  # the truth blends from one posture to the next for 0.8 s
    expected = {"hips_low" for unit in units if unit["sag"] > 8} | {"hips_high" for unit in units if unit["sag"] < -30}
    assert {fault.rule for fault in record.faults} == expected


def test_ten_seconds_on_one_leg_are_ten_seconds_on_that_leg():
    """Ten scripted seconds; the foot is off the floor a little after the script lifts it, and on it a little after it lowers it."""
    record, units = result("single_leg_stance").record, clip("single_leg_stance").truth["units"]
    (hold,) = record.holds
    on_one_leg = next(unit for unit in units if unit["lift"])
    assert hold.end_s - hold.start_s == pytest.approx(on_one_leg["end_s"] - on_one_leg["start_s"], abs=0.3)
    assert (hold.start_s, hold.end_s) == pytest.approx((on_one_leg["start_s"], on_one_leg["end_s"]), abs=0.6)
    assert (hold.side, hold.ended, record.view.label) == ("left", "touch_down", "front")
    assert record.faults == []


@pytest.mark.parametrize("name", clips(REPETITIONS))
def test_nobody_in_a_sample_raises_a_hand_or_is_suddenly_gone(name):
    hand, loss = RaisedHandDetector(), CollapseOrExitDetector()
    for pose in poses_from_trace(result(name).trace):
        assert not hand.update(pose), pose.t_s
        assert loss.update(pose, True) is None, pose.t_s
