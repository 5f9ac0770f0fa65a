"""Decodes the next pictures in a second thread while the caller works on the current one."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from formcheck.model.frames import Frame

FRAMES_AHEAD = 2
"""Number of decoded pictures that may wait. Two keep both threads busy; more would only take memory."""


def read_ahead(frames: Generator[Frame]) -> Generator[Frame]:
    """Yield the same pictures in the same order. An error of ``frames`` is raised at the same place.

    ``frames`` runs in one other thread, at most ``FRAMES_AHEAD`` pictures ahead of the caller. Close the generator to stop
    early. When it has ended or was closed, the thread has ended and ``frames`` is closed.

    Parameters
    ----------
    frames : generator of Frame

    Yields
    ------
    Frame
    """

    def take() -> Frame | None:
        return next(frames, None)

    with ThreadPoolExecutor(1, "formcheck-decode") as thread:
        try:
            waiting = deque(thread.submit(take) for _ in range(FRAMES_AHEAD))
            while (frame := waiting.popleft().result()) is not None:
                waiting.append(thread.submit(take))
                yield frame
        finally:
            thread.shutdown(cancel_futures=True)
            frames.close()
