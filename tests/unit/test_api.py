"""The Python interface: the words of the command line, the same record, and tables that say what the record says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import formcheck
from formcheck.cli import main
from formcheck.errors import FormcheckError, OutputError, SourceError, SpecError, UsageError
from formcheck.files.traces import write_trace
from formcheck.synthetic import PlankSegment, Recording, SquatRep, plank_set, road, squat_set
from tests.synthetic_cases import judged

ROOT = Path(__file__).parents[2]
SHALLOW = [SquatRep(depth_deg=100), SquatRep(depth_deg=100), SquatRep(depth_deg=75)]


@pytest.fixture(scope="module")
def squats() -> formcheck.AnalyzedSet:
    return formcheck.analyze(squat_set(SHALLOW).poses, "squat", prescription={"target_depth_deg": 95})


def test_no_poses_at_all_are_an_error_with_a_name():
    with pytest.raises(SourceError) as empty:
        judged([], "squat")
    assert empty.value.code == "source_no_frames"


def test_repetitions_are_rows_with_their_measures_and_outcomes(squats):
    table = squats.repetitions
    assert list(table.index) == [1, 2, 3]
    assert table["knee_flexion_peak_deg"].tolist() == pytest.approx([100, 100, 75], abs=7)
    assert table["depth"].tolist() == ["ok", "ok", "fault"]
    assert set(table["knees_in_reason"]) == {"wrong_view"}


def test_angles_are_rows_by_time_and_belong_to_their_repetition(squats):
    table = squats.angles
    assert len(table) == squats.record.quality.frames
    deepest = table[table["repetition"] == 1]["knee_flexion_left_deg"].max()
    assert deepest == pytest.approx(squats.repetitions.loc[1, "knee_flexion_peak_deg"], abs=2)


def test_holds_are_rows_with_their_clocks():
    plank = formcheck.analyze(plank_set([PlankSegment(8.0)]).poses, "plank")
    assert plank.repetitions.empty
    assert plank.holds["in_form_s"].tolist() == [plank.record.in_form_s]
    assert plank.record.in_form_s == pytest.approx(8.0, abs=1.0)


def test_the_record_is_the_one_of_the_command_line(tmp_path, capsys):
    made = formcheck.analyze(squat_set(SHALLOW, recording=Recording(fps=10)).poses, "squat")
    landmarks = tmp_path / "set.npz"
    write_trace(made.trace, landmarks)
    again = formcheck.analyze(landmarks, "squat", start_s=1.0)
    assert main(["analyze", "--landmarks", str(landmarks), "--exercise", "squat", "--start", "1", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == again.record.model_dump(mode="json")
    assert formcheck.analyze(made.trace, "auto").exercise.id == "squat"


def test_a_set_is_saved_as_files_that_read_back(squats, tmp_path):
    paths = squats.save(tmp_path / "new" / "folder")
    assert [path.name for path in paths] == [
        f"landmarks.squat{ending}" for ending in (".json", ".csv", ".npz", ".html")
    ]
    assert json.loads(paths[0].read_text(encoding="utf-8")) == squats.record.model_dump(mode="json")
    assert formcheck.analyze(paths[2], "squat", prescription={"target_depth_deg": 95}).record.reps == squats.record.reps


def test_a_notebook_and_a_prompt_show_the_summary(squats):
    assert "3 squats" in repr(squats)
    assert "3 squats" in squats._repr_html_()
    assert squats._repr_html_().count("<table>") == 3
    assert squats.plot().to_dict()["layer"]


@pytest.mark.parametrize(
    ("asked", "error", "code"),
    [
        (lambda poses: formcheck.analyze(poses, "squad"), UsageError, "misspelt_exercise"),
        (lambda poses: formcheck.analyze([], "squat"), UsageError, "no_poses"),
        (lambda poses: formcheck.analyze(poses, "auto", prescription={}), UsageError, "auto_prescribed"),
        (lambda poses: formcheck.analyze(poses, "squat", prescription={"depth": 1}), SpecError, "prescription_value"),
        (lambda poses: formcheck.analyze(poses[:20], "auto"), UsageError, "exercise_not_found"),
        (lambda poses: formcheck.analyze("none.mp4", "squat"), FormcheckError, "source_missing"),
        (lambda poses: formcheck.analyze(poses, "plank").save("/", ["docx"]), UsageError, "unknown_format"),
        (lambda poses: formcheck.analyze(road(), "squat").plot(), OutputError, "nothing_to_plot"),
    ],
)
def test_what_cannot_be_done_is_said(asked, error, code):
    with pytest.raises(error) as raised:
        asked(list(squat_set(SHALLOW).poses))
    assert raised.value.code == code


def test_the_public_names_are_there_documented_and_loaded_late():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^#+ `formcheck\.(\w+)", page, re.MULTILINE))
    assert documented == set(formcheck.__all__) - {"__version__"}
    assert set(dir(formcheck)) == set(formcheck.__all__)
    code = (
        "import sys, formcheck; before = set(sys.modules)\n"
        "for name in formcheck.__all__: getattr(formcheck, name)\n"
        "print(sorted({'numpy', 'pandas', 'pydantic', 'cv2', 'mediapipe'} & before), formcheck.exercises()[:1])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[] ['bird_dog']"
    assert formcheck.exercises() == formcheck.exercises.names()
