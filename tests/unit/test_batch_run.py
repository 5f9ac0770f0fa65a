"""A batch does what is new and keeps it at once: with work that is played, in this process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from formcheck.batch.jobs import BatchJob
from formcheck.batch.run import RECORDS, run
from formcheck.errors import FormcheckError, OutputError
from formcheck.model.records import SetRecord
from tests.batches import jobs_named, play, record_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Crew:
    """Plays the work, and remembers of what it was asked and whether it was let go."""

    def __init__(self, stops_after: int | None = None) -> None:
        self.asked: list[str] = []
        self.closed = False
        self._stops_after = stops_after

    def __call__(self, jobs: list[BatchJob]) -> Iterator[tuple[BatchJob, SetRecord | FormcheckError]]:
        try:
            for done, job in enumerate(reversed(jobs)):  # the order in which workers finish is anybody's guess
                if done == self._stops_after:
                    raise KeyboardInterrupt
                self.asked.append(job.name)
                yield job, play(job)
        finally:
            self.closed = True


def kept(folder: Path) -> list[Path]:
    return sorted((folder / RECORDS).iterdir())


def test_every_job_gets_its_row_and_its_record(tmp_path):
    jobs, out, moves = jobs_named(tmp_path, "a.mp4", "b.mp4", "refuses.mp4"), tmp_path / "out", []
    rows = run(jobs, out, Crew(), lambda done, of: moves.append((done, of)))
    assert [row.job for row in rows] == jobs
    assert [row.error and row.error.code for row in rows] == [None, None, "source_empty"]
    assert moves == [(0, 3), (0, 3), (1, 3), (2, 3), (3, 3)]
    assert kept(out) == sorted(row.file(out) for row in rows[:2])
    assert rows[0].file(out).read_text(encoding="utf-8") == record_of(jobs[0]).model_dump_json(indent=2) + "\n"


def test_what_is_finished_is_not_done_again(tmp_path):
    jobs, out = jobs_named(tmp_path, "a.mp4", "b.mp4"), tmp_path / "out"
    first = run(jobs, out, Crew())
    before = {path: path.stat().st_mtime_ns for path in kept(out)}
    crew, moves = Crew(), []
    again = run(jobs, out, crew, lambda done, of: moves.append((done, of)))
    assert crew.asked == []
    assert moves == [(0, 2), (2, 2)]
    assert [row.record for row in again] == [row.record for row in first]
    assert [row.new for row in (*first, *again)] == [True, True, False, False]
    assert {path: path.stat().st_mtime_ns for path in kept(out)} == before


def test_only_what_is_new_is_done(tmp_path):
    out = tmp_path / "out"
    run(jobs_named(tmp_path, "a.mp4"), out, Crew())
    crew = Crew()
    run([*jobs_named(tmp_path, "a.mp4", "b.mp4"), BatchJob(tmp_path / "a.mp4", "a.mp4", "plank")], out, crew)
    assert sorted(crew.asked) == ["a.mp4", "b.mp4"]
    assert len(kept(out)) == 3


def test_what_failed_is_tried_again(tmp_path):
    jobs = jobs_named(tmp_path, "refuses.mp4")
    crew = Crew()
    for _ in range(2):
        assert run(jobs, tmp_path / "out", crew)[0].new
    assert crew.asked == ["refuses.mp4"] * 2


def test_a_renamed_video_keeps_its_record_under_its_new_name(tmp_path):
    (old,), out, crew = jobs_named(tmp_path, "old.mp4"), tmp_path / "out", Crew()
    run([old], out, Crew())
    new = BatchJob(old.video.rename(tmp_path / "new.mp4"), "new.mp4", "squat")
    (row,) = run([new], out, crew)
    assert crew.asked == []
    assert (row.record.source.name, row.new) == ("new.mp4", False)
    assert row.file(out).read_text(encoding="utf-8") == record_of(new).model_dump_json(indent=2) + "\n"


@pytest.mark.parametrize("spoilt", [b"", b"{}", b'{"exercise": "squat"', b"\xff\xfe"])
def test_a_spoilt_record_is_made_again(tmp_path, spoilt):
    jobs, out, crew = jobs_named(tmp_path, "a.mp4"), tmp_path / "out", Crew()
    (row,) = run(jobs, out, Crew())
    row.file(out).write_bytes(spoilt)
    run(jobs, out, crew)
    assert crew.asked == ["a.mp4"]
    assert json.loads(row.file(out).read_bytes())["exercise"] == "squat"


def test_a_video_that_is_not_there_is_a_row_and_no_work(tmp_path):
    crew = Crew()
    (row,) = run([BatchJob(tmp_path / "none.mp4", "none.mp4", "squat")], tmp_path / "out", crew)
    assert (row.error.code, row.sha256, crew.asked) == ("source_missing", None, [])


def test_what_is_done_is_kept_when_the_work_is_stopped(tmp_path):
    jobs, out, crew = jobs_named(tmp_path, "a.mp4", "b.mp4", "c.mp4"), tmp_path / "out", Crew(stops_after=2)
    with pytest.raises(KeyboardInterrupt):
        run(jobs, out, crew)
    assert len(kept(out)) == 2
    rest = Crew()
    run(jobs, out, rest)
    assert rest.asked == ["a.mp4"]


def test_a_folder_that_cannot_be_written_lets_the_work_go(tmp_path, monkeypatch):
    def full(path: Path, text: str) -> None:
        raise OutputError("The disk is full.", code="output_disk_full", path=str(path))

    monkeypatch.setattr("formcheck.batch.run.write_text", full)
    crew = Crew()
    with pytest.raises(OutputError):
        run(jobs_named(tmp_path, "a.mp4", "b.mp4"), tmp_path / "out", crew)
    assert (len(crew.asked), crew.closed) == (1, True)


@pytest.mark.parametrize(
    "changed", [{"source": {"sha256": "00"}}, *({"software": {name: "0"}} for name in ("formcheck", "model_sha256"))]
)
def test_a_record_of_something_else_is_not_kept(tmp_path, changed):
    def work(jobs: list[BatchJob]) -> Iterator[tuple[BatchJob, SetRecord]]:
        record = record_of(jobs[0]).model_dump()
        for part, values in changed.items():
            record[part] |= values
        yield jobs[0], SetRecord.model_validate(record)

    (row,) = run(jobs_named(tmp_path, "a.mp4"), tmp_path / "out", work)
    assert (row.error.code, row.record) == ("worker_differs", None)
    assert kept(tmp_path / "out") == []


def test_videos_of_one_name_have_each_their_record(tmp_path):
    out = tmp_path / "out"
    jobs = [*jobs_named(tmp_path / "monday", "squat.mp4"), *jobs_named(tmp_path / "friday", "squat.mp4")]
    jobs[1].video.write_text("This is something else.")
    rows = run(jobs, out, Crew())
    assert [json.loads(row.file(out).read_bytes())["source"]["sha256"] for row in rows] == [row.sha256 for row in rows]
    assert len(kept(out)) == 2


def test_a_very_long_name(tmp_path):
    jobs = jobs_named(tmp_path, f"{'æ' * 120}.mp4")
    (row,) = run(jobs, tmp_path / "out", Crew())
    assert row.file(tmp_path / "out").exists()
