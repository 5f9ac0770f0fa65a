"""Keeps the log lines of native libraries off the terminal."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHATTER = re.compile(
    rb"[IW]\d{4} \d\d:\d\d:\d+\.\d+ +\d+ \S+:\d+\]"  # glog's information and warnings, never its errors
    rb"|INFO: Created TensorFlow Lite"
    rb"|WARNING: All log messages before absl::InitializeLog"
)


class _Stderr:
    """The process's file descriptor 2, diverted while at least one thread is inside ``quiet_native``. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._real: int | None = None
        self._aside: BinaryIO | None = None

    def divert(self) -> None:
        with self._lock:
            self._users += 1
            if self._users > 1:
                return
            _flush_python()
            try:
                self._real = os.dup(2)
                self._aside = tempfile.TemporaryFile()  # noqa: SIM115 - open until restored
                os.dup2(self._aside.fileno(), 2)
            except OSError:  # no standard error, or nowhere to write: then there is nothing to keep clean
                self._forget()

    def restore(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users or self._real is None or self._aside is None:
                return
            _flush_python()
            os.dup2(self._real, 2)
            self._aside.seek(0)
            for line in self._aside:
                if not _CHATTER.match(line):
                    os.write(2, line)
            self._forget()

    def _forget(self) -> None:
        if self._aside is not None:
            self._aside.close()
        if self._real is not None:
            os.close(self._real)
        self._aside = self._real = None


_stderr = _Stderr()


@contextmanager
def quiet_native() -> Iterator[None]:
    """Drop the known log lines that native code writes to standard error inside the block.

    All other output appears when the block ends. The block costs about 30 µs.

    Yields
    ------
    None
    """
    _stderr.divert()
    try:
        yield
    finally:
        _stderr.restore()


def _flush_python() -> None:
    if sys.stderr is not None and not sys.stderr.closed:
        sys.stderr.flush()
