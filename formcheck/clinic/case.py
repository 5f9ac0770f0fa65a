"""One person's training as their physiotherapist reads it: reported, done against the plan, moments to see, left against right.

Pure: sessions (newest first, as ``overview`` gives them) go in, plain rows come out. What nobody said or could measure is None or
not there; nothing is concluded from what is.
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

    from formcheck.model.entities import Question, SessionOverview, SetOverview

MOMENTS = 2
COMPARED = ((DEPTH, "deg"), (REACH, "ratio"))
"""Measures of the left leg that are held against those of the right one."""
RECENT_SETS = 12
"""Recordings are spoken of over so many of the newest sets."""
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
"""Age from and to; fewer stands in 30 s than this is below average, of men and of women. CDC STEADI, people of 60–94, a chair of
43 cm without armrests (clinical-rules 1.9)."""


@dataclass(slots=True, frozen=True)
class Said:
    """One point of what was reported, 0–10. ``exercise``: the one that was worst, None where the answer is about all."""

    day: date
    series: Question
    value: int
    exercise: str | None


@dataclass(slots=True, frozen=True)
class PlanLine:
    """One exercise of the programme in a week: finished sets, and those planned for all its training days."""

    exercise: str
    done: int
    planned: int


@dataclass(slots=True, frozen=True)
class MomentToSee:
    """A moment to look at: the worst of a set. ``set_id``: the set, ``at_s``: where in it (seconds of the set)."""

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
class Legs:
    """One measure of the left and of the right leg, each filmed from its own side. ``limit``: the smallest real difference."""

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
        return abs(self.difference) > self.limit


@dataclass(slots=True, frozen=True)
class Recordings:
    """How well the newest sets could be seen. Shares 0–1 of the time; ``lowest``: the set with the lowest."""

    sets: int
    mean: float
    lowest_share: float
    lowest: SetOverview
    wrong_view: int


def reported(newest_first: Sequence[SessionOverview]) -> list[Said]:
    """Return what was reported, oldest first; of each session and question the highest answer."""
    out = []
    for session in reversed(newest_first):
        for series in ("pain_before", "pain_during", "exertion", "pain_next_morning"):
            said = [answer for answer in session.answers if answer.question == series]
            if said:
                worst = max(said, key=lambda answer: answer.value)
                out.append(Said(worst.for_day, series, worst.value, worst.exercise))
    return out


def plan_lines(programme: Programme, sessions: Iterable[SessionOverview], first: date) -> list[PlanLine]:
    """Return each exercise of a programme in the week that begins on ``first``; one that is there twice is one line."""
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
    """Return the worst moments since a day, at most one of each exercise: a point to correct before a hint, then the newest."""
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


def legs(newest_first: Sequence[SessionOverview]) -> list[Legs]:
    """Return left against right for each exercise in which the depth, or the reach, of both was measured, from the newest sets.

    A leg counts only in a set that was filmed from its own side: the two are then seen alike (clinical-rules 2).
    """
    sets: dict[str, list[SetOverview]] = {}
    for one in (one for session in newest_first for one in session.sets):
        sets.setdefault(one.exercise, []).append(one)
    out = []
    for name, (measure, unit) in product(sorted(sets), COMPARED):
        left, right = (_newest_of_side(sets[name], side, measure) for side in ("left", "right"))
        if left is not None and right is not None:
            alike = same_setup(left.setup, _mirrored(right.setup))
            limit = smallest_real_difference(measure, "side", alike)
            out.append(Legs(name, measure, unit, left.value, right.value, left.day, right.day, limit))
    return out


def recordings(newest_first: Sequence[SessionOverview], most: int = RECENT_SETS) -> Recordings | None:
    """Return how well the newest finished sets could be seen, None without one."""
    seen: list[tuple[SetOverview, dict]] = []
    for one in (one for session in newest_first for one in reversed(session.sets)):
        if len(seen) < most and (summary := one.summary) is not None:
            seen.append((one, summary))
    if not seen:
        return None
    lowest, summary = min(seen, key=lambda entry: entry[1]["assessable_share"])
    return Recordings(
        sets=len(seen),
        mean=statistics.fmean(summary["assessable_share"] for _, summary in seen),
        lowest_share=summary["assessable_share"],
        lowest=lowest,
        wrong_view=sum(summary["setup"]["view"] not in exercises.load(one.exercise).views for one, summary in seen),
    )


@dataclass(slots=True, frozen=True)
class _OfSide:
    day: date
    setup: SetupSignature
    value: float


def _newest_of_side(newest_first: Sequence[SetOverview], side: Side, measure: str) -> _OfSide | None:
    """Return a measure of a leg in the newest set that was filmed from its side."""
    for one in newest_first:
        if (summary := one.summary) is None:
            continue
        setup, value = SetupSignature.model_validate(summary["setup"]), summary["sides"].get(side, {}).get(measure)
        near = setup.view == "side" and setup.azimuth_deg and ("left" if setup.azimuth_deg > 0 else "right")
        if near == side and value is not None:
            return _OfSide(one.day, setup, value)
    return None


def _mirrored(setup: SetupSignature) -> SetupSignature:
    return setup.model_copy(update={"azimuth_deg": -setup.azimuth_deg})
