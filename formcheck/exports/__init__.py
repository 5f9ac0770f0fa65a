"""A finished set in other programs' formats: tables, landmarks, motion-laboratory files, health records.

``FORMATS`` names them all, and importing it loads nothing else. A format that needs a library of its own (C3D, FHIR) imports
it when it is used, and its error says how to install the library.
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
    """The data that a writer may use.

    Attributes
    ----------
    record : SetRecord
    trace : Trace or None
        None when no landmarks were given.
    exercise : Exercise
    language : str
    corrections : sequence of Correction
    subject, day : str or None
        For a health record only: a FHIR reference and a date.
    """

    record: SetRecord
    trace: Trace | None
    exercise: Exercise
    language: str = "en"
    corrections: Sequence[Correction] = ()
    subject: str | None = None
    day: str | None = None

    def landmarks(self, name: str) -> Trace:
        """Return the trace for a format that needs it.

        Parameters
        ----------
        name : str
            The format, for the error.

        Returns
        -------
        Trace

        Raises
        ------
        UsageError
            ``trace_needed``.
        """
        if self.trace is None:
            message = f"{name} needs the landmarks of the set: name them with --trace FILE.npz."
            raise UsageError(message, code="trace_needed", format=name)
        return self.trace


@dataclass(slots=True, frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    writer : str
        Module and function inside this package.
    ending : str
        Of the file.
    needs_trace : bool
        The landmarks are needed.
    """

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
    """Write a set in one of ``FORMATS``, whole or not at all. The numbers follow the corrections.

    Parameters
    ----------
    data : SetToExport
    name : str
        Key of ``FORMATS``.
    path : path

    Raises
    ------
    UsageError
        ``trace_needed``.
    OutputError
        ``output_*``, ``interop_missing``.
    """
    chosen = FORMATS[name]
    if chosen.needs_trace:
        data.landmarks(name)
    from formcheck.model.corrections import apply

    if name != "review":  # a review holds both records
        data = replace(data, record=apply(data.record, data.corrections).record)
    module, _, function = chosen.writer.partition(".")
    getattr(importlib.import_module(f"formcheck.exports.{module}"), function)(data, path)


def interop(module: str, what: str) -> ModuleType:
    """Import a library that only an export needs.

    Parameters
    ----------
    module : str
        Dotted name.
    what : str
        The format, for the error.

    Returns
    -------
    module

    Raises
    ------
    OutputError
        ``interop_missing``, with the command that installs it.
    """
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
