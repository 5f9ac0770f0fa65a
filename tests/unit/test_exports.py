"""The exports, each read back: equal to what was measured, with its axes and units, and empty where nothing was seen."""

from __future__ import annotations

import csv
import dataclasses
import importlib
import json
from datetime import UTC, datetime

import ezc3d
import numpy as np
import pytest
from fhir.resources.R4B.bundle import Bundle

from formcheck import exercises
from formcheck.analysis.run import SetResult, run_set
from formcheck.errors import OutputError, UsageError
from formcheck.exports import FORMATS, SetToExport, export
from formcheck.exports.uniform import MARKERS, markers_m, rate_hz, times_s
from formcheck.files.traces import read_landmarks
from formcheck.i18n import LANGUAGES
from formcheck.model.corrections import Correction
from formcheck.model.records import SetRecord, Source
from formcheck.model.skeleton import INDEX
from formcheck.synthetic import Camera, Recording, SquatRep, squat_set
from tests.example_records import nobody_record, plank_record, plank_trace, squat_record, squat_trace

SQUAT, PLANK = exercises.load("squat"), exercises.load("plank")
GAP_S = (3.0, 4.0)


@pytest.fixture(scope="module")
def done() -> SetResult:
    """Two squats from the side, nobody seen for a second, at a rate that is not constant."""
    made = squat_set([SquatRep(100), SquatRep(66)], Camera(azimuth_deg=90), Recording(fps=30))
    poses = [pose for i, pose in enumerate(made.poses) if i % 7 != 3]
    source = Source(name="a.mp4", sha256="ab" * 32, width=1280, height=720, duration_s=made.poses[-1].t_s)
    result = run_set(poses, SQUAT, source)
    gone = (result.trace.t_s >= GAP_S[0]) & (result.trace.t_s <= GAP_S[1])
    return SetResult(result.record, dataclasses.replace(result.trace, world_m=_without(result.trace.world_m, gone)))


def _without(values: np.ndarray, gone: np.ndarray) -> np.ndarray:
    values = values.copy()
    values[gone] = np.nan
    return values


def written(tmp_path, name: str, record: SetRecord, trace=None, exercise=SQUAT, **more):
    path = tmp_path / f"set{FORMATS[name].ending}"
    export(SetToExport(record, trace, exercise, **more), name, path)
    return path


# The constant rate and the axes


def test_a_varying_rate_becomes_a_constant_one(done):
    t_s = times_s(done.trace)
    assert np.diff(t_s) == pytest.approx(1 / rate_hz(done.trace))
    assert (t_s[0], t_s[-1]) == (done.trace.t_s[0], pytest.approx(done.trace.t_s[-1], abs=1 / rate_hz(done.trace)))


def test_markers_are_y_up_and_keep_their_lengths(done):
    markers = markers_m(done.trace, "x")
    standing = markers[5]
    assert standing[INDEX["nose"], 1] > standing[INDEX["left_hip"], 1] > standing[INDEX["left_ankle"], 1]
    raw = done.trace.world_m[5]
    thigh = (INDEX["left_hip"], INDEX["left_knee"])
    assert np.linalg.norm(standing[thigh[0]] - standing[thigh[1]]) == pytest.approx(
        np.linalg.norm(raw[thigh[0]] - raw[thigh[1]]), abs=0.01
    )
    turn = np.stack(
        [markers_m(dataclasses.replace(done.trace, world_m=_axis(done.trace, i)), "x")[0, 0] for i in range(3)]
    )
    assert np.linalg.det(turn) == pytest.approx(1.0)  # a turn, no mirror: left stays left


def _axis(trace, i: int) -> np.ndarray:
    world = np.zeros_like(trace.world_m)
    world[..., i] = 1.0
    return world


def test_a_long_gap_stays_empty_and_a_missing_frame_is_bridged(done):
    markers, t_s = markers_m(done.trace, "x"), times_s(done.trace)
    gone = (t_s > GAP_S[0] + 0.1) & (t_s < GAP_S[1] - 0.1)
    assert np.isnan(markers[gone]).all()
    assert np.isfinite(markers[(t_s < GAP_S[0] - 0.1) | (t_s > GAP_S[1] + 0.1)]).all()


# TRC and MOT


def test_trc_reads_back_equal(tmp_path, done):
    lines = written(tmp_path, "trc", done.record, done.trace).read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == ["PathFileType", "4", "(X/Y/Z)", "set.trc"]
    head = dict(zip(lines[1].split("\t"), lines[2].split("\t")))
    t_s = times_s(done.trace)
    assert (head["NumFrames"], head["NumMarkers"], head["Units"]) == (str(len(t_s)), "33", "m")
    assert float(head["DataRate"]) == rate_hz(done.trace)
    assert lines[3].split("\t")[2::3] == list(MARKERS)
    rows = [line.split("\t") for line in lines[6:]]
    assert [row[0] for row in rows] == [str(i) for i in range(1, len(t_s) + 1)]
    values = np.array([[float(cell) for cell in row[1:]] for row in rows])
    assert values[:, 0] == pytest.approx(t_s, abs=1e-6)
    assert values[:, 1:].reshape(-1, 33, 3) == pytest.approx(markers_m(done.trace, "x"), abs=1e-6, nan_ok=True)


