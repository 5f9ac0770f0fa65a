"""Somebody in front of a browser that trains."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NothingHappened

from formcheck import exercises
from formcheck.store.store import Store
from tests.browser.conftest import TIMEOUT_MS, App, pick, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from formcheck.model.entities import StoredSet

CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
START, CHOOSE = "Start", {"en": "This browser", "da": "Denne browser"}


@dataclass
class Trainee:
    """Somebody in front of a browser. ``requested``: every address that the page asked for."""

    page: Page
    language: str
    requested: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(TIMEOUT_MS)
        self.page.on("request", lambda request: self.requested.append(request.url))
        self.page.on("websocket", lambda socket: self.requested.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def live(self, what: str):
        """Return something of the live page, None where it is not shown."""
        return self.page.evaluate(
            """(what) => {
                const roots = [...document.querySelectorAll("*")].map((element) => element.shadowRoot).filter(Boolean);
                const found = roots.map((root) => root.querySelector(".live")?.formcheck).find(Boolean);
                return found ? found[what] ?? null : null;
            }""",
            what,
        )

    def wait(self, what: str, reached: Callable[[object], bool]) -> object:
        """Wait until something of the live page is so; return it."""
        for _ in range(TIMEOUT_MS // 100):
            if reached(value := self.live(what)):
                return value
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{what} stayed {value!r}, stage {self.live('stage')!r}, hud {self.live('hud')!r}")

    def started(self) -> None:
        """Wait until the set is on. A busy machine may see too few pictures a second: then start regardless.

        The button is there only while that is so: a moment later it may be gone again.
        """
        for _ in range(TIMEOUT_MS // 100):
            hud = self.live("hud") or {"stage": None}
            if hud["stage"] == "set":
                return
            if [light["key"] for light in hud.get("lights", ()) if light["state"] == "bad"] == ["frame_rate"]:
                with contextlib.suppress(NothingHappened):
                    self.page.locator('.live button[data-name="anyway"]').click(timeout=1000)
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no set began: {hud!r}")

    def settle(self) -> None:
        settle(self.page)

    def open(self, app: App) -> None:
        """Open the page and get past the first start."""
        self.page.goto(f"{app.url}/?lang={self.language}")
        start = self.page.get_by_role("button", name=START, exact=True)
        skip = self.page.get_by_role("button", name={"en": "Skip", "da": "Spring over"}[self.language])
        start.or_(skip).first.wait_for()
        if skip.is_visible():
            skip.click()
        start.wait_for()

    def plan(self, exercise: str, amount: int, mode: str = "server") -> None:
        """Choose one exercise, and where the pose is found."""
        name = exercises.load(exercise).name[self.language]
        if not self.page.get_by_role("tab", name=name).is_visible():  # another one was trained before
            pick(self.page, {"en": "Exercise", "da": "Øvelse"}[self.language], name)
            self.page.get_by_role("tab", name=name).wait_for()
            self.settle()
        many = {"en": ("Repetitions", "Seconds"), "da": ("Gentagelser", "Sekunder")}[self.language]
        number = self.page.get_by_role("spinbutton", name=re.compile(f"^({'|'.join(many)})$"))
        number.fill(str(amount))
        number.press("Enter")
        self.settle()
        if mode == "browser":
            self.page.get_by_text(
                {"en": "Camera, voice and privacy", "da": "Kamera, stemme og privatliv"}[self.language]
            ).click()
            self.page.get_by_role("radio", name=CHOOSE[self.language]).click()
            self.settle()

    def begin(self) -> None:
        """Press Start, then Begin."""
        self.page.get_by_role("button", name=START, exact=True).click()
        self.page.locator(".live .panel button.main").click()

    def press(self, name: str) -> None:
        self.page.locator(f'.live button[data-name="{name}"]').click()

    def train(self, app: App, *what: object) -> None:
        """Plan a set (see ``plan``) and begin it."""
        self.open(app)
        self.plan(*what)
        self.begin()
        self.started()

    def end(self) -> None:
        """End the training, and say so once more."""
        self.press("end")
        self.page.locator(".live .panel button.main").click()
        self.wait("stage", lambda stage: stage == "done")

    @property
    def played(self) -> list[str]:
        """Return the keys whose sound files were played."""
        return [key for said in self.live("spoken") if said["how"] == "file" for key in said["keys"]]


@contextlib.contextmanager
def trainees(chromium: Callable[..., Browser], films: Callable[[str], Path]) -> Iterator[Callable[..., Trainee]]:
    """Yield what puts somebody in front of a camera that plays a sample (None: there is no camera)."""
    opened: list[Browser] = []
    visitors: list[Trainee] = []

    def one(clip: str | None, language: str = "en", flags: tuple[str, ...] = CAMERA) -> Trainee:
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
