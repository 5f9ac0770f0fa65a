"""What moves a person up the list, in which order, and what does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from formcheck.clinic.triggers import ORDER, Triggers, reasons, urgency, words, working_days
from formcheck.i18n import translator
from formcheck.model.entities import Answer, PersonOverview
from tests.overviews import AT, TODAY, one_set, pain, person, programme, session


def found(seen: PersonOverview, **triggers: object) -> list[str]:
    return [words(reason, translator("en")) for reason in reasons(seen, Triggers(**triggers), TODAY)]


def test_nothing_to_say_is_no_reason():
    assert found(person()) == []
    assert found(person(session(1, one_set(), answers=pain(5)))) == []


def test_stop_comes_first_with_its_reason():
    stopped = session(2, one_set(), stops=((AT, "joint"), (AT, None)))
    assert found(person(session(1, one_set(), answers=pain(9)), stopped)) == [
        f"Pressed Stop on 18 March 2026 at {AT.astimezone():%H:%M}: the knee locks or gives way",
        f"Pressed Stop on 18 March 2026 at {AT.astimezone():%H:%M}: no reason given",
        "Pain 9 of 10 during Squat on 20 March 2026",
    ]
    assert "smerte" in words(reasons(person(session(0, stops=((AT, "pain"),))), Triggers(), TODAY)[0], translator("da"))


@pytest.mark.parametrize(
    ("value", "above", "told"),
    [(5, 5, False), (6, 5, True), (3, 2, True), (10, None, False), (1, 0, True), (0, 0, False)],
)
def test_pain_above_the_physiotherapists_own_limit(value, above, told):
    assert bool(found(person(session(1, answers=pain(value, "pain_before", None))), pain_above=above)) is told


def test_the_worst_pain_of_a_session_is_told_once():
    answers = (
        pain(6, "pain_before", None)
        + pain(8)
        + pain(7, "pain_next_morning", None)
        + (Answer("exertion", 10, TODAY, "squat", AT),)
    )
    assert found(person(session(1, one_set(), answers=answers))) == ["Pain 8 of 10 during Squat on 20 March 2026"]


def test_what_was_looked_through_or_is_long_ago_gives_no_reason():
    stop = ((AT, "pain"),)
    assert found(person(session(1, one_set(reviewed=True), stops=stop, answers=pain(8), closed=AT))) == []
    assert found(person(session(1, stops=stop))) != [], "there need not be a set"
    assert found(person(session(1, stops=stop, closed=AT))) == []
    assert found(person(session(7, one_set(), stops=stop))) == []
    assert found(person(session(7, one_set(), stops=stop)), days=8) != []


def test_what_comes_after_the_look_is_a_reason_again():
    earlier, later = AT - timedelta(hours=1), AT + timedelta(hours=9)
    closed = session(1, one_set(reviewed=True), stops=((AT, "pain"), (later, "joint")), answers=pain(9), closed=AT)
    assert [text.rpartition(": ")[2] for text in found(person(closed))] == ["the knee locks or gives way"]
    morning = pain(7, "pain_next_morning", None, at=later)
    (told,) = found(person(session(1, one_set(reviewed=True), answers=pain(9) + morning, closed=AT)))
    assert told.startswith("Pain 7 of 10 on the morning of ")
    assert found(person(session(1, one_set(reviewed=True), stops=((AT, "pain"),), closed=earlier))) != []


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-03-16", "2026-03-19", 3),
        ("2026-03-13", "2026-03-16", 1),
        ("2026-03-14", "2026-03-15", 0),
        ("2026-03-20", "2026-03-20", 0),
    ],
)
def test_working_days_are_those_of_the_week(start, end, days):
    assert working_days(date.fromisoformat(start), date.fromisoformat(end)) == days


def test_a_message_older_than_three_working_days():
    assert found(person(unread=datetime(2026, 3, 17, 8, tzinfo=UTC))) == []
    assert found(person(unread=datetime(2026, 3, 16, 8, tzinfo=UTC))) == ["A message has waited for 4 working days"]
    assert found(person(unread=datetime(2026, 3, 1, 8, tzinfo=UTC)), unread_working_days=None) == []


def test_sessions_missed_in_the_last_whole_week():
    plan = programme(TODAY - timedelta(days=8))  # its first week ended the day before yesterday
    twice_a_day = session(3, one_set()), session(3, one_set(), session_id=7)
    assert found(person(*twice_a_day, programme=plan)) == ["2 of 3 sessions missed in the week from 12 March 2026"]
    assert found(person(*twice_a_day, programme=plan), missed_sessions=3) == []
    assert found(person(*(session(n, one_set()) for n in (3, 5, 8)), programme=plan)) == []
    assert found(person(session(3), programme=plan))[0].startswith("3 of 3"), "a session without a set is none"


@pytest.mark.parametrize("start", [TODAY - timedelta(days=6), TODAY + timedelta(days=1), TODAY - timedelta(weeks=8)])
def test_nothing_is_missed_before_a_week_is_over_or_after_the_programme(start):
    assert found(person(programme=programme(start))) == []


@pytest.mark.parametrize(
    ("before", "after", "setup", "told"),
    [
        (80.0, 85.0, {}, False),
        (80.0, 85.1, {}, True),
        (80.0, 74.9, {}, True),
        (80.0, None, {}, False),
        (None, 90.0, {}, False),
        (80.0, 89.0, {"azimuth_deg": 70.0}, False),
        (80.0, 91.0, {"azimuth_deg": 70.0}, True),
        (80.0, 89.0, {"azimuth_deg": 104.0}, True),
        (80.0, 89.0, {"person_height_share": 0.4}, False),
        (80.0, 89.0, {"azimuth_deg": None}, False),
        (80.0, 120.0, {"view": "front"}, False),
    ],
)
def test_a_change_beyond_the_smallest_real_difference(before, after, setup, told):
    seen = person(session(1, one_set(after, 9, **setup)), session(20, one_set(before, 2)))
    assert bool(found(seen)) is told
    assert found(seen, change=False) == []


def test_a_change_is_told_with_both_values_and_leads_to_its_set():
    seen = person(
        session(1, one_set(92.0, 9)), session(10, one_set(60.0)), session(20, one_set(80.0, 2), one_set(82.0, 3))
    )
    assert found(seen) == ["Squat, depth: 81° on 28 February 2026, now 92°. The smallest real difference is 5°"]
    assert reasons(seen, Triggers(), TODAY)[0].set_id == 9


def test_a_reason_leads_to_its_set_and_its_training():
    answers = pain(8) + pain(7, "pain_next_morning", None)
    told = reasons(
        person(session(1, one_set(92.0, 9), answers=answers, stops=((AT, "pain"),)), session(20, one_set(80.0))),
        Triggers(),
        TODAY,
    )
    assert [(reason.kind, reason.set_id, reason.session_id) for reason in told] == [
        ("stop", 9, 99),
        ("pain", 9, 99),
        ("change", 9, 99),
    ]
    assert reasons(person(session(1, stops=((AT, None),))), Triggers(), TODAY)[0].set_id is None


def test_sides_are_compared_each_with_itself():
    then, now = (
        {"left": {"knee_flexion_peak_deg": left}, "right": {"knee_flexion_peak_deg": 80.0}} for left in (80.0, 90.0)
    )
    seen = person(session(1, one_set(85.0, sides=now)), session(20, one_set(80.0, sides=then)))
    assert [text.partition(":")[0] for text in found(seen)] == ["Squat, depth, left"]


def test_an_old_change_is_no_news():
    assert found(person(session(8, one_set(95.0)), session(20, one_set(80.0)))) == []


def test_people_are_ordered_by_their_first_reason():
    people = {
        "none": person(),
        "message": person(unread=datetime(2026, 3, 2, tzinfo=UTC)),
        "pain": person(session(1, answers=pain(8))),
        "old stop": person(session(4, stops=((AT, None),))),
        "stop": person(session(1, stops=((AT, None),))),
    }
    ordered = sorted(people, key=lambda name: urgency(reasons(people[name], Triggers(), TODAY)))
    assert ordered == ["stop", "old stop", "pain", "message", "none"]
    assert ORDER[0] == "stop"


def test_every_reason_has_words_in_both_languages():
    seen = person(
        session(1, one_set(95.0), answers=pain(8) + pain(7, "pain_next_morning", None), stops=((AT, "unwell"),)),
        session(20, one_set(80.0)),
        programme=programme(TODAY - timedelta(days=8)),
        unread=datetime(2026, 3, 2, tzinfo=UTC),
    )
    told = reasons(seen, Triggers(), TODAY)
    assert [reason.kind for reason in told] == list(ORDER)
    english, danish = ([words(reason, translator(language)) for reason in told] for language in ("en", "da"))
    assert not set(english) & set(danish)
