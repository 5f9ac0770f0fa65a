"""What is measured, judged and counted stays as it was: records of fixed inputs against stored ones.

The inputs are made sets of every exercise, clean and with each fault of ``tests/synthetic_cases.py``, and the landmarks that
MediaPipe (``full``, VIDEO mode) found in the sample videos. The stored records are an earlier output of formcheck, no truth:
``test_samples.py`` and the contracts say what is right. This test says that a change which should alter nothing alters nothing.

A change that alters a record on purpose renews the stored ones, and its message says which and why::

    python -m tests.regression.test_records_stay                 prints what differs, then stores the records of now
    python -m tests.regression.test_records_stay --landmarks     first looks at the sample videos again (minutes)

``data/records.json.gz``: the name of each case and its ``summary``. ``data/sample_landmarks.npz``: for each sample NAME,
``NAME_t_s`` (T,) in s, ``NAME_size_px`` (2,), and as steps from frame to frame ``NAME_image_px20`` (T, 33, 2) in 1/20 pixel,
``NAME_world_mm`` (T, 33, 3) and ``NAME_visibility100`` (T, 33) in hundredths. Visibility 0 everywhere: nobody was seen.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from formcheck.exercises import load
from formcheck.files.samples import samples
from formcheck.model.frames import FrameResult, Pose
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import another_person
from tests.synthetic_cases import CLEAN, ENDED, FAULTY, SETS, VIEW_AZIMUTHS, judged, made, prescription

if TYPE_CHECKING:
    from formcheck.model.records import SetRecord

DATA = Path(__file__).parent / "data"
RECORDS, LANDMARKS = DATA / "records.json.gz", DATA / "sample_landmarks.npz"
NOISE_PX = 0.7
"""Landmark noise of the made sets: without it, the last bit of a number would decide where a flat stretch is deepest."""
BAD_NOISE_PX = 3.0
LOWER_PX = 20.0
"""So far below the edge of the picture are the feet that leave it."""
ANKLES_AND_FEET = slice(27, 33)
FAULTS_IN_A_SET = 5
ENDED_HOLD_S = 5.0
FROM_ELSEWHERE_DEG = {"side": -80.0, "front": 10.0, "oblique": -40.0}
"""Where the camera stands for one more clean set of each view: at the other side, and off the middle of the view."""
ASKED_DEPTH_DEG = 90.0
"""The knee flexion that is asked for in the sample videos, where the exercise has such a target."""
TOLERANCES = {"_s": 0.05, "_deg": 0.2, "_px": 0.5}
OTHER_TOLERANCE = 0.01
"""How far a number may lie from the stored one on another processor, by the ending of its name; others are ratios or counts."""
COLUMNS = {"image_px20": ("image_px", 20), "world_mm": ("world_m", 1000), "visibility100": ("visibility", 100)}
SHOWN_DIFFERENCES = 30

Case = tuple[Sequence[Pose], Prescription | None]
Summary = dict[str, Any]


# What is compared


def summary(record: SetRecord, frames: Sequence[FrameResult] = ()) -> Summary:
    """Return what a record and the live results of its set say, as plain data whose names are this test's own.

    Parameters
    ----------
    record : SetRecord
    frames : sequence of FrameResult
        What ``run_set`` gave ``on_frame``; empty when nobody listened.

    Returns
    -------
    dict
        Lists, dicts, strings, numbers, booleans and None. A name that ends in ``_s``, ``_deg`` or ``_px`` holds that unit. NaN,
        not measured, is None.
    """
    return _plain(
        {
            "exercise": record.exercise,
            "view": record.view.label,
            "direction": record.view.direction,
            "near_side": record.view.near_side,
            "azimuth_deg": record.view.azimuth_deg,
            "calibration": record.view.calibration.model_dump(),
            "frames": record.quality.frames,
            "person_share": record.quality.person_share,
            "assessable_share": record.quality.assessable_share,
            "frames_per_s": record.quality.frames_per_s,
            "person_height_share": record.setup.person_height_share,
            "counted": record.rep_count,
            "small": record.partial_count,
            "hold_s": record.hold_s,
            "in_form_s": record.in_form_s,
            "longest_in_form_s": record.longest_in_form_s,
            "repetitions": [
                {
                    "index": rep.index,
                    "counted": rep.counted,
                    "side": rep.side,
                    "near_side": rep.near_side,
                    "start_s": rep.start_s,
                    "turn_s": rep.turn_s,
                    "end_s": rep.end_s,
                }
                | _judged(rep)
                for rep in record.reps
            ],
            "holds": [
                {
                    "index": hold.index,
                    "side": hold.side,
                    "start_s": hold.start_s,
                    "end_s": hold.end_s,
                    "in_form_s": hold.in_form_s,
                    "longest_in_form_s": hold.longest_in_form_s,
                    "ended": hold.ended,
                }
                | _judged(hold)
                for hold in record.holds
            ],
            "faults": [[fault.rule, fault.rep] for fault in record.faults],
            "not_assessed": [[told.rule, told.reason, told.reps] for told in record.not_assessed],
            "statistics": {name: [each.mean, each.sd, each.drift] for name, each in record.statistics.items()},
            "events": [{"kind": event.kind, "start_s": event.start_s, "end_s": event.end_s} for event in record.events],
            "live": _live(frames),
        }
    )


def _judged(part: Any) -> Summary:
    """Return the measures, verdicts and faults of a repetition or hold."""
    return {
        "measures": part.measures,
        "verdicts": {
            verdict.rule: {
                "outcome": verdict.outcome,
                "reason": verdict.reason,
                f"value_{verdict.unit}": verdict.value,
                f"limit_{verdict.unit}": verdict.limit,
            }
            for verdict in part.verdicts
        },
        "faults": [
            {
                "rule": fault.rule,
                "severity": fault.severity,
                "repetition": fault.rep,
                "side": fault.side,
                f"value_{fault.unit}": fault.value,
                f"limit_{fault.unit}": fault.limit,
                f"uncertainty_{fault.unit}": fault.uncertainty,
                "borderline": fault.borderline,
                "start_s": fault.start_s,
                "end_s": fault.end_s,
                "worst_s": fault.worst_s,
            }
            for fault in part.faults
        ],
    }


def _live(frames: Sequence[FrameResult]) -> Summary:
    """Return what was known while the set ran: each cue with its moment, and where the clocks and counts ended."""
    if not frames:
        return {}
    last = frames[-1]
    return {
        "cues": [{"rule": frame.cue, "at_s": frame.t_s} for frame in frames if frame.cue is not None],
        "counted": last.rep_count,
        "small": last.partial_count,
        "hold_s": last.hold_s,
        "in_form_s": last.in_form_s,
        "phases": list(dict.fromkeys(frame.phase for frame in frames)),
        "view": last.view,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, str)):
        return value
    return None if np.isnan(value) else int(value) if value == int(value) else round(float(value), 3)


def differences(before: Any, now: Any, where: str = "", name: str = "") -> Iterator[str]:
    """Yield a line for everything that is not as it was. ``name``: the nearest name above, whose ending tells the unit."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in [*before, *(key for key in now if key not in before)]:
            path = f"{where}.{key}" if where else key
            if key not in now:
                yield f"{path}: was {before[key]!r:.60}, is gone"
            elif key not in before:
                yield f"{path}: is new, {now[key]!r:.60}"
            else:
                yield from differences(before[key], now[key], path, key)
    elif isinstance(before, list) and isinstance(now, list):
        if len(before) != len(now):
            yield f"{where}: {len(before)} of them were, {len(now)} are"
        for i, (old, new) in enumerate(zip(before, now)):
            yield from differences(old, new, f"{where}[{i}]", name)
    elif not _same(before, now, name):
        yield f"{where}: was {before!r}, is {now!r}"


