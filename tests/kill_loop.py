"""A process that trains without end, killed at any moment, and what must be left of it.

    python -m tests.kill_loop [--times 50]

on SQLite and on PostgreSQL (Debian's, started for it). What the process said it had kept must be there, every time.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from formcheck.model.frames import Pose, SeenRep
from formcheck.store.check import check
from formcheck.store.journal import read_journal
from formcheck.store.store import Store
from tests.example_records import squat_record, squat_trace
from tests.postgres import running_server

ROOT = Path(__file__).parents[1]
REPS, POSES = 4, 20
LONGEST_S = 1.0


def train_on(url: str | None, folder: Path) -> None:
    """Do one set after the other for ever, and say what is kept as soon as it is. Runs until it is killed."""
    record, trace = squat_record(), squat_trace()
    with Store(url, folder) as store:
        session = store.sessions.open(store.people.me().id, date(2026, 3, 2))
        print("ready", flush=True)
        while True:
            kept = store.sets.start(session.id, "squat", {"exercise": "squat"}, "browser", {"view": "side"})
            print("started", kept.id, flush=True)
            journal = store.sets.journal(kept.id)
            for number in range(1, REPS + 1):
                for frame in range(POSES * (number - 1), POSES * number):
                    journal.append(Pose.nobody(frame / 30, (640, 480)))
                print("poses", kept.id, POSES * number, flush=True)
                store.sets.add_repetition(kept.id, _rep(number), {"depth": 1})
                print("rep", kept.id, number, flush=True)
            journal.close()
            store.sets.finish(kept.id, record, trace, "target")
            print("finished", kept.id, flush=True)


def kill_once(url: str | None, folder: Path, after_s: float) -> str:
    """Let the process train, kill it that long after it began, and check what is left. Returns in which state it was."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.kill_loop", "--train", str(folder), *([url] if url else [])],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    said = [line.split() for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    process.wait()
    with Store(url, folder) as store:
        _compare(store, said)
        findings = check(store.database, folder).findings
        assert all(finding.harmless for finding in findings), findings
        left = store.sets.running(store.people.me().id)
        if left is not None:  # as after a crash: it is finished, and the next one can begin
            store.sets.finish(left.id, squat_record(), squat_trace(), "left_page")
        assert store.sets.running(store.people.me().id) is None
    return said[-1][0] if said else "ready"


def _compare(store: Store, said: list[list[str]]) -> None:
    """Hold what the process said against what is kept."""
    finished = {int(line[1]) for line in said if line[0] == "finished"}
    for set_id in finished:
        assert store.sets.corrected(set_id).record == squat_record()
        assert store.sets.trace(set_id).t_s.tobytes() == squat_trace().t_s.tobytes()
    for what, set_id, *number in ((line[0], int(line[1]), *map(int, line[2:])) for line in said):
        if set_id in finished or store.sets.get(set_id).state == "finished":
            continue
        if what == "rep":
            assert store.sets.get(set_id).rep_count >= number[0]
            assert len(store.sets.repetitions(set_id)) >= number[0]
        elif what == "poses":
            times = [pose.t_s for pose in read_journal(store.sets.journal_path(set_id))]
            assert len(times) >= number[0]
            assert times == [frame / 30 for frame in range(len(times))]


def _rep(number: int) -> SeenRep:
    return SeenRep(number, True, None, number * 3.0, number * 3.0 + 1, number * 3.0 + 2, 90.0, 80.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--train", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.train:
        train_on(args.train[1] if args.train[1:] else None, Path(args.train[0]))
    chance = random.Random(5)
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        for name, url in (("sqlite", None), ("postgresql", server.new_database())):
            states = [kill_once(url, Path(folder, name), chance.uniform(0, LONGEST_S)) for _ in range(args.times)]
            counted = ", ".join(f"{state} {states.count(state)}" for state in sorted(set(states)))
            print(f"{name}: killed {args.times} times, nothing lost, opens clean every time. Last said: {counted}")


if __name__ == "__main__":
    main()
