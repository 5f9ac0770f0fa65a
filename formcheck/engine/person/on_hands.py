"""The calibration of a body on its hands, face down, from any view."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.signals import hands
from formcheck.engine.signals.calibration import Calibration

if TYPE_CHECKING:
    from formcheck.engine.landmark_buffer import Bounds
    from formcheck.model.records import Side

_ON_HANDS_S = 0.4
"""A body has been on its hands for this long before it is measured. Default."""
_TOP_S = 0.2
"""The chest's highest place is a median over this time. A push-up turns faster; a landmark that jumps does not last so long."""
_HIGHER = 1.02
"""A chest this many times as high over the hands is a new highest place. Default."""
_BLINK_S = 0.3
"""The posture may be missed for this long. Default."""
_LEFT_HANDS_S = 1.0
"""After this long off the hands the next calibration is that of another place. Default."""


class OnHandsCalibrator:
    """Measures the side, the azimuth and the chest's highest place of a body on its hands.

    It measures when the body has been on its hands for 0.4 s, and again whenever the chest is higher over the hands than
    before. After a second off the hands it forgets the place, since the person may come back another way round.

    Parameters
    ----------
    near : str or None
        The side to judge from. None: the nearer one.

    Attributes
    ----------
    current : Calibration or None
    moved : bool
        Whether the newest one was taken at another place.
    """

    def __init__(self, near: Side | None) -> None:
        self._near = near
        self._recent: deque[tuple[float, np.ndarray]] = deque()
        self._since_s = self._last_s = -math.inf
        self._here = False
        self.moved = False
        self.current: Calibration | None = None

    def update(self, t_s: float, points_px: np.ndarray, bounds_px: Bounds, locked: bool) -> Calibration | None:
        """Take one frame.

        Parameters
        ----------
        t_s : float
        points_px : (33, 2) array
            Causally filtered.
        bounds_px : tuple of four floats
            Not used: the body itself tells.
        locked : bool
            Not used: the chest's highest place is looked for all the time.

        Returns
        -------
        Calibration or None
            A new one.
        """
        if not hands.on_hands(points_px, float(hands.arm_px(points_px)), bool(hands.from_side(points_px))):
            if t_s - self._last_s > _BLINK_S:
                self._recent.clear()
            self._here &= t_s - self._last_s <= _LEFT_HANDS_S
            return None
        if not self._recent:
            self._since_s = t_s
        self._last_s = t_s
        self._recent.append((t_s, points_px))
        while t_s - self._recent[0][0] > _TOP_S:
            self._recent.popleft()
        if t_s - self._since_s < _ON_HANDS_S:
            return None
        points = np.median([p for _, p in self._recent], axis=0)
        old = self.current
        if old is not None and self._here:
            height_px, before_px = (float(hands.chest_height_px(p)) for p in (points, old.points_px))
            if height_px <= _HIGHER * before_px:
                return None
        flat = Calibration.from_points("none", (self._recent[0][0], t_s), points, self._near)
        self.moved, self._here = old is not None and not self._here, True
        self.current = replace(flat, azimuth_deg=hands.prone_azimuth_deg(points, flat.near))
        return self.current
