"""The health check: everything that the store names is there and whole. It changes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import ValidationError
from sqlalchemy import func, select

from formcheck.errors import StoreError
from formcheck.model.records import SetRecord
from formcheck.store.database import Database, known_revisions, refuse_newer, revision_of
from formcheck.store.file_layout import files_in, trace_file
from formcheck.store.journal import read_journal
from formcheck.store.tables import PersonRow, SetRow, Table, VideoRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection

Problem = Literal["damaged", "older", "tables", "record", "missing", "altered", "journal", "unused"]


@dataclass(slots=True, frozen=True)
class Finding:
    """One thing that is not as it should be. ``unused`` is a note: a file that nothing names takes room and does no harm."""

    problem: Problem
    what: str

    @property
    def harmless(self) -> bool:
        """Whether the finding is a mere note."""
        return self.problem == "unused"


@dataclass(slots=True, frozen=True)
class HealthReport:
    """The findings, and the number of people, sets and files that were checked."""

    people: int
    sets: int
    files: int
    findings: tuple[Finding, ...]


def check(database: Database, folder: Path) -> HealthReport:
    """Check the tables, every record and every file.

    Parameters
    ----------
    database : Database
        The database.
    folder : Path
        The data folder.

    Returns
    -------
    HealthReport
        The findings.

    Raises
    ------
    StoreError
        The database cannot be read at all.
    """
    with database.snapshot() as connection:
        refuse_newer(connection)
        findings = list(_tables(connection))
        if findings:
            return HealthReport(0, 0, 0, tuple(findings))
        findings += _records(connection)
        named = _named(connection)
        running = connection.scalars(select(SetRow.id).where(SetRow.state == "running")).all()
        people, sets = (connection.scalar(select(func.count(row.id))) or 0 for row in (PersonRow, SetRow))
    findings += _files(folder, named)
    journals = {f"journals/set-{set_id}.poses" for set_id in running}
    findings += _journals(folder, journals)
    findings += [Finding("unused", name) for name in files_in(folder) if name not in named and name not in journals]
    return HealthReport(people, sets, len(named), tuple(findings))


def _tables(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        results = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        yield from (Finding("damaged", words) for words in results if words != "ok")
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        yield from (Finding("damaged", f"{row[0]} {row[1]}") for row in lost)
    revision = revision_of(connection)
    if revision != known_revisions()[0]:
        yield Finding("older", revision or "-")
        return
    different = compare_metadata(MigrationContext.configure(connection), Table.metadata)
    yield from (Finding("tables", str(entry)) for entry in different)


def _records(connection: Connection) -> Iterator[Finding]:
    rows = connection.execution_options(yield_per=100).execute(
        select(SetRow.id, SetRow.record).where(SetRow.state != "running")
    )
    for set_id, record in rows:
        try:
            SetRecord.model_validate(record)
        except ValidationError as error:
            yield Finding("record", f"{set_id}: {error.errors()[0]['msg']}")


def _named(connection: Connection) -> dict[str, str]:
    """Return the files that the database names, each with its sha256."""
    traces = connection.scalars(select(SetRow.trace_sha256).where(SetRow.trace_sha256.is_not(None)).distinct())
    named = {trace_file(sha256): sha256 for sha256 in traces if sha256 is not None}
    videos = connection.execute(select(VideoRow.name, VideoRow.sha256))
    return named | {f"videos/{name}": sha256 for name, sha256 in videos}


def _files(folder: Path, named: dict[str, str]) -> Iterator[Finding]:
    for name, sha256 in named.items():
        path = folder / name
        if not path.is_file():
            yield Finding("missing", name)
            continue
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                yield Finding("altered", name)


def _journals(folder: Path, names: set[str]) -> Iterator[Finding]:
    for name in sorted(names):
        try:
            for _ in read_journal(folder / name) if (folder / name).exists() else ():
                pass
        except StoreError:
            yield Finding("journal", name)
