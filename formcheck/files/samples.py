"""The sample videos that ship with formcheck, and the exact truth beside each of them."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from formcheck import exercises
from formcheck.errors import SourceError
from formcheck.files.resources import samples_dir
from formcheck.spec.exercise import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(slots=True, frozen=True)
class Sample:
    """One sample video.

    Attributes
    ----------
    name : str
        Key in the manifest.
    title : Text
        Title in each language.
    what : str
        Description in English.
    exercise : str
        The exercise that the clip shows. formcheck need not be able to judge it.
    fps : float
        Frames per second.
    units : int
        Number of repetitions or of parts of a hold.
    path, truth_path : Path
        The video and its truth.
    """

    name: str
    title: Text
    what: str
    exercise: str
    fps: float
    units: int
    path: Path
    truth_path: Path

    def truth(self) -> dict[str, Any]:
        """Read the truth of the clip.

        Returns
        -------
        dict
            ``clip``, ``exercise``, ``width``, ``height``, ``fps``, ``camera``, ``units``, ``frames``.

            ``units`` has one entry for each repetition: ``start_s``, ``turn_s``, ``end_s``, ``script`` (the values asked for) and
            ``at_turn`` (the values reached at the deepest point). For a part of a hold it has ``start_s``, ``end_s`` and ``sag``
            (degrees; > 0 hips low, < 0 hips high) or ``lift`` (1 on one leg, 0 on both).

            ``frames`` holds lists of equal length, one value for every second frame: ``t_s``, ``knee_flexion_left_deg``,
            ``knee_flexion_right_deg``, ``trunk_lean_deg``, ``shoulder_hip_ankle_deg``, ``knee_ankle_width_ratio``.

        Raises
        ------
        SourceError
            ``samples_missing``.
        """
        return _read(self.truth_path, json.loads)


def every_sample() -> list[Sample]:
    """Return all samples in the order of the manifest.

    Returns
    -------
    list of Sample

    Raises
    ------
    SourceError
        ``samples_missing``.
    """
    folder = samples_dir()
    listed = _read(folder / "manifest.toml", tomllib.loads)
    return [
        Sample(
            name=name,
            title=Text(**entry["title"]),
            what=entry["what"],
            exercise=entry["exercise"],
            fps=float(entry["fps"]),
            units=entry["units"],
            path=folder / entry["file"],
            truth_path=folder / entry["truth"],
        )
        for name, entry in listed.items()
    ]


def samples(exercise: str | None = None) -> list[Sample]:
    """Return the samples that formcheck can judge.

    Parameters
    ----------
    exercise : str, optional
        Only samples of this exercise.

    Returns
    -------
    list of Sample

    Raises
    ------
    SourceError
        ``samples_missing``.
    """
    wanted = exercises.names() if exercise is None else [exercise]
    return [sample for sample in every_sample() if sample.exercise in wanted]


def _read(path: Path, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"The sample file {path} cannot be read. Install formcheck again."
        raise SourceError(message, code="samples_missing") from error
