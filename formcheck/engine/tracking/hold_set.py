"""A set of holds: timed and cued live, measured and judged again for the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from formcheck.engine.judging.verdicts import judge_all
from formcheck.engine.rounding import rounded_measures, rounded_s
from formcheck.engine.tracking.bounded_hold import BoundedHoldTracker
from formcheck.engine.tracking.own_calibration import own_calibration_of_set
from formcheck.engine.tracking.prone_hold import ProneHoldTracker
from formcheck.engine.tracking.tracker import MeasuredSet, PhaseSpan
from formcheck.model.frames import FrameResult
from formcheck.model.records import Hold
from formcheck.spec.prescription import unassessable

if TYPE_CHECKING:
    import numpy as np

    from formcheck.engine.judging.conditions import SeverityLevel
    from formcheck.engine.judging.cues import CueChooser
    from formcheck.engine.landmark_buffer import Bounds, LandmarkBuffer
    from formcheck.engine.landmarks import Landmarks
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.tracking.cycle import HoldMachine
    from formcheck.engine.tracking.recorded_hold import RecordedHold
    from formcheck.engine.tracking.tracker import SetPlan, TrackedFrame
    from formcheck.model.frames import SeenRep
    from formcheck.model.records import Side, ViewLabel

_EPSILON_S = 1e-3  # times in records are rounded to the millisecond


class HoldTracker(Protocol):
    """Follows the hold of one kind of posture, live, and finds every hold of a whole set.

    Attributes
    ----------
    near : str
        The side nearer to the camera.
    totals_s : tuple of two floats
        Total and in-form time of the holds that are over.
    calibrations : list of Calibration
        What the body was measured against; empty for a posture that is measured against itself.
    """

    near: Side
    totals_s: tuple[float, float]
    calibrations: list[Calibration]

    @property
    def machine(self) -> HoldMachine:
        """Return the clock of the hold that runs."""

    @property
    def support(self) -> Side | None:
        """Return the side that carries the body, or did in the last hold."""

    def forget_place(self) -> None:
        """Forget the calibration: a new person, or a new place."""

    def update(self, t_s: float, points_px: np.ndarray | None, bounds_px: Bounds) -> dict[str, SeverityLevel]:
        """Take one frame.

        Parameters
        ----------
        t_s : float
        points_px : (33, 2) array or None
            Causally filtered; None when the person is not seen.
        bounds_px : tuple of four floats
            Left, top, right and bottom of the picture.

        Returns
        -------
        dict
            The severity of each rule that is broken now.
        """

    def find(self, landmarks: Landmarks, calibrations: list[Calibration]) -> list[RecordedHold]:
        """Find every hold in a whole set and run its clocks.

        Parameters
        ----------
        landmarks : Landmarks
            Zero-lag ones.
        calibrations : list of Calibration
            One or more, in order of time.

        Returns
        -------
        list of RecordedHold
        """


class HoldSet:
    """Follows a set of holds; a ``SetTracker``.

    Parameters
    ----------
    plan : SetPlan
        Of an exercise that is held.
    cues : CueChooser
    """

    def __init__(self, plan: SetPlan, cues: CueChooser) -> None:
        self._exercise, self._prescription, self._near = plan.exercise, plan.prescription, plan.near
        self._movement = plan.exercise.posture
        self._cues = cues
        self._tracker: HoldTracker = ProneHoldTracker(plan) if self._movement.posture else BoundedHoldTracker(plan)

    @property
    def sides(self) -> tuple[Side, Side | None, Side | None]:
        """Return the near side and the side that carries the body; no leg is in front."""
        return self._tracker.near, None, self._tracker.support

    def forget_place(self, buffer: LandmarkBuffer) -> None:
        """Start again with a new person or place; all that was held stays.

        Parameters
        ----------
        buffer : LandmarkBuffer
            All frames so far.
        """
        self._tracker.forget_place()

    def update(self, frame: TrackedFrame) -> FrameResult:
        """Take the newest frame.

        Parameters
        ----------
        frame : TrackedFrame

        Returns
        -------
        FrameResult
        """
        tracker = self._tracker
        faults = tracker.update(frame.t_s, frame.points_px, frame.buffer.bounds_px)
        machine, (hold_s, in_form_s) = tracker.machine, tracker.totals_s
        if machine.running:
            hold_s, in_form_s = hold_s + (machine.end_s - machine.start_s), in_form_s + machine.in_form_s
        cue = None
        if frame.paused:
            phase = "paused"
        elif frame.points_px is None:
            phase = "nobody"
        elif not machine.running:
            phase = "waiting"
        else:
            phase, cue = "hold", self._cues.in_hold(frame.t_s, faults)
        return FrameResult(frame.t_s, phase, hold_s=hold_s, in_form_s=in_form_s, faults=faults, cue=cue)

    def repetitions(self, after: int) -> list[SeenRep]:
        """Return no repetitions: a hold has none.

        Parameters
        ----------
        after : int

        Returns
        -------
        list
            Empty.
        """
        return []

    def finish(self, buffer: LandmarkBuffer) -> None:
        """Do nothing: a hold that runs as the frames end is found again for the record.

        Parameters
        ----------
        buffer : LandmarkBuffer
            All frames.
        """

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
        calibrations = list(self._tracker.calibrations)
        against_itself = not calibrations
        if against_itself:
            calibrations = own_calibration_of_set(self._exercise, landmarks, self._near)
        found = self._tracker.find(landmarks, calibrations) if calibrations else []
        if against_itself and found:
            calibrations = [hold.calibration for hold in found]
        holds = [self._judged(i, hold) for i, hold in enumerate(found, start=1)]
        main = max(found, key=lambda hold: hold.timed.seconds).calibration if found else _last(calibrations)
        return MeasuredSet(
            calibrations,
            main,
            self._label(main, bool(holds)),
            holds=holds,
            phases=[
                PhaseSpan("hold", hold.index, hold.start_s - _EPSILON_S, hold.end_s + _EPSILON_S) for hold in holds
            ],
            carried_by=holds[0].side if holds and self._movement.carried_by else None,
            unseen_ends=self._unseen_ends() if holds else (),
        )

    def _judged(self, index: int, hold: RecordedHold) -> Hold:
        hold.interval.index = index
        verdicts, faults = judge_all(self._exercise, hold.interval, self._prescription)
        start_s, end_s, in_form_s, longest_s = hold.timed.clocks
        hidden = unassessable(self._exercise, self._prescription)
        # Where no side carries the body, a seated one is judged on the nearer side and a standing one on none.
        seated = self._movement.reference_posture == "seated"
        return Hold(
            index=index,
            side=hold.timed.side or (hold.calibration.near if seated else None),
            start_s=rounded_s(start_s),
            end_s=rounded_s(end_s),
            in_form_s=rounded_s(in_form_s),
            longest_in_form_s=rounded_s(longest_s),
            ended=None if hold.timed.ended in hidden else hold.timed.ended,
            measures=rounded_measures(hold.interval.measures),
            verdicts=verdicts,
            faults=faults,
        )

    def _label(self, main: Calibration | None, held: bool) -> ViewLabel:
        """Return the view. A posture that is measured against itself tells it: found, it was seen from where it can be."""
        if main is None:
            return "unknown"
        if main.source != "none":
            return main.label
        return self._exercise.views[0] if held else "unknown"

    def _unseen_ends(self) -> tuple[str, ...]:
        """Return the end criteria that the surface hides from the camera."""
        hidden = unassessable(self._exercise, self._prescription)
        bounds = (*self._movement.bounds, *self._movement.termination)
        return tuple(bound.id for bound in bounds if bound.id in hidden)


def _last(calibrations: list[Calibration]) -> Calibration | None:
    return calibrations[-1] if calibrations else None
