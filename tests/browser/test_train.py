"""Training in a real browser whose camera plays rendered clips, which keeps pace with a clock: counted, coached, heard, filmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from formcheck import exercises
from formcheck.analysis.run import analyze_video, run_set
from formcheck.files.traces import poses_from_trace
from formcheck.spec.prescription import Prescription
from tests.browser.films import sample
from tests.browser.trainee import Trainee, newest, trainees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from formcheck.model.frames import Trace
    from tests.browser.conftest import App

KNEES_IN = {"en": "Knees follow your toes", "da": "Knæene følger tæerne"}


@pytest.fixture
def trainee(chromium: Callable[..., Browser], films: Callable[[str], Path]) -> Iterator[Callable[..., Trainee]]:
    with trainees(chromium, films) as one:
        yield one


def kept(app: App):
    """Return the newest kept set's record, after checking that its stored landmarks give the very same one."""
    one, store = newest(app)
    with store:
        record, trace = store.sets.corrected(one.id).record, store.sets.trace(one.id)
    assert record is not None
    prescription = Prescription.model_validate(record.prescription)
    again = run_set(
        poses_from_trace(trace), exercises.load(one.exercise), record.source, prescription=prescription
    ).record
    assert again.model_dump(exclude={"software"}) == record.model_dump(exclude={"software"})
    return record


def lag_s(trace: Trace, seen: Trace, offset_s: float) -> float:
    """Return how much later the hips move in a video than in the set's own landmarks."""
    own, filmed = (np.nanmean(one.image_px[:, 23:25, 1], axis=1) / one.size_px[1] for one in (trace, seen))
    t_s = seen.t_s + offset_s
    both = (trace.t_s > t_s[0] + 1) & (trace.t_s < t_s[-1] - 1)
    lags = np.arange(-0.5, 0.5, 0.01)
    misses = [np.nanmean((np.interp(trace.t_s[both] + lag, t_s, filmed) - own[both]) ** 2) for lag in lags]
    return float(lags[int(np.argmin(misses))])


PROOF = pytest.mark.proof
"""The same again with the poses found in the other place: before a release."""


@pytest.mark.parametrize(("mode", "language"), [("server", "en"), pytest.param("browser", "da", marks=PROOF)])
def test_a_squat_set_is_counted_and_coached(app: App, trainee, mode: str, language: str):
    truth = sample("squat_front_knees_in").truth()["units"]
    somebody = trainee("squat_front_knees_in", language)
    somebody.train(app, "squat", 20, mode)
    assert somebody.live("mode") == mode
    somebody.wait("cue", lambda cue: cue == KNEES_IN[language])
    assert len(somebody.live("hud")["joints"]) == 2, "both knees are marked"
    expect(somebody.page.locator(".live .cue")).to_have_text(KNEES_IN[language])
    somebody.wait("count", lambda count: count == len(truth))
    expect(somebody.page.locator(".live .count")).to_have_text(str(len(truth)))
    somebody.page.wait_for_timeout(2000)  # nothing more is counted while the person stands still
    somebody.press("finish")
    somebody.wait("stage", lambda stage: stage == "done")
    assert not somebody.live("camera_live"), "the camera is off as soon as the training is over"
    played = somebody.played
    assert {"say.can_you_hear", "say.go", "number.1", "cue.squat.knees_in"} <= set(played)
    assert played.index("number.3") < played.index("number.2") < played.index("number.1") < played.index("say.go")
    somebody.press("go_on")
    expect(
        somebody.page.get_by_role("heading", name={"en": "Well done", "da": "Godt klaret"}[language])
    ).to_be_visible()

    record = kept(app)
    assert record.rep_count == len(truth)
    assert record.source.pose_in == mode
    found = {fault.rule for rep in record.reps for fault in rep.faults if fault.severity == 2}
    assert found == {"knees_in"}


@PROOF
@pytest.mark.parametrize("mode", ["server", "browser"])
def test_a_lunge_set_from_the_side_reaches_its_target(app: App, trainee, mode: str):
    truth = sample("lunge_side_trunk_lean").truth()["units"]
    somebody = trainee("lunge_side_trunk_lean")
    somebody.open(app)
    somebody.plan("lunge", len(truth), mode)
    somebody.page.get_by_text("Camera place and rest").click()
    somebody.page.get_by_role("radio", name="The side").click()
    somebody.settle()
    somebody.begin()
    somebody.started()
    somebody.wait("stage", lambda stage: stage == "done")
    assert {"cue.lunge.trunk_lean", f"number.{len(truth)}"} <= set(somebody.played)
    record = kept(app)
    assert record.rep_count == len(truth)
    assert {fault.rule for rep in record.reps for fault in rep.faults if fault.severity == 2} == {"trunk_lean"}


@pytest.mark.parametrize("mode", [pytest.param("server", marks=PROOF), "browser"])
def test_a_plank_is_coached_by_sound_and_its_clock_stops(app: App, trainee, mode: str):
    somebody = trainee("plank_side_sag_then_good")
    somebody.train(app, "plank", 15, mode)
    somebody.wait("cue", lambda cue: cue == exercises.load("plank").rule("hips_low").cue.en)
    expect(somebody.page.locator(".live .form.broken")).to_be_visible()
    somebody.wait("stage", lambda stage: stage == "done")
    played = somebody.played
    assert {"say.get_into_position", "cue.plank.hips_low"} <= set(played)
    assert {f"number.{n}" for n in range(1, 6)} & set(played), (
        "the last seconds are counted down; a busy machine may drop some"
    )
    record = kept(app)
    assert record.hold_s == pytest.approx(15, abs=0.5), "the record says what the live clock said"
    assert 0 < record.in_form_s < record.hold_s - 2


def test_a_set_is_filmed_only_when_that_is_asked_for_and_the_video_is_in_step(app: App, trainee):
    somebody = trainee("squat_front_good")
    page = somebody.page
    somebody.open(app)
    somebody.plan("squat", 2)
    somebody.begin()
    somebody.press("film")
    expect(page.locator(".live .panel.own")).to_contain_text("Then they are deleted")
    page.locator(".live .panel button.main").click()
    expect(page.locator('.live button[data-name="film"]')).to_have_attribute("aria-pressed", "true")
    somebody.started()
    assert somebody.live("filming")
    somebody.wait("stage", lambda stage: stage == "done")
    expect(page.locator(".live .banner")).to_contain_text("The video is kept until")
    assert not somebody.live("filming")
    one, store = newest(app)
    with store:
        video, trace = store.videos.of(one.id)[one.id], store.sets.trace(one.id)
    seen = analyze_video(video.path, exercises.load("squat"))
    assert one.rep_count == 2
    assert (
        seen.record.rep_count >= 1
    )  # a busy machine films few pictures a second; that they are in step is what counts
    assert abs(lag_s(trace, seen.trace, video.offset_s)) <= 0.05

    somebody.press("go_on")
    page.get_by_role("button", name="Video").click()
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    address = page.evaluate("document.querySelector('video').currentSrc")
    assert "/offered/" in address, "whoever asks for it has to be allowed to"
    page.get_by_role("button", name="Delete the video").click()
    expect(page.get_by_role("button", name="Video", exact=True)).to_have_count(0)
    assert not video.path.exists()
    assert page.request.get(address).status == 404
