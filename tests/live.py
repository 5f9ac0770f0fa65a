"""The live page's routes on a real server in this process, and pages that are made of code."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from formcheck import exercises
from formcheck.app.live import set_videos
from formcheck.app.live.protocol import pack, pack_landmarks
from formcheck.app.live.session_registry import SessionRegistry
from formcheck.app.live.settings import LiveSettings
from formcheck.app.live.socket import PATH, LiveSocket
from formcheck.app.live.tickets import Ticket
from formcheck.spec.prescription import Prescription, planned_sets
from formcheck.store.access import AuthorisedStore
from formcheck.store.principal import Local
from formcheck.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from formcheck.model.frames import Pose

WAIT_S = 60.0
MAX_FILM_BYTES = 100_000


@dataclass
class Server:
    """A running server: ``runs`` is what stands behind its socket, ``store`` what its tickets keep in."""

    port: int
    runs: SessionRegistry
    store: Store

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ticket(self, *prescriptions: Prescription, **values: Any) -> Ticket:
        """Return a ticket for a session of those prescriptions."""
        person = self.store.people.me()
        training = self.store.sessions.open(person.id, date(2026, 1, 2))
        plan = planned_sets(prescriptions or [Prescription(exercise="squat", repetitions=3)], exercises.load)
        defaults = {"user": "one", "session": "tab", "modes": ("server", "browser"), "consent_needed": False}
        defaults |= {"training_session_id": training.id, "store": AuthorisedStore(self.store, Local.PERSON)}
        return Ticket(sets=plan, **(defaults | values))

    def token(self, *prescriptions: Prescription, **values: Any) -> str:
        return self.runs.tickets.issue(self.ticket(*prescriptions, **values))

    def page(self, token: str, **options: Any) -> LivePage:
        """Return a page that has said hello and is welcome."""
        page = LivePage(self, token, **options)
        page.say_hello()
        page.welcome = page.wait_for("welcome")
        return page


@contextlib.contextmanager
def serving(folder: Path, settings: LiveSettings | None = None, **changes: Any) -> Iterator[Server]:
    """Serve the live socket on a free port of this machine, with a store of its own in ``folder``."""
    runs = SessionRegistry(settings or LiveSettings(**({"model": "lite", "grace_s": 1.0} | changes)))
    film = set_videos.SetVideos(lambda: runs, max_bytes=MAX_FILM_BYTES)
    app = Starlette(
        routes=[
            Route(set_videos.PATH, film.keep, methods=["POST"]),
            WebSocketRoute(PATH, LiveSocket(lambda: runs).serve),
        ]
    )
    with socket.socket() as bound, Store(folder=folder) as store:
        bound.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="websockets-sansio", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([bound],), name="web-server")
        thread.start()
        try:
            until(lambda: server.started, "the server")
            yield Server(bound.getsockname()[1], runs, store)
        finally:
            server.should_exit = True
            thread.join()
            runs.close()


@dataclass
class LivePage:
    """A page made of code. ``got``: every message from the server, in order; ``code``: why it was closed, None while open."""

    server: Server
    token: str
    client: str = "page"
    mode: str = "browser"
    size: tuple[int, int] = (640, 480)
    origin: str | None = "same"
    extra: dict = field(default_factory=dict)
    got: list[dict] = field(default_factory=list)
    code: int | None = None
    sent: int = 0
    welcome: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        headers = {} if self.origin is None else {"Origin": self.origin.replace("same", f"http://{self.server.host}")}
        opening = connect(
            f"ws://{self.server.host}{PATH}", additional_headers=headers, compression=None, close_timeout=5
        )
        self.socket: ClientConnection = opening.__enter__()  # closed by either side, when a test wants it

    def say_hello(self, **changes: Any) -> None:
        width, height = self.size
        hello = {
            "type": "hello",
            "token": self.token,
            "client": self.client,
            "mode": self.mode,
            "clock_ms": 0.0,
            "width": width,
            "height": height,
            **self.extra,
        }
        self.say(hello | changes)

    def say(self, message: dict | str | bytes) -> None:
        """Send something; what cannot be sent any more is no error here: ``code`` tells."""
        with contextlib.suppress(ConnectionClosed):
            self.socket.send(json.dumps(message) if isinstance(message, dict) else message)

    def press(self, name: str, **options: Any) -> None:
        self.say({"type": "command", "name": name, **options})

    def capture(self, at_s: float, body: bytes) -> int:
        """Send a picture or landmarks; return their id."""
        self.sent += 1
        self.say(pack(self.sent, at_s * 1000, body))
        return self.sent

    def answer(self, number: int) -> dict:
        """Return the answer to a capture."""
        return self.wait(lambda message: message["type"] == "frame" and message["id"] >= number, f"answer {number}")

    def live(self, poses: Iterable[Pose], start_s: float, speed: float = 30.0) -> None:
        """Send poses as landmarks, each when the one before is answered, ``speed`` times as fast as they were filmed."""
        began_s = time.monotonic()
        for pose in poses:
            time.sleep(max(0.0, began_s + pose.t_s / speed - time.monotonic()))
            self.answer(self.capture(start_s + pose.t_s, pack_landmarks(pose)))

    def wait_for(self, kind: str, **fields: Any) -> dict:
        """Return a message of a kind; an event may have come before."""

        def wanted(message: dict) -> bool:
            return message["type"] == kind and fields.items() <= message.items()

        before = [message for message in self.got if wanted(message)] if kind == "event" else []
        return before[-1] if before else self.wait(wanted, kind)

    def wait(self, wanted: Callable[[dict], bool], what: str) -> dict:
        """Return the first message from now on (or the newest one received) that is wanted."""
        if self.got and wanted(self.got[-1]):
            return self.got[-1]
        while (message := self.read()) is not None:
            if wanted(message):
                return message
        raise AssertionError(f"closed with {self.code} before {what}: {self.got[-3:]}")

    def read(self) -> dict | None:
        """Return the next message, None when the socket is closed."""
        try:
            message = json.loads(self.socket.recv(WAIT_S))
        except ConnectionClosed as closed:
            self.code = closed.rcvd.code if closed.rcvd else 1006
            return None
        self.got.append(message)
        return message

    def closed(self) -> int:
        """Wait until the server closes the socket; return the code."""
        while self.code is None:
            self.read()
        return self.code

    def vanish(self) -> None:
        """Break off without a word, as a dead network does."""
        self.socket.socket.shutdown(socket.SHUT_RDWR)
        self.socket.socket.close()

    @property
    def hud(self) -> dict:
        return next(message["hud"] for message in reversed(self.got) if "hud" in message)

    @property
    def heard(self) -> list[str]:
        return [key for message in self.got for said in message.get("say", ()) for key in said["keys"]]


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something that another thread does."""
    deadline_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline_s, f"never came: {what}"
        time.sleep(0.01)


def live_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "live-session"]