def _same(before: Any, now: Any, name: str) -> bool:
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in (before, now))
    if not numbers:
        return type(before) is type(now) and before == now
    tolerance = next((value for ending, value in TOLERANCES.items() if name.endswith(ending)), OTHER_TOLERANCE)
    return abs(before - now) <= tolerance + 1e-9


# The inputs


def made_cases(exercise: str) -> Iterator[tuple[str, Case]]:
    """Yield the made sets of an exercise by name: from each of its views, one clean, then the faults that are told from there."""
    asked, faults = prescription(exercise), FAULTY[exercise]
    for view in load(exercise).views:
        told = [rule for rule in faults if faults[rule].view == view]
        groups = [told[i : i + FAULTS_IN_A_SET] for i in range(0, len(told), FAULTS_IN_A_SET)]
        for group in groups or [[]]:
            parts = [CLEAN[exercise], *(faults[rule].part for rule in group)]
            poses = made(exercise, parts, VIEW_AZIMUTHS[view], noise_px=NOISE_PX).poses
            yield f"{exercise}, {view}: {', '.join(['clean', *group])}", (poses, asked)
        poses = made(exercise, [CLEAN[exercise]] * 2, FROM_ELSEWHERE_DEG[view], noise_px=NOISE_PX).poses
        yield f"{exercise}, {view} from elsewhere: clean twice", (poses, None)
    ends = [end for end in ENDED.get(exercise, ()) if not end.in_test]
    if ends:
        parts = [replace(end.part, for_s=ENDED_HOLD_S) for end in ends]
        name = f"{exercise}: ended by {', '.join(end.by for end in ends)}"
        yield name, (made(exercise, parts, VIEW_AZIMUTHS["front"], noise_px=NOISE_PX).poses, None)


