"""When somebody stands, and when a better look at them replaces the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.engine.person.calibration import PROVISIONAL_S, STILL_S, Calibrator
from formcheck.synthetic import DISTRACTORS, Camera, Recording, SquatRep, film, squat_set

if TYPE_CHECKING:
    from formcheck.engine.signals.calibration import Calibration

BOUNDS_PX = (0.0, 0.0, 640.0, 480.0)
SQUAT = squat_set([SquatRep(depth_deg=100)], Camera(90), Recording(fps=25))
UP = SQUAT.poses[0].image_px.astype(float)
DOWN = max(SQUAT.poses, key=lambda pose: pose.image_px[23, 1]).image_px.astype(float)
LEG = UP[[27, 28], 1].max() - UP[[23, 24], 1].mean()


def offered(*parts, fps: float = 25.0, locked: bool = False, calibrator: Calibrator | None = None) -> list[Calibration]:
    """Run parts (seconds, landmarks) and return what was offered."""
    calibrator, out, i = calibrator or Calibrator(None, split=False), [], 0
    for seconds, points in parts:
        for _ in range(round(seconds * fps)):
            new = calibrator.update(i / fps, points, BOUNDS_PX, locked)
            out += [new] if new is not None else []
            i += 1
    return out


def sources(found: list[Calibration]) -> list[str]:
    return [calibration.source for calibration in found]


@pytest.mark.parametrize("fps", [10, 25, 60])
def test_standing_still_long_enough_is_a_calibration(fps):
    provisional, standing = offered((3, UP), fps=fps)
    assert (provisional.source, standing.source) == ("provisional", "standing")
    assert provisional.end_s <= PROVISIONAL_S + 1 / fps
    assert standing.end_s - standing.start_s >= STILL_S
    assert standing.end_s <= STILL_S + 2 / fps
    assert standing.points_px == pytest.approx(UP)
    assert standing.length_px("leg") == pytest.approx(LEG)


def test_standing_too_short_is_only_provisional():
    assert sources(offered((STILL_S - 0.1, UP), (2, DOWN))) == ["provisional"]


def test_nobody_is_calibrated_deep_in_a_squat_and_the_set_may_open_there():
    assert offered((3, DOWN)) == []
    found = offered((3, DOWN), (2, UP))
    assert sources(found) == ["provisional", "standing"]
    assert found[-1].start_s >= 3.0


def test_moving_is_not_standing_still():
    calibrator, found = Calibrator(None, split=False), []
    for i in range(100):
        sway = np.array([0.4 * LEG * np.sin(i / 6), 0.0])
        found.append(calibrator.update(i / 25, UP + sway, BOUNDS_PX, False))
    assert "standing" not in {c.source for c in found if c is not None}


def test_feet_outside_the_picture_are_no_calibration():
    assert offered((3, UP + np.array([0, 481 - UP[27, 1]]))) == []


@pytest.mark.parametrize("what", ["bend_for_a_bottle", "sit_down"])
def test_only_its_standing_moments_are_used(what):
    poses = film(DISTRACTORS[what](), Camera(90), Recording(fps=25))
    calibrator = Calibrator(None, split=False)
    found = [calibrator.update(p.t_s, p.image_px.astype(float), BOUNDS_PX, False) for p in poses]
    heights = [c.length_px("leg") for c in found if c is not None]
    assert heights
    assert min(heights) > 0.9 * LEG


def taller(share: float) -> np.ndarray:
    """Return the standing figure with its legs stretched, its feet in place."""
    p = UP.copy()
    p[:27, 1] -= (share - 1) * LEG
    return p


def test_a_taller_stand_replaces_until_the_first_counted_repetition_and_not_after():
    assert sources(offered((1.5, UP), (2, taller(1.04)))) == ["provisional", "standing", "standing"]
    assert sources(offered((1.5, UP), (2, taller(1.01)))) == ["provisional", "standing"]
    calibrator = Calibrator(None, split=False)
    offered((1.5, UP), calibrator=calibrator)
    later = [calibrator.update(2 + i / 25, taller(1.04), BOUNDS_PX, True) for i in range(50)]
    assert not any(later)
    assert calibrator.current.length_px("leg") == pytest.approx(LEG)


@pytest.mark.parametrize(
    ("points", "moved"),
    [
        (UP + np.array([0.6 * LEG, 0]), True),  # another place
        ((UP - UP[27]) * 0.88 + UP[27], False),  # farther away
    ],
)
def test_another_place_or_distance_gives_a_new_one_even_when_locked(points, moved):
    calibrator = Calibrator(None, split=False)
    offered((1.5, UP), calibrator=calibrator)
    later = [(calibrator.update(2 + i / 25, points, BOUNDS_PX, True), calibrator.moved) for i in range(50)]
    new = [(c, there) for c, there in later if c is not None]
    assert (new[-1][0].source, new[0][1]) == ("standing", moved)
    assert new[0][0].start_s >= 2.0


@pytest.mark.parametrize(("side", "near"), [("auto", "left"), ("left", "left"), ("right", "right")])
def test_the_side_that_was_asked_for_is_the_near_one(side, near):
    calibrator = Calibrator(None if side == "auto" else side, split=True)
    offered((1.5, UP), calibrator=calibrator)
    assert (calibrator.current.near, calibrator.current.split, calibrator.current.label) == (near, True, "side")


@pytest.mark.parametrize(
    ("azimuth_deg", "anew"), [(90, False), (70, False), (110, False), (-90, True), (0, True), (180, True)]
)
def test_who_turns_round_on_the_spot_is_measured_anew_and_who_sways_is_not(azimuth_deg, anew):
    turned = squat_set([SquatRep()], Camera(azimuth_deg), Recording(fps=25)).poses[0].image_px.astype(float)
    turned += UP[[27, 28]].mean(0) - turned[[27, 28]].mean(0)
    calibrator = Calibrator(None, split=False)
    found = offered((2, UP), (2, turned), locked=True, calibrator=calibrator)
    assert sources(found[:2]) == ["provisional", "standing"]
    assert bool(found[2:]) == anew
    if anew:
        assert abs((found[-1].azimuth_deg - azimuth_deg + 180) % 360 - 180) < 15
