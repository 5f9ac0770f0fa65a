"""Where the files that travel with formcheck are: the models and the sample videos.

An installed wheel carries them as package data in ``formcheck/_data``; a checkout (and an editable install of it) has
them at its top.
"""

from __future__ import annotations

from pathlib import Path

from formcheck.errors import FormcheckError, ModelFileError, SourceError

PACKAGE = Path(__file__).resolve().parent


def models_dir() -> Path:
    """Return the folder of the pose models. Raises ModelFileError (``models_missing``) when it is not there."""
    return _find(
        "models",
        ModelFileError("The folder of the pose models is missing. Install formcheck again.", code="models_missing"),
    )


def samples_dir() -> Path:
    """Return the folder of the sample videos. Raises SourceError (``samples_missing``) when it is not there."""
    return _find(
        "sample_videos", SourceError("The sample videos are missing. Install formcheck again.", code="samples_missing")
    )


def _find(name: str, absent: FormcheckError) -> Path:
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise absent
