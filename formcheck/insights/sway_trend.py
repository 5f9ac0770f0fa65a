"""The sway of one person's stances over time: their own trend alone, beside what a body that does not move measures.

Pure, as ``trend``. Sideways and up and down; one camera cannot see fore and aft (clinical-rules 2). Sway is known only of holds
that were looked at a second time (``analysis.measure_sway``), and compared only where one pose model measured it.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.engine.signals.sway import NOISE_FLOOR, Sway
from formcheck.insights.trend import Measure, Trend, trends

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from formcheck.model.entities import SetOverview
    from formcheck.model.records import Side
    from formcheck.spec.exercise import Exercise

SIDEWAYS, SPEED = "sway_sideways", "sway_speed"


@dataclass(slots=True, frozen=True)
class SwayOfHold:
    """The sway of one hold. ``side``: the leg that it stood on, None where it was both."""

    day: date
    side: Side | None
    sway: Sway


@dataclass(slots=True, frozen=True)
class SwayOverTime:
    """``trends``: sideways spread and mean speed, each side apart; ``holds``: what they are made of, the newest first.

    ``floor``: the noise of the pose model that measured them, None where it is not known. ``sets``: finished ones of the exercise,
    ``measured``: of how many of them the sway is known, ``other_model``: how many of these another model measured: not compared.
    """

    trends: tuple[Trend, ...]
    holds: tuple[SwayOfHold, ...]
    floor: Sway | None
    sets: int
    measured: int
    other_model: int


def sway_over_time(sets: Iterable[SetOverview], exercise: Exercise) -> SwayOverTime:
    """Return the sway in the finished sets of an exercise of standing, measured as in the newest of them."""
    done = sorted(
        (one for one in sets if one.exercise == exercise.id and one.state == "finished"), key=lambda one: one.id
    )
    known = [(one, found) for one in done if (found := (one.summary or {}).get("sway"))]
    model = known[-1][1]["model"] if known else None
    alike = [(one, found["holds"]) for one, found in known if found["model"] == model]
    sides = (None,) if exercise.movement.carried_by is None else ("left", "right")
    measures = [
        Measure(SIDEWAYS, "legs", sides, lambda _, summary, side: _mean(summary, side, 1)),
        Measure(SPEED, "legs_per_s", sides, lambda _, summary, side: _mean(summary, side, 2)),
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
    """Return the noise of one of the two measures, in its unit."""
    return floor.rms_sideways_legs if measure == SIDEWAYS else floor.path_legs_per_s


def within_noise(group: Sequence[Trend], floor: float) -> tuple[int, int]:
    """Return how many training days of these trends are not above the noise, and of how many."""
    values = [point.value for trend in group for point in trend.points]
    return sum(value <= floor for value in values), len(values)


def _mean(summary: dict, side: Side | None, which: int) -> float | None:
    values = [hold[which] for hold in summary["sway"]["holds"] if side in (None, hold[0])]
    return statistics.fmean(values) if values else None
