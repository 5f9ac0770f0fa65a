"""Who uses a browser session, and what of that reaches pages, files, uploads and the live socket."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck.app import identity
from formcheck.app.views import plain
from formcheck.errors import StoreError
from formcheck.store.personal_data import keep_years
from formcheck.store.principal import Asker, Local
from tests.pages import open_page

if TYPE_CHECKING:
    from formcheck.store.store import Store

Sit = Callable[[Asker | None], None]


def account(store: Store, name: str, *roles: str) -> Asker:
    """Return somebody with these roles who has just signed in."""
    made = store.accounts.signed_in("https://id.example", name, name.title())
    store.accounts.set_roles(made.id, list(roles))
    return Asker(made.id, datetime.now(UTC) + timedelta(seconds=1))


def test_a_machine_without_accounts_is_one_persons(store: Store):
    assert identity.asker() is Local.PERSON
    assert identity.me() == store.people.me()
    assert identity.access_check()() is None


def test_everybody_has_a_training_of_their_own(store: Store, sit_down: Sit):
    anna, bo = account(store, "anna", "person"), account(store, "bo", "person")
    sit_down(anna)
    annas = identity.store().sessions.open(identity.me().id, date(2026, 1, 2)).id
    sit_down(bo)
    assert identity.me().id != store.people.me().id
    with pytest.raises(StoreError, check=lambda error: error.code == "store_unknown"):
        identity.store().sessions.get(annas)


def test_a_sign_in_that_ends_takes_the_page_and_what_it_held(store: Store, sit_down: Sit):
    anna = account(store, "anna", "person")
    sit_down(anna)
    page = open_page("review")
    workspace = page.session_state.workspace
    store.accounts.disable(anna.account_id)
    page.run()
    assert workspace.closed
    assert page.title[0].value == "Sign in"
    assert "workspace" not in page.session_state


@pytest.mark.parametrize(
    "name", ["![x](https://elsewhere.example/x.png)", "25. november", ":red[*Bo*]", "$x$ <b>_Bo_</b>"]
)
def test_a_name_is_shown_letter_by_letter(name: str, store: Store, sit_down: Sit):
    made = store.accounts.signed_in("https://id.example", "bo", name)
    sit_down(Asker(made.id, datetime.now(UTC)))
    shown = open_page().title[0].value.removeprefix("Welcome, ")
    assert shown.replace("\\", "") == name
    assert not re.search(r"(?<!\\)[!-/:-@\[\]-`{-~]", shown)


def test_ones_own_name_stays_readable():
    assert plain("Åse O’Brien Østergård") == "Åse O’Brien Østergård"


@pytest.mark.parametrize("years", ["0", "-1", "x", "101", "1.5"])
def test_a_retention_that_makes_no_sense_removes_nothing(years: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FORMCHECK_KEEP_YEARS", years)
    with pytest.raises(StoreError, check=lambda error: error.code == "store_keep_years"):
        keep_years()


def test_the_retention_is_five_years_unless_the_environment_says_otherwise(monkeypatch: pytest.MonkeyPatch):
    assert keep_years() == 5
    monkeypatch.setenv("FORMCHECK_KEEP_YEARS", "10")
    assert keep_years() == 10
