"""Which exercise it is: every synthetic set is itself or unsure among its kin, and what is none gives nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.analysis import recognition
from formcheck.analysis.recognition import ExerciseSegment, analysis_ranges, recognise
from formcheck.engine.tracking.candidates import weight_ahead_feet
from formcheck.exercises import load, names
from formcheck.model.skeleton import INDEX
from formcheck.synthetic import DISTRACTORS, Camera, PlankSegment, PushUpRep, Recording, film, road, shift_poses
from tests.synthetic_cases import CLEAN, IS_ONE, KIN, VIEW_AZIMUTHS, apart, judged, made

if TYPE_CHECKING:
    from formcheck.model.frames import Pose

CASES = [
    pytest.param(name, view, marks=[pytest.mark.proof] if i else [])
    for name in names()
    for i, view in enumerate(load(name).views)
]
"""Every exercise from its first view at each change, and from its others by ``make proof``: each is judged as every exercise."""
CHAIR = ("chair_stand_30s", "sit_to_stand")
FPS = 10.0
"""The fewest pictures a second at which a count is vouched for (clinical-rules 5): each of them is judged as every exercise."""
UNSURE = {("squat", "front"), ("squat", "oblique"), ("sit_to_stand", "front"), ("sit_to_stand", "oblique")}
"""A chair cannot be seen, and only from the side does the body's weight tell whether there is one."""


def set_of(name: str, view: str, n: int = 2) -> list[Pose]:
    parts_ = [CLEAN[name]] * (n if apart(name) else 1)
    return list(made(name, parts_, VIEW_AZIMUTHS[view], fps=FPS, noise_px=0.5, seed=3).poses)


def one_after_the_other(*sets: list[Pose]) -> list[Pose]:
    poses: list[Pose] = []
    for set_ in sets:
        poses += shift_poses(set_, poses[-1].t_s + 1 / FPS - set_[0].t_s if poses else 0.0)
    return poses


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[int, float]]:
    """Return what is filled with the repetitions and the seconds that each exercise counts when something is recognised."""
    found = {}

    judge = recognition._judge

    def noting(poses, exercise):
        record, trace = judge(poses, exercise)
        found[exercise.id] = record.rep_count, record.hold_s
        return record, trace

    monkeypatch.setattr(recognition, "_judge", noting)
    return found


@pytest.mark.parametrize(("name", "view"), CASES)
def test_every_exercise_is_recognised_from_every_view_that_it_is_judged_from(name, view, counted):
    """And no other exercise counts it, but the kin that pass through its posture."""
    (segment,) = recognise(set_of(name, view))
    alike = "sit_to_stand" if name == "chair_stand_30s" else name  # so few are not the test
    assert segment.candidates == (("sit_to_stand", "squat") if (alike, view) in UNSURE else (alike,))
    others = {other for other in names() if other != name and frozenset({other, name}) not in KIN}
    assert len(others) >= 15
    assert {other: counted[other] for other in others} == dict.fromkeys(others, (0, 0.0))


def test_stands_for_as_long_as_the_clock_of_the_test_may_be_the_test():
    (segment,) = recognise(set_of("chair_stand_30s", "side", 9))
    assert segment.candidates == CHAIR
    assert segment.exercise is None


@pytest.mark.parametrize("distractor", ["standing", *sorted({distractor for distractor, _ in IS_ONE})])
def test_what_is_no_exercise_gives_nothing(distractor):
    """Of the others nothing is counted at all: see ``test_distractors``."""
    poses = film(DISTRACTORS[distractor](), Camera(90), Recording(fps=15, noise_px=0.5, seed=2))
    may_be = {exercise for name, exercise in IS_ONE if name == distractor}
    assert {name for segment in recognise(poses) for name in segment.candidates} <= may_be


def test_nobody_gives_nothing():
    assert recognise(road(seconds=2)) == recognise([]) == []


@pytest.mark.parametrize(
    ("first", "second", "view"),
    [
        ("squat", "lunge", "side"),
        ("single_leg_stance", "side_lunge", "front"),
        pytest.param("plank", "glute_bridge", "side", marks=pytest.mark.proof),
        pytest.param("sit_to_stand", "heel_raise", "side", marks=pytest.mark.proof),
    ],
)
def test_two_exercises_one_after_the_other_are_two_stretches(first, second, view):
    one, two = set_of(first, view), set_of(second, view)
    found = recognise(one_after_the_other(one, two))
    assert [segment.exercise for segment in found] == [first, second]
    assert found[0].end_s <= one[-1].t_s <= found[1].start_s


def test_each_part_judged_alone_is_the_whole_set():
    poses = one_after_the_other(set_of("squat", "side", 3), set_of("lunge", "side"))
    found = recognise(poses)
    counts = []
    for segment, (start_s, end_s) in zip(found, analysis_ranges(found), strict=True):
        inside = [pose for pose in poses if (start_s or 0) <= pose.t_s <= (end_s or np.inf)]
        counts.append(judged(inside, segment.exercise).record.rep_count)
    assert counts == [3, 2]


def test_a_plank_that_follows_push_ups_without_a_break_is_one_of_its_own():
    push_ups, plank = made("push_up", [PushUpRep()] * 3, fps=15.0), made("plank", [PlankSegment(12)], fps=15.0)
    found = recognise(one_after_the_other(list(push_ups.poses), list(plank.poses)))
    assert [segment.exercise for segment in found] == ["push_up", "plank"]
    assert found[1].start_s == pytest.approx(found[0].end_s, abs=0.5)


def test_squats_and_stands_from_a_chair_are_told_apart_where_a_pause_parts_them():
    pause = [pose for pose in set_of("squat", "side", 1) if pose.t_s < 1.4]
    poses = one_after_the_other(set_of("squat", "side"), *[pause] * 4, set_of("sit_to_stand", "side"))
    assert [segment.exercise for segment in recognise(poses)] == ["squat", "sit_to_stand"]


def test_parts_reach_from_what_was_before_to_what_comes_after():
    found = [
        ExerciseSegment(2, 9, ("squat",)),
        ExerciseSegment(12, 20, ("lunge",)),
        ExerciseSegment(25, 30, ("plank",)),
    ]
    spans = analysis_ranges(found)
    assert spans == [(None, 12), (9, 25), (20, None)]
    assert all(one[1] > two[0] for one, two in pairwise(spans))
    assert analysis_ranges([]) == []


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("facing", [1, -1])
def test_the_weight_is_where_the_body_is(side, facing):
    p = np.zeros((33, 2))
    for joint, x in (("shoulder", 10), ("hip", 10), ("knee", 10), ("ankle", 10), ("heel", 0), ("foot_index", 20)):
        p[INDEX[f"{side}_{joint}"], 0] = facing * x
    assert weight_ahead_feet(p, side) == pytest.approx(0.5)
    p[INDEX[f"{side}_foot_index"], 0] = 0
    assert np.isnan(weight_ahead_feet(p, side))
