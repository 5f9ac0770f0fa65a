"""One set, one record: live or uploaded, replayed from its trace, later in time, or with the picture mirrored."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.exercises import load, names
from formcheck.frames import FrameResult
from formcheck.synthetic import (
    LungeRep,
    PlankSegment,
    SidePlankSegment,
    SquatRep,
    StanceHold,
    WallSitSegment,
    mirrored,
    shifted,
)
from formcheck.traces import poses_from_trace, read_landmarks, write_trace
from tests.judging import (
    CLEAN,
    FAULTY,
    VIEW_AZIMUTHS,
    differences,
    judged,
    made,
    mirrored_record,
    moved_in_time,
    prescription,
    record_of,
)

SETS = {
    "squat": [SquatRep(), SquatRep(lean_deg=70), SquatRep(depth_deg=60, knee_ankle_ratio=0.6)],
    "lunge": [LungeRep(), LungeRep(side="right", lean_deg=38), LungeRep(knee_medial_ratio=0.25)],
    "plank": [PlankSegment(4), PlankSegment(3, sag_deg=22), PlankSegment(4), PlankSegment(3, sag_deg=-48)],
    "single_leg_stance": [StanceHold(4), StanceHold(5, support="right", lean_deg=14), StanceHold(6, topple_deg=28)],
    "tandem_stance": [StanceHold(4, "tandem"), StanceHold(4, "tandem", "right")],
    "feet_together": [StanceHold(4, "together"), StanceHold(4, "together", lean_deg=14)],
    "side_plank": [SidePlankSegment(5), SidePlankSegment(4, hips_deg=-20), SidePlankSegment(4)],
    "wall_sit": [WallSitSegment(5), WallSitSegment(4, depth_deg=60), WallSitSegment(4, lean_deg=24)],
}
OTHERS = [name for name in names() if name not in SETS and load(name).movement.kind == "rep_cycle"]
SETS |= {name: [CLEAN[name], next(iter(FAULTY[name].values())).part, CLEAN[name]] for name in OTHERS}
DISTURBED = {"noise_px": 1.0, "drift_px": 1.0, "jitter_share": 0.3, "seed": 8, "gaps_s": ((4.0, 4.3),)}
CASES = [("squat", 90), ("squat", 10), ("squat", -50), ("lunge", 90), ("lunge", 0), ("plank", 90), ("plank", -90)]
CASES += [("single_leg_stance", 0), ("single_leg_stance", 170), ("tandem_stance", 0), ("feet_together", 0)]
CASES += [("side_plank", 8), ("wall_sit", 90), ("wall_sit", -90)]
CASES += [(name, VIEW_AZIMUTHS[view]) for name in OTHERS for view in load(name).views]


def same(a: FrameResult, b: FrameResult) -> bool:
    return repr(a) == repr(b)


@pytest.mark.parametrize(("exercise", "azimuth_deg"), CASES)
def test_replaying_the_saved_trace_gives_the_identical_record(exercise, azimuth_deg, tmp_path):
    target = prescription(exercise)
    live: list[FrameResult] = []
    result = judged(
        made(exercise, SETS[exercise], azimuth_deg, **DISTURBED).poses,
        exercise,
        prescription=target,
        on_frame=live.append,
    )
    assert result.record.reps or result.record.holds
    write_trace(result.trace, tmp_path / "set.npz")
    for trace in (result.trace, read_landmarks(tmp_path / "set.npz")):
        again: list[FrameResult] = []
        replayed = judged(poses_from_trace(trace), exercise, prescription=target, on_frame=again.append)
        assert replayed.record == result.record
        assert replayed.record.model_dump_json() == result.record.model_dump_json()
        assert all(same(a, b) for a, b in zip(live, again, strict=True))


@pytest.mark.parametrize(("exercise", "azimuth_deg"), CASES)
@pytest.mark.parametrize("by_s", [1000.0, -3.25])
def test_a_later_start_moves_the_times_and_nothing_else(exercise, azimuth_deg, by_s):
    poses = made(exercise, SETS[exercise], azimuth_deg, **DISTURBED).poses
    record = record_of(poses, exercise, prescription=prescription(exercise))
    later = record_of(shifted(poses, by_s), exercise, prescription=prescription(exercise))
    assert differences(moved_in_time(record.model_dump(), by_s), later.model_dump(), tolerance=0.0021) == []


@pytest.mark.parametrize(("exercise", "azimuth_deg"), CASES)
def test_the_mirrored_picture_gives_the_mirrored_record(exercise, azimuth_deg):
    poses = made(exercise, SETS[exercise], azimuth_deg, **DISTURBED).poses
    record = record_of(poses, exercise, prescription=prescription(exercise))
    other = record_of(mirrored(poses), exercise, prescription=prescription(exercise))
    assert differences(mirrored_record(record), other.model_dump(), tolerance=0.02) == []


@pytest.mark.parametrize(("exercise", "azimuth_deg"), CASES)
def test_what_was_shown_live_is_what_the_record_says(exercise, azimuth_deg):
    shown: list[FrameResult] = []
    record = judged(
        made(exercise, SETS[exercise], azimuth_deg, **DISTURBED).poses, exercise, on_frame=shown.append
    ).record
    assert (shown[-1].rep_count, shown[-1].partial_count) == (record.rep_count, record.partial_count)
    assert (shown[-1].hold_s, shown[-1].in_form_s) == pytest.approx((record.hold_s, record.in_form_s), abs=0.35)
    counts = [result.rep_count for result in shown]
    assert counts == sorted(counts), "the count went down while the person watched"
    clocks = [result.hold_s for result in shown]
    assert clocks == sorted(clocks)


@pytest.mark.parametrize(("exercise", "azimuth_deg"), CASES)
def test_the_trace_keeps_the_raw_landmarks_and_a_signal_for_every_frame(exercise, azimuth_deg):
    poses = made(exercise, SETS[exercise], azimuth_deg, **DISTURBED).poses
    trace = judged(poses, exercise).trace
    assert trace.t_s.tolist() == [pose.t_s for pose in poses]
    for name in ("image_px", "world_m", "visibility"):
        assert np.array_equal(getattr(trace, name), np.array([getattr(pose, name) for pose in poses]), equal_nan=True)
    for name, signal in trace.signals.items():
        assert signal.shape == (len(poses),), name
        assert np.isnan(signal[[not pose.seen for pose in poses]]).all() or len(poses) == 0, name
    assert len(trace.phase) == len(trace.rep) == len(poses)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("azimuth_deg", [90, -90])
def test_the_knee_in_the_trace_is_the_true_one_on_the_side_that_is_seen(azimuth_deg, side):
    set_ = made("squat", [CLEAN["squat"]] * 2, azimuth_deg, noise_px=1.0)
    near = "left" if azimuth_deg > 0 else "right"
    measured = judged(set_.poses, "squat").trace.signals[f"knee_flexion_{side}_deg"]
    true = set_.knee_flexion_deg[:, 0 if side == "left" else 1]
    if side == near:
        assert np.nanmean(np.abs(measured - true)) < 2.5
        assert abs(np.nanmax(measured) - true.max()) < 4
    else:
        assert np.isnan(measured).all() or np.nanmean(np.abs(measured - true)) < 12


def test_clocks_of_a_hold_stop_and_start_where_the_form_breaks_and_is_back():
    set_ = made("plank", [PlankSegment(6), PlankSegment(5, sag_deg=24), PlankSegment(5)])
    record = record_of(set_.poses, "plank")
    (hold,) = record.holds
    assert (hold.start_s, hold.end_s) == pytest.approx((0, 16), abs=0.15)
    broken_s = hold.end_s - hold.start_s - hold.in_form_s
    assert 4.2 < broken_s < 5.4
    assert record.longest_in_form_s == pytest.approx(6.4, abs=0.6)
    (fault,) = record.faults
    assert (fault.rule, fault.severity) == ("hips_low", 2)
    assert (fault.start_s, fault.end_s) == pytest.approx((6.4, 11.3), abs=0.6)
    assert fault.value == pytest.approx(-24, abs=3)
