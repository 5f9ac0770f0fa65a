"""The command line on saved landmarks: arguments, tables, files, exit codes."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import jsonschema
import pytest

import formcheck
from formcheck import exercises
from formcheck.app import launch
from formcheck.cli.parser import build_parser, language_of
from formcheck.i18n import LANGUAGES
from formcheck.model.records import SetRecord
from tests.cli_runs import environment, one_sentence, run, squat_landmarks

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("analyze", "batch", "exercises", "new-exercise", "doctor", "app", "schema")


@pytest.fixture(scope="module")
def landmarks(tmp_path_factory) -> Path:
    return squat_landmarks(tmp_path_factory.mktemp("landmarks") / "three squats.npz")


def analyze(capsys, landmarks: Path, *arguments: object):
    return run(capsys, "analyze", "--landmarks", landmarks, "--exercise", "squat", *arguments)


# Around the commands


def test_version(capsys):
    done = run(capsys, "--version")
    assert (done.code, done.out) == (0, f"formcheck {formcheck.__version__}\n")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help_in_both_languages(capsys, command, language):
    done = run(capsys, *([command] if command else []), "--help", "--lang", language)
    assert done.code == 0
    assert done.out.startswith({"en": "usage: formcheck", "da": "brug: formcheck"}[language])
    assert "cli." not in done.out


def test_help_differs_between_the_languages(capsys):
    assert run(capsys, "--help", "--lang", "en").out != run(capsys, "--help", "--lang", "da").out


@pytest.mark.parametrize(
    ("arguments", "language"),
    [(["exercises", "--lang", "da"], "da"), (["exercises", "--lang=da"], "da"), (["--lang", "fr"], "en"), ([], "en")],
)
def test_the_language_is_found_before_the_rest(monkeypatch, arguments, language):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert language_of(arguments) == language


def test_the_system_language_is_the_default(monkeypatch):
    monkeypatch.setenv("LC_ALL", "da_DK.UTF-8")
    assert language_of(["exercises"]) == "da"


@pytest.mark.parametrize("arguments", [[], ["dance"], ["analyze"], ["analyze", "a.mp4"], ["exercises", "--loud"]])
def test_wrong_arguments_are_a_sentence(capsys, arguments):
    done = run(capsys, *arguments)
    assert done.code == 2
    assert "--help" in one_sentence(done.err)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["analyze"], "der mangler: --exercise"),
        (["analyze", "a.mp4", "--exercise"], "argumentet --exercise: der mangler en værdi"),
        (["analyze", "a.mp4", "--model", "huge"], "argumentet --model: ugyldigt valg: 'huge' (vælg mellem "),
        (["exercises", "--loud"], "ukendte argumenter: --loud"),
        (["app", "--port", "x"], "argumentet --port: ikke et helt tal: 'x'"),
        (["analyze", "a.mp4", "--exercise", "sqat"], "Mente du squat?"),
    ],
)
def test_wrong_arguments_speak_danish(capsys, arguments, sentence):
    done = run(capsys, *arguments, "--lang", "da")
    assert done.code == 2
    assert sentence in one_sentence(done.err)


def test_exercises_lists_every_rule_with_its_views(capsys):
    done = run(capsys, "exercises")
    assert done.code == 0
    for name in exercises.names():
        assert f"{name}: " in done.out
        for rule in exercises.load(name).rules:
            assert rule.name["en"] in done.out
    assert "a prescribed depth" in done.out


def test_schema_prints_the_schema_of_the_record(capsys):
    assert json.loads(run(capsys, "schema").out) == SetRecord.model_json_schema()


def test_doctor_says_what_there_is(capsys):
    done = run(capsys, "doctor")
    assert done.code == 0
    assert "Python: 3." in done.out


def test_app_passes_its_arguments_on(capsys, monkeypatch):
    seen = []
    monkeypatch.setattr(launch, "launch", lambda *arguments: seen.append(arguments) or 0)
    assert run(capsys, "app").code == 0
    assert run(capsys, "app", "--port", "8600", "--no-browser").code == 0
    assert run(capsys, "app", "--phone").code == 0
    assert run(capsys, "app", "--address", "0.0.0.0", "--without-login").code == 0
    assert seen == [
        (None, True, False, None, False),
        (8600, False, False, None, False),
        (None, True, True, None, False),
        (None, True, False, "0.0.0.0", True),
    ]


def test_no_command_needs_the_heavy_libraries_to_be_explained():
    code = "import sys, formcheck.cli as cli; cli.main(['analyze', '--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert not {"mediapipe", "cv2", "av", "streamlit"} & set(done.stdout.split())


# Analysing


def test_the_tables_tell_the_set(capsys, landmarks):
    done = analyze(capsys, landmarks, "--target-depth", 90)
    assert done.code == 0
    assert "3 squats, 2 to depth." in done.out
    assert "at least 75°" in done.out
    assert "Sink a little deeper" in done.out
    assert "cannot be judged from the side; film from the front" in done.out
    assert done.err == ""


def test_the_tables_speak_danish(capsys, landmarks):
    done = analyze(capsys, landmarks, "--target-depth", 90, "--lang", "da")
    assert "3 squats, 2 dybe nok." in done.out
    assert "Gå lidt dybere ned" in done.out
    assert "kan ikke vurderes fra siden; film forfra" in done.out


def test_without_a_target_no_depth_is_wrong(capsys, landmarks):
    done = analyze(capsys, landmarks)
    assert "to depth" not in done.out
    assert "Not assessed without a target: depth." in done.out


def test_json_on_stdout_is_alone_there(capsys, landmarks):
    done = analyze(capsys, landmarks, "--json", "-")
    record = json.loads(done.out)
    jsonschema.validate(record, SetRecord.model_json_schema())
    assert (record["rep_count"], record["source"]["kind"]) == (3, "landmarks")
    assert done.err == ""


def test_out_writes_everything_that_landmarks_allow(capsys, landmarks, tmp_path):
    folder = tmp_path / "new" / "folder"
    done = analyze(capsys, landmarks, "--out", folder)
    assert done.code == 0
    names = [f"three squats.squat{ending}" for ending in (".csv", ".html", ".json")]
    assert sorted(path.name for path in folder.iterdir()) == names
    for name in names:
        assert f"Wrote {folder / name}" in done.out.replace("\n", "")
    with (folder / names[0]).open(encoding="utf-8", newline="") as file:
        assert "knee_flexion_left_deg" in next(csv.reader(file))


def test_a_named_output_goes_before_the_folder(capsys, landmarks, tmp_path):
    analyze(capsys, landmarks, "--out", tmp_path, "--json", tmp_path / "mine.json")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".html", ".json"]
    assert (tmp_path / "mine.json").exists()


def test_a_saved_trace_gives_the_same_set_again(capsys, landmarks, tmp_path):
    first = analyze(capsys, landmarks, "--json", "-", "--trace", tmp_path / "trace.npz")
    again = analyze(capsys, tmp_path / "trace.npz", "--json", "-")
    one, two = json.loads(first.out), json.loads(again.out)
    del one["source"], two["source"]
    assert one == two


def test_times_are_those_of_the_file_also_from_a_start_on(capsys, landmarks):
    whole = json.loads(analyze(capsys, landmarks, "--json", "-").out)
    start = whole["reps"][0]["end_s"]
    part = json.loads(analyze(capsys, landmarks, "--json", "-", "--start", start).out)
    assert part["rep_count"] == 2
    assert part["reps"][0]["turn_s"] == pytest.approx(whole["reps"][1]["turn_s"], abs=0.1)
    assert part["source"]["start_s"] == start


def test_a_prescription_file_with_the_target_depth_put_in(capsys, landmarks, tmp_path):
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"exercise": "squat", "target_depth_deg": 60, "rules": {"heels": {"enabled": False}}}))
    record = json.loads(analyze(capsys, landmarks, "--json", "-", "--prescription", file).out)
    assert not [fault for fault in record["faults"] if fault["rule"] == "depth"]
    assert {"rule": "heels", "reason": "turned_off", "reps": None} in record["not_assessed"]
    record = json.loads(analyze(capsys, landmarks, "--json", "-", "--prescription", file, "--target-depth", "90").out)
    assert [fault["rep"] for fault in record["faults"] if fault["rule"] == "depth"] == [2]
    assert record["prescription"]["target_depth_deg"] == 90
    assert record["prescription"]["rules"]["heels"]["enabled"] is False


@pytest.mark.parametrize("name", ["json", "report", "trace"])
def test_dev_null_is_written_to_and_stays(capsys, landmarks, name):
    assert analyze(capsys, landmarks, f"--{name}", "/dev/null").code == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_several_outputs_may_go_to_the_same_device(capsys, landmarks):
    assert analyze(capsys, landmarks, "--json", "/dev/null", "--report", "/dev/null").code == 0


def test_a_pipe_gets_the_record_and_stays_a_pipe(capsys, landmarks, tmp_path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    assert analyze(capsys, landmarks, "--json", pipe).code == 0
    reader.join(10)
    assert json.loads(got[0])["rep_count"] == 3
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_decimal_comma_is_understood():
    args = build_parser("da").parse_args(["analyze", "a.mp4", "--exercise", "squat", "--start", "1,5"])
    assert args.start == 1.5
