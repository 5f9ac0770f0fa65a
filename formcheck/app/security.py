"""What every request meets first: the content security policy of the pages, and, where nobody signs in, whether it is from here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from formcheck.app.live.settings import is_local

POLICY = "; ".join(
    (
        "default-src 'self' blob: data:",
        # Streamlit writes its start script into the page, its charts compile their expressions, poses run as WebAssembly.
        "script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
_HEADERS = ((b"content-security-policy", POLICY.encode()), (b"referrer-policy", b"same-origin"))

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


_REFUSED = "This is for the machine that formcheck runs on. / Det er kun for den maskine, som formcheck kører på."


class OwnMachineOnly:
    """ASGI middleware for a machine without accounts: lets in only who asked for this very machine by name.

    Whoever comes through a proxy, or a page elsewhere whose name was made to lead here, did not.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        asked = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")
        if scope["type"] == "lifespan" or is_local(asked):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": _REFUSED.encode()})


class OwnHostOnly:
    """ASGI middleware: adds the policy to every response that has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                there = {name.lower() for name, _ in headers}
                message = {**message, "headers": headers + [entry for entry in _HEADERS if entry[0] not in there]}
            await send(message)

        await self.app(scope, receive, send_with_policy if scope["type"] == "http" else send)
