"""Is the count the same whatever the camera? Frame rate, size of the picture, lost frames and noisy landmarks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.figures import Figures
from formcheck import exercises
from formcheck.analysis import read_poses
from formcheck.frames import Pose
from tests.judging import CLEAN, VIEW_AZIMUTHS, made, record_of

COLUMNS = ["disturbance", "sets", "counted exactly as without it", "repetitions", "counted"]
NOISE_TORSOS, DROPPED_SHARE, SEED = 0.02, 0.2, 7
RATES_HZ = (10, 15, 20, 30, 60)


def _sized(height_px: int) -> Callable[[list[Pose]], list[Pose]]:
    def scale(poses: list[Pose]) -> list[Pose]:
        by = height_px / poses[0].size_px[1]
        size = tuple(max(1, round(side * by)) for side in poses[0].size_px)
        return [replace(pose, image_px=np.float32(pose.image_px * by), size_px=size) for pose in poses]

    return scale


def _dropped(poses: list[Pose]) -> list[Pose]:
    kept = np.random.default_rng(SEED).random(len(poses)) >= DROPPED_SHARE
    return [pose for pose, stays in zip(poses, kept, strict=True) if stays]


def _noisy(poses: list[Pose]) -> list[Pose]:
    rng = np.random.default_rng(SEED)
    torsos = [np.hypot(*(p.image_px[[11, 12]].mean(0) - p.image_px[[23, 24]].mean(0))) for p in poses]
    sigma = NOISE_TORSOS * float(np.nanmedian(torsos))
    return [replace(pose, image_px=np.float32(pose.image_px + rng.normal(0, sigma, (33, 2)))) for pose in poses]


DISTURBANCES: dict[str, Callable[[list[Pose]], list[Pose]]] = {
    "240 lines": _sized(240), "1080 lines": _sized(1080), "a fifth of the frames lost": _dropped,
    "landmark noise of 2 % of the trunk": _noisy,
}  # fmt: skip


def _sets(folder: Path | None) -> Iterable[tuple[str, list[Pose]]]:
    for name in exercises.names():
        if exercises.load(name).movement.kind == "rep_cycle":
            for view in exercises.load(name).views:
                yield name, made(name, [CLEAN[name]] * 3, VIEW_AZIMUTHS[view], fps=30).poses
    for path in sorted(folder.glob("*_az*.npz")) if folder else ():
        yield path.stem.rsplit("_", 3)[0], list(read_poses(path).poses)


def _count(name: str, poses: list[Pose]) -> int:
    return record_of(poses, name).rep_count


def rows(folder: Path | None, figures: Figures) -> list[list[str]]:
    """Return one row a disturbance. ``folder``: landmark files of people, named ``EXERCISE_…``; made sets are always looked at."""
    sets = [(name, poses, _count(name, poses)) for name, poses in _sets(folder)]
    out = [
        _row(what, [(n, _count(name, change(poses))) for name, poses, n in sets], figures)
        for what, change in DISTURBANCES.items()
    ]
    for rate_hz in RATES_HZ:
        pairs = []
        for name in exercises.names():
            if exercises.load(name).movement.kind == "rep_cycle":
                for view in exercises.load(name).views:
                    pairs.append(
                        (
                            3,
                            _count(
                                name,
                                made(name, [CLEAN[name]] * 3, VIEW_AZIMUTHS[view], fps=rate_hz, noise_px=0.7).poses,
                            ),
                        )
                    )
        out.append(_row(f"{rate_hz} frames a second (made sets)", pairs, figures))
    return out


def _row(what: str, pairs: list[tuple[int, int]], figures: Figures) -> list[str]:
    same = sum(a == b for a, b in pairs)
    figures.share(f"counted the same: {what}", same, len(pairs))
    return [what, str(len(pairs)), str(same), str(sum(a for a, _ in pairs)), str(sum(b for _, b in pairs))]
