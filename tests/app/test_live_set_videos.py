"""A video of a set is taken from the page that filmed it, whole or not at all, and from nobody else."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

import pytest

from formcheck.app.live import set_videos
from tests.live import MAX_FILM_BYTES, Server, serving

if TYPE_CHECKING:
    from pathlib import Path

FILM = b"webm" * 1000


@pytest.fixture
def server(tmp_path: Path):
    with serving(tmp_path) as server:
        yield server


@pytest.fixture
def begun(server: Server) -> tuple[str, int]:
    """A live page's token, and a set of its training session."""
    ticket = server.ticket()
    kept = server.store.sets.start(
        ticket.training_session_id, "squat", {"exercise": "squat"}, "browser", {"view": "front"}
    )
    return server.runs.tickets.issue(ticket), kept.id


def give(
    server: Server, token: str | None, set_id: object, body: bytes = FILM, offset_s: object = -1.5, **headers: str
) -> int:
    """Send a video as the page does; return the status."""
    bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
    sent = {"Origin": f"http://{server.host}", "Content-Type": "video/webm;codecs=vp8", **bearer}
    connection = http.client.HTTPConnection(server.host, timeout=30)
    connection.request(
        "POST",
        f"{set_videos.PATH}?set={set_id}&offset_s={offset_s}",
        body,
        sent | {name.replace("_", "-"): value for name, value in headers.items()},
    )
    return connection.getresponse().status


def test_a_video_is_kept_with_its_set(server: Server, begun):
    assert give(server, *begun) == 204
    video = server.store.videos.of(begun[1])[begun[1]]
    assert video.path.read_bytes() == FILM
    assert (video.media_type, video.offset_s) == ("video/webm", -1.5)


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (403, {"token": None}),
        (403, {"token": "guessed"}),
        (403, {"Origin": "http://elsewhere.example"}),
        (403, {"set_id": 999}),
        (400, {"set_id": "one"}),
        (400, {"offset_s": "nan"}),
        (400, {"body": b""}),
        (413, {"body": bytes(MAX_FILM_BYTES + 1)}),
        (415, {"Content_Type": "text/html"}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_may_not_be_kept_is_refused_and_leaves_nothing(server: Server, begun, status: int, changes: dict):
    token, set_id = begun
    assert give(server, **{"token": token, "set_id": set_id, **changes}) == status
    assert server.store.videos.of(set_id) == {}
    folder = server.store.folder / "videos"
    assert not folder.exists() or not list(folder.iterdir())


def test_a_set_of_another_session_is_not_touched(server: Server, begun):
    other = server.ticket()
    server.store.sessions.end(other.training_session_id)
    mine = server.runs.tickets.issue(server.ticket())
    assert give(server, mine, begun[1]) == 403
    assert server.store.videos.of(begun[1]) == {}
