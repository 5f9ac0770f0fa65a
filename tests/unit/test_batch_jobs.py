"""What a batch is to do: folders and manifests read as they are meant, mistakes in them told in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formcheck.analysis import run
from formcheck.batch.jobs import BatchJob, Defaults, read_jobs, software_versions
from formcheck.errors import FormcheckError
from formcheck.i18n import error_text
from formcheck.spec.prescription import Prescription

SQUATS = Defaults(exercise="squat")


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_a_folder_is_its_videos_on_all_levels(tmp_path):
    touched(tmp_path, "b.mp4", "a/c.MOV", "a/notes.txt", ".hidden/d.mp4", "a/.e.mp4", "z.webm")
    jobs = read_jobs(tmp_path, SQUATS)
    assert [job.name for job in jobs] == [str(Path("a/c.MOV")), "b.mp4", "z.webm"]
    assert [job.video for job in jobs] == [tmp_path.resolve() / job.name for job in jobs]
    assert {(job.exercise, job.prescription, job.side, job.model) for job in jobs} == {("squat", None, "auto", "full")}


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_csv_manifest(tmp_path, delimiter):
    (tmp_path / "plan.json").write_text(json.dumps({"exercise": "lunge", "target_depth_deg": 80}))
    lines = ["video,exercise,prescription,side", "one.mp4,,,", "sub/two.mp4,lunge,plan.json,left", ",,,"]
    manifest = tmp_path / "week.csv"
    manifest.write_text("\r\n".join(lines).replace(",", delimiter), encoding="utf-8-sig")
    one, two = read_jobs(manifest, SQUATS)
    assert (one.name, one.exercise, one.prescription, one.side) == ("one.mp4", "squat", None, "auto")
    assert (two.video, two.exercise, two.side) == (tmp_path.resolve() / "sub/two.mp4", "lunge", "left")
    assert two.prescription.target_depth_deg == 80


def test_a_toml_manifest(tmp_path):
    manifest = tmp_path / "week.toml"
    manifest.write_text(
        '[[videos]]\nvideo = "one.mp4"\nexercise = "squat"\nprescription = { target_depth_deg = 90 }\n'
        '[[videos]]\nvideo = "two.mp4"\nexercise = "plank"\n'
    )
    one, two = read_jobs(manifest, Defaults(model="lite"))
    assert one.prescription == Prescription(exercise="squat", target_depth_deg=90)
    assert (two.exercise, two.prescription, two.model) == ("plank", None, "lite")


def test_what_a_row_does_not_say_comes_from_the_command(tmp_path):
    manifest = tmp_path / "week.csv"
    manifest.write_text("video,exercise\none.mp4,lunge\ntwo.mp4,\n")
    jobs = read_jobs(manifest, Defaults("squat", lambda exercise: Prescription(exercise=exercise.id, depth_cap_deg=99)))
    assert [(job.exercise, job.prescription.exercise) for job in jobs] == [("lunge", "lunge"), ("squat", "squat")]


@pytest.mark.parametrize(
    ("name", "text", "code", "words"),
    [
        (
            "a.csv",
            "video,exercise\none.mp4,sqat\n",
            "manifest_row",
            "row 2: There is no exercise 'sqat'. Did you mean squat?",
        ),
        ("a.csv", "video\none.mp4\n", "manifest_row", "row 2: No exercise is named. Name it in the row, or for all"),
        (
            "a.csv",
            "film,exercise\none.mp4,squat\n",
            "manifest_row",
            "row 2: There is no column “film”. The columns are: video,",
        ),
        (
            "a.csv",
            "video,exercise\none.mp4,squat\ntwo.mp4,squat,more\n",
            "manifest_row",
            "row 3: It has more cells than",
        ),
        (
            "a.csv",
            "video,exercise,side\none.mp4,squat,up\n",
            "manifest_row",
            "The side is auto, left or right, not “up”.",
        ),
        ("a.csv", "video,exercise,prescription\none.mp4,squat,none.json\n", "manifest_row", "none.json"),
        ("a.csv", "video,exercise\n,squat\n", "manifest_row", "row 2: The video is not named."),
        ("a.csv", "video,exercise\n\n,,\none.mp4,auto\n", "manifest_row", "row 4: Many videos need the name"),
        ("a.csv", "video,exercise\n", "batch_empty", "no video"),
        ("a.csv", "", "batch_empty", "no video"),
        ("a.csv", b"video\n\xff\xfe.mp4\n", "manifest_file", "a.csv"),
        ("a.toml", "[[videos]]\nvideo = \n", "manifest_file", "a.toml"),
        ("a.toml", "[[films]]\nvideo = 'a.mp4'\n", "batch_empty", "no video"),
        ("a.toml", "videos = ['a.mp4']\n", "manifest_row", "row 1"),
        ("a.toml", "videos = 7\n", "manifest_file", "videos"),
        ("a.toml", "[[videos]]\nvideo = 'a'\nmood = 'good'\n", "manifest_row", "1: There is no column “mood”"),
        (
            "a.toml",
            "[[videos]]\nvideo = 'a.mp4'\nexercise = 'squat'\nprescription = { target_depth_deg = 900 }\n",
            "manifest_row",
            "a.toml, 1",
        ),
        (
            "a.toml",
            "[[videos]]\nvideo = 'a.mp4'\nexercise = 'squat'\nprescription = { exercise = 'lunge' }\n",
            "manifest_row",
            "lunge",
        ),
        ("a.txt", "one.mp4", "batch_source", "neither"),
    ],
)
def test_a_manifest_that_makes_no_sense(tmp_path, name, text, code, words):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FormcheckError) as raised:
        read_jobs(tmp_path / name, Defaults())
    assert raised.value.code == code
    assert words in str(raised.value)


def test_every_bad_row_is_named_at_once_as_a_spreadsheet_counts_them(tmp_path):
    manifest = tmp_path / "week.csv"
    rows = ["video,exercise", "1.mp4,squat", "2.mp4,sqat", "", "3.mp4,plank", ",squat", "4.mp4,squat,left"]
    manifest.write_text("\n".join(rows))
    with pytest.raises(FormcheckError) as raised:
        read_jobs(manifest, Defaults())
    assert raised.value.code == "manifest_rows"
    assert "week.csv, row 3: There is no exercise 'sqat'." in str(raised.value)
    assert str(raised.value).endswith(" Nor can these rows be used: 6, 7.")
    in_danish = error_text(raised.value, "da")
    assert "række 3: Der er ingen øvelse" in in_danish
    assert in_danish.endswith(" Heller ikke disse rækker kan bruges: 6, 7.")


def test_a_manifest_of_bad_rows_alone_is_told_in_one_line(tmp_path):
    manifest = tmp_path / "week.csv"
    manifest.write_text("film\n" + "a.mp4\n" * 500)
    with pytest.raises(FormcheckError) as raised:
        read_jobs(manifest, SQUATS)
    assert str(raised.value).endswith("3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ….")


def test_a_folder_needs_an_exercise(tmp_path):
    touched(tmp_path, "a.mp4")
    with pytest.raises(FormcheckError) as raised:
        read_jobs(tmp_path, Defaults())
    assert raised.value.code == "batch_exercise"
    assert "with --exercise, or list them in a manifest" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "code"), [("none", "batch_source"), ("none.csv", "batch_source"), ("", "batch_empty")]
)
def test_nothing_to_do(tmp_path, name, code):
    touched(tmp_path, "notes.txt")
    with pytest.raises(FormcheckError) as raised:
        read_jobs(tmp_path / name, SQUATS)
    assert raised.value.code == code


DEEP = Prescription(exercise="squat", target_depth_deg=90)


def test_finished_work_is_known_by_all_that_makes_a_record(monkeypatch):
    usual = BatchJob(Path("a.mp4"), "a.mp4", "squat").key("ab")
    keys = {
        "again": BatchJob(Path("other/b.mp4"), "b", "squat").key("ab"),
        "video": BatchJob(Path("a.mp4"), "a.mp4", "squat").key("cd"),
        "exercise": BatchJob(Path("a.mp4"), "a.mp4", "lunge").key("ab"),
        "prescription": BatchJob(Path("a.mp4"), "a.mp4", "squat", DEEP).key("ab"),
        "side": BatchJob(Path("a.mp4"), "a.mp4", "squat", side="left").key("ab"),
        "model": BatchJob(Path("a.mp4"), "a.mp4", "squat", model="lite").key("ab"),
    }
    monkeypatch.setattr(run.metadata, "version", lambda name: "0.0")
    keys["mediapipe"] = BatchJob(Path("a.mp4"), "a.mp4", "squat").key("ab")
    monkeypatch.undo()
    monkeypatch.setattr("formcheck.analysis.run.VERSION", "99.0")
    keys["engine"] = BatchJob(Path("a.mp4"), "a.mp4", "squat").key("ab")
    assert keys.pop("again") == usual
    assert len({usual, *keys.values()}) == 1 + len(keys)


def test_the_python_that_made_a_record_does_not_count():
    software = {"formcheck": "1", "exercise_sha256": "2", "mediapipe": "3", "model_sha256": "4", "python": "3.11"}
    assert software_versions(software) == software_versions({**software, "python": "3.13"})
