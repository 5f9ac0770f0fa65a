"""Write the annotated video: H.264 in an MP4 that browsers play while it loads."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from formcheck.errors import OutputError
from formcheck.files import native_libraries
from formcheck.files.atomic import output_path
from formcheck.model.frames import Frame, Trace
from formcheck.video.files import Reading, VideoInfo, probe, read_frames
from formcheck.video.overlay import Overlay
from formcheck.video.prefetch import read_ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from av import VideoFrame
    from av.container import OutputContainer
    from av.video.stream import VideoStream

    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

SHORT_SIDE_PX = (360, 1080)
"""The shorter side is scaled into this range. Text cannot be read below it; not every browser plays more. Default."""
LONG_SIDE_PX = 1920
"""The longer side is never larger than this: Full HD, which every browser's H.264 decoder plays."""
TICKS_PER_S = 90_000
"""Ticks of the written clock: the usual time base of MPEG video."""
BROWSER_CODECS = {"mov,mp4,m4a,3gp,3g2,mj2": ("h264",), "matroska,webm": ("vp8", "vp9")}
"""Containers and their codecs that every current browser plays."""
SAME_TIME_S = 0.001
"""A first picture no further than this (s) from 0 counts as starting at 0: one tick of a Matroska clock."""
PLAIN = (44, 56, 64)
"""Colour of the plain background. The white bones and every mark stand out from it."""
_BT709, _LIMITED = 1, 1
"""FFmpeg's numbers for the BT.709 colour space and the limited colour range."""
_FALLBACK_PER_S = 30.0
"""Pictures per second of the plain background if the trace has only one time. Default."""

Background = Literal["video", "plain"]


class FinishedSet(Protocol):
    """A record and the trace that it was judged on."""

    @property
    def record(self) -> SetRecord:
        """The record."""

    @property
    def trace(self) -> Trace:
        """Its landmarks and signals."""


def annotate(
    source: Path | str | None,
    result: FinishedSet,
    exercise: Exercise,
    target: Path | str,
    *,
    background: Background = "video",
    language: str = "en",
    progress: Callable[[int, float | None], None] | None = None,
) -> None:
    """Draw a set on the analysed part of its video, and write the result whole or not at all. The result has no sound.

    Every picture keeps its time. In a part, times count from its start (``record.source.start_s``).

    Parameters
    ----------
    source : path or None
        The video. None: the plain background is used.
    result : FinishedSet
    exercise : Exercise
    target : path
        The MP4 to write.
    background : {"video", "plain"}
        ``plain`` draws the landmarks on one colour. The video is not opened.
    language : str
    progress : callable, optional
        Receives the number of pictures done and their share of all (None = unknown). An exception that it raises ends the work.

    Raises
    ------
    SourceError
        The video cannot be read.
    OutputError
        The target cannot be written or encoded.
    """
    start_s, end_s = result.record.source.start_s, result.record.source.end_s
    overlay = Overlay(result.record, result.trace, exercise, language)
    first_s, last_s = start_s or 0.0, float(result.trace.t_s[-1])
    if background == "plain" or source is None:
        kind, pictures = (result.trace.size_px, _rate(result.trace)), _plain_frames(result.trace)
    else:
        reading = replace(Reading.of(result.record.source), size_px=result.trace.size_px)
        kind = (result.trace.size_px, _taken_per_s(probe(source), reading))
        pictures = read_ahead(read_frames(source, start_s, end_s, reading=reading))
    with (
        closing(pictures) as frames,
        output_path(target) as path,
        closing(encode(frames, path, kind, overlay.draw, first_s)) as encoded,
    ):
        for done, t_s in enumerate(encoded, 1):
            if progress is not None:
                progress(done, min((t_s - first_s) / (last_s - first_s), 1.0) if last_s > first_s else None)


def _draw_nothing(_rgb: np.ndarray, _t_s: float) -> None:
    """Leave the picture as it is."""


def plays_in_browsers(info: VideoInfo) -> bool:
    """Return whether every current browser shows this video as it is, at the times that ``read_frames`` gives.

    Other videos (HEVC, 10 bits, AVI, GIF, clocks that do not begin at 0 ...) need ``transcode``.

    Parameters
    ----------
    info : VideoInfo

    Returns
    -------
    bool
    """
    if not abs(info.first_s) <= SAME_TIME_S or info.pixel_format not in ("yuv420p", "yuvj420p"):
        return False
    return info.codec in BROWSER_CODECS.get(info.container, ())


def plays_as_analysed(info: VideoInfo, record: SetRecord) -> bool:
    """Return whether every browser shows the pictures that were analysed, where their landmarks are.

    Parameters
    ----------
    info : VideoInfo
    record : SetRecord

    Returns
    -------
    bool
        False: the video needs ``transcode``.
    """
    reshaped = record.source.turned_deg or any(event.kind == "picture_turned" for event in record.events)
    return plays_in_browsers(info) and not reshaped and not record.quality.broken_frames


