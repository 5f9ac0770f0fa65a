"""A sign-in that came to nothing gets its word: Streamlit leads back to the first page without one, or shows an empty page."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from formcheck.app.security import ASGIApp, Message, Receive, Send

QUERY = "sign-in"
REASONS = ("denied", "failed", "unreachable")
"""They, or the provider, said no; what came back was of no use; the provider did not answer."""
_START, _BACK = "/auth/login", "/oauth2callback"
"""Where Streamlit leads to the provider, and where the provider leads back to."""
_USER_COOKIE = "_streamlit_user"


def told() -> str | None:
    """Return why the sign-in before this page came to nothing, None when none did."""
    import streamlit as st

    why = st.query_params.get(QUERY)
    return why if why in REASONS else None


class SignInErrorMiddleware:
    """ASGI middleware: leads from a sign-in that came to nothing to the first page, with the reason in its address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        ending = next((end for end in (_START, _BACK) if scope["type"] == "http" and scope["path"].endswith(end)), None)
        if ending is None:
            await self.app(scope, receive, send)
            return
        home = quote("/" + scope["path"].removesuffix(ending).strip("/"))
        home = home if home.endswith("/") else f"{home}/"
        led_home = False

        async def send_on(message: Message) -> None:
            nonlocal led_home
            if message["type"] == "http.response.start" and (why := _why(ending, scope, message)):
                led_home = True
                kept = [entry for entry in message["headers"] if entry[0].lower() == b"set-cookie"]
                location = (b"location", f"{home}?{QUERY}={why}".encode())
                message = {**message, "status": 303, "headers": [*kept, location, (b"content-length", b"0")]}
            elif led_home and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, receive, send_on)


def _why(ending: str, scope: MutableMapping[str, Any], start: Message) -> str | None:
    """Return why a sign-in came to nothing, by its answer; None when it did not."""
    if ending == _START:
        return "unreachable" if start["status"] >= 400 else None
    asked = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if "error" in asked:
        return "denied" if asked["error"] == ["access_denied"] else "failed"
    if "code" not in asked or _signs_in(start):  # without a code: back from signing out
        return None
    return "failed"


def _signs_in(start: Message) -> bool:
    cookies = [
        SimpleCookie(value.decode("latin-1")) for name, value in start["headers"] if name.lower() == b"set-cookie"
    ]
    return any(_USER_COOKIE in cookie and cookie[_USER_COOKIE].value for cookie in cookies)
