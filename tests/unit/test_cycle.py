"""The phase machines on hand-made signals: what is a cycle, what is a hold, and where each begins and ends."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.engine.tracking.cycle import BLINK_S, MAX_GAP_S, OFF_DEG, ON_DEG, Cycle, CycleMachine, HoldMachine

FPS = 30.0
SWIFT_S = 0.6


def profile(*levels: float, move_s: float = SWIFT_S, stay_s: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Return times and angles of a signal that stays at each level and moves evenly to the next."""
    keys = [(0.0, levels[0]), (stay_s, levels[0])]
    for level in levels[1:]:
        keys += [(keys[-1][0] + move_s, level), (keys[-1][0] + move_s + stay_s, level)]
    t = np.arange(0.0, keys[-1][0] + 1e-9, 1 / FPS)
    return t, np.interp(t, *np.array(keys).T)


def run(t, q, max_pause_s: float = 15.0, flush: bool = False) -> list[Cycle]:
    machine = CycleMachine(max_pause_s)
    found = [machine.update(float(a), float(b)) for a, b in zip(t, q, strict=True)]
    return [cycle for cycle in (*found, machine.flush() if flush else None) if cycle is not None]


@pytest.mark.parametrize(
    ("levels", "peaks"),
    [
        ((0, 90, 0), [90]),
        ((0, 90, 0, 70, 0), [90, 70]),
        ((0, ON_DEG - 1, 0), []),  # sways
        ((0, ON_DEG + 3, 0), [ON_DEG + 3]),  # whoever weighs it decides that it is small
        ((0, 90, 60, 80, 0), [90]),  # dips once more on the way up
        ((0, 80, 60, 90, 0), [90]),  # and goes deeper
        ((0, 90, 40, 90, 40, 90, 0), [90, 90, 90]),  # pulses that come up by more than half
        ((0, 90, 50, 90, 50, 90, 0), [90]),  # and by less
        ((20, 90, 20, 90, 20), [90, 90]),  # never straightens up
        ((0, 90, 25, 90, 25, 90), [90, 90]),  # stops short of standing; the last one is not over
        ((0, 90, 25, 25), [90]),  # stops short of standing and stays there
        ((0, 90, 45, 45), []),  # and further down: may still be on the way up
        ((70, 0, 90, 0), [90]),  # opens in the middle of a repetition
        ((40, 90, 0), [90]),  # opens going down
        ((90, 90), []),
        ((0, 0), []),
    ],
)
def test_what_is_one_cycle_and_what_is_two_or_none(levels, peaks):
    assert [cycle.peak_deg for cycle in run(*profile(*levels))] == pytest.approx(peaks, abs=1)


@pytest.mark.parametrize("full_excursion_deg", [40, 100, 180])
def test_the_limits_shrink_and_grow_with_the_movement(full_excursion_deg):
    t, q = profile(0, 90, 0, ON_DEG - 1, 0, 60, 0)
    scale = full_excursion_deg / 100
    machine = CycleMachine(15.0, full_excursion_deg)
    found = [machine.update(float(a), float(b) * scale) for a, b in zip(t, q, strict=True)]
    assert [cycle.peak_deg for cycle in found if cycle] == pytest.approx([90 * scale, 60 * scale], abs=1)
    assert not any(cycle.starts_at_end_range for cycle in found if cycle)


def test_a_resting_level_within_its_range_is_found_wherever_it_lies():
    """Of a floor exercise nobody knows the resting level before: only the range in which it lies."""
    for level in (5, 20, 38):
        machine = CycleMachine(15.0, 90.0, rest_up_to_deg=45.0)
        t, q = profile(level, 90, level, 90, level)
        found = [machine.update(float(a), float(b)) for a, b in zip(t, q, strict=True)]
        assert len([cycle for cycle in found if cycle]) == 2, level


@pytest.mark.parametrize(
    ("levels", "count"), [((90, 0), 1), ((90, 0, 92, 0), 2), ((90, 80, 92, 0), 1), ((20, 0), 0), ((90, 90), 0)]
)
def test_a_cycle_may_begin_at_its_far_end(levels, count):
    t, q = profile(*levels, stay_s=1.0)
    machine = CycleMachine(15.0, starts_at_end_range=True)
    found = [cycle for cycle in (machine.update(float(a), float(b)) for a, b in zip(t, q, strict=True)) if cycle]
    assert len(found) == count
    if count:
        assert found[0].starts_at_end_range
        assert not any(cycle.starts_at_end_range for cycle in found[1:])
        left_s = 1.0 if len(levels) < 3 or levels[1] == 0 else 1.0 + 2 * (SWIFT_S + 1.0)
        assert found[0].start_s == pytest.approx(left_s, abs=0.25)


