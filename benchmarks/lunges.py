"""Compare the true faults of the incorrect lunges of UI-PRMD with what the engine reports from each azimuth.

    python benchmarks/lunges.py FOLDER

The truth is the position of each joint in space, where the lines of sight of the three virtual cameras meet.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.analysis.run import read_poses
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from formcheck.model.records import Rep

AZIMUTHS_DEG = (0, 90, 110)
FOCAL_PX, CENTRE_PX, DISTANCE_M = 1000.0, (640.0, 446.4), 3.0
"""The virtual cameras of the files. With these values the three lines of sight to a joint miss each other by 0.1 mm."""
BROKEN = {"forward": 15.0, "sideways": 8.0, "knee in": 0.10, "back knee high": 0.45}
"""The lunge's first limits (clinical-rules 1.2)."""
COLUMNS = ["person", "no.", "wrong in truth", *(f"said from {a}°" for a in AZIMUTHS_DEG)]


@dataclass(frozen=True, slots=True)
class Truth:
    """A lunge at its deepest point.

    ``forward`` and ``sideways``: lean of the trunk in degrees. ``knee_in``: the front knee inwards of its toe, in shank lengths.
    ``back_knee_high``: the back knee above the front toe, in shank lengths. ``flexion``: flexion of the front knee in degrees.
    """

    forward: float
    sideways: float
    knee_in: float
    back_knee_high: float
    flexion: float

    def words(self) -> str:
        """Return the values beyond their limits, or a sentence with the trunk's lean when there is none."""
        values = (self.forward, self.sideways, self.knee_in, self.back_knee_high)
        broken = [
            f"{name} {value:.0f}°" if limit > 1 else f"{name} {value:.2f}"
            for (name, limit), value in zip(BROKEN.items(), values, strict=True)
            if value > limit
        ]
        return ", ".join(broken) or f"nothing beyond a limit (trunk {max(values[:2]):.0f}°)"


def in_space(folder: Path, stem: str) -> dict[str, np.ndarray]:
    """Return one person's file of azimuth 0 with ``joints_m`` (T, 33, 3) added: x, y up, z."""
    normal, side = np.zeros((1, 1, 3, 3)), np.zeros((1, 1, 3))
    for azimuth_deg in AZIMUTHS_DEG:
        with np.load(folder / f"{stem}_az{azimuth_deg}.npz") as data:
            seen = (data["image_px"].astype(float) - CENTRE_PX) / FOCAL_PX
        a = np.radians(azimuth_deg)
        out, right = np.array([np.sin(a), 0, np.cos(a)]), np.array([np.cos(a), 0, -np.sin(a)])
        line = -out + seen[..., :1] * right - seen[..., 1:] * np.array([0.0, 1.0, 0.0])
        line /= np.linalg.norm(line, axis=-1, keepdims=True)
        across = np.eye(3) - line[..., :, None] * line[..., None, :]
        normal, side = normal + across, side + across @ (DISTANCE_M * out)
    with np.load(folder / f"{stem}_az{AZIMUTHS_DEG[0]}.npz") as data:
        return {**data, "joints_m": np.linalg.solve(normal, side[..., None])[..., 0]}


def truths(data: dict[str, np.ndarray]) -> list[Truth]:
    """Return the truth of every repetition. Forward is the direction from the back foot to the front foot while standing."""
    joints, t_s = data["joints_m"], data["t_s"]
    still = np.median(joints[t_s <= t_s[0] + 0.5], axis=0)
    place = lambda points, name: points[INDEX[name]]  # noqa: E731
    feet = sum(place(still, f"{s}_foot_index") - place(still, f"{s}_heel") for s in ("left", "right"))
    step = place(still, "left_ankle") - place(still, "right_ankle")
    front, rear = ("left", "right") if step @ feet > 0 else ("right", "left")
    forward = (step if front == "left" else -step) * [1, 0, 1]
    forward /= np.linalg.norm(forward)
    inwards = np.cross([0, 1, 0], forward) * (1 if front == "right" else -1)
    shank = np.linalg.norm(place(still, f"{front}_knee") - place(still, f"{front}_ankle"))
    bent = np.fmax(data["truth_knee_flexion_left_deg"], data["truth_knee_flexion_right_deg"])
    out = []
    for start_s, end_s in data["rep_bounds_s"]:
        within = np.flatnonzero((t_s >= start_s) & (t_s <= end_s))
        turn = within[np.argmax(bent[within])]
        now = joints[turn]
        trunk = sum(place(now, f"{s}_shoulder") - place(now, f"{s}_hip") for s in ("left", "right"))
        toe = place(now, f"{front}_foot_index")
        out.append(
            Truth(
                *(float(np.degrees(np.arctan2(x, trunk[1]))) for x in (trunk @ forward, abs(trunk @ inwards))),
                *(
                    float(x / shank)
                    for x in ((place(now, f"{front}_knee") - toe) @ inwards, place(now, f"{rear}_knee")[1] - toe[1])
                ),
                float(data[f"truth_knee_flexion_{front}_deg"][turn]),
            )
        )
    return out


def said(rep: Rep | None) -> str:
    """Return the faults of a repetition in words: ``small`` when it does not count, ``not counted`` when none was found."""
    if rep is None:
        return "not counted"
    return ", ".join([f"{f.rule} {f.value:g}" for f in rep.faults] + ([] if rep.counted else ["small"])) or "-"


def rows(folder: Path, done: str = "incorrect") -> list[list[str]]:
    """Return one row for each repetition of each person."""
    out, spec = [], exercises.load("lunge")
    for path in sorted(folder.glob(f"lunge_*_{done}_az{AZIMUTHS_DEG[0]}.npz")):
        stem = path.stem.removesuffix(f"_az{AZIMUTHS_DEG[0]}")
        data = in_space(folder, stem)
        records = [read_poses(folder / f"{stem}_az{azimuth}.npz").judge(spec).record for azimuth in AZIMUTHS_DEG]
        for i, ((start_s, end_s), truth) in enumerate(zip(data["rep_bounds_s"], truths(data), strict=True), start=1):
            here = [
                next((rep for rep in record.reps if start_s - 0.3 <= rep.turn_s <= end_s + 0.3), None)
                for record in records
            ]
            out.append([stem.split("_")[1], str(i), truth.words(), *map(said, here)])
    return out


if __name__ == "__main__":
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for row in rows(Path(sys.argv[1])):
        print(f"| {' | '.join(row)} |")
