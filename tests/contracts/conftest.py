"""Both databases: whatever asks for ``database_url`` runs on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formcheck.store.store import Store
from tests.postgres import Server, name_in

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def made_tables(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the name of a database with empty tables, to be copied: quicker than to make them each time."""
    url = postgres.new_database()
    Store(url, tmp_path_factory.mktemp("made")).close()
    return name_in(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Yield the address of an empty database; None is SQLite in the test's own folder."""
    yield from _one(request, "made_tables")


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Yield the address of a database that has no table yet."""
    yield from _one(request, None)


def _one(request: pytest.FixtureRequest, template: str | None) -> Iterator[str | None]:
    if request.param == "sqlite":
        yield None
        return
    server = request.getfixturevalue("postgres")
    url = server.new_database(*([request.getfixturevalue(template)] if template else []))
    yield url
    server.drop(url)
