"""Pictures as they are meant to be seen: upright, with square pixels, as contiguous RGB."""

from __future__ import annotations

from dataclasses import dataclass, replace
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

    def turned(self, turn_deg: int) -> OrientationTracker:
        """Return the steps that also turn the upright picture.

        Parameters
        ----------
        turn_deg : int
            Clockwise: 0, 90, 180 or 270.

        Returns
        -------
        OrientationTracker
        """
        if not turn_deg:
            return self
        quarter = replace(self, transpose=not self.transpose, flip_x=not self.flip_y, flip_y=self.flip_x)
        return quarter.turned(turn_deg - 90)

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


def same_shape(size_px: tuple[int, int], other_px: tuple[int, int]) -> bool:
    """Return whether two sizes have the same ratio of width to height, to the pixel that scaling rounds to.

    Parameters
    ----------
    size_px, other_px : (int, int)
        Width and height.

    Returns
    -------
    bool
    """
    fitted = _fitted(size_px, other_px)
    return max(abs(a - b) for a, b in zip(fitted, other_px, strict=True)) <= 1


def fill(rgb: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    """Return a picture at another size. A picture of another shape is fitted in and centred, with black beside it.

    Parameters
    ----------
    rgb : (H, W, 3) array of uint8
    size_px : (int, int)
        Width and height.

    Returns
    -------
    (H, W, 3) array of uint8
        C-contiguous; ``rgb`` itself where it has that size.
    """
    width, height = rgb.shape[1], rgb.shape[0]
    if (width, height) == size_px:
        return rgb
    cv2 = native_libraries.load("cv2", SourceError)
    fitted = size_px if same_shape((width, height), size_px) else _fitted((width, height), size_px)
    small = cv2.resize(rgb, fitted, interpolation=cv2.INTER_AREA if fitted[0] < width else cv2.INTER_LINEAR)
    left, top = (size_px[0] - fitted[0]) // 2, (size_px[1] - fitted[1]) // 2
    out = np.zeros((size_px[1], size_px[0], 3), np.uint8)
    out[top : top + fitted[1], left : left + fitted[0]] = small
    return out


def _fitted(size_px: tuple[int, int], into_px: tuple[int, int]) -> tuple[int, int]:
    """Return the largest size of the same shape that fits into another."""
    scale = min(into_px[0] / size_px[0], into_px[1] / size_px[1])
    return max(1, round(size_px[0] * scale)), max(1, round(size_px[1] * scale))


def _display_matrix(frame: VideoFrame) -> tuple[int, int, int, int]:
    """Return a, b, c, d of the container's display matrix: (x, y) is shown at (a x + c y, b x + d y)."""
    stored = frame.side_data.get("DISPLAYMATRIX")
    if stored is None:
        return 1, 0, 0, 1
    # PyAV declares side data as `object`; it is a buffer.
    a, b, _, c, d, *_ = np.frombuffer(stored, np.int32).tolist()  # type: ignore[call-overload]
    return a, b, c, d
