"""The way from the server to one live page: messages leave in order, and never pile up.

Everything here runs in the event loop, except ``ClientConnection.post`` and ``ClientConnection.close``: any thread may call them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from formcheck.app.live.protocol import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.websockets import WebSocket

MOST_WAITING = 16
"""Messages that wait for a page that does not read them (default). From here on, newer ones are merged."""
MOST_SAID = 8
"""Utterances in one merged message (default)."""


class ClientConnection:
    """Sends messages to one page in the order of posting. Frame answers that pile up are merged into the newest."""

    def __init__(self, client: str, clock: Callable[[], float]) -> None:
        self.client, self._clock = client, clock
        self.heard_s = clock()
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[dict[str, Any]] = deque()
        self._closing: tuple[int, str] | None = None
        self.unread = False
        """True once messages were dropped because the page did not read them."""
        self._changed = asyncio.Event()

    def heard(self) -> None:
        """Note that the page has just sent something."""
        self.heard_s = self._clock()

    def post(self, message: dict[str, Any]) -> None:
        """Send a message, from any thread. After ``close`` nothing is sent."""
        self._later(self._post, message)

    def close(self, code: int, reason: str) -> None:
        """Close the socket after everything posted before is sent, from any thread. Only the first call has an effect."""
        self._later(self._close, int(code), reason)

    def _later(self, call: Callable[..., None], *arguments: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)

    def _post(self, message: dict[str, Any]) -> None:
        if self._closing is not None:
            return
        if len(self._waiting) >= MOST_WAITING and self._waiting[-1]["type"] == message["type"] == "frame":
            message = _merge(self._waiting.pop(), message)
        if len(self._waiting) >= 2 * MOST_WAITING:
            self.unread = True
            return
        self._waiting.append(message)
        self._changed.set()

    def _close(self, code: int, reason: str) -> None:
        self._closing = self._closing or (code, reason[:120])
        self._changed.set()

    async def send_all(self, websocket: WebSocket) -> None:
        """Send the posted messages until the connection is closed, then close the socket."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            while self._waiting:
                await websocket.send_text(encode(self._waiting.popleft()))
            if self._closing is not None:
                await websocket.close(*self._closing)
                return


def _merge(older: dict[str, Any], newer: dict[str, Any]) -> dict[str, Any]:
    """Return two frame answers as one: newer values win, and nothing that is said is lost up to ``MOST_SAID``."""
    said = [*older.get("say", ()), *newer.get("say", ())][-MOST_SAID:]
    rest = {key: value for key, value in older.items() if key != "skipped"}
    return {**rest, **newer, **({"say": said} if said else {})}
