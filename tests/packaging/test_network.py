"""Nothing leaves the machine: a whole analysis under strace opens no network socket."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.cli_runs import SHORT

if TYPE_CHECKING:
    from pathlib import Path

SOCKET = re.compile(r"\bsocket\(AF_INET6?\b|\b(connect|sendto|sendmsg|bind)\(.*AF_INET6?\b")


def traced(arguments: list[str], log: Path) -> tuple[subprocess.CompletedProcess, list[str]]:
    """Run Python with these arguments under strace; return how it ended and the lines about internet sockets."""
    strace = shutil.which("strace")
    assert strace, "strace is missing. This installs it: apt-get install -y strace"
    command = [strace, "-f", "-qq", "-e", "trace=network", "-o", str(log), sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"})
    return done, [
        line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if SOCKET.search(line)
    ]


def test_strace_sees_sockets_here(tmp_path: Path):
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()"
    done, sockets = traced(["-c", code], tmp_path / "strace.log")
    assert done.returncode == 0, done.stderr
    assert sockets


def test_an_analysis_opens_no_network_socket(root: Path, tmp_path: Path):
    video = root / "sample_videos" / "squat_side_good.mp4"
    out = tmp_path / "out"
    arguments = ["-m", "formcheck", "analyze", str(video), *SHORT, "--out", str(out)]
    done, sockets = traced(arguments, tmp_path / "strace.log")
    assert done.returncode == 0, done.stderr
    assert sorted(path.suffix for path in out.iterdir()) == [".csv", ".html", ".json", ".mp4"]
    assert sockets == []
