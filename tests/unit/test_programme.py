"""What a programme may be, the sentence that says why not, and when a criterion is met."""

from __future__ import annotations

import json
from datetime import date

import pytest

from formcheck.errors import SpecError
from formcheck.exercises import load
from formcheck.i18n import error_text
from formcheck.programmes.programme import Criterion, ExerciseDone, Goal, Programme, met, parse_programme

PROGRAMME = {
    "title": "Knee, first weeks",
    "start": "2026-03-02",
    "end": "2026-04-12",
    "days_a_week": 3,
    "exercises": [
        {"prescription": {"exercise": "squat", "sets": 2, "repetitions": 10, "level": "squat.to_60", "load_kg": 4}},
        {"prescription": {"exercise": "plank", "hold_s": 20, "level": "core.forearms"}},
    ],
    "goals": [{"id": "stairs", "text": "Gå på trapper uden at holde mig fast"}],
    "tests": ["squat"],
    "criteria": [{"exercise": "squat", "kind": "clean_share", "limit": 0.8}],
}


def programme(**changes: object) -> Programme:
    return parse_programme(json.dumps(PROGRAMME | changes), "p.json")


def test_a_programme_that_makes_sense_is_taken_and_comes_back_from_its_file():
    given = programme()
    given.check(load)
    assert parse_programme(given.model_dump_json(), "p.json") == given
    assert [p.exercise for p in given.prescriptions()] == ["squat", "plank"]


def exercise(name: str = "squat", **values: object) -> list[dict]:
    return [{"prescription": {"exercise": name, **values}}]


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"end": "2026-03-01"}, "programme_dates", "ends on 2026-03-01, before it starts on 2026-03-02"),
        ({"exercises": exercise("squad"), "criteria": []}, "programme_exercise", "squad, which there is not"),
        ({"tests": ["chair"]}, "programme_exercise", "chair"),
        ({"exercises": exercise(rules={"trunk_lean": {"t1": 5}})}, "prescription_bounds", "outside 10 to 60"),
        ({"exercises": exercise(rules={"hips": {}})}, "prescription_rule", "no such rule"),
        ({"exercises": exercise("plank", view="front"), "criteria": []}, "prescription_view", "cannot be judged"),
        ({"exercises": exercise("plank")}, "programme_criterion", "about squat"),
        ({"goals": [{"id": "a", "text": "x"}] * 2}, "programme_twice", "goals"),
        ({"tests": ["squat", "squat"]}, "programme_twice", "tests"),
    ],
)
def test_what_makes_no_sense_is_told(changes: dict, code: str, words: str):
    with pytest.raises(SpecError) as refused:
        programme(**changes).check(load)
    assert refused.value.code == code
    assert words in str(refused.value)
    assert error_text(refused.value, "da") != str(refused.value)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"exercises": []}, "exercises"),
        ({"days_a_week": 0}, "days_a_week"),
        ({"days_a_week": 8}, "days_a_week"),
        ({"pain_stop": 11}, "pain_stop"),
        ({"start": "soon"}, "start"),
        ({"title": ""}, "title"),
        ({"exercises": exercise(sets=21)}, "exercises.0.prescription.sets"),
        ({"criteria": [{"exercise": "squat", "kind": "clean_share", "limit": 1.1}]}, "criteria.0"),
        ({"criteria": [{"exercise": "squat", "kind": "pain_at_most", "limit": 11}]}, "criteria.0"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_value_that_cannot_be_names_its_field(changes: dict, field: str):
    with pytest.raises(SpecError) as refused:
        programme(**changes)
    assert (refused.value.code, refused.value.params["field"]) == ("programme_value", field)


@pytest.mark.parametrize("text", ["{", b"\xff\xfe", "", "[" * 100_000])
def test_a_file_that_is_no_json_is_told(text):
    with pytest.raises(SpecError, match=r"The programme p\.json is not valid JSON") as refused:
        parse_programme(text, "p.json")
    assert refused.value.code == "programme_json"


def test_a_day_lies_in_a_week():
    given = programme()
    days = (
        date(2026, 3, 1),
        date(2026, 3, 2),
        date(2026, 3, 8),
        date(2026, 3, 9),
        date(2026, 4, 12),
        date(2026, 4, 13),
    )
    assert [given.week_of(day) for day in days] == [None, 0, 0, 1, 5, None]


def done(**values: float) -> ExerciseDone:
    return ExerciseDone(**({"counted_share": None, "clean_share": None, "pain": None, "exertion": None} | values))


@pytest.mark.parametrize(
    ("kind", "limit", "sessions", "expected"),
    [
        ("clean_share", 0.8, [done(clean_share=0.8), done(clean_share=0.9)], True),
        ("clean_share", 0.8, [done(clean_share=0.79), done(clean_share=0.9)], False),
        ("clean_share", 0.8, [done(clean_share=0.9)], None),
        ("clean_share", 0.8, [done(clean_share=0.9), done()], None),
        ("clean_share", 0.8, [done(clean_share=0.1), done()], False),
        ("clean_share", 0.8, [done(clean_share=0.9)] * 2 + [done(clean_share=0.1)], True),
        ("pain_at_most", 2, [done(pain=2), done(pain=0)], True),
        ("pain_at_most", 2, [done(pain=3), done(pain=0)], False),
        ("exertion_at_most", 4, [done(exertion=5)], False),
        ("counted_share", 0.9, [], None),
    ],
)
def test_a_criterion_is_met_not_met_or_not_known(kind, limit, sessions, expected):
    assert met(Criterion(exercise="squat", kind=kind, limit=limit), sessions) is expected


def test_goals_are_the_persons_own_words():
    assert Goal(id="a", text="Lege på gulvet med børnebørnene").text.startswith("Lege")
