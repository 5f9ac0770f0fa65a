"""Carries out a request of the Review page, from a video to a judged set: the long part, on this machine or another."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from formcheck import exercises
from formcheck.analysis import hold_sway, run
from formcheck.analysis.recognition import AUTO, ExerciseSegment, recognise
from formcheck.analysis.run import PoseSequence, SetResult
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.engine.tracking.tracker import SideChoice
    from formcheck.spec.exercise import Exercise

Stage = Literal["waiting", "sending", "measuring", "recognising", "converting", "drawing"]
StageProgress = Callable[[Stage, int, float | None], None]
"""Receives the stage, the frames done and the share of the stage (None = unknown). An exception that it raises ends the work."""


class AnalysisCancelledError(Exception):
    """The user asked to stop. Raised out of the progress call."""


class ExerciseUnclearError(Exception):
    """No exercise, or more than one, was recognised, so the user must choose.

    Attributes
    ----------
    segments : list of ExerciseSegment
        The exercises that were found. Empty = none.
    """

    def __init__(self, segments: list[ExerciseSegment]) -> None:
        super().__init__(segments)
        self.segments = segments


@dataclass(slots=True, frozen=True)
class Request:
    """A video and the settings of its analysis.

    Attributes
    ----------
    video : Path
    name : str
        The file's name as the user knows it.
    exercise : str
        An id, or ``auto``: it is recognised.
    target_depth_deg : float or None
    side : {"auto", "left", "right"}
        The side to judge.
    model : {"full", "lite"}
    language : str
        Language of the words drawn into the video.
    start_s, end_s : float or None
        The part to analyse. None = from the beginning, to the end.
    sway : bool
        Measure the sway of a long stance in a second pass.
    turn_deg : int
        Turn the film clockwise, beyond what the file says of itself: 0, 90, 180 or 270.
    person : int or None
        Whom of several people to follow, counted from the left, from 1. None = the one who does most of the exercise.
    """

    video: Path
    name: str
    exercise: str
    target_depth_deg: float | None = None
    side: SideChoice = "auto"
    model: str = "full"
    language: str = "en"
    start_s: float | None = None
    end_s: float | None = None
    sway: bool = False
    turn_deg: int = 0
    person: int | None = None

    def prescription(self) -> Prescription | None:
        """Return the target depth as a prescription.

        Returns
        -------
        Prescription or None
            None without a target, and for an exercise that must be recognised first.
        """
        if self.target_depth_deg is None or self.exercise == AUTO:
            return None
        return Prescription(exercise=self.exercise, target_depth_deg=self.target_depth_deg)


IdentifiedSet = tuple[str, SetResult]
"""The exercise's id and the judged set."""


def measure(request: Request, progress: StageProgress) -> IdentifiedSet:
    """Carry out a request.

    Parameters
    ----------
    request : Request
    progress : callable
        Receives the stage, the frames done and the share of the stage (None = unknown). An exception that it raises ends the work.

    Returns
    -------
    exercise : str
        Its id.
    result : SetResult

    Raises
    ------
    ExerciseUnclearError
    FormcheckError
    """
    exercise = None if request.exercise == AUTO else exercises.load(request.exercise)
    prescription = request.prescription()
    if prescription is not None and exercise is not None:
        prescription.check(exercise)
    measuring = functools.partial(progress, "measuring")
    material = run.read_video(
        request.video,
        model=request.model,
        start_s=request.start_s,
        end_s=request.end_s,
        turn_deg=request.turn_deg,
        person=request.person,
        progress=measuring,
    )
    if exercise is None:
        exercise = _recognise(material, functools.partial(progress, "recognising"))
    result = material.judge(exercise, prescription=prescription, side=request.side)
    if request.sway and supports_sway(exercise):
        result = hold_sway.measure_sway(request.video, result, model=request.model, progress=measuring)
    return exercise.id, result


def _recognise(material: PoseSequence, progress: run.Progress) -> Exercise:
    """Return the one exercise that was done. Raises ExerciseUnclearError."""
    found = recognise(material.poses, progress)
    if len(found) != 1 or found[0].exercise is None:
        raise ExerciseUnclearError(found)
    return exercises.load(found[0].exercise)


def supports_sway(exercise: Exercise) -> bool:
    """Return whether the exercise is standing in balance, so its sway can be measured.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    bool
    """
    movement = exercise.movement
    return movement.kind == "hold_posture" and movement.reference_posture == "standing"
