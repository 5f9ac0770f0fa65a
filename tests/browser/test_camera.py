"""The camera and the voice of the live page: what is used, what says so when it is missing, and what ends with the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import App, until
from tests.browser.trainee import Trainee, trainees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def trainee(chromium: Callable[..., Browser], films: Callable[[str], Path]) -> Iterator[Callable[..., Trainee]]:
    with trainees(chromium, films) as one:
        yield one


LOCAL_VOICE = """(local) => {
    const voice = { lang: "en-GB", localService: local, name: "made up" };
    Object.defineProperty(window, "speechSynthesis", { value: {
        getVoices: () => [voice], cancel() {}, addEventListener() {}, removeEventListener() {},
        speak(said) { setTimeout(() => { said.onstart?.(); setTimeout(() => said.onend?.(), 200); }, 10); },
    }});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""


@pytest.mark.parametrize("local", [True, False])
def test_a_voice_is_used_only_when_it_is_on_the_device(app: App, trainee: Callable[..., Trainee], local: bool):
    somebody = trainee("squat_front_good")
    somebody.page.add_init_script(f"({LOCAL_VOICE})({str(local).lower()})")
    somebody.open(app)
    somebody.plan("squat", 5)
    somebody.begin()
    spoken = somebody.wait("spoken", lambda spoken: len(spoken or ()) >= 2)
    assert {said["how"] for said in spoken} == {"voice" if local else "file"}
    assert spoken[0]["text"] == "Can you hear me?"


def test_leaving_the_page_ends_the_camera(app: App, trainee: Callable[..., Trainee]):
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
def test_without_a_camera_there_is_a_way_on(
    app: App, trainee: Callable[..., Trainee], flags: tuple[str, ...], says: str
):
    somebody = trainee(None, flags=flags)
    somebody.open(app)
    somebody.plan("squat", 5)
    somebody.begin()
    expect(somebody.page.locator(".live .panel h2")).to_have_text(says)
    somebody.page.get_by_role("button", name="Upload a video instead").click()
    expect(somebody.page.get_by_role("heading", name="Review a set")).to_be_visible()


def test_a_video_is_whole_to_its_last_moment(app: App, trainee: Callable[..., Trainee]):
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
