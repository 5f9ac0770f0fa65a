"""How much faster many videos are done by two workers than by one: processes of this machine, and a Dask cluster on it.

    python benchmarks/batch.py [--quick] [--model full] [--rounds 3] [--videos 12] [--seconds 8]

The same videos, the first seconds of as many samples, are done by one and by two workers, in turns, each round into an
empty folder. Processes are started anew each time, and that is counted; a cluster stands already when its clock starts,
but its workers load formcheck while it runs. Efficiency is the time of one worker over twice that of two, each the best of
its rounds, so that what else the machine does is left out as far as it can be. One worker keeps more than one core busy
(the next picture is decoded while the pose in this one is looked for), so two of them cannot be twice as fast on two
cores: "cores busy" says how many each row used. Prints a table in Markdown, as it stands in RESULTS.md, and checks that
every row made the same records.
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
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from distributed import LocalCluster

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.clips import cut
from formcheck.batch import workers
from formcheck.batch.jobs import Job
from formcheck.batch.run import run
from formcheck.samples import samples

GOAL_EFFICIENCY = 0.9
COUNTS = (1, 2)
KINDS = ("processes", "Dask cluster")


@dataclass(slots=True, frozen=True)
class Lap:
    """All videos once. ``cpu_s``: of all workers; ``digest``: of all records."""

    wall_s: float
    cpu_s: float
    frames: int
    digest: str


def main() -> int:
    """Measure, print, and return 0 when the goal is met and all records are the same, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round of six short videos")
    parser.add_argument("--model", default="full", choices=("full", "lite"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--videos", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=8.0)
    args = parser.parse_args()
    if args.quick:
        args.rounds, args.videos, args.seconds = 1, 6, 3.0
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"mediapipe {metadata.version('mediapipe')}, distributed {metadata.version('distributed')}; {args.videos} videos "
          f"of {args.seconds:g} s, model {args.model}, best of {args.rounds} rounds\n", flush=True)  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        jobs = films(Path(folder), args.videos, args.seconds, args.model)
        laps: dict[tuple[str, int], list[Lap]] = {(kind, count): [] for kind in KINDS for count in COUNTS}
        for turn in range(args.rounds):
            for kind, count in sorted(laps, reverse=turn % 2 == 1):
                laps[kind, count].append(lap(kind, count, jobs))
                print(f"round {turn + 1}, {kind}, {count}: {laps[kind, count][-1].wall_s:.1f} s", file=sys.stderr)
    return show(laps)


def films(folder: Path, count: int, seconds: float, model: str) -> list[Job]:
    """Write the first seconds of so many samples, and return them as jobs."""
    chosen = sorted(samples(), key=lambda sample: sample.name)[:count]
    paths = [cut(sample.path, folder / sample.path.name, seconds) for sample in chosen]
    return [Job(path, path.name, sample.exercise, model=model) for path, sample in zip(paths, chosen)]


def lap(kind: str, count: int, jobs: list[Job]) -> Lap:
    """Do all videos with so many workers of a kind."""
    cpu_s = children_cpu_s()
    if kind == "processes":
        wall_s, rows = timed(jobs, functools.partial(workers.in_processes, workers=count))
    else:
        with LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None) as cluster:
            wall_s, rows = timed(jobs, functools.partial(workers.on_cluster, scheduler=cluster.scheduler_address))
    text = "".join(row.record.model_dump_json() for row in rows)
    frames = sum(row.record.quality.frames for row in rows)
    return Lap(wall_s, children_cpu_s() - cpu_s, frames, hashlib.sha256(text.encode()).hexdigest())


def timed(jobs: list[Job], work: Callable) -> tuple[float, list]:
    """Return the seconds that it took, and what came of it."""
    with tempfile.TemporaryDirectory() as out:
        start_s = time.perf_counter()
        rows = run(jobs, Path(out), work)
        return time.perf_counter() - start_s, rows


def children_cpu_s() -> float:
    """Return the CPU seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def show(laps: dict[tuple[str, int], list[Lap]]) -> int:
    """Print the table; return 0 when the goal is met and the records are the same."""
    print("| workers | s (best) | each round | frames/s | CPU ms a frame | cores busy | efficiency |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    met = []
    for (kind, count), done in laps.items():
        best, alone = min(done, key=_wall_s), min(laps[kind, 1], key=_wall_s)
        efficiency = alone.wall_s / (count * best.wall_s)
        met.append(efficiency >= GOAL_EFFICIENCY)
        each = ", ".join(f"{lap.wall_s:.1f}" for lap in done)
        print(
            f"| {count}, {kind} | {best.wall_s:.1f} | {each} | {best.frames / best.wall_s:.1f} | "
            f"{1000 * best.cpu_s / best.frames:.1f} | {best.cpu_s / best.wall_s:.2f} | {efficiency:.2f} |"
        )
    same = len({lap.digest for done in laps.values() for lap in done}) == 1
    print(f"\nGoal, efficiency ≥ {GOAL_EFFICIENCY}: **{'met' if all(met) else 'not met'}**. ", end="")
    print("Every row made the same records." if same else "**The records differ.**")
    return 0 if all(met) and same else 1


def _wall_s(lap: Lap) -> float:
    return lap.wall_s


if __name__ == "__main__":
    raise SystemExit(main())
