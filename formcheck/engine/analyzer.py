"""The engine's door: poses in, one result a frame out, and at the end the record and the trace.

Not thread-safe: one thread feeds one analyzer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.engine import record as recording
from formcheck.engine.judging.conditions import unseen_reason
from formcheck.engine.judging.cues import CueChooser
from formcheck.engine.judging.evaluate import judge
from formcheck.engine.judging.in_progress import InProgressJudge
from formcheck.engine.judging.interval import JudgedInterval, landmark_indices, side_of
from formcheck.engine.landmark_buffer import LandmarkBuffer
from formcheck.engine.person.gate import PersonGate
from formcheck.engine.person.leg_labels import LegSwapCorrector
from formcheck.engine.person.smoother import Smoother
from formcheck.engine.tracking.holds import HoldTracker
from formcheck.engine.tracking.repetitions import FoundRep, RepetitionTracker
from formcheck.errors import SourceError
from formcheck.model.frames import FrameResult, Pose, SeenRep, Trace
from formcheck.spec.exercise import Exercise, RepCycle
from formcheck.spec.prescription import Prescription, unassessable

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np

    from formcheck.engine.signals.scene import Calibration, MeasuredScene
    from formcheck.model.records import SetRecord, Source


class Analyzer:
    """Analyses one set. ``update`` once per frame, ``finish`` once.

    What ``update`` returns comes from causal filters and is for showing now. ``finish`` measures and judges everything again on
    the raw landmarks with a zero-lag filter: that is the record, the same live and uploaded.
    """

    def __init__(
        self,
        exercise: Exercise,
        *,
        prescription: Prescription | None = None,
        side: str = "auto",
        suppressed: Collection[str] = (),
    ) -> None:
        """``suppressed``: rules whose cues are not given; the record judges them all the same."""
        if prescription is not None:
            prescription.check(exercise)
        self._exercise, self._prescription, self._side = exercise, prescription, side
        self._buffer = LandmarkBuffer()
        self._gate = PersonGate()
        self._legs = LegSwapCorrector()
        self._smoother = Smoother()
        self._reps = RepetitionTracker(exercise, side) if isinstance(exercise.movement, RepCycle) else None
        self._hold = None if self._reps else HoldTracker(exercise, side, prescription)
        self._cues = CueChooser(exercise, suppressed)
        self._early = InProgressJudge(exercise, self._cues.said) if self._reps else None
        self._newest: JudgedInterval | None = None  # what was judged last, of a repetition that may still run
        self._last_faults: dict[str, int] = {}
        self._view: str | None = None
        self._unseen: dict[str, str] = {}
        self._looked_from: Calibration | None = None
        self._targeted: tuple[FoundRep | None, float | None] | None = None

    def update(self, pose: Pose) -> FrameResult:
        """Take one pose (time strictly rising, else SourceError) and return what is known now."""
        buffer = self._buffer
        if len(buffer) and pose.t_s <= buffer.column("t_s")[-1]:
            raise SourceError(
                f"Times must rise: {pose.t_s:g} s after {buffer.column('t_s')[-1]:g} s.", code="time_order"
            )
        person = self._gate.update(pose)
        if self._gate.changed:
            self._smoother.reset()
            if self._reps:
                self._reps.forget_place(buffer)
            else:
                self._hold.forget_place()
        smooth = self._smoother.update(pose.t_s, self._legs.update(pose.t_s, pose.image_px)) if person else None
        buffer.append(pose, smooth, self._legs.swapped)
        return self._repetition_result(pose, smooth) if self._reps else self._hold_result(pose, smooth)

    def _repetition_result(self, pose: Pose, smooth: np.ndarray | None) -> FrameResult:
        reps, signals, cue = self._reps, {}, None
        if smooth is not None:
            if reps.update(self._buffer) is not None:
                self._last_faults = self._judge_newest()
                cue = self._cues.after_repetition(pose.t_s, self._last_faults)
            elif reps.moving is not None and not self._cues.quiet(pose.t_s):
                cue = self._cue_so_far(pose.t_s, reps.moving)
            signals = {self._exercise.movement.depth_signal: reps.depth_deg}
            self._look_from(reps.calibration)
        phase = "paused" if self._gate.paused else "nobody" if smooth is None else reps.phase
        ends_s = reps.clock_end_s
        left_s = None if ends_s is None else max(0.0, ends_s - pose.t_s)
        small = len(reps.found) - reps.counted
        return FrameResult(
            pose.t_s,
            phase,
            reps.counted,
            small,
            signals=signals,
            faults=self._last_faults,
            cue=cue,
            not_assessable=self._unseen,
            view=self._view,
            target_deg=self._target_deg(),
            clock_left_s=left_s,
        )

    def _cue_so_far(self, t_s: float, now: MeasuredScene) -> str | None:
        """Return the rule whose cue is due before the repetition is over."""
        given = self._given(self._reps.found)
        rules = self._early.suspects(t_s, now, self._unseen, given)
        running_repetition = self._reps.running_repetition(self._buffer) if rules else None
        if running_repetition is None:
            return None
        running_repetition.interval.hidden = unassessable(self._exercise, given)
        cue = self._cues.in_repetition(t_s, self._early.faults(rules, running_repetition, given))
        if cue is not None:
            self._newest = running_repetition.interval
        return cue

    def _look_from(self, calibration: Calibration | None) -> None:
        """Note which rules cannot be judged from where the camera stands now."""
        if calibration is self._looked_from:
            return
        self._looked_from = calibration
        self._view, azimuth_deg = (calibration.label, calibration.azimuth_deg) if calibration else (None, 0.0)
        reasons = {rule.id: unseen_reason(rule, self._view, azimuth_deg) for rule in self._exercise.rules}
        self._unseen = {rule: reason for rule, reason in reasons.items() if reason is not None}

    def _target_deg(self) -> float | None:
        """Return the depth that the next repetition is judged against: another one only when a repetition has been found."""
        found = self._reps.found
        newest = found[-1] if found else None
        if self._targeted is None or self._targeted[0] is not newest:
            given = self._given(found)
            self._targeted = newest, given.target_depth_deg if given else None
        return self._targeted[1]

    def _given(self, before: list[FoundRep]) -> Prescription | None:
        """Return the prescription for the repetition that follows those ``before``."""
        if self._prescription is None:
            return None
        return self._prescription.with_own_depth([rep.depth_deg for rep in before if rep.counted])

    def _judge_newest(self) -> dict[str, int]:
        *before, newest = self._reps.found
        prescription, self._newest = self._given(before), newest.measured.interval
        self._newest.hidden = unassessable(self._exercise, prescription)
        faults = (judge(rule, self._newest, prescription)[1] for rule in self._exercise.rules)
        return {fault.rule: fault.severity for fault in faults if fault is not None}

    def _hold_result(self, pose: Pose, smooth: np.ndarray | None) -> FrameResult:
        faults = self._hold.update(pose.t_s, smooth, pose.size_px)
        total_s, in_form_s = self._hold.clocks_s()
        phase = "paused" if self._gate.paused else "nobody" if smooth is None else self._hold.phase
        cue = self._cues.in_hold(pose.t_s, faults) if phase == "hold" else None
        return FrameResult(pose.t_s, phase, hold_s=total_s, in_form_s=in_form_s, faults=faults, cue=cue)

    def repetitions(self, after: int = 0) -> list[SeenRep]:
        """Return every repetition so far but the first ``after``, small ones included.

        A better calibration may still change the list.
        """
        found = self._reps.found[after:] if self._reps else []
        return [
            SeenRep(
                i,
                rep.counted,
                rep.measured.side,
                rep.measured.start_s,
                rep.measured.turn_s,
                rep.measured.end_s,
                rep.depth_deg,
                rep.excursion_deg,
                self._exercise.movement.depth_signal,
            )
            for i, rep in enumerate(found, start=after + 1)
        ]

    def marked_landmarks(self, rule_id: str) -> tuple[int, ...]:
        """Return the landmarks to mark for a rule that is broken now, or was in the newest repetition. Raises KeyError."""
        if self._reps:
            sides = (self._newest.near, self._newest.front) if self._newest else ("left",)
        else:
            sides = self._hold.near, None, self._hold.support
        points = self._exercise.rule(rule_id).marked
        return tuple(i for point in points for i in landmark_indices(point, lambda word: side_of(word, *sides)))

    def finish(self, source: Source, software: dict[str, str]) -> tuple[SetRecord, Trace]:
        """Return the record and the trace of everything so far."""
        if self._reps:
            self._reps.finish(self._buffer)
        return recording.build(
            self._exercise,
            self._prescription,
            self._side,
            self._buffer,
            self._gate.events,
            self._reps,
            self._hold,
            source,
            software,
        )
