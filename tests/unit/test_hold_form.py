"""Is a hold in good form? Each frame of hand-made rules, the way back into good form, and how long a fault must last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.engine.judging.hold_form import BREAK_AFTER_S, FrameLevels, good_frames, judged_rules, rule_level
from formcheck.exercises import load
from formcheck.spec.prescription import Prescription
from tests.example_rules import condition, rule

if TYPE_CHECKING:
    from formcheck.spec.exercise import Exercise, Rule

TIMES = np.arange(81) / 20  # four seconds at 20 frames a second


def hold_of(*rules: Rule) -> Exercise:
    return load("plank").model_copy(update={"rules": rules})


def level(judged: Rule, x: float, standing: float | None = None, broken: bool = False) -> int:
    return rule_level(judged, {"x": x, "y": 0.0}, {} if standing is None else {"x": standing}, None, broken)


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


@pytest.mark.parametrize(("unit", "back"), [("deg", 3.0), ("ratio", 0.03), ("s", 0.0)])
def test_a_broken_rule_must_come_back_by_more_than_its_limit(unit, back):
    judged = rule(unit=unit)
    assert [level(judged, 20 - back + 0.01, broken=broken) for broken in (True, False)] == [2, 2 if back == 0 else 1]
    assert level(judged, 20 - back - 0.01, broken=True) == 1
    levels = FrameLevels(hold_of(judged), None)
    xs = (20 - back / 2, 20.1, 20 - back / 2, 20 - back - 0.01, 20 - back / 2, 5.0)
    seen = [levels.update({"x": x}, {}) for x in xs]
    assert seen == [{"r": 1}, {"r": 2}, {"r": 2 if back else 1}, {"r": 1}, {"r": 1}, {}]


@pytest.mark.parametrize(("frames", "breaks"), [(9, False), (10, False), (11, True), (30, True)])
def test_only_a_fault_that_lasts_breaks_the_form_from_its_first_frame_to_its_last(frames, breaks):
    x = np.zeros(len(TIMES))
    x[20 : 20 + frames] = 25.0
    assert ((frames - 1) / 20 >= BREAK_AFTER_S) == breaks
    good = good_frames(hold_of(rule()), TIMES, {"x": x}, {}, None, np.ones(len(TIMES), bool))
    assert np.flatnonzero(~good).tolist() == (list(range(20, 20 + frames)) if breaks else [])


def test_any_rule_breaks_the_form_but_a_hint_one_that_is_off_and_a_frame_out_of_the_posture_do_not():
    x, y = np.zeros(len(TIMES)), np.zeros(len(TIMES))
    x[:20], y[40:60], y[70:] = 25.0, 25.0, 15.0
    held = hold_of(rule(), rule(condition(signal="y"), id="s"))
    posture = np.ones(len(TIMES), bool)

    def broken(prescription: Prescription | None = None) -> list[int]:
        return np.flatnonzero(~good_frames(held, TIMES, {"x": x, "y": y}, {}, prescription, posture)).tolist()

    assert broken() == [*range(20), *range(40, 60)]
    off = Prescription(exercise="plank", rules={"r": {"enabled": False}, "s": {"t1": 5}})
    assert [each.id for each in judged_rules(held, off)] == ["s"]
    assert broken(off) == [*range(40, 60)]
    posture[50] = False
    assert broken() == [*range(20)], "neither half lasts"
