"""Both databases: whatever asks for ``database_url`` runs on each."""

from __future__ import annotations

import pytest

from formcheck.store.store import Store
from tests.postgres import Server


@pytest.fixture(scope="session")
def made_tables(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the name of a database with empty tables, to be copied: quicker than to make them each time."""
    url = postgres.new_database()
    Store(url, tmp_path_factory.mktemp("made")).close()
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Return the address of an empty database; None is SQLite in the test's own folder."""
    if request.param == "sqlite":
        return None
    return request.getfixturevalue("postgres").new_database(request.getfixturevalue("made_tables"))


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest) -> str | None:
    """Return the address of a database that has no table yet."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres").new_database()
