"""What tests of a batch share: short films, and work that dies, fails or waits as the name of its video says."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from distributed import Client

from benchmarks.clips import cut
from formcheck import exercises
from formcheck.analysis.run import video_software
from formcheck.batch.jobs import BatchJob
from formcheck.errors import FormcheckError, SourceError
from formcheck.files.resources import samples_dir
from formcheck.model.records import SetRecord, Source
from formcheck.video.files import sha256_of
from tests.cli_runs import environment
from tests.example_records import plank_record, squat_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def film(target: Path, sample: str, seconds: float) -> Path:
    """Write the first seconds of a sample, and return ``target``."""
    return cut(samples_dir() / f"{sample}.mp4", target, seconds)


def until(true: Callable[[], object], seconds: float = 60) -> object:
    """Wait until something is true, and return it."""
    end = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
    return value


@contextmanager
def cluster_of_programs(folder: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    """Run a scheduler with one worker, each a program of its own; yield its address, and the scheduler's process, to be killed."""
    where = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment()}
    place = ["--no-dashboard", "--scheduler-file", str(where)]
    scheduler = subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *place], **silent)
    worker = subprocess.Popen([*dask, "worker", "--nthreads", "1", "--no-nanny", *place], **silent)
    try:
        until(where.exists)
        with Client(scheduler_file=str(where), set_as_default=False) as client:
            address = client.scheduler.address
        yield address, scheduler
    finally:
        for program in (scheduler, worker):
            program.kill()
            program.wait()


def record_of(job: BatchJob) -> SetRecord:
    """Return a hand-made record that says it was made from this job's video, here and now."""
    record = plank_record() if job.exercise == "plank" else squat_record()
    source = Source(name=job.video.name, sha256=sha256_of(job.video), width=640, height=480, duration_s=40.0)
    software = video_software(exercises.load(job.exercise), job.model)
    return record.model_copy(update={"source": source, "software": software})


def play(job: BatchJob) -> SetRecord | FormcheckError:
    """Do what the video's name says, where a worker analyses."""
    word = job.video.stem.split()[0]
    been = job.video.with_suffix(".been")
    if word == "dies" or (word == "stumbles" and not been.exists()):
        been.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "raises":
        raise ZeroDivisionError("a number by nothing")
    if word == "refuses":
        return SourceError("There is nothing in it.", code="source_empty", path=str(job.video))
    if word == "waits":
        with job.video.with_suffix(".waits").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write("here")
            file.flush()
            time.sleep(600)
    return record_of(job)


def busy_while(file: Path) -> None:
    """Keep a worker busy for as long as the file is there."""
    while file.exists():
        time.sleep(0.05)


def lives(file: Path) -> bool:
    """Return whether a process that waits, and wrote this file, is still there: its lock goes with it."""
    with file.open() as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def jobs_named(folder: Path, *names: str, exercise: str = "squat") -> list[BatchJob]:
    """Return jobs of files with these names, which are made, each with something else in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(f"This is {name}.")
    return [BatchJob(folder / name, name, exercise) for name in names]
