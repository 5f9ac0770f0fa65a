"""When the pictures are too dark for the pose model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

DARK = 0.12
"""Mean brightness, 0..1: below it the pose model loses limbs in the dark of the sample scenes."""
_LEAST_S = 0.5
"""A shorter darkness is a black picture between others. Default."""
_EVERY_PX = 8
"""One pixel in so many of each row and column is enough for a mean. Default."""


def brightness(rgb: np.ndarray) -> float:
    """Return the mean brightness of a picture.

    Parameters
    ----------
    rgb : (H, W, 3) array of uint8

    Returns
    -------
    float
        0 to 1.
    """
    return float(rgb[::_EVERY_PX, ::_EVERY_PX].mean()) / 255.0


class DarkSpans:
    """Collects the spans in which every picture is dark.

    Attributes
    ----------
    found_s : list of (float, float)
        First and last dark picture of each span (s).
    """

    def __init__(self) -> None:
        self.found_s: list[tuple[float, float]] = []
        self._since_s: float | None = None

    def update(self, t_s: float, rgb: np.ndarray) -> None:
        """Take one picture.

        Parameters
        ----------
        t_s : float
        rgb : (H, W, 3) array of uint8
        """
        if brightness(rgb) >= DARK:
            self._since_s = None
            return
        if self._since_s is None:
            self._since_s = t_s
        elif t_s - self._since_s >= _LEAST_S:
            if self.found_s and self.found_s[-1][0] == self._since_s:
                self.found_s.pop()
            self.found_s.append((self._since_s, t_s))