@pytest.mark.parametrize("rest_s", [10.0, 30.0])
def test_a_long_rest_at_the_far_end_is_no_part_of_the_way_back(rest_s):
    t, q = profile(0, 90, 0, stay_s=rest_s)
    machine = CycleMachine(15.0, starts_at_end_range=True)
    (cycle,) = [found for found in (machine.update(float(a), float(b)) for a, b in zip(t, q, strict=True)) if found]
    assert cycle.starts_at_end_range
    assert cycle.start_s == pytest.approx(2 * rest_s + SWIFT_S, abs=0.25)
    assert len(run(t, q)) == (rest_s < 15.0)


def test_a_repetition_late_in_a_set_that_may_begin_at_its_far_end_still_has_its_way_out():
    t, q = profile(0, 90, 0, 90, 0, 90, 0, stay_s=2.0)
    machine = CycleMachine(15.0, starts_at_end_range=True)
    found = [cycle for cycle in (machine.update(float(a), float(b)) for a, b in zip(t, q, strict=True)) if cycle]
    assert [cycle.starts_at_end_range for cycle in found] == [False] * 3
    assert [cycle.start_s for cycle in found] == pytest.approx([2.0, 7.2, 12.4], abs=0.15)


def test_the_resting_level_follows_the_person_and_what_begins_is_measured_from_there():
    """Of a person who has sunk to 7 deg a dip to less than ``ON_DEG`` above that is no movement."""
    assert run(*profile(0, OFF_DEG - 1, OFF_DEG + ON_DEG - 2, OFF_DEG - 1, stay_s=4.0)) == []
    assert len(run(*profile(0, OFF_DEG - 1, OFF_DEG + ON_DEG + 2, OFF_DEG - 1, stay_s=4.0))) == 1


def test_who_stops_short_of_standing_rests_there_and_moves_on_from_there():
    """The resting level rises by ``OFF_DEG`` at most: staying there is no movement, and the next movement is one."""
    machine = CycleMachine(15.0)
    t, q = profile(0, 90, 20, 35, stay_s=2.0)
    phases = []
    for a, b in zip(t.tolist(), q.tolist(), strict=True):
        machine.update(a, b)
        phases.append(machine.phase)
    stays, moved = (t > 6.0) & (t < 7.0), t > 8.0
    assert {phase for phase, here in zip(phases, stays, strict=True) if here} == {"rest"}
    assert "descent" in {phase for phase, here in zip(phases, moved, strict=True) if here}
    assert machine.running is not None


def test_a_cycle_runs_until_it_is_half_way_back():
    t, q = profile(0, 90, 0)
    machine = CycleMachine(15.0)
    running = []
    for a, b in zip(t.tolist(), q.tolist(), strict=True):
        machine.update(a, b)
        running.append(machine.running)
    there = [at for at, cycle in zip(t.tolist(), running, strict=True) if cycle is not None]
    down_s, up_s = 0.5 + SWIFT_S * ON_DEG / 90, 1.0 + SWIFT_S * 1.5
    assert (there[0], there[-1]) == pytest.approx((down_s, up_s), abs=0.1)
    assert len(there) == pytest.approx((up_s - down_s) * FPS, abs=4), "without a break"


@pytest.mark.parametrize(("share", "ends"), [(0.4, [False, True]), (0.5, [True, True])])
def test_what_is_open_at_the_end_is_over_when_enough_of_the_way_back_is_done(share, ends):
    for back_to, over in zip((42, 30), ends, strict=True):
        t, q = profile(0, 90, back_to, stay_s=0.1)
        machine = CycleMachine(15.0)
        assert [machine.update(float(a), float(b)) for a, b in zip(t, q, strict=True)].count(None) == len(t)
        assert (machine.flush(share) is not None) == over


@pytest.mark.parametrize("fps", [10, 15, 60])
def test_start_turn_and_end_lie_where_the_movement_does(fps):
    keys = np.array([(0, 0), (1, 0), (2, 90), (3, 0), (5, 0)], float)
    t = np.arange(0, 5, 1 / fps)
    (cycle,) = run(t, np.interp(t, *keys.T))
    late_s = 0.06 + 2 / fps  # half of the median window, and the frames beside the turn
    assert 1.0 - 1 / fps <= cycle.start_s <= 1.0 + OFF_DEG / 90 + late_s
    assert cycle.turn_s == pytest.approx(2.0, abs=late_s)
    assert 3.0 - OFF_DEG / 90 - late_s <= cycle.end_s <= 3.0 + 2 * late_s