def transcode(
    source: Path | str,
    target: Path | str,
    start_s: float | None = None,
    end_s: float | None = None,
    progress: Callable[[int, float | None], None] | None = None,
    reading: Reading | None = None,
) -> None:
    """Write a video, or a part of it, so that every browser plays it. Each picture keeps its time. The result has no sound.

    Parameters
    ----------
    source, target : path
    start_s, end_s : float, optional
        The part to write (s). Its times count from ``start_s``.
    progress : callable, optional
        As in ``annotate``.
    reading : Reading, optional
        Which pictures, how turned and how large: those that were analysed. None: all, as the file says.

    Raises
    ------
    SourceError
        The video cannot be read.
    OutputError
        The target cannot be written or encoded.
    """
    info, reading = probe(source), Reading() if reading is None else reading
    size_px = reading.size_px or (info.width, info.height)
    reading = replace(reading, size_px=size_px)
    first_s, last_s = start_s or 0.0, min(info.duration_s, end_s or info.duration_s)
    with (
        closing(read_ahead(read_frames(source, start_s, end_s, reading=reading))) as frames,
        output_path(target) as path,
        closing(encode(frames, path, (size_px, _taken_per_s(info, reading)), _draw_nothing, first_s)) as encoded,
    ):
        for done, t_s in enumerate(encoded, 1):
            if progress is not None:
                progress(done, min((t_s - first_s) / (last_s - first_s), 1.0) if last_s > first_s else None)


def _taken_per_s(info: VideoInfo, reading: Reading) -> float:
    """Return how many pictures a second are read, NaN where the file has no plausible rate."""
    return min(info.frames_per_s, reading.max_frames_per_s or info.frames_per_s)


def _plain_frames(trace: Trace) -> Generator[Frame]:
    """Yield an empty picture for each frame of a trace, at its time."""
    width, height = trace.size_px
    for t_s in trace.t_s:
        yield Frame(float(t_s), np.full((height, width, 3), PLAIN, np.uint8))


def _rate(trace: Trace) -> float:
    step_s = float(np.median(np.diff(trace.t_s))) if len(trace.t_s) > 1 else 0.0
    return 1.0 / step_s if step_s > 0 else _FALLBACK_PER_S


def output_size(width: int, height: int) -> tuple[int, int]:
    """Return the size of the annotated video for a picture.

    Parameters
    ----------
    width, height : int
        Of the picture (px).

    Returns
    -------
    width, height : int
        Even numbers of pixels.
    """
    short, long = sorted((width, height))
    scale = min(max(1.0, SHORT_SIDE_PX[0] / short), LONG_SIDE_PX / long) if short < SHORT_SIDE_PX[0] else 1.0
    scale = min(scale, SHORT_SIDE_PX[1] / short, LONG_SIDE_PX / long)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def encode(
    frames: Iterator[Frame],
    path: Path,
    kind: tuple[tuple[int, int], float],
    draw: Callable[[np.ndarray, float], None],
    origin_s: float,
) -> Generator[float]:
    """Encode picture by picture.

    Parameters
    ----------
    frames : iterator of Frame
    path : Path
        The MP4 to write.
    kind : ((int, int), float)
        Width and height (px) of the pictures, and pictures per second.
    draw : callable
        Draws into a picture, uint8 (H, W, 3), at a time (s).
    origin_s : float
        Time of a picture (s) that becomes 0 in the file.

    Yields
    ------
    float
        Time (s) of each picture that is encoded.

    Raises
    ------
    OutputError
        ``output_encoder``; or PyAV or OpenCV cannot be loaded.
    """
    av, cv2 = native_libraries.load("av", OutputError), native_libraries.load("cv2", OutputError)
    (width, height), frames_per_s = kind
    size = output_size(width, height)
    shrinks = size[0] < width
    stamp = -1
    try:
        with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
            stream = _add_stream(container, size, frames_per_s)
            for frame in frames:
                picture = cv2.resize(frame.rgb, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
                draw(picture, frame.t_s)
                stamp = max(round((frame.t_s - origin_s) * TICKS_PER_S), stamp + 1)
                container.mux(stream.encode(_video_frame(picture, stamp)))
                yield frame.t_s
            container.mux(stream.encode())
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise OutputError(f"The annotated video could not be encoded: {error}", code="output_encoder") from error


def _add_stream(container: OutputContainer, size: tuple[int, int], frames_per_s: float) -> VideoStream:
    """Add an H.264 stream. A key picture each second makes jumps exact and quick; no picture is reordered."""
    rate = Fraction(frames_per_s if 1 <= frames_per_s <= 480 else 30).limit_denominator(1001)
    options = {"preset": "veryfast", "crf": "23", "bf": "0", "g": str(max(1, round(rate)))}
    stream = container.add_stream("libx264", rate=rate, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED
    return stream


def _video_frame(rgb: np.ndarray, stamp: int) -> VideoFrame:
    """Return the picture as the encoder takes it, at ``stamp`` ticks."""
    av = native_libraries.load("av", OutputError)
    frame: VideoFrame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
        format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
    )
    frame.pts, frame.time_base = stamp, Fraction(1, TICKS_PER_S)
    return frame
