"""Jobs of a batch, read from a folder of videos or from a manifest that names them; and the key of finished work.

A manifest is a CSV file with the columns ``video``, ``exercise``, ``prescription`` and ``side``, or a TOML file with a table
``[[videos]]`` of the same keys for each video. Only ``video`` is required. Paths are relative to the manifest's folder. A
prescription is a JSON file, or, in TOML, a table.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formcheck import exercises
from formcheck.analysis.recognition import AUTO
from formcheck.analysis.run import video_software
from formcheck.errors import FormcheckError, SourceError, UsageError, WorkerError
from formcheck.spec.prescription import Prescription, parse_prescription, read_prescription

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.engine.tracking.tracker import SideChoice
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

VIDEO_ENDINGS = {
    ".3g2",
    ".3gp",
    ".asf",
    ".avi",
    ".flv",
    ".gif",
    ".h264",
    ".hevc",
    ".m2ts",
    ".m4v",
    ".mjpeg",
    ".mkv",
    ".mov",
    ".mp4",
    ".mpeg",
    ".mpg",
    ".mts",
    ".mxf",
    ".ogv",
    ".ts",
    ".webm",
    ".wmv",
}
"""Endings of the files that are taken for videos in a folder. A manifest may name any file."""

MAX_ROWS_NAMED = 10
"""At most this many bad rows of a manifest are named. Default."""

_BEYOND = "beyond the columns"
"""Name for the column of cells that lie beyond the last column."""

KEY_LENGTH = 16
"""Hexadecimal digits of a key: 64 bits, enough to tell the records of one folder apart."""


@dataclass(slots=True, frozen=True, eq=False)
class BatchJob:
    """One video to analyse. A job is equal only to itself.

    Attributes
    ----------
    video : Path
    name : str
        As shown: its path from the folder or in the manifest.
    exercise : str
        Id.
    prescription : Prescription or None
    side : {"auto", "left", "right"}
        The side to judge.
    model : {"full", "lite"}
    """

    video: Path
    name: str
    exercise: str
    prescription: Prescription | None = None
    side: SideChoice = "auto"
    model: str = "full"

    def key(self, video_sha256: str) -> str:
        """Return a key of the record. Two keys are equal exactly if the records are equal, apart from the video's name.

        Parameters
        ----------
        video_sha256 : str

        Returns
        -------
        str
            ``KEY_LENGTH`` hexadecimal digits.
        """
        given = self.prescription.model_dump(mode="json") if self.prescription else None
        what = [
            video_sha256,
            software_versions(video_software(exercises.load(self.exercise), self.model)),
            given,
            self.side,
        ]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:KEY_LENGTH]


def software_versions(software: dict[str, str]) -> dict[str, str]:
    """Return the entries of a record's ``software`` that its numbers depend on: formcheck, the exercise, MediaPipe, the model.

    Parameters
    ----------
    software : dict of str to str

    Returns
    -------
    dict of str to str
    """
    return {name: software[name] for name in ("formcheck", "exercise_sha256", "mediapipe", "model_sha256")}


def check_made_here(record: SetRecord, video: Path, video_sha256: str, model: str) -> None:
    """Check that this formcheck would make the same record of the same video.

    Parameters
    ----------
    record : SetRecord
    video : Path
    video_sha256 : str
        Of the video on this machine.
    model : {"full", "lite"}

    Raises
    ------
    WorkerError
        ``worker_differs``.
    """
    expected = software_versions(video_software(exercises.load(record.exercise), model))
    if (record.source.sha256, software_versions(record.software)) != (video_sha256, expected):
        raise WorkerError(
            f"{video} changed while it was analysed, or a worker has another formcheck. Run it again; on a cluster, "
            "install the same version everywhere.",
            code="worker_differs",
            path=str(video),
        )


@dataclass(slots=True, frozen=True)
class Defaults:
    """Settings of every video that does not name its own.

    Attributes
    ----------
    exercise : str or None
    prescription : callable
        Returns the prescription of an exercise, or None.
    side : {"auto", "left", "right"}
    model : {"full", "lite"}
    """

    exercise: str | None = None
    prescription: Callable[[Exercise], Prescription | None] = lambda exercise: None
    side: SideChoice = "auto"
    model: str = "full"


class _Entry(BaseModel):
    """One row of a manifest."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    video: str = Field(min_length=1)
    exercise: str | None = None
    prescription: str | dict[str, Any] | None = None
    side: Literal["auto", "left", "right"] | None = None


def read_jobs(source: Path, defaults: Defaults) -> list[BatchJob]:
    """Return the videos of a folder, all levels, or of a manifest, in its order.

    A missing or unreadable video is a job too: its error is found later. A manifest with one bad row is refused as a whole.

    Parameters
    ----------
    source : Path
        The folder or manifest.
    defaults : Defaults

    Returns
    -------
    list of BatchJob

    Raises
    ------
    UsageError
        An exercise is unknown or not named.
    SpecError
        A prescription does not fit.
    SourceError
        ``batch_source``, ``batch_empty``, ``manifest_file``, ``manifest_row``, ``manifest_rows``.
    """
    source = Path(source)
    if source.is_dir():
        jobs = [_job(_Entry(video=str(path.relative_to(source))), source, "", defaults) for path in _videos(source)]
    elif source.is_file() and source.suffix.lower() in (".csv", ".toml"):
        jobs = _manifest_jobs(source, defaults)
    else:
        raise SourceError(
            f"{source} is neither a folder nor a manifest (.csv or .toml).", code="batch_source", path=str(source)
        )
    if not jobs:
        raise SourceError(f"There is no video in {source}.", code="batch_empty", path=str(source))
    return jobs


