"""The exercises: one file each, one constant ``SPEC`` each, data only. ``load`` finds them by file name.

``formcheck.exercises()`` is short for ``formcheck.exercises.names()``.
"""

from __future__ import annotations

import difflib
import functools
import importlib
import pkgutil
import sys
from types import ModuleType

from formcheck.errors import UsageError
from formcheck.spec.exercise import Exercise


def names() -> list[str]:
    """Return the ids of all exercises.

    Returns
    -------
    list of str
        Sorted.
    """
    return list(_names())


@functools.cache
def _names() -> tuple[str, ...]:
    """Look into the folder once: live, an exercise is asked for with every picture."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")))


def load(exercise_id: str) -> Exercise:
    """Return the exercise of that id.

    Parameters
    ----------
    exercise_id : str

    Returns
    -------
    Exercise

    Raises
    ------
    UsageError
        When there is none; it suggests the nearest id.
    TypeError
        When the file's ``SPEC`` is no Exercise.
    """
    known = _names()
    if exercise_id not in known:
        near = difflib.get_close_matches(exercise_id.lower(), known, n=1, cutoff=0.4)
        listed = ", ".join(known)
        if near:
            raise UsageError(
                f"There is no exercise {exercise_id!r}. Did you mean {near[0]}? There are: {listed}.",
                code="misspelt_exercise", name=exercise_id, known=listed, near=near[0],
            )  # fmt: skip
        raise UsageError(
            f"There is no exercise {exercise_id!r}. There are: {listed}.",
            code="unknown_exercise", name=exercise_id, known=listed,
        )  # fmt: skip
    spec = importlib.import_module(f"{__name__}.{exercise_id}").SPEC
    if not isinstance(spec, Exercise):
        raise TypeError(f"{exercise_id}.SPEC is no Exercise")
    return spec


class _Catalogue(ModuleType):
    """The package, made callable: the public interface lists the exercises with ``formcheck.exercises()``."""

    def __call__(self) -> list[str]:
        return names()


sys.modules[__name__].__class__ = _Catalogue
