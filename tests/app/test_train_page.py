"""The Train page, run as Streamlit runs it, on a data folder of its own: what a person would see, and what is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck import exercises
from formcheck.app import identity, training
from formcheck.app.live.session_registry import live_sessions
from formcheck.app.training import ExerciseChoice
from formcheck.i18n import LANGUAGES
from formcheck.store.store import Store
from formcheck.store.tables import SetRow
from formcheck.synthetic import SquatRep
from tests.coaching import run, squats
from tests.example_records import squat_record, squat_trace
from tests.pages import open_page, words

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

TODAY = date.today()
pytestmark = pytest.mark.usefixtures("store")
PLACE = {"index": 0, "view": "front", "number": 1, "of": 1}


@pytest.fixture
def me(store: Store):
    """Somebody who has seen the first start."""
    store.people.save_first_start(store.people.me().id, {"answers": {}, "skipped": True})
    return store.people.me()


def press(page, key):
    next(button for button in page.button if button.key == key).click().run()
    assert not page.exception
    return page


def opened_history(page: AppTest) -> AppTest:
    """Open what was trained before: it is read only then."""
    page.session_state[f"history-{page.session_state.language}"] = True
    return page.run()


def choose(page, key, value):
    next(group for group in page.button_group if group.key == key).set_value(value).run()
    assert not page.exception
    return page


def keys(page):
    return [button.key for button in page.button]


def a_set(store: Store, person, day: date, reps: int = 2):
    """Keep a finished squat set of that day; return its session."""
    trained = run(ExerciseChoice(amount=reps).prescription()).feed(squats([SquatRep()] * reps))
    trained.press("finish")
    session = store.sessions.open(person.id, day)
    kept = store.sets.start(session.id, "squat", {"exercise": "squat"}, "browser", PLACE)
    store.sets.finish(kept.id, trained.result.record, trained.result.trace, "target")
    return session, store.sets.get(kept.id)


def test_the_first_start_asks_five_questions_and_keeps_a_yes(store: Store):
    page = open_page()
    assert page.title[0].value == "Welcome to formcheck"
    press(page, "welcome-next")
    assert "Call emergency services for chest pain" in words(page)
    assert "Talk to a physiotherapist or doctor" not in words(page)
    choose(page, "first-fall-en", True)
    assert "Talk to a physiotherapist or doctor before you start." in words(page)
    for _ in range(2):
        press(page, "welcome-next")
    press(page, "welcome-end")
    assert page.title[0].value == "Train"
    first = store.people.me().first_start
    assert first["answers"] == {"fall": True}
    assert first["skipped"] is False
    press(page, "welcome-again")
    assert page.title[0].value == "Welcome to formcheck"


def test_the_first_start_may_be_skipped(store: Store):
    assert press(open_page(), "skip-welcome").title[0].value == "Train"
    assert store.people.me().first_start["skipped"] is True


def test_the_try_out_leaves_no_set_behind(store: Store):
    page = open_page()
    for _ in range(3):
        press(page, "welcome-next")
    press(page, "try-out")
    training_id = int(page.query_params["live"][0])
    plan = training.plan_of(identity.store(), training_id)
    assert (plan.tryout, plan.prescriptions[0].repetitions) == (True, 3)
    person = store.people.me()
    _, kept = a_set(store, person, TODAY)
    live = training.live_page(identity.store(), person, training_id, "tab", "en", "localhost")
    assert live is None, "its only set is done"
    assert not training.finish_session(identity.store(), training_id, "done", "token")
    assert store.sets.get(kept.id).deleted
    assert person.settings == {}, "the try-out is not what the next training begins with"


@pytest.mark.parametrize(("language", "start"), [("en", "Start"), ("da", "Start")])
def test_one_press_begins_what_was_planned(me, store: Store, language: str, start: str):
    page = open_page(language=language)
    assert next(button for button in page.button if button.key == "start").label == start
    choose(page, f"pain-before-{language}", 4)
    assert ("3–5 gul" if language == "da" else "Yellow, 3–5") in words(page)
    press(page, "start")
    training_id = int(page.query_params["live"][0])
    _, live = page.session_state.live
    ticket = live_sessions().tickets.get(live.token)
    assert [(one.exercise, one.number) for one in ticket.sets] == [("squat", 1)]
    assert ticket.sets[0].prescription.own_depth
    assert ticket.sets[0].view == "front"
    assert (ticket.pain_mode, ticket.training_session_id, ticket.language) == (True, training_id, language)
    assert training.answer_of(store.sessions.answers(training_id)[training_id], "pain_before") == 4


def test_a_programme_has_several_exercises_and_is_remembered(me, store: Store):
    page = open_page()
    press(page, "add")
    next(box for box in page.selectbox if box.key.startswith("exercise-") and box.value == "squat").set_value(
        "plank"
    ).run()
    assert {number.label for number in page.number_input} >= {"Seconds", "Repetitions"}
    press(page, "start")
    _, live = page.session_state.live
    sets = live_sessions().tickets.get(live.token).sets
    assert [one.exercise for one in sets] == ["squat", "plank"], "the floor comes last"
    assert sets[1].prescription.hold_s == 20
    assert [choice.exercise for choice in training.last_choices(store.people.me())] == ["plank", "squat"]


def test_no_pain_is_asked_twice_for_one_training(me, store: Store):
    store.sessions.answer(store.sessions.open(me.id, TODAY).id, "pain_before", 2, TODAY)
    page = open_page()
    assert "Pain before today's training: 2" in words(page)
    press(page, "start")
    assert not live_sessions().tickets.get(page.session_state.live[1].token).pain_mode


def test_a_reload_offers_to_go_on_with_the_set(me, store: Store):
    training_id = training.start(identity.store(), me, TODAY, [ExerciseChoice(sets=2)], None)
    kept = store.sets.start(
        training_id, "squat", {"exercise": "squat"}, "browser", PLACE | {"index": 1, "number": 2, "of": 2}
    )
    page = open_page(live=str(training_id))
    _, live = page.session_state.live
    ticket = live_sessions().tickets.get(live.token)
    assert (ticket.resume, ticket.first) == (kept.id, 1)
    assert live.resume == {"exercise": "Squat", "counted": "0 repetitions counted"}
    assert training.finish_session(identity.store(), training_id, "finish", live.token)
    assert store.sets.of(training_id) == [], "nothing was done in it"


def test_between_two_sets_a_reload_goes_on_with_the_next(me, store: Store):
    training_id = training.start(identity.store(), me, TODAY, [ExerciseChoice(sets=2)], None)
    a_set(store, me, TODAY)
    _, live = open_page(live=str(training_id)).session_state.live
    assert (live_sessions().tickets.get(live.token).first, live.resume) == (1, None)


@pytest.mark.parametrize("live", ["99", "nonsense", "-1"])
def test_an_address_of_no_training_leads_back(me, live: str):
    page = open_page(live=live)
    assert page.title[0].value == "Train"


def test_an_interrupted_set_can_be_kept_as_it_is(me, store: Store):
    training_id = training.start(identity.store(), me, TODAY, [ExerciseChoice()], None)
    store.sets.start(
        training_id,
        "squat",
        ExerciseChoice().prescription().model_dump(mode="json"),
        "browser",
        PLACE,
    )
    page = open_page()
    assert "Your set was interrupted: Squat, 0 repetitions counted" in words(page)
    press(page, "keep-it")
    assert "interrupted" not in words(page)
    assert store.sets.running(me.id) is None


def test_the_next_morning_is_asked_for_with_its_date(me, store: Store):
    day = TODAY - timedelta(days=2)
    session, _ = a_set(store, me, day)
    page = open_page()
    morning = day + timedelta(days=1)
    assert f"on {morning.day} " in next(group.label for group in page.button_group if group.key == "next-morning-en")
    choose(page, "next-morning-en", 6)
    assert "Red, over 5" in words(page)
    press(page, "save-morning")
    (answer,) = store.sessions.answers(session.id)[session.id]
    assert (answer.question, answer.value, answer.for_day) == ("pain_next_morning", 6, morning)
    assert "save-morning" not in keys(page)


def test_the_next_morning_may_wait(me, store: Store):
    session, _ = a_set(store, me, TODAY - timedelta(days=1))
    page = press(open_page(), "not-now")
    assert "save-morning" not in keys(page)
    assert "pain next morning: not answered" in words(opened_history(page))
    assert store.sessions.answers(session.id)[session.id] == []


def test_afterwards_pain_and_exertion_are_asked_once_per_exercise(me, store: Store):
    session, kept = a_set(store, me, TODAY)
    page = open_page()
    page.session_state.ended = session.id
    page.run()
    assert "2 squats" in words(page)
    choose(page, "pain_during-squat-en", 1)
    choose(page, "exertion-squat-en", 7)
    said = {(one.question, one.exercise): one.value for one in store.sessions.answers(session.id)[session.id]}
    assert said == {("pain_during", "squat"): 1, ("exertion", "squat"): 7}
    press(page, f"delete-{kept.id}")
    assert store.sets.get(kept.id).deleted
    assert "pain_during-squat-en" not in [group.key for group in page.button_group]
    press(page, f"restore-{kept.id}")
    assert not store.sets.get(kept.id).deleted
    press(page, "finish-day")
    assert store.sessions.get(session.id).ended_at is not None
    assert "Squat: pain 1, exertion 7" in words(opened_history(page))
    assert "pain before: not answered" in words(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_history_says_so(me, language: str):
    assert ("Nothing yet" if language == "en" else "Intet endnu") in words(opened_history(open_page(language=language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_set_can_be_looked_through_until_it_is_deleted(me, store: Store, language: str):
    _, kept = a_set(store, me, TODAY)
    page = open_page(language=language, set=str(kept.id))
    assert "2 squats" in words(page)
    assert f"Squat, {TODAY.day}" in page.code[0].value
    store.sets.delete(kept.id)
    page = open_page(language=language, set=str(kept.id))
    assert "2 squats" not in words(page)
    assert ("not any more" if language == "en" else "ikke længere") in words(page)
    press(page, "look-back")
    assert page.title[0].value == ("Train" if language == "en" else "Træn")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_set_shows_its_exercise_over_time(me, store: Store, language: str):
    a_set(store, me, TODAY - timedelta(days=7))
    _, kept = a_set(store, me, TODAY)
    store.sets.delete(a_set(store, me, TODAY - timedelta(days=3))[1].id)
    page = open_page(language=language, set=str(kept.id))
    said = "no certain change" if language == "en" else "ingen sikker ændring"
    assert said not in words(page), "it is read only when it is opened"
    page.session_state[f"over-time-{language}"] = True
    page.run()
    assert not page.exception
    assert f"{'Depth' if language == 'en' else 'Dybde'}: {said}, " in words(page)
    assert len(page.get("vega_lite_chart")) == 3, "the repetitions laid over each other, depth, good technique"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_set_kept_in_a_form_that_cannot_be_read_is_told_and_the_others_are_there(me, store: Store, language: str):
    _, kept = a_set(store, me, TODAY)
    a_set(store, me, TODAY, reps=3)
    with store.database.begin() as session:
        row = session.get(SetRow, kept.id)
        row.record = {"schema_version": "0.3", "exercise": "squat", "repetitions": []}
    page = open_page(language=language, set=str(kept.id))
    assert "0.3" in page.error[0].value
    assert ("still there" if language == "en" else "er der stadig") in page.error[0].value
    history = words(opened_history(open_page(language=language)))
    assert "3 squats" in history
    assert "0.3" in history


def test_a_set_of_an_earlier_version_gets_the_defaults_of_what_came_later(me, store: Store):
    _, kept = a_set(store, me, TODAY)
    with store.database.begin() as session:
        row = session.get(SetRow, kept.id)
        row.record = {name: value for name, value in row.record.items() if name not in ("statistics", "events")}
    page = open_page(set=str(kept.id))
    assert not page.error
    assert "2 squats" in words(page)


def test_a_set_of_no_repetition_has_a_page_that_says_so(me, store: Store):
    record = squat_record(reps=[], rep_count=0, partial_count=0, faults=[], statistics={})
    session = store.sessions.open(me.id, TODAY)
    kept = store.sets.start(session.id, "squat", {"exercise": "squat"}, "browser", PLACE)
    store.sets.finish(kept.id, record, squat_trace(), "finish")
    page = open_page(set=str(kept.id))
    assert "No repetition" in page.subheader[0].value
    page.session_state["over-time-en"] = True
    assert "Nothing was measured yet" in words(page.run())
    assert not page.exception


def test_a_video_whose_day_has_come_goes_while_the_app_runs(me, store: Store):
    _, kept = a_set(store, me, TODAY)
    slot = store.videos.slot()
    slot.write_bytes(b"pictures")
    path = store.videos.keep(kept.id, slot, "video/webm", 0.0, days=0).path
    identity.tidy()
    assert not path.exists()


def test_a_store_that_cannot_be_opened_is_told_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    place = tmp_path / "a file"
    place.write_text("no folder")
    monkeypatch.setattr(identity, "full_store", lambda: Store(folder=place / "data"))
    page = open_page(language="da")
    assert str(place) in page.error[0].value
    assert not page.exception


def test_the_end_of_a_browser_session_ends_its_live_page(me):
    page = press(open_page(), "start")
    token = page.session_state.live[1].token
    assert live_sessions().tickets.get(token) is not None
    page.session_state.workspace.close()
    assert live_sessions().tickets.get(token) is None


def corrected_page(kept, language: str = "en") -> AppTest:
    page = open_page(language=language, set=str(kept.id))
    page.session_state[f"correct-{language}"] = True
    return page.run()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_changes_the_numbers_and_the_original_stays_beside(me, store: Store, language: str):
    _, kept = a_set(store, me, TODAY)
    original = store.sets.corrected(kept.id).record
    page = corrected_page(kept, language)
    press(page, f"remove_repetition-{kept.id}-{original.reps[0].index}")
    again = corrected_page(kept, language)  # as after a reload
    assert "1 squat" in again.subheader[0].value
    assert "2" in next(m.value for m in again.markdown if ("became" if language == "en" else "blev til") in m.value)
    again.toggle(key=f"original-{kept.id}").set_value(True).run()
    assert "2 squats" in again.subheader[0].value
    assert store.sets.corrected(kept.id).original == original
    again.selectbox(key=f"correct-which-{kept.id}-{language}").set_value(original.reps[0].index).run()
    press(again, f"add_repetition-{kept.id}-{original.reps[0].index}")
    assert "2 squats" in corrected_page(kept, language).subheader[0].value


def test_marks_give_an_agreement_and_a_comment_has_its_moment(me, store: Store):
    _, kept = a_set(store, me, TODAY)
    page = corrected_page(kept)
    marks = [group for group in page.button_group if group.key.startswith(f"mark-{kept.id}-")]
    assert marks, "what was judged can be marked"
    page.text_area[0].set_value("*Flot* her").run()
    marks[0].set_value("ok_right").run()
    assert page.text_area[0].value == "*Flot* her", "what is written stays while something else is kept"
    press(page, f"comment-do-{kept.id}")
    assert page.text_area[0].value == ""
    page = corrected_page(kept)
    assert "agreed with 1 of 1" in words(page)
    assert "One correction" not in words(page), "who agrees corrects nothing"
    assert "\\*Flot\\* her" in words(page)
    kinds = [(entry.kind, entry.by) for entry in store.reviews.of(kept.id)[kept.id]]
    assert kinds == [("ok_right", "me"), ("comment", "me")]


def test_a_kept_set_is_judged_again_and_stays_as_it_was(me, store: Store):
    _, kept = a_set(store, me, TODAY)
    before = store.sets.corrected(kept.id).record
    page = open_page(set=str(kept.id))
    page.number_input(key=f"again-depth-{kept.id}").set_value(140.0).run()
    press(page, f"again-{kept.id}")
    tables = [frame.value for frame in page.dataframe]
    (table,) = [one for one in tables if any("then" in str(name) for name in one.columns)]
    assert list(table["then"]) == ["not assessed"] * before.rep_count
    assert list(table["now"]) == ["point to correct"] * before.rep_count
    assert set(table["What"]) == {"Depth"}
    assert store.sets.corrected(kept.id).record == before


def test_a_timed_test_asks_for_no_amount_and_a_seat_for_no_depth(me, store: Store):
    page = open_page()
    page.selectbox[0].set_value("chair_stand_30s").run()
    assert not page.exception
    assert "30 seconds" in words(page)
    assert "Repetitions" not in [field.label for field in page.number_input]
    assert not [group for group in page.button_group if (group.key or "").startswith("depth-")]
    press(page, "start")
    (planned,) = training.plan_of(identity.store(), int(page.query_params["live"])).prescriptions
    assert (planned.exercise, planned.repetitions, planned.own_depth) == ("chair_stand_30s", None, True)


@pytest.mark.parametrize("exercise", exercises.names())
def test_every_exercise_can_be_planned_and_is_shown(me, store: Store, exercise: str):
    page = open_page(language="da")
    page.selectbox[0].set_value(exercise).run()
    assert not page.exception
    assert exercises.load(exercise).purpose.da in words(page)
    press(page, "start")
    (planned,) = training.plan_of(identity.store(), int(page.query_params["live"])).prescriptions
    assert planned.exercise == exercise


def test_a_kept_set_is_saved_with_its_corrections(me, store: Store):
    _, kept = a_set(store, me, TODAY)
    page = corrected_page(kept)
    press(page, f"remove_repetition-{kept.id}-1")
    page = corrected_page(kept)
    labels = [button.label for button in page.get("download_button")]
    assert labels == [
        "Report (PDF)",
        "Record (JSON)",
        "Repetitions (CSV)",
        "Landmarks (NPZ)",
        "Video of the skeleton (MP4)",
    ]
