"""Measure the error of knee flexion by azimuth, for each way of measuring it, on landmarks whose truth is known.

    python benchmarks/knee.py                 every candidate on the fit set and on the proof set, by azimuth
    python benchmarks/knee.py --fit           the engine's fitted numbers, from the fit set

The landmarks are MediaPipe's (``full``, VIDEO mode) of computer-generated people; ``benchmarks/data/README.md`` says how they
were made. The proof set has other bodies, rooms, lights, cameras and movements than the fit set, and nothing was fitted on it. An
error is measured minus true, in degrees. A mean is a mean over scenes, and its 95 % interval comes from 2000 bootstrap draws of
scenes.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formcheck import exercises
from formcheck.analysis.run import SetResult, run_set
from formcheck.engine import filters
from formcheck.engine import geometry as g
from formcheck.engine.analyzer import Analyzer
from formcheck.engine.person import view
from formcheck.engine.signals import knee
from formcheck.engine.signals.calibration import Calibration
from formcheck.model.frames import Pose
from formcheck.model.records import Source
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parent / "data"
JOINTS = [f"{side}_{joint}" for joint in ("hip", "knee", "ankle") for side in ("left", "right")]
STANDING_S = 1.2  # every scene starts with this much standing still
AROUND_TURN_S = 0.1
GROUPS = {
    "front, 0–22°": (0, 22),
    "oblique, 22–67°": (22, 67),
    "side, 67–112°": (67, 112),
    "behind, 112–142°": (112, 142),
}


@dataclass(slots=False)
class Clip:
    """One scene.

    ``image_px`` (T, 33, 2); ``visibility`` (T, 33); ``world_m`` (T, 6, 3) and ``joints_px`` (T, 6, 2) of ``JOINTS``; ``truth``:
    name -> (T,); ``turns_s``: times of the deepest points.
    """

    scene: dict
    t_s: np.ndarray
    image_px: np.ndarray
    visibility: np.ndarray
    world_m: np.ndarray
    joints_px: np.ndarray
    truth: dict[str, np.ndarray]
    turns_s: list[float]

    @property
    def azimuth_deg(self) -> float:
        return abs(self.scene["azimuth"])

    @property
    def sides(self) -> tuple[str, ...]:
        """Return the legs that the exercise judges: both, or the front one of a lunge."""
        if self.scene["exercise"] == "lunge":
            return ({"L": "left", "R": "right"}[self.scene["lead"]],)
        return ("left", "right")

    @property
    def true_deg(self) -> np.ndarray:
        return np.mean([self.truth[f"knee_{side}"] for side in self.sides], axis=0)

    @cached_property
    def points_px(self) -> np.ndarray:
        return filters.zero_lag(self.t_s, self.image_px.reshape(len(self.t_s), -1)).reshape(self.image_px.shape)

    @cached_property
    def calibration(self) -> Calibration:
        still = np.median(self.points_px[self.t_s < STANDING_S], axis=0)
        return Calibration.from_points("standing", (0.0, STANDING_S), still, None, self.scene["exercise"] == "lunge")

    def poses(self) -> list[Pose]:
        world = np.full((33, 3), np.nan, np.float32)
        size = tuple(self.scene["size"])
        rows = zip(self.t_s, self.image_px, self.visibility, strict=True)
        return [Pose(float(t), p.astype(np.float32), world, v.astype(np.float32), size) for t, p, v in rows]

    @cached_property
    def judged(self) -> SetResult:
        """Return formcheck's result of the scene."""
        source = Source(
            name="scene", width=self.scene["size"][0], height=self.scene["size"][1], duration_s=self.t_s[-1]
        )
        return run_set(self.poses(), exercises.load(self.scene["exercise"]), source)

    def deepest(self, error_deg: np.ndarray) -> list[float]:
        """Return the mean error within 0.1 s of each turn."""
        around = [error_deg[np.abs(self.t_s - turn) <= AROUND_TURN_S] for turn in self.turns_s]
        return [float(np.nanmean(e)) for e in around if not np.isnan(e).all()]


def load(which: str) -> list[Clip]:
    """Return the scenes of a file of ``benchmarks/data``. World landmarks are NaN if the file has none."""
    with np.load(DATA / f"{which}.npz") as data:
        arrays = {name: data[name] for name in data.files}
    scenes, names = json.loads(str(arrays["scenes"])), json.loads(str(arrays["truth_names"]))
    world_m = (
        arrays["world_mm"] / 1000.0 if "world_mm" in arrays else np.full((len(arrays["t_s"]), len(JOINTS), 3), np.nan)
    )
    clips = []
    for scene, a, b in zip(scenes, arrays["start"][:-1], arrays["start"][1:], strict=True):
        truth = dict(zip(names, arrays["truth_deg"][a:b].astype(float).T, strict=True))
        clips.append(
            Clip(
                scene,
                arrays["t_s"][a:b].astype(float),
                arrays["image_px32"][a:b] / 32.0,
                arrays["visibility255"][a:b] / 255.0,
                world_m[a:b],
                arrays["joints_px32"][a:b] / 32.0,
                truth,
                scene["turns_s"],
            )
        )
    return clips


