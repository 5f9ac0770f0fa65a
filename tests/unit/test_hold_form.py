"""Is a hold in good form? Each frame of hand-made rules, the way back into good form, and how long a fault must last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.engine.judging.conditions import AppliedRule
from formcheck.engine.judging.hold_form import BREAK_AFTER_S, FrameLevels, applied_rules, good_frames, judged_rules
from formcheck.engine.signals.calibration import Calibration
from formcheck.exercises import load
from formcheck.spec.prescription import Prescription
from tests.example_rules import condition, rule

if TYPE_CHECKING:
    from formcheck.spec.exercise import Exercise, Rule

TIMES = np.arange(81) / 20  # four seconds at 20 frames a second
HELD = Calibration("none", 0.0, 4.0, np.zeros((33, 2)), np.nan, "left", 1.0)
"""A body that is measured against itself."""


def hold_of(*rules: Rule) -> Exercise:
    return load("plank").model_copy(update={"rules": rules})


def level(judged: Rule, x: float, standing: float | None = None, broken: bool = False, z: float = 0.0) -> int:
    applied = AppliedRule(judged, None, {} if standing is None else {"x": standing}, "side", 90.0, "z")
    return applied.frame_level({"x": x, "y": 0.0, "z": z}, was_broken=broken)


@pytest.mark.parametrize(("way", "sign"), [("above", 1), ("below", -1)])
@pytest.mark.parametrize(("by", "expected"), [(10, 0), (10.1, 1), (20, 1), (20.1, 2), (-80, 0), (np.nan, 0)])
def test_a_frame_beyond_t1_is_a_hint_and_beyond_t2_a_fault(way, sign, by, expected):
    assert level(rule(condition(fault_when=way)), sign * by) == expected
    assert level(rule(condition(fault_when=way), max_severity=1), sign * by) == min(expected, 1)
    assert level(rule(condition(signal="y"), condition(fault_when=way)), sign * by) == expected, "the worst condition"


def test_a_limit_starts_from_its_reference_and_without_one_only_what_is_unprescribed_is_judged():
    near = rule(condition(reference="standing", two_sided=True))
    assert [level(near, x, standing=40.0) for x in (31, 49, 25, 55, 15, 65)] == [0, 0, 1, 1, 2, 2]
    assert level(near, 65.0) == 0
    deep = rule(condition(reference="target_depth", unprescribed=(5, 8)))
    assert [level(deep, x) for x in (4, 6, 9)] == [0, 1, 2]


def test_a_frame_is_judged_by_the_whole_rule_all_of_it_where_it_faces_and_as_deep_as_it_says():
    both = rule(condition(), condition(signal="y"), combine="all")
    assert level(both, 25.0) == 0, "the other condition is within its limits"
    assert (
        level(
            rule(condition(), condition(signal="y", fault_when="below", hint_limit=2, fault_limit=1), combine="all"),
            25.0,
        )
        == 2
    )
    turned = AppliedRule(rule(condition(facing_within_deg=15)), None, {}, "front", 20.0, "z")
    straight = AppliedRule(rule(condition(facing_within_deg=15)), None, {}, "front", 10.0, "z")
    assert [one.frame_level({"x": 25.0}) for one in (turned, straight)] == [0, 2]
    bent = rule(condition(min_depth_deg=30, max_depth_deg=60))
    assert [level(bent, 25.0, z=z) for z in (29.0, 30.0, 60.0, 61.0, np.nan)] == [0, 2, 2, 0, 0]


@pytest.mark.parametrize(("unit", "back"), [("deg", 3.0), ("ratio", 0.03), ("s", 0.0)])
def test_a_broken_rule_must_come_back_by_more_than_its_limit(unit, back):
    judged = rule(unit=unit)
    assert [level(judged, 20 - back + 0.01, broken=broken) for broken in (True, False)] == [2, 2 if back == 0 else 1]
    assert level(judged, 20 - back - 0.01, broken=True) == 1
    levels = FrameLevels(hold_of(judged), None)
    xs = (20 - back / 2, 20.1, 20 - back / 2, 20 - back - 0.01, 20 - back / 2, 5.0)
    seen = [levels.update({"x": x}, {}, HELD) for x in xs]
    assert seen == [{"r": 1}, {"r": 2}, {"r": 2 if back else 1}, {"r": 1}, {"r": 1}, {}]


@pytest.mark.parametrize(("frames", "breaks"), [(9, False), (10, False), (11, True), (30, True)])
def test_only_a_fault_that_lasts_breaks_the_form_from_its_first_frame_to_its_last(frames, breaks):
    x = np.zeros(len(TIMES))
    x[20 : 20 + frames] = 25.0
    assert ((frames - 1) / 20 >= BREAK_AFTER_S) == breaks
    applied = applied_rules(hold_of(rule()), None, {}, HELD)
    good = good_frames(TIMES, {"x": x}, applied, np.ones(len(TIMES), bool))
    assert np.flatnonzero(~good).tolist() == (list(range(20, 20 + frames)) if breaks else [])


def test_any_rule_breaks_the_form_but_a_hint_one_that_is_off_and_a_frame_out_of_the_posture_do_not():
    x, y = np.zeros(len(TIMES)), np.zeros(len(TIMES))
    x[:20], y[40:60], y[70:] = 25.0, 25.0, 15.0
    held = hold_of(rule(), rule(condition(signal="y"), id="s"))
    posture = np.ones(len(TIMES), bool)

    def broken(prescription: Prescription | None = None) -> list[int]:
        applied = applied_rules(held, prescription, {}, HELD)
        return np.flatnonzero(~good_frames(TIMES, {"x": x, "y": y}, applied, posture)).tolist()

    assert broken() == [*range(20), *range(40, 60)]
    off = Prescription(exercise="plank", rules={"r": {"enabled": False}, "s": {"limits": {"y": {"hint_limit": 5}}}})
    assert [each.id for each in judged_rules(held, off)] == ["s"]
    assert broken(off) == [*range(40, 60)]
    posture[50] = False
    assert broken() == [*range(20)], "neither half lasts"
