"""Signing in at a provider, in a real browser and on PostgreSQL: who sees what, and what is ended is over at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.clinic import Clinic, running_clinic, sign_in, window
from tests.browser.conftest import settle
from tests.browser.trainee import CAMERA, Trainee

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.postgres import Server

PAGE_LINKS = "a:not([href='#stMain'])"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Clinic]:
    with running_clinic(tmp_path_factory.mktemp("clinic-home"), postgres) as clinic:
        yield clinic


def test_without_a_sign_in_or_a_role_there_is_nothing_to_see(clinic: Clinic, browser: Browser):
    context = window(browser)
    page = context.new_page()
    for path in ("", "/train", "/mydata", "/accounts"):
        page.goto(f"{clinic.app.url}{path}")
        page.get_by_role("button", name="Sign in").wait_for()
        settle(page)
        assert page.locator(PAGE_LINKS).count() == 0
        assert page.get_by_text("Page not found").count() == 0
    sign_in(page, clinic, "adam")
    page.get_by_role("heading", name="Welcome, Adam Ravn").wait_for()
    assert page.locator(PAGE_LINKS).count() == 0
    (row,) = [account for account in clinic.store.accounts.all() if account.name == "Adam Ravn"]
    assert (row.roles, row.id) == ((), clinic.account("adam")), "issuer and subject tell who it is"
    clinic.store.accounts.set_roles(row.id, ["administrator"])
    page.get_by_role("heading", name="Accounts").wait_for()  # by itself
    for path in ("/train", "/accounts"):  # another role's page, and the first one by its name
        page.goto(f"{clinic.app.url}{path}")
        page.get_by_role("heading", name="Accounts").wait_for()
        settle(page)
        assert page.get_by_text("Page not found").count() == 0
    beside = context.new_page()
    beside.goto(clinic.app.url)
    beside.get_by_role("heading", name="Accounts").wait_for()
    page.get_by_role("button", name="Adam Ravn").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    beside.get_by_role("heading", name="Sign in").wait_for()
    expect(
        page.get_by_role("button", name="Sign in").or_(page.get_by_role("heading", name="End session"))
    ).to_be_visible()
    page.goto(clinic.app.url)
    page.get_by_role("button", name="Sign in").wait_for()
    assert not [cookie for cookie in context.cookies(clinic.app.url) if "_user" in cookie["name"]]
    context.close()


def test_what_ends_a_sign_in_ends_an_open_live_page_at_once(
    clinic: Clinic, chromium: Callable[..., Browser], tmp_path: Path
):
    clinic.store.accounts.set_roles(clinic.account("anna"), ["person"])
    context = window(chromium(*CAMERA))
    page = context.new_page()
    sign_in(page, clinic, "anna")
    anna = Trainee(page, "en")
    anna.open(clinic.app)
    settle(page)
    anna.begin()
    anna.wait("hud", lambda hud: hud is not None)
    clinic.as_("adam").accounts.disable(clinic.account("anna"))
    page.get_by_role("button", name="Sign in").wait_for(timeout=15_000)
    page.get_by_text("Your sign-in has ended").wait_for()
    expect(page.locator(".live")).to_have_count(0)
    page.reload()
    page.get_by_text("Your sign-in has ended").wait_for()
    context.close()
