"""A finished set in the formats of others: tables, landmarks, motion-laboratory files, health records.

``FORMATS`` names them all, and importing it loads nothing else. What needs a library of its own (C3D, FHIR)
imports it when it is used and says how to install it.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from formcheck.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import ModuleType

    from formcheck.model.corrections import Correction
    from formcheck.model.frames import Trace
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise


@dataclass(slots=True, frozen=True)
class SetToExport:
    """What a writer may use. ``trace``: None when no landmarks were given. ``subject``, ``day``: for a health record only."""

    record: SetRecord
    trace: Trace | None
    exercise: Exercise
    language: str = "en"
    corrections: Sequence[Correction] = ()
    subject: str | None = None
    day: str | None = None


@dataclass(slots=True, frozen=True)
class Format:
    """One format: where its writer is, how its file ends, whether it needs the landmarks."""

    writer: str
    ending: str
    needs_trace: bool = False


FORMATS = {
    "json": Format("tables.write_json", ".record.json"),
    "review": Format("tables.write_review", ".review.json"),
    "csv": Format("tables.write_csv", ".csv"),
    "npz": Format("tables.write_npz", ".npz", needs_trace=True),
    "trc": Format("opensim.write_trc", ".trc", needs_trace=True),
    "mot": Format("opensim.write_mot", ".mot", needs_trace=True),
    "c3d": Format("c3d.write_c3d", ".c3d", needs_trace=True),
    "mp4": Format("tables.write_mp4", ".mp4", needs_trace=True),
    "fhir": Format("fhir.write_fhir", ".fhir.json"),
}


def export(data: SetToExport, name: str, path: Path | str) -> None:
    """Write a set in one of ``FORMATS`` to ``path``, whole or not at all; the numbers follow the corrections.

    Raises UsageError (``trace_needed``) and OutputError (``output_*``, ``interop_missing``).
    """
    chosen = FORMATS[name]
    if chosen.needs_trace and data.trace is None:
        raise UsageError(
            f"{name} needs the landmarks of the set: name them with --trace FILE.npz.", code="trace_needed", format=name
        )
    from formcheck.model.corrections import apply

    if name != "review":  # which holds both
        data = replace(data, record=apply(data.record, data.corrections).record)
    module, _, function = chosen.writer.partition(".")
    getattr(importlib.import_module(f"formcheck.exports.{module}"), function)(data, path)


def interop(module: str, what: str) -> ModuleType:
    """Import a library that only an export needs. Raises OutputError (``interop_missing``) with the line that installs it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = {"fhir.resources.R4B.bundle": "fhir.resources"}.get(module, module)
        raise OutputError(
            f"{what} needs the Python package {package}. Install it with: pip install {package}",
            code="interop_missing",
            path=what,
            package=package,
        ) from error
