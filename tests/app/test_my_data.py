"""My data: what is kept is shown, taken along and deleted; who may see it and who did is the person's to read and to end."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from formcheck.app import invitation_cookie
from formcheck.app.downloads import private_downloads
from formcheck.app.views import sign_in
from formcheck.app.views.my_data import access_words
from formcheck.i18n import LANGUAGES, translator
from formcheck.model.entities import Access
from formcheck.store.access import ALLOWED, AuthorisedStore
from formcheck.store.principal import Asker
from tests.contracts.test_access import World, asker, build
from tests.example_records import SEEN
from tests.pages import open_page, words

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from formcheck.store.store import Store

Sit = Callable[[Asker | None], None]


@pytest.fixture
def world(store: Store) -> World:
    return build(store)


@pytest.fixture
def mine(world: World, sit_down: Sit) -> Callable[..., AppTest]:
    """Return what opens the page of the owner."""
    sit_down(asker(world, "owner"))
    return lambda **options: open_page("mydata", **options)


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def test_alone_there_is_nobody_to_share_with(store: Store):
    page = open_page("mydata")
    assert translator("en")("mydata.kept.nothing") in words(page)
    assert [heading.value for heading in page.subheader] == ["Take it along", "Delete it"]
    assert "clinic" not in words(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_kept_is_counted_in_words(store: Store, world: World, mine: Callable, language: str):
    (session,) = store.sessions.of(world.person)
    store.sessions.end(session.id)
    assert store.sessions.open(world.person, session.day).id != session.id, (
        "who trains twice a day has one training day"
    )
    said = words(mine(language=language))
    expected = ("1 training day", "2 sets", "1 video") if language == "en" else ("1 træningsdag", "2 sæt", "1 video")
    assert all(part in said for part in expected)


def test_all_of_it_is_one_file_that_only_its_owner_gets(store: Store, world: World, mine: Callable):
    page = press(mine(), "export")
    address, name, _ = page.session_state["my-data-file"]
    assert name.endswith(".zip")
    offer = private_downloads()._downloads[address.rpartition("/")[2]]
    assert {f"sets/{world.set}.npz", "tables/message.jsonl"} <= set(zipfile.ZipFile(offer.content).namelist())
    assert page.session_state.workspace.folder in offer.content.parents, "it goes when the visit is over"
    offer.allowed()
    store.accounts.disable(world.accounts["owner"])
    with pytest.raises(Exception, match="signed in"):
        offer.allowed()


def test_deleting_asks_first_and_says_what_stays(
    store: Store, world: World, mine: Callable, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FORMCHECK_KEEP_YEARS", "7")
    AuthorisedStore(store, asker(world, "linked")).reviews.add(world.set, SEEN)
    page = mine()
    assert "for 7 years" in words(page)
    assert page.button(key="erase").disabled
    page.checkbox(key="erase-sure").check().run()
    press(page, "erase")
    assert "Sets: 1, videos: 1. 1 reviewed set stays" in words(page)
    assert store.own_data.counts(world.person)["videos"] == 0
    assert store.sets.get(world.set).trace_sha256 is None
    assert store.own_data.counts(world.other_person)["sets"] == 1


def test_a_link_is_ended_and_a_new_invitation_read_and_accepted(store: Store, world: World, mine: Callable):
    page = mine()
    shown = [link.physiotherapist_name for link in store.links.of(world.person)]
    assert all(f"**{name}** sees your training" in words(page) for name in shown)
    link = next(one for one in store.links.of(world.person) if one.physiotherapist_name == "Linked")
    press(page, f"end-link-now-{link.id}")
    assert [one.physiotherapist_name for one in store.links.of(world.person)] == ["Disabled"]
    page.text_input(key="invitation-code").input("not a code")
    press(page, "FormSubmitter:invitation-form-Use the invitation")
    assert "does not work" in page.error[0].value
    page.text_input(key="invitation-code").input(invitation_cookie.link(world.token))
    press(page, "FormSubmitter:invitation-form-Use the invitation")
    assert "Linked invites you" in words(page)
    assert len(store.links.of(world.person)) == 1, "read, not accepted"
    press(page, "accept-invitation")
    assert "Linked can see your training now" in words(page)
    assert len(store.links.of(world.person)) == 2


def test_a_video_is_shared_set_by_set_and_taken_back(store: Store, world: World, mine: Callable):
    page, theirs = mine(), AuthorisedStore(store, asker(world, "linked"))
    link = next(one for one in store.links.of(world.person) if one.physiotherapist_name == "Linked")
    assert theirs.videos.of(world.set) == {}
    page.toggle(key=f"share-{world.set}-{link.id}-False").set_value(True).run()
    assert list(theirs.videos.of(world.set)) == [world.set]
    page.toggle(key=f"share-{world.set}-{link.id}-True").set_value(False).run()
    assert theirs.videos.of(world.set) == {}


def test_who_looked_and_who_was_refused_is_told_in_words(store: Store, world: World, mine: Callable):
    AuthorisedStore(store, asker(world, "linked")).sets.corrected(world.set)
    for who in ("stranger", "other"):
        with pytest.raises(Exception, match="There is no"):
            AuthorisedStore(store, asker(world, who)).sets.trace(world.set)
    refused = "Tried, and was refused: looked at a set"
    table = mine().table[0].value
    assert [tuple(row) for row in table.to_numpy()] == [
        ("Other", refused),
        ("Stranger", refused),
        ("Linked", "looked at a set"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_done_has_words(language: str, world: World):
    for what in ALLOWED:
        if not what.startswith("accounts."):
            assert access_words(translator(language), Access(None, "x", what, True))


def test_an_open_page_finds_out_what_has_changed(store: Store, world: World, sit_down: Sit):
    sit_down(asker(world, "linked"))
    before = sign_in._visible_scope()
    assert sign_in._visible_scope() == before
    store.links.end(world.person, world.accounts["linked"])
    without_link = sign_in._visible_scope()
    store.accounts.set_roles(world.accounts["linked"], [])
    without_role = sign_in._visible_scope()
    store.accounts.disable(world.accounts["linked"])
    assert len({before, without_link, without_role, sign_in._visible_scope()}) == 4
