"""Docstrings and comments are plain English: subject first, one thought a sentence. Some constructions never are."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))

from tests.architecture.sources import ROOT, python_files

if TYPE_CHECKING:
    from collections.abc import Iterator

FORBIDDEN = {
    r"\bhow-?many|\bhow-?manieth": "number, position",
    r"\b(who|what|which)(so)?ever\b|\bwhom(so)?ever\b": "name the person or thing",
    r"\b(some|any|no)body\b": "a person, no person, the user",
    r"\b(of|by|from|to|with) (which|whom)\b": "a second sentence",
    r"\b(is|are|was|were) to be\b": "must be, will be",
    r"\bno more\b(?! than)": "no longer",
    r"\bfor so long\b|\bso long as\b": "for that time, while",
    r"(^|[.:;!?] |\()(What|Whose|Whom) (is|was|were|are|has|have|had|can|may|must|does|did|do|it|a|an|the|another|only|this|that|"
    r"they|its|each|one|no|\w+(s|ed))\b(?![^.]*\?)": "start with the subject, not with What",
    r"\b(serves|served) (its|their) (purpose|time)\b|\bhas served\b": "say what happens",
    r"\b(therein|thereof|thereby|therewith|wherein|whereof|whereby|whence|thence|hither|anew)\b": "a plain word (again)",
    r"\bcomes? to nothing\b|\bcame to nothing\b": "fails, failed",
    r"\bceases? to\b": "stop",
    r"\bis told\b(?! (to|that|by name))|\bare told\b(?! to)": "follows from, is recognised by",
    r"\bas (far|long) as (it|they) (is|are) (known|seen)\b": "if known",
}
"""Pattern -> what to write instead."""

CODE = re.compile(r"``.*?``|`[^`]*`|\"[^\"]*\"|'[^']*'(?=[\s.,;:)])", re.DOTALL)


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every docstring, attribute docstring and comment of a file, without code spans and quotations."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, CODE.sub("x", node.value.value)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith(("# noqa", "# type:", "# fmt:")):
            yield token.start[0], CODE.sub("x", token.string.lstrip("# "))


def offenders(paths: list[Path]) -> list[str]:
    """Return ``file:line: words (write instead)`` for each forbidden construction."""
    found = []
    for path in paths:
        for line, text in prose(path):
            for pattern, instead in FORBIDDEN.items():
                found += [
                    f"{path.relative_to(ROOT)}:{line}: {' '.join(match.group().split())} ({instead})"
                    for match in re.finditer(pattern, text, re.IGNORECASE if not pattern.startswith("(^|") else 0)
                ]
    return found


def test_docstrings_and_comments_are_plain_english():
    assert offenders(python_files("formcheck", "benchmarks", "tools")) == []


if __name__ == "__main__":
    print(
        *offenders([p for a in sys.argv[1:] for p in ([ROOT / a] if a.endswith(".py") else python_files(a))]), sep="\n"
    )
