"""Training in a real browser whose camera plays rendered clips: counted, coached, heard, interrupted, and gone when it is over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from formcheck import exercises
from formcheck.analysis.run import analyze_video, run_set
from formcheck.files.traces import poses_from_trace
from formcheck.spec.prescription import Prescription
from formcheck.store.store import Store
from tests.browser.conftest import App, running, until
from tests.browser.films import film, sample
from tests.browser.trainee import CAMERA, Trainee

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from formcheck.model.entities import StoredSet
    from formcheck.model.frames import Trace

KNEES_IN = {"en": "Knees follow your toes", "da": "Knæene følger tæerne"}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder, made = tmp_path_factory.mktemp("films"), {}
    before_s = {"plank_side_sag_then_good": 6.0}

    def one(name: str) -> Path:
        if name not in made:
            made[name] = film(name, folder, before_s=before_s.get(name, 15.0))
        return made[name]

    return one


@pytest.fixture
def trainee(chromium: Callable[..., Browser], films) -> Iterator[Callable[..., Trainee]]:
    """Return what puts somebody in front of a camera that plays a sample."""
    opened: list[Browser] = []
    visitors: list[Trainee] = []

    def one(
        clip: str | None = "squat_front_knees_in", language: str = "en", flags: tuple[str, ...] = CAMERA
    ) -> Trainee:
        playing = [f"--use-file-for-fake-video-capture={films(clip)}"] if clip else []
        opened.append(chromium(*flags, *playing))
        context = opened[-1].new_context(viewport={"width": 1280, "height": 720}, locale="en-GB", timezone_id="UTC")
        visitors.append(Trainee(context.new_page(), language))
        return visitors[-1]

    yield one
    for browser in opened:
        browser.close()
    assert not [error for visitor in visitors for error in visitor.errors]
    hosts = {urlsplit(url).hostname for visitor in visitors for url in visitor.requested if urlsplit(url).hostname}
    assert hosts <= {"127.0.0.1"}, "nothing leaves this machine"


def newest(app: App) -> tuple[StoredSet, Store]:
    """Return the newest set that the app has kept, and the store it is in."""
    store = Store(folder=app.home / "formcheck")
    sessions = store.sessions.of(store.people.me().id)
    return store.sets.of(sessions[0].id)[-1], store


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


@pytest.mark.parametrize(("mode", "language"), [("server", "en"), ("browser", "da")])
def test_a_squat_set_is_counted_and_coached(app: App, trainee, mode: str, language: str):
    truth = sample("squat_front_knees_in").truth()["units"]
    somebody = trainee(language=language)
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


@pytest.mark.parametrize("mode", ["server", "browser"])
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


LOCAL_VOICE = """(local) => {
    const voice = { lang: "en-GB", localService: local, name: "made up" };
    Object.defineProperty(window, "speechSynthesis", { value: {
        getVoices: () => [voice], cancel() {}, addEventListener() {}, removeEventListener() {},
        speak(said) { setTimeout(() => { said.onstart?.(); setTimeout(() => said.onend?.(), 200); }, 10); },
    }});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""


@pytest.mark.parametrize("local", [True, False])
def test_a_voice_is_used_only_when_it_is_on_the_device(app: App, trainee, local: bool):
    somebody = trainee("squat_front_good")
    somebody.page.add_init_script(f"({LOCAL_VOICE})({str(local).lower()})")
    somebody.open(app)
    somebody.plan("squat", 5)
    somebody.begin()
    spoken = somebody.wait("spoken", lambda spoken: len(spoken or ()) >= 2)
    assert {said["how"] for said in spoken} == {"voice" if local else "file"}
    assert spoken[0]["text"] == "Can you hear me?"


def test_leaving_the_page_ends_the_camera(app: App, trainee):
    somebody = trainee("squat_front_good")
    somebody.open(app)
    somebody.plan("squat", 5)
    somebody.begin()
    somebody.wait("stage", lambda stage: stage is not None)
    somebody.page.evaluate(
        """() => { window.track = [...document.querySelectorAll("*")].map((e) => e.shadowRoot?.querySelector(".live video"))
            .find(Boolean).srcObject.getTracks()[0]; }"""
    )
    assert somebody.page.evaluate("window.track.readyState") == "live"
    somebody.page.get_by_role("link", name="Review a set").evaluate("link => link.click()")
    expect(somebody.page.get_by_role("heading", name="Review a set")).to_be_visible()
    until(lambda: somebody.page.evaluate("window.track.readyState") == "ended", "the end of the camera track")


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ((), "No camera was found"),
        (("--use-fake-device-for-media-stream", "--deny-permission-prompts"), "The camera is not allowed"),
    ],
)
def test_without_a_camera_there_is_a_way_on(app: App, trainee, flags: tuple[str, ...], says: str):
    somebody = trainee(None, flags=flags)
    somebody.open(app)
    somebody.plan("squat", 5)
    somebody.begin()
    expect(somebody.page.locator(".live .panel h2")).to_have_text(says)
    somebody.page.get_by_role("button", name="Upload a video instead").click()
    expect(somebody.page.get_by_role("heading", name="Review a set")).to_be_visible()


