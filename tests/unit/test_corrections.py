"""Corrections: the numbers follow them, the original stays, and agreement is counted exactly."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from formcheck import exercises
from formcheck.errors import SpecError
from formcheck.insights import shares
from formcheck.model.corrections import (
    CORRECTIONS,
    Agreement,
    Correction,
    agreement,
    apply,
    cohens_kappa,
    read_corrections,
)
from tests.example_records import nobody_record, plank_record, squat_record

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def entry(kind: str, **fields: object) -> Correction:
    return Correction(by="Anna", at=AT, kind=kind, **fields)


def test_corrections_go_through_json_and_back():
    entries = [
        entry("add_repetition", start_s=33.0, turn_s=34.0, end_s=35.0, side="left"),
        entry("fault_wrong", rule="depth", rep=7),
        entry("comment", moment_s=12.4, text="Støt dig til stolen her."),
    ]
    text = CORRECTIONS.dump_json(entries, exclude_none=True).decode()
    assert read_corrections(text, "x.json") == entries
    assert json.loads(text)[1] == {
        "by": "Anna",
        "at": "2026-11-24T09:30:00Z",
        "kind": "fault_wrong",
        "rep": 7,
        "rule": "depth",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "add_repetition", "start_s": 1.0, "end_s": 3.0},
        {"kind": "add_repetition", "start_s": 3.0, "turn_s": 2.0, "end_s": 4.0},
        {"kind": "remove_repetition"},
        {"kind": "fault_wrong", "rep": 1},
        {"kind": "comment", "moment_s": 1.0},
        {"kind": "comment", "moment_s": -1.0, "text": "x"},
        {"kind": "praise"},
    ],
)
def test_an_entry_that_says_too_little_is_refused(fields):
    with pytest.raises(ValidationError):
        Correction(by="Anna", at=AT, **fields)


def test_an_entry_without_who_or_an_exact_time_is_refused():
    for fields in ({"by": "", "at": AT}, {"by": "Anna", "at": datetime(2026, 11, 24)}):
        with pytest.raises(ValidationError):
            Correction(kind="remove_repetition", rep=1, **fields)


@pytest.mark.parametrize("text", ["{}", "[{}]", "no", '[{"kind": "comment"}]'])
def test_a_bad_file_is_named(text):
    with pytest.raises(SpecError) as raised:
        read_corrections(text, "mine.json")
    assert raised.value.code == "corrections_value"
    assert "mine.json" in str(raised.value)


def test_no_correction_changes_nothing():
    for record in (squat_record(), plank_record(), nobody_record()):
        assert apply(record, []).record == record


def test_removing_and_adding_repetitions_counts_anew():
    before = squat_record()
    corrected = apply(
        before,
        [
            entry("remove_repetition", rep=7),
            entry("add_repetition", rep=5),  # the small one
            entry("add_repetition", start_s=0.5, turn_s=1.0, end_s=1.6),
        ],
    )
    after = corrected.record
    assert (before.rep_count, before.partial_count) == (8, 1)
    assert (after.rep_count, after.partial_count) == (9, 0)
    assert [rep.index for rep in after.reps] == [10, 1, 2, 3, 4, 5, 6, 8, 9]
    assert (corrected.added, corrected.removed) == ((10,), (7,))
    assert after.reps[0].measures == {}
    assert 7 not in {fault.rep for fault in after.faults}
    depths = [rep.measures["knee_flexion_peak_deg"] for rep in after.reps if rep.measures]
    assert after.statistics["knee_flexion_peak_deg"].mean == pytest.approx(sum(depths) / len(depths), abs=0.001)
    assert corrected.original is before
    assert before == squat_record()


def test_the_last_word_on_a_repetition_holds():
    corrected = apply(squat_record(), [entry("remove_repetition", rep=1), entry("add_repetition", rep=1)])
    assert corrected.record.rep_count == 8
    assert corrected.removed == ()


def test_a_fault_that_is_none_leaves_the_numbers():
    squat = exercises.load("squat")
    before = squat_record()
    corrected = apply(before, [entry("fault_wrong", rule="depth", rep=7)])
    assert shares(before, squat)[0].not_good == (7,)
    assert shares(corrected.record, squat)[0].not_good == ()
    assert [f.rule for f in corrected.record.reps[6].faults] == ["heels"]
    assert corrected.record.reps[6].verdicts[0].outcome == "ok"
    assert corrected.original.reps[6].verdicts[0].outcome == "fault"
    again = apply(before, [entry("fault_wrong", rule="depth", rep=7), entry("fault_right", rule="depth", rep=7)])
    assert again.record == apply(before, []).record


def test_a_fault_that_was_missed_counts_though_it_was_not_measured():
    squat = exercises.load("squat")
    corrected = apply(squat_record(), [entry("fault_missed", rule="depth", rep=1)])
    assert corrected.record.reps[0].verdicts[0].outcome == "fault"
    assert corrected.record.reps[0].faults == []
    assert shares(corrected.record, squat)[0].not_good == (1, 7)


def test_the_clocks_of_a_hold_stay():
    corrected = apply(plank_record(), [entry("fault_wrong", rule="hips_low", rep=1)])
    assert corrected.record.faults == []
    assert (corrected.record.in_form_s, corrected.record.hold_s) == (22.0, 30.0)


@pytest.mark.parametrize(
    ("record", "correction", "code"),
    [
        (squat_record(), entry("remove_repetition", rep=40), "correction_unit"),
        (squat_record(), entry("add_repetition", rep=40), "correction_unit"),
        (squat_record(), entry("fault_wrong", rule="depth", rep=1), "correction_outcome"),  # it is ok there
        (squat_record(), entry("fault_missed", rule="knees_in", rep=1), "correction_outcome"),  # it was not assessed
        (squat_record(), entry("ok_right", rule="no_such_rule", rep=1), "correction_outcome"),
        (nobody_record(), entry("fault_right", rule="depth", rep=1), "correction_unit"),
    ],
)
def test_a_correction_of_what_is_not_there_is_refused(record, correction, code):
    with pytest.raises(SpecError) as raised:
        apply(record, [correction])
    assert raised.value.code == code


def test_nothing_done_can_be_corrected_by_adding():
    corrected = apply(nobody_record(), [entry("add_repetition", start_s=1.0, turn_s=2.0, end_s=3.0)])
    assert corrected.record.rep_count == 1
    assert corrected.record.statistics == {}


def test_comments_stay_beside_the_numbers():
    comment = entry("comment", moment_s=3.0, text="Fint.")
    corrected = apply(squat_record(), [comment])
    assert corrected.comments == (comment,)
    assert corrected.record == apply(squat_record(), []).record


def test_agreement_is_counted_rule_by_rule_and_the_last_mark_holds():
    marks = [
        entry("fault_right", rule="depth", rep=3),
        entry("fault_wrong", rule="depth", rep=7),
        entry("ok_right", rule="depth", rep=1),
        entry("fault_missed", rule="depth", rep=2),
        entry("ok_right", rule="depth", rep=4),
        entry("fault_wrong", rule="depth", rep=3),
        entry("fault_right", rule="depth", rep=3),
    ]
    found = agreement(apply(squat_record(), marks).marks.values())
    assert found == {"depth": Agreement(agreed=3, marked=5, kappa=pytest.approx(1 / 6))}


def counted(both: int, first: int, second: int, neither: int) -> list[tuple[bool, bool]]:
    return [(True, True)] * both + [(True, False)] * first + [(False, True)] * second + [(False, False)] * neither


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ((20, 5, 10, 15), 0.4),  # observed 0.7, expected 0.5
        ((45, 15, 25, 15), 3 / 23),  # observed 0.60, expected 0.54
        ((25, 35, 5, 35), 7 / 27),  # observed 0.60, expected 0.46
        ((10, 0, 0, 10), 1.0),
        ((0, 10, 10, 0), -1.0),
        ((17, 3, 0, 0), 0.0),  # a program that only ever said fault agrees by chance alone
        ((0, 1, 0, 0), 0.0),
        ((20, 0, 0, 0), None),
        ((0, 0, 0, 0), None),
    ],
)
def test_kappa(table, kappa):
    assert cohens_kappa(counted(*table)) == (None if kappa is None else pytest.approx(kappa))
