"""How signing in is set up, who is kept out where it is not, and how an invitation gets past the sign-in."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from formcheck.app import identity, invitation_cookie, sign_in
from formcheck.app.invitation_cookie import InvitationCookieMiddleware, token_in
from formcheck.app.security import LocalMachineOnly
from formcheck.app.sign_in_errors import REASONS, SignInErrorMiddleware
from formcheck.errors import UsageError
from formcheck.i18n import LANGUAGES, error_text, translator
from formcheck.store import access
from formcheck.store.store import Store
from tests.pages import open_page, press, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    assert auth["oidc"]["client_kwargs"] == {"scope": "openid profile", "prompt": "login", "timeout": 20.0}
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
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        (None, False),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("", False),
        ("clinic.example", False),
    ],
)
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
        [sys.executable, *commands[command]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(root), "LANG": "C", "LC_ALL": "C"},
    )
    assert done.returncode
    assert "nobody signs in" in done.stderr


# What the provider says


@pytest.fixture
def come_back(clinic: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what brings somebody back from the provider, which said this of them."""

    def put(**said: object) -> None:
        whole = {"iss": "https://id.example", "sub": "7f3a", "iat": int(time.time()), "is_logged_in": True, **said}
        monkeypatch.setattr(identity, "_claims", lambda: whole)
        monkeypatch.setattr(invitation_cookie, "pending_token", lambda: None)

    return put


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"name": "Anna Holm", "given_name": "A"}, "Anna Holm"),
        ({"given_name": "Anna", "family_name": "Holm"}, "Anna Holm"),
        ({"name": "  ", "given_name": "Anna"}, "Anna"),
        ({"name": None, "preferred_username": "anna@home.example"}, "7f3a"),
    ],
)
def test_a_person_is_called_what_the_provider_says_and_never_by_an_address(said: dict, name: str):
    assert sign_in.display_name({"sub": "7f3a", **said}) == name


@pytest.mark.parametrize(
    ("claim", "said", "enough"),
    [
        (None, {"acr": "substantial"}, True),
        (None, {"acr": "high"}, True),
        (None, {"acr": "low"}, False),
        (None, {}, False),
        (None, {"acr": ["substantial"]}, False),
        ("level", {"level": "high"}, True),
        ("level", {"acr": "high"}, False),
    ],
)
def test_a_level_that_is_asked_for_has_to_be_met(
    come_back: Callable, monkeypatch: pytest.MonkeyPatch, store: Store, claim: str | None, said: dict, enough: bool
):
    assert sign_in.provider().is_assured({}), "none is asked for"
    monkeypatch.setenv("FORMCHECK_OIDC_ACR_VALUES", "substantial high")
    if claim:
        monkeypatch.setenv("FORMCHECK_OIDC_ACR_CLAIM", claim)
    come_back(**said)
    page = open_page()
    assert (page.title[0].value == "Welcome, 7f3a") is enough
    assert ("surer way of signing in" in words(page)) is not enough
    assert bool(store.accounts.all()) is enough


def test_a_sign_out_ends_a_copied_cookie_also_after_a_restart(
    come_back: Callable, monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path
):
    come_back()
    left = []
    monkeypatch.setattr(st, "logout", lambda: left.append(True))
    page, copied = open_page(), open_page()
    assert copied.title[0].value == "Welcome, 7f3a"
    press(page, "sign-out")
    assert left
    with Store(folder=tmp_path / "data") as later:
        monkeypatch.setattr(identity, "full_store", lambda: later)
        for opened in (copied.run(), open_page()):
            assert opened.title[0].value == "Sign in"
            assert "Your sign-in has ended" in words(opened)


def test_what_has_had_its_day_is_tidied_away(monkeypatch: pytest.MonkeyPatch, store: Store):
    account = store.accounts.signed_in("https://id.example", "anna", "Anna")
    store.accounts.sign_out(account.id, datetime.now(UTC) - timedelta(hours=access.SIGNED_IN_H, minutes=1))
    identity.tidy()
    assert store.accounts.purge_sign_outs(0.0) == 0


# What comes in


def ask(app: object, path: str = "/", query: str = "", host: str = "127.0.0.1:8501", kind: str = "http") -> list[dict]:
    """Send one request to an ASGI app; return its messages."""
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request"} if kind == "http" else {"type": "websocket.connect"}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": query.encode(),
        "headers": [(b"host", host.encode())],
        "http_version": "1.1",
        "server": ("test", 80),
        "client": ("test", 1),
        "subprotocols": [],
    }
    asyncio.run(app(scope, receive, send))
    return sent


async def hello(websocket) -> None:
    await websocket.accept()


BEHIND = Starlette(routes=[Route("/", lambda request: PlainTextResponse("in")), WebSocketRoute("/ws", hello)])


