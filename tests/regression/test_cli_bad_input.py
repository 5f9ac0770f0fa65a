"""Bad input through the whole command line: a sentence, an exit code, nothing half-written, nothing lost."""

from __future__ import annotations

import json
import os
import pty
import resource
import select
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.files.resources import models_dir
from formcheck.pose import models
from tests import media
from tests.cli_runs import SAMPLES, command, environment, one_sentence, run, run_program, squat_landmarks

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = SAMPLES / "squat_side_good.mp4"


@pytest.fixture(scope="module")
def landmarks(tmp_path_factory) -> Path:
    return squat_landmarks(tmp_path_factory.mktemp("landmarks") / "squats.npz")


@pytest.fixture(scope="module")
def empty_room(tmp_path_factory) -> Path:
    """A video in which nobody is."""
    return media.write_video(tmp_path_factory.mktemp("video") / "room.mp4", media.pictures(12, 160, 120))


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# What is analysed


def _missing(folder: Path) -> Path:
    return folder / "no such file.mp4"


def _folder(folder: Path) -> Path:
    (folder / "a folder.mp4").mkdir()
    return folder / "a folder.mp4"


def _empty(folder: Path) -> Path:
    (folder / "empty.mp4").touch()
    return folder / "empty.mp4"


def _text(folder: Path) -> Path:
    (folder / "text.mp4").write_text("This is no video.\n" * 50)
    return folder / "text.mp4"


def _sound(folder: Path) -> Path:
    return media.write_sound(folder / "sound.mp4")


def _no_pictures(folder: Path) -> Path:
    return media.write_without_pictures(folder / "no pictures.mp4")


def _cut_off(folder: Path) -> Path:
    whole = media.write_video(folder / "whole.mp4", media.pictures(20))
    (folder / "cut off.mp4").write_bytes(whole.read_bytes()[:-600])
    whole.unlink()
    return folder / "cut off.mp4"


def _one_picture(folder: Path) -> Path:
    return media.write_video(folder / "one picture.mp4", media.pictures(1))


def _too_large(folder: Path) -> Path:
    return media.write_video(folder / "too large.mp4", media.pictures(2, 4112, 16))


@pytest.mark.parametrize(
    "make", [_missing, _folder, _empty, _text, _sound, _no_pictures, _cut_off, _one_picture, _too_large]
)
@pytest.mark.parametrize("language", ["en", "da"])
def test_a_video_that_cannot_be_read(capsys, tmp_path, make: Callable[[Path], Path], language):
    video = make(tmp_path)
    before = left_in(tmp_path)
    done = run(
        capsys,
        "analyze",
        video,
        "--exercise",
        "squat",
        "--json",
        tmp_path / "set.json",
        "--annotate",
        tmp_path / "drawn.mp4",
        "--lang",
        language,
    )
    assert done.code == 3
    assert str(video) in one_sentence(done.err)
    assert done.out == ""
    assert left_in(tmp_path) == before


@pytest.mark.parametrize(
    ("arrays", "word"),
    [
        ({"t_s": [0.0]}, "image_px"),
        (
            {"t_s": [0.0, 0.0], "image_px": np.ones((2, 33, 2)), "visibility": np.ones((2, 33)), "size_px": [9, 9]},
            "t_s",
        ),
    ],
)
def test_landmarks_that_cannot_be_read(capsys, tmp_path, arrays, word):
    np.savez(tmp_path / "marks.npz", **arrays)
    done = run(capsys, "analyze", "--landmarks", tmp_path / "marks.npz", "--exercise", "squat")
    assert done.code == 3
    assert word in one_sentence(done.err)


def test_a_start_behind_the_end_of_the_video(capsys, empty_room):
    done = run(capsys, "analyze", empty_room, "--exercise", "squat", "--start", 100)
    assert done.code == 3
    one_sentence(done.err)


def test_a_start_behind_the_end_of_the_landmarks(capsys, landmarks):
    done = run(capsys, "analyze", "--landmarks", landmarks, "--exercise", "squat", "--start", 100)
    assert done.code == 3
    assert "chosen part" in one_sentence(done.err)


def test_nobody_is_said_and_the_record_is_still_written(capsys, empty_room, tmp_path):
    done = run(
        capsys,
        "analyze",
        empty_room,
        "--exercise",
        "squat",
        "--model",
        "lite",
        "--json",
        tmp_path / "set.json",
        "--report",
        tmp_path / "set.html",
    )
    assert done.code == 4
    assert "Nobody was seen in 100%" in one_sentence(done.err)
    record = json.loads((tmp_path / "set.json").read_text(encoding="utf-8"))
    assert (record["rep_count"], record["quality"]["person_share"]) == (0, 0.0)
    assert "Nobody was seen in 100%" in (tmp_path / "set.html").read_text(encoding="utf-8")


