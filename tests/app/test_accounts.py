"""The administrator's page: roles are given, accounts shut out at once, and nobody locks themselves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck.app.views import accounts
from formcheck.errors import StoreError
from formcheck.i18n import LANGUAGES
from formcheck.store.access import AuthorisedStore
from tests.contracts.test_access import World, asker, build
from tests.pages import open_page, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from formcheck.store.principal import Asker
    from formcheck.store.store import Store


@pytest.fixture
def world(store: Store, sit_down: Callable[[Asker | None], None]) -> World:
    """Everybody of the tables, and the administrator in front of the page."""
    made = build(store)
    sit_down(asker(made, "administrator"))
    return made


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_for_a_role_comes_first(world: World, language: str):
    page = open_page(language=language)
    names = [text.value for text in page.markdown if text.value.startswith("**") and "formcheck" not in text.value]
    assert names[0] == "**Nobody**"
    assert len(names) == len(world.accounts)


def test_a_role_is_given_and_taken(store: Store, world: World):
    page, nobody = open_page(), world.accounts["nobody"]
    page.button_group(key=f"roles-{nobody}--en").set_value(["physiotherapist"]).run()
    assert store.accounts.get(nobody).roles == ("physiotherapist",)
    page.button_group(key=f"roles-{nobody}-physiotherapist-en").set_value([]).run()
    assert store.accounts.get(nobody).roles == ()


def test_what_somebody_else_changed_meanwhile_stays(store: Store, world: World):
    page, nobody = open_page(), world.accounts["nobody"]
    store.accounts.set_roles(nobody, ["physiotherapist"])
    page.run()
    assert store.accounts.get(nobody).roles == ("physiotherapist",)
    assert page.button_group(key=f"roles-{nobody}-physiotherapist-en").value == ["physiotherapist"]


def test_an_account_is_closed_opened_and_signed_out(store: Store, world: World):
    page, linked = open_page(), world.accounts["linked"]
    visit = AuthorisedStore(store, asker(world, "linked"))
    press(page, f"sign-out-{linked}")
    with pytest.raises(StoreError, check=lambda error: error.code == "store_signed_out"):
        visit.who()
    press(page, f"disable-{linked}")
    assert store.accounts.get(linked).disabled
    press(page, f"enable-{linked}")
    assert not store.accounts.get(linked).disabled


def test_nobody_locks_themselves_out(world: World):
    page, own = open_page(), world.accounts["administrator"]
    assert page.button_group(key=f"roles-{own}-administrator-en").disabled
    assert not [button for button in page.button if button.key in (f"disable-{own}", f"sign-out-{own}")]


def test_many_accounts_are_searched(store: Store, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(accounts, "SHOWN", 2)
    page = open_page()
    assert "5 more. Search for them." in words(page)
    page.text_input(key="search-accounts").input("strang").run()
    assert "**Stranger**" in words(page)
    assert "**Nobody**" not in words(page)
    page.text_input(key="search-accounts").input("zzz").run()
    assert page.info[0].value == "No account fits."
