"""``formcheck doctor``: the state of this machine, what is missing, and the exact remedy.

``python -m formcheck.doctor libraries`` looks for the system libraries alone and says how to install them.
"""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from formcheck.errors import EstimatorError, FormcheckError, ModelFileError, SourceError
from formcheck.i18n import Translator, error_text, join_words, translator

if TYPE_CHECKING:
    from collections.abc import Iterator

PYTHON_FROM, PYTHON_BELOW = (3, 11), (3, 14)
"""Supported Python versions, as in ``pyproject.toml``."""
MEDIAPIPE_VERSION = "0.10.33"
"""The version that ``pyproject.toml`` requires."""
LIBRARIES = (
    "alembic",
    "altair",
    "av",
    "cryptography",
    "fpdf2",
    "mediapipe",
    "numpy",
    "opencv-contrib-python",
    "pandas",
    "pillow",
    "platformdirs",
    "pyarrow",
    "pydantic",
    "python-multipart",
    "rich",
    "scipy",
    "segno",
    "sqlalchemy",
    "starlette",
    "streamlit",
)
"""The packages that formcheck depends on."""

OTHER_OPENCV = ("opencv-python", "opencv-python-headless", "opencv-contrib-python-headless")
"""Packages that write into the same folder as opencv-contrib-python."""

SYSTEM_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
}
"""Linux libraries that OpenCV and MediaPipe load, and their Debian packages."""

Status = Literal["ok", "warn", "fail"]


@dataclass(slots=True, frozen=True)
class Check:
    """One finding. ``remedy`` is a command or an action; it is empty when all is well."""

    name: str
    status: Status
    detail: str
    remedy: str = ""


def run(language: str = "en") -> list[Check]:
    """Check everything. It takes seconds, since it opens the pose model and the camera. Missing parts raise no error."""
    t = translator(language)
    parts = (_python, _packages, _libraries, _models, _estimator, _samples, _codec, _camera)
    return [check for part in parts for check in part(t)]


def missing_system_libraries() -> list[str]:
    """Return the ``SYSTEM_LIBRARIES`` that cannot be loaded. Empty on systems other than Linux."""
    return [name for name in SYSTEM_LIBRARIES if sys.platform == "linux" and not _loads(name)]


