"""``--exercise auto``: one exercise as it, several as a set each, and a question where it cannot be told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formcheck.files.traces import write_trace
from formcheck.synthetic import road, shift_poses
from tests.cli_runs import one_sentence, run
from tests.synthetic_cases import CLEAN, judged, made

pytestmark = pytest.mark.usefixtures("recognised_once")


def landmarks(folder: Path, *done: tuple[str, float]) -> Path:
    """Write the landmarks of two repetitions of each exercise, seen from that azimuth, one after the other."""
    poses = []
    for name, azimuth_deg in done:
        set_ = made(name, [CLEAN[name]] * 2, azimuth_deg, fps=10.0).poses
        poses += shift_poses(set_, poses[-1].t_s + 1 / 10 if poses else 0.0)
    path = folder / "film.npz"
    write_trace(judged(poses or road(seconds=2), "squat").trace, path)
    return path


def auto(capsys, path: Path, *arguments: object):
    return run(capsys, "analyze", "--landmarks", path, "--exercise", "auto", *arguments)


def test_one_exercise_gives_the_same_record_as_by_its_name(capsys, tmp_path):
    path = landmarks(tmp_path, ("squat", 90))
    found = auto(capsys, path, "--json", "-")
    named = run(capsys, "analyze", "--landmarks", path, "--exercise", "squat", "--json", "-")
    assert (found.code, found.out, found.err) == (0, named.out, "")


def test_one_exercise_names_its_files_as_by_its_name(capsys, tmp_path):
    done = auto(capsys, landmarks(tmp_path, ("lunge", 90)), "--out", tmp_path / "out")
    assert done.code == 0
    assert "1. Lunge, recognised from 0:0" in done.out
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        f"film.lunge{e}" for e in (".csv", ".html", ".json")
    ]


def test_several_exercises_are_a_numbered_set_each(capsys, tmp_path):
    path = landmarks(tmp_path, ("squat", 90), ("lunge", 90))
    done = auto(capsys, path, "--json", tmp_path / "mine.json", "--out", tmp_path / "out")
    assert done.code == 0
    records = [json.loads((tmp_path / f"mine.{n}.json").read_text()) for n in (1, 2)]
    assert [(record["exercise"], record["rep_count"]) for record in records] == [("squat", 2), ("lunge", 2)]
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "film.1.squat.csv",
        "film.1.squat.html",
        "film.2.lunge.csv",
        "film.2.lunge.html",
    }
    assert done.out.index("1. Squat") < done.out.index("2. Lunge")
    assert records[0]["source"]["start_s"] is None
    assert records[0]["source"]["end_s"] < records[1]["reps"][0]["turn_s"]


def test_several_records_on_stdout_are_a_list(capsys, tmp_path):
    done = auto(capsys, landmarks(tmp_path, ("squat", 90), ("lunge", 90)), "--json", "-")
    assert [record["exercise"] for record in json.loads(done.out)] == ["squat", "lunge"]


def test_a_device_takes_them_all(capsys, tmp_path):
    done = auto(capsys, landmarks(tmp_path, ("squat", 90), ("lunge", 90)), "--json", "/dev/null")
    assert done.code == 0
    assert not Path("/dev/null.1").exists()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "It cannot be told"), ("da", "Det kan ikke ses, hvilken øvelse")]
)
def test_what_cannot_be_told_is_asked_with_its_candidates(capsys, tmp_path, language, words):
    done = auto(capsys, landmarks(tmp_path, ("squat", 0)), "--out", tmp_path / "out", "--lang", language)
    assert done.code == 2
    sentence = one_sentence(done.err)
    assert words in sentence
    assert "sit_to_stand / squat" in sentence
    assert "--start" in sentence
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_sure_is_written_before_the_rest_is_asked(capsys, tmp_path):
    done = auto(capsys, landmarks(tmp_path, ("side_lunge", 0), ("squat", 0)), "--json", tmp_path / "mine.json")
    assert done.code == 2
    assert "sit_to_stand / squat" in one_sentence(done.err)
    assert json.loads((tmp_path / "mine.1.json").read_text())["exercise"] == "side_lunge"
    assert not (tmp_path / "mine.2.json").exists()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "No exercise was recognised"), ("da", "Ingen øvelse blev genkendt")]
)
def test_nothing_found_is_said(capsys, tmp_path, language, words):
    done = auto(capsys, landmarks(tmp_path, ("squat", 90)), "--end", "1.2", "--lang", language)
    assert done.code == 2
    assert words in one_sentence(done.err)


def test_nobody_is_nobody(capsys, tmp_path):
    done = auto(capsys, landmarks(tmp_path))
    assert done.code == 4
    assert "Nobody was seen in 100%" in one_sentence(done.err)


@pytest.mark.parametrize("arguments", [["--target-depth", "90"], ["--prescription", "plan.json"]])
def test_a_prescription_names_its_exercise(capsys, tmp_path, arguments):
    done = auto(capsys, tmp_path / "none.npz", *arguments)
    assert done.code == 2
    assert "in place of auto" in one_sentence(done.err)
