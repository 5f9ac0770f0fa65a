"""How signing in is set up, who is kept out where it is not, and how an invitation gets past the sign-in."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from formcheck.app import identity, invitations, sign_in
from formcheck.app.invitations import Invited, token_in
from formcheck.app.security import OwnMachineOnly
from formcheck.errors import UsageError
from formcheck.i18n import LANGUAGES, error_text

WHOLE = {
    "FORMCHECK_ADDRESS": "https://training.example/",
    "FORMCHECK_OIDC_METADATA_URL": "https://id.example/.well-known/openid-configuration",
    "FORMCHECK_OIDC_CLIENT_ID": "formcheck",
    "FORMCHECK_OIDC_CLIENT_SECRET": "s",
    "FORMCHECK_COOKIE_SECRET": "c" * 32,
}
TOKEN = "abcdefghijklmnopqrstuvwxyz_-0123"


@pytest.fixture
def clinic(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)


def test_nothing_set_means_one_person_and_no_sign_in():
    assert sign_in.provider() is None
    assert not identity.with_accounts()


def test_the_environment_alone_sets_it_up(clinic: None, monkeypatch: pytest.MonkeyPatch):
    assert identity.with_accounts()
    auth = sign_in.check().secrets()["auth"]
    assert auth["redirect_uri"] == "https://training.example/oauth2callback"
    assert auth["oidc"]["client_kwargs"] == {"scope": "openid profile", "prompt": "login"}
    assert "authorize_params" not in auth["oidc"]
    monkeypatch.setenv("FORMCHECK_OIDC_ACR_VALUES", "substantial")
    assert sign_in.check().secrets()["auth"]["oidc"]["authorize_params"] == {"acr_values": "substantial"}


@pytest.mark.parametrize(
    ("change", "code"),
    [({name: ""}, "sign_in_missing") for name in WHOLE]
    + [
        ({"FORMCHECK_ADDRESS": "training.example"}, "sign_in_address"),
        ({"FORMCHECK_OIDC_METADATA_URL": "ftp://id.example"}, "sign_in_address"),
        ({"FORMCHECK_COOKIE_SECRET": "c" * 31}, "sign_in_cookie"),
    ],
)
def test_half_of_it_is_refused_in_words_that_name_it(clinic, monkeypatch: pytest.MonkeyPatch, change: dict, code: str):
    ((name, value),) = change.items()
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, check=lambda error: error.code == code) as caught:
        sign_in.provider()
    assert all(name in error_text(caught.value, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("address", "here"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("localhost", True), (None, False), ("0.0.0.0", False),
     ("::", False), ("192.168.1.5", False), ("", False), ("clinic.example", False)],
)  # fmt: skip
def test_where_others_come_somebody_has_to_sign_in(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, address: str | None, here: bool
):
    if here:
        sign_in.refuse_strangers(address)
    else:
        with pytest.raises(UsageError, check=lambda error: error.code == "sign_in_open"):
            sign_in.refuse_strangers(address)
    monkeypatch.setenv(sign_in.WITHOUT, "1")
    sign_in.refuse_strangers(address)
    monkeypatch.delenv(sign_in.WITHOUT)
    request.getfixturevalue("clinic")
    sign_in.refuse_strangers(address)


@pytest.mark.parametrize("command", ["app", "streamlit"])
def test_the_app_does_not_start_for_strangers(command: str, root: Path, tmp_path: Path):
    commands = {
        "app": ["-m", "formcheck", "app", "--no-browser", "--address", "0.0.0.0"],
        "streamlit": ["-m", "streamlit", "run", str(root / "streamlit_app.py"), "--server.address", "0.0.0.0"],
    }
    done = subprocess.run(
        [sys.executable, *commands[command]], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": str(root), "LANG": "C", "LC_ALL": "C"},
    )  # fmt: skip
    assert done.returncode
    assert "nobody signs in" in done.stderr


# What comes in


def ask(app: object, path: str = "/", query: str = "", host: str = "127.0.0.1:8501", kind: str = "http") -> list[dict]:
    """Send one request to an ASGI app; return its messages."""
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request"} if kind == "http" else {"type": "websocket.connect"}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": kind, "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "", "scheme": "http",
        "query_string": query.encode(), "headers": [(b"host", host.encode())], "http_version": "1.1",
        "server": ("test", 80), "client": ("test", 1), "subprotocols": [],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return sent


async def hello(websocket) -> None:
    await websocket.accept()


BEHIND = Starlette(routes=[Route("/", lambda request: PlainTextResponse("in")), WebSocketRoute("/ws", hello)])


@pytest.mark.parametrize(
    ("host", "let_in"),
    [("127.0.0.1:8501", True), ("localhost:8501", True), ("[::1]:8501", True), ("elsewhere.example", False),
     ("192.168.1.5:8501", False), ("localhost.example", False), ("", False)],
)  # fmt: skip
def test_without_a_sign_in_only_this_very_machine_is_answered(host: str, let_in: bool):
    app = OwnMachineOnly(BEHIND)
    assert ask(app, host=host)[0]["status"] == (200 if let_in else 403)
    expected = {"type": "websocket.accept"} if let_in else {"type": "websocket.close", "code": 4403}
    assert expected.items() <= ask(app, "/ws", host=host, kind="websocket")[0].items()


def test_an_invitation_goes_from_the_address_into_a_cookie(clinic: None):
    start = ask(Invited(BEHIND), query=f"lang=da&invite={TOKEN}")[0]
    headers = dict(start["headers"])
    assert (start["status"], headers[b"location"]) == (303, b"/")
    cookie = SimpleCookie(headers[b"set-cookie"].decode())[invitations.COOKIE]
    assert cookie.value == TOKEN
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert invitations.link(TOKEN) == f"https://training.example/?invite={TOKEN}"


@pytest.mark.parametrize("query", ["", "invite=", "invite=short", "invite=a%0d%0ab" + TOKEN, f"invite={TOKEN * 3}"])
def test_what_is_no_invitation_passes_by(query: str):
    assert ask(Invited(BEHIND), query=query)[0]["status"] == 200


def test_an_invitation_leads_nowhere_else():
    for path in ("//elsewhere.example", "/\\elsewhere.example", "/\r\nx: y"):
        location = dict(ask(Invited(BEHIND), path, f"invite={TOKEN}")[0]["headers"])[b"location"]
        assert location.startswith(b"/")
        assert not set(location[1:2]) & set(b"/\\")
        assert b"\n" not in location


@pytest.mark.parametrize("pasted", [TOKEN, f" {TOKEN}\n", f"https://training.example/?invite={TOKEN}"])
def test_a_link_or_a_code_can_be_pasted(pasted: str):
    assert token_in(pasted) == TOKEN


@pytest.mark.parametrize("pasted", ["", "hello", "https://training.example/", f"{TOKEN} and more"])
def test_something_else_that_is_pasted_is_no_invitation(pasted: str):
    assert token_in(pasted) is None
