"""An uploaded video on a real Dask cluster: the same set as here, nothing left there, and a clear word when it is lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest
from distributed import Client, LocalCluster

from formcheck.analysis.request import AnalysisCancelledError, ExerciseUnclearError, Request, measure
from formcheck.app.services import RECORD_FILE, TRACE_FILE, analyse
from formcheck.batch import upload, workers
from formcheck.batch.upload import measure_on
from formcheck.errors import FormcheckError, WorkerError
from tests import media
from tests.batches import busy_while, cluster_of_programs, film, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def quiet(*_how: object) -> None:
    """Nobody looks how far it is."""


@pytest.fixture(scope="module")
def scratch(tmp_path_factory) -> Path:
    """The folder in which workers keep what they need for a while."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def cluster(scratch) -> Iterator[LocalCluster]:
    """A scheduler and one worker process on this machine."""
    how = {"dashboard_address": None, "silence_logs": 60, "local_directory": str(scratch)}
    with LocalCluster(n_workers=1, threads_per_worker=1, **how) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def watch(cluster) -> Iterator[Client]:
    with Client(cluster, set_as_default=False) as client:
        yield client


@pytest.fixture(scope="module")
def request_(tmp_path_factory) -> Request:
    """A short film, under a name that is nobody else's business."""
    video = film(tmp_path_factory.mktemp("private") / "Anna Hansen.mp4", "squat_side_good", seconds=1.5)
    return Request(video, video.name, "squat", target_depth_deg=90, model="lite")


def copies(scratch: Path) -> list[Path]:
    """Return the files of uploads that workers hold."""
    return list(scratch.rglob("formcheck-*/*"))


def free(watch: Client, scratch: Path) -> bool:
    """Return whether no worker is at an upload, or holds a file of one."""
    at = watch.run(lambda: len(upload._tasks), on_error="ignore")
    return bool(at) and not any(at.values()) and not copies(scratch)


def endless(_request: Request, progress) -> None:
    """Measure for ever, in place of the worker's own."""
    while True:
        progress("measuring", 1, None)
        time.sleep(0.05)


@contextmanager
def measuring_with(watch: Client, replaced: Callable, silence_s: float = 600.0) -> Iterator[None]:
    """Let the workers measure like this, and wait so long to be asked."""

    def set_up(how: Callable, seconds: float) -> None:
        upload.measure, upload.SILENCE_S = how, seconds

    watch.run(set_up, replaced, silence_s)
    try:
        yield
    finally:
        watch.run(set_up, measure, upload.SILENCE_S)


def test_the_set_is_that_of_this_machine_and_nothing_is_left_there(cluster, watch, scratch, request_, tmp_path):
    told, there = [], []

    def progress(stage, frames, share):
        told.append(stage)
        if stage == "measuring" and not there:
            there.extend(copies(scratch))

    found = {}
    for name, address in (("here", None), ("there", cluster.scheduler_address)):
        folder = tmp_path / name
        folder.mkdir()
        found[name] = analyse(request_, folder, progress if address else quiet, address)
    for file in (RECORD_FILE, TRACE_FILE):
        assert (tmp_path / "here" / file).read_bytes() == (tmp_path / "there" / file).read_bytes()
    for name in ("t_s", "image_px", "world_m", "visibility"):
        values = [getattr(outcome.result.trace, name) for outcome in found.values()]
        np.testing.assert_array_equal(*values)
    assert list(dict.fromkeys(told)) == ["waiting", "sending", "measuring"]
    assert [path.name for path in there] == ["video.mp4"], "it was there, without its name"
    assert free(watch, scratch)
    assert not watch.run(lambda dask_worker: list(dask_worker.data)).popitem()[1]
    assert "Anna" not in str(watch.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.tasks)))


@pytest.mark.parametrize("stage", ["sending", "measuring"])
def test_who_stops_frees_the_worker(cluster, watch, scratch, request_, monkeypatch, stage):
    monkeypatch.setattr(upload, "PIECE_BYTES", 1 << 14)

    def progress(now, frames, share):
        if now == stage:
            raise AnalysisCancelledError

    with measuring_with(watch, endless):
        with pytest.raises(AnalysisCancelledError):
            measure_on(cluster.scheduler_address, request_, progress)
        until(lambda: free(watch, scratch))


