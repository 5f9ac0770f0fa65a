"""Messages and comments between a person and a physiotherapist, without Streamlit. Everything raises StoreError."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from formcheck.app import identity

if TYPE_CHECKING:
    from formcheck.model.entities import Link, Message

URGENT_VARIABLE = "FORMCHECK_URGENT_PHONE"
"""The number to call when it is urgent, as it stands at the text box; unset: the doctor or the out-of-hours service."""
COMMENTS_OF = timedelta(days=90)
"""So far back comments on sets are shown among the messages."""


@dataclass(slots=True, frozen=True)
class Said:
    """One thing in a conversation. ``mine``: by whoever reads it; ``unread``: of the other's, until now.

    ``set_id`` and ``moment_s``: the set and the moment of a comment, None for a message.
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
    """Return the number to call when it is urgent, None when none is set."""
    return os.environ.get(URGENT_VARIABLE, "").strip() or None


def partners(as_person: bool) -> list[Link]:
    """Return who may be written to: the person's physiotherapists, or (not ``as_person``) the physiotherapist's people."""
    store = identity.store()
    return store.links.of(store.who().person_id) if as_person else store.links.people_of()


def unread_by_person(person_id: int) -> list[Message]:
    """Return the messages to the person who asks that they have not read."""
    return [one for one in identity.store().messages.of(person_id) if not one.from_person and one.read_at is None]


def conversation(link: Link, as_person: bool, today: date) -> list[Said]:
    """Return messages, and comments on sets, between the two of a link, in order; unread ones are marked as read with it."""
    store = identity.store()
    me, other = (
        (link.person_name, link.physiotherapist_name) if as_person else (link.physiotherapist_name, link.person_name)
    )
    said = []
    for one in store.messages.of(link.person_id, link.physiotherapist_id):
        mine = one.from_person == as_person
        said.append(Said(one.text, me if mine else other, one.sent_at, mine, not mine and one.read_at is None))
    store.messages.mark_read(link.person_id, link.physiotherapist_id)
    return sorted([*said, *_comments(link, me, today)], key=lambda one: one.at)


def send(link: Link, text: str) -> None:
    """Send a message to the other of a link. Raises StoreError for one that is empty or too long."""
    identity.store().messages.send(link.person_id, link.physiotherapist_id, text)


def _comments(link: Link, me: str, today: date) -> list[Said]:
    """Return what was said about moments of sets of which a physiotherapist said something."""
    sessions = identity.store().overview.sessions(link.person_id, today - COMMENTS_OF)
    sets = {one.id: one for session in sessions for one in session.sets if one.begun}
    entries = identity.store().reviews.of(*sets) if sets else {}
    return [
        Said(entry.text, entry.by, entry.at, entry.by == me, False, set_id, entry.moment_s, sets[set_id].exercise)
        for set_id, found in entries.items()
        for entry in found
        if entry.kind == "comment" and entry.by in (link.person_name, link.physiotherapist_name)
    ]
