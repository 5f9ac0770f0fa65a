"""The list of people and the page of one: what they show, and in a number of queries that does not grow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from benchmarks.store import LIST_DAYS, TODAY, counted, fill, the_list, the_person
from formcheck.model.corrections import Correction
from formcheck.store.access import AuthorisedStore
from formcheck.store.principal import Asker
from formcheck.store.store import Store
from formcheck.store.summaries import summary_of
from tests.example_records import plank_record, squat_record

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(database_url: str | None, tmp_path: Path):
    with Store(database_url, tmp_path / "data") as opened:
        yield opened


def test_the_list_and_a_page_need_the_same_queries_for_few_and_for_many(
    database_url: str | None, request: pytest.FixtureRequest, tmp_path: Path
):
    needed = []
    for people, sets in ((1, 4), (6, 40)):
        url = database_url and request.getfixturevalue("postgres").new_database(request.getfixturevalue("made_tables"))
        with Store(url, tmp_path / str(people)) as store:
            ids, physiotherapist = fill(store, people, sets, squat_record())
            layer = AuthorisedStore(store, Asker(physiotherapist, datetime.now(UTC)))
            with counted(store) as of_list:
                assert len(the_list(layer)) == people
            with counted(store) as of_person:
                sessions, *_ = the_person(layer, ids[0])
            assert sum(len(session.sets) for session in sessions) == sets
            needed.append((len(of_list), len(of_person)))
            assert not [statement for statement in of_list if "exercise_set.record" in statement]
    assert needed[0] == needed[1]


def test_the_list_shows_what_was_done_said_and_stopped(store: Store):
    (person, other), physiotherapist = fill(store, 2, 8, squat_record())
    session = store.sessions.open(person, TODAY).id
    gone, kept = (store.sets.start(session, "squat", {}, "browser", {"view": "side"}).id for _ in range(2))
    store.sets.delete(gone)
    store.sessions.add_event(session, "stopped", {"reason": "pain"}, set_id=kept)
    store.sessions.answer(session, "pain_during", 7, TODAY, "squat")
    seen, silent = store.overview.people(person, other, since=TODAY - timedelta(days=LIST_DAYS), by=physiotherapist)
    newest = seen.sessions[0]
    assert (newest.day, [one.id for one in newest.sets], newest.sets[0].summary) == (TODAY, [kept], None)
    assert [why for _, why in newest.stops] == ["pain"]
    assert [(answer.question, answer.value, answer.exercise) for answer in newest.answers] == [
        ("pain_during", 7, "squat")
    ]
    assert seen.programme.data["title"] == "Knee"
    assert seen.unread_since is not None
    assert silent.sessions[0].day < TODAY
    assert store.overview.people(person, since=TODAY + timedelta(days=1), by=physiotherapist)[0].sessions == ()
    store.messages.mark_read(person, physiotherapist, as_person=False)
    assert store.overview.people(person, since=TODAY, by=physiotherapist)[0].unread_since is None
    assert store.overview.sessions(person, date.min)[0] == newest


def test_a_set_is_reviewed_when_somebody_else_closed_it_and_begun_with_any_word_of_theirs(store: Store):
    (person,), physiotherapist = fill(store, 1, 4, squat_record())
    ids = [one.id for one in store.sets.of(store.sessions.of(person)[-1].id)]
    at = datetime(2026, 3, 4, 12, tzinfo=UTC)
    comment = Correction(kind="comment", by="x", at=at, moment_s=1.0, text="seen")
    closed = Correction(kind="seen", by="x", at=at)
    for set_id, entry, own in ((ids[1], comment, False), (ids[2], closed, True), (ids[3], comment, True)):
        store.reviews.add(set_id, entry, by=physiotherapist, as_person=own)
    seen = {one.id: (one.reviewed, one.begun) for one in store.overview.sessions(person, date.min)[-1].sets}
    assert [seen[set_id] for set_id in ids] == [(True, True), (False, True), (False, False), (False, False)]


def test_the_load_of_a_set_is_known_where_one_was_given(store: Store):
    session = store.sessions.open(store.people.me().id, TODAY).id
    for given in ({"load_kg": 2.5}, {"load_kg": None}, {}):
        store.sets.start(session, "squat", given, "browser", {"view": "side"})
    (seen,) = store.overview.sessions(store.people.me().id, TODAY)
    assert [one.load_kg for one in seen.sets] == [2.5, None, None]


def test_a_summary_has_what_the_record_says():
    record = squat_record()
    summary = summary_of(record)
    assert (summary["judged"], summary["clean"]) == (8, 6)
    assert summary["faults"] == {"depth": 2, "heels": 2}
    assert summary["means"]["knee_flexion_peak_deg"] == 87.3
    assert summary["worst"] == record.worst_fault.model_dump(mode="json")
    assert summary["setup"]["view"] == "side"
    assert summary_of(plank_record())["faults"] == {"hips_low": 1}


def test_a_summary_keeps_the_sides_apart_and_leaves_out_what_was_not_measured():
    reps = [
        rep.model_copy(update={"side": side})
        for rep, side in zip(squat_record().reps, ("left", "right") * 5)
        if rep.counted
    ]
    sides = summary_of(squat_record(reps=reps))["sides"]
    assert sides["left"]["knee_flexion_peak_deg"] != sides["right"]["knee_flexion_peak_deg"]
    assert sides["left"]["concentric_s"] == 1.1
