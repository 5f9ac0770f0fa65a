"""Records as JSON files, validated when they are read."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import ValidationError

from formcheck.errors import SourceError
from formcheck.model.records import SCHEMA_VERSION, SetRecord


def read_record(path: Path | str) -> SetRecord:
    """Read the record of a set.

    A record of the same major version is read. Fields added since then get their defaults.

    Parameters
    ----------
    path : path

    Returns
    -------
    SetRecord

    Raises
    ------
    SourceError
        ``source_missing``, ``source_is_folder``, ``source_not_readable``, ``record_json`` (no JSON object), ``record_version``
        (another major version, or none given), ``record_newer``, ``record_value``.
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


def _check_version(path: Path, version: object) -> None:
    found = re.fullmatch(r"(\d+)\.(\d+)", version) if isinstance(version, str) else None
    ours = tuple(map(int, SCHEMA_VERSION.split(".")))
    theirs = tuple(map(int, found.groups())) if found else None
    if theirs is not None and theirs > ours:
        message = f"{path} was made by a newer formcheck (record version {version}). Install that version."
        raise SourceError(message, code="record_newer", path=str(path), version=version)
    if theirs is None or theirs[0] < ours[0]:
        shown = version if found else "none"
        raise SourceError(
            f"{path}: record version {shown} cannot be read, {SCHEMA_VERSION} can. Analyse the video or the landmarks again.",
            code="record_version",
            path=str(path),
            version=shown,
            known=SCHEMA_VERSION,
        )


def _no_record(path: Path) -> SourceError:
    message = f"{path} is not a record: it must be the JSON that formcheck wrote."
    return SourceError(message, code="record_json", path=str(path))
