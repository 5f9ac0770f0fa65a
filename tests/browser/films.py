"""Films for a browser's made-up camera: a sample with somebody who stands still before and after it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from formcheck.files.samples import Sample, every_sample

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT, FPS = 640, 480, 30  # Chromium plays Motion JPEG at this rate, whatever it was made for


def sample(name: str) -> Sample:
    return next(one for one in every_sample() if one.name == name)


def film(name: str, folder: Path, *, before_s: float = 11.0, after_s: float = 8.0) -> Path:
    """Write a sample as Motion JPEG (640 × 480), its first and last picture standing still; Chromium plays it again and again."""
    target = folder / f"{name}.mjpeg"
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
    encoder.time_base = Fraction(1, FPS)
    encoder.options = {"qmin": "2", "qmax": "5"}
    times, jpegs = [], []
    with av.open(str(sample(name).path)) as source:
        for n, frame in enumerate(source.decode(video=0)):
            times.append(float(frame.time))
            made = av.VideoFrame.from_ndarray(_fitted(frame), format="rgb24")
            made.pts = n
            jpegs += encoder.encode(made)
    jpegs += encoder.encode()
    with target.open("wb") as out:
        for n in range(round((before_s + times[-1] + after_s) * FPS)):
            shown = int(np.searchsorted(times, n / FPS - before_s, side="right")) - 1
            out.write(bytes(jpegs[max(shown, 0)]))
    return target


def _fitted(frame: av.VideoFrame) -> np.ndarray:
    """Return a picture in the film's size, with bars above and below."""
    height = round(frame.height * WIDTH / frame.width / 2) * 2
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    top = (HEIGHT - height) // 2
    picture[top : top + height] = frame.to_ndarray(width=WIDTH, height=height, format="rgb24")
    return picture
