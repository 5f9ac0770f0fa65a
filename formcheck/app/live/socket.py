"""The live socket: it checks who may open it, what comes in, and how fast.

Everything here runs in the event loop.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

from formcheck.app.live.connection import ClientConnection
from formcheck.app.live.inbox import Inbound
from formcheck.app.live.protocol import Bye, Capture, Close, Hello, ProtocolError, parse_binary, parse_text
from formcheck.app.live.settings import LiveSettings, is_local
from formcheck.errors import StoreError
from formcheck.store.access import REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.app.live.live_session import LiveSession
    from formcheck.app.live.protocol import TextMessage
    from formcheck.app.live.session_registry import SessionRegistry
    from formcheck.app.live.tickets import Ticket

PATH = "/live/socket"
CLOSE_S = 5.0
"""The longest wait for a socket to close (s, default)."""


class PageClock:
    """Turns a page's own times into the live session's seconds. Raises ProtocolError (``CLOCK_DRIFT``) when the two clocks part."""

    def __init__(self, live: LiveSession, max_drift_s: float) -> None:
        self._live, self._max_drift_s = live, max_drift_s
        self._base: tuple[float, float, float] | None = None  # the session's seconds, time of capture, time of arrival

    def session_s(self, captured_s: float) -> float:
        """Return the session's time of a capture that arrives now."""
        arrived_s = self._live.elapsed_s
        if self._base is None:
            self._base = (max(arrived_s, self._live.newest_s + 0.001), captured_s, arrived_s)
        base_s, first_captured_s, first_arrived_s = self._base
        drift_s = (captured_s - first_captured_s) - (arrived_s - first_arrived_s)
        if abs(drift_s) > self._max_drift_s:
            raise ProtocolError(f"The page's clock is {drift_s:+.1f} s off.", Close.CLOCK_DRIFT)
        return base_s + captured_s - first_captured_s

    def now_s(self) -> float:
        """Return the session's time now."""
        arrived_s = self._live.elapsed_s
        return arrived_s if self._base is None else self._base[0] + arrived_s - self._base[2]


