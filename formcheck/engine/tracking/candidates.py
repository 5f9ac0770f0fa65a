"""One out-and-back that is over: what ``formcheck.engine.tracking.patterns`` looks at, and where its body, feet and weight were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.signals.flight import flights, springs
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from formcheck.engine.signals.scene import Calibration

_HIPS = [23, 24]
_FLIGHT_NEAR_S = 0.4  # a flight this near to the beginning or the end of a movement belongs to it


def near(t_s: np.ndarray, at_s: float, within_s: float) -> np.ndarray:
    """Return (T,) whether a frame lies within ``within_s`` of ``at_s``; at least the nearest one does.

    Parameters
    ----------
    t_s : array
    at_s : float
    within_s : float

    Returns
    -------
    array
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


@dataclass
class MovementCandidate:
    """One out-and-back that may be a repetition: landmarks ``p`` (T, 33, 2) without NaN over ``t_s`` (T,), its start, turn and end.

    ``starts_at_end_range``: it began at its far end. ``excursion_deg``: the excursion of the signal that decides depth.
    ``around``: times and landmarks that reach further back and ahead, if known. ``start``, ``turn``, ``end`` (33, 2): the body at
    these moments. For a movement that began at its far end, ``start`` is the body after its return.
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
        """Return from when to when the body was off the floor, near or within this movement.

        Returns
        -------
        list[tuple[float, float]]
        """
        return self._nearby(flights(*(self.around or (self.t_s, self.p)), self.calibration))

    def springs(self) -> list[tuple[float, float]]:
        """Return from when to when the body was above its standing height for a moment, near or within this movement.

        Returns
        -------
        list[tuple[float, float]]
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
        """Return the landmarks of the near side's joints.

        Returns
        -------
        list of int
        """
        return [INDEX[f"{self.calibration.near}_{joint}"] for joint in joints]


def weight_x(p: np.ndarray, side: str) -> np.ndarray:
    """Return (...) where the body's weight is across the picture, of landmarks (..., 33, 2) seen from that side.

    Shares of body mass after Winter 2009: head, trunk and arms 0.68 at 0.63 of the way from hip to shoulder, thighs 0.20,
    shanks and feet 0.12.

    Parameters
    ----------
    p : array
    side : str

    Returns
    -------
    array
    """
    shoulder, hip, knee, ankle = (p[..., INDEX[f"{side}_{j}"], 0] for j in ("shoulder", "hip", "knee", "ankle"))
    values: np.ndarray = 0.68 * (hip + 0.63 * (shoulder - hip)) + 0.20 * (hip + knee) / 2 + 0.12 * (knee + ankle) / 2
    return values


def weight_ahead_feet(p: np.ndarray, side: str) -> np.ndarray:
    """Return (...) how far the body's weight is ahead of the heel, in lengths of the foot as it is seen.

    Landmarks (..., 33, 2) in px, seen from that side. Negative: behind the heel, so at rest something else carries the body.
    NaN where a landmark is, or where heel and toe are seen as one.

    Parameters
    ----------
    p : array
    side : str

    Returns
    -------
    array
    """
    heel_x, toe_x = (p[..., INDEX[f"{side}_{joint}"], 0] for joint in ("heel", "foot_index"))
    foot_px = np.where(toe_x == heel_x, np.nan, toe_x - heel_x)
    values: np.ndarray = (weight_x(p, side) - heel_x) / foot_px
    return values
