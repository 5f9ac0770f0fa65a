"""Imports point downwards only, heavy libraries live in one place each, and importing loads none of them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from formcheck import doctor
from tests.architecture.sources import PACKAGE, ROOT, imports, module_name, python_files

LAYERS = (
    ("entry", ("formcheck.__main__", "formcheck.cli", "formcheck.app", "formcheck.doctor")),
    ("use cases", ("formcheck.analysis", "formcheck.batch", "formcheck.casefile", "formcheck.caseload", "formcheck.coach",
                   "formcheck.exports", "formcheck.measuring", "formcheck.plan_days", "formcheck.plan_words", "formcheck.progress",
                   "formcheck.recognise", "formcheck.record_files", "formcheck.report", "formcheck.report_chart", "formcheck.steps",
                   "formcheck.report_figures", "formcheck.report_findings", "formcheck.report_html", "formcheck.report_pdf",
                   "formcheck.report_trend", "formcheck.report_words", "formcheck.samples", "formcheck.triggers",
                   "formcheck.understanding")),
    ("adapters", ("formcheck.pose", "formcheck.video", "formcheck.i18n", "formcheck.exercises", "formcheck.traces",
                  "formcheck.outputs", "formcheck.resources", "formcheck.native", "formcheck.store", "formcheck.synthetic",
                  "formcheck.templates", "formcheck.voices")),
    ("engine", ("formcheck.engine", "formcheck.corrections")),
    ("rules", ("formcheck.spec", "formcheck.levels", "formcheck.programme", "formcheck.plans", "formcheck.geometry",
               "formcheck.filters", "formcheck.points")),
    ("words", ("formcheck.records", "formcheck.frames", "formcheck.skeleton", "formcheck.errors", "formcheck")),
)  # fmt: skip
"""From the top: a module imports from its own layer and from those below."""

HEAVY = (
    "mediapipe",
    "cv2",
    "av",
    "streamlit",
    "starlette",
    "pandas",
    "altair",
    "PIL",
    "matplotlib",
    "scipy.signal",
    "sqlalchemy",
    "alembic",
    "cryptography",
    "segno",
    "fpdf",
    "ezc3d",
    "fhir",
    "pyarrow",
    "distributed",
)

HOMES = {
    "mediapipe": ("formcheck/pose/mediapipe_tasks.py",),
    "av": ("formcheck/video/",),
    "cv2": ("formcheck/video/",),
    "streamlit": ("formcheck/app/", "streamlit_app.py"),
    "starlette": ("formcheck/app/",),
    "sqlalchemy": ("formcheck/store/",),
    "alembic": ("formcheck/store/",),
    "altair": ("formcheck/app/",),
    "pandas": ("formcheck/app/",),
    "PIL": ("formcheck/video/", "formcheck/app/"),
    "rich": ("formcheck/cli/",),
    "pyarrow": ("formcheck/batch/summary.py",),
    "distributed": ("formcheck/batch/workers.py", "formcheck/batch/upload.py"),
    "cryptography": ("formcheck/app/phone.py",),
    "segno": ("formcheck/app/phone.py",),
    "fpdf": ("formcheck/report_pdf.py",),
    "ezc3d": ("formcheck/exports/",),
    "fhir": ("formcheck/exports/",),
}
"""The only files or folders that import each library."""

PACKAGES = {
    "cv2": "opencv-contrib-python", "PIL": "pillow", "python_multipart": "python-multipart", "fpdf": "fpdf2",
    "fhir": "fhir.resources",
}  # fmt: skip
"""Where a library's import name is not its package's name."""

SOURCES = [*python_files("formcheck"), ROOT / "streamlit_app.py"]


def layer_of(module: str) -> int:
    """Return the layer's place from the top. A new module at the top of the package needs a line in ``LAYERS``."""
    top = ".".join(module.split(".")[:2])
    found = [i for i, (_, names) in enumerate(LAYERS) if top in names]
    assert found, f"name the layer of {top} in LAYERS"
    return found[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_downwards(path: Path):
    own = 0 if path.name == "streamlit_app.py" else layer_of(module_name(path))
    upwards = [name for name, _ in imports(path) if name.split(".")[0] == "formcheck" and layer_of(name) < own]
    assert not upwards, f"{LAYERS[own][0]} imports from above: {upwards}"


def test_the_engine_knows_no_exercise_and_no_adapter():
    adapters = LAYERS[2][1]
    for path in python_files("formcheck/engine"):
        assert not [name for name, _ in imports(path) if name.startswith(adapters)], path


@pytest.mark.parametrize("library", HOMES)
def test_each_library_is_imported_in_its_own_place(library: str):
    users = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if any(name.split(".")[0] == library for name, _ in imports(path))
    ]
    assert users, f"{library} is imported nowhere: is it still needed?"
    assert [user for user in users if not user.startswith(HOMES[library])] == []


def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    extras = project()["optional-dependencies"]
    needed, more = project()["dependencies"], [*extras["cluster"], *extras["interop"]]
    declared, optional = ({re.split("[>=]", entry)[0] for entry in entries} for entries in (needed, more))
    used = (
        {name.split(".")[0] for path in SOURCES for name, _ in imports(path)}
        - {"formcheck"}
        - set(sys.stdlib_module_names)
    )
    assert {PACKAGES.get(name, name) for name in used} == declared | optional
    assert set(doctor.LIBRARIES) == declared


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def light_modules() -> list[str]:
    """Return every module but the web app's, which stands on Streamlit, the store's, on SQLAlchemy, and what uses both."""
    heavy = {PACKAGE / "app", PACKAGE / "store", PACKAGE / "cli" / "live.py"}
    return [module_name(path) for path in python_files("formcheck") if not heavy & {path, *path.parents}]


@pytest.mark.parametrize(
    "modules",
    [
        ["formcheck"],
        [
            "formcheck.engine.analyzer",
            "formcheck.exercises.squat",
            "formcheck.spec",
            "formcheck.records",
            "formcheck.analysis",
        ],
        ["formcheck.cli", "formcheck.cli.parser"],
        [name for name in light_modules() if not name.endswith("__main__")],
    ],
    ids=["package", "engine", "command line", "all but the web app and the store"],
)
def test_importing_loads_nothing_heavy(modules: list[str]):
    code = f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n" \
           f"print(*[name for name in {HEAVY!r} if name in sys.modules])"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_importing_touches_no_file_and_no_network():
    """Every module is imported with opening for writing, and sockets, forbidden."""
    code = (
        "import importlib, sys\n"
        "def watch(event, args):\n"
        "    if event in ('socket.connect', 'socket.bind', 'subprocess.Popen', 'os.mkdir', 'os.remove'):\n"
        "        raise AssertionError((event, args))\n"
        "    if event == 'open' and isinstance(args[1], str) and set(args[1]) & set('wax+'):\n"
        "        raise AssertionError((event, args))\n"
        "sys.dont_write_bytecode = True\n"
        "sys.addaudithook(watch)\n"
        f"for name in {light_modules()!r}:\n"
        "    if not name.endswith('__main__'): importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
