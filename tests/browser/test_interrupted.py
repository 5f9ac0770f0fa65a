"""A set that is interrupted: by a hidden page, a reload, a server that is killed, and Stop, with a connection and without.

The first tests of this file are steps of one set: what each of them interrupts, the next one goes on with. Nothing here depends
on how many pictures a second are seen: a busy machine only takes longer.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from formcheck.store.store import Store
from tests.browser.conftest import App, running
from tests.browser.trainee import Trainee, newest, trainees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass
class Training:
    """Somebody in front of the camera, and a server that can be killed. ``count``: what was counted so far."""

    somebody: Trainee
    home: Path
    app: App
    servers: ExitStack
    count: int = 0

    def kill(self) -> None:
        self.app.process.kill()
        self.app.process.wait()

    def serve(self) -> None:
        """Serve again at the same address."""
        self.app = self.servers.enter_context(running(self.home, urlsplit(self.app.url).port))

    def goes_on(self) -> None:
        """Wait until the set runs, with all that was counted."""
        self.somebody.wait("stage", lambda stage: stage == "set")
        count = self.somebody.wait("count", lambda count: count is not None)
        assert count >= self.count
        self.count = count


@pytest.fixture(scope="module")
def training(
    chromium: Callable[..., Browser], films: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Training]:
    home = tmp_path_factory.mktemp("home")
    with ExitStack() as servers:
        app = servers.enter_context(running(home))
        somebody = servers.enter_context(trainees(chromium, films))("squat_front_good")
        somebody.train(app, "squat", 50)
        yield Training(somebody, home, app, servers, somebody.wait("count", lambda count: (count or 0) >= 1))


def test_a_hidden_page_pauses_until_the_person_goes_on(training: Training):
    somebody = training.somebody
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
    training.goes_on()


def test_escape_asks_and_a_second_time_it_was_nothing(training: Training):
    for stage in ("paused", "set"):
        training.somebody.page.keyboard.press("Escape")
        training.somebody.wait("stage", lambda now, stage=stage: now == stage)
    training.goes_on()


def test_a_reload_offers_to_go_on_with_what_was_counted(training: Training):
    page = training.somebody.page
    page.reload()
    expect(page.locator(".live .panel h2")).to_contain_text("Your set was interrupted: Squat")
    page.locator(".live .panel button.main").click()
    training.goes_on()


def test_a_set_survives_a_server_that_is_killed(training: Training):
    somebody = training.somebody
    training.kill()
    assert somebody.live("camera_live"), "the preview runs on"
    somebody.wait("connected", lambda connected: not connected)
    training.serve()
    somebody.wait("connected", bool)
    drawn = somebody.live("drawn")
    somebody.wait("drawn", lambda now: now > drawn)
    training.goes_on()


def test_stop_is_in_reach_and_says_when_to_get_help(training: Training):
    somebody = training.somebody
    somebody.press("stop")
    expect(somebody.page.get_by_text("Call emergency services for chest pain").first).to_be_visible()
    assert somebody.wait("stage", lambda stage: stage != "set") == "paused"
    counted = somebody.live("count")
    somebody.page.get_by_role("button", name="Stop: pain").click()
    somebody.wait("stage", lambda stage: stage == "stopped")
    assert not somebody.live("camera_live")
    one, store = newest(training.app)
    with store:
        (stopped,) = [event for event in store.sessions.events(one.session_id) if event.kind == "stopped"]
        assert store.videos.of(one.id) == {}, "nobody asked to film it"
    assert stopped.data["reason"] == "pain"
    assert (one.state, one.why_ended, one.rep_count) == ("finished", "stop", counted)


@pytest.mark.proof
def test_a_stop_without_a_connection_is_told_when_it_is_back(
    chromium: Callable[..., Browser], films: Callable[[str], Path], tmp_path: Path
):
    with trainees(chromium, films) as somebody_at:
        somebody = somebody_at("squat_front_good")
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
