"""Upgrades from every earlier revision, the health check, a backup and its way back, on both databases."""

from __future__ import annotations

import json
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData

from formcheck.errors import StoreError
from formcheck.store.access import AuthorisedStore
from formcheck.store.archive import backup, restore
from formcheck.store.check import check
from formcheck.store.database import Database, known_revisions, now, upgrade_to
from formcheck.store.principal import Asker
from formcheck.store.store import Store
from formcheck.store.summaries import summary_of
from formcheck.store.tables import Table
from tests.cli_runs import run
from tests.contracts.test_store import MONDAY, begun, filmed
from tests.example_records import SEEN, plank_record, plank_trace, squat_record, squat_trace

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.model.entities import StoredSet


@pytest.fixture
def store(database_url: str | None, tmp_path: Path):
    with Store(database_url, tmp_path / "data") as opened:
        yield opened


def filled(store: Store) -> tuple[StoredSet, StoredSet, StoredSet]:
    """Return a finished squat with a video, a finished plank, and a set that runs."""
    squat, plank, running = begun(store), begun(store), begun(store)
    store.people.save_first_start(store.people.me().id, {"æ": "ø"})
    store.sets.finish(squat.id, squat_record(), squat_trace(), "target")
    store.sets.finish(plank.id, plank_record(), plank_trace(), "target")
    store.sets.journal(running.id).close()
    store.sessions.answer(squat.session_id, "pain_before", 0, MONDAY)
    filmed(store, squat.id)
    return squat, plank, running


def everything(store: Store) -> dict[str, list]:
    """Return every row of every table, and every file."""
    with store.database.engine.connect() as connection:
        rows = {t.name: connection.execute(t.select().order_by(t.c.id)).all() for t in Table.metadata.sorted_tables}
    files = {str(p.relative_to(store.folder)): p.read_bytes() for p in store.folder.rglob("*/*") if p.is_file()}
    return {**rows, "files": files}


EARLIER = known_revisions()[1:]


@pytest.mark.parametrize("revision", EARLIER)
def test_every_earlier_revision_is_upgraded_with_what_it_holds(revision: str, bare_url: str | None, tmp_path: Path):
    record = squat_record()
    summary = json.loads(json.dumps(summary_of(record)))
    with closing(Database(bare_url, tmp_path, upgrade=False)) as old, old.engine.connect() as connection:
        upgrade_to(connection, revision)
        tables = MetaData()
        tables.reflect(connection)
        insert = {name: table.insert() for name, table in tables.tables.items()}
        connection.execute(
            insert["person"], {"id": 1, "local": True, "created_at": now(), "settings": {"voice": "off"}}
        )
        connection.execute(
            insert["training_session"], {"id": 1, "person_id": 1, "day": MONDAY, "started_at": now(), "ended_at": None}
        )
        for set_id, state, kept in ((1, "finished", record.model_dump(mode="json")), (2, "running", None)):
            row = {
                "id": set_id,
                "session_id": 1,
                "position": set_id,
                "exercise": "squat",
                "state": state,
                "started_at": now(),
                "prescription": {},
                "pose_in": "server",
                "setup": {},
                "rep_count": 8,
                "partial_count": 1,
                "hold_s": 0.0,
                "in_form_s": 0.0,
                "record": kept,
            }
            if revision >= "0004" and kept:  # from there on it is as it is now
                row["summary"] = summary
            connection.execute(insert["exercise_set"], row)
        connection.commit()
    with Store(bare_url, tmp_path) as store:
        with store.database.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
            summaries = dict(
                connection.execute(
                    Table.metadata.tables["exercise_set"]
                    .select()
                    .with_only_columns(*(Table.metadata.tables["exercise_set"].c[name] for name in ("id", "summary")))
                ).all()
            )
        assert store.people.me().settings == {"voice": "off"}
        assert store.sets.corrected(1).record == record
        assert summaries == {1: summary, 2: None}
        assert store.sets.running(1).id == 2


def test_there_are_earlier_revisions():
    assert EARLIER == ["0005", "0004", "0003", "0002", "0001"]


