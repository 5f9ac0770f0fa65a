"""Keeps left and right legs apart: from the side, two legs that look alike make the model swap their names for some frames."""

from __future__ import annotations

from collections import deque

import numpy as np

_LEFT = np.array([25, 27, 29, 31])
_RIGHT = _LEFT + 1
_MEMORY_S = 6.0  # long: to change legs the feet must pass each other, which clears it
_SHAKES_WITHIN_S, _SHAKES_TORSOS = 0.2, 0.8
_APART_TORSOS = 0.35  # ankles nearer than this: the feet pass each other, and the memory is cleared
_SIDE_SHOULDERS_TORSOS = 0.35  # wider shoulders: not the side view, where the names hold


class LegSwapCorrector:
    """Tells per frame whether the model's left and right knee, ankle and foot must change names.

    With the feet apart and seen from the side, one leg is in front. It is called what the model called it in most frames of the
    last ``_MEMORY_S``; a frame that says otherwise has its legs' names exchanged.
    """

    def __init__(self) -> None:
        self._votes: deque[tuple[float, bool]] = deque()
        self._left_votes = 0
        self.swapped = False

    def update(self, t_s: float, image_px: np.ndarray) -> np.ndarray:
        """Take one frame; ``swapped`` then tells whether the names changed.

        Parameters
        ----------
        t_s : float
        image_px : (33, 2) array
            Raw.

        Returns
        -------
        (33, 2) array
            With the legs named steadily.
        """
        p = image_px
        torso = abs(float(p[11, 1] + p[12, 1] - p[23, 1] - p[24, 1])) / 2
        apart = float(p[27, 0] - p[28, 0])
        if abs(p[11, 0] - p[12, 0]) > _SIDE_SHOULDERS_TORSOS * torso or abs(apart) < _APART_TORSOS * torso:
            self._votes.clear()
            self._left_votes, self.swapped = 0, False
            return image_px
        faces_right = float(p[31, 0] + p[32, 0] - p[29, 0] - p[30, 0]) > 0
        left_in_front = (apart > 0) == faces_right
        self._votes.append((t_s, left_in_front))
        self._left_votes += left_in_front
        while t_s - self._votes[0][0] > _MEMORY_S:
            self._left_votes -= self._votes.popleft()[1]
        for_left = 2 * self._left_votes
        self.swapped = for_left != len(self._votes) and (for_left > len(self._votes)) != left_in_front
        return swap_legs(image_px) if self.swapped else image_px


def unreliable_legs(t_s: np.ndarray, image_px: np.ndarray) -> np.ndarray:
    """Return in which frames the model loses a leg: its ankle shakes faster than a body can.

    Parameters
    ----------
    t_s : (T,) array
    image_px : (T, 33, 2) array

    Returns
    -------
    (T, 2) boolean array
        Left and right.

    Notes
    -----
    The way that the ankle travels within 0.2 s of the frame beyond the straight line decides. In steady clips it stays below 0.5
    trunk lengths, squats and lunges of half a second included.
    """
    out = np.zeros((len(t_s), 2), bool)
    if len(t_s) < 2:
        return out
    torso_px = np.hypot(*(image_px[:, [11, 12]].mean(axis=1) - image_px[:, [23, 24]].mean(axis=1)).T)
    if np.isnan(torso_px).all():
        return out
    torso = np.nanmedian(torso_px)
    first = np.searchsorted(t_s, t_s - _SHAKES_WITHIN_S - 1e-9)
    last = np.searchsorted(t_s, t_s + _SHAKES_WITHIN_S + 1e-9) - 1
    for i in range(2):
        track = image_px[:, 27 + i].astype(float)
        way = np.concatenate([[0.0], np.nancumsum(np.hypot(*np.diff(track, axis=0).T))])
        straight = np.hypot(*(track[last] - track[first]).T)
        out[:, i] = way[last] - way[first] - straight > _SHAKES_TORSOS * torso
    return out


def swap_legs(image_px: np.ndarray) -> np.ndarray:
    """Return landmarks with left and right knee, ankle, heel and toe exchanged.

    Parameters
    ----------
    image_px : (..., 33, 2) array

    Returns
    -------
    (..., 33, 2) array
    """
    out = image_px.copy()
    out[..., _LEFT, :], out[..., _RIGHT, :] = image_px[..., _RIGHT, :], image_px[..., _LEFT, :]
    return out
