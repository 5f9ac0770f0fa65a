"""My progress: the goal, one chart, the tests over time; nothing where nothing was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clinic import Clinic, deep, full_clinic
from tests.example_records import squat_record
from tests.pages import open_page, press, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.store.store import Store

BO = "Bo Bentsen"


@pytest.fixture
def bo(store: Store, sit_down: Callable) -> Clinic:
    made = full_clinic(store)
    sit_down(made.asker(made.accounts[BO]))
    return made


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["can change within weeks", "You have not written a goal yet.", "Nothing yet.", "No tests yet."]),
        ("da", ["kan ændre sig på få uger", "Du har ikke skrevet et mål endnu.", "Intet endnu.", "Ingen test endnu."]),
    ],
)
def test_before_the_first_training_it_says_what_comes(store: Store, language: str, said: list[str]):
    page = open_page("progress", language)
    assert [one for one in said if one not in words(page)] == []
    press(page, "begin")
    assert page.title[0].value == {"en": "Welcome to formcheck", "da": "Velkommen til formcheck"}[language]


def test_the_goal_with_its_ratings_is_one_line(bo: Clinic):
    told = words(open_page("progress"))
    assert "**Your goal: Go up \\*the stairs\\* to the flat.**" in told
    assert "start: 3 of 10 · week 3: – · week 6: –" in told


def test_there_is_one_chart_of_the_exercise_that_is_chosen(bo: Clinic):
    page = open_page("progress")
    assert page.selectbox[0].options == ["Squat", "Plank", "30-second chair stand"]
    assert len(page.get("vega_lite_chart")) + len(page.get("arrow_vega_lite_chart")) == 1
    assert "**Depth**" in words(page)
    page.selectbox[0].set_value("plank").run()
    assert "**Hold time**" in words(page)


def test_tests_are_shown_over_time_and_training_is_no_test(bo: Clinic, store: Store):
    bo.trained(BO, 0, squat_record(exercise="chair_stand_30s", rep_count=11), test=True)
    page = open_page("progress")
    line = next(text.value for text in page.markdown if text.value.count("**8**") or text.value.count("**11**"))
    assert line.index("**8**") < line.index("**11**")
    assert "Squat" not in [text.value for text in page.markdown], "squats are no test"


def test_a_single_training_is_shown_too(store: Store):
    clinic = Clinic(store, people={"me": store.people.me().id})
    clinic.trained("me", 1, deep(80.0))
    assert "**Depth**" in words(open_page("progress", "en"))
