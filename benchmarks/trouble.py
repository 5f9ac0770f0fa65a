"""Check that a batch loses nothing when a worker dies, a video is broken or the scheduler restarts. Part of ``batch.py``."""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import Client, LocalCluster

from formcheck.batch import workers
from formcheck.batch.run import SummaryRow, run
from formcheck.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from formcheck.batch.jobs import BatchJob

DISTURBED_AFTER = 2
"""Number of finished videos at which the trouble starts."""


def trouble(jobs: list[BatchJob]) -> bool:
    """Print a table, one row for each kind of trouble; return whether nothing was lost in any of them."""
    with tempfile.TemporaryDirectory() as folder:
        undisturbed = texts(run(jobs, Path(folder), functools.partial(workers.in_processes, workers=2)))
    print("\n| what happens | videos | analysed | failed, with a reason | done again | records as undisturbed |")
    print("| --- | --- | --- | --- | --- | --- |")
    kept = []
    for name, go in TROUBLES.items():
        with tempfile.TemporaryDirectory() as folder:
            rows, again = go(jobs, Path(folder))
        found = texts(rows)
        reasons = [f"{row.job.name}: {row.error.code}" for row in rows if row.error is not None]
        kept.append({name: found.get(name) for name in undisturbed} == undisturbed)
        print(
            f"| {name} | {len(rows)} | {len(found)} | {', '.join(reasons) or '–'} | {again} | "
            f"{'yes' if kept[-1] else '**no**'} |",
            flush=True,
        )
    return all(kept)


def texts(rows: list[SummaryRow]) -> dict[str, str]:
    """Return name of the video -> record as JSON."""
    return {row.job.name: row.record.model_dump_json() for row in rows if row.record is not None}


def broken_video(jobs: list[BatchJob], folder: Path) -> tuple[list[SummaryRow], str]:
    """Add a file that is no video to the batch."""
    broken = folder / "broken.mp4"
    broken.write_bytes(b"This is no video. " * 1000)
    more = [*jobs, replace(jobs[0], video=broken, name=broken.name)]
    return run(more, folder / "out", functools.partial(workers.in_processes, workers=2)), "–"


def killed_process(jobs: list[BatchJob], folder: Path) -> tuple[list[SummaryRow], str]:
    """Kill one of two processes while both work."""
    others = set(multiprocessing.active_children())

    def kill() -> None:
        os.kill(next(child.pid for child in multiprocessing.active_children() if child not in others), signal.SIGKILL)

    return run(jobs, folder, functools.partial(workers.in_processes, workers=2), once(kill)), "what was in work"


def killed_worker(jobs: list[BatchJob], folder: Path) -> tuple[list[SummaryRow], str]:
    """Kill one of a cluster's two workers while it analyses a video."""
    how = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": 60}
    with LocalCluster(n_workers=2, **how) as cluster, Client(cluster, set_as_default=False) as watch:
        pids = watch.run(os.getpid)

        def kill() -> None:
            os.kill(pids[next(worker for worker, tasks in watch.processing().items() if tasks)], signal.SIGKILL)

        work = functools.partial(workers.on_cluster, scheduler=cluster.scheduler_address)
        return run(jobs, folder, work, once(kill)), "what was in work"


def restarted_scheduler(jobs: list[BatchJob], folder: Path) -> tuple[list[SummaryRow], str]:
    """Kill the scheduler, start another one and run the same batch again."""
    with standing_cluster() as (address, end), suppress(WorkerError):
        run(jobs, folder, functools.partial(workers.on_cluster, scheduler=address), once(end))
    with standing_cluster() as (address, _):
        rows = run(jobs, folder, functools.partial(workers.on_cluster, scheduler=address))
    return rows, f"{sum(row.new for row in rows)} of {len(rows)}, by the same command"


def once(disturb: Callable[[], None]) -> Callable[[int, int], None]:
    """Return a progress callback that calls ``disturb`` once, after ``DISTURBED_AFTER`` videos."""
    left = [disturb]

    def progress(done: int, _of: int) -> None:
        if done == DISTURBED_AFTER and left:
            left.pop()()

    return progress


@contextmanager
def standing_cluster() -> Iterator[tuple[str, Callable[[], None]]]:
    """Start a scheduler and a worker as processes; yield the address and a function that kills the scheduler."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "scheduler.json"
        place = ["--no-dashboard", "--scheduler-file", str(where)]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": os.environ | {"PYTHONPATH": ROOT}}
        dask = [sys.executable, "-m", "dask"]
        scheduler = subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *place], **silent)
        worker = subprocess.Popen([*dask, "worker", "--nthreads", "1", "--no-nanny", *place], **silent)
        try:
            while not where.exists():
                time.sleep(0.1)
            with Client(scheduler_file=str(where), set_as_default=False) as client:
                address = client.scheduler.address
            yield address, scheduler.kill
        finally:
            for program in (scheduler, worker):
                program.kill()
                program.wait()


ROOT = str(Path(__file__).resolve().parents[1])
TROUBLES = {
    "a broken video among them": broken_video,
    "a process killed in mid-run": killed_process,
    "a worker of a cluster killed in mid-run": killed_worker,
    "the scheduler killed in mid-run, and started anew": restarted_scheduler,
}