def _each(measure: Callable[[Clip, str], np.ndarray]) -> Callable[[Clip], np.ndarray]:
    return lambda clip: np.mean([measure(clip, side) for side in clip.sides], axis=0)


def _picture(clip: Clip, side: str) -> np.ndarray:
    return knee.in_picture_deg(clip.points_px, side)


def _extents(clip: Clip, side: str) -> np.ndarray:
    return knee.by_extent_deg(clip.points_px, side, clip.calibration.legs(side)[0].lengths_px, None)


def _extents_from_standing(clip: Clip, side: str) -> np.ndarray:
    leg = clip.calibration.legs(side)[0]
    return np.sqrt(np.maximum(_extents(clip, side) ** 2 - leg.extent_deg**2 + leg.knee_deg**2, 0.0))


def _longest_lengths(clip: Clip, side: str) -> np.ndarray:
    """Return flexion from vertical extents, with each segment's 95th percentile over all frames as its length."""
    hip, joint, ankle = (clip.points_px[:, INDEX[f"{side}_{name}"]] for name in ("hip", "knee", "ankle"))
    lengths = tuple(float(np.nanquantile(g.distance_px(a, b), 0.95)) for a, b in ((hip, joint), (joint, ankle)))
    return knee.by_extent_deg(clip.points_px, side, lengths, None)


def _lifted(clip: Clip, side: str) -> np.ndarray:
    """Return flexion from constant segment lengths: a segment's depth follows from its shortening, the knee being in front."""
    hip, joint, ankle = (clip.points_px[:, INDEX[f"{side}_{name}"]] for name in ("hip", "knee", "ankle"))
    lengths = clip.calibration.legs(side)[0].lengths_px
    return _flexion_3d(*(_in_depth(end - joint, length) for end, length in zip((hip, ankle), lengths, strict=True)))


def _in_depth(flat: np.ndarray, length: float) -> np.ndarray:
    return np.column_stack([flat, np.sqrt(np.maximum(length**2 - (flat**2).sum(axis=1), 0.0))])


