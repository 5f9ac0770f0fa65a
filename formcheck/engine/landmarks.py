"""The landmarks of a stretch of frames, filtered: causally for what is shown now, without lag for the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine import filters
from formcheck.engine.person.gate import inside_picture
from formcheck.engine.person.leg_labels import swap_legs, unreliable_legs

if TYPE_CHECKING:
    from formcheck.engine.landmark_buffer import LandmarkBuffer

_EPSILON_S = 1e-9


@dataclass(slots=True)
class Landmarks:
    """The landmarks of T frames.

    Attributes
    ----------
    t_s : (T,) array
    points_px : (T, 33, 2) array
        NaN where the tracked person is not seen.
    visibility, inside : (T, 33) arrays
        How well each landmark is seen, and whether it is inside the picture.
    ok : (T,) boolean array
        Whether the tracked person is seen.
    lost : (T, 2) boolean array
        Whether the model has lost the left, the right leg.
    """

    t_s: np.ndarray
    points_px: np.ndarray
    visibility: np.ndarray
    inside: np.ndarray
    ok: np.ndarray
    lost: np.ndarray

    def between(self, start_s: float, end_s: float) -> Landmarks:
        """Return the part within [start_s, end_s].

        Parameters
        ----------
        start_s, end_s : float

        Returns
        -------
        Landmarks
        """
        a, b = np.searchsorted(self.t_s, [start_s - _EPSILON_S, end_s + _EPSILON_S])
        columns = (self.t_s, self.points_px, self.visibility, self.inside, self.ok, self.lost)
        return Landmarks(*(column[a:b] for column in columns))


def causal_landmarks(buffer: LandmarkBuffer, start_s: float, end_s: float) -> Landmarks:
    """Return the causally filtered landmarks between two times.

    Parameters
    ----------
    buffer : LandmarkBuffer
    start_s, end_s : float

    Returns
    -------
    Landmarks
    """
    a, b = np.searchsorted(buffer.column("t_s"), [start_s, end_s + _EPSILON_S])
    points = buffer.column("smooth_px")[a:b].astype(float)
    t_s, visibility, ok = (buffer.column(name)[a:b] for name in ("t_s", "visibility", "ok"))
    image = buffer.column("image_px")[a:b]
    return Landmarks(t_s, points, visibility, inside_picture(image, buffer.size_px), ok, unreliable_legs(t_s, image))


def zero_lag_landmarks(buffer: LandmarkBuffer) -> Landmarks:
    """Return the raw landmarks of the tracked person alone, filtered without lag.

    Parameters
    ----------
    buffer : LandmarkBuffer

    Returns
    -------
    Landmarks
    """
    t_s, raw, image, ok, swapped = (buffer.column(name) for name in ("t_s", "steady_px", "image_px", "ok", "swapped"))
    if swapped.any():
        raw, image = (np.where(swapped[:, None, None], swap_legs(points), points) for points in (raw, image))
    points = np.where(ok[:, None, None], raw, np.nan).reshape(len(raw), -1)
    smooth = filters.zero_lag(t_s, points) if len(raw) else points.astype(float)
    lost = unreliable_legs(t_s, points.reshape(raw.shape))
    inside = inside_picture(image, buffer.size_px)
    return Landmarks(t_s, smooth.reshape(raw.shape), buffer.column("visibility"), inside, ok, lost)
