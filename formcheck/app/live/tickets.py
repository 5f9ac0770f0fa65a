"""Permission to open the live socket. The page makes a token for one browser session and one training session."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.app.live.protocol import PoseMode
    from formcheck.app.live.settings import LiveSettings
    from formcheck.coach.display import Outline
    from formcheck.spec.prescription import PlannedSet
    from formcheck.store.access import AuthorisedStore


@dataclass(slots=True, frozen=True)
class Ticket:
    """The permission behind a token.

    ``user``: sockets are counted per user. ``session``: the browser session. ``training_session_id``: in the store. ``first``:
    index of the first set. ``resume``: the store's id of an interrupted set to continue. ``modes``: the allowed modes.
    ``consent_needed``: ``server`` only after the person agreed on the page. ``outlines``: see ``formcheck.coach.coach.Coach``.
    ``store``: with the rights of the person who trains.
    """

    user: str
    session: str
    training_session_id: int
    sets: tuple[PlannedSet, ...]
    store: AuthorisedStore
    language: str = "en"
    pain_mode: bool = False
    first: int = 0
    resume: int | None = None
    modes: tuple[PoseMode, ...] = ("browser",)
    consent_needed: bool = True
    outlines: dict[str, Outline] = field(default_factory=dict)


@dataclass(slots=True)
class _IssuedTicket:
    ticket: Ticket
    issued_s: float
    used: bool = False


class Tickets:
    """The tokens of this process. Any thread may call it. ``clock``: seconds that only rise."""

    def __init__(self, settings: LiveSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._lock = threading.Lock()
        self._entries: dict[str, _IssuedTicket] = {}

    def issue(self, ticket: Ticket) -> str:
        """Return a new token. It must be used within minutes, and is then valid for some hours."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._drop_expired()
            self._entries[token] = _IssuedTicket(ticket, self._clock())
        return token

    def get(self, token: str) -> Ticket | None:
        """Return the ticket of a token; None when it is unknown or has expired."""
        with self._lock:
            self._drop_expired()
            entry = self._entries.get(token)
            return None if entry is None else entry.ticket

    def use(self, token: str) -> Ticket | None:
        """Return the ticket of a token, and mark the token as used."""
        with self._lock:
            self._drop_expired()
            entry = self._entries.get(token)
            if entry is None:
                return None
            entry.used = True
            return entry.ticket

    def replace_ticket(self, token: str, ticket: Ticket) -> None:
        """Give a token a ticket for the rest of its training session, when a live session ended before the last set."""
        with self._lock:
            if token in self._entries:
                self._entries[token].ticket = ticket

    def revoke(self, token: str) -> None:
        """Forget a token."""
        with self._lock:
            self._entries.pop(token, None)

    def of_session(self, session: str) -> list[str]:
        """Return the tokens of a browser session."""
        with self._lock:
            return [token for token, entry in self._entries.items() if entry.ticket.session == session]

    def _drop_expired(self) -> None:
        now_s = self._clock()
        for token, entry in list(self._entries.items()):
            lives_s = self._settings.token_s if entry.used else self._settings.token_unused_s
            if now_s - entry.issued_s > lives_s:
                del self._entries[token]
