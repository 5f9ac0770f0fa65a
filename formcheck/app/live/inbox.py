"""Items that wait for a live session's thread. Their number is limited: the newest picture wins, or the last few landmarks."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.app.live.protocol import Capture, Command, Facts, Hello

if TYPE_CHECKING:
    from formcheck.app.live.connection import ClientConnection

MOST_CAPTURES = {"server": 1, "browser": 8}
"""The most pictures (``server``) or sets of landmarks (``browser``) that wait (default)."""
MOST_OTHERS = 64
"""The most other items that wait (default)."""


@dataclass(slots=True, frozen=True, eq=False)
class Inbound:
    """A message from a page that said ``hello``. ``t_s``: its time in the session's seconds."""

    connection: ClientConnection
    hello: Hello
    t_s: float
    what: Capture | Command | Facts


@dataclass(slots=True, frozen=True, eq=False)
class ClientJoined:
    """A page has said hello. ``in_flight``: the number of captures it may send before the first is answered."""

    connection: ClientConnection
    hello: Hello
    in_flight: int


class Inbox:
    """A queue: any thread puts, one thread takes."""

    def __init__(self) -> None:
        self._items: deque[Inbound | ClientJoined] = deque()
        self._changed = threading.Condition()
        self._captures = 0
        self._woken = False

    def put(self, item: Inbound | ClientJoined) -> Inbound | ClientJoined | None:
        """Add an item. Return the item that gives way to it and is never looked at, if there is one."""
        with self._changed:
            gone = None
            if _is_capture(item):
                if self._captures >= MOST_CAPTURES[item.hello.mode]:
                    gone = next(other for other in self._items if _is_capture(other))
                    self._items.remove(gone)
                else:
                    self._captures += 1
            elif len(self._items) - self._captures >= MOST_OTHERS:
                return item
            self._items.append(item)
            self._changed.notify()
            return gone

    def take(self, timeout_s: float | None) -> Inbound | ClientJoined | None:
        """Return the oldest item, waiting at most ``timeout_s`` (None: no limit). None if none came, or ``wake`` was called."""
        with self._changed:
            if not self._items and not self._woken:
                self._changed.wait(timeout_s)
            self._woken = False
            if not self._items:
                return None
            item = self._items.popleft()
            self._captures -= _is_capture(item)
            return item

    def wake(self) -> None:
        """Let ``take`` return now, or the next call if none waits."""
        with self._changed:
            self._woken = True
            self._changed.notify()


def _is_capture(item: Inbound | ClientJoined) -> bool:
    return isinstance(item, Inbound) and isinstance(item.what, Capture)
