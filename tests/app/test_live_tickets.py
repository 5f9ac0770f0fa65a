"""A token opens the live socket: unguessable, for a while, until it is revoked. And where the pose may be computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck import exercises
from formcheck.app.live.settings import LiveSettings, is_local, modes_for
from formcheck.app.live.tickets import Ticket, Tickets
from formcheck.spec.prescription import Prescription, planned_sets
from formcheck.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """A clock that stands still until it is moved."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tickets(clock: Clock) -> Tickets:
    return Tickets(LiveSettings(), clock)


@pytest.fixture
def ticket(tmp_path: Path):
    with Store(folder=tmp_path) as store:
        plan = planned_sets([Prescription(exercise="squat")], exercises.load)
        yield Ticket(user="u", session="tab", training_session_id=1, sets=plan, store=store)


def test_a_token_stands_for_its_ticket_and_no_other_does(tickets: Tickets, ticket: Ticket):
    token = tickets.issue(ticket)
    assert tickets.get(token) is ticket
    assert tickets.get(token[:-1]) is None
    assert tickets.issue(ticket) != token
    assert len(token) >= 40


def test_an_unused_token_lives_ten_minutes(tickets: Tickets, ticket: Ticket, clock: Clock):
    token = tickets.issue(ticket)
    clock.now_s = 599
    assert tickets.get(token) is ticket
    clock.now_s = 601
    assert tickets.use(token) is None


def test_a_used_token_lives_six_hours(tickets: Tickets, ticket: Ticket, clock: Clock):
    token = tickets.issue(ticket)
    assert tickets.use(token) is ticket
    clock.now_s = 6 * 3600 - 1
    assert tickets.use(token) is ticket
    clock.now_s = 6 * 3600 + 1
    assert tickets.use(token) is None


def test_tokens_are_forgotten_when_revoked(tickets: Tickets, ticket: Ticket):
    token = tickets.issue(ticket)
    assert tickets.of_session("tab") == [token]
    tickets.revoke(token)
    assert tickets.get(token) is None
    assert tickets.of_session("tab") == []


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "[::1]", "LOCALHOST:1"]
)
def test_on_this_machine_pictures_go_to_the_server(host: str):
    assert modes_for(host, LiveSettings()) == ("server", ("server", "browser"), False)


@pytest.mark.parametrize(
    "host", ["formcheck.example", "192.168.1.5:8501", "localhost.example", "127.0.0.1.example:80", "", None]
)
def test_elsewhere_pictures_stay_on_the_device_unless_agreed(host: str | None):
    assert not is_local(host)
    assert modes_for(host, LiveSettings()) == ("browser", ("server", "browser"), True)


def test_a_clinic_forbids_pictures_on_the_server():
    only = LiveSettings(modes=("browser",))
    assert modes_for("localhost", only).default == "browser"
    assert modes_for("localhost", only).allowed == ("browser",)
