"""One exercise over many sets: depth, seconds, repetitions, and the share with good technique.

Pure functions: overviews of sets go in, one point per training day comes out. The sets of one day are repeated measurements of one
state, and a trend is about weeks. Sets of a day that were filmed differently are separate points.
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

    from formcheck.model.entities import SetOverview, Summary
    from formcheck.spec.exercise import Exercise, HoldPosture

TrendUnit = Literal["deg", "s", "count", "share", "legs", "legs_per_s"]
"""Units of trends; ``legs`` are leg lengths."""
_ALL: tuple[Side | None, ...] = (None,)
HOLD, LONGEST, COUNT, GOOD = "hold_s", "longest_hold_s", "rep_count", "good_share"


@dataclass(slots=True, frozen=True)
class TrendPoint:
    """The value of one training day.

    Attributes
    ----------
    uncertainty : float or None
        ± of the value; None where it is unknown.
    set_ids : tuple of int
        The sets of the day.
    setup : SetupSignature
        How they were filmed.
    joined : bool
        The point was filmed like the other joined points, so they make one line.
    """

    day: date
    value: float
    uncertainty: float | None
    set_ids: tuple[int, ...]
    setup: SetupSignature
    joined: bool


@dataclass(slots=True, frozen=True)
class Trend:
    """One measure of an exercise over time.

    Attributes
    ----------
    side : Side or None
        The side; None for both.
    points : tuple of Point
        Oldest first, at least one.
    change : Change or None
        From the first to the last joined point; None with fewer than two.
    """

    measure: str
    unit: TrendUnit
    side: Side | None
    points: tuple[TrendPoint, ...]
    change: Change | None

    @property
    def joined(self) -> tuple[TrendPoint, ...]:
        """The points that make one line."""
        return tuple(point for point in self.points if point.joined)


@dataclass(slots=True, frozen=True)
class TrendMeasure:
    """A measure of the summaries of sets.

    Attributes
    ----------
    sides : tuple of Side or None
        The sides that it has; None for both together.
    of : callable
        Reads the value of a set and its summary for a side; None where it was not measured.
    of_day : callable
        Joins the values of one day.
    """

    name: str
    unit: TrendUnit
    sides: tuple[Side | None, ...]
    of: Callable[[SetOverview, Summary, Side | None], float | None]
    of_day: Callable[[Iterable[float]], float] = statistics.fmean


def trends(
    sets: Iterable[SetOverview], exercise: Exercise, measures: Iterable[TrendMeasure] | None = None
) -> list[Trend]:
    """Compute the trends of an exercise over its finished sets: the main measure of each side, then good technique.

    The main measure of a repetition cycle is its depth or, against the clock, the number of repetitions. That of a hold is its
    seconds, or those of the longest hold where the best of a few counts. Good technique is the share of the judged repetitions, or
    of the hold time, without a point to correct.

    Parameters
    ----------
    sets : iterable of SetOverview
        The sets, in any order.
    exercise : Exercise
        The exercise.
    measures : iterable of TrendMeasure, optional
        Measures to use instead.

    Returns
    -------
    list of Trend
        One trend for each measure and side with a value.
    """
    finished = sorted(
        (one for one in sets if one.exercise == exercise.id and one.state == "finished"), key=lambda s: s.id
    )
    read = [(one, summary) for one in finished if (summary := one.summary) is not None]
    found = (
        _trend(measure, side, read)
        for measure in (_measures(exercise) if measures is None else measures)
        for side in measure.sides
    )
    return [trend for trend in found if trend is not None]


def _measures(exercise: Exercise) -> list[TrendMeasure]:
    movement = exercise.movement
    if movement.kind == "hold_posture":
        sides = sides_of(movement)
        most = movement.best_of
        if most is None:
            held = TrendMeasure(HOLD, "s", sides, lambda _, summary, side: sum(_seconds(summary, side)) or None)
        else:
            held = TrendMeasure(LONGEST, "s", sides, lambda _, summary, side: _best(_seconds(summary, side), most), max)
        return [held, TrendMeasure(GOOD, "share", _ALL, lambda one, *_: _share(one.in_form_s, one.hold_s))]
    good = TrendMeasure(GOOD, "share", _ALL, lambda _, summary, __: _share(summary["clean"], summary["judged"]))
    if movement.clock_s is not None:
        return [TrendMeasure(COUNT, "count", _ALL, _counted, max), good]
    depth = movement.depth_measure
    return [
        TrendMeasure(depth, "deg", ("left", "right", None), lambda _, summary, side: _mean(summary, depth, side)),
        good,
    ]


def sides_of(movement: HoldPosture) -> tuple[Side | None, ...]:
    """List the sides for which a hold is measured.

    Parameters
    ----------
    movement : HoldPosture
        The hold.

    Returns
    -------
    tuple of Side or None
        Left and right where one side carries the body, else None for both together.
    """
    return _ALL if movement.carried_by is None else ("left", "right")


def _counted(one: SetOverview, summary: Summary, _: Side | None) -> int | None:
    """Return the number of repetitions; None where no person was seen in place."""
    return None if summary["setup"]["view"] == "unknown" else one.rep_count


def _mean(summary: Summary, measure: str, side: Side | None) -> float | None:
    """Return a measure of one side, or of all repetitions where they have no side."""
    sides = summary["sides"]
    return (sides.get(side, {}) if side else {} if sides else summary["means"]).get(measure)


def _seconds(summary: Summary, side: Side | None) -> list[float]:
    """Return the seconds of each hold of a side, or of all holds. A hold of no known side belongs to neither side."""
    return [seconds for held, seconds in summary["holds"] if side in (None, held)]


def _best(seconds: list[float], of: int) -> float | None:
    return max(seconds[:of], default=None)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _trend(measure: TrendMeasure, side: Side | None, read: list[tuple[SetOverview, Summary]]) -> Trend | None:
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
        TrendPoint(
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
    """Return the set-up of most sets; of several, the newest."""
    return max(reversed(setups), key=lambda one: sum(same_setup(one, other) for other in setups))


def _change(measure: TrendMeasure, joined: list[TrendPoint]) -> Change | None:
    if len(joined) < 2:
        return None
    first, last = joined[0], joined[-1]
    limit = smallest_real_difference(measure.name, last.setup.view, same_setup(first.setup, last.setup))
    return Change(measure.name, measure.unit, first.value, last.value, limit)
