"""Stances: each one is true of its own movement and of none of its neighbours, on bodies made for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.engine.person.calibration import LyingCalibrator
from formcheck.engine.person.on_hands import OnHandsCalibrator
from formcheck.engine.signals.calibration import Calibration
from formcheck.engine.signals.scene import MeasuredScene
from formcheck.engine.tracking.candidates import MovementCandidate
from formcheck.engine.tracking.patterns import STANCES, is_repetition, leading_leg
from formcheck.exercises import load, names
from formcheck.spec.exercise import HeelRise, RepCycle
from formcheck.synthetic import BridgeRep, HeelRep, PushUpRep, bridge_set, heel_raise_set, mirror_poses, push_up_set
from tests.synthetic_cases import CLEAN, VIEW_AZIMUTHS, made

if TYPE_CHECKING:
    from formcheck.model.frames import Pose

EXERCISE = {
    load(name).movement.movement_pattern: name
    for name in reversed(names())
    if isinstance(load(name).movement, RepCycle)
}
OWN = [(stance, view) for stance, name in sorted(EXERCISE.items()) for view in load(name).views]


def done(stance: str, view: str, shift_px: dict[int, tuple[float, float]] | None = None) -> MovementCandidate:
    """Return the first repetition of an exercise with that stance; ``shift_px`` moves landmarks at its turn."""
    name = EXERCISE[stance]
    set_ = made(name, [CLEAN[name]], VIEW_AZIMUTHS[view])
    t_s, p = np.array([pose.t_s for pose in set_.poses]), np.array([pose.image_px for pose in set_.poses], float)
    if load(name).floor:
        calibrator = OnHandsCalibrator(None) if stance == "hands" else LyingCalibrator(None, STANCES[stance].lying)
        calibration = next(c for c in (calibrator.update(t, q, (854, 480), False) for t, q in zip(t_s, p)) if c)
    else:
        calibration = Calibration.from_points("standing", (0.0, 1.0), np.median(p[t_s < 1.0], axis=0), None)
    truth = set_.truth[0]
    for landmark, by in (shift_px or {}).items():
        p[np.abs(t_s - truth.turn_s) < 0.3, landmark] += by
    inside = (t_s >= truth.start_s) & (t_s <= truth.end_s)
    around = (t_s >= truth.start_s - 1.0) & (t_s <= truth.end_s + 1.0)
    span_s = (truth.start_s, truth.turn_s, truth.end_s)
    return MovementCandidate(t_s[inside], p[inside], span_s, calibration, 40.0, around=(t_s[around], p[around]))


def test_every_stance_has_an_exercise():
    assert set(EXERCISE) == set(STANCES)


@pytest.mark.parametrize(("stance", "view"), OWN)
def test_a_stance_knows_its_own_movement(stance, view):
    assert is_repetition(stance, done(stance, view))


@pytest.mark.parametrize(
    ("stance", "view", "shift_px"),
    [
        ("parallel", "side", {27: (60, 0), 28: (60, 0)}),  # the feet step away
        ("split", "side", dict.fromkeys(range(33), (0, 120))),  # sinks through the floor
        ("split", "front", dict.fromkeys(range(33), (90, 0))),  # both feet are elsewhere
        ("seat", "front", {25: (0, -60), 27: (0, -60)}),  # one knee is lifted
        ("heels", "side", {31: (0, -25), 32: (0, -25)}),  # a jump
        ("heels", "front", {27: (0, 20)}),  # one foot stays down
        ("hands", "side", {15: (90, 0), 16: (90, 0)}),  # crawls
        ("supine", "side", {11: (0, -70), 12: (0, -70)}),  # sits up
        ("all_fours", "side", {26: (90, -60), 25: (90, -60)}),  # crawls
        ("single", "front", {28: (0, 60)}),  # the other foot is on the floor
        ("step", "front", {28: (0, -60)}),  # so is it here, beside the first
        ("landing", "front", {28: (0, -60), 30: (0, -60), 32: (0, -60)}),  # on one foot
        ("hop", "front", {28: (0, 60)}),  # on both
        ("reach", "side", {28: (130, 0)}),  # the foot is not ahead
        ("wide", "front", {27: (-90, 0), 25: (-60, 0)}),  # the feet are together
    ],
)
def test_a_stance_refuses_what_only_looks_like_it(stance, view, shift_px):
    assert not is_repetition(stance, done(stance, view, shift_px))


@pytest.mark.parametrize("stance", ["split", "single", "step", "wide", "all_fours", "hop", "reach"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_leg_that_works_is_found(stance, side):
    name = EXERCISE[stance]
    set_ = made(name, [replace(CLEAN[name], side=side)], VIEW_AZIMUTHS[load(name).views[0]])
    t_s, p = np.array([pose.t_s for pose in set_.poses]), np.array([pose.image_px for pose in set_.poses])
    assert leading_leg(stance, t_s, p, set_.truth[0].turn_s) == side


def test_where_both_legs_work_none_leads():
    assert leading_leg("parallel", np.zeros(1), np.zeros((1, 33, 2)), 0.0) is None


def lying(poses: list[Pose], up_or_down: int) -> Calibration | None:
    calibrator = LyingCalibrator(None, up_or_down)
    for pose in poses:
        found = calibrator.update(pose.t_s, pose.image_px.astype(float), pose.size_px, False)
        if found is not None:
            return found
    return None


def test_the_nearer_side_of_a_body_is_found_face_down_and_face_up():
    for made_, up_or_down in ((push_up_set([PushUpRep()]), 1), (bridge_set([BridgeRep()]), -1)):
        found = lying(made_.poses, up_or_down)
        assert (found.near, found.azimuth_deg, found.label) == ("left", 90.0, "side")
        other = lying(mirror_poses(made_.poses), up_or_down)
        assert (other.near, other.azimuth_deg, other.label) == ("right", -90.0, "side")


def test_who_stands_is_not_calibrated_lying():
    assert lying(heel_raise_set([HeelRep()]).poses, 1) is None


@pytest.mark.parametrize("pitch_deg", [15, 30, 45])
def test_the_heel_rise_is_the_pitch_of_the_feet(pitch_deg):
    set_ = heel_raise_set([HeelRep(pitch_deg=pitch_deg)])
    p = np.array([pose.image_px for pose in set_.poses], float)
    calibration = Calibration.from_points("standing", (0.0, 1.0), p[0], None)
    for of in ("ankle", "hip"):
        rise_deg = MeasuredScene(p, calibration).signal(HeelRise(of=of))
        assert rise_deg.min() >= 0
        assert rise_deg[0] == pytest.approx(0, abs=0.1)
        assert rise_deg.max() == pytest.approx(pitch_deg, abs=3)