@pytest.mark.parametrize(
    ("host", "let_in"),
    [
        ("127.0.0.1:8501", True),
        ("localhost:8501", True),
        ("[::1]:8501", True),
        ("elsewhere.example", False),
        ("192.168.1.5:8501", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_without_a_sign_in_only_this_very_machine_is_answered(host: str, let_in: bool):
    app = LocalMachineOnly(BEHIND)
    assert ask(app, host=host)[0]["status"] == (200 if let_in else 403)
    expected = {"type": "websocket.accept"} if let_in else {"type": "websocket.close", "code": 4403}
    assert expected.items() <= ask(app, "/ws", host=host, kind="websocket")[0].items()


def test_an_invitation_goes_from_the_address_into_a_cookie(clinic: None):
    start = ask(InvitationCookieMiddleware(BEHIND), query=f"lang=da&invite={TOKEN}")[0]
    headers = dict(start["headers"])
    assert (start["status"], headers[b"location"]) == (303, b"/")
    cookie = SimpleCookie(headers[b"set-cookie"].decode())[invitation_cookie.COOKIE]
    assert cookie.value == TOKEN
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert invitation_cookie.link(TOKEN) == f"https://training.example/?invite={TOKEN}"


@pytest.mark.parametrize("query", ["", "invite=", "invite=short", "invite=a%0d%0ab" + TOKEN, f"invite={TOKEN * 3}"])
def test_what_is_no_invitation_passes_by(query: str):
    assert ask(InvitationCookieMiddleware(BEHIND), query=query)[0]["status"] == 200


def test_an_invitation_leads_nowhere_else():
    for path in ("//elsewhere.example", "/\\elsewhere.example", "/\r\nx: y"):
        location = dict(ask(InvitationCookieMiddleware(BEHIND), path, f"invite={TOKEN}")[0]["headers"])[b"location"]
        assert location.startswith(b"/")
        assert not set(location[1:2]) & set(b"/\\")
        assert b"\n" not in location


def came_back(status: int, *cookies: str) -> Starlette:
    """Return an app whose every answer is this one, with a body."""

    async def answer(request) -> PlainTextResponse:
        answered = PlainTextResponse("technical words", status_code=status, headers={"location": "/"})
        for cookie in cookies:
            answered.headers.append("set-cookie", cookie)
        return answered

    return Starlette(routes=[Route("/{path:path}", answer)])


SESSION, USER, CLEARED = "_streamlit_session=s", "_streamlit_user=u; Path=/", '_streamlit_user=""; Max-Age=0'


@pytest.mark.parametrize(
    ("path", "query", "status", "cookies", "why"),
    [
        ("/auth/login", "", 400, [SESSION], "unreachable"),
        ("/auth/login", "", 302, [SESSION], None),
        ("/oauth2callback", "error=access_denied&state=s", 302, [], "denied"),
        ("/oauth2callback", "error=server_error", 302, [], "failed"),
        ("/oauth2callback", "code=c&state=s", 302, [SESSION, CLEARED], "failed"),
        ("/oauth2callback", "code=&state=s", 302, [], "failed"),
        ("/oauth2callback", "code=c&state=s", 302, [SESSION, USER], None),
        ("/oauth2callback", "", 302, [], None),
        ("/oauth2callback", "state=s", 302, [], None),
        ("/train", "error=access_denied", 400, [], None),
    ],
)
@pytest.mark.parametrize("base", ["", "/knee"])
def test_a_sign_in_that_came_to_nothing_is_told_why(
    base: str, path: str, query: str, status: int, cookies: list[str], why: str | None
):
    start, *bodies = ask(SignInErrorMiddleware(came_back(status, *cookies)), base + path, query)
    headers = dict(start["headers"])
    body = b"".join(message["body"] for message in bodies)
    assert [value.decode() for name, value in start["headers"] if name == b"set-cookie"] == cookies
    if why is None:
        assert (start["status"], headers[b"location"], body) == (status, b"/", b"technical words")
    else:
        assert (start["status"], headers[b"location"].decode(), body) == (303, f"{base}/?sign-in={why}", b"")
        assert headers[b"content-length"] == b"0"


@pytest.mark.parametrize("path", ["//elsewhere.example/auth/login", "/\\elsewhere.example/auth/login", "//auth/login"])
def test_a_sign_in_that_came_to_nothing_leads_nowhere_else(path: str):
    location = dict(ask(SignInErrorMiddleware(came_back(400)), path)[0]["headers"])[b"location"]
    assert location.startswith(b"/")
    assert not set(location[1:2]) & set(b"/\\")


@pytest.mark.parametrize("why", [*REASONS, "", "else"])
def test_the_way_in_says_why(why: str, store: Store, sit_down: Callable):
    sit_down(None)
    page = open_page(**{"sign-in": why})
    assert page.title[0].value == "Sign in"
    told = [translator("en")(f"door.nothing.{why}")] if why in REASONS else []
    assert [said.value for said in page.warning] == told


@pytest.mark.parametrize("pasted", [TOKEN, f" {TOKEN}\n", f"https://training.example/?invite={TOKEN}"])
def test_a_link_or_a_code_can_be_pasted(pasted: str):
    assert token_in(pasted) == TOKEN


@pytest.mark.parametrize("pasted", ["", "hello", "https://training.example/", f"{TOKEN} and more"])
def test_something_else_that_is_pasted_is_no_invitation(pasted: str):
    assert token_in(pasted) is None
