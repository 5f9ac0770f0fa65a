"""Analyse every clip as every exercise and list false counts. Poses are estimated once for each clip and can be cached."""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from formcheck import exercises
from formcheck.analysis.run import PoseSequence, read_poses, read_video
from formcheck.errors import FormcheckError
from formcheck.files.traces import write_trace
from formcheck.model.frames import Trace
from formcheck.video.files import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.figures import Figures

ENDINGS = (".mp4", ".avi", ".gif", ".mov", ".webm")
COLUMNS = [
    "clip",
    "frames",
    "shows",
    "counted as what it shows",
    "as its kin",
    "as anything else",
    "small, not counted, as anything else",
]
KIN = (
    {"squat", "sit_to_stand"},
    {"squat", "chair_stand_30s"},
    {"sit_to_stand", "chair_stand_30s"},
    {"wall_sit", "squat"},
    {"wall_sit", "sit_to_stand"},
    {"wall_sit", "chair_stand_30s"},
    {"push_up", "plank"},
)
"""Exercises that pass through each other's posture. The model sees no chair or wall, and the top of a push-up is a high plank."""
SHOWN = {
    "leftside": "side_plank",
    "rightside": "side_plank",
    "pushup": "push_up",
    "wallsit": "wall_sit",
    "single_leg_stance": "single_leg_stance",
    "plank": "plank",
    "squat": "squat",
    "lunge": "lunge",
}
"""Part of a clip's name -> the exercise that it shows. The first match decides; a clip without a match shows no known exercise."""


def shown(stem: str) -> str | None:
    """Return the exercise that a clip shows according to its name, or None."""
    return next((exercise for part, exercise in SHOWN.items() if part in stem), None)


def material(path: Path, model: str, kept: Path | None) -> PoseSequence:
    """Return the poses of a clip. ``kept``: a folder that caches landmarks; None = no cache."""
    if kept is None:
        return read_video(path, model=model)
    file = kept / f"{sha256_of(path)}-{model}.npz"
    if not file.exists():
        kept.mkdir(parents=True, exist_ok=True)
        poses = read_video(path, model=model).poses
        columns = (
            np.array([getattr(pose, name) for pose in poses]) for name in ("t_s", "image_px", "world_m", "visibility")
        )
        write_trace(Trace(*columns, poses[0].size_px), file)
    return read_poses(file)


def counted(found: PoseSequence) -> dict[str, tuple[int, int, float]]:
    """Return exercise -> repetitions, partial ones and seconds of hold, for each exercise that finds any."""
    out = {}
    for name in exercises.names():
        record = found.judge(exercises.load(name)).record
        if record.reps or record.holds:
            out[name] = (record.rep_count, record.partial_count, record.hold_s)
    return out


def rows(folders: list[Path], model: str, kept: Path | None, figures: Figures) -> list[list[str]]:
    """Return one row for each clip."""
    out, false, cases = [], 0, 0
    for path in sorted(p for folder in folders for p in folder.iterdir() if p.suffix in ENDINGS):
        try:
            found = material(path, model, kept)
        except FormcheckError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            continue
        own, words = shown(path.stem), defaultdict(str)
        for name, (reps, small, hold_s) in counted(found).items():
            kin = own is not None and {own, name} in KIN
            kind = "own" if name == own else "kin" if kin else "other"
            if reps or hold_s:
                words[kind] += f"{name} {f'{hold_s:.1f} s' if hold_s else reps}, "
            if small and kind == "other":
                words["small"] += f"{name} {small}, "
        false += bool(words["other"])
        cases += 1
        cells = [(words[kind] or "-").removesuffix(", ") for kind in ("own", "kin", "other", "small")]
        out.append([path.stem, str(len(found.poses)), own or "nothing known here", *cells])
    figures.share("clips that count as nothing that they do not show", cases - false, cases)
    return out