def test_stop_is_in_reach_and_says_when_to_get_help(app: App, trainee):
    somebody = trainee("squat_front_good")
    somebody.train(app, "squat", 20)
    somebody.wait("count", lambda count: count == 1)
    for stage in ("paused", "set"):  # Escape asks, and a second time it was nothing
        somebody.page.keyboard.press("Escape")
        somebody.wait("stage", lambda now, stage=stage: now == stage)
    somebody.press("stop")
    expect(somebody.page.get_by_text("Call emergency services for chest pain").first).to_be_visible()
    assert somebody.wait("stage", lambda stage: stage != "set") == "paused"
    somebody.page.get_by_role("button", name="Stop: pain").click()
    somebody.wait("stage", lambda stage: stage == "stopped")
    assert not somebody.live("camera_live")
    one, store = newest(app)
    with store:
        (stopped,) = [event for event in store.sessions.events(one.session_id) if event.kind == "stopped"]
    assert stopped.data["reason"] == "pain"
    assert (one.state, one.why_ended, one.rep_count) == ("finished", "stop", 1)


def test_a_reload_offers_to_go_on_with_what_was_counted(app: App, trainee):
    somebody = trainee("squat_front_good")
    somebody.train(app, "squat", 20)
    count = somebody.wait("count", lambda count: (count or 0) >= 1)
    somebody.page.reload()
    expect(somebody.page.locator(".live .panel h2")).to_contain_text("Your set was interrupted: Squat")
    somebody.page.locator(".live .panel button.main").click()
    assert somebody.wait("count", lambda count: count is not None) >= count
    somebody.end()


def test_a_set_survives_a_server_that_is_killed(tmp_path: Path, trainee):
    somebody = trainee("squat_front_good")
    with running(tmp_path) as app:
        somebody.train(app, "squat", 20)
        count = somebody.wait("count", lambda count: (count or 0) >= 1)
        app.process.kill()
        app.process.wait()
    assert somebody.live("camera_live"), "the preview runs on"
    with running(tmp_path, urlsplit(app.url).port):
        somebody.wait("connected", bool)
        drawn = somebody.live("drawn")
        somebody.wait("drawn", lambda now: now > drawn)
        assert somebody.wait("count", lambda now: now is not None) >= count
        somebody.end()
        one, store = newest(app)
        store.close()
        assert one.rep_count >= count


def test_a_stop_without_a_connection_is_told_when_it_is_back(tmp_path: Path, trainee):
    somebody = trainee("squat_front_good")
    with running(tmp_path) as app:
        somebody.train(app, "squat", 20)
        app.process.kill()
        app.process.wait()
    somebody.wait("connected", lambda connected: not connected)
    somebody.press("stop")
    somebody.page.get_by_role("button", name="Stop: pain").click()
    with running(tmp_path, urlsplit(app.url).port) as app:
        somebody.wait("stage", lambda stage: stage == "stopped")
        with Store(folder=tmp_path / "formcheck") as store:
            (seen,) = store.overview.sessions(1, date.min)
        assert [why for _, why in seen.stops] == ["pain"]


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


def test_a_video_is_whole_to_its_last_moment(app: App, trainee):
    """What a recorder holds back is part of the video: one shorter than a piece (1 s) is nothing else."""
    page = trainee("squat_front_good").page
    page.goto(f"{app.url}/_stcore/health")
    sizes = page.evaluate(
        """async () => {
            const { Film } = await import("/live/web/film.js");
            const canvas = document.createElement("canvas"), film = new Film(), sizes = [];
            const drawing = setInterval(() => canvas.getContext("2d").fillRect(Math.random() * 99, 0, 9, 9), 20);
            for (let i = 0; i < 2; i++) {
                film.begin(canvas.captureStream());
                await new Promise((done) => { setTimeout(done, 500); });
                film.saw(performance.now());
                sizes.push((await film.end())?.video.size ?? 0);
            }
            clearInterval(drawing);
            return sizes;
        }"""
    )
    assert all(sizes), sizes


def test_a_set_that_nobody_asked_to_film_has_no_video(app: App, trainee):
    somebody = trainee("squat_front_good")
    somebody.train(app, "squat", 1)
    assert not somebody.live("filming")
    somebody.wait("stage", lambda stage: stage == "done")
    one, store = newest(app)
    with store:
        assert store.videos.of(one.id) == {}


def test_a_hidden_page_pauses_until_the_person_goes_on(app: App, trainee):
    somebody = trainee("squat_front_good")
    somebody.train(app, "squat", 20)
    somebody.wait("count", lambda count: count == 1)
    turn = """(hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    somebody.page.evaluate(turn, True)
    somebody.wait("stage", lambda stage: stage == "paused")
    expect(somebody.page.locator(".live .panel")).to_contain_text("The page was hidden")
    somebody.page.evaluate(turn, False)
    somebody.page.wait_for_timeout(3000)  # standing in the picture is not enough: nobody may be looking
    assert somebody.live("stage") == "paused"
    somebody.press("resume")
    somebody.wait("stage", lambda stage: stage == "set")
    assert somebody.live("count") >= 1
    somebody.end()
