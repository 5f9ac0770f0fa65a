"""The interface of every kind of movement to the analysis of a set: followed live, and measured again for the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np

    from formcheck.engine.landmark_buffer import LandmarkBuffer
    from formcheck.engine.landmarks import Landmarks
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.tracking.repetition import MeasuredRep
    from formcheck.model.frames import FrameResult, SeenRep
    from formcheck.model.records import Hold, Rep, Side, ViewLabel
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.prescription import Prescription

SideChoice = Literal["auto", "left", "right"]


@dataclass(slots=True, frozen=True)
class SetPlan:
    """An exercise and the prescription that a set of it is judged by.

    Attributes
    ----------
    exercise : Exercise
    prescription : Prescription or None
    side : str
        The side to judge from; ``auto`` takes the nearer one.
    """

    exercise: Exercise
    prescription: Prescription | None = None
    side: SideChoice = "auto"

    @property
    def near(self) -> Side | None:
        """Return the side to judge from, None for the nearer one."""
        return None if self.side == "auto" else self.side


@dataclass(slots=True, frozen=True)
class TrackedFrame:
    """The newest frame of a set.

    Attributes
    ----------
    t_s : float
    points_px : (33, 2) array or None
        Causally filtered; None when the tracked person is not seen.
    paused : bool
        Whether another person is in the tracked person's place.
    buffer : LandmarkBuffer
        All frames so far, this one included.
    """

    t_s: float
    points_px: np.ndarray | None
    paused: bool
    buffer: LandmarkBuffer


@dataclass(slots=True, frozen=True)
class PhaseSpan:
    """A stretch [start_s, end_s] of one phase of the repetition or hold ``index`` (from 1)."""

    phase: str
    index: int
    start_s: float
    end_s: float


@dataclass(slots=True)
class MeasuredSet:
    """A whole set, measured and judged on zero-lag landmarks.

    Attributes
    ----------
    calibrations : list of Calibration
        What the body was measured against, in order of time.
    main : Calibration or None
        The one that the record describes.
    label : str
        The view.
    reps, holds : lists
        What the record holds.
    measured : list of MeasuredRep
        What ``reps`` were made from.
    phases : list of PhaseSpan
        Painted in this order, the later ones over the earlier.
    carried_by : str or None
        The side that the first hold lies or stands on; None where no side carries it.
    unseen_ends : tuple of str
        End criteria that the surface hides from the camera.
    cut_off_s : tuple of two floats, or None
        Start of the repetition in which the set ended, and end of the set; None where it ended in none.
    """

    calibrations: list[Calibration]
    main: Calibration | None
    label: ViewLabel
    reps: list[Rep] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    measured: list[MeasuredRep] = field(default_factory=list)
    phases: list[PhaseSpan] = field(default_factory=list)
    carried_by: Side | None = None
    unseen_ends: tuple[str, ...] = ()
    cut_off_s: tuple[float, float] | None = None


class SetTracker(Protocol):
    """Follows one set of one kind of movement."""

    @property
    def sides(self) -> tuple[Side, Side | None, Side | None]:
        """Return the near side, the leg in front and the side that carries the body; None where a movement has none."""

    def forget_place(self, buffer: LandmarkBuffer) -> None:
        """Start again with a new person or place; all that was counted stays.

        Parameters
        ----------
        buffer : LandmarkBuffer
            All frames so far.
        """

    def update(self, frame: TrackedFrame) -> FrameResult:
        """Take the newest frame.

        Parameters
        ----------
        frame : TrackedFrame

        Returns
        -------
        FrameResult
        """

    def repetitions(self, after: int) -> list[SeenRep]:
        """Return every repetition so far but the first ``after``, small ones included.

        Parameters
        ----------
        after : int

        Returns
        -------
        list of SeenRep
        """

    def finish(self, buffer: LandmarkBuffer) -> None:
        """Take a movement that was all but over as the frames ended.

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
