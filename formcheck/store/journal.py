"""The poses of a running set, on disk as they come: what a crash leaves is enough to go on.

A file is a header (magic, version) and one record of fixed size a pose: time, picture size, landmarks. Each append is handed to
the operating system at once, so the end of the process loses nothing; a record cut short is not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import StoreError
from formcheck.model.frames import N_LANDMARKS, Pose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"formcheck poses 1\n"
_RECORD = np.dtype(
    [
        ("t_s", "<f8"),
        ("size_px", "<i4", 2),
        ("image_px", "<f4", (N_LANDMARKS, 2)),
        ("world_m", "<f4", (N_LANDMARKS, 3)),
        ("visibility", "<f4", N_LANDMARKS),
    ]
)

_ARRAYS = ("image_px", "world_m", "visibility")


class Journal:
    """Writes the poses of one set. One thread at a time. Raises StoreError when the disk does not take them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with_header = not path.exists() or not path.stat().st_size  # killed before the header was written
            if not with_header:
                _cut_torn_end(path)
            self._file = path.open("ab", buffering=0)
            if with_header:
                self._file.write(MAGIC)
        except OSError as error:
            raise _cannot_write(path, error) from error

    def append(self, pose: Pose) -> None:
        """Write one pose.

        Parameters
        ----------
        pose : Pose
            The pose.

        Raises
        ------
        StoreError
            The disk does not take it (``store_write``).
        """
        record = np.array((pose.t_s, pose.size_px, pose.image_px, pose.world_m, pose.visibility), _RECORD)
        try:
            self._file.write(record.tobytes())
        except OSError as error:
            raise _cannot_write(self.path, error) from error

    def close(self) -> None:
        """Close the file. May be called again."""
        self._file.close()


def read_journal(path: Path) -> Iterator[Pose]:
    """Read every whole pose of a journal, in order.

    Parameters
    ----------
    path : Path
        The journal.

    Yields
    ------
    Pose
        A pose.

    Raises
    ------
    StoreError
        The file cannot be read (``journal_unreadable``) or is no journal (``journal_damaged``).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"Cannot read {path}: {error.strerror}.", code="journal_unreadable", path=str(path), reason=error.strerror
        ) from error
    if not data:
        return
    if not data.startswith(MAGIC):
        raise StoreError(f"{path} is not a journal of poses.", code="journal_damaged", path=str(path))
    whole = (len(data) - len(MAGIC)) // _RECORD.itemsize
    for record in np.frombuffer(data, _RECORD, whole, len(MAGIC)):
        size = int(record["size_px"][0]), int(record["size_px"][1])
        image_px, world_m, visibility = (np.array(record[name], np.float32) for name in _ARRAYS)
        yield Pose(float(record["t_s"]), image_px, world_m, visibility, size)


def _cut_torn_end(path: Path) -> None:
    """Remove a record that was cut short, so that what is appended stays readable."""
    torn = (path.stat().st_size - len(MAGIC)) % _RECORD.itemsize
    if torn:
        with path.open("r+b") as file:
            file.truncate(path.stat().st_size - torn)


def _cannot_write(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"Cannot keep the set in {path.parent}: {error.strerror}. What was kept so far is still there.",
        code="store_write",
        folder=str(path.parent),
        reason=error.strerror,
    )
