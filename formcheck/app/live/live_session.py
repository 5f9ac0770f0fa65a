"""One live run: a thread with a coach, from the first hello to the end of the session.

The event loop puts in what arrives and gets answers through a ``ClientConnection``; everything else happens in the
run's thread. A run
outlives its sockets: it waits a while for the page to come back.
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

    from formcheck.app.live.settings import LiveSettings
    from formcheck.app.live.connection import ClientConnection
    from formcheck.app.live.tickets import Ticket

How = Literal["left", "released"]
"""How a run is ended: the person has gone, so that its set is finished; or its set is left to be taken up again."""


class LiveSession:
    """See the module. ``before`` is called first and ``on_end`` last, both in the run's thread."""

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
        self._how: How | None = None
        self._coaching: SessionWorker | None = None
        self._over = False
        self.line: ClientConnection | None = None
        self.newest_s = 0.0
        """The time of the newest capture, in the run's seconds."""
        self.skipped = 0
        """Messages that could not be used, or gave way to newer ones."""
        self.left_over: Ticket | None = None
        """What a later run would go on with, once this one has ended; None when the session is over."""
        self._thread = threading.Thread(target=self._work, name="live-run", daemon=True)

    # Called from the event loop

    def start(self) -> None:
        """Start the run's thread."""
        self._thread.start()

    @property
    def elapsed_s(self) -> float:
        """Return how long the run has lasted."""
        return self._clock() - self._began_s

    @property
    def ending(self) -> bool:
        """True when nothing new is taken up any more."""
        return self._over or self._how is not None

    @property
    def set_id(self) -> int | None:
        """Return the store's id of the set that is on, or is to be taken up again."""
        coaching = self._coaching
        return self.ticket.resume if coaching is None else coaching.keeper.running

    def join(self, line: ClientConnection, hello: Hello, in_flight: int) -> None:
        """Give the run a page's socket. The one before, if any, is closed."""
        with self._lock:
            before, self.line = self.line, line
        if before is not None:
            before.close(Close.OPEN_ELSEWHERE, "taken over")
        self._inbox.put(ClientJoined(line, hello, in_flight))

    def leave(self, line: ClientConnection) -> None:
        """Tell that a socket is gone: from now on the run waits, and not for ever."""
        with self._lock:
            if self.line is not line:
                return
            self.line, self._alone_since_s = None, self._clock()
        self._inbox.wake()

    def put(self, item: Inbound) -> None:
        """Take what has arrived. A picture that gives way to it is answered at once."""
        gone = self._inbox.put(item)
        if isinstance(gone, Inbound):
            self._skip(gone)

    def end(self, how: How) -> None:
        """Ask the thread to end."""
        self._how = self._how or how
        self._inbox.wake()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the thread; return whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # The run's thread

    def _work(self) -> None:
        try:
            self._before()
            self._coaching = SessionWorker(self.ticket, self._settings)
            self._serve(self._coaching)
            if self._how == "left":
                self._coaching.finish()
        except Exception as error:
            self._fail(error)
        finally:
            self._over = True
            if self._coaching is not None:
                self.left_over = self._rest(self._coaching)
                self._close(self._coaching)
            self._on_end(self)  # nobody joins any more
            if self.line is not None:
                self.line.close(Close.OVER if self._how == "left" else Close.AGAIN, "the run has ended")

    def _serve(self, coaching: SessionWorker) -> None:
        while self._how is None:
            item = self._inbox.take(self._patience_s())
            if item is None:
                if self._patience_s() == 0 and self._how is None:
                    self._how = "left"
            elif not coaching.handle(item):
                self._skip(item)

    def _patience_s(self) -> float | None:
        """Return how long the run still waits for its page, None while the page is there."""
        with self._lock:
            if self.line is not None:
                return None
            return max(0.0, self._alone_since_s + self._settings.grace_s - self._clock())

    def _skip(self, item: Inbound) -> None:
        self.skipped += 1
        if isinstance(item.what, Capture):
            item.line.post({"type": "frame", "id": item.what.id, "skipped": True})

    def _fail(self, error: Exception) -> None:
        """Tell the page in words. The set is left as it is kept, to be taken up again."""
        language = self.ticket.language
        if isinstance(error, FormcheckError):
            code, text = error.code, error_text(error, language)
            print(f"The live page of one session ended: {error}", file=sys.stderr)
        else:
            code, text = "broken", translator(language)("live.server.broken", kind=type(error).__name__)
            traceback.print_exception(error, file=sys.stderr)
        with self._lock:
            line = self.line
        if line is not None:
            line.post({"type": "event", "name": "error", "code": code, "text": text})
            line.close(Close.FAILED, code)

    def _rest(self, coaching: SessionWorker) -> Ticket | None:
        running = coaching.keeper.running
        if running is None and coaching.next_index is None:
            return None
        return replace(self.ticket, resume=running, first=coaching.next_index or 0)

    def _close(self, coaching: SessionWorker) -> None:
        try:
            coaching.close()
        except (FormcheckError, OSError, RuntimeError, ValueError) as error:
            traceback.print_exception(error, file=sys.stderr)
