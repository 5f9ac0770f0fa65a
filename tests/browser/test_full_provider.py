"""Signing in at a full OpenID Connect provider: its login page, password, consent, signed tokens, and the end of its session.

The tests of this file are steps of one story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.clinic import LEVEL, Clinic, clinic_at, window
from tests.browser.conftest import free_port, settle
from tests.browser.provider import FullProvider, running_provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Server

SAID = {
    "petra": {"name": "Petra Lund", "acr": LEVEL},
    "anna": {"given_name": "Anna", "family_name": "Holm", "acr": LEVEL},
    "bo": {"name": "Bo Dam"},
}
"""What the provider says about whom: a whole name, its parts, and nothing about how sure it is."""


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[FullProvider]:
    callback = f"http://127.0.0.1:{port}/oauth2callback"
    with running_provider(tmp_path_factory.mktemp("provider"), free_port(), callback, SAID) as provider:
        yield provider


@pytest.fixture(scope="module")
def clinic(
    provider: FullProvider, port: int, postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    with clinic_at(provider.issuer, tmp_path_factory.mktemp("clinic-home"), postgres, port) as clinic:
        yield clinic


@pytest.fixture(scope="module")
def petra(browser: Browser) -> Iterator[Page]:
    context = window(browser)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def anna(browser: Browser) -> Iterator[Page]:
    context = window(browser)
    yield context.new_page()
    context.close()


def go_to_provider(page: Page) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Who are you?").wait_for()


def give(page: Page, login: str, password: str) -> None:
    """Fill in the provider's own login page."""
    page.get_by_label("Username").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Go on").click()


def sign_in(page: Page, clinic: Clinic, provider: FullProvider, login: str) -> None:
    page.goto(clinic.app.url)
    go_to_provider(page)
    give(page, login, provider.password(login))
    page.get_by_role("button", name="Authorize").click()


def nobody_is_signed_in(page: Page, clinic: Clinic, word: str) -> None:
    page.get_by_text(word).wait_for()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert not user_cookies(page, clinic)


def user_cookies(page: Page, clinic: Clinic) -> list:
    return [cookie for cookie in page.context.cookies(clinic.app.url) if "_user" in cookie["name"] and cookie["value"]]


def test_a_wrong_password_or_a_no_lets_nobody_in(clinic: Clinic, provider: FullProvider, petra: Page):
    asked: list[str] = []
    petra.on("request", lambda request: asked.append(request.url))
    petra.goto(clinic.app.url)
    go_to_provider(petra)
    (request,) = [parse_qs(urlsplit(url).query) for url in asked if url.startswith(f"{provider.issuer}/authorize/")]
    assert request.keys() >= {"state", "nonce", "code_challenge"}
    assert {
        name: request[name] for name in ("scope", "prompt", "acr_values", "code_challenge_method", "redirect_uri")
    } == {
        "scope": ["openid profile"],
        "prompt": ["login"],
        "acr_values": [LEVEL],
        "code_challenge_method": ["S256"],
        "redirect_uri": [provider.callback],
    }
    give(petra, "petra", "a guess")
    petra.get_by_text("Please enter a correct username and password").wait_for()
    give(petra, "petra", provider.password("petra"))
    petra.get_by_text("Authorize formcheck?").wait_for()
    assert petra.get_by_role("listitem").all_inner_texts() == ["Who you are", "Your name"]
    petra.get_by_role("button", name="Cancel").click()
    nobody_is_signed_in(petra, clinic, "You stopped, or the sign-in was turned down.")
    assert clinic.store.accounts.all() == []


