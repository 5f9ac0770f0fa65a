"""Everything public of the library says its parameters, what it returns and which of our errors it raises (numpydoc)."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))

from tests.architecture.sources import ROOT, python_files

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY = (
    "model", "spec", "engine", "pose", "video", "analysis", "insights", "programmes", "clinic", "reports", "exports", "files",
    "synthetic", "batch", "coach", "store",
)  # fmt: skip
"""Rooms that other programs may import. Pages and commands are described by what they show."""


def public(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield the public functions of a module and the public methods of its public classes."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        for one in inside:
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and not one.name.startswith("_"):
                yield (f"{node.name}.{one.name}" if one is not node else one.name), one


def missing(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Return what the docstring of a function does not say."""
    text = ast.get_docstring(function) or ""
    lacks = [] if text else ["docstring"]
    arguments = function.args
    names = [
        a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs) if a.arg not in ("self", "cls")
    ]
    decorators = {ast.unparse(one).split("(")[0] for one in function.decorator_list}
    if (
        "overload" in decorators
        or "override" in decorators
        or any(d.endswith((".setter", "validator")) for d in decorators)
    ):
        return []
    lines = [line.strip() for line in text.splitlines()]
    described = {name.strip(" *") for line in lines if " : " in line for name in line.split(" : ")[0].split(",")}
    lacks += [f"parameter {name}" for name in names if name not in described]
    returns = ast.unparse(function.returns) if function.returns else "None"
    is_property = decorators & {"property", "cached_property", "functools.cached_property"}
    if returns not in ("None", "NoReturn") and not is_property and not {"Returns", "Yields"} & set(lines):
        lacks.append("Returns")
    raises = {
        ast.unparse(node.exc.func).split(".")[-1]
        for node in ast.walk(function)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    }
    lacks += [f"Raises {name}" for name in sorted(raises) if name.endswith("Error") and name not in lines]
    return lacks


def gaps(paths: list[Path]) -> list[str]:
    """Return ``file:line name: what is missing`` for each incomplete docstring."""
    return [
        f"{path.relative_to(ROOT)}:{function.lineno} {name}: {', '.join(lacks)}"
        for path in paths
        for name, function in public(path)
        if (lacks := missing(function))
    ]


def library_files() -> list[Path]:
    """Return the modules of the library, without the database's migrations."""
    return [p for room in LIBRARY for p in python_files(f"formcheck/{room}") if "migrations" not in p.parts]


def test_everything_public_is_described():
    assert gaps(library_files()) == []


if __name__ == "__main__":
    print(*gaps([p for a in sys.argv[1:] for p in ([ROOT / a] if a.endswith(".py") else python_files(a))]), sep="\n")
