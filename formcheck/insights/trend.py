"""One exercise over many sets: how deep, how long, how many, how much of it with good technique.

Pure: sets as they are kept go in, one point per training day comes out. A day, since sets of one day are repeated measurements
of one state and the trend is about weeks; sets of a day that were filmed differently are points of their own.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from formcheck.engine.person.view import knee_uncertainty_deg
from formcheck.insights.change import Change
from formcheck.insights.setups import same_setup, smallest_real_difference
from formcheck.model.records import SetupSignature, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from formcheck.model.entities import SetOverview
    from formcheck.spec.exercise import Exercise

Unit = Literal["deg", "s", "count", "share", "legs", "legs_per_s"]
"""``legs``: leg lengths."""
_ALL = (None,)
HOLD, LONGEST, COUNT, GOOD = "hold_s", "longest_hold_s", "rep_count", "good_share"


@dataclass(slots=True, frozen=True)
class Point:
    """A training day. ``uncertainty``: ±, None where none is known; ``set_ids``: the sets that it is made of.

    ``joined``: it was filmed like the other joined points, so they make one line.
    """

    day: date
    value: float
    uncertainty: float | None
    set_ids: tuple[int, ...]
    setup: SetupSignature
    joined: bool


@dataclass(slots=True, frozen=True)
class Trend:
    """One measure of an exercise, of one side or (None) of both. ``points``: oldest first, at least one.

    ``change``: from the first to the last joined point; None with fewer than two.
    """

    measure: str
    unit: Unit
    side: Side | None
    points: tuple[Point, ...]
    change: Change | None

    @property
    def joined(self) -> tuple[Point, ...]:
        """Return the points that make one line."""
        return tuple(point for point in self.points if point.joined)


@dataclass(slots=True, frozen=True)
class Measure:
    """What is read of a set's summary (and the set) for a side; None where it was not measured."""

    name: str
    unit: Unit
    sides: tuple[Side | None, ...]
    of: Callable[[SetOverview, dict, Side | None], float | None]
    of_day: Callable[[Iterable[float]], float] = statistics.fmean


def trends(sets: Iterable[SetOverview], exercise: Exercise, measures: Iterable[Measure] | None = None) -> list[Trend]:
    """Return the trends of an exercise over the finished sets of it: what it is about, each side apart, then good technique.

    A measure without any value gives none. A repetition cycle is about its depth, or, against the clock, how many; a hold about
    its seconds, those of the longest where the best of a few counts. Good technique is the share of the judged repetitions, or
    of the hold time, without a point to correct. ``measures``: other ones, instead.
    """
    kept = sorted((one for one in sets if one.exercise == exercise.id and one.state == "finished"), key=lambda s: s.id)
    read = [(one, summary) for one in kept if (summary := one.summary) is not None]
    found = (
        _trend(measure, side, read)
        for measure in (_measures(exercise) if measures is None else measures)
        for side in measure.sides
    )
    return [trend for trend in found if trend is not None]


def _measures(exercise: Exercise) -> list[Measure]:
    movement = exercise.movement
    if movement.kind == "hold_posture":
        sides = _ALL if movement.carried_by is None else ("left", "right")
        if movement.best_of is None:
            held = Measure(HOLD, "s", sides, lambda _, summary, side: sum(_seconds(summary, side)) or None)
        else:
            held = Measure(
                LONGEST, "s", sides, lambda _, summary, side: _best(_seconds(summary, side), movement.best_of), max
            )
        return [held, Measure(GOOD, "share", _ALL, lambda one, *_: _share(one.in_form_s, one.hold_s))]
    good = Measure(GOOD, "share", _ALL, lambda _, summary, __: _share(summary["clean"], summary["judged"]))
    if movement.clock_s is not None:
        return [Measure(COUNT, "count", _ALL, _counted, max), good]
    depth = movement.depth_measure
    return [Measure(depth, "deg", ("left", "right", None), lambda _, summary, side: _mean(summary, depth, side)), good]


def _counted(one: SetOverview, summary: dict, _: Side | None) -> int | None:
    """Return how many there were; where nobody was seen in place, that is not known."""
    return None if summary["setup"]["view"] == "unknown" else one.rep_count


def _mean(summary: dict, measure: str, side: Side | None) -> float | None:
    """Return a measure of one side, or of all where the repetitions have none."""
    sides = summary["sides"]
    return (sides.get(side, {}) if side else {} if sides else summary["means"]).get(measure)


def _seconds(summary: dict, side: Side | None) -> list[float]:
    """Return how long each hold of a side was, or of all; in an exercise with sides, one of no known side belongs to none."""
    return [seconds for held, seconds in summary["holds"] if side in (None, held)]


def _best(seconds: list[float], of: int) -> float | None:
    return max(seconds[:of], default=None)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _trend(measure: Measure, side: Side | None, read: list[tuple[SetOverview, dict]]) -> Trend | None:
    days: list[tuple[date, SetupSignature, list[tuple[int, float]]]] = []
    for one, summary in read:
        value, setup = measure.of(one, summary, side), SetupSignature.model_validate(summary["setup"])
        if value is None:
            continue
        same = (values for day, other, values in days if day == one.day and same_setup(other, setup))
        values = next(same, None)
        if values is None:
            days.append((one.day, setup, values := []))
        values.append((one.id, value))
    if not days:
        return None
    days.sort(key=lambda day: day[0])
    line = _largest_group([setup for _, setup, _ in days])
    points = tuple(
        Point(
            day,
            measure.of_day([value for _, value in values]),
            knee_uncertainty_deg(setup.view) if measure.unit == "deg" else None,
            tuple(set_id for set_id, _ in values),
            setup,
            same_setup(setup, line),
        )
        for day, setup, values in days
    )
    return Trend(measure.name, measure.unit, side, points, _change(measure, [p for p in points if p.joined]))


def _largest_group(setups: list[SetupSignature]) -> SetupSignature:
    """Return the set-up that most were filmed like; of several, the newest."""
    return max(reversed(setups), key=lambda one: sum(same_setup(one, other) for other in setups))


def _change(measure: Measure, joined: list[Point]) -> Change | None:
    if len(joined) < 2:
        return None
    first, last = joined[0], joined[-1]
    limit = smallest_real_difference(measure.name, last.setup.view, same_setup(first.setup, last.setup))
    return Change(measure.name, measure.unit, first.value, last.value, limit)
