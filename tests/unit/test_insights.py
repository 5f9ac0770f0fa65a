"""What a set means: every number is traceable to its repetitions, and nothing is said that the record does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck import exercises
from formcheck.analysis.run import run_set
from formcheck.insights import (
    aligned,
    best_and_worst,
    compare,
    depth_trend,
    group_of,
    parts,
    shares,
    side_by_side,
    smallest_real_difference,
)
from formcheck.model.records import Hold, Rep, SetRecord, SetupSignature, Source, Statistic, Verdict
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import Camera, Recording, SquatRep, squat_set
from tests.example_records import nobody_record, plank_record, squat_record, squat_trace

if TYPE_CHECKING:
    from formcheck.spec.exercise import Exercise

SQUAT, LUNGE, PLANK = exercises.load("squat"), exercises.load("lunge"), exercises.load("plank")
HEELS_JUDGED = Verdict(rule="heels", outcome="ok", value=3.0, limit=14.0, unit="deg")


def judged(record: SetRecord, *verdicts: Verdict, given: Prescription | None = None) -> SetRecord:
    """Return the record with further verdicts in every repetition."""
    reps = [rep.model_copy(update={"verdicts": [*rep.verdicts, *verdicts]}) for rep in record.reps]
    update = {"reps": reps}
    if given is not None:
        update["prescription"] = given.model_dump(mode="json", exclude_none=True)
    return record.model_copy(update=update)


def by_group(record: SetRecord, exercise: Exercise) -> dict:
    return {share.group: share for share in shares(record, exercise)}


# Shares


@pytest.mark.parametrize("exercise", [exercises.load(name) for name in exercises.names()], ids=exercises.names())
def test_every_rule_belongs_to_a_share(exercise: Exercise):
    assert {group_of(rule) for rule in exercise.rules} <= {"range", "alignment", "control"}


def test_rules_are_grouped_by_what_they_look_at():
    groups = {rule.id: group_of(rule) for rule in (*SQUAT.rules, *LUNGE.rules)}
    assert (groups["depth"], groups["too_deep"], groups["lockout"]) == ("range", "range", "range")
    assert (groups["knees_in"], groups["trunk_lean"], groups["heels"]) == ("alignment", "alignment", "alignment")
    assert (groups["tempo"], groups["wobble"]) == ("control", "control")


def test_a_share_names_the_repetitions_that_it_is_made_of():
    share = by_group(judged(squat_record(), HEELS_JUDGED), SQUAT)
    assert share["range"].judged == (1, 2, 3, 4, 6, 7, 8, 9)  # the fifth is small
    assert share["range"].not_good == (7,)  # the third has a hint in depth, which does not count
    assert share["range"].value == 7 / 8
    assert share["range"].rules == ("depth",)
    assert share["alignment"].not_good == (3, 7)
    assert share["alignment"].value == 6 / 8


def test_a_share_of_nothing_is_none_and_never_whole():
    share = by_group(squat_record(), SQUAT)
    assert share["alignment"].value is None  # only the depth was judged
    assert share["control"].value is None
    assert share["control"].judged == ()
    assert all(each.value is None for each in shares(nobody_record(), SQUAT))
    empty = plank_record(holds=[], hold_s=0.0, in_form_s=0.0, longest_in_form_s=0.0, faults=[])
    assert all(each.value is None for each in shares(empty, PLANK))


def test_only_the_repetitions_that_were_judged_are_in_the_denominator():
    record = squat_record()
    unseen = Verdict(rule="depth", outcome="not_assessed", reason="landmark_hidden")
    reps = [rep.model_copy(update={"verdicts": [unseen]}) if rep.index in (1, 2) else rep for rep in record.reps]
    share = by_group(record.model_copy(update={"reps": reps}), SQUAT)["range"]
    assert share.judged == (3, 4, 6, 7, 8, 9)
    assert share.value == 5 / 6


def test_a_rule_that_can_only_hint_lifts_no_share():
    tempo = Verdict(rule="tempo", outcome="ok", value=1.4, limit=0.5, unit="s")
    without = Prescription(exercise="squat")
    assert by_group(judged(squat_record(), tempo, given=without), SQUAT)["control"].value is None
    with_tempo = Prescription(exercise="squat", tempo={"eccentric_s": 2, "concentric_s": 2})
    assert by_group(judged(squat_record(), tempo, given=with_tempo), SQUAT)["control"].value == 1.0


def test_the_share_of_a_hold_is_its_clock():
    share = by_group(plank_record(), PLANK)["alignment"]
    assert (share.good_s, share.judged_s) == (22.0, 30.0)
    assert share.value == pytest.approx(22 / 30)
    assert (share.judged, share.good) == ((1,), ())


def test_what_a_hold_lost_is_held_against_what_was_judged_even_without_a_fault():
    ok = Verdict(rule="hips_low", outcome="ok", value=2.0, limit=-8.0, unit="deg")
    hold = Hold(index=1, start_s=0.0, end_s=20.0, in_form_s=19.0, longest_in_form_s=19.0, verdicts=[ok])
    record = plank_record(holds=[hold], faults=[], hold_s=20.0, in_form_s=19.0, longest_in_form_s=19.0)
    assert by_group(record, PLANK)["alignment"].value == pytest.approx(0.95)


# Trend


def peaks(*depths_deg: float | None) -> SetRecord:
    """Return a record of counted squats of these depths; None = not measured."""
    reps = [
        Rep(
            index=i,
            start_s=3.0 * i,
            turn_s=3.0 * i + 1,
            end_s=3.0 * i + 2,
            counted=True,
            measures={"knee_flexion_peak_deg": depth},
        )
        for i, depth in enumerate(depths_deg, 1)
    ]
    return squat_record(reps=reps, rep_count=len(reps), partial_count=0, faults=[])


def test_the_trend_is_the_last_three_against_the_first_three():
    trend = depth_trend(peaks(100, 102, 98, 60, 90, 88, 86))
    assert (trend.before, trend.after) == (100, 88)
    assert (trend.difference, trend.certain) == (-12, True)


def test_a_trend_within_the_smallest_real_difference_is_not_certain():
    assert depth_trend(peaks(95, 95, 95, 90, 90, 90)).certain is False  # 5 deg is the difference itself
    assert depth_trend(peaks(95.1, 95.1, 95.1, 90, 90, 90)).certain is True


def test_a_trend_needs_six_measured_repetitions():
    assert depth_trend(peaks(100, 100, 100, 60, 60)) is None
    assert depth_trend(peaks(100, 100, 100, None, 60, 60)) is None
    assert depth_trend(nobody_record()) is None


# Best and worst


def test_best_and_worst_are_by_points_to_correct_then_hints():
    found = best_and_worst(squat_record())
    assert (found.best.index, found.best_why) == (1, "order")
    assert (found.worst.index, found.worst_why) == (7, "points")  # two points; the third has one point and one hint


def test_among_those_alike_the_smoother_is_best():
    record = squat_record()
    smooth = {1: -1.9, 4: -1.5, 6: -1.7}
    reps = [
        rep.model_copy(update={"measures": {**rep.measures, "smoothness_sparc": smooth.get(rep.index)}})
        for rep in record.reps
    ]
    found = best_and_worst(record.model_copy(update={"reps": reps}))
    assert (found.best.index, found.best_why) == (4, "smoothness")


def test_where_nothing_tells_them_apart_there_is_no_best():
    assert best_and_worst(peaks(90, 70, 110)) is None
    assert best_and_worst(peaks(90)) is None
    assert best_and_worst(nobody_record()) is None


def test_a_small_repetition_is_never_the_worst():
    record = squat_record()
    kept = [rep for rep in record.reps if rep.index in (1, 5)]
    assert best_and_worst(record.model_copy(update={"reps": kept})) is None


# Laid over each other


def test_repetitions_meet_at_start_turn_and_end():
    record, trace = squat_record(), squat_trace()
    found = aligned(record, trace)
    assert found.index == (1, 2, 3, 4, 6, 7, 8, 9)
    assert found.deg.shape == (8, 101)
    assert found.phase[50] == 0.5
    for row, index in zip(found.deg, found.index):
        rep = record.reps[index - 1]
        assert row[50] == pytest.approx(rep.measures["knee_flexion_peak_deg"], abs=0.1)
    assert found.deg[:, [0, -1]] == pytest.approx(6.0, abs=0.5)
    assert found.mean_deg == pytest.approx(found.deg.mean(axis=0))
    assert found.sd_deg == pytest.approx(found.deg.std(axis=0, ddof=1))


def test_the_speed_of_a_repetition_does_not_move_its_shape():
    """A slow and a fast repetition of one shape lie on each other, however long each half takes."""
    t_s = np.arange(0, 20, 0.01)
    angle = np.full(len(t_s), 5.0)
    reps = []
    for i, (start, down, up) in enumerate(((1.0, 1.0, 3.0), (8.0, 4.0, 2.0)), 1):
        turn, end = start + down, start + down + up
        angle += np.interp(t_s, (start, turn, end), (0, 90, 0))
        reps.append(Rep(index=i, start_s=start, turn_s=turn, end_s=end, counted=True, measures={}))
    trace = squat_trace()
    trace.t_s, trace.signals = t_s, {"main_angle_deg": angle}
    found = aligned(squat_record(reps=reps, rep_count=2, partial_count=0, faults=[]), trace)
    assert found.deg[0] == pytest.approx(found.deg[1], abs=0.2)
    assert np.isnan(found.sd_deg).all()  # a spread of two is none


def test_a_long_gap_stays_open_and_a_short_one_is_bridged():
    record, trace = squat_record(), squat_trace()
    rep = record.reps[0]
    angle = trace.signals["main_angle_deg"]
    angle[(trace.t_s > rep.start_s + 0.2) & (trace.t_s < rep.start_s + 0.35)] = np.nan
    angle[(trace.t_s > rep.turn_s + 0.3) & (trace.t_s < rep.turn_s + 1.0)] = np.nan
    row = aligned(record, trace).deg[0]
    assert np.isfinite(row[:51]).all()
    assert np.isnan(row[65:80]).all()


def test_without_an_angle_nothing_is_laid_over():
    trace = squat_trace()
    trace.signals["main_angle_deg"][:] = np.nan
    assert aligned(squat_record(), trace) is None
    assert aligned(squat_record(), squat_trace("other")) is None
    assert aligned(nobody_record(), squat_trace()) is None


# Comparison


def with_mean(mean_deg: float, **changes: object) -> SetRecord:
    return squat_record(statistics={"knee_flexion_peak_deg": Statistic(mean=mean_deg, sd=3.0, drift=None)}, **changes)


def setup(azimuth_deg: float | None = 88.0, height: float | None = 0.8, view: str = "side") -> SetupSignature:
    return SetupSignature(view=view, azimuth_deg=azimuth_deg, person_height_share=height)


def test_sets_filmed_alike_are_compared_with_the_smaller_difference():
    found = compare(with_mean(90.0), with_mean(96.0, setup=setup(100.0, 0.9)))
    assert found.same_setup
    (change,) = found.changes
    assert (change.difference, change.smallest_real, change.certain) == (6.0, 5.0, True)
    assert compare(with_mean(90.0), with_mean(95.0)).changes[0].certain is False


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"setup": setup(110.0)}, "azimuth"),
        ({"setup": setup(None)}, "azimuth"),
        ({"setup": setup(height=0.4)}, "distance"),
        ({"software": {"model_sha256": "cd" * 32}}, "model"),
    ],
)
def test_another_set_up_needs_a_larger_difference(changes, obstacle):
    found = compare(with_mean(90.0), with_mean(98.0, **changes))
    assert found.obstacles == (obstacle,)
    assert found.comparable
    assert (found.changes[0].smallest_real, found.changes[0].certain) == (10.0, False)


def test_azimuths_are_compared_around_the_circle():
    front = {"setup": setup(-176.0, view="front")}
    assert compare(with_mean(90.0, **front), with_mean(90.0, setup=setup(178.0, view="front"))).same_setup


def test_what_cannot_be_compared_has_no_change():
    side = squat_record().view
    other_side = side.model_copy(update={"near_side": "right"})
    towards = side.model_copy(update={"label": "front", "direction": "towards"})
    away = towards.model_copy(update={"direction": "away"})
    front = setup(0.0, view="front")
    left = [rep.model_copy(update={"side": "left"}) for rep in squat_record().reps]
    cases = [
        (with_mean(90.0), plank_record(), "exercise"),
        (with_mean(90.0), with_mean(130.0, setup=front), "view"),
        (with_mean(90.0), with_mean(130.0, setup=setup(view="unknown")), "unknown"),
        (with_mean(90.0), with_mean(130.0, view=other_side), "side"),
        (with_mean(90.0, setup=front, view=towards), with_mean(130.0, setup=front, view=away), "direction"),
        (with_mean(90.0, reps=left), with_mean(130.0), "legs"),
    ]
    for earlier, later, obstacle in cases:
        found = compare(earlier, later)
        assert obstacle in found.obstacles
        assert (found.comparable, found.same_setup, found.changes) == (False, False, ())


def test_holds_are_shown_without_calling_a_change_certain():
    lying = {"setup": setup(None, None)}
    found = compare(plank_record(**lying), plank_record(hold_s=40.0, **lying))
    assert found.same_setup
    assert next((c.measure, c.difference, c.certain) for c in found.changes) == ("hold_s", 10.0, None)


def test_smallest_real_differences_are_those_of_the_rule_book():
    assert smallest_real_difference("knee_flexion_peak_deg", "side") == 5
    assert smallest_real_difference("knee_flexion_peak_deg", "side", alike=False) == 10
    assert smallest_real_difference("knee_projection_angle_deg", "front") == 8
    assert smallest_real_difference("eccentric_s", "side") is None


# A recording split into sets


def at_times(*spans_s: tuple[float, float], **source: object) -> SetRecord:
    reps = [
        Rep(index=i, start_s=a, turn_s=(a + b) / 2, end_s=b, counted=True, measures={})
        for i, (a, b) in enumerate(spans_s, 1)
    ]
    record = squat_record(reps=reps, rep_count=len(reps), partial_count=0, faults=[])
    return record.model_copy(update={"source": record.source.model_copy(update={"duration_s": 120.0, **source})})


def test_a_recording_is_split_in_the_middle_of_each_rest():
    found = parts(at_times((2, 4), (6, 8), (20, 22), (23, 25), (60, 63)))
    assert [part.bouts for part in found] == [(1, 2), (3, 4), (5,)]
    assert [(part.start_s, part.end_s) for part in found] == [(0.0, 14.0), (14.0, 42.5), (42.5, 120.0)]


def test_a_pause_is_no_rest():
    assert len(parts(at_times((2, 4), (11.9, 14)))) == 1
    assert len(parts(at_times((2, 4), (12, 14)))) == 2
    assert len(parts(at_times((2, 4), (12, 14)), rest_s=20)) == 1


def test_the_parts_keep_to_what_was_analysed():
    found = parts(at_times((12, 14), (30, 32), start_s=10.0, end_s=50.0))
    assert (found[0].start_s, found[-1].end_s) == (10.0, 50.0)
    assert parts(nobody_record())[0].bouts == ()
    assert [part.bouts for part in parts(plank_record())] == [(1,)]


# One set judged twice


def test_both_verdicts_stand_side_by_side():
    """The same landmarks against 90 and against 60 degrees: the shallow one is a point to correct, then none."""
    made = squat_set([SquatRep(100), SquatRep(66)], Camera(azimuth_deg=90), Recording(fps=15))
    source = Source(name="a.mp4", width=640, height=480, duration_s=made.poses[-1].t_s)
    old, new = (
        run_set(made.poses, SQUAT, source, prescription=Prescription(exercise="squat", target_depth_deg=deg)).record
        for deg in (90, 60)
    )
    rows = side_by_side(old, new)
    assert len(rows) == 2 * len(SQUAT.rules)
    changed = [row for row in rows if row.changed]
    assert [(row.rule, row.old_index, row.new_index, row.old, row.new) for row in changed] == [
        ("depth", 2, 2, "point", "ok")
    ]
    assert not [row for row in side_by_side(old, old) if row.changed]
    untargeted = run_set(made.poses, SQUAT, source).record
    assert {row.new for row in side_by_side(old, untargeted) if row.changed} == {"not_assessed"}


def test_what_only_one_judgement_found_stands_alone():
    ok = Verdict(rule="depth", outcome="ok", value=90, limit=85, unit="deg")
    old = at_times((2, 4), (6, 8), (10, 12))
    reps = [rep.model_copy(update={"verdicts": [ok]}) for rep in old.reps]
    old = old.model_copy(update={"reps": reps})
    new = old.model_copy(update={"reps": [reps[0], reps[2].model_copy(update={"index": 2, "start_s": 10.8})]})
    assert [(row.old_index, row.new_index, row.old, row.new) for row in side_by_side(old, new)] == [
        (1, 1, "ok", "ok"),
        (2, None, "ok", "absent"),
        (3, 2, "ok", "ok"),
    ]
    assert [(row.old_index, row.new_index) for row in side_by_side(new, old)] == [(1, 1), (None, 2), (2, 3)]
