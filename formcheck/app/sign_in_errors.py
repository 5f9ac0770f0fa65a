"""Explains a failed sign-in. Streamlit by itself shows the first page without a word, or an empty page."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUERY = "sign-in"
REASONS = ("denied", "failed", "unreachable")
"""The person or the provider refused; the answer was unusable; the provider did not answer."""
_START, _BACK = "/auth/login", "/oauth2callback"
"""The addresses where Streamlit redirects to the provider, and where the provider redirects back."""
_USER_COOKIE = "_streamlit_user"


def failure() -> str | None:
    """Return why the sign-in before this page failed; None when none failed."""
    import streamlit as st

    why = st.query_params.get(QUERY)
    return why if why in REASONS else None


class SignInErrorMiddleware:
    """ASGI middleware: redirects a failed sign-in to the first page, with the reason in its address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request, and redirect the response of a failed sign-in."""
        ending = next((end for end in (_START, _BACK) if scope["type"] == "http" and scope["path"].endswith(end)), None)
        if ending is None:
            await self.app(scope, receive, send)
            return
        home = quote("/" + scope["path"].removesuffix(ending).strip("/"))
        home = home if home.endswith("/") else f"{home}/"
        redirected = False

        async def send_on(message: Message) -> None:
            nonlocal redirected
            if message["type"] == "http.response.start" and (why := _why(ending, scope, message)):
                redirected = True
                cookies = [entry for entry in message["headers"] if entry[0].lower() == b"set-cookie"]
                location = (b"location", f"{home}?{QUERY}={why}".encode())
                message = {**message, "status": 303, "headers": [*cookies, location, (b"content-length", b"0")]}
            elif redirected and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, receive, send_on)


def _why(ending: str, scope: Scope, start: Message) -> str | None:
    """Return why a sign-in failed, from the response; None when it did not fail."""
    if ending == _START:
        return "unreachable" if start["status"] >= 400 else None
    asked = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if "error" in asked:
        return "denied" if asked["error"] == ["access_denied"] else "failed"
    if "code" not in asked or _signs_in(start):  # without a code, the person comes back from signing out
        return None
    return "failed"


def _signs_in(start: Message) -> bool:
    cookies = [
        SimpleCookie(value.decode("latin-1")) for name, value in start["headers"] if name.lower() == b"set-cookie"
    ]
    return any(_USER_COOKIE in cookie and cookie[_USER_COOKIE].value for cookie in cookies)
