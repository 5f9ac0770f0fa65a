"""What every test stands on: the project's folder, and a home of its own: no test touches the person's files."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.postgres import Server, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
ALONE = (
    "tests/browser/test_train.py",
    "tests/regression/test_cli_live.py",
)
"""What has to see so many pictures a second to be right: ``make test`` runs it with no other test beside it."""

PROOF = (
    "tests/browser/test_every_page.py",
    "tests/browser/test_full_provider.py",
    "tests/packaging/test_installed.py",
    "tests/packaging/test_make.py",
    "tests/packaging/test_network.py",
)
"""What is long by nature: every page as a picture, a full provider of identities, installing from nothing, watching the network.

``make proof`` runs it. A single long test is marked where it stands.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that must run alone, and those of ``make proof``."""
    for item in items:
        if item.nodeid.startswith(ALONE):
            item.add_marker("alone")
        if item.nodeid.startswith(PROOF):
            item.add_marker("proof")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a new path at each ``next``, in a folder of their own: pytest reads its whole folder for every new name in it."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    home = next(_homes)
    home.mkdir()
    monkeypatch.delenv("FORMCHECK_DATABASE_URL", raising=False)
    for variable in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(home))


@pytest.fixture(autouse=True)
def _own_main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit puts its script in the place of ``__main__``, which every process started later would run first."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="module")
def recognised_once() -> Iterator[None]:
    """Judge the same poses as the same exercise once in a file of tests: recognition judges a set of every exercise."""
    from formcheck.analysis import recognition  # here, so that tests without recognition load nothing of it

    known = {}

    def judge_once(poses, exercise):
        key = exercise.id, *((pose.t_s, pose.image_px.tobytes()) for pose in poses)
        if key not in known:
            known[key] = judge(poses, exercise)
        return known[key]

    judge = recognition._judge
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recognition, "_judge", judge_once)
        yield


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with empty tables, to be copied: quicker than to make them each time."""
    from formcheck.store.database import FILE_NAME  # here, so that tests without a store load nothing of it
    from formcheck.store.store import Store

    folder = tmp_path_factory.mktemp("made")
    Store(folder=folder).close()
    return folder / FILE_NAME


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Yield a PostgreSQL server of the tests' own."""
    with running_server() as server:
        yield server