def install_command(libraries: list[str]) -> str:
    """Return the command that installs these system libraries on Debian or Ubuntu."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install -y {' '.join(SYSTEM_LIBRARIES[name] for name in libraries)}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _python(t: Translator) -> Iterator[Check]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if PYTHON_FROM <= sys.version_info[:2] < PYTHON_BELOW:
        yield Check("Python", "ok", version)
    else:
        yield Check("Python", "fail", version, t("doctor.python.remedy"))


def _packages(t: Translator) -> Iterator[Check]:
    found = {name: _version(name) for name in LIBRARIES}
    if missing := [name for name, version in found.items() if version is None]:
        detail = t("doctor.packages.missing", names=join_words(missing, t.language, "and"))
        yield Check(t("doctor.packages.name"), "fail", detail, f"pip install {' '.join(missing)}")
    else:
        yield Check(t("doctor.packages.name"), "ok", ", ".join(f"{name} {version}" for name, version in found.items()))
    if found["mediapipe"] not in (None, MEDIAPIPE_VERSION):
        detail = t("doctor.mediapipe.other", version=found["mediapipe"], wanted=MEDIAPIPE_VERSION)
        yield Check("MediaPipe", "fail", detail, f"pip install mediapipe=={MEDIAPIPE_VERSION}")
    if others := [name for name in OTHER_OPENCV if _version(name)]:
        names = " ".join(others)
        remedy = f"pip uninstall -y {names} && pip install --force-reinstall --no-deps opencv-contrib-python"
        yield Check("OpenCV", "fail", t("doctor.opencv.two", names=names), remedy)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _libraries(t: Translator) -> Iterator[Check]:
    if sys.platform != "linux":
        return
    if missing := missing_system_libraries():
        detail = t("doctor.libraries.missing", names=join_words(missing, t.language, "and"))
        yield Check(t("doctor.libraries.name"), "fail", detail, install_command(missing))
    else:
        yield Check(t("doctor.libraries.name"), "ok", ", ".join(SYSTEM_LIBRARIES))


def _models(t: Translator) -> Iterator[Check]:
    from formcheck.pose.models import models, read_model

    try:
        known = models()
    except ModelFileError as error:
        yield Check(t("doctor.model.name", name=""), "fail", error_text(error, t.language), t("doctor.reinstall"))
        return
    for name, model in known.items():
        title = t("doctor.model.name", name=name)
        try:
            read_model(name)
        except ModelFileError as error:
            yield Check(title, "fail", error_text(error, t.language), t("doctor.reinstall"))
        else:
            yield Check(title, "ok", f"{model.path} (sha256 {model.sha256[:12]}…)")


def _estimator(t: Translator) -> Iterator[Check]:
    """Open the pose model and show it an empty picture."""
    import numpy as np

    from formcheck.model.frames import Frame
    from formcheck.pose.mediapipe_tasks import MediaPipeEstimator

    name = t("doctor.estimator.name")
    try:
        with MediaPipeEstimator("lite") as estimator:
            estimator.estimate(Frame(0.0, np.zeros((120, 160, 3), np.uint8)))
    except (EstimatorError, ModelFileError) as error:
        missing = missing_system_libraries()
        remedy = install_command(missing) if missing else str(error.params.get("remedy") or t("doctor.reinstall"))
        yield Check(name, "fail", error_text(error, t.language), remedy)
    else:
        yield Check(name, "ok", t("doctor.estimator.runs"))


def _samples(t: Translator) -> Iterator[Check]:
    from formcheck.files.samples import every_sample

    name = t("doctor.samples.name")
    try:
        samples = every_sample()
    except SourceError as error:
        yield Check(name, "warn", error_text(error, t.language), t("doctor.reinstall"))
        return
    if absent := [sample.path.name for sample in samples if not sample.path.is_file()]:
        yield Check(name, "warn", t("doctor.samples.missing", names=", ".join(absent)), t("doctor.reinstall"))
    else:
        yield Check(name, "ok", str(samples[0].path.parent))


def _codec(t: Translator) -> Iterator[Check]:
    from formcheck.video.devices import writes_h264

    name = t("doctor.codec.name")
    try:
        able = writes_h264()
    except FormcheckError as error:
        yield Check(
            name, "fail", error_text(error, t.language), str(error.params.get("remedy") or t("doctor.reinstall"))
        )
        return
    remedy = "" if able else "pip install --force-reinstall --no-deps --only-binary :all: av"
    yield Check(name, "ok" if able else "fail", t("doctor.codec.able" if able else "doctor.codec.unable"), remedy)


def _camera(t: Translator) -> Iterator[Check]:
    """Check the camera. A video file needs none, so a missing camera is only a warning."""
    from formcheck.pose.native_stderr import quiet_native
    from formcheck.video.devices import camera_opens

    name = t("doctor.camera.name")
    devices = sorted(Path("/dev").glob("video*"))
    if sys.platform == "linux" and not devices:
        yield Check(name, "warn", t("doctor.camera.none"), t("doctor.camera.connect"))
        return
    if devices and not any(os.access(device, os.R_OK | os.W_OK) for device in devices):
        yield Check(name, "warn", t("doctor.camera.forbidden", device=devices[0]), "sudo usermod -aG video $USER")
        return
    try:
        with quiet_native():
            opens = camera_opens()
    except SourceError as error:
        yield Check(
            name, "warn", error_text(error, t.language), str(error.params.get("remedy") or t("doctor.reinstall"))
        )
        return
    if opens:
        yield Check(name, "ok", t("doctor.camera.works"))
    else:
        yield Check(name, "warn", t("doctor.camera.busy"), t("doctor.camera.connect"))


def _say_libraries() -> int:
    """Print how to install the missing system libraries; return 1 when any is missing."""
    missing = missing_system_libraries()
    if missing:
        print(
            f"System libraries are missing: {', '.join(missing)}. This installs them:\n  {install_command(missing)}",
            file=sys.stderr,
        )
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(
        _say_libraries() if sys.argv[1:] == ["libraries"] else "Usage: python -m formcheck.doctor libraries"
    )
