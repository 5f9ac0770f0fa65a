"""Sway on the review page: asked for at a stance alone, measured in a second pass, and told where the method is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck.analysis import hold_sway, run
from formcheck.analysis.hold_sway import with_sway
from formcheck.analysis.run import PoseSequence, SetResult
from formcheck.model.records import Source
from formcheck.synthetic import BALANCE_CAMERA, Recording, StanceHold, stance_set
from tests.app.test_review_page import analyse, choose_sample, open_page
from tests.pages import words

if TYPE_CHECKING:
    from formcheck.model.frames import Pose

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the pose estimator have seen a stance of 24 s; return how often it looked, and with what model."""
    poses: list[Pose] = stance_set([StanceHold(24.0)], BALANCE_CAMERA, Recording(fps=10)).poses
    looked: list[str] = []

    def read_video(path, *, model, progress, **_how) -> PoseSequence:
        looked.append(f"smoothed {model}")
        progress(len(poses), 1.0)
        source = Source(name=path.name, width=640, height=480, duration_s=poses[-1].t_s)
        return PoseSequence(tuple(poses), source, {"model": model})

    def measure_sway(_path, result: SetResult, *, model, progress) -> SetResult:
        looked.append(f"as it is {model}")
        progress(len(poses), 1.0)
        return with_sway(result, lambda a, b: [pose for pose in poses if a <= pose.t_s <= b])

    monkeypatch.setattr(run, "read_video", read_video)
    monkeypatch.setattr(hold_sway, "measure_sway", measure_sway)
    return looked


def page_of(exercise: str, language: str = "en"):
    page = open_page(language)
    choose_sample(page)
    return page.selectbox(key=f"exercise-{language}").set_value(exercise).run()


@pytest.mark.parametrize(("language", "said"), [("en", "Sway in hold 1 (left)"), ("da", "Svaj i hold 1 (venstre)")])
def test_it_is_measured_when_asked_and_told_with_its_noise(passes, language, said):
    page = page_of("single_leg_stance", language)
    page.checkbox(key="sway").set_value(True).run()
    analyse(page)
    assert passes == ["smoothed lite", "as it is lite"]
    assert said in words(page)


def test_it_is_not_measured_unasked(passes):
    assert "Sway in hold" not in words(analyse(page_of("single_leg_stance")))
    assert passes == ["smoothed lite"]


@pytest.mark.parametrize("exercise", ["squat", "wall_sit", "auto"])
def test_it_is_offered_for_standing_in_balance_alone(passes, exercise):
    assert "sway" not in {box.key for box in page_of(exercise).checkbox}
