"""``formcheck new-exercise``: a commented file as the start of a new exercise."""

from __future__ import annotations

import keyword
import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.analysis.recognition import AUTO
from formcheck.cli.screen import say
from formcheck.errors import UsageError
from formcheck.files.atomic import write_text
from formcheck.i18n import translator

if TYPE_CHECKING:
    import argparse

TEMPLATE = "_template.txt"


def new_exercise(args: argparse.Namespace) -> None:
    """Write the file and print the next steps. Raises OutputError, and UsageError for a name that is invalid or taken."""
    path = path_for(args.name, args.folder or Path(exercises.__file__).parent)
    write_text(path, source_of(args.name))
    t = translator(args.language)
    say(t("cli.wrote.line", path=path), wrap=False)
    say(t("cli.new.next", name=args.name))


def path_for(name: str, folder: Path) -> Path:
    """Return the path of a new exercise. Raises UsageError (``exercise_name``, ``exercise_there``)."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name) or name == AUTO:
        raise UsageError(
            f"{name!r} cannot be the name of an exercise: small letters a to z, digits and _, with a letter first, "
            "such as calf_raise.",
            code="exercise_name",
            name=name,
        )
    path = folder / f"{name}.py"
    if path.exists() or name in exercises.names():
        raise UsageError(f"There is an exercise {name} already: choose another name.", code="exercise_there", name=name)
    return path


def source_of(name: str) -> str:
    """Return the text of the new file."""
    template = resources.files(exercises).joinpath(TEMPLATE).read_text(encoding="utf-8")
    return template.replace("{id}", name).replace("{name}", name.replace("_", " ").capitalize())
