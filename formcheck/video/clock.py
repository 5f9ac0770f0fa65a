"""The times of a film's pictures, and which of them are looked at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.video.tracks import USUAL_FRAMES_PER_S, frames_per_s, origin_s, tick_s, times_by_decoding

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from formcheck.video.read_report import ReadReport

MAX_FPS = 30.0
"""So many pictures a second are looked at unless more are asked for: what phones film at unless told otherwise. Default."""

RESTART_AFTER = 3
"""Pictures in a row whose times rise but lie behind the last one: this many are a restarted clock, fewer are errors. Default."""


class Clock:
    """The times of the pictures: seconds from the beginning of the timeline, strictly rising.

    Parameters
    ----------
    container : InputContainer
    stream : VideoStream
    report : ReadReport
        Counts of what is left out are added to it.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, report: ReadReport) -> None:
        self._tick_s = tick_s(stream)
        self._period_s = float(1 / (frames_per_s(stream) or USUAL_FRAMES_PER_S))
        self._by_decoding = times_by_decoding(container)
        self._origin_s = origin_s(container, stream)
        self._last_s: float | None = None
        self._behind_s: list[float] = []
        self._report = report

    def stamp_of(self, t_s: float) -> int:
        """Return the container's timestamp of a time.

        Parameters
        ----------
        t_s : float

        Returns
        -------
        int
        """
        return math.floor((t_s + (self._origin_s or 0.0)) / self._tick_s)

    def end_of(self, stamp: int, duration: int | None) -> float:
        """Return when a picture ends.

        Parameters
        ----------
        stamp : int
            Its time, in the container's ticks.
        duration : int or None
            In the container's ticks. 0 or None = not told: the nominal rate decides.

        Returns
        -------
        float
            In s.
        """
        shown_s = float(duration * self._tick_s) if duration else self._period_s
        return float(stamp * self._tick_s) - (self._origin_s or 0.0) + shown_s

    def time_of(self, picture: VideoFrame) -> float | None:
        """Return the time of the next picture.

        Parameters
        ----------
        picture : VideoFrame

        Returns
        -------
        float or None
            In s. None: the time does not rise, and the picture must be left out.
        """
        last_s = self._last_s
        stamp = picture.dts if self._by_decoding else picture.pts
        if stamp is None:
            t_s = 0.0 if last_s is None else last_s + self._period_s
        else:
            stamp_s = float(stamp * self._tick_s)
            if self._origin_s is None or (last_s is None and stamp_s < self._origin_s):
                self._origin_s = stamp_s
            t_s = stamp_s - self._origin_s
        if last_s is not None and t_s <= last_s:
            rises = bool(self._behind_s) and t_s > self._behind_s[-1]
            self._behind_s = [*self._behind_s, t_s] if rises else [t_s]
            if len(self._behind_s) < RESTART_AFTER:
                self._report.dropped_frames += 1
                return None
            self._report.clock_restarts += 1
            self._origin_s = (self._origin_s or 0.0) + t_s - (last_s + self._period_s)
            t_s = last_s + self._period_s
        self._last_s, self._behind_s = t_s, []
        return t_s


class Thinning:
    """Chooses pictures evenly by time, at most so many a second. A slower film keeps all of them, also at uneven times.

    Parameters
    ----------
    max_frames_per_s : float or None
        None: every picture is taken.
    """

    def __init__(self, max_frames_per_s: float | None) -> None:
        self._step_s = 0.0 if max_frames_per_s is None else 1.0 / max_frames_per_s
        self._due_s = -math.inf
        self._first_s: float | None = None
        self._count = 0

    def takes(self, t_s: float) -> bool:
        """Return whether the picture at a time is taken.

        The picture nearest to each step is taken, so a film at nearly the wanted rate loses none to its uneven times.

        Parameters
        ----------
        t_s : float
            It must rise from call to call.

        Returns
        -------
        bool
        """
        self._first_s = t_s if self._first_s is None else self._first_s
        apart_s = (t_s - self._first_s) / max(self._count, 1)
        self._count += 1
        if self._step_s and t_s < self._due_s - apart_s / 2:
            return False
        late = t_s > self._due_s + self._step_s / 2
        self._due_s = (t_s if late else self._due_s) + self._step_s
        return True
