"""The review queue: which training days ask to be opened, what is decided with how few clicks, and that it is kept with why."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck.clinic import caseload
from tests.clinic import Clinic, empty_clinic, full_clinic
from tests.pages import open_page, press, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from formcheck.store.store import Store


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> set[date]:
    """Return the days that are in the sample; empty to begin with: which ones are drawn depends on the calendar."""
    days: set[date] = set()
    monkeypatch.setattr(caseload, "sampled", lambda _person_id, day, _one_in: day in days)
    return days


@pytest.fixture
def clinic(store: Store, sit_down: Callable, drawn: set[date]) -> Clinic:
    made = full_clinic(store)
    sit_down(made.asker(made.anna))
    return made


def day(days_ago: int) -> date:
    return date.today() - timedelta(days=days_ago)


def key(clinic: Clinic, what: str, name: str, days_ago: int) -> str:
    return f"{what}-{clinic.people[name]}-{day(days_ago)}"


def waits(page: AppTest, clinic: Clinic, name: str, days_ago: int) -> bool:
    return key(clinic, "seen", name, days_ago) in [button.key for button in page.button]


def entries(clinic: Clinic, *set_ids: int) -> list:
    return [entry for found in clinic.store.reviews.of(*set_ids).values() for entry in found]


def test_those_with_a_reason_ask_to_be_opened_the_others_are_one_line(clinic: Clinic):
    page = open_page("queue")
    told = words(page)
    assert "To open (2)" in told
    assert "Without a reason (4)" in told
    assert told.index("Pressed Stop") < told.index("Pain 6 of 10")
    assert "Squat: 8, 1 not counted · Plank: 30 s, 22 s in form · highest pain: 1 · exertion: 4" in told
    assert "Gry" not in told


def test_in_danish(clinic: Clinic):
    told = words(open_page("queue", "da"))
    assert "Skal åbnes (2)" in told
    assert "Intet særligt (4)" in told
    assert "højeste smerte: 1 · anstrengelse: 4" in told


@pytest.mark.parametrize(("language", "said"), [("en", "Everything is looked through"), ("da", "Alt er gennemgået")])
def test_an_empty_queue_says_so(store: Store, sit_down: Callable, language: str, said: str):
    made = empty_clinic(store)
    sit_down(made.asker(made.anna))
    assert said in words(open_page("queue", language))


def test_a_training_day_without_remarks_takes_one_click_after_the_page_is_open(clinic: Clinic):
    page, clicks = open_page("people"), 1  # to the queue
    page = open_page("queue")
    press(page, key(clinic, "seen", "Eva Ek", 1))
    clicks += 1
    assert clicks <= 4
    assert not waits(page, clinic, "Eva Ek", 1)
    sets = [one.id for one in clinic.store.overview.sessions(clinic.people["Eva Ek"], date.min)[0].sets]
    kept = entries(clinic, *sets)
    assert [(entry.kind, entry.by) for entry in kept] == [("seen", "Anna")] * 2
    assert {entry.text for entry in kept} == {"Nothing that you asked for, and not in the sample. Not opened."}
    assert not waits(open_page("queue"), clinic, "Eva Ek", 1)


def test_a_day_of_the_sample_says_why_and_takes_three_clicks(clinic: Clinic, drawn: set[date]):
    drawn.add(day(1))
    page, clicks = open_page("queue"), 1
    assert "In the sample: one in 5 of the training days without a reason" in words(page)
    assert "To open (3)" in words(page)
    press(page, key(clinic, "open", "Eva Ek", 1))
    press(page, "queue-done")
    clicks += 2
    assert clicks <= 4
    assert page.title[0].value == "Review queue"
    sets = [one.id for one in clinic.store.overview.sessions(clinic.people["Eva Ek"], date.min)[0].sets]
    assert entries(clinic, *sets)[0].text.startswith("In the sample: one in 5")
    assert "Not opened" not in entries(clinic, *sets)[0].text


def test_what_was_decided_is_kept_with_its_reason_and_the_note(clinic: Clinic):
    page = press(open_page("queue"), key(clinic, "open", "Bo Bentsen", 1))
    assert "Pressed Stop" in words(page), "why it is to be opened stands above the set"
    page.text_input[0].set_value("Called; *rests* until Monday").run()
    press(page, "queue-done")
    newest = clinic.store.overview.sessions(clinic.people["Bo Bentsen"], date.min)[0]
    texts = {entry.text for entry in entries(clinic, *(one.id for one in newest.sets))}
    (text,) = texts
    assert text.startswith("Pressed Stop on ")
    assert "Pain 7 of 10 during Squat on " in text
    assert text.endswith(". Called; *rests* until Monday.")
    assert "Pressed Stop" not in words(page)
    page.session_state["decided-en"] = True
    told = words(page.run())
    assert told.count(r"Called\; \*rests\* until Monday") == 1, "said of the whole day at once"
    assert "Squat and Plank, " in told


def test_a_flagged_day_opens_at_the_set_and_the_moment_that_it_is_about(clinic: Clinic):
    page = press(open_page("queue"), key(clinic, "open", "Dorte Dam", 2))
    (asked,) = [one.id for one in clinic.store.overview.sessions(clinic.people["Dorte Dam"], date.min)[0].sets]
    assert page.query_params["set"] == str(asked)
    worst = clinic.store.sets.corrected(asked).record.worst_fault
    assert page.session_state.player.seek_s == pytest.approx(worst.worst_s, abs=0.01)


def test_the_day_stays_open_while_its_points_are_judged_one_by_one(clinic: Clinic):
    page = press(open_page("queue"), key(clinic, "open", "Dorte Dam", 2))
    page.session_state["correct-en"] = True
    page.run()
    set_id = int(page.query_params["set"])
    which = next(box for box in page.selectbox if box.key == f"correct-which-{set_id}-en")
    which.set_value(3).run()
    mark = next(group for group in page.button_group if group.key == f"mark-{set_id}-3-depth-en")
    mark.set_value("fault_wrong").run()
    assert not page.exception
    (entry,) = entries(clinic, set_id)
    assert (entry.kind, entry.rule, entry.rep, entry.by) == ("fault_wrong", "depth", 3, "Anna")
    assert "One correction: still 8 repetitions counted." in words(page)
    assert "queue-done" in [button.key for button in page.button], "still to be concluded"
    press(page, "queue-done")
    assert [entry.kind for entry in entries(clinic, set_id)] == ["fault_wrong", "seen"]
    assert "Pain 6 of 10" in entries(clinic, set_id)[1].text


def test_a_comment_at_a_moment_is_kept_under_the_physiotherapists_name(clinic: Clinic):
    page = press(open_page("queue"), key(clinic, "open", "Dorte Dam", 2))
    page.session_state["correct-en"] = True
    page.run()
    next(box for box in page.text_area if box.key.startswith("comment-")).set_value("Look at the heel").run()
    press(page, f"comment-do-{page.query_params['set']}")
    (entry,) = entries(clinic, int(page.query_params["set"]))
    assert (entry.kind, entry.text, entry.by) == ("comment", "Look at the heel", "Anna")
    page = press(page, "look-back")
    assert waits(page, clinic, "Dorte Dam", 2), "a comment alone concludes nothing"
    assert words(page).count("review begun, not closed") == 1
    press(page, key(clinic, "open", "Dorte Dam", 2))
    page.text_input[0].set_value("Heel: shorter steps")
    press(page, "queue-done")
    assert not waits(page, clinic, "Dorte Dam", 2)
    (asked,) = clinic.store.overview.sessions(clinic.people["Dorte Dam"], date.min)[0].sets
    assert entries(clinic, asked.id)[-1].text.endswith(". Heel: shorter steps.")


def test_several_sets_of_a_day_are_one_click_apart(clinic: Clinic):
    page = press(open_page("queue"), key(clinic, "open", "Bo Bentsen", 1))
    others = [button.key for button in page.button if button.key.startswith("day-set-")]
    assert len(others) == 2
    press(page, others[1])
    assert page.query_params["set"] == others[1].removeprefix("day-set-")
    assert "queue-done" in [button.key for button in page.button]


def test_back_leads_to_the_queue_and_decides_nothing(clinic: Clinic):
    page = press(open_page("queue"), key(clinic, "open", "Dorte Dam", 2))
    press(page, "look-back")
    assert page.title[0].value == "Review queue"
    assert waits(page, clinic, "Dorte Dam", 2)


def test_a_stop_before_anything_was_counted_waits_and_is_concluded_with_a_note(clinic: Clinic):
    clinic.stopped_early("Finn Fisk", 0, "unwell")
    page = open_page("queue")
    told = words(page)
    assert re.search(r"Pressed Stop on .* at \d\d:\d\d: feels unwell", told)
    assert "nothing new to open · highest pain: not answered" in told
    assert key(clinic, "open", "Finn Fisk", 0) not in [button.key for button in page.button]
    page.text_input(key=key(clinic, "note", "Finn Fisk", 0)).set_value(
        "Called: dizzy, drank too little"
    )  # and pressed at once
    press(page, key(clinic, "seen", "Finn Fisk", 0))
    assert not waits(page, clinic, "Finn Fisk", 0)
    assert "feels unwell" not in words(open_page("people"))
    page.session_state["decided-en"] = True
    assert "drank too little" in words(page.run())
    of_person = words(open_page("people", person=str(clinic.people["Finn Fisk"])))
    assert "drank too little" in of_person
    assert re.search(r"Pressed Stop at \d\d:\d\d: feels unwell", of_person), "it stays with the training day"
    clinic.stopped_early("Finn Fisk", 0, "joint")
    assert waits(open_page("queue"), clinic, "Finn Fisk", 0), "another Stop waits again"


def test_what_is_pressed_while_the_queue_is_open_is_not_concluded_unseen(clinic: Clinic):
    session = clinic.stopped_early("Finn Fisk", 0, "unwell")
    page = open_page("queue")
    clinic.store.sessions.add_event(session, "stopped", {"reason": "joint"})
    press(page, key(clinic, "seen", "Finn Fisk", 0))
    told = words(page)
    assert "feels unwell" not in told
    assert "Pressed Stop" in told
    assert "the knee locks or gives way" in told


def test_somebody_elses_set_is_refused(clinic: Clinic):
    (foreign,) = clinic.trained("Gry Gade", 0)
    page = open_page("queue", person=str(clinic.people["Gry Gade"]), set=str(foreign))
    assert "is not linked to you" in words(page)
    assert not page.title
    page = open_page("queue", person=str(clinic.people["Eva Ek"]), set=str(foreign))
    assert "This set is not here" in words(page)


def test_a_link_that_ends_meanwhile_keeps_nothing_and_says_so(clinic: Clinic):
    page = open_page("queue")
    person = clinic.people["Eva Ek"]
    sets = [one.id for one in clinic.store.overview.sessions(person, date.min)[0].sets]
    clinic.store.links.end(person, clinic.anna)
    press(page, key(clinic, "seen", "Eva Ek", 1))
    assert page.error
    assert entries(clinic, *sets) == []
    assert "Eva Ek" not in words(page)
