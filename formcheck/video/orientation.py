"""Pictures as they are meant to be seen: upright, with square pixels, as contiguous RGB."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import SourceError
from formcheck.files import native_libraries

if TYPE_CHECKING:
    from av import VideoFrame

PIXEL_SHAPE_LIMITS = (Fraction(1, 4), Fraction(4))
"""A pixel shape outside these limits comes from a damaged header and is taken as square. Default."""


@dataclass(slots=True, frozen=True)
class OrientationTracker:
    """The steps that turn the pictures of one video upright.

    Attributes
    ----------
    stored_px : (int, int)
        Width and height of the stored picture after scaling to square pixels, before it is turned.
    transpose : bool
        Swap rows and columns. This is the first step.
    flip_x, flip_y : bool
        Mirror left and right, top and bottom, after that.
    """

    stored_px: tuple[int, int]
    transpose: bool
    flip_x: bool
    flip_y: bool

    @classmethod
    def of(cls, frame: VideoFrame, pixel_shape: Fraction | None) -> OrientationTracker:
        """Read the steps from a decoded frame.

        Parameters
        ----------
        frame : av.VideoFrame
        pixel_shape : Fraction or None
            Sample aspect ratio of the stream (None or 0 = square).

        Returns
        -------
        OrientationTracker
        """
        width = frame.width
        if pixel_shape and PIXEL_SHAPE_LIMITS[0] <= pixel_shape <= PIXEL_SHAPE_LIMITS[1]:
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
        """Quarter turn of the stored picture, clockwise: 0, 90, 180 or 270."""
        if self.transpose:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    def rgb(self, frame: VideoFrame) -> np.ndarray:
        """Return the upright picture.

        Parameters
        ----------
        frame : av.VideoFrame

        Returns
        -------
        (H, W, 3) array of uint8
            C-contiguous.
        """
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
    # PyAV declares side data as `object`; it is a buffer.
    a, b, _, c, d, *_ = np.frombuffer(stored, np.int32).tolist()  # type: ignore[call-overload]
    return a, b, c, d
