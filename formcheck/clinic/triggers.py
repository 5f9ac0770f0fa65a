"""Reasons that move a person up a physiotherapist's list: something reported, missed or measured, in words.

Pure functions: overviews go in, ordered reasons come out. The physiotherapist chooses what counts (``Triggers``), and the
program concludes nothing from it.
"""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from formcheck import exercises
from formcheck.i18n.dates import date_text, time_text
from formcheck.i18n.numbers import quantity
from formcheck.insights.setups import DEPTH, same_setup, smallest_real_difference
from formcheck.model.records import SetupSignature, ViewLabel
from formcheck.programmes.programme import WEEK, Programme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from formcheck.i18n import Translator
    from formcheck.model.entities import PersonOverview, SessionOverview, SetOverview, Summary

TriggerKind = Literal["stop", "pain", "message", "missed", "change"]
ORDER: tuple[TriggerKind, ...] = get_args(TriggerKind)
"""Stop first."""
VIEWS: tuple[ViewLabel, ...] = ("side", "front", "oblique")


class Triggers(BaseModel):
    """A physiotherapist's choice of triggers. None turns a trigger off. All values are defaults without a source.

    Attributes
    ----------
    days : int
        Number of days to look back.
    stop : bool
        A press of Stop is a reason.
    pain_above : int, optional
        Pain (0–10) above this is a reason.
    unread_working_days : int, optional
        A message that waited longer than this is a reason.
    missed_sessions : int, optional
        This number of missed training days in the last week is a reason.
    change : bool
        A change beyond the smallest real difference is a reason.
    sample_one_in : int, optional
        One of this many training days without a reason must be opened nevertheless (``caseload``).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(7, ge=1, le=60)
    stop: bool = True
    pain_above: int | None = Field(5, ge=0, le=9)
    unread_working_days: int | None = Field(3, ge=0, le=20)
    missed_sessions: int | None = Field(1, ge=1, le=7)
    change: bool = True
    sample_one_in: int | None = Field(5, ge=2, le=20)


@dataclass(slots=True, frozen=True)
class TriggerReason:
    """One reason to look at a person.

    Attributes
    ----------
    kind : TriggerKind
        The trigger.
    day : date
        The day that the reason is about.
    params : dict
        Values for its words.
    set_id, session_id : int or None
        The set to open and the training that the reason is about; None without one.
    """

    kind: TriggerKind
    day: date
    params: dict[str, Any] = field(default_factory=dict)
    set_id: int | None = None
    session_id: int | None = None


def reasons(person: PersonOverview, triggers: Triggers, today: date) -> list[TriggerReason]:
    """Find the reasons to look at a person today.

    A session that a physiotherapist closed gives no reason for what was reported before. A session in which every set was
    reviewed gives no reason for a change.

    Parameters
    ----------
    person : PersonOverview
        The person, with at least the last two weeks of training, and more where changes over a longer time count.
    triggers : Triggers
        The physiotherapist's triggers.
    today : date
        The day.

    Returns
    -------
    list of TriggerReason
        The most pressing first.
    """
    since = today - timedelta(days=triggers.days)
    lately = [session for session in person.sessions if since < session.day <= today]
    fresh = {session.id for session in lately if not _reviewed(session)}
    found: list[TriggerReason] = []
    if triggers.stop:
        found += [_stopped(one, at, why) for one in lately for at, why in one.stops if one.waits(at)]
    if triggers.pain_above is not None:
        found += _pain(lately, triggers.pain_above)
    if triggers.unread_working_days is not None and person.unread_since is not None:
        found += _unread(person.unread_since, triggers.unread_working_days, today)
    if triggers.missed_sessions is not None:
        found += _missed(person, triggers.missed_sessions, today)
    if triggers.change and fresh:
        found += _changes(person.sessions, fresh)
    return sorted(found, key=lambda reason: (ORDER.index(reason.kind), -reason.day.toordinal()))


def urgency(found: Sequence[TriggerReason]) -> tuple[int, int]:
    """Rank a person by the kind of the first reason, then by its day.

    Parameters
    ----------
    found : sequence of TriggerReason
        The person's reasons.

    Returns
    -------
    tuple of (int, int)
        The key to sort by. It is largest without a reason.
    """
    return (ORDER.index(found[0].kind), -found[0].day.toordinal()) if found else (len(ORDER), 0)


def working_days(start: date, end: date) -> int:
    """Count the days from Monday to Friday. Public holidays are not known.

    Parameters
    ----------
    start : date
        The day before the first one.
    end : date
        The last day.

    Returns
    -------
    int
        Number of working days.
    """
    return sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, (end - start).days + 1))


def words(reason: TriggerReason, t: Translator) -> str:
    """Say a reason in one sentence.

    Parameters
    ----------
    reason : TriggerReason
        The reason.
    t : Translator
        The language.

    Returns
    -------
    str
        The sentence.
    """
    given, day = reason.params, date_text(t, reason.day)
    if reason.kind == "stop":
        return t("trigger.stop", day=day, time=time_text(t, given["at"]), why=stop_words(given["reason"], t))
    if reason.kind == "pain":
        about = exercises.load(given["exercise"]).name[t.language] if given["exercise"] else ""
        return t(f"trigger.{given['question']}", day=day, value=given["value"], exercise=about)
    if reason.kind == "message":
        return t("trigger.message", n=given["n"])
    if reason.kind == "missed":
        return t("trigger.missed", n=given["n"], planned=given["planned"], day=day)
    side = f"trigger.change_{given['side']}" if given["side"] else "trigger.change"
    before, after, limit = (quantity(given[name], given["unit"], t.language) for name in ("before", "after", "limit"))
    return t(
        side,
        exercise=exercises.load(given["exercise"]).name[t.language],
        measure=t(f"trigger.measure.{given['measure']}"),
        before=before,
        after=after,
        limit=limit,
        day=date_text(t, given["since"]),
    )


def stop_words(why: str | None, t: Translator) -> str:
    """Say why Stop was pressed.

    Parameters
    ----------
    why : str or None
        The reason that was given.
    t : Translator
        The language.

    Returns
    -------
    str
        The words.
    """
    key = f"trigger.stopped.{why}"
    return t(key if key in t else "trigger.stopped.none")


def _reviewed(session: SessionOverview) -> bool:
    return bool(session.sets) and all(one.reviewed for one in session.sets)


def _stopped(session: SessionOverview, at: datetime, why: str | None) -> TriggerReason:
    last = session.sets[-1].id if session.sets else None
    return TriggerReason("stop", session.day, {"reason": why, "at": at}, last, session.id)


def _pain(sessions: Sequence[SessionOverview], above: int) -> Iterator[TriggerReason]:
    """Yield the worst pain of each session that is above the limit and waits."""
    for session in sessions:
        answers = [
            answer
            for answer in session.answers
            if answer.question.startswith("pain") and answer.value > above and session.waits(answer.at)
        ]
        if answers:
            worst = max(answers, key=lambda answer: answer.value)
            sets = [one.id for one in session.sets if one.exercise == worst.exercise]
            params = {"question": worst.question, "value": worst.value, "exercise": worst.exercise}
            yield TriggerReason("pain", worst.for_day, params, sets[0] if sets else None, session.id)


def _unread(since: datetime, most: int, today: date) -> Iterator[TriggerReason]:
    waited = working_days(since.date(), today)
    if waited > most:
        yield TriggerReason("message", since.date(), {"n": waited})


def _missed(person: PersonOverview, least: int, today: date) -> Iterator[TriggerReason]:
    """Yield the last whole week of the programme when too little was trained in it."""
    if person.programme is None:
        return
    programme = Programme.model_validate(person.programme.data)
    week = (today - programme.start) // WEEK - 1
    first = programme.start + week * WEEK
    if week < 0 or first + WEEK - timedelta(days=1) > programme.end:
        return
    missed = programme.left_in_week(week, (session.day for session in person.sessions if session.sets))
    if missed >= least:
        yield TriggerReason("missed", first, {"n": missed, "planned": programme.days_a_week})


def _changes(sessions: Sequence[SessionOverview], fresh: set[int]) -> Iterator[TriggerReason]:
    """Yield where the depth is further from that of its first session than the smallest real difference."""
    values = _Values()
    oldest_first = [(session, {one.exercise for one in session.sets}) for session in reversed(sessions)]
    for name in sorted(set().union(*(names for _, names in oldest_first))):
        *earlier, newest = (session for session, names in oldest_first if name in names)
        if newest.id not in fresh:
            continue
        for view, side in itertools.product(VIEWS, ("left", "right", None)):
            now = values.of(newest, name, view, side)
            then = next((found for one in earlier if now and (found := values.of(one, name, view, side))), [])
            if now and then:
                yield from _change(then, now, side, newest)


def _change(
    then: list[_Value], now: list[_Value], side: str | None, session: SessionOverview
) -> Iterator[TriggerReason]:
    alike = all(same_setup(a.setup, b.setup) for a in then for b in now)
    limit = smallest_real_difference(DEPTH, now[0].setup.view, alike)
    before, after = (statistics.fmean(one.value for one in some) for some in (then, now))
    if limit is not None and abs(after - before) > limit:
        newest = now[0].of_set
        params = {
            "exercise": newest.exercise,
            "measure": DEPTH,
            "side": side,
            "before": before,
            "after": after,
            "limit": limit,
            "unit": "deg",
            "since": then[0].of_set.day,
        }
        yield TriggerReason("change", session.day, params, newest.id, session.id)


@dataclass(slots=True, frozen=True)
class _Value:
    of_set: SetOverview
    setup: SetupSignature
    value: float


class _Values:
    """The measured depths of sets. Each summary is read at most once."""

    def __init__(self) -> None:
        self._read: dict[int, Summary | None] = {}

    def of(self, session: SessionOverview, exercise: str, view: ViewLabel, side: str | None) -> list[_Value]:
        """Return the depth of a session's sets of an exercise: of one side, or of all where the repetitions have none."""
        out = []
        for one in session.sets:
            if one.exercise != exercise:
                continue
            if one.id not in self._read:
                self._read[one.id] = one.summary
            summary = self._read[one.id]
            if summary is None or summary["setup"]["view"] != view:
                continue
            sides = summary["sides"]
            means = sides.get(side, {}) if side else {} if sides else summary["means"]
            if DEPTH in means:
                out.append(_Value(one, SetupSignature.model_validate(summary["setup"]), means[DEPTH]))
        return out
