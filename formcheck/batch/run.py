"""Carry out a batch: only new videos are analysed, and every record is written as soon as it is there."""

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

    from formcheck.batch.workers import JobOutcomes

RECORDS = "records"
"""Name of the folder of records inside the folder of the results."""

STEM_LENGTH = 50
"""Characters of a video's name in its record's name. The whole name stays below the 255 bytes of common file systems."""


@dataclass(slots=True, frozen=True)
class SummaryRow:
    """The result of one job: a record or an error.

    Attributes
    ----------
    job : BatchJob
    sha256 : str or None
        Of the video; None when it cannot be read.
    key : str
    record : SetRecord or None
    error : FormcheckError or None
    new : bool
        The record was made, or the job failed, in this run.
    """

    job: BatchJob
    sha256: str | None = None
    key: str = ""
    record: SetRecord | None = None
    error: FormcheckError | None = None
    new: bool = True

    @property
    def finished(self) -> SetRecord:
        """The record of a job that has one."""
        assert self.record is not None
        return self.record

    def file(self, folder: Path) -> Path:
        """Return the path of the record. Its name holds the video's name for people and the key for this program.

        Parameters
        ----------
        folder : Path
            The folder of the results.

        Returns
        -------
        Path
        """
        return folder / RECORDS / f"{self.job.video.name[:STEM_LENGTH]}.{self.job.exercise}.{self.key}.json"


def run(
    jobs: Iterable[BatchJob],
    folder: Path,
    work: Callable[[list[BatchJob]], JobOutcomes],
    progress: Callable[[int, int], None] | None = None,
) -> list[SummaryRow]:
    """Write the records of all jobs into a folder.

    Records stay there when the work is interrupted. Failed jobs are tried again in the next run.

    Parameters
    ----------
    jobs : iterable of BatchJob
    folder : Path
        The folder of the results.
    work : callable
        Analyses a list of jobs and yields their outcomes.
    progress : callable, optional
        Receives the number of finished jobs and of all jobs.

    Returns
    -------
    list of SummaryRow
        In the order of the jobs.

    Raises
    ------
    OutputError
        A record cannot be written. Errors of ``work`` and ``progress`` are raised too.
    """
    make_folder(folder / RECORDS)
    jobs = list(jobs)
    if progress is not None:
        progress(0, len(jobs))  # reading every video's hash takes a while too
    kept = {path.stem.rpartition(".")[2]: path for path in (folder / RECORDS).glob("*.json")}
    rows = {job: _find_finished(job, folder, kept) for job in jobs}
    new = [job for job, row in rows.items() if row.record is None and row.error is None]
    done = len(rows) - len(new)

    def report() -> None:
        if progress is not None:
            progress(done, len(rows))

    report()
    with closing(work(new)) as outcomes:
        for job, outcome in outcomes:
            rows[job] = _store_outcome(rows[job], outcome, folder)
            done += 1
            report()
    return list(rows.values())


def _find_finished(job: BatchJob, folder: Path, kept: dict[str, Path]) -> SummaryRow:
    """Return the row of a job that is already finished or cannot begin; otherwise a row without record and error.

    ``kept`` maps a key to the file of its record. The same video may have been analysed under another name.
    """
    try:
        sha256 = sha256_of(job.video)
    except FormcheckError as error:
        return SummaryRow(job, error=error)
    row = SummaryRow(job, sha256, job.key(sha256))
    record = _read_finished(kept.get(row.key))
    if record is None:
        return row
    if record.source.name != job.video.name:
        record = record.model_copy(update={"source": record.source.model_copy(update={"name": job.video.name})})
    row = replace(row, record=record, new=False)
    if not row.file(folder).exists():
        _write(row, folder)
    return row


def _read_finished(path: Path | None) -> SetRecord | None:
    """Return the record of a file. None: there is none, or it cannot be read and must be made again."""
    if path is None:
        return None
    try:
        return SetRecord.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _store_outcome(row: SummaryRow, outcome: SetRecord | FormcheckError, folder: Path) -> SummaryRow:
    """Write the record of a job and return the row with the outcome."""
    if isinstance(outcome, FormcheckError):
        return replace(row, error=outcome)
    assert row.sha256 is not None  # else the job was not given to `work`
    try:
        check_made_here(outcome, row.job.video, row.sha256, row.job.model)
    except WorkerError as error:
        return replace(row, error=error)
    row = replace(row, record=outcome)
    _write(row, folder)
    return row


def _write(row: SummaryRow, folder: Path) -> None:
    write_text(row.file(folder), row.finished.model_dump_json(indent=2) + "\n")
