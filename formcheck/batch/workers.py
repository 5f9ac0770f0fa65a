"""The workers of a batch: processes of this machine, or a Dask cluster. The same loop uses both as executors.

A worker analyses one video at a time and returns its record. It writes nothing.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.analysis.run import analyze_video
from formcheck.batch.jobs import BatchJob
from formcheck.errors import FormcheckError, WorkerError
from formcheck.model.records import SetRecord

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from distributed import Client

JobOutcome = SetRecord | FormcheckError
JobOutcomes = Generator[tuple[BatchJob, JobOutcome]]
"""Jobs and their outcomes, in the order in which they end. Close it to stop the work."""

CONNECT_S = 10
"""Time (s) that a scheduler has to answer. Default."""


def analyse(job: BatchJob) -> JobOutcome:
    """Return the record that ``formcheck analyze`` makes of this video, or the error. Runs in a worker.

    Parameters
    ----------
    job : BatchJob

    Returns
    -------
    SetRecord or FormcheckError
    """
    try:
        result = analyze_video(
            job.video, exercises.load(job.exercise), prescription=job.prescription, model=job.model, side=job.side
        )
    except FormcheckError as error:
        return error
    return result.record


def usable_cores() -> int:
    """Return the number of cores that this process may use.

    Returns
    -------
    int
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(jobs: Iterable[BatchJob], workers: int) -> JobOutcomes:
    """Analyse in processes of this machine.

    When a process dies, each video that was in work is tried again, alone. A video whose process dies once more is given up
    (``worker_lost``), and the others go on.

    Parameters
    ----------
    jobs : iterable of BatchJob
    workers : int
        Number of processes.

    Yields
    ------
    job : BatchJob
    outcome : SetRecord or FormcheckError
    """
    waiting = deque(jobs)
    while waiting:
        for suspect in (yield from _in_pool(waiting, workers)):
            if (yield from _in_pool(deque([suspect]), 1)):
                yield suspect, _worker_lost(suspect)


def on_cluster(jobs: Iterable[BatchJob], scheduler: str) -> JobOutcomes:
    """Analyse on a Dask cluster. Its workers must see the videos at the same paths.

    Dask gives the work of a dead worker to another one. After several deaths it gives up a task, also one that only waited on
    those workers. Such videos are tried again at the end, each alone, before they are given up (``worker_lost``).

    Parameters
    ----------
    jobs : iterable of BatchJob
    scheduler : str
        Address.

    Yields
    ------
    job : BatchJob
    outcome : SetRecord or FormcheckError

    Raises
    ------
    WorkerError
        ``cluster_package``, ``cluster_unreachable``, ``cluster_lost``.
    """
    waiting = deque(jobs)
    if not waiting:
        return
    with connect(scheduler) as client:
        executor = client.get_executor(pure=False)
        try:
            suspects: deque[BatchJob] = deque()
            for job, outcome in _outcomes(executor, waiting, {}, len(waiting)):
                if isinstance(outcome, WorkerError) and outcome.code == "worker_lost":
                    suspects.append(job)
                else:
                    yield job, outcome
            yield from _outcomes(executor, suspects, {}, 1)
        except CancelledError as error:
            raise WorkerError(
                f"The Dask scheduler at {scheduler} went away. What is done is kept: the same command goes on from there.",
                code="cluster_lost",
                scheduler=scheduler,
            ) from error
        finally:
            executor.shutdown(wait=False)


@contextmanager
def connect(scheduler: str) -> Iterator[Client]:
    """Yield a client of a Dask cluster.

    Parameters
    ----------
    scheduler : str
        Address.

    Yields
    ------
    distributed.Client

    Raises
    ------
    WorkerError
        ``cluster_package``, ``cluster_unreachable``.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise WorkerError(
            "A cluster needs the Python package distributed. Install it with: pip install 'formcheck[cluster]'",
            code="cluster_package",
        ) from error
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # our errors say it
    unreachable = WorkerError(
        f"No Dask scheduler answers at {scheduler}. Is it running, and is the address right?",
        code="cluster_unreachable",
        scheduler=scheduler,
    )
    if not re.fullmatch(r"(\w+://)?[^/\s]+:\d+/?", scheduler):
        raise unreachable
    try:
        client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise unreachable from error
    with client:
        yield client


def _in_pool(waiting: deque[BatchJob], workers: int) -> Generator[tuple[BatchJob, JobOutcome], None, list[BatchJob]]:
    """Work through ``waiting`` until it is empty or a process dies. Return the jobs that were in work then."""
    running: dict[Future[JobOutcome], BatchJob] = {}
    with _processes(workers) as pool:
        try:
            yield from _outcomes(pool, waiting, running, workers)
        except BrokenExecutor:
            return list(running.values()) or [waiting.popleft()]
    return []


def _outcomes(
    executor: Executor, waiting: deque[BatchJob], running: dict[Future[JobOutcome], BatchJob], at_once: int
) -> JobOutcomes:
    """Move jobs from ``waiting`` to ``running``, at most ``at_once``, and yield their outcomes until none is left."""
    while waiting or running:
        while waiting and len(running) < at_once:
            future = executor.submit(analyse, waiting[0])
            running[future] = waiting.popleft()
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            outcome = _outcome(future, running[future])
            yield running.pop(future), outcome


def _outcome(future: Future[JobOutcome], job: BatchJob) -> JobOutcome:
    """Return the outcome of a job. Raises BrokenExecutor and CancelledError, which do not concern this job alone."""
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        raise
    except Exception as error:
        if type(error).__name__ == "KilledWorker":  # Dask's, which is not always installed
            return _worker_lost(job)
        reason = f"{type(error).__name__}: {error}"
        return WorkerError(
            f"{job.video} could not be analysed: {reason}.", code="worker_failed", path=str(job.video), reason=reason
        )


@contextmanager
def _processes(count: int) -> Iterator[Executor]:
    """Yield an executor. Its processes end at once, in the middle of their work, with the block or with this process."""
    context = multiprocessing.get_context("spawn")
    line, held = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, context, _live_with, (line,))
    try:
        yield pool
    finally:
        held.close()
        pool.shutdown(cancel_futures=True)
        line.close()


def _live_with(line: Connection) -> None:
    """Make this worker end when the other end of ``line`` closes. The system closes it in every death of the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all: the parent decides

    def leave() -> None:
        with suppress(EOFError, OSError):
            line.recv_bytes()
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()


def _worker_lost(job: BatchJob) -> WorkerError:
    return WorkerError(
        f"The worker that analysed {job.video} died, again and again: it may need more memory, or the file is damaged.",
        code="worker_lost",
        path=str(job.video),
    )
