"""The record as a contract: what goes out comes back, nothing else comes in, and the figures over a set are right."""

from __future__ import annotations

import json
import math

import pytest
from pydantic import ValidationError

from formcheck.engine.rounding import rounded_measures
from formcheck.model.records import SCHEMA_VERSION, Fault, Quality, Rep, SetRecord
from formcheck.model.statistics import rep_statistics
from tests.example_records import nobody_record, plank_record, squat_record

FAULT = {
    "rule": "depth",
    "severity": 2,
    "rep": 1,
    "value": 60.0,
    "limit": 75.0,
    "unit": "deg",
    "start_s": 1.0,
    "end_s": 1.2,
    "worst_s": 1.1,
}


def rep(index: int, counted: bool = True, **measures: float | None) -> Rep:
    return Rep(index=index, start_s=index, turn_s=index + 0.4, end_s=index + 0.9, counted=counted, measures=measures)


@pytest.mark.parametrize("make", [squat_record, plank_record, nobody_record])
def test_a_record_comes_back_from_json_and_names_its_version(make):
    record = make()
    text = record.model_dump_json()
    assert SetRecord.model_validate_json(text) == record
    assert json.loads(text)["schema_version"] == SCHEMA_VERSION
    with pytest.raises(ValidationError, match="frozen"):
        record.rep_count = 0


@pytest.mark.parametrize(
    "changed", [{"severity": 0}, {"severity": 3}, {"side": "near"}, {"colour": 1}, {"value": None}]
)
def test_a_fault_takes_nothing_it_does_not_know(changed):
    Fault(**FAULT)
    with pytest.raises(ValidationError):
        Fault(**(FAULT | changed))


@pytest.mark.parametrize("share", [0.0, 0.01, 1.0])
def test_somebody_was_seen_when_any_frame_shows_a_person(share):
    quality = Quality(frames=100, person_share=share, assessable_share=0)
    assert SetRecord.model_construct(quality=quality, rep_count=0, holds=[]).person_seen == (share > 0)
    assert SetRecord.model_construct(quality=quality, rep_count=1, holds=[]).person_seen, "who did it was there"


def testrep_statistics_are_over_counted_repetitions_and_what_was_measured():
    reps = [rep(i + 1, peak=value, never=None) for i, value in enumerate([90, 92, 94, 96, 98, 100])]
    reps += [rep(7, counted=False, peak=30.0), rep(8, peak=None)]
    found = rep_statistics(reps)
    assert set(found) == {"peak"}
    assert (found["peak"].mean, found["peak"].drift) == (95.0, 6.0)
    assert found["peak"].sd == pytest.approx(math.sqrt(14), abs=1e-3)


@pytest.mark.parametrize(("n", "sd", "drift"), [(1, None, None), (2, True, None), (5, True, None), (6, True, True)])
def test_spread_needs_two_and_drift_six(n, sd, drift):
    peak = rep_statistics([rep(i + 1, peak=90.0 + i) for i in range(n)])["peak"]
    assert (peak.sd is not None, peak.drift is not None) == (bool(sd), bool(drift))


def test_nothing_counted_has_norep_statistics():
    assert rep_statistics([]) == {}
    assert rep_statistics([rep(1, counted=False, peak=30.0)]) == {}


def test_what_was_not_measured_is_null_and_never_zero():
    assert rounded_measures({"a": math.nan, "b": None, "c": 0.0, "d": 1.23456}) == {
        "a": None,
        "b": None,
        "c": 0.0,
        "d": 1.235,
    }
