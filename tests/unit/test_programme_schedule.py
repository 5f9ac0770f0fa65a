"""What a programme asks of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from formcheck.model.entities import GoalRating, StoredProgramme
from formcheck.programmes.programme import Goal, Programme
from formcheck.programmes.schedule import current, due_rating, due_tests, left_today

MONDAY = date(2026, 3, 2)


def programme(**changes: object) -> Programme:
    given = {
        "title": "x",
        "start": MONDAY,
        "end": MONDAY + timedelta(days=41),
        "days_a_week": 3,
        "exercises": [
            {"prescription": {"exercise": "squat", "sets": 2}},
            {"prescription": {"exercise": "plank"}},
            {"prescription": {"exercise": "squat", "sets": 1, "load_kg": 5}},
        ],
    }
    return Programme.model_validate(given | changes)


def kept(number: int, ended: bool = False, **changes: object) -> StoredProgramme:
    data = programme(**changes).model_dump(mode="json")
    return StoredProgramme(number, 1, 1, data, datetime(2026, 3, 1, tzinfo=UTC), None, ended, True)


def test_the_newest_that_runs_holds():
    assert current([], MONDAY) is None
    assert current([kept(2), kept(1)], MONDAY).id == 2
    assert current([kept(2, ended=True), kept(1)], MONDAY).id == 1
    later = kept(2, start=MONDAY + timedelta(days=7))
    assert current([later, kept(1)], MONDAY).id == 1
    assert current([later], MONDAY).id == 2


def test_a_programme_asks_for_two_weeks_after_its_end_and_then_holds_no_more():
    old = kept(1)
    assert current([old], MONDAY + timedelta(days=41 + 14)) is old
    assert current([old], MONDAY + timedelta(days=41 + 15)) is None
    following = kept(2, end=MONDAY + timedelta(days=80))
    assert current([kept(3), following], MONDAY + timedelta(days=45)) is following


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ({}, [("squat", 2), ("plank", 1), ("squat", 1)]),
        ({"squat": 1}, [("squat", 1), ("plank", 1), ("squat", 1)]),
        ({"squat": 2, "plank": 1}, [("squat", 1)]),
        ({"squat": 9, "plank": 9, "lunge": 1}, []),
    ],
)
def test_what_is_left_of_a_day(done: dict, expected: list):
    left = left_today(programme(), done)
    assert [(one.exercise, one.sets) for one in left] == expected
    assert not left or left[-1].load_kg == 5


def rated(goal: str, week: int) -> GoalRating:
    return GoalRating(goal, week, 4, datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "ratings", "week"),
    [
        (-1, [], None),
        (0, [], 0),
        (20, [], 0),
        (0, [rated("a", 0)], 0),
        (0, [rated("a", 0), rated("b", 0)], None),
        (21, [rated("a", 0), rated("b", 0)], 3),
        (41, [rated("a", 3), rated("b", 3)], None),
        (42, [rated("a", 3)], 6),
    ],
)
def test_goals_are_rated_at_the_start_in_week_3_and_in_week_6(day: int, ratings: list, week: int | None):
    given = programme(goals=(Goal(id="a", text="x"), Goal(id="b", text="y")))
    assert due_rating(given, ratings, MONDAY + timedelta(days=day)) == week
    assert due_rating(programme(), ratings, MONDAY + timedelta(days=day)) is None


def test_start_tests_come_again_in_week_6():
    given, days = programme(tests=("chair_stand_30s", "single_leg_stance")), timedelta(days=1)
    assert due_tests(given, {}, MONDAY - days) == ()
    assert due_tests(given, {}, MONDAY) == given.tests
    tested = {"chair_stand_30s": [MONDAY], "single_leg_stance": [MONDAY - days]}
    assert due_tests(given, tested, MONDAY + 20 * days) == ("single_leg_stance",)
    assert due_tests(given, tested, MONDAY + 42 * days) == given.tests
    tested = {name: [MONDAY + 43 * days] for name in given.tests}
    assert due_tests(given, tested, MONDAY + 44 * days) == ()
