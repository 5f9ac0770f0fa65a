"""Builds the video files that tests need, hostile ones included, with PyAV."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

TICKS_PER_S = 90_000


def pictures(count: int, width: int = 64, height: int = 48) -> list[np.ndarray]:
    """Return grey pictures, each lighter than the one before, with a white top left quarter: what is up can be told."""
    made = []
    for i in range(count):
        picture = np.full((height, width, 3), 16 + i * 160 // count, np.uint8)
        picture[: height // 2, : width // 2] = 255
        made.append(picture)
    return made


def write_video(
    path: Path,
    frames: Iterable[np.ndarray],
    *,
    fps: float = 25,
    times_s: Iterable[float] | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    container: str | None = None,
    rotation_deg: int = 0,
    hflip: bool = False,
    pixel_shape: Fraction | None = None,
    options: dict[str, str] | None = None,
    muxer: dict[str, str] | None = None,
) -> Path:
    """Encode RGB pictures. ``times_s``: their times (default: ``fps``). ``rotation_deg``: clockwise, as a phone writes
    it.
    ``options``: the encoder's; ``muxer``: the container's.
    """
    frames = list(frames)
    rate = Fraction(fps).limit_denominator(1001)
    times_s = [i / rate for i in range(len(frames))] if times_s is None else times_s
    usual = {"libx264": {"bf": "0"}, "libx265": {"x265-params": "log-level=none"}}
    options = {**usual.get(codec, {}), **(options or {})}
    with av.open(str(path), "w", format=container, options=muxer or {}) as file:
        stream = file.add_stream(codec, rate=rate, options=options)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pix_fmt
        if path.suffix not in (".gif", ".avi"):  # these count in pictures
            stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
        if pixel_shape is not None:
            stream.codec_context.sample_aspect_ratio = pixel_shape
        if rotation_deg or hflip:
            stream.set_display_rotation(-rotation_deg, hflip=hflip)
        for rgb, t_s in zip(frames, times_s, strict=True):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            tick = stream.codec_context.time_base or 1 / rate
            frame.pts, frame.time_base = round(t_s / tick), tick
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def write_sound(path: Path, container: str = "mp4") -> Path:
    """Write half a second of silence, and no picture."""
    with av.open(str(path), "w", format=container) as file:
        stream = file.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 22050), np.float32), format="fltp", layout="stereo")
        frame.rate = 44100
        file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def write_without_pictures(path: Path) -> Path:
    """Write an MP4 that declares a video stream and holds no picture: its sample tables are emptied."""
    write_video(path, pictures(3))
    data = bytearray(path.read_bytes())
    for box in (b"stsz", b"stco", b"stsc", b"stts"):
        at = data.index(box) + 8
        at += 4 if box == b"stsz" else 0
        data[at : at + 4] = struct.pack(">I", 0)
    path.write_bytes(data)
    return path


def packets(path: Path) -> list[tuple[int, int]]:
    """Return (offset, size) in the file of each coded picture, in file order."""
    with av.open(str(path)) as file:
        return [(packet.pos, packet.size) for packet in file.demux(video=0) if packet.size]


def break_pictures(path: Path, *which: int) -> Path:
    """Overwrite the coded data of some pictures with zeros."""
    data = bytearray(path.read_bytes())
    for offset, size in [packets(path)[i] for i in which]:
        data[offset : offset + size] = bytes(size)
    path.write_bytes(data)
    return path


def retime(path: Path, out: Path, times_s: list[float]) -> Path:
    """Write the coded pictures of ``path`` again at other times, which an encoder would refuse, and return ``out``."""
    with av.open(str(path)) as source, av.open(str(out), "w", options={"avoid_negative_ts": "disabled"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        coded = [packet for packet in source.demux(video=0) if packet.size]
        for packet, t_s in zip(coded, times_s, strict=True):
            packet.stream = stream
            packet.pts = packet.dts = round(t_s / packet.time_base)
            target.mux(packet)
    return out


def write_tracks(path: Path, tracks: Sequence[Sequence[np.ndarray]], *, default: int | None = None) -> Path:
    """Write several video tracks of 25 pictures a second; one picture becomes a still in JPEG. ``default``: which is so marked."""
    with av.open(str(path), "w") as file:
        streams = []
        for number, frames in enumerate(tracks):
            codec, pix_fmt = ("libx264", "yuv420p") if len(frames) > 1 else ("mjpeg", "yuvj420p")
            stream = file.add_stream(codec, rate=25, options={"bf": "0"} if codec == "libx264" else {})
            stream.height, stream.width = frames[0].shape[:2]
            stream.pix_fmt = pix_fmt
            stream.disposition = av.stream.Disposition(int(number == default))
            streams.append(stream)
        for stream, frames in zip(streams, tracks, strict=True):
            for i, rgb in enumerate(frames):
                frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
                frame.pts, frame.time_base = i, Fraction(1, 25)
                file.mux(stream.encode(frame))
            file.mux(stream.encode())
    return path


def write_turning(path: Path, frames: Sequence[np.ndarray], times_s: Sequence[float]) -> Path:
    """Write a WebM as a browser does while the phone is turned: the pictures change their shape inside one track."""
    tick = Fraction(1, 1000)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libvpx", rate=25)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt, stream.codec_context.time_base = "yuv420p", tick
        coded, encoder, shape = [], stream, frames[0].shape
        for rgb, t_s in zip(frames, times_s, strict=True):
            if rgb.shape != shape:
                coded += encoder.encode(None)
                encoder, shape = av.CodecContext.create("libvpx", "w"), rgb.shape
                encoder.height, encoder.width = shape[:2]
                encoder.pix_fmt, encoder.time_base, encoder.framerate = "yuv420p", tick, Fraction(25)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = round(t_s / tick), tick
            coded += encoder.encode(frame)
        for packet in (*coded, *encoder.encode(None)):
            packet.stream = stream
            file.mux(packet)
    return path
