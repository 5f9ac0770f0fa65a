"""Decoding the next pictures in a thread of its own, while this one looks at the last."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from formcheck.model.frames import Frame

FRAMES_AHEAD = 2
"""So many pictures wait, decoded: enough for both threads to have work, and no more memory than that."""


def read_ahead(frames: Generator[Frame]) -> Generator[Frame]:
    """Yield the same pictures in the same order, and raise what ``frames`` raises, where it raises it.

    ``frames`` runs in one other thread, at most ``FRAMES_AHEAD`` pictures ahead of the last one taken. Close the
    generator to stop early: then, as at its end, the thread has ended and ``frames`` is closed.
    """
    over = object()
    with ThreadPoolExecutor(1, "formcheck-decode") as thread:
        try:
            waiting = deque(thread.submit(next, frames, over) for _ in range(FRAMES_AHEAD))
            while (frame := waiting.popleft().result()) is not over:
                waiting.append(thread.submit(next, frames, over))
                yield frame
        finally:
            thread.shutdown(cancel_futures=True)
            frames.close()