def test_what_came_back_altered_or_without_the_level_lets_nobody_in(
    clinic: Clinic, provider: FullProvider, browser: Browser
):
    context = window(browser)
    page = context.new_page()

    def alter(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        back = route.fetch(max_redirects=0).headers["location"]
        assert "?code=" in back
        route.fulfill(status=302, headers={"location": back.replace("?code=", "?code=x")})

    page.route(f"{provider.issuer}/authorize/**", alter)
    sign_in(page, clinic, provider, "bo")
    nobody_is_signed_in(page, clinic, "The sign-in did not succeed")
    page.unroute_all()
    sign_in(page, clinic, provider, "bo")
    page.get_by_text("The clinic asks for a surer way of signing in").wait_for()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert clinic.store.accounts.all() == []
    context.close()


def test_two_people_sign_in_and_are_linked(clinic: Clinic, provider: FullProvider, petra: Page, anna: Page):
    sign_in(petra, clinic, provider, "petra")
    petra.get_by_role("heading", name="Welcome, Petra Lund").wait_for()
    clinic.store.accounts.set_roles(clinic.account("petra"), ["physiotherapist"])
    petra.get_by_role("link", name="People", exact=True).wait_for()  # by itself
    token = clinic.as_("petra").links.invite().token
    anna.goto(f"{clinic.app.url}/?invite={token}")
    anna.get_by_text("You came with an invitation").wait_for()
    sign_in(anna, clinic, provider, "anna")
    anna.get_by_role("heading", name="Petra Lund invites you").wait_for()
    anna.get_by_role("button", name="Anna Holm").wait_for()
    anna.get_by_role("button", name="Accept").click()
    anna.get_by_text("Petra Lund can see your training now").wait_for()
    assert [account.name for account in clinic.store.accounts.all()] == ["Anna Holm", "Petra Lund"]
    petra.get_by_role("button", name="Anna Holm").click()
    petra.get_by_role("heading", name="Anna Holm").wait_for()


def test_signing_out_ends_the_providers_session_and_every_copy(
    clinic: Clinic, provider: FullProvider, anna: Page, browser: Browser
):
    def at_provider() -> set[str]:
        return {cookie["name"] for cookie in anna.context.cookies(provider.issuer)}

    assert "sessionid" in at_provider()
    copied = window(browser)
    copied.add_cookies(anna.context.cookies(clinic.app.url))
    beside = copied.new_page()
    beside.goto(clinic.app.url)
    beside.get_by_role("button", name="Anna Holm").wait_for()
    anna.get_by_role("button", name="Anna Holm").click()
    anna.get_by_role("button", name="Sign out", exact=True).click()
    expect(anna.get_by_role("button", name="Sign in")).to_be_visible()
    assert anna.url.startswith(clinic.app.url)
    assert not user_cookies(anna, clinic)
    assert "sessionid" not in at_provider()
    expect(anna.get_by_text("did not succeed").or_(anna.get_by_text("You stopped"))).to_have_count(0)
    beside.get_by_text("Your sign-in has ended").wait_for()
    beside.reload()
    beside.get_by_text("Your sign-in has ended").wait_for()
    copied.close()


def test_a_new_sign_in_is_asked_for_while_the_provider_still_knows_one(
    clinic: Clinic, provider: FullProvider, petra: Page
):
    assert [cookie for cookie in petra.context.cookies(provider.issuer) if cookie["name"] == "sessionid"]
    petra.context.clear_cookies(domain="127.0.0.1")
    petra.goto(clinic.app.url)
    go_to_provider(petra)
    give(petra, "petra", provider.password("petra"))
    petra.get_by_role("button", name="Authorize").click()
    petra.get_by_role("button", name="Petra Lund").wait_for()


def test_a_provider_that_is_away_is_told_and_its_new_key_is_good(
    clinic: Clinic, provider: FullProvider, petra: Page, anna: Page
):
    provider.stop()
    anna.goto(clinic.app.url)
    anna.get_by_role("button", name="Sign in").click()
    nobody_is_signed_in(anna, clinic, "The service that you sign in with does not answer.")
    provider.new_key()
    provider.start()
    sign_in(anna, clinic, provider, "anna")
    anna.get_by_role("button", name="Anna Holm").wait_for()
    petra.reload()  # whose sign-in the key before it vouched for
    petra.get_by_role("button", name="Petra Lund").wait_for()
    settle(petra)
    petra.get_by_role("button", name="Petra Lund").click()
    petra.get_by_role("button", name="Sign out", exact=True).click()
    petra.get_by_text(
        "The ID Token is expired, revoked"
    ).wait_for()  # this provider ends no session by a hint of its old key
    petra.goto(clinic.app.url)
    expect(petra.get_by_role("button", name="Sign in")).to_be_visible()
    assert not user_cookies(petra, clinic)
