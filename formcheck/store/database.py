"""One database: where it is, that its tables are up to date, and a short transaction for each call."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, Connection, CursorResult, Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from formcheck.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection as SqliteConnection

    from sqlalchemy.sql.dml import UpdateBase

FILE_NAME = "formcheck.sqlite3"
URL_VARIABLE = "FORMCHECK_DATABASE_URL"
"""Names the database where it is not SQLite in the data folder; a password in it is never shown."""
BUSY_S = 15
_MIGRATIONS = Path(__file__).with_name("migrations")
_UPGRADE_LOCK = 0x666F726D  # a number of our own for the lock that keeps two upgrades apart


def data_folder() -> Path:
    """Find the person's own data folder for formcheck. It may not exist yet.

    Returns
    -------
    Path
        The folder.
    """
    return platformdirs.user_data_path("formcheck", appauthor=False)


class Database:
    """Opens (and makes, and upgrades) the database. Safe from any thread.

    ``url``: an SQLAlchemy URL; None: the one that ``FORMCHECK_DATABASE_URL`` names, else SQLite in ``folder``.
    ``upgrade``: False leaves the tables as they are. Raises StoreError.
    """

    def __init__(self, url: str | None, folder: Path, *, upgrade: bool = True) -> None:
        _make_private(folder)
        own_file = folder / FILE_NAME
        parsed = _parsed(url or os.environ.get(URL_VARIABLE) or f"sqlite:///{own_file}")
        self.where = shown(parsed)
        """The database's address without its password."""
        try:
            self.engine = _engine(parsed)
            with self.engine.connect() as connection:
                if upgrade:
                    upgrade_to(connection)
        except (SQLAlchemyError, OSError) as error:
            raise _unusable(parsed, error) from error
        if parsed.database == str(own_file):
            for path in folder.glob(f"{FILE_NAME}*"):
                path.chmod(0o600)
        self._make_session = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a transaction. Its work is stored whole when the block ends well, and not at all otherwise.

        Yields
        ------
        Session
            The transaction.

        Raises
        ------
        StoreError
            The database refused (``store_failed``).
        """
        try:
            with self._make_session.begin() as session:
                yield session
        except SQLAlchemyError as error:
            raise StoreError(
                f"The database could not keep this: {_words(error)}. What was kept before is still there.",
                code="store_failed",
                reason=_words(error),
            ) from error

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a connection that sees everything as it is at one moment.

        Yields
        ------
        Connection
            The connection.

        Raises
        ------
        StoreError
            The database cannot be read (``store_unread``).
        """
        try:
            with self.engine.connect() as connection:
                if self.engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("BEGIN")
                else:
                    connection.execution_options(isolation_level="REPEATABLE READ")
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(
                f"The database could not be read: {_words(error)}.", code="store_unread", reason=_words(error)
            ) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def now() -> datetime:
    """Read the clock.

    Returns
    -------
    datetime
        The time as the database stores it: UTC without a zone, whole seconds.
    """
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def utc(at: datetime) -> datetime:
    """Give a stored time its zone.

    Parameters
    ----------
    at : datetime
        Time as the database stores it: UTC without a zone.

    Returns
    -------
    datetime
        The time in UTC.
    """
    return at.replace(tzinfo=UTC)


def optional_utc(at: datetime | None) -> datetime | None:
    """Give a stored time its zone; None stays None.

    Parameters
    ----------
    at : datetime or None
        Time as the database stores it.

    Returns
    -------
    datetime or None
        The time in UTC.
    """
    return None if at is None else utc(at)


def naive(at: datetime) -> datetime:
    """Convert a time to the form in which the database stores it.

    Parameters
    ----------
    at : datetime
        A time with its zone.

    Returns
    -------
    datetime
        The time in UTC without a zone.
    """
    return at.astimezone(UTC).replace(tzinfo=None)