# What is asked for


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["{marks}"], "--exercise"),
        (["--exercise", "squat"], "--landmarks"),
        (["{room}", "--landmarks", "{marks}", "--exercise", "squat"], "one video"),
        (["--landmarks", "{marks}", "--exercise", "squat", "--annotate", "{dir}/a.mp4"], "--annotate"),
        (["--landmarks", "{marks}", "--exercise", "sqat"], "Did you mean squat?"),
        (["{room}", "--exercise", "lunges"], "Did you mean lunge?"),
        (["{room}", "--exercise", "squat", "--start", "5", "--end", "4"], "--end 4"),
        (["{room}", "--exercise", "squat", "--start", "-1"], "--start"),
        (["{room}", "--exercise", "squat", "--end", "soon"], "soon"),
        (["{room}", "--exercise", "squat", "--target-depth", "900"], "target_depth_deg"),
        (["{room}", "--exercise", "plank", "--target-depth", "90"], "plank"),
        (["{room}", "--exercise", "squat", "--model", "heavy"], "heavy"),
        (["{room}", "--exercise", "squat", "--rotate", "45"], "45"),
        (["{room}", "--exercise", "squat", "--fps", "0"], "0"),
        (["--landmarks", "{marks}", "--exercise", "squat", "--rotate", "90"], "--rotate"),
        (["--landmarks", "{marks}", "--exercise", "squat", "--fps", "60"], "--fps"),
        (["{room}", "--exercise", "squat", "--trace", "{dir}/trace.txt"], ".csv / .npz"),
        (["{room}", "--exercise", "squat", "--annotate", "{dir}/video.avi"], ".mp4"),
        (["{room}", "--exercise", "squat", "--json", "{dir}/a", "--report", "{dir}/a"], "two outputs"),
        (["{room}", "--exercise", "squat", "--annotate", "{room}"], "is what is analysed"),
    ],
)
def test_a_request_that_makes_no_sense(capsys, tmp_path, landmarks, empty_room, arguments, word):
    was = empty_room.read_bytes()
    filled = [text.format(marks=landmarks, room=empty_room, dir=tmp_path) for text in arguments]
    done = run(capsys, "analyze", *filled)
    assert done.code == 2
    assert word in one_sentence(done.err)
    assert left_in(tmp_path) == []
    assert empty_room.read_bytes() == was


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "prescription"),
        ("{", "JSON"),
        ("[]", "file"),
        ('{"exercise": "lunge"}', "lunge"),
        ('{"exercise": "squat", "target_depth_deg": 10}', "target_depth_deg"),
        ('{"exercise": "squat", "target_depth_deg": 90, "depth_cap_deg": 80}', "depth_cap_deg"),
        ('{"exercise": "squat", "rules": {"elbows": {}}}', "elbows"),
        ('{"exercise": "squat", "rules": {"heels": {"t1": 400}}}', "400"),
        ('{"exercise": "squat", "rules": {"heels": {"t1": 30, "t2": 20}}}', "further out"),
        ('{"exercise": "squat", "mood": "good"}', "mood"),
    ],
)
@pytest.mark.parametrize("language", ["en", "da"])
def test_a_prescription_that_makes_no_sense(capsys, tmp_path, landmarks, content, word, language):
    file = tmp_path / "plan.json"
    if content is not None:
        file.write_text(content)
    done = run(
        capsys, "analyze", "--landmarks", landmarks, "--exercise", "squat", "--prescription", file, "--lang", language
    )
    assert done.code == 2
    sentence = one_sentence(done.err)
    assert language == "da" or word in sentence


# Where it is written


@pytest.mark.parametrize("name", ["json", "trace", "report"])
@pytest.mark.parametrize("place", ["{dir}/no such folder/set.csv", "{dir}/file/set.csv", "{dir}"])
def test_an_output_that_cannot_be_written(capsys, tmp_path, landmarks, name, place):
    (tmp_path / "file").touch()
    target = place.format(dir=tmp_path)
    done = run(capsys, "analyze", "--landmarks", landmarks, "--exercise", "squat", f"--{name}", target)
    assert done.code == 6 or (done.code, name) == (2, "trace")
    assert target in one_sentence(done.err)
    assert done.out == ""
    assert left_in(tmp_path) == ["file"]


def test_outputs_are_looked_at_before_the_long_work(capsys, tmp_path):
    done = run(
        capsys, "analyze", tmp_path / "no video.mp4", "--exercise", "squat", "--json", tmp_path / "none" / "set.json"
    )
    assert done.code == 6


def test_a_folder_that_cannot_be_made(capsys, tmp_path, landmarks):
    (tmp_path / "file").touch()
    done = run(capsys, "analyze", "--landmarks", landmarks, "--exercise", "squat", "--out", tmp_path / "file" / "sub")
    assert done.code == 6
    assert "file" in one_sentence(done.err)


