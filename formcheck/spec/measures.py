"""The registry of measures: what every number of a record is called, its unit, where it is seen from and how exact it is.

A measure is a number that records hold of a repetition or hold. ``MEASURES`` names those that do not depend on an exercise's
own signals; ``measures_of`` adds the ones that an exercise declares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from formcheck.spec.base import Unit, ViewName
from formcheck.spec.movement import HoldPosture, RepCycle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.spec.exercise import Exercise

MeasureUnit = Unit | Literal["share", ""]
"""``share``: of 1, said in per cent. Empty: a number without a unit."""


class RealDifference(NamedTuple):
    """The smallest difference of two measurements that is more than their uncertainty, within one set-up and across two."""

    same_setup: float
    across: float


@dataclass(slots=True, frozen=True)
class Measure:
    """One measure.

    Attributes
    ----------
    name : str
        What records call it. Stored files hold it, so it never changes.
    unit : str
    views : tuple of str
        Where it can be measured from. Empty: from everywhere.
    uncertainty : mapping
        Its ± by view, where that is known.
    real_differences : mapping
        The smallest real difference by view, where one is known. Without one nothing is called a change.
    source : str
        Where the numbers come from.
    """

    name: str
    unit: MeasureUnit
    views: tuple[ViewName, ...] = ()
    uncertainty: Mapping[ViewName, float] = field(default_factory=dict)
    real_differences: Mapping[ViewName, RealDifference] = field(default_factory=dict)
    source: str = ""


KNEE_UNCERTAINTY_DEG: Mapping[ViewName, float] = {"side": 7.0, "front": 9.0, "oblique": 11.0}
"""The ± of a knee angle (deg) by view. 90 % of the fit set's errors lie within, rounded up: of all frames or of the deepest
points, the larger of the two (``benchmarks/knee.py``)."""

_KNEE_REAL: Mapping[ViewName, RealDifference] = {
    "side": RealDifference(5.0, 10.0),
    "front": RealDifference(10.0, 20.0),
    "oblique": RealDifference(10.0, 20.0),
}
_KNEE_SOURCE = (
    "From the side about 5 deg within one set-up and 10 deg across set-ups (clinical-rules 3 and 8). From the front and at an "
    "angle a knee is measured half as exactly, so there it takes twice as much; clinical default."
)


def _knee(name: str) -> Measure:
    return Measure(name, "deg", (), KNEE_UNCERTAINTY_DEG, _KNEE_REAL, _KNEE_SOURCE)


MEASURES: Mapping[str, Measure] = {
    measure.name: measure
    for measure in (
        _knee("knee_flexion_peak_deg"),
        _knee("knee_flexion_range_deg"),
        _knee("knee_flexion_top_deg"),
        Measure(
            "knee_projection_angle_deg",
            "deg",
            ("front",),
            {"front": 4.0},
            {"front": RealDifference(8.0, 8.0)},
            "Smallest real difference 8 deg, 2.77 x SEM 3 deg (clinical-rules 1.5).",
        ),
        Measure(
            "reach_ratio",
            "ratio",
            ("side",),
            {},
            {"side": RealDifference(0.07, 0.07)},
            "The mean of three reaches ahead: 5.5 cm, 2.77 x SEM 2.0 cm (Shaffer 2013, Military Medicine 178:1264), which is 0.07 "
            "of a leg of 84 cm.",
        ),
        Measure("eccentric_s", "s"),
        Measure("pause_s", "s"),
        Measure("concentric_s", "s"),
        Measure("settled_s", "s"),
        Measure("hold_s", "s"),
        Measure("in_form_s", "s"),
        Measure("longest_in_form_s", "s"),
        Measure("smoothness_sparc", "", source="Spectral arc length (Balasubramanian 2012, 2015)."),
        Measure("assessable_share", "share"),
    )
}
"""The measures whose meaning does not depend on the exercise, by name."""


def measures_of(exercise: Exercise) -> dict[str, Measure]:
    """Return every measure that a record of an exercise may hold.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    dict
        Measures by name: those of ``MEASURES``, and those that the exercise declares.
    """
    movement = exercise.movement
    declared: list[Measure] = []
    if isinstance(movement, RepCycle):
        depth = (movement.depth_measure, movement.range_measure, movement.rest_measure, movement.return_measure)
        declared += [Measure(name, "deg") for name in depth]
        declared += [Measure(one.name, one.unit, one.views) for one in movement.measured]
    else:
        units = {name: exercise.signals[name].unit for name in held_signals(exercise, movement)}
        declared += [Measure(f"{name}_{unit}", unit, exercise.views) for name, unit in units.items()]
    return {measure.name: measure for measure in declared} | dict(MEASURES)


def held_signals(exercise: Exercise, movement: HoldPosture) -> tuple[str, ...]:
    """Return the signals whose median over a hold is one of its measures: those that rules look at, and the chart's.

    Parameters
    ----------
    exercise : Exercise
    movement : HoldPosture
        The movement of the exercise.

    Returns
    -------
    tuple of str
        In the order in which the exercise declares them.
    """
    judged = {condition.signal for rule in exercise.rules for condition in rule.conditions} | {movement.chart_signal}
    return tuple(name for name in exercise.signals if name in judged)
