"""What every store keeps: people, sessions, answers, sets as they happen, and nothing lost by a crash."""

from __future__ import annotations

import math
import os
import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from formcheck.errors import StoreError
from formcheck.files.traces import poses_from_trace
from formcheck.model.frames import CameraPlace, Pose, SeenRep
from formcheck.store.journal import MAGIC, Journal, read_journal
from formcheck.store.store import Store
from formcheck.store.tables import Table
from tests.kill_loop import kill_once
from tests.postgres import Server, running_server
from tests.synthetic_cases import CLEAN, judged, made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formcheck.model.entities import StoredSet

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def store(database_url: str | None, tmp_path: Path) -> Iterator[Store]:
    """One store of each kind that is supported."""
    with Store(database_url, tmp_path / "data") as opened:
        yield opened


def begun(store: Store, day: date = MONDAY, **setup: object) -> StoredSet:
    session = store.sessions.open(store.people.me().id, day)
    return store.sets.start(session.id, "squat", {"exercise": "squat"}, "browser", {"view": "front", **setup})


def rep(index: int, counted: bool = True) -> SeenRep:
    return SeenRep(index, counted, None, index * 3.0, index * 3.0 + 1, index * 3.0 + 2, 90.0, math.nan)


def test_there_is_one_local_person(store: Store):
    assert store.people.me() == store.people.me()
    assert store.people.me().first_start is None
    store.people.save_first_start(store.people.me().id, {"fall": True})
    assert store.people.me().first_start["fall"] is True
    assert store.people.me().first_start["answered_at"].endswith("Z")
    store.people.save_settings(store.people.me().id, voice="off", camera="user")
    store.people.save_settings(store.people.me().id, voice="auto")
    assert store.people.me().settings == {"voice": "auto", "camera": "user"}


def test_a_day_is_one_session_until_it_is_ended(store: Store):
    me = store.people.me().id
    first = store.sessions.open(me, MONDAY)
    assert store.sessions.open(me, MONDAY) == first
    store.sessions.end(first.id)
    assert store.sessions.open(me, MONDAY).id != first.id
    assert [session.day for session in store.sessions.of(me)] == [MONDAY, MONDAY]


def test_answers_are_kept_and_what_nobody_said_is_missing(store: Store):
    kept = begun(store)
    store.sessions.answer(kept.session_id, "pain_before", 2, MONDAY)
    store.sessions.answer(kept.session_id, "pain_before", 0, MONDAY)
    store.sessions.answer(kept.session_id, "exertion", 10, MONDAY, exercise="squat")
    answers = store.sessions.answers(kept.session_id)[kept.session_id]
    assert [(a.question, a.value, a.exercise) for a in answers] == [("pain_before", 0, None), ("exertion", 10, "squat")]


