"""Judge the labelled landmarks of single pictures by the engine's own signals and limits.

The input is a folder of CSV files with the columns ``label``, then ``JOINT_x`` and ``JOINT_y`` (shares of the picture),
``JOINT_z`` and ``JOINT_v`` (visibility). Landmarks and labels come from Exercise-Correction (Ngo Quoc Bao, MIT), 16:9 pictures.
They are not part of this project.
"""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from formcheck import exercises
from formcheck.engine import geometry as g
from formcheck.engine.judging.conditions import AppliedRule
from formcheck.engine.signals import knee
from formcheck.engine.signals.calibration import Calibration, higher_knee
from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE_PX = (1280, 720)
CERTAIN = 0.5  # least visibility of a landmark that is used (clinical-rules 0.7)
BENT_DEG, DEEP_DEG = 40.0, 70.0
"""Front knee flexion at the start of a lunge, and of a lunge that counts (clinical-rules 1.2)."""
THIGH_DEG = 60.0 * (1.0 - 28.0 / 121.0)
"""The thighs' share of the 60 deg that make a squat. In correct squats the shanks take 28 of 121 deg (clinical-rules 1.1)."""
BETWEEN = "M"
"""Label of pictures between start and end. A single picture cannot tell where that phase begins and ends."""
COLUMNS = ["file", "label", "frames", "told as", "right", "right (95 %)"]


def read(path: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return labels, landmarks (T, 33, 2) in px and visibility (T, 33).

    A joint that the file lacks is NaN and has visibility 0. The ears are placed at the nose.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    points, visibility = np.full((len(rows), 33, 2), np.nan), np.zeros((len(rows), 33))
    for name, i in INDEX.items():
        if f"{name}_x" in rows[0]:
            points[:, i] = [[float(row[f"{name}_x"]), float(row[f"{name}_y"])] for row in rows]
            visibility[:, i] = [float(row[f"{name}_v"]) for row in rows]
    points[:, [7, 8]] = points[:, [0, 0]]
    return [row["label"] for row in rows], points * SIZE_PX, visibility


def plank(points_px: np.ndarray, visibility: np.ndarray) -> str:
    """Return C (correct), H (hips high) or L (hips low) by the plank's rules, hints included (clinical-rules 1.3)."""
    spec = exercises.load("plank")
    near = "left" if visibility[[11, 23, 27]].mean() >= visibility[[12, 24, 28]].mean() else "right"
    scene = MeasuredScene(points_px[None], Calibration.from_points("none", (0.0, 0.0), points_px, near))
    values = {name: float(value[0]) for name, value in measure_signals(spec.signals, scene).items()}
    for rule, label in (("hips_low", "L"), ("hips_high", "H")):
        if AppliedRule(spec.rule(rule), None, {}, "side", 90.0, "body_line").frame_level(values):
            return label
    return "C"


def lunge(points_px: np.ndarray, visibility: np.ndarray) -> str:
    """Return I (not begun), M (on the way) or D (deep enough to count) by the front knee in the picture."""
    front = "left" if higher_knee(points_px) else "right"
    flexion = float(knee.in_picture_deg(points_px[None], front)[0])
    return "D" if flexion >= DEEP_DEG else "M" if flexion >= BENT_DEG else "I"


def squat(points_px: np.ndarray, visibility: np.ndarray) -> str:
    """Return up or down by the thighs' angle from the vertical, from their height in the picture over the shanks' length."""
    thighs, shanks = [], []
    for hip in (23, 24):
        thighs.append(points_px[hip + 2, 1] - points_px[hip, 1])
        shanks.append(g.distance_px(points_px[hip + 2], points_px[hip + 4]))
    return "down" if g.extent_angle_deg(np.mean(thighs), np.mean(shanks)) >= THIGH_DEG else "up"


TELLERS: dict[str, Callable[[np.ndarray, np.ndarray], str]] = {
    "plank_model": plank,
    "lunge_model_stage": lunge,
    "squat_model": squat,
}
"""Judge by the first part of a file's name. The other lunge file labels knees over toes, which is no fault (clinical-rules 1.1)."""


def told(path: Path) -> Counter[tuple[str, str]]:
    """Count the frames by (label, answer). The result is empty for a file of another kind."""
    teller = next((teller for prefix, teller in TELLERS.items() if path.name.startswith(prefix)), None)
    if teller is None:
        return Counter()
    labels, points_px, visibility = read(path)
    return Counter((label, teller(p, v)) for label, p, v in zip(labels, points_px, visibility, strict=True))
