"""Stands from a chair: from the seat or from standing, how long one sits between, and the clock of the test."""

from __future__ import annotations

import pytest

from formcheck.exercises import load
from formcheck.synthetic import Camera, ChairRep, Recording, RepetitionTempo, chair_set
from tests.synthetic_cases import judged, record_of

BOTH = ["sit_to_stand", "chair_stand_30s"]
QUICK = ChairRep(tempo=RepetitionTempo(0.9, 0.3, 1.0, 0.4))


def seated(reps, azimuth_deg: float = 90.0, **recording):
    return chair_set(
        reps, Camera(azimuth_deg), Recording(**({"fps": 25.0, "noise_px": 0.7} | recording)), starts_at_end_range=True
    )


@pytest.mark.parametrize("exercise", BOTH)
@pytest.mark.parametrize("azimuth_deg", [0, 45, 90, -90, 110, 180])
def test_a_set_that_opens_on_the_chair_counts_its_first_stand(azimuth_deg, exercise):
    made = seated([ChairRep()] * 3, azimuth_deg)
    record = record_of(made.poses, exercise)
    assert (record.rep_count, record.partial_count) == (3, 0)
    assert [rep.end_s for rep in record.reps] == pytest.approx([true.end_s for true in made.truth], abs=0.4)
    first = record.reps[0]
    assert first.start_s == pytest.approx(made.truth[0].start_s, abs=0.4)
    assert first.measures["eccentric_s"] is None, "nobody saw how the person sat down"
    assert [v.reason for v in first.verdicts if v.rule == "plop"] == ["too_few_frames"]


@pytest.mark.parametrize("pause_s", [5, 14, 25])
def test_a_long_rest_on_the_chair_loses_no_stand(pause_s):
    resting = ChairRep(tempo=RepetitionTempo(1.4, pause_s, 1.3, 0.8))
    record = record_of(
        chair_set([ChairRep(), resting, ChairRep()], Camera(90), Recording(fps=15)).poses, "sit_to_stand"
    )
    assert record.rep_count == 3
    assert all(rep.end_s - rep.start_s <= load("sit_to_stand").cycle.max_pause_s for rep in record.reps)


def test_who_sits_down_and_stays_has_stood_up_no_more():
    script = chair_set([ChairRep()] * 2, Camera(90), Recording(fps=25))
    until_s = script.truth[1].turn_s
    record = record_of([pose for pose in script.poses if pose.t_s <= until_s], "sit_to_stand")
    assert record.rep_count == 1


@pytest.mark.parametrize("over_s", [-0.25, 0.35])
def test_the_clock_runs_for_thirty_seconds_and_half_a_stand_at_its_end_counts(over_s):
    """``over_s``: how long after the middle of the way up of one of the stands the 30 s are over."""
    tempo = QUICK.tempo
    each_s = tempo.total_s
    whole = int((30.0 - tempo.up_s) // each_s)  # stands that are over before
    left_s = 30.0 - over_s - (whole * each_s + tempo.up_s / 2)  # sits this much longer before the last one
    last = ChairRep(tempo=RepetitionTempo(tempo.down_s, tempo.pause_s + left_s, tempo.up_s, tempo.rest_s))
    made = seated([QUICK] * whole + [last] + [QUICK] * 3)
    seen = []
    record = judged(made.poses, "chair_stand_30s", on_frame=seen.append).record
    assert record.rep_count == whole + (over_s > 0)
    assert seen[-1].rep_count == record.rep_count
    assert record_of(made.poses, "sit_to_stand").rep_count == whole + 4, "without a clock every stand counts"
    lefts = [result.clock_left_s for result in seen if result.clock_left_s is not None]
    assert lefts == sorted(lefts, reverse=True)
    assert lefts[-1] == 0 < lefts[0] <= 30


def test_a_stand_that_is_not_full_does_not_count_in_the_test():
    low = ChairRep(top_flexion_deg=48)
    poses = chair_set([ChairRep(), low, ChairRep()], Camera(90), Recording(fps=25)).poses
    assert [rep.counted for rep in record_of(poses, "chair_stand_30s").reps] == [True, False, True]
    assert record_of(poses, "sit_to_stand").rep_count == 3


@pytest.mark.parametrize("azimuth_deg", [-172, -150, 126, 135, 150, 160, 180])
def test_arms_that_the_trunk_hides_are_not_judged_and_void_no_stand(azimuth_deg):
    for reps in ([ChairRep()] * 2, [ChairRep(arms_used=1.0)] * 2):
        made = chair_set(reps, Camera(azimuth_deg), Recording(fps=20, noise_px=0.7, seed=3))
        record = record_of(made.poses, "chair_stand_30s")
        assert record.rep_count == 2
        arms = [(v.outcome, v.reason) for rep in record.reps for v in rep.verdicts if v.rule == "arms"]
        assert arms == [("not_assessed", "wrong_view")] * 2
        assert "arms" not in {fault.rule for fault in record.faults}


@pytest.mark.parametrize("azimuth_deg", [-115, -60, 0, 30, 75, 110])
def test_arms_are_judged_from_everywhere_else(azimuth_deg):
    crossed, used = (
        chair_set([rep] * 2, Camera(azimuth_deg), Recording(fps=20, noise_px=0.7, seed=3)).poses
        for rep in (ChairRep(), ChairRep(arms_used=1.0))
    )
    assert record_of(crossed, "chair_stand_30s").rep_count == 2
    assert (record_of(used, "chair_stand_30s").rep_count, record_of(used, "sit_to_stand").rep_count) == (0, 2)
