"""Writing the annotated video: H.264 in an MP4 that plays in any browser while it loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from formcheck import native
from formcheck.errors import OutputError
from formcheck.frames import Frame, Trace
from formcheck.outputs import output_path
from formcheck.records import SetRecord
from formcheck.spec import Exercise
from formcheck.video.ahead import read_ahead
from formcheck.video.files import VideoInfo, probe, read_frames
from formcheck.video.overlay import Overlay

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer
    from av.video.stream import VideoStream

SHORT_SIDE_PX = (360, 1080)
"""The shorter side is scaled into this range: below, the text cannot be read; above, not every browser plays it."""
LONG_SIDE_PX = 1920
TICKS_PER_S = 90_000
_BT709, _LIMITED = 1, 1


class FinishedSet(Protocol):
    """A record and the trace that it was judged on."""

    record: SetRecord
    trace: Trace


def annotate(
    source: Path | str,
    result: FinishedSet,
    exercise: Exercise,
    target: Path | str,
    *,
    language: str = "en",
    progress: Callable[[int, float | None], None] | None = None,
) -> None:
    """Write the analysed part of ``source`` with the set drawn on it to ``target``, whole or not at all. Without sound.

    Every picture keeps its time; of a part, times count from its start (``record.source.start_s``). ``progress`` gets
    the number of pictures done and their share; what it raises ends the work. Raises SourceError and OutputError.
    """
    info = probe(source)
    start_s, end_s = result.record.source.start_s, result.record.source.end_s
    overlay = Overlay(result.record, result.trace, exercise, language)
    first_s, last_s = start_s or 0.0, float(result.trace.t_s[-1])
    with (
        closing(read_ahead(read_frames(source, start_s, end_s))) as frames,
        output_path(target) as path,
        closing(_encode(frames, path, info, overlay, first_s)) as encoded,
    ):
        for done, t_s in enumerate(encoded, 1):
            if progress is not None:
                progress(done, min((t_s - first_s) / (last_s - first_s), 1.0) if last_s > first_s else None)


def output_size(width: int, height: int) -> tuple[int, int]:
    """Return the even width and height of the annotated video of a picture that large."""
    short, long = sorted((width, height))
    scale = min(max(1.0, SHORT_SIDE_PX[0] / short), LONG_SIDE_PX / long) if short < SHORT_SIDE_PX[0] else 1.0
    scale = min(scale, SHORT_SIDE_PX[1] / short, LONG_SIDE_PX / long)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _encode(frames: Iterator[Frame], path: Path, info: VideoInfo, overlay: Overlay, origin_s: float) -> Iterator[float]:
    """Encode picture by picture and yield the time of each that is done."""
    av, cv2 = native.load("av", OutputError), native.load("cv2", OutputError)
    size = output_size(info.width, info.height)
    shrinks = size[0] < info.width
    stamp = -1
    try:
        with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
            stream = _add_stream(container, size, info.frames_per_s)
            for frame in frames:
                picture = cv2.resize(frame.rgb, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
                overlay.draw(picture, frame.t_s)
                stamp = max(round((frame.t_s - origin_s) * TICKS_PER_S), stamp + 1)
                container.mux(stream.encode(_video_frame(picture, stamp)))
                yield frame.t_s
            container.mux(stream.encode())
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise OutputError(f"The annotated video could not be encoded: {error}", code="output_encoder") from error


def _add_stream(container: OutputContainer, size: tuple[int, int], frames_per_s: float) -> VideoStream:
    """Add an H.264 stream with a key picture each second, for exact and quick jumps, and no reordered pictures."""
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
    av = native.load("av", OutputError)
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
        format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
    )
    frame.pts, frame.time_base = stamp, Fraction(1, TICKS_PER_S)
    return frame
