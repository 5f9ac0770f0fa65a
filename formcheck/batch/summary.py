"""Results of a batch as a table with one row for each video: Parquet and CSV, for a notebook or a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.errors import OutputError
from formcheck.files import native_libraries
from formcheck.files.atomic import open_output
from formcheck.i18n import error_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from formcheck.batch.run import SummaryRow
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

TABLE = "summary"
"""The tables' file name, without ending."""

COLUMNS = {
    "video": "string",
    "exercise": "string",
    "status": "string",
    "reason": "string",
    "reason_text": "string",
    "record": "string",
    "view": "string",
    "near_side": "string",
    "duration_s": "double",
    "frames": "int64",
    "person_share": "double",
    "assessable_share": "double",
    "rep_count": "int64",
    "partial_count": "int64",
    "depth_mean_deg": "double",
    "hold_s": "double",
    "in_form_s": "double",
    "longest_in_form_s": "double",
    "faults": "int64",
    "hints": "int64",
    "fault_rules": "string",
    "not_assessed_rules": "string",
    "model": "string",
    "formcheck": "string",
    "video_sha256": "string",
}
"""The columns and their Arrow types.

``status`` is ``done``, ``nobody`` (no person was seen) or ``failed``, with the error's code as ``reason``. An empty cell does
not apply or could not be measured.
"""


def status_of(row: SummaryRow) -> str:
    """Return the status of a row.

    Parameters
    ----------
    row : SummaryRow

    Returns
    -------
    {"done", "nobody", "failed"}
    """
    if row.record is None:
        return "failed"
    return "done" if row.record.person_seen else "nobody"


def table_rows(rows: Sequence[SummaryRow], folder: Path, language: str) -> list[dict[str, object]]:
    """Return the table as one dictionary for each video, with every column.

    Parameters
    ----------
    rows : sequence of SummaryRow
    folder : Path
        The folder of the results.
    language : str
        Of the reasons.

    Returns
    -------
    list of dict
    """
    return [dict.fromkeys(COLUMNS) | _row(row, folder, language) for row in rows]


def write_tables(rows: Sequence[SummaryRow], folder: Path, language: str) -> list[Path]:
    """Write ``summary.parquet`` and ``summary.csv``, each whole or not at all.

    Parameters
    ----------
    rows : sequence of SummaryRow
    folder : Path
        The folder of the results.
    language : str

    Returns
    -------
    list of Path
        The two files.

    Raises
    ------
    OutputError
        ``output_*``, or pyarrow cannot be loaded.
    """
    pyarrow = native_libraries.load("pyarrow", OutputError)
    csv, parquet = (
        native_libraries.load("pyarrow.csv", OutputError),
        native_libraries.load("pyarrow.parquet", OutputError),
    )
    schema = pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, kind in COLUMNS.items()])
    table = pyarrow.Table.from_pylist(table_rows(rows, folder, language), schema)
    written = []
    for name, write in ((f"{TABLE}.parquet", parquet.write_table), (f"{TABLE}.csv", csv.write_csv)):
        written.append(folder / name)
        with open_output(written[-1]) as file:
            write(table, file)
    return written


def _row(row: SummaryRow, folder: Path, language: str) -> dict[str, object]:
    about: dict[str, object] = {
        "video": row.job.name,
        "exercise": row.job.exercise,
        "status": status_of(row),
        "model": row.job.model,
        "video_sha256": row.sha256,
    }
    if row.error is not None:
        return about | {"reason": row.error.code, "reason_text": error_text(row.error, language)}
    file = row.file(folder).relative_to(folder).as_posix()
    return about | {"record": file} | _measures(row.finished, exercises.load(row.job.exercise))


def _measures(record: SetRecord, exercise: Exercise) -> dict[str, object]:
    measured: dict[str, object] = {
        "duration_s": record.source.duration_s,
        "frames": record.quality.frames,
        "person_share": record.quality.person_share,
        "formcheck": record.software["formcheck"],
    }
    if not record.person_seen:
        return measured
    depth = record.statistics.get("knee_flexion_peak_deg")
    if exercise.movement.kind == "rep_cycle":
        measured |= {"rep_count": record.rep_count, "partial_count": record.partial_count}
    else:
        measured |= {name: getattr(record, name) for name in ("hold_s", "in_form_s", "longest_in_form_s")}
    shown = record.shown_faults
    if shown or record.anything_ok:  # if nothing was judged, no fault has no meaning
        measured |= {
            "faults": sum(fault.severity == 2 for fault in shown),
            "hints": sum(fault.severity == 1 for fault in shown),
            "fault_rules": _joined(fault.rule for fault in shown),
        }
    return measured | {
        "view": record.view.label,
        "near_side": record.view.near_side,
        "assessable_share": record.quality.assessable_share,
        "depth_mean_deg": depth.mean if depth else None,
        "not_assessed_rules": _joined(entry.rule for entry in record.not_assessed),
    }


def _joined(rules: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(rules))
