"""Rows and files on their way into a ZIP."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

CHUNK = 500
BLOCK = 1 << 20


def json_lines(connection: Connection, query: Select[Any]) -> Iterator[bytes]:
    """Write the rows of a query as JSON, one line each, with times in ISO 8601.

    Parameters
    ----------
    connection : Connection
        A connection to the database.
    query : Select[Any]
        The query.

    Yields
    ------
    bytes
        One line.
    """
    for row in connection.execution_options(yield_per=CHUNK).execute(query).mappings():
        yield json.dumps(dict(row), default=lambda value: value.isoformat(), ensure_ascii=False).encode() + b"\n"


def file_blocks(path: Path) -> Iterator[bytes]:
    """Read a file block by block.

    Parameters
    ----------
    path : Path
        The file.

    Yields
    ------
    bytes
        One block.
    """
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def write_member(archive: zipfile.ZipFile, name: str, parts: Iterable[bytes], compress: bool = True) -> tuple[int, str]:
    """Write one file of an archive.

    Parameters
    ----------
    archive : zipfile.ZipFile
        The archive.
    name : str
        Name of the file in it.
    parts : Iterable[bytes]
        Its contents, part by part.
    compress : bool
        Compress the file.

    Returns
    -------
    tuple[int, str]
        Number of parts, and the sha256.
    """
    info = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    digest, count = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as file:
        for part in parts:
            file.write(part)
            digest.update(part)
            count += 1
    return count, digest.hexdigest()
