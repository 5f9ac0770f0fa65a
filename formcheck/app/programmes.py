"""What the pages about a programme do, without Streamlit: which one holds, what today asks for, saving, steps, tests.

Everything goes through the store as whoever asks may use it, and raises StoreError.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.app import identity
from formcheck.errors import StoreError
from formcheck.programmes import progression
from formcheck.programmes.criteria import exercise_done
from formcheck.programmes.programme import Programme
from formcheck.programmes.schedule import current, due_rating, due_tests, left_today
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from formcheck.app.drafts import Draft
    from formcheck.model.entities import Link, Person, SessionOverview, StoredProgramme, StoredSet

SUGGEST_VARIABLE = "FORMCHECK_SUGGEST_LEVELS"
"""``1``: where people sign in too, a person with a programme of their own is asked whether they want the next step.

Off unless set: in a clinic a program that proposes what somebody trains next may be a medical device. Whoever turns it on needs a
regulatory decision first (clinical-rules 7, MDR). It never proposes anything in a physiotherapist's programme.
"""


@dataclass(slots=True, frozen=True)
class LevelStep:
    """A step in a programme of one's own. ``place``: of the exercise; ``easy``: the last sessions were, so it may be asked for."""

    place: int
    harder: Prescription | None
    easier: Prescription | None
    easy: bool


@dataclass(slots=True, frozen=True)
class Day:
    """What the page of today shows. ``left``: of today; ``kept_back``: what is not offered after a fall; ``left_in_week``: days."""

    kept: StoredProgramme
    programme: Programme
    own: bool
    week: int | None
    left: tuple[Prescription, ...]
    kept_back: tuple[Prescription, ...]
    done: int
    left_in_week: int
    rating_week: int | None
    tests: tuple[str, ...]
    steps: tuple[LevelStep, ...]


def fallen(person: Person) -> bool:
    """Return whether a person said that they fell within the last 12 months."""
    return bool((person.first_start or {}).get("answers", {}).get("fall"))


def current_of(person_id: int, today: date) -> StoredProgramme | None:
    """Return the programme that holds today, None when there is none."""
    return current(identity.store().programmes.of(person_id), today)


def there_is_one() -> bool:
    """Return whether a programme asks something of the person who asks; where that cannot be read, the pages say why."""
    try:
        return any(not one.ended for one in identity.store().programmes.of(identity.who().person_id))
    except StoreError:
        return False


def is_own(kept: StoredProgramme) -> bool:
    """Return whether whoever asks made this programme."""
    return kept.made_by == identity.who().account_id


def save(person_id: int, draft: Draft, after_fall: bool) -> StoredProgramme:
    """Keep a draft, as the next version of what it was made from. Raises SpecError; then nothing changed, as with StoreError."""
    programme, store = draft.checked(after_fall), identity.store()
    if draft.programme_id is None:
        return store.programmes.add(person_id, programme)
    return store.programmes.change(draft.programme_id, programme, draft.version)


def seen(kept: StoredProgramme) -> list[SessionOverview]:
    """Return what was done and reported since a programme began, the newest first."""
    return identity.store().overview.sessions(kept.person_id, date.fromisoformat(kept.data["start"]))


def day_of(person: Person, today: date) -> Day | None:
    """Return what today asks of a person, None without a programme."""
    kept, store = current_of(person.id, today), identity.store()
    if kept is None:
        return None
    programme, after_fall = Programme.model_validate(kept.data), fallen(person)
    sessions = seen(kept)
    own = is_own(kept)
    week, trained = programme.week_of(today), [one.day for one in sessions if _finished([one])]
    done = _finished([one for one in sessions if one.day == today])
    running = week is not None
    left = left_today(programme, done) if running else ()
    return Day(
        kept,
        programme,
        own,
        week,
        tuple(one for one in left if progression.safe(one, after_fall)),
        tuple(one for one in left if not progression.safe(one, after_fall)),
        sum(done.values()),
        programme.left_in_week(week, trained) if running else 0,
        due_rating(programme, store.programmes.goal_ratings(kept.id), today),
        due_tests(programme, _days(taken(sessions, programme.tests)), today) if programme.tests else (),
        _steps(programme, sessions, kept, after_fall) if own and running and _may_suggest(person.id) else (),
    )


def step(day: Day, place: int, prescription: Prescription) -> StoredProgramme:
    """Put another step in the place of an exercise, in a programme of one's own."""
    entries = list(day.programme.exercises)
    entries[place] = entries[place].model_copy(update={"prescription": prescription})
    trained = {entry.prescription.exercise for entry in entries}
    criteria = tuple(one for one in day.programme.criteria if one.exercise in trained)
    programme = day.programme.model_copy(update={"exercises": tuple(entries), "criteria": criteria})
    programme.check(exercises.load)
    return identity.store().programmes.change(day.kept.id, programme, day.kept.version)


def as_tests(names: Sequence[str]) -> tuple[Prescription, ...]:
    """Return tests as they are done: what is allowed in training ends them."""
    return tuple(Prescription(exercise=name, sets=1, test=True) for name in names)


def taken(sessions: Sequence[SessionOverview], names: Collection[str]) -> list[StoredSet]:
    """Return the finished tests of these exercises in sessions, the newest first."""
    ids = [one.id for one in sessions if any(done.exercise in names for done in one.sets)]
    kept = [
        one
        for one in (identity.store().sets.of(*ids) if ids else ())
        if one.exercise in names and one.state == "finished" and (one.prescription.get("test") or _timed(one.exercise))
    ]
    return sorted(kept, key=lambda one: -one.id)


def is_test(name: str) -> bool:
    """Return whether an exercise may be taken as a test: against the clock, or the best of some holds."""
    return _timed(name) or getattr(exercises.load(name).movement, "best_of", None) is not None


def physiotherapists(person_id: int) -> list[Link]:
    """Return who is linked to the person who asks."""
    return identity.store().links.of(person_id)


def _may_suggest(person_id: int) -> bool:
    alone = identity.who().account_id is None
    return alone or (os.environ.get(SUGGEST_VARIABLE) == "1" and not physiotherapists(person_id))


def _steps(
    programme: Programme, sessions: Sequence[SessionOverview], kept: StoredProgramme, after_fall: bool
) -> tuple[LevelStep, ...]:
    """Return the steps that there are. Sessions from before the newest version say nothing about it."""
    since = kept.made_at.astimezone().date()
    later = [one for one in sessions if one.day > since or (kept.version == 1 and one.day == since)]
    found = []
    for place, entry in enumerate(programme.exercises):
        given = entry.prescription
        done = (exercise_done(one, given.exercise) for one in later)
        up, down = (way(given, after_fall, exercises.load) for way in (progression.harder, progression.easier))
        if up or down:
            found.append(LevelStep(place, up, down, progression.easy([one for one in done if one is not None])))
    return tuple(found)


def _timed(name: str) -> bool:
    return getattr(exercises.load(name).movement, "clock_s", None) is not None


def _finished(sessions: Sequence[SessionOverview]) -> Counter[str]:
    return Counter(one.exercise for session in sessions for one in session.sets if one.state == "finished")


def _days(tests: Sequence[StoredSet]) -> dict[str, list[date]]:
    out: dict[str, list[date]] = {}
    for one in tests:
        out.setdefault(one.exercise, []).append(one.started_at.astimezone().date())
    return out
