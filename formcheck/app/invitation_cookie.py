"""A physiotherapist's invitation on its way to a person: a link, which waits in a cookie while they sign in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from formcheck.app import sign_in

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from formcheck.app.security import ASGIApp, Receive, Send

QUERY, COOKIE = "invite", "formcheck-invitation"
WAITS_S = 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def link(token: str) -> str:
    """Return the address that brings an invitation."""
    provider = sign_in.provider()
    return f"{provider.address.rstrip('/') if provider else ''}/?{QUERY}={token}"


def token_in(text: str) -> str | None:
    """Return the token of what somebody pasted: a link or the token itself; None when it is neither."""
    found = _TOKEN.fullmatch(text.strip().rpartition(f"{QUERY}=")[2])
    return found and found.group()


def brought() -> str | None:
    """Return the token of the link that this browser came by in the last hour."""
    import streamlit as st

    return token_in(st.context.cookies.get(COOKIE, ""))


class InvitationCookieMiddleware:
    """ASGI middleware: takes an invitation out of the page's address, where it would be seen, into a cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        query = scope.get("query_string", b"").decode("latin-1") if scope["type"] == "http" else ""
        asked = parse_qs(query).get(QUERY, [""])[0] if scope.get("method") == "GET" else ""
        token = token_in(asked)
        if token is None:
            await self.app(scope, receive, send)
            return
        provider = sign_in.provider()
        secure = "; Secure" if provider and provider.address.startswith("https:") else ""
        cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={WAITS_S}{secure}"
        here = quote("/" + scope["path"].lstrip("/"))
        headers = [
            (b"location", here.encode()),
            (b"set-cookie", cookie.encode()),
            (b"cache-control", b"no-store"),
            (b"referrer-policy", b"no-referrer"),
        ]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
