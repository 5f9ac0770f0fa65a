"""``formcheck report`` and ``formcheck export``: an analysed set as a report or in another format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.analysis.stored_set import read_set
from formcheck.cli.screen import say
from formcheck.errors import SourceError, UsageError
from formcheck.exports import FORMATS, SetToExport
from formcheck.exports import export as write_format
from formcheck.files.atomic import check_output, open_output, write_text
from formcheck.i18n import translator
from formcheck.model.corrections import Corrected, Correction, apply, read_corrections
from formcheck.reports.figures import Moment, with_pictures, worst_moments
from formcheck.reports.html import html_report
from formcheck.reports.pdf import pdf_report

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from formcheck.model.frames import Trace
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

_REPORTS = (".html", ".pdf")


def report(args: argparse.Namespace) -> None:
    """Write the report of a record as HTML and PDF. Raises FormcheckError."""
    targets = _report_targets(args.record, args.out)
    for path in targets:
        _check_target(path, args)
    record, trace = read_set(args.record, args.trace)
    exercise = exercises.load(record.exercise)
    corrected = apply(record, _corrections(args.corrections))
    moments = _moments(args, corrected.record, trace, exercise)
    for path in targets:
        write_report(path, corrected.record, trace, exercise, args.language, corrected, moments)
        say(translator(args.language)("cli.wrote.line", path=path))


def write_report(
    path: Path,
    record: SetRecord,
    trace: Trace | None,
    exercise: Exercise,
    language: str,
    corrected: Corrected | None = None,
    moments: list[Moment] | None = None,
) -> None:
    """Write a report as PDF or HTML, depending on the file's ending. Arguments as in ``html_report``. Raises OutputError."""
    if path.suffix.lower() == ".pdf":
        with open_output(path, "wb") as file:
            file.write(pdf_report(record, trace, exercise, language, corrected, moments))
    else:
        write_text(path, html_report(record, trace, exercise, language, corrected, moments))


def export(args: argparse.Namespace) -> None:
    """Write a record, or the landmarks that it was judged on, in another format. Raises FormcheckError."""
    ending = FORMATS[args.format].ending
    path = args.out or args.record.with_name(args.record.stem + ending)
    last = f".{ending.rpartition('.')[2]}"
    if path.suffix.lower() != last:
        raise UsageError(
            f"--out {path}: the name must end in {last}.",
            code="output_ending",
            name="out",
            path=str(path),
            endings=last,
        )
    _check_target(path, args)
    record, trace = read_set(args.record, args.trace)
    data = SetToExport(
        record,
        trace,
        exercises.load(record.exercise),
        args.language,
        _corrections(args.corrections),
        args.subject,
        args.day,
    )
    write_format(data, args.format, path)
    t = translator(args.language)
    say(t("cli.wrote.line", path=path))
    if f"export.limits.{args.format}" in t:
        say(t(f"export.limits.{args.format}"))


def _moments(
    args: argparse.Namespace, record: SetRecord, trace: Trace | None, exercise: Exercise
) -> list[Moment] | None:
    """Return the worst moments with pictures from the video; None without a video."""
    if args.video is None:
        return None
    if trace is None:
        raise UsageError(
            "--video needs the landmarks of the set: name them with --trace FILE.npz.",
            code="trace_needed",
            format="--video",
        )
    return with_pictures(worst_moments(record, trace, exercise, args.language), args.video, record, trace, exercise)


def _report_targets(record: Path, out: Path | None) -> list[Path]:
    """Return the files to write: the named file, or both formats beside the record or in a folder."""
    if out is not None and out.suffix.lower() in _REPORTS:
        return [out]
    if out is not None and not out.is_dir():
        raise UsageError(
            f"--out {out}: name a folder that is there, or a file that ends in .html or .pdf.",
            code="report_target",
            path=str(out),
        )
    folder = record.parent if out is None else out
    return [folder / f"{record.stem}{ending}" for ending in _REPORTS]


def _check_target(path: Path, args: argparse.Namespace) -> None:
    """Raise an error before the work if the file cannot be written, or is one of the inputs."""
    read = {each.resolve() for each in (args.record, args.trace, args.corrections) if each is not None}
    if path.resolve() in read:
        raise UsageError(
            f"{path} is what is analysed: choose another name to write to.", code="output_is_source", path=str(path)
        )
    check_output(path)


def _corrections(path: Path | None) -> list[Correction]:
    if path is None:
        return []
    try:
        return read_corrections(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}.", code="source_missing", path=str(path)) from error
    except IsADirectoryError as error:
        raise SourceError(f"{path} is a folder. Name a file.", code="source_is_folder", path=str(path)) from error
    except PermissionError as error:
        message = f"Cannot read {path}: permission denied."
        raise SourceError(message, code="source_not_readable", path=str(path)) from error
