"""The live socket: who may open it, what may come in and how fast, and answers that never pile up.

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
    from formcheck.app.live.session_registry import SessionRegistry
    from formcheck.app.live.tickets import Ticket

PATH = "/live/socket"
CLOSE_S = 5.0


class PageClock:
    """Turns a page's own times into the run's seconds. Raises ProtocolError (``CLOCK_DRIFT``) when the two clocks part."""

    def __init__(self, run: LiveSession, max_drift_s: float) -> None:
        self._run, self._max_drift_s = run, max_drift_s
        self._base: tuple[float, float, float] | None = None  # the run's seconds, captured, arrived

    def run_s(self, captured_s: float) -> float:
        """Return when something was captured that arrives now."""
        arrived_s = self._run.elapsed_s
        if self._base is None:
            self._base = (max(arrived_s, self._run.newest_s + 0.001), captured_s, arrived_s)
        base_s, first_captured_s, first_arrived_s = self._base
        drift_s = (captured_s - first_captured_s) - (arrived_s - first_arrived_s)
        if abs(drift_s) > self._max_drift_s:
            raise ProtocolError(f"The page's clock is {drift_s:+.1f} s off.", Close.CLOCK_DRIFT)
        return base_s + captured_s - first_captured_s

    def now_s(self) -> float:
        """Return the run's seconds now."""
        arrived_s = self._run.elapsed_s
        return arrived_s if self._base is None else self._base[0] + arrived_s - self._base[2]


class RateLimit:
    """So many messages a second, and a few at once."""

    def __init__(self, settings: LiveSettings, clock: Callable[[], float]) -> None:
        self._per_s, self._most, self._clock = settings.messages_per_s, settings.burst, clock
        self._left, self._at_s = float(settings.burst), clock()

    def count(self) -> None:
        """Count one message. Raises ProtocolError when there are too many."""
        now_s = self._clock()
        self._left = min(self._most, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1:
            raise ProtocolError("Too many messages.", Close.TOO_MUCH)
        self._left -= 1


class SignedOut(ProtocolError):
    """The sign-in that a page was opened with counts no more."""


class LiveSocket:
    """Answers ``WS /live/socket``. See ``formcheck.app.live.protocol`` for what is said."""

    def __init__(self, runs: Callable[[], SessionRegistry]) -> None:
        self._runs = runs
        self.open = 0

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one socket. A refused one is accepted first: only so does the page learn why."""
        await websocket.accept()
        self.open += 1
        try:
            await self._authorise(websocket)
        except ProtocolError as error:
            await _close(websocket, error)
        except (WebSocketDisconnect, OSError):  # the page is gone; ``_talk`` has told the run
            return
        finally:
            self.open -= 1

    async def _authorise(self, websocket: WebSocket) -> None:
        runs = self._runs()
        settings = runs.settings
        if self.open > settings.sockets:
            raise ProtocolError("Too many people are here at the moment.", Close.TOO_MANY)
        if not same_origin(websocket.headers.get("origin"), websocket.headers.get("host")):
            raise ProtocolError("The page is from somewhere else.", Close.NOT_ALLOWED)
        hello = await _receive(websocket, settings.hello_s)
        if not isinstance(hello, Hello):
            raise ProtocolError("The first message is not a hello.")
        ticket = runs.tickets.get(hello.token)
        if ticket is not None:
            await _verify_sign_in(ticket)
        line = ClientConnection(hello.client, runs.clock)
        in_flight = 2 if is_local(websocket.headers.get("host")) else 4
        run = runs.join(hello, line, in_flight)
        try:
            await self._talk(websocket, _Page(run, line, hello, settings, runs.clock))
        except SignedOut:
            runs.release(hello.token)
            raise
        finally:
            run.leave(line)

    async def _talk(self, websocket: WebSocket, page: _Page) -> None:
        """Receive, send and see whether the sign-in still counts, until one of them ends; the others are ended with it."""
        tasks = [
            asyncio.create_task(each) for each in (page.watch(), page.line.send_all(websocket), page.listen(websocket))
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


class _Page:
    """One page that has said hello."""

    def __init__(
        self, run: LiveSession, line: ClientConnection, hello: Hello, settings: LiveSettings, clock: Callable[[], float]
    ) -> None:
        self.run, self.line, self._hello, self._settings = run, line, hello, settings
        self._times, self._rate = PageClock(run, settings.max_drift_s), RateLimit(settings, clock)

    async def watch(self) -> None:
        """Ask again and again whether whose training it is may still be here. Raises SignedOut."""
        while True:
            await asyncio.sleep(self._settings.ask_again_s)
            await _verify_sign_in(self.run.ticket)

    async def listen(self, websocket: WebSocket) -> None:
        """Hand on what the page sends. Raises ProtocolError and WebSocketDisconnect."""
        while True:
            message = await _receive(websocket, self._settings.idle_s, Close.IDLE)
            self.line.heard()
            self._rate.count()
            if self.line.unread:
                raise ProtocolError("The answers are not read.", Close.TOO_MUCH)
            if isinstance(message, Hello):
                raise ProtocolError("A second hello.")
            if isinstance(message, Bye):
                self.run.end("left")  # and that closes the line
                continue
            if isinstance(message, Capture):
                t_s = self._times.run_s(message.at_s)
                self.run.newest_s = max(self.run.newest_s, t_s)
            else:
                t_s = self._times.now_s()
            self.run.put(Inbound(self.line, self._hello, t_s, message))


def same_origin(origin: str | None, host: str | None) -> bool:
    """Return whether a page from ``origin`` belongs to the server that was asked as ``host``. A missing one does not."""
    return bool(origin and host) and origin.partition("://")[2].lower() == host.lower()


async def _verify_sign_in(ticket: Ticket) -> None:
    """Ask the database whether a training is that of whoever was given its ticket, and they may be here. Raises SignedOut."""

    def own() -> bool:
        return ticket.store.sessions.get(ticket.training).person_id == ticket.store.who().person_id

    try:
        if await asyncio.to_thread(own):
            return
    except StoreError as error:
        if error.code not in REFUSED:  # of a database that does not answer the run itself tells
            return
    raise SignedOut("This is not yours, or not any more.", Close.NOT_ALLOWED)


async def _receive(websocket: WebSocket, within_s: float, late: Close = Close.NOT_THE_PROTOCOL):
    """Return the next message, checked. Raises ProtocolError, WebSocketDisconnect."""
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
    except (RuntimeError, WebSocketDisconnect, TimeoutError):  # it is closed already, or nobody reads at the other end
        return
