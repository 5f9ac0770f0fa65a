"""One cue at a time: severe at once, hints when they come again, the most important first, then quiet."""

from __future__ import annotations

from formcheck.engine.judging.cues import CueChooser
from formcheck.exercises import load
from formcheck.synthetic import SquatRep
from tests.synthetic_cases import judged, made


def chooser() -> CueChooser:
    return CueChooser(load("squat"))


def test_a_severe_fault_is_cued_at_once_and_a_hint_only_when_it_came_twice_in_three():
    cues = chooser()
    assert cues.after_repetition(0.0, {"heels": 1}) is None
    assert cues.after_repetition(3.0, {}) is None
    assert cues.after_repetition(6.0, {"heels": 1}) == "heels"
    assert chooser().after_repetition(0.0, {"heels": 2}) == "heels"


def test_a_hint_that_came_four_repetitions_ago_is_forgotten():
    cues = chooser()
    for t_s, faults in enumerate([{"heels": 1}, {}, {}, {"heels": 1}]):
        assert cues.after_repetition(10.0 * t_s, faults) is None


def test_safety_before_alignment_before_trunk_before_depth():
    severe = {"depth": 2, "trunk_lean": 2, "knees_in": 2, "too_deep": 2}
    for expected in ("too_deep", "knees_in", "trunk_lean", "depth"):
        assert chooser().after_repetition(0.0, severe) == expected
        del severe[expected]


def test_after_a_cue_it_is_quiet_for_six_seconds_and_in_a_hold_for_four():
    cues = chooser()
    assert cues.after_repetition(0.0, {"depth": 2}) == "depth"
    assert cues.after_repetition(5.9, {"depth": 2}) is None
    assert cues.after_repetition(6.0, {"depth": 2}) == "depth"
    hold = CueChooser(load("plank"))
    assert [hold.in_hold(t_s, {"hips_low": 2}) for t_s in (0.0, 3.9, 4.0)] == ["hips_low", None, "hips_low"]
    assert hold.in_hold(9.0, {"hips_low": 1}) is None


def test_the_live_result_carries_cue_and_what_cannot_be_judged_from_here():
    shown = []
    judged(made("squat", [SquatRep(lean_deg=75)] * 3, 90).poses, "squat", on_frame=shown.append)
    assert "trunk_lean" in {result.cue for result in shown}
    assert shown[-1].not_assessable.keys() == {"knees_in", "weight_shift", "side_lean", "asymmetry"}


def test_while_a_repetition_runs_a_severe_fault_is_cued_and_a_hint_only_when_it_came_lately():
    assert chooser().in_repetition(0.0, {"heels": 2}) == "heels"
    cues = chooser()
    assert cues.in_repetition(0.0, {"heels": 1}) is None
    cues.after_repetition(1.0, {"heels": 1})
    assert cues.in_repetition(2.0, {"heels": 1}) == "heels"


def test_a_hint_of_three_repetitions_ago_is_no_reason_to_speak_early():
    cues = chooser()
    for t_s, faults in enumerate([{"heels": 1}, {}, {}]):
        cues.after_repetition(float(t_s), faults)
    assert cues.in_repetition(9.0, {"heels": 1}) is None


def test_what_was_said_in_a_repetition_is_not_said_again_at_its_end():
    cues = chooser()
    assert cues.in_repetition(0.0, {"knees_in": 2}) == "knees_in"
    assert cues.in_cooldown(5.9)
    assert not cues.in_cooldown(6.0)
    assert cues.after_repetition(1.5, {"knees_in": 2, "depth": 2}) is None
