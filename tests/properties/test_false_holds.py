"""A hold is counted as what it is and as nothing else, whichever way it is looked at."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from formcheck.exercises import load, names
from formcheck.synthetic import (
    LungeRep,
    Recording,
    RepetitionTempo,
    SidePlankSegment,
    StanceHold,
    WallSitSegment,
    stance_set,
)
from tests.synthetic_cases import CLEAN, KIN, VIEW_AZIMUTHS, apart, camera, made, record_of

HOLDS = [name for name in names() if load(name).movement.kind == "hold_posture"]
PAIRS = [
    (done, judged)
    for done in CLEAN
    for judged in names()
    if done != judged and frozenset({done, judged}) not in KIN and {done, judged} & set(HOLDS)
    if set(load(judged).views) - set(load(done).views)
]


@cache
def poses_of(name: str, view: str):
    return made(name, [CLEAN[name]] * (2 if apart(name) else 1), VIEW_AZIMUTHS[view], fps=15.0, noise_px=0.5).poses


@pytest.mark.parametrize("judged", names())
def test_no_exercise_is_counted_as_another(judged):
    """Every second of the others, from a view that only the judged one has; of the others' own views ``test_recognition`` tells."""
    for done in [done for done, other in PAIRS if other == judged][names().index(judged) % 2 :: 2]:
        for view in set(load(judged).views) - set(load(done).views):
            record = record_of(poses_of(done, view), judged)
            assert (record.rep_count, record.hold_s) == (0, 0.0), (done, view, record.holds)


@pytest.mark.parametrize("name", HOLDS)
def test_a_hold_seen_from_where_it_cannot_be_judged_is_none(name):
    for view in set(VIEW_AZIMUTHS) - set(load(name).views):
        record = record_of(poses_of(name, view), name)
        assert record.hold_s == 0.0, view
        assert {entry.reason for entry in record.not_assessed} <= {"wrong_view", "nothing_done"}
        assert {entry.rule for entry in record.not_assessed} == {rule.id for rule in load(name).rules}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("single_leg_stance", StanceHold(0.8)),
        ("single_leg_stance", StanceHold(6, lift_m=0.02)),
        ("tandem_stance", StanceHold(0.8, "tandem")),
        ("side_plank", SidePlankSegment(0.8)),
        ("side_plank", SidePlankSegment(6, hips_deg=-45)),
        ("wall_sit", WallSitSegment(0.8)),
        ("wall_sit", WallSitSegment(6, depth_deg=20)),
        ("wall_sit", WallSitSegment(6, lean_deg=40)),
    ],
)
def test_too_short_or_not_in_the_posture_is_no_hold(name, part):
    assert record_of(made(name, [part], VIEW_AZIMUTHS[load(name).views[0]]).poses, name).hold_s == 0.0


@pytest.mark.parametrize("support", ["left", "right"])
@pytest.mark.parametrize("name", ["single_leg_stance", "tandem_stance", "side_plank"])
def test_the_side_that_carries_is_told(name, support):
    record = record_of(made(name, [replace(CLEAN[name], support=support)], VIEW_AZIMUTHS["front"]).poses, name)
    assert [hold.side for hold in record.holds] == [support]


@pytest.mark.parametrize("azimuth_deg", [180.0, 155.0])
def test_seen_from_behind_left_is_still_left(azimuth_deg):
    name = "single_leg_stance"
    poses = stance_set([StanceHold(5), StanceHold(5, support="right")], camera(name, azimuth_deg)).poses
    record = record_of(poses, name)
    assert [hold.side for hold in record.holds] == ["left", "right"]
    assert record.view.direction == "away"


@pytest.mark.parametrize("name", ["tandem_stance", "feet_together"])
def test_feet_that_hide_each_other_from_behind_are_no_hold(name):
    assert record_of(made(name, [CLEAN[name]], 180.0).poses, name).hold_s == 0.0


def test_the_clock_stops_at_the_cap_and_a_new_hold_needs_a_new_lift():
    poses = stance_set([StanceHold(50), StanceHold(4)], recording=Recording(fps=15)).poses
    record = record_of(poses, "single_leg_stance")
    assert [hold.ended for hold in record.holds] == ["time", "touch_down"]
    assert record.holds[0].end_s - record.holds[0].start_s == pytest.approx(45.0, abs=1e-6)
    assert record.holds[0].in_form_s <= 45.0


def test_a_touch_of_the_floor_ends_a_hold_and_changing_legs_is_two():
    parts = [StanceHold(4, support="left"), StanceHold(3, support="right"), StanceHold(2, support="right")]
    record = record_of(stance_set(parts).poses, "single_leg_stance")
    assert [(hold.side, hold.ended) for hold in record.holds] == [
        ("left", "touch_down"),
        ("right", "touch_down"),
        ("right", "touch_down"),
    ]
    assert [hold.end_s - hold.start_s for hold in record.holds] == pytest.approx([4, 3, 2], abs=0.3)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("azimuth_deg", [90, -90])
def test_a_lunge_that_is_held_is_no_wall_sit(side, azimuth_deg):
    """The leg nearer the camera looks as if the body sat on something; the other foot is a step behind."""
    held = made("lunge", [LungeRep(side=side, tempo=RepetitionTempo(1.4, 3.0, 1.2, 0.8))], azimuth_deg, fps=20.0)
    assert record_of(held.poses, "wall_sit").hold_s == 0.0
    assert record_of(held.poses, "lunge").rep_count == 1