def test_a_spike_of_one_frame_is_no_movement_and_no_depth():
    t, q = profile(0, 90, 0)
    spiked = q.copy()
    spiked[5] = 80.0
    spiked[np.argmax(q) + 6] = 140.0
    assert run(t, spiked) == run(t, q)


@pytest.mark.parametrize("gap", [(0.2, 0.4), (0.7, 1.3), (1.2, 1.5), (1.7, 2.1), (2.3, 2.6)])
@pytest.mark.parametrize("as_nan", [True, False])
def test_a_gap_freezes_and_closes_nothing(gap, as_nan):
    t, q = profile(0, 90, 0, stay_s=0.6)
    hidden = (t >= gap[0]) & (t < gap[1])
    machine, closed = CycleMachine(15), []
    for a, b, unseen in zip(t.tolist(), q.tolist(), hidden.tolist(), strict=True):
        if unseen and not as_nan:
            continue
        before = machine.phase
        cycle = machine.update(a, np.nan if unseen else b)
        if unseen:
            assert cycle is None
            assert machine.phase == before
        closed += [cycle] if cycle else []
    assert [cycle.peak_deg for cycle in closed] == pytest.approx([90], abs=1)


@pytest.mark.parametrize(
    ("leaves_at_deg", "found"),
    [(85, 0), (60, 0), (20, 1), (0, 1)],  # nearly up again: the repetition was done
)
def test_a_long_gap_drops_a_repetition_unless_it_was_nearly_over(leaves_at_deg, found):
    t, q = profile(0, 90, leaves_at_deg, stay_s=0.2)
    later = t[-1] + MAX_GAP_S + 0.1
    cycles = run([*t, later, later + 0.1], [*q, 0.0, 0.0])
    assert [cycle.peak_deg for cycle in cycles] == pytest.approx([90] * found, abs=1)
    assert all(cycle.end_s <= t[-1] for cycle in cycles)


def test_after_a_long_gap_a_new_repetition_is_found():
    t, q = profile(0, 90)
    again, down = profile(0, 80, 0)
    cycles = run([*t, *(again + t[-1] + MAX_GAP_S + 1)], [*q, *down])
    assert [cycle.peak_deg for cycle in cycles] == pytest.approx([80], abs=1)


@pytest.mark.parametrize(("last_deg", "found"), [(80, 0), (50, 0), (30, 1), (4, 1)])
def test_flush_gives_the_last_repetition_when_the_person_was_nearly_up(last_deg, found):
    t, q = profile(0, 90, last_deg, stay_s=0.1)
    assert len(run(t, q, flush=True)) == found


@pytest.mark.parametrize(("last_deg", "found"), [(55, 0), (40, 1)])
def test_what_is_left_of_the_way_back_is_told_from_where_the_person_rests(last_deg, found):
    t, q = profile(20, 90, last_deg, stay_s=0.1)
    assert len(run(t, q, flush=True)) == found


def test_flush_gives_nothing_twice():
    t, q = profile(0, 90, 4, stay_s=0.05)
    machine = CycleMachine(15)
    assert not any(machine.update(a, b) for a, b in zip(t.tolist(), q.tolist(), strict=True))
    assert machine.flush() is not None
    assert machine.flush() is None


def test_a_movement_without_an_end_is_given_up():
    t, q = profile(0, 90, 88, stay_s=4)
    assert run([*t, *(t + t[-1] + 0.1)], [*q, *(q[::-1])], max_pause_s=5) == []


def test_phases_follow_each_other():
    machine, phases = CycleMachine(15), []
    for a, b in zip(*(column.tolist() for column in profile(0, 90, 0)), strict=True):
        machine.update(a, b)
        phases += [machine.phase] if machine.phase not in phases[-1:] else []
    assert phases == ["rest", "descent", "bottom", "ascent", "rest"]


# ---- holds


def hold(*parts: tuple[float, str], step_s: float = 0.1, enter_s: float = 1.0, **ready) -> tuple[HoldMachine, list]:
    """Run a hold machine over parts (seconds, what is seen): ``good``, ``bad``, ``other`` posture or ``unseen``."""
    machine, ended, i = HoldMachine(enter_s, leave_s=3.0, lost_s=1.5), [], 0
    for seconds, what in parts:
        for _ in range(round(seconds / step_s)):
            args = (what != "unseen", what in ("good", "bad"), what == "good")
            if machine.update(round(i * step_s, 6), *args, **ready):
                ended.append(machine.clocks())
            i += 1
    if machine.stop():
        ended.append(machine.clocks())
    return machine, ended


