"""A correction reaches every number: each kind of correction, against everything that reads a set, on both databases."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, get_args

import pytest
from pypdf import PdfReader
from sqlalchemy import MetaData

from formcheck import exercises
from formcheck.clinic.case import moments
from formcheck.clinic.caseload import days_to_review
from formcheck.clinic.triggers import Triggers, reasons
from formcheck.errors import SpecError, StoreError
from formcheck.exports import SetToExport, export
from formcheck.insights import trends
from formcheck.model.corrections import Correction, CorrectionKind, apply
from formcheck.model.entities import PersonOverview
from formcheck.model.records import SetRecord, Statistic
from formcheck.model.statistics import rep_statistics
from formcheck.programmes.criteria import exercise_done
from formcheck.reports.html import html_report
from formcheck.reports.pdf import pdf_report
from formcheck.reports.sentences import summary_sentence
from formcheck.store.database import Database, known_revisions, now, upgrade_to
from formcheck.store.store import Store
from formcheck.store.summaries import summary_of
from tests.example_records import plank_record, plank_trace, squat_record, squat_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from formcheck.model.corrections import Corrected

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
TODAY = date(2026, 3, 4)
SQUATS = squat_record(statistics=rep_statistics(squat_record().reps))
SHALLOW = squat_record(statistics={"knee_flexion_peak_deg": Statistic(mean=70.0, sd=None, drift=None)})


def entry(kind: CorrectionKind, **fields: object) -> Correction:
    return Correction(by="Anna", at=AT, kind=kind, **fields)


@dataclass
class World:
    """A person with an earlier and a newer training of squats and planks; the newer set is corrected."""

    store: Store
    person: int
    session: int
    set_id: int
    record: SetRecord
    folder: Path

    def corrected(self) -> Corrected:
        corrected = self.store.sets.corrected(self.set_id)
        assert corrected is not None
        return corrected

    def overview(self) -> PersonOverview:
        return PersonOverview(self.person, None, tuple(self.store.overview.sessions(self.person, date.min)), None)


def world(store: Store, folder: Path, record: SetRecord) -> World:
    person = store.people.me().id
    for days_ago, one in ((7, SHALLOW), (0, record)):
        session = store.sessions.open(person, TODAY - timedelta(days=days_ago))
        kept = store.sets.start(session.id, one.exercise, {"exercise": one.exercise}, "browser", {"view": "side"})
        store.sets.finish(kept.id, one, plank_trace() if one.holds else squat_trace(), "target")
    return World(store, person, session.id, kept.id, record, folder)


@pytest.fixture
def store(database_url: str | None, tmp_path: Path) -> Iterator[Store]:
    with Store(database_url, tmp_path / "data") as opened:
        yield opened


# Everything that reads a set. Each returns something that can be compared.


def _exported(one: World, kind: str) -> str:
    corrected = one.corrected()
    trace = one.store.sets.trace(one.set_id)
    data = SetToExport(
        corrected.original, trace, exercises.load(one.record.exercise), "en", corrected.entries, "p", "2026-03-04"
    )
    path = one.folder / f"set.{kind}"
    export(data, kind, path)
    return path.read_text(encoding="utf-8")


def _fhir(one: World) -> list[object]:
    bundle = json.loads(_exported(one, "fhir"))
    resources = [entry["resource"] for entry in bundle["entry"]]
    return [(r.get("valueQuantity"), r.get("valueInteger"), r.get("component")) for r in resources]


def _csv(one: World) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_exported(one, "csv"))))


@cache
def _report(kind: str, record: str) -> str:
    """Return the text of a report of a record in JSON, made once: a report says what its record and its landmarks say."""
    read = SetRecord.model_validate_json(record)
    of = (read, plank_trace() if read.holds else squat_trace(), exercises.load(read.exercise), "en")
    if kind == "html":
        return html_report(*of)
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf_report(*of))).pages)


def _trend(one: World) -> list[tuple[str, list[float]]]:
    sets = [each for session in one.overview().sessions for each in session.sets]
    found = trends(sets, exercises.load(one.record.exercise))
    return [(trend.measure, [point.value for point in trend.points]) for trend in found]


def _queue(one: World) -> list[object]:
    days = days_to_review([one.overview()], {one.person: "Bo"}, Triggers(days=3), TODAY)
    return [(day.why, day.reasons, [(s.rep_count, s.partial_count, s.summary) for s in day.sets]) for day in days]


def _counts(one: World) -> tuple[object, ...]:
    stored, (seen,) = one.store.sets.get(one.set_id), one.overview().sessions[0].sets
    assert (stored.rep_count, stored.partial_count) == (seen.rep_count, seen.partial_count)
    return stored.rep_count, stored.partial_count, stored.hold_s, stored.in_form_s


READERS: dict[str, Callable[[World], object]] = {
    "set page": lambda one: summary_sentence(one.corrected().record, exercises.load(one.record.exercise), "en"),
    "counts": _counts,
    "repetitions": lambda one: one.store.sets.repetitions(one.set_id),
    "summary": lambda one: one.overview().sessions[0].sets[0].summary,
    "moment to see": lambda one: moments(one.overview().sessions, TODAY),
    "trend": _trend,
    "trigger": lambda one: [
        (reason.kind, reason.params) for reason in reasons(one.overview(), Triggers(days=3), TODAY)
    ],
    "queue": _queue,
    "criteria": lambda one: exercise_done(one.overview().sessions[0], one.record.exercise),
    "html": lambda one: _report("html", one.corrected().record.model_dump_json()),
    "pdf": lambda one: _report("pdf", one.corrected().record.model_dump_json()),
    "csv": _csv,
    "json": lambda one: json.loads(_exported(one, "json")),
    "review": lambda one: json.loads(_exported(one, "review"))["corrected"],
    "fhir": _fhir,
}

NOTHING: set[str] = set()
DATA = {"csv", "json", "review", "fhir", "html", "pdf"}
TABLE: list[tuple[SetRecord, Correction, set[str]]] = [
    # A set, a correction of it, and the readers that must show something else afterwards. Of the others, none may.
    (
        SQUATS,
        entry("remove_repetition", rep=1),
        set(READERS) - {"moment to see"},  # the worst moment lies in another repetition
    ),
    (SQUATS, entry("remove_repetition", rep=7), set(READERS)),
    (
        SQUATS,
        entry("add_repetition", start_s=0.2, turn_s=0.8, end_s=1.6),  # it counts, and nothing of it was measured
        {"set page", "counts", "repetitions", "queue", "criteria", *DATA},
    ),
    (
        SQUATS,
        entry("add_repetition", rep=5),  # the small one, the shallowest of all
        set(READERS),
    ),
    (SQUATS, entry("fault_wrong", rule="depth", rep=7), set(READERS) - {"counts", "trigger", "trend", "criteria"}),
    (SQUATS, entry("fault_wrong", rule="depth", rep=3), {"set page", "repetitions", "summary", "queue", *DATA}),
    (SQUATS, entry("fault_missed", rule="depth", rep=1), {"set page", "summary", "queue", "trend", "criteria", *DATA}),
    (
        plank_record(),
        entry("fault_wrong", rule="hips_low", rep=1),
        {"summary", "moment to see", "queue", "criteria", "set page", *DATA},
    ),
    (plank_record(), entry("fault_missed", rule="knees_bent", rep=1), {"set page", "summary", "queue", *DATA}),
    *(
        (SQUATS, agrees, NOTHING)
        for agrees in (
            entry("fault_right", rule="depth", rep=7),
            entry("ok_right", rule="depth", rep=1),
            entry("comment", moment_s=3.0, text="Fine"),
            entry("seen"),
        )
    ),
]
NAMES = [f"{record.exercise}-{one.kind}-{one.rep}" for record, one, _ in TABLE]


def test_every_kind_is_in_the_table():
    assert {one.kind for _, one, _ in TABLE} == set(get_args(CorrectionKind))


@pytest.mark.parametrize(("record", "correction", "changed"), TABLE, ids=NAMES)
def test_a_correction_reaches_everything_that_shows_it(
    store: Store, tmp_path: Path, record: SetRecord, correction: Correction, changed: set[str]
):
    one = world(store, tmp_path, record)
    before = {name: read(one) for name, read in READERS.items()}
    store.reviews.add(one.set_id, correction)
    after = {name: read(one) for name, read in READERS.items()}
    assert {name for name in READERS if after[name] != before[name]} == changed
    assert one.corrected().original == record
    # What is read is what would be read of a set that had been judged like this from the start.
    with Store(folder=tmp_path / "twin") as other:
        twin = world(other, tmp_path, apply(record, [correction]).record)
        assert {name for name, read in READERS.items() if read(twin) != after[name]} == set()


@pytest.mark.parametrize(
    ("correction", "opposite"),
    [
        (entry("remove_repetition", rep=7), entry("add_repetition", rep=7)),
        (entry("fault_wrong", rule="depth", rep=7), entry("fault_right", rule="depth", rep=7)),
        (entry("fault_missed", rule="depth", rep=1), entry("ok_right", rule="depth", rep=1)),
    ],
    ids=lambda one: one.kind,
)
def test_what_is_withdrawn_is_gone_from_every_number(
    store: Store, tmp_path: Path, correction: Correction, opposite: Correction
):
    one = world(store, tmp_path, SQUATS)
    before = {name: read(one) for name, read in READERS.items()}
    store.reviews.add(one.set_id, correction)
    store.reviews.add(one.set_id, opposite)
    assert {name: read(one) for name, read in READERS.items()} == before


def test_what_does_not_fit_changes_nothing(store: Store, tmp_path: Path):
    one = world(store, tmp_path, SQUATS)
    running = store.sets.start(one.session, "squat", {}, "browser", {"view": "side"})
    before = store.sets.repetitions(one.set_id), store.overview.sessions(one.person, date.min)
    for set_id, correction in (
        (one.set_id, entry("remove_repetition", rep=40)),
        (one.set_id, entry("fault_wrong", rule="depth", rep=1)),
        (running.id, entry("remove_repetition", rep=1)),
    ):
        with pytest.raises(SpecError):
            store.reviews.add(set_id, correction)
    assert (store.sets.repetitions(one.set_id), store.overview.sessions(one.person, date.min)) == before
    assert store.reviews.of(one.set_id, running.id) == {one.set_id: [], running.id: []}


def test_a_record_that_cannot_be_read_takes_a_comment_and_no_correction(store: Store, tmp_path: Path):
    one = world(store, tmp_path, SQUATS)
    with store.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE exercise_set SET record = '{{}}' WHERE id = {one.set_id}")
    store.reviews.add(one.set_id, entry("comment", moment_s=1.0, text="Fine"))
    with pytest.raises(StoreError, check=lambda error: error.code == "store_record"):
        store.reviews.add(one.set_id, entry("remove_repetition", rep=1))
    assert [each.kind for each in store.reviews.of(one.set_id)[one.set_id]] == ["comment"]


# Sets that were corrected before corrections reached their numbers


@pytest.mark.parametrize("revision", [one for one in known_revisions()[1:] if one >= "0003"])
def test_an_old_database_shows_its_corrections_after_the_upgrade(revision: str, bare_url: str | None, tmp_path: Path):
    cases = [(record, [one]) for record, one, _ in TABLE]
    cases += [(SQUATS, [one for record, one, _ in TABLE if record is SQUATS and one.rep not in (1, 7)]), (SQUATS, [])]
    with closing(Database(bare_url, tmp_path / "old", upgrade=False)) as old, old.engine.connect() as connection:
        upgrade_to(connection, revision)
        tables = MetaData()
        tables.reflect(connection)
        insert = {name: table.insert() for name, table in tables.tables.items()}
        at = {"started_at": now()}
        connection.execute(insert["person"], {"id": 1, "local": True, "created_at": now(), "settings": {}})
        connection.execute(insert["training_session"], {"id": 1, "person_id": 1, "day": TODAY, **at})
        for kind, data in (("planned", {"gentle": True, "voice": "off"}), ("planned", {}), ("stopped", {"gentle": 1})):
            row = {"session_id": 1, "kind": kind, "at": now(), "data": data}
            connection.execute(insert["event"], row)
        for set_id, (record, entries) in enumerate(cases, start=1):
            fixed = {"session_id": 1, "state": "finished", "prescription": {}, "pose_in": "server", "setup": {}, **at}
            old_numbers = {
                name: getattr(record, name) for name in ("rep_count", "partial_count", "hold_s", "in_form_s")
            }
            row = {"id": set_id, "position": set_id, "exercise": record.exercise, **fixed, **old_numbers}
            stored = {"record": record.model_dump(mode="json"), "summary": json.loads(json.dumps(summary_of(record)))}
            connection.execute(insert["exercise_set"], {**row, **stored})
            for one in entries:
                row = {"set_id": set_id, "own": True, "entry": one.model_dump(mode="json"), "at": now()}
                connection.execute(insert["review"], row)
        connection.commit()
    with Store(bare_url, tmp_path / "old") as store, Store(folder=tmp_path / "new") as new:
        session = new.sessions.open(new.people.me().id, TODAY)
        for set_id, (record, entries) in enumerate(cases, start=1):
            made = new.sets.start(session.id, record.exercise, {}, "server", {})
            assert made.id == set_id
            new.sets.finish(made.id, record, plank_trace() if record.holds else squat_trace(), "target")
            for one in entries:
                new.reviews.add(set_id, one)
            assert store.sets.corrected(set_id) == new.sets.corrected(set_id)
            if {one.kind for one in entries} - {"comment", "seen"}:
                assert store.sets.repetitions(set_id) == new.sets.repetitions(set_id), entries
        (upgraded,), (fresh,) = store.overview.sessions(1, date.min), new.overview.sessions(1, date.min)
        for old_set, new_set, (_, entries) in zip(upgraded.sets, fresh.sets, cases, strict=True):
            read = [(s.rep_count, s.partial_count, s.hold_s, s.in_form_s, s.summary) for s in (old_set, new_set)]
            assert read[0] == read[1], entries
        events = [(event.kind, event.data) for event in store.sessions.events(1)]
        assert events == [("planned", {"pain_mode": True, "voice": "off"}), ("planned", {}), ("stopped", {"gentle": 1})]
