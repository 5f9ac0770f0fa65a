"""Locations of the files that ship with formcheck: models, sample videos and fonts.

An installed wheel carries them as package data in ``formcheck/_data``. A checkout (and an editable install of it) has
them at its top level. The fonts come with matplotlib, which MediaPipe requires.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from formcheck.errors import FormcheckError, ModelFileError, OutputError, SourceError

PACKAGE = Path(__file__).resolve().parents[1]
"""The folder ``formcheck``."""


def models_dir() -> Path:
    """Return the folder of the pose models.

    Returns
    -------
    Path

    Raises
    ------
    ModelFileError
        ``models_missing``.
    """
    return _find(
        "models",
        ModelFileError("The folder of the pose models is missing. Install formcheck again.", code="models_missing"),
    )


def samples_dir() -> Path:
    """Return the folder of the sample videos.

    Returns
    -------
    Path

    Raises
    ------
    SourceError
        ``samples_missing``.
    """
    return _find(
        "sample_videos", SourceError("The sample videos are missing. Install formcheck again.", code="samples_missing")
    )


def font_file(name: str) -> Path:
    """Return the file of a DejaVu font. The DejaVu licence allows use and embedding.

    Parameters
    ----------
    name : str
        File name, such as ``DejaVuSans.ttf``.

    Returns
    -------
    Path

    Raises
    ------
    OutputError
        ``font_missing``.
    """
    package = importlib.util.find_spec("matplotlib")
    path = Path(package.origin).parent / "mpl-data" / "fonts" / "ttf" / name if package and package.origin else None
    if path is None or not path.is_file():
        raise OutputError(
            "The font for annotated videos and PDF reports is missing. Install it with: "
            "pip install --force-reinstall matplotlib",
            code="font_missing",
        )
    return path


def _find(name: str, absent: FormcheckError) -> Path:
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise absent
