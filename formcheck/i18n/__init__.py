"""The words of the interface in English and Danish.

Catalogues are TOML files, ``<language>/<name>.toml``. A text's key is its path of table names: ``depth`` in the table
``[report.column]`` is ``report.column.depth``. A text that depends on a number is a table of ``one`` and ``other``, chosen by
the parameter ``n``. The texts of an exercise (name, rules, cues) are in its own file.
"""

from __future__ import annotations

import functools
import locale
import os
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

from formcheck.errors import FormcheckError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("en", "da")
"""English and Danish."""


def default_language() -> str:
    """Return ``da`` when the system's language is Danish, else ``en``."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "da" if value.lower().startswith("da") else "en"
    return "da" if (locale.getlocale()[0] or "").lower().startswith("da") else "en"


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """Return all texts of a language by key. Raises UsageError (``unknown_language``)."""
    if language not in LANGUAGES:
        raise UsageError(
            f"There is no language {language!r}. There are: {', '.join(LANGUAGES)}.",
            code="unknown_language",
            name=language,
            known=", ".join(LANGUAGES),
        )
    texts: dict[str, str] = {}
    for file in sorted((resources.files(__name__) / language).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            texts.update(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    return texts


class Translator:
    """Returns texts of one language: ``t(key, **params)``. Raises KeyError for a key that is not in the catalogue."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)

    def __call__(self, key: str, **params: object) -> str:
        """Return a text with its parameters filled in. ``n`` chooses between ``one`` and ``other``."""
        if key not in self._texts and "n" in params:
            key = f"{key}.one" if params["n"] == 1 else f"{key}.other"
        return self._texts[key].format(**params)

    def __contains__(self, key: str) -> bool:
        return key in self._texts or f"{key}.other" in self._texts


def translator(language: str) -> Translator:
    """Return the translator of a language (``en`` or ``da``)."""
    return Translator(language)


def error_text(error: FormcheckError, language: str) -> str:
    """Return the sentence of an error. English is the error's own sentence. Without a translation it stays English."""
    key = f"error.{error.code}"
    if language == "en" or key not in catalogue(language):
        return str(error)
    try:
        params = {
            name: error_text(value, language) if isinstance(value, FormcheckError) else value
            for name, value in error.params.items()
        }
        return catalogue(language)[key].format(**params)
    except (KeyError, IndexError):  # the error lacks a parameter of the sentence
        return str(error)


def join_words(parts: list[str], language: str, word: str = "and") -> str:
    """Return ``a, b and c``. ``word`` is ``and`` or ``or``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {catalogue(language)[f'term.join.{word}']} {parts[-1]}"
