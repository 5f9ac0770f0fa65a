"""Steps on a ladder: which is next, what goes along, what is not offered after a fall, and what was easy."""

from __future__ import annotations

from datetime import date

import pytest

from formcheck.errors import SpecError
from formcheck.exercises import load
from formcheck.i18n import error_text
from formcheck.programmes import templates
from formcheck.programmes.programme import ExerciseDone, Programme
from formcheck.programmes.progression import at_level, check_safe, easier, easy, harder, offered, safe
from formcheck.spec.levels import LEVELS
from formcheck.spec.prescription import Prescription


def done(counted: float | None = 1.0, clean: float | None = 1.0, pain: int | None = 0, exertion: int | None = 2):
    return ExerciseDone(counted, clean, pain, exertion)


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ([done(), done()], True),
        ([done()], False),
        ([], False),
        ([done(), done(), done(pain=9)], True),
        ([done(pain=3), done()], False),
        ([done(), done(exertion=5)], False),
        ([done(counted=0.8), done()], False),
        ([done(clean=0.7), done()], False),
        ([done(pain=None), done()], False),
        ([done(exertion=None), done()], False),
        ([done(counted=None, clean=None)] * 2, True),
    ],
)
def test_two_sessions_are_easy_when_the_person_says_so_and_they_were_done(sessions, expected):
    assert easy(sessions) is expected


def test_a_step_up_and_one_back_lead_to_where_it_began():
    high = Prescription(exercise="sit_to_stand", level="squat.high_chair", sets=2, repetitions=8, load_kg=4)
    low = harder(high, False, load)
    assert (low.level, low.sets, low.repetitions, low.load_kg) == ("squat.low_chair", 2, 8, 4)
    assert easier(low, False, load) == high
    squat = harder(low, False, load)
    assert (squat.exercise, squat.target_depth_deg) == ("squat", 60)
    assert easier(squat, False, load) == low


def test_what_belongs_to_an_exercise_stays_with_it():
    given = Prescription(
        exercise="squat",
        level="squat.to_60",
        rules={"heels": {"enabled": False}},
        notes="slowly",
        rest_s=30,
        view="front",
    )
    deeper = at_level(given, LEVELS["squat.to_90"])
    assert (deeper.target_depth_deg, deeper.notes, "heels" in deeper.rules) == (90, "slowly", True)
    lunge = at_level(given, LEVELS["squat.split"])
    assert (lunge.exercise, lunge.rules, lunge.notes, lunge.rest_s, lunge.view) == ("lunge", {}, None, 30, None)
    assert at_level(given, None).target_depth_deg is None


def test_there_is_no_step_where_a_ladder_ends_where_there_is_none_or_where_a_cap_forbids_it():
    assert harder(Prescription(exercise="step_down", level="step.20_cm"), False, load) is None
    assert easier(Prescription(exercise="step_down", level="step.10_cm"), False, load) is None
    assert harder(Prescription(exercise="squat"), False, load) is None
    assert harder(Prescription(exercise="squat", level="squat.to_60", depth_cap_deg=70), False, load) is None


def test_after_a_fall_what_gives_way_is_passed_over():
    bridge = Prescription(exercise="glute_bridge", level="bridge.march")
    assert harder(bridge, False, load).level == "bridge.ball"
    assert harder(bridge, True, load).level == "bridge.one_leg"
    reach = harder(Prescription(exercise="single_leg_stance", level="balance.one_leg_cushion"), True, load)
    assert reach.level == "balance.one_leg_reach"
    assert harder(reach, True, load) is None
    shown = {level.id for level in offered("single_leg_stance", fallen=True)}
    assert "balance.one_leg" in shown
    assert not shown & {"balance.one_leg_eyes_closed", "balance.one_leg_board"}


@pytest.mark.parametrize("way", [{"level": "balance.one_leg_board"}, {"eyes": "closed"}, {"surface": "ball"}])
def test_after_a_fall_a_programme_with_it_is_refused_in_words(way: dict):
    unsafe = Prescription(exercise="single_leg_stance", **way)
    assert safe(unsafe, fallen=False)
    assert not safe(unsafe, fallen=True)
    day = date(2026, 3, 2)
    programme = Programme(title="x", start=day, end=day, days_a_week=1, exercises=[{"prescription": unsafe}])
    check_safe(programme, fallen=False)
    with pytest.raises(SpecError) as refused:
        check_safe(programme, fallen=True)
    assert refused.value.code == "programme_after_fall"
    assert "et fald inden for" in error_text(refused.value, "da")


@pytest.mark.parametrize("name", [name for name in templates.names() if templates.load(name).starter])
def test_a_starter_is_for_everybody_and_has_a_next_step(name: str):
    programme = templates.load(name).programme(date(2026, 3, 2), "en")
    check_safe(programme, fallen=True)
    assert any(harder(entry.prescription, True, load) for entry in programme.exercises)
