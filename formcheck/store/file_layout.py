"""Where the files beside the database are: ``traces/`` (by sha256), ``journals/`` (of running sets) and ``videos/``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDERS = ("traces", "journals", "videos")
TRACE_NAME = r"[0-9a-f]{64}\.npz"
UNFINISHED = ("waiting-", ".formcheck-")
"""How the names of files begin that are still being written."""
ABANDONED_S = 3600.0
_HEAD = 2  # letters of the sha256 that name a trace's folder


def trace_file(sha256: str) -> str:
    """Name the file of a trace.

    Parameters
    ----------
    sha256 : str
        The sha256 of its contents.

    Returns
    -------
    str
        Its path in the data folder.
    """
    return f"traces/{sha256[:_HEAD]}/{sha256}.npz"


def files_in(folder: Path) -> Iterator[str]:
    """List the files of the store in the data folder, without those that are still being written.

    Parameters
    ----------
    folder : Path
        The data folder.

    Yields
    ------
    str
        Path of a file in the data folder.
    """
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and not path.name.startswith(UNFINISHED):
                yield path.relative_to(folder).as_posix()


def remove_abandoned(folder: Path) -> None:
    """Remove unfinished files that a killed process left in a folder. Recent ones stay.

    Parameters
    ----------
    folder : Path
        The folder.
    """
    until_s = time.time() - ABANDONED_S
    for path in folder.glob("*"):
        if path.is_file() and path.name.startswith(UNFINISHED) and path.stat().st_mtime < until_s:
            path.unlink(missing_ok=True)
