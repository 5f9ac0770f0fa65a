"""The one verb of judging, as a truth table: a hand-made repetition of 21 frames and rules made for each case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from formcheck.engine.judging.conditions import unseen_reason
from formcheck.engine.judging.evaluate import judge
from formcheck.engine.judging.interval import JudgedInterval
from formcheck.spec.exercise import ObliqueBound
from formcheck.spec.prescription import Prescription
from tests.example_rules import condition, rule

TIMES = np.arange(21) / 20  # one second at 20 frames a second, the turn in the middle


def interval(**changed: Any) -> JudgedInterval:
    """Return a repetition whose signals hold one value each (``x=25``) or a whole series."""
    fields = set(JudgedInterval.__dataclass_fields__)
    signals = {"x": 0.0, "y": 0.0, "knee_flexion": 90.0} | {k: v for k, v in changed.items() if k not in fields}
    made = JudgedInterval(
        TIMES,
        {name: np.broadcast_to(np.asarray(value, float), TIMES.shape) for name, value in signals.items()},
        {},
        np.ones((21, 33)),
        np.ones((21, 33), bool),
        "side",
        {
            "rep": TIMES >= 0,
            "turn": abs(TIMES - 0.5) <= 0.1,
            "bottom": abs(TIMES - 0.5) <= 0.2,
            "descent": TIMES <= 0.5,
        },
        turn_s=0.5,
        peak_deg=90.0,
        main_signal="knee_flexion",
        index=3,
    )
    return replace(made, **{k: v for k, v in changed.items() if k in fields})


def prescribed(**values: Any) -> Prescription:
    return Prescription(exercise="squat", **values)


def limited(target_depth_deg: float | None = None, **limits: tuple[float | None, float]) -> Prescription:
    """Return a prescription of hint and fault limit for these conditions of the rule ``r``."""
    named = {name: {"hint_limit": hint, "fault_limit": fault} for name, (hint, fault) in limits.items()}
    return prescribed(target_depth_deg=target_depth_deg, rules={"r": {"limits": named}})


def level(verdict, fault) -> int:
    assert (verdict.outcome == "fault") == (fault is not None)
    assert verdict.reason is None
    return fault.severity if fault else 0


# ---- one condition


@pytest.mark.parametrize("fault_when", ["above", "below"])
@pytest.mark.parametrize(("by", "expected"), [(9.9, 0), (10, 0), (10.1, 1), (20, 1), (20.1, 2), (-80, 0)])
def test_beyond_t1_is_a_hint_and_beyond_t2_a_fault(fault_when, by, expected):
    value = by if fault_when == "above" else -by
    verdict, fault = judge(rule(condition(fault_when=fault_when)), interval(x=value), None)
    assert level(verdict, fault) == expected
    limit = (20 if expected == 2 else 10) * (1 if fault_when == "above" else -1)
    assert (verdict.value, verdict.limit, verdict.unit) == (value, limit, "deg")
    if fault:
        assert (fault.value, fault.limit, fault.rep, fault.rule) == (value, limit, 3, "r")
        assert fault.borderline == (abs(value - limit) <= 2)


REFERENCES = [
    # reference, mode, standing, prescription, what t1 = 0.5 stands for
    (None, "plus", {}, None, 0.5),
    ("standing", "plus", {"x": 7.0}, None, 7.5),
    ("standing", "times", {"x": 8.0}, None, 4.0),
    ("target_depth", "plus", {}, {"target_depth_deg": 60}, 60.5),
    ("target_depth", "times", {}, {"target_depth_deg": 60}, 30.0),
    ("depth_cap", "plus", {}, {"depth_cap_deg": 80}, 80.5),
    ("eccentric_s", "times", {}, {"tempo": {"eccentric_s": 3, "concentric_s": 1}}, 1.5),
    ("eccentric_s", "plus", {}, {"tempo": {"eccentric_s": 3, "concentric_s": 1}}, 3.5),
]


@pytest.mark.parametrize(("reference", "mode", "standing", "prescription", "limit"), REFERENCES)
@pytest.mark.parametrize("beyond", [-0.1, 0.1])
def test_a_limit_starts_from_its_reference(reference, mode, standing, prescription, limit, beyond):
    judged = rule(condition(hint_limit=0.5, fault_limit=40, reference=reference, reference_mode=mode))
    target = prescribed(**prescription) if prescription else None
    verdict, fault = judge(judged, interval(x=limit + beyond, standing=standing), target)
    assert (level(verdict, fault), verdict.limit) == (int(beyond > 0), limit)


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("standing", "not_calibrated"),
        ("target_depth", "no_target"),
        ("depth_cap", "no_target"),
        ("eccentric_s", "no_target"),
    ],
)
@pytest.mark.parametrize("prescription", [None, prescribed()])
def test_a_reference_that_is_not_there_is_no_verdict(reference, reason, prescription):
    for here in (interval(x=1000), interval(x=1000, standing={"x": np.nan})):
        verdict, fault = judge(rule(condition(reference=reference)), here, prescription)
        assert (verdict.outcome, verdict.reason, verdict.value, fault) == ("not_assessed", reason, None, None)


@pytest.mark.parametrize(("unprescribed", "expected"), [((5, 8), 2), ((5, None), 1), ((50, 60), 0)])
def test_unprescribed_limits_stand_in_for_a_target_and_give_way_to_it(unprescribed, expected):
    judged = rule(condition(reference="target_depth", unprescribed=unprescribed))
    assert level(*judge(judged, interval(x=30), None)) == expected
    assert level(*judge(judged, interval(x=30), prescribed(target_depth_deg=20))) == 0
    assert level(*judge(judged, interval(x=45), prescribed(target_depth_deg=20))) == 2


@pytest.mark.parametrize("statistic", ["turn_median", "sustained", "measure"])
@pytest.mark.parametrize(("away", "expected"), [(9, 0), (-9, 0), (15, 1), (-15, 1), (25, 2), (-25, 2)])
def test_two_sided_judges_the_distance_whichever_way(statistic, away, expected):
    judged = rule(condition(reference="standing", two_sided=True, statistic=statistic))
    here = interval(x=40.0 + away, standing={"x": 40.0}, measures={"x": 40.0 + away})
    verdict, fault = judge(judged, here, None)
    assert (level(verdict, fault), verdict.value) == (expected, abs(away))


def test_the_prescription_moves_the_limits_of_the_conditions_that_it_names():
    judged = rule(condition(), condition(signal="y"))
    moved = limited(x=(30, 40))
    assert level(*judge(judged, interval(x=29), None)) == 2
    assert level(*judge(judged, interval(x=29), moved)) == 0
    assert level(*judge(judged, interval(x=35), moved)) == 1
    assert level(*judge(judged, interval(y=29), moved)) == 2
    assert level(*judge(judged, interval(x=29, y=29), limited(x=(30, 40), y=(30, 40)))) == 0
    assert level(*judge(judged, interval(x=18), limited(x=(None, 15)))) == 2
    depth = rule(condition(fault_when="below", hint_limit=-5, fault_limit=-15, reference="target_depth"))
    strict = limited(target_depth_deg=90, x=(-1, -3))
    assert level(*judge(depth, interval(x=86), strict)) == 2
    assert level(*judge(depth, interval(x=86), prescribed(target_depth_deg=90))) == 0


@pytest.mark.parametrize(
    ("x", "y", "expected"), [(29, 0, 0), (35, 0, 1), (41, 0, 2), (0, 29, 2), (0, 15, 1), (0, 9, 0)]
)
def test_a_prescription_from_before_conditions_had_names_judges_as_it_did(x, y, expected):
    """Its limits moved the first condition alone; the others kept their own."""
    old = prescribed(rules={"r": {"t1": 30, "t2": 40}})
    assert level(*judge(rule(condition(), condition(signal="y")), interval(x=x, y=y), old)) == expected


def test_a_verdict_and_a_fault_name_the_condition_that_they_are_of():
    judged = rule(condition(), condition(signal="y"))
    for x, y, named in ((0, 0, "x"), (25, 0, "x"), (15, 25, "y")):
        verdict, fault = judge(judged, interval(x=x, y=y), None)
        assert verdict.condition == named
        assert fault is None or fault.condition == named
    assert judge(judged, interval(view="front"), None)[0].condition is None


@pytest.mark.parametrize(("x", "severity", "limit"), [(15, 1, 10), (25, 1, 10), (5, 0, 10)])
def test_a_rule_that_only_hints_names_the_limit_of_the_hint(x, severity, limit):
    verdict, fault = judge(rule(max_severity=1), interval(x=x), None)
    assert (level(verdict, fault), verdict.limit) == (severity, limit)
    if fault:
        assert fault.limit == limit
        assert not fault.borderline


@pytest.mark.parametrize(
    ("uncertainty", "view", "plus_minus"), [(2, "side", 2), ("knee", "side", 7), ("knee", "front", 9)]
)
def test_borderline_is_within_the_uncertainty_of_the_limit(uncertainty, view, plus_minus):
    judged = rule(uncertainty=uncertainty, views=("side", "front"))
    for away, borderline in ((plus_minus, True), (plus_minus + 0.1, False)):
        fault = judge(judged, interval(x=20 + away, view=view), None)[1]
        assert (fault.uncertainty, fault.borderline) == (plus_minus, borderline)
    assert judge(rule(uncertainty=0), interval(x=20.1), None)[1].uncertainty is None


# ---- several conditions


@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize("second", [0, 1, 2])
@pytest.mark.parametrize("combine", ["any", "all"])
def test_any_takes_the_worst_and_all_the_least(first, second, combine):
    judged = rule(condition(), condition(signal="y", fault_when="below"), combine=combine)
    verdict, fault = judge(judged, interval(x=5 + 10 * first, y=-5 - 10 * second), None)
    expected = max(first, second) if combine == "any" else min(first, second)
    assert level(verdict, fault) == expected
    if combine == "any":
        shows_second = second > first
        assert verdict.value == (-5 - 10 * second if shows_second else 5 + 10 * first)
        assert verdict.limit == (-1 if shows_second else 1) * (20 if expected == 2 else 10)
    else:
        assert (verdict.value, verdict.limit) == (5 + 10 * first, 20 if expected == 2 else 10)


@pytest.mark.parametrize(
    ("combine", "prescription", "outcome", "reason"),
    [
        ("any", None, "fault", None),
        ("all", None, "not_assessed", "no_target"),
        ("all", {"target_depth_deg": 20}, "fault", None),
    ],
)
def test_a_missing_target_leaves_the_other_condition_of_any_but_nothing_of_all(combine, prescription, outcome, reason):
    judged = rule(condition(reference="target_depth"), condition(signal="y"), combine=combine)
    verdict, _ = judge(judged, interval(x=60, y=60), prescribed(**prescription) if prescription else None)
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("combine", "x", "y", "outcome"),
    [
        ("any", np.nan, 30, "fault"),
        ("any", np.nan, 15, "fault"),
        ("any", np.nan, 0, "not_assessed"),  # the first condition is the rule's own
        ("any", 0, np.nan, "ok"),
        ("all", np.nan, 30, "not_assessed"),
        ("any", np.nan, np.nan, "not_assessed"),
        ("all", 30, np.nan, "not_assessed"),
    ],
)
def test_what_could_not_be_measured_is_no_ok(combine, x, y, outcome):
    verdict, _ = judge(rule(condition(), condition(signal="y"), combine=combine), interval(x=x, y=y), None)
    assert (verdict.outcome, verdict.reason) == (outcome, "too_few_frames" if outcome == "not_assessed" else None)


def test_a_measure_that_is_not_there_is_no_ok():
    for measures in ({}, {"x": None}):
        verdict, _ = judge(rule(condition(statistic="measure")), interval(measures=measures), None)
        assert (verdict.outcome, verdict.reason) == ("not_assessed", "too_few_frames")


# ---- when it cannot be judged: each reason, and which comes first


def unseen(share: float, landmark: int = 25) -> np.ndarray:
    seen = np.ones((21, 33))
    seen[: round(21 * share), landmark] = 0.0
    return seen


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"view": "front"}, "wrong_view"),
        ({"view": "unknown"}, "wrong_view"),
        ({"peak_deg": 59.9}, "too_shallow"),
        ({"peak_deg": None}, "too_shallow"),
        ({"peak_deg": np.nan}, "too_shallow"),
        ({"windows": {"rep": TIMES < 0.09, "turn": TIMES < 0.09}}, "too_few_frames"),
        ({"windows": {"rep": TIMES < 0.14, "turn": TIMES < 0.14}}, None),
        ({"inside": unseen(0.25) > 0}, "person_cut_off"),
        ({"visibility": unseen(0.25)}, "landmark_hidden"),
        ({"visibility": unseen(0.25), "inside": unseen(0.25) > 0}, "person_cut_off"),
        ({"visibility": unseen(0.15), "inside": unseen(0.15) > 0}, None),
        ({"visibility": unseen(1.0, 26), "inside": unseen(1.0, 26) > 0}, None),  # the other knee is not asked for
        ({"visibility": unseen(1.0, 26), "near": "right"}, "landmark_hidden"),
    ],
)
def test_each_reason_for_no_verdict(changed, reason):
    for x in (0.0, 25.0):
        verdict, fault = judge(rule(min_depth_deg=60), interval(x=x, **changed), None)
        assert verdict.reason == reason
        assert (verdict.outcome == "not_assessed") == (reason is not None)
        assert (fault is None) == (reason is not None or x == 0)


@pytest.mark.parametrize(("azimuth_deg", "judged"), [(0, True), (-15, True), (16, False), (166, True), (-164, False)])
def test_a_rule_that_needs_the_camera_straight_in_front_is_not_judged_from_further_round(azimuth_deg, judged):
    strict = rule(condition(facing_within_deg=15))
    verdict, _ = judge(strict, interval(x=25.0, azimuth_deg=azimuth_deg), None)
    assert verdict.reason == (None if judged else "turned")
    assert unseen_reason(strict, "side", azimuth_deg) == verdict.reason
    second = rule(condition(), condition(signal="y", facing_within_deg=15))
    verdict, _ = judge(second, interval(x=0.0, y=25.0, azimuth_deg=azimuth_deg), None)
    assert verdict.outcome == ("fault" if judged else "ok"), "the other conditions stay"


BETWEEN = ObliqueBound(signal="y", side_rule="other", side_condition="lean", side_limits=(30, 40))


@pytest.mark.parametrize("azimuth_deg", [16, -45, 160, 64])
def test_from_between_front_and_side_only_what_both_limits_cannot_explain_is_a_fault(azimuth_deg):
    """The limits are tan(side) sin(azimuth) + tan(front) cos(azimuth), as an angle."""
    judged = rule(condition(facing_within_deg=15), views=("front",), oblique_bound=BETWEEN)
    off = np.radians(min(abs(azimuth_deg), 180 - abs(azimuth_deg)))
    t1, t2 = (
        np.degrees(np.arctan(np.tan(np.radians(side)) * np.sin(off) + np.tan(np.radians(front)) * np.cos(off)))
        for side, front in ((30, 10), (40, 20))
    )
    view = "oblique" if np.degrees(off) > 32 else "front"
    for value, severity in ((t1 - 0.1, 0), (t1 + 0.1, 1), (-t1 - 0.1, 1), (t2 + 0.1, 2)):
        verdict, fault = judge(judged, interval(x=0.0, y=value, view=view, azimuth_deg=azimuth_deg), None)
        if severity == 0:
            assert (verdict.outcome, fault) == ("not_assessed", None)
            assert verdict.reason == ("turned" if view == "front" else "wrong_view")
        else:
            assert (verdict.outcome, fault.severity) == ("fault", severity)
            assert (fault.value, fault.limit) == pytest.approx((abs(value), (t1, t2)[severity - 1]), abs=0.06)


def test_between_front_and_side_the_prescription_holds_and_straight_in_front_and_from_the_side_the_rule_itself():
    judged = rule(condition(facing_within_deg=15), views=("front",), oblique_bound=BETWEEN)
    for azimuth_deg, view in ((0, "front"), (90, "side"), (45, "unknown")):
        verdict, _ = judge(judged, interval(x=0.0, y=60.0, view=view, azimuth_deg=azimuth_deg), None)
        assert verdict.outcome == ("ok" if view == "front" else "not_assessed")
    seen = interval(x=0.0, y=45.0, view="oblique", azimuth_deg=45)
    assert judge(judged, seen, None)[1].severity == 2
    for setting in (
        {"other": {"enabled": False}},
        {"r": {"enabled": False}},
        {"other": {"limits": {"lean": {"hint_limit": 60, "fault_limit": 70}}}},
    ):
        assert judge(judged, seen, prescribed(rules=setting))[1] is None
    assert judge(judged, replace(seen, visibility=unseen(1.0)), None)[1] is None


def test_only_frames_bent_far_enough_are_looked_at():
    knees = np.where(TIMES <= 0.5, 30.0, 80.0)
    bent = rule(condition(statistic="sustained", min_depth_deg=60))
    for x, outcome in ((np.where(TIMES <= 0.5, 25.0, 0.0), "ok"), (np.where(TIMES <= 0.5, 0.0, 25.0), "fault")):
        assert judge(bent, interval(x=x, knee_flexion=knees), None)[0].outcome == outcome


def test_turned_off_comes_before_every_other_reason_and_the_view_before_the_target():
    off = prescribed(rules={"r": {"enabled": False}})
    judged = rule(condition(reference="target_depth"), min_depth_deg=60)
    assert judge(judged, interval(view="front"), off)[0].reason == "turned_off"
    assert judge(judged, interval(view="front", peak_deg=10), None)[0].reason == "wrong_view"
    assert judge(judged, interval(peak_deg=10), None)[0].reason == "no_target"


@pytest.mark.parametrize(
    ("point", "hidden", "reason"),
    [
        ("mid.knee", 26, "landmark_hidden"),
        ("nose", 0, "landmark_hidden"),
        ("front.knee", 25, None),
        ("rear.knee", 25, "landmark_hidden"),
        ("support.knee", 26, None),
        ("free.knee", 26, "landmark_hidden"),
        ("far.knee", 26, "landmark_hidden"),
        ("seen.knee", 26, None),
        ("seen.knee", 25, "landmark_hidden"),
    ],
)
def test_the_landmarks_of_a_rule_are_found_by_side(point, hidden, reason):
    here = interval(visibility=unseen(1.0, hidden), front="right")
    assert judge(rule(landmarks=(point,)), here, None)[0].reason == reason


@pytest.mark.parametrize("hidden", [25, 26])
def test_from_the_front_both_sides_must_be_seen_where_from_the_side_one_is_enough(hidden):
    here = interval(visibility=unseen(1.0, hidden), view="front")
    assert judge(rule(landmarks=("seen.knee",), views=("front",)), here, None)[0].reason == "landmark_hidden"


# ---- when


def series(*spans: tuple[float, float, float]) -> np.ndarray:
    """Return 0 with other values from and to the given seconds."""
    x = np.zeros(21)
    for start, end, value in spans:
        x[(start - 1e-9 <= TIMES) & (end + 1e-9 >= TIMES)] = value
    return x


@pytest.mark.parametrize(("lasts_s", "expected"), [(0.10, 0), (0.15, 0), (0.20, 1), (0.40, 1)])
def test_a_fault_must_last(lasts_s, expected):
    judged = rule(condition(statistic="sustained"), min_duration_s=0.2)
    assert level(*judge(judged, interval(x=series((0.3, 0.3 + lasts_s, 15))), None)) == expected


def test_the_value_is_what_was_held_and_the_moment_is_the_worst():
    x = series((0.20, 0.60, 15), (0.35, 0.35, 40))
    for sign, way in ((1, "above"), (-1, "below")):
        judged = rule(condition(statistic="sustained", fault_when=way), min_duration_s=0.2)
        fault = judge(judged, interval(x=sign * x), None)[1]
        assert (fault.severity, fault.value) == (1, sign * 15)
        assert (fault.start_s, fault.worst_s, fault.end_s) == pytest.approx((0.20, 0.35, 0.60))


def test_only_its_windows_are_looked_at():
    late = series((0.7, 1.0, 30))
    for windows, expected in ((("descent",), 0), (("descent", "bottom"), 0), (("rep",), 2)):
        assert (
            level(*judge(rule(condition(statistic="sustained"), windows=windows), interval(x=late), None)) == expected
        )
    assert level(*judge(rule(windows=("descent",)), interval(x=series((0.4, 0.6, 30))), None)) == 2, "around the turn"


def test_only_frames_up_to_a_flexion_are_looked_at():
    judged = rule(condition(statistic="sustained", max_depth_deg=75))
    assert level(*judge(judged, interval(x=series((0.3, 0.7, 30)), knee_flexion=series((0.3, 0.7, 76))), None)) == 0
    assert level(*judge(judged, interval(x=series((0.3, 0.7, 30)), knee_flexion=75.0), None)) == 2
    assert judge(judged, interval(x=30, knee_flexion=80.0), None)[0].reason == "too_few_frames"


def test_a_measures_fault_lies_in_the_rules_window_and_at_the_turn():
    judged = rule(condition(statistic="measure"), windows=("descent",), unit="s", side="front")
    fault = judge(judged, interval(measures={"x": 12.346}, front="right"), None)[1]
    assert (fault.value, fault.start_s, fault.end_s, fault.worst_s, fault.side) == (12.35, 0.0, 0.5, 0.5, "right")


@pytest.mark.parametrize(
    ("side", "near", "front", "expected"),
    [
        (None, "left", "right", None),
        ("near", "right", "left", "right"),
        ("front", "right", "left", "left"),
        ("front", "right", None, "right"),
    ],
)
def test_whose_fault_it_is(side, near, front, expected):
    assert judge(rule(side=side), interval(x=30, near=near, front=front), None)[1].side == expected
