"""The doctor says what is missing and how to put it right."""

from __future__ import annotations

import subprocess
import sys

import pytest

from formcheck import doctor
from formcheck.files import resources


def named(checks: list[doctor.Check], name: str) -> doctor.Check:
    (found,) = [check for check in checks if check.name == name]
    return found


def test_a_machine_that_runs_the_tests_is_well():
    checks = doctor.run()
    assert [check for check in checks if check.status == "fail"] == []
    assert {
        "Python",
        "Python packages",
        "Pose model full",
        "Pose model lite",
        "Pose estimation",
        "H.264 video",
        "Camera",
    } <= {check.name for check in checks}
    assert "mediapipe 0.10.33" in named(checks, "Python packages").detail


def test_danish_names_the_same_things():
    english, danish = doctor.run("en"), doctor.run("da")
    assert [check.status for check in english] == [check.status for check in danish]
    assert named(danish, "Kamera").detail != named(english, "Camera").detail


def test_whatever_is_not_well_has_a_remedy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "PYTHON_FROM", (3, 99))
    monkeypatch.setattr(doctor, "LIBRARIES", ("numpy", "mediapipe", "no-such-package"))
    monkeypatch.setattr(doctor, "MEDIAPIPE_VERSION", "0.10.1")
    monkeypatch.setattr(doctor, "OTHER_OPENCV", ("numpy",))
    monkeypatch.setattr(doctor, "SYSTEM_LIBRARIES", {"libGL.so.1": "libgl1", "libnone.so.9": "libnone9"})
    failed = {check.name: check for check in doctor.run() if check.status == "fail"}
    assert set(failed) >= {"Python", "Python packages", "MediaPipe", "OpenCV"}
    assert failed["Python packages"].remedy == "pip install no-such-package"
    assert failed["MediaPipe"].remedy == "pip install mediapipe==0.10.1"
    assert "pip uninstall -y numpy" in failed["OpenCV"].remedy
    assert all(check.remedy for check in failed.values())


@pytest.mark.parametrize("damage", ["missing", "altered", "no list"])
def test_a_model_that_is_not_right_is_named(damage: str, tmp_path, root, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "models"
    folder.mkdir()
    for path in (root / "models").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    bad = folder / "pose_landmarker_lite.task"
    if damage == "missing":
        bad.unlink()
    elif damage == "altered":
        bad.write_bytes(bad.read_bytes()[:-1] + b"?")
    else:
        (folder / "models.toml").unlink()
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "formcheck")
    monkeypatch.setattr("formcheck.pose.models.models_dir", lambda: folder)
    checks = doctor.run()
    failed = [check for check in checks if check.status == "fail"]
    assert any("model" in check.name and str(folder) in check.detail for check in failed)
    assert named(checks, "Pose estimation").status == "fail"
    assert all(check.remedy for check in failed)


def test_samples_that_are_gone_are_a_warning(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("formcheck.files.samples.samples_dir", lambda: tmp_path)
    (check,) = [check for check in doctor.run() if check.name == "Sample videos"]
    assert (check.status, bool(check.remedy)) == ("warn", True)


@pytest.mark.parametrize(("user", "command"), [(0, "apt-get install"), (1000, "sudo apt-get install")])
def test_one_command_installs_what_is_missing(user: int, command: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor.os, "geteuid", lambda: user, raising=False)
    assert doctor.install_command(["libGL.so.1", "libEGL.so.1"]) == f"{command} -y libgl1 libegl1"


def test_libraries_that_do_not_load_are_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(doctor, "SYSTEM_LIBRARIES", {"libnone.so.9": "libnone9"})
    assert doctor.missing_system_libraries() == ["libnone.so.9"]
    monkeypatch.setattr(sys, "platform", "win32")
    assert doctor.missing_system_libraries() == []


def test_make_can_ask_for_the_libraries_alone():
    done = subprocess.run(
        [sys.executable, "-m", "formcheck.doctor", "libraries"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    usage = subprocess.run([sys.executable, "-m", "formcheck.doctor"], capture_output=True, text=True, check=False)
    assert usage.returncode == 1
    assert "libraries" in usage.stderr
