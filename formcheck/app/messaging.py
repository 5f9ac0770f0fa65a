"""Messages and comments between a person and a physiotherapist, without Streamlit. Every function may raise StoreError."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from formcheck.app.identity import own_person_id

if TYPE_CHECKING:
    from formcheck.model.entities import Link, Message
    from formcheck.store.access import AuthorisedStore

URGENT_VARIABLE = "FORMCHECK_URGENT_PHONE"
"""The number to call when it is urgent, shown beside the text box. Unset: the doctor or the out-of-hours service."""
COMMENTS_OF = timedelta(days=90)
"""Comments on sets of this age are still shown among the messages (default)."""


@dataclass(slots=True, frozen=True)
class ConversationEntry:
    """One message or comment.

    ``mine``: the reader wrote it. ``unread``: the other person wrote it, and the reader sees it for the first time.
    ``set_id`` and ``moment_s``: the set and the moment of a comment; None for a message.
    """

    text: str
    by: str
    at: datetime
    mine: bool
    unread: bool = False
    set_id: int | None = None
    moment_s: float | None = None
    exercise: str | None = None


def urgent_phone() -> str | None:
    """Return the number to call when it is urgent; None when none is set."""
    return os.environ.get(URGENT_VARIABLE, "").strip() or None


def partners(store: AuthorisedStore, as_person: bool) -> list[Link]:
    """Return the links of possible partners: the person's physiotherapists, or else the physiotherapist's people."""
    return store.links.of(own_person_id(store)) if as_person else store.links.people_of()


def unread_by_person(store: AuthorisedStore, person_id: int) -> list[Message]:
    """Return the messages to the present person that they have not read."""
    return [one for one in store.messages.of(person_id) if not one.from_person and one.read_at is None]


def conversation(store: AuthorisedStore, link: Link, as_person: bool, today: date) -> list[ConversationEntry]:
    """Return the messages and comments between the two people of a link, in order. Marks the unread ones as read."""
    me, other = (
        (link.person_name, link.physiotherapist_name) if as_person else (link.physiotherapist_name, link.person_name)
    )
    entries = []
    for one in store.messages.of(link.person_id, link.physiotherapist_id):
        mine = one.from_person == as_person
        unread = not mine and one.read_at is None
        entries.append(ConversationEntry(one.text, me if mine else other, one.sent_at, mine, unread))
    store.messages.mark_read(link.person_id, link.physiotherapist_id)
    return sorted([*entries, *_comments(store, link, me, today)], key=lambda one: one.at)


def send(store: AuthorisedStore, link: Link, text: str) -> None:
    """Send a message to the other person of a link. Raises StoreError for an empty or too long one."""
    store.messages.send(link.person_id, link.physiotherapist_id, text)


def _comments(store: AuthorisedStore, link: Link, me: str, today: date) -> list[ConversationEntry]:
    """Return the comments of the two people of a link on moments of sets."""
    sessions = store.overview.sessions(link.person_id, today - COMMENTS_OF)
    sets = {one.id: one for session in sessions for one in session.sets if one.begun}
    entries = store.reviews.of(*sets) if sets else {}
    return [
        ConversationEntry(
            entry.text, entry.by, entry.at, entry.by == me, False, set_id, entry.moment_s, sets[set_id].exercise
        )
        for set_id, found in entries.items()
        for entry in found
        if entry.kind == "comment"
        and entry.text is not None
        and entry.by in (link.person_name, link.physiotherapist_name)
    ]
