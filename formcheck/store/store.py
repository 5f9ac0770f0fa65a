"""The store: one object for everything that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.store.access_log import AccessLog
from formcheck.store.accounts import Accounts
from formcheck.store.database import Database, data_folder
from formcheck.store.links import Links
from formcheck.store.messages import Messages
from formcheck.store.overview import Overview
from formcheck.store.people import People
from formcheck.store.personal_data import PersonalData
from formcheck.store.programmes import Programmes
from formcheck.store.reviews import Reviews
from formcheck.store.sessions import Sessions
from formcheck.store.sets import Sets
from formcheck.store.videos import Videos

if TYPE_CHECKING:
    from pathlib import Path


class Store:
    """Everything that is kept, without asking who asks: pages use it through ``formcheck.store.access.AuthorisedStore``.

    Safe from any thread; nothing stays open between calls but idle connections.

    ``url``: an SQLAlchemy URL; None: see ``Database``. ``folder``: traces, journals and videos, as files beside the database,
    SQLite and PostgreSQL alike; by default the person's own data folder. Raises StoreError.
    """

    def __init__(self, url: str | None = None, folder: Path | None = None) -> None:
        self.folder = folder or data_folder()
        self.database = Database(url, self.folder)
        self.people = People(self.database)
        self.sessions = Sessions(self.database)
        self.sets = Sets(self.database, self.folder)
        self.videos = Videos(self.database, self.folder)
        self.programmes = Programmes(self.database)
        self.messages = Messages(self.database)
        self.reviews = Reviews(self.database)
        self.accounts = Accounts(self.database)
        self.links = Links(self.database)
        self.log = AccessLog(self.database)
        self.overview = Overview(self.database)
        self.own_data = PersonalData(self.database, self.folder, self.sets)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
