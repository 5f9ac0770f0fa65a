"""Criteria for the next level, from sessions as they were done and reported."""

from __future__ import annotations

import json
from datetime import date, timedelta

from formcheck.model.entities import Answer, SessionOverview, SetOverview
from formcheck.programmes.criteria import criteria_met, exercise_done
from formcheck.programmes.programme import Criterion, ExerciseDone, Programme
from tests.overviews import AT

MONDAY = date(2026, 3, 2)


def one_set(
    reps: int, small: int, judged: int, clean: int, exercise: str = "squat", state: str = "finished"
) -> SetOverview:
    summary = json.dumps({"judged": judged, "clean": clean})
    return SetOverview(1, 1, MONDAY, exercise, state, "target", reps, small, 0.0, 0.0, summary, False)


def session(day: int, *sets: SetOverview, answers: tuple[Answer, ...] = ()) -> SessionOverview:
    return SessionOverview(day, MONDAY + timedelta(days=day), answers, (), sets)


def said(question: str, value: int, exercise: str | None = None) -> Answer:
    return Answer(question, value, MONDAY, exercise, AT)


def test_an_exercise_is_taken_over_all_its_finished_sets():
    answers = (
        said("pain_before", 1),
        said("pain_during", 3, "squat"),
        said("pain_during", 9, "lunge"),
        said("exertion", 4, "squat"),
    )
    sets = (
        one_set(9, 1, 8, 6),
        one_set(9, 1, 2, 2),
        one_set(1, 9, 9, 0, "lunge"),
        one_set(0, 9, 9, 0, state="interrupted"),
    )
    assert exercise_done(session(0, *sets, answers=answers), "squat") == ExerciseDone(0.9, 0.8, 3, 4)


def test_what_was_not_done_judged_or_said_is_not_known():
    assert exercise_done(session(0, one_set(1, 0, 1, 1, "lunge")), "squat") is None
    assert exercise_done(session(0, one_set(0, 0, 0, 0)), "squat") == ExerciseDone(None, None, None, None)


def test_criteria_look_at_the_sessions_of_the_programme_only():
    programme = Programme(
        title="x",
        start=MONDAY,
        end=MONDAY + timedelta(days=13),
        days_a_week=3,
        exercises=[{"prescription": {"exercise": "squat"}}],
        criteria=[
            Criterion(exercise="squat", kind="clean_share", limit=0.8),
            Criterion(exercise="squat", kind="pain_at_most", limit=2),
        ],
    )
    good = one_set(10, 0, 10, 9)
    sessions = [session(20, one_set(10, 0, 10, 0)), session(3, good), session(2), session(1, good), session(-5, good)]
    assert [outcome for _, outcome in criteria_met(programme, sessions)] == [True, None]
    assert [outcome for _, outcome in criteria_met(programme, sessions[3:])] == [None, None]


def test_days_that_are_left_of_a_week():
    programme = Programme(
        title="x",
        start=MONDAY,
        end=MONDAY + timedelta(days=13),
        days_a_week=2,
        exercises=[{"prescription": {"exercise": "squat"}}],
    )
    trained = [MONDAY, MONDAY, MONDAY + timedelta(days=6), MONDAY + timedelta(days=7)]
    assert [programme.left_in_week(week, trained) for week in (0, 1, 2)] == [0, 1, 2]
