"""The app for a phone on the same network: HTTPS, one code that works once, and a camera that the browser gives."""

from __future__ import annotations

import os
import re
import signal
import ssl
import subprocess
import sys
from http.client import HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ROOT, TIMEOUT_MS, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the app for a phone; yield the address that its code holds."""
    home = tmp_path_factory.mktemp("phone-home")
    homes = dict.fromkeys(("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"), str(home))
    process = subprocess.Popen(
        [sys.executable, "-m", "formcheck", "app", "--phone", "--port", "8799"],
        cwd=home,
        env={**os.environ, **homes, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    lines = iter(process.stdout.readline, "")
    shown = [next(lines)]
    while "formcheck: https://" not in shown[-1]:
        shown.append(next(lines))
    assert len(shown) > 10, "the code is drawn above the address"
    yield re.search(r"https://\S+", shown[-1]).group()
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert not list(Path(home).rglob("*.pem")), "the key is gone with the session"


def get(address: str, path: str, cookie: str = "") -> tuple[int, str | None]:
    """Return the status of a request, and the cookie that it gives."""
    host = urlsplit(address).netloc
    connection = HTTPSConnection(host, context=ssl._create_unverified_context(), timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Set-Cookie")


def test_the_code_lets_one_phone_in(address: str, chromium: Callable[..., Browser]):
    assert not urlsplit(address).hostname.startswith("127.")
    assert get(address, "/")[0] == 403
    assert get(address, "/?code=guess")[0] == 403
    assert get(address, "/", "formcheck-door=guess")[0] == 403
    assert get(address, "/?code=%C3%A6")[0] == 403
    assert get(address, "/", "formcheck-door=\xe6; ;=")[0] == 403
    browser = chromium("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    page = browser.new_context(
        ignore_https_errors=True, locale="en-GB", viewport={"width": 390, "height": 844}
    ).new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.goto(address)
    expect(page.get_by_role("heading", name="Welcome to formcheck")).to_be_visible()
    assert "code" not in page.url, "the code does not stay in the address"
    assert page.evaluate("window.isSecureContext")
    assert get(address, "/?" + urlsplit(address).query)[0] == 403, "it works once"

    page.get_by_role("button", name="Skip").click()
    start = page.get_by_role("button", name="Start", exact=True)
    start.wait_for()
    settle(page)
    start.click()
    expect(page.locator(".live").get_by_text("The video stays on your device")).to_be_visible()
    page.locator(".live .panel button.main").click()
    until(lambda: page.locator(".live").evaluate("e => e.formcheck.connected"), "the live socket over HTTPS")
    assert page.locator(".live").evaluate("e => e.formcheck.mode") == "browser"
    browser.close()
