"""Read video files, picture by picture, with PyAV."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.errors import SourceError
from formcheck.files import native_libraries
from formcheck.model.frames import Frame
from formcheck.video.clock import Clock, Thinning
from formcheck.video.orientation import OrientationTracker, fill, same_shape
from formcheck.video.read_report import ReadReport
from formcheck.video.refusals import check_file, check_size, refusal
from formcheck.video.tracks import (
    SEEKABLE,
    USUAL_FRAMES_PER_S,
    frames_per_s,
    header_duration_s,
    no_pictures,
    opened,
    origin_s,
    promised_s,
    tick_s,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from fractions import Fraction

    import numpy as np
    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from formcheck.model.records import Source

ENDED_EARLY_S = 1.0
"""Pictures that end this much (s) before the header says are missing. Less is how writers round. Default."""


@dataclass(slots=True, frozen=True)
class VideoInfo:
    """Properties of a video file.

    Attributes
    ----------
    path : Path
    width, height : int
        Of the upright picture with square pixels.
    rotation_deg : int
        Applied rotation, clockwise.
    duration_s : float
        End of the timeline, according to the header.
    frames_per_s : float
        Nominal; NaN when the file has no plausible rate.
    codec, pixel_format, container : str
        FFmpeg's names.
    first_s : float
        The container's own time of the first picture; NaN when it has none.
    """

    path: Path
    width: int
    height: int
    rotation_deg: int
    duration_s: float
    frames_per_s: float
    codec: str
    pixel_format: str
    container: str
    first_s: float


@dataclass(slots=True, frozen=True)
class Reading:
    """How the pictures of a file are taken.

    Attributes
    ----------
    turn_deg : int
        Clockwise, beyond what the file says of itself: 0, 90, 180 or 270.
    size_px : (int, int), optional
        Width and height that every picture is brought to. None: those of the first picture that is read.
    max_frames_per_s : float, optional
        At most so many pictures a second are taken, evenly by time. None: all.
    """

    turn_deg: int = 0
    size_px: tuple[int, int] | None = None
    max_frames_per_s: float | None = None

    @classmethod
    def of(cls, source: Source) -> Reading:
        """Return how the pictures were taken that a record was made from.

        Parameters
        ----------
        source : Source

        Returns
        -------
        Reading
        """
        return cls(source.turned_deg, (source.width, source.height), source.max_frames_per_s)


def sha256_of(path: Path | str) -> str:
    """Return the SHA-256 of a file. The file is read in pieces.

    Parameters
    ----------
    path : path

    Returns
    -------
    str
        In hexadecimal.

    Raises
    ------
    SourceError
        The path is no readable file.
    """
    path = Path(path)
    check_file(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def probe(path: Path | str) -> VideoInfo:
    """Open a video, decode its first picture and return its properties.

    Parameters
    ----------
    path : path

    Returns
    -------
    VideoInfo

    Raises
    ------
    SourceError
        ``source_missing``, ``source_is_folder``, ``source_not_a_file``, ``source_not_readable``, ``source_empty``,
        ``source_not_a_video``, ``source_truncated``, ``source_audio_only``, ``source_codec``, ``source_too_large``,
        ``source_no_frames``, ``source_undecodable``. If PyAV cannot be loaded: ``package_missing``, ``system_library``.
    """
    path = Path(path)
    with opened(path) as (container, stream):
        report = ReadReport()
        frame = next(_decoded(container, stream, report), None)
        if frame is None:
            raise no_pictures(path, report.broken_frames)
        check_size(path, frame.width, frame.height)
        upright = OrientationTracker.of(frame, stream.sample_aspect_ratio)
        rate = frames_per_s(stream)
        duration_s = header_duration_s(container, stream)
        if math.isnan(duration_s):
            duration_s = _scanned_duration_s(path)
        return VideoInfo(
            path,
            *upright.size_px,
            upright.rotation_deg,
            duration_s,
            float(rate or math.nan),
            stream.codec_context.name,
            frame.format.name,
            container.format.name,
            math.nan if frame.pts is None else float(frame.pts * tick_s(stream)),
        )


def read_frames(
    path: Path | str,
    start_s: float | None = None,
    end_s: float | None = None,
    report: ReadReport | None = None,
    reading: Reading | None = None,
) -> Generator[Frame]:
    """Yield the pictures of a video in order, upright, at their own times, all of one size. Close the iterator to stop early.

    Times count from the first picture of the file, also for a part; in an MP4 or MOV, from the beginning of its timeline.
    Memory does not grow with the length. Pictures that cannot be decoded are skipped and counted. A damaged last picture
    may take up to ``DECODER_THREADS`` - 1 intact pictures with it. A picture of another shape is not squashed: it is
    fitted into the common size, with black beside it.

    Parameters
    ----------
    path : path
    start_s, end_s : float, optional
        The part to read (s), both ends inclusive. None: from the beginning, to the end.
    report : ReadReport, optional
        Filled while reading.
    reading : Reading, optional
        None: every picture, as the file says.

    Yields
    ------
    Frame

    Raises
    ------
    SourceError
        As ``probe``, and ``source_range``.
    """
    path = Path(path)
    report = ReadReport() if report is None else report
    reading = Reading() if reading is None else reading
    first_s, last_s = _part(path, start_s, end_s)
    with opened(path) as (container, stream):
        thinning = Thinning(reading.max_frames_per_s)
        shaper = _Shaper(path, stream.sample_aspect_ratio, reading, report)
        for picture, t_s in _timed(path, (container, stream), (first_s, last_s), report):
            if not thinning.takes(t_s):
                report.thinned_frames += 1
                continue
            report.frames += 1
            yield Frame(t_s, shaper.rgb(picture, t_s))
    if not report.frames:
        if start_s is not None or end_s is not None:
            raise _bad_range(path, f"there is no picture between {first_s:g} s and {last_s:g} s")
        raise no_pictures(path, report.broken_frames)


def _part(path: Path, start_s: float | None, end_s: float | None) -> tuple[float, float]:
    """Return the first and the last time (s) of a part."""
    first_s, last_s = 0.0 if start_s is None else start_s, math.inf if end_s is None else end_s
    if not 0 <= first_s < last_s:
        raise _bad_range(
            path, f"the end ({last_s:g} s) must come after the start ({first_s:g} s), and the start may not be negative"
        )
    return first_s, last_s


def _timed(
    path: Path, film: tuple[InputContainer, VideoStream], part_s: tuple[float, float], report: ReadReport
) -> Iterator[tuple[VideoFrame, float]]:
    """Yield the pictures of a part with their times (s), then note whether the file ends before its header says."""
    (container, stream), (first_s, last_s) = film, part_s
    duration_s = header_duration_s(container, stream)
    if first_s > 0 and first_s >= duration_s:
        raise _bad_range(path, f"the start ({first_s:g} s) lies behind the video's end ({duration_s:.1f} s)")
    clock = Clock(container, stream, report)
    if first_s > 0 and container.format.name in SEEKABLE and not math.isnan(duration_s):
        container.seek(clock.stamp_of(first_s), stream=stream)
    end, last_picture_s = _DataEnd(clock), math.nan
    for picture in _decoded(container, stream, report, clock.stamp_of(first_s), end):
        t_s = clock.time_of(picture)
        if t_s is None or t_s < first_s:
            continue
        if t_s > last_s:
            return
        last_picture_s = t_s
        yield picture, t_s
    report.missing_s = end.missing_s(last_picture_s, min(promised_s(container, stream), last_s))


class _Shaper:
    """Turns the pictures of a film upright and brings them to one size; notes where the shape is another."""

    def __init__(self, path: Path, pixel_shape: Fraction | None, reading: Reading, report: ReadReport) -> None:
        self._path, self._pixel_shape, self._reading, self._report = path, pixel_shape, reading, report
        self._size_px = reading.size_px
        self._upright: dict[tuple[int, int], OrientationTracker] = {}
        self._turned = False

    def rgb(self, picture: VideoFrame, t_s: float) -> np.ndarray:
        stored_px = picture.width, picture.height
        if stored_px not in self._upright:
            check_size(self._path, *stored_px)
            upright = OrientationTracker.of(picture, self._pixel_shape)
            self._upright[stored_px] = upright.turned(self._reading.turn_deg)
        upright = self._upright[stored_px]
        self._size_px = self._size_px or upright.size_px
        self._note(not same_shape(upright.size_px, self._size_px), t_s)
        return fill(upright.rgb(picture), self._size_px)

    def _note(self, turned: bool, t_s: float) -> None:
        stretches = self._report.turned_s
        if turned and self._turned:
            stretches[-1] = (stretches[-1][0], t_s)
        elif turned:
            stretches.append((t_s, t_s))
        self._turned = turned


class _DataEnd:
    """Follows where the coded pictures of a file end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._end_s = -math.inf

    def add(self, packet: Packet[VideoStream]) -> None:
        """Take one more coded picture into account."""
        if packet.size and packet.pts is not None:
            self._end_s = max(self._end_s, self._clock.end_of(packet.pts, packet.duration))

    def missing_s(self, last_picture_s: float, promised_s: float) -> tuple[float, float] | None:
        """Return from when to when (s) pictures are missing; None where the data last as long as the header says."""
        known = not math.isnan(last_picture_s)  # where nothing is promised, NaN, nothing is missing either
        missing = known and promised_s - max(self._end_s, last_picture_s) > ENDED_EARLY_S
        return (last_picture_s, promised_s) if missing else None


