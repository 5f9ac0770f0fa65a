"""A set as files: the record that was written as JSON, and the landmarks that belong to it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import ValidationError

from formcheck.analysis import run_set
from formcheck.errors import SourceError
from formcheck.exercises import load
from formcheck.frames import Trace
from formcheck.programme import Prescription
from formcheck.records import SCHEMA_VERSION, SetRecord
from formcheck.traces import poses_from_trace, read_landmarks
from formcheck.understanding import side_by_side


def read_record(path: Path | str) -> SetRecord:
    """Read the record of a set. One of the same major version is read, with the defaults of what was added since.

    Raises SourceError: ``source_missing``, ``source_is_folder``, ``source_not_readable``, ``record_json`` (no JSON object),
    ``record_version`` (of another major version, or none given), ``record_newer``, ``record_value``.
    """
    path = Path(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}.", code="source_missing", path=str(path)) from error
    except IsADirectoryError as error:
        raise SourceError(f"{path} is a folder. Name a file.", code="source_is_folder", path=str(path)) from error
    except PermissionError as error:
        message = f"Cannot read {path}: permission denied."
        raise SourceError(message, code="source_not_readable", path=str(path)) from error
    except ValueError as error:
        raise _no_record(path) from error
    if not isinstance(data, dict):
        raise _no_record(path)
    _check_version(path, data.get("schema_version"))
    try:
        return SetRecord.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        message = f"{path}: {field}: {first['msg']}."
        raise SourceError(message, code="record_value", path=str(path), field=field, what=first["msg"]) from error


def read_set(record_path: Path | str, trace_path: Path | str | None) -> tuple[SetRecord, Trace | None]:
    """Read a record and, where it is given, the landmarks that it was judged on, with every signal measured anew.

    The record stays as it was written. Raises SourceError (also ``trace_frames``, ``trace_size``, ``trace_movement``), and
    UsageError for an exercise that this version does not know.
    """
    record = read_record(record_path)
    return record, None if trace_path is None else measured(record, trace_path)


def measured(record: SetRecord, trace_path: Path | str) -> Trace:
    """Return the landmarks of a record with their signals. Raises SourceError (``trace_*``, and as reading them)."""
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
    again = run_set(
        poses_from_trace(trace), load(record.exercise), record.source,
        prescription=given, side=record.view.near_side or "auto",
    )  # fmt: skip
    both = side_by_side(record, again.record)
    if any(row.old_index for row in both) and not any(row.old_index and row.new_index for row in both):
        message = f"{path} does not belong to this record: nothing that the record tells of happens in it."
        raise SourceError(message, code="trace_movement", path=path)
    return again.trace


def _check_version(path: Path, version: object) -> None:
    found = re.fullmatch(r"(\d+)\.(\d+)", version) if isinstance(version, str) else None
    ours = tuple(map(int, SCHEMA_VERSION.split(".")))
    theirs = tuple(map(int, found.groups())) if found else None
    if theirs is not None and theirs > ours:
        message = f"{path} was made by a newer formcheck (record version {version}). Install that version."
        raise SourceError(message, code="record_newer", path=str(path), version=version)
    if theirs is None or theirs[0] < ours[0]:
        said = version if found else "none"
        raise SourceError(
            f"{path}: record version {said} cannot be read, {SCHEMA_VERSION} can. Analyse the video or the landmarks again.",
            code="record_version", path=str(path), version=said, known=SCHEMA_VERSION,
        )  # fmt: skip


def _no_record(path: Path) -> SourceError:
    message = f"{path} is not a record: it must be the JSON that formcheck wrote."
    return SourceError(message, code="record_json", path=str(path))
