"""The work of the pages about a programme, without Streamlit: the current one, today's exercises, saving, levels and tests.

Functions take the store with the rights of the person who asks, and may raise StoreError.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.programmes import progression
from formcheck.programmes.criteria import exercise_done
from formcheck.programmes.programme import Programme
from formcheck.programmes.schedule import current, due_rating, due_tests, left_today
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from formcheck.app.drafts import Draft
    from formcheck.model.entities import Link, Person, SessionOverview, StoredProgramme, StoredSet
    from formcheck.store.access import AuthorisedStore

SUGGEST_VARIABLE = "FORMCHECK_SUGGEST_LEVELS"
"""``1``: a person who signs in, and has a programme of their own, is asked whether they want the next level.

Off unless set: in a clinic, a program that proposes training may be a medical device. The operator who turns it on needs a
regulatory decision first (clinical-rules 7, MDR). It never proposes anything in a physiotherapist's programme.
"""


@dataclass(slots=True, frozen=True)
class LevelStep:
    """A possible change of level in a person's own programme.

    ``place``: the place of the exercise. ``easy``: the last sessions were easy, so the harder level may be offered.
    """

    place: int
    harder: Prescription | None
    easier: Prescription | None
    easy: bool


@dataclass(slots=True, frozen=True)
class DayPlan:
    """The content of the Today page.

    ``own``: the person made the programme. ``week``: of the programme, None outside it. ``left``: the exercises left today.
    ``kept_back``: exercises that are not offered after a fall. ``done``: the number of sets done today. ``left_in_week``: the days.
    ``rating_week``: the week whose goal ratings are due. ``tests``: the tests that are due.
    """

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


def has_fallen(person: Person) -> bool:
    """Return whether a person said that they fell within the last 12 months."""
    return bool((person.first_start or {}).get("answers", {}).get("fall"))


def current_programme(store: AuthorisedStore, person_id: int, today: date) -> StoredProgramme | None:
    """Return a person's programme of today; None without one."""
    return current(store.programmes.of(person_id), today)


def has_programme(store: AuthorisedStore) -> bool:
    """Return whether the present user has a programme that has not ended."""
    person_id = store.who().person_id
    return person_id is not None and any(not one.ended for one in store.programmes.of(person_id))


def is_own(store: AuthorisedStore, kept: StoredProgramme) -> bool:
    """Return whether the present user made this programme."""
    return kept.made_by == store.who().account_id


def save(store: AuthorisedStore, person_id: int, draft: Draft, after_fall: bool) -> StoredProgramme:
    """Store a draft: a new programme, or the next version. Raises SpecError and StoreError, and then nothing has changed."""
    programme = draft.valid_programme(after_fall)
    if draft.programme_id is None or draft.version is None:
        return store.programmes.add(person_id, programme)
    return store.programmes.change(draft.programme_id, programme, draft.version)


def sessions_since_start(store: AuthorisedStore, kept: StoredProgramme) -> list[SessionOverview]:
    """Return the training sessions since a programme began, the newest first."""
    return store.overview.sessions(kept.person_id, date.fromisoformat(kept.data["start"]))


def plan_of_day(store: AuthorisedStore, person: Person, today: date) -> DayPlan | None:
    """Return the person's plan for today; None without a programme."""
    kept = current_programme(store, person.id, today)
    if kept is None:
        return None
    programme, after_fall = Programme.model_validate(kept.data), has_fallen(person)
    sessions = sessions_since_start(store, kept)
    own = is_own(store, kept)
    week, trained = programme.week_of(today), [one.day for one in sessions if _finished_counts([one])]
    done = _finished_counts([one for one in sessions if one.day == today])
    left = left_today(programme, done) if week is not None else ()
    suggests = own and week is not None and _may_suggest(store, person.id)
    return DayPlan(
        kept,
        programme,
        own,
        week,
        tuple(one for one in left if progression.safe(one, after_fall)),
        tuple(one for one in left if not progression.safe(one, after_fall)),
        sum(done.values()),
        programme.left_in_week(week, trained) if week is not None else 0,
        due_rating(programme, store.programmes.goal_ratings(kept.id), today),
        due_tests(programme, _days(finished_tests(store, sessions, programme.tests)), today) if programme.tests else (),
        _steps(programme, sessions, kept, after_fall) if suggests else (),
    )


def change_level(store: AuthorisedStore, day: DayPlan, place: int, prescription: Prescription) -> StoredProgramme:
    """Replace the exercise at a place by another level of it, in the person's own programme."""
    entries = list(day.programme.exercises)
    entries[place] = entries[place].model_copy(update={"prescription": prescription})
    trained = {entry.prescription.exercise for entry in entries}
    criteria = tuple(one for one in day.programme.criteria if one.exercise in trained)
    programme = day.programme.model_copy(update={"exercises": tuple(entries), "criteria": criteria})
    programme.check(exercises.load)
    return store.programmes.change(day.kept.id, programme, day.kept.version)


def prescriptions_of_tests(names: Sequence[str]) -> tuple[Prescription, ...]:
    """Return the prescriptions of tests: a test ends where training would allow more."""
    return tuple(Prescription(exercise=name, sets=1, test=True) for name in names)


def finished_tests(
    store: AuthorisedStore, sessions: Sequence[SessionOverview], names: Collection[str]
) -> list[StoredSet]:
    """Return the finished tests of these exercises in sessions, the newest first."""
    ids = [one.id for one in sessions if any(done.exercise in names for done in one.sets)]
    kept = [
        one
        for one in (store.sets.of(*ids) if ids else ())
        if one.exercise in names
        and one.state == "finished"
        and (one.prescription.get("test") or _is_timed(one.exercise))
    ]
    return sorted(kept, key=lambda one: -one.id)


def is_test(name: str) -> bool:
    """Return whether an exercise can be a test: against the clock, or the best of some holds."""
    return _is_timed(name) or getattr(exercises.load(name).movement, "best_of", None) is not None


def physiotherapists(store: AuthorisedStore, person_id: int) -> list[Link]:
    """Return the links between a person and their physiotherapists."""
    return store.links.of(person_id)


def _may_suggest(store: AuthorisedStore, person_id: int) -> bool:
    alone = store.who().account_id is None
    return alone or (os.environ.get(SUGGEST_VARIABLE) == "1" and not physiotherapists(store, person_id))


def _steps(
    programme: Programme, sessions: Sequence[SessionOverview], kept: StoredProgramme, after_fall: bool
) -> tuple[LevelStep, ...]:
    """Return the possible changes of level. Only sessions after the newest version count."""
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


def _is_timed(name: str) -> bool:
    return getattr(exercises.load(name).movement, "clock_s", None) is not None


def _finished_counts(sessions: Sequence[SessionOverview]) -> Counter[str]:
    return Counter(one.exercise for session in sessions for one in session.sets if one.state == "finished")


def _days(tests: Sequence[StoredSet]) -> dict[str, list[date]]:
    out: dict[str, list[date]] = {}
    for one in tests:
        out.setdefault(one.exercise, []).append(one.started_at.astimezone().date())
    return out
