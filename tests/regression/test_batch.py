"""Real films through the whole ``formcheck batch``, on real processes and a real Dask cluster, and what may go wrong there."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pyarrow.parquet
import pytest
from distributed import Client, LocalCluster

from formcheck.batch import workers
from formcheck.batch.run import RECORDS
from formcheck.cli import main
from formcheck.cli.batch import _beside
from tests import media
from tests.batches import cluster_of_programs, film, jobs_named, play, record_of, until
from tests.cli_runs import Done, command, environment, one_sentence, run
from tests.machine_limits import ordinary_person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILMS = ("squat_side_good", "squat_front_good", "squat_side_fast")
HOW = ("--exercise", "squat", "--model", "lite")


@pytest.fixture(scope="module")
def films(tmp_path_factory) -> Path:
    """A folder of short films."""
    folder = tmp_path_factory.mktemp("films")
    for name in FILMS:
        film(folder / f"{name}.mp4", name, seconds=0.8)
    return folder


@pytest.fixture(scope="module")
def expected(films, tmp_path_factory) -> dict[str, bytes]:
    """What ``formcheck analyze`` says of each."""
    out = tmp_path_factory.mktemp("expected")
    for path in films.iterdir():
        assert main(["analyze", str(path), *HOW, "--json", str(out / path.name)]) == 0
    return {path.name: path.read_bytes() for path in out.iterdir()}


def records(out: Path) -> dict[str, bytes]:
    """Return the finished records by the name of their video; what is half-written would be among them."""
    return {path.name.partition(".squat.")[0]: path.read_bytes() for path in (out / RECORDS).iterdir()}


def batch(capsys, source: Path, out: Path, *arguments: object) -> Done:
    return run(capsys, "batch", source, *HOW, "--out", out, *arguments)


def any_record(out: Path) -> bool:
    return any((out / RECORDS).glob("*.json"))


# On this machine


def test_records_are_those_of_analyze_whatever_else_is_in_the_folder(capsys, films, expected, tmp_path):
    source = tmp_path / "clinic a"
    out = tmp_path / "clinic a.formcheck"
    shutil.copytree(films, source)
    (source / "broken.mp4").write_text("This is no video.")
    media.write_video(source / "room.mp4", media.pictures(5, 160, 120))
    done = run(capsys, "batch", source, *HOW, "--workers", 1)
    assert done.code == 3
    assert "5 videos: 3 analysed, 1 without a person, 1 could not be analysed. 5 of them in this run." in done.out
    assert done.err == ""
    assert {name: data for name, data in records(out).items() if name != "room.mp4"} == expected
    names = ["records", "report.html", "summary.csv", "summary.parquet"]
    assert sorted(path.name for path in out.iterdir()) == names
    table = {row["video"]: row for row in pyarrow.parquet.read_table(out / "summary.parquet").to_pylist()}
    outcomes = {**dict.fromkeys(expected, "done"), "room.mp4": "nobody", "broken.mp4": "failed"}
    assert {name: row["status"] for name, row in table.items()} == outcomes
    assert table["broken.mp4"]["reason"] == "source_not_a_video"

    (source / "broken.mp4").unlink()
    before = {path: path.stat().st_mtime_ns for path in (out / "records").iterdir()}
    again = run(capsys, "batch", source, *HOW, "--lang", "da")
    assert again.code == 4
    assert "4 videoer: 3 analyseret, 1 uden en person. 0 af dem denne gang." in again.out
    assert {path: path.stat().st_mtime_ns for path in (out / "records").iterdir()} == before


def test_a_process_killed_in_mid_run_loses_nothing(capsys, films, expected, tmp_path):
    codes: list[int] = []
    arguments = ["batch", str(films), *HOW, "--out", str(tmp_path / "out"), "--workers", "2"]
    others = set(multiprocessing.active_children())
    thread = threading.Thread(target=lambda: codes.append(main(arguments)))
    thread.start()
    until(lambda: any_record(tmp_path / "out"))
    killed = next(child for child in multiprocessing.active_children() if child not in others)
    os.kill(killed.pid, signal.SIGKILL)
    thread.join(120)
    assert codes == [0]
    assert records(tmp_path / "out") == expected


def test_ctrl_c_keeps_what_is_finished(capsys, films, expected, tmp_path):
    program = subprocess.Popen(
        command("batch", films, *HOW, "--out", tmp_path, "--workers", 1, "--lang", "en"),
        stderr=subprocess.PIPE,
        env=environment(),
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        until(lambda: any_record(tmp_path))
        os.killpg(program.pid, signal.SIGINT)  # as a terminal does: to the workers too
        err = program.communicate(timeout=30)[1]
    finally:
        program.kill()
    assert program.returncode == 130
    assert one_sentence(err) == f"Stopped. What is finished is kept in {tmp_path}: the same command goes on from there."
    kept = records(tmp_path)
    assert 0 < len(kept) < len(expected)
    assert kept.items() <= expected.items()


# On a cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A scheduler and two worker processes on this machine."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=60) as cluster:
        yield cluster


def test_a_cluster_makes_the_same_records_though_a_worker_is_killed(capsys, films, expected, cluster, tmp_path):
    source, codes = tmp_path / "films", []
    shutil.copytree(films, source)
    (source / "broken.mp4").write_text("This is no video.")
    arguments = ["batch", str(source), *HOW, "--out", str(tmp_path / "out"), "--scheduler", cluster.scheduler_address]
    thread = threading.Thread(target=lambda: codes.append(main(arguments)))
    with Client(cluster) as watch:
        pids = watch.run(os.getpid)
        thread.start()
        until(lambda: any_record(tmp_path / "out"))
        busy = until(lambda: [worker for worker, tasks in watch.processing().items() if tasks])
        os.kill(pids[busy[0]], signal.SIGKILL)
        thread.join(120)
    assert codes == [3]
    assert records(tmp_path / "out") == expected
    assert "4 videos: 3 analysed, 1 could not be analysed." in capsys.readouterr().out

    nowhere = batch(capsys, films, tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9")
    assert nowhere.code == 0, "what is finished needs no cluster"


def allow(client: Client, failures: int) -> None:
    """Let Dask give a task up after so many deaths; 3 is its own choice."""
    client.run_on_scheduler(lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", failures))


def test_a_video_that_workers_die_of_is_given_up_alone(monkeypatch, cluster, tmp_path):
    monkeypatch.setattr(workers, "analyse", play)
    jobs = jobs_named(tmp_path, "a.mp4", "dies.mp4", "raises.mp4", "b.mp4")
    with Client(cluster) as client:
        allow(client, 0)
        outcomes = {job.name: outcome for job, outcome in workers.on_cluster(jobs, cluster.scheduler_address)}
        allow(client, 3)
    assert {name: outcomes[f"{name}.mp4"].code for name in ("dies", "raises")} == {
        "dies": "worker_lost",
        "raises": "worker_failed",
    }
    assert [outcomes[job.name] for job in (jobs[0], jobs[3])] == [record_of(jobs[0]), record_of(jobs[3])]


def test_a_scheduler_that_goes_away_in_mid_run(capsys, films, expected, tmp_path):
    with cluster_of_programs(tmp_path) as (address, scheduler):
        threading.Thread(target=lambda: (until(lambda: any_record(tmp_path / "out")), scheduler.kill())).start()
        done = batch(capsys, films, tmp_path / "out", "--scheduler", address)
    assert done.code == 7
    assert "went away. What is done is kept" in one_sentence(done.err)
    kept = records(tmp_path / "out")
    assert 0 < len(kept) < len(expected)
    assert kept.items() <= expected.items()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tcp://", "nonsense", "http://127.0.0.1:9"])
@pytest.mark.parametrize("language", ["en", "da"])
def test_a_scheduler_that_does_not_answer(capsys, monkeypatch, films, tmp_path, address, language):
    monkeypatch.setattr(workers, "CONNECT_S", 0.3)
    done = batch(capsys, films, tmp_path, "--scheduler", address, "--lang", language)
    assert done.code == 7
    assert address in one_sentence(done.err)


def test_a_cluster_without_its_package(capsys, monkeypatch, films, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = batch(capsys, films, tmp_path, "--scheduler", "tcp://127.0.0.1:9")
    assert done.code == 7
    assert "pip install 'formcheck[cluster]'" in one_sentence(done.err)


# What is asked for


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{films}"], 2, "--exercise"),
        (["{films}", "--exercise", "auto"], 2, "formcheck analyze"),
        (["{films}", "--exercise", "sqat"], 2, "Did you mean squat?"),
        (["{films}", "--exercise", "squat", "--workers", "0"], 2, "--workers"),
        (["{films}", "--exercise", "squat", "--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], 2, "--scheduler"),
        (["{films}", "--exercise", "plank", "--target-depth", "90"], 2, "plank"),
        (["{films}", "--exercise", "squat", "--prescription", "none.json"], 2, "none.json"),
        (["{tmp}", "--exercise", "squat"], 3, "no video"),
        (["{tmp}/none", "--exercise", "squat"], 3, "neither a folder nor a manifest"),
        (["{films}", "--exercise", "squat", "--out", "{tmp}/file/out"], 6, "file"),
        (["{films}", "--exercise", "squat", "--out", "{tmp}/file"], 6, "file"),
    ],
)
def test_a_request_that_makes_no_sense(capsys, films, tmp_path, arguments, code, words):
    (tmp_path / "file").touch()
    done = run(capsys, "batch", *(text.format(films=films, tmp=tmp_path) for text in arguments))
    assert done.code == code
    assert words in one_sentence(done.err)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_bad_row_is_told_before_anything_is_done(capsys, films, tmp_path):
    manifest = tmp_path / "week.csv"
    manifest.write_text(f"video,exercise\n{films / FILMS[0]}.mp4,squat\n{films / FILMS[1]}.mp4,sqat\n")
    done = run(capsys, "batch", manifest)
    assert done.code == 3
    assert "week.csv, row 3: There is no exercise 'sqat'." in one_sentence(done.err)
    assert [path.name for path in tmp_path.iterdir()] == ["week.csv"]


def test_a_folder_and_a_manifest_of_one_name_write_to_their_own(tmp_path):
    (tmp_path / "week").mkdir()
    (tmp_path / "week.csv").touch()
    (tmp_path / "week.toml").touch()
    folders = {_beside(tmp_path / name).name for name in ("week", "week.csv", "week.toml")}
    assert folders == {"week.formcheck", "week.csv.formcheck", "week.toml.formcheck"}


def test_a_folder_that_may_not_be_written(capsys, monkeypatch, films, tmp_path):
    tmp_path.chmod(0o555)
    monkeypatch.setattr("formcheck.cli.batch.read_jobs", lambda source, defaults: [])  # the films are root's
    with ordinary_person():
        done = batch(capsys, films, tmp_path)
    assert done.code == 6
    assert str(tmp_path) in one_sentence(done.err)
