"""What a physiotherapist may set, and the sentence that says why not."""

from __future__ import annotations

import json
import math

import pytest

from formcheck.errors import SpecError
from formcheck.exercises import load
from formcheck.spec.prescription import (
    Prescription,
    left_out_ends,
    parse_prescription,
    planned_sets,
    read_prescription,
    unassessable,
)


def refused(exercise: str = "squat", **values) -> SpecError:
    with pytest.raises(SpecError) as caught:
        parse_prescription({"exercise": exercise} | values, "p.json").check(load("squat"))
    return caught.value


TRUNK = "rules.trunk_lean.limits"


def trunk(condition: str = "trunk_against_shank", **limits: float) -> dict[str, object]:
    """Return the rules of a prescription that moves one condition of the squat's ``trunk_lean``."""
    return {"trunk_lean": {"limits": {condition: limits}}}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"target_depth_deg": 20, "depth_cap_deg": 20},
        {"target_depth_deg": 150},
        {"depth_cap_deg": 90},
        {"rules": trunk(hint_limit=10, fault_limit=60)},
        {"rules": trunk(hint_limit=29)},  # the usual fault_limit is 30
        {"rules": trunk("trunk_inclination", hint_limit=84, fault_limit=85)},
        {"rules": {"depth": {"limits": {"knee_flexion": {"hint_limit": 0, "fault_limit": -40}}}}},
        {"rules": {"depth": {"enabled": False}}},
        {"tempo": {"eccentric_s": 3, "concentric_s": 1}},
    ],
)
def test_what_lies_within_its_bounds_is_taken(values):
    parse_prescription({"exercise": "squat"} | values, "p.json").check(load("squat"))


@pytest.mark.parametrize(
    ("rules", "code", "words"),
    [
        (
            trunk(hint_limit=9.9),
            "prescription_bounds",
            f"{TRUNK}.trunk_against_shank.hint_limit: 9.9 is outside 10 to 60",
        ),
        (
            trunk(fault_limit=61),
            "prescription_bounds",
            f"{TRUNK}.trunk_against_shank.fault_limit: 61 is outside 10 to 60",
        ),
        (trunk("trunk_inclination", hint_limit=29), "prescription_bounds", "29 is outside 30 to 85"),
        (trunk(hint_limit=float("nan")), "prescription_bounds", "outside"),
        (trunk(hint_limit=30), "prescription_order", "fault_limit 30 must be further out than hint_limit 30"),
        (trunk(hint_limit=40, fault_limit=35), "prescription_order", "further out"),
        (
            {"depth": {"limits": {"knee_flexion": {"hint_limit": -20}}}},
            "prescription_order",
            "fault_limit -15 must be further out than hint_limit -20",
        ),
        (
            trunk("shank", hint_limit=30),
            "prescription_condition",
            "trunk_lean has no such condition; it has trunk_against_shank, ",
        ),
        ({"trunk_lean": {"t1": 5}}, "prescription_bounds", "5 is outside 10 to 60"),
        ({"trunk_lean": {"t1": 50, "t2": 40}}, "prescription_order", "further out"),
        ({"hips_low": {}}, "prescription_rule", "squat has no such rule; it has depth, too_deep"),
    ],
)
def test_a_rule_outside_its_bounds_or_the_wrong_way_round(rules, code, words):
    error = refused(rules=rules)
    assert error.code == code
    assert words in str(error)


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ({"exercise": "lunge"}, "prescription_exercise", "for lunge, not for squat"),
        ({"target_depth_deg": 90, "depth_cap_deg": 89}, "prescription_cap", "89 is below target_depth_deg 90"),
        ({"target_depth_deg": 19}, "prescription_value", "target_depth_deg"),
        ({"target_depth_deg": float("nan")}, "prescription_value", "target_depth_deg"),
        ({"depth_cap_deg": 151}, "prescription_value", "depth_cap_deg"),
        ({"tempo": {"eccentric_s": 0, "concentric_s": 1}}, "prescription_value", "tempo.eccentric_s"),
        ({"rules": {"depth": {"t3": 1}}}, "prescription_value", "rules.depth.t3"),
        ({"colour": "red"}, "prescription_value", "colour"),
    ],
)
def test_a_value_that_cannot_be(values, code, words):
    error = refused(**values)
    assert error.code == code
    assert words in str(error)


@pytest.mark.parametrize("data", [None, [], "squat", {}])
def test_something_that_is_no_prescription(data):
    with pytest.raises(SpecError, match=r"The prescription p\.json: (file|exercise): "):
        parse_prescription(data, "p.json")