def test_who_stops_while_all_are_busy_was_never_there(cluster, watch, scratch, request_, tmp_path):
    told, busy = [], tmp_path / "busy"
    busy.touch()
    work = watch.submit(busy_while, busy)

    def progress(stage, frames, share):
        told.append(stage)
        if len(told) == 3:
            raise AnalysisCancelledError

    with pytest.raises(AnalysisCancelledError):
        measure_on(cluster.scheduler_address, request_, progress)
    busy.unlink()
    work.result()
    assert told == ["waiting"] * 3
    tasks = watch.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.tasks))
    assert not [task for task in tasks if task.startswith("formcheck")]
    assert free(watch, scratch)


def test_who_vanishes_frees_the_worker(cluster, watch, scratch, request_):
    with measuring_with(watch, endless, silence_s=3.0), workers.connect(cluster.scheduler_address) as client:
        task = upload._ClusterTask(client, request_)
        worker = until(lambda: (at := task._assigned()) and task._ask(at) and at)
        assert task._send(worker, quiet)
        assert not free(watch, scratch)
        until(lambda: free(watch, scratch))
        assert isinstance(task._answer(), WorkerError), "nobody asked to stop"


def test_a_worker_that_is_killed_is_told_of_and_leaves_nothing(cluster, watch, scratch, request_):
    pids, killed = watch.run(os.getpid), []

    def progress(stage, frames, share):
        if stage == "measuring" and not killed:
            killed.extend(copies(scratch))
            os.kill(pids.popitem()[1], signal.SIGKILL)

    with pytest.raises(WorkerError) as raised:
        measure_on(cluster.scheduler_address, request_, progress)
    assert raised.value.code == "worker_gone"
    until(lambda: free(watch, scratch))
    assert killed
    assert not any(path.exists() for path in killed)
    assert measure_on(cluster.scheduler_address, request_, quiet)[0] == "squat", "its successor works"


def test_what_is_wrong_with_a_video_is_said_of_the_video_here(cluster, tmp_path):
    video = tmp_path / "notes.mp4"
    video.write_bytes(b"no video at all" * 1000)
    errors = []
    for where in (measure, lambda *how: measure_on(cluster.scheduler_address, *how)):
        with pytest.raises(FormcheckError) as raised:
            where(Request(video, video.name, "squat", model="lite"), quiet)
        errors.append((type(raised.value), str(raised.value), raised.value.code, raised.value.params))
    assert errors[0] == errors[1]
    assert str(video) in errors[1][1]


def test_what_cannot_be_recognised_is_asked_about(cluster, tmp_path):
    media.write_video(tmp_path / "room.mp4", media.pictures(5, 160, 120))
    with pytest.raises(ExerciseUnclearError) as raised:
        measure_on(cluster.scheduler_address, Request(tmp_path / "room.mp4", "room.mp4", "auto", model="lite"), quiet)
    assert raised.value.segments == []


def test_a_worker_with_another_formcheck_is_not_believed(cluster, request_, monkeypatch):
    monkeypatch.setattr("formcheck.analysis.run.VERSION", "99.0")
    with pytest.raises(WorkerError) as raised:
        measure_on(cluster.scheduler_address, request_, quiet)
    assert raised.value.code == "worker_differs"


def a_bug(_request: Request, _progress: Callable) -> None:
    raise ZeroDivisionError("a number by nothing")


def test_a_bug_on_the_worker_is_told(cluster, watch, request_):
    with measuring_with(watch, a_bug), pytest.raises(WorkerError) as raised:
        measure_on(cluster.scheduler_address, request_, quiet)
    assert raised.value.code == "worker_failed"
    assert "ZeroDivisionError: a number by nothing" in str(raised.value)


def test_a_scheduler_that_goes_away(request_, tmp_path):
    with cluster_of_programs(tmp_path) as (address, scheduler):

        def progress(stage, frames, share):
            if stage == "measuring":
                scheduler.kill()

        with pytest.raises(WorkerError) as raised:
            measure_on(address, request_, progress)
    assert raised.value.code == "cluster_gone"


def test_two_people_at_once_get_their_own(cluster, request_, tmp_path):
    other = film(tmp_path / "other.mp4", "squat_front_good", seconds=1)
    requests, found = [request_, Request(other, other.name, "squat", model="lite")], {}

    def ask(request: Request) -> None:
        found[request.name] = measure_on(cluster.scheduler_address, request, quiet)[1].record.source.name

    threads = [threading.Thread(target=ask, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert found == {request.name: request.name for request in requests}
