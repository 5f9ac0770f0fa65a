"""``formcheck new-exercise``: what it writes is an exercise at once."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from formcheck import exercises
from formcheck.analysis.run import run_set
from formcheck.model.records import Source
from formcheck.synthetic import HeelRep, heel_raise_set
from tests.cli_runs import one_sentence, run

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.spec.exercise import Exercise


def written(capsys, folder: Path, name: str = "an_exercise_of_ones_own", *arguments: object):
    return run(capsys, "new-exercise", name, "--folder", folder, *arguments)


def spec_of(path: Path) -> Exercise:
    module = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(module)
    module.loader.exec_module(loaded)
    return loaded.SPEC


@pytest.fixture
def spec(capsys, tmp_path) -> Exercise:
    assert written(capsys, tmp_path).code == 0
    return spec_of(tmp_path / "an_exercise_of_ones_own.py")


def test_the_written_file_is_a_valid_exercise(spec):
    assert (spec.id, spec.name["en"]) == ("an_exercise_of_ones_own", "An exercise of ones own")
    used = {c.signal for rule in spec.rules for c in rule.conditions}
    assert used | {spec.movement.signal, spec.movement.depth_signal} == set(spec.signals)


@pytest.mark.parametrize(("knee_deg", "faults"), [(0, set()), (36, {"knees_bent"})])
def test_it_counts_and_judges_at_once(spec, knee_deg, faults):
    made = heel_raise_set([HeelRep(pitch_deg=44, knee_deg=knee_deg)] * 3)
    record = run_set(made.poses, spec, Source(name="scripted", width=640, height=480, duration_s=10)).record
    assert record.rep_count == 3
    assert {fault.rule for fault in record.faults} == faults


def test_it_is_commented_and_its_data_are_under_forty_lines_and_in_the_house_style(capsys, tmp_path):
    written(capsys, tmp_path)
    text = (tmp_path / "an_exercise_of_ones_own.py").read_text(encoding="utf-8")
    data = [line.strip() for line in text[text.index("SPEC = ") :].splitlines()]
    assert sum(line.startswith("#") for line in data) >= 5
    assert len([line for line in data if not line.startswith("#")]) < 40
    assert "{" not in text.replace("signals={", "")


def test_it_says_where_it_is_and_what_comes_next(capsys, tmp_path):
    assert str(tmp_path / "an_exercise_of_ones_own.py") in written(capsys, tmp_path).out
    assert "--exercise hop" in written(capsys, tmp_path, "hop").out
    assert "Ret filen" in written(capsys, tmp_path, "skip", "--lang", "da").out


def test_without_a_folder_it_is_written_where_exercises_are_found(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(exercises, "__file__", str(tmp_path / "__init__.py"))
    assert run(capsys, "new-exercise", "an_exercise_of_ones_own").code == 0
    assert (tmp_path / "an_exercise_of_ones_own.py").exists()


@pytest.mark.parametrize(
    "name", ["Calf", "calf raise", "../calf", "1leg", "_calf", "hælløft", "class", "auto", "calf.py", ""]
)
@pytest.mark.parametrize(("language", "words"), [("en", "cannot be the name"), ("da", "kan ikke være navnet")])
def test_a_bad_name_is_refused(capsys, tmp_path, name, language, words):
    done = written(capsys, tmp_path, name, "--lang", language)
    assert done.code == 2
    assert words in one_sentence(done.err)
    assert not list(tmp_path.iterdir())


def test_what_is_there_stays(capsys, tmp_path):
    (tmp_path / "an_exercise_of_ones_own.py").write_text("mine")
    for name in ("an_exercise_of_ones_own", "squat"):
        done = written(capsys, tmp_path, name)
        assert done.code == 2
        assert f"There is an exercise {name} already" in one_sentence(done.err)
    assert (tmp_path / "an_exercise_of_ones_own.py").read_text() == "mine"


def test_a_folder_that_is_not_there_is_an_error(capsys, tmp_path):
    done = written(capsys, tmp_path / "nowhere")
    assert done.code == 6
    assert "its folder does not exist" in one_sentence(done.err)
