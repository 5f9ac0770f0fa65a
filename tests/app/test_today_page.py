"""Today: the programme's sets, one tap to start, what is asked and offered, and programmes to begin with where there is none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck.app import identity, programmes, training
from formcheck.app.live.session_registry import live_sessions
from formcheck.app.views import plain
from formcheck.programmes import templates
from formcheck.programmes.programme import Goal, Programme
from tests.clinic import Clinic, full_clinic
from tests.example_records import squat_record, squat_rep, squat_trace
from tests.pages import open_page, press, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.model.entities import Person
    from formcheck.store.store import Store

TODAY = date.today()


@pytest.fixture
def me(store: Store) -> Person:
    """Somebody alone who has seen the first start."""
    store.people.save_first_start(store.people.me().id, {"answers": {}, "skipped": True})
    return store.people.me()


@pytest.fixture
def clinic(store: Store, sit_down: Callable) -> Clinic:
    """Bo has a physiotherapist and sits in front of the page."""
    made = full_clinic(store)
    store.people.save_first_start(made.people["Bo Bentsen"], {"answers": {}, "skipped": True})
    sit_down(made.asker(made.accounts["Bo Bentsen"]))
    return made


def give(store: Store, person: Person, *entries: dict, **changes: object) -> int:
    """Give a person a programme of their own that began three days ago; return its id."""
    start = TODAY - timedelta(days=3)
    given = {"title": "Knee", "start": start, "end": start + timedelta(days=41), "days_a_week": 3}
    listed = [{"prescription": entry} for entry in entries or ({"exercise": "squat", "sets": 2, "repetitions": 8},)]
    made = Programme.model_validate({**given, "exercises": listed, **changes})
    return store.programmes.add(person.id, made, by=None).id


def train(store: Store, person: Person, days_ago: int = 0, exercise: str = "squat", sets: int = 1, **said: int) -> None:
    """Keep a training of that day without a point to correct, with the answers that were given."""
    day = TODAY - timedelta(days=days_ago)
    session = store.sessions.open(person.id, day)
    for _ in range(sets):
        kept = store.sets.start(session.id, exercise, {"exercise": exercise}, "browser", {"index": 0, "view": "side"})
        reps = [squat_rep(1, 100.0, 2.0), squat_rep(2, 100.0, 5.6)]
        record = squat_record(exercise=exercise, reps=reps, faults=[], rep_count=2, partial_count=0)
        store.sets.finish(kept.id, record, squat_trace(), "target")
    for question, value in said.items():
        store.sessions.answer(session.id, question, value, day, exercise)
    store.sessions.end(session.id)


def planned(page) -> list[tuple[str, int]]:
    """Return the exercises and set numbers that the live page was started with."""
    _, live = page.session_state.live
    return [(one.exercise, one.number) for one in live_sessions().tickets.get(live.token).sets]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Choose a programme to begin with"), ("da", "Vælg et træningsprogram at begynde med")]
)
def test_without_a_programme_there_are_three_to_begin_with(me: Person, store: Store, language: str, said: str):
    page = open_page("today", language)
    assert said in words(page)
    offered = [button.key for button in page.button if button.key.startswith("choose-")]
    assert offered == ["choose-chair_and_balance", "choose-core", "choose-knee_hip"]
    press(page, "choose-knee_hip")
    kept = programmes.current_programme(identity.store(), me.id, TODAY)
    assert (kept.data["template"], kept.version) == ("knee_hip", 1)
    assert plain(templates.load("knee_hip").name[language]) in words(page)
    assert any(button.key == "start-today" for button in page.button)


def test_somebody_new_sees_the_first_start_first(store: Store):
    assert open_page("today").title[0].value == "Welcome to formcheck"


def test_one_tap_starts_all_of_it_with_what_is_prescribed(me: Person, store: Store):
    squat = {"exercise": "squat", "sets": 2, "repetitions": 8, "level": "squat.to_60", "load_kg": 4}
    give(store, me, squat, {"exercise": "single_leg_stance", "level": "balance.one_leg_fingertip", "hold_s": 20})
    page = open_page("today")
    told = words(page)
    assert "Squat to 60 degrees · 4 kg" in told
    assert "On one leg, a fingertip on a chair · a fingertip for support" in told
    assert "Week 1 · 3 training days left this week" in told
    press(page, "start-today")
    assert planned(page) == [("squat", 1), ("squat", 2), ("single_leg_stance", 1)]
    session = store.sessions.of(me.id)[0]
    plan = training.plan_of(identity.store(), session.id)
    assert (plan.prescriptions[0].level, plan.prescriptions[0].load_kg, plan.programme[1]) == ("squat.to_60", 4, 1)


def test_in_danish(me: Person, store: Store):
    give(store, me, {"exercise": "single_leg_stance", "level": "balance.one_leg_fingertip", "sets": 2, "hold_s": 20})
    told = words(open_page("today", "da"))
    assert "Uge 1 · 3 træningsdage tilbage i denne uge" in told
    assert "2 sæt på 20 sekunder" in told
    assert "På ét ben, en finger på en stol · en finger som støtte" in told


def test_somebody_with_a_programme_begins_here_and_anybody_else_with_train(me: Person, store: Store):
    assert open_page().title[0].value == "Train"
    give(store, me)
    assert open_page().title[0].value == "Today"


@pytest.mark.parametrize(("planned_by", "then"), [("start-today", "Today"), ("start", "Train")])
def test_after_the_training_it_leads_back_to_where_it_was_started(me: Person, store: Store, planned_by: str, then: str):
    give(store, me)
    press(open_page("today" if planned_by == "start-today" else "train"), planned_by)
    session = store.sessions.of(me.id)[0]
    page = open_page("train")
    page.session_state.ended = session.id
    press(page.run(), "finish-day")
    assert page.title[0].value == then
    assert store.sessions.get(session.id).ended_at is not None


def test_what_was_done_today_is_not_asked_again(me: Person, store: Store):
    give(store, me, {"exercise": "squat", "sets": 2}, {"exercise": "plank", "sets": 1, "hold_s": 20})
    train(store, me)
    page = press(open_page("today"), "start-today")
    assert planned(page) == [("squat", 1), ("plank", 1)]
    train(store, me, sets=1)
    train(store, me, exercise="plank")
    done = open_page("today")
    assert "Everything for today is done." in words(done)
    assert "2 training days left this week" in words(done)
    assert not [button for button in done.button if button.key == "start-today"]
    assert not [group for group in done.button_group if group.key == "pain-before-en"], "there is nothing to ask it for"


def test_the_cues_are_in_the_prescribed_language(me: Person, store: Store):
    give(store, me, {"exercise": "squat", "cue_language": "da"})
    page = press(open_page("today"), "start-today")
    _, live = page.session_state.live
    assert live.language == "da"
    assert live_sessions().tickets.get(live.token).language == "da"


@pytest.mark.parametrize(("start", "end", "said"), [(7, 20, "begins on"), (-20, -2, "ended on")])
def test_before_it_begins_and_after_it_ended_nothing_is_started(
    me: Person, store: Store, start: int, end: int, said: str
):
    give(store, me, start=TODAY + timedelta(days=start), end=TODAY + timedelta(days=end))
    page = open_page("today")
    assert said in words(page)
    assert not [button for button in page.button if button.key == "start-today"]
    assert [button for button in page.button if button.key == "beside"]


def test_a_goal_is_rated_when_it_is_time_and_then_no_more(me: Person, store: Store):
    kept = give(store, me, goals=(Goal(id="a", text="Up *the* stairs"),), start=TODAY - timedelta(days=22))
    page = open_page("today")
    assert "Three weeks in: how near are you to your goals?" in words(page)
    group = next(one for one in page.button_group if one.key.startswith(f"goal-{kept}"))
    assert group.label == "Up \\*the\\* stairs"
    group.set_value(4).run()
    assert [(one.week, one.value) for one in store.programmes.goal_ratings(kept)] == [(3, 4)]
    assert "how near are you" not in words(page)


def test_tests_are_offered_when_they_are_due(me: Person, store: Store):
    give(store, me, tests=("chair_stand_30s", "single_leg_stance"))
    page = open_page("today")
    assert "30-second chair stand and Standing on one leg" in words(page)
    press(page, "take-tests")
    _, live = page.session_state.live
    sets = live_sessions().tickets.get(live.token).sets
    assert [(one.exercise, one.prescription.test) for one in sets] == [
        ("chair_stand_30s", True),
        ("single_leg_stance", True),
    ]
    train(store, me, exercise="chair_stand_30s")
    assert "Time for: Standing on one leg." in words(open_page("today"))


def test_above_the_pain_limit_of_the_programme_it_says_do_not_train(me: Person, store: Store):
    give(store, me, pain_stop=3)
    page = open_page("today")
    group = next(one for one in page.button_group if one.key == "pain-before-en")
    group.set_value(4).run()
    assert "Your pain is above 3, where your programme says stop." in words(page)
    group = next(one for one in page.button_group if one.key == "pain-before-en")
    group.set_value(3).run()
    assert "programme says stop" not in words(page)


def test_after_a_yes_on_falls_what_gives_way_is_left_out(me: Person, store: Store):
    store.people.save_first_start(me.id, {"answers": {"fall": True}, "skipped": False})
    give(store, me, {"exercise": "single_leg_stance", "level": "balance.one_leg_board"}, {"exercise": "squat"})
    page = open_page("today")
    assert "Standing on one leg – On one leg on a wobble board is left out" in words(page)
    assert planned(press(page, "start-today")) == [("squat", 1)]


# Steps


LADDER = {"exercise": "step_down", "level": "step.10_cm", "sets": 2, "repetitions": 8}


def easy(store: Store, me: Person, *days: int, **said: int) -> None:
    for day in days:
        train(store, me, day, "step_down", pain_during=said.get("pain", 1), exertion=said.get("exertion", 3))


def made_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let programmes be kept as of a week ago."""
    from formcheck.store import programmes as kept
    from formcheck.store.database import now

    monkeypatch.setattr(kept, "now", lambda: now() - timedelta(days=7))


