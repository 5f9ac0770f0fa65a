"""The clock that a person saw is the one that is kept, at every picture rate and where pictures are missing at the start."""

from __future__ import annotations

import pytest

from formcheck.engine.analyzer import Analyzer
from formcheck.exercises import load
from formcheck.model.frames import Pose
from formcheck.model.records import Source
from formcheck.synthetic import PLANK_CAMERA, PlankSegment, Recording, plank_set
from tests.synthetic_cases import CLEAN, judged, made


@pytest.mark.parametrize(("fps", "missing_s"), [(12.5, 0.8), (14.3, 0.0), (29.5, 0.4), (29.5, 0.0)])
def test_the_live_clock_and_the_record_agree(fps: float, missing_s: float):
    held = [
        pose
        for pose in plank_set([PlankSegment(12)], PLANK_CAMERA, Recording(fps=fps, noise_px=0.5)).poses
        if 3.0 <= pose.t_s <= 11.0
    ]
    first_s = held[0].t_s
    poses = [
        Pose(pose.t_s - first_s, pose.image_px, pose.world_m, pose.visibility, pose.size_px)
        for pose in held
        if pose.t_s == first_s or pose.t_s - first_s >= missing_s
    ]
    analyzer = Analyzer(load("plank"))
    for pose in poses:
        shown = analyzer.update(pose)
    source = Source(name="synthetic", width=640, height=480, duration_s=poses[-1].t_s, kind="landmarks")
    record, _ = analyzer.finish(source, {})
    assert shown.phase == "hold"
    assert shown.hold_s > 7
    assert record.hold_s == pytest.approx(shown.hold_s, abs=0.5 / fps)


CAMERA_AZIMUTHS = {
    "single_leg_stance": 0.0,
    "tandem_stance": 0.0,
    "feet_together": 0.0,
    "side_plank": 0.0,
    "wall_sit": 90.0,
}


RATES = (12.5, 15.0, 29.5, 60.0)


@pytest.mark.parametrize(
    ("exercise", "fps", "missing_s"),
    [(name, RATES[(i + 2 * j) % 4], (0.0, 0.6)[j]) for i, name in enumerate(CAMERA_AZIMUTHS) for j in (0, 1)],
)
def test_the_live_clock_and_the_record_agree_on_what_was_scripted(exercise: str, fps: float, missing_s: float):
    """At every picture rate; ``missing_s``: no pictures at the start."""
    set_ = made(exercise, [CLEAN[exercise]], CAMERA_AZIMUTHS[exercise], fps=fps, noise_px=0.5)
    shown = []
    record = judged([pose for pose in set_.poses if pose.t_s >= missing_s], exercise, on_frame=shown.append).record
    (hold,), (true,) = record.holds, set_.truth
    assert shown[-1].hold_s == pytest.approx(record.hold_s, abs=0.15 + 0.5 / fps)
    assert (hold.start_s, hold.end_s) == pytest.approx((max(true.start_s, missing_s), true.end_s), abs=0.25)
