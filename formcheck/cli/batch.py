"""``formcheck batch``: a folder of videos, or a manifest, to records, a table and a page."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.analysis.recognition import AUTO
from formcheck.batch import workers
from formcheck.batch.jobs import BatchJob, Defaults, read_jobs
from formcheck.batch.page import html_page, sentence, totals
from formcheck.batch.run import SummaryRow, run
from formcheck.batch.summary import status_of, write_tables
from formcheck.cli import INTERRUPTED, exit_code
from formcheck.cli.analyze import NOBODY, prescription_of
from formcheck.cli.screen import progress_bar, say, say_error, show_table
from formcheck.errors import UsageError
from formcheck.files.atomic import check_output, make_folder, write_text
from formcheck.i18n import translator
from formcheck.pose.models import read_model

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(slots=True, frozen=True)
class ProblemRow:
    """One video that could not be analysed or shows no person."""

    video: str
    exercise: str
    result: str


def batch(args: argparse.Namespace) -> int:
    """Analyse the new videos, write everything and show the failures.

    Returns 0. If a video failed, it returns the exit code of the first error; otherwise 4 if a video shows no person. Raises
    FormcheckError.
    """
    jobs = _jobs(args)
    folder = args.out or _beside(args.source)
    page = folder / "report.html"
    make_folder(folder)
    check_output(page)
    read_model(args.model)
    try:
        with progress_bar(args.language, "batch.progress.label", "batch.progress.videos", every=1) as move:
            rows = run(jobs, folder, _work(args), lambda done, of: move(done, done / of))
    except KeyboardInterrupt:
        say_error(translator(args.language)("batch.interrupted", path=folder))
        return INTERRUPTED
    written = [*write_tables(rows, folder, args.language), page]
    write_text(page, html_page(rows, folder, args.language))
    _show(rows, written, args.language)
    failed = next((row.error for row in rows if row.error is not None), None)
    if failed is not None:
        return exit_code(failed)
    return NOBODY if any(status_of(row) == "nobody" for row in rows) else 0


def _jobs(args: argparse.Namespace) -> list[BatchJob]:
    if args.workers is not None and args.scheduler is not None:
        raise UsageError(
            "--workers is for this machine: a cluster has its own, so leave one of --workers and --scheduler out.",
            code="workers_or_scheduler",
        )
    if args.exercise not in (None, AUTO):
        exercises.load(args.exercise)
    defaults = Defaults(args.exercise, functools.partial(prescription_of, args), args.side, args.model)
    return read_jobs(args.source, defaults)


def _beside(source: Path) -> Path:
    """Return the folder for the results, beside the source. A folder and a manifest of the same name get different folders."""
    source = source.resolve()
    return source.with_name(f"{source.name}.formcheck")


def _work(args: argparse.Namespace) -> Callable[[list[BatchJob]], workers.JobOutcomes]:
    if args.scheduler is not None:
        return functools.partial(workers.on_cluster, scheduler=args.scheduler)
    return functools.partial(workers.in_processes, workers=args.workers or workers.usable_cores())


def _show(rows: Sequence[SummaryRow], written: Sequence[Path], language: str) -> None:
    t = translator(language)
    bad = [
        ProblemRow(row.job.name, row.job.exercise, sentence(row, language)) for row in rows if status_of(row) != "done"
    ]
    show_table(t("batch.page.failed"), {name: t(f"batch.column.{name}") for name in ProblemRow.__slots__}, bad)
    say(f"{totals(rows, language)}. {t('batch.total.new', n=sum(row.new for row in rows))}")
    for path in written:
        say(t("cli.wrote.line", path=path), wrap=False)
