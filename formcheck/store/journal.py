"""The poses of a running set, on disk as they come: what a crash leaves is enough to go on.

A file is a header (magic, version) and one record of fixed size a pose: time, picture size, landmarks, the
camera's place. Each append is handed to the operating system at once, so the end of the process loses nothing; a record cut
short is not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import StoreError
from formcheck.model.frames import N_LANDMARKS, CameraPlace, Pose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POSE = [
    ("t_s", "<f8"),
    ("size_px", "<i4", 2),
    ("image_px", "<f4", (N_LANDMARKS, 2)),
    ("world_m", "<f4", (N_LANDMARKS, 3)),
    ("visibility", "<f4", N_LANDMARKS),
]
MAGIC = b"formcheck poses 2\n"
_FORMATS = {
    b"formcheck poses 1\n": np.dtype(_POSE),
    MAGIC: np.dtype([*_POSE, ("camera", "<f8", 4), ("shot", "<i4")]),  # shot -1: no picture was looked at
}
"""The record of each version, by its header. All headers have one length."""

_ARRAYS = ("image_px", "world_m", "visibility")


class Journal:
    """Writes the poses of one set. One thread at a time. Raises StoreError when the disk does not take them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with_header = not path.exists() or not path.stat().st_size  # killed before the header was written
            if with_header:
                self._record = _FORMATS[MAGIC]
            else:
                with path.open("rb") as begun:
                    self._record = _record_of(path, begun.read(len(MAGIC)))
                _cut_torn_end(path, self._record)
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
        values: tuple[object, ...] = (pose.t_s, pose.size_px, pose.image_px, pose.world_m, pose.visibility)
        if "shot" in (self._record.names or ()):
            camera = pose.camera
            values += (CameraPlace().similarity, -1) if camera is None else (camera.similarity, camera.shot)
        record = np.array(values, self._record)
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
    dtype = _record_of(path, data[: len(MAGIC)])
    whole = (len(data) - len(MAGIC)) // dtype.itemsize
    for record in np.frombuffer(data, dtype, whole, len(MAGIC)):
        size = int(record["size_px"][0]), int(record["size_px"][1])
        image_px, world_m, visibility = (np.array(record[name], np.float32) for name in _ARRAYS)
        camera = None
        if "shot" in (dtype.names or ()) and record["shot"] >= 0:
            a, b, x, y = record["camera"].tolist()
            camera = CameraPlace((a, b, x, y), int(record["shot"]))
        yield Pose(float(record["t_s"]), image_px, world_m, visibility, size, camera)


def _record_of(path: Path, header: bytes) -> np.dtype[np.void]:
    """Return the record's type for a file's header."""
    if header not in _FORMATS:
        raise StoreError(f"{path} is not a journal of poses.", code="journal_damaged", path=str(path))
    return _FORMATS[header]


def _cut_torn_end(path: Path, record: np.dtype[np.void]) -> None:
    """Remove a record that was cut short, so that what is appended stays readable."""
    torn = (path.stat().st_size - len(MAGIC)) % record.itemsize
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
