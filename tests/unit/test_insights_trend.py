"""One exercise over many training days: what is joined, what is left apart, what may be called a change."""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta

import pytest

from formcheck import exercises
from formcheck.i18n import LANGUAGES
from formcheck.insights import Trend, trends
from formcheck.model.entities import SetOverview
from formcheck.reports.trend import legend_line, trend_words
from formcheck.store.summaries import summary_of
from tests.example_records import plank_record, squat_record

MONDAY = date(2026, 3, 2)
SIDE = {"view": "side", "azimuth_deg": 90.0, "person_height_share": 0.6}
LYING = {"view": "side", "azimuth_deg": None, "person_height_share": None}
STANDING = {"view": "front", "azimuth_deg": 0.0, "person_height_share": 0.7}
IDS = itertools.count(1)


def kept(
    day: int, exercise: str = "squat", setup: dict = SIDE, *, state: str = "finished", **said: object
) -> SetOverview:
    counts = {
        name: said.pop(name, default) for name, default in (("rep_count", 8), ("hold_s", 0.0), ("in_form_s", 0.0))
    }
    summary = {"setup": setup, "means": {}, "sides": {}, "holds": [], "judged": 8, "clean": 6} | said
    when = MONDAY + timedelta(days=day)
    return SetOverview(
        next(IDS),
        day,
        when,
        exercise,
        state,
        "target",
        counts["rep_count"],
        0,
        counts["hold_s"],
        counts["in_form_s"],
        json.dumps(summary),
        False,
    )


def squats(day: int, depth_deg: float, setup: dict = SIDE, **more: object) -> SetOverview:
    return kept(day, "squat", setup, means={"knee_flexion_peak_deg": depth_deg}, **more)


def of(*sets: SetOverview, exercise: str = "squat") -> dict[tuple[str, str | None], Trend]:
    found = trends(sets, exercises.load(exercise))
    return {(trend.measure, trend.side): trend for trend in found}


def depth(*sets: SetOverview) -> Trend:
    return of(*sets)["knee_flexion_peak_deg", None]


def test_a_day_is_one_point_whatever_the_order_of_its_sets():
    first, second, later = squats(0, 80.0), squats(0, 84.0), squats(2, 90.0)
    found = depth(later, second, first)
    assert [(p.day, p.value, p.uncertainty, p.set_ids) for p in found.points] == [
        (MONDAY, 82.0, 7.0, (first.id, second.id)),
        (MONDAY + timedelta(days=2), 90.0, 7.0, (later.id,)),
    ]
    assert all(point.joined for point in found.points)
    assert (found.change.before, found.change.after, found.change.certain) == (82.0, 90.0, True)


def test_only_what_was_filmed_alike_is_joined_and_compared():
    turned, near = {**SIDE, "azimuth_deg": 70.0}, {**SIDE, "person_height_share": 0.9}
    found = depth(
        squats(0, 60.0, turned), squats(1, 80.0), squats(2, 60.0, near), squats(3, 83.0), squats(3, 60.0, STANDING)
    )
    assert [(p.value, p.joined) for p in found.points] == [
        (60.0, False),
        (80.0, True),
        (60.0, False),
        (83.0, True),
        (60.0, False),
    ]
    assert (found.change.before, found.change.after, found.change.certain) == (80.0, 83.0, False)


def test_where_two_ways_of_filming_are_as_frequent_the_newer_makes_the_line():
    found = depth(squats(0, 80.0), squats(1, 81.0), squats(2, 60.0, STANDING), squats(3, 61.0, STANDING))
    assert [point.joined for point in found.points] == [False, False, True, True]
    assert {point.uncertainty for point in found.points if point.joined} == {9.0}


@pytest.mark.parametrize(
    ("setups", "after_deg", "certain"),
    [
        ((SIDE, SIDE), 85.0, False),
        ((SIDE, SIDE), 85.1, True),
        ((SIDE, SIDE), 74.9, True),
        ((STANDING, STANDING), 90.0, False),
        ((STANDING, STANDING), 90.1, True),
        (({**SIDE, "azimuth_deg": 78.0}, SIDE, {**SIDE, "azimuth_deg": 102.0}), 89.0, False),
    ],
)
def test_a_change_is_certain_only_beyond_the_smallest_real_difference(setups, after_deg, certain):
    depths = (80.0, *[80.0] * (len(setups) - 2), after_deg)
    found = depth(*(squats(day, deg, setup) for day, (deg, setup) in enumerate(zip(depths, setups, strict=True))))
    assert all(point.joined for point in found.points)
    assert found.change.certain is certain


def test_left_and_right_are_apart_and_never_together():
    lunges = [
        kept(
            day,
            "lunge",
            means={"knee_flexion_peak_deg": 85.0},
            sides={"left": {"knee_flexion_peak_deg": 80.0 + 10 * day}, "right": {"knee_flexion_peak_deg": 90.0}},
        )
        for day in (0, 1)
    ]
    found = of(*lunges, exercise="lunge")
    assert set(found) == {("knee_flexion_peak_deg", "left"), ("knee_flexion_peak_deg", "right"), ("good_share", None)}
    assert [found["knee_flexion_peak_deg", side].change.certain for side in ("left", "right")] == [True, False]


