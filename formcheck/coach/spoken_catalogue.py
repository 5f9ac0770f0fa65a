"""Everything that is said aloud, by key. Each key has a sentence and a sound file in every language.

``say.NAME`` is a sentence of the catalogue (``live.say.NAME``). ``number.N`` is a number. ``cue.EXERCISE.RULE`` and
``name.EXERCISE`` come from the exercise's own file.
"""

from __future__ import annotations

from formcheck import exercises
from formcheck.i18n import catalogue

HIGHEST_NUMBER = 200
"""The highest spoken number. A prescription never asks for more repetitions."""

_SENTENCES = "live.say."


def spoken_keys() -> list[str]:
    """Return the keys of everything that can be said.

    Returns
    -------
    list of str
        The keys: sentences, numbers, then the names and cues of each exercise.
    """
    keys = [f"say.{key.removeprefix(_SENTENCES)}" for key in catalogue("en") if key.startswith(_SENTENCES)]
    keys += [f"number.{n}" for n in range(1, HIGHEST_NUMBER + 1)]
    for name in exercises.names():
        keys.append(f"name.{name}")
        keys += [f"cue.{name}.{rule.id}" for rule in exercises.load(name).rules]
    return keys


def spoken_text(key: str, language: str) -> str:
    """Return the spoken text of a key.

    Parameters
    ----------
    key : str
        One of ``spoken_keys``.
    language : str
        Language code.

    Returns
    -------
    str
        The text.

    Raises
    ------
    KeyError
        If there is no such key.
    UsageError
        If there is no such exercise.
    """
    kind, _, rest = key.partition(".")
    if kind == "number":
        return str(int(rest))
    if kind == "name":
        return exercises.load(rest).name[language]
    if kind == "cue":
        exercise, _, rule = rest.partition(".")
        return exercises.load(exercise).rule(rule).cue[language]
    return catalogue(language)[_SENTENCES + rest]
