"""A clinic for the browser tests: the app on PostgreSQL, a provider of identities beside it, and people who sign in."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oidc_provider_mock import User, run_server_in_thread

from formcheck.store.access import AuthorisedStore
from formcheck.store.principal import Asker
from formcheck.store.store import Store
from tests.browser.conftest import TIMEOUT_MS, App, free_port, running
from tests.browser.provider import CLIENT, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.postgres import Server

PEOPLE = {"anna": "Anna Holm", "petra": "Petra Lund", "adam": "Adam Ravn"}
LEVEL = "substantial"
"""How sure the clinic asks its provider to be."""


@dataclass
class Clinic:
    """An app that people sign in to, and its store."""

    app: App
    store: Store
    issuer: str

    def account(self, name: str) -> int:
        """Return the number of an account, made as the first sign-in makes it."""
        return self.store.accounts.signed_in(self.issuer, name, PEOPLE[name]).id

    def as_(self, name: str) -> AuthorisedStore:
        return AuthorisedStore(self.store, Asker(self.account(name), datetime.now(UTC)))


@contextmanager
def running_clinic(home: Path, postgres: Server) -> Iterator[Clinic]:
    """Run the app with sign-in at a provider that asks for no password, its files in ``home`` and its rows in a new database."""
    claims = [(sub, {"name": name, "email": f"{sub}@example.org", "acr": LEVEL}) for sub, name in PEOPLE.items()]
    with (
        run_server_in_thread(user_claims=[User(sub=sub, claims=said) for sub, said in claims]) as provider,
        clinic_at(f"http://localhost:{provider.server_port}", home, postgres, free_port()) as clinic,
    ):
        yield clinic


@contextmanager
def clinic_at(issuer: str, home: Path, postgres: Server, port: int) -> Iterator[Clinic]:
    """Run the app on a port, with sign-in at this provider, its files in ``home`` and its rows in a new database."""
    database = postgres.new_database()
    settings = {
        "FORMCHECK_DATABASE_URL": database,
        "FORMCHECK_ADDRESS": f"http://127.0.0.1:{port}",
        "FORMCHECK_OIDC_METADATA_URL": f"{issuer}/.well-known/openid-configuration",
        "FORMCHECK_OIDC_CLIENT_ID": CLIENT,
        "FORMCHECK_OIDC_CLIENT_SECRET": SECRET,
        "FORMCHECK_OIDC_ACR_VALUES": LEVEL,
        "FORMCHECK_COOKIE_SECRET": "0123456789" * 4,
    }
    with running(home, port, **settings) as app, Store(database, home / "formcheck") as store:
        yield Clinic(app, store, issuer)


def window(browser: Browser, language: str = "en-GB") -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=language)
    context.set_default_timeout(TIMEOUT_MS)
    return context


def sign_in(page: Page, clinic: Clinic, name: str) -> None:
    """Open the app and sign in at the provider."""
    page.goto(clinic.app.url)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=name).wait_for()
    assert all(asked in page.url for asked in ("scope=openid+profile&", "prompt=login", f"acr_values={LEVEL}"))
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name=PEOPLE[name]).wait_for()
