"""The 33 BlazePose landmarks: names, left/right pairs and bones.

Source: https://ai.google.dev/edge/mediapipe/solutions/vision/pose_landmarker (index order of the published model).
Left and right are the person's own, never the picture's.
"""

from __future__ import annotations

import numpy as np

LANDMARKS: tuple[str, ...] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
"""Landmark names in model order."""

INDEX: dict[str, int] = {name: i for i, name in enumerate(LANDMARKS)}
"""Landmark name to index."""


def mirrored_name(name: str) -> str:
    """Return the name of the same landmark on the other side of the body.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        ``nose`` is its own partner.
    """
    if "left" in name:
        return name.replace("left", "right")
    return name.replace("right", "left")


MIRROR: np.ndarray = np.array([INDEX[mirrored_name(name)] for name in LANDMARKS])
"""(33,) index of each landmark's partner on the other side."""
MIRROR.flags.writeable = False

BONES: tuple[tuple[str, str], ...] = (
    ("left_ear", "left_shoulder"),
    ("right_ear", "right_shoulder"),
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    ("left_shoulder", "left_elbow"),
    ("left_elbow", "left_wrist"),
    ("right_shoulder", "right_elbow"),
    ("right_elbow", "right_wrist"),
    ("left_shoulder", "left_hip"),
    ("right_shoulder", "right_hip"),
    ("left_hip", "left_knee"),
    ("left_knee", "left_ankle"),
    ("right_hip", "right_knee"),
    ("right_knee", "right_ankle"),
    ("left_ankle", "left_heel"),
    ("left_heel", "left_foot_index"),
    ("left_ankle", "left_foot_index"),
    ("right_ankle", "right_heel"),
    ("right_heel", "right_foot_index"),
    ("right_ankle", "right_foot_index"),
)
"""Pairs of landmark names that are drawn as a line."""
