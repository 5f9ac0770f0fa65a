"""Measure how much faster two workers analyse many videos than one, and whether any video is lost when something fails.

    python benchmarks/batch.py [--quick] [--model full] [--rounds 2] [--videos 10] [--seconds 3]

The videos are the first seconds of several samples. One worker with one core and two workers with two cores take turns, as
processes and as a Dask cluster on this machine, and each round writes into an empty folder. Each worker has one core in both
cases, so the difference is the cost of sharing. Efficiency is the time of one worker over twice the time of two, each the best
of its rounds. One row shows one worker that may use all cores. It decodes the next picture while it looks for the pose in this
one, so it is a little faster than on one core. Each round starts new processes, and their start is counted; a cluster already
runs and has loaded formcheck. "CPU ms a frame" shows the cost of sharing: if it rises with the second worker, the cores share
more than the program can tell. Run it while nothing else runs.

Afterwards a worker is killed, a video is broken and the scheduler is restarted. Prints the Markdown tables of RESULTS.md. The
exit code is 0 when the goal is met and no record differs.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import os
import platform
import resource
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from distributed import LocalCluster

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from benchmarks.clips import cut
from benchmarks.trouble import trouble
from formcheck.batch import workers
from formcheck.batch.jobs import BatchJob
from formcheck.batch.run import run
from formcheck.files.samples import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOAL_EFFICIENCY = 0.9
ROWS = (("processes", 1, 1), ("processes", 1, 2), ("processes", 2, 2), ("Dask cluster", 1, 1), ("Dask cluster", 2, 2))
"""Kind, number of workers, number of cores for all of them together."""
TROUBLED_VIDEOS, TROUBLED_S = 6, 1.5


@dataclass(slots=True, frozen=True)
class Lap:
    """One pass over all videos. ``cpu_s``: CPU time of all workers; ``digest``: SHA-256 of all records."""

    wall_s: float
    cpu_s: float
    frames: int
    digest: str


def main() -> int:
    """Measure, print, and return 0 when the goal is met and all records are the same, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round of four short videos")
    parser.add_argument("--model", default="full", choices=("full", "lite"))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--videos", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=3.0)
    args = parser.parse_args()
    if args.quick:
        args.rounds, args.videos, args.seconds = 1, 4, 1.5
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"mediapipe {metadata.version('mediapipe')}, distributed {metadata.version('distributed')}; {args.videos} videos "
        f"of {args.seconds:g} s, model {args.model}, best of {args.rounds} rounds\n",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        jobs = films(Path(folder), args.videos, args.seconds, args.model)
        laps: dict[tuple[str, int, int], list[Lap]] = {row: [] for row in ROWS}
        for turn in range(args.rounds):
            for row in sorted(laps, reverse=turn % 2 == 1):
                laps[row].append(lap(*row, jobs))
                print(f"round {turn + 1}, {row}: {laps[row][-1].wall_s:.1f} s", file=sys.stderr)
        met = show(laps)
        short = Path(folder) / "short"
        short.mkdir()
        whole = trouble(films(short, TROUBLED_VIDEOS, TROUBLED_S, args.model))
    return 0 if met and whole else 1


def films(folder: Path, count: int, seconds: float, model: str) -> list[BatchJob]:
    """Write the first ``seconds`` of ``count`` samples and return them as jobs."""
    chosen = sorted(samples(), key=lambda sample: sample.name)[:count]
    paths = [cut(sample.path, folder / sample.path.name, seconds) for sample in chosen]
    return [BatchJob(path, path.name, sample.exercise, model=model) for path, sample in zip(paths, chosen)]


def lap(kind: str, count: int, cores: int, jobs: list[BatchJob]) -> Lap:
    """Analyse all videos with ``count`` workers of a kind that have ``cores`` cores together."""
    cpu_s = children_cpu_s()
    with only_cores(cores):
        if kind == "processes":
            wall_s, rows = timed(jobs, functools.partial(workers.in_processes, workers=count))
        else:
            with LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None) as cluster:
                with workers.connect(cluster.scheduler_address) as client:
                    client.run(load)
                wall_s, rows = timed(jobs, functools.partial(workers.on_cluster, scheduler=cluster.scheduler_address))
    text = "".join(row.record.model_dump_json() for row in rows)
    frames = sum(row.record.quality.frames for row in rows)
    return Lap(wall_s, children_cpu_s() - cpu_s, frames, hashlib.sha256(text.encode()).hexdigest())


@contextmanager
def only_cores(count: int) -> Iterator[None]:
    """Limit this process and those that it starts to ``count`` cores. Only Linux can do this; elsewhere there is no limit."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    all_cores = os.sched_getaffinity(0)
    _allow(set(sorted(all_cores)[:count]))
    try:
        yield
    finally:
        _allow(all_cores)


def _allow(cores: set[int]) -> None:
    """Let every thread of this process use these cores. A process that a thread starts inherits them."""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(thread.name), cores)


def load() -> None:
    """Import the modules that an analysis needs. Runs on a worker."""
    import mediapipe  # noqa: F401

    from formcheck.analysis import run  # noqa: F401
    from formcheck.video import files  # noqa: F401


def timed(jobs: list[BatchJob], work: Callable) -> tuple[float, list]:
    """Return the time in seconds and the rows of the summary."""
    with tempfile.TemporaryDirectory() as out:
        start_s = time.perf_counter()
        rows = run(jobs, Path(out), work)
        return time.perf_counter() - start_s, rows


def children_cpu_s() -> float:
    """Return the CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def show(laps: dict[tuple[str, int, int], list[Lap]]) -> bool:
    """Print the table; return whether the goal is met and the records are the same."""
    print("| workers | cores | s (best) | each round | frames/s | CPU ms a frame | cores busy | efficiency |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    met = []
    for (kind, count, cores), done in laps.items():
        best, alone = min(done, key=_wall_s), min(laps[kind, 1, 1], key=_wall_s)
        efficiency = alone.wall_s / (cores * best.wall_s)
        if cores == count:
            met.append(efficiency >= GOAL_EFFICIENCY)
        each = ", ".join(f"{lap.wall_s:.1f}" for lap in done)
        print(
            f"| {count}, {kind} | {cores} | {best.wall_s:.1f} | {each} | {best.frames / best.wall_s:.1f} | "
            f"{1000 * best.cpu_s / best.frames:.1f} | {best.cpu_s / best.wall_s:.2f} | "
            f"{f'{efficiency:.2f}' if cores == count else '–'} |"
        )
    same = len({lap.digest for done in laps.values() for lap in done}) == 1
    print(f"\nGoal, efficiency ≥ {GOAL_EFFICIENCY}: **{'met' if all(met) else 'not met'}**. ", end="")
    print("Every row made the same records." if same else "**The records differ.**", flush=True)
    return all(met) and same


def _wall_s(lap: Lap) -> float:
    return lap.wall_s


if __name__ == "__main__":
    raise SystemExit(main())