def _videos(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_ENDINGS and path.is_file()]
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _manifest_jobs(path: Path, defaults: Defaults) -> list[BatchJob]:
    """Return the jobs of a manifest. Raises SourceError, which names every row that cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = _csv_rows(text) if path.suffix.lower() == ".csv" else _toml_rows(text)
    except (OSError, ValueError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceError(
            f"Cannot read the manifest {path}: {reason}.", code="manifest_file", path=str(path), reason=reason
        ) from error
    jobs: list[BatchJob] = []
    bad: dict[int, FormcheckError] = {}
    for number, row in rows:
        try:
            jobs.append(_job(_entry(row), path.parent, f"{path.name}, {number}", defaults))
        except FormcheckError as error:
            bad[number] = error
    if bad:
        (number, first), *others = bad.items()
        named = SourceError(
            f"The manifest {path}, row {number}: {first}", code="manifest_row", path=str(path), row=number, what=first
        )
        if not others:
            raise named from first
        rest = ", ".join(
            [*(str(number) for number, _ in others[:MAX_ROWS_NAMED]), *(["…"] if len(others) > MAX_ROWS_NAMED else [])]
        )
        raise SourceError(
            f"{named} Nor can these rows be used: {rest}.", code="manifest_rows", first=named, rest=rest
        ) from first
    return jobs


def _entry(row: object) -> _Entry:
    """Return a validated row. Raises SourceError, which says the first mistake."""
    try:
        return _Entry.model_validate(row)
    except ValidationError as invalid:
        errors = invalid.errors()
        error = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
        field = ".".join(str(part) for part in error["loc"])
        columns = ", ".join(_Entry.model_fields)
        if field == "video":
            raise SourceError(
                f"The video is not named. The columns are: {columns}.", code="row_video", columns=columns
            ) from invalid
        if field == _BEYOND:
            raise SourceError("It has more cells than there are columns.", code="row_cells") from invalid
        if error["type"] == "extra_forbidden":
            raise SourceError(
                f"There is no column “{field}”. The columns are: {columns}.",
                code="row_column",
                column=field,
                columns=columns,
            ) from invalid
        if field == "side":
            raise SourceError(
                f"The side is auto, left or right, not “{error['input']}”.", code="row_side", side=error["input"]
            ) from invalid
        what = f"{field}: {error['msg']}" if field else error["msg"]
        raise SourceError(f"{what}.", code="row_value", what=what) from invalid


def _toml_rows(text: str) -> list[tuple[int, object]]:
    rows = tomllib.loads(text).get("videos", [])
    if not isinstance(rows, list):
        raise ValueError("“videos” must be tables, [[videos]]")
    return list(enumerate(rows, 1))


def _csv_rows(text: str) -> list[tuple[int, object]]:
    """Return the rows without their empty cells, numbered as in a spreadsheet: the names of the columns are row 1.

    Spreadsheets write semicolons where the comma is the decimal mark, so both delimiters are read.
    """
    lines = text.splitlines()
    delimiter = ";" if lines and ";" in lines[0] else ","
    table = csv.DictReader(lines, delimiter=delimiter, restkey=_BEYOND)
    rows: list[tuple[int, object]] = []
    for row in table:
        beyond = "".join(row.pop(_BEYOND, []))
        cells = {name.strip(): (cell or "").strip() for name, cell in row.items()} | {_BEYOND: beyond.strip()}
        if any(cells.values()):
            rows.append((table.line_num, {name: cell for name, cell in cells.items() if cell}))
    return rows


def _job(entry: _Entry, folder: Path, where: str, defaults: Defaults) -> BatchJob:
    """Return the job of a row. Paths are relative to ``folder``. ``where`` names the row; it is empty for a folder's video."""
    folder = folder.resolve()
    name = entry.exercise or defaults.exercise
    if name is None and not where:
        raise UsageError(
            f"Name the exercise of the videos in {folder} with --exercise, or list them in a manifest.",
            code="batch_exercise",
            path=str(folder),
        )
    if name is None:
        raise UsageError("No exercise is named. Name it in the row, or for all with --exercise.", code="row_exercise")
    if name == AUTO:
        raise UsageError(
            "Many videos need the name of their exercise: “auto” is for one video, with formcheck analyze.",
            code="batch_auto",
        )
    exercise = exercises.load(name)
    if entry.prescription is None:
        prescription = defaults.prescription(exercise)
    elif isinstance(entry.prescription, dict):
        prescription = parse_prescription({"exercise": name, **entry.prescription}, where)
    else:
        prescription = read_prescription(folder / entry.prescription)
    if prescription is not None:
        prescription.check(exercise)
    side = entry.side or defaults.side
    return BatchJob(folder / entry.video, entry.video, exercise.id, prescription, side, defaults.model)
