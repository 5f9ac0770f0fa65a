"""The project's own files, and what each of them imports."""

from __future__ import annotations

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "formcheck"
VENDOR = PACKAGE / "app" / "live" / "vendor"


def python_files(*folders: str) -> list[Path]:
    """Return the Python files under these folders of the project, sorted."""
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
    )


def tracked_files() -> list[Path]:
    """Return what is ours of all tracked files: not what others published (``test_vendor`` looks at that)."""
    return [path for path in _all_files() if VENDOR not in path.parents]


@cache
def _all_files() -> list[Path]:
    """Return what git tracks, or without git every file that is no build product."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    built = {
        ".git",
        ".venv",
        "node_modules",
        "build",
        "dist",
        "__pycache__",
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
    }
    return [path for path in ROOT.rglob("*") if path.is_file() and not built & set(path.relative_to(ROOT).parts)]


def module_name(path: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path, for_types: bool = False) -> tuple[tuple[str, bool], ...]:
    """Return each imported module's full name and whether it is imported when the file is (and not inside a function).

    ``native_libraries.load("x", …)``, ``interop("x", …)`` and ``importlib.import_module("x")`` count as imports inside a
    function. ``for_types``: also what only a type checker reads.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    found: list[tuple[str, bool]] = []
    _collect(tree.body, True, path, found, for_types)
    return tuple(found)


def _collect(
    nodes: list[ast.stmt], on_import: bool, path: Path, found: list[tuple[str, bool]], for_types: bool
) -> None:
    for node in nodes:
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            _collect(node.body if for_types else node.orelse, on_import, path, found, for_types)
            continue
        later = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        found += [(name, on_import) for name in _names(node, path)]
        _collect(list(ast.iter_child_nodes(node)), on_import and not later, path, found, for_types)


def _names(node: ast.AST, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{path}: imports within the package are written in full"
        return sorted({_module_of(node.module, alias.name) for alias in node.names})
    if isinstance(node, ast.Call) and ast.unparse(node.func) in (
        "native_libraries.load",
        "importlib.import_module",
        "interop",
    ):
        first = node.args[0]
        return [first.value] if isinstance(first, ast.Constant) else []
    return []


def _module_of(module: str, name: str) -> str:
    """Return what ``from module import name`` imports: the module of that name where there is one, else ``module``."""
    path = ROOT / Path(*module.split("."), name)
    inside = module.split(".")[0] == "formcheck" and (
        path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
    )
    return f"{module}.{name}" if inside else module
