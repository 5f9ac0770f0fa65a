"""The use cases: from poses, a landmark file or a video to a judged set. ``run_set`` is the only loop."""

from __future__ import annotations

import hashlib
import math
import platform
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.analyzer import Analyzer
from formcheck.engine.signals.sway import standing_part_s, sway
from formcheck.errors import SourceError
from formcheck.files.traces import poses_from_trace, read_landmarks
from formcheck.model.records import SetRecord, Source
from formcheck.pose.models import models
from formcheck.version import VERSION

if TYPE_CHECKING:
    from formcheck.model.frames import FrameResult, Pose, Trace
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.prescription import Prescription

Progress = Callable[[int, float | None], None]
"""Called with the number of frames done and their share of the whole (None = unknown). What it raises ends the work."""


@dataclass(slots=True, frozen=True)
class SetResult:
    """A finished set: the record that is kept, and the trace that it can be judged from again."""

    record: SetRecord
    trace: Trace


def run_set(
    poses: Iterable[Pose],
    exercise: Exercise,
    source: Source,
    *,
    prescription: Prescription | None = None,
    side: str = "auto",
    software: dict[str, str] | None = None,
    on_frame: Callable[[FrameResult], None] | None = None,
) -> SetResult:
    """Feed poses to an analyzer until they end and return the finished set.

    ``side``: ``auto``, ``left`` or ``right`` (the side to judge).
    ``on_frame`` gets each causal result; what it raises ends the loop.
    Live, upload, batch and re-analysis all run this.
    """
    analyzer = Analyzer(exercise, prescription=prescription, side=side)
    for pose in poses:
        result = analyzer.update(pose)
        if on_frame is not None:
            on_frame(result)
    return SetResult(*analyzer.finish(source, software or {}))


@dataclass(slots=True, frozen=True)
class Material:
    """Poses and where they come from, to be judged without a second look at the pictures.

    ``software``: what estimated them, by name. ``broken_frames``: pictures that could not be decoded.
    """

    poses: tuple[Pose, ...]
    source: Source
    software: dict[str, str]
    broken_frames: int = 0

    def part(self, start_s: float | None, end_s: float | None) -> Material:
        """Return the part between two times (s); None = as this begins or ends. Raises SourceError when nothing is in it."""
        start_s = self.source.start_s if start_s is None else start_s
        end_s = self.source.end_s if end_s is None else end_s
        first_s, last_s = -float("inf") if start_s is None else start_s, float("inf") if end_s is None else end_s
        inside = tuple(pose for pose in self.poses if first_s <= pose.t_s <= last_s)
        if not inside:
            raise SourceError(
                f"{self.source.name} has no landmarks in the chosen part of its {self.source.duration_s:.1f} s.",
                code="source_range",
                path=self.source.name,
            )
        return replace(self, poses=inside, source=self.source.model_copy(update={"start_s": start_s, "end_s": end_s}))

    def judge(self, exercise: Exercise, *, prescription: Prescription | None = None, side: str = "auto") -> SetResult:
        """Return the set that it is as that exercise."""
        result = run_set(
            self.poses,
            exercise,
            self.source,
            prescription=prescription,
            side=side,
            software=software_of(exercise, **self.software),
        )
        quality = result.record.quality.model_copy(update={"broken_frames": self.broken_frames})
        return SetResult(result.record.model_copy(update={"quality": quality}), result.trace)


def read_video(
    path: Path | str,
    *,
    model: str = "full",
    start_s: float | None = None,
    end_s: float | None = None,
    progress: Progress | None = None,
) -> Material:
    """Estimate the poses of a video. ``start_s``, ``end_s``: the part to look at; times stay those of the file.

    Raises SourceError, ModelFileError, EstimatorError, and what ``progress`` raises; every file is closed again.
    """
    from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
    from formcheck.video.files import ReadReport, probe, read_frames, sha256_of
    from formcheck.video.prefetch import read_ahead

    path, report = Path(path), ReadReport()
    info = probe(path)
    source = Source(
        name=path.name,
        sha256=sha256_of(path),
        width=info.width,
        height=info.height,
        duration_s=round(info.duration_s, 3),
        rotation_deg=info.rotation_deg,
        start_s=start_s,
        end_s=end_s,
    )
    first_s, last_s = start_s or 0.0, min(info.duration_s, end_s or info.duration_s)
    poses = []
    with (
        MediaPipeEstimator(model) as estimator,
        closing(read_ahead(read_frames(path, start_s, end_s, report))) as frames,
    ):
        for done, frame in enumerate(frames, 1):
            poses.append(estimator.estimate(frame))
            if progress is not None:
                progress(done, min((frame.t_s - first_s) / (last_s - first_s), 1.0) if last_s > first_s else None)
    return Material(tuple(poses), source, _estimated_by(model), report.broken_frames)


