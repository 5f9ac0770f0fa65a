"""Rows and files on their way into a ZIP."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

CHUNK = 500
BLOCK = 1 << 20


def json_lines(connection: Connection, query: Select) -> Iterator[bytes]:
    """Yield each row as one line of JSON; days and times in ISO 8601."""
    for row in connection.execution_options(yield_per=CHUNK).execute(query).mappings():
        yield json.dumps(dict(row), default=lambda value: value.isoformat(), ensure_ascii=False).encode() + b"\n"


def file_blocks(path: Path) -> Iterator[bytes]:
    """Yield the contents of a file."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def write_member(archive: zipfile.ZipFile, name: str, parts: Iterable[bytes], compress: bool = True) -> tuple[int, str]:
    """Write one file of an archive; return how many parts it had, and its sha256."""
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
