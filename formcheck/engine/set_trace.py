"""The trace of a set: its raw landmarks, and every signal measured on the zero-lag ones."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.model.frames import Trace
from formcheck.spec.signals import DistanceRatio, Inclination, JointAngle, KneeFlexion, LineOffset, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from formcheck.engine.landmark_buffer import LandmarkBuffer
    from formcheck.engine.landmarks import Landmarks
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.tracking.repetition import MeasuredRep
    from formcheck.engine.tracking.tracker import MeasuredSet
    from formcheck.model.records import Side
    from formcheck.spec.exercise import Exercise

MAIN_ANGLE = "main_angle_deg"
"""The column of the angle that charts show."""
_SIGNALS: dict[str, Signal] = {
    "knee_flexion_left_deg": KneeFlexion(side="left"),
    "knee_flexion_right_deg": KneeFlexion(side="right"),
    "hip_flexion_left_deg": JointAngle(a="left.shoulder", b="left.hip", c="left.knee"),
    "hip_flexion_right_deg": JointAngle(a="right.shoulder", b="right.hip", c="right.knee"),
    "trunk_inclination_deg": Inclination(start="near.hip", end="near.shoulder", sign="facing"),
    "body_line_deg": LineOffset(point="near.hip", a="near.shoulder", b="near.ankle"),
    "knee_ankle_ratio": DistanceRatio(p="left.knee", q="right.knee", r="left.ankle", s="right.ankle", axis="x"),
}
"""The columns that the trace of every exercise has."""
_LOST_WITH_LEG = ("knee_flexion_left_deg", "knee_flexion_right_deg")


def set_trace(exercise: Exercise, buffer: LandmarkBuffer, landmarks: Landmarks, measured: MeasuredSet) -> Trace:
    """Return the trace of a set.

    Parameters
    ----------
    exercise : Exercise
    buffer : LandmarkBuffer
        All frames, raw.
    landmarks : Landmarks
        The same frames, filtered without lag.
    measured : MeasuredSet

    Returns
    -------
    Trace
        Each stretch is measured against its own calibration. NaN = not measured.
    """
    n = len(landmarks.t_s)
    signals = {name: np.full(n, np.nan) for name in (*_SIGNALS, MAIN_ANGLE)}
    main_signal = exercise.movement.main_signal
    for part, calibration, front in _parts(landmarks.t_s, measured):
        scene = MeasuredScene(landmarks.points_px[part], calibration, front)
        for name, spec in _SIGNALS.items():
            signals[name][part] = scene.signal(spec)
        signals[MAIN_ANGLE][part] = measure_signals(exercise.signals, scene)[main_signal]
    for name, lost in zip(_LOST_WITH_LEG, landmarks.lost.T):
        signals[name][lost] = np.nan
    phase, index = _phases(landmarks, measured)
    t_s, image, world, visibility = (
        buffer.column(name).copy() for name in ("t_s", "image_px", "world_m", "visibility")
    )
    camera, shot = (buffer.column(name).copy() if buffer.camera_seen else None for name in ("camera", "shot"))
    return Trace(t_s, image, world, visibility, buffer.size_px, signals, phase, index, camera, shot)


def _parts(t_s: np.ndarray, measured: MeasuredSet) -> Iterator[tuple[np.ndarray, Calibration, Side | None]]:
    """Yield (frames, calibration, front leg). The calibration changes half-way between two repetitions."""
    calibrations, reps = measured.calibrations, measured.measured
    starts_s = [-math.inf, *(calibration.start_s for calibration in calibrations[1:]), math.inf]
    changes_s = [-math.inf, *((a.end_s + b.start_s) / 2 for a, b in pairwise(reps)), math.inf]
    for calibration, (a, b) in zip(calibrations, pairwise(starts_s)):
        one_or_more: Sequence[MeasuredRep | None] = reps or [None]
        for rep, (c, d) in zip(one_or_more, pairwise(changes_s), strict=True):
            frames = (t_s >= max(a, c)) & (t_s < min(b, d))
            if rep is None:
                yield frames, calibration, None
            else:
                here = rep.calibration.start_s == calibration.start_s
                yield frames, rep.calibration if here else calibration, rep.side


def _phases(landmarks: Landmarks, measured: MeasuredSet) -> tuple[np.ndarray, np.ndarray]:
    """Return the phase of each frame (T,), and the index of its repetition or hold (T,), 0 = none."""
    t = landmarks.t_s
    phase = np.where(landmarks.ok, "rest", "nobody").astype("<U8")
    index = np.zeros(len(phase), int)
    for span in measured.phases:
        inside = (t >= span.start_s) & (t <= span.end_s)
        phase[inside], index[inside] = span.phase, span.index
    return phase, index