def read_poses(path: Path | str, *, start_s: float | None = None, end_s: float | None = None) -> Material:
    """Read saved landmarks, the ``.npz`` of ``formcheck.files.traces``. Raises SourceError."""
    path = Path(path)
    trace = read_landmarks(path)
    source = Source(
        name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        width=trace.size_px[0],
        height=trace.size_px[1],
        duration_s=round(float(trace.t_s[-1]), 3),
        kind="landmarks",
    )
    return Material(tuple(poses_from_trace(trace)), source, {}).part(start_s, end_s)


def analyze_video(
    path: Path | str,
    exercise: Exercise,
    *,
    prescription: Prescription | None = None,
    model: str = "full",
    side: str = "auto",
    start_s: float | None = None,
    end_s: float | None = None,
    progress: Progress | None = None,
) -> SetResult:
    """Analyse a video as one exercise. Arguments and errors as ``read_video``, and SpecError before the long work."""
    if prescription is not None:
        prescription.check(exercise)
    material = read_video(path, model=model, start_s=start_s, end_s=end_s, progress=progress)
    return material.judge(exercise, prescription=prescription, side=side)


def with_sway(result: SetResult, poses_between: Callable[[float, float], Iterable[Pose]]) -> SetResult:
    """Return the set with the sway of each hold of standing that is long enough among the measures of that hold.

    ``poses_between``: gives the poses between two times of the set (s), estimated **without** MediaPipe's smoothing. In leg
    lengths: ``sway_sideways_ratio`` (spread) and ``sway_path_ratio`` (path a second); None where it could not be measured.
    ``sway_seen_s``: over how long.
    """
    holds = []
    for hold in result.record.holds:
        part_s = standing_part_s(hold.start_s, hold.end_s)
        if part_s is not None:
            poses = list(poses_between(*part_s))
            t_s, image_px = np.array([pose.t_s for pose in poses]), np.array([pose.image_px for pose in poses])
            found = sway(t_s, image_px.reshape(-1, 33, 2))
            measures = {
                "sway_sideways_ratio": found.rms_sideways_legs,
                "sway_path_ratio": found.path_legs_per_s,
                "sway_seen_s": found.seen_s,
            }
            known = {name: None if math.isnan(value) else round(value, 5) for name, value in measures.items()}
            hold = hold.model_copy(update={"measures": hold.measures | known})
        holds.append(hold)
    return SetResult(result.record.model_copy(update={"holds": holds}), result.trace)


def measure_sway(
    path: Path | str, result: SetResult, *, model: str = "full", progress: Progress | None = None
) -> SetResult:
    """Look at the pictures of each long hold a second time, each by itself, and return the set ``with_sway``.

    ``path``: the video that the set is of. Errors as ``read_video``.
    """
    from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
    from formcheck.video.files import read_frames

    def poses_between(start_s: float, end_s: float) -> Iterable[Pose]:
        with (
            MediaPipeEstimator(model, smoothing=False) as estimator,
            closing(read_frames(path, start_s, end_s)) as frames,
        ):
            for done, frame in enumerate(frames, 1):
                yield estimator.estimate(frame)
                if progress is not None:
                    progress(done, min(1.0, (frame.t_s - start_s) / (end_s - start_s)))

    return with_sway(result, poses_between)


def analyze_landmarks(
    path: Path | str,
    exercise: Exercise,
    *,
    prescription: Prescription | None = None,
    side: str = "auto",
    start_s: float | None = None,
    end_s: float | None = None,
) -> SetResult:
    """Analyse saved landmarks as one exercise. Raises SourceError and SpecError."""
    return read_poses(path, start_s=start_s, end_s=end_s).judge(exercise, prescription=prescription, side=side)


def video_software(exercise: Exercise, model: str) -> dict[str, str]:
    """Return what makes the record of a video here: also MediaPipe, and the model by name and digest."""
    return software_of(exercise, **_estimated_by(model))


def _estimated_by(model: str) -> dict[str, str]:
    return {"mediapipe": metadata.version("mediapipe"), "model": model, "model_sha256": models()[model].sha256}


def software_of(exercise: Exercise, **parts: str) -> dict[str, str]:
    """Return what made a record: versions, and the digest of the exercise's rules. ``parts`` are added."""
    digest = hashlib.sha256(exercise.model_dump_json().encode()).hexdigest()
    return {"formcheck": VERSION, "python": platform.python_version(), "exercise_sha256": digest, **parts}
