"""Rules of the house that a machine can check: sizes, no skipped tests, pins, and nothing private in a tracked file."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest

from formcheck import doctor
from tests.architecture.sources import PACKAGE, ROOT, python_files, tracked_files

MAX_LINES = 400
"""Lines of code in a file: without docstrings, comments and empty lines."""
PYTHON = [*python_files("formcheck", "tests", "benchmarks"), ROOT / "streamlit_app.py"]
LOCKS = ("requirements.lock", "requirements-dev.lock")

WORKPLACE = "/wo" + "rk/"
PRIVATE = (
    re.escape(WORKPLACE),
    r"\bsha" + r"red/",
    r"/tmp/\w",
    r"file:///",
    r"/home/\w+",
    r"/root/",
    r"--(extra-)?index-url",
    r"--find-links",
    r"--trusted-host",
    r"files\.pythonhosted",
    r"pypi\.org/simple",
    r"registry\.npmjs",
)
"""Folders of one machine, and addresses of package indexes: a project names neither."""


def test_files_stay_short():
    long = {
        str(path.relative_to(ROOT)): count
        for path in PYTHON
        if (count := _code_lines(path.read_text(encoding="utf-8"))) > MAX_LINES
    }
    assert not long


def _code_lines(text: str) -> int:
    said = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(text.splitlines(), start=1)
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in said for number, line in lines
    )


def test_a_type_name_exists_once():
    homes: dict[str, list[str]] = {}
    for path in python_files("formcheck"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [node.name] if isinstance(node, ast.ClassDef) else []
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                names = [node.targets[0].id]
            for name in names:
                if re.match(r"[A-Z][A-Za-z]*[a-z]", name):
                    homes.setdefault(name, []).append(str(path.relative_to(PACKAGE)))
    assert not {name: places for name, places in homes.items() if len(places) > 1}


def test_no_test_is_skipped_or_expected_to_fail():
    words = re.compile(r"\b(skip|skipif|xfail|importorskip|skipTest)\b")
    found = {}
    for path in python_files("tests"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
        if bad := [name for name in names if words.fullmatch(name)]:
            found[path.name] = bad
    assert not found


def test_no_error_is_swallowed_unnamed():
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert not bare


def test_no_work_is_left_as_a_note():
    note = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    assert not [str(path.relative_to(ROOT)) for path in PYTHON if note.search(path.read_text(encoding="utf-8"))]


def test_dependencies_are_pinned_as_decided():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"mediapipe=={doctor.MEDIAPIPE_VERSION}" in project["dependencies"]
    assert project["requires-python"] == ">={}.{},<{}.{}".format(*doctor.PYTHON_FROM, *doctor.PYTHON_BELOW)
    extras = project["optional-dependencies"]
    everything = [*project["dependencies"], *extras["dev"], *extras["cluster"]]
    assert set(extras["cluster"]) <= set(extras["dev"]), "what is optional is tested too"
    assert all(re.search(r"==|<", entry) for entry in everything), "each dependency has an upper bound"
    assert not [entry for entry in everything if re.match(r"opencv-(python|contrib-python-headless)\b", entry)]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_are_exact_hashed_and_whole(name: str):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pinned = {re.match(r"([\w.-]+)==([^ ]+)", line).groups() for line in lines if line and line[0] not in " #"}
    versions = dict(pinned)
    assert versions["mediapipe"] == doctor.MEDIAPIPE_VERSION
    assert not set(versions) & set(doctor.OTHER_OPENCV)
    assert set(doctor.LIBRARIES) <= set(versions)
    hashed = re.findall(r"^[\w.-]+==.*\\\n    --hash=sha256:[0-9a-f]{64}", "\n".join(lines), re.MULTILINE)
    assert len(hashed) == len(pinned)


def test_both_locks_agree():
    run, dev = ((ROOT / name).read_text(encoding="utf-8") for name in LOCKS)
    versions = [dict(re.findall(r"^([\w.-]+)==([^ ]+)", text, re.MULTILINE)) for text in (run, dev)]
    assert {name: version for name, version in versions[0].items() if versions[1].get(name, version) != version} == {}


def test_the_lock_of_the_javascript_tools_is_exact_hashed_and_names_no_address():
    lock = json.loads((ROOT / "tools" / "js" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert {"node_modules/eslint", "node_modules/typescript"} <= set(packages)
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not [name for name, package in packages.items() if "resolved" in package]


def test_every_script_of_the_pages_is_checked():
    folders = {
        path.parent for path in tracked_files() if PACKAGE in path.parents and path.suffix in (".js", ".mjs", ".ts")
    }
    configs = (ROOT / "tools" / "js").glob("tsconfig.*.json")
    included = [entry for path in configs for entry in json.loads(path.read_text(encoding="utf-8")).get("include", ())]
    assert folders == {(ROOT / "tools" / "js" / entry.removesuffix("/*")).resolve() for entry in included}


@pytest.mark.parametrize("pattern", PRIVATE)
def test_no_tracked_file_names_one_machine_or_an_index(pattern: str):
    here = Path(__file__).resolve()
    makes_locks = {ROOT / "Makefile"} if "index" in pattern else set()
    found = []
    for path in tracked_files():
        text = _text(path)
        if path != here and path not in makes_locks and re.search(pattern, text):
            found.append(str(path.relative_to(ROOT)))
    assert not found


def _text(path: Path) -> str:
    """Return a text file's contents; a binary file has none."""
    data = path.read_bytes()
    return "" if b"\0" in data[:8192] else data.decode("utf-8", errors="replace")
