"""The clock of a hold that bounds declare: when it starts, what ends it, and what it takes to start again."""

from __future__ import annotations

import math

import pytest

from formcheck.engine.tracking.hold_clock import HoldClock, violates
from formcheck.spec.exercise import Bound, HoldPosture, Text

NAME = Text(en="a", da="b")
LIFT = Bound(id="lift", signal="lift", low=0.08, exit_low=0.03, name=NAME)
LEAN = Bound(id="lean", signal="lean", high=20, name=NAME)
FOOT = Bound(id="foot", signal="foot", low=-0.05, high=0.05, reference="start", name=NAME)
STEP_S = 0.05


def movement(**values) -> HoldPosture:
    base = {
        "bounds": (LIFT,),
        "termination": (LEAN, FOOT),
        "reference_posture": "standing",
        "carried_by": "ankle",
        "chart_signal": "lean",
    }
    return HoldPosture(**base | {"enter_s": 1.0, "still_s": 0.0, "leave_s": 0.2, "end_s": 0.2, "lost_s": 0.5} | values)


def run(*parts: tuple[float, dict | None], clock: HoldClock | None = None, still_s: float = 9.0, **values) -> list:
    """Run parts of (seconds, what differs from a quiet left leg; None = nobody) and return (start, end, side, why) of each hold."""
    clock = clock or HoldClock(movement(**values))
    found, t_s = [], 0.0
    for seconds, change in parts:
        for _ in range(round(seconds / STEP_S)):
            if change is None:
                ended = clock.unseen(t_s)
            else:
                now = {"lift": 0.2, "lean": 0.0, "foot": 0.3, "side": "left"} | change
                other = now | {"lift": -now["lift"]}
                sides = {now["side"]: now, {"left": "right", "right": "left"}[now["side"]]: other}
                ended = clock.step(t_s, sides, dict.fromkeys(sides, True), now["side"], still_s)
            if ended:
                found.append(clock.last)
            t_s += STEP_S
    if clock.finish():
        found.append(clock.last)
    return [(round(f.clocks[0], 2), round(f.clocks[1], 2), f.side, f.ended) for f in found]


DOWN = {"lift": 0.0}


def test_it_runs_from_lift_off_to_touch_down():
    assert run((1, DOWN), (5, {}), (1, DOWN)) == [(1.0, 5.95, "left", "lift")]


def test_a_start_is_dated_back_over_the_looser_limit_but_not_for_ever():
    assert run((1, DOWN), (0.3, {"lift": 0.05}), (5, {}), (1, DOWN)) == [(1.0, 6.25, "left", "lift")]
    assert run((1, DOWN), (3, {"lift": 0.05}), (5, {}), (1, DOWN)) == [(2.95, 8.95, "left", "lift")]


def test_too_short_a_lift_is_none():
    assert run((1, DOWN), (0.9, {}), (1, DOWN)) == []


def test_a_touch_ends_it_and_a_flicker_does_not():
    assert run((3, {}), (0.3, DOWN), (3, {})) == [(0.0, 2.95, "left", "lift"), (3.3, 6.25, "left", None)]
    assert run((3, {}), (0.1, DOWN), (3, {})) == [(0.0, 6.05, "left", None)]


def test_what_ends_it_ends_it_where_it_was_first_broken():
    assert run((3, {}), (1, {"lean": 25.0}), (1, DOWN)) == [(0.0, 2.95, "left", "lean")]
    assert run((3, {}), (0.1, {"lean": 25.0}), (3, {})) == [(0.0, 6.05, "left", None)]


def test_after_that_a_new_hold_needs_the_foot_on_the_floor_first():
    assert run((3, {}), (1, {"lean": 25.0}), (5, {})) == [(0.0, 2.95, "left", "lean")]
    again = run((3, {}), (1, {"lean": 25.0}), (0.2, DOWN), (5, {}))
    assert again == [(0.0, 2.95, "left", "lean"), (4.2, 9.15, "left", None)]


def test_a_move_is_measured_from_where_the_hold_began():
    assert run((3, {"foot": 7.0}), (2, {"foot": 7.04})) == [(0.0, 4.95, "left", None)]
    assert run((3, {"foot": 7.0}), (2, {"foot": 7.06})) == [(0.0, 2.95, "left", "foot")]
    assert run((3, {"foot": 7.0}), (2, {"foot": 6.9}), clock=HoldClock(movement(), {"foot"})) == [
        (0.0, 4.95, "left", None)
    ]


def test_changing_legs_without_a_pause_is_two_holds():
    other = {"side": "right"}
    assert run((3, {}), (3, other)) == [(0.0, 2.95, "left", "lift"), (3.25, 5.95, "right", None)]


def test_the_cap_ends_it_to_the_second_and_needs_a_new_lift():
    assert run((12, {}), (1, DOWN), (2, {}), cap_s=10) == [(0.0, 10.0, "left", "time"), (13.0, 14.95, "left", None)]


def test_nobody_ends_it_after_a_while():
    assert run((3, {}), (0.4, None), (2, {})) == [(0.0, 5.35, "left", None)]
    assert run((3, {}), (1.0, None), (2, {})) == [(0.0, 2.95, "left", "unseen"), (4.0, 5.95, "left", None)]


def test_where_it_must_be_still_it_does_not_begin_while_it_moves():
    assert run((5, {}), clock=HoldClock(movement(still_s=1.0)), still_s=0.5) == []
    assert run((5, {}), clock=HoldClock(movement(still_s=1.0)), still_s=5.0) == [(0.0, 4.95, "left", None)]


@pytest.mark.parametrize(
    ("value", "running", "out"),
    [
        (0.1, False, False),
        (0.05, False, True),
        (0.05, True, False),
        (0.02, True, True),
        (math.nan, False, True),
        (math.nan, True, False),
    ],
)
def test_what_is_not_measurable_begins_no_hold_and_ends_none(value, running, out):
    assert bool(violates(LIFT, value, running)) is out