def test_what_is_whole_is_found_whole(store: Store):
    filled(store)
    checked = check(store.database, store.folder)
    assert (checked.people, checked.sets, checked.files, checked.findings) == (1, 3, 3, ())


def test_what_is_missing_altered_or_left_over_is_found(store: Store):
    squat, plank, running = filled(store)
    store.sets.trace_path(store.sets.get(squat.id).trace_sha256).unlink()
    store.sets.trace_path(store.sets.get(plank.id).trace_sha256).write_bytes(b"other")
    store.sets.journal_path(running.id).write_bytes(b"no journal at all")
    (store.folder / "videos" / "set-9-ab.webm").write_bytes(b"x")
    with store.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE exercise_set SET record = '{{}}' WHERE id = {squat.id}")
    found = check(store.database, store.folder).findings
    assert sorted(f.problem for f in found) == ["altered", "journal", "missing", "record", "unused"]
    assert [f.problem for f in found if f.harmless] == ["unused"]


def test_older_tables_are_told_and_left(bare_url: str | None, tmp_path: Path):
    with closing(Database(bare_url, tmp_path, upgrade=False)) as database:
        with database.engine.connect() as connection:
            upgrade_to(connection, "0001")
        assert [(f.problem, f.what) for f in check(database, tmp_path).findings] == [("older", "0001")]


def test_a_backup_is_of_one_moment(store: Store):
    begun(store)
    sets = Table.metadata.tables["exercise_set"].select()
    with store.database.snapshot() as connection:
        before = connection.execute(sets).all()
        begun(store)
        assert connection.execute(sets).all() == before
    with store.database.snapshot() as connection:
        assert len(connection.execute(sets).all()) == 2


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest) -> str | None:
    """Return a second empty database, of either kind."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres").new_database()


def test_a_backup_brings_everything_back_into_either_database(store: Store, other_url: str | None, tmp_path: Path):
    squat, *_ = filled(store)
    before = everything(store)
    done = backup(store.database, store.folder, tmp_path / "b.zip")
    assert (done.files, done.missing) == (4, ())
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    assert restore(tmp_path / "b.zip", other_url, tmp_path / "again").rows == done.rows
    with Store(other_url, tmp_path / "again") as again:
        assert everything(again) == before
        assert again.sets.corrected(squat.id).record == squat_record()
        assert check(again.database, again.folder).findings == ()
        assert begun(again).id > 3, "new ids go on after the old ones"


def test_after_a_restore_everybody_signs_in_anew(store: Store, database_url: str | None, tmp_path: Path):
    """What ended since the backup was made, a sign-in or a whole account's, is not in it."""
    anna = store.accounts.signed_in("https://id.example", "anna", "Anna").id
    asker = Asker(anna, datetime.now(UTC))
    backup(store.database, store.folder, tmp_path / "b.zip")
    AuthorisedStore(store, asker).sign_out()
    restore(tmp_path / "b.zip", database_url, store.folder, replace=True)
    with pytest.raises(StoreError) as refused:
        AuthorisedStore(store, asker).who()
    assert refused.value.code == "store_signed_out"
    assert AuthorisedStore(store, Asker(anna, datetime.now(UTC) + timedelta(seconds=2))).who().account_id == anna


def test_a_target_that_is_not_empty_is_refused_unless_told(store: Store, database_url: str | None, tmp_path: Path):
    squat, *_ = filled(store)
    backup(store.database, store.folder, tmp_path / "b.zip")
    later = begun(store)
    store.sets.finish(later.id, squat_record(rep_count=7), squat_trace("other_deg"), "target")
    before = everything(store)
    with pytest.raises(StoreError) as refused:
        restore(tmp_path / "b.zip", database_url, store.folder)
    assert refused.value.code == "store_not_empty"
    assert everything(store) == before
    restore(tmp_path / "b.zip", database_url, store.folder, replace=True)
    with pytest.raises(StoreError, match="There is no"):
        store.sets.get(later.id)
    assert store.sets.corrected(squat.id).record == squat_record()
    assert check(store.database, store.folder).findings == ()


