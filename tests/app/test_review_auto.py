"""The review page finds the exercise by itself, and asks where it cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck.analysis import run
from formcheck.analysis.run import PoseSequence
from formcheck.i18n import LANGUAGES, translator
from formcheck.model.records import Source
from formcheck.synthetic import road, shift_poses
from tests.app.test_review_page import analyse, choose_sample, open_page
from tests.pages import words
from tests.synthetic_cases import CLEAN, made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.frames import Pose

pytestmark = pytest.mark.usefixtures("store", "recognised_once")


def poses_of(name: str, azimuth_deg: float) -> list[Pose]:
    return list(made(name, [CLEAN[name]] * 2, azimuth_deg, fps=10.0).poses)


@pytest.fixture
def seen(monkeypatch):
    """Let the pose estimator have seen what is put in."""
    poses: list[Pose] = []

    def read_video(path, *, progress, **_how):
        progress(len(poses), 1.0)
        width, height = poses[0].size_px
        source = Source(name=path.name, width=width, height=height, duration_s=poses[-1].t_s)
        return PoseSequence(tuple(poses), source, {})

    monkeypatch.setattr(run, "read_video", read_video)
    return poses


def page_after(seen: list[Pose], poses: Sequence[Pose], language: str = "en"):
    seen += poses
    page = open_page(language)
    choose_sample(page)
    page.selectbox(key=f"exercise-{language}").set_value("auto").run()
    assert "depth" not in {field.key for field in page.number_input}, "a target needs its exercise"
    return analyse(page)


def test_what_is_sure_is_analysed_as_it(seen):
    page = page_after(seen, poses_of("lunge", 90))
    assert page.session_state.job.outcome.exercise.id == "lunge"
    assert "2 lunges" in words(page)
    assert not page.error


@pytest.mark.parametrize("language", LANGUAGES)
def test_unsure_asks_with_the_candidates(seen, language):
    page = page_after(seen, poses_of("squat", 0), language)
    (question,) = page.warning
    assert question.value.startswith(translator(language)("app.ended.unsure"))
    assert {"en": "Sit to stand or Squat", "da": "Rejse-sætte-sig eller Squat"}[language] in question.value
    assert not page.error


def test_several_are_listed_with_their_times(seen):
    squats = poses_of("squat", 90)
    page = page_after(seen, [*squats, *shift_poses(poses_of("lunge", 90), squats[-1].t_s + 0.1)])
    (question,) = page.warning
    lines = question.value.splitlines()
    assert lines[0] == translator("en")("app.ended.several")
    assert [line.rpartition(": ")[2] for line in lines[-2:]] == ["Squat", "Lunge"]


def test_nothing_found_says_what_to_do(seen):
    page = page_after(seen, road(seconds=2))
    assert page.warning[0].value.strip() == translator("en")("app.ended.not_found")
