"""Two people in one film, the larger stands and the smaller one squats: the one who squats is followed, or the one asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

import formcheck
from formcheck.analysis.run import PoseSequence, read_video
from formcheck.cli import main
from formcheck.errors import UsageError
from formcheck.exercises import load
from formcheck.files.samples import samples
from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
from formcheck.reports.tables import view_line
from formcheck.video.files import Reading, read_frames
from tests import media

if TYPE_CHECKING:
    from pathlib import Path

SQUATS = next(sample for sample in samples("squat") if sample.name == "squat_side_mixed_depth")
STANDS = next(sample for sample in samples("squat") if sample.name == "squat_front_good")
END_S = SQUATS.truth()["units"][0]["end_s"] + 0.4
"""The first repetition, and the standing still before it."""
FPS = 12.5


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a film: on the left somebody stands, on the right, at three quarters of the size, somebody squats once."""
    stands = next(read_frames(STANDS.path)).rgb[:, 257:597]
    frames, times_s = [], []
    for frame in read_frames(SQUATS.path, end_s=END_S, reading=Reading(max_frames_per_s=FPS)):
        small = frame.rgb[:, 187:667][
            np.ix_(np.arange(0, 480, 4 / 3).astype(int), np.arange(0, 480, 4 / 3).astype(int))
        ]
        right = np.full((480, 360, 3), 128, np.uint8)
        right[120:] = small
        frames.append(np.hstack([stands, right])[:, :700])
        times_s.append(frame.t_s)
    path = tmp_path_factory.mktemp("people") / "two.mp4"
    return media.write_video(path, frames, times_s=times_s, fps=FPS)


@pytest.fixture(scope="module")
def poses(film: Path) -> PoseSequence:
    return read_video(film, model="lite")


def test_the_one_who_does_the_exercise_is_followed(poses: PoseSequence):
    record = poses.judge(load("squat")).record
    assert record.rep_count == 1
    assert record.source.person.number == 2
    assert not record.source.person.on_request
    assert view_line(record, "en").endswith("; of 2 people the one on the right was followed")
    assert view_line(record, "da").endswith("; af 2 personer blev den til højre fulgt")
    left, right = (one.box_px for one in record.source.person.people)
    assert left[0] < left[2] < right[0] < right[2], "each has a place to be cut out"
    assert np.ptp(left[1::2]) > 1.2 * np.ptp(right[1::2])


def test_another_exercise_follows_the_one_who_does_that(poses: PoseSequence):
    """Each is there to be judged: the first, who moves more, and the one who stands."""
    assert poses.source.person.number == 2
    (other,) = poses.others
    assert other.source.person.number == 1
    hips_px = np.array([pose.image_px[[23, 24]].mean(axis=0) for pose in other.poses])
    assert np.ptp(hips_px, axis=0).max() < 10, "in every picture the one who stands"
    assert len(poses.part(1.0, 3.0).others[0].poses) == len(poses.part(1.0, 3.0).poses) < len(poses.poses)


def test_another_person_can_be_asked_for(film: Path, poses: PoseSequence, capsys: pytest.CaptureFixture[str]):
    asked = formcheck.analyze(film, "squat", model="lite", person=2).record
    found = poses.judge(load("squat")).record
    assert asked.source.person.on_request
    assert asked.reps == found.reps
    assert main(["analyze", str(film), "--exercise", "squat", "--model", "lite", "--person", "1", "--lang", "en"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "of 2 people the one on the left was followed" in said
    assert "Another person can be followed: --person 2" in said


def test_a_person_who_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]):
    part = {"model": "lite", "end_s": 0.2}
    with pytest.raises(UsageError, match="shows no person 2: from left to right there are 1"):
        formcheck.analyze(SQUATS.path, "squat", person=2, **part)
    assert formcheck.analyze(SQUATS.path, "squat", person=1, **part).record.source.person is None
    assert main(["analyze", "--landmarks", "set.npz", "--exercise", "squat", "--person", "1", "--lang", "en"]) == 2
    assert "landmarks have none" in capsys.readouterr().err


def test_one_person_has_the_poses_of_one_plain_look():
    material = read_video(SQUATS.path, model="lite", end_s=3.2, max_fps=FPS)
    with MediaPipeEstimator("lite") as estimator:
        plain = [
            estimator.estimate(frame)
            for frame in read_frames(SQUATS.path, end_s=3.2, reading=Reading(max_frames_per_s=FPS))
        ]
    assert material.others == ()
    assert json.loads(material.source.model_dump_json())["person"] is None
    for pose, same in zip(material.poses, plain, strict=True):
        assert np.array_equal(pose.image_px, same.image_px)
        assert np.array_equal(pose.world_m, same.world_m)