def disturbed_cases() -> Iterator[tuple[str, Case]]:
    """Yield squats from the side whose person is lost, another one, with fading feet, cut off at the feet, and seen badly."""
    poses = made("squat", [CLEAN["squat"]] * 4, VIEW_AZIMUTHS["side"], noise_px=NOISE_PX).poses
    lost = [Pose.nobody(pose.t_s, pose.size_px) if 6.0 <= pose.t_s < 9.0 else pose for pose in poses]
    yield "squat: lost for a while", (lost, None)
    yield "squat: somebody else for a while", (another_person(poses, 6.0, 9.0), None)
    fading = np.ones((len(poses), 33), np.float32)
    fading[:, ANKLES_AND_FEET] = np.linspace(1.0, 0.3, len(poses))[:, None]
    faded = [replace(pose, visibility=pose.visibility * share) for pose, share in zip(poses, fading, strict=True)]
    yield "squat: the feet are less and less visible", (faded, prescription("squat"))
    floor_px = max(pose.image_px[:, 1].max() for pose in poses)
    lower = np.float32([0.0, poses[0].size_px[1] - floor_px + LOWER_PX])
    cut = [replace(pose, image_px=pose.image_px + lower) if pose.t_s >= 6.0 else pose for pose in poses]
    yield "squat: the feet leave the picture", (cut, prescription("squat"))
    bad = made("squat", [CLEAN["squat"]] * 4, VIEW_AZIMUTHS["side"], fps=12.0, noise_px=BAD_NOISE_PX).poses
    yield "squat: seen badly", (bad, prescription("squat"))


def sample_case(name: str) -> Iterator[tuple[str, Case]]:
    """Yield a sample video's stored landmarks."""
    exercise = next(sample.exercise for sample in samples() if sample.name == name)
    deep = load(exercise).movement.kind == "rep_cycle"
    asked = Prescription(exercise=exercise, target_depth_deg=ASKED_DEPTH_DEG) if deep else None
    yield f"{exercise}: {name}", (stored_poses(name), asked)


