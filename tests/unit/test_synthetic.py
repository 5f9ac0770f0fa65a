"""The stick figure keeps its bones, stands in balance, and is seen where a pinhole camera sees it."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.errors import SpecError
from formcheck.model.skeleton import INDEX, MIRROR
from formcheck.synthetic import (
    DISTRACTORS,
    PLANK_CAMERA,
    Body,
    Camera,
    LungeRep,
    PlankSegment,
    Recording,
    RepetitionTempo,
    SquatRep,
    animal,
    another_person,
    exchange_legs,
    film,
    lunge_set,
    mirror_poses,
    plank_set,
    road,
    shift_poses,
    squat_set,
)
from formcheck.synthetic.body import knee_flexion_deg

BODY = Body()
SEGMENTS = [
    (f"{side}_{a}", f"{side}_{b}", length)
    for side in ("left", "right")
    for a, b, length in (
        ("hip", "knee", BODY.thigh_m),
        ("knee", "ankle", BODY.shank_m),
        ("shoulder", "elbow", BODY.upper_arm_m),
        ("elbow", "wrist", BODY.forearm_m),
    )
]
SQUATS = {
    "good": SquatRep(),
    "deep": SquatRep(depth_deg=125),
    "lean": SquatRep(lean_deg=70),
    "heels": SquatRep(heel_pitch_deg=25),
    "knees_in": SquatRep(knee_ankle_ratio=0.6),
    "shift": SquatRep(shift_ratio=0.3),
    "asymmetry": SquatRep(asymmetry_deg=20),
    "bent_at_top": SquatRep(top_flexion_deg=35),
}
LUNGES = {
    "good": LungeRep(),
    "right": LungeRep(side="right"),
    "shallow": LungeRep(depth_deg=50),
    "heel": LungeRep(heel_pitch_deg=25),
    "knee_in": LungeRep(knee_medial_ratio=0.25),
    "narrow": LungeRep(width_ratio=0.1),
    "wobble": LungeRep(wobble_ratio=0.1),
}
PLANKS = {
    "good": PlankSegment(3),
    "low": PlankSegment(3, sag_deg=22),
    "high": PlankSegment(3, sag_deg=-48),
    "knees": PlankSegment(3, knee_deg=50),
    "elbows": PlankSegment(3, elbow_deg=32),
}
SCRIPTS = (
    {f"squat_{name}": (lambda rep=rep: squat_set([rep]).script) for name, rep in SQUATS.items()}
    | {f"lunge_{name}": (lambda rep=rep: lunge_set([rep]).script) for name, rep in LUNGES.items()}
    | {f"split_{name}": (lambda rep=rep: lunge_set([rep], step=False).script) for name, rep in LUNGES.items()}
    | {f"plank_{name}": (lambda part=part: plank_set([PlankSegment(1), part]).script) for name, part in PLANKS.items()}
    | DISTRACTORS
)


def landmarks(script, fps=15):
    return script.landmarks_m(np.arange(0, script.duration_s, 1 / fps))


def angle_deg(points, a, b, c):
    u, v = points[INDEX[a]] - points[INDEX[b]], points[INDEX[c]] - points[INDEX[b]]
    return np.degrees(np.arctan2(abs(u[0] * v[1] - u[1] * v[0]), u @ v))


@pytest.mark.parametrize("name", SCRIPTS)
def test_bones_keep_their_length_and_nobody_sinks_into_the_floor(name):
    points = landmarks(SCRIPTS[name]())
    assert np.isfinite(points).all()
    for a, b, length in SEGMENTS:
        measured = np.linalg.norm(points[:, INDEX[a]] - points[:, INDEX[b]], axis=-1)
        assert np.abs(measured - length).max() < 0.01 * length, (a, b, measured.min(), measured.max())
    assert points[..., 1].min() > -0.03
    assert np.abs(np.diff(points, axis=0)).max() < 0.5, "a jump"


@pytest.mark.parametrize("depth_deg", [45, 70, 90, 110, 130])
def test_a_squat_reaches_exactly_its_depth_on_both_sides(depth_deg):
    made = squat_set([SquatRep(depth_deg=depth_deg)])
    assert made.truth[0].depth_deg == pytest.approx(depth_deg, abs=0.1)
    assert made.knee_flexion_deg.max(0) == pytest.approx([depth_deg] * 2, abs=0.3)
    assert made.knee_flexion_deg[0] == pytest.approx([5, 5], abs=0.1)


@pytest.mark.parametrize("camera_azimuth_deg", [90, -90])
@pytest.mark.parametrize("depth_deg", [0, 60, 90, 115])
def test_the_knee_angle_in_the_picture_from_the_side_is_the_true_one(camera_azimuth_deg, depth_deg):
    made = squat_set([SquatRep(depth_deg=max(depth_deg, 40))], Camera(camera_azimuth_deg, height_m=0.5, look_at_m=0.5))
    i = 0 if depth_deg == 0 else int(made.truth[0].turn_s * 30)
    side = "left" if camera_azimuth_deg > 0 else "right"
    seen = 180 - angle_deg(made.poses[i].image_px, f"{side}_hip", f"{side}_knee", f"{side}_ankle")
    assert seen == pytest.approx(made.knee_flexion_deg[i, 0 if side == "left" else 1], abs=2)


@pytest.mark.parametrize("depth_deg", [60, 80, 100, 115])
def test_the_weight_stays_over_the_feet_in_a_squat(depth_deg):
    """Segment masses of Winter: trunk with head 0.578, each arm 0.05, thigh 0.1, shank with foot 0.061."""
    made = squat_set([SquatRep(depth_deg=depth_deg)])
    points = made.script.landmarks_m(np.array([made.truth[0].turn_s]))[0]
    mid = {
        j: (points[INDEX[f"left_{j}"]] + points[INDEX[f"right_{j}"]]) / 2
        for j in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    }
    parts = [(0.578, "hip", "shoulder", 0.66), (0.056, "shoulder", "elbow", 0.44), (0.044, "elbow", "wrist", 0.68)]
    parts += [(0.2, "hip", "knee", 0.43), (0.122, "knee", "ankle", 0.6)]
    weight_z = sum(m * (mid[a] + share * (mid[b] - mid[a]))[2] for m, a, b, share in parts)
    assert points[INDEX["left_heel"], 2] < weight_z < points[INDEX["left_foot_index"], 2]


def test_faults_are_in_the_body_as_scripted():
    def at_turn(rep):
        made = squat_set([rep])
        return made.script.landmarks_m(np.array([made.truth[0].turn_s]))

    def x(points, joint):
        return points[0, INDEX[joint], 0]

    caved = at_turn(SQUATS["knees_in"])
    assert (x(caved, "left_knee") - x(caved, "right_knee")) / (
        x(caved, "left_ankle") - x(caved, "right_ankle")
    ) == pytest.approx(0.6, abs=0.02)
    shifted_hips = at_turn(SQUATS["shift"])
    assert x(shifted_hips, "left_hip") + x(shifted_hips, "right_hip") > 0.15
    left, right = knee_flexion_deg(at_turn(SQUATS["asymmetry"]))[0]
    assert left - right == pytest.approx(20, abs=0.5)
    heels = at_turn(SQUATS["heels"])
    assert heels[0, INDEX["left_heel"], 1] > 0.08
    assert heels[0, INDEX["left_foot_index"], 1] < 0.02
    bent = squat_set([SQUATS["bent_at_top"], SquatRep()])
    assert knee_flexion_deg(bent.script.landmarks_m(np.array([bent.truth[0].end_s])))[0] == pytest.approx(
        [35, 35], abs=0.3
    )


@pytest.mark.parametrize("step", [True, False])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_front_leg_of_a_lunge_is_the_one_asked_for_and_reaches_its_depth(side, step):
    made = lunge_set([LungeRep(side=side, depth_deg=92)], step=step)
    at_turn = made.script.landmarks_m(np.array([made.truth[0].turn_s]))[0]
    other = "right" if side == "left" else "left"
    assert at_turn[INDEX[f"{side}_ankle"], 2] - at_turn[INDEX[f"{other}_ankle"], 2] > 0.5
    assert made.truth[0].depth_deg == pytest.approx(92, abs=0.5)
    assert at_turn[INDEX[f"{other}_knee"], 1] < 0.2
    assert (made.knee_flexion_deg[0] < 30).all(), "stands before the first repetition"


def test_legs_cannot_change_in_a_split_stance():
    with pytest.raises(SpecError, match="split stance"):
        lunge_set([LungeRep(side="left"), LungeRep(side="right")], step=False)


@pytest.mark.parametrize(("sag_deg", "below"), [(22, True), (-48, False)])
def test_the_hips_of_a_plank_hang_or_rise_as_asked(sag_deg, below):
    made = plank_set([PlankSegment(2, sag_deg=sag_deg)])
    points = made.poses[30].image_px
    assert 180 - angle_deg(points, "left_shoulder", "left_hip", "left_ankle") == pytest.approx(abs(sag_deg), abs=2)
    middle_y = (points[INDEX["left_shoulder"], 1] + points[INDEX["left_ankle"], 1]) / 2
    assert bool(points[INDEX["left_hip"], 1] > middle_y) is below
    assert points[INDEX["nose"], 0] < points[INDEX["left_ankle"], 0]


@pytest.mark.parametrize(("azimuth_deg", "facing_x"), [(0, 0), (90, -1), (-90, 1), (180, 0)])
def test_left_and_right_are_the_persons_own(azimuth_deg, facing_x):
    pose = film(DISTRACTORS["standing"](), Camera(azimuth_deg))[0]
    points = pose.image_px
    apart = points[INDEX["left_hip"], 0] - points[INDEX["right_hip"], 0]
    assert np.sign(np.round(apart, 0)) == {0: 1, 180: -1}.get(azimuth_deg, 0)
    ahead = points[INDEX["left_foot_index"], 0] - points[INDEX["left_heel"], 0]
    assert facing_x == 0 or np.sign(ahead) == facing_x
    assert points[INDEX["nose"], 1] < points[INDEX["left_hip"], 1] < points[INDEX["left_heel"], 1]
    if facing_x:
        near, far = ("left", "right") if azimuth_deg == 90 else ("right", "left")
        assert pose.visibility[INDEX[f"{near}_knee"]] > 0.95 > 0.7 > pose.visibility[INDEX[f"{far}_knee"]]
        assert pose.world_m[INDEX[f"{near}_hip"], 2] < pose.world_m[INDEX[f"{far}_hip"], 2]


def test_roll_turns_the_picture_and_nothing_else():
    straight, rolled = (
        film(DISTRACTORS["standing"](), Camera(0, roll_deg=roll))[0].image_px - [320, 240] for roll in (0, 10)
    )
    a = np.radians(10)
    against_the_clock = straight @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    assert np.abs(rolled - against_the_clock).max() < 0.01


def test_one_moment_looks_the_same_at_any_frame_rate():
    slow, fast = (squat_set([SquatRep()], recording=Recording(fps=fps)).poses for fps in (10, 60))
    assert slow[37].t_s == fast[37 * 6].t_s
    assert np.array_equal(slow[37].image_px, fast[37 * 6].image_px)


def test_times_rise_strictly_with_jitter_and_begin_where_asked():
    times = np.array(
        [p.t_s for p in film(DISTRACTORS["standing"](), None, Recording(jitter_share=0.45, start_s=7, seed=3))]
    )
    assert times[0] == 7
    assert (np.diff(times) > 0).all()
    assert np.diff(times).std() > 0.005


def test_gaps_hide_noise_shakes_and_the_same_seed_gives_the_same_poses():
    recording = Recording(noise_px=2, drift_px=1, gaps_s=((1, 2),), hidden=("left_knee",), seed=5)
    first, again = (squat_set([SquatRep()], recording=recording).poses for _ in range(2))
    clean = squat_set([SquatRep()]).poses
    assert all(np.array_equal(a.image_px, b.image_px, equal_nan=True) for a, b in zip(first, again, strict=True))
    assert {p.seen for p in first if 1 <= p.t_s < 2} == {False}
    assert {p.seen for p in first if not 1 <= p.t_s < 2} == {True}
    off = np.array([a.image_px - b.image_px for a, b in zip(first, clean, strict=True) if a.seen])
    assert 1.9 < off[:, INDEX["right_hip"]].std() < 3.2
    assert first[0].visibility[INDEX["left_knee"]] < 0.2
    assert off[:, INDEX["left_knee"]].std() > 10


def test_mirrored_twice_is_the_same_and_the_mirror_changes_sides():
    poses = squat_set([SquatRep()], Camera(60)).poses
    once, twice = mirror_poses(poses), mirror_poses(mirror_poses(poses))
    assert np.abs(once[50].image_px[:, 0] - (640 - poses[50].image_px[MIRROR, 0])).max() < 1e-3
    assert np.allclose(twice[50].image_px, poses[50].image_px, atol=1e-3)
    assert np.array_equal(twice[50].world_m, poses[50].world_m)


def test_the_truth_moves_with_what_comes_before_it():
    walk = DISTRACTORS["walk_in"]()
    plain, late = squat_set([SquatRep()]), squat_set([SquatRep()], before=walk, recording=Recording(start_s=10))
    assert late.truth[0].turn_s == pytest.approx(plain.truth[0].turn_s + walk.duration_s + 10)
    i = int(np.argmax(late.knee_flexion_deg[int((walk.duration_s + 1) * 30) :, 0])) + int((walk.duration_s + 1) * 30)
    assert late.poses[i].t_s == pytest.approx(late.truth[0].turn_s, abs=0.2)


def test_tempo_is_kept():
    made = squat_set([SquatRep(tempo=RepetitionTempo(0.35, 0.0, 0.5, 1.0))])
    rep = made.truth[0]
    assert (rep.turn_s - rep.start_s, rep.end_s - rep.turn_s) == pytest.approx((0.35, 0.5))


def test_other_people_animals_and_roads():
    poses = squat_set([SquatRep()]).poses
    swapped = another_person(poses, 2, 3, scale=0.5, move_px=100)
    height = [np.ptp(p.image_px[:, 1]) for p in (poses[70], swapped[70], swapped[100])]
    assert height[1] == pytest.approx(height[0] / 2, rel=0.01)
    assert height[2] == np.ptp(poses[100].image_px[:, 1])
    assert [p.t_s for p in shift_poses(poses, 100)][:2] == [100, 100 + poses[1].t_s]
    assert not any(p.seen for p in road())
    beast = animal()
    thigh, shank = (
        np.linalg.norm(beast[9].image_px[INDEX[f"left_{a}"]] - beast[9].image_px[INDEX[f"left_{b}"]])
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    )
    assert all(p.seen for p in beast)
    assert not 0.8 < thigh / shank < 1.25


def test_exchanged_legs_are_the_other_legs_and_nothing_more():
    poses = lunge_set([LungeRep()]).poses
    exchanged = exchange_legs(poses, 3, 4)
    assert np.array_equal(exchanged[100].image_px[INDEX["left_knee"]], poses[100].image_px[INDEX["right_knee"]])
    assert np.array_equal(exchanged[100].image_px[INDEX["left_hip"]], poses[100].image_px[INDEX["left_hip"]])
    assert exchanged[60] is poses[60]


def test_the_floor_camera_sees_the_whole_plank():
    pose = plank_set([PlankSegment(1)], PLANK_CAMERA).poses[0]
    assert (pose.image_px > 0).all()
    assert (pose.image_px < pose.size_px).all()
