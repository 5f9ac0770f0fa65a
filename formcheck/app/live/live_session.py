"""One live session: a thread with a coach, from the first hello to the end.

The event loop puts in what arrives and gets answers through a ``ClientConnection``. Everything else happens in the session's
thread. A live session outlives its sockets: it waits a while for the page to come back.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from formcheck.app.live.inbox import ClientJoined, Inbound, Inbox
from formcheck.app.live.protocol import Capture, Close, Hello
from formcheck.app.live.session_worker import SessionWorker
from formcheck.errors import FormcheckError
from formcheck.i18n import error_text, translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.app.live.connection import ClientConnection
    from formcheck.app.live.settings import LiveSettings
    from formcheck.app.live.tickets import Ticket

SessionEnd = Literal["left", "released"]
"""How a live session ends. ``left``: the person has gone, so its set is finished. ``released``: its set can be taken up again."""


class LiveSession:
    """One thread with a coach. ``before`` is called first and ``on_end`` last, both in the session's thread."""

    def __init__(
        self,
        ticket: Ticket,
        settings: LiveSettings,
        *,
        before: Callable[[], None],
        on_end: Callable[[LiveSession], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ticket, self._settings, self._clock = ticket, settings, clock
        self._before, self._on_end = before, on_end
        self._began_s = self._alone_since_s = clock()
        self._lock = threading.Lock()
        self._inbox = Inbox()
        self._end: SessionEnd | None = None
        self._worker: SessionWorker | None = None
        self._over = False
        self.connection: ClientConnection | None = None
        self.newest_s = 0.0
        """The time of the newest capture, in the session's seconds."""
        self.skipped = 0
        """The number of messages that could not be used, or gave way to newer ones."""
        self.continuation: Ticket | None = None
        """The ticket for the rest of the training session, set at the end; None when the training session is over."""
        self._thread = threading.Thread(target=self._work, name="live-session", daemon=True)

    # Called from the event loop

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    @property
    def elapsed_s(self) -> float:
        """Return how long the session has lasted, in seconds."""
        return self._clock() - self._began_s

    @property
    def ending(self) -> bool:
        """True when the session takes up nothing new."""
        return self._over or self._end is not None

    @property
    def set_id(self) -> int | None:
        """Return the store's id of the set that runs, or will be taken up again."""
        worker = self._worker
        return self.ticket.resume if worker is None else worker.recorder.running

    def join(self, connection: ClientConnection, hello: Hello, in_flight: int) -> None:
        """Connect a page. The page before, if any, is disconnected."""
        with self._lock:
            before, self.connection = self.connection, connection
        if before is not None:
            before.close(Close.OPEN_ELSEWHERE, "taken over")
        self._inbox.put(ClientJoined(connection, hello, in_flight))

    def leave(self, connection: ClientConnection) -> None:
        """Note that a page is gone. From now on the session waits for a limited time."""
        with self._lock:
            if self.connection is not connection:
                return
            self.connection, self._alone_since_s = None, self._clock()
        self._inbox.wake()

    def put(self, item: Inbound) -> None:
        """Take a message. A picture that gives way to it is answered at once."""
        gone = self._inbox.put(item)
        if isinstance(gone, Inbound):
            self._skip(gone)

    def end(self, how: SessionEnd) -> None:
        """Ask the thread to end."""
        self._end = self._end or how
        self._inbox.wake()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the thread; return whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # Called from the session's thread

    def _work(self) -> None:
        try:
            self._before()
            self._worker = SessionWorker(self.ticket, self._settings)
            self._serve(self._worker)
            if self._end == "left":
                self._worker.finish()
        except Exception as error:
            self._fail(error)
        finally:
            self._over = True
            if self._worker is not None:
                self.continuation = self._rest(self._worker)
                self._close(self._worker)
            self._on_end(self)  # from here on, no page can join
            if self.connection is not None:
                self.connection.close(Close.OVER if self._end == "left" else Close.AGAIN, "the session has ended")

    def _serve(self, worker: SessionWorker) -> None:
        while self._end is None:
            item = self._inbox.take(self._patience_s())
            if item is None:
                if self._patience_s() == 0 and self._end is None:
                    self._end = "left"
            elif not worker.handle(item) and isinstance(item, Inbound):
                self._skip(item)

    def _patience_s(self) -> float | None:
        """Return how long the session still waits for its page, in seconds; None while the page is there."""
        with self._lock:
            if self.connection is not None:
                return None
            return max(0.0, self._alone_since_s + self._settings.grace_s - self._clock())

    def _skip(self, item: Inbound) -> None:
        self.skipped += 1
        if isinstance(item.what, Capture):
            item.connection.post({"type": "frame", "id": item.what.id, "skipped": True})

    def _fail(self, error: Exception) -> None:
        """Tell the page in words. The set stays as it is stored, and can be taken up again."""
        language = self.ticket.language
        if isinstance(error, FormcheckError):
            code, text = error.code, error_text(error, language)
            print(f"The live page of one session ended: {error}", file=sys.stderr)
        else:
            code, text = "broken", translator(language)("live.server.broken", kind=type(error).__name__)
            traceback.print_exception(error, file=sys.stderr)
        with self._lock:
            connection = self.connection
        if connection is not None:
            connection.post({"type": "event", "name": "error", "code": code, "text": text})
            connection.close(Close.FAILED, code)

    def _rest(self, worker: SessionWorker) -> Ticket | None:
        running = worker.recorder.running
        if running is None and worker.next_index is None:
            return None
        return replace(self.ticket, resume=running, first=worker.next_index or 0)

    def _close(self, worker: SessionWorker) -> None:
        try:
            worker.close()
        except (FormcheckError, OSError, RuntimeError, ValueError) as error:
            traceback.print_exception(error, file=sys.stderr)
