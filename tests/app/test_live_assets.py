"""The live page's own files, and the policy that keeps every page on its own host."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from formcheck.app.live import assets
from formcheck.app.live.protocol import Close
from formcheck.app.live.settings import LiveSettings
from formcheck.app.routes import LazyRoutes
from formcheck.app.security import POLICY, SecurityHeaders
from tests.app.test_server import answer, first_answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Answer:
    """What an ASGI app said to one request."""

    def __init__(self, sent: list[dict]) -> None:
        self.status = sent[0]["status"]
        self.headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in sent[1:])


def ask(app: object, path: str, query: str = "", method: str = "GET") -> Answer:
    """Send one request to an ASGI app."""
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("test", 80),
        "client": ("test", 1),
        "asgi": {"version": "3.0", "spec_version": "2.4"},
    }
    asyncio.run(app(scope, receive, send))
    return Answer(sent)


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "number.1.mp3").write_bytes(b"my own voice")
    (tmp_path / "en" / "secret.txt").write_text("no sound")
    return tmp_path


@pytest.fixture
def app(recordings: Path) -> Starlette:
    async def framed(_request) -> PlainTextResponse:
        return PlainTextResponse("own policy", headers={"Content-Security-Policy": "sandbox"})

    settings = LiveSettings(voices_folder=recordings)
    return Starlette(
        routes=[LazyRoutes(lambda: assets.routes(settings, "/deep")), Route("/framed", framed)],
        middleware=[Middleware(SecurityHeaders)],
    )


def test_the_model_is_served_for_browsers_to_keep(app: Starlette, root: Path):
    got = ask(app, "/deep/live/models/pose_landmarker_lite.task", "v=1")
    assert got.status == 200
    assert got.body == (root / "models" / "pose_landmarker_lite.task").read_bytes()
    assert got.headers["content-type"] == "application/zip"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in got.headers["cache-control"]


def test_without_a_version_a_file_is_asked_for_again(app: Starlette):
    assert ask(app, "/deep/live/models/pose_landmarker_lite.task").headers["cache-control"] == "no-cache"


def test_own_recordings_are_heard(app: Starlette):
    got = ask(app, "/deep/live/voices/en/number.1.mp3")
    assert got.body == b"my own voice"
    assert got.headers["content-type"] == "audio/mpeg"


@pytest.mark.parametrize(
    "path",
    [
        "/deep/live/voices/en/secret.txt",
        "/deep/live/models/models.toml",
        "/deep/live/models/../../pyproject.toml",
        "/deep/live/models/..%2f..%2fpyproject.toml",
        "/deep/live/voices/en/none.mp3",
        "/deep/live/web/",
        "/deep/live/web",
        "/live/models/pose_landmarker_lite.task",
        "/deep/live/web/__init__.py",
        "/deep/live/web/%00.js",
    ],
)
def test_nothing_else_is_served(app: Starlette, path: str):
    assert ask(app, path).status in (404, 307)


def test_files_are_only_read(app: Starlette):
    assert ask(app, "/deep/live/models/pose_landmarker_lite.task", method="POST").status == 405


@pytest.mark.parametrize("kind", [".js", ".mjs", ".wasm", ".mp3", ".task"])
def test_files_have_the_types_that_browsers_insist_on(app: Starlette, recordings: Path, kind: str):
    ask(app, "/deep/live/web/anything.js")
    import mimetypes

    assert mimetypes.guess_type(f"file{kind}")[0] == assets.TYPES[kind]


def test_every_answer_has_the_policy_but_one_that_brings_its_own(app: Starlette):
    for path in ("/deep/live/models/pose_landmarker_lite.task", "/nowhere"):
        assert ask(app, path).headers["content-security-policy"] == POLICY
    assert ask(app, "/framed").headers["content-security-policy"] == "sandbox"


def test_the_policy_lets_nothing_out():
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["connect-src"] == "'self' blob: data:"
    assert rules["default-src"] == "'self' blob: data:"
    assert not [source for source in POLICY.replace(";", "").split() if "*" in source or "://" in source]


@pytest.fixture(scope="module")
def below_a_base_path(root: Path) -> Iterator[str]:
    """Serve the whole app below ``/deep``; return host and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "streamlit", "run", str(root / "streamlit_app.py"), "--server.headless", "true"]
    options = ["--server.port", host.rpartition(":")[2], "--server.baseUrlPath", "deep"]
    process = subprocess.Popen([*command, *options], cwd=root, stdout=subprocess.PIPE, text=True)
    try:
        assert first_answer(f"http://{host}/deep/_stcore/health") == (200, "ok")
        yield host
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_the_whole_app_serves_files_and_results_below_its_base_path(below_a_base_path: str, root: Path):
    import urllib.request

    host = below_a_base_path
    with urllib.request.urlopen(f"http://{host}/deep/live/models/pose_landmarker_lite.task?v=1") as got:
        assert len(got.read()) == (root / "models" / "pose_landmarker_lite.task").stat().st_size
        assert "Content-Encoding" not in got.headers
        assert got.headers["Content-Security-Policy"] == POLICY
    with urllib.request.urlopen(f"http://{host}/deep/") as page:
        assert page.headers["Content-Security-Policy"] == POLICY
    assert answer(f"http://{host}/deep/review-files/guess/annotated.mp4") == (404, "Not found")


@pytest.mark.parametrize("origin", [None, "http://elsewhere.example"])
def test_the_whole_app_refuses_a_socket_from_elsewhere(below_a_base_path: str, origin: str | None):
    headers = {} if origin is None else {"Origin": origin}
    with (
        connect(f"ws://{below_a_base_path}/deep/live/socket", additional_headers=headers) as page,
        pytest.raises(ConnectionClosed) as refused,
    ):
        page.recv(30)
    assert refused.value.rcvd.code == Close.NOT_ALLOWED


def test_the_whole_app_asks_for_a_token(below_a_base_path: str):
    headers = {"Origin": f"http://{below_a_base_path}"}
    with connect(f"ws://{below_a_base_path}/deep/live/socket", additional_headers=headers) as page:
        page.send(
            '{"type":"hello","token":"guess","client":"c","mode":"browser","clock_ms":0,"width":640,"height":480}'
        )
        with pytest.raises(ConnectionClosed) as refused:
            page.recv(30)
    assert refused.value.rcvd.code == Close.NOT_ALLOWED
