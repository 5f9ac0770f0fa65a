"""Middleware for every request: the pages' content security policy, and a check of the host where no accounts exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.app.live.settings import is_local

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'self' blob: data:",
        # Streamlit puts its start script into the page, its charts compile expressions, and the pose model is WebAssembly.
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
_REFUSED = "This is for the machine that formcheck runs on. / Det er kun for den maskine, som formcheck kører på."


class LocalMachineOnly:
    """ASGI middleware for a machine without accounts: admits only requests whose host is this machine itself.

    A proxy, or a foreign page whose name leads to this machine, sends another host.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a local request, and refuse any other."""
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


class SecurityHeaders:
    """ASGI middleware: adds the security headers to every response that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request, and add the headers to its response."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                present = {name.lower() for name, _ in headers}
                message = {**message, "headers": headers + [entry for entry in _HEADERS if entry[0] not in present]}
            await send(message)

        await self.app(scope, receive, send_with_policy if scope["type"] == "http" else send)
