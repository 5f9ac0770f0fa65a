"""Tombstones: deleted data stays deleted, even when an older backup is restored.

A tombstone is a row, in the transaction that deletes, and a line of ``deletions.jsonl`` in the data folder, which outlives the loss
of the database. It names what is gone by kind, id and the time it was made: an id may be given again, both together are not.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from formcheck.errors import StoreError
from formcheck.store.database import changed_rows, now
from formcheck.store.tables import PersonRow, ProgrammeRow, SessionRow, SetRow, TombstoneKind, TombstoneRow, VideoRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.orm import Session

FILE_NAME = "deletions.jsonl"
_MADE_AT = {
    "set": SetRow.started_at,
    "trace": SetRow.started_at,
    "video": VideoRow.kept_at,
    "session": SessionRow.started_at,
    "programme": ProgrammeRow.made_at,
    "profile": PersonRow.created_at,
    "person": PersonRow.created_at,
}
"""The column that tells a row of each kind from a later one with its id. A trace is named by its set."""
_EMPTIED: dict[str, dict[str, Any]] = {
    "trace": {"trace_sha256": None},
    "profile": {"first_start": None, "settings": {}},
}
"""Where the row stays and some of it goes."""


@dataclass(slots=True, frozen=True)
class Tombstone:
    """One thing that is gone."""

    kind: TombstoneKind
    row_id: int
    made_at: datetime


def bury(session: Session, folder: Path, kind: TombstoneKind, made: Iterable[tuple[int, datetime]]) -> None:
    """Note in this transaction that rows are deleted.

    Parameters
    ----------
    session : Session
        The transaction.
    folder : Path
        The data folder.
    kind : TombstoneKind
        Kind of the rows.
    made : Iterable[tuple[int, datetime]]
        Id of each row and the time when it was made.

    Raises
    ------
    StoreError
        The file of the data folder cannot be written. Nothing is deleted.
    """
    stones = [Tombstone(kind, row_id, made_at) for row_id, made_at in made]
    known = stones_in(session, kind, [stone.row_id for stone in stones])
    session.add_all([TombstoneRow(**asdict(stone), deleted_at=now()) for stone in stones if stone not in known])
    append(folder, stones, gone=True)


def unbury(session: Session, folder: Path, kind: TombstoneKind, row_id: int, made_at: datetime) -> None:
    """Note in this transaction that a deleted row was brought back.

    Parameters
    ----------
    session : Session
        The transaction.
    folder : Path
        The data folder.
    kind : TombstoneKind
        Kind of the row.
    row_id : int
        Its id.
    made_at : datetime
        The time when it was made.
    """
    stone = Tombstone(kind, row_id, made_at)
    session.execute(
        delete(TombstoneRow).where(*(getattr(TombstoneRow, name) == value for name, value in asdict(stone).items()))
    )
    append(folder, [stone], gone=False)


def stones_in(session: Session, kind: TombstoneKind | None = None, ids: Iterable[int] = ()) -> set[Tombstone]:
    """Read the tombstones of the database.

    Parameters
    ----------
    session : Session
        The transaction.
    kind : TombstoneKind or None
        Only this kind; None for all.
    ids : Iterable[int]
        The rows of that kind.

    Returns
    -------
    set[Tombstone]
        The tombstones.
    """
    query = select(TombstoneRow)
    if kind is not None:
        query = query.where(TombstoneRow.kind == kind, TombstoneRow.row_id.in_(list(ids)))
    return {Tombstone(row.kind, row.row_id, row.made_at) for row in session.scalars(query)}


def stones_beside(folder: Path) -> set[Tombstone]:
    """Read the tombstones of the data folder's file. A last line that was cut short is left out.

    Parameters
    ----------
    folder : Path
        The data folder.

    Returns
    -------
    set[Tombstone]
        The tombstones.

    Raises
    ------
    StoreError
        The file cannot be read (``tombstones_unreadable``).
    """
    path = folder / FILE_NAME
    stones: set[Tombstone] = set()
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        for line in lines:
            if line.endswith("\n"):
                entry = json.loads(line)
                stone = Tombstone(entry["kind"], entry["id"], datetime.fromisoformat(entry["made_at"]))
                (stones.add if entry["gone"] else stones.discard)(stone)
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(
            f"{path} cannot be read, so what was deleted is not known. Nothing was changed.",
            code="tombstones_unreadable",
            path=str(path),
        ) from error
    return stones


def delete_again(session: Session, stones: Iterable[Tombstone]) -> int:
    """Delete the rows of tombstones that are there again. The caller removes their files.

    Parameters
    ----------
    session : Session
        The transaction.
    stones : Iterable[Tombstone]
        The tombstones.

    Returns
    -------
    int
        Number of rows.
    """
    count = 0
    for stone in stones:
        row = _MADE_AT[stone.kind].class_
        same = (row.id == stone.row_id, _MADE_AT[stone.kind] == stone.made_at)
        change = update(row).values(_EMPTIED[stone.kind]) if stone.kind in _EMPTIED else delete(row)
        count += changed_rows(session, change.where(*same))
    return count


def append(folder: Path, stones: Iterable[Tombstone], *, gone: bool) -> None:
    """Write tombstones, or their end, into the data folder's file.

    Parameters
    ----------
    folder : Path
        The data folder.
    stones : Iterable[Tombstone]
        The tombstones.
    gone : bool
        False when the things were brought back.

    Raises
    ------
    StoreError
        The file cannot be written (``store_write``).
    """
    path = folder / FILE_NAME
    lines = [
        json.dumps({"kind": s.kind, "id": s.row_id, "made_at": s.made_at.isoformat(), "gone": gone}) + "\n"
        for s in stones
    ]
    if not lines:
        return
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
            file.write("".join(lines))
    except OSError as error:
        raise StoreError(
            f"Cannot keep the set in {folder}: {error.strerror}. What was kept so far is still there.",
            code="store_write",
            folder=str(folder),
            reason=error.strerror,
        ) from error
