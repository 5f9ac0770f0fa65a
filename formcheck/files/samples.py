"""The sample videos that travel with formcheck, and the exact truth beside each of them."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck import exercises
from formcheck.errors import SourceError
from formcheck.files.resources import samples_dir
from formcheck.spec.exercise import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(slots=True, frozen=True)
class Sample:
    """One sample video. ``units``: its repetitions or parts of a hold; ``fps``: frames per second.

    ``exercise`` is what the clip shows, which need not be an exercise that formcheck judges.
    """

    name: str
    title: Text
    what: str
    exercise: str
    fps: float
    units: int
    path: Path
    truth_path: Path

    def truth(self) -> dict:
        """Return the truth: ``clip``, ``exercise``, ``width``, ``height``, ``fps``, ``camera``, ``units``, ``frames``.

        ``units``: one entry for each repetition (``start_s``, ``turn_s``, ``end_s``, ``script`` = what was asked for,
        ``at_turn`` = what it was at the deepest point) or part of a hold (``start_s``, ``end_s``, ``sag`` in degrees:
        > 0 hips low, < 0 hips high; or ``lift`` 1 on one leg, 0 on both). ``frames``: lists of equal length, every second
        frame: ``t_s``,
        ``knee_flexion_left_deg``, ``knee_flexion_right_deg``, ``trunk_lean_deg``, ``shoulder_hip_ankle_deg``,
        ``knee_ankle_width_ratio``. Raises SourceError when it cannot be read.
        """
        return _read(self.truth_path, json.loads)


def every_sample() -> list[Sample]:
    """Return all samples in the order of the manifest. Raises SourceError (``samples_missing``) when they are gone."""
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
    """Return the samples that formcheck can judge, or those of one exercise. Raises SourceError as ``every_sample``."""
    wanted = exercises.names() if exercise is None else [exercise]
    return [sample for sample in every_sample() if sample.exercise in wanted]


def _read(path: Path, parse: Callable[[str], dict]) -> dict:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"The sample file {path} cannot be read. Install formcheck again."
        raise SourceError(message, code="samples_missing") from error
