"""The models are the published ones, or the reason why not is told."""

import hashlib
import shutil
import subprocess
import sys

import pytest

from formcheck.errors import ModelFileError
from formcheck.files.resources import models_dir
from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
from formcheck.pose.models import models, read_model


@pytest.fixture
def folder(tmp_path):
    """A copy of the list and of one model."""
    for name in ("models.toml", "pose_landmarker_lite.task"):
        shutil.copy(models_dir() / name, tmp_path / name)
        (tmp_path / name).chmod(0o644)
    return tmp_path


def code_of(name, folder=None):
    with pytest.raises(ModelFileError) as error:
        read_model(name, folder)
    return error.value.code


def test_both_models_are_the_published_ones():
    known = models()
    assert sorted(known) == ["full", "lite"]
    for name, model in known.items():
        assert hashlib.sha256(read_model(name)).hexdigest() == model.sha256
        assert model.licence == "Apache-2.0"
        assert model.source
        assert model.what


def test_an_unknown_model_is_told_with_those_there_are():
    assert code_of("heavy") == "model_unknown"
    with pytest.raises(ModelFileError, match="lite, full"):
        MediaPipeEstimator("heavy")


def test_a_missing_model(folder):
    assert code_of("full", folder) == "model_missing"


def test_a_cut_off_model(folder):
    path = folder / "pose_landmarker_lite.task"
    path.write_bytes(path.read_bytes()[:-1])
    assert code_of("lite", folder) == "model_truncated"


def test_an_altered_model(folder):
    path = folder / "pose_landmarker_lite.task"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert code_of("lite", folder) == "model_altered"
    path.write_bytes(bytes(data) + b"more")
    assert code_of("lite", folder) == "model_altered"


def test_a_folder_in_place_of_a_model(folder):
    (folder / "pose_landmarker_full.task").mkdir()
    assert code_of("full", folder) == "model_unreadable"


@pytest.mark.parametrize("text", ["[lite", "lite = 3", "[lite]\nfile = 'x'", "[lite]\nfile = 'x'\nshape = 'round'"])
def test_a_damaged_list(folder, text):
    (folder / "models.toml").write_text(text)
    assert code_of("lite", folder) == "models_list"


def test_a_missing_list(tmp_path):
    assert code_of("lite", tmp_path) == "models_missing"


def test_the_estimator_opens_only_what_was_checked(folder, monkeypatch):
    (folder / "pose_landmarker_lite.task").write_bytes(b"not a model")
    monkeypatch.setattr("formcheck.pose.models.models_dir", lambda: folder)
    with pytest.raises(ModelFileError, match="is cut off"):
        MediaPipeEstimator("lite")


def test_the_tool_names_each_model():
    done = subprocess.run([sys.executable, "-m", "formcheck.pose.models"], capture_output=True, text=True, check=True)
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["lite", "full"]
    assert done.stderr == ""


def test_the_tool_fails_when_a_model_is_missing(folder, monkeypatch, capsys):
    monkeypatch.setattr("formcheck.pose.models.models_dir", lambda: folder)
    from formcheck.pose.models import main

    assert main() == 5
    captured = capsys.readouterr()
    assert captured.out.startswith("lite: ")
    assert captured.err.startswith("full: The model file")
