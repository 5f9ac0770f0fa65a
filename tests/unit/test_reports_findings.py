"""The findings in words: whole degrees with their uncertainty, and no change where none is certain."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from formcheck import exercises
from formcheck.i18n import LANGUAGES
from formcheck.insights import compare
from formcheck.model.corrections import Agreement, Correction, apply
from formcheck.model.records import Statistic
from formcheck.reports.findings import (
    agreement_lines,
    change_rows,
    comparison_sentence,
    correction_lines,
    extreme_rows,
    share_rows,
    trend_sentence,
)
from tests.example_records import nobody_record, plank_record, squat_record
from tests.unit.test_insights import peaks, setup, with_mean

SQUAT, PLANK = exercises.load("squat"), exercises.load("plank")


def test_shares_say_what_they_are_made_of():
    rows = share_rows(squat_record(), SQUAT, "en")
    assert [(row.name, row.value) for row in rows] == [
        ("Range", "88%"),
        ("Alignment", "not assessed"),
        ("Control", "not assessed"),
    ]
    assert rows[0].made_of == "7 of 8 repetitions; not in repetition 7"
    assert rows[0].of_what == "looked for: depth"
    (row,) = [row for row in share_rows(plank_record(), PLANK, "da") if row.group == "alignment"]
    assert (row.name, row.value, row.made_of) == ("Stilling", "73 %", "22 s af 30 s")
    assert share_rows(nobody_record(), SQUAT, "en") == []


def test_a_trend_is_said_only_beyond_the_smallest_real_difference():
    fell = peaks(100, 100, 100, 88, 88, 88)
    assert trend_sentence(fell, "en") == "Depth fell 12° ± 5 from the first three repetitions to the last three."
    assert trend_sentence(fell, "da") == "Dybden faldt 12° ± 5 fra de første tre gentagelser til de sidste tre."
    assert trend_sentence(peaks(88, 88, 88, 100, 100, 100), "en").startswith("Depth rose 12° ± 5")
    even = peaks(100, 100, 100, 97, 97, 97)
    assert trend_sentence(even, "en").startswith("No certain change in depth")
    assert trend_sentence(even, "da").startswith("Ingen sikker ændring i dybden")
    assert "3°" not in trend_sentence(even, "en")
    assert trend_sentence(peaks(100, 80), "en") == ""


def test_best_and_worst_say_why():
    best, worst = extreme_rows(squat_record(), SQUAT, "en")
    assert (best.what, best.where, best.why) == (
        "Best",
        "repetition 1",
        "nothing to correct (the first of those alike)",
    )
    assert (worst.what, worst.where, worst.why) == (
        "Most to correct",
        "repetition 7",
        "depth and heels lift (by points to correct)",
    )
    assert worst.jump_s == squat_record().reps[6].turn_s
    assert extreme_rows(peaks(90, 91), SQUAT, "en") == []


def test_a_comparison_says_what_is_certain_and_what_is_not():
    earlier, later = with_mean(90.0), with_mean(96.0)
    found = compare(earlier, later)
    assert comparison_sentence(found, earlier, later, "en") == "Filmed alike: the two sets can be compared."
    (row,) = change_rows(found, "en")
    assert (row.before, row.after, row.verdict) == ("90°", "96°", "6° ± 5 deeper")
    (row,) = change_rows(compare(earlier, with_mean(93.0)), "da")
    assert row.verdict == "ingen sikker ændring (under 5°)"


def test_a_comparison_that_is_refused_says_why():
    earlier, later = with_mean(90.0), with_mean(120.0, setup=setup(view="front"))
    later = later.model_copy(update={"view": later.view.model_copy(update={"label": "front", "direction": "towards"})})
    found = compare(earlier, later)
    assert comparison_sentence(found, earlier, later, "en") == (
        "The two sets cannot be compared, since one was filmed from the side, the other from the front."
    )
    assert change_rows(found, "en") == []
    rough = compare(earlier, with_mean(98.0, setup=setup(120.0)))
    sentence = comparison_sentence(rough, earlier, later, "da")
    assert sentence == "Kun store forskelle tæller, fordi kameraet stod i en anden vinkel."


def test_the_hold_times_have_no_verdict():
    rows = change_rows(compare(plank_record(), plank_record(hold_s=40.0)), "en")
    assert (rows[0].before, rows[0].after, rows[0].verdict) == (
        "30 s",
        "40 s",
        "no smallest real difference is known for it",
    )


def entry(kind: str, **fields: object) -> Correction:
    return Correction(by="Anna", at=datetime(2026, 11, 24, 9, 5, tzinfo=UTC), kind=kind, **fields)


def test_each_correction_is_said_with_who_and_when():
    entries = [
        entry("remove_repetition", rep=9),
        entry("add_repetition", rep=5),
        entry("remove_repetition", rep=8),
        entry("add_repetition", start_s=33.0, turn_s=34.0, end_s=35.0),
        entry("remove_repetition", rep=6),
        entry("fault_wrong", rule="depth", rep=7),
        entry("ok_right", rule="depth", rep=1),
        entry("comment", moment_s=62.0, text="Godt gået."),
    ]
    lines = correction_lines(apply(squat_record(), entries), SQUAT, "da")
    assert lines[0] == "Programmet talte 8 gentagelser; efter rettelserne er der 7."
    assert lines[1] == "Anna, 24. november 2026 09:05: gentagelse 9 er fjernet"
    assert [line.split(": ", 1)[1] for line in lines[2:9]] == [
        "gentagelse 5 tæller med",
        "gentagelse 8 er fjernet",
        "en gentagelse ved 0:33,0 er tilføjet",
        "gentagelse 6 er fjernet",
        "Dybde, nr. 7: intet at rette",
        "Dybde, nr. 1: enig i, at der intet er at rette",
        "ved 1:02,0: Godt gået.",
    ]
    assert lines[9:] == ["Dybde: enig i 1 af 2"]
    assert correction_lines(apply(squat_record(), []), SQUAT, "da") == []


def test_a_share_that_no_rule_could_lower_is_not_spoken_of():
    assert [row.group for row in share_rows(plank_record(), PLANK, "en")] == ["alignment"]
    assert share_rows(plank_record(exercise="single_leg_stance"), exercises.load("single_leg_stance"), "en") == [], (
        "only hints"
    )
    assert {row.group: row.made_of for row in share_rows(squat_record(), SQUAT, "en")}["control"] == (
        "Nothing of it was held against a limit."
    )


def test_agreement_is_said_rule_by_rule():
    found = {"depth": Agreement(17, 20, 0.0)}
    assert agreement_lines(found, SQUAT, "en") == ["Depth: agreed with 17 of 20"]
    assert agreement_lines(found, SQUAT, "da") == ["Dybde: enig i 17 af 20"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_degrees_have_no_decimals(language):
    record = peaks(100.4, 101.2, 99.7, 88.3, 87.9, 88.8)
    record = record.model_copy(update={"statistics": {"knee_flexion_peak_deg": Statistic(mean=94.4, sd=1, drift=None)}})
    texts = [trend_sentence(record, language)]
    texts += [row.verdict + row.before + row.after for row in change_rows(compare(record, with_mean(112.7)), language)]
    assert all("°" in text and not re.search(r"\d[.,]\d", text) for text in texts)
