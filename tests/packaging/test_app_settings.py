"""The settings that the web app really runs with, in an empty folder and an empty home."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = """
import json, os, signal, socket, sys, threading, time, urllib.request
from streamlit import config
from formcheck.app.launch import launch

port = int(sys.argv[1])
names = ("server.address", "server.port", "server.headless", "server.maxUploadSize", "server.showEmailPrompt",
         "server.fileWatcherType", "browser.gatherUsageStats", "client.toolbarMode", "client.showErrorDetails",
         "client.showErrorLinks", "server.enableAgentApi",
         "theme.light.primaryColor", "theme.dark.primaryColor", "theme.light.backgroundColor")

def get(path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return answer.read().decode()

def reachable(address):
    try:
        socket.create_connection((address, port), timeout=2).close()
    except OSError:
        return False
    return True

def probe():
    for _ in range(300):
        try:
            health = get("/_stcore/health")
            break
        except OSError:
            time.sleep(0.2)
    print(json.dumps({
        "health": health, "page": "<title>" in get("/"), "other address": reachable("127.0.0.2"),
        "settings": {name: config.get_option(name) for name in names},
    }))
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=probe, daemon=True).start()
raise SystemExit(launch(port, open_browser=False))
"""

EXPECTED = {
    "server.address": "127.0.0.1",
    "server.headless": True,
    "server.maxUploadSize": 4096,
    "server.showEmailPrompt": False,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "server.enableAgentApi": False,
    "theme.light.primaryColor": "#0072B2",
    "theme.dark.primaryColor": "#56B4E9",
    "theme.light.backgroundColor": "#FFFFFF",
}

OTHERS = """
[server]
address = "0.0.0.0"
maxUploadSize = 1
[browser]
gatherUsageStats = true
[theme.light]
primaryColor = "#FF0000"
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("around", ["nothing", "settings of others"])
def test_the_app_brings_its_own_settings(around: str, root: Path, empty: tuple[Path, dict[str, str]]):
    folder, environment = empty
    environment = {**environment, "PYTHONPATH": str(root)}
    if around == "settings of others":
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "config.toml").write_text(OTHERS, encoding="utf-8")
        environment = {
            **environment,
            "STREAMLIT_SERVER_ADDRESS": "0.0.0.0",
            "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true",
        }
    port = free_port()
    command = [sys.executable, "-c", PROBE, str(port)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    address, *_, found = done.stdout.strip().splitlines()
    assert f"http://127.0.0.1:{port}" in address
    found = json.loads(found)
    assert found["settings"] == {**EXPECTED, "server.port": port}
    assert (found["health"], found["page"], found["other address"]) == ("ok", True, False)
    assert not list(Path(environment["HOME"]).rglob("app-*")), "the app left a private folder behind"


def test_a_port_in_use_is_told(root: Path, empty: tuple[Path, dict[str, str]]):
    folder, environment = empty
    environment = {**environment, "PYTHONPATH": str(root)}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "formcheck", "app", "--no-browser", "--port", str(port)]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode == 2
    assert f"Port {port} is in use" in done.stderr
