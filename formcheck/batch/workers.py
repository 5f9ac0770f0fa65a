"""Who does the work of a batch: processes of this machine, or a Dask cluster. Both are executors to the same loop.

A worker analyses one video at a time and hands its record back; it writes nothing.
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

Outcome = SetRecord | FormcheckError
Outcomes = Generator[tuple[BatchJob, Outcome]]
"""Jobs with what came of them, in the order in which they end. Close it to stop the work."""

CONNECT_S = 10
"""So long a scheduler has to answer."""


def analyse(job: BatchJob) -> Outcome:
    """Return the record that ``formcheck analyze`` makes of this video, or what keeps it from one. Runs in a worker."""
    try:
        result = analyze_video(
            job.video, exercises.load(job.exercise), prescription=job.prescription, model=job.model, side=job.side
        )
    except FormcheckError as error:
        return error
    return result.record


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(jobs: Iterable[BatchJob], workers: int) -> Outcomes:
    """Analyse in ``workers`` processes of this machine.

    When one of them dies, the videos that were in work are tried again, each alone: the one that takes its process
    along once more is given up (``worker_lost``), and the rest goes on.
    """
    waiting = deque(jobs)
    while waiting:
        for suspect in (yield from _in_pool(waiting, workers)):
            if (yield from _in_pool(deque([suspect]), 1)):
                yield suspect, _lost(suspect)


def on_cluster(jobs: Iterable[BatchJob], scheduler: str) -> Outcomes:
    """Analyse on the Dask cluster of that address; its workers must see the videos at the same paths.

    Dask itself gives the work of a worker that dies to another one, and gives up what several die with, also what only
    waited there: such videos are tried again at the end, each alone, before they are given up (``worker_lost``).
    Raises WorkerError: ``cluster_package``, ``cluster_unreachable``, ``cluster_lost``.
    """
    waiting = deque(jobs)
    if not waiting:
        return
    with connected(scheduler) as client:
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
def connected(scheduler: str) -> Iterator[Client]:
    """Yield a client of the Dask cluster of that address. Raises WorkerError: ``cluster_package``, ``cluster_unreachable``."""
    try:
        from distributed import Client
    except ImportError as error:
        raise WorkerError(
            "A cluster needs the Python package distributed. Install it with: pip install 'formcheck[cluster]'",
            code="cluster_package",
        ) from error
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what goes wrong is ours to say
    try:
        if not re.fullmatch(r"(\w+://)?[^/\s]+:\d+/?", scheduler):
            raise ValueError(scheduler)
        client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkerError(
            f"No Dask scheduler answers at {scheduler}. Is it running, and is the address right?",
            code="cluster_unreachable",
            scheduler=scheduler,
        ) from error
    with client:
        yield client


def _in_pool(waiting: deque[BatchJob], workers: int) -> Generator[tuple[BatchJob, Outcome], None, list[BatchJob]]:
    """Work through ``waiting`` until it is empty or a process dies; return the jobs that were in work then."""
    running: dict[Future, BatchJob] = {}
    with _processes(workers) as pool:
        try:
            yield from _outcomes(pool, waiting, running, workers)
        except BrokenExecutor:
            return list(running.values()) or [waiting.popleft()]
    return []


def _outcomes(executor: Executor, waiting: deque[BatchJob], running: dict[Future, BatchJob], at_once: int) -> Outcomes:
    """Move jobs from ``waiting`` to ``running``, at most ``at_once``, and yield what came of them until none is left."""
    while waiting or running:
        while waiting and len(running) < at_once:
            future = executor.submit(analyse, waiting[0])
            running[future] = waiting.popleft()
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            outcome = _outcome(future, running[future])
            yield running.pop(future), outcome


def _outcome(future: Future, job: BatchJob) -> Outcome:
    """Return what came of a job. Raises BrokenExecutor and CancelledError, which are not about this job alone."""
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        raise
    except Exception as error:
        if type(error).__name__ == "KilledWorker":  # Dask's, which is not always installed
            return _lost(job)
        reason = f"{type(error).__name__}: {error}"
        return WorkerError(
            f"{job.video} could not be analysed: {reason}.", code="worker_failed", path=str(job.video), reason=reason
        )


@contextmanager
def _processes(count: int) -> Iterator[Executor]:
    """Yield an executor whose processes end at once with the block, or with this process, whatever they are at."""
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
    """Make this worker end when the other end of ``line`` closes, which no death of its parent prevents."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all: the parent decides

    def leave() -> None:
        with suppress(EOFError, OSError):
            line.recv_bytes()
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()


def _lost(job: BatchJob) -> WorkerError:
    return WorkerError(
        f"The worker that analysed {job.video} died, again and again: it may need more memory, or the file is damaged.",
        code="worker_lost",
        path=str(job.video),
    )
