"""``streamlit run streamlit_app.py`` in a checkout serves the whole app: the page, its own routes, private settings."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from formcheck.app.launch import settings

if TYPE_CHECKING:
    from pathlib import Path


def answer(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def first_answer(address: str) -> tuple[int, str]:
    for _ in range(300):
        try:
            return answer(address)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} never answered")


def test_streamlit_run_finds_the_app_with_its_routes(root: Path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(root / "streamlit_app.py"), "--server.port", str(port)]
    process = subprocess.Popen([*command, "--server.headless", "true"], cwd=root, stdout=subprocess.PIPE, text=True)
    try:
        assert first_answer(f"http://127.0.0.1:{port}/_stcore/health") == (200, "ok")
        assert answer(f"http://127.0.0.1:{port}/review-files/guess/annotated.mp4") == (404, "Not found")
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=60)
    assert "usage statistics" not in said


def test_the_settings_of_a_checkout_are_those_of_the_app(root: Path):
    written = tomllib.loads((root / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    flat = {f"{section}.{name}": value for section, entries in written.items() for name, value in entries.items()}
    ours = settings(8501)
    assert flat == {name: ours[name] for name in flat}
