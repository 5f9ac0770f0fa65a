"""Every page shows a corrected set as it is after the corrections (tests/contracts has every kind of correction)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck.model.corrections import Correction
from formcheck.programmes.programme import Criterion
from tests.app.test_today_page import LADDER, easy, give, made_long_ago
from tests.clinic import Clinic, empty_clinic
from tests.example_records import squat_record
from tests.pages import open_page, press, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from formcheck.model.entities import Person
    from formcheck.store.store import Store

BO = "Bo Bentsen"
CORRECTIONS = (
    {"kind": "remove_repetition", "rep": 1},
    {"kind": "fault_wrong", "rule": "depth", "rep": 7},  # the worst moment, until then
    {"kind": "fault_missed", "rule": "depth", "rep": 2},
    {"kind": "comment", "moment_s": 3.0, "text": "Fine"},
)


@pytest.fixture
def clinic(store: Store) -> Clinic:
    """Bo did a chair stand as a test yesterday, and his physiotherapist Anna corrected it."""
    made = empty_clinic(store)
    store.people.save_first_start(made.person(BO), {"answers": {}, "skipped": True})
    criterion = Criterion(exercise="chair_stand_30s", kind="clean_share", limit=0.7, sessions=1)
    made.programme(BO, criteria=[criterion])
    record = squat_record(exercise="chair_stand_30s")
    (set_id,) = made.trained(BO, 1, record, pain=7, test=True)
    for fields in CORRECTIONS:
        entry = Correction(by="x", at=datetime.now(UTC), **fields)
        store.reviews.add(set_id, entry, by=made.anna, as_person=False)
    return made


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_the_physiotherapist_sees_the_corrected_set_everywhere(clinic: Clinic, sit_down: Callable):
    sit_down(clinic.asker(clinic.anna))
    (set_id,) = (one.id for one in clinic.store.overview.sessions(clinic.people[BO], date.min)[0].sets)
    page = open_page("people", person=str(clinic.people[BO]))
    assert "30-second chair stand: 7, 1 not counted" in labels(page)
    (moment,) = [button for button in page.button if button.key == f"moment-{set_id}"]
    assert moment.label == "Play from 0:10.5", "the heels of repetition 3: the depth of repetition 7 was rejected"
    assert "without a point to correct, in the last session: **not met**" in words(page), "5 of 7, not 6 of 8"
    queue = words(open_page("queue"))
    assert "30-second chair stand: 7, 1 not counted" in queue
    seen = open_page("people", person=str(clinic.people[BO]), set=str(set_id))
    assert seen.subheader[0].value.startswith("7 ")
    assert "not measured: a person saw it" in words(seen)


def test_the_person_sees_the_corrected_set_everywhere(clinic: Clinic, sit_down: Callable):
    sit_down(clinic.asker(clinic.accounts[BO]))
    assert "**7**" in words(open_page("progress"))
    page = open_page("train")
    page.session_state["history-en"] = True
    assert "7 stands in 30 seconds" in words(page.run())


def test_today_asks_for_no_next_step_once_the_sets_were_corrected(store: Store, monkeypatch: pytest.MonkeyPatch):
    me: Person = store.people.me()
    store.people.save_first_start(me.id, {"answers": {}, "skipped": True})
    with monkeypatch.context() as patch:
        made_long_ago(patch)
        give(store, me, LADDER)
    easy(store, me, 3, 1)
    assert "next step?" in words(open_page("today"))
    (newest,) = store.overview.sessions(me.id, date.today() - timedelta(days=1))[0].sets
    for rep in (1, 2):
        entry = Correction(by="me", at=datetime.now(UTC), kind="fault_missed", rule="depth", rep=rep)
        store.reviews.add(newest.id, entry)
    assert "next step?" not in words(open_page("today"))


def test_what_is_outside_the_corrected_part_of_a_page_follows_at_once(clinic: Clinic, sit_down: Callable):
    sit_down(clinic.asker(clinic.anna))
    ids = [clinic.trained(BO, 0)[0], clinic.trained(BO, 0)[0]]
    page = open_page("queue", person=str(clinic.people[BO]), set=str(ids[0]))
    page.session_state["correct-en"] = True
    page.run()
    assert labels(page).count("Squat: 8, 1 not counted") == 2
    press(page, f"remove_repetition-{ids[0]}-1")
    assert page.subheader[0].value.startswith("7 squats")
    assert labels(page).count("Squat: 7, 1 not counted") == 1
