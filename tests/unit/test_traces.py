"""Landmark files: what goes in comes out bit for bit, and what is no landmark file is refused in words."""

import csv
import dataclasses
import io
import zipfile

import numpy as np
import pytest

from formcheck.errors import OutputError, SourceError
from formcheck.files.traces import FIRST_SIGNALS, poses_from_trace, read_landmarks, read_trace, write_trace
from formcheck.model.frames import Trace
from formcheck.model.records import Event
from formcheck.synthetic import SquatRep, squat_set
from tests.synthetic_cases import judged

N = 5


def arrays(**changes):
    """Return the keys of a good file, changed; None leaves a key out."""
    rng = np.random.default_rng(7)
    good = {
        "t_s": np.arange(N) / 30,
        "image_px": rng.uniform(0, 400, (N, 33, 2)).astype(np.float32),
        "visibility": rng.uniform(0, 1, (N, 33)).astype(np.float32),
        "size_px": np.array([854, 480]),
        "world_m": rng.normal(size=(N, 33, 3)).astype(np.float32),
    }
    good["image_px"][2], good["world_m"][2], good["visibility"][2] = np.nan, np.nan, 0
    return {key: value for key, value in {**good, **changes}.items() if value is not None}


def trace(**signals):
    kept = arrays()
    return Trace(
        kept["t_s"],
        kept["image_px"],
        kept["world_m"],
        kept["visibility"],
        (854, 480),
        signals,
        np.array(["waiting", "rest", "nobody", "descent", "bottom"]),
        np.array([0, 0, 0, 1, 1]),
    )


def test_a_written_trace_is_read_back_bit_for_bit(tmp_path):
    written = trace(knee_flexion_left_deg=np.linspace(0, 90, N))
    write_trace(written, tmp_path / "set.npz")
    read = read_landmarks(tmp_path / "set.npz")
    for name in ("t_s", "image_px", "world_m", "visibility"):
        before, after = getattr(written, name), getattr(read, name)
        assert before.dtype == after.dtype
        assert before.tobytes() == after.tobytes(), name
    assert read.size_px == (854, 480)
    with np.load(tmp_path / "set.npz", allow_pickle=False) as file:
        assert file["knee_flexion_left_deg"].tolist() == written.signals["knee_flexion_left_deg"].tolist()
        assert file["phase"].tolist() == written.phase.tolist()
        assert file["rep"].tolist() == [0, 0, 0, 1, 1]


def test_a_written_trace_comes_back_with_what_was_measured(tmp_path):
    trace = judged(squat_set([SquatRep()] * 2).poses, "squat").trace
    path = tmp_path / "set.npz"
    write_trace(trace, path)
    again = read_trace(path)
    assert set(again.signals) == set(trace.signals)
    assert "main_angle_deg" in again.signals
    for name, values in trace.signals.items():
        assert np.array_equal(again.signals[name], values, equal_nan=True)
    assert list(again.phase) == list(trace.phase)
    assert np.array_equal(again.rep, trace.rep)


def test_what_is_wrong_with_the_video_stays_with_its_landmarks(tmp_path):
    events = (
        Event(kind="picture_turned", start_s=0.1, end_s=1.5),
        Event(kind="file_ended_early", start_s=2.0, end_s=9.0),
    )
    path = tmp_path / "set.npz"
    write_trace(dataclasses.replace(trace(), file_events=events), path)
    assert read_trace(path).file_events == read_landmarks(path).file_events == events
    assert read_trace(path).signals == {}
    write_trace(trace(), path)
    assert read_landmarks(path).file_events == ()


@pytest.mark.parametrize("told", ["", "{}", '[{"kind": "xyzzy", "start_s": 0, "end_s": 1}]'])
def test_what_tells_nothing_of_the_video_is_refused(tmp_path, told):
    np.savez(tmp_path / "a.npz", **arrays(), file_events=np.array(told))
    with pytest.raises(SourceError, match="file_events") as error:
        read_landmarks(tmp_path / "a.npz")
    assert error.value.code == "landmarks_value"


