"""Synthetic sets of every exercise, clean and with each fault, and a run of them through the analysis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from formcheck.analysis.run import SetResult, run_set
from formcheck.exercises import load
from formcheck.model.records import SetRecord, Source
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import (
    PLANK_CAMERA,
    BirdDogRep,
    BridgeRep,
    Camera,
    ChairRep,
    HeelRep,
    InclineSegment,
    LandingRep,
    LungeRep,
    PlankSegment,
    PushUpRep,
    ReachRep,
    Recording,
    RepetitionTempo,
    SideLungeRep,
    SidePlankSegment,
    SingleLegRep,
    SquatRep,
    StanceHold,
    SyntheticSet,
    WallSitSegment,
    bird_dog_set,
    bridge_set,
    chair_set,
    heel_raise_set,
    incline_plank_set,
    landing_set,
    lunge_set,
    plank_set,
    push_up_set,
    reach_set,
    side_lunge_set,
    side_plank_set,
    single_leg_squat_set,
    squat_set,
    stance_set,
    step_down_set,
    wall_sit_set,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.model.frames import Pose

SETS = {
    "squat": squat_set,
    "lunge": lunge_set,
    "plank": plank_set,
    "sit_to_stand": chair_set,
    "chair_stand_30s": chair_set,
    "heel_raise": heel_raise_set,
    "push_up": push_up_set,
    "glute_bridge": bridge_set,
    "single_leg_squat": single_leg_squat_set,
    "step_down": step_down_set,
    "side_lunge": side_lunge_set,
    "bird_dog": bird_dog_set,
    "single_leg_stance": stance_set,
    "tandem_stance": stance_set,
    "feet_together": stance_set,
    "side_plank": side_plank_set,
    "wall_sit": wall_sit_set,
    "incline_plank": incline_plank_set,
    "jump_landing": landing_set,
    "hop_and_hold": landing_set,
    "y_reach_front": reach_set,
}
HOP = LandingRep(side="left", depth_deg=50, jump_m=0.15)
VIEW_AZIMUTHS = {"side": 90.0, "front": 0.0, "oblique": 45.0}


@dataclass(frozen=True)
class Faulty:
    """One part of a set with one scripted fault, the view it is judged from, how bad it is, and whether it counts all the same."""

    part: Any
    view: str
    severity: int = 2
    counts: bool = True


CLEAN = {
    "squat": SquatRep(),
    "lunge": LungeRep(),
    "plank": PlankSegment(6),
    "sit_to_stand": ChairRep(),
    "chair_stand_30s": ChairRep(),
    "heel_raise": HeelRep(),
    "push_up": PushUpRep(),
    "glute_bridge": BridgeRep(),
    "single_leg_squat": SingleLegRep(),
    "step_down": SingleLegRep(depth_deg=64, free_knee_deg=8),
    "side_lunge": SideLungeRep(),
    "bird_dog": BirdDogRep(),
    "single_leg_stance": StanceHold(6),
    "tandem_stance": StanceHold(6, "tandem"),
    "feet_together": StanceHold(6, "together"),
    "side_plank": SidePlankSegment(6),
    "wall_sit": WallSitSegment(6),
    "incline_plank": InclineSegment(6),
    "jump_landing": LandingRep(),
    "hop_and_hold": HOP,
    "y_reach_front": ReachRep(),
}
TARGETS = {
    "squat": {"target_depth_deg": 85, "depth_cap_deg": 112},
    "lunge": {"target_depth_deg": 85},
    "sit_to_stand": {"target_depth_deg": 90},
    "chair_stand_30s": {"target_depth_deg": 90},
    "heel_raise": {"target_depth_deg": 36},
    "single_leg_squat": {"target_depth_deg": 55},
    "side_lunge": {"target_depth_deg": 78},
    "wall_sit": {"target_depth_deg": 85, "depth_cap_deg": 95},
}
"""What is prescribed where a rule needs it, met by the clean set."""
CHAIR_FAULTS = {
    "not_up": Faulty(ChairRep(top_flexion_deg=42), "side"),
    "depth": Faulty(ChairRep(depth_deg=62), "side"),
    "plop": Faulty(ChairRep(tempo=RepetitionTempo(0.25, 0.6, 1.3, 0.8)), "side"),
    "knees_in": Faulty(ChairRep(knees_in_deg=16), "front"),
    "weight_shift": Faulty(ChairRep(shift_ratio=0.3), "front"),
    "side_lean": Faulty(ChairRep(side_lean_deg=18), "front"),
    "trunk_lean": Faulty(ChairRep(lean_deg=95), "side", severity=1),
}


def one_leg_faults(depth_deg: float, free_knee_deg: float) -> dict[str, Faulty]:
    """Return what a single-leg squat and a step-down have in common."""

    def rep(**values: float) -> SingleLegRep:
        return SingleLegRep(depth_deg=depth_deg, free_knee_deg=free_knee_deg, **values)

    return {
        "knee_in": Faulty(rep(knee_in_deg=14), "front"),
        "pelvic_drop": Faulty(rep(pelvis_deg=15), "front", severity=1),
        "side_lean": Faulty(rep(side_lean_deg=18), "front"),
        "wobble": Faulty(rep(wobble_deg=6), "front", severity=1),
    }


@dataclass(frozen=True)
class Ended:
    """A hold that a criterion ends half-way; ``in_test``: only where it is done as a test."""

    by: str
    part: StanceHold
    in_test: bool = False


FAULTY: dict[str, dict[str, Faulty]] = {
    "squat": {
        "depth": Faulty(SquatRep(depth_deg=65), "side"),
        "too_deep": Faulty(SquatRep(depth_deg=132), "side"),
        "trunk_lean": Faulty(SquatRep(lean_deg=70), "side"),
        "heels": Faulty(SquatRep(heel_pitch_deg=28), "side"),
        "knees_in": Faulty(SquatRep(knee_ankle_ratio=0.55), "front"),
        "weight_shift": Faulty(SquatRep(shift_ratio=0.3), "front"),
        "side_lean": Faulty(SquatRep(side_lean_deg=18), "front"),
        "asymmetry": Faulty(SquatRep(asymmetry_deg=26), "front"),
        "tempo": Faulty(SquatRep(tempo=RepetitionTempo(0.35, 0.1, 1.1, 0.8)), "side", severity=1),
        "lockout": Faulty(SquatRep(top_flexion_deg=42), "side"),
    },
    "lunge": {
        "depth": Faulty(LungeRep(depth_deg=68), "side"),
        "trunk_lean": Faulty(LungeRep(lean_deg=38), "side"),
        "heel": Faulty(LungeRep(heel_pitch_deg=28), "side"),
        "knee_in": Faulty(LungeRep(knee_medial_ratio=0.28), "front"),
        "step_width": Faulty(LungeRep(width_ratio=0.05), "front"),
        "side_lean": Faulty(LungeRep(side_lean_deg=18), "front"),
        "wobble": Faulty(LungeRep(wobble_ratio=0.09), "front", severity=1),
        "tempo": Faulty(LungeRep(tempo=RepetitionTempo(0.4, 0.1, 1.2, 0.8)), "side", severity=1),
    },
    "plank": {
        "hips_low": Faulty(PlankSegment(5, sag_deg=22), "side"),
        "hips_high": Faulty(PlankSegment(5, sag_deg=-48), "side"),
        "elbows": Faulty(PlankSegment(5, elbow_deg=36), "side"),
        "head": Faulty(PlankSegment(5, head_deg=62), "side"),
        "knees_bent": Faulty(PlankSegment(5, knee_deg=50), "side"),
    },
    "sit_to_stand": CHAIR_FAULTS,
    "chair_stand_30s": CHAIR_FAULTS
    | {
        "arms": Faulty(ChairRep(arms_used=1.0), "side", counts=False),
        "not_up": Faulty(ChairRep(top_flexion_deg=42), "side", counts=False),
    },
    "heel_raise": {
        "depth": Faulty(HeelRep(pitch_deg=23), "side"),
        "knees_bent": Faulty(HeelRep(pitch_deg=44, knee_deg=36), "side"),
        "trunk_lean": Faulty(HeelRep(lean_deg=30), "side"),
        "tempo": Faulty(HeelRep(tempo=RepetitionTempo(1.0, 0.5, 0.3, 0.8)), "side", severity=1),
    },
    "push_up": {
        "depth": Faulty(PushUpRep(down=0.62), "side"),
        "lockout": Faulty(PushUpRep(top=0.45), "side"),
        "hips_low": Faulty(PushUpRep(sag_deg=24), "side"),
        "hips_high": Faulty(PushUpRep(sag_deg=-48), "side"),
        "hands": Faulty(PushUpRep(reach_deg=40), "side"),
        "head": Faulty(PushUpRep(head_deg=70), "side"),
        "tempo": Faulty(PushUpRep(tempo=RepetitionTempo(0.35, 0.2, 1.0, 0.8)), "side", severity=1),
    },
    "glute_bridge": {
        "height": Faulty(BridgeRep(lift_deg=-29), "side"),
        "over_arch": Faulty(BridgeRep(lift_deg=24), "side"),
        "feet": Faulty(BridgeRep(feet_m=0.84), "side"),
        "tempo": Faulty(BridgeRep(tempo=RepetitionTempo(1.2, 0.8, 0.5, 0.8)), "side", severity=1),
    },
    "single_leg_squat": {
        "depth": Faulty(SingleLegRep(depth_deg=36), "front"),
        **one_leg_faults(58, 85),
        "tempo": Faulty(SingleLegRep(tempo=RepetitionTempo(0.35, 0.2, 1.3, 0.9)), "front", severity=1),
    },
    "step_down": {
        **one_leg_faults(64, 8),
        "tempo": Faulty(
            SingleLegRep(depth_deg=64, free_knee_deg=8, tempo=RepetitionTempo(0.6, 0.2, 1.3, 0.9)), "front", severity=1
        ),
    },
    "side_lunge": {
        "depth": Faulty(SideLungeRep(depth_deg=55), "front"),
        "knee_in": Faulty(SideLungeRep(knee_in_deg=18), "front"),
        "other_knee": Faulty(SideLungeRep(other_knee_deg=45), "front"),
        "side_lean": Faulty(SideLungeRep(side_lean_deg=28), "front"),
        "tempo": Faulty(SideLungeRep(tempo=RepetitionTempo(0.4, 0.2, 1.3, 0.8)), "front", severity=1),
    },
    "bird_dog": {
        "height": Faulty(BirdDogRep(leg_deg=-25), "side"),
        "too_high": Faulty(BirdDogRep(leg_deg=28), "side"),
        "knee_bent": Faulty(BirdDogRep(knee_deg=55), "side"),
        "tempo": Faulty(BirdDogRep(tempo=RepetitionTempo(1.4, 0.5, 0.35, 0.9)), "side", severity=1),
    },
    "jump_landing": {
        "stick": Faulty(LandingRep(step_m=0.25), "front"),
        "soft": Faulty(LandingRep(depth_deg=28), "front"),
        "knees_in": Faulty(LandingRep(knees_in_deg=16), "front"),
        "asymmetry": Faulty(LandingRep(asymmetry_deg=24), "front"),
        "side_lean": Faulty(LandingRep(side_lean_deg=18), "front"),
    },
    "hop_and_hold": {
        "stick": Faulty(replace(HOP, step_m=0.2), "front"),
        "soft": Faulty(replace(HOP, depth_deg=28), "front"),
        "knee_in": Faulty(replace(HOP, knees_in_deg=14), "front"),
        "pelvic_drop": Faulty(replace(HOP, pelvis_deg=15), "front", severity=1),
        "side_lean": Faulty(replace(HOP, side_lean_deg=18), "front"),
    },
    "y_reach_front": {
        "heel": Faulty(ReachRep(depth_deg=76, heel_pitch_deg=26), "side"),
        "trunk_lean": Faulty(ReachRep(lean_deg=38), "side"),
        "tempo": Faulty(ReachRep(tempo=RepetitionTempo(0.4, 0.3, 1.4, 0.9)), "side", severity=1),
    },
    "single_leg_stance": {
        "pelvis": Faulty(StanceHold(6, drop_deg=14), "front", severity=1),
        "side_lean": Faulty(StanceHold(6, lean_deg=15), "front", severity=1),
    },
    "tandem_stance": {"side_lean": Faulty(StanceHold(6, "tandem", lean_deg=15), "front", severity=1)},
    "feet_together": {"side_lean": Faulty(StanceHold(6, "together", lean_deg=15), "front", severity=1)},
    "side_plank": {
        "hips_low": Faulty(SidePlankSegment(5, hips_deg=-20), "front"),
        "hips_high": Faulty(SidePlankSegment(5, hips_deg=32), "front"),
        "elbow": Faulty(SidePlankSegment(5, elbow_deg=32), "front"),
        "roll": Faulty(SidePlankSegment(5, roll_ratio=0.6), "front"),
    },
    "incline_plank": {
        "hips_low": Faulty(InclineSegment(5, sag_deg=22), "side"),
        "hips_high": Faulty(InclineSegment(5, sag_deg=-48), "side"),
    },
    "wall_sit": {
        "depth": Faulty(WallSitSegment(5, depth_deg=62), "side"),
        "too_deep": Faulty(WallSitSegment(5, depth_deg=116), "side"),
        "heels": Faulty(WallSitSegment(5, shank_deg=25), "side"),
        "trunk_lean": Faulty(WallSitSegment(5, lean_deg=24), "side"),
    },
}
"""Each rule of each exercise and a set that breaks it. A new rule needs a line here."""


def _ends(feet: str) -> list[Ended]:
    ends = [
        Ended("trunk_lean", StanceHold(8, feet, topple_deg=28)),
        Ended("knees_bent", StanceHold(8, feet, bend_deg=75)),
        Ended("left_hand_moved", StanceHold(8, feet, hands_deg=(100, 0)), in_test=True),
        Ended("right_hand_moved", StanceHold(8, feet, hands_deg=(0, 100)), in_test=True),
    ]
    if feet != "together":
        ends.append(Ended("foot_moved", StanceHold(8, feet, shift_m=(0.07, 0.0))))
        ends.append(Ended("foot_moved_ahead", StanceHold(8, feet, shift_m=(0.0, -0.25))))
    return ends


ENDED = {"single_leg_stance": _ends("one_leg"), "tandem_stance": _ends("tandem"), "feet_together": _ends("together")}
"""Each criterion that ends a hold, and a hold that is ended by it half-way."""

KIN = {
    frozenset({"squat", "sit_to_stand"}),
    frozenset({"squat", "chair_stand_30s"}),
    frozenset({"sit_to_stand", "chair_stand_30s"}),
    frozenset({"push_up", "plank"}),
    frozenset({"hop_and_hold", "single_leg_stance"}),
}
"""Exercises that pass through each other's posture: the set of one may count as the other. Named here and nowhere else.

