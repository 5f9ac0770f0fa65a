"""One out-and-back, as ``formcheck.engine.tracking.patterns`` sees it: where its body, its feet and its weight were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine import geometry as g
from formcheck.engine.signals.flight import flights, leaps, springs
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from formcheck.engine.signals.calibration import Calibration

_HIPS = [23, 24]
_FLIGHT_NEAR_S = 0.4
"""A flight this near to the beginning or the end of a movement belongs to it. Default."""


def near(t_s: np.ndarray, at_s: float, within_s: float) -> np.ndarray:
    """Return which frames lie near a moment; at least the nearest one does.

    Parameters
    ----------
    t_s : (T,) array
    at_s, within_s : float

    Returns
    -------
    (T,) boolean array
    """
    mask = np.abs(t_s - at_s) <= within_s
    if not mask.any():
        mask[np.argmin(np.abs(t_s - at_s))] = True
    return mask


def median_points(t_s: np.ndarray, p: np.ndarray, at_s: float, within_s: float = 0.12) -> np.ndarray:
    """Return the median landmarks around a moment.

    Parameters
    ----------
    t_s : (T,) array
    p : (T, 33, 2) array
    at_s, within_s : float

    Returns
    -------
    (33, 2) array
    """
    values: np.ndarray = np.median(p[near(t_s, at_s, within_s)], axis=0)
    return values


def joint_deg(points: np.ndarray, a: int, b: int, c: int) -> float:
    """Return the angle a–b–c in the picture.

    Parameters
    ----------
    points : (33, 2) array
    a, b, c : int
        Landmarks.

    Returns
    -------
    float
        Degrees.
    """
    return float(g.angle_deg(points[a], points[b], points[c]))


@dataclass
class MovementCandidate:
    """One out-and-back that may be a repetition.

    Attributes
    ----------
    t_s : (T,) array
    p : (T, 33, 2) array
        Without NaN.
    span_s : tuple of three floats
        Its start, turn and end.
    calibration : Calibration
    excursion_deg : float
        Of the signal that decides whether it counts.
    starts_at_end_range : bool
        Whether it began at its far end.
    around : tuple of two arrays, or None
        Times and landmarks that reach further back and ahead.
    start, turn, end : (33, 2) arrays
        The body then. ``start`` of a movement that began at its far end is where it came back to.
    """

    t_s: np.ndarray
    p: np.ndarray
    span_s: tuple[float, float, float]
    calibration: Calibration
    excursion_deg: float
    starts_at_end_range: bool = False
    around: tuple[np.ndarray, np.ndarray] | None = None

    def __post_init__(self) -> None:
        self.start, self.turn, self.end = (median_points(self.t_s, self.p, at) for at in self.span_s)
        if self.starts_at_end_range:
            self.start = self.end
        self.turn_s = self.span_s[1]
        self.leg = self.calibration.length_px("leg")

    @property
    def drop(self) -> float:
        """Return how far the hips came down, in leg lengths."""
        return float(self.turn[_HIPS, 1].mean() - self.start[_HIPS, 1].mean()) / self.leg

    def flights(self) -> list[tuple[float, float]]:
        """Return when the body was off the floor, near or within this movement.

        Returns
        -------
        list of tuple of two floats
            Start and end (s).
        """
        return self._nearby(flights(*(self.around or (self.t_s, self.p)), self.calibration))

    def leaps(self) -> list[tuple[float, float]]:
        """Return the flights in which the hips rose as in a jump. When the model merely loses a foot they do not.

        Returns
        -------
        list of tuple of two floats
            Start and end (s).
        """
        return self._nearby(leaps(*(self.around or (self.t_s, self.p)), self.calibration))

    def springs(self) -> list[tuple[float, float]]:
        """Return when the body was above its standing height for a moment, near or within this movement.

        Returns
        -------
        list of tuple of two floats
            Start and end (s).
        """
        return self._nearby(springs(*(self.around or (self.t_s, self.p)), self.calibration))

    def _nearby(self, found: list[tuple[float, float]]) -> list[tuple[float, float]]:
        first_s, last_s = self.span_s[0] - _FLIGHT_NEAR_S, self.span_s[2] + _FLIGHT_NEAR_S
        return [(a, b) for a, b in found if b >= first_s and a <= last_s]

    @property
    def landed_s(self) -> float | None:
        """Return when the body came down on the floor before the turn; None when it did not fly."""
        return max((b for _, b in self.flights() if b <= self.turn_s), default=None)

    def side(self, *joints: str) -> list[int]:
        """Return the landmarks of joints of the near side.

        Parameters
        ----------
        *joints : str

        Returns
        -------
        list of int
        """
        return [INDEX[f"{self.calibration.near}_{joint}"] for joint in joints]


def weight_x(p: np.ndarray, side: str) -> np.ndarray:
    """Return where the body's weight is across the picture.

    Shares of body mass after Winter 2009: head, trunk and arms 0.68 at 0.63 of the way from hip to shoulder, thighs 0.20,
    shanks and feet 0.12.

    Parameters
    ----------
    p : (..., 33, 2) array
        Seen from that side.
    side : str

    Returns
    -------
    (...) array
        Pixels.
    """
    shoulder, hip, knee, ankle = (p[..., INDEX[f"{side}_{j}"], 0] for j in ("shoulder", "hip", "knee", "ankle"))
    values: np.ndarray = 0.68 * (hip + 0.63 * (shoulder - hip)) + 0.20 * (hip + knee) / 2 + 0.12 * (knee + ankle) / 2
    return values


def weight_ahead_feet(p: np.ndarray, side: str) -> np.ndarray:
    """Return how far the body's weight is ahead of the heel, in lengths of the foot as it is seen.

    Parameters
    ----------
    p : (..., 33, 2) array
        In pixels, seen from that side.
    side : str

    Returns
    -------
    (...) array
        Negative: behind the heel, so at rest something else carries the body. NaN where a landmark is, or where heel and toe are
        seen as one.
    """
    heel_x, toe_x = (p[..., INDEX[f"{side}_{joint}"], 0] for joint in ("heel", "foot_index"))
    foot_px = np.where(toe_x == heel_x, np.nan, toe_x - heel_x)
    values: np.ndarray = (weight_x(p, side) - heel_x) / foot_px
    return values