@pytest.mark.parametrize(
    ("parts", "clocks"),
    [
        # start, end, in form, longest in form; a part of n seconds ends one frame before n
        ([(0.9, "good"), (5, "other")], []),
        ([(2, "other"), (5, "good"), (4, "other")], [(2.0, 6.9, 4.9, 4.9)]),  # back-dated at both ends
        ([(5, "good")], [(0.0, 4.9, 4.9, 4.9)]),  # the pictures end
        ([(3, "good"), (1, "bad"), (4, "good")], [(0.0, 7.9, 6.9, 4.0)]),  # the clock stops and goes on
        ([(1.5, "bad"), (2, "good")], [(0.0, 3.4, 2.0, 2.0)]),  # begins in bad form
        ([(3, "bad")], [(0.0, 2.9, 0.0, 0.0)]),
        ([(3, "good"), (1.3, "unseen"), (3, "good")], [(0.0, 7.2, 5.8, 5.8)]),  # unseen counts as nothing
        ([(3, "good"), (1.8, "unseen"), (3, "good")], [(0.0, 2.9, 2.9, 2.9), (4.8, 7.7, 2.9, 2.9)]),  # lost
        ([(3, "good"), (2.8, "other"), (3, "good")], [(0.0, 8.7, 5.8, 5.8)]),  # a short rest
        ([(3, "good"), (3.2, "other"), (3, "good")], [(0.0, 2.9, 2.9, 2.9), (6.2, 9.1, 2.9, 2.9)]),  # left
        ([(0.8, "good"), (BLINK_S - 0.1, "unseen"), (0.8, "good")], [(0.0, 1.7, 1.4, 1.4)]),
        ([(0.8, "good"), (BLINK_S + 0.2, "unseen"), (0.8, "good")], []),
    ],
)
def test_the_clocks_of_holds(parts, clocks):
    got = hold(*parts)[1]
    assert len(got) == len(clocks)
    for one, expected in zip(got, clocks, strict=True):
        assert one == pytest.approx(expected, abs=1e-6)


def test_while_it_may_not_start_it_waits_and_then_counts_from_the_first_frame():
    machine = HoldMachine(1.0, 3.0, 1.5)
    for i in range(31):
        machine.update(i / 10, True, True, True, ready=i >= 25)
        assert machine.running == (i >= 25)
    assert machine.clocks() == pytest.approx((0.0, 3.0, 3.0, 3.0))


def test_begin_anew_forgets_the_wait_but_not_a_hold_that_runs():
    machine = HoldMachine(1.0, 3.0, 1.5)
    for i in range(40):
        if i in (8, 35):
            machine.begin_anew()
        machine.update(i / 10, True, True, True)
    assert machine.clocks() == pytest.approx((0.8, 3.9, 3.1, 3.1))


def test_a_jump_in_time_is_time_unseen():
    machine = HoldMachine(1.0, 3.0, 1.5)
    times = [*np.arange(0, 2.05, 0.1), *np.arange(12, 13.45, 0.1)]
    ended = [machine.clocks() for t in times if machine.update(float(t), True, True, True)]
    assert ended == [pytest.approx((0.0, 2.0, 2.0, 2.0))]
    assert machine.running
    assert machine.clocks() == pytest.approx((12.0, 13.4, 1.4, 1.4))


def test_a_jump_in_time_is_no_wait_in_the_posture():
    machine = HoldMachine(1.0, 3.0, 1.5)
    for t in (0.0, 0.1, 10.0, 10.1):
        machine.update(t, True, True, True)
    assert not machine.running


@pytest.mark.parametrize(("what", "gone_s"), [("other", 3.0), ("unseen", 1.5)])
def test_a_hold_is_over_as_soon_as_the_posture_has_been_left_for_long_enough(what, gone_s):
    """Who stays on the floor for a rest hears of it then, not when they are back."""
    machine = HoldMachine(1.0, leave_s=3.0, lost_s=1.5)
    ended_s = []
    for i in range(100):
        here = i <= 20 or i >= 80
        seen = here or what != "unseen" or i >= 60
        ended_s += [i / 10] if machine.update(i / 10, seen, here, here) else []
    assert ended_s == [pytest.approx(2.0 + gone_s, abs=0.15)]


@pytest.mark.parametrize(("at_most_s", "clocks"), [(9.0, (0.0, 5.9, 4.4, 3.9)), (3.0, (0.0, 3.0, 3.0, 3.0))])
def test_a_hold_that_is_stopped_lasts_and_is_in_form_for_no_longer_than_it_may(at_most_s, clocks):
    machine = HoldMachine(1.0, 3.0, 1.5)
    for i in range(60):
        machine.update(i / 10, True, True, i <= 5 or i >= 21)
    assert machine.stop(at_most_s)
    assert not machine.running
    assert machine.clocks() == pytest.approx(clocks)
