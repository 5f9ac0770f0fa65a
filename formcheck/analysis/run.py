"""The use cases: from poses, a landmark file or a video to a judged set. ``run_set`` is the only loop."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.analysis.nothing import explained
from formcheck.analysis.people import (
    LookAgain,
    PeopleSearch,
    body_size_px,
    check_person,
    followed_person,
    poses_of_each,
    travel_ratio,
)
from formcheck.engine.analyzer import Analyzer
from formcheck.engine.person.gate import CUT_SEEN_S
from formcheck.errors import SourceError
from formcheck.files.traces import poses_from_trace, read_landmarks
from formcheck.model.records import Event, SetRecord, Source
from formcheck.pose.models import models
from formcheck.version import VERSION
from formcheck.video.clock import MAX_FPS

if TYPE_CHECKING:
    from formcheck.engine.tracking.tracker import SideChoice
    from formcheck.model.frames import Frame, FrameResult, Pose, Trace
    from formcheck.model.records import EventKind
    from formcheck.pose.people import PersonTrack
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.prescription import Prescription
    from formcheck.video.read_report import ReadReport

Progress = Callable[[int, float | None], None]
"""Receives the frames done and their share of the whole (None = unknown). An exception that it raises ends the work."""


@dataclass(slots=True, frozen=True)
class SetResult:
    """A finished set: its record and its trace. The trace can be judged again."""

    record: SetRecord
    trace: Trace


def run_set(
    poses: Iterable[Pose],
    exercise: Exercise,
    source: Source,
    *,
    prescription: Prescription | None = None,
    side: SideChoice = "auto",
    software: dict[str, str] | None = None,
    on_frame: Callable[[FrameResult], None] | None = None,
) -> SetResult:
    """Feed poses to an analyzer until they end. Live training, uploads, batches and re-analysis all run this loop.

    Parameters
    ----------
    poses : iterable of Pose
    exercise : Exercise
    source : Source
    prescription : Prescription, optional
    side : {"auto", "left", "right"}
        The side to judge.
    software : dict of str to str, optional
        Versions to record.
    on_frame : callable, optional
        Receives the causal FrameResult of each frame. An exception that it raises ends the loop.

    Returns
    -------
    SetResult

    Raises
    ------
    SourceError
        There are no poses.
    """
    analyzer = Analyzer(exercise, prescription=prescription, side=side)
    for pose in poses:
        result = analyzer.update(pose)
        if on_frame is not None:
            on_frame(result)
    if not analyzer.frames:
        raise SourceError(f"{source.name} has no pictures.", code="source_no_frames", path=source.name)
    return SetResult(*analyzer.finish(source, software or {}))


@dataclass(slots=True, frozen=True)
class PoseSequence:
    """Poses and their source. They can be judged without a second look at the pictures.

    Attributes
    ----------
    poses : tuple of Pose
    source : Source
    software : dict of str to str
        Names and versions of the estimator.
    broken_frames : int
        Pictures that could not be decoded.
    events : tuple of Event
        What is wrong with the file.
    others : tuple of PoseSequence
        The same video with other people followed. The one who does most of an exercise is judged.
    """

    poses: tuple[Pose, ...]
    source: Source
    software: dict[str, str]
    broken_frames: int = 0
    events: tuple[Event, ...] = ()
    others: tuple[PoseSequence, ...] = ()

    def part(self, start_s: float | None, end_s: float | None) -> PoseSequence:
        """Return the part between two times.

        Parameters
        ----------
        start_s, end_s : float or None
            None = where this sequence begins or ends.

        Returns
        -------
        PoseSequence

        Raises
        ------
        SourceError
            ``source_range``: there are no poses in the part.
        """
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
        source = self.source.model_copy(update={"start_s": start_s, "end_s": end_s})
        events = tuple(event for event in self.events if event.start_s <= last_s and event.end_s >= first_s)
        others = tuple(other.part(start_s, end_s) for other in self.others)
        return replace(self, poses=inside, source=source, events=events, others=others)

    def judge(
        self, exercise: Exercise, *, prescription: Prescription | None = None, side: SideChoice = "auto"
    ) -> SetResult:
        """Judge the poses as one exercise.

        Parameters
        ----------
        exercise : Exercise
        prescription : Prescription, optional
        side : {"auto", "left", "right"}
            The side to judge.

        Returns
        -------
        SetResult
            Of several people, of the one with most repetitions or the longest holds. Among equals it is the largest one,
            and where no person did any, the one who moved most.
        """
        judged = [(one.poses, one._judge(exercise, prescription, side)) for one in (self, *self.others)]

        def done(one: tuple[tuple[Pose, ...], SetResult]) -> tuple[float, float]:
            poses, result = one
            amount = result.record.rep_count or result.record.hold_s
            return amount, body_size_px(poses) if amount else travel_ratio(poses)

        chosen = judged[0][1] if len(judged) == 1 else max(judged, key=done)[1]
        return replace(chosen, record=explained(chosen.record, chosen.trace, exercise))

    def _judge(self, exercise: Exercise, prescription: Prescription | None, side: SideChoice) -> SetResult:
        result = run_set(
            self.poses,
            exercise,
            self.source,
            prescription=prescription,
            side=side,
            software=software_of(exercise, **self.software),
        )
        quality = result.record.quality.model_copy(update={"broken_frames": self.broken_frames})
        cuts_told_s = [
            at_s for event in self.events if event.kind == "picture_turned" for at_s in (event.start_s, event.end_s)
        ]
        own = [event for event in result.record.events if not _is_same_cut(event, cuts_told_s)]
        record = result.record.model_copy(update={"quality": quality, "events": [*own, *self.events]})
        return SetResult(record, replace(result.trace, file_events=self.events))


def read_video(
    path: Path | str,
    *,
    model: str = "full",
    start_s: float | None = None,
    end_s: float | None = None,
    turn_deg: int = 0,
    max_fps: float | None = MAX_FPS,
    person: int | None = None,
    progress: Progress | None = None,
) -> PoseSequence:
    """Estimate the poses of a video. Every file is closed afterwards, also after an error.

    Parameters
    ----------
    path : path
    model : {"full", "lite"}
    start_s, end_s : float, optional
        The part to look at. Times stay those of the file.
    turn_deg : int
        Turn the pictures clockwise, beyond what the file says of itself: 0, 90, 180 or 270.
    max_fps : float or None
        At most so many pictures a second are looked at, evenly by time. None: all.
    person : int, optional
        Whom of several people to follow, counted from the left, from 1. Default: decided when the poses are judged.
    progress : callable, optional
        Receives the frames done and their share (None = unknown). An exception that it raises ends the work. Of several people
        the film is read again for each.

    Returns
    -------
    PoseSequence

    Raises
    ------
    SourceError
        As reading a file; ``one_picture``: there is no movement in it.
    UsageError
        ``person_number``: there is no such person.
    ModelFileError, EstimatorError
    """
    from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
    from formcheck.video.camera_motion import CameraTracker
    from formcheck.video.darkness import DarkSpans
    from formcheck.video.files import Reading, probe, read_frames, sha256_of
    from formcheck.video.prefetch import read_ahead
    from formcheck.video.read_report import ReadReport

    path, report = Path(path), ReadReport()
    info, sha256 = probe(path), sha256_of(path)
    reading = Reading(turn_deg, max_frames_per_s=max_fps)
    first_s, last_s = start_s or 0.0, min(info.duration_s, end_s or info.duration_s)
    poses, camera, dark = [], CameraTracker(), DarkSpans()

    def report_progress(done: int, t_s: float) -> None:
        if progress is not None:
            progress(done, min((t_s - first_s) / (last_s - first_s), 1.0) if last_s > first_s else None)

    def look_again(painted: Callable[[Frame], Frame]) -> Generator[Pose]:
        with (
            MediaPipeEstimator(model) as estimator,
            closing(read_ahead(read_frames(path, start_s, end_s, reading=reading))) as frames,
        ):
            for done, frame in enumerate(frames, 1):
                yield estimator.estimate(painted(frame))
                report_progress(done, frame.t_s)

    with (
        MediaPipeEstimator(model) as estimator,
        PeopleSearch() as search,
        closing(read_ahead(read_frames(path, start_s, end_s, report, reading))) as frames,
    ):
        for done, frame in enumerate(frames, 1):
            poses.append(camera.update(frame, estimator.estimate(frame)))
            dark.update(frame.t_s, frame.rgb)
            search.update(frame, poses[-1])
            report_progress(done, frame.t_s)
    if len(poses) == 1 and start_s is end_s is None:
        raise SourceError(
            f"{path} holds one picture only: a movement needs a video.", code="one_picture", path=str(path)
        )
    width, height = poses[0].size_px
    source = Source(
        name=path.name,
        sha256=sha256,
        width=width,
        height=height,
        duration_s=round(info.duration_s, 3),
        rotation_deg=info.rotation_deg,
        start_s=start_s,
        end_s=end_s,
        turned_deg=turn_deg,
        max_frames_per_s=max_fps if report.thinned_frames else None,
    )
    plain = PoseSequence(
        tuple(poses), source, _estimated_by(model), report.broken_frames, _events(report, dark.found_s)
    )
    people = search.people()
    check_person(person, people, path.name)
    return _followed(plain, people, person, look_again) if people else plain


def _followed(plain: PoseSequence, people: list[PersonTrack], person: int | None, look: LookAgain) -> PoseSequence:
    """Return the poses of the person who was asked for, else those of all; the one who moves most comes first."""
    numbers = range(1, len(people) + 1) if person is None else [person]
    each = [
        replace(
            plain,
            poses=poses,
            source=plain.source.model_copy(
                update={"person": followed_person(number, people, on_request=person is not None)}
            ),
        )
        for number, poses in poses_of_each(plain.poses, people, numbers, look).items()
    ]
    first, *others = sorted(each, key=lambda one: -travel_ratio(one.poses))
    return replace(first, others=tuple(others))


def _is_same_cut(event: Event, turned_s: Sequence[float]) -> bool:
    """Return whether a cut is the moment in which the picture was turned."""
    return event.kind == "film_cut" and any(0 <= event.start_s - at_s <= CUT_SEEN_S for at_s in turned_s)


def _events(report: ReadReport, dark_s: list[tuple[float, float]]) -> tuple[Event, ...]:
    """Return what is wrong with the file and its pictures."""
    found: list[tuple[EventKind, tuple[float, float]]] = [("picture_turned", span_s) for span_s in report.turned_s]
    found += [("too_dark", span_s) for span_s in dark_s]
    if report.missing_s is not None:
        found.append(("file_ended_early", report.missing_s))
    return tuple(Event(kind=kind, start_s=round(a, 3), end_s=round(b, 3)) for kind, (a, b) in found)


def read_poses(path: Path | str, *, start_s: float | None = None, end_s: float | None = None) -> PoseSequence:
    """Read saved landmarks, the ``.npz`` of ``formcheck.files.traces``.

    Parameters
    ----------
    path : path
    start_s, end_s : float, optional
        The part to keep.

    Returns
    -------
    PoseSequence

    Raises
    ------
    SourceError
    """
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
    return PoseSequence(tuple(poses_from_trace(trace)), source, {}, events=trace.file_events).part(start_s, end_s)


def analyze_video(
    path: Path | str,
    exercise: Exercise,
    *,
    prescription: Prescription | None = None,
    model: str = "full",
    side: SideChoice = "auto",
    start_s: float | None = None,
    end_s: float | None = None,
    turn_deg: int = 0,
    max_fps: float | None = MAX_FPS,
    person: int | None = None,
    progress: Progress | None = None,
) -> SetResult:
    """Analyse a video as one exercise.

    Parameters
    ----------
    path : path
    exercise : Exercise
    prescription : Prescription, optional
    model : {"full", "lite"}
    side : {"auto", "left", "right"}
        The side to judge.
    start_s, end_s : float, optional
        The part to look at. Times stay those of the file.
    turn_deg : int
        As in ``read_video``.
    max_fps : float or None
        As in ``read_video``.
    person : int, optional
        As in ``read_video``.
    progress : callable, optional
        As in ``read_video``.

    Returns
    -------
    SetResult

    Raises
    ------
    SpecError
        The prescription does not fit; raised before the long work.
    SourceError, ModelFileError, EstimatorError
    """
    if prescription is not None:
        prescription.check(exercise)
    material = read_video(
        path,
        model=model,
        start_s=start_s,
        end_s=end_s,
        turn_deg=turn_deg,
        max_fps=max_fps,
        person=person,
        progress=progress,
    )
    return material.judge(exercise, prescription=prescription, side=side)


def video_software(exercise: Exercise, model: str) -> dict[str, str]:
    """Return the software that makes the record of a video here, with MediaPipe, the model's name and its hash.

    Parameters
    ----------
    exercise : Exercise
    model : {"full", "lite"}

    Returns
    -------
    dict of str to str
    """
    return software_of(exercise, **_estimated_by(model))


def _estimated_by(model: str) -> dict[str, str]:
    return {"mediapipe": metadata.version("mediapipe"), "model": model, "model_sha256": models()[model].sha256}


def software_of(exercise: Exercise, **parts: str) -> dict[str, str]:
    """Return the software that made a record: versions, and the hash of the exercise's definition.

    Parameters
    ----------
    exercise : Exercise
    parts : str
        Added to the result by name.

    Returns
    -------
    dict of str to str
    """
    digest = hashlib.sha256(exercise.model_dump_json().encode()).hexdigest()
    return {"formcheck": VERSION, "python": platform.python_version(), "exercise_sha256": digest, **parts}
