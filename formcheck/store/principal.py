"""Identities of those who ask the store, and the permissions that a function can demand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Permission(Flag):
    """Those who may call a function."""

    OWN = auto()
    """The person whose data it is."""
    LINKED = auto()
    """A physiotherapist who is linked to that person."""
    PHYSIOTHERAPIST = auto()
    """Any physiotherapist."""
    ADMINISTRATOR = auto()
    """Any administrator."""
    ACCOUNT = auto()
    """Any account, about itself."""
    PERSON = auto()
    """Any person who trains; the function touches no one's data."""


class Local(Enum):
    """The person in front of a machine without accounts."""

    PERSON = "local"


@dataclass(slots=True, frozen=True)
class Asker:
    """An account and the time (UTC) at which it signed in."""

    account_id: int
    signed_in_at: datetime


@dataclass(slots=True, frozen=True)
class Principal:
    """The one who asks, as the database knows them now. ``account_id``: None on a machine without accounts."""

    account_id: int | None
    name: str
    roles: frozenset[str]
    person_id: int | None
