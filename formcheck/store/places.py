"""Where the files beside the database are: ``traces/`` (by sha256), ``journals/`` (of running sets) and ``videos/``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("traces", "journals", "videos")
TRACE_NAME = r"[0-9a-f]{64}\.npz"
_HEAD = 2  # letters of the sha256 that name a trace's folder


def trace_file(sha256: str) -> str:
    """Return the path of a trace in the data folder."""
    return f"traces/{sha256[:_HEAD]}/{sha256}.npz"


def files_in(folder: Path) -> Iterator[str]:
    """Yield every file of the data folder that belongs to the store, as a path in it; not those still being written."""
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and not path.name.startswith("waiting-"):
                yield path.relative_to(folder).as_posix()
