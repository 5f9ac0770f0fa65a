"""What is no exercise is not counted, and what is not a person is nobody. One exercise for another: see ``test_recognition``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.exercises import load, names
from formcheck.synthetic import (
    DISTRACTORS,
    PLANK_CAMERA,
    Camera,
    LandingRep,
    PlankSegment,
    Recording,
    animal,
    another_person,
    film,
    landing_set,
    plank_set,
    road,
    walk,
)
from formcheck.synthetic.distractors import sit_and_stand_up_later
from tests.synthetic_cases import CLEAN, IS_ONE, judged, made, record_of

AROUND = (0, 45, 90, 180)
AS_REPETITIONS = [name for name in names() if load(name).movement.kind == "rep_cycle"]


def nothing(record) -> bool:
    return (record.rep_count, record.partial_count, record.hold_s, record.reps, record.holds) == (0, 0, 0.0, [], [])


@pytest.mark.parametrize(("seat_s", "azimuth_deg"), [(2.0, 90), (4.0, -90), (8.0, 75), (2.0, 75)])
def test_sitting_down_for_a_while_is_no_squat(seat_s, azimuth_deg):
    """From the side the body is seen to rest behind the feet; from the front a chair cannot be told from a deep squat."""
    poses = film(sit_and_stand_up_later(seat_s), Camera(azimuth_deg), Recording(fps=25))
    assert nothing(record_of(poses, "squat"))


@pytest.mark.parametrize(
    ("distractor", "side"), [(name, (i + j) % 4) for i, name in enumerate(DISTRACTORS) for j in (0, 1)]
)
def test_a_distractor_counts_nothing(distractor, side):
    """Each distractor from two of ahead, aslant, the side and behind, in turn; half of the exercises look at each."""
    script = DISTRACTORS[distractor]()
    poses = film(script, Camera(AROUND[side]), Recording(fps=15, noise_px=0.5, seed=2))
    first = (side + list(DISTRACTORS).index(distractor)) % 2
    for exercise in names()[first::2]:
        if (distractor, exercise) in IS_ONE:
            continue
        record = record_of(poses, exercise)
        assert nothing(record), (
            exercise,
            [(rep.start_s, rep.end_s, rep.counted) for rep in record.reps],
            record.hold_s,
        )
        assert record.faults == []


@pytest.mark.parametrize("azimuth_deg", [90, -90, 70, 110])
def test_push_ups_seen_from_the_floor_are_no_plank(azimuth_deg):
    low = Camera(azimuth_deg, PLANK_CAMERA.height_m, PLANK_CAMERA.distance_m, PLANK_CAMERA.look_at_m)
    assert nothing(record_of(film(DISTRACTORS["push_ups"](), low, Recording(fps=20)), "plank"))


@pytest.mark.parametrize("azimuth_deg", [*AROUND, -90, -150])
def test_a_squat_is_no_lunge_and_a_lunge_no_squat(azimuth_deg):
    squats, lunges = (made(name, [CLEAN[name]] * 2, azimuth_deg).poses for name in ("squat", "lunge"))
    for poses, exercise in ((squats, "lunge"), (lunges, "squat"), (squats, "plank"), (lunges, "plank")):
        assert nothing(record_of(poses, exercise)), exercise


@pytest.mark.parametrize(("distractor", "exercise"), sorted(IS_ONE))
def test_what_is_named_as_one_of_them_is_found(distractor, exercise):
    poses = film(DISTRACTORS[distractor](), Camera(90), Recording(fps=15, noise_px=0.5, seed=2))
    record = record_of(poses, exercise)
    assert record.reps or record.holds


@pytest.mark.parametrize("exercise", AS_REPETITIONS)
def test_a_plank_is_no_repetition(exercise):
    parts = [PlankSegment(3), PlankSegment(3, sag_deg=-40), PlankSegment(3), PlankSegment(3, sag_deg=20)]
    assert nothing(record_of(plank_set(parts, recording=Recording(fps=25)).poses, exercise))


def test_a_moment_in_the_posture_is_no_hold():
    assert nothing(record_of(plank_set([PlankSegment(0.8)], recording=Recording(fps=25)).poses, "plank"))


@pytest.mark.parametrize("seed", range(2))
def test_an_animal_is_nobody_and_counts_nothing(seed):
    poses = animal(seconds=10, seed=seed)
    for exercise in names():
        record = record_of(poses, exercise)
        assert nothing(record)
        assert record.quality.person_share < 0.05


@pytest.mark.parametrize("exercise", names())
def test_an_empty_road_gives_a_whole_record_in_which_nothing_was_judged(exercise):
    seen = []
    record = judged(road(seconds=4), exercise, on_frame=seen.append).record
    assert nothing(record)
    assert not record.person_seen
    assert (record.quality.person_share, record.quality.assessable_share) == (0, 0)
    assert {n.rule for n in record.not_assessed} == {rule.id for rule in load(exercise).rules}
    assert {n.reason for n in record.not_assessed} == {"nothing_done"}
    assert record.view.label == "unknown"
    assert {result.phase for result in seen} == {"nobody"}
    assert record == record.model_validate_json(record.model_dump_json())


@pytest.mark.parametrize("exercise", AS_REPETITIONS)
def test_standing_still_judges_nothing_and_says_why(exercise):
    record = record_of(film(DISTRACTORS["standing"](), None, Recording(fps=20)), exercise)
    assert nothing(record)
    assert record.person_seen
    assert {n.rule for n in record.not_assessed} == {rule.id for rule in load(exercise).rules}


@pytest.mark.parametrize(("scale", "move_px"), [(0.55, 220.0), (1.0, 260.0), (1.6, -230.0)])
def test_somebody_else_in_the_picture_pauses_the_set_and_is_an_event(scale, move_px):
    set_ = made("squat", [CLEAN["squat"]] * 4)
    other = (set_.truth[1].start_s - 0.3, set_.truth[1].end_s + 0.3)
    seen = []
    poses = another_person(set_.poses, *other, scale=scale, move_px=move_px)
    record = judged(poses, "squat", on_frame=seen.append).record
    assert record.rep_count == 3
    assert [rep.turn_s for rep in record.reps] == pytest.approx([set_.truth[i].turn_s for i in (0, 2, 3)], abs=0.3)
    (event,) = record.events
    assert event.kind == "person_changed"
    assert (event.start_s, event.end_s) == pytest.approx(other, abs=0.15)
    assert {r.phase for r in seen if other[0] <= r.t_s < other[1]} == {"paused"}
    assert "paused" not in {r.phase for r in seen if not other[0] <= r.t_s < other[1]}


def test_a_person_who_leaves_is_an_event_and_their_set_goes_on_when_they_are_back():
    truth = made("squat", [CLEAN["squat"]] * 4).truth
    away = (truth[1].end_s + 0.4, truth[2].end_s + 0.4)
    record = record_of(made("squat", [CLEAN["squat"]] * 4, gaps_s=(away,)).poses, "squat")
    assert record.rep_count == 3
    (event,) = record.events
    assert event.kind == "person_lost"
    assert (event.start_s, event.end_s) == pytest.approx(away, abs=0.15)


@pytest.mark.parametrize(
    ("heading_deg", "noise_px"),
    [(0, 0.5), (45, 3.0), (90, 3.0), (135, 0.5), (180, 3.0), (225, 3.0), (270, 0.5), (315, 0.5)],
)
def test_walking_is_no_repetition_whichever_way_it_goes(heading_deg, noise_px):
    poses = film(
        DISTRACTORS["walk_across"](), Camera(heading_deg), Recording(fps=10, noise_px=noise_px, seed=heading_deg)
    )
    for exercise in AS_REPETITIONS:
        assert record_of(poses, exercise).rep_count == 0, exercise


@pytest.mark.parametrize("legs_per_s", [-0.8, 0.5])
@pytest.mark.parametrize(("exercise", "azimuth_deg"), [("squat", 0), ("squat", 90), ("sit_to_stand", 0), ("lunge", 0)])
def test_hips_that_come_down_while_both_feet_travel_are_no_repetition(exercise, azimuth_deg, legs_per_s):
    poses = made(exercise, [CLEAN[exercise]] * 2, azimuth_deg).poses
    assert record_of(poses, exercise).rep_count == 2
    leg_px = abs(poses[0].image_px[27, 1] - poses[0].image_px[23, 1])
    carried = [
        replace(
            pose, image_px=pose.image_px + np.array([legs_per_s * leg_px * max(0.0, pose.t_s - 1.6), 0], np.float32)
        )
        for pose in poses
        if pose.t_s < 5.5
    ]
    assert record_of(carried, exercise).rep_count == 0


WALKERS = [  # m/s, m, in place
    (0.3, 0.25, False),
    (0.4, 0.45, True),
    (0.5, 0.3, False),
    (0.8, 0.3, True),
    (0.8, 0.55, False),
    (1.3, 0.7, True),
    (1.8, 0.85, False),
]
"""From the shuffle of somebody very old to walking fast, through the picture and on a treadmill."""


HEADINGS_DEG = (0, 40, 90, 150, 180, -70)


@pytest.mark.parametrize(
    ("speed_m_per_s", "step_m", "in_place", "heading_deg"),
    [(*walker, HEADINGS_DEG[(i + j) % len(HEADINGS_DEG)]) for i, walker in enumerate(WALKERS) for j in (0, 2)],
)
def test_walkers_of_any_speed_who_stand_before_and_after_have_done_nothing(
    speed_m_per_s, step_m, in_place, heading_deg
):
    script = walk(speed_m_per_s, step_m, 5.0, 1.6, in_place)
    poses = film(script, Camera(heading_deg, distance_m=4.0), Recording(fps=10, noise_px=1.0, seed=heading_deg % 7))
    for exercise in ("squat", "sit_to_stand", "lunge", "single_leg_squat", "step_down", "jump_landing"):
        assert record_of(poses, exercise).rep_count == 0, exercise
    assert nothing(record_of(poses, "squat"))


@pytest.mark.parametrize(("jump_m", "fps"), [(0.04, 10), (0.04, 24), (0.06, 12), (0.06, 15), (0.1, 10), (0.1, 24)])
def test_low_jumps_are_no_squats_at_any_frame_rate(jump_m, fps):
    for azimuth_deg in (0, 90):
        poses = landing_set(
            [LandingRep(jump_m=jump_m)] * 2, Camera(azimuth_deg), Recording(fps=fps, noise_px=0.7)
        ).poses
        for exercise in ("squat", "sit_to_stand"):
            assert record_of(poses, exercise).rep_count == 0, (azimuth_deg, exercise)
