"""Reading a set back from its files: what belongs together is read, everything else is said in words."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from formcheck.analysis.run import read_poses
from formcheck.analysis.stored_set import judge_again, read_set
from formcheck.api import analyze
from formcheck.errors import SourceError, UsageError
from formcheck.exercises import load
from formcheck.files.records import read_record
from formcheck.files.traces import write_trace
from formcheck.model.records import SCHEMA_VERSION, Event
from formcheck.spec.prescription import Prescription
from tests.cli_runs import squat_landmarks
from tests.example_records import nobody_record, plank_record, squat_record


def refused(path, code: str, *, trace=None) -> str:
    with pytest.raises(SourceError) as raised:
        read_set(path, trace)
    assert raised.value.code == code
    assert str(trace or path) in str(raised.value)
    return str(raised.value)


def record_file(tmp_path, **changes: object):
    """Write a record with changes to its top level; None takes a field out."""
    data = json.loads(squat_record().model_dump_json())
    for name, value in changes.items():
        data.pop(name, None)
        if value is not None:
            data[name] = value
    path = tmp_path / "set.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.mark.parametrize("record", [squat_record(), plank_record(), nobody_record()])
def test_a_record_reads_back_equal(tmp_path, record):
    path = tmp_path / "set.json"
    path.write_text(record.model_dump_json(indent=2), encoding="utf-8")
    assert read_record(path) == record


def test_an_earlier_record_of_the_same_major_version_gets_the_defaults_of_what_came_later(tmp_path):
    path = record_file(tmp_path, schema_version="1.0", statistics=None, events=None, prescription=None)
    record = read_record(path)
    assert (record.statistics, record.events, record.prescription) == ({}, [], None)


@pytest.mark.parametrize("version", [None, "0.9", "one", 1])
def test_an_older_record_version_is_refused_in_words(tmp_path, version):
    assert "again" in refused(record_file(tmp_path, schema_version=version), "record_version")


@pytest.mark.parametrize("version", ["1.999", "2.0"])
def test_a_newer_record_version_is_refused_in_words(tmp_path, version):
    assert version > SCHEMA_VERSION
    refused(record_file(tmp_path, schema_version=version), "record_newer")


@pytest.mark.parametrize("text", ["", "[1]", "no", "\x00\x01"])
def test_what_is_no_record_is_refused(tmp_path, text):
    path = tmp_path / "set.json"
    path.write_text(text, encoding="utf-8")
    refused(path, "record_json")


def test_a_record_with_a_bad_value_names_the_field(tmp_path):
    assert "rep_count" in refused(record_file(tmp_path, rep_count="many"), "record_value")
    assert "extra" in refused(record_file(tmp_path, extra=1), "record_value")


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path):
    refused(tmp_path / "none.json", "source_missing")
    refused(tmp_path, "source_is_folder")


def test_an_exercise_that_is_not_known_is_refused(tmp_path):
    path = squat_landmarks(tmp_path / "a.npz")
    result = read_poses(path).judge(load("squat"))
    record = tmp_path / "set.json"
    record.write_text(result.record.model_copy(update={"exercise": "xyzzy"}).model_dump_json(), encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        read_set(record, path)
    assert raised.value.code == "unknown_exercise"


def test_the_landmarks_of_a_set_are_measured_as_they_were(tmp_path):
    landmarks = squat_landmarks(tmp_path / "a.npz")
    result = read_poses(landmarks).judge(load("squat"))
    path = tmp_path / "set.json"
    path.write_text(result.record.model_dump_json(), encoding="utf-8")
    record, trace = read_set(path, landmarks)
    assert record == result.record
    assert trace.signals.keys() == result.trace.signals.keys()
    for name, series in result.trace.signals.items():
        assert np.array_equal(trace.signals[name], series, equal_nan=True), name
    assert read_set(path, None) == (record, None)


def test_what_was_wrong_with_the_video_is_told_however_it_is_judged_again(tmp_path):
    turned = Event(kind="picture_turned", start_s=0.5, end_s=1.0)
    ended = Event(kind="file_ended_early", start_s=9.0, end_s=20.0)
    material = read_poses(squat_landmarks(tmp_path / "a.npz"))
    film = dataclasses.replace(material, events=(turned, ended), broken_frames=2)
    result = film.judge(load("squat"))
    record_path, trace_path = tmp_path / "set.json", tmp_path / "set.npz"
    record_path.write_text(result.record.model_dump_json(), encoding="utf-8")
    write_trace(result.trace, trace_path)
    record, trace = read_set(record_path, trace_path)
    assert record.events == [turned, ended]
    assert trace.file_events == (turned, ended)
    deeper = judge_again(record, trace, prescription=Prescription(exercise="squat", target_depth_deg=120))
    assert deeper.record.events == [turned, ended]
    assert deeper.record.quality.broken_frames == 2
    assert deeper.record.faults != record.faults
    assert analyze(trace_path, "squat").record.events == [turned, ended]
    assert analyze(trace, "squat").record.events == [turned, ended]
    assert analyze(trace_path, "squat", start_s=2.0, end_s=8.0).record.events == []


def test_the_landmarks_of_another_set_are_refused(tmp_path):
    first, second = squat_landmarks(tmp_path / "a.npz"), squat_landmarks(tmp_path / "b.npz", depths_deg=(100,))
    path = tmp_path / "set.json"
    result = read_poses(first).judge(load("squat"))
    path.write_text(result.record.model_dump_json(), encoding="utf-8")
    refused(path, "trace_frames", trace=second)
    small = dataclasses.replace(result.trace, size_px=(333, 222))
    write_trace(small, tmp_path / "c.npz")
    assert "333×222" in refused(path, "trace_size", trace=tmp_path / "c.npz")
    still = dataclasses.replace(
        result.trace, image_px=np.repeat(result.trace.image_px[:1], len(result.trace.t_s), axis=0)
    )
    write_trace(still, tmp_path / "d.npz")
    refused(path, "trace_movement", trace=tmp_path / "d.npz")
