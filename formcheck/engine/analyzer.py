"""The engine's door: poses in, one result a frame out, and at the end the record and the trace.

Not thread-safe: one thread feeds one analyzer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.engine import record as recording
from formcheck.engine.judging.cues import CueChooser
from formcheck.engine.judging.interval import landmark_indices, side_of
from formcheck.engine.landmark_buffer import LandmarkBuffer
from formcheck.engine.person.gate import PersonGate
from formcheck.engine.person.leg_labels import LegSwapCorrector
from formcheck.engine.person.smoother import Smoother
from formcheck.engine.tracking.hold_set import HoldSet
from formcheck.engine.tracking.repetition_set import RepetitionSet
from formcheck.engine.tracking.tracker import SetPlan, SetTracker, SideChoice, TrackedFrame
from formcheck.errors import SourceError
from formcheck.spec.movement import RepCycle

if TYPE_CHECKING:
    from collections.abc import Collection

    from formcheck.model.frames import FrameResult, Pose, SeenRep, Trace
    from formcheck.model.records import SetRecord, Source
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.prescription import Prescription


class Analyzer:
    """Analyses one set: ``update`` once per frame, then ``finish`` once.

    ``update`` returns what causal filters know, for showing now. ``finish`` measures and judges everything again on the raw
    landmarks with a zero-lag filter. That is the record, the same live and uploaded.

    Parameters
    ----------
    exercise : Exercise
    prescription : Prescription or None
    side : str
        The side to judge from; ``auto`` takes the nearer one.
    suppressed : collection of str
        Rules whose cues are not given. The record judges them all the same.

    Raises
    ------
    SpecError
        When the prescription does not fit the exercise.
    """

    def __init__(
        self,
        exercise: Exercise,
        *,
        prescription: Prescription | None = None,
        side: SideChoice = "auto",
        suppressed: Collection[str] = (),
    ) -> None:
        if prescription is not None:
            prescription.check(exercise)
        self._plan = SetPlan(exercise, prescription, side)
        self._buffer = LandmarkBuffer()
        self._gate = PersonGate()
        self._legs = LegSwapCorrector()
        self._smoother = Smoother()
        kind = RepetitionSet if isinstance(exercise.movement, RepCycle) else HoldSet
        self._tracker: SetTracker = kind(self._plan, CueChooser(exercise, suppressed))

    @property
    def frames(self) -> int:
        """Return the number of frames so far."""
        return len(self._buffer)

    def update(self, pose: Pose) -> FrameResult:
        """Take one pose.

        Parameters
        ----------
        pose : Pose

        Returns
        -------
        FrameResult
            What is known now.

        Raises
        ------
        SourceError
            When the time does not rise.
        """
        buffer = self._buffer
        if len(buffer) and pose.t_s <= buffer.column("t_s")[-1]:
            raise SourceError(
                f"Times must rise: {pose.t_s:g} s after {buffer.column('t_s')[-1]:g} s.", code="time_order"
            )
        person = self._gate.update(pose)
        if self._gate.changed:
            self._smoother.reset()
            self._tracker.forget_place(buffer)
        smooth = self._smoother.update(pose.t_s, self._legs.update(pose.t_s, pose.steady_px)) if person else None
        buffer.append(pose, smooth, self._legs.swapped)
        return self._tracker.update(TrackedFrame(pose.t_s, smooth, self._gate.paused, buffer))

    def repetitions(self, after: int = 0) -> list[SeenRep]:
        """Return every repetition so far but the first ``after``, small ones included.

        Parameters
        ----------
        after : int

        Returns
        -------
        list of SeenRep
            A better calibration may still change it. Empty for a hold.
        """
        return self._tracker.repetitions(after)

    def marked_landmarks(self, rule_id: str) -> tuple[int, ...]:
        """Return the landmarks to mark for a rule that is broken now, or was in the newest repetition.

        Parameters
        ----------
        rule_id : str

        Returns
        -------
        tuple of int

        Raises
        ------
        KeyError
            When the exercise has no such rule.
        """
        sides = self._tracker.sides
        points = self._plan.exercise.rule(rule_id).marked
        return tuple(i for point in points for i in landmark_indices(point, lambda word: side_of(word, *sides)))

    def finish(self, source: Source, software: dict[str, str]) -> tuple[SetRecord, Trace]:
        """Return the record and the trace of everything so far.

        Parameters
        ----------
        source : Source
            Where the poses came from.
        software : dict
            Versions by name.

        Returns
        -------
        tuple of SetRecord and Trace
        """
        self._tracker.finish(self._buffer)
        given = recording.SetInput(self._plan, self._buffer, self._gate.events, source, software)
        return recording.build(given, self._tracker)