def test_a_signal_of_another_length_is_refused(tmp_path):
    trace = judged(squat_set([SquatRep()]).poses, "squat").trace
    path = tmp_path / "set.npz"
    write_trace(trace, path)
    with np.load(path) as file:
        arrays = dict(file)
    arrays["main_angle_deg"] = arrays["main_angle_deg"][:-1]
    np.savez_compressed(path, **arrays)
    with pytest.raises(SourceError, match="main_angle_deg"):
        read_trace(path)


def test_poses_are_the_frames_in_order(tmp_path):
    np.savez(tmp_path / "a.npz", **arrays())
    poses = list(poses_from_trace(read_landmarks(tmp_path / "a.npz")))
    assert [pose.t_s for pose in poses] == [i / 30 for i in range(N)]
    assert [pose.seen for pose in poses] == [True, True, False, True, True]
    assert poses[3].image_px.shape == (33, 2)
    assert poses[3].size_px == (854, 480)


def test_world_landmarks_may_be_missing_and_other_keys_are_ignored(tmp_path):
    np.savez(tmp_path / "a.npz", **arrays(world_m=None), subject=np.array(["x"], object))
    read = read_landmarks(tmp_path / "a.npz")
    assert np.isnan(read.world_m).all()
    assert read.world_m.shape == (N, 33, 3)


def test_doubles_and_whole_numbers_are_taken(tmp_path):
    np.savez(
        tmp_path / "a.npz",
        **arrays(t_s=np.arange(N), visibility=np.ones((N, 33), int), image_px=arrays()["image_px"].astype(float)),
    )
    read = read_landmarks(tmp_path / "a.npz")
    assert (read.t_s.dtype, read.image_px.dtype, read.visibility.dtype) == (np.float64, np.float32, np.float32)


