"""A checkout, an editable install and an installed wheel all find their models, samples, words and schema."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import formcheck
from tests.cli_runs import SHORT

PROBE = """
import hashlib, json
import formcheck
from formcheck import exercises, resources, samples
from formcheck.i18n import catalogue
from formcheck.pose.models import models, read_model
print(json.dumps({
    "package": formcheck.__file__,
    "version": formcheck.__version__,
    "models_dir": str(resources.models_dir()),
    "samples_dir": str(resources.samples_dir()),
    "models": {name: hashlib.sha256(read_model(name)).hexdigest() for name in models()},
    "samples": {s.name: [s.path.stat().st_size, len(s.truth()["units"])] for s in samples.every_sample()},
    "exercises": exercises.names(),
    "texts": [len(catalogue(language)) for language in ("en", "da")],
}))
"""


def run(command: list[str], where: tuple[Path, dict[str, str]]) -> str:
    """Run a command from a folder, in an environment, and return what it printed."""
    folder, environment = where
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def expected(root: Path) -> dict:
    """Return what ``PROBE`` must print, read from the files of the checkout."""
    listed = tomllib.loads((root / "models" / "models.toml").read_text(encoding="utf-8"))
    samples = tomllib.loads((root / "sample_videos" / "manifest.toml").read_text(encoding="utf-8"))
    return {
        "version": formcheck.__version__,
        "models": {name: entry["sha256"] for name, entry in listed.items()},
        "samples": {
            name: [(root / "sample_videos" / entry["file"]).stat().st_size, entry["units"]]
            for name, entry in samples.items()
        },
        "exercises": sorted(path.stem for path in (root / "formcheck" / "exercises").glob("[a-z]*.py")),
    }


@pytest.mark.parametrize("place", ["checkout", "editable install"])
def test_a_checkout_and_an_editable_install_find_everything(place: str, root: Path, empty: tuple[Path, dict[str, str]]):
    folder, environment = empty
    where = (root, environment) if place == "checkout" else (folder, environment)
    found = json.loads(run([sys.executable, "-c", PROBE], where))
    assert {key: found[key] for key in expected(root)} == expected(root)
    assert Path(found["package"]) == root / "formcheck" / "__init__.py"
    assert (found["models_dir"], found["samples_dir"]) == (str(root / "models"), str(root / "sample_videos"))


def test_the_installed_wheel_finds_everything(root: Path, installed: Path, empty: tuple[Path, dict[str, str]]):
    found = json.loads(run([str(installed / "python"), "-c", PROBE], empty))
    assert {key: found[key] for key in expected(root)} == expected(root)
    package = Path(found["package"]).parent
    assert package.is_relative_to(installed.parent)
    assert (found["models_dir"], found["samples_dir"]) == (
        str(package / "_data" / "models"),
        str(package / "_data" / "sample_videos"),
    )
    assert min(found["texts"]) > 100


def test_the_installed_programs_start(installed: Path, empty: tuple[Path, dict[str, str]]):
    program = str(installed / "formcheck")
    assert run([program, "--version"], empty).split() == ["formcheck", formcheck.__version__]
    listed = run([program, "--lang", "en", "exercises"], empty)
    assert all(name in listed for name in ("squat", "lunge", "plank"))
    schema = json.loads(run([program, "schema"], empty))
    assert "rep_count" in schema["properties"]


def test_the_installed_wheel_analyses_a_sample(installed: Path, empty: tuple[Path, dict[str, str]]):
    code = "from formcheck import samples; print(samples.samples('squat')[0].path)"
    video = run([str(installed / "python"), "-c", code], empty).strip()
    command = [str(installed / "formcheck"), "analyze", video, *SHORT, "--json", "-"]
    record = json.loads(run(command, empty))
    assert (record["exercise"], record["rep_count"]) == ("squat", 1)
    assert list(empty[0].iterdir()) == []


def test_the_wheel_holds_what_the_checkout_holds(root: Path, wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for folder in ("models", "sample_videos"):
            for path in (path for path in (root / folder).iterdir() if path.is_file()):
                inside = archive.read(f"formcheck/_data/{folder}/{path.name}")
                assert hashlib.sha256(inside).digest() == hashlib.sha256(path.read_bytes()).digest(), path
    own = {
        str(path.relative_to(root)).replace(os.sep, "/")
        for path in (root / "formcheck").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert own <= names
    assert not [name for name in names if name.startswith("tests/") or name.endswith(".pyc")]
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_every_sample_has_its_truth_and_stays_small(root: Path):
    listed = tomllib.loads((root / "sample_videos" / "manifest.toml").read_text(encoding="utf-8"))
    folder = root / "sample_videos"
    assert {path.stem for path in folder.glob("*.mp4")} == set(listed)
    for name, entry in listed.items():
        truth = folder / entry["truth"]
        assert truth.stat().st_size < 20_000, name
        content = json.loads(truth.read_text(encoding="utf-8"))
        assert content["computer_generated"] is True
        assert (content["clip"], content["exercise"], content["fps"]) == (name, entry["exercise"], entry["fps"])
        assert len(content["units"]) == entry["units"]
        assert len({len(values) for values in content["frames"].values()}) == 1, name
