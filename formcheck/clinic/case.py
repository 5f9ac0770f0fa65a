"""One person's training as their physiotherapist reads it: reports, sets against the plan, moments to see, left against right.

Pure functions: sessions (newest first, as ``overview`` gives them) go in, and plain rows come out. A value that was not
reported or not measured is None or absent. The program concludes nothing from the rows.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.insights.setups import DEPTH, same_setup, smallest_real_difference
from formcheck.insights.side_comparison import REACH
from formcheck.model.records import SetupSignature, Side
from formcheck.programmes.programme import WEEK, Programme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from formcheck.model.entities import Question, SessionOverview, SetOverview, Summary

MOMENTS = 2
"""Number of moments to see on the page of one person (default)."""
COMPARED = ((DEPTH, "deg"), (REACH, "ratio"))
"""Measures, with their units, in which the left leg is compared with the right one."""
RECENT_SETS = 12
"""Number of the newest sets over which the quality of recordings is described (default)."""
CHAIR_CM = 43
CHAIR_STAND_BELOW_AVERAGE = (
    (60, 64, 14, 12),
    (65, 69, 12, 11),
    (70, 74, 12, 10),
    (75, 79, 11, 10),
    (80, 84, 10, 9),
    (85, 89, 8, 8),
    (90, 94, 7, 4),
)
"""Age from and to; fewer stands in 30 s than this are below average, for men and for women. CDC STEADI, people of 60–94, a chair
of 43 cm without armrests (clinical-rules 1.9)."""
_REPORTED: tuple[Question, ...] = ("pain_before", "pain_during", "exertion", "pain_next_morning")


@dataclass(slots=True, frozen=True)
class ReportedValue:
    """One reported value, 0–10. ``exercise``: the one that the value is about; None where it is about the session."""

    day: date
    series: Question
    value: int
    exercise: str | None


@dataclass(slots=True, frozen=True)
class PlanLine:
    """One exercise of the programme in a week: its finished sets, and the sets planned for all training days."""

    exercise: str
    done: int
    planned: int


@dataclass(slots=True, frozen=True)
class MomentToSee:
    """The worst moment of a set. ``at_s``: where it lies (seconds of the set)."""

    set_id: int
    day: date
    exercise: str
    rule: str
    severity: int
    at_s: float
    value: float
    limit: float
    unit: str


@dataclass(slots=True, frozen=True)
class LegComparison:
    """One measure of both legs, each filmed from its own side. ``limit``: the smallest real difference."""

    exercise: str
    measure: str
    unit: str
    left: float
    right: float
    left_day: date
    right_day: date
    limit: float

    @property
    def difference(self) -> float:
        """Left minus right."""
        return self.left - self.right

    @property
    def certain(self) -> bool:
        """Whether the difference is larger than the smallest real one."""
        return abs(self.difference) > self.limit


@dataclass(slots=True, frozen=True)
class RecordingQuality:
    """How well the newest sets could be judged, as shares (0–1) of the time.

    Attributes
    ----------
    sets : int
        Number of sets.
    mean, lowest_share : float
        Mean share, and that of the lowest set.
    lowest : SetOverview
        The set with the lowest share.
    wrong_view : int
        Number of sets filmed from a view that the exercise does not use.
    """

    sets: int
    mean: float
    lowest_share: float
    lowest: SetOverview
    wrong_view: int


def reported(newest_first: Sequence[SessionOverview]) -> list[ReportedValue]:
    """List what was reported: the highest answer to each question of each session.

    Parameters
    ----------
    newest_first : sequence of SessionOverview
        The sessions.

    Returns
    -------
    list of ReportedValue
        The values, oldest first.
    """
    values = []
    for session in reversed(newest_first):
        for series in _REPORTED:
            answers = [answer for answer in session.answers if answer.question == series]
            if answers:
                worst = max(answers, key=lambda answer: answer.value)
                values.append(ReportedValue(worst.for_day, series, worst.value, worst.exercise))
    return values


def plan_lines(programme: Programme, sessions: Iterable[SessionOverview], first: date) -> list[PlanLine]:
    """Compare a week's sets with the programme.

    Parameters
    ----------
    programme : Programme
        The programme.
    sessions : iterable of SessionOverview
        The sessions.
    first : date
        First day of the week.

    Returns
    -------
    list of PlanLine
        One line for each exercise, also for one that the programme has twice.
    """
    planned: dict[str, int] = {}
    for entry in programme.prescriptions():
        planned[entry.exercise] = planned.get(entry.exercise, 0) + (entry.sets or 1) * programme.days_a_week
    done = dict.fromkeys(planned, 0)
    for session in sessions:
        for one in session.sets if first <= session.day < first + WEEK else ():
            if one.exercise in done and one.state == "finished":
                done[one.exercise] += 1
    return [PlanLine(name, done[name], amount) for name, amount in planned.items()]


def moments(newest_first: Sequence[SessionOverview], since: date, most: int = MOMENTS) -> list[MomentToSee]:
    """Find the worst moments since a day, at most one for each exercise.

    Parameters
    ----------
    newest_first : sequence of SessionOverview
        The sessions.
    since : date
        First day to look at.
    most : int
        Largest number of moments.

    Returns
    -------
    list of MomentToSee
        Points to correct before hints, then the newest first.
    """
    found: dict[str, MomentToSee] = {}
    for session in newest_first:
        for one in session.sets if session.day >= since else ():
            worst = (one.summary or {}).get("worst")
            if worst is None:
                continue
            moment = MomentToSee(
                one.id,
                session.day,
                one.exercise,
                worst["rule"],
                worst["severity"],
                worst["worst_s"],
                worst["value"],
                worst["limit"],
                worst["unit"],
            )
            if one.exercise not in found or moment.severity > found[one.exercise].severity:
                found[one.exercise] = moment
    return sorted(found.values(), key=lambda moment: (-moment.severity, -moment.day.toordinal()))[:most]


def compare_legs(newest_first: Sequence[SessionOverview]) -> list[LegComparison]:
    """Compare the left leg with the right one in the newest sets of each exercise.

    A leg is measured only in a set that was filmed from its own side: then both are seen alike (clinical-rules 2).

    Parameters
    ----------
    newest_first : sequence of SessionOverview
        The sessions.

    Returns
    -------
    list of LegComparison
        One for each exercise and measure that is known of both legs.
    """
    sets: dict[str, list[SetOverview]] = {}
    for one in (one for session in newest_first for one in session.sets):
        sets.setdefault(one.exercise, []).append(one)
    found = []
    for name, (measure, unit) in product(sorted(sets), COMPARED):
        left = _newest_of_side(sets[name], "left", measure)
        right = _newest_of_side(sets[name], "right", measure)
        if left is None or right is None:
            continue
        limit = smallest_real_difference(measure, "side", same_setup(left.setup, _mirrored(right.setup)))
        if limit is not None:
            found.append(LegComparison(name, measure, unit, left.value, right.value, left.day, right.day, limit))
    return found


def recording_quality(newest_first: Sequence[SessionOverview], most: int = RECENT_SETS) -> RecordingQuality | None:
    """Describe how well the newest finished sets could be judged.

    Parameters
    ----------
    newest_first : sequence of SessionOverview
        The sessions.
    most : int
        Largest number of sets to look at.

    Returns
    -------
    RecordingQuality or None
        None without a finished set.
    """
    summarised: list[tuple[SetOverview, Summary]] = []
    for one in (one for session in newest_first for one in reversed(session.sets)):
        if len(summarised) < most and (summary := one.summary) is not None:
            summarised.append((one, summary))
    if not summarised:
        return None
    lowest, summary = min(summarised, key=lambda entry: entry[1]["assessable_share"])
    return RecordingQuality(
        sets=len(summarised),
        mean=statistics.fmean(summary["assessable_share"] for _, summary in summarised),
        lowest_share=summary["assessable_share"],
        lowest=lowest,
        wrong_view=sum(
            summary["setup"]["view"] not in exercises.load(one.exercise).views for one, summary in summarised
        ),
    )


@dataclass(slots=True, frozen=True)
class _LegValue:
    day: date
    setup: SetupSignature
    value: float


def _newest_of_side(newest_first: Sequence[SetOverview], side: Side, measure: str) -> _LegValue | None:
    """Return a measure of a leg in the newest set that was filmed from its side."""
    for one in newest_first:
        if (summary := one.summary) is None:
            continue
        setup, value = SetupSignature.model_validate(summary["setup"]), summary["sides"].get(side, {}).get(measure)
        near = setup.view == "side" and setup.azimuth_deg and ("left" if setup.azimuth_deg > 0 else "right")
        if near == side and value is not None:
            return _LegValue(one.day, setup, value)
    return None


def _mirrored(setup: SetupSignature) -> SetupSignature:
    """Return the set-up as it would be from the other side of the person."""
    return setup.model_copy(update={"azimuth_deg": None if setup.azimuth_deg is None else -setup.azimuth_deg})
