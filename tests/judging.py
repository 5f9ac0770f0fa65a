"""What the contract and property tests share: run a set through the one loop, and compare records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from formcheck.analysis import SetResult, run_set
from formcheck.exercises import load
from formcheck.frames import Pose
from formcheck.programme import Prescription
from formcheck.records import SetRecord, Source
from formcheck.synthetic import (
    PLANK_CAMERA,
    Camera,
    InclineSegment,
    LungeRep,
    PlankSegment,
    Recording,
    SidePlankSegment,
    SquatRep,
    StanceHold,
    SyntheticSet,
    Tempo,
    WallSitSegment,
    incline_plank_set,
    lunge_set,
    plank_set,
    side_plank_set,
    squat_set,
    stance_set,
    wall_sit_set,
)

SETS = {
    "squat": squat_set, "lunge": lunge_set, "plank": plank_set,
    "single_leg_stance": stance_set, "tandem_stance": stance_set, "feet_together": stance_set,
    "side_plank": side_plank_set, "wall_sit": wall_sit_set, "incline_plank": incline_plank_set,
}  # fmt: skip
VIEW_AZIMUTHS = {"side": 90.0, "front": 0.0, "oblique": 45.0}


@dataclass(frozen=True)
class Faulty:
    """One part of a set with one scripted fault, the view it is judged from, and how bad it is."""

    part: Any
    view: str
    severity: int = 2


@dataclass(frozen=True)
class Ended:
    """A hold that a criterion ends half-way; ``in_test``: only where it is done as a test."""

    by: str
    part: StanceHold
    in_test: bool = False


CLEAN = {
    "squat": SquatRep(), "lunge": LungeRep(), "plank": PlankSegment(6),
    "single_leg_stance": StanceHold(6), "tandem_stance": StanceHold(6, "tandem"), "feet_together": StanceHold(6, "together"),
    "side_plank": SidePlankSegment(6), "wall_sit": WallSitSegment(6), "incline_plank": InclineSegment(6),
}  # fmt: skip
TARGETS = {
    "squat": {"target_depth_deg": 85, "depth_cap_deg": 112},
    "lunge": {"target_depth_deg": 85},
    "wall_sit": {"target_depth_deg": 85, "depth_cap_deg": 95},
}
"""What is prescribed where a rule needs it, met by the clean set."""
FAULTY: dict[str, dict[str, Faulty]] = {
    "squat": {
        "depth": Faulty(SquatRep(depth_deg=65), "side"),
        "too_deep": Faulty(SquatRep(depth_deg=132), "side"),
        "trunk_lean": Faulty(SquatRep(lean_deg=70), "side"),
        "heels": Faulty(SquatRep(heel_pitch_deg=28), "side"),
        "knees_in": Faulty(SquatRep(knee_ankle_ratio=0.55), "front"),
        "weight_shift": Faulty(SquatRep(shift_ratio=0.3), "front"),
        "asymmetry": Faulty(SquatRep(asymmetry_deg=26), "front"),
        "tempo": Faulty(SquatRep(tempo=Tempo(0.35, 0.1, 1.1, 0.8)), "side", severity=1),
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
        "tempo": Faulty(LungeRep(tempo=Tempo(0.4, 0.1, 1.2, 0.8)), "side", severity=1),
    },
    "plank": {
        "hips_low": Faulty(PlankSegment(5, sag_deg=22), "side"),
        "hips_high": Faulty(PlankSegment(5, sag_deg=-48), "side"),
        "elbows": Faulty(PlankSegment(5, elbow_deg=36), "side"),
        "head": Faulty(PlankSegment(5, head_deg=62), "side"),
        "knees_bent": Faulty(PlankSegment(5, knee_deg=50), "side"),
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

KIN: set[frozenset[str]] = set()  # none yet
"""Exercises that pass through each other's posture: the set of one may count as the other. Named here and nowhere else."""
IS_ONE = {("sit_down", "wall_sit"), ("sit_and_stand_up_later", "wall_sit")}
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
    return movement.kind == "rep_cycle" or movement.stands == "standing"


def mirrored_record(record: SetRecord) -> dict[str, Any]:
    """Return the record as JSON data with left and right exchanged and the azimuth turned round."""
    return _mirrored(record.model_dump())


def _mirrored(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {_swapped(k): _mirrored(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_mirrored(item, key) for item in value]
    if isinstance(value, str):
        return _swapped(value)
    if key == "azimuth_deg" and value is not None:
        return -value
    return value


def _swapped(text: str) -> str:
    return (
        text.replace("left", "\0").replace("right", "left").replace("\0", "right") if "left_right" not in text else text
    )


def differences(first: Any, second: Any, tolerance: float = 0.0, at: str = "") -> list[str]:
    """Return where two JSON-like values differ, numbers by more than ``tolerance``."""
    if isinstance(first, dict) and isinstance(second, dict):
        missing = [f"{at}.{k}: only in one" for k in first.keys() ^ second.keys()]
        return missing + [
            d for k in first.keys() & second.keys() for d in differences(first[k], second[k], tolerance, f"{at}.{k}")
        ]
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        if len(first) != len(second):
            return [f"{at}: {len(first)} against {len(second)} entries"]
        return [d for i, (a, b) in enumerate(zip(first, second)) for d in differences(a, b, tolerance, f"{at}[{i}]")]
    if isinstance(first, float | int) and isinstance(second, float | int) and not isinstance(first, bool):
        return [] if abs(first - second) <= tolerance else [f"{at}: {first} against {second}"]
    return [] if first == second else [f"{at}: {first!r} against {second!r}"]


def moved_in_time(value: Any, by_s: float, key: str = "") -> Any:
    """Return JSON data with every moment (not every duration) moved by ``by_s``."""
    if isinstance(value, dict):
        return {k: moved_in_time(v, by_s, k) for k, v in value.items()}
    if isinstance(value, list):
        return [moved_in_time(item, by_s, key) for item in value]
    return value + by_s if key in ("start_s", "turn_s", "end_s", "worst_s") and value is not None else value
