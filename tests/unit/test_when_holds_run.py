"""When the clock of a hold starts and stops: within a second of the truth, live and in the record.

Made people lie on the floor before and after, drift, sag and kneel up. The truth is scripted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.model.frames import FrameResult, Pose
from formcheck.model.skeleton import INDEX
from formcheck.synthetic import (
    PLANK_CAMERA,
    Camera,
    PlankSegment,
    PushUpRep,
    Recording,
    RepetitionTempo,
    Script,
    SidePlankSegment,
    film,
)
from formcheck.synthetic.body import SIDE_SIGN, Arms, Body, Posture
from formcheck.synthetic.plank import plank_script
from formcheck.synthetic.side_plank import side_plank_script
from formcheck.synthetic.tracks import BLEND_S, smooth
from tests.synthetic_cases import CLEAN, judged, made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.records import SetRecord

WITHIN_S = 1.0
NOISE = Recording(fps=15.0, noise_px=1.0, drift_px=1.0)
LIES = PlankSegment(5, sag_deg=42.0, knee_deg=20.0)
"""On the forearms with hips and thighs on the floor: the hip joint at 0.08 m, the knee at 0.05 m."""
LIES_ON_THE_SIDE = SidePlankSegment(4, hips_deg=-38.0)
"""On the lower hip; the clearance reads 0.12 to 0.13, as of two real people who lay on their side."""
BLEND_OVER_S = 1.2
Span = tuple[float, float]


def camera(azimuth_deg: float = 90.0) -> Camera:
    return replace(PLANK_CAMERA, azimuth_deg=azimuth_deg)


def plank(*segments: PlankSegment) -> Script:
    return plank_script(segments, Body())[0]


def kneeling(seconds: float) -> Script:
    """A person who kneels upright, arms down."""
    body = Body()

    def landmarks_m(t_s: np.ndarray) -> np.ndarray:
        knee = np.zeros((len(t_s), 2, 3))
        knee[..., 0], knee[..., 1], knee[..., 2] = SIDE_SIGN * body.hip_width_m / 2, 0.05, -0.4
        hip, ankle = (knee + np.array(to) for to in ((0.0, body.thigh_m, 0.0), (0.0, 0.02, -body.shank_m)))
        return Posture(hip, knee, ankle, np.zeros(len(t_s)), foot_pitch_deg=120.0, arms=Arms()).landmarks_m(body)

    return Script(seconds, landmarks_m)


def one_after_the_other(*scripts: Script) -> Script:
    """Return scripts one after the other; each landmark moves from the end of one to the next in ``BLEND_OVER_S``."""
    starts = np.cumsum([0.0, *(script.duration_s for script in scripts)])

    def landmarks_m(t_s: np.ndarray) -> np.ndarray:
        out = scripts[0].landmarks_m(np.minimum(t_s, starts[1]))
        for script, start in zip(scripts[1:], starts[1:]):
            share = smooth((t_s - start) / BLEND_OVER_S)[:, None, None]
            out = (1 - share) * out + share * script.landmarks_m(np.clip(t_s - start, 0.0, script.duration_s))
        return out

    return Script(float(starts[-1]), landmarks_m)


def shoulders_drift_apart(poses: Sequence[Pose], torsos: float) -> list[Pose]:
    """Move the far shoulder further and further from the near one, as a model sees it while the head sinks."""
    out, last_s = [], poses[-1].t_s
    for pose in poses:
        points = pose.image_px.copy()
        near, far, hip = (points[INDEX[name]] for name in ("left_shoulder", "right_shoulder", "left_hip"))
        points[INDEX["right_shoulder"]] = far + (far - near) / np.hypot(*(far - near)) * (
            torsos * np.hypot(*(near - hip)) * pose.t_s / last_s
        )
        out.append(replace(pose, image_px=points))
    return out


def live_spans(frames: Sequence[FrameResult]) -> list[Span]:
    """Return when each hold began and ended as the clock showed it."""
    spans: list[Span] = []
    before_s = start_s = end_s = shown_s = 0.0
    running = False
    for frame in frames:
        if frame.phase == "hold" and not running:
            running, start_s = True, frame.t_s - (frame.hold_s - before_s)
        if running and frame.hold_s > shown_s:
            end_s = frame.t_s
        if running and frame.phase != "hold":
            running, before_s = False, frame.hold_s
            spans.append((start_s, end_s))
        shown_s = frame.hold_s
    return [*spans, (start_s, end_s)] if running else spans


def assert_held(poses: Sequence[Pose], exercise: str, truth: Sequence[Span]) -> SetRecord:
    """Hold live clock and record against the truth; return the record."""
    frames: list[FrameResult] = []
    record = judged(poses, exercise, on_frame=frames.append).record
    recorded = [(hold.start_s, hold.end_s) for hold in record.holds]
    for found in (recorded, live_spans(frames)):
        assert len(found) == len(truth), f"{found} for {truth}"
        assert np.abs(np.subtract(found, truth)).max(initial=0.0) <= WITHIN_S, f"{found} for {truth}"
    return record


def faults(record: SetRecord) -> set[str]:
    return {fault.rule for fault in record.faults}


@pytest.mark.parametrize("azimuth_deg", [90.0, 60.0, 110.0, -90.0])
def test_a_plank_begins_as_hips_and_thighs_are_lifted_and_ends_as_they_come_down(azimuth_deg: float):
    script = plank(LIES, PlankSegment(15), replace(LIES, for_s=6))
    record = assert_held(film(script, camera(azimuth_deg), NOISE), "plank", [(5 + BLEND_S / 2, 20 + BLEND_S / 2)])
    assert not faults(record), "nobody is blamed for lying on the floor"


def test_somebody_who_only_lies_on_the_forearms_holds_no_plank():
    assert_held(film(plank(replace(LIES, for_s=12)), camera(), NOISE), "plank", [])


@pytest.mark.parametrize(
    ("segment", "rule"),
    [(PlankSegment(6, sag_deg=20.0), "hips_low"), (PlankSegment(6, sag_deg=-48.0), "hips_high")],
)
def test_hips_that_sag_or_rise_within_the_hold_are_a_fault_and_no_end(segment: PlankSegment, rule: str):
    script = plank(LIES, PlankSegment(8), segment, PlankSegment(4), replace(LIES, for_s=6))
    record = assert_held(film(script, camera(), NOISE), "plank", [(5 + BLEND_S / 2, 23 + BLEND_S / 2)])
    assert faults(record) == {rule}


def test_a_plank_goes_on_while_the_body_drifts_over_the_elbows():
    drift = [PlankSegment(2, elbow_deg=-1.0 * step) for step in range(11)]  # 0.1 of a trunk in 20 s
    script = plank(LIES, *drift, replace(LIES, for_s=6))
    assert_held(film(script, camera(), NOISE), "plank", [(5 + BLEND_S / 2, 27 + BLEND_S / 2)])


def test_a_plank_goes_on_while_the_shoulders_drift_apart_in_the_picture():
    poses = shoulders_drift_apart(film(plank(PlankSegment(25)), camera(115.0), NOISE), 0.15)
    assert_held(poses, "plank", [(0.0, 25.0)])


def test_a_plank_begins_before_the_shoulders_have_found_their_place():
    settling = [PlankSegment(1, elbow_deg=angle) for angle in (45.0, 34.0, 23.0, 12.0)]
    script = plank(replace(LIES, elbow_deg=45.0), *settling, PlankSegment(10))
    assert_held(film(script, camera(), NOISE), "plank", [(5 + BLEND_S / 2, 19.0)])


def test_push_ups_are_no_plank_and_the_arms_held_straight_before_and_after_them_are():
    held = PushUpRep(down=0.0, tempo=RepetitionTempo(4.0, 4.0, 1.0, 0.0))
    set_ = made("push_up", [held, *[PushUpRep()] * 4, held], fps=15.0, noise_px=1.0)
    first, last = set_.truth[1], set_.truth[-2]
    record = assert_held(set_.poses, "plank", [(0.0, first.start_s), (last.end_s, set_.poses[-1].t_s)])
    assert not faults(record)


def test_a_plank_ends_as_the_person_kneels_up_and_another_begins_after_it():
    script = one_after_the_other(plank(PlankSegment(10)), kneeling(5), plank(PlankSegment(10)))
    assert_held(film(script, camera(), NOISE), "plank", [(0.0, 10 + BLEND_OVER_S / 2), (15 + BLEND_OVER_S / 2, 25.0)])


def test_each_plank_is_seen_from_the_side_that_was_nearer_then():
    there = film(plank(PlankSegment(8)), camera(90.0), NOISE)
    back = film(plank(PlankSegment(6, sag_deg=20.0)), camera(-90.0), NOISE)
    gap = [Pose.nobody(8.5 + i / 15, there[0].size_px) for i in range(45)]
    poses = [*there, *gap, *(replace(pose, t_s=pose.t_s + 12) for pose in back)]
    record = assert_held(poses, "plank", [(0.0, 8.0), (12.0, 18.0)])
    assert [hold.side for hold in record.holds] == ["left", "right"]
    assert [fault.rep for fault in record.faults] == [2]


@pytest.mark.parametrize("exercise", ["wall_sit", "incline_plank"])
def test_a_person_who_turns_round_between_two_holds_is_seen_from_each_side(exercise: str):
    there = made(exercise, [CLEAN[exercise]], 90.0, fps=15.0, noise_px=1.0).poses
    back = made(exercise, [CLEAN[exercise]], -90.0, fps=15.0, noise_px=1.0).poses
    gap = [Pose.nobody(6.5 + i / 15, there[0].size_px) for i in range(45)]
    poses = [*there, *gap, *(replace(pose, t_s=pose.t_s + 10) for pose in back)]
    record = assert_held(poses, exercise, [(0.0, 6.0), (10.0, 16.0)])
    assert not faults(record)


@pytest.mark.parametrize("support", ["left", "right"])
def test_a_side_plank_begins_as_the_hips_are_lifted(support: str):
    segments = [LIES_ON_THE_SIDE, SidePlankSegment(12), LIES_ON_THE_SIDE]
    script = side_plank_script([replace(one, support=support) for one in segments], Body())[0]
    record = assert_held(film(script, camera(0.0), NOISE), "side_plank", [(4 + BLEND_S / 2, 16 + BLEND_S / 2)])
    assert not faults(record)
