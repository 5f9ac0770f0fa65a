"""The clock that a person saw is the one that is kept, at every picture rate and where pictures are missing at the start."""

from __future__ import annotations

import pytest

from formcheck.engine.analyzer import Analyzer
from formcheck.exercises import load
from formcheck.frames import Pose
from formcheck.records import Source
from formcheck.synthetic import PLANK_CAMERA, PlankSegment, Recording, plank_set


@pytest.mark.parametrize("missing_s", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("fps", [12.5, 14.3, 29.5])
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
