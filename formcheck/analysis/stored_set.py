"""A set that was written to files: its record, and its landmarks, measured again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.analysis.run import PoseSequence, SetResult
from formcheck.errors import SourceError
from formcheck.exercises import load
from formcheck.files.records import read_record
from formcheck.files.traces import poses_from_trace, read_landmarks
from formcheck.insights import side_by_side
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.engine.tracking.tracker import SideChoice
    from formcheck.model.frames import Trace
    from formcheck.model.records import SetRecord


def read_set(record_path: Path | str, trace_path: Path | str | None) -> tuple[SetRecord, Trace | None]:
    """Read a record and, where given, the landmarks that it was judged on. Every signal is measured again.

    Parameters
    ----------
    record_path : path
    trace_path : path or None

    Returns
    -------
    record : SetRecord
        As it was written.
    trace : Trace or None

    Raises
    ------
    SourceError
        The files cannot be read, or ``trace_frames``, ``trace_size``, ``trace_movement``: they do not belong together.
    UsageError
        This version does not know the exercise.
    """
    record = read_record(record_path)
    return record, None if trace_path is None else remeasure(record, trace_path)


def remeasure(record: SetRecord, trace_path: Path | str) -> Trace:
    """Return the landmarks of a record with their signals.

    Parameters
    ----------
    record : SetRecord
    trace_path : path

    Returns
    -------
    Trace

    Raises
    ------
    SourceError
        The file cannot be read, or ``trace_frames``, ``trace_size``, ``trace_movement``: it does not belong to the record.
    """
    trace = read_landmarks(trace_path)
    path, frames = str(trace_path), record.quality.frames
    if len(trace.t_s) != frames:
        message = f"{path} does not belong to this record: it has {len(trace.t_s)} pictures, the record {frames}."
        raise SourceError(message, code="trace_frames", path=path, found=len(trace.t_s), wanted=frames)
    size = (record.source.width, record.source.height)
    if trace.size_px != size:
        found, wanted = (f"{width}×{height}" for width, height in (trace.size_px, size))
        message = f"{path} does not belong to this record: its pictures are {found}, those of the record {wanted}."
        raise SourceError(message, code="trace_size", path=path, found=found, wanted=wanted)
    given = Prescription.model_validate(record.prescription) if record.prescription else None
    rejudged = judge_again(record, trace, prescription=given, side=record.view.near_side or "auto")
    both = side_by_side(record, rejudged.record)
    if any(row.old_index for row in both) and not any(row.old_index and row.new_index for row in both):
        message = f"{path} does not belong to this record: nothing that the record tells of happens in it."
        raise SourceError(message, code="trace_movement", path=path)
    return rejudged.trace


def judge_again(
    record: SetRecord, trace: Trace, *, prescription: Prescription | None, side: SideChoice = "auto"
) -> SetResult:
    """Judge the landmarks of a record by today's rules.

    Parameters
    ----------
    record : SetRecord
        What only the video told is taken from it: the source, and how many pictures were broken.
    trace : Trace
        Its landmarks.
    prescription : Prescription or None
    side : {"auto", "left", "right"}
        The side to judge.

    Returns
    -------
    SetResult
        With the trace's events of the file.
    """
    poses = tuple(poses_from_trace(trace))
    material = PoseSequence(poses, record.source, {}, record.quality.broken_frames, trace.file_events)
    return material.judge(load(record.exercise), prescription=prescription, side=side)
