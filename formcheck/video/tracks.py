"""Which track of a file is the film, and what the file's header says of its times."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

from formcheck.errors import SourceError
from formcheck.files import native_libraries
from formcheck.video.refusals import check_file, check_size, refusal, unopened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path

    from av.container import InputContainer
    from av.video.stream import VideoStream

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpegts,mpeg,mpegvideo,flv,ogg,asf,h264,hevc,m4v,mjpeg,mxf,dv,ivf,nut,apng,"
    "wav,mp3,aac,flac"
)
"""The containers that are opened. Playlists are not: they lead to other files. The last four hold sound only."""

SEEKABLE = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"}
"""Containers with absolute times and, once they are finished, an index. The others are read from their beginning."""

TIMELINE = "mov,mp4,m4a,3gp,3g2,mj2"
"""Its edit list tells when the first picture is due: a late one is meant so, and every player waits for it."""

PROMISES = SEEKABLE | {"avi", "flv"}
"""Containers whose header says how long the film is; of the others FFmpeg reads it from what is there."""

MAX_FRAMES_PER_S = 960
"""A higher nominal rate is the container's tick, not the camera's rate. Slow motion of phones reaches 960."""

USUAL_FRAMES_PER_S = 25
"""Rate that is assumed when the header has none. Default."""

DECODER_THREADS = 4
"""Decoding runs ahead by this many frames. The number is fixed, so a damaged file reads the same on every machine."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a file and choose the track that is the film.

    Parameters
    ----------
    path : Path

    Yields
    ------
    container : av.container.InputContainer
    stream : av.video.stream.VideoStream
        Ready to decode.

    Raises
    ------
    SourceError
        The file cannot be opened, or its pictures are too large.
    """
    av = native_libraries.load("av", SourceError)
    check_file(path)
    with _container(path) as container:
        tracks = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
        if not tracks:
            raise unopened(path, "source_audio_only" if container.streams.audio else "source_no_frames")
        stream = _film(path, tracks)
        if stream.codec_context is None:
            raise unopened(path, "source_codec")
        check_size(path, stream.codec_context.width, stream.codec_context.height)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = DECODER_THREADS
        yield container, stream


def _container(path: Path) -> InputContainer:
    av = native_libraries.load("av", SourceError)
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        container: InputContainer = av.open(f"file:{path}", options=options, metadata_errors="replace")
    except av.error.FFmpegError as error:
        raise unopened(path, "source_not_a_video") from error
    return container


def _film(path: Path, tracks: list[VideoStream]) -> VideoStream:
    """Return the track that is the film.

    A track that can be decoded comes before one that cannot, one of several pictures before a still, the default before
    others, then the longest, then the largest.
    """
    if len(tracks) == 1:
        return tracks[0]
    av = native_libraries.load("av", SourceError)
    pictures = _pictures_of(path, [track.index for track in tracks])

    def rank(track: VideoStream) -> tuple[float, ...]:
        kinds, context = av.stream.Disposition, track.codec_context
        count, length_s = pictures[track.index]
        moves = count > 1 and not track.disposition & (kinds.still_image | kinds.timed_thumbnails)
        default = bool(track.disposition & kinds.default)
        return context is not None, moves, default, length_s, context.width * context.height if context else 0

    return max(tracks, key=rank)


def _pictures_of(path: Path, tracks: list[int]) -> dict[int, tuple[int, float]]:
    """Return how many pictures each track holds and the time (s) from the first to the last. Nothing is decoded."""
    av = native_libraries.load("av", SourceError)
    counts, first_s, last_s = (
        dict.fromkeys(tracks, 0),
        dict.fromkeys(tracks, math.inf),
        dict.fromkeys(tracks, -math.inf),
    )
    with _container(path) as container:
        try:
            for packet in container.demux([container.streams[index] for index in tracks]):
                if packet.size:
                    index, tick_s = packet.stream.index, packet.time_base
                    counts[index] += 1
                    at_s = 0.0 if packet.pts is None or tick_s is None else float(packet.pts * tick_s)
                    first_s[index], last_s[index] = min(first_s[index], at_s), max(last_s[index], at_s)
        except av.error.FFmpegError:  # data that end early: what was seen until here decides
            pass
    return {index: (counts[index], max(0.0, last_s[index] - first_s[index])) for index in tracks}


def tick_s(stream: VideoStream) -> Fraction:
    """Return the length of one tick of a track's clock.

    Parameters
    ----------
    stream : VideoStream

    Returns
    -------
    Fraction
        In s.
    """
    found = stream.time_base
    assert found is not None  # only a stream that is written may lack it
    return found


def frames_per_s(stream: VideoStream) -> Fraction | None:
    """Return the nominal rate of a track.

    Parameters
    ----------
    stream : VideoStream

    Returns
    -------
    Fraction or None
        None when the header holds no rate that a camera could have.
    """
    rates = (stream.average_rate, stream.guessed_rate)
    return next((rate for rate in rates if rate and rate <= MAX_FRAMES_PER_S), None)


def times_by_decoding(container: InputContainer) -> bool:
    """Return whether the container knows no time of presentation, as AVI does not.

    Parameters
    ----------
    container : InputContainer

    Returns
    -------
    bool
    """
    return container.format.name == "avi"


def origin_s(container: InputContainer, stream: VideoStream) -> float | None:
    """Return the container's time that becomes 0 s: that of the first picture, or an earlier one where a film begins later.

    Parameters
    ----------
    container : InputContainer
    stream : VideoStream

    Returns
    -------
    float or None
        In s. None: only the first picture itself will tell.
    """
    if times_by_decoding(container):
        return None
    if stream.start_time is None:
        return 0.0 if container.format.name in SEEKABLE else None
    first_s = float(stream.start_time * tick_s(stream))
    return min(0.0, first_s) if container.format.name == TIMELINE else first_s


def header_duration_s(container: InputContainer, stream: VideoStream) -> float:
    """Return the end of the timeline according to the header.

    Parameters
    ----------
    container : InputContainer
    stream : VideoStream

    Returns
    -------
    float
        In s from ``origin_s``. NaN: the header does not say, or not clearly.
    """
    zero_s = origin_s(container, stream)
    if times_by_decoding(container):
        return math.nan if container.duration is None else container.duration / 1e6
    if zero_s is None or stream.start_time is None:
        return math.nan
    if stream.duration is not None:
        return float((stream.start_time + stream.duration) * tick_s(stream)) - zero_s
    if container.duration is None or zero_s > 0:  # writers differ: from the first picture, or from the clock's 0
        return math.nan
    return (container.duration + (container.start_time or 0)) / 1e6 - zero_s


def promised_s(container: InputContainer, stream: VideoStream) -> float:
    """Return the end of the timeline when the header was written.

    Parameters
    ----------
    container : InputContainer
    stream : VideoStream

    Returns
    -------
    float
        In s from ``origin_s``. NaN: the header does not say it of the pictures.
    """
    if container.format.name not in PROMISES:
        return math.nan
    if times_by_decoding(container):
        return float(stream.frames * tick_s(stream)) if stream.frames else math.nan
    if stream.duration is not None:
        return header_duration_s(container, stream)
    told_s = _tag_s(stream.metadata.get("DURATION", ""))
    if math.isnan(told_s) and container.duration is not None and len(container.streams) == 1:
        told_s = container.duration / 1e6
    return told_s - (origin_s(container, stream) or 0.0)


def _tag_s(tag: str) -> float:
    """Return the seconds of Matroska's tag of a track, such as ``00:00:07.000000000``; NaN for any other text."""
    try:
        hours, minutes, seconds = (float(part) for part in tag.split(":"))
    except ValueError:
        return math.nan
    return 3600 * hours + 60 * minutes + seconds


def no_pictures(path: Path, broken_frames: int) -> SourceError:
    """Return the error of a film without one readable picture.

    Parameters
    ----------
    path : Path
    broken_frames : int
        Pictures that could not be decoded.

    Returns
    -------
    SourceError
    """
    return refusal(path, "source_undecodable" if broken_frames else "source_no_frames")