def stored_poses(name: str) -> list[Pose]:
    """Return the poses of a sample video."""
    with np.load(LANDMARKS) as file:
        t_s, size = file[f"{name}_t_s"], file[f"{name}_size_px"]
        columns = {
            column: np.cumsum(file[f"{name}_{key}"], axis=0).astype(np.float32) / np.float32(scale)
            for key, (column, scale) in COLUMNS.items()
        }
    size_px = (int(size[0]), int(size[1]))
    found = [
        Pose(float(at_s), size_px=size_px, **{column: values[i] for column, values in columns.items()})
        for i, at_s in enumerate(t_s)
    ]
    return [pose if pose.seen else Pose.nobody(pose.t_s, size_px) for pose in found]


def groups() -> dict[str, Callable[[], Iterator[tuple[str, Case]]]]:
    """Return the cases by group: one for each exercise, one for each sample video, and the disturbed sets."""
    out = {name: lambda name=name: made_cases(name) for name in SETS}
    out["disturbed"] = disturbed_cases
    return out | {f"{sample.name}.mp4": lambda name=sample.name: sample_case(name) for sample in samples()}


def summaries(group: str) -> dict[str, Summary]:
    """Return the summary of each case of a group by its name; the exercise is the name's first word."""
    out = {}
    for name, (poses, asked) in groups()[group]():
        frames: list[FrameResult] = []
        exercise = name.partition(":")[0].partition(",")[0]
        out[name] = summary(judged(poses, exercise, prescription=asked, on_frame=frames.append).record, frames)
    return out


@cache
def stored() -> dict[str, dict[str, Summary]]:
    """Return the stored summaries by group and case."""
    return json.loads(gzip.decompress(RECORDS.read_bytes()))


@pytest.mark.parametrize("group", groups())
def test_the_records_are_as_they_were(group: str):
    found = list(differences(stored()[group], summaries(group)))
    shown = "\n".join(found[:SHOWN_DIFFERENCES])
    assert not found, f"{len(found)} differences from {RECORDS.name}, the first of them:\n{shown}"


def test_nothing_stored_is_left_over():
    assert set(stored()) == set(groups())


def test_differences_are_told_by_the_unit_of_their_name():
    before = {"a": [{"turn_s": 1.0, "depth_deg": 90.0, "x_ratio": 0.5, "rule": "ok", "unmeasured": None, "said": True}]}
    near = {"a": [{"turn_s": 1.05, "depth_deg": 90.2, "x_ratio": 0.51, "rule": "ok", "unmeasured": None, "said": True}]}
    far = {"a": [{"turn_s": 1.06, "depth_deg": 90.3, "x_ratio": 0.52, "rule": "fault", "unmeasured": 0, "said": 1}]}
    assert not list(differences(before, near))
    assert [line.partition(":")[0] for line in differences(before, far)] == [f"a[0].{key}" for key in before["a"][0]]
    assert list(differences({"a": [1]}, {"a": [1, 2], "b": 1})) == ["a: 1 of them were, 2 are", "b: is new, 1"]


# Renewing what is stored


def _store_landmarks() -> None:
    from formcheck.analysis.run import read_video

    arrays = {}
    for sample in samples():
        poses = read_video(sample.path).poses
        arrays[f"{sample.name}_t_s"] = np.array([pose.t_s for pose in poses])
        arrays[f"{sample.name}_size_px"] = np.array(poses[0].size_px)
        for key, (column, scale) in COLUMNS.items():
            values = np.nan_to_num(np.array([getattr(pose, column) for pose in poses], float))
            steps = np.diff(np.round(values * scale).astype(np.int32), axis=0, prepend=0)
            arrays[f"{sample.name}_{key}"] = steps.astype(np.min_scalar_type(-int(np.abs(steps).max()) - 1))
    np.savez_compressed(LANDMARKS, **arrays)


def _store_records() -> None:
    now = {group: summaries(group) for group in groups()}
    if RECORDS.exists():
        print("\n".join(differences(stored(), now)) or "nothing differs")
    text = json.dumps(now, separators=(",", ":"), sort_keys=True)
    RECORDS.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    if "--landmarks" in sys.argv[1:]:
        _store_landmarks()
    _store_records()
