"""The app's pages on a data folder of their own."""

from __future__ import annotations

import shutil
from functools import cache
from typing import TYPE_CHECKING

import pytest
from streamlit.components.v2 import manifest_scanner

from formcheck.app import identity, invitation_cookie, training
from formcheck.app.workspace import workspaces
from formcheck.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from formcheck.store.principal import Asker


@pytest.fixture(scope="session", autouse=True)
def _packages_are_scanned_once() -> Iterator[None]:
    """Each new AppTest reads the metadata of every installed package for components, which takes longer than the page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def store(tmp_path: Path, made_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Start with nothing kept and no private folder, as a new process of a new person does, and end so."""
    for known in (workspaces, training._trace, training._rejudge):  # ids begin anew with each store
        known.cache_clear()
    (tmp_path / "data").mkdir()
    shutil.copy(made_file, tmp_path / "data")
    opened = Store(folder=tmp_path / "data")
    monkeypatch.setattr(identity, "full_store", lambda: opened)
    yield opened
    workspaces().close()
    workspaces.cache_clear()
    opened.close()


@pytest.fixture
def sit_down(monkeypatch: pytest.MonkeyPatch) -> Callable[[Asker | None], None]:
    """Return what puts somebody who is signed in (None: nobody) in front of every page from then on, as in a clinic."""

    def put(asker: Asker | None) -> None:
        monkeypatch.setattr(identity, "with_accounts", lambda: True)
        monkeypatch.setattr(identity, "asker", lambda: asker)
        monkeypatch.setattr(invitation_cookie, "pending_token", lambda: None)

    return put
