"""Put small faults into the modules that judge, find phases, prescribe and correct, one at a time, and see if a test fails.

    python benchmarks/mutants.py                                  200 faults of all modules below, drawn with seed 1
    python benchmarks/mutants.py --seed 7 --sample 50 --json out.json formcheck/spec/prescription.py

A mutant is one changed place: a comparison, a limit and its boundary, a sign, a constant, ``and`` for ``or``, ``min`` for ``max``,
a condition negated, a call left out, a value not returned. It is killed when a test fails or hangs. A mutant that survives is a
fault that no test notices, or a change that makes no difference. The score is the share of mutants killed.

Each mutant runs the test files named for its module, then those that import it, the fastest first, up to ``BUDGET_S``. If there
are none, it runs those one import further away. Everything happens in a copy of the project. The score covers these tests alone:
a mutant that only other tests would catch counts as survived. No published tool was used because none draws a seeded sample and
picks the tests: mutmut 3 runs every mutant of a file, and cosmic-ray has one test command for all.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import copy
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
MODULES = (
    "formcheck/engine/judging/conditions.py",
    "formcheck/engine/judging/evaluate.py",
    "formcheck/engine/judging/hold_form.py",
    "formcheck/engine/judging/in_progress.py",
    "formcheck/engine/tracking/cycle.py",
    "formcheck/spec/prescription.py",
    "formcheck/model/corrections.py",
)
COPIED = ("formcheck", "tests", "pyproject.toml")  # the rest of the project is linked
FOLDERS = (
    "unit",
    "contracts",
    "properties",
)  # of tests/: the others start servers and browsers, or analyse whole videos
BUDGET_S = 20.0  # default: greatest CPU time of one mutant's tests when none fails
PATIENCE = 5.0  # default: tests hang if they take this many times their CPU time plus ``BUDGET_S`` by the clock
MAX_SAMPLE = 300
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "-rf", "-p", "no:cacheprovider", "--hypothesis-seed=0")

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "argmax": "argmin", "argmin": "argmax"}
ROUNDING = 1e-5  # a constant nearer to 0 only guards against rounding
FLOAT_STEP = 0.2  # default: a fractional constant changes by this share, a whole one by 1


@dataclass(frozen=True)
class Mutant:
    """One change in one place: ``after`` replaces the bytes ``start`` to ``end`` of the file ``path``."""

    path: str
    line: int
    start: int
    end: int
    before: str
    after: str


def mutants_of(source: str, path: str) -> list[Mutant]:
    """Return every mutant of a module's source, in the order of the text.

    Strings, docstrings, annotations, decorators, ``strict=`` and the arguments of a message are not changed.
    """
    lines = [0]
    for line in source.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    found = []
    for node in _places(ast.parse(source)):
        start, end = lines[node.lineno - 1] + node.col_offset, lines[node.end_lineno - 1] + node.end_col_offset
        before = " ".join(source.encode()[start:end].decode().split())
        for changed in _changes(node):
            after = ast.unparse(changed)
            after = f"({after})" if isinstance(node, ast.expr) else after
            found.append(Mutant(path, node.lineno, start, end, before, after))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.after))


def mutated(source: str, mutant: Mutant) -> str:
    """Return the source with the mutant in it."""
    text = source.encode()
    return (text[: mutant.start] + mutant.after.encode() + text[mutant.end :]).decode()


def _places(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that may be changed: ``node`` and its descendants."""
    if isinstance(node, (ast.JoinedStr, ast.Raise, ast.Import, ast.ImportFrom)):
        return
    if hasattr(node, "lineno"):
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not (isinstance(child, ast.keyword) and child.arg == "strict"):
                yield from _places(child)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the source texts that may replace a node."""
    if isinstance(node, ast.stmt):
        yield from _changes_of_statement(node)
    elif isinstance(node, ast.Compare):
        yield from _other_comparisons(node)
    elif isinstance(node, ast.Constant):
        yield from (ast.Constant(value) for value in _other_values(node.value))
    elif isinstance(node, ast.IfExp):
        yield _with(node, body=node.orelse, orelse=node.body)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, (ast.Name, ast.Attribute)):
        field = "id" if isinstance(node, ast.Name) else "attr"
        if (name := getattr(node, field)) in NAMES:
            yield _with(node, **{field: NAMES[name]})
    elif type(getattr(node, "op", None)) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())


def _other_comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for i, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield _with(node, ops=[*node.ops[:i], other(), *node.ops[i + 1 :]])


def _changes_of_statement(node: ast.stmt) -> Iterator[ast.stmt]:
    if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield ast.Pass()
    elif isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    elif isinstance(node, (ast.Break, ast.Continue)):
        yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()


def _other_values(value: object) -> tuple[object, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int) or value == 0.0:
        return value + 1, value - 1
    if isinstance(value, float) and abs(value) > ROUNDING:
        return round(value * (1 + FLOAT_STEP), 6), round(value * (1 - FLOAT_STEP), 6)
    return ()


def _with(node: ast.AST, **changed: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return other


# ---- choice of tests


@cache
def _imports(path: Path) -> frozenset[str]:
    """Return the dotted names of the modules that a file imports and of the names that it takes from them."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def tests_near(module: str) -> list[list[Path]]:
    """Return three lists of test files: named for the module, importing it, and importing a file that imports it."""
    path = ROOT / module
    name = _dotted(path)
    tests = sorted(file for folder in FOLDERS for file in (ROOT / "tests" / folder).glob("test_*.py"))
    between = [*(ROOT / "formcheck").rglob("*.py"), *(ROOT / "tests").glob("*.py")]
    users = {_dotted(file) for file in between if name in _imports(file)}
    named = [file for file in tests if file.stem == f"test_{path.stem}"]
    direct = [file for file in tests if name in _imports(file) and file not in named]
    further = [file for file in tests if users & _imports(file) and file not in named + direct]
    return [named, direct, further]


