"""Runs the command line for tests: in this process, or as a program of its own where signals and streams matter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.analysis.run import run_set
from formcheck.cli import main
from formcheck.exercises import load
from formcheck.files.traces import write_trace
from formcheck.model.records import Source
from formcheck.synthetic import Camera, Recording, SquatRep, squat_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_videos"
SHORT = ["--exercise", "squat", "--end", "5", "--model", "lite"]
"""Arguments of a quick analysis of the first squat of a sample."""


class Done:
    """What a run in this process gave."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> Done:
    """Run a command in this process, in English unless it says otherwise."""
    language = () if "--lang" in arguments else ("--lang", "en")
    code = main([str(argument) for argument in (*arguments, *language)])
    return Done(code, *capsys.readouterr())


def command(*arguments: object) -> list[str]:
    """Return the command line of a program of its own."""
    return [sys.executable, "-m", "formcheck", *(str(argument) for argument in arguments)]


def environment(first_on_path: Path | None = None) -> dict[str, str]:
    """Return the environment for such a program, run from anywhere. ``first_on_path``: modules that go before."""
    path = os.pathsep.join(str(folder) for folder in (first_on_path, ROOT) if folder)
    return {**os.environ, "PYTHONPATH": path, "LC_ALL": "C.UTF-8"}


def run_program(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command as a program of its own, and wait for it."""
    settings = {"capture_output": True, "text": True, "timeout": 120, "env": environment(), **options}
    return subprocess.run(command(*arguments), check=False, **settings)


def one_sentence(err: str) -> str:
    """Return what a failed run said, after checking that it is one line and no traceback."""
    assert err.startswith("formcheck: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.removeprefix("formcheck: ").strip()


def squat_landmarks(path: Path, depths_deg: Sequence[float] = (100, 66, 96), fps: float = 15) -> Path:
    """Write the landmarks of scripted squats, filmed from the side."""
    made = squat_set([SquatRep(depth_deg=depth) for depth in depths_deg], Camera(azimuth_deg=90), Recording(fps=fps))
    source = Source(name="scripted", width=1280, height=720, duration_s=made.poses[-1].t_s)
    write_trace(run_set(made.poses, load("squat"), source).trace, path)
    return path