@pytest.mark.parametrize("database_lost", [False, True])
def test_what_was_deleted_after_the_backup_is_deleted_again(
    database_lost: bool, store: Store, database_url: str | None, request: pytest.FixtureRequest, tmp_path: Path
):
    squat, plank, running = filled(store)
    filmed(store, plank.id)
    backup(store.database, store.folder, tmp_path / "b.zip")
    store.videos.delete(plank.id)
    store.sets.delete(squat.id)
    store.sets.purge()
    store.sets.delete(running.id)
    store.sets.restore(running.id)
    url = database_url
    if database_lost:  # only the data folder's list of deletions is left
        url = database_url and request.getfixturevalue("postgres").new_database()
        (tmp_path / "new").mkdir()
        (store.folder / "deletions.jsonl").rename(tmp_path / "new" / "deletions.jsonl")
    folder = tmp_path / "new" if database_lost else store.folder
    assert restore(tmp_path / "b.zip", url, folder, replace=not database_lost).deleted_again == 2
    with Store(url, folder) as again:
        assert [kept.id for kept in again.sets.of(squat.session_id, deleted=True)] == [plank.id, running.id]
        assert again.videos.of(squat.id, plank.id) == {}
        assert not list((folder / "videos").glob("*"))
        assert len(list((folder / "traces").rglob("*.npz"))) == 1
        assert check(again.database, again.folder).findings == ()
        backup(again.database, folder, tmp_path / "later.zip")
    assert restore(tmp_path / "b.zip", url, folder, replace=True).deleted_again == 2, "and again the next time"


def test_a_new_row_with_the_id_of_a_deleted_one_stays(store: Store, database_url: str | None, tmp_path: Path):
    gone = begun(store)
    store.sets.delete(gone.id)
    store.sets.purge()
    with store.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tombstone SET made_at = '2020-01-01 00:00:00'")
    (store.folder / "deletions.jsonl").unlink()
    new = begun(store)
    with store.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE exercise_set SET id = {gone.id} WHERE id = {new.id}")
    backup(store.database, store.folder, tmp_path / "b.zip")
    assert restore(tmp_path / "b.zip", database_url, store.folder, replace=True).deleted_again == 0
    assert store.sets.get(gone.id).exercise == "squat"


