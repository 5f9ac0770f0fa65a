"""The use cases: from poses, a landmark file or a video to a judged set. ``run_set`` is the only loop."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import formcheck
from formcheck.engine.analyzer import Analyzer
from formcheck.errors import SourceError
from formcheck.frames import Frame, FrameResult, Pose, Trace
from formcheck.pose.models import models
from formcheck.programme import Prescription
from formcheck.records import SetRecord, Source
from formcheck.spec import Exercise
from formcheck.traces import poses_from_trace, read_landmarks

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
    """Analyse a video. ``start_s``, ``end_s``: the part to look at; times stay those of the file.

    Raises SourceError, ModelFileError, EstimatorError, SpecError, and what ``progress`` raises;
    every file is closed again.
    """
    from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
    from formcheck.video.ahead import read_ahead
    from formcheck.video.files import ReadReport, probe, read_frames, sha256_of

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

    def poses(estimator: MediaPipeEstimator, frames: Iterator[Frame]) -> Iterator[Pose]:
        for done, frame in enumerate(frames, 1):
            yield estimator.estimate(frame)
            if progress is not None:
                progress(done, min((frame.t_s - first_s) / (last_s - first_s), 1.0) if last_s > first_s else None)

    with (
        MediaPipeEstimator(model) as estimator,
        closing(read_ahead(read_frames(path, start_s, end_s, report))) as frames,
    ):
        result = run_set(
            poses(estimator, frames),
            exercise,
            source,
            prescription=prescription,
            side=side,
            software=video_software(exercise, model),
        )
    quality = result.record.quality.model_copy(update={"broken_frames": report.broken_frames})
    return SetResult(result.record.model_copy(update={"quality": quality}), result.trace)


def analyze_landmarks(
    path: Path | str,
    exercise: Exercise,
    *,
    prescription: Prescription | None = None,
    side: str = "auto",
    start_s: float | None = None,
    end_s: float | None = None,
) -> SetResult:
    """Analyse saved landmarks, the ``.npz`` of ``formcheck.traces``. Raises SourceError and SpecError."""
    path = Path(path)
    trace = read_landmarks(path)
    first_s, last_s = -float("inf") if start_s is None else start_s, float("inf") if end_s is None else end_s
    inside = [pose for pose in poses_from_trace(trace) if first_s <= pose.t_s <= last_s]
    if not inside:
        raise SourceError(
            f"{path} has no landmarks in the chosen part of its {trace.t_s[-1]:.1f} s.",
            code="source_range",
            path=str(path),
        )
    source = Source(
        name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        width=trace.size_px[0],
        height=trace.size_px[1],
        duration_s=round(float(trace.t_s[-1]), 3),
        kind="landmarks",
        start_s=start_s,
        end_s=end_s,
    )
    return run_set(inside, exercise, source, prescription=prescription, side=side, software=software_of(exercise))


def video_software(exercise: Exercise, model: str) -> dict[str, str]:
    """Return what makes the record of a video here: also MediaPipe, and the model by name and digest."""
    sha256 = models()[model].sha256
    return software_of(exercise, mediapipe=metadata.version("mediapipe"), model=model, model_sha256=sha256)


def software_of(exercise: Exercise, **parts: str) -> dict[str, str]:
    """Return what made a record: versions, and the digest of the exercise's rules. ``parts`` are added."""
    digest = hashlib.sha256(exercise.model_dump_json().encode()).hexdigest()
    return {"formcheck": formcheck.__version__, "python": platform.python_version(), "exercise_sha256": digest, **parts}
