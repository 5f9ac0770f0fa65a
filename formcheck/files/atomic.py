"""Write results so that a file appears whole or not at all.

Data goes to a temporary file beside the target. The temporary file replaces the target when it is complete.
A target that is no regular file (``/dev/null``, a pipe, a terminal) is written directly and never replaced.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, overload

from formcheck.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SENTENCES = {
    "output_no_folder": "Cannot write {path}: its folder does not exist. Make it first, or choose another place.",
    "output_is_folder": "Cannot write {path}: it is a folder. Name a file.",
    "output_not_allowed": "Cannot write {path}: permission denied. Choose another place.",
    "output_disk_full": "Cannot write {path}: the disk is full. Free some space and try again; nothing was left there.",
    "output_closed": "Cannot write {path}: the program at its other end has closed it.",
    "output_failed": "Cannot write {path}: {reason}.",
}
_CODES = {
    errno.ENOENT: "output_no_folder",
    errno.ENOTDIR: "output_no_folder",
    errno.EISDIR: "output_is_folder",
    errno.EACCES: "output_not_allowed",
    errno.EPERM: "output_not_allowed",
    errno.EROFS: "output_not_allowed",
    errno.EPIPE: "output_closed",
    **dict.fromkeys(_FULL, "output_disk_full"),
}


def make_folder(folder: Path | str) -> None:
    """Make a folder and its parents, unless they exist.

    Parameters
    ----------
    folder : path

    Raises
    ------
    OutputError
        ``output_folder``.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Cannot make the folder {folder}: {error.strerror}.",
            code="output_folder",
            path=str(folder),
            reason=error.strerror,
        ) from error


def check_output(path: Path | str) -> None:
    """Raise OutputError if ``path`` cannot be written. Writes nothing, so it can run before the work is done.

    Parameters
    ----------
    path : path

    Raises
    ------
    OutputError
        Codes ``output_*``.
    """
    target = _resolved(path)
    with _translated(path, target, target.parent):
        if target.is_dir():
            raise _error(path, errno.EISDIR)
        if not target.parent.is_dir():
            raise _error(path, errno.ENOENT)
        if target.exists() and not _allowed(target, os.W_OK):
            raise _error(path, errno.EACCES)
        if not _is_special(target) and not _allowed(target.parent, os.W_OK | os.X_OK):
            raise _error(path, errno.EACCES)


@overload
def open_output(path: Path | str, mode: Literal["wb"] = ...) -> AbstractContextManager[IO[bytes]]: ...


@overload
def open_output(path: Path | str, mode: Literal["w"]) -> AbstractContextManager[IO[str]]: ...


@contextmanager
def open_output(path: Path | str, mode: Literal["w", "wb"] = "wb") -> Iterator[IO[Any]]:
    """Yield a file to write into. It becomes ``path`` when the block ends without an error.

    When the block raises, Ctrl-C included, ``path`` stays as it was.

    Parameters
    ----------
    path : path
    mode : {"wb", "w"}
        ``wb``: bytes, ``w``: UTF-8 text without translation of line ends.

    Yields
    ------
    file
        Open for writing.

    Raises
    ------
    OutputError
        Codes ``output_*``.
    """
    target = _resolved(path)
    if _is_special(target):
        with _translated(path, target), _opened(target, mode) as file:
            yield file
        return
    with _replacing(path, target) as temporary, _opened(temporary, mode) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _opened(path: Path, mode: Literal["w", "wb"]) -> IO[Any]:
    return open(path, "wb") if mode == "wb" else open(path, "w", encoding="utf-8", newline="")


def write_text(path: Path | str, text: str) -> None:
    """Write ``text`` as UTF-8, whole or not at all.

    Parameters
    ----------
    path : path
    text : str

    Raises
    ------
    OutputError
        Codes ``output_*``.
    """
    with open_output(path, "w") as file:
        file.write(text)


@contextmanager
def output_path(path: Path | str) -> Iterator[Path]:
    """Yield the path of an empty file, for a writer that needs a name. It becomes ``path`` when the block ends without an error.

    For a target that is no regular file, the finished bytes are copied into it.

    Parameters
    ----------
    path : path

    Yields
    ------
    Path
        The temporary file.

    Raises
    ------
    OutputError
        Codes ``output_*``.
    """
    target = _resolved(path)
    if not _is_special(target):
        with _replacing(path, target) as temporary:
            yield temporary
        return
    with _translated(path, target), tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        temporary = Path(folder, "output")
        yield temporary
        with open(temporary, "rb") as finished, open(target, "wb") as special:
            shutil.copyfileobj(finished, special)


def _resolved(path: Path | str) -> Path:
    """Return the file that ``path`` leads to. A link is followed: its target is written and the link stays."""
    path = Path(path)
    return Path(os.path.realpath(path)) if os.path.islink(path) and not _is_special(path) else path


def _allowed(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _is_special(target: Path) -> bool:
    """Tell whether the target exists and is neither a regular file nor a folder, or is a name like ``/dev/stdout``."""
    if os.path.islink(target) and target.as_posix().startswith(("/dev/", "/proc/")):
        return True
    try:
        kind = os.stat(target).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(kind) or stat.S_ISDIR(kind))


@contextmanager
def _replacing(path: Path | str, target: Path) -> Iterator[Path]:
    check_output(path)
    temporary = target.with_name(f".formcheck-{secrets.token_hex(6)}.part")
    with _translated(path, target, temporary):
        try:
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            yield temporary
            _keep_owner_and_mode(target, temporary)
            os.replace(temporary, target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise


def _keep_owner_and_mode(target: Path, temporary: Path) -> None:
    """Give a new version of an existing file the mode of the old one and, where that is allowed, its owner."""
    try:
        old = os.stat(target)
    except FileNotFoundError:
        return
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(temporary, old.st_uid, old.st_gid)
    os.chmod(temporary, stat.S_IMODE(old.st_mode))


@contextmanager
def _translated(path: Path | str, *ours: Path) -> Iterator[None]:
    """Turn a system error about one of the ``ours`` files into OutputError. Errors about other files pass through."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename not in (None, *map(str, ours), *ours):
            raise
        raise _error(path, error.errno) from error


def _error(path: Path | str, number: int) -> OutputError:
    code = _CODES.get(number, "output_failed")
    reason = os.strerror(number)
    return OutputError(_SENTENCES[code].format(path=path, reason=reason), code=code, path=str(path), reason=reason)
