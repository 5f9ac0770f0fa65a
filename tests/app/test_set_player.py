"""What the player of a set is given is the set itself: read back, it is what the record and the landmarks say."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from formcheck.app.player.motion import STEPS, motion
from formcheck.exercises import load
from formcheck.i18n import LANGUAGES
from formcheck.model.frames import Pose
from formcheck.video.draw import JOINTS
from tests.synthetic_cases import CLEAN, FAULTY, VIEW_AZIMUTHS, judged, made, prescription


def read(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("exercise", "rule"), [("squat", "knees_in"), ("lunge", "trunk_lean"), ("plank", "hips_low")])
def test_a_set_comes_back_from_what_the_player_is_given(exercise: str, rule: str, language: str):
    faulty = FAULTY[exercise][rule]
    poses = made(exercise, [CLEAN[exercise], faulty.part], VIEW_AZIMUTHS[faulty.view]).poses
    done = judged(poses, exercise, prescription=prescription(exercise))
    given = json.loads(json.dumps(motion(done.record, done.trace, load(exercise), language), allow_nan=False))
    frames = len(done.trace.t_s)
    assert read(given["t_s"], "<f4") == pytest.approx(done.trace.t_s, abs=1e-3)
    points = read(given["points"], "<u2").reshape(frames, given["joints"], 2)
    seen = points[..., 0] != 65535
    assert seen.mean() > 0.9
    shares = done.trace.image_px[:, JOINTS] / np.asarray(done.trace.size_px)
    assert np.abs(points / STEPS - 1 - shares)[seen].max() <= 0.51 / STEPS
    units = done.record.holds or done.record.reps
    assert [(unit["index"], unit["start_s"]) for unit in given["units"]] == [(one.index, one.start_s) for one in units]
    for angle in given["angles"]:
        assert len(read(angle["deg"], "<f4")) == frames
    (shown,) = [fault for fault in given["faults"] if fault["cue"] == load(exercise).rule(rule).cue[language]][:1]
    assert shown["severity"] == 2
    assert shown["joints"]
    assert all(0 <= joint < given["joints"] for joint in shown["joints"])
    assert shown["start_s"] <= shown["worst_s"] <= shown["end_s"]


def test_an_empty_set_has_nothing_to_mark():
    poses = [Pose.nobody(i / 10, (640, 480)) for i in range(20)]
    done = judged(poses, "squat")
    given = motion(done.record, done.trace, load("squat"), "en")
    assert (given["units"], given["faults"]) == ([], [])
    assert (read(given["points"], "<u2") == 65535).all()


def test_where_no_angle_is_drawn_there_is_no_band_for_it():
    done = judged(made("single_leg_stance", [CLEAN["single_leg_stance"]], 0.0).poses, "single_leg_stance")
    given = motion(done.record, done.trace, load("single_leg_stance"), "en")
    assert (given["angles"], given["band"]) == ([], None)
    assert len(given["units"]) == 1