def test_csv_has_the_promised_columns_and_leaves_empty_what_was_not_measured(tmp_path):
    knee = np.array([1.0, np.nan, np.nan, 45.12345, 90])
    write_trace(trace(shank_inclination=knee, knee_flexion_left_deg=knee), tmp_path / "set.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "set.csv").read_text(encoding="utf-8"))))
    assert list(rows[0]) == ["t_s", *FIRST_SIGNALS, "shank_inclination", "phase", "rep"]
    assert [row["knee_flexion_left_deg"] for row in rows] == ["1.000", "", "", "45.123", "90.000"]
    assert {row["body_line_deg"] for row in rows} == {""}
    assert [row["rep"] for row in rows] == ["", "", "", "1", "1"]
    assert rows[1]["t_s"] == "0.033333"
    assert rows[4]["phase"] == "bottom"


def test_a_trace_in_another_format_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"\.csv or a \.npz"):
        write_trace(trace(), tmp_path / "set.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_trace_may_go_to_a_device():
    write_trace(trace(), "/dev/null")


@pytest.mark.parametrize("key", ["t_s", "image_px", "visibility", "size_px"])
def test_a_missing_key_is_named(tmp_path, key):
    np.savez(tmp_path / "a.npz", **arrays(**{key: None}))
    with pytest.raises(SourceError, match=f"the key {key} is missing") as error:
        read_landmarks(tmp_path / "a.npz")
    assert error.value.code == "landmarks_key"
    assert error.value.params["key"] == key


BAD = {
    "times fall": ("t_s", np.array([0, 0.1, 0.05, 0.2, 0.3]), "after frame 2"),
    "times repeat": ("t_s", np.array([0, 0.1, 0.1, 0.2, 0.3]), "must rise"),
    "time is NaN": ("t_s", np.array([0, 0.1, np.nan, 0.2, 0.3]), "must be a number"),
    "times in a table": ("t_s", np.zeros((N, 1)), r"its shape must be \(T\)"),
    "no frames": ("t_s", np.zeros(0), "no frames"),
    "too few landmarks": ("image_px", np.full((N, 17, 2), 100.0), r"\(5, 33, 2\), it is \(5, 17, 2\)"),
    "another length": ("visibility", np.ones((N - 1, 33)), "its shape"),
    "letters": ("visibility", np.full((N, 33), "x"), "must hold numbers"),
    "complex": ("visibility", np.full((N, 33), 1j), "must hold numbers"),
    "objects": ("image_px", np.full((N, 33, 2), None, object), "something else than numbers"),
    "infinite": ("image_px", np.full((N, 33, 2), np.inf), "infinite"),
    "percent": ("visibility", np.full((N, 33), 80.0), "between 0 and 1"),
    "visibility NaN": ("visibility", np.full((N, 33), np.nan), "between 0 and 1"),
    "no size": ("size_px", np.array([0, 480]), "above 0"),
    "half a pixel": ("size_px", np.array([853.5, 480]), "whole numbers"),
    "three sizes": ("size_px", np.array([854, 480, 3]), "its shape"),
    "flat world": ("world_m", np.zeros((N, 33, 2)), "its shape"),
}


@pytest.mark.parametrize(("key", "value", "sentence"), BAD.values(), ids=BAD)
def test_a_wrong_value_is_refused_and_its_key_named(tmp_path, key, value, sentence):
    np.savez(tmp_path / "a.npz", **arrays(**{key: value}))
    with pytest.raises(SourceError, match=sentence) as error:
        read_landmarks(tmp_path / "a.npz")
    assert error.value.code == "landmarks_value"
    assert error.value.params["key"] == key


def test_shares_of_the_picture_are_refused(tmp_path):
    shares = arrays()["image_px"] / np.array([854, 480], np.float32)
    np.savez(tmp_path / "a.npz", **arrays(image_px=shares))
    with pytest.raises(SourceError, match="Multiply x by the picture's width") as error:
        read_landmarks(tmp_path / "a.npz")
    assert error.value.code == "landmarks_normalised"


def test_nobody_in_any_frame_is_no_error(tmp_path):
    np.savez(tmp_path / "a.npz", **arrays(image_px=np.full((N, 33, 2), np.nan), visibility=np.zeros((N, 33))))
    assert not any(pose.seen for pose in poses_from_trace(read_landmarks(tmp_path / "a.npz")))


def code_of(path):
    with pytest.raises(SourceError) as error:
        read_landmarks(path)
    assert str(path) in str(error.value)
    return error.value.code


def test_what_is_no_landmark_file(tmp_path):
    (tmp_path / "text.npz").write_text("t_s,1,2,3")
    (tmp_path / "empty.npz").touch()
    np.save(tmp_path / "one.npy", np.zeros(3))
    with zipfile.ZipFile(tmp_path / "other.npz", "w") as file:
        file.writestr("readme.txt", "hello")
    assert code_of(tmp_path / "absent.npz") == "source_missing"
    assert code_of(tmp_path) == "source_is_folder"
    assert code_of(tmp_path / "text.npz") == "landmarks_file"
    assert code_of(tmp_path / "empty.npz") == "landmarks_file"
    assert code_of(tmp_path / "one.npy") == "landmarks_file"
    assert code_of(tmp_path / "other.npz") == "landmarks_key"


def test_a_damaged_file_names_what_cannot_be_read(tmp_path):
    np.savez(tmp_path / "a.npz", **arrays())
    data = bytearray((tmp_path / "a.npz").read_bytes())
    at = data.index(arrays()["image_px"].tobytes()[:64])
    data[at : at + 64] = bytes(64)
    (tmp_path / "a.npz").write_bytes(data)
    assert code_of(tmp_path / "a.npz") == "landmarks_value"
    (tmp_path / "cut.npz").write_bytes(data[: len(data) // 2])
    assert code_of(tmp_path / "cut.npz") == "landmarks_file"
