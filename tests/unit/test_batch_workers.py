"""Processes of this machine: whatever happens to one of them, nobody else's work is lost, and none outlives the batch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from formcheck.batch import workers
from formcheck.errors import FormcheckError
from tests.batches import jobs_named, lives, play, record_of, until
from tests.cli_runs import environment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _played(monkeypatch):
    monkeypatch.setattr(workers, "analyse", play)


def waiting_in(folder: Path) -> list[Path]:
    """Return the files of the processes that wait."""
    return [path for path in folder.glob("*.waits") if path.read_text() == "here"]


def test_a_process_that_dies_costs_no_other_video(tmp_path):
    names = ["a.mp4", "dies.mp4", "b.mp4", "stumbles.mp4", "raises.mp4", "refuses.mp4", "c.mp4"]
    jobs = jobs_named(tmp_path, *names)
    outcomes = dict(workers.in_processes(jobs, 2))
    assert set(outcomes) == set(jobs)
    codes = {job.name: outcome.code for job, outcome in outcomes.items() if isinstance(outcome, FormcheckError)}
    assert codes == {"dies.mp4": "worker_lost", "raises.mp4": "worker_failed", "refuses.mp4": "source_empty"}
    for job, outcome in outcomes.items():
        if job.name not in codes:
            assert outcome == record_of(job)
    assert "ZeroDivisionError: a number by nothing" in str(outcomes[jobs[4]])
    assert str(jobs[1].video) in str(outcomes[jobs[1]])


def test_stopping_ends_the_processes_at_once(tmp_path):
    jobs = jobs_named(tmp_path, "a.mp4", "waits 1.mp4", "waits 2.mp4", "b.mp4")
    outcomes = workers.in_processes(jobs, 2)
    assert next(outcomes)[0] is jobs[0]
    files = until(lambda: waiting_in(tmp_path))
    assert all(map(lives, files))
    outcomes.close()
    until(lambda: not any(map(lives, files)))


def test_the_processes_end_when_their_parent_is_killed(tmp_path):
    jobs_named(tmp_path, "waits 1.mp4", "waits 2.mp4")
    code = (
        "if __name__ == '__main__':\n"
        "    from pathlib import Path\n"
        "    from formcheck.batch import workers\n"
        "    from tests.batches import jobs_named, play\n"
        "    workers.analyse = play\n"
        f"    list(workers.in_processes(jobs_named(Path({str(tmp_path)!r}), 'waits 1.mp4', 'waits 2.mp4'), 2))\n"
    )
    (tmp_path / "parent.py").write_text(code)
    parent = subprocess.Popen([sys.executable, tmp_path / "parent.py"], env=environment(), stderr=subprocess.DEVNULL)
    try:
        until(lambda: len(waiting_in(tmp_path)) == 2)
        assert all(map(lives, waiting_in(tmp_path)))
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    until(lambda: not any(map(lives, waiting_in(tmp_path))))


def test_there_is_at_least_one_core():
    assert 1 <= workers.usable_cores() <= os.cpu_count()
