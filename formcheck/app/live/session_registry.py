"""The live sessions of this process, by token."""

from __future__ import annotations

import functools
import itertools
import threading
import time
from typing import TYPE_CHECKING

from formcheck.app.live.live_session import LiveSession, SessionEnd
from formcheck.app.live.protocol import Close, Hello, ProtocolError
from formcheck.app.live.settings import LiveSettings, current
from formcheck.app.live.tickets import Ticket, Tickets

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.app.live.connection import ClientConnection

PATIENCE_S = 10.0
"""The longest wait for the end of another session (s, default)."""


class SessionRegistry:
    """Tokens and live sessions. Any thread may call it. ``clock``: seconds that only rise."""

    def __init__(self, settings: LiveSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings, self.clock = settings, clock
        self.tickets = Tickets(settings, clock)
        self._lock = threading.Lock()
        self._sessions: dict[str, LiveSession] = {}
        self._closed = False

    def join(self, hello: Hello, connection: ClientConnection, in_flight: int) -> LiveSession:
        """Return the live session of a token, new or as the page left it, and connect the page. Raises ProtocolError."""
        ticket = self.tickets.use(hello.token)
        if ticket is None:
            raise ProtocolError("The token is unknown or has expired.", Close.NOT_ALLOWED)
        agreed = hello.consent or not ticket.consent_needed
        if hello.mode not in ticket.modes or (hello.mode == "server" and not agreed):
            raise ProtocolError(f"The mode {hello.mode} is not allowed here.", Close.NOT_ALLOWED)
        with self._lock:
            live = self._sessions.get(hello.token)
            if self._closed or (live is not None and live.ending):
                raise ProtocolError("The session is ending.", Close.AGAIN)
            self._check_places(ticket, live, hello)
            if live is None:
                live = self._sessions[hello.token] = self._new(hello.token, ticket)
                live.start()
            live.join(connection, hello, in_flight)
            return live

    def end_session(self, session: str) -> None:
        """End every live session of a browser session that is gone."""
        for token in self.tickets.of_session(session):
            self.revoke(token)

    def revoke(self, token: str) -> None:
        """Forget a token, and finish its live session."""
        self._forget(token, "left")

    def release(self, token: str) -> None:
        """Forget a token, and release its live session: its owner can take up the set again."""
        self._forget(token, "released")

    def count(self) -> int:
        """Return the number of live sessions."""
        with self._lock:
            return len(self._sessions)

    def close(self) -> None:
        """Release every live session and wait for the threads, when the app ends. Their sets can be taken up again."""
        with self._lock:
            self._closed = True
            sessions = list(self._sessions.values())
        self._end(sessions, "released")

    def _forget(self, token: str, how: SessionEnd) -> None:
        self.tickets.revoke(token)
        with self._lock:
            live = self._sessions.get(token)
        if live is not None:
            live.end(how)

    def _check_places(self, ticket: Ticket, live: LiveSession | None, hello: Hello) -> None:
        """Raise ProtocolError if another page has the live session, or the user has too many open."""
        here = None if live is None else live.connection
        if here is not None and here.client != hello.client and self.clock() - here.heard_s < self.settings.alive_s:
            raise ProtocolError("Another page has this open.", Close.OPEN_ELSEWHERE)
        others = [other for other in self._sessions.values() if other is not live and other.connection is not None]
        if sum(other.ticket.user == ticket.user for other in others) >= self.settings.sockets_per_user:
            raise ProtocolError("Too many pages are open.", Close.TOO_MANY)

    def _new(self, token: str, ticket: Ticket) -> LiveSession:
        def before() -> None:
            if ticket.resume is not None:
                self._free(token, ticket.resume)

        return LiveSession(
            ticket, self.settings, before=before, on_end=lambda live: self._remove(token, live), clock=self.clock
        )

    def _free(self, token: str, set_id: int) -> None:
        """Release older live sessions of the set that this token continues: the page was loaded again."""
        with self._lock:
            older = itertools.takewhile(lambda entry: entry[0] != token, self._sessions.items())
            holding = {other: live for other, live in older if live.set_id == set_id}
        for other in holding:
            self.tickets.revoke(other)
        self._end(list(holding.values()), "released")

    def _end(self, sessions: list[LiveSession], how: SessionEnd) -> None:
        for live in sessions:
            live.end(how)
        for live in sessions:
            live.wait(PATIENCE_S)

    def _remove(self, token: str, live: LiveSession) -> None:
        with self._lock:
            self._sessions.pop(token, None)
        if live.continuation is None:
            self.tickets.revoke(token)
        else:
            self.tickets.replace_ticket(token, live.continuation)


@functools.cache
def live_sessions() -> SessionRegistry:
    """Return the live sessions of this process."""
    return SessionRegistry(current())