def test_a_file_comes_back_as_it_was_written(tmp_path):
    given = Prescription(exercise="squat", target_depth_deg=90, rules={"heels": {"enabled": False}}, notes="æøå")
    (tmp_path / "p.json").write_text(given.model_dump_json(), encoding="utf-8")
    assert read_prescription(tmp_path / "p.json") == given


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "prescription_json"),
        (b"\xff\xfe", "prescription_json"),
        (b"", "prescription_json"),
        (json.dumps({"exercise": 3}).encode(), "prescription_value"),
        (None, "prescription_file"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, content, code):
    path = tmp_path / "p.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        read_prescription(path)
    assert caught.value.code == code
    assert str(path) in str(caught.value)


def test_a_view_from_which_it_cannot_be_judged_is_refused():
    with pytest.raises(SpecError) as caught:
        Prescription(exercise="plank", view="front").check(load("plank"))
    error = caught.value
    assert error.code == "prescription_view"


def test_the_first_three_repetitions_give_the_persons_own_depth():
    own = Prescription(exercise="squat", own_depth=True)
    assert own.with_own_depth([80, 90]).target_depth_deg is None
    assert own.with_own_depth([80, math.nan, 90]).target_depth_deg is None
    assert own.with_own_depth([80, 70, 90]).target_depth_deg == 80
    assert own.with_own_depth([80, 70, 90, 20, 20, 20]).target_depth_deg == 80, "later ones change nothing"


def test_a_target_or_no_wish_leaves_the_depth_alone():
    assert Prescription(exercise="squat").with_own_depth([80, 70, 90]).target_depth_deg is None
    given = Prescription(exercise="squat", own_depth=True, target_depth_deg=60)
    assert given.with_own_depth([80, 70, 90]).target_depth_deg == 60


def test_a_session_moves_the_camera_least_and_ends_on_the_floor():
    wishes = [
        Prescription(exercise="plank", sets=2, hold_s=20),
        Prescription(exercise="squat", view="side"),
        Prescription(exercise="lunge", sets=2),
        Prescription(exercise="squat"),
    ]
    planned = planned_sets(wishes, load)
    assert [(p.exercise, p.view, p.number, p.of) for p in planned] == [
        ("lunge", "front", 1, 2),
        ("lunge", "front", 2, 2),
        ("squat", "front", 1, 1),
        ("squat", "side", 1, 1),
        ("plank", "side", 1, 2),
        ("plank", "side", 2, 2),
    ]


def test_a_prescription_that_does_not_fit_makes_no_session():
    with pytest.raises(SpecError):
        planned_sets([Prescription(exercise="plank", view="front")], load)


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        ({"level": "squat.ball_on_wall"}, set()),  # the back is on the ball, the feet on the floor
        ({"level": "squat.ball_on_wall", "surface": "ball"}, set()),
        ({"level": "squat.ball_on_wall", "surface": "cushion"}, {"heels"}),
        ({"level": "squat.to_60", "surface": "ball"}, {"heels"}),
        ({"surface": "ball"}, {"heels"}),
        ({}, set()),
    ],
)
def test_what_rests_on_a_surface_is_the_levels_only_while_the_surface_is(given, hidden):
    assert unassessable(load("squat"), Prescription(exercise="squat", **given)) == hidden


@pytest.mark.parametrize("surface", ["floor", "cushion"])
@pytest.mark.parametrize("test", [True, False])
def test_a_hold_leaves_out_the_ends_of_a_test_in_training_and_those_that_a_surface_hides(test, surface):
    exercise = load("single_leg_stance")
    in_tests = {bound.id for bound in exercise.movement.termination if bound.test_only}
    on_floor = {bound.id for bound in exercise.movement.termination if bound.needs_floor}
    assert in_tests
    assert on_floor
    left_out = left_out_ends(exercise, Prescription(exercise="single_leg_stance", test=test, surface=surface))
    expected = (set() if test else in_tests) | (on_floor if surface == "cushion" else set())
    assert left_out & {bound.id for bound in exercise.movement.termination} == expected
    assert left_out_ends(exercise, None) == in_tests


@pytest.mark.parametrize(
    ("old", "moved"),
    [
        ({"t1": 25.0, "t2": 35.0}, (25, 35)),
        ({"t1": 25.0, "t2": None, "enabled": True}, (25, 30)),
        ({"t2": 35.0}, (22, 35)),
        ({"t1": None, "t2": None, "enabled": False}, (22, 30)),
    ],
)
def test_a_prescription_from_before_conditions_had_names_keeps_what_it_moved(old, moved):
    squat = load("squat")
    rule = squat.rule("trunk_lean")
    given = parse_prescription({"exercise": "squat", "rules": {"trunk_lean": old}}, "old.json")
    given.check(squat)
    first, second = rule.conditions
    assert given.limits_of(rule, first) == moved
    assert given.limits_of(rule, second) == (second.hint_limit, second.fault_limit)
    assert given.turns_off("trunk_lean") == (old.get("enabled") is False)
    again = Prescription.model_validate(json.loads(given.model_dump_json()))
    assert again == given, "it is stored and opened in the new form"
