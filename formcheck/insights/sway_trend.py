"""The sway of one person's stances over time, beside the noise that a motionless body would give.

Pure functions, as in ``trend``. Sway is measured sideways and up and down; one camera cannot see fore and aft (clinical-rules 2).
It is known only for holds that were measured a second time (``analysis.hold_sway``). It is compared only within one pose model.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.engine.signals.sway import NOISE_FLOOR, Sway
from formcheck.insights.trend import Trend, TrendMeasure, sides_of, trends

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from formcheck.model.entities import SetOverview, Summary
    from formcheck.model.records import Side
    from formcheck.spec.exercise import Exercise

SIDEWAYS, SPEED = "sway_sideways", "sway_speed"


@dataclass(slots=True, frozen=True)
class SwayOfHold:
    """The sway of one hold. ``side``: the standing leg; None for both."""

    day: date
    side: Side | None
    sway: Sway


@dataclass(slots=True, frozen=True)
class SwayOverTime:
    """The sway of an exercise over time.

    Attributes
    ----------
    trends : tuple of Trend
        Sideways spread and mean speed, each side apart.
    holds : tuple of SwayOfHold
        The holds of the trends, newest first.
    floor : Sway or None
        Noise of the pose model; None where it is unknown.
    sets, measured, other_model : int
        Number of finished sets, of those with a known sway, and of those that another pose model measured.
    """

    trends: tuple[Trend, ...]
    holds: tuple[SwayOfHold, ...]
    floor: Sway | None
    sets: int
    measured: int
    other_model: int


def sway_over_time(sets: Iterable[SetOverview], exercise: Exercise) -> SwayOverTime:
    """Collect the sway in the finished sets of a stance, as far as the pose model of the newest one measured it.

    Parameters
    ----------
    sets : iterable of SetOverview
        The sets.
    exercise : Exercise
        The stance.

    Returns
    -------
    SwayOverTime
        Trends and holds.
    """
    done = sorted(
        (one for one in sets if one.exercise == exercise.id and one.state == "finished"), key=lambda one: one.id
    )
    known = [(one, found) for one in done if (found := (one.summary or {}).get("sway"))]
    model = known[-1][1]["model"] if known else None
    alike = [(one, found["holds"]) for one, found in known if found["model"] == model]
    movement = exercise.movement
    sides = sides_of(movement) if movement.kind == "hold_posture" else (None,)
    measures = [
        TrendMeasure(SIDEWAYS, "legs", sides, lambda _, summary, side: _mean(summary, side, 1)),
        TrendMeasure(SPEED, "legs_per_s", sides, lambda _, summary, side: _mean(summary, side, 2)),
    ]
    holds = [
        SwayOfHold(one.day, side if sides != (None,) else None, Sway(seen_s, speed * seen_s, speed, sideways))
        for one, found in reversed(alike)
        for side, sideways, speed, seen_s in found
    ]
    return SwayOverTime(
        tuple(trends((one for one, _ in alike), exercise, measures)),
        tuple(holds),
        NOISE_FLOOR.get(model or ""),
        len(done),
        len(known),
        len(known) - len(alike),
    )


def floor_of(measure: str, floor: Sway) -> float:
    """Look up the noise of a measure.

    Parameters
    ----------
    measure : str
        ``SIDEWAYS`` or ``SPEED``.
    floor : Sway
        The noise of the pose model.

    Returns
    -------
    float
        The noise, in the unit of the measure.
    """
    return floor.rms_sideways_legs if measure == SIDEWAYS else floor.path_legs_per_s


def within_noise(group: Sequence[Trend], floor: float) -> tuple[int, int]:
    """Count the training days that are not above the noise.

    Parameters
    ----------
    group : sequence of Trend
        The trends of one measure.
    floor : float
        Its noise, in its unit.

    Returns
    -------
    tuple of (int, int)
        Number of days within the noise, and of all days.
    """
    values = [point.value for trend in group for point in trend.points]
    return sum(value <= floor for value in values), len(values)


def _mean(summary: Summary, side: Side | None, which: int) -> float | None:
    values = [hold[which] for hold in summary["sway"]["holds"] if side in (None, hold[0])]
    return statistics.fmean(values) if values else None
