"""For how long a body has hardly moved."""

from __future__ import annotations

from collections import deque

import numpy as np

from formcheck.model.skeleton import INDEX

STILL_TORSOS = 0.08
"""A still point stays within this share of the trunk's length. Default."""
_LONGEST_S = 5.0
"""The longest stillness that an exercise can ask for (``HoldPosture.still_s``); a slower change is a drift."""
_EPSILON_S = 1e-9
_TRUNK_CORNERS = [INDEX[name] for name in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")]


def trunk_still_s(still: Stillness, t_s: float, points_px: np.ndarray) -> float:
    """Return for how long the middles of shoulders and hips have stayed where they are.

    Parameters
    ----------
    still : Stillness
        It takes this frame.
    t_s : float
    points_px : (33, 2) array

    Returns
    -------
    float
        Seconds.
    """
    middles = points_px[_TRUNK_CORNERS].reshape(2, 2, 2).mean(axis=1)
    return still.update(t_s, middles.ravel(), float(np.hypot(*(middles[0] - middles[1]))))


class Stillness:
    """For how long some coordinates have stayed where they are now.

    No place is fixed at the start. Only the newest stretch is compared, so that a slow drift is no movement.

    Parameters
    ----------
    most_torsos : float
        How far they may lie apart, in trunk lengths.

    Attributes
    ----------
    since_s : float
        The first frame after the last movement.
    """

    def __init__(self, most_torsos: float = STILL_TORSOS) -> None:
        self._most_torsos = most_torsos
        self._recent: deque[tuple[float, np.ndarray]] = deque()
        self.since_s = -np.inf

    def update(self, t_s: float, place_px: np.ndarray, torso_px: float) -> float:
        """Take one frame.

        Parameters
        ----------
        t_s : float
        place_px : (K,) array
            The coordinates that have to stay.
        torso_px : float
            Length of the trunk.

        Returns
        -------
        float
            Seconds, at most about 5; 0 in a frame that is out of place.
        """
        recent = self._recent
        recent.append((t_s, place_px))
        while len(recent) > 2 and t_s - recent[1][0] >= _LONGEST_S - _EPSILON_S:
            recent.popleft()
        places = np.array([place for _, place in reversed(recent)])
        ranges = np.maximum.accumulate(places) - np.minimum.accumulate(places)
        moved = int((ranges > self._most_torsos * torso_px).any(axis=1).sum())
        for _ in range(moved):
            recent.popleft()
        if moved:
            self.since_s = recent[0][0]
        return t_s - recent[0][0]