def test_after_two_easy_sessions_the_next_step_is_asked_for_and_one_tap_leads_back(
    me: Person, store: Store, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        made_long_ago(patch)
        give(store, me, LADDER)
    easy(store, me, 3)
    assert "next step?" not in words(open_page("today"))
    easy(store, me, 1)
    page = open_page("today")
    assert "Step-down was easy the last two times. Would you like to try the next step?" in words(page)
    press(page, "step-0")
    assert "A step of 15 cm" in words(page)
    assert "next step?" not in words(page), "sessions at the step below say nothing about this one"
    press(page, "back-0")
    kept = programmes.current_programme(identity.store(), me.id, TODAY)
    assert (kept.version, kept.data["exercises"][0]["prescription"]["level"]) == (3, "step.10_cm")


@pytest.mark.parametrize("said", [{"pain": 3}, {"exertion": 5}])
def test_sessions_that_were_not_easy_ask_nothing(me: Person, store: Store, monkeypatch: pytest.MonkeyPatch, said: dict):
    with monkeypatch.context() as patch:
        made_long_ago(patch)
        give(store, me, LADDER)
    easy(store, me, 3, 1, **said)
    assert "next step?" not in words(open_page("today"))


def test_not_now_is_remembered_for_this_visit(me: Person, store: Store, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        made_long_ago(patch)
        give(store, me, LADDER)
    easy(store, me, 3, 1)
    page = press(open_page("today"), "no-step-0")
    assert "next step?" not in words(page)
    assert programmes.current_programme(identity.store(), me.id, TODAY).version == 1


# With a physiotherapist


def test_a_physiotherapists_programme_is_trained_and_nothing_is_suggested(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(programmes.SUGGEST_VARIABLE, "1")
    page = open_page("today")
    told = words(page)
    assert "Knee · Week 2" in told
    assert "Up \\*the stairs\\* to the flat" not in told, "rated at the start, and week 3 has not come"
    assert not [button for button in page.button if button.key.startswith(("step-", "back-"))]
    assert [button for button in page.button if button.key == "start-today"]


def test_who_waits_for_a_programme_is_told_so(clinic: Clinic, store: Store, sit_down: Callable):
    store.people.save_first_start(clinic.people["Eva Ek"], {"answers": {}, "skipped": True})
    sit_down(clinic.asker(clinic.accounts["Eva Ek"]))
    page = open_page("today", "da")
    assert "Din fysioterapeut har ikke lavet et træningsprogram til dig endnu." in words(page)
    assert not [button for button in page.button if button.key.startswith("choose-")]


def test_an_unread_message_is_told(clinic: Clinic, store: Store):
    assert "new message" not in words(open_page("today"))
    store.messages.send(clinic.people["Bo Bentsen"], clinic.anna, "Well done", as_person=False)
    assert "1 new message" in words(open_page("today"))


def test_where_people_sign_in_a_step_is_suggested_only_when_that_is_turned_on(
    store: Store, sit_down: Callable, monkeypatch: pytest.MonkeyPatch
):
    account = store.accounts.signed_in("https://id.example", "solo", "Solo")
    store.accounts.set_roles(account.id, ["person"])
    person = store.people.get(store.accounts.get(account.id).person_id)
    store.people.save_first_start(person.id, {"answers": {}, "skipped": True})
    with monkeypatch.context() as patch:
        made_long_ago(patch)
        start = TODAY - timedelta(days=3)
        store.programmes.add(
            person.id,
            Programme(title="x", start=start, end=TODAY, days_a_week=3, exercises=[{"prescription": LADDER}]),
            by=account.id,
        )
    easy(store, person, 3, 1)
    sit_down(Clinic(store).asker(account.id))
    assert "next step?" not in words(open_page("today"))
    monkeypatch.setenv(programmes.SUGGEST_VARIABLE, "1")
    assert "next step?" in words(open_page("today"))