class Copy:
    """A copy of the project in which mutants run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seconds: dict[Path, float] = {}
        for entry in ROOT.iterdir():
            if entry.name not in COPIED:
                (folder / entry.name).symlink_to(entry)
            elif entry.is_dir():
                shutil.copytree(entry, folder / entry.name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(entry, folder)
        compileall.compile_dir(folder / "formcheck", quiet=1)

    def run(self, tests: list[Path], timeout_s: float) -> tuple[str | None, float]:
        """Run test files; return the first failure (None if all pass, ``time-out`` if they hang) and the CPU time in seconds."""
        env = os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        before = os.times()
        command = [*PYTEST, *(str(path.relative_to(ROOT)) for path in tests)]
        try:
            done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=timeout_s)
        except subprocess.TimeoutExpired:
            return "time-out", timeout_s
        after = os.times()
        took_s = after.children_user + after.children_system - before.children_user - before.children_system
        if done.returncode == 0:
            return None, took_s
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
        return failed[1] if failed else f"exit {done.returncode}", took_s

    def choose(self, module: str) -> tuple[list[Path], float]:
        """Return the test files for a module's mutants and their CPU time in seconds when nothing fails."""
        named, direct, further = tests_near(module)
        chosen, total_s = [], 0.0
        for files in (named, direct) if named or direct else (further,):
            for path in files:
                if path not in self._seconds:
                    failed, took_s = self.run([path], PATIENCE * BUDGET_S)
                    if failed not in (None, "time-out"):
                        raise SystemExit(f"{failed} fails without a mutant")
                    self._seconds[path] = took_s
            for path in sorted(files, key=self._seconds.__getitem__):
                if total_s + self._seconds[path] <= BUDGET_S:
                    chosen.append(path)
                    total_s += self._seconds[path]
        return chosen, total_s

    def killer(self, mutant: Mutant, tests: list[Path], usual_s: float) -> str | None:
        """Return the first test that fails on the mutant, or None."""
        path = self.folder / mutant.path
        source = path.read_text(encoding="utf-8")
        for made in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            made.unlink()  # Python compares time and size, which can be the same for a mutant
        try:
            path.write_text(mutated(source, mutant), encoding="utf-8")
            return self.run(tests, PATIENCE * usual_s + BUDGET_S)[0]
        finally:
            path.write_text(source, encoding="utf-8")


def _shown(killed: int, of: int) -> str:
    return f"{killed} of {of} killed ({killed / of:.0%})" if of else "none drawn"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", default=MODULES, help="paths from the project's folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=200, help=f"how many mutants, at most {MAX_SAMPLE}")
    parser.add_argument("--json", type=Path, help="write the result to this file")
    options = parser.parse_args()
    every = [m for path in options.modules for m in mutants_of((ROOT / path).read_text(encoding="utf-8"), path)]
    wanted = min(options.sample, MAX_SAMPLE, len(every))
    drawn = [every[i] for i in sorted(random.Random(options.seed).sample(range(len(every)), wanted))]
    print(f"{wanted} of {len(every)} mutants, seed {options.seed}", flush=True)

    killers: list[str | None] = []
    tests: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        project = Copy(Path(folder))
        for path in options.modules:
            here = [mutant for mutant in drawn if mutant.path == path]
            if not here:
                continue
            chosen, usual_s = project.choose(path)
            tests[path] = [str(file.relative_to(ROOT)) for file in chosen]
            print(f"{path}: {len(here)} mutants, {usual_s:.0f} s of {', '.join(tests[path]) or 'no test'}", flush=True)
            for mutant in here:
                killer = project.killer(mutant, chosen, usual_s) if chosen else None
                killers.append(killer)
                if killer is None:
                    print(f"  {mutant.path}:{mutant.line}: {mutant.before} -> {mutant.after}", flush=True)
    drawn.sort(key=lambda mutant: options.modules.index(mutant.path))
    of, killed = Counter(m.path for m in drawn), Counter(m.path for m, k in zip(drawn, killers, strict=True) if k)
    for path in options.modules:
        print(f"{path}: {_shown(killed[path], of[path])}")
    print(f"all: {_shown(killed.total(), len(drawn))}")
    if options.json:
        mutants = [asdict(mutant) | {"killer": killer} for mutant, killer in zip(drawn, killers, strict=True)]
        result = {"seed": options.seed, "possible": len(every), "killed": killed.total(), "tests": tests}
        options.json.write_text(json.dumps(result | {"mutants": mutants}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
