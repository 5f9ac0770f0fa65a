"""A physiotherapist's invitation to a person: its link waits in a cookie while the person signs in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

from formcheck.app import sign_in

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

QUERY, COOKIE = "invite", "formcheck-invitation"
WAITS_S = 3600
"""The cookie lasts this long (s, default)."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def link(token: str) -> str:
    """Return the link of an invitation."""
    provider = sign_in.provider()
    return f"{provider.address.rstrip('/') if provider else ''}/?{QUERY}={token}"


def token_in(text: str) -> str | None:
    """Return the token in a pasted text, which is a link or the token itself; None when it is neither."""
    found = _TOKEN.fullmatch(text.strip().rpartition(f"{QUERY}=")[2])
    return found and found.group()


def pending_token() -> str | None:
    """Return the token of the invitation that this browser opened within ``WAITS_S``."""
    import streamlit as st

    return token_in(st.context.cookies.get(COOKIE, ""))


class InvitationCookieMiddleware:
    """ASGI middleware: moves an invitation from the page's address, where others may see it, into a cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with an invitation by a cookie; pass on every other."""
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
