"""A physiotherapist's people and their training days: who and what to look at, in which order, and why. Nothing is concluded.

Pure: what ``overview.people`` gives goes in. A *training day* is what one person trained on one day; it waits until each of its
sets and what was reported with it were looked through and a physiotherapist said so; a comment or a mark alone leaves it open.
Those that meet one of the physiotherapist's own triggers, and a sample of the others, are to be opened; the rest are one line each.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from formcheck.clinic.triggers import TriggerReason, Triggers, reasons, urgency
from formcheck.programmes.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formcheck.model.entities import PersonOverview, SessionOverview, SetOverview

Why = Literal["reason", "sample", "rest"]
ORDER: tuple[Why, ...] = ("reason", "sample", "rest")
LIST_DAYS = 28
"""So far back the list looks: a change is seen over it, and the last training is told."""


@dataclass(slots=True, frozen=True)
class Week:
    """A week of a programme: training days done and planned. ``number`` from 0, ``of``: how many weeks the programme has."""

    number: int
    of: int
    first: date
    done: int
    planned: int

    @property
    def left(self) -> int:
        return max(0, self.planned - self.done)


@dataclass(slots=True, frozen=True)
class Listed:
    """One person of the list. ``week``: None outside a programme; ``last``: the last training day, None without one."""

    person_id: int
    name: str
    reasons: tuple[TriggerReason, ...]
    week: Week | None
    last: date | None


@dataclass(slots=True, frozen=True)
class TrainingDay:
    """What one person trained on one day and nobody has looked through yet. ``sets``: those that wait, in order.

    There is none where Stop was pressed before anything was counted, or something was reported after the sets were reviewed.
    ``session_ids``: its trainings. ``pain`` and ``exertion``: the highest that was reported with it, None when nobody answered.
    ``until``: when the last of all that was reported, None when nothing was.
    """

    person_id: int
    name: str
    day: date
    session_ids: tuple[int, ...]
    sets: tuple[SetOverview, ...]
    pain: int | None
    exertion: int | None
    until: datetime | None
    reasons: tuple[TriggerReason, ...]
    why: Why

    @property
    def begun(self) -> bool:
        """Return whether somebody said something of a set that waits."""
        return any(one.begun for one in self.sets)


def listed(people: Iterable[PersonOverview], names: Mapping[int, str], triggers: Triggers, today: date) -> list[Listed]:
    """Return the people, the most pressing first, then by name. ``people``: with at least the last ``LIST_DAYS``."""
    out = [
        Listed(
            one.person_id,
            names[one.person_id],
            tuple(reasons(one, triggers, today)),
            week_of(one, today),
            last_day(one),
        )
        for one in people
    ]
    return sorted(out, key=lambda one: (urgency(one.reasons), one.name.casefold()))


def to_look_through(
    people: Iterable[PersonOverview], names: Mapping[int, str], triggers: Triggers, today: date
) -> list[TrainingDay]:
    """Return the training days of the last ``triggers.days`` that wait: first those with a reason, then the sample."""
    out = []
    for person in people:
        found = reasons(person, triggers, today)
        for day, sessions in _by_day(person.sessions, today - timedelta(days=triggers.days), today).items():
            sets = tuple(
                one for session in sessions for one in session.sets if one.state != "running" and not one.reviewed
            )
            ids = tuple(session.id for session in sessions)
            own = tuple(reason for reason in found if reason.session_id in ids)
            if not sets and not own:
                continue
            why = "reason" if own else "sample" if sampled(person.person_id, day, triggers.sample_one_in) else "rest"
            said = _highest(sessions, "pain"), _highest(sessions, "exertion"), _last_report(sessions)
            out.append(TrainingDay(person.person_id, names[person.person_id], day, ids, sets, *said, own, why))
    return sorted(
        out, key=lambda one: (ORDER.index(one.why), urgency(one.reasons), -one.day.toordinal(), one.name.casefold())
    )


def sampled(person_id: int, day: date, one_in: int | None) -> bool:
    """Return whether a training day is in the sample: always the same answer, and nobody chooses. None: there is no sample."""
    if one_in is None:
        return False
    drawn = hashlib.sha256(f"{person_id} {day.isoformat()}".encode()).digest()
    return int.from_bytes(drawn[:4]) % one_in == 0


def week_of(person: PersonOverview, today: date) -> Week | None:
    """Return the week of the person's programme that a day lies in, None outside one."""
    if person.programme is None:
        return None
    return week_in(Programme.model_validate(person.programme.data), person.sessions, today)


def week_in(programme: Programme, sessions: Iterable[SessionOverview], today: date) -> Week | None:
    """Return the week of a programme that a day lies in, with what was done in it; None outside the programme."""
    number = programme.week_of(today)
    if number is None:
        return None
    first = programme.start + timedelta(weeks=number)
    trained = {
        session.day for session in sessions if session.sets and first <= session.day < first + timedelta(weeks=1)
    }
    weeks = (programme.end - programme.start).days // 7 + 1
    return Week(number, weeks, first, len(trained), programme.days_a_week)


def last_day(person: PersonOverview) -> date | None:
    """Return the last day on which something was trained."""
    return next((session.day for session in person.sessions if session.sets), None)


def _highest(sessions: Iterable[SessionOverview], about: str) -> int | None:
    said = [answer.value for session in sessions for answer in session.answers if answer.question.startswith(about)]
    return max(said, default=None)


def _last_report(sessions: Sequence[SessionOverview]) -> datetime | None:
    reported = [answer.at for session in sessions for answer in session.answers]
    return max([*reported, *(at for session in sessions for at, _ in session.stops)], default=None)


def _by_day(sessions: Iterable[SessionOverview], since: date, today: date) -> dict[date, list[SessionOverview]]:
    """Return the sessions after ``since`` by day, each day's in the order they were done."""
    days: dict[date, list[SessionOverview]] = {}
    for session in sessions:
        if since < session.day <= today:
            days.setdefault(session.day, []).insert(0, session)
    return days
