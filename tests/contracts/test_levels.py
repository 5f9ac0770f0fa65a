"""The ladders keep their contract: they exist, they are safe, and what a surface hides is said and not judged."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from formcheck import exercises
from formcheck.errors import SpecError
from formcheck.spec.exercise import Text
from formcheck.spec.levels import LEVELS, UNSTABLE, Level, hidden_by, ladders
from formcheck.spec.prescription import Prescription, unassessable
from formcheck.synthetic import StanceHold
from tests.synthetic_cases import CLEAN, apart, made, record_of

ALL = list(LEVELS.values())
ON_FLOOR = next(level for level in ALL if level.surface == "floor")
SURFACES = [*(level for level in ALL if level.surface != "floor"), ON_FLOOR]
NAME = Text(en="a", da="b")


def test_every_level_has_its_exercise_its_ladder_and_its_names_in_both_languages():
    wrong = [
        level.id
        for level in ALL
        if level.exercise not in exercises.names()
        or level not in ladders()[level.id.partition(".")[0]]
        or level.name.en == level.name.da
        or (level.name.en.strip(), level.name.da.strip()) != (level.name.en, level.name.da)
    ]
    assert not wrong


def test_the_ladders_are_those_that_were_asked_for_and_start_low():
    first = {name: steps[0] for name, steps in ladders().items()}
    assert set(first) == {"squat", "lunge", "balance", "core", "push_up", "side_plank", "bridge", "step"}
    assert (first["squat"].exercise, first["squat"].support) == ("sit_to_stand", "two_hands")
    assert (first["balance"].exercise, first["balance"].support) == ("feet_together", "two_hands")
    assert (first["core"].by, first["push_up"].by) == ("wall", "wall")
    assert all(len(steps) >= 2 for steps in ladders().values())


def test_board_ball_and_closed_eyes_are_not_offered_after_a_fall():
    risky = {level.id for level in ALL if level.surface in UNSTABLE or level.eyes == "closed"}
    assert risky
    assert not {level.id for level in ALL if level.offered(fallen=True)} & risky
    assert all(level.offered(fallen=False) for level in ALL)


@pytest.mark.parametrize(
    "unsafe",
    [
        {"surface": "wobble_board", "rests": "feet"},
        {"surface": "ball", "rests": "back"},
        {"surface": "ball", "rests": "feet", "in_reach": "chair", "eyes": "closed"},
        {"eyes": "closed"},
        {"support": "two_hands"},
        {"by": "chair"},
        {"surface": "cushion"},
        {"rests": "feet"},
    ],
)
def test_an_unsafe_or_half_told_level_cannot_be_written(unsafe):
    with pytest.raises(ValidationError):
        Level(id="a.b", exercise="squat", name=NAME, **unsafe)


@pytest.mark.parametrize("level", SURFACES, ids=lambda level: level.id)
def test_what_the_surface_hides_is_not_assessed_with_its_reason_and_the_rest_is(level):
    name = level.exercise
    spec = exercises.load(name)
    given = Prescription(exercise=name, level=level.id)
    given.check(spec)
    hidden = level.hidden(spec)
    assert hidden == unassessable(spec, given)
    assert (level.surface == "floor") <= (not hidden)
    azimuth_deg = {"front": 0.0, "side": 90.0}[spec.train_view]
    record = record_of(
        made(name, [CLEAN[name]] * (2 if apart(name) else 1), azimuth_deg).poses, name, prescription=given
    )
    done = record.reps or record.holds
    assert done
    for verdict in (verdict for unit in done for verdict in unit.verdicts):
        assert (verdict.reason == "surface") == (verdict.rule in hidden), verdict
    assert {entry.rule for entry in record.not_assessed if entry.reason == "surface"} == hidden
    assert record.prescription["level"] == level.id


@pytest.mark.parametrize(
    ("exercise", "surface", "rests", "hidden"),
    [
        ("squat", "cushion", "feet", {"heels"}),
        ("squat", "ball", "back", set()),
        ("squat", "floor", None, set()),
        ("plank", "ball", "forearms", {"elbows"}),
        ("plank", "ball", "feet", set()),
        ("side_plank", "cushion", None, {"elbow"}),
        ("single_leg_stance", "wobble_board", "feet", {"touch_down", "foot_moved", "foot_moved_ahead"}),
    ],
)
def test_a_surface_hides_what_rests_on_it(exercise, surface, rests, hidden):
    assert hidden_by(exercises.load(exercise), surface, rests) == hidden


def test_a_foot_that_slides_ends_no_hold_on_a_cushion():
    poses = made("single_leg_stance", [StanceHold(8, shift_m=(0.07, 0.0))], 0.0).poses
    on_floor = record_of(poses, "single_leg_stance")
    on_cushion = record_of(
        poses, "single_leg_stance", prescription=Prescription(exercise="single_leg_stance", surface="cushion")
    )
    assert on_floor.hold_s == pytest.approx(4, abs=0.3)
    assert on_cushion.hold_s == pytest.approx(8, abs=0.3)


@pytest.mark.parametrize("support", ["two_hands", "one_hand", "fingertip", "none"])
def test_support_is_recorded_and_never_a_fault(support):
    poses = made("single_leg_stance", [StanceHold(5, hands_deg=(100, 0))], 0.0).poses
    record = record_of(
        poses, "single_leg_stance", prescription=Prescription(exercise="single_leg_stance", support=support)
    )
    assert record.faults == []
    assert record.hold_s == pytest.approx(5, abs=0.3)
    assert record.prescription["support"] == support


def test_a_prescription_takes_from_its_level_what_it_does_not_say_itself():
    to_60 = Prescription(exercise="squat", level="squat.to_60")
    assert (to_60.target_depth_deg, to_60.support, to_60.surface, to_60.eyes) == (60, "none", "floor", "open")
    assert Prescription(exercise="squat", level="squat.to_60", target_depth_deg=50).target_depth_deg == 50
    held = Prescription(exercise="tandem_stance", level="balance.tandem_fingertip")
    assert held.support == "fingertip"
    assert Prescription(exercise="squat").model_dump(exclude_none=True).keys() == {
        "exercise",
        "own_depth",
        "rules",
        "test",
    }


def test_a_level_of_another_exercise_is_refused_in_words():
    with pytest.raises(SpecError, match=r"squat has no level 'balance.one_leg'; it has squat.to_60"):
        Prescription(exercise="squat", level="balance.one_leg").check(exercises.load("squat"))