class RateLimit:
    """Limits the messages per second, and the messages at once."""

    def __init__(self, settings: LiveSettings, clock: Callable[[], float]) -> None:
        self._per_s, self._most, self._clock = settings.messages_per_s, settings.burst, clock
        self._left, self._at_s = float(settings.burst), clock()

    def count(self) -> None:
        """Count one message. Raises ProtocolError if there are too many."""
        now_s = self._clock()
        self._left = min(self._most, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1:
            raise ProtocolError("Too many messages.", Close.TOO_MUCH)
        self._left -= 1


class SignedOut(ProtocolError):
    """The sign-in that opened a page is no longer valid."""


class LiveSocket:
    """Answers ``WS /live/socket``. ``formcheck.app.live.protocol`` describes the messages."""

    def __init__(self, registry: Callable[[], SessionRegistry]) -> None:
        self._registry = registry
        self.open = 0

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one socket. A refused one is accepted first: only then can the page learn why."""
        await websocket.accept()
        self.open += 1
        try:
            await self._authorise(websocket)
        except ProtocolError as error:
            await _close(websocket, error)
        except (WebSocketDisconnect, OSError):  # the page is gone; ``_authorise`` has told the session
            return
        finally:
            self.open -= 1

    async def _authorise(self, websocket: WebSocket) -> None:
        registry = self._registry()
        settings = registry.settings
        if self.open > settings.sockets:
            raise ProtocolError("Too many people are here at the moment.", Close.TOO_MANY)
        if not same_origin(websocket.headers.get("origin"), websocket.headers.get("host")):
            raise ProtocolError("The page is from somewhere else.", Close.NOT_ALLOWED)
        hello = await _receive(websocket, settings.hello_s)
        if not isinstance(hello, Hello):
            raise ProtocolError("The first message is not a hello.")
        ticket = registry.tickets.get(hello.token)
        if ticket is not None:
            await _verify_sign_in(ticket)
        connection = ClientConnection(hello.client, registry.clock)
        in_flight = 2 if is_local(websocket.headers.get("host")) else 4
        live = registry.join(hello, connection, in_flight)
        try:
            await self._talk(websocket, _ConnectedPage(live, connection, hello, settings, registry.clock))
        except SignedOut:
            registry.release(hello.token)
            raise
        finally:
            live.leave(connection)

    async def _talk(self, websocket: WebSocket, page: _ConnectedPage) -> None:
        """Receive, send and check the sign-in at the same time. The first of the three that ends also ends the others."""
        tasks = [
            asyncio.create_task(each)
            for each in (page.watch(), page.connection.send_all(websocket), page.listen(websocket))
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in reversed(ended):
            if isinstance(outcome, Exception):
                raise outcome


class _ConnectedPage:
    """One page that has said hello."""

    def __init__(
        self,
        live: LiveSession,
        connection: ClientConnection,
        hello: Hello,
        settings: LiveSettings,
        clock: Callable[[], float],
    ) -> None:
        self.live, self.connection, self._hello, self._settings = live, connection, hello, settings
        self._times, self._rate = PageClock(live, settings.max_drift_s), RateLimit(settings, clock)

    async def watch(self) -> None:
        """Check the sign-in again and again. Raises SignedOut."""
        while True:
            await asyncio.sleep(self._settings.ask_again_s)
            await _verify_sign_in(self.live.ticket)

    async def listen(self, websocket: WebSocket) -> None:
        """Hand on the page's messages. Raises ProtocolError and WebSocketDisconnect."""
        while True:
            message = await _receive(websocket, self._settings.idle_s, Close.IDLE)
            self.connection.heard()
            self._rate.count()
            if self.connection.unread:
                raise ProtocolError("The answers are not read.", Close.TOO_MUCH)
            if isinstance(message, Hello):
                raise ProtocolError("A second hello.")
            if isinstance(message, Bye):
                self.live.end("left")  # which also closes the connection
                continue
            if isinstance(message, Capture):
                t_s = self._times.session_s(message.at_s)
                self.live.newest_s = max(self.live.newest_s, t_s)
            else:
                t_s = self._times.now_s()
            self.live.put(Inbound(self.connection, self._hello, t_s, message))


def same_origin(origin: str | None, host: str | None) -> bool:
    """Return whether a page from ``origin`` belongs to the server ``host``. A missing header never matches."""
    return bool(origin and host and origin.partition("://")[2].lower() == host.lower())


async def _verify_sign_in(ticket: Ticket) -> None:
    """Check in the database that the ticket's owner is still signed in and owns the training session. Raises SignedOut."""

    def owns_session() -> bool:
        return ticket.store.sessions.get(ticket.training_session_id).person_id == ticket.store.who().person_id

    try:
        if await asyncio.to_thread(owns_session):
            return
    except StoreError as error:
        if error.code not in REFUSED:  # the session itself reports a database that does not answer
            return
    raise SignedOut("This is not yours, or not any more.", Close.NOT_ALLOWED)


async def _receive(
    websocket: WebSocket, within_s: float, late: Close = Close.NOT_THE_PROTOCOL
) -> TextMessage | Capture:
    """Return the next checked message. Raises ProtocolError and WebSocketDisconnect."""
    try:
        message = await asyncio.wait_for(websocket.receive(), within_s)
    except TimeoutError as error:
        raise ProtocolError(f"Nothing came for {within_s:g} s.", late) from error
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    text, data = message.get("text"), message.get("bytes")
    return parse_text(text) if text is not None else parse_binary(data or b"")


async def _close(websocket: WebSocket, error: ProtocolError) -> None:
    try:
        await asyncio.wait_for(websocket.close(int(error.close), str(error)[:120]), CLOSE_S)
    except (RuntimeError, WebSocketDisconnect, TimeoutError):  # it is closed already, or the other end does not read
        return
