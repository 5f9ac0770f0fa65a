"""Pictures as they are meant to be seen: turned upright, with square pixels, as RGB without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import SourceError
from formcheck.files import native_libraries

if TYPE_CHECKING:
    from av import VideoFrame

SQUARE_ENOUGH = (Fraction(1, 4), Fraction(4))
"""A pixel shape outside this is a damaged header, and is taken as square."""


@dataclass(slots=True, frozen=True)
class OrientationTracker:
    """How the pictures of one video become upright.

    ``stored_px``: width and height to scale the stored picture to (square pixels), before it is turned. Then
    ``transpose`` (rows and columns swapped), then ``flip_x``, ``flip_y``. ``rotation_deg``: the quarter turn,
    clockwise (0, 90, 180, 270).
    """

    stored_px: tuple[int, int]
    transpose: bool
    flip_x: bool
    flip_y: bool

    @classmethod
    def of(cls, frame: VideoFrame, pixel_shape: Fraction | None) -> OrientationTracker:
        """Read it from a decoded frame and its stream's sample aspect ratio (None or 0 = square)."""
        width = frame.width
        if pixel_shape and SQUARE_ENOUGH[0] <= pixel_shape <= SQUARE_ENOUGH[1]:
            width = max(1, round(width * pixel_shape))
        a, b, c, d = _display_matrix(frame)
        transpose = abs(b) + abs(c) > abs(a) + abs(d)
        x, y = (c, b) if transpose else (a, d)
        return cls((width, frame.height), transpose, bool(x < 0), bool(y < 0))

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        width, height = self.stored_px
        return (height, width) if self.transpose else (width, height)

    @property
    def rotation_deg(self) -> int:
        if self.transpose:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    def rgb(self, frame: VideoFrame) -> np.ndarray:
        """Return the picture: uint8 (H, W, 3), C-contiguous."""
        width, height = self.stored_px
        picture = frame.to_ndarray(format="rgb24", width=width, height=height)
        if not (self.transpose or self.flip_x or self.flip_y):
            return np.ascontiguousarray(picture)
        cv2 = native_libraries.load("cv2", SourceError)
        if self.transpose:
            picture = cv2.transpose(picture)
        if self.flip_x or self.flip_y:
            picture = cv2.flip(picture, -1 if self.flip_x and self.flip_y else int(self.flip_x))
        return np.ascontiguousarray(picture)


def _display_matrix(frame: VideoFrame) -> tuple[int, int, int, int]:
    """Return a, b, c, d of the container's display matrix: (x, y) is shown at (a x + c y, b x + d y)."""
    stored = frame.side_data.get("DISPLAYMATRIX")
    if stored is None:
        return 1, 0, 0, 1
    matrix = np.frombuffer(bytes(stored), np.int32)
    return tuple(int(value) for value in matrix[[0, 1, 3, 4]])
