"""An exercise is refused where it is written, not where it is used."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from formcheck.exercises import load
from formcheck.spec.exercise import (
    Bound,
    Condition,
    DistanceRatio,
    Exercise,
    HoldPosture,
    Inclination,
    JointAngle,
    LineOffset,
    RepCycle,
    Rule,
    Text,
)

LIMITS = {
    "id": "c",
    "name": Text(en="x", da="y"),
    "signal": "x",
    "fault_when": "above",
    "hint_limit": 10,
    "fault_limit": 20,
    "bounds": (0, 50),
}


@pytest.mark.parametrize("point", ["left.hip", "mid.shoulder", "front.foot_index", "nose"])
def test_points_that_there_are(point):
    assert Inclination(start=point, end="near.hip").start == point


@pytest.mark.parametrize("point", ["", "hip", "near.", "near.nose", "middle.hip", "left.left_hip", "standing.near.hip"])
def test_points_that_there_are_not(point):
    for make in (
        lambda: Inclination(start=point, end="near.hip"),
        lambda: JointAngle(a="near.hip", b="near.knee", c=point),
        lambda: LineOffset(point=point, a="near.hip", b="near.ankle"),
        lambda: DistanceRatio(p="near.hip", q=f"standing.{point}", per="leg"),
    ):
        with pytest.raises(ValidationError, match=r"unknown point .*: write SIDE\.JOINT"):
            make()


def test_a_ratio_has_one_denominator():
    DistanceRatio(p="left.knee", q="standing.left.knee", per="shank")
    DistanceRatio(p="left.knee", q="right.knee", r="left.ankle", s="right.ankle")
    for wrong in ({}, {"r": "left.ankle"}, {"per": "leg", "r": "left.ankle", "s": "right.ankle"}):
        with pytest.raises(ValidationError, match="either r and s, or per"):
            DistanceRatio(p="left.knee", q="right.knee", **wrong)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"hint_limit": -1}, "must lie within"),
        ({"fault_limit": 51}, "must lie within"),
        ({"fault_limit": 10}, "further out"),
        ({"fault_when": "below"}, "further out"),
        ({"two_sided": True, "reference_mode": "times"}, "two_sided is a distance"),
        ({"two_sided": True, "unprescribed": (1, 2)}, "two_sided is a distance"),
        ({"fault_when": "beside"}, "fault_when"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_condition_that_makes_no_sense(changed, words):
    Condition(**LIMITS)
    with pytest.raises(ValidationError, match=words):
        Condition(**(LIMITS | changed))


def test_a_rule_needs_evidence_and_landmarks_that_there_are():
    words = Text(en="x", da="y")
    good = {
        "id": "r",
        "name": words,
        "cue": words,
        "conditions": (Condition(**LIMITS),),
        "windows": ("rep",),
        "unit": "deg",
        "views": ("side",),
        "landmarks": ("near.knee",),
        "uncertainty": 2,
        "priority": "trunk",
        "evidence": "made up here",
    }
    Rule(**good)
    for wrong in ({"evidence": "none"}, {"landmarks": ("knee",)}, {"landmarks": ()}, {"uncertainty": -1}, {"id": "No"}):
        with pytest.raises(ValidationError):
            Rule(**(good | wrong))


def test_a_rule_looks_only_at_what_its_movement_has():
    data = load("heel_raise").model_dump()
    assert load("heel_raise").movement.phases == ("ascent", "top", "descent")
    assert load("squat").movement.phases == ("descent", "bottom", "ascent")
    for windows in (("bottom",), ("hold",), ("top", "bottom")):
        rules = [data["rules"][0] | {"windows": windows}, *data["rules"][1:]]
        with pytest.raises(ValidationError, match="depth: windows"):
            Exercise.model_validate(data | {"rules": rules})


def test_a_rule_between_two_views_has_the_limits_of_the_other_rule():
    lunge = load("lunge").model_dump()
    lean = next(rule for rule in lunge["rules"] if rule["id"] == "side_lean")
    lean["oblique_bound"]["side_limits"] = (15, 30)
    with pytest.raises(ValidationError, match="side_limits must be those of trunk_lean"):
        Exercise.model_validate(lunge)


def test_a_spec_cannot_be_changed_after_it_is_made():
    movement = RepCycle(signal="x", depth_signal="x", movement_pattern="parallel")
    with pytest.raises(ValidationError, match="frozen"):
        movement.min_excursion_deg = 20


def test_text_falls_back_to_english():
    text = Text(en="Squat", da="Knæbøjning")
    assert [text[language] for language in ("en", "da", "sv")] == ["Squat", "Knæbøjning", "Squat"]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({}, "give low or high"),
        ({"low": 1, "exit_low": 2}, "more than one that begins"),
        ({"high": 1, "exit_high": 0.5}, "more than one that begins"),
        ({"high": 1, "exit_low": 0.5}, "more than one that begins"),
    ],
)
def test_a_hold_that_runs_is_held_to_no_more_than_one_that_begins(limits, said):
    with pytest.raises(ValidationError, match=said):
        Bound(id="a", signal="x", **limits)
    assert Bound(id="a", signal="x", low=1, exit_low=0.5, high=2, exit_high=3).exit_low == 0.5


def test_a_hold_has_one_kind_of_posture_and_a_name_for_what_ends_it():
    inside, ending = Bound(id="a", signal="x", low=1), Bound(id="b", signal="x", high=9)
    with pytest.raises(ValidationError, match="either a posture or bounds"):
        HoldPosture(chart_signal="x")
    with pytest.raises(ValidationError, match="either a posture or bounds"):
        HoldPosture(posture="prone_line", bounds=(inside,), chart_signal="x")
    with pytest.raises(ValidationError, match="so it has a name"):
        HoldPosture(bounds=(inside,), termination=(ending,), chart_signal="x")
