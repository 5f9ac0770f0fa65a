"""A hold as the record holds it: its clocks, and the stretch that rules look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.hold_form import hold_view
from formcheck.engine.judging.interval import JudgedInterval
from formcheck.spec.measures import held_signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.engine.landmarks import Landmarks
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.tracking.hold_clock import TimedHold
    from formcheck.spec.exercise import Exercise

_EPSILON_S = 1e-9


@dataclass(slots=True)
class RecordedHold:
    """One hold of the record: its clocks, side and end, what it was measured against, and the stretch to judge."""

    timed: TimedHold
    calibration: Calibration
    interval: JudgedInterval


def held_interval(
    exercise: Exercise,
    landmarks: Landmarks,
    signals: Mapping[str, np.ndarray],
    posture: np.ndarray,
    calibration: Calibration,
    timed: TimedHold,
) -> JudgedInterval:
    """Return the stretch of a hold, without standing values.

    Parameters
    ----------
    exercise : Exercise
    landmarks : Landmarks
        Of the whole set.
    signals : mapping of (T,) arrays
        Measured on them.
    posture : (T,) boolean array
        The frames that may be judged.
    calibration : Calibration
    timed : TimedHold

    Returns
    -------
    JudgedInterval
    """
    t = landmarks.t_s
    mask = posture & (t >= timed.clocks[0] - _EPSILON_S) & (t <= timed.clocks[1] + _EPSILON_S)
    part = {name: series[mask] for name, series in signals.items()}
    measures: dict[str, float | None] = {
        f"{name}_{exercise.signals[name].unit}": _median(part[name])
        for name in held_signals(exercise, exercise.posture)
    }
    return JudgedInterval(
        t[mask],
        part,
        {},
        landmarks.visibility[mask],
        landmarks.inside[mask],
        hold_view(exercise, calibration),
        {"hold": np.ones(mask.sum(), bool)},
        measures,
        main_signal=exercise.posture.main_signal,
        near=calibration.near,
        azimuth_deg=calibration.azimuth_deg,
    )


def _median(series: np.ndarray) -> float:
    """Return the median of what is known; NaN where nothing is."""
    return float(np.nanmedian(series)) if np.isfinite(series).any() else np.nan
