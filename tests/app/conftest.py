"""The app's pages on a data folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.app import training
from formcheck.app.workspace import workspaces
from formcheck.store.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Start with nothing kept and no private folder, as a new process of a new person does, and end so."""
    workspaces.cache_clear()
    opened = Store(folder=tmp_path / "data")
    monkeypatch.setattr(training, "store", lambda: opened)
    yield opened
    workspaces().close()
    workspaces.cache_clear()
    opened.close()
