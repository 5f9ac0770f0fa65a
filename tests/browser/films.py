"""Films for a browser's made-up camera: a sample with somebody who stands still before and after it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image

from formcheck.files.samples import Sample, every_sample

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT, FPS = 640, 480, 30  # Chromium plays Motion JPEG at this rate, whatever it was made for


def sample(name: str) -> Sample:
    return next(one for one in every_sample() if one.name == name)


def film(name: str, folder: Path, *, before_s: float = 11.0, after_s: float = 8.0) -> Path:
    """Write a sample as Motion JPEG (640 × 480), its first and last picture standing still; Chromium plays it again and again."""
    target = folder / f"{name}.mjpeg"
    with av.open(str(sample(name).path)) as source:
        pictures = [(float(frame.time), _jpeg(frame)) for frame in source.decode(video=0)]
    times = np.array([t_s for t_s, _ in pictures])
    with target.open("wb") as out:
        for n in range(round((before_s + times[-1] + after_s) * FPS)):
            shown = int(np.searchsorted(times, n / FPS - before_s, side="right")) - 1
            out.write(pictures[max(shown, 0)][1])
    return target


def _jpeg(frame: av.VideoFrame) -> bytes:
    """Return a picture in the film's size, with bars above and below."""
    height = round(frame.height * WIDTH / frame.width / 2) * 2
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    top = (HEIGHT - height) // 2
    picture[top : top + height] = frame.to_ndarray(width=WIDTH, height=height, format="rgb24")
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=90, subsampling="4:2:0")
    return out.getvalue()
