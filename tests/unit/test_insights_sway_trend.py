"""One person's sway over time: each side apart, one pose model, beside the noise, and nothing where it was not measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from formcheck import exercises
from formcheck.engine.signals.sway import NOISE_FLOOR
from formcheck.i18n.numbers import quantity
from formcheck.insights.sway_trend import SIDEWAYS, SPEED, floor_of, sway_over_time, within_noise
from formcheck.reports.trend import trend_words
from formcheck.store.summaries import summary_of
from tests.example_records import plank_record
from tests.overviews import TODAY, one_set, session

if TYPE_CHECKING:
    from formcheck.model.entities import SetOverview

ONE_LEG = exercises.load("single_leg_stance")


def stood(
    *holds: tuple, model: str = "full", days_ago: int = 0, exercise: str = "single_leg_stance", **setup: object
) -> SetOverview:
    """Return a set of stances from the front. ``holds``: side, sideways spread, path a second (leg lengths), seconds."""
    sway = {"sway": {"model": model, "holds": [list(hold) for hold in holds]}} if holds else {}
    made = one_set(None, exercise=exercise, view="front", azimuth_deg=0.0, holds=[], **sway, **setup)
    return session(days_ago, made).sets[0]


def test_each_side_is_a_trend_of_its_own_and_a_day_its_mean():
    found = sway_over_time(
        [
            stood(("left", 0.010, 0.04, 24.0), ("left", 0.014, 0.06, 22.0), ("right", 0.020, 0.05, 30.0), days_ago=7),
            stood(("left", 0.009, 0.05, 25.0)),
        ],
        ONE_LEG,
    )
    values = {(one.measure, one.side): [round(point.value, 6) for point in one.points] for one in found.trends}
    assert values == {
        (SIDEWAYS, "left"): [0.012, 0.009],
        (SIDEWAYS, "right"): [0.02],
        (SPEED, "left"): [0.05, 0.05],
        (SPEED, "right"): [0.05],
    }
    assert (found.sets, found.measured, found.other_model) == (2, 2, 0)
    newest = found.holds[0]
    assert (newest.day, newest.side, newest.sway.path_legs) == (TODAY, "left", pytest.approx(0.05 * 25.0))


def test_no_change_is_called_one():
    sets = [stood(("left", 0.05, 0.2, 24.0), days_ago=7), stood(("left", 0.01, 0.04, 24.0))]
    (left,) = [one for one in sway_over_time(sets, ONE_LEG).trends if one.measure == SIDEWAYS]
    said = trend_words(left, "en")
    assert said.startswith("Sway sideways, left: 5.00% on 13 March 2026, 1.00% on 20 March 2026.")
    assert "No smallest real difference is known" in said
    assert quantity(0.0316, "legs_per_s", "da") == "3,16 %/s"


def test_on_both_legs_there_is_no_side():
    found = sway_over_time([stood((None, 0.01, 0.05, 24.0), exercise="feet_together")], exercises.load("feet_together"))
    assert {one.side for one in found.trends} == {None}


def test_what_another_model_measured_or_another_place_shows_is_not_compared():
    elsewhere = {"person_height_share": 0.9}
    found = sway_over_time(
        [
            stood(("left", 0.01, 0.04, 24.0), model="lite", days_ago=9),
            stood(("left", 0.02, 0.05, 24.0), days_ago=5, **elsewhere),
            stood(("left", 0.03, 0.06, 24.0), days_ago=2),
            stood(("left", 0.04, 0.07, 24.0)),
            stood(),
        ],
        ONE_LEG,
    )
    assert (found.sets, found.measured, found.other_model) == (5, 4, 1)
    assert [point.joined for point in found.trends[0].points] == [False, True, True]
    assert found.floor is NOISE_FLOOR["full"]


def test_the_noise_of_an_unmeasured_model_is_not_known():
    assert sway_over_time([stood(("left", 0.01, 0.04, 24.0), model="lite")], ONE_LEG).floor is None


def test_values_within_the_noise_are_counted():
    floor = NOISE_FLOOR["full"]
    sets = [stood(("left", 0.01, 0.02, 24.0), days_ago=7), stood(("left", 0.0005, 0.05, 24.0))]
    groups = {one.measure: one for one in sway_over_time(sets, ONE_LEG).trends}
    assert {name: within_noise([one], floor_of(name, floor)) for name, one in groups.items()} == {
        SIDEWAYS: (1, 2),
        SPEED: (1, 2),
    }


def test_without_a_second_look_nothing_is_known():
    found = sway_over_time([stood(), replace(stood(), state="interrupted"), one_set()], ONE_LEG)
    assert (found.trends, found.holds, found.sets, found.measured) == ((), (), 1, 0)


def test_a_summary_keeps_what_was_measured_and_with_which_model():
    measures = {"sway_sideways_ratio": 0.014, "sway_path_ratio": 0.024, "sway_seen_s": 24.0}
    first = plank_record().holds[0].model_copy(update={"side": "left", "measures": measures})
    unseen = first.model_copy(update={"measures": measures | {"sway_path_ratio": None}})
    record = plank_record(exercise="single_leg_stance", holds=[first, unseen], software={"model": "full"})
    assert summary_of(record)["sway"] == {"model": "full", "holds": [["left", 0.014, 0.024, 24.0]]}
    assert "sway" not in summary_of(plank_record())
