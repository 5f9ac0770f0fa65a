"""The causal filter of the landmarks: One Euro, scaled by the size of the person."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.engine.filters import GAP_BRIDGED_S, OneEuro

if TYPE_CHECKING:
    import numpy as np


class Smoother:
    """Smooths (33, 2) landmarks in pixels; starts afresh after a gap that is too long to bridge."""

    def __init__(self) -> None:
        self._filter = OneEuro()
        self._last_s: float | None = None

    def reset(self) -> None:
        """Forget everything: another person."""
        self._filter.reset()
        self._last_s = None

    def update(self, t_s: float, image_px: np.ndarray) -> np.ndarray:
        """Take one frame.

        Parameters
        ----------
        t_s : float
        image_px : (33, 2) array

        Returns
        -------
        (33, 2) array
            Smoothed.
        """
        if self._last_s is not None and t_s - self._last_s > GAP_BRIDGED_S:
            self._filter.reset()
        self._last_s = t_s
        left_shoulder, right_shoulder, left_hip, right_hip = image_px[[11, 12, 23, 24]].tolist()
        trunk_px = max(math.dist(left_shoulder, left_hip), math.dist(right_shoulder, right_hip), 1.0)
        return self._filter.update(t_s, image_px, trunk_px)
