"""The pose models and their checksums. ``python -m formcheck.pose.models`` checks them all."""

from __future__ import annotations

import hashlib
import sys
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.errors import ModelFileError
from formcheck.files.resources import models_dir

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True, frozen=True)
class Model:
    """One entry of ``models.toml``.

    Attributes
    ----------
    name : str
    path : Path
        Where the file should be.
    what, source, licence : str
        Description, origin and licence.
    size_bytes : int
    sha256 : str
        Hash of the published file, in hexadecimal.
    """

    name: str
    path: Path
    what: str
    source: str
    licence: str
    size_bytes: int
    sha256: str


def models(folder: Path | None = None) -> dict[str, Model]:
    """Return the models listed in ``models.toml``, by name.

    Parameters
    ----------
    folder : Path, optional
        Default: the folder that ships with formcheck.

    Returns
    -------
    dict of str to Model

    Raises
    ------
    ModelFileError
        ``models_missing``, ``models_list``.
    """
    folder = folder or models_dir()
    try:
        listed = tomllib.loads((folder / "models.toml").read_text(encoding="utf-8"))
        return {name: Model(name=name, path=folder / entry.pop("file"), **entry) for name, entry in listed.items()}
    except OSError as error:
        raise ModelFileError(
            f"The list of the pose models is missing in {folder}. Install formcheck again.", code="models_missing"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, KeyError, TypeError) as error:
        raise ModelFileError(
            f"The list of the pose models in {folder} is damaged. Install formcheck again.", code="models_list"
        ) from error


def read_model(name: str, folder: Path | None = None) -> bytes:
    """Return the bytes of a model, after checking that they are the published ones.

    Parameters
    ----------
    name : str
    folder : Path, optional
        Default: the folder that ships with formcheck.

    Returns
    -------
    bytes

    Raises
    ------
    ModelFileError
        ``model_unknown``, ``model_missing``, ``model_unreadable``, ``model_truncated``, ``model_altered``.
    """
    known = models(folder)
    if name not in known:
        raise ModelFileError(
            f"There is no model {name!r}. There are: {', '.join(known)}.", code="model_unknown", name=name
        )
    model = known[name]
    again = "Install formcheck again, or copy the file from its published source."
    try:
        data = model.path.read_bytes()
    except FileNotFoundError as error:
        raise ModelFileError(
            f"The model file {model.path} is missing. {again}", code="model_missing", path=str(model.path)
        ) from error
    except OSError as error:
        raise ModelFileError(
            f"The model file {model.path} cannot be read: {error.strerror}. {again}",
            code="model_unreadable",
            path=str(model.path),
        ) from error
    if len(data) < model.size_bytes:
        raise ModelFileError(
            f"The model file {model.path} is cut off: {len(data)} of {model.size_bytes} bytes. {again}",
            code="model_truncated",
            path=str(model.path),
        )
    if hashlib.sha256(data).hexdigest() != model.sha256:
        raise ModelFileError(
            f"The model file {model.path} is not the published one (its sha256 differs). {again}",
            code="model_altered",
            path=str(model.path),
        )
    return data


def main() -> int:
    """Check every model and print one line for each.

    Returns
    -------
    int
        Exit code: 0, or 5 when a model is missing or altered.
    """
    try:
        known = models()
    except ModelFileError as error:
        print(error, file=sys.stderr)
        return 5
    failures = 0
    for name, model in known.items():
        try:
            read_model(name)
        except ModelFileError as error:
            failures += 1
            print(f"{name}: {error}", file=sys.stderr)
        else:
            print(f"{name}: {model.path.name} is the published one, {model.licence}, sha256 {model.sha256}")
    return 5 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
