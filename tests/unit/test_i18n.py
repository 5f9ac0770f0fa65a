"""The catalogues say the same in both languages, every key in use is there, numbers read as written by hand."""

from __future__ import annotations

import ast
import math
import re
import string
import tomllib
from pathlib import Path
from typing import get_args

import pytest

import formcheck
from formcheck import exercises
from formcheck.errors import FormcheckError, SourceError, UsageError
from formcheck.i18n import LANGUAGES, catalogue, default_language, error_text, join_words, translator
from formcheck.i18n.numbers import clock, number, quantity, share
from formcheck.model import records

PACKAGE = Path(formcheck.__file__).parent
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def own_texts(language: str) -> dict[str, str]:
    """Return all texts but those of errors, whose English sentences are where they are raised."""
    return {key: text for key, text in catalogue(language).items() if not key.startswith("error.")}


def test_both_languages_have_the_same_keys():
    assert own_texts("en").keys() == own_texts("da").keys()


def test_both_languages_have_the_same_placeholders():
    different = {
        key for key, text in own_texts("en").items() if placeholders(text) != placeholders(own_texts("da")[key])
    }
    assert not different


def test_no_text_is_empty_and_every_table_of_numbers_is_whole():
    for language in LANGUAGES:
        texts = catalogue(language)
        assert all(text.strip() for text in texts.values())
        for key in texts:
            if key.endswith(".one"):
                assert key.removesuffix("one") + "other" in texts


def test_no_key_is_written_twice():
    for language in LANGUAGES:
        files = sorted((PACKAGE / "i18n" / language).glob("*.toml"))
        counted = sum(_leaves(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files)
        assert counted == len(catalogue(language))


def _leaves(table: dict) -> int:
    return sum(_leaves(value) if isinstance(value, dict) else 1 for value in table.values())


def test_every_key_in_the_source_is_in_the_catalogue():
    known = catalogue("en")
    missing = set()
    for path, text in SOURCES.items():
        for key in re.findall(r'\bt\(\s*"([a-z_.0-9]+)"', text):
            if key not in known and f"{key}.other" not in known:
                missing.add((path.name, key))
    assert not missing


def test_what_a_record_may_contain_has_words():
    t = translator("en")
    for group, values in (
        ("reason", get_args(records.Reason)),
        ("event", get_args(records.EventKind)),
        ("view", get_args(records.ViewLabel)),
        ("side", get_args(records.Side)),
        ("severity", ("1", "2")),
    ):
        for value in values:
            assert f"term.{group}.{value}" in t


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_ratio_and_count_says_of_what(language):
    for name in exercises.names():
        for rule in exercises.load(name).rules:
            assert rule.unit in ("deg", "s") or f"term.unit.{rule.id}" in translator(language), rule.id


def test_a_missing_key_raises():
    with pytest.raises(KeyError):
        translator("en")("report.no_such_text")


def test_an_unknown_language_is_refused():
    with pytest.raises(UsageError):
        translator("fr")


def test_a_number_chooses_its_form():
    t = translator("en")
    assert t("report.summary.small", n=1).startswith("1 small one ")
    assert t("report.summary.small", n=3).startswith("3 small ones ")


@pytest.mark.parametrize(
    ("variables", "language"),
    [({"LANG": "da_DK.UTF-8"}, "da"), ({"LANG": "da_DK.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"), ({"LANG": "C"}, "en")],
)
def test_the_system_chooses_the_language(monkeypatch, variables, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert default_language() == language


# Errors


def _codes() -> set[str]:
    """Return every error code in the source: given as ``code=``, or as the key of a table of sentences."""
    found = set()
    for text in SOURCES.values():
        found |= set(re.findall(r'\bcode="([a-z_]+)"', text))
        found |= set(re.findall(r'^    "((?:output|source)_[a-z_]+)": "[^"]*\.",$', text, re.M))
    return found


INTERNAL = {"estimator_closed", "estimator_time", "replay_no_frame", "synthetic_side", "time_order"}
"""Raised only when the program is used wrongly from Python: nobody meets them in the interface."""


def test_every_error_has_a_danish_sentence():
    assert {code for code in _codes() - INTERNAL if f"error.{code}" not in catalogue("da")} == set()


def test_no_danish_sentence_is_left_over():
    translated = {key.removeprefix("error.") for key in catalogue("da") if key.startswith("error.")}
    assert translated <= _codes()


def test_errors_carry_the_parameters_of_their_danish_sentence():
    poor = set()
    for path, text in SOURCES.items():
        for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)):
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            code = given.get("code")
            if not isinstance(code, ast.Constant) or None in given:
                continue
            needed = placeholders(catalogue("da").get(f"error.{code.value}", ""))
            if not needed <= given.keys():
                poor.add((path.name, code.value, frozenset(needed - given.keys())))
    assert not poor


def test_an_error_speaks_the_language_of_the_interface():
    error = SourceError("There is no file a.mp4.", code="source_missing", path="a.mp4")
    assert error_text(error, "en") == "There is no file a.mp4."
    assert error_text(error, "da") == "Der er ingen fil a.mp4."


@pytest.mark.parametrize("error", [FormcheckError("So be it."), SourceError("So be it.", code="source_missing")])
def test_an_error_without_translation_or_parameters_stays_english(error):
    assert error_text(error, "da") == "So be it."


# Numbers


@pytest.mark.parametrize(
    ("arguments", "english", "danish"),
    [
        ((92.3, "deg", 5.0), "92° ± 5", "92° ± 5"),
        ((-8.6, "deg", None), "−9°", "−9°"),
        ((0.823, "ratio", 0.08), "82% ± 8", "82 % ± 8"),
        ((1.44, "s", 0.1), "1.4 ± 0.1 s", "1,4 ± 0,1 s"),
        ((4.0, "count", None), "4", "4"),
        ((-0.001, "ratio", None), "0%", "0 %"),
        ((None, "deg", 5.0), "–", "–"),
        ((math.nan, "deg", 5.0), "–", "–"),
    ],
)
def test_quantities(arguments, english, danish):
    value, unit, uncertainty = arguments
    assert quantity(value, unit, "en", uncertainty) == english
    assert quantity(value, unit, "da", uncertainty) == danish


@pytest.mark.parametrize(
    ("t_s", "english"),
    [(0.0, "0:00.0"), (72.36, "1:12.4"), (59.97, "1:00.0"), (3600.0, "60:00.0"), (-0.2, "−0:00.2"), (None, "–")],
)
def test_moments(t_s, english):
    assert clock(t_s, "en") == english
    assert clock(t_s, "da") == english.replace(".", ",")


def test_numbers_shares_and_lists():
    assert number(1234.5, "da", 1) == "1234,5"
    assert (share(0.973, "en"), share(0.973, "da"), share(None, "en")) == ("97%", "97 %", "–")
    assert join_words(["a"], "en") == "a"
    assert join_words(["a", "b", "c"], "en") == "a, b and c"
    assert join_words(["a", "b"], "da", "or") == "a eller b"