@pytest.mark.parametrize(
    ("question", "value", "exercise"),
    [
        ("pain_before", 11, None),
        ("pain_before", -1, None),
        ("exertion", 3, None),
        ("mood", 3, None),
        ("pain_before", 3, "squat"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(store: Store, question, value, exercise):
    kept = begun(store)
    with pytest.raises(StoreError) as refused:
        store.sessions.answer(kept.session_id, question, value, MONDAY, exercise)
    assert refused.value.code == "store_answer"
    assert store.sessions.answers(kept.session_id)[kept.session_id] == []


def test_the_morning_after_is_asked_for_once_and_with_its_day(store: Store):
    me = store.people.me().id
    kept = begun(store)
    assert store.sessions.awaiting_next_morning(me, MONDAY) is None
    assert store.sessions.awaiting_next_morning(me, TUESDAY).day == MONDAY
    store.sessions.answer(kept.session_id, "pain_next_morning", 3, TUESDAY)
    assert store.sessions.awaiting_next_morning(me, TUESDAY) is None


def test_each_repetition_is_kept_when_it_happens(store: Store):
    kept = begun(store)
    store.sets.add_repetition(kept.id, rep(1), {})
    store.sets.add_repetition(kept.id, rep(2, counted=False), {"depth": 1})
    assert (store.sets.get(kept.id).rep_count, store.sets.get(kept.id).partial_count) == (1, 1)
    assert store.sets.repetitions(kept.id)[1]["faults"] == {"depth": 1}
    assert store.sets.repetitions(kept.id)[0]["measures"]["knee_flexion_range_deg"] is None
    assert store.sets.running(store.people.me().id).id == kept.id


def finished(store: Store, kept: StoredSet):
    result = judged(made("squat", [CLEAN["squat"]] * 2).poses, "squat")
    store.sets.finish(kept.id, result.record, result.trace, "target")
    return result


def test_a_finished_set_comes_back_as_it_was(store: Store):
    kept = begun(store, outline=[[0.5, 0.5]])
    result = finished(store, kept)
    assert store.sets.corrected(kept.id).record == result.record
    assert judged(poses_from_trace(store.sets.trace(kept.id)), "squat").record.reps == result.record.reps
    assert store.sets.get(kept.id).state == "finished"
    assert len(store.sets.repetitions(kept.id)) == len(result.record.reps)
    assert store.sets.running(store.people.me().id) is None
    assert store.sets.outlines(store.people.me().id) == {"squat/front": [[0.5, 0.5]]}


def test_a_deleted_set_can_come_back_until_it_is_purged(store: Store):
    kept = begun(store)
    finished(store, kept)
    store.sets.delete(kept.id)
    assert store.sets.of(kept.session_id) == []
    store.sets.restore(kept.id)
    assert [entry.id for entry in store.sets.of(kept.session_id)] == [kept.id]
    store.sets.delete(kept.id)
    assert store.sets.purge() == 1
    assert not list(store.folder.rglob("*.npz"))
    with pytest.raises(StoreError, match="There is no"):
        store.sets.get(kept.id)


def filmed(store: Store, set_id: int, content: bytes = b"pictures", days: int = 30) -> Path:
    written = store.videos.slot()
    written.write_bytes(content)
    video = store.videos.keep(set_id, written, "video/webm", -5.2, days)
    assert not written.exists()
    return video.path


def test_a_video_is_kept_until_its_day_and_goes_with_its_set(store: Store):
    kept, other, deleted = begun(store), begun(store), begun(store)
    paths = [filmed(store, one.id) for one in (kept, other, deleted)]
    assert [path.read_bytes() for path in paths] == [b"pictures"] * 3
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)
    video = store.videos.of(kept.id, other.id)[kept.id]
    assert (video.path, video.offset_s, video.media_type) == (paths[0], -5.2, "video/webm")
    assert (video.keep_until - kept.started_at).days == 30
    store.videos.delete(other.id)
    assert store.videos.of(kept.id, other.id) == {kept.id: video}
    assert not paths[1].exists()
    store.sets.delete(deleted.id)
    store.sets.purge()
    assert store.videos.purge() == 1
    assert [path.exists() for path in paths] == [True, False, False]


def test_a_video_whose_day_has_come_is_not_given_any_more(store: Store):
    kept = begun(store)
    path = filmed(store, kept.id, days=0)
    assert store.videos.of(kept.id) == {}
    assert store.videos.purge() == 1
    assert not path.exists()
    assert store.sets.get(kept.id) == kept


def test_a_new_video_takes_the_place_of_the_old_one(store: Store):
    kept = begun(store)
    old, new = filmed(store, kept.id), filmed(store, kept.id, b"better")
    assert not old.exists()
    assert store.videos.of(kept.id)[kept.id].path == new


def test_a_video_that_is_still_being_written_is_not_purged(store: Store):
    fresh, abandoned = store.videos.slot(), store.videos.slot()
    os.utime(abandoned, (0, 0))
    assert store.videos.purge() == 1
    assert fresh.exists()


def test_a_video_of_no_set_is_refused(store: Store):
    with pytest.raises(StoreError) as refused:
        filmed(store, 999)
    assert refused.value.code == "store_unknown"


def test_events_keep_their_reason(store: Store):
    kept = begun(store)
    store.sessions.add_event(kept.session_id, "stopped", {"reason": "knee"}, set_id=kept.id)
    assert [(event.kind, event.data) for event in store.sessions.events(kept.session_id)] == [
        ("stopped", {"reason": "knee"})
    ]


def test_the_tables_are_those_of_the_revisions(bare_url: str | None, tmp_path: Path):
    with Store(bare_url, tmp_path) as store, store.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_a_store_opens_again_with_what_was_kept(database_url: str | None, tmp_path: Path):
    with Store(database_url, tmp_path) as first:
        kept = begun(first)
    with Store(database_url, tmp_path) as second:
        assert second.sets.get(kept.id).exercise == "squat"


def test_nothing_that_was_kept_is_lost_when_the_process_is_killed(database_url: str | None, tmp_path: Path):
    """``python -m tests.kill_loop`` does it fifty times on each database."""
    for after_s in (0.03, 0.3):
        kill_once(database_url, tmp_path / "data", after_s)


def test_a_torn_pose_is_not_read_and_not_in_the_way(tmp_path: Path):
    path = tmp_path / "set.poses"
    journal = Journal(path)
    pose = made("squat", [CLEAN["squat"]]).poses[0]
    journal.append(pose)
    journal.close()
    with path.open("ab") as file:
        file.write(b"cut short")
    again = Journal(path)
    again.append(Pose.nobody(pose.t_s + 1, pose.size_px))
    again.close()
    first, second = read_journal(path)
    assert first.image_px.tobytes() == pose.image_px.tobytes()
    assert (first.t_s, first.size_px) == (pose.t_s, pose.size_px)
    assert not second.seen


def test_a_journal_without_its_header_yet_is_empty_and_goes_on(tmp_path: Path):
    path = tmp_path / "set.poses"
    path.touch()
    assert list(read_journal(path)) == []
    journal = Journal(path)
    journal.append(Pose.nobody(1.0, (640, 480)))
    journal.close()
    assert [pose.t_s for pose in read_journal(path)] == [1.0]


def test_a_journal_keeps_the_cameras_place_and_goes_on_in_its_own_version(tmp_path: Path):
    nobody = Pose.nobody(1.0, (640, 480))
    poses = [nobody, replace(nobody, t_s=2.0, camera=CameraPlace((1.1, 0.02, 3.0, -4.0), shot=2))]
    journal = Journal(tmp_path / "new.poses")
    for pose in poses:
        journal.append(pose)
    journal.close()
    assert [pose.camera for pose in read_journal(tmp_path / "new.poses")] == [pose.camera for pose in poses]
    old = tmp_path / "old.poses"  # one that an earlier version began
    old.write_bytes(b"formcheck poses 1\n")
    journal = Journal(old)
    for pose in poses:
        journal.append(pose)
    journal.close()
    assert [(pose.t_s, pose.camera) for pose in read_journal(old)] == [(1.0, None), (2.0, None)]


def test_a_damaged_database_or_journal_is_told_and_left_alone(tmp_path: Path):
    (tmp_path / "formcheck.sqlite3").write_bytes(b"this is no database, but it is long enough to look at" * 20)
    before = (tmp_path / "formcheck.sqlite3").read_bytes()
    with pytest.raises(StoreError) as damaged:
        Store(folder=tmp_path)
    assert damaged.value.code == "store_damaged"
    assert (tmp_path / "formcheck.sqlite3").read_bytes() == before
    (tmp_path / "x.poses").write_bytes(MAGIC[:5])
    with pytest.raises(StoreError, match="not a journal"):
        list(read_journal(tmp_path / "x.poses"))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError) as refused:
        Store(folder=tmp_path / "file" / "data")
    assert refused.value.code == "store_folder"


def test_a_database_of_a_newer_version_is_left_alone(database_url: str | None, tmp_path: Path):
    with Store(database_url, tmp_path) as store, store.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError) as refused:
        Store(database_url, tmp_path)
    assert refused.value.code == "store_newer"