A chair cannot be seen, so a stand from it is a squat that rests; the top of a push-up is a high plank; who holds a hop stands on
one leg.
"""
IS_ONE = {
    ("sit_and_stand_up_later", "sit_to_stand"),
    ("sit_and_stand_up_later", "chair_stand_30s"),
    ("calf_raise", "heel_raise"),
    ("push_ups", "push_up"),
    ("sit_down", "wall_sit"),
    ("sit_and_stand_up_later", "wall_sit"),
}
"""Distractors of other exercises that are one of this one: a chair cannot be seen, so sitting on it looks like a wall."""


def judged(poses: Iterable[Pose], exercise: str, **options: Any) -> SetResult:
    """Run a set. ``options``: as ``run_set``."""
    poses = list(poses)
    width, height = poses[0].size_px if poses else (640, 480)
    source = Source(
        name="synthetic",
        width=width,
        height=height,
        kind="landmarks",
        duration_s=poses[-1].t_s - poses[0].t_s if poses else 0.0,
    )
    return run_set(poses, load(exercise), source, **options)


def record_of(poses: Iterable[Pose], exercise: str, **options: Any) -> SetRecord:
    """Run a set and return its record."""
    return judged(poses, exercise, **options).record


def camera(exercise: str, azimuth_deg: float) -> Camera:
    """Return the camera that suits the exercise, at that azimuth."""
    if not load(exercise).floor:
        return Camera(azimuth_deg)
    low = PLANK_CAMERA
    return Camera(azimuth_deg, low.height_m, low.distance_m, low.look_at_m, low.fov_deg, size_px=low.size_px)


def made(exercise: str, parts: Sequence[Any], azimuth_deg: float = 90.0, **recording: Any) -> SyntheticSet:
    """Return a synthetic set of an exercise."""
    return SETS[exercise](parts, camera(exercise, azimuth_deg), Recording(**({"fps": 25.0} | recording)))


def prescription(exercise: str) -> Prescription | None:
    """Return a prescription that sets every target that a rule may need, met by the clean set."""
    return Prescription(exercise=exercise, **TARGETS[exercise]) if exercise in TARGETS else None


def apart(exercise: str) -> bool:
    """Return whether the parts of its synthetic set are apart: repetitions, or holds with a rest between them."""
    movement = load(exercise).movement
    return movement.kind == "rep_cycle" or movement.reference_posture == "standing"
