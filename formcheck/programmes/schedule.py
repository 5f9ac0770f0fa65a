"""What a programme asks of a day: which programme holds, what is left to do, which goals to rate and tests to take."""

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
"""Start tests are taken at the start and again in week 6."""
AFTER_THE_END = 2 * WEEK
"""So long after its last day a programme still asks for the last ratings and tests."""


def current(programmes: Sequence[StoredProgramme], day: date) -> StoredProgramme | None:
    """Return the programme that holds on a day: one that runs, else one that is to come, else one that is just over.

    ``programmes``: newest first; of several the newest.
    """
    going = [one for one in programmes if not one.ended and day <= _day(one, "end") + AFTER_THE_END]
    return min(
        going, key=lambda one: (not _day(one, "start") <= day <= _day(one, "end"), day > _day(one, "end")), default=None
    )


def left_today(programme: Programme, done: Mapping[str, int]) -> tuple[Prescription, ...]:
    """Return what is left of a training day. ``done``: how many sets of each exercise were finished that day."""
    done, left = Counter(done), []
    for entry in programme.exercises:
        prescription = entry.prescription
        wanted = prescription.sets or 1
        taken = min(done[prescription.exercise], wanted)
        done[prescription.exercise] -= taken
        if taken < wanted:
            left.append(prescription.model_copy(update={"sets": wanted - taken}))
    return tuple(left)


def due_rating(programme: Programme, ratings: Iterable[GoalRating], day: date) -> int | None:
    """Return the week (0, 3 or 6) for which a goal is still to be rated on a day, None when none is."""
    week = _newest(RATING_WEEKS, programme, day)
    rated = {rating.goal for rating in ratings if rating.week == week}
    return week if week is not None and any(goal.id not in rated for goal in programme.goals) else None


def due_tests(programme: Programme, tested: Mapping[str, Iterable[date]], day: date) -> tuple[str, ...]:
    """Return the tests that are to be taken on a day. ``tested``: the days on which each was taken."""
    week = _newest(TEST_WEEKS, programme, day)
    if week is None:
        return ()
    since = programme.start + week * WEEK
    return tuple(name for name in programme.tests if not any(since <= when <= day for when in tested.get(name, ())))


def _newest(weeks: Sequence[int], programme: Programme, day: date) -> int | None:
    passed = (day - programme.start) // WEEK
    return max((week for week in weeks if week <= passed), default=None)


def _day(kept: StoredProgramme, field: str) -> date:
    return date.fromisoformat(kept.data[field])
