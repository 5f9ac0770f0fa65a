"""Who comes to which page, file and socket: everybody, as these tables say. A page or address that is not in them fails."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette

from formcheck.app import downloads, identity, pages, server, training, urls
from formcheck.app.live.protocol import Close
from formcheck.app.workspace import workspaces
from formcheck.errors import StoreError
from formcheck.i18n import translator
from formcheck.store.access import AuthorisedStore
from formcheck.store.principal import Asker
from tests.app.test_live_set_videos import give
from tests.app.test_live_socket import refusal
from tests.app.test_uploads import call
from tests.contracts.test_access import World, asker, build
from tests.live import serving, until
from tests.pages import open_page, words

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.store.store import Store

Sit = Callable[[Asker | None], None]
PEOPLE, PHYSIOTHERAPISTS, ADMINISTRATORS = {"owner"}, {"linked"}, {"administrator"}
PAGES = {
    "people": PHYSIOTHERAPISTS,
    "queue": PHYSIOTHERAPISTS,
    "today": PEOPLE,
    "train": PEOPLE,
    "programme": PEOPLE | PHYSIOTHERAPISTS,
    "progress": PEOPLE,
    "messages": PEOPLE | PHYSIOTHERAPISTS,
    "review": PEOPLE,
    "mydata": PEOPLE,
    "accounts": ADMINISTRATORS,
}
"""Who is shown each page; everybody else is shown another one, or the way in."""
ASKERS = ("owner", "linked", "administrator", "nobody", "out", "expired", "disabled")
GUARDED = {"/review-files/{token}/{name}", "/live/video", "/offered/{token}", "/live/socket"}
PUBLIC = {"/live/web", "/live/vendor", "/live/voices", "/live/models"}
"""The program's own files, which are nobody's."""


@pytest.fixture
def world(store: Store) -> World:
    return build(store)


def test_every_page_is_in_the_table():
    assert set(PAGES) == set(pages.PAGES)


@pytest.mark.parametrize("who", ASKERS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_shown_to_whom_the_table_says(
    name: str, who: str, world: World, sit_down: Sit, monkeypatch: pytest.MonkeyPatch
):
    role, show = pages.PAGES[name]
    shown = []
    monkeypatch.setitem(pages.PAGES, name, (role, lambda t: (shown.append(name), show(t))))
    sit_down(asker(world, who))
    page = open_page(name)
    assert bool(shown) is (who in PAGES[name])
    assert not page.error
    signed_out = who in ("out", "expired", "disabled")
    assert ([button.key for button in page.button] == ["sign-in"]) is signed_out
    assert ("workspace" in page.session_state) is (who in PEOPLE | PHYSIOTHERAPISTS | ADMINISTRATORS)


@pytest.mark.parametrize("foreign", ["set", "live"])
def test_an_id_of_somebody_else_in_the_address_shows_nothing(foreign: str, store: Store, world: World, sit_down: Sit):
    store.people.save_first_start(world.person, {})
    sit_down(asker(world, "owner"))
    page = open_page("train", **{foreign: str(world.other_set if foreign == "set" else world.other_session)})
    assert translator("en")("look.unknown") in words(page) if foreign == "set" else page.title[0].value == "Train"
    assert not page.error
    (refused,) = store.log.of(world.other_person)
    assert (refused.who, refused.allowed) == ("Owner", False)


def test_what_is_at_hand_already_is_not_everybodys(store: Store, world: World, sit_down: Sit):
    sha256 = store.sets.get(world.set).trace_sha256
    prescription = training.ExerciseChoice().prescription().model_dump_json()
    sit_down(asker(world, "owner"))
    training.measured_set(identity.store(), world.set, sha256)
    training.rejudge(identity.store(), world.set, sha256, prescription)
    sit_down(asker(world, "other"))
    for ask in (training.measured_set, functools.partial(training.rejudge, prescription=prescription)):
        with pytest.raises(StoreError, check=lambda error: error.code == "store_unknown"):
            ask(identity.store(), world.set, sha256)


# Files and sockets


def test_every_address_is_in_the_table():
    assert {route.path for route in server._routes()} == GUARDED | PUBLIC


def get(address: str) -> int:
    return call(Starlette(routes=server._routes()), "GET", address)


def ended(store: Store, world: World, visit: AuthorisedStore) -> dict[str, Callable[[], None]]:
    """Return what ends the owner's own visit, each by itself."""
    owner = world.accounts["owner"]
    return {
        "disabled": lambda: store.accounts.disable(owner),
        "signed out everywhere": lambda: store.accounts.sign_out_everywhere(owner),
        "signed out": visit.sign_out,
    }


@pytest.mark.parametrize("why", ["disabled", "signed out everywhere", "signed out"])
def test_files_of_a_visit_end_with_it(why: str, store: Store, world: World, sit_down: Sit):
    sit_down(asker(world, "owner"))
    page = open_page("review")
    workspace = page.session_state.workspace
    (workspace.results() / "set.json").write_text("{}")
    result = urls.result_url(workspace, "set.json")
    offered = downloads.private_downloads().offer_json("{}", identity.access_check())
    assert (get(result), get(offered)) == (200, 200)
    assert (get("/review-files/guess/set.json"), get("/offered/guess")) == (404, 404)
    ended(store, world, identity.store())[why]()
    assert (get(result), get(offered)) == (404, 404)
    upload = "/_stcore/upload_file/one/id-1"
    workspaces().open("one", workspace.allowed)
    assert call(server.app_options()["middleware"][-1].cls(None), "PUT", upload) == 403


def test_a_physiotherapists_open_player_ends_with_the_link(store: Store, world: World, sit_down: Sit, tmp_path: Path):
    film = tmp_path / "film.webm"
    film.write_bytes(b"pictures")
    sit_down(asker(world, "linked"))
    allowed = functools.partial(identity.store().sets.get, world.set)
    addresses = (
        downloads.private_downloads().offer_json("{}", allowed),
        downloads.private_downloads().offer_file(film, "video/webm", allowed),
    )
    assert [get(address) for address in addresses] == [200, 200]
    AuthorisedStore(store, asker(world, "owner")).links.end(world.person, world.accounts["linked"])
    assert [get(address) for address in addresses] == [404, 404]
    assert not store.log.of(world.person)[0].allowed


@pytest.mark.parametrize("why", ["disabled", "signed out everywhere", "signed out"])
def test_an_open_live_socket_closes_when_its_visit_ends(why: str, tmp_path: Path):
    with serving(tmp_path, ask_again_s=0.1) as live:
        world = build(live.store)
        own = AuthorisedStore(live.store, asker(world, "owner"))
        token = live.token(training_session_id=world.session, store=own)
        page = live.page(token)
        assert give(live, token, world.set) == 204
        ended(live.store, world, own)[why]()
        assert page.closed() == Close.NOT_ALLOWED
        until(lambda: live.runs.count() == 0, "the end of the run")
        assert refusal(live, token) == Close.NOT_ALLOWED
        assert give(live, token, world.set) == 403
        assert live.store.sets.get(world.running).state == "running", "it can be taken up again"


def test_a_live_socket_of_somebody_elses_training_is_refused(tmp_path: Path):
    with serving(tmp_path) as live:
        world = build(live.store)
        for who in ("other", "linked", "administrator", "nobody", "expired", "disabled", "out"):
            token = live.token(training_session_id=world.session, store=AuthorisedStore(live.store, asker(world, who)))
            assert refusal(live, token) == Close.NOT_ALLOWED, who
            assert give(live, token, world.set) == 403, who
