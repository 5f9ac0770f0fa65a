"""The physiotherapist's list and the training days that wait: order, reasons, sample, what is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck.clinic.caseload import ListedPerson, Week, days_to_review, list_people, sampled, week_of
from formcheck.clinic.triggers import Triggers
from tests.overviews import AT, TODAY, one_set, pain, person, programme, session

if TYPE_CHECKING:
    from formcheck.model.entities import PersonOverview

NAMES = {1: "Bo", 2: "Eva", 3: "asger", 4: "Dorte"}
NO_SAMPLE = Triggers(sample_one_in=None)


def the_list(*people: PersonOverview, triggers: Triggers = NO_SAMPLE) -> list[ListedPerson]:
    return list_people(people, NAMES, triggers, TODAY)


def waiting(*people: PersonOverview, triggers: Triggers = NO_SAMPLE) -> list[tuple]:
    return [(one.name, (TODAY - one.day).days, one.why) for one in days_to_review(people, NAMES, triggers, TODAY)]


def test_who_needs_attention_comes_first_the_others_by_name():
    quiet, also_quiet = person(person_id=2), person(session(1, one_set()), person_id=3)
    hurt = person(session(1, one_set(), answers=pain(8)), person_id=4)
    stopped = person(session(3, one_set(), stops=((AT, "pain"),)))
    assert [one.name for one in the_list(quiet, also_quiet, hurt, stopped)] == ["Bo", "Dorte", "asger", "Eva"]
    assert [len(one.reasons) for one in the_list(quiet, hurt)] == [1, 0]


def test_a_quiet_line_says_how_the_week_goes_and_when_somebody_last_trained():
    plan = programme(TODAY - timedelta(days=8), days_a_week=3, weeks=6)
    (one,) = the_list(person(session(0, one_set()), session(1), session(5, one_set()), programme=plan))
    assert one.week == Week(number=1, of=6, first=TODAY - timedelta(days=1), done=1, planned=3)
    assert (one.week.left, one.last) == (2, TODAY)
    (nobody,) = the_list(person(person_id=2))
    assert (nobody.week, nobody.last) == (None, None)


@pytest.mark.parametrize("start", [TODAY + timedelta(days=1), TODAY - timedelta(weeks=6)])
def test_there_is_no_week_outside_the_programme(start: date):
    assert week_of(person(programme=programme(start)), TODAY) is None


def test_a_training_day_waits_until_each_of_its_sets_was_reviewed():
    half = person(session(1, one_set(reviewed=True), one_set(set_id=7)), session(2, one_set(reviewed=True)))
    assert waiting(half) == [("Bo", 1, "rest")]
    (day,) = days_to_review([half], NAMES, NO_SAMPLE, TODAY)
    assert [one.id for one in day.sets] == [7], "what was reviewed is not decided again"


def test_a_stop_before_anything_was_counted_waits_without_a_set():
    nothing_kept = session(0, stops=((AT, "unwell"),), answers=pain(2, "pain_before", None, AT - timedelta(minutes=5)))
    (day,) = days_to_review([person(nothing_kept)], NAMES, NO_SAMPLE, TODAY)
    assert (day.why, day.sets, day.session_ids, day.until, day.pain) == ("reason", (), (100,), AT, 2)
    assert waiting(person(session(0, stops=((AT, "unwell"),), closed=AT))) == []
    assert waiting(person(session(0, answers=pain(5)))) == [], "nothing was done, and no reason to look"
    again = session(0, one_set(reviewed=True), stops=((AT, "pain"), (AT + timedelta(hours=1), None)), closed=AT)
    (day,) = days_to_review([person(again)], NAMES, NO_SAMPLE, TODAY)
    assert ([reason.params["reason"] for reason in day.reasons], day.sets) == ([None], ())


def test_a_day_that_somebody_began_to_review_still_waits():
    (day,) = days_to_review([person(session(1, one_set(begun=True), one_set()))], NAMES, NO_SAMPLE, TODAY)
    assert (day.begun, len(day.sets)) == (True, 2)
    (day,) = days_to_review(
        [person(session(1, one_set(reviewed=True, begun=True), one_set()))], NAMES, NO_SAMPLE, TODAY
    )
    assert not day.begun, "what was closed is not begun"


def test_a_running_set_and_what_is_long_ago_do_not_wait():
    assert waiting(person(session(0, one_set(state="running")), session(7, one_set()))) == []
    assert waiting(person(session(7, one_set())), triggers=Triggers(days=8, sample_one_in=None)) == [("Bo", 7, "rest")]


def test_two_sessions_of_a_day_are_one_training_day():
    twice = person(session(1, one_set(set_id=3), session_id=12), session(1, one_set(set_id=2), session_id=11))
    (day,) = days_to_review([twice], NAMES, NO_SAMPLE, TODAY)
    assert [one.id for one in day.sets] == [2, 3], "in the order they were done"


def test_a_reason_belongs_to_its_own_day():
    seen = person(
        session(1, one_set()), session(2, one_set(), answers=pain(8)), unread=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert waiting(seen) == [("Bo", 2, "reason"), ("Bo", 1, "rest")]
    flagged = days_to_review([seen], NAMES, NO_SAMPLE, TODAY)[0]
    assert [reason.kind for reason in flagged.reasons] == ["pain"], "a message is about no training day"
    assert (flagged.pain, flagged.exertion) == (8, None)


def test_reasons_first_then_the_sample_then_the_rest_the_newest_first():
    always = Triggers(sample_one_in=2)
    days = [n for n in range(1, 7) if sampled(2, TODAY - timedelta(days=n), 2)]
    rest = [n for n in range(1, 7) if n not in days]
    assert days, "both kinds must be there for this test to say anything"
    assert rest
    eva = person(*(session(n, one_set()) for n in range(1, 7)), person_id=2)
    bo = person(session(6, one_set(), stops=((AT, "pain"),)))
    assert waiting(eva, bo, triggers=always) == [
        ("Bo", 6, "reason"),
        *(("Eva", n, "sample") for n in days),
        *(("Eva", n, "rest") for n in rest),
    ]


def test_the_sample_is_about_one_in_so_many_and_always_the_same():
    drawn = [sampled(n, TODAY - timedelta(days=d), 5) for n in range(100) for d in range(30)]
    assert 0.17 < sum(drawn) / len(drawn) < 0.23
    assert drawn == [sampled(n, TODAY - timedelta(days=d), 5) for n in range(100) for d in range(30)]
    assert not any(sampled(n, TODAY, None) for n in range(100))
