"""Carrying out a batch: only what is new is analysed, and every record is kept the moment that it is there."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from formcheck.batch.jobs import BatchJob, check_made_here
from formcheck.errors import FormcheckError, WorkerError
from formcheck.files.atomic import make_folder, write_text
from formcheck.model.records import SetRecord
from formcheck.video.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from formcheck.batch.workers import Outcomes

RECORDS = "records"
"""The folder, in that of the results, that holds the records."""

STEM_LENGTH = 50
"""Characters of a video's name in that of its record: with the rest it stays below what a file system allows."""


@dataclass(slots=True, frozen=True)
class SummaryRow:
    """What came of one job: a record and its file, or the error. ``new``: it was made, or failed, in this run."""

    job: BatchJob
    sha256: str | None = None
    key: str = ""
    record: SetRecord | None = None
    error: FormcheckError | None = None
    new: bool = True

    def file(self, folder: Path) -> Path:
        """Return where the record is kept: named for people, and by the key for this program."""
        return folder / RECORDS / f"{self.job.video.name[:STEM_LENGTH]}.{self.job.exercise}.{self.key}.json"


def run(
    jobs: Iterable[BatchJob],
    folder: Path,
    work: Callable[[list[BatchJob]], Outcomes],
    progress: Callable[[int, int], None] | None = None,
) -> list[SummaryRow]:
    """Bring the records of all jobs into ``folder`` and return what came of each, in the order of the jobs.

    ``work`` analyses those that are not there yet. ``progress`` gets how many are done, of how many. What is written
    stays, whatever ends the work; failed jobs are tried again the next time. Raises OutputError, and what ``work``
    and ``progress`` raise.
    """
    make_folder(folder / RECORDS)
    jobs = list(jobs)
    if progress is not None:
        progress(0, len(jobs))  # to look at all of them takes a while too
    kept = {path.stem.rpartition(".")[2]: path for path in (folder / RECORDS).glob("*.json")}
    rows = {job: _look(job, folder, kept) for job in jobs}
    new = [job for job, row in rows.items() if row.record is None and row.error is None]
    done = len(rows) - len(new)

    def moved() -> None:
        if progress is not None:
            progress(done, len(rows))

    moved()
    with closing(work(new)) as outcomes:
        for job, outcome in outcomes:
            rows[job] = _kept(rows[job], outcome, folder)
            done += 1
            moved()
    return list(rows.values())


def _look(job: BatchJob, folder: Path, kept: dict[str, Path]) -> SummaryRow:
    """Return the row of a job that is finished already, or cannot be begun; else one without record and error.

    ``kept``: a record's file by its key. The same video may have been analysed under another name.
    """
    try:
        sha256 = sha256_of(job.video)
    except FormcheckError as error:
        return SummaryRow(job, error=error)
    row = SummaryRow(job, sha256, job.key(sha256))
    record = _finished(kept.get(row.key))
    if record is None:
        return row
    if record.source.name != job.video.name:
        record = record.model_copy(update={"source": record.source.model_copy(update={"name": job.video.name})})
    row = replace(row, record=record, new=False)
    if not row.file(folder).exists():
        _write(row, folder)
    return row


def _finished(path: Path | None) -> SetRecord | None:
    """Return the record of a file; None when there is none, or it cannot be read: then it is made again."""
    if path is None:
        return None
    try:
        return SetRecord.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _kept(row: SummaryRow, outcome: SetRecord | FormcheckError, folder: Path) -> SummaryRow:
    """Return the row with what came of its job, after writing the record."""
    if isinstance(outcome, FormcheckError):
        return replace(row, error=outcome)
    try:
        check_made_here(outcome, row.job.video, row.sha256, row.job.model)
    except WorkerError as error:
        return replace(row, error=error)
    row = replace(row, record=outcome)
    _write(row, folder)
    return row


def _write(row: SummaryRow, folder: Path) -> None:
    write_text(row.file(folder), row.record.model_dump_json(indent=2) + "\n")
