"""The sway of a set's long holds: a second look at the video, each picture by itself, and what is said of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pytest

from formcheck.analysis.hold_sway import measure_sway, with_sway
from formcheck.engine.signals.sway import LEAST_S, LEAVING_S, SETTLED_S, standing_part_s
from formcheck.exercises import load
from formcheck.model.frames import Frame, Pose
from formcheck.reports.findings import sway_lines
from formcheck.reports.html import html_report
from formcheck.synthetic import BALANCE_CAMERA, Recording, StanceHold, stance_set
from tests.cli_runs import one_sentence, run
from tests.media import pictures, write_video
from tests.synthetic_cases import judged

if TYPE_CHECKING:
    from pathlib import Path

HOLDS = [StanceHold(24.0), StanceHold(6.0, support="right")]
POSES = stance_set(HOLDS, BALANCE_CAMERA, Recording(fps=10)).poses
SWAY_LEGS, HERTZ = 0.02, 0.3
SPEC = load("single_leg_stance")


def swaying(pose: Pose) -> Pose:
    """Return the pose with the hips moved sideways, which nothing else sees."""
    leg_px = float(pose.image_px[[27, 28], 1].max() - pose.image_px[[23, 24], 1].mean())
    image_px = pose.image_px.copy()
    image_px[[23, 24], 0] += SWAY_LEGS * leg_px * np.sin(2 * np.pi * HERTZ * pose.t_s)
    return replace(pose, image_px=image_px)


class FakeEstimator:
    """Gives the poses of the synthetic set, whatever the picture shows; without smoothing they sway."""

    opened: ClassVar[list[bool]] = []

    def __init__(self, model: str = "full", *, smoothing: bool = True) -> None:
        self.smoothing = smoothing
        self.opened.append(smoothing)

    def __enter__(self) -> FakeEstimator:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def estimate(self, frame: Frame) -> Pose:
        pose = replace(min(POSES, key=lambda pose: abs(pose.t_s - frame.t_s)), t_s=frame.t_s)
        return pose if self.smoothing else swaying(pose)


@pytest.fixture
def video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("formcheck.pose.mediapipe_tasks.MediaPipeEstimator", FakeEstimator)
    monkeypatch.setattr(FakeEstimator, "opened", [])
    return write_video(tmp_path / "stance.mp4", pictures(len(POSES)), fps=10)


@pytest.fixture(scope="module")
def result():
    found = judged(POSES, "single_leg_stance")
    return replace(found, record=found.record.model_copy(update={"software": {"model": "full"}}))


def test_a_hold_is_standing_between_its_beginning_and_its_end():
    assert standing_part_s(10.0, 40.0) == (10.0 + SETTLED_S, 40.0 - LEAVING_S)
    assert standing_part_s(10.0, 10.0 + LEAST_S + SETTLED_S) is None


def test_the_sway_of_the_long_hold_alone_is_measured_and_nothing_else_changes(result):
    asked: list[tuple[float, float]] = []

    def poses_between(start_s: float, end_s: float) -> list[Pose]:
        asked.append((start_s, end_s))
        return [swaying(pose) for pose in POSES if start_s <= pose.t_s <= end_s]

    long, short = with_sway(result, poses_between).record.holds
    assert asked == [standing_part_s(long.start_s, long.end_s)]
    assert long.measures["sway_sideways_ratio"] == pytest.approx(SWAY_LEGS / np.sqrt(2), rel=0.1)
    assert long.measures["sway_path_ratio"] == pytest.approx(4 * SWAY_LEGS * HERTZ, rel=0.1)
    assert long.measures["sway_seen_s"] == pytest.approx(asked[0][1] - asked[0][0], abs=0.1)
    assert "sway_sideways_ratio" not in short.measures
    assert "sway_sideways_ratio" not in result.record.holds[0].measures
    kept = {name: value for name, value in long.measures.items() if not name.startswith("sway")}
    assert kept == result.record.holds[0].measures


def test_what_could_not_be_seen_is_not_measured(result):
    lost = [Pose.nobody(pose.t_s, pose.size_px) for pose in POSES]
    found = with_sway(result, lambda a, b: [pose for pose in lost if a <= pose.t_s <= b])
    assert found.record.holds[0].measures["sway_path_ratio"] is None
    assert with_sway(result, lambda a, b: []).record.holds[0].measures["sway_path_ratio"] is None


def test_the_video_is_looked_at_again_without_smoothing(result, video):
    told: list[float] = []
    found = measure_sway(video, result, progress=lambda done, share: told.append(share))
    assert FakeEstimator.opened == [False]
    assert found.record.holds[0].measures["sway_sideways_ratio"] == pytest.approx(SWAY_LEGS / np.sqrt(2), rel=0.1)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Sway in hold 1 (left): sideways 1.40 % of the leg's length (noise 0.08 %), path 2.40 % a second (noise 3.16 %).",
        ),
        (
            "da",
            "Svaj i hold 1 (venstre): sidelæns 1,40 % af benets længde (støj 0,08 %), vej 2,40 % i sekundet (støj 3,16 %).",
        ),
    ],
)
def test_it_is_said_beside_its_noise_and_as_an_own_trend(result, language, said):
    first = result.record.holds[0]
    measures = {"sway_sideways_ratio": 0.014, "sway_path_ratio": 0.024}
    record = result.record.model_copy(update={"holds": [first.model_copy(update={"measures": measures})]})
    lines = sway_lines(record, SPEC, language)
    assert lines[0] == said
    assert len(lines) == 2
    other = record.model_copy(update={"software": {"model": "lite"}})
    assert "–" in sway_lines(other, SPEC, language)[0]  # the noise of that model has not been measured
    assert sway_lines(result.record, SPEC, language) == []
    assert said not in html_report(record, None, SPEC, language)  # the person's own report says nothing of it


def test_the_command_line_measures_it_when_asked(video, capsys, tmp_path):
    args = ["analyze", video, "--exercise", "single_leg_stance"]
    assert "Sway" not in run(capsys, *args).out
    done = run(capsys, *args, "--sway", "--json", tmp_path / "set.json")
    assert (done.code, "Sway in hold 1 (left): sideways 1.4" in done.out) == (0, True)
    record = json.loads((tmp_path / "set.json").read_text())
    assert record["holds"][0]["measures"]["sway_sideways_ratio"] == pytest.approx(SWAY_LEGS / np.sqrt(2), rel=0.1)
    short = run(capsys, *args, "--sway", "--end", "15")
    assert "No hold lasted 22.5 s, so its sway was not measured." in short.out


@pytest.mark.parametrize("exercise", ["squat", "plank", "auto"])
def test_sway_is_of_standing_in_balance_alone(video, capsys, exercise):
    done = run(capsys, "analyze", video, "--exercise", exercise, "--sway")
    assert done.code == 2
    assert one_sentence(done.err).startswith("--sway looks at a video a second time")