@pytest.mark.parametrize("name", ["json", "trace", "report"])
def test_a_full_device(capsys, landmarks, name):
    done = run(capsys, "analyze", "--landmarks", landmarks, "--exercise", "squat", f"--{name}", "/dev/full")
    assert done.code == 6
    assert "disk is full" in one_sentence(done.err)


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path, landmarks):
    old = tmp_path / "set.json"
    old.write_text("old")

    def nearly_full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    done = run_program(
        "analyze", "--landmarks", landmarks, "--exercise", "squat", "--json", old, preexec_fn=nearly_full
    )
    assert done.returncode == 6
    assert "disk is full" in one_sentence(done.stderr)
    assert old.read_text() == "old"
    assert left_in(tmp_path) == ["set.json"]


@pytest.mark.parametrize("arguments", [["--json", "-"], []], ids=["json", "tables"])
def test_a_full_standard_output(landmarks, arguments):
    with open("/dev/full", "w") as full:
        done = run_program(
            "analyze",
            "--landmarks",
            landmarks,
            "--exercise",
            "squat",
            *arguments,
            "--lang",
            "en",
            stdout=full,
            stderr=subprocess.PIPE,
            capture_output=False,
        )
    assert done.returncode == 6
    assert "standard output" in one_sentence(done.stderr)


@pytest.mark.parametrize("arguments", [["schema"], ["exercises"]])
def test_a_reader_that_has_gone_is_no_traceback(arguments):
    program = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    program.stdout.close()
    assert program.stderr.read() == b""
    assert program.wait(60) == 6


def test_json_on_stdout_is_alone_there_also_with_a_video(empty_room):
    done = run_program("analyze", empty_room, "--exercise", "squat", "--model", "lite", "--json", "-", "--lang", "en")
    assert done.returncode == 4
    assert json.loads(done.stdout)["rep_count"] == 0
    one_sentence(done.stderr)


# What it needs


@pytest.fixture
def own_models(tmp_path, monkeypatch) -> Path:
    """A copy of the models that a test may spoil, in the place of the real ones."""
    folder = Path(shutil.copytree(models_dir(), tmp_path / "models"))
    monkeypatch.setattr(models, "models_dir", lambda: folder)
    return folder


def test_an_altered_model(capsys, empty_room, own_models, tmp_path):
    file = own_models / "pose_landmarker_lite.task"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    done = run(capsys, "analyze", empty_room, "--exercise", "squat", "--model", "lite", "--json", tmp_path / "set.json")
    assert done.code == 5
    assert "sha256" in one_sentence(done.err)
    assert left_in(tmp_path) == ["models"]


def test_a_missing_model(capsys, empty_room, own_models):
    (own_models / "pose_landmarker_lite.task").unlink()
    done = run(capsys, "analyze", empty_room, "--exercise", "squat", "--model", "lite")
    assert done.code == 5
    assert "pose_landmarker_lite.task" in one_sentence(done.err)


@pytest.mark.parametrize(("library", "code"), [("mediapipe", 5), ("av", 3)])
def test_a_missing_system_library_is_said_with_the_command_that_installs_it(empty_room, tmp_path, library, code):
    (tmp_path / library).mkdir()
    (tmp_path / library / "__init__.py").write_text(
        'raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")\n'
    )
    done = run_program(
        "analyze", empty_room, "--exercise", "squat", "--lang", "en", env=environment(first_on_path=tmp_path)
    )
    assert done.returncode == code
    assert "apt-get install" in one_sentence(done.stderr)


# Ctrl-C


def _listens_to_ctrl_c() -> None:
    """Undo what a background job hands down: there SIGINT is ignored, and Python leaves it so."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupted(folder: Path, when: str, *arguments: object) -> tuple[int, str]:
    """Start a program with its stderr on a terminal, press Ctrl-C once ``when`` shows; return code and screen."""
    screen, program_end = pty.openpty()
    program = subprocess.Popen(
        command("analyze", SAMPLE, "--exercise", "squat", "--model", "lite", "--lang", "en", *arguments),
        stdout=subprocess.PIPE,
        stderr=program_end,
        env={**environment(), "TERM": "xterm"},
        cwd=folder,
        preexec_fn=_listens_to_ctrl_c,
    )
    os.close(program_end)
    shown = ""
    pressed = False
    try:
        while select.select([screen], [], [], 60)[0]:
            try:
                piece = os.read(screen, 4096)
            except OSError:  # the program has closed its end of the terminal
                break
            if not piece:
                break
            shown += piece.decode(errors="replace")
            if not pressed and when in shown:
                program.send_signal(signal.SIGINT)
                pressed = True
        program.stdout.read()
        return program.wait(60), shown
    finally:
        program.kill()
        os.close(screen)


@pytest.mark.parametrize("when", ["Measuring", "Drawing"])
def test_ctrl_c_stops_and_leaves_nothing(tmp_path, when):
    old = tmp_path / "set.json"
    old.write_text("old")
    code, shown = interrupted(
        tmp_path, when, "--end", 3, "--json", "set.json", "--annotate", "set.mp4", "--report", "set.html"
    )
    assert code == 130
    assert "Stopped" in shown
    assert "Traceback" not in shown
    assert old.read_text() == "old"
    assert left_in(tmp_path) == ["set.json"]
