"""A set of repetitions: counted and cued live, measured and judged again for the record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.engine.judging.conditions import unseen_reason
from formcheck.engine.judging.in_progress import InProgressJudge
from formcheck.engine.judging.verdicts import judge_all
from formcheck.engine.rounding import rounded_measures, rounded_s
from formcheck.engine.tracking.own_calibration import own_calibration_of_set
from formcheck.engine.tracking.repetition import MeasuredRep, measure_rep
from formcheck.engine.tracking.repetitions import FoundRep, RepetitionTracker
from formcheck.engine.tracking.tracker import MeasuredSet, PhaseSpan
from formcheck.model.frames import FrameResult, SeenRep
from formcheck.model.records import Rep
from formcheck.spec.prescription import Prescription, unassessable

if TYPE_CHECKING:
    from formcheck.engine.judging.cues import CueChooser
    from formcheck.engine.judging.interval import JudgedInterval
    from formcheck.engine.landmark_buffer import LandmarkBuffer
    from formcheck.engine.landmarks import Landmarks
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.signals.scene import MeasuredScene
    from formcheck.engine.tracking.tracker import SetPlan, TrackedFrame
    from formcheck.model.records import Reason, Side, ViewLabel


class RepetitionSet:
    """Follows a set of repetitions; a ``SetTracker``.

    Parameters
    ----------
    plan : SetPlan
        Of an exercise that is repeated.
    cues : CueChooser
    """

    def __init__(self, plan: SetPlan, cues: CueChooser) -> None:
        self._exercise, self._prescription, self._near = plan.exercise, plan.prescription, plan.near
        self._movement = plan.exercise.cycle
        self._cues = cues
        self._reps = RepetitionTracker(plan.exercise, plan.near)
        self._in_progress = InProgressJudge(plan.exercise, cues.said)
        self._judged: JudgedInterval | None = None  # judged last, of a repetition that may still run
        self._faults: dict[str, int] = {}
        self._view: ViewLabel | None = None
        self._unseen: dict[str, Reason] = {}
        self._seen_from: Calibration | None = None
        self._targeted: tuple[FoundRep | None, float | None] | None = None

    @property
    def sides(self) -> tuple[Side, Side | None, Side | None]:
        """Return the near side and the leg in front of the repetition that was judged last; no side carries the body."""
        return ("left", None, None) if self._judged is None else (self._judged.near, self._judged.front, None)

    def forget_place(self, buffer: LandmarkBuffer) -> None:
        """Start again with a new person or place; all that was counted stays.

        Parameters
        ----------
        buffer : LandmarkBuffer
            All frames so far.
        """
        self._reps.forget_place(buffer)

    def update(self, frame: TrackedFrame) -> FrameResult:
        """Take the newest frame.

        Parameters
        ----------
        frame : TrackedFrame

        Returns
        -------
        FrameResult
        """
        reps = self._reps
        cue, signals = None, {}
        if frame.points_px is not None:
            cue = self._follow(frame)
            signals = {self._movement.depth_signal: reps.depth_deg}
            self._note_view(reps.calibration)
        ends_s = reps.clock_end_s
        return FrameResult(
            frame.t_s,
            "paused" if frame.paused else "nobody" if frame.points_px is None else reps.phase,
            reps.counted,
            len(reps.found) - reps.counted,
            signals=signals,
            faults=self._faults,
            cue=cue,
            not_assessable=self._unseen,
            view=self._view,
            target_deg=self._target_deg(),
            clock_left_s=None if ends_s is None else max(0.0, ends_s - frame.t_s),
        )

    def _follow(self, frame: TrackedFrame) -> str | None:
        """Take a frame in which the person is seen, and return the rule whose cue is due."""
        reps = self._reps
        if reps.update(frame.buffer) is not None:
            self._faults = self._judge_newest()
            return self._cues.after_repetition(frame.t_s, self._faults)
        if reps.newest_scene is not None and not self._cues.in_cooldown(frame.t_s):
            return self._cue_in_progress(frame, reps.newest_scene)
        return None

    def _cue_in_progress(self, frame: TrackedFrame, scene: MeasuredScene) -> str | None:
        """Return the rule whose cue is due before the repetition is over."""
        given = self._given(self._reps.found)
        rules = self._in_progress.suspects(frame.t_s, scene, self._unseen, given)
        running = self._reps.running_repetition(frame.buffer) if rules else None
        if running is None:
            return None
        running.interval.hidden = unassessable(self._exercise, given)
        cue = self._cues.in_repetition(frame.t_s, self._in_progress.faults(rules, running, given))
        if cue is not None:
            self._judged = running.interval
        return cue

    def _note_view(self, calibration: Calibration | None) -> None:
        """Note which rules cannot be judged from where the camera stands now."""
        if calibration is self._seen_from:
            return
        self._seen_from = calibration
        self._view = None if calibration is None else calibration.label
        azimuth_deg = 0.0 if calibration is None else calibration.azimuth_deg
        reasons = {rule.id: unseen_reason(rule, self._view, azimuth_deg) for rule in self._exercise.rules}
        self._unseen = {rule: reason for rule, reason in reasons.items() if reason is not None}

    def _target_deg(self) -> float | None:
        """Return the depth that the next repetition is judged against. It changes only when a repetition has been found."""
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
        self._judged = newest.measured.interval
        _, faults = judge_all(self._exercise, self._judged, self._given(before))
        return {fault.rule: fault.severity for fault in faults}

    def repetitions(self, after: int) -> list[SeenRep]:
        """Return every repetition so far but the first ``after``, small ones included.

        Parameters
        ----------
        after : int

        Returns
        -------
        list of SeenRep
            A better calibration may still change it.
        """
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
                self._movement.depth_signal,
            )
            for i, rep in enumerate(self._reps.found[after:], start=after + 1)
        ]

    def finish(self, buffer: LandmarkBuffer) -> None:
        """Take a repetition that was all but over as the frames ended.

        Parameters
        ----------
        buffer : LandmarkBuffer
            All frames.
        """
        self._reps.finish(buffer)

    def measure(self, landmarks: Landmarks) -> MeasuredSet:
        """Return the whole set, measured and judged again.

        Parameters
        ----------
        landmarks : Landmarks
            Zero-lag ones.

        Returns
        -------
        MeasuredSet
        """
        reps = self._reps
        measured = self._measured(landmarks)
        used = [found.calibration for found in reps.found if found.counted] or [rep.calibration for rep in reps.found]
        main = used[-1] if used else reps.calibration
        return MeasuredSet(
            reps.calibrations or own_calibration_of_set(self._exercise, landmarks, self._near),
            main,
            "unknown" if main is None else main.label,
            reps=self._judged_reps(measured),
            measured=measured,
            cut_off_s=reps.cut_off_s,
            phases=[span for i, rep in enumerate(measured, start=1) for span in self._phases(i, rep)],
        )

    def _measured(self, landmarks: Landmarks) -> list[MeasuredRep]:
        found = self._reps.found
        measured = []
        for i, rep in enumerate(found):
            earliest_s = found[i - 1].cycle.end_s if i else -math.inf
            latest_s = found[i + 1].cycle.start_s if i + 1 < len(found) else math.inf
            room_s = (earliest_s, max(latest_s, rep.cycle.end_s))
            measured.append(measure_rep(self._exercise, landmarks, rep.cycle, rep.calibration, room_s))
        return measured

    def _judged_reps(self, measured: list[MeasuredRep]) -> list[Rep]:
        out: list[Rep] = []
        depths_deg: list[float] = []
        for i, (found, rep) in enumerate(zip(self._reps.found, measured, strict=True), start=1):
            rep.interval.index = i
            given = self._prescription.with_own_depth(depths_deg) if self._prescription else None
            verdicts, faults = judge_all(self._exercise, rep.interval, given)
            if found.counted:
                depths_deg.append(rep.depth_deg)
            out.append(
                Rep(
                    index=i,
                    side=rep.side,
                    near_side=rep.calibration.near if rep.calibration.label == "side" else None,
                    start_s=rounded_s(rep.start_s),
                    turn_s=rounded_s(rep.turn_s),
                    end_s=rounded_s(rep.end_s),
                    counted=found.counted,
                    measures=rounded_measures(rep.measures),
                    verdicts=verdicts,
                    faults=faults,
                )
            )
        return out

    def _phases(self, index: int, rep: MeasuredRep) -> list[PhaseSpan]:
        """Return the way out, then the way back and the far end, which lie over it."""
        out, far, back = self._movement.phases
        there = rep.interval.t_s[rep.interval.windows[far]]
        first_s, last_s = float(there[0]), float(there[-1])
        return [
            PhaseSpan(out, index, rep.start_s, rep.end_s),
            PhaseSpan(back, index, max(first_s, rep.start_s), rep.end_s),
            PhaseSpan(far, index, max(first_s, rep.start_s), min(last_s, rep.end_s)),
        ]
