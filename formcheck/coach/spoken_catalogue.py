"""Everything that is said aloud, by key. Each key has a sentence and a sound file in every language.

``say.NAME``: a sentence of the catalogue (``live.say.NAME``). ``number.N``: a number. ``cue.EXERCISE.RULE`` and ``name.EXERCISE``:
from the exercise's own file.
"""

from __future__ import annotations

from formcheck import exercises
from formcheck.i18n import catalogue

MOST = 200
"""The highest number that is said; a prescription asks for no more repetitions."""

_SENTENCES = "live.say."


def spoken_keys() -> list[str]:
    """Return the key of everything that can be said."""
    keys = [f"say.{key.removeprefix(_SENTENCES)}" for key in catalogue("en") if key.startswith(_SENTENCES)]
    keys += [f"number.{n}" for n in range(1, MOST + 1)]
    for name in exercises.names():
        keys.append(f"name.{name}")
        keys += [f"cue.{name}.{rule.id}" for rule in exercises.load(name).rules]
    return keys


def spoken_text(key: str, language: str) -> str:
    """Return what is said for a key. Raises KeyError for a key that there is none of, UsageError for an unknown exercise."""
    kind, _, rest = key.partition(".")
    if kind == "number":
        return str(int(rest))
    if kind == "name":
        return exercises.load(rest).name[language]
    if kind == "cue":
        exercise, _, rule = rest.partition(".")
        return exercises.load(exercise).rule(rule).cue[language]
    return catalogue(language)[_SENTENCES + rest]
