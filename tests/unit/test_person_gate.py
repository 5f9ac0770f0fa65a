"""Following one person among others: pauses, absences, and the events that say so."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.engine.person.gate import PersonGate, inside_picture
from formcheck.model.frames import Pose
from formcheck.synthetic import Camera, Recording, SquatRep, squat_set

STILL = squat_set([SquatRep()], Camera(90), Recording(fps=10)).poses[0]
SIZE = (2400, 1600)
HIPS = STILL.image_px[[23, 24]].mean(axis=0)
TORSO = 200.0
FIGURE = (STILL.image_px - HIPS) * TORSO / np.hypot(*(STILL.image_px[[11, 12]].mean(axis=0) - HIPS))
STEP_S = 0.1


def seen(t_s: float, x_torsos: float = 0.0, scale: float = 1.0) -> Pose:
    """Return a standing person moved sideways from the middle of the picture and scaled about the hips."""
    points = FIGURE * scale + [1200 + x_torsos * TORSO, 800]
    return Pose(t_s, points.astype(np.float32), STILL.world_m, STILL.visibility, SIZE)


def follow(*parts, gate: PersonGate | None = None) -> tuple[PersonGate, list[bool], list[float]]:
    """Run parts (seconds, None or (place, scale)) and return the gate, what it said, and when it took a new person."""
    gate, said, changed, i = gate or PersonGate(), [], [], 0
    for seconds, who in parts:
        for _ in range(round(seconds / STEP_S)):
            t_s = round(i * STEP_S, 6)
            said.append(gate.update(Pose.nobody(t_s, SIZE) if who is None else seen(t_s, *who)))
            changed += [t_s] if gate.changed else []
            i += 1
    return gate, said, changed


HERE, BESIDE, FAR_BEHIND = (0, 1), (2, 1), (0.6, 0.5)


def test_nobody_first_is_no_event():
    gate, said, _ = follow((3, None), (1, HERE))
    assert said == [False] * 30 + [True] * 10
    assert gate.events == []


@pytest.mark.parametrize("other", [BESIDE, (-2, 1), FAR_BEHIND, (0.9, 2.0)])
def test_a_jump_pauses_and_the_return_resumes(other):
    gate, said, changed = follow((1, HERE), (1.5, other), (1, HERE))
    assert said == [True] * 10 + [False] * 15 + [True] * 10
    assert (gate.events, changed, gate.paused) == ([("person_changed", 1.0, 2.4)], [], False)


def test_each_pause_is_an_event_of_its_own():
    gate, _, _ = follow((1, HERE), (0.5, BESIDE), (1, HERE), (0.2, (-3, 1)), (1, HERE))
    assert gate.events == [("person_changed", 1.0, 1.4), ("person_changed", 2.5, 2.6)]


def test_while_somebody_else_stays_it_stays_paused():
    gate, said, _ = follow((1, HERE), (20, BESIDE))
    assert not any(said[10:])
    assert gate.paused
    assert gate.events == [("person_changed", 1.0, 20.9)]


@pytest.mark.parametrize("gone_s", [0.3, 0.9])
def test_a_short_absence_is_no_event_and_the_same_person_goes_on(gone_s):
    gate, said, changed = follow((1, HERE), (gone_s, None), (1, HERE))
    assert said[-10:] == [True] * 10
    assert (gate.events, changed) == ([], [])


def test_who_comes_within_a_second_in_another_place_is_somebody_else():
    gate, said, _ = follow((1, HERE), (0.5, None), (1, (4, 1)))
    assert not any(said[10:])
    assert gate.paused
    assert gate.events == [("person_changed", 1.5, 2.4)]


@pytest.mark.parametrize(("back", "new"), [(HERE, False), ((0.5, 1), False), ((5, 1), True), ((-5, 1.4), True)])
def test_after_more_than_a_second_whoever_comes_is_followed(back, new):
    gate, said, changed = follow((1, HERE), (2, None), (1, back))
    assert said == [True] * 10 + [False] * 20 + [True] * 10
    assert gate.events == [("person_lost", 1.0, 2.9)]
    assert changed == ([3.0] if new else [])


def test_when_both_have_gone_the_pause_is_over_and_the_next_one_is_followed():
    gate, said, changed = follow((1, HERE), (1, (4, 1)), (1.5, None), (1, (4, 1)))
    assert said[-10:] == [True] * 10
    assert [event[0] for event in gate.events] == ["person_changed", "person_lost"]
    assert gate.events == [("person_changed", 1.0, 1.9), ("person_lost", 2.0, 3.4)]
    assert changed == [3.5]
    assert not gate.paused


def test_two_absences_are_two_events():
    gate, _, _ = follow((1, HERE), (2, None), (1, HERE), (1.5, None))
    assert gate.events == [("person_lost", 1.0, 2.9), ("person_lost", 4.0, 5.4)]


def test_walking_and_coming_nearer_is_no_jump():
    gate = PersonGate()
    for i in range(60):  # two trunk lengths a second sideways, and a third larger in the end
        assert gate.update(seen(i * STEP_S, -4 + 0.2 * min(i, 40), 1 + i / 180))
    assert gate.events == []


def test_inside_counts_the_edges_and_not_what_is_missing():
    points = np.array([[[0, 0], [640, 480], [-0.1, 5], [5, 480.1], [np.nan, 5]]])
    assert inside_picture(points, (640, 480)).tolist() == [[True, True, False, False, False]]
