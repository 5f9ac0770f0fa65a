"""The real app in a process of its own, and Debian's Chromium. A missing browser fails: it is no reason to pass.

A busy machine only takes longer: whatever a test expects of a page is waited for as long as a click is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as NothingHappened

from tests.browser.films import film

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
TIMEOUT_MS = 60_000
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


expect.set_options(timeout=TIMEOUT_MS)


@dataclass
class App:
    """The running app: its address, its process, and where it keeps private folders."""

    url: str
    process: subprocess.Popen
    home: Path

    def private_files(self) -> list[Path]:
        """Return every file in the private folders, the lock apart."""
        files = [path for path in self.home.rglob("app-*/**/*") if path.is_file()]
        return sorted(path for path in files if path.name != "in-use.lock")


@dataclass
class Visit:
    """A page in the browser, with everything that it asked the network for and every error it logged."""

    page: Page
    requested: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(home: Path, port: int | None = None, **settings: str) -> Iterator[App]:
    """Run the app with its files in ``home``, on a free port unless one is given; it ends by itself, or with Ctrl-C here.

    ``settings``: of the environment.
    """
    port = port or free_port()
    homes = dict.fromkeys(("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(home))
    process = subprocess.Popen(
        [sys.executable, "-m", "formcheck", "app", "--no-browser", "--port", str(port)],
        cwd=home,
        env={**os.environ, **homes, "PYTHONPATH": str(ROOT), **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert "http://127.0.0.1" in process.stdout.readline(), "the app did not start"
    try:
        yield App(f"http://127.0.0.1:{port}", process, home)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
            assert not list(home.rglob("app-*")), "the app left a private folder behind"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("app-home")) as app:
        yield app


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[..., Browser]]:
    """Return what starts a browser of its own, with more flags; all are closed at the end.

    Playwright keeps an event loop running in this thread while it lives. It ends with the last test of the file, so
    that a test elsewhere can run a loop of its own.
    """
    program = shutil.which("chromium") or "/usr/bin/chromium"
    assert Path(program).exists(), "The browser tests need Chromium: apt-get install -y chromium"
    with sync_playwright() as playwright:
        yield lambda *flags: playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])


@pytest.fixture(scope="module")
def browser(chromium: Callable[..., Browser]) -> Iterator[Browser]:
    started = chromium()
    yield started
    started.close()


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what gives a sample as a film for a browser's camera, made once."""
    folder = tmp_path_factory.mktemp("films")
    before_s = {"plank_side_sag_then_good": 6.0}
    return cache(lambda name: film(name, folder, before_s=before_s.get(name, 15.0)))


@pytest.fixture(scope="module")
def visit(app: App, browser: Browser) -> Iterator[Visit]:
    """One browser window for all tests of a file, open on the English page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    visit = Visit(page)
    page.on("request", lambda request: visit.requested.append(request.url))
    page.on("websocket", lambda socket: visit.requested.append(socket.url))
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.goto(f"{app.url}/review")
    page.get_by_role("heading", name="Review a set").wait_for()
    yield visit
    context.close()


def choose(page: Page, label: str, option: str) -> None:
    """Press an option of a list. A list that the page draws anew closes: then it is opened again."""
    for _ in range(10):
        page.get_by_role("combobox", name=label).click()
        try:
            page.get_by_role("option", name=option, exact=True).click(timeout=3000)
        except NothingHappened:
            page.keyboard.press("Escape")
            continue
        settle(page)
        return
    raise AssertionError(f"{label} never offered {option}")


def pick(page: Page, label: str, option: str) -> None:
    """Choose an option of a list that shows what is chosen. A list that is drawn anew may forget it: then it is chosen again."""
    for _ in range(10):
        choose(page, label, option)
        if page.get_by_role("combobox", name=label).input_value() == option:
            return
    raise AssertionError(f"{label} never kept {option}")


def settle(page: Page) -> None:
    """Wait until the page is drawn anew: what is pressed in between may get lost, or meet what is about to go."""
    page.wait_for_timeout(300)
    page.wait_for_function(
        """() => !document.querySelector('[data-stale="true"]') &&
            document.querySelector("[data-test-script-state]")?.dataset.testScriptState !== "running\""""
    )


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something outside the page."""
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"never came: {what}")