def _flexion_3d(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return 180.0 - np.degrees(np.arctan2(np.linalg.norm(np.cross(u, v), axis=1), (u * v).sum(axis=1)))


def _world(clip: Clip, side: str) -> np.ndarray:
    hip, joint, ankle = (clip.world_m[:, JOINTS.index(f"{side}_{name}")] for name in ("hip", "knee", "ankle"))
    return _flexion_3d(hip - joint, ankle - joint)


def _exact(measure: Callable[[Clip, str], np.ndarray]) -> Callable[[Clip, str], np.ndarray]:
    """Return the same measure on the true joints in the picture, which shows the error of geometry alone."""

    def of_joints(clip: Clip, side: str) -> np.ndarray:
        points = clip.image_px.copy()
        points[:, [INDEX[name] for name in JOINTS]] = clip.joints_px
        true = Clip(
            clip.scene, clip.t_s, points, clip.visibility, clip.world_m, clip.joints_px, clip.truth, clip.turns_s
        )
        return measure(true, side)

    return of_joints


def _fading(clip: Clip, side: str, legs: tuple) -> np.ndarray:
    points = clip.points_px
    read = [knee.by_extent_deg(points, side, leg.lengths_px, None) for leg in legs]
    return np.maximum.reduce(
        [knee.from_standing_deg(deg, leg.extent_deg, leg.knee_deg) for deg, leg in zip(read, legs, strict=True)]
    )


def _from_standing(clip: Clip, side: str) -> np.ndarray:
    return _fading(clip, side, clip.calibration.legs(side))


def _from_longest(clip: Clip, side: str) -> np.ndarray:
    return _fading(clip, side, clip.calibration.with_longest_segments(clip.points_px).legs(side)[1:])


def _from_both(clip: Clip, side: str) -> np.ndarray:
    return _fading(clip, side, clip.calibration.with_longest_segments(clip.points_px).legs(side))


def _record(clip: Clip) -> np.ndarray:
    return clip.judged.trace.signals["main_angle_deg"]


def _live(clip: Clip) -> np.ndarray:
    exercise = exercises.load(clip.scene["exercise"])
    analyzer = Analyzer(exercise)
    shown = [analyzer.update(pose).signals.get(exercise.movement.depth_signal, np.nan) for pose in clip.poses()]
    return np.array(shown)


RECORD = "the last, from the side half the picture: the record"
CANDIDATES: dict[str, Callable[[Clip], np.ndarray]] = {
    "angle in the picture": _each(_picture),
    "world landmarks": _each(_world),
    "bones of constant length": _each(_lifted),
    "vertical extents": _each(_extents),
    "extents, standing taken out in quadrature": _each(_extents_from_standing),
    "extents, standing fades": _each(_from_standing),
    "extents, lengths from all frames": _each(_longest_lengths),
    "extents, lengths from all frames, standing fades": _each(_from_longest),
    "extents, the larger of the two that fade": _each(_from_both),
    RECORD: _record,
    "the same, live": _live,
    "true joints: vertical extents": _each(_exact(_extents)),
    "true joints: angle in the picture": _each(_exact(_picture)),
}


def interval(values: list[float]) -> str:
    """Return the mean of the scenes' values and its 95 % interval."""
    if not values:
        return "-"
    x = np.array(values)
    draws = np.random.default_rng(0).choice(x, (2000, len(x))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return f"{x.mean():.1f} ({low:.1f}–{high:.1f})"


def errors(clips: list[Clip], candidate: Callable[[Clip], np.ndarray]) -> list[tuple[float, list[float], np.ndarray]]:
    """Return for each scene the mean absolute error, the mean error at each deepest point and the error of every frame."""
    out = []
    for clip in clips:
        error = candidate(clip) - clip.true_deg
        out.append((float(np.nanmean(np.abs(error))), clip.deepest(error), error))
    return out


def candidate_rows(clips: list[Clip]) -> list[list[str]]:
    """Return one row for each candidate: mean absolute error of all frames / at the deepest points, by group of azimuths."""
    rows = []
    for name, candidate in CANDIDATES.items():
        row = [name]
        for low, high in GROUPS.values():
            mine = [clip for clip in clips if low <= clip.azimuth_deg < high]
            found = errors(mine, candidate)
            deep = [float(np.mean(np.abs(d))) for _, d, _ in found if d]
            row.append(f"{interval([e for e, _, _ in found])} / {interval(deep)}")
        rows.append(row)
    return rows


def azimuth_rows(clips: list[Clip]) -> list[list[str]]:
    """Return one row for every 15 degrees: the record's errors and whether its uncertainty holds."""
    rows = []
    for middle in range(0, 136, 15):
        mine = [clip for clip in clips if abs(clip.azimuth_deg - middle) <= 7.5]
        found = errors(mine, _record)
        deep = [float(np.mean(np.abs(d))) for _, d, _ in found if d]
        bias = [float(np.mean(d)) for _, d, _ in found if d]
        held, held_deep = coverage(mine)
        rows.append(
            [
                f"{middle}°",
                str(len(mine)),
                interval([e for e, _, _ in found]),
                interval(deep),
                interval(bias),
                f"{100 * held:.0f} %",
                f"{100 * held_deep:.0f} %",
            ]
        )
    return rows


def coverage(clips: list[Clip]) -> tuple[float, float]:
    """Return the shares of frames and of deepest points whose error is within the uncertainty that formcheck states."""
    frames, deepest = [], []
    for clip in clips:
        margin = view.knee_uncertainty_deg(clip.judged.record.view.label)
        error = _record(clip) - clip.true_deg
        frames.append(np.mean(np.abs(error[~np.isnan(error)]) <= margin))
        deepest += [abs(e) <= margin for e in clip.deepest(error)]
    return (float(np.mean(frames)), float(np.mean(deepest))) if frames else (np.nan, np.nan)


def table(title: str, header: list[str], rows: list[list[str]]) -> None:
    """Print a table in Markdown."""
    print(f"\n### {title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def margins(clips: list[Clip]) -> dict[str, float]:
    """Return for each view the bound (deg) of 90 % of the errors: mean of the scenes, or of the deepest points if greater."""
    out = {}
    for label in ("front", "oblique", "side"):
        mine = [clip for clip in clips if clip.judged.record.view.label == label]
        frames = [np.nanquantile(np.abs(_record(clip) - clip.true_deg), 0.9) for clip in mine]
        deep = [abs(e) for clip in mine for e in clip.deepest(_record(clip) - clip.true_deg)]
        if mine:
            out[label] = max(float(np.mean(frames)), float(np.quantile(deep, 0.9)))
    return out


def main() -> None:
    """Run the chosen part and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true", help="the engine's numbers from the fit set")
    arguments = parser.parse_args()
    fit, proof = load("knee_fit"), load("knee_proof")
    if arguments.fit:
        squats = [clip for clip in fit if clip.scene["exercise"] == "squat"]
        print("90 % within:", {label: round(margin, 1) for label, margin in margins(squats).items()})
        return
    for title, clips in (("fit set", fit), ("proof set", proof)):
        for exercise in ("squat", "lunge"):
            mine = [clip for clip in clips if clip.scene["exercise"] == exercise]
            if not mine:
                continue
            name = f"{exercise}, {title}, {len(mine)} scenes"
            table(
                f"Mean absolute error of all frames / at the deepest: {name}",
                ["measured by", *GROUPS],
                candidate_rows(mine),
            )
            header = [
                "azimuth",
                "scenes",
                "all frames",
                "deepest",
                "bias at the deepest",
                "truth inside, frames",
                "at the deepest",
            ]
            table(f"The record: {name}", header, azimuth_rows(mine))


if __name__ == "__main__":
    main()
