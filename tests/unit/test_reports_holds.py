"""A record of balance in words: sides apart, the best of three, what ended a hold, what the surface hides."""

from __future__ import annotations

import pytest

from formcheck.exercises import load
from formcheck.insights import best_holds
from formcheck.reports import tables
from formcheck.reports.sentences import judged_against, summary_sentence
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import StanceHold, stance_set
from tests.synthetic_cases import camera, record_of

SPEC = load("single_leg_stance")
HOLDS = [
    StanceHold(s, support=side)
    for s, side in ((4, "left"), (2, "right"), (3, "left"), (5, "right"), (2, "left"), (8, "left"))
]


@pytest.fixture(scope="module")
def record():
    return record_of(stance_set(HOLDS).poses, "single_leg_stance")


def test_a_test_takes_the_best_of_the_first_three_of_each_side(record):
    best = best_holds(record, SPEC)
    seconds = {side: hold.end_s - hold.start_s for side, hold in best.items()}
    assert seconds == {"left": pytest.approx(4, abs=0.3), "right": pytest.approx(5, abs=0.3)}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "best of the first 3: left 4 s, right 5 s"),
        ("da", "bedste af de første 3: venstre 4 s, højre 5 s"),
    ],
)
def test_the_summary_says_both_sides_and_every_touch_of_the_floor(record, language, said):
    sentence = summary_sentence(record, SPEC, language)
    assert said in sentence
    assert ("foot touched the floor 6 times" if language == "en" else "foden rørte gulvet 6 gange") in sentence


def test_a_row_names_its_side(record):
    assert [row.number for row in tables.hold_rows(record, SPEC, "da")][:2] == ["1 (venstre)", "2 (højre)"]


def test_on_a_cushion_nothing_is_said_of_the_floor():
    given = Prescription(exercise="single_leg_stance", level="balance.one_leg_cushion", load_kg=2)
    record = record_of(stance_set([StanceHold(4)]).poses, "single_leg_stance", prescription=given)
    assert [hold.ended for hold in record.holds] == [None]
    hidden = {entry.rule for entry in record.not_assessed if entry.reason == "surface"}
    assert hidden == {"touch_down", "foot_moved", "foot_moved_ahead"}
    sentence = summary_sentence(record, SPEC, "en")
    assert "Not assessed on this surface: foot touched the floor" in sentence
    assert "foot touched the floor once" not in sentence
    assert "(left), with 2 kg, " in sentence
    assert judged_against(record, "en") == "level on one leg on a cushion"
    assert record.prescription["level"] == "balance.one_leg_cushion"


def test_a_hold_that_is_seen_from_the_wrong_side_is_refused_with_the_reason():
    poses = stance_set([StanceHold(4)], camera("single_leg_stance", 90.0)).poses
    record = record_of(poses, "single_leg_stance")
    assert record.holds == []
    said = summary_sentence(record, SPEC, "en")
    assert said == "No hold was counted. This exercise cannot be told from the side. Film from the front."
    assert "Denne øvelse kan ikke ses fra siden. Film forfra." in summary_sentence(record, SPEC, "da")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Held for 23 s in all, best of"), ("da", "Holdetid 23 s i alt, bedste af")]
)
def test_where_only_hints_are_given_nothing_is_said_of_good_technique(record, language, said):
    assert summary_sentence(record, SPEC, language).startswith(said)
    assert {(row.in_form, row.longest) for row in tables.hold_rows(record, SPEC, language)} == {("", "")}


def test_a_single_hold_is_said_once():
    record = record_of(stance_set([StanceHold(4)]).poses, "single_leg_stance")
    assert summary_sentence(record, SPEC, "en").startswith(
        "Held for 4 s (left), ended by: foot touched the floor once, nothing"
    )
