"""Imports point downwards only, heavy libraries live in one place each, and importing loads none of them."""

from __future__ import annotations

import graphlib
import re
import subprocess
import sys
import tomllib

import pytest

from formcheck import doctor
from tests.architecture.sources import PACKAGE, ROOT, imports, module_name, python_files

ROOMS = (
    *("__main__", "cli", "app", "doctor"),
    *("", "api"),
    *("batch", "coach", "exports"),
    *("analysis", "reports", "clinic", "store"),
    *("insights", "programmes", "video", "pose", "synthetic"),
    *("files", "exercises", "i18n", "voices"),
    *("engine", "spec", "model", "errors", "version"),
)
"""The rooms of the package from the top: a room imports only from those named after it. ``""`` is ``formcheck`` itself."""

DOMAIN = ("insights", "programmes", "clinic", "exercises", "engine", "spec", "model")
"""Rooms that know neither database nor page: they import no adapter."""

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
    "altair": ("formcheck/reports/",),
    "pandas": ("formcheck/app/", "formcheck/reports/", "formcheck/api.py"),
    "PIL": ("formcheck/video/", "formcheck/app/"),
    "rich": ("formcheck/cli/",),
    "pyarrow": ("formcheck/batch/summary.py",),
    "distributed": ("formcheck/batch/workers.py", "formcheck/batch/upload.py"),
    "cryptography": ("formcheck/app/phone.py",),
    "segno": ("formcheck/app/phone.py",),
    "fpdf": ("formcheck/reports/pdf.py",),
    "ezc3d": ("formcheck/exports/",),
    "fhir": ("formcheck/exports/",),
}
"""The only files or folders that import each library."""

PACKAGES = {
    "cv2": "opencv-contrib-python",
    "PIL": "pillow",
    "python_multipart": "python-multipart",
    "fpdf": "fpdf2",
    "fhir": "fhir.resources",
}
"""Where a library's import name is not its package's name."""

SOURCES = [*python_files("formcheck"), ROOT / "streamlit_app.py"]


def room_of(module: str) -> str:
    """Return the room of a module of the package; ``""`` for the package itself."""
    return [*module.split("."), ""][1]


def own_imports() -> dict[str, set[str]]:
    """Return, for each module of the package, the modules of the package that it imports."""
    return {
        module_name(path): {other for other, _ in imports(path, for_types=True) if other.split(".")[0] == "formcheck"}
        for path in python_files("formcheck")
    }


def test_every_room_has_its_place_and_imports_only_from_below():
    graph = own_imports()
    rooms = {room_of(name) for name in graph}
    assert rooms == set(ROOMS), "name each room in ROOMS, from the top"
    upwards = {
        f"{name} imports {other}"
        for name, others in graph.items()
        for other in others
        if ROOMS.index(room_of(other)) < ROOMS.index(room_of(name))
    }
    assert not upwards


def test_no_modules_import_each_other_in_a_circle():
    # A package's __init__ that re-exports its own modules is no circle as long as they do not import it back.
    try:
        tuple(graphlib.TopologicalSorter(own_imports()).static_order())
    except graphlib.CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_domain_imports_no_adapter():
    adapters = {"store", "app", "cli", "video", "pose", "batch"}
    found = {
        f"{name} imports {other}"
        for name, others in own_imports().items()
        for other in others
        if room_of(name) in DOMAIN and room_of(other) in adapters
    }
    assert not found


def test_a_migration_imports_nothing_that_can_change_after_it():
    revisions = python_files("formcheck/store/migrations/versions")
    used = {(path.name, other) for path in revisions for other, _ in imports(path, for_types=True)}
    assert revisions
    assert not {entry for entry in used if entry[1].split(".")[0] in ("formcheck", "numpy", "pydantic")}


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
    heavy = {
        PACKAGE / "app",
        PACKAGE / "store",
        PACKAGE / "cli" / "live.py",
        *(PACKAGE / "reports").glob("interactive*.py"),
    }
    return [module_name(path) for path in python_files("formcheck") if not heavy & {path, *path.parents}]


@pytest.mark.parametrize(
    "modules",
    [
        ["formcheck"],
        [
            "formcheck.engine.analyzer",
            "formcheck.exercises.squat",
            "formcheck.spec.exercise",
            "formcheck.model.records",
            "formcheck.analysis.run",
        ],
        ["formcheck.cli", "formcheck.cli.parser"],
        [name for name in light_modules() if not name.endswith("__main__")],
    ],
    ids=["package", "engine", "command line", "all but the web app and the store"],
)
def test_importing_loads_nothing_heavy(modules: list[str]):
    code = (
        f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
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
