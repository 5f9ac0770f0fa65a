"""Pictures from the page. The size in the header is checked before the picture is decoded."""

from __future__ import annotations

import io
import struct

import numpy as np

from formcheck.app.live.protocol import MAX_SIDE_PX, MIN_SIDE_PX

SHAPE_TOLERANCE = 0.02
"""A smaller picture may differ this much from the announced shape (its sides are whole pixels)."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers that carry the picture's size
_ALONE = frozenset([0x01, *range(0xD0, 0xD9)])  # markers without a length


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return (width, height) from a JPEG's header, or None when there is none."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            if at + 9 > len(data):
                return None
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def fits(size_px: tuple[int, int], announced_px: tuple[int, int]) -> bool:
    """Return whether a picture is no larger than announced, and of the same shape."""
    (width, height), (most_width, most_height) = size_px, announced_px
    if not (MIN_SIDE_PX <= width <= most_width <= MAX_SIDE_PX and MIN_SIDE_PX <= height <= most_height <= MAX_SIDE_PX):
        return False
    return abs(width * most_height / (height * most_width) - 1) <= SHAPE_TOLERANCE


def decode(data: bytes, announced_px: tuple[int, int]) -> np.ndarray | None:
    """Return the picture as RGB, uint8 (H, W, 3), C-contiguous; None when it is broken or not of the announced size."""
    from PIL import Image

    size = jpeg_size(data)
    if size is None or not fits(size, announced_px):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            if picture.size != size:
                return None
            return np.ascontiguousarray(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError, struct.error):  # the errors of Pillow for a damaged file
        return None
