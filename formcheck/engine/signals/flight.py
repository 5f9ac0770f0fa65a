"""Leaving the floor and coming down on it again: when the body flew, and for how long the feet stay where they land.

The limits are defaults without a published cut-off unless one is named. Arrays: ``t_s`` (T,) rising, ``p`` (T, 33, 2) in px.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.runs import runs

if TYPE_CHECKING:
    from formcheck.engine.signals.calibration import Calibration

_FEET = [27, 28, 29, 30, 31, 32]
_OFF_FLOOR_LEGS = 0.04  # the lowest point of both feet is this far above the floor before and after it: 3 cm
_HIPS_UP_LEGS = 0.02  # and the hips are above where they are while standing: no foot that the model loses in a squat
_SHORTEST_S, _LONGEST_S = 0.05, 1.0  # of a flight; a person who walks away and comes back is out for longer
_SPRING_HIPS_LEGS, _SPRING_ANKLES_LEGS, _SPRING_S = 0.04, 0.02, 0.6
"""A jump that is too low, or filmed at too low a rate, to show as a flight: hips and both ankles rise by these leg lengths, for at
most this time (s). Default."""
_LANDED_S = (0.1, 0.35)  # after touching down: where the feet are then is where they landed
_FOOT_MOVED_LEGS = (
    0.046  # 0.15 of the foot's length (clinical-rules 1.5), which is 0.152 of the height over the leg's 0.49
)
_TOUCHES_LEGS = 0.03  # the other ankle this little above: its foot is down (clinical-rules 1.5)
_LASTS_S = 0.15  # clinical-rules 1.5


def flights(t_s: np.ndarray, p: np.ndarray, calibration: Calibration) -> list[tuple[float, float]]:
    """Return when both feet were off the floor.

    A flight that has begun by the last frame counts too, although it is not known where it will come down.

    Parameters
    ----------
    t_s : (T,) array
    p : (T, 33, 2) array
        Frames with NaN are on the floor.
    calibration : Calibration

    Returns
    -------
    list of tuple of two floats
        Start and end (s), in order.
    """
    if not len(t_s):
        return []
    leg = calibration.length_px("leg")
    lowest = p[:, _FEET, 1].max(axis=1)
    known = np.where(np.isnan(lowest), -np.inf, lowest)
    before, after = np.maximum.accumulate(known), np.maximum.accumulate(known[::-1])[::-1]
    up = (lowest <= before - _OFF_FLOOR_LEGS * leg) & (_hips_up_px(p, calibration) >= _HIPS_UP_LEGS * leg)
    over = up & (lowest <= after - _OFF_FLOOR_LEGS * leg)
    found = [(a, b) for a, b in _runs(t_s, over) if _SHORTEST_S <= b - a <= _LONGEST_S]
    begun = [(a, b) for a, b in _runs(t_s, up) if b == t_s[-1] and _SHORTEST_S <= b - a <= _LONGEST_S / 2]
    return found if found and begun and found[-1][1] >= begun[0][0] else found + begun


def leaps(t_s: np.ndarray, p: np.ndarray, calibration: Calibration) -> list[tuple[float, float]]:
    """Return the flights in which the hips came above their standing height as far as in a spring.

    Parameters
    ----------
    t_s : (T,) array
    p : (T, 33, 2) array
    calibration : Calibration

    Returns
    -------
    list of tuple of two floats
        Start and end (s), in order.
    """
    up = _hips_up_px(p, calibration) >= _SPRING_HIPS_LEGS * calibration.length_px("leg")
    return [(a, b) for a, b in flights(t_s, p, calibration) if up[(t_s >= a) & (t_s <= b)].any()]


def _hips_up_px(p: np.ndarray, calibration: Calibration) -> np.ndarray:
    """Return how far the hips are above their standing height (T,)."""
    up_px: np.ndarray = calibration.points_px[[23, 24], 1].mean() - p[:, [23, 24], 1].mean(axis=1)
    return up_px


def springs(t_s: np.ndarray, p: np.ndarray, calibration: Calibration) -> list[tuple[float, float]]:
    """Return when hips and both ankles were above their standing height for a moment.

    This finds any jump, and rising onto the toes and down at once. It does not find the end of a squat, nor a person who only
    stands straighter than before.

    Parameters
    ----------
    t_s : (T,) array
    p : (T, 33, 2) array
    calibration : Calibration

    Returns
    -------
    list of tuple of two floats
        Start and end (s), in order.
    """
    leg, still = calibration.length_px("leg"), calibration.points_px
    hips = _hips_up_px(p, calibration)
    ankles = (still[[27, 28], 1] - p[:, [27, 28], 1]).min(axis=1)
    up = (hips >= _SPRING_HIPS_LEGS * leg) & (ankles >= _SPRING_ANKLES_LEGS * leg)
    return [(a, b) for a, b in _runs(t_s, up) if b - a <= _SPRING_S]


def settled_s(
    t_s: np.ndarray, p: np.ndarray, landed_s: float, leg_px: float, carries: str | None, most_s: float
) -> float:
    """Return for how long the feet stayed where they landed.

    It is over when a foot that carries has moved, or the other one has come down, for 0.15 s.

    Parameters
    ----------
    t_s : (T,) array
    p : (T, 33, 2) array
    landed_s : float
        When they touched down.
    leg_px : float
        The length of the leg.
    carries : str or None
        The side of the one foot that carries the body; None: both.
    most_s : float

    Returns
    -------
    float
        Seconds, at most ``most_s``; NaN when the end was not seen.
    """
    feet = [31, 32] if carries is None else [31 if carries == "left" else 32]
    first = (t_s >= landed_s + _LANDED_S[0]) & (t_s <= landed_s + _LANDED_S[1])
    if not first.any():
        return np.nan
    after = t_s > landed_s + _LANDED_S[0]
    t, q = t_s[after], p[after]
    places = np.median(p[first][:, feet], axis=0)
    gone = (np.hypot(*np.moveaxis(q[:, feet] - places, -1, 0)) > _FOOT_MOVED_LEGS * leg_px).any(axis=1)
    if carries is not None:
        own, other = (27, 28) if carries == "left" else (28, 27)
        gone |= q[:, own, 1] - q[:, other, 1] < _TOUCHES_LEGS * leg_px
    lasting = [a for a, b in _runs(t, gone) if b - a >= _LASTS_S]
    if lasting:
        return min(lasting[0] - landed_s, most_s)
    return most_s if len(t) and t[-1] - landed_s >= most_s - 1e-6 else np.nan


def _runs(t_s: np.ndarray, flags: np.ndarray) -> list[tuple[float, float]]:
    """Return the first and the last time of each run of True."""
    return [(float(t_s[first]), float(t_s[end - 1])) for first, end in runs(flags)]
