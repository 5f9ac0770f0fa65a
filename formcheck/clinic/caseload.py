"""A physiotherapist's people and their training days, in the order in which to look at them, with the reasons.

Pure functions of what ``overview.people`` gives; the program concludes nothing. A *training day* is all training of one person
on one day. It waits until a physiotherapist has looked through each of its sets and everything reported with it. A comment or
a mark alone leaves it open. A day that meets one of the physiotherapist's triggers must be opened, and so must a sample of
the other days. Each of the rest is one line.
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

WaitingReason = Literal["reason", "sample", "rest"]
ORDER: tuple[WaitingReason, ...] = ("reason", "sample", "rest")
LIST_DAYS = 28
"""Number of days that the list of people covers (default): changes and the last training are sought in them."""


@dataclass(slots=True, frozen=True)
class Week:
    """A week of a programme.

    Attributes
    ----------
    number : int
        Number of the week, from 0.
    of : int
        Number of weeks of the programme.
    first : date
        First day of the week.
    done, planned : int
        Training days done and planned.
    """

    number: int
    of: int
    first: date
    done: int
    planned: int

    @property
    def left(self) -> int:
        """Training days that are still to do."""
        return max(0, self.planned - self.done)


@dataclass(slots=True, frozen=True)
class ListedPerson:
    """One person of the list. ``week``: None outside a programme; ``last``: the last training day, None without one."""

    person_id: int
    name: str
    reasons: tuple[TriggerReason, ...]
    week: Week | None
    last: date | None


@dataclass(slots=True, frozen=True)
class TrainingDay:
    """The training of one person on one day that no physiotherapist has looked through yet.

    Attributes
    ----------
    session_ids : tuple of int
        The day's training sessions.
    sets : tuple of SetOverview
        The sets that wait, in order. There is none where Stop was pressed before the first repetition, or where something was
        reported after the sets were reviewed.
    pain, exertion : int or None
        Highest values that were reported with the training; None without an answer.
    until : datetime or None
        Time of the last report; None without a report.
    reasons : tuple of TriggerReason
        The triggers that the day meets.
    why : WaitingReason
        The part of the queue that the day belongs to.
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
    why: WaitingReason

    @property
    def begun(self) -> bool:
        """Whether a physiotherapist has commented on a set that waits."""
        return any(one.begun for one in self.sets)


def list_people(
    people: Iterable[PersonOverview], names: Mapping[int, str], triggers: Triggers, today: date
) -> list[ListedPerson]:
    """List a physiotherapist's people.

    Parameters
    ----------
    people : iterable of PersonOverview
        The people, with at least the last ``LIST_DAYS`` of their training.
    names : mapping of int to str
        Their names.
    triggers : Triggers
        The physiotherapist's triggers.
    today : date
        The day.

    Returns
    -------
    list of ListedPerson
        The most pressing first, then by name.
    """
    listed = [
        ListedPerson(
            one.person_id,
            names[one.person_id],
            tuple(reasons(one, triggers, today)),
            week_of(one, today),
            last_day(one),
        )
        for one in people
    ]
    return sorted(listed, key=lambda one: (urgency(one.reasons), one.name.casefold()))


def days_to_review(
    people: Iterable[PersonOverview], names: Mapping[int, str], triggers: Triggers, today: date
) -> list[TrainingDay]:
    """List the training days of the last ``triggers.days`` that wait.

    Parameters
    ----------
    people : iterable of PersonOverview
        The people.
    names : mapping of int to str
        Their names.
    triggers : Triggers
        The physiotherapist's triggers.
    today : date
        The day.

    Returns
    -------
    list of TrainingDay
        Days with a reason first, then the sample, then the rest.
    """
    days = []
    for person in people:
        found = reasons(person, triggers, today)
        for day, sessions in _by_day(person.sessions, today - timedelta(days=triggers.days), today).items():
            sets = tuple(
                one for session in sessions for one in session.sets if one.state != "running" and not one.reviewed
            )
            ids = tuple(session.id for session in sessions)
            of_day = tuple(reason for reason in found if reason.session_id in ids)
            if not sets and not of_day:
                continue
            days.append(
                TrainingDay(
                    person.person_id,
                    names[person.person_id],
                    day,
                    ids,
                    sets,
                    pain=_highest(sessions, "pain"),
                    exertion=_highest(sessions, "exertion"),
                    until=_last_report(sessions),
                    reasons=of_day,
                    why=_part(person.person_id, day, of_day, triggers),
                )
            )
    return sorted(
        days, key=lambda one: (ORDER.index(one.why), urgency(one.reasons), -one.day.toordinal(), one.name.casefold())
    )


def sampled(person_id: int, day: date, one_in: int | None) -> bool:
    """Decide whether a training day is in the sample. The answer depends on nothing but the arguments.

    Parameters
    ----------
    person_id : int
        The person.
    day : date
        The training day.
    one_in : int or None
        One of this many days is in the sample; None without a sample.

    Returns
    -------
    bool
        True for a day of the sample.
    """
    if one_in is None:
        return False
    drawn = hashlib.sha256(f"{person_id} {day.isoformat()}".encode()).digest()
    return int.from_bytes(drawn[:4]) % one_in == 0


def week_of(person: PersonOverview, today: date) -> Week | None:
    """Find the week of a person's programme.

    Parameters
    ----------
    person : PersonOverview
        The person.
    today : date
        The day.

    Returns
    -------
    Week or None
        The week that the day lies in; None outside a programme.
    """
    if person.programme is None:
        return None
    return week_in(Programme.model_validate(person.programme.data), person.sessions, today)


def week_in(programme: Programme, sessions: Iterable[SessionOverview], today: date) -> Week | None:
    """Find the week of a programme, and what was done in it.

    Parameters
    ----------
    programme : Programme
        The programme.
    sessions : iterable of SessionOverview
        The person's training sessions.
    today : date
        The day.

    Returns
    -------
    Week or None
        The week that the day lies in; None outside the programme.
    """
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
    """Find the last day on which a person trained.

    Parameters
    ----------
    person : PersonOverview
        The person.

    Returns
    -------
    date or None
        The day; None without training.
    """
    return next((session.day for session in person.sessions if session.sets), None)


def _part(person_id: int, day: date, found: Sequence[TriggerReason], triggers: Triggers) -> WaitingReason:
    """Return the part of the queue that a training day belongs to."""
    if found:
        return "reason"
    return "sample" if sampled(person_id, day, triggers.sample_one_in) else "rest"


def _highest(sessions: Iterable[SessionOverview], about: str) -> int | None:
    values = [answer.value for session in sessions for answer in session.answers if answer.question.startswith(about)]
    return max(values, default=None)


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