def read_mot(path) -> tuple[list[str], np.ndarray]:
    """Return the names and the values (N, 1 + C) of a MOT file, after checking its head."""
    lines = path.read_text(encoding="utf-8").splitlines()
    end = lines.index("endheader")
    head = dict(line.split("=") for line in lines[1:end])
    values = np.array([line.split("\t") for line in lines[end + 2 :]], float)
    assert (int(head["nRows"]), int(head["nColumns"]), head["inDegrees"]) == (*values.shape, "yes")
    return lines[end + 1].split("\t"), values


def test_mot_reads_back_equal(tmp_path, done):
    names, values = read_mot(written(tmp_path, "mot", done.record, done.trace))
    assert names[0] == "time"
    assert {"knee_flexion_left_deg", "main_angle_deg"} <= set(names)
    for name, column in zip(names[1:], values.T[1:], strict=True):
        own = np.interp(values[:, 0], done.trace.t_s, done.trace.signals[name])
        assert column == pytest.approx(own, abs=1e-3)
    assert values[:, names.index("main_angle_deg")].max() > 90


def test_mot_has_no_gap_that_would_end_it_early(tmp_path, done):
    signals = {name: series.copy() for name, series in done.trace.signals.items()}
    gone = (done.trace.t_s > 3.0) & (done.trace.t_s < 3.5)
    for series in signals.values():
        series[gone] = np.nan
    signals["body_line_deg"][::2] = np.nan
    signals["body_line_deg"][: len(gone) // 2] = np.nan
    trace = dataclasses.replace(done.trace, signals=signals)
    names, values = read_mot(written(tmp_path, "mot", done.record, trace))
    assert np.isfinite(values).all()
    assert "body_line_deg" not in names
    assert not ((values[:, 0] > 3.1) & (values[:, 0] < 3.4)).any()
    assert values[-1, 0] == pytest.approx(times_s(trace)[-1], abs=0.1)


# C3D


def test_c3d_reads_back_equal(tmp_path, done):
    file = ezc3d.c3d(str(written(tmp_path, "c3d", done.record, done.trace)))
    point = file["parameters"]["POINT"]
    assert point["LABELS"]["value"] == list(MARKERS)
    assert (point["UNITS"]["value"], point["RATE"]["value"][0]) == (["mm"], pytest.approx(rate_hz(done.trace)))
    got = file["data"]["points"][:3].transpose(2, 1, 0)
    wanted = markers_m(done.trace, "x") * 1000
    assert got.shape == wanted.shape
    seen = np.isfinite(wanted).all(axis=2)
    assert got[seen] == pytest.approx(wanted[seen], abs=0.01)
    assert (file["data"]["meta_points"]["residuals"][0].T[~seen] < 0).all()
    events = file["parameters"]["EVENT"]
    assert events["LABELS"]["value"] == ["Start", "Turn", "End"] * done.record.rep_count
    minutes, seconds = events["TIMES"]["value"]
    turns = [rep.turn_s - done.trace.t_s[0] for rep in done.record.reps]
    assert (minutes * 60 + seconds)[1::3] == pytest.approx(turns, abs=1e-3)


# FHIR


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("record", "exercise"), [(squat_record(), SQUAT), (plank_record(), PLANK), (nobody_record(), SQUAT)]
)
def test_the_bundle_is_valid_and_says_only_what_was_judged(tmp_path, record, exercise, language):
    path = written(tmp_path, "fhir", record, None, exercise, language=language, subject="Patient/12", day="2026-11-24")
    bundle = Bundle.model_validate_json(path.read_text(encoding="utf-8"))
    found = {entry.resource.code.coding[0].code: entry.resource for entry in bundle.entry}
    assert len(found) == len(bundle.entry)
    assert all(each.status == "preliminary" and each.note and each.method.text for each in found.values())
    assert all(each.subject.reference == "Patient/12" for each in found.values())
    judged = {v.rule for unit in (*record.reps, *record.holds) for v in unit.verdicts if v.outcome != "not_assessed"}
    for rule in exercise.rules:
        observation = found[f"rule.{rule.id}"]
        assert (observation.dataAbsentReason is None) == (rule.id in judged)
        assert (observation.component is None) == (rule.id not in judged)


def test_the_numbers_of_the_bundle_are_those_of_the_record(tmp_path):
    record = squat_record()
    data = json.loads(written(tmp_path, "fhir", record).read_text(encoding="utf-8"))
    found = {entry["resource"]["code"]["coding"][0]["code"]: entry["resource"] for entry in data["entry"]}
    assert found["rep_count"]["valueInteger"] == 8
    assert found["mean.knee_flexion_peak_deg"]["valueQuantity"] == {
        "value": 87.3,
        "unit": "°",
        "system": "http://unitsofmeasure.org",
        "code": "deg",
    }
    counts = [part["valueInteger"] for part in found["rule.depth"]["component"]]
    assert counts == [8, 1, 1]  # judged, points (the seventh), hints (the third)
    assert "subject" not in found["rep_count"]
    again = written(tmp_path, "fhir", record).read_text(encoding="utf-8")
    assert json.loads(again) == data