def changed_rows(session: Session, statement: UpdateBase) -> int:
    """Run a statement that changes rows.

    Parameters
    ----------
    session : Session
        The transaction.
    statement : UpdateBase
        An update or a deletion.

    Returns
    -------
    int
        Number of rows that it changed.
    """
    result = session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"Cannot make the folder {folder}: {error.strerror}. Nothing was changed.",
            code="store_folder",
            folder=str(folder),
            reason=error.strerror,
        ) from error
    if not os.access(folder, os.W_OK):
        raise StoreError(
            f"Cannot make the folder {folder}: permission denied. Nothing was changed.",
            code="store_folder",
            folder=str(folder),
            reason="permission denied",
        )


def shown(url: URL) -> str:
    """Write a database's address without its password, wherever that stands.

    Parameters
    ----------
    url : URL
        The address.

    Returns
    -------
    str
        The address as it may be shown.
    """
    return url.set(query={}).render_as_string(hide_password=True)


def _parsed(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            f"{URL_VARIABLE} is no address of a database. Write it as postgresql://user:password@host/database.",
            code="store_url",
            variable=URL_VARIABLE,
        ) from error
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        try:
            return create_engine(url, pool_pre_ping=True)
        except ImportError as error:
            raise StoreError(
                "PostgreSQL needs one more package. This installs it: pip install 'formcheck[postgresql]'",
                code="store_driver",
            ) from error
    engine = create_engine(url, connect_args={"timeout": BUSY_S})

    @event.listens_for(engine, "connect")
    def _settle(connection: SqliteConnection, _record: object) -> None:
        for setting in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {setting}")

    return engine


def known_revisions() -> list[str]:
    """List the revisions of the tables that this version knows.

    Returns
    -------
    list[str]
        The revisions, newest first.
    """
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def revision_of(connection: Connection) -> str | None:
    """Read the revision of the tables.

    Parameters
    ----------
    connection : Connection
        A connection to the database.

    Returns
    -------
    str or None
        The revision; None for an empty database.
    """
    return MigrationContext.configure(connection).get_current_revision()


def lock(connection: Connection) -> None:
    """Begin a transaction that excludes every other process that changes the tables.

    Parameters
    ----------
    connection : Connection
        A connection to the database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def upgrade_to(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision, one process at a time.

    Parameters
    ----------
    connection : Connection
        A connection to the database.
    revision : str
        The revision.

    Raises
    ------
    StoreError
        The database is of a newer formcheck (``store_newer``).
    """
    lock(connection)
    run_revisions(connection, revision)
    connection.commit()


def run_revisions(connection: Connection, revision: str) -> None:
    """Run the revisions up to one of them, within the connection's transaction.

    Parameters
    ----------
    connection : Connection
        A connection to the database.
    revision : str
        The revision.

    Raises
    ------
    StoreError
        The database is of a newer formcheck (``store_newer``).
    """
    refuse_newer(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def refuse_newer(connection: Connection) -> None:
    """Refuse a database of a newer formcheck.

    Parameters
    ----------
    connection : Connection
        A connection to the database.

    Raises
    ------
    StoreError
        The database is of a newer formcheck (``store_newer``).
    """
    known, revision = known_revisions(), revision_of(connection)
    if revision not in (None, *known):
        raise StoreError(
            "The database was made by a newer formcheck. Nothing was changed: install that version, or name another database.",
            code="store_newer",
            known=known[0],
        )


def _words(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]


def _unusable(url: URL, error: Exception) -> StoreError:
    where, reason = shown(url), _words(error)
    if url.password:
        reason = reason.replace(str(url.password), "***")
    if isinstance(error, DatabaseError) and "not a database" in str(error):
        return StoreError(
            f"{where} is damaged or no database. It was left as it is.", code="store_damaged", where=where
        )
    return StoreError(
        f"Cannot open the database {where}: {reason}. Nothing was changed.",
        code="store_unusable",
        where=where,
        reason=reason,
    )
