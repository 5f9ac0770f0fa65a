"""What the page of one person tells: reported, done, worst moments, left against right, recordings, tests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from formcheck.clinic.case import (
    CHAIR_STAND_BELOW_AVERAGE,
    compare_legs,
    moments,
    plan_lines,
    recording_quality,
    reported,
)
from formcheck.model.entities import Answer
from formcheck.programmes.programme import Programme
from tests.overviews import AT, TODAY, one_set, pain, programme, session

LONG_AGO = TODAY - timedelta(days=400)


def worst(severity: int = 2, **more: object) -> dict:
    said = {"rule": "depth", "severity": severity, "worst_s": 7.5, "value": 60.0, "limit": 85.0, "unit": "deg"}
    return {"worst": said | more}


def deep(left: float | None, right: float | None) -> dict:
    sides = {"left": left, "right": right}
    return {"sides": {side: {"knee_flexion_peak_deg": v} for side, v in sides.items() if v is not None}}


def test_what_was_reported_is_told_oldest_first_and_the_highest_of_a_session():
    later, hard = Answer("pain_next_morning", 4, TODAY, None, AT), Answer("exertion", 5, TODAY, "squat", AT)
    answers = pain(3) + pain(6, exercise="lunge") + pain(1, "pain_before", None) + (hard, later)
    told = [
        (one.series, one.value, one.exercise)
        for one in reported([session(0, answers=answers), session(3, answers=pain(2))])
    ]
    assert told == [
        ("pain_during", 2, "squat"),
        ("pain_before", 1, None),
        ("pain_during", 6, "lunge"),
        ("exertion", 5, "squat"),
        ("pain_next_morning", 4, None),
    ]
    assert reported([session(1, one_set())]) == []


def test_the_plan_counts_finished_sets_of_this_week_only():
    exercises = [{"prescription": {"exercise": name, "sets": 2}} for name in ("squat", "lunge", "squat")]
    plan = Programme.model_validate(programme(TODAY - timedelta(days=9), exercises=exercises).data)
    sessions = [
        session(0, one_set(), one_set(state="interrupted"), one_set(exercise="plank")),
        session(2, one_set()),
        session(3, one_set()),
    ]
    lines = plan_lines(plan, sessions, TODAY - timedelta(days=2))
    assert [(line.exercise, line.done, line.planned) for line in lines] == [("squat", 2, 12), ("lunge", 0, 6)]


def test_the_worst_moments_are_of_different_exercises_points_first_then_new():
    sessions = [
        session(1, one_set(set_id=1, **worst(1))),
        session(2, one_set(set_id=2, exercise="lunge", **worst(1, worst_s=3.0)), one_set(set_id=3)),
        session(5, one_set(set_id=4, **worst(2))),
        session(9, one_set(set_id=5, exercise="plank", **worst(2))),
    ]
    assert [(one.set_id, one.severity) for one in moments(sessions, LONG_AGO)] == [(4, 2), (5, 2)]
    assert [one.set_id for one in moments(sessions, TODAY - timedelta(days=3))] == [1, 2]
    assert moments(sessions, TODAY) == []
    first = moments(sessions, LONG_AGO)[0]
    assert (first.rule, first.at_s, first.value, first.limit, first.unit) == ("depth", 7.5, 60.0, 85.0, "deg")


@pytest.mark.parametrize(
    ("left", "right", "setup", "limit", "certain"),
    [
        (90.0, 84.0, {}, 5.0, True),
        (90.0, 86.0, {}, 5.0, False),
        (90.0, 84.0, {"azimuth_deg": -110.0}, 10.0, False),
        (90.0, 84.0, {"person_height_share": 0.3}, 10.0, False),
        (79.0, 90.0, {"person_height_share": None}, 10.0, True),
    ],
)
def test_left_against_right_each_filmed_from_its_own_side(left, right, setup, limit, certain):
    sessions = [
        session(1, one_set(**deep(left, 1.0))),
        session(3, one_set(**deep(2.0, right), **{"azimuth_deg": -90.0, **setup})),
    ]
    (found,) = compare_legs(sessions)
    assert (found.left, found.right, found.difference, found.limit) == (left, right, left - right, limit)
    assert found.certain is certain
    assert (found.left_day, found.right_day) == (TODAY - timedelta(days=1), TODAY - timedelta(days=3))


def test_reaches_of_two_sets_are_compared_too():
    def reached(left: float, right: float) -> dict:
        return {"sides": {side: {"reach_ratio": v} for side, v in (("left", left), ("right", right))}}

    for right, certain in ((0.62, False), (0.58, True)):
        left_set = one_set(exercise="y_reach_front", **reached(0.66, 0.1))
        right_set = one_set(exercise="y_reach_front", azimuth_deg=-90.0, **reached(0.1, right))
        (found,) = compare_legs([session(1, left_set, right_set)])
        assert (found.measure, found.unit, found.left, found.right, found.limit) == (
            "reach_ratio",
            "ratio",
            0.66,
            right,
            0.07,
        )
        assert found.certain is certain


def test_legs_that_were_filmed_from_one_side_or_from_the_front_are_not_compared():
    assert compare_legs([session(1, one_set(**deep(90.0, 70.0)))]) == []
    both = deep(90.0, 70.0)
    assert (
        compare_legs([session(1, one_set(view="front", **both), one_set(view="front", azimuth_deg=-90.0, **both))])
        == []
    )
    assert (
        compare_legs([session(1, one_set(azimuth_deg=None, **both), one_set(azimuth_deg=-90.0, **deep(None, 70.0)))])
        == []
    )


def test_recordings_are_spoken_of_over_the_newest_sets():
    old = [session(n, one_set(assessable_share=0.0)) for n in range(20, 30)]
    new = [session(n, one_set(assessable_share=0.9), one_set(set_id=n, assessable_share=0.5)) for n in range(1, 7)]
    seen = recording_quality([*new, *old])
    assert (seen.sets, seen.lowest_share, seen.wrong_view) == (12, 0.5, 0)
    assert seen.mean == pytest.approx(0.7)
    assert recording_quality([session(1, one_set(exercise="tandem_stance"))]).wrong_view == 1, (
        "it is judged from the front only"
    )
    assert recording_quality([session(1)]) is None


def test_the_reference_values_are_whole_and_fall_with_age():
    ages = [(low, high) for low, high, *_ in CHAIR_STAND_BELOW_AVERAGE]
    assert ages == [(low, low + 4) for low in range(60, 95, 5)]
    for column in (2, 3):
        values = [row[column] for row in CHAIR_STAND_BELOW_AVERAGE]
        assert values == sorted(values, reverse=True)
        assert 4 <= min(values) <= max(values) <= 14