def _scanned_duration_s(path: Path) -> float:
    """Return how long the film is from its last timestamp, or from the number of pictures. Nothing is decoded."""
    with opened(path) as (container, stream):
        period_s = 1 / (frames_per_s(stream) or USUAL_FRAMES_PER_S)
        sizes_and_stamps = [(p.size, p.pts) for p in _packets(container, stream, ReadReport()) if p is not None]
        stamps = [stamp for size, stamp in sizes_and_stamps if size and stamp is not None]
        if stamps:
            first_s = origin_s(container, stream)
            first_s = float(min(stamps) * tick_s(stream)) if first_s is None else first_s
            return float(max(stamps) * tick_s(stream) + period_s) - first_s
        return float(sum(size > 0 for size, _ in sizes_and_stamps) * period_s)


def _packets(
    container: InputContainer, stream: VideoStream, report: ReadReport
) -> Iterator[Packet[VideoStream] | None]:
    """Yield the stream's packets, then an empty one that makes the decoder give its last pictures. Data may end early."""
    av = native_libraries.load("av", SourceError)
    try:
        yield from container.demux(stream)
    except av.error.FFmpegError:
        report.truncated = True
        yield None


def _decoded(
    container: InputContainer,
    stream: VideoStream,
    report: ReadReport,
    first_stamp: int = 0,
    end: _DataEnd | None = None,
) -> Iterator[VideoFrame]:
    """Yield the pictures that can be decoded. Broken ones are counted, unless they lie before ``first_stamp``."""
    av = native_libraries.load("av", SourceError)
    for packet in _packets(container, stream, report):
        if packet is not None and end is not None:
            end.add(packet)
        counts = packet is None or packet.pts is None or packet.pts >= first_stamp
        try:
            pictures = stream.codec_context.decode(packet)
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            report.broken_frames += counts
            continue
        for picture in pictures:
            if picture.is_corrupt:
                report.broken_frames += counts
            else:
                yield picture


def _bad_range(path: Path, reason: str) -> SourceError:
    return refusal(path, "source_range", reason=reason)
