"""Sets as people film them: shallow, slow, cut, on the knees, ended too early. Each repetition is counted or accounted for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.synthetic import Camera, LungeRep, PushUpRep, Recording, RepetitionTempo, SquatRep, film
from formcheck.synthetic.distractors import DISTRACTORS
from tests.synthetic_cases import CLEAN, made, record_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.frames import Pose

NOISE = {"noise_px": 0.7, "seed": 1}
VERY_SLOW = RepetitionTempo(15.0, 1.0, 15.0, 1.5)
SLOW = {
    "squat": SquatRep(tempo=VERY_SLOW),
    "lunge": LungeRep(tempo=VERY_SLOW),
    "push_up": PushUpRep(tempo=VERY_SLOW),
}


def on_the_knees(poses: Sequence[Pose]) -> list[Pose]:
    """Return the same push-ups with the shanks pointing straight up from the knees."""
    out = []
    for pose in poses:
        p = pose.image_px.copy()
        for hip, knee, ankle in ((23, 25, 27), (24, 26, 28)):
            shank_px = 0.9 * max(np.hypot(*(p[hip] - p[knee])), np.hypot(*(p[knee] - p[ankle])))
            p[[ankle, ankle + 2, ankle + 4]] += p[knee] - [0, shank_px] - p[ankle]
        out.append(replace(pose, image_px=p.astype(np.float32)))
    return out


def retimed(poses: Sequence[Pose], fps: float = 25.0) -> list[Pose]:
    """Return the poses as a film of that many pictures a second: what was cut out of it leaves no gap."""
    return [replace(pose, t_s=i / fps) for i, pose in enumerate(poses)]


@pytest.mark.parametrize("azimuth_deg", [0, 45, 90])
@pytest.mark.parametrize("depth_deg", [30, 35, 40, 45, 50])
def test_every_quarter_squat_is_counted_or_told_as_small(azimuth_deg, depth_deg):
    record = record_of(made("squat", [SquatRep(depth_deg=depth_deg)] * 5, azimuth_deg, **NOISE).poses, "squat")
    assert len(record.reps) == 5
    assert record.rep_count == 5 or depth_deg < 40


@pytest.mark.parametrize("azimuth_deg", [0, 90])
def test_a_quarter_squat_is_small_beside_the_persons_own_deep_ones(azimuth_deg):
    depths_deg = (100, 40, 100, 45, 50, 100)
    record = record_of(made("squat", [SquatRep(depth_deg=d) for d in depths_deg], azimuth_deg, **NOISE).poses, "squat")
    assert [rep.counted for rep in record.reps] == [depth > 50 for depth in depths_deg]


@pytest.mark.parametrize("exercise", sorted(SLOW))
@pytest.mark.parametrize("azimuth_deg", [0, 90])
def test_slow_motion_is_counted_and_its_time_is_told(exercise, azimuth_deg):
    record = record_of(made(exercise, [SLOW[exercise]] * 2, azimuth_deg, fps=12.0, **NOISE).poses, exercise)
    assert (record.rep_count, record.partial_count) == (2, 0)
    for rep in record.reps:
        assert min(rep.measures["eccentric_s"], rep.measures["concentric_s"]) > 8
        assert rep.end_s - rep.start_s > 18


@pytest.mark.parametrize("azimuth_deg", [0, 90])
@pytest.mark.parametrize("back_too", [True, False])
def test_a_cut_to_the_bottom_makes_no_repetition(azimuth_deg, back_too):
    set_ = made("squat", [SquatRep(tempo=RepetitionTempo(1.2, 3.0, 1.2, 1.0))] * 3, azimuth_deg, **NOISE)
    cut = set_.truth[1]
    there = [
        pose
        for pose in set_.poses
        if not cut.start_s - 0.1 <= pose.t_s < cut.turn_s - 1.2
        and not (back_too and cut.turn_s + 1.2 < pose.t_s <= cut.end_s + 0.1)
    ]
    assert record_of(retimed(there), "squat").rep_count == 2


@pytest.mark.parametrize("azimuth_deg", [0, 90])
@pytest.mark.parametrize(("share", "counted"), [(0.5, 2), (0.6, 2), (0.65, None), (0.8, 3), (0.9, 3)])
def test_a_film_that_ends_on_the_way_up_counts_or_says_so(azimuth_deg, share, counted):
    """``share``: of the time of the way up, which is half done at 0.5."""
    set_ = made("squat", [SquatRep()] * 3, azimuth_deg, **NOISE)
    last = set_.truth[-1]
    until_s = last.turn_s + share * (last.end_s - last.turn_s)
    record = record_of([pose for pose in set_.poses if pose.t_s <= until_s], "squat")
    events = [event for event in record.events if event.kind == "repetition_cut_off"]
    assert record.rep_count == (counted or record.rep_count)
    assert record.rep_count + len(events) == 3
    for event in events:
        assert event.start_s == pytest.approx(last.start_s, abs=0.4)
        assert event.end_s == pytest.approx(until_s, abs=0.1)


@pytest.mark.parametrize("azimuth_deg", [0, 90])
def test_a_set_that_opens_half_way_down_counts_all(azimuth_deg):
    set_ = made("squat", [SquatRep()] * 3, azimuth_deg, **NOISE)
    from_s = (set_.truth[0].start_s + set_.truth[0].turn_s) / 2
    record = record_of([replace(p, t_s=p.t_s - from_s) for p in set_.poses if p.t_s >= from_s], "squat")
    assert record.rep_count == 3
    assert not record.events


@pytest.mark.parametrize("azimuth_deg", [0, 45, 90, 120])
def test_push_ups_on_the_knees_are_counted_by_the_chest(azimuth_deg):
    record = record_of(on_the_knees(made("push_up", [PushUpRep()] * 3, azimuth_deg, **NOISE).poses), "push_up")
    assert (record.rep_count, record.partial_count) == (3, 0)


@pytest.mark.parametrize("azimuth_deg", [0, 30, 45, 90])
def test_jumping_jacks_are_no_squat(azimuth_deg):
    poses = film(DISTRACTORS["jumping_jacks"](), Camera(azimuth_deg), Recording(fps=25, **NOISE))
    assert record_of(poses, "squat").reps == []


@pytest.mark.parametrize("azimuth_deg", [0, 20, -20, 40])
@pytest.mark.parametrize("exercise", ["lunge", "squat"])
def test_a_single_leg_squat_is_neither_lunge_nor_squat(azimuth_deg, exercise):
    name = "single_leg_squat"
    assert record_of(made(name, [CLEAN[name]] * 3, azimuth_deg, **NOISE).poses, exercise).reps == []
