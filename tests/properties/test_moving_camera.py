"""A camera that moves, and a film that is cut, change nothing in what the person did."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.model.frames import CameraPlace
from tests.record_comparison import differences
from tests.synthetic_cases import CLEAN, made, record_of


def hand_held(poses, share=0.04):
    """The same poses seen by a camera that drifts by a share of the picture, turns and comes nearer, and says so."""
    out = []
    for pose in poses:
        slow, width = 2 * np.pi * (pose.t_s - poses[0].t_s) / 7.0, pose.size_px[0]
        factor = (1 + share * (1 - np.cos(slow)) / 2) * np.exp(1j * share / 2 * np.sin(1.3 * slow))
        shift = share * width * complex(np.sin(slow), 0.7 * np.sin(2.1 * slow))
        moved = factor * (pose.image_px[:, 0] + 1j * pose.image_px[:, 1]) + shift
        place = CameraPlace((factor.real, factor.imag, shift.real, shift.imag))
        points = np.column_stack([moved.real, moved.imag]).astype(np.float32)
        out.append(replace(pose, image_px=points, camera=place))
    return out


@pytest.mark.parametrize(("exercise", "azimuth_deg"), [("squat", 0), ("squat", 90), ("lunge", 90), ("push_up", 90)])
def test_a_camera_that_moves_and_says_so_gives_the_same_record(exercise, azimuth_deg):
    poses = made(exercise, [CLEAN[exercise]] * 2, azimuth_deg).poses
    still, moving = (record_of(seen, exercise) for seen in (poses, hand_held(poses)))
    assert still.rep_count == 2
    told = [event for event in moving.events if event.kind == "camera_moved"]
    assert len(told) == 1, "one sentence a shot, however often the hand shakes"
    same = moving.model_copy(update={"events": [event for event in moving.events if event not in told]})
    # The person is as large as they were while they stood, so shares of the picture may differ a little; nothing else does.
    assert not differences(still.model_dump(mode="json"), same.model_dump(mode="json"), tolerance=0.02)


def test_the_same_camera_loses_repetitions_when_nobody_says_that_it_moves():
    poses = [replace(pose, camera=None) for pose in hand_held(made("squat", [CLEAN["squat"]] * 3, 0).poses, share=0.1)]
    assert record_of(poses, "squat").rep_count < 3


def test_after_a_cut_somebody_else_elsewhere_is_followed_at_once():
    first, second = made("squat", [CLEAN["squat"]] * 2, 90).poses, made("squat", [CLEAN["squat"]] * 3, 0).poses
    gap_s = first[-1].t_s + 0.04 - second[0].t_s
    cut = [replace(pose, camera=CameraPlace()) for pose in first] + [
        replace(pose, t_s=pose.t_s + gap_s, image_px=pose.image_px * 0.6 + 30, camera=CameraPlace(shot=1))
        for pose in second
    ]
    record = record_of(cut, "squat")
    assert record.rep_count == 5
    assert [event.kind for event in record.events] == ["film_cut"]
    assert [rep.near_side is not None for rep in record.reps] == [True, True, False, False, False]