def altered(path: Path, to: Path, **changes: object) -> Path:
    """Write a copy of an archive with other contents of some files, or of the manifest's fields."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(to, "w") as target:
        for name in source.namelist():
            content = changes.get(name, source.read(name))
            if name == "manifest.json":
                content = json.dumps(json.loads(content) | changes.get("manifest", {}))
            target.writestr(name, content)
        for name in changes.get("more", []):
            target.writestr(name, b"x")
    return to


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tables/person.jsonl": b'{"id": 1}\n'}, "backup_damaged"),
        ({"more": ["../outside"]}, "backup_damaged"),
        ({"manifest": {"format": "something else"}}, "backup_damaged"),
        ({"manifest": {"revision": "9999"}}, "backup_newer"),
        ({"manifest": {"sha256": {}}}, "backup_damaged"),
        (
            {
                "manifest": {
                    "sha256": {"../outside": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}
                },
                "more": ["../outside"],
            },
            "backup_damaged",
        ),
    ],
)
def test_a_backup_that_is_not_what_it_says_changes_nothing(changes: dict, code: str, tmp_path: Path):
    with Store(folder=tmp_path / "data") as store:
        filled(store)
        backup(store.database, store.folder, tmp_path / "b.zip")
    with pytest.raises(StoreError) as refused:
        restore(altered(tmp_path / "b.zip", tmp_path / "bad.zip", **changes), folder=tmp_path / "again")
    assert refused.value.code == code
    assert not (tmp_path / "again").exists()
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_no_archive_is_told(tmp_path: Path):
    (tmp_path / "b.zip").write_bytes(b"x")
    with Store(folder=tmp_path / "data") as store:
        filled(store)
        backup(store.database, store.folder, tmp_path / "whole.zip")
    whole = (tmp_path / "whole.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "whole.zip") as archive:
        largest = max(archive.infolist(), key=lambda info: info.compress_size)
    inside = largest.header_offset + largest.compress_size // 2 + 100
    (tmp_path / "worn.zip").write_bytes(
        whole[:inside] + bytes(255 - b for b in whole[inside : inside + 3]) + whole[inside + 3 :]
    )
    for cut in (100, len(whole) // 2, len(whole) - 10):
        (tmp_path / f"cut-{cut}.zip").write_bytes(whole[:cut])
    bad = [*tmp_path.glob("cut-*"), tmp_path / "worn.zip", tmp_path / "b.zip"]
    assert len(bad) == 5
    for name, code in (*((path.name, "backup_damaged") for path in bad), ("missing.zip", "backup_unreadable")):
        with pytest.raises(StoreError) as refused:
            restore(tmp_path / name, folder=tmp_path / "again")
        assert refused.value.code == code


def test_the_command_line_does_all_four(capsys, monkeypatch, database_url, made_tables, postgres, tmp_path: Path):
    if database_url:
        monkeypatch.setenv("FORMCHECK_DATABASE_URL", database_url)
    with Store() as store:
        filled(store)
    assert "up to date (revision 0006)" in run(capsys, "db", "upgrade").out
    assert "Everything is in order. People: 1, sets: 3, files: 3." in run(capsys, "db", "check").out
    assert "4 files" in run(capsys, "db", "backup", tmp_path / "b.zip").out
    refused = run(capsys, "db", "restore", tmp_path / "b.zip")
    assert (refused.code, "--replace" in refused.err) == (6, True)
    with Store() as store:
        store.videos.delete(1)
        store.sets.trace_path(store.sets.get(1).trace_sha256).unlink()
    assert run(capsys, "db", "check").code == 6
    done = run(capsys, "db", "restore", tmp_path / "b.zip", "--replace", "--lang", "da")
    assert (done.code, "Gendannede" in done.out, "slettet igen" in done.out) == (0, True, True)
    assert run(capsys, "db", "check").code == 0


def reviewed(store: Store, set_id: int) -> None:
    physiotherapist = store.accounts.signed_in("https://id.example", "anna", "Anna").id
    store.reviews.add(set_id, SEEN, by=physiotherapist, as_person=False)


def test_all_of_a_persons_data_is_exported_and_nothing_of_others(store: Store, tmp_path: Path):
    squat, plank, _ = filled(store)
    other = store.accounts.signed_in("https://id.example", "other", "Other Person")
    other_id = store.accounts.set_roles(other.id, ["person"]).person_id
    foreign = store.sets.start(store.sessions.open(other_id, MONDAY).id, "lunge", {}, "browser", {"view": "front"})
    store.sets.finish(foreign.id, squat_record(exercise="lunge"), squat_trace("other_deg"), "target")
    me = store.people.me().id
    count = store.own_data.export(me, tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        names = set(archive.namelist())
        assert len(names) == count
        assert {"README.txt", f"sets/{squat.id}.npz", f"sets/{plank.id}.npz", f"sets/{squat.id}.webm"} <= names
        assert f"sets/{foreign.id}.npz" not in names
        rows = [json.loads(line) for line in archive.read("tables/exercise_set.jsonl").splitlines()]
        assert [row["id"] for row in rows] == [squat.id, plank.id, plank.id + 1]
        assert rows[0]["record"] == squat_record().model_dump(mode="json")
        assert not [name for name in names if b"Other Person" in archive.read(name) or b"lunge" in archive.read(name)]
    assert (tmp_path / "mine.zip").stat().st_mode & 0o077 == 0


def test_every_table_about_a_person_is_exported():
    from formcheck.store.personal_data import _of_person

    nobodys = {"invitation", "tombstone", "video_share"}
    """An invitation is about nobody yet, a tombstone about what is gone; a share is about the physiotherapist who may look."""
    assert {row.__tablename__ for row in _of_person(1)} == set(Table.metadata.tables) - nobodys


def test_a_deletion_takes_all_but_the_record_and_holds_after_a_restore(
    store: Store, database_url: str | None, tmp_path: Path
):
    squat, plank, _running = filled(store)
    filmed(store, plank.id)
    reviewed(store, squat.id)
    store.people.save_settings(store.people.me().id, voice="off")
    empty = store.sessions.open(store.people.me().id, date(2026, 3, 9)).id
    store.sessions.answer(empty, "pain_before", 3, date(2026, 3, 9))
    backup(store.database, store.folder, tmp_path / "b.zip")

    def as_it_must_be() -> None:
        assert [kept.id for kept in store.sets.of(squat.session_id, deleted=True)] == [squat.id]
        assert store.sets.corrected(squat.id).record == squat_record()
        assert store.sets.trace(squat.id) is None
        assert (store.people.me().first_start, store.people.me().settings) == (None, {})
        assert [session.id for session in store.sessions.of(store.people.me().id)] == [squat.session_id]
        assert not [path for name in ("traces", "videos", "journals") for path in (store.folder / name).rglob("*.*")]
        assert check(store.database, store.folder).findings == ()

    done = store.own_data.erase(store.people.me().id)
    assert (done.sets, done.videos, done.sets_that_stay) == (2, 2, 1)
    as_it_must_be()
    restore(tmp_path / "b.zip", database_url, store.folder, replace=True)
    as_it_must_be()
    store.people.save_settings(store.people.me().id, voice="auto")
    backup(store.database, store.folder, tmp_path / "later.zip")
    assert restore(tmp_path / "later.zip", database_url, store.folder, replace=True).deleted_again == 0
    assert store.people.me().settings == {"voice": "auto"}, "what came after the deletion stays"


def test_a_record_goes_when_nothing_was_added_to_it_for_years(store: Store):
    people = {}
    for name, year in (("old", 2019), ("recent", 2019), ("new", None)):
        account = store.accounts.signed_in("https://id.example", name, name)
        person = people[name] = store.accounts.set_roles(account.id, ["person"]).person_id
        kept = store.sets.start(store.sessions.open(person, MONDAY).id, "squat", {}, "browser", {"view": "side"})
        store.sets.finish(kept.id, squat_record(), squat_trace(f"{name}_deg"), "target")
        if year:
            reviewed(store, kept.id)
            with store.database.engine.begin() as connection:
                for table, column in (("person", "created_at"), ("training_session", "started_at"), ("review", "at")):
                    if (name, table) != ("recent", "review"):
                        where = (
                            ""
                            if table == "review"
                            else f" WHERE {'id' if table == 'person' else 'person_id'} = {person}"
                        )
                        connection.exec_driver_sql(f"UPDATE {table} SET {column} = '{year}-01-01 00:00:00'{where}")
    local = store.people.me().id
    with store.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE person SET created_at = '2019-01-01 00:00:00' WHERE id = {local}")
    assert store.own_data.purge_records() == 1
    with pytest.raises(StoreError, match="There is no"):
        store.people.get(people["old"])
    assert [store.people.get(people[name]).id for name in ("recent", "new")] == [people["recent"], people["new"]]
    assert store.people.me().id == local
    assert len(list((store.folder / "traces").rglob("*.npz"))) == 2
    assert check(store.database, store.folder).findings == ()


def test_the_command_line_makes_the_first_administrator(capsys):
    assert "no accounts yet" in run(capsys, "db", "accounts").out
    with Store() as store:
        account = store.accounts.signed_in("https://id.example", "anna", "Anna Æ")
    assert "Anna Æ" in run(capsys, "db", "accounts").out
    assert "administrator" in run(capsys, "db", "accounts", "--id", account.id, "--roles", "administrator").out
    with Store() as store:
        assert store.accounts.get(account.id).roles == ("administrator",)
    assert run(capsys, "db", "accounts", "--id", account.id, "--roles", "king").code == 6
    assert run(capsys, "db", "accounts", "--id", 99, "--roles", "person").code == 6
