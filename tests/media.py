"""Builds the video files that tests need, hostile ones included, with PyAV."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
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
