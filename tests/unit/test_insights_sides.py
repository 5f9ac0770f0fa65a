"""Left and right of one set: apart, with their difference beside the smallest real one, or why they are not compared."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from formcheck.exercises import load
from formcheck.insights import side_differences
from formcheck.reports.findings import side_lines
from formcheck.reports.html import html_report
from formcheck.reports.sentences import judged_against, summary_sentence
from formcheck.reports.tables import hold_rows
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import SingleLegRep, StanceHold
from tests.synthetic_cases import CLEAN, made, record_of

if TYPE_CHECKING:
    from formcheck.model.records import SetRecord

ONE_SIDED = ["single_leg_squat", "step_down", "side_lunge", "hop_and_hold", "single_leg_stance"]


@cache
def both(name: str, left: object, right: object, azimuth_deg: float = 0.0) -> SetRecord:
    side = "support" if isinstance(left, StanceHold) else "side"
    parts = [replace(left, **{side: "left"}), replace(right, **{side: "right"})]
    return record_of(made(name, parts, azimuth_deg).poses, name)


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("name", ONE_SIDED)
def test_each_one_sided_exercise_says_both_sides_and_what_a_real_difference_is(name, language):
    record = both(name, CLEAN[name], CLEAN[name])
    lines = side_lines(record, load(name), language)
    assert lines
    left, right, real = {"en": ("left", "right", "smallest real"), "da": ("venstre", "højre", "mindste sikre")}[
        language
    ]
    assert all(f"{left} " in line and f"{right} " in line for line in lines)
    assert real in lines[0]
    assert lines[0] in html_report(record, None, load(name), language)


def test_one_side_alone_is_not_compared():
    record = record_of(made("single_leg_squat", [CLEAN["single_leg_squat"]] * 2, 0.0).poses, "single_leg_squat")
    assert side_lines(record, load("single_leg_squat"), "en") == []


def test_where_both_legs_work_there_are_no_sides():
    record = record_of(made("squat", [CLEAN["squat"]] * 2, 0.0).poses, "squat")
    assert side_lines(record, load("squat"), "en") == []


def test_a_knee_that_goes_further_in_on_one_side_is_a_real_difference():
    record = both("single_leg_squat", SingleLegRep(), SingleLegRep(knee_in_deg=14))
    found = {change.measure: change for change in side_differences(record, load("single_leg_squat"))}
    knee = found["knee_projection_angle_deg"]
    assert (knee.certain, knee.smallest_real) == (True, 8.0)
    assert knee.difference > 15
    assert found["knee_flexion_peak_deg"].certain is False
    (line,) = [line for line in side_lines(record, load("single_leg_squat"), "en") if line.startswith("Knee inside")]
    assert line.endswith("a real difference (the smallest real one is 8°).")


def test_how_long_a_landing_was_held_has_no_published_smallest_difference():
    record = both("hop_and_hold", CLEAN["hop_and_hold"], replace(CLEAN["hop_and_hold"], step_m=0.2))
    (held,) = [change for change in side_differences(record, load("hop_and_hold")) if change.measure == "settled_s"]
    assert (held.certain, held.before) == (None, 2.0)
    assert held.after < 1.0


def test_legs_are_not_compared_from_one_side():
    """The far leg is measured worse, so each is to be filmed from its own side."""
    record = both("y_reach_front", CLEAN["y_reach_front"], CLEAN["y_reach_front"], azimuth_deg=90.0)
    assert [rep.side for rep in record.reps] == ["left", "right"]
    assert side_differences(record, load("y_reach_front")) == ()
    (line,) = side_lines(record, load("y_reach_front"), "en")
    assert "Film each leg from its own side" in line


@pytest.mark.parametrize("stays_s", [0.0, 2.0])
def test_who_turns_round_to_change_legs_is_compared_each_leg_seen_from_its_own_side(stays_s):
    shorter = replace(CLEAN["y_reach_front"], depth_deg=44, side="right")
    left = made("y_reach_front", [CLEAN["y_reach_front"]] * 2, 90.0).poses
    right = made("y_reach_front", [shorter] * 2, -90.0).poses
    turned_s = left[-1].t_s + 0.5 + stays_s
    poses = [*left, *(replace(pose, t_s=pose.t_s + turned_s) for pose in right)]
    record = record_of(poses, "y_reach_front")
    assert [(rep.side, rep.near_side) for rep in record.reps] == [("left", "left")] * 2 + [("right", "right")] * 2
    found = {change.measure: change for change in side_differences(record, load("y_reach_front"))}
    reach, knee = found["reach_ratio"], found["knee_flexion_peak_deg"]
    assert (reach.smallest_real, reach.certain, knee.smallest_real) == (0.07, True, 10.0)
    alone = [record_of(part, "y_reach_front").statistics["reach_ratio"].mean for part in (left, right)]
    assert (reach.before, reach.after) == pytest.approx(alone, abs=0.01)
    assert any("a real difference" in line for line in side_lines(record, load("y_reach_front"), "en"))


@pytest.mark.parametrize("azimuth_deg", [0.0, 45.0])
def test_only_from_the_front_the_knees_way_over_the_foot_is_compared(azimuth_deg):
    record = both("single_leg_squat", SingleLegRep(), SingleLegRep(), azimuth_deg)
    found = {change.measure: change.smallest_real for change in side_differences(record, load("single_leg_squat"))}
    assert found["knee_flexion_peak_deg"] == 10.0
    assert ("knee_projection_angle_deg" in found) == (azimuth_deg == 0.0)


def test_seconds_on_one_leg_are_compared_by_the_best_of_each_side():
    holds = [StanceHold(4), StanceHold(3, support="right"), StanceHold(8), StanceHold(5, support="right")]
    record = record_of(made("single_leg_stance", holds, 0.0).poses, "single_leg_stance")
    (held,) = side_differences(record, load("single_leg_stance"))
    assert (held.before, held.after) == (pytest.approx(8, abs=0.3), pytest.approx(5, abs=0.3))
    assert (held.smallest_real, held.certain) == (24.1, False)


def test_a_hold_says_what_ended_it_and_a_full_time_too():
    record = record_of(
        made("single_leg_stance", [StanceHold(46.5), StanceHold(3)], 0.0, fps=12.0).poses, "single_leg_stance"
    )
    assert [row.ended for row in hold_rows(record, load("single_leg_stance"), "en")] == [
        "The full 45 s",
        "Foot touched the floor",
    ]
    assert "de fulde 45 s" in summary_sentence(record, load("single_leg_stance"), "da")
    assert record.holds[0].end_s - record.holds[0].start_s == pytest.approx(45, abs=0.01)


def test_closed_eyes_are_said_whether_a_level_or_the_prescription_asks_for_them():
    record = record_of(made("single_leg_stance", [StanceHold(3)], 0.0).poses, "single_leg_stance")

    def said(**values: str) -> str:
        given = Prescription(exercise="single_leg_stance", **values).model_dump(mode="json", exclude_none=True)
        return judged_against(record.model_copy(update={"prescription": given}), "en")

    assert said(eyes="closed") == "eyes closed"
    assert said(level="balance.one_leg_eyes_closed") == "level on one leg, eyes closed"
    assert said(eyes="open") == "no target"
