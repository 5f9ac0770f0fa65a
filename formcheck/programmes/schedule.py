"""The demands of a programme on one day: the current programme, the sets left to do, the goals to rate, the tests to take."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from formcheck.programmes.programme import RATING_WEEKS, WEEK, Programme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formcheck.model.entities import GoalRating, StoredProgramme
    from formcheck.spec.prescription import Prescription

TEST_WEEKS = (0, 6)
"""Weeks in which tests are taken (default): at the start and again in week 6."""
AFTER_THE_END = 2 * WEEK
"""Time after the last day in which a programme still asks for the last ratings and tests (default)."""


def current(programmes: Sequence[StoredProgramme], day: date) -> StoredProgramme | None:
    """Find the current programme of a day.

    Parameters
    ----------
    programmes : sequence of StoredProgramme
        The person's programmes, newest first.
    day : date
        The day.

    Returns
    -------
    StoredProgramme or None
        A running programme, else a coming one, else one that has just ended; the newest of several.
    """
    going = [one for one in programmes if not one.ended and day <= _day(one, "end") + AFTER_THE_END]
    return min(
        going, key=lambda one: (not _day(one, "start") <= day <= _day(one, "end"), day > _day(one, "end")), default=None
    )


def left_today(programme: Programme, done: Mapping[str, int]) -> tuple[Prescription, ...]:
    """Find the sets that are left of a training day.

    Parameters
    ----------
    programme : Programme
        The programme.
    done : mapping of str to int
        Number of finished sets of each exercise on that day.

    Returns
    -------
    tuple of Prescription
        The rest, with the number of sets that are left.
    """
    open_sets = Counter(done)
    left = []
    for entry in programme.exercises:
        prescription = entry.prescription
        wanted = prescription.sets or 1
        taken = min(open_sets[prescription.exercise], wanted)
        open_sets[prescription.exercise] -= taken
        if taken < wanted:
            left.append(prescription.model_copy(update={"sets": wanted - taken}))
    return tuple(left)


def due_rating(programme: Programme, ratings: Iterable[GoalRating], day: date) -> int | None:
    """Find the week for which the person must still rate a goal.

    Parameters
    ----------
    programme : Programme
        The programme.
    ratings : iterable of GoalRating
        The ratings so far.
    day : date
        The day.

    Returns
    -------
    int or None
        The week (0, 3 or 6); None when no rating is due.
    """
    week = _newest(RATING_WEEKS, programme, day)
    rated = {rating.goal for rating in ratings if rating.week == week}
    return week if week is not None and any(goal.id not in rated for goal in programme.goals) else None


def due_tests(programme: Programme, tested: Mapping[str, Iterable[date]], day: date) -> tuple[str, ...]:
    """List the tests that are due on a day.

    Parameters
    ----------
    programme : Programme
        The programme.
    tested : mapping of str to iterable of date
        The days on which each test was taken.
    day : date
        The day.

    Returns
    -------
    tuple of str
        Ids of the exercises.
    """
    week = _newest(TEST_WEEKS, programme, day)
    if week is None:
        return ()
    since = programme.start + week * WEEK
    return tuple(name for name in programme.tests if not any(since <= when <= day for when in tested.get(name, ())))


def _newest(weeks: Sequence[int], programme: Programme, day: date) -> int | None:
    passed = (day - programme.start) // WEEK
    return max((week for week in weeks if week <= passed), default=None)


def _day(programme: StoredProgramme, field: str) -> date:
    return date.fromisoformat(programme.data[field])
