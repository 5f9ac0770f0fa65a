"""A video as somebody asks for it on the Review page, to a judged set: the long part, on this machine or another."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from formcheck import exercises
from formcheck.analysis import run
from formcheck.analysis.recognition import AUTO, ExerciseSegment, recognise
from formcheck.analysis.run import Material, SetResult
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.spec.exercise import Exercise

Stage = Literal["waiting", "sending", "measuring", "recognising", "converting", "drawing"]
Progress = Callable[[Stage, int, float | None], None]
"""Called with the stage, the frames done and the share of the stage (None: unknown). What it raises ends the work."""


class Cancelled(Exception):
    """The person asked to stop. Raised out of the progress call."""


class Unsure(Exception):
    """Not one exercise was recognised for sure, so the person is asked. ``stretches``: what was found; empty = nothing."""

    def __init__(self, stretches: list[ExerciseSegment]) -> None:
        super().__init__(stretches)
        self.stretches = stretches


@dataclass(slots=True, frozen=True)
class Request:
    """What is to be analysed, and how.

    ``exercise``: an id, or ``auto``: recognised. ``name``: the file's own name as the person knows it.
    ``language``: of the words drawn into the video.
    ``start_s``, ``end_s``: the part to look at; None = from the beginning, to the end. ``sway``: of a long stance, measured in a
    second pass.
    """

    video: Path
    name: str
    exercise: str
    target_depth_deg: float | None = None
    side: str = "auto"
    model: str = "full"
    language: str = "en"
    start_s: float | None = None
    end_s: float | None = None
    sway: bool = False

    def prescription(self) -> Prescription | None:
        """Return the target as a prescription; None without one, and for an exercise that is not known yet."""
        if self.target_depth_deg is None or self.exercise == AUTO:
            return None
        return Prescription(exercise=self.exercise, target_depth_deg=self.target_depth_deg)


Measured = tuple[str, SetResult]
"""The exercise's id, and the set."""


def measure(request: Request, progress: Progress) -> Measured:
    """Return which exercise it is, and the judged set. Raises Unsure, FormcheckError, and what ``progress`` raises."""
    exercise = None if request.exercise == AUTO else exercises.load(request.exercise)
    prescription = request.prescription()
    if prescription is not None:
        prescription.check(exercise)
    measuring = functools.partial(progress, "measuring")
    material = run.read_video(
        request.video, model=request.model, start_s=request.start_s, end_s=request.end_s, progress=measuring
    )
    if exercise is None:
        exercise = _recognised(material, functools.partial(progress, "recognising"))
    result = material.judge(exercise, prescription=prescription, side=request.side)
    if request.sway and sways(exercise):
        result = run.measure_sway(request.video, result, model=request.model, progress=measuring)
    return exercise.id, result


def _recognised(material: Material, progress: run.Progress) -> Exercise:
    """Return the one exercise that was done. Raises Unsure."""
    found = recognise(material.poses, progress)
    if len(found) != 1 or found[0].exercise is None:
        raise Unsure(found)
    return exercises.load(found[0].exercise)


def sways(exercise: Exercise) -> bool:
    """True when it is standing in balance, whose sway can be measured."""
    movement = exercise.movement
    return movement.kind == "hold_posture" and movement.stands == "standing"