@pytest.mark.parametrize("bad", [{"day": "24/11/2026"}, {"day": "soon"}])
def test_what_fhir_refuses_is_said_in_words(tmp_path, bad):
    with pytest.raises(UsageError) as raised:
        written(tmp_path, "fhir", squat_record(), **bad)
    assert raised.value.code == "fhir_value"
    assert list(tmp_path.iterdir()) == []


# Tables


def test_json_and_npz_read_back_equal(tmp_path, done):
    path = written(tmp_path, "json", done.record)
    assert SetRecord.model_validate_json(path.read_text(encoding="utf-8")) == done.record
    trace = read_landmarks(written(tmp_path, "npz", done.record, done.trace))
    assert np.array_equal(trace.image_px, done.trace.image_px, equal_nan=True)
    assert np.array_equal(trace.world_m, done.trace.world_m, equal_nan=True)
    with np.load(tmp_path / "set.npz") as arrays:
        assert arrays["main_angle_deg"] == pytest.approx(done.trace.signals["main_angle_deg"], nan_ok=True)


def test_csv_has_a_line_for_each_repetition_and_an_empty_cell_for_what_was_not_measured(tmp_path):
    record = squat_record()
    with written(tmp_path, "csv", record).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["kind"] for row in rows] == ["repetition"] * 4 + ["small"] + ["repetition"] * 4
    for row, rep in zip(rows, record.reps, strict=True):
        assert float(row["knee_flexion_peak_deg"]) == rep.measures["knee_flexion_peak_deg"]
        assert float(row["turn_s"]) == rep.turn_s
        assert row["knees_in.outcome"] == "not_assessed"
        assert row["knees_in.reason"] == "wrong_view"
        assert row["knees_in.value"] == ""
    assert rows[1]["concentric_s"] == ""
    assert (rows[6]["depth.outcome"], rows[6]["depth.severity"], rows[6]["depth.value"]) == ("fault", "2", "66.0")
    with written(tmp_path, "csv", plank_record(), exercise=PLANK).open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["kind"], row["in_form_s"], row["hips_low.outcome"]) == ("hold", "22.0", "fault")


def test_corrections_change_the_numbers_and_the_review_holds_both(tmp_path):
    at = datetime(2026, 11, 24, tzinfo=UTC)
    corrections = [
        Correction(by="Anna", at=at, kind="fault_wrong", rule="depth", rep=7),
        Correction(by="Anna", at=at, kind="ok_right", rule="depth", rep=1),
        Correction(by="Anna", at=at, kind="remove_repetition", rep=9),
    ]
    record = squat_record()
    data = json.loads(written(tmp_path, "review", record, corrections=corrections).read_text(encoding="utf-8"))
    assert SetRecord.model_validate(data["original"]) == record
    assert SetRecord.model_validate(data["corrected"]).rep_count == 7
    assert data["agreement"] == {"depth": {"agreed": 1, "marked": 2, "kappa": 0.0}}
    assert [entry["by"] for entry in data["corrections"]] == ["Anna"] * 3
    corrected = json.loads(written(tmp_path, "json", record, corrections=corrections).read_text(encoding="utf-8"))
    assert corrected == data["corrected"]


# What cannot be written


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if each.needs_trace])
def test_what_needs_the_landmarks_says_so(tmp_path, name):
    with pytest.raises(UsageError) as raised:
        written(tmp_path, name, squat_record())
    assert raised.value.code == "trace_needed"


@pytest.mark.parametrize("name", ["trc", "c3d"])
def test_landmarks_without_metres_make_no_marker_file(tmp_path, name):
    with pytest.raises(OutputError) as raised:
        written(tmp_path, name, squat_record(), squat_trace())
    assert raised.value.code == "output_no_world"
    assert list(tmp_path.iterdir()) == []


def test_without_an_angle_there_is_no_motion_file(tmp_path):
    trace = plank_trace()
    trace.signals["main_angle_deg"][:] = np.nan
    with pytest.raises(OutputError) as raised:
        written(tmp_path, "mot", plank_record(), trace, PLANK)
    assert raised.value.code == "output_nothing"


@pytest.mark.parametrize(("name", "package"), [("c3d", "ezc3d"), ("fhir", "fhir.resources")])
def test_a_library_that_is_missing_is_named_with_the_line_that_installs_it(tmp_path, monkeypatch, done, name, package):
    monkeypatch.setattr("formcheck.exports.importlib.import_module", _without_library(package))
    with pytest.raises(OutputError) as raised:
        written(tmp_path, name, done.record, done.trace)
    assert raised.value.code == "interop_missing"
    assert str(raised.value).endswith(f"pip install {package}")


def _without_library(package: str):
    real = importlib.import_module

    def load(name: str):
        if name.startswith(package):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name)

    return load


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if not each.needs_trace])
def test_a_set_of_nothing_can_be_written(tmp_path, name):
    assert written(tmp_path, name, nobody_record()).stat().st_size > 0
