"""The wheel as a release builds it, installed into an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release does, with what is installed here, and return its path."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into a new environment that sees this one's libraries; return its folder of programs.

    The new environment's own packages come first, so that it uses the wheel and not this checkout.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(programs / "python"),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (packages,) = [path.parent for path in folder.rglob("formcheck/__init__.py")]
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (packages.parent / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return programs


@pytest.fixture
def empty(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Return an empty folder to stand in, and an environment with an empty home and no Python settings."""
    folder, home = tmp_path / "empty", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMPDIR", "LANG") if name in os.environ}
    return folder, {**kept, "HOME": str(home), "USERPROFILE": str(home), "PYTHONUTF8": "1"}
