"""Read video files, picture by picture, with PyAV."""

from __future__ import annotations

import hashlib
import itertools
import math
import os
import stat
import struct
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.errors import SourceError
from formcheck.files import native_libraries
from formcheck.model.frames import Frame
from formcheck.video.orientation import OrientationTracker

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from fractions import Fraction

    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpegts,mpeg,mpegvideo,flv,ogg,asf,h264,hevc,m4v,mjpeg,mxf,dv,ivf,nut,apng,"
    "wav,mp3,aac,flac"
)
"""The containers that are opened. Playlists are not: they lead to other files. The last four hold sound only."""

SEEKABLE = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"}
"""Containers with absolute times and, once they are finished, an index. The others are read from their beginning."""

FREE_CLOCK = {"mpegts", "mpeg", "flv", "asf"}
"""Containers whose clock starts anywhere: their times count from the file's first."""

RESTART_AFTER = 3
"""Pictures in a row whose times rise but lie behind the last one: this many are a restarted clock, fewer are errors. Default."""

MAX_FRAMES_PER_S = 960
"""A higher nominal rate is the container's tick, not the camera's rate. Slow motion of phones reaches 960."""

USUAL_FRAMES_PER_S = 25
"""Rate that is assumed when the header has none. Default."""

DECODER_THREADS = 4
"""Decoding runs ahead by this many frames. The number is fixed, so a damaged file reads the same on every machine."""


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
        End of the timeline according to the header.
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


@dataclass(slots=True)
class ReadReport:
    """Counts that ``read_frames`` fills while it reads.

    Attributes
    ----------
    frames : int
        Delivered pictures.
    broken_frames : int
        Skipped because they could not be decoded.
    dropped_frames : int
        Skipped because their time did not rise.
    clock_restarts : int
        Times that the file's clock fell back and was continued.
    truncated : bool
        The data ended early.
    """

    frames: int = 0
    broken_frames: int = 0
    dropped_frames: int = 0
    clock_restarts: int = 0
    truncated: bool = False


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
    _check_file(path)
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
        ``source_not_a_video``, ``source_truncated``, ``source_audio_only``, ``source_codec``, ``source_no_frames``,
        ``source_undecodable``. If PyAV cannot be loaded: ``package_missing``, ``system_library``.
    """
    path = Path(path)
    with _opened(path) as (container, stream):
        report = ReadReport()
        frame = next(_decoded(container, stream, report), None)
        if frame is None:
            raise _no_frames(path, report)
        upright = OrientationTracker.of(frame, stream.sample_aspect_ratio)
        rate = _frames_per_s(stream)
        duration_s = _header_duration_s(container, stream)
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
            math.nan if frame.pts is None else float(frame.pts * _tick_s(stream)),
        )


def read_frames(
    path: Path | str, start_s: float | None = None, end_s: float | None = None, report: ReadReport | None = None
) -> Generator[Frame]:
    """Yield the pictures of a video in order, upright, at their own times. Close the iterator to stop early.

    Times count from the beginning of the file's timeline, also for a part. Memory does not grow with the length. Pictures
    that cannot be decoded are skipped and counted. A damaged last picture may take up to ``DECODER_THREADS`` - 1 intact
    pictures with it.

    Parameters
    ----------
    path : path
    start_s, end_s : float, optional
        The part to read (s), both ends inclusive. None: from the beginning, to the end.
    report : ReadReport, optional
        Filled while reading.

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
    first_s = 0.0 if start_s is None else start_s
    last_s = math.inf if end_s is None else end_s
    if not 0 <= first_s < last_s:
        raise _bad_range(
            path, f"the end ({last_s:g} s) must come after the start ({first_s:g} s), and the start may not be negative"
        )
    with _opened(path) as (container, stream):
        duration_s = _header_duration_s(container, stream)
        if first_s > 0 and first_s >= duration_s:
            raise _bad_range(path, f"the start ({first_s:g} s) lies behind the video's end ({duration_s:.1f} s)")
        clock = _Clock(container, stream, report)
        if first_s > 0 and container.format.name in SEEKABLE and not math.isnan(duration_s):
            container.seek(clock.stamp_of(first_s), stream=stream)
        upright = None
        for picture in _decoded(container, stream, report, clock.stamp_of(first_s)):
            t_s = clock.time_of(picture)
            if t_s is None or t_s < first_s:
                continue
            if t_s > last_s:
                break
            upright = upright or OrientationTracker.of(picture, stream.sample_aspect_ratio)
            report.frames += 1
            yield Frame(t_s, upright.rgb(picture))
    if not report.frames:
        if start_s is not None or end_s is not None:
            raise _bad_range(path, f"there is no picture between {first_s:g} s and {last_s:g} s")
        raise _no_frames(path, report)


class _Clock:
    """The times of the pictures: seconds from the beginning of the file's timeline, strictly rising."""

    def __init__(self, container: InputContainer, stream: VideoStream, report: ReadReport) -> None:
        self._tick_s = _tick_s(stream)
        self._period_s = float(1 / (_frames_per_s(stream) or USUAL_FRAMES_PER_S))
        self._by_decoding = container.format.name == "avi"  # AVI knows no time of presentation
        self._origin_s = None if self._by_decoding else _origin_s(container, stream)
        self._last_s: float | None = None
        self._behind_s: list[float] = []
        self._report = report

    def stamp_of(self, t_s: float) -> int:
        """Return the container's timestamp of a time."""
        return math.floor((t_s + (self._origin_s or 0.0)) / self._tick_s)

    def time_of(self, picture: VideoFrame) -> float | None:
        """Return the time of the next picture. None: the time does not rise, and the picture must be left out."""
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


