"""Write a clip for a browser's fake camera: a person who squats, with a picture counter in a strip at the top."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from formcheck.files.samples import every_sample

if TYPE_CHECKING:
    from pathlib import Path

BITS = 12
WIDTH, HEIGHT, STRIP, FPS = 640, 480, 32, 30


def counted_clip(target: Path, sample: str = "squat_front_good") -> Path:
    """Write the clip (Motion JPEG, 640 × 480, 30 pictures a second) and return its path."""
    source = next(one.path for one in every_sample() if one.name == sample)
    with av.open(str(source)) as film, av.open(str(target), "w", format="mjpeg") as out:
        stream = out.add_stream("mjpeg", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        stream.options = {"qmin": "2", "qmax": "4", "huffman": "default"}
        stream.time_base = Fraction(1, FPS)
        for n, frame in enumerate(film.decode(video=0)):
            picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
            height = round(frame.height * WIDTH / frame.width / 2) * 2
            top = (HEIGHT - height) // 2
            picture[top : top + height] = frame.to_ndarray(width=WIDTH, height=height, format="rgb24")
            for bit in range(BITS):
                lit = (n >> (BITS - 1 - bit)) & 1
                picture[:STRIP, bit * WIDTH // BITS : (bit + 1) * WIDTH // BITS] = 255 * lit
            made = av.VideoFrame.from_ndarray(picture, format="rgb24")
            made.pts = n
            out.mux(stream.encode(made))
        out.mux(stream.encode())
    return target
