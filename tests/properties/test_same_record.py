"""One set, one record: live or uploaded, replayed from its trace, or later in time.

With the picture mirrored: see ``tests/contracts/test_exercises.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from formcheck.exercises import load, names
from formcheck.files.traces import poses_from_trace, read_landmarks, write_trace
from formcheck.synthetic import (
    LungeRep,
    PlankSegment,
    SidePlankSegment,
    SquatRep,
    StanceHold,
    WallSitSegment,
    shift_poses,
)
from tests.record_comparison import differences, moved_in_time
from tests.synthetic_cases import CLEAN, FAULTY, VIEW_AZIMUTHS, judged, made, prescription, record_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from formcheck.analysis.run import SetResult
    from formcheck.model.frames import FrameResult, Pose
    from formcheck.model.records import SetRecord

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
DISTURBED = {"fps": 15.0, "noise_px": 1.0, "drift_px": 1.0, "jitter_share": 0.3, "seed": 8, "gaps_s": ((4.0, 4.3),)}
CASES = [("squat", 90), ("squat", 10), ("squat", -50), ("lunge", 90), ("lunge", 0), ("plank", 90), ("plank", -90)]
CASES += [("single_leg_stance", 0), ("single_leg_stance", 170), ("tandem_stance", 0), ("feet_together", 0)]
CASES += [("side_plank", 8), ("wall_sit", 90), ("wall_sit", -90)]
CASES += [(name, VIEW_AZIMUTHS[view]) for name in OTHERS for view in load(name).views]


@dataclass
class Live:
    """A set as it was trained: its poses, what was shown with each, and what was kept."""

    number: int
    exercise: str
    poses: list[Pose]
    shown: list[FrameResult]
    result: SetResult

    def again(self, poses: Iterable[Pose], **options: Any) -> SetRecord:
        """Run other poses under the same prescription, and return their record."""
        return record_of(poses, self.exercise, prescription=prescription(self.exercise), **options)


@pytest.fixture(scope="module", params=range(len(CASES)), ids=[f"{name}-{azimuth:g}" for name, azimuth in CASES])
def live(request: pytest.FixtureRequest) -> Live:
    """Make and run each set once for all that is asked of it."""
    exercise, azimuth_deg = CASES[request.param]
    poses, shown = made(exercise, SETS[exercise], azimuth_deg, **DISTURBED).poses, []
    result = judged(poses, exercise, prescription=prescription(exercise), on_frame=shown.append)
    assert result.record.reps or result.record.holds
    return Live(request.param, exercise, poses, shown, result)


def test_replaying_the_saved_trace_gives_the_identical_record(live: Live, tmp_path: Path):
    write_trace(live.result.trace, tmp_path / "set.npz")
    saved = read_landmarks(tmp_path / "set.npz")
    assert saved.size_px == live.result.trace.size_px
    for name in ("t_s", "image_px", "world_m", "visibility"):
        assert np.array_equal(getattr(saved, name), getattr(live.result.trace, name), equal_nan=True), name
    again: list[FrameResult] = []
    record = live.again(poses_from_trace(saved), on_frame=again.append)
    assert record == live.result.record
    assert record.model_dump_json() == live.result.record.model_dump_json()
    assert list(map(repr, again)) == list(map(repr, live.shown))


def test_a_later_or_earlier_start_moves_the_times_and_nothing_else(live: Live):
    by_s = -3.25 if live.number % 2 else 1000.0
    moved = live.again(shift_poses(live.poses, by_s)).model_dump()
    assert differences(moved_in_time(live.result.record.model_dump(), by_s), moved, tolerance=0.0021) == []


def test_what_was_shown_live_is_what_the_record_says(live: Live):
    shown, record = live.shown, live.result.record
    assert (shown[-1].rep_count, shown[-1].partial_count) == (record.rep_count, record.partial_count)
    assert (shown[-1].hold_s, shown[-1].in_form_s) == pytest.approx((record.hold_s, record.in_form_s), abs=0.35)
    counts = [result.rep_count for result in shown]
    assert counts == sorted(counts), "the count went down while the person watched"
    clocks = [result.hold_s for result in shown]
    assert clocks == sorted(clocks)


def test_the_trace_keeps_the_raw_landmarks_and_a_signal_for_every_frame(live: Live):
    poses, trace = live.poses, live.result.trace
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