def test_a_plank_is_about_its_seconds_and_good_technique_is_a_share_of_them():
    planks = [
        kept(day, "plank", LYING, holds=[[None, held_s], [None, 5.0]], hold_s=held_s + 5, in_form_s=15.0)
        for day, held_s in enumerate((20.0, 25.0))
    ]
    found = of(*planks, exercise="plank")
    assert [point.value for point in found["hold_s", None].joined] == [25.0, 30.0]
    assert [point.value for point in found["good_share", None].joined] == [0.6, 0.5]
    assert found["hold_s", None].change.certain is None, "nobody has published what is certain"


def test_a_stance_is_about_the_longest_of_the_first_three_of_each_leg():
    holds = [["left", 9.0], ["right", 30.0], ["left", 12.0], ["left", 5.0], ["left", 40.0], [None, 44.0]]
    found = of(kept(0, "single_leg_stance", STANDING, holds=holds), exercise="single_leg_stance")
    assert {side: trend.points[0].value for (_, side), trend in found.items() if side} == {"left": 12.0, "right": 30.0}
    assert ("longest_hold_s", None) not in found


def test_the_chair_stand_is_about_how_many_and_the_best_of_a_day_counts():
    name = "chair_stand_30s"
    found = of(
        kept(0, name, rep_count=11),
        kept(0, name, rep_count=13),
        kept(3, name, rep_count=0),
        kept(4, name, {"view": "unknown", "azimuth_deg": None, "person_height_share": None}, rep_count=0),
        exercise=name,
    )["rep_count", None]
    assert [point.value for point in found.points] == [13, 0], "where nobody was seen nothing is known"


def test_what_was_not_finished_not_measured_or_another_exercise_is_left_out():
    sets = [squats(0, 80.0, state="interrupted"), kept(1, "lunge"), kept(2, judged=0, clean=0)]
    running = SetOverview(9, 1, MONDAY, "squat", "finished", None, 0, 0, 0.0, 0.0, None, False)
    assert of(*sets, running) == {}


def test_what_the_store_keeps_of_a_record_is_what_a_trend_reads():
    for record in (squat_record(), plank_record()):
        summary = summary_of(record)
        one = SetOverview(
            1,
            1,
            MONDAY,
            record.exercise,
            "finished",
            "target",
            record.rep_count,
            0,
            record.hold_s,
            record.in_form_s,
            json.dumps(summary),
            False,
        )
        assert {measure for measure, _ in of(one, exercise=record.exercise)} == {
            "good_share",
            "hold_s" if record.holds else "knee_flexion_peak_deg",
        }


@pytest.mark.parametrize("name", exercises.names())
def test_every_exercise_has_words_for_its_trends(name: str):
    measure = getattr(exercises.load(name).movement, "depth_measure", "")
    sets = [
        kept(
            day,
            name,
            means={measure: 50.0 + day},
            holds=[["left", 9.0], ["right", 8.0], [None, 8.0]],
            hold_s=9.0,
            in_form_s=8.0,
        )
        for day in (0, 1)
    ]
    found = trends(sets, exercises.load(name))
    assert len(found) >= 2
    for trend in found:
        texts = {trend_words(trend, language) for language in LANGUAGES}
        assert len(texts) == 2
        assert not any("." in text.partition(":")[2].replace(". ", "").removesuffix(".") for text in texts), (
            "no decimals"
        )


def test_a_trend_is_said_in_whole_degrees_with_days():
    rose = depth(squats(0, 80.4), squats(9, 91.6))
    assert trend_words(rose, "en") == "Depth rose from 80° ± 7 on 2 March 2026 to 92° ± 7 on 11 March 2026."
    assert trend_words(rose, "da") == "Dybde: steget fra 80° ± 7 (2. marts 2026) til 92° ± 7 (11. marts 2026)."
    even = depth(squats(0, 80.0), squats(9, 83.0))
    assert trend_words(even, "en").startswith("Depth: no certain change, ")
    assert "ingen sikker ændring" in trend_words(even, "da")
    assert trend_words(even, "en").endswith("The smallest real difference is 5°.")
    assert "With a second day" in trend_words(depth(squats(0, 80.0)), "en")
    share = of(squats(0, 80.0), squats(1, 80.0))["good_share", None]
    assert trend_words(share, "da").startswith("Med god teknik: 75 %")


def test_the_legend_names_only_what_is_drawn():
    assert (
        legend_line([depth(squats(0, 80.0))], "en") == "●\u00a0one training day\u2002·\u2002│\u00a0uncertainty (± 7°)"
    )
    apart = depth(squats(0, 80.0), squats(1, 80.0), squats(2, 60.0, STANDING))
    assert "○\u00a0filmed otherwise" in legend_line([apart], "en")
    assert "± 7°–9°" in legend_line([apart], "en")
