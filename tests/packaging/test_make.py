"""On a machine that lacks something, ``make`` says the one command that installs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Return a ``python3`` that loads the modules of ``tmp_path / 'first'`` before its own."""
    (tmp_path / "first").mkdir()
    program = tmp_path / "python3"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}/first" exec "{sys.executable}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def make(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "ARGS"))}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_a_python_that_fits_is_accepted(root: Path, python: Path):
    done = make(root, f"PYTHON={python}", "python-ok")
    assert (done.returncode, done.stdout) == (0, "")


def test_no_python_at_all(root: Path, tmp_path: Path):
    done = make(root, f"PYTHON={tmp_path}/python3", "python-ok")
    assert done.returncode != 0
    assert "apt-get install -y python3 python3-venv" in done.stdout


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv(module: str, root: Path, python: Path, tmp_path: Path):
    (tmp_path / "first" / f"{module}.py").write_text("raise ImportError", encoding="utf-8")
    done = make(root, f"PYTHON={python}", "python-ok")
    assert done.returncode != 0
    assert "apt-get install -y python3-venv" in done.stdout


@pytest.mark.parametrize("version", ["(3, 10, 2)", "(3, 14, 0)"])
def test_a_python_too_old_or_too_new(version: str, root: Path, python: Path, tmp_path: Path):
    code = f"import sys; sys.version_info = {version}"
    (tmp_path / "first" / "sitecustomize.py").write_text(code, encoding="utf-8")
    done = make(root, f"PYTHON={python}", "python-ok")
    assert done.returncode != 0
    assert "formcheck needs Python 3.11, 3.12 or 3.13" in done.stderr


def test_no_node(root: Path, tmp_path: Path):
    command = [shutil.which("make"), "--no-print-directory", "node-ok"]
    done = subprocess.run(command, cwd=root, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "apt-get install -y nodejs npm" in done.stdout


def test_the_lists_of_system_packages_agree(root: Path):
    """CI installs what the doctor and the loader of the libraries name."""
    from formcheck import doctor
    from formcheck.files import native_libraries

    ci = (root / ".ci" / "run").read_text(encoding="utf-8")
    for package in doctor.SYSTEM_LIBRARIES.values():
        assert package in ci
        assert package in native_libraries.INSTALL_COMMAND


def test_the_tests_database_is_installed_and_asked_for(root: Path):
    """What the tests say is missing is what CI installs, and what make looks for first."""
    from tests.postgres import INSTALL

    package = INSTALL.split()[-1]
    assert f" {package};" in (root / ".ci" / "run").read_text(encoding="utf-8")
    assert f"$$missing {package}" in (root / "Makefile").read_text(encoding="utf-8")


def test_what_keeps_pace_is_run_alone_and_then_the_rest_side_by_side(root: Path):
    calls = [line for line in make(root, "-n", "test").stdout.splitlines() if "-m pytest" in line]
    assert [re.search(r'-m "((not )?alone) ', call).group(1) for call in calls] == ["alone", "not alone"]
    (some,) = [line for line in make(root, "-n", "test", "ARGS=tests/unit -x").stdout.splitlines() if "pytest" in line]
    assert some.endswith("-m pytest -q tests/unit -x")


@pytest.mark.parametrize(
    ("closings", "made", "code"),
    [
        (["6000 passed in 400.12s (0:06:40)", "100 passed, 1 skipped in 3.00s"], 0, 0),
        (["6000 passed in 400.12s (0:06:40)", "1 failed, 99 passed in 3.00s"], 2, 2),
        (["6000 passed in 400.12s (0:06:40)", "100 deselected in 3.00s"], 0, 1),
        (["no tests ran in 0.10s", "100 passed in 3.00s"], 0, 1),
        ([], 0, 1),
    ],
)
def test_ci_tells_what_each_half_closed_on(root: Path, tmp_path: Path, closings: list[str], made: int, code: int):
    run = [f"echo '{line}'" for line in closings] + [f"exit {made}"]
    for name, does in (("dpkg-query", ["echo install ok installed"]), ("make", run)):
        (tmp_path / name).write_text("\n".join(["#!/bin/sh", *does]), encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [root / ".ci" / "run"], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    said = [line for line in done.stdout.splitlines() if line != "No test passed."]
    assert said == closings * 2, "as pytest says it, and once more at the end"
