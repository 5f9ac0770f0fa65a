"""The live socket lets in who may, takes what fits, and survives everything else."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from formcheck.app.live.connection import MOST_SAID, MOST_WAITING, ClientConnection
from formcheck.app.live.live_session import LiveSession
from formcheck.app.live.protocol import Close, pack, pack_landmarks
from formcheck.app.live.settings import LiveSettings
from formcheck.app.live.socket import RateLimit, same_origin
from tests.coaching import standing_still
from tests.live import LivePage, Server, live_threads, serving, until

if TYPE_CHECKING:
    from pathlib import Path

POSE = standing_still(0.1)[0]
LANDMARKS = pack_landmarks(POSE)


@pytest.fixture
def server(tmp_path: Path):
    with serving(tmp_path) as server:
        yield server
    assert not live_threads()


def refusal(server: Server, token: str, **options: object) -> int:
    """Return the code that a page is refused with."""
    page = LivePage(server, token, **options)
    page.say_hello()
    code = page.closed()
    assert page.got == []
    return code


def test_a_page_with_a_token_is_welcome(server: Server):
    page = server.page(server.token())
    assert page.welcome["in_flight"] == 2
    assert page.welcome["hud"]["stage"] == "setup"
    answer = page.answer(page.capture(0.0, LANDMARKS))
    assert "skipped" not in answer
    assert "pts" not in answer


@pytest.mark.parametrize("token", ["", "wrong", "x" * 128])
def test_a_wrong_token_is_refused(server: Server, token: str):
    assert refusal(server, token) in (Close.NOT_ALLOWED, Close.NOT_THE_PROTOCOL)
    assert server.runs.count() == 0


@pytest.mark.parametrize("origin", [None, "http://elsewhere.example", "null", "http://127.0.0.1:1", "", "http://["])
def test_a_page_from_elsewhere_is_refused_before_a_word_is_read(server: Server, origin: str | None):
    assert refusal(server, server.token(), origin=origin) == Close.NOT_ALLOWED


def test_an_expired_and_a_revoked_token_are_refused(tmp_path: Path):
    with serving(tmp_path, token_unused_s=0.0) as server:
        assert refusal(server, server.token()) == Close.NOT_ALLOWED
    with serving(tmp_path) as server:
        token = server.token()
        server.runs.revoke(token)
        assert refusal(server, token) == Close.NOT_ALLOWED


def test_the_server_mode_needs_permission_and_consent(server: Server):
    assert refusal(server, server.token(modes=("browser",)), mode="server") == Close.NOT_ALLOWED
    asked = server.token(consent_needed=True)
    assert refusal(server, asked, mode="server") == Close.NOT_ALLOWED
    page = server.page(asked, mode="server", extra={"consent": True})
    page.vanish()
    until(lambda: not live_threads(), "the end of the run")
    assert [event.kind for event in server.store.sessions.events(1)] == ["pictures_to_server_agreed"]


@pytest.mark.parametrize("first", [pack(1, 0.0, LANDMARKS), "hello", '{"type": "bye"}', b"", "\N{GRINNING FACE}"])
def test_what_comes_before_hello_is_refused(server: Server, first: str | bytes):
    page = LivePage(server, server.token())
    page.say(first)
    assert page.closed() == Close.NOT_THE_PROTOCOL


def test_who_says_nothing_is_not_waited_for(tmp_path: Path):
    with serving(tmp_path, hello_s=0.2) as server:
        assert LivePage(server, server.token()).closed() == Close.NOT_THE_PROTOCOL


@pytest.mark.parametrize("message", ["text where bytes belong", '{"type": "dance"}', b"short", "{", "[]"])
def test_what_is_not_of_the_protocol_closes_the_socket_and_nothing_else(server: Server, message: str | bytes):
    token = server.token()
    page = server.page(token)
    page.say(message)
    assert page.closed() == Close.NOT_THE_PROTOCOL
    assert server.page(token).welcome


def test_a_second_hello_is_not_of_the_protocol(server: Server):
    page = server.page(server.token())
    page.say_hello()
    assert page.closed() == Close.NOT_THE_PROTOCOL


def test_a_message_that_is_too_big_is_refused(server: Server):
    page = server.page(server.token())
    page.capture(0.0, bytes(600_000))
    assert page.closed() == Close.TOO_MUCH


def test_messages_that_come_too_fast_are_refused(tmp_path: Path):
    with serving(tmp_path, burst=5, messages_per_s=0.001) as server:
        page = server.page(server.token())
        for _ in range(7):
            page.say({"type": "facts", "luma": 0.5})
        assert page.closed() == Close.TOO_MUCH


def test_the_rate_may_be_kept_up_for_ever():
    now = [0.0]
    limit = RateLimit(LiveSettings(), lambda: now[0])
    for _ in range(5000):
        now[0] += 1 / 60
        limit.count()


def test_a_silent_page_is_not_kept(tmp_path: Path):
    with serving(tmp_path, idle_s=0.3) as server:
        assert server.page(server.token()).closed() == Close.IDLE


def test_a_user_has_two_pages_and_the_house_a_limit(tmp_path: Path):
    with serving(tmp_path, sockets=3) as server:
        pages = [server.page(server.token()) for _ in range(2)]
        assert refusal(server, server.token()) == Close.TOO_MANY
        pages.append(server.page(server.token(user="another")))
        assert refusal(server, server.token(user="a third")) == Close.TOO_MANY
        pages[0].socket.close()
        assert server.page(server.token(user="a third")).welcome


def test_another_page_is_refused_while_the_first_is_alive(server: Server):
    token = server.token()
    first = server.page(token, client="first")
    assert refusal(server, token, client="second") == Close.OPEN_ELSEWHERE
    assert first.answer(first.capture(0.0, LANDMARKS))


def test_another_page_takes_over_from_one_that_is_silent(tmp_path: Path):
    with serving(tmp_path, alive_s=0.0) as server:
        token = server.token()
        first = server.page(token, client="first")
        second = server.page(token, client="second")
        assert first.closed() == Close.OPEN_ELSEWHERE
        assert second.answer(second.capture(0.0, LANDMARKS))
        assert server.runs.count() == 1


def test_the_same_page_comes_back_at_any_time(server: Server):
    token = server.token()
    first = server.page(token)
    second = server.page(token)
    assert first.closed() == Close.OPEN_ELSEWHERE
    assert second.answer(second.capture(0.0, LANDMARKS))


def test_a_clock_that_runs_away_is_refused_and_may_start_anew(server: Server):
    token = server.token()
    page = server.page(token)
    page.answer(page.capture(100.0, LANDMARKS))
    page.capture(103.0, LANDMARKS)
    assert page.closed() == Close.CLOCK_DRIFT
    again = server.page(token)
    assert "skipped" not in again.answer(again.capture(5.0, LANDMARKS))


def test_times_that_do_not_rise_are_skipped(server: Server):
    page = server.page(server.token())
    answers = [page.answer(page.capture(at_s, LANDMARKS)) for at_s in (1.0, 1.1, 1.1, 0.6, 1.2)]
    assert ["skipped" in answer for answer in answers] == [False, False, True, True, False]
    assert [answer["id"] for answer in answers] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "body", [b"", LANDMARKS[:-1], LANDMARKS + b"x", b"\xff" * 396, LANDMARKS[:392] + b"\0\0\xc0\x7f"]
)
def test_landmarks_that_cannot_be_are_skipped_and_counted(server: Server, body: bytes):
    page = server.page(server.token())
    assert page.answer(page.capture(1.0, body))["skipped"]
    assert "skipped" not in page.answer(page.capture(1.1, LANDMARKS))


def test_a_button_is_answered_even_without_a_camera(server: Server):
    page = server.page(server.token())
    page.press("stop", reason="my knee hurts")
    assert page.wait_for("hud")["hud"]["stage"] == "stopped"
    assert page.wait_for("event", name="stopped")["reason"] == "my knee hurts"
    assert page.heard == ["say.stopped"]
    events = server.store.sessions.events(1)
    assert [(event.kind, event.data["reason"]) for event in events] == [("stopped", "my knee hurts")]


def test_a_page_that_vanishes_is_let_go(server: Server):
    page = server.page(server.token())
    page.answer(page.capture(0.0, LANDMARKS))
    page.vanish()
    until(lambda: server.runs.count() == 0, "the end of the run")
    assert not live_threads()


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("https://a.example", "a.example", True),
        ("http://A.example:81", "a.example:81", True),
        ("https://a.example", "b.example", False),
        ("https://a.example.evil", "a.example", False),
        ("https://a.example", None, False),
        (None, "a.example", False),
        ("", "", False),
        ("null", "null", False),
    ],
)
def test_an_origin_is_the_host_itself(origin: str | None, host: str | None, same: bool):
    assert same_origin(origin, host) is same


class Reader:
    """Stands for a websocket that takes what it is sent."""

    def __init__(self) -> None:
        self.sent: list[dict] = []
        self.closed: tuple[int, str] | None = None

    async def send_text(self, text: str) -> None:
        self.sent.append(json.loads(text))

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


def test_answers_that_are_not_read_are_merged_into_the_newest():
    async def scene() -> Reader:
        line, reader = ClientConnection("page", lambda: 0.0), Reader()
        for number in range(1000):
            said = {"say": [{"text": str(number)}]} if number % 10 == 0 else {}
            line.post({"type": "frame", "id": number, "hud": {"count": number}, **said})
            line.post({"type": "frame", "id": number, "skipped": True})
        line.close(Close.OVER, "done")
        await line.send_all(reader)
        assert not line.unread
        return reader

    reader = asyncio.run(scene())
    assert len(reader.sent) <= MOST_WAITING + 1
    newest = reader.sent[-1]
    assert (newest["id"], newest["hud"]) == (999, {"count": 999})
    assert newest["say"][-1] == {"text": "990"}
    assert len(newest["say"]) == MOST_SAID
    assert reader.closed == (Close.OVER, "done")


def test_other_messages_that_are_not_read_end_the_socket():
    async def scene() -> bool:
        line = ClientConnection("page", lambda: 0.0)
        for number in range(1000):
            line.post({"type": "hud", "number": number})
        await asyncio.sleep(0)
        assert len(line._waiting) <= 2 * MOST_WAITING
        return line.unread

    assert asyncio.run(scene())


def test_a_line_whose_server_is_gone_takes_no_more():
    async def open_line() -> ClientConnection:
        return ClientConnection("page", lambda: 0.0)

    line = asyncio.run(open_line())
    line.post({"type": "hud"})
    line.close(Close.OVER, "done")


def test_a_run_knows_nothing_of_sockets_that_are_not_its_own(tmp_path: Path):
    with serving(tmp_path) as server:

        async def scene() -> LiveSession:
            run = LiveSession(server.ticket(), server.runs.settings, before=lambda: None, on_end=lambda run: None)
            mine, other = ClientConnection("page", lambda: 0.0), ClientConnection("page", lambda: 0.0)
            run.connection = mine
            run.leave(other)
            assert run.connection is mine
            return run

        assert asyncio.run(scene()).elapsed_s >= 0
