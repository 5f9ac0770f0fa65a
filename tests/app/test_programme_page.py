"""The Programme page: from a template, a copy, a file or nothing to a kept version; both roles; bad input changes nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck.app import identity, programmes
from formcheck.i18n import LANGUAGES
from formcheck.programmes.programme import Programme, parse_programme
from tests.clinic import Clinic, full_clinic
from tests.pages import open_page, press, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from formcheck.app.drafts import Draft
    from formcheck.model.entities import Person, StoredProgramme
    from formcheck.store.store import Store

TODAY = date.today()


@pytest.fixture
def me(store: Store) -> Person:
    return store.people.me()


@pytest.fixture
def clinic(store: Store, sit_down: Callable) -> Clinic:
    """Anna, a physiotherapist, sits in front of the page; Bo has a programme, the others have none."""
    made = full_clinic(store)
    sit_down(made.asker(made.anna))
    return made


def open_bo(clinic: Clinic, language: str = "en") -> AppTest:
    return open_page("programme", language, person=str(clinic.people["Bo Bentsen"]))


def kept_of(store: Store, person_id: int) -> StoredProgramme:
    return store.programmes.of(person_id)[0]


def draft_of(page: AppTest, person_id: int = 1) -> Draft:
    """Return the draft on the page, of the one person of a machine without accounts unless another is named."""
    return page.session_state[f"draft-{person_id}"]


def open_row(page: AppTest, place: int = 0) -> AppTest:
    """Unfold an exercise: only then are its fields drawn."""
    draft_of(page).rows[place].open = True
    return page.run()


def field(page: AppTest, kind: str, start: str):
    """Return a field by how its key begins."""
    return next(one for one in page.get(kind) if (one.key or "").startswith(start))


def fill(page: AppTest, kind: str, start: str, value: object) -> AppTest:
    field(page, kind, start).set_value(value).run()
    assert not page.exception
    return page


def versions(page: AppTest, language: str = "en") -> list[tuple[str, str]]:
    """Return each version of the history and who made it, the newest first."""
    page.session_state[f"versions-{language}"] = True
    page.run()
    assert not page.exception
    lines = (line.split("\n")[0].strip() for line in words(page).split("**Version ")[1:])
    return [(line.partition("**")[0], line.rpartition(", ")[2]) for line in lines]


def upload(page: AppTest, text: str | bytes, name: str = "p.json") -> AppTest:
    data = text.encode() if isinstance(text, str) else text
    page.file_uploader[0].set_value((name, data, "application/json")).run()
    assert not page.exception
    return page


# Alone


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_there_at_first_and_a_template_makes_a_programme(me: Person, store: Store, language: str):
    page = open_page("programme", language)
    assert len([button for button in page.button if button.key.startswith("template-")]) == 5
    press(page, "template-knee_hip")
    assert store.programmes.of(me.id) == [], "nothing is kept before it is saved"
    press(page, "save-programme")
    kept = kept_of(store, me.id)
    assert (kept.version, kept.data["template"], len(kept.data["exercises"])) == (1, "knee_hip", 7)
    assert ("Version 1, saved on" if language == "en" else "Version 1, gemt den") in words(page)


def test_every_field_of_an_exercise_is_kept(me: Person, store: Store):
    page = press(open_page("programme"), "empty")
    fill(page, "selectbox", "add-", "squat")
    fill(page, "number_input", "sets-", 3)
    fill(page, "number_input", "repetitions-", 12)
    fill(page, "number_input", "rest_s-", 90)
    fill(page, "number_input", "load-", 2.5)
    fill(page, "button_group", "side-", "left")
    fill(page, "number_input", "eccentric_s-", 3.0)
    assert "A tempo needs both down and up." in words(page)
    fill(page, "number_input", "concentric_s-", 2.0)
    fill(page, "number_input", "target-", 70.0)
    fill(page, "number_input", "cap-", 90.0)
    fill(page, "toggle", "rule-heels-", False)
    fill(page, "number_input", "hint_limit-trunk_lean-trunk_against_shank-", 25.0)
    fill(page, "number_input", "fault_limit-trunk_lean-trunk_inclination-", 70.0)
    assert "Trunk against shank · moved" in words(page)
    assert "Forward lean of the trunk · moved" in words(page)
    assert "Sideways lean of the trunk · usual" in words(page)
    fill(page, "number_input", "pain_at_most-", 2)
    fill(page, "number_input", "clean_share-", 80)
    fill(page, "text_input", "row-notes-", "Slowly")
    fill(page, "text_input", "goal-new-0-", "Up the stairs")
    fill(page, "number_input", "days-", 4)
    fill(page, "text_area", "notes-", "Take it easy")
    fill(page, "button_group", "cues-", "da")
    fill(page, "multiselect", "tests-", ["chair_stand_30s"])
    press(page, "save-programme")
    made = Programme.model_validate(kept_of(store, me.id).data)
    squat = made.exercises[0].prescription
    assert (squat.sets, squat.repetitions, squat.rest_s, squat.load_kg, squat.side) == (3, 12, 90, 2.5, "left")
    assert (squat.tempo.eccentric_s, squat.tempo.concentric_s) == (3, 2)
    assert (squat.target_depth_deg, squat.depth_cap_deg, squat.notes, squat.cue_language) == (70, 90, "Slowly", "da")
    assert {name: setting.model_dump(exclude_defaults=True) for name, setting in squat.rules.items()} == {
        "heels": {"enabled": False},
        "trunk_lean": {"limits": {"trunk_against_shank": {"hint_limit": 25}, "trunk_inclination": {"fault_limit": 70}}},
    }
    assert {one.kind: one.limit for one in made.criteria} == {"pain_at_most": 2, "clean_share": 0.8}
    assert (made.days_a_week, made.notes, made.goals[0].text) == (4, "Take it easy", "Up the stairs")
    assert made.tests == ("chair_stand_30s",)


def test_a_level_brings_its_support_and_depth_and_the_preview_shows_it(me: Person, store: Store):
    page = press(open_page("programme"), "empty")
    fill(page, "selectbox", "add-", "squat")
    fill(page, "selectbox", "level-", "squat.to_60")
    assert "Squat to 60 degrees" in words(page)
    press(page, "save-programme")
    assert Programme.model_validate(kept_of(store, me.id).data).exercises[0].prescription.target_depth_deg == 60


def test_looking_at_an_exercise_changes_nothing(me: Person, store: Store):
    page = press(press(open_page("programme"), "template-sport"), "save-programme")
    for place in range(7):
        open_row(page, place)
    assert "Version 1, saved on" in words(page)
    assert draft_of(page).programme() == Programme.model_validate(kept_of(store, me.id).data)


def test_levels_that_give_way_are_not_offered_after_a_fall(me: Person, store: Store):
    store.people.save_first_start(me.id, {"answers": {"fall": True}, "skipped": False})
    page = press(open_page("programme"), "empty")
    fill(page, "selectbox", "add-", "single_leg_stance")
    open_row(page)
    offered = field(page, "selectbox", "level-").options
    assert "On one leg" in offered
    assert not {"On one leg, eyes closed", "On one leg on a wobble board"} & set(offered)


def test_exercises_move_and_go(me: Person, store: Store):
    page = press(open_page("programme"), "template-core")
    rows = draft_of(page).rows
    open_row(page)
    press(page, f"down-{rows[0].id}")
    assert [row.values["exercise"] for row in draft_of(page).rows][:2] == ["side_plank", "plank"]
    open_row(page, 1)
    press(page, f"remove-{rows[1].id}")
    assert "plank" not in [row.values["exercise"] for row in draft_of(page).rows]


def test_a_programme_that_is_only_opened_is_not_changed(clinic: Clinic):
    kept = kept_of(clinic.store, clinic.people["Bo Bentsen"])
    assert [one["exercise"] for one in kept.data["criteria"]] == ["squat", "squat", "plank"]
    page = open_bo(clinic)
    assert "Version 1, saved on" in words(page)
    assert not [button for button in page.button if button.key == "discard"]


def test_each_save_is_a_version_and_an_earlier_one_can_be_taken_up_again(me: Person, store: Store):
    page = press(press(open_page("programme"), "template-core"), "save-programme")
    fill(page, "number_input", "days-", 5)
    assert "Not saved yet. Version 1 is what holds." in words(page)
    press(page, "save-programme")
    assert [by for _, by in versions(page)] == ["you", "you"]
    press(page, "version-1")
    press(page, "save-programme")
    assert [one.data["days_a_week"] for one in store.programmes.versions(kept_of(store, me.id).id)] == [3, 5, 3]


def test_what_was_changed_can_be_undone_and_a_programme_ended(me: Person, store: Store):
    page = press(press(open_page("programme"), "template-core"), "save-programme")
    fill(page, "text_input", "title-", "Other")
    press(page, "discard")
    assert draft_of(page).title == "Core"
    press(page, "end-programme")
    assert kept_of(store, me.id).ended
    assert "Begin with a template" in words(page)
    field(page, "selectbox", "copy-").set_value(kept_of(store, me.id).id).run()
    assert (draft_of(page).title, draft_of(page).programme_id, draft_of(page).start) == ("Core", None, TODAY)


# Bad input


def test_the_end_before_the_start_is_told_and_everything_stays(me: Person, store: Store):
    page = press(press(open_page("programme"), "template-core"), "save-programme")
    fill(page, "date_input", "end-", TODAY - timedelta(days=1))
    assert "The last day lies before the first." in words(page)
    fill(page, "text_input", "title-", "Mine")
    press(page, "save-programme")
    assert "before it starts on" in words(page)
    assert "Nothing was saved, and everything on this page is still there." in words(page)
    assert (kept_of(store, me.id).version, draft_of(page).title) == (1, "Mine")


def test_limits_from_before_conditions_had_names_are_shown_at_the_condition_that_they_moved(me: Person, store: Store):
    page = open_page("programme", "da")
    old = prescribed(rules={"trunk_lean": {"t1": 25, "t2": 40}, "heels": {"enabled": False}})
    upload(page, json.dumps(GOOD | old))
    open_row(page, 0)
    assert field(page, "number_input", "hint_limit-trunk_lean-trunk_against_shank-").value == 25
    assert field(page, "number_input", "fault_limit-trunk_lean-trunk_against_shank-").value == 40
    assert field(page, "number_input", "hint_limit-trunk_lean-trunk_inclination-").value == 52
    assert "Overkrop i forhold til underben · ændret" in words(page)
    assert "Overkroppens hældning frem · normal" in words(page)
    press(page, "save-programme")
    rules = Programme.model_validate(kept_of(store, me.id).data).exercises[0].prescription.rules
    assert rules["trunk_lean"].limits["trunk_against_shank"].fault_limit == 40
    assert (set(rules["trunk_lean"].limits), rules["heels"].enabled) == ({"trunk_against_shank"}, False)


def test_limits_the_wrong_way_round_are_told_at_the_exercise_and_not_kept(me: Person, store: Store):
    page = press(press(open_page("programme", "da"), "template-knee_hip"), "save-programme")
    open_row(page, 1)
    fill(page, "number_input", "hint_limit-trunk_lean-trunk_against_shank-", 59.0)
    assert "trunk_lean" in words(page)
    press(page, "save-programme")
    assert "Intet er gemt, og alt på siden er der stadig." in words(page)
    assert kept_of(store, me.id).version == 1


GOOD = {
    "title": "From a file",
    "start": "2026-03-02",
    "end": "2026-04-12",
    "days_a_week": 2,
    "exercises": [{"prescription": {"exercise": "squat", "repetitions": 8}}],
}


def prescribed(**values: object) -> dict:
    return {"exercises": [{"prescription": {"exercise": "squat", **values}}]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not valid JSON"),
        (b"\xff\xfe", "is not valid JSON"),
        ("[]", "file: Input should be"),
        (json.dumps(GOOD | prescribed(exercise="squad")), "names the exercise squad, which there is not"),
        (
            json.dumps(GOOD | prescribed(rules={"trunk_lean": {"limits": {"trunk_inclination": {"hint_limit": 5}}}})),
            "5 is outside 30 to 85",
        ),
        (json.dumps(GOOD | prescribed(level="squat.to_120")), "squat has no level"),
        (json.dumps(GOOD | {"end": "2026-03-01"}), "before it starts"),
        (json.dumps(GOOD | {"days_a_week": 9}), "days_a_week"),
    ],
)
def test_a_bad_file_is_told_and_the_page_stays_as_it_was(me: Person, store: Store, text: str | bytes, said: str):
    page = press(open_page("programme"), "template-core")
    before = draft_of(page).programme()
    upload(page, text)
    assert said in words(page)
    assert "The page is as it was." in words(page)
    assert draft_of(page).programme() == before
    assert store.programmes.of(me.id) == []


def test_a_file_that_was_saved_comes_back_as_the_next_version(me: Person, store: Store):
    page = press(press(open_page("programme"), "template-core"), "save-programme")
    upload(page, json.dumps(GOOD))
    assert draft_of(page).title == "From a file"
    press(page, "save-programme")
    kept = kept_of(store, me.id)
    assert (kept.version, kept.data["title"]) == (2, "From a file")
    written = Programme.model_validate(kept.data).model_dump_json(indent=2, exclude_none=True)
    assert parse_programme(written, "p.json") == Programme.model_validate(kept.data)


def test_of_two_edits_at_once_the_second_is_told_and_loses_nothing(me: Person, store: Store):
    press(press(open_page("programme"), "template-core"), "save-programme")
    one, other = open_page("programme"), open_page("programme")
    fill(one, "text_input", "title-", "First")
    fill(other, "text_input", "title-", "Second")
    press(one, "save-programme")
    press(other, "save-programme")
    assert "changed by somebody else meanwhile (version 2)" in words(other)
    assert "What is on this page is still yours" in words(other)
    assert draft_of(other).title == "Second"
    assert (kept_of(store, me.id).version, kept_of(store, me.id).data["title"]) == (2, "First")
    press(other, "discard")
    assert draft_of(other).title == "First"


# A physiotherapist, and the person


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Programme for Bo Bentsen"), ("da", "Træningsprogram til Bo Bentsen")]
)
def test_a_physiotherapist_changes_the_programme_of_a_linked_person(
    clinic: Clinic, store: Store, language: str, title: str
):
    page = open_bo(clinic, language)
    assert page.title[0].value == title
    assert ("What the person will see" if language == "en" else "Det ser borgeren") in words(page)
    fill(page, "number_input", "days-", 4)
    press(page, "save-programme")
    kept = kept_of(store, clinic.people["Bo Bentsen"])
    assert (kept.version, kept.data["days_a_week"], kept.made_by) == (2, 4, clinic.anna)


def test_criteria_are_shown_as_met_not_met_or_not_known(clinic: Clinic):
    told = words(open_bo(clinic))
    assert "Squat: at least 50% without a point to correct, in 2 sessions one after the other: **met**" in told
    assert "Squat: pain at most 2, in 2 sessions one after the other: **not met**" in told
    assert "Plank: exertion at most 6, in 2 sessions one after the other: **not known yet**" in told
    assert "start: 3 of 10 · week 3: – · week 6: –" in told


def test_another_persons_programme_can_be_copied_without_their_words(clinic: Clinic, store: Store):
    page = open_page("programme", person=str(clinic.people["Eva Ek"]))
    field(page, "selectbox", "copy-").set_value(kept_of(store, clinic.people["Bo Bentsen"]).id).run()
    assert draft_of(page, clinic.people["Eva Ek"]).goals == []
    press(page, "save-programme")
    kept = kept_of(store, clinic.people["Eva Ek"])
    assert (kept.data["title"], kept.made_by) == ("Knee", clinic.anna)


def test_somebody_elses_person_cannot_be_reached(clinic: Clinic):
    gry = str(clinic.people["Gry Gade"])
    page = open_page("programme", person=gry)
    assert f"There is no person {gry}." in words(page) or "There is no" in words(page)
    assert "Gry" not in words(page)
    assert not [button for button in page.button if button.key == "save-programme"]


def test_without_anybody_linked_that_is_said(store: Store, sit_down: Callable):
    account = store.accounts.signed_in("https://id.example", "new", "New")
    store.accounts.set_roles(account.id, ["physiotherapist"])
    sit_down(Clinic(store).asker(account.id))
    assert "Nobody is linked to you yet." in words(open_page("programme"))


def test_the_person_sees_it_and_cannot_change_it(clinic: Clinic, sit_down: Callable):
    sit_down(clinic.asker(clinic.accounts["Bo Bentsen"]))
    page = open_page("programme")
    told = words(page)
    assert "This programme was made by Anna." in told
    assert "Go up \\*the stairs\\* to the flat" in told
    assert "2 sets" in told
    assert not [button for button in page.button if button.key == "save-programme"]
    assert versions(page) == [("1", "Anna")]


def test_a_programme_that_a_person_made_is_changed_by_the_physiotherapist_and_then_theirs(
    clinic: Clinic, store: Store, sit_down: Callable
):
    eva = clinic.people["Eva Ek"]
    sit_down(clinic.asker(clinic.accounts["Eva Ek"]))
    press(press(open_page("programme"), "template-core"), "save-programme")
    sit_down(clinic.asker(clinic.anna))
    page = open_page("programme", person=str(eva))
    assert versions(page) == [("1", "the person")]
    fill(page, "number_input", "days-", 6)
    press(page, "save-programme")
    assert versions(page) == [("2", "you"), ("1", "the person")]
    sit_down(clinic.asker(clinic.accounts["Eva Ek"]))
    page = open_page("programme")
    assert "This programme was made by Anna." in words(page)
    assert versions(page) == [("2", "Anna"), ("1", "you")]
    assert [by for _, by in versions(open_page("programme", "da"), "da")] == ["Anna", "dig"]
    store.links.end(eva, clinic.anna)
    assert versions(open_page("programme"))[0] == ("2", "a physiotherapist"), (
        "of whom the person is not linked to no name is known"
    )
    clinic.store.links.accept(store.links.invite(by=clinic.carl).token, by=clinic.accounts["Eva Ek"])
    sit_down(clinic.asker(clinic.carl))
    danish = open_page("programme", "da", person=str(eva))
    assert [by for _, by in versions(danish, "da")] == ["en fysioterapeut", "borgeren"]
    assert not programmes.current_programme(identity.store(), eva, TODAY).ended
