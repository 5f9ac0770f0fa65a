"""Check that the count does not depend on the camera: frame rate, picture size, lost frames and noisy landmarks.

The check is of the engine, so it changes landmarks, not pictures. It uses synthetic sets of every exercise from each of its views,
and landmark files of people. It does not measure how a pose model copes with a smaller picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from formcheck import exercises
from formcheck.analysis.run import read_poses
from tests.synthetic_cases import CLEAN, VIEW_AZIMUTHS, apart, made, record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from benchmarks.figures import Figures
    from formcheck.model.frames import Pose
    from formcheck.model.records import SetRecord

COLUMNS = ["disturbance", "sets", "the same", "repetitions and holds", "counted"]
NOISE_TORSOS, DROPPED_SHARE, SEED = 0.02, 0.2, 7
RATES_HZ = (10, 15, 20, 30, 60)
PARTS, FPS = 3, 30
HOLD_WITHIN_S = 0.3
"""Two holds are the same if their clocks differ by at most this (s): three pictures at the slowest rate."""


@dataclass(frozen=True)
class Case:
    """One undisturbed set.

    ``parts``: number of repetitions or holds; ``held_s``: seconds held; ``rate``: returns the poses at another frame rate (Hz),
    None for a set of people.
    """

    exercise: str
    poses: list[Pose]
    parts: int
    held_s: float
    rate: Callable[[int], list[Pose]] | None = None

    def same(self, record: SetRecord) -> bool:
        """Return whether a record has the same number of parts and the same hold time."""
        return _parts(record) == self.parts and abs(record.hold_s - self.held_s) <= HOLD_WITHIN_S


def _parts(record: SetRecord) -> int:
    return record.rep_count or len(record.holds)


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
    "240 lines": _sized(240),
    "1080 lines": _sized(1080),
    "a fifth of the frames lost": _dropped,
    "landmark noise of 2 % of the trunk": _noisy,
}


def made_cases(names: Iterable[str]) -> Iterable[Case]:
    """Return a clean synthetic set of each exercise from each of its views, with the script's number of repetitions or holds."""
    for name in names:
        for view in exercises.load(name).views:

            def at(fps: int, noise_px: float = 0.7, name: str = name, view: str = view) -> list[Pose]:
                return made(name, [CLEAN[name]] * PARTS, VIEW_AZIMUTHS[view], fps=fps, noise_px=noise_px).poses

            poses = at(FPS, 0.0)
            held_s = record_of(poses, name).hold_s
            parts = PARTS if apart(name) else 1
            yield Case(name, poses, parts, held_s, at)


def people_cases(folder: Path) -> Iterable[Case]:
    """Return the sets of landmark files of people, named ``EXERCISE_…``, each with its undisturbed count."""
    for path in sorted(folder.glob("*_az*.npz")):
        name, poses = path.stem.rsplit("_", 3)[0], list(read_poses(path).poses)
        record = record_of(poses, name)
        yield Case(name, poses, _parts(record), record.hold_s)


def results(cases: list[Case]) -> dict[str, list[tuple[Case, SetRecord]]]:
    """Return disturbance -> (set, its disturbed record) of every set; frame rates are for synthetic sets only."""
    out = {
        what: [(case, record_of(change(case.poses), case.exercise)) for case in cases]
        for what, change in DISTURBANCES.items()
    }
    for rate_hz in RATES_HZ:
        out[f"{rate_hz} frames a second (made sets)"] = [
            (case, record_of(case.rate(rate_hz), case.exercise)) for case in cases if case.rate
        ]
    return out


def rows(found: dict[str, list[tuple[Case, SetRecord]]], figures: Figures) -> list[list[str]]:
    """Return one row for each disturbance and add the figures."""
    out = []
    for what, sets in found.items():
        same = sum(case.same(record) for case, record in sets)
        figures.share(f"counted the same: {what}", same, len(sets))
        true, got = sum(case.parts for case, _ in sets), sum(_parts(record) for _, record in sets)
        out.append([what, str(len(sets)), str(same), str(true), str(got)])
    return out


def exercise_rows(found: dict[str, list[tuple[Case, SetRecord]]]) -> list[list[str]]:
    """Return one row for each exercise: the number of its sets whose count each disturbance leaves unchanged."""
    names = sorted({case.exercise for sets in found.values() for case, _ in sets})
    out = []
    for name in names:
        mine = [[(case, record) for case, record in sets if case.exercise == name] for sets in found.values()]
        shares = [f"{sum(case.same(record) for case, record in sets)} of {len(sets)}" for sets in mine]
        different = sorted({_said(case, record) for sets in mine for case, record in sets if not case.same(record)})
        out.append([name, *shares, "; ".join(different) or "-"])
    return out


def _said(case: Case, record: SetRecord) -> str:
    if case.held_s:
        return f"{len(record.holds)} for {case.parts}, {record.hold_s:.1f} s for {case.held_s:.1f} s"
    return f"{_parts(record)} for {case.parts}"