def _tick_s(stream: VideoStream) -> Fraction:
    """Return the length of one tick of the stream's clock (s)."""
    tick_s = stream.time_base
    assert tick_s is not None  # only a stream that is written may lack it
    return tick_s


def _frames_per_s(stream: VideoStream) -> Fraction | None:
    """Return the nominal rate; None when the header holds none that a camera could have."""
    rates = (stream.average_rate, stream.guessed_rate)
    return next((rate for rate in rates if rate and rate <= MAX_FRAMES_PER_S), None)


def _origin_s(container: InputContainer, stream: VideoStream) -> float:
    """Return the container's time that becomes 0 s.

    It is 0, unless the container's clock starts anywhere or its first picture lies before 0.
    """
    if container.format.name in FREE_CLOCK and container.start_time is not None:
        return container.start_time / 1e6
    return min(0.0, float((stream.start_time or 0) * _tick_s(stream)))


def _header_duration_s(container: InputContainer, stream: VideoStream) -> float:
    """Return the end of the timeline according to the header. NaN: the header does not say."""
    if container.duration is None:
        return math.nan
    return (container.duration + (container.start_time or 0)) / 1e6 - _origin_s(container, stream)


def _scanned_duration_s(path: Path) -> float:
    """Return the end of the timeline from the last timestamp, or from the number of pictures. Nothing is decoded."""
    with _opened(path) as (container, stream):
        period_s = 1 / (_frames_per_s(stream) or USUAL_FRAMES_PER_S)
        sizes_and_stamps = [(p.size, p.pts) for p in _packets(container, stream, ReadReport()) if p is not None]
        stamps = [stamp for size, stamp in sizes_and_stamps if size and stamp is not None]
        if stamps:
            return float(max(stamps) * _tick_s(stream) + period_s) - _origin_s(container, stream)
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
    container: InputContainer, stream: VideoStream, report: ReadReport, first_stamp: int = 0
) -> Iterator[VideoFrame]:
    """Yield the pictures that can be decoded. Broken ones are counted, unless they lie before ``first_stamp``."""
    av = native_libraries.load("av", SourceError)
    for packet in _packets(container, stream, report):
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


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Yield the open container and its video stream, ready to decode. Raises SourceError."""
    av = native_libraries.load("av", SourceError)
    _check_file(path)
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        container = av.open(f"file:{path}", options=options, metadata_errors="replace")
    except av.error.FFmpegError as error:
        raise _refused(path, "source_not_a_video") from error
    with container:
        streams = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
        if not streams:
            raise _refused(path, "source_audio_only" if container.streams.audio else "source_no_frames")
        stream = streams[0]
        if stream.codec_context is None:
            raise _refused(path, "source_codec")
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = DECODER_THREADS
        yield container, stream


_SENTENCES = {
    "source_missing": "There is no file {path}.",
    "source_is_folder": "{path} is a folder. Name a video file.",
    "source_not_a_file": "{path} is no regular file. Save the video to a file first.",
    "source_not_readable": "Cannot read {path}: permission denied.",
    "source_empty": "{path} is empty.",
    "source_not_a_video": "{path} is not a video that can be read. Try an MP4, MOV, WebM, MKV, AVI or GIF file.",
    "source_truncated": "{path} is cut off: its index, at the end, is missing. Copy it again from where it was filmed.",
    "source_audio_only": "{path} holds sound but no pictures.",
    "source_codec": "{path} is coded in a way that cannot be read. Convert it to H.264, for example with HandBrake.",
    "source_no_frames": "{path} holds no pictures.",
    "source_undecodable": "Not one picture of {path} could be decoded: the file is damaged.",
    "source_range": "{path}: {reason}.",
}


def _error(path: Path, code: str, **params: object) -> SourceError:
    return SourceError(_SENTENCES[code].format(path=path, **params), code=code, path=str(path), **params)


def _bad_range(path: Path, reason: str) -> SourceError:
    return _error(path, "source_range", reason=reason)


def _no_frames(path: Path, report: ReadReport) -> SourceError:
    return _error(path, "source_undecodable" if report.broken_frames else "source_no_frames")


def _check_file(path: Path) -> None:
    """Raise SourceError unless ``path`` is a regular, readable file that is not empty."""
    try:
        found = path.stat()
    except PermissionError as error:
        raise _error(path, "source_not_readable") from error
    except (OSError, ValueError) as error:
        raise _error(path, "source_missing") from error
    if stat.S_ISDIR(found.st_mode):
        raise _error(path, "source_is_folder")
    if not stat.S_ISREG(found.st_mode):
        raise _error(path, "source_not_a_file")
    if not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        raise _error(path, "source_not_readable")
    if found.st_size == 0:
        raise _error(path, "source_empty")


def _refused(path: Path, otherwise: str) -> SourceError:
    """Return the error for a file that cannot be opened. An MP4 whose index is not complete is reported as cut off."""
    boxes = list(itertools.islice(top_boxes(path), 1000))
    ends = {name: end for name, _, end in boxes}
    cut_off = bool(boxes) and boxes[0][0] == b"ftyp" and not 0 < ends.get(b"moov", 0) <= path.stat().st_size
    return _error(path, "source_truncated" if cut_off else otherwise)


def top_boxes(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """Yield the top-level boxes of an MP4. Other files give meaningless boxes.

    Parameters
    ----------
    path : Path

    Yields
    ------
    name : bytes
    start, end : int
        Positions (bytes). The end is the box's own claim and may lie behind the end of the file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = 0
        while start + 8 <= size:
            file.seek(start)
            length, name = struct.unpack(">I4s", file.read(8))
            if length == 1:
                (length,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
            end = start + length if length else size
            yield name, start, end
            if end < start + 8:
                return
            start = end
