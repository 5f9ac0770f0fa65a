"""A programme while it is edited: what it makes, what stays, what is refused and leaves everything as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from formcheck import exercises
from formcheck.app.drafts import Draft, copy_of, empty, from_programme, from_template
from formcheck.errors import SpecError
from formcheck.programmes import templates
from formcheck.programmes.programme import Goal
from formcheck.spec.levels import LEVELS

MONDAY = date(2026, 3, 2)


def full() -> Draft:
    draft = empty("Knee", MONDAY)
    draft.add("squat")
    draft.add("single_leg_stance")
    draft.rows[0].set("side", "left")
    draft.rows[0].set("tempo", {"eccentric_s": 3, "pause_s": 1, "concentric_s": 2})
    draft.rows[0].set("rules", {"heels": {"enabled": False}})
    draft.rows[0].set_criterion("pain_at_most", 2)
    draft.rows[0].sessions = 3
    draft.set_goal(0, "  Up the stairs ")
    draft.tests = ["chair_stand_30s"]
    draft.notes = "Slowly"
    return draft


def test_what_is_on_the_page_becomes_a_programme_and_comes_back():
    programme = full().valid_programme(fallen=False)
    squat = programme.exercises[0].prescription
    assert (squat.side, squat.tempo.eccentric_s, squat.rules["heels"].enabled) == ("left", 3, False)
    assert (programme.goals[0].text, programme.notes, programme.days_a_week) == ("Up the stairs", "Slowly", 3)
    assert [(one.exercise, one.kind, one.limit, one.sessions) for one in programme.criteria] == [
        ("squat", "pain_at_most", 2, 3)
    ]
    assert from_programme(programme).valid_programme(fallen=False) == programme


@pytest.mark.parametrize("name", exercises.names())
def test_every_exercise_can_be_added_as_it_is(name: str):
    draft = empty("x", MONDAY)
    draft.add(name)
    assert draft.valid_programme(fallen=True).exercises[0].prescription.exercise == name


@pytest.mark.parametrize("level", LEVELS.values(), ids=lambda level: level.id)
def test_every_level_can_be_chosen_and_taken_back(level):
    draft = empty("x", MONDAY)
    draft.add(level.exercise)
    row, before = draft.rows[0], dict(draft.rows[0].values)
    row.set_level(level)
    assert draft.valid_programme(fallen=False).exercises[0].prescription.level == level.id
    row.set_level(None)
    assert (row.values, row.turn) == (before, 2)


def test_a_goal_keeps_its_id_when_its_words_change_and_goes_with_them():
    draft = full()
    before = draft.goals[0].id
    draft.set_goal(0, "Down the stairs")
    assert (draft.goals[0].id, draft.goals[0].text) == (before, "Down the stairs")
    draft.set_goal(1, "  ")
    assert len(draft.goals) == 1
    draft.set_goal(0, "")
    assert draft.goals == []


def test_a_row_moves_within_the_list():
    draft = full()
    first, second = draft.rows
    draft.move(first, -1)
    assert draft.rows == [first, second]
    draft.move(first, 1)
    assert draft.rows == [second, first]
    first.change_exercise("plank")
    assert first.values == {"exercise": "plank", "sets": 2, "hold_s": 20.0}
    assert first.criteria == {}


@pytest.mark.parametrize("name", templates.names())
def test_a_template_begins_today_and_leaves_out_what_is_not_offered(name: str):
    draft = from_template(templates.load(name), MONDAY, "da", fallen=True)
    programme = draft.valid_programme(fallen=True)
    assert (programme.start, programme.template, draft.version) == (MONDAY, name, None)


def test_a_copy_for_somebody_else_takes_no_words_of_the_person_along():
    draft = full()
    draft.rows[0].set("notes", "mind the left knee")
    programme = draft.valid_programme(fallen=False)
    later = MONDAY + timedelta(days=70)
    own = copy_of(programme, later, same_person=True)
    assert (own.start, own.end - own.start) == (later, programme.end - programme.start)
    assert (own.goals, own.notes, own.programme_id) == (list(programme.goals), "Slowly", None)
    other = copy_of(programme, later, same_person=False)
    assert (other.goals, other.notes, "notes" in other.rows[0].values) == ([], "", False)
    assert other.rows[0].criteria == {"pain_at_most": 2}


def test_the_cues_speak_one_language():
    draft = full()
    assert draft.cue_language is None
    draft.set_cue_language("da")
    assert {entry.prescription.cue_language for entry in draft.programme().exercises} == {"da"}
    draft.set_cue_language(None)
    assert draft.cue_language is None


def trunk(**limits: float) -> dict[str, object]:
    """Return the rules of a squat with limits for its trunk."""
    return {"trunk_lean": {"limits": {"trunk_inclination": limits}}}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda draft: setattr(draft, "end", MONDAY - timedelta(days=1)), "programme_dates"),
        (lambda draft: setattr(draft, "title", "  "), "programme_value"),
        (lambda draft: draft.rows.clear(), "programme_value"),
        (
            lambda draft: draft.rows[0].set("rules", trunk(hint_limit=5)),
            "prescription_bounds",
        ),
        (
            lambda draft: draft.rows[0].set("rules", trunk(hint_limit=60, fault_limit=50)),
            "prescription_order",
        ),
        (lambda draft: draft.rows[0].values.update(target_depth_deg=90, depth_cap_deg=60), "prescription_cap"),
        (lambda draft: draft.rows[1].set_level(LEVELS["balance.one_leg_board"]), "programme_after_fall"),
        (lambda draft: setattr(draft, "goals", [Goal(id="a", text="x")] * 2), "programme_twice"),
    ],
)
def test_what_makes_no_sense_is_told_and_stays_on_the_page(change, code: str):
    draft = full()
    change(draft)
    with pytest.raises(SpecError) as refused:
        draft.valid_programme(fallen=True)
    assert refused.value.code == code
    assert draft.goals[0].text