def test_the_environment_names_the_database(monkeypatch, made_tables: str, postgres: Server, tmp_path: Path):
    monkeypatch.setenv("FORMCHECK_DATABASE_URL", postgres.new_database(made_tables))
    with Store(folder=tmp_path) as store:
        assert store.database.engine.dialect.name == "postgresql"
        begun(store)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://clinic:s3cret@127.0.0.1:1/formcheck", "store_unusable"),
        ("postgresql://127.0.0.1:1/formcheck?user=clinic&password=s3cret", "store_unusable"),
        ("s3cret", "store_url"),
        ("postgresql://clinic:s3cret@host:port/formcheck", "store_url"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(url: str, code: str, tmp_path: Path):
    with pytest.raises(StoreError) as refused:
        Store(url, tmp_path)
    assert refused.value.code == code
    assert "s3cret" not in f"{refused.value} {refused.value.params}"


def test_a_missing_driver_is_told_with_its_remedy(monkeypatch, tmp_path: Path):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"formcheck\[postgresql\]") as refused:
        Store("postgresql://127.0.0.1:1/formcheck", tmp_path)
    assert refused.value.code == "store_driver"


def test_a_missing_server_program_fails_with_what_installs_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    with pytest.raises(RuntimeError, match="apt-get install -y postgresql"), running_server():
        pass
