"""A backup: one ZIP of open formats that holds everything of one moment, and its way back.

``tables/NAME.jsonl`` one JSON object a row; ``traces/``, ``videos/`` and ``journals/`` as they are in the data folder;
``manifest.json`` last, with the revision of the tables and the sha256 of every file. A backup does not depend on the database that
it comes from: one of SQLite can be restored to PostgreSQL, and the other way round.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import JSON, Date, DateTime, MetaData, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from formcheck.errors import StoreError
from formcheck.files.atomic import open_output
from formcheck.store.accounts import from_now
from formcheck.store.database import (
    Database,
    data_folder,
    known_revisions,
    lock,
    now,
    refuse_newer,
    revision_of,
    run_revisions,
)
from formcheck.store.file_layout import TRACE_NAME, files_in, trace_file
from formcheck.store.tables import AccountRow, SetRow, Table, TombstoneRow, VideoRow
from formcheck.store.tombstones import Tombstone, append, delete_again, stones_beside, stones_in
from formcheck.store.zip_export import BLOCK, CHUNK, file_blocks, json_lines, write_member
from formcheck.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Column
    from sqlalchemy.engine import Connection

FORMAT = "formcheck backup 1"
MANIFEST = "manifest.json"
_NAMES = re.compile(
    rf"tables/[a-z_]+\.jsonl|traces/[0-9a-f]{{2}}/{TRACE_NAME}|videos/set-\d+-[0-9a-f]+\.\w+|journals/set-\d+\.poses"
)
"""Names of files that a backup may hold. None of them leads out of the data folder."""
_BAD = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, RuntimeError)
"""Errors of reading an archive that is damaged, encrypted or no archive."""
_OWN = {*Table.metadata.tables, "alembic_version"}


@dataclass(slots=True, frozen=True)
class ArchiveCounts:
    """The size of a backup or restore.

    Attributes
    ----------
    rows, files : int
        Number of rows and files.
    missing : tuple of str
        Files that the database names and that were not there.
    deleted_again : int
        Number of things that were deleted after the backup, and are deleted again.
    """

    rows: int
    files: int
    missing: tuple[str, ...] = ()
    deleted_again: int = 0


def backup(database: Database, folder: Path, path: Path) -> ArchiveCounts:
    """Write everything of this moment into one archive, whole or not at all.

    Parameters
    ----------
    database : Database
        The database.
    folder : Path
        The data folder.
    path : Path
        The archive.

    Returns
    -------
    ArchiveCounts
        The size of the backup.

    Raises
    ------
    StoreError
        The database cannot be read.
    OutputError
        The archive cannot be written.
    """
    entries: dict[str, str] = {}
    with open_output(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        os.chmod(file.name, 0o600)
        with database.snapshot() as connection:
            revision = revision_of(connection)
            rows = {}
            for table in Table.metadata.sorted_tables:
                name, query = f"tables/{table.name}.jsonl", table.select().order_by(table.c.id)
                rows[table.name], entries[name] = write_member(archive, name, json_lines(connection, query))
            names = _named_files(connection)
        missing = [name for name in names if not (folder / name).is_file()]
        for name in sorted(set(names) - set(missing)):
            compress = name.startswith("journals/")  # traces and videos are compressed already
            _, entries[name] = write_member(archive, name, file_blocks(folder / name), compress)
        manifest = {
            "format": FORMAT,
            "formcheck": VERSION,
            "revision": revision,
            "made_at": datetime.now(UTC).isoformat(),
            "rows": rows,
            "sha256": entries,
            "missing": missing,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return ArchiveCounts(sum(rows.values()), len(entries) - len(rows), tuple(missing))


def restore(path: Path, url: str | None = None, folder: Path | None = None, *, replace: bool = False) -> ArchiveCounts:
    """Restore a backup into an empty database and folder.

    Everything is checked before anything changes. Data deleted after the backup is deleted again, and everyone
    has to sign in again.

    Parameters
    ----------
    path : Path
        The archive.
    url : str or None
        Address of the database; see ``Database``.
    folder : Path or None
        The data folder; None for the default.
    replace : bool
        Give up what is there.

    Returns
    -------
    ArchiveCounts
        The size of the restored backup.

    Raises
    ------
    StoreError
        The archive is damaged or newer, or the database is not empty. Nothing was changed.
    """
    folder = folder or data_folder()
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _checked(archive, path)
            database = Database(url, folder, upgrade=False)
            try:
                return _restore(archive, manifest, database, folder, replace)
            finally:
                database.close()
    except OSError as error:
        raise StoreError(
            f"Cannot restore {path}: {error.strerror or error}.",
            code="backup_unreadable",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error
    except _BAD as error:
        raise _damaged(path) from error


def _restore(
    archive: zipfile.ZipFile, manifest: dict[str, Any], database: Database, folder: Path, replace: bool
) -> ArchiveCounts:
    try:
        with database.engine.connect() as connection:
            lock(connection)
            refuse_newer(connection)
            there = MetaData()
            there.reflect(connection)
            if not replace and (_any_row(connection, there) or any(files_in(folder))):
                raise StoreError(
                    "There is something in this database or its folder already. Nothing was changed: say --replace to give it up.",
                    code="store_not_empty",
                )
            stones = stones_beside(folder)
            if TombstoneRow.__tablename__ in there.tables:
                stones |= stones_in(Session(connection))
            there.drop_all(connection, [table for name, table in there.tables.items() if name in _OWN])
            run_revisions(connection, manifest["revision"])
            count = _insert(archive, connection)
            run_revisions(connection, "head")
            again = _delete_again(Session(connection), stones, folder)
            connection.execute(
                update(AccountRow).values(valid_from=from_now())
            )  # what ended since is not in the backup
            for name in _files_of(manifest):
                _extract(archive, name, folder / name)
            named = set(_named_files(connection))
            connection.commit()
    except SQLAlchemyError as error:
        raise StoreError(
            f"The backup could not be put into the database {database.where}. What was there before is still there.",
            code="restore_failed",
            where=database.where,
        ) from error
    for name in set(files_in(folder)) - named:
        (folder / name).unlink()
    return ArchiveCounts(count, len(named), tuple(manifest["missing"]), again)


def _checked(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """Return the manifest after a check of every file against it. Raises StoreError."""
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise _damaged(path)
    if manifest["revision"] not in known_revisions():
        raise StoreError(
            "The backup was made by a newer formcheck. Nothing was changed: install that version first.",
            code="backup_newer",
        )
    if sorted(archive.namelist()) != sorted([*manifest["sha256"], MANIFEST]):
        raise _damaged(path)
    for name, expected in manifest["sha256"].items():
        with archive.open(name) as file:
            sha256 = _sha256_of(file)
        if not _NAMES.fullmatch(name) or sha256 != expected:
            raise _damaged(path)
    return manifest


def _insert(archive: zipfile.ZipFile, connection: Connection) -> int:
    tables = MetaData()
    tables.reflect(connection)
    count = 0
    for table in tables.sorted_tables:
        name = f"tables/{table.name}.jsonl"
        if name not in archive.namelist():
            continue
        read = {column.name: _reader(column) for column in table.columns}
        with archive.open(name) as file:
            for rows in _chunks({key: read[key](value) for key, value in json.loads(line).items()} for line in file):
                connection.execute(table.insert(), rows)
                count += len(rows)
        if connection.dialect.name == "postgresql":
            connection.execute(
                select(
                    func.setval(
                        func.pg_get_serial_sequence(table.name, "id"), func.coalesce(func.max(table.c.id), 0) + 1, False
                    )
                )
            )
    return count


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    """Return the function that turns a value of the archive into one of this column."""
    if isinstance(column.type, DateTime):
        return lambda value: value and datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return lambda value: value and date.fromisoformat(value)
    if isinstance(column.type, JSON):
        column.type = JSON(none_as_null=True)
    return lambda value: value


def _delete_again(session: Session, stones: set[Tombstone], folder: Path) -> int:
    """Delete what was deleted after the backup, and let database and file know all that ever was."""
    known = stones_in(session)  # the backup has these already
    again = delete_again(session, stones - known)
    session.add_all([TombstoneRow(**asdict(stone), deleted_at=now()) for stone in stones - known])
    append(folder, sorted(known - stones_beside(folder), key=str), gone=True)
    session.flush()
    return again


def _any_row(connection: Connection, tables: MetaData) -> bool:
    rows = (table for table in tables.sorted_tables if table.name in Table.metadata.tables)
    return any(connection.execute(select(text("1")).select_from(table).limit(1)).first() for table in rows)


def _named_files(connection: Connection) -> list[str]:
    """Return the files that the database names, as paths in the data folder."""
    traces = connection.scalars(select(SetRow.trace_sha256).where(SetRow.trace_sha256.is_not(None)).distinct())
    names = [trace_file(sha256) for sha256 in traces if sha256 is not None]
    names += [f"videos/{name}" for name in connection.scalars(select(VideoRow.name))]
    running = connection.scalars(select(SetRow.id).where(SetRow.state == "running"))
    return names + [f"journals/set-{set_id}.poses" for set_id in running]


def _files_of(manifest: dict[str, Any]) -> list[str]:
    return [name for name in manifest["sha256"] if not name.startswith("tables/")]


def _extract(archive: zipfile.ZipFile, name: str, place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting = place.with_name(f"waiting-{place.name}")
    with archive.open(name) as source, open(os.open(waiting, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as target:
        _copy(source, target)
    os.replace(waiting, place)


def _sha256_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    target.truncate()
    while block := source.read(BLOCK):
        target.write(block)


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _damaged(path: Path) -> StoreError:
    return StoreError(
        f"{path} is damaged or no backup of formcheck. Nothing was changed.", code="backup_damaged", path=str(path)
    )
