"""The app's pages on a data folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from formcheck.app import identity, invitations, training
from formcheck.app.workspace import workspaces
from formcheck.store.access import Asker
from formcheck.store.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Start with nothing kept and no private folder, as a new process of a new person does, and end so."""
    workspaces.cache_clear()
    for remembered in (training._measured, training._judged_again):  # by ids, which every test's store begins anew
        remembered.cache_clear()
    opened = Store(folder=tmp_path / "data")
    monkeypatch.setattr(identity, "whole", lambda: opened)
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
        monkeypatch.setattr(invitations, "brought", lambda: None)

    return put
