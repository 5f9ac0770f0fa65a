"""The calibration of a set: one person standing or lying at one place, how long the parts of the body look, and who leads.

Everything that a signal is measured against comes from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.engine.person import view
from formcheck.engine.signals import knee
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.model.records import Side, ViewLabel

OTHER: dict[Side, Side] = {"left": "right", "right": "left"}
Leading = Literal["higher_knee", "lower_ankle", "foot_under_hips", "higher_ankle"]
"""A way to find the leg that leads or works: a name of ``WORKING_LEG``."""
CalibrationSource = Literal["standing", "provisional", "none"]


@dataclass(slots=True, frozen=True)
class _StandingLeg:
    """The lengths of thigh and shank that extents are held against, and the standing knee as they read it and as it is."""

    lengths_px: tuple[float, float]
    extent_deg: float
    knee_deg: float


@dataclass(slots=True, frozen=True)
class Calibration:
    """One person standing (or, for floor exercises, lying) at one place in front of the camera. Lengths in pixels.

    Attributes
    ----------
    source : str
        ``standing``: at least 0.8 s still and upright. ``provisional``: the tallest posture seen so far. ``none``: no standing
        posture (floor exercises).
    points_px : (33, 2) array
        The median landmarks of its frames.
    azimuth_deg : float
        The camera's; NaN without a standing posture.
    near : str
        The side to judge from.
    facing : float
        1: the person faces the right edge of the picture; -1: the left.
    split : bool
        Whether the exercise puts one foot in front of the other.
    leading : str
        How the leg that leads or works is found while it is not known.
    longest_px : dict
        Thigh and shank of a side as long as they looked in a repetition (``with_longest_segments``); empty before one.
    """

    source: CalibrationSource
    start_s: float
    end_s: float
    points_px: np.ndarray
    azimuth_deg: float
    near: Side
    facing: float
    split: bool = False
    leading: Leading = "higher_knee"
    longest_px: dict[str, tuple[float, float]] = field(default_factory=dict, compare=False, repr=False)
    _legs: dict[str, tuple[_StandingLeg, ...]] = field(default_factory=dict, compare=False, repr=False)
    _lengths_px: dict[tuple[str, str], float] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def from_points(
        cls,
        source: CalibrationSource,
        span_s: tuple[float, float],
        points_px: np.ndarray,
        near: Side | None,
        split: bool = False,
        leading: Leading = "higher_knee",
        lying: bool = True,
    ) -> Calibration:
        """Measure a calibration on the median landmarks of a posture.

        Parameters
        ----------
        source : str
        span_s : tuple of two floats
            The time that they were taken from.
        points_px : (33, 2) array
        near : str or None
            The side to judge from. None: the nearer one.
        split : bool
            Whether the exercise puts one foot in front of the other, so that each leg is at another distance from the camera.
        leading : str
            How the leg that leads or works is found while it is not known.
        lying : bool
            Of a body that does not stand: whether it lies (its head tells which way it points) or sits (its feet tell).

        Returns
        -------
        Calibration
        """
        azimuth = view.azimuth_deg(points_px) if source != "none" else np.nan
        if source == "none" and lying:
            mid_hip_x = points_px[[23, 24], 0].mean()
            facing = 1.0 if points_px[[7, 8, 11, 12], 0].mean() > mid_hip_x else -1.0
        else:
            facing = 1.0 if (points_px[[31, 32], 0] - points_px[[29, 30], 0]).sum() > 0 else -1.0
        # A person who faces the left edge of the picture has their left side towards the camera, standing or prone.
        nearer: Side = "left" if facing < 0 else "right"
        return cls(source, *span_s, points_px, azimuth, near or nearer, facing, split, leading)

    @property
    def label(self) -> ViewLabel:
        """Return the view of the camera."""
        return view.label(self.azimuth_deg)

    def with_longest_segments(self, points_px: np.ndarray) -> Calibration:
        """Return the same calibration with thighs and shanks as long as they look in these frames.

        Parameters
        ----------
        points_px : (T, 33, 2) array

        Returns
        -------
        Calibration
            Itself in a split stance, where the front leg looks longer because it is nearer.
        """
        if self.split:
            return self
        standing = {s: (self.length_px("thigh", s), self.length_px("shank", s)) for s in ("left", "right")}
        longest = {s: knee.longest_px(points_px, s, lengths) for s, lengths in standing.items()}
        return replace(self, longest_px=longest, _legs={})

    def legs(self, side: str) -> tuple[_StandingLeg, ...]:
        """Return one leg while standing, measured once.

        Parameters
        ----------
        side : str
            ``left`` or ``right``.

        Returns
        -------
        tuple
            The leg against its standing lengths and, after a repetition, against its longest ones.
        """
        if side not in self._legs:
            standing = self.length_px("thigh", side), self.length_px("shank", side)
            known = [standing, self.longest_px[side]] if self.longest_px else [standing]
            still, leans = self.points_px[None], self.facing if self.label == "side" else None
            seen = float(knee.in_picture_deg(still, side)[0])
            legs = []
            for lengths in known:
                extent = float(knee.by_extent_deg(still, side, lengths, leans)[0]) if min(lengths) > 0 else np.nan
                legs.append(_StandingLeg(lengths, extent, seen if leans else min(seen, extent)))
            self._legs[side] = tuple(legs)
        return self._legs[side]

    def length_px(self, what: str, side: str = "near") -> float:
        """Return a length.

        Parameters
        ----------
        what : str
            ``thigh``, ``shank`` or ``foot`` of a side; ``torso``, ``leg``, ``hip_width`` or ``ankle_width``.
        side : str
            ``left``, ``right``, ``near`` or ``far``.

        Returns
        -------
        float
            Pixels.
        """
        side = {"near": self.near, "far": OTHER[self.near]}.get(side, side)
        if (what, side) not in self._lengths_px:
            self._lengths_px[what, side] = self._measured_px(what, side)
        return self._lengths_px[what, side]

    def _measured_px(self, what: str, side: str) -> float:
        p = self.points_px
        if what in ("thigh", "shank", "foot"):
            a, b = {"thigh": ("hip", "knee"), "shank": ("knee", "ankle"), "foot": ("heel", "foot_index")}[what]
            return float(np.hypot(*(p[INDEX[f"{side}_{a}"]] - p[INDEX[f"{side}_{b}"]])))
        if what == "torso":
            return float(np.hypot(*((p[11] + p[12]) / 2 - (p[23] + p[24]) / 2)))
        if what == "leg":
            return float(leg_extent_px(p))
        joint = {"hip_width": "hip", "ankle_width": "ankle"}[what]
        return float(abs(p[INDEX[f"left_{joint}"], 0] - p[INDEX[f"right_{joint}"], 0]))


def leg_extent_px(points_px: np.ndarray) -> np.ndarray:
    """Return how high the middle of the hips is above the lower ankle.

    Parameters
    ----------
    points_px : (..., 33, 2) array

    Returns
    -------
    (...) array
        Pixels.
    """
    p = points_px
    length_px: np.ndarray = np.fmax(p[..., 27, 1], p[..., 28, 1]) - (p[..., 23, 1] + p[..., 24, 1]) / 2
    return length_px


def higher_knee(points_px: np.ndarray) -> np.ndarray:
    """Return in which frames the left knee is the higher one: that is the front leg of a lunge, from any view.

    Parameters
    ----------
    points_px : (..., 33, 2) array

    Returns
    -------
    (...) boolean array
    """
    return points_px[..., 25, 1] < points_px[..., 26, 1]


def lower_ankle(points_px: np.ndarray) -> np.ndarray:
    """Return in which frames the left ankle is the lower one in the picture: that leg carries a body on one leg.

    Parameters
    ----------
    points_px : (..., 33, 2) array

    Returns
    -------
    (...) boolean array
    """
    return points_px[..., 27, 1] > points_px[..., 28, 1]


def _from_hips_px(points_px: np.ndarray, ankle: int) -> np.ndarray:
    length_px: np.ndarray = np.abs(points_px[..., ankle, 0] - (points_px[..., 23, 0] + points_px[..., 24, 0]) / 2)
    return length_px


WORKING_LEG: dict[Leading, Callable[[np.ndarray], np.ndarray]] = {
    "higher_knee": higher_knee,
    "lower_ankle": lower_ankle,
    "foot_under_hips": lambda points_px: _from_hips_px(points_px, 27) < _from_hips_px(points_px, 28),
    "higher_ankle": lambda points_px: points_px[..., 27, 1] < points_px[..., 28, 1],
}
"""Per frame, whether it is the left leg that leads or works."""
