"""A body on its hands is calibrated from any view, and its push-ups are counted from all but behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.engine.person.on_hands import OnHandsCalibrator
from formcheck.engine.signals import hands
from formcheck.engine.signals.scene import MeasuredScene
from formcheck.spec.signals import ChestDrop
from formcheck.synthetic import PushUpRep, SquatRep, squat_set
from tests.synthetic_cases import made, record_of


def calibrated(poses):
    calibrator, found = OnHandsCalibrator(None), []
    for pose in poses:
        new = calibrator.update(pose.t_s, pose.image_px.astype(float), pose.size_px, False)
        found += [new] if new is not None else []
    return found


@pytest.mark.parametrize("azimuth_deg", [0, 20, 45, 90, 120, 150])
def test_where_the_camera_stands_is_told_by_trunk_and_widths(azimuth_deg):
    found = calibrated(made("push_up", [PushUpRep()], azimuth_deg).poses)
    assert abs(found[-1].azimuth_deg) == pytest.approx(azimuth_deg, abs=10)


@pytest.mark.parametrize("azimuth_deg", [0, 45, 90])
def test_the_chest_comes_down_by_as_large_a_share_from_every_view(azimuth_deg):
    set_ = made("push_up", [PushUpRep()], azimuth_deg)
    p = np.array([pose.image_px for pose in set_.poses], float)
    drop_deg = MeasuredScene(p, calibrated(set_.poses)[-1]).signal(ChestDrop())
    assert drop_deg[0] == pytest.approx(0, abs=3)
    assert np.nanmax(drop_deg) == pytest.approx(85, abs=8)


def test_who_stands_or_squats_is_on_no_hands():
    poses = squat_set([SquatRep(depth_deg=120)]).poses
    p = np.array([pose.image_px for pose in poses], float)
    assert not hands.on_hands(p, hands.arm_px(p), hands.from_side(p)).any()
    assert calibrated(poses) == []


def test_off_the_hands_for_a_second_another_place_begins():
    poses = made("push_up", [PushUpRep()], 0).poses
    last_s = poses[-1].t_s
    stands = [replace(pose, t_s=pose.t_s + last_s + 0.1) for pose in squat_set([SquatRep()]).poses]
    again = [replace(pose, t_s=pose.t_s + stands[-1].t_s + 0.1) for pose in made("push_up", [PushUpRep()], 90).poses]
    found = calibrated([*poses, *stands, *again])
    assert (found[0].label, found[-1].label) == ("front", "side")
    assert found[-1].start_s > stands[-1].t_s


@pytest.mark.parametrize(
    ("azimuth_deg", "label", "direction", "count"), [(0, "front", "towards", 3), (160, "front", "away", 0)]
)
def test_push_ups_are_counted_but_from_behind_and_there_the_view_is_the_reason(azimuth_deg, label, direction, count):
    record = record_of(made("push_up", [PushUpRep()] * 3, azimuth_deg).poses, "push_up")
    assert (record.view.label, record.view.direction, record.rep_count) == (label, direction, count)
    assert {n.reason for n in record.not_assessed} == {"wrong_view"}


def test_the_last_one_counts_though_the_person_gets_up_from_it():
    poses = made("push_up", [PushUpRep()] * 2, 90).poses
    late = [replace(pose, t_s=pose.t_s + poses[-1].t_s + 0.04) for pose in squat_set([SquatRep()]).poses]
    assert record_of([*poses, *late], "push_up").rep_count == 2
