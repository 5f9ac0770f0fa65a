"""Private folders for uploads: one per browser session, inside one per running app.

The app's own folder holds a file that stays locked while the process lives. A folder whose lock can be taken belonged to a dead
process, and is removed at the next start. Any thread may call this.
"""

from __future__ import annotations

import atexit
import functools
import os
import re
import secrets
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import platformdirs

from formcheck.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX = "app-"
LOCK = "in-use.lock"
CHUNK_BYTES = 1 << 20
"""Files are copied in pieces of this size (default)."""
GRACE_S = 120.0
"""A session that lost its connection, as when a phone sleeps, keeps its files this long (s, default)."""


class Workspace:
    """One session's private folder. ``token`` is unguessable and opens its files over HTTP.

    ``allowed``: raises StoreError when the session's user has lost access.
    """

    def __init__(self, folder: Path, allowed: Callable[[], object] = lambda: None) -> None:
        self.folder, self.allowed = folder, allowed
        self.token = secrets.token_urlsafe(24)
        self.closed = False
        self.on_close: Callable[[], None] | None = None
        self.on_end: Callable[[], None] | None = None
        """Called once, when the session is over."""
        folder.mkdir(mode=0o700)

    def open_to_its_owner(self) -> bool:
        """Return whether the session's user still has access."""
        try:
            self.allowed()
        except StoreError:
            return False
        return True

    def upload_slot(self, file_id: str) -> Path:
        """Return the folder of one upload. It is created if needed."""
        slot = self.folder / "uploads" / safe_name(file_id)
        slot.mkdir(parents=True, exist_ok=True)
        return slot

    def take_upload(self, file_id: str, name: str, stream: BinaryIO) -> Path:
        """Return the uploaded video on disk under its own name. Older uploads are removed.

        The web server has usually written it already (see ``formcheck.app.uploads``); otherwise ``stream`` is copied in chunks.
        Raises OSError when it cannot be written.
        """
        slot = self.upload_slot(file_id)
        target = slot / safe_name(name)
        if not target.exists():
            for other in slot.parent.iterdir():
                if other != slot:
                    shutil.rmtree(other, ignore_errors=True)
            arrived = next(slot.glob("tmp*"), None)
            if arrived is None:
                arrived = slot / "copy.part"
                with arrived.open("wb") as out:
                    shutil.copyfileobj(stream, out, CHUNK_BYTES)
            arrived.replace(target)
        return target

    def forget_upload(self, file_id: str) -> None:
        """Remove one upload, because the person removed it from the page."""
        shutil.rmtree(self.folder / "uploads" / safe_name(file_id), ignore_errors=True)

    @property
    def results_folder(self) -> Path:
        """Return the folder of the results, which may not exist yet."""
        return self.folder / "results"

    def results(self) -> Path:
        """Return an empty folder for results. Earlier results are removed."""
        folder = self.results_folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def file(self, name: str) -> Path | None:
        """Return a result by its file name, or None."""
        path = self.results_folder / name
        return path if Path(name).name == name and path.is_file() else None

    def clear(self) -> None:
        """Stop the work on the files, then remove them all. The workspace stays usable."""
        if self.on_close is not None:
            self.on_close()
            self.on_close = None
        for name in ("uploads", "results"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def close(self) -> None:
        """Clear and remove the folder itself, because the session is over."""
        self.closed = True
        if self.on_end is not None:
            self.on_end()
        self.clear()
        shutil.rmtree(self.folder, ignore_errors=True)


class Workspaces:
    """All private folders of this process."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        self._lock_file = (self.root / LOCK).open("wb")
        _try_lock(self._lock_file)
        self._guard = threading.Lock()
        self._by_session: dict[str, Workspace] = {}
        self._leaving: dict[str, threading.Timer] = {}

    def open(self, session_id: str, allowed: Callable[[], object] = lambda: None) -> Workspace:
        """Return a new workspace for a session. Its previous one is removed."""
        self.drop(session_id)
        workspace = Workspace(self.root / secrets.token_hex(8), allowed)
        with self._guard:
            self._by_session[session_id] = workspace
        return workspace

    def get(self, session_id: str) -> Workspace | None:
        """Return the workspace of a session, or None."""
        with self._guard:
            return self._by_session.get(session_id)

    def by_token(self, token: str) -> Workspace | None:
        """Return the workspace that a token opens, or None."""
        with self._guard:
            spaces = list(self._by_session.values())
        return next((space for space in spaces if secrets.compare_digest(space.token.encode(), token.encode())), None)

    def schedule_removal(self, session_id: str, grace_s: float = GRACE_S) -> threading.Timer:
        """Remove a session's files after ``grace_s``, unless ``cancel_removal`` is called before. Return the timer."""
        timer = threading.Timer(grace_s, self.drop, (session_id,))
        timer.daemon = True
        with self._guard:
            previous = self._leaving.pop(session_id, None)
            self._leaving[session_id] = timer
        if previous is not None:
            previous.cancel()
        timer.start()
        return timer

    def cancel_removal(self, session_id: str) -> None:
        """Keep the files of a session that lost its connection and came back."""
        with self._guard:
            timer = self._leaving.pop(session_id, None)
        if timer is not None:
            timer.cancel()

    def drop(self, session_id: str) -> None:
        """Remove a session's files now."""
        self.cancel_removal(session_id)
        with self._guard:
            workspace = self._by_session.pop(session_id, None)
        if workspace is not None:
            workspace.close()

    def close(self) -> None:
        """Remove everything, when the app ends."""
        for session_id in list(self._by_session):
            self.drop(session_id)
        self._lock_file.close()
        _remove(self.root)


def remove_orphans(parent: Path) -> int:
    """Remove the folders of processes that no longer run. Return their number."""
    removed = 0
    for folder in parent.glob(f"{PREFIX}*"):
        lock = folder / LOCK
        try:
            with lock.open("r+b") as file:
                orphaned = _try_lock(file)
        except OSError:
            continue
        if orphaned:
            _remove(folder)
            removed += 1
    return removed


@functools.cache
def workspaces() -> Workspaces:
    """Return this process's workspaces. The first call removes orphans. The end of the process removes everything."""
    parent = private_parent()
    remove_orphans(parent)
    spaces = Workspaces(parent)
    atexit.register(spaces.close)
    return spaces


def private_parent() -> Path:
    """Return the folder for private folders: in the person's own cache folder, since ``/tmp`` is memory on some systems."""
    parent = platformdirs.user_cache_path("formcheck", appauthor=False) / "uploads"
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(parent, os.W_OK):
            return parent
    except OSError as error:
        print(f"{parent}: {error.strerror}; using {tempfile.gettempdir()} instead.", file=sys.stderr)
    return Path(tempfile.gettempdir()) / f"formcheck-{secrets.token_hex(4)}"


def safe_name(name: str) -> str:
    """Return a file's name without folders and without characters that file systems refuse, at most 120 characters."""
    bare = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", re.split(r"[/\\]", name)[-1]).strip(". ")
    stem, dot, suffix = bare.rpartition(".")
    return f"{stem[:100]}{dot}{suffix[:19]}" if stem else bare[:120] or "video"


def _remove(folder: Path) -> None:
    """Remove a folder, its lock last. If this is interrupted, the rest is still found as an orphan."""
    for entry in folder.iterdir() if folder.exists() else ():
        if entry.name != LOCK:
            shutil.rmtree(entry, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _try_lock(file: BinaryIO) -> bool:
    """Take the lock of an open file without waiting. Return False when another process or handle holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
