"""The data of single frames: plain slotted dataclasses, without the cost of validation per frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

N_LANDMARKS = 33


@dataclass(slots=True, frozen=True)
class Frame:
    """One decoded picture.

    Attributes
    ----------
    t_s : float
        Seconds since the start of the file or camera, strictly rising.
    rgb : (H, W, 3) uint8 array
        C-contiguous, upright, never mirrored.
    """

    t_s: float
    rgb: np.ndarray


@dataclass(slots=True, frozen=True)
class Pose:
    """One person's landmarks in one frame, as the estimator returned them (see ``formcheck.model.skeleton``).

    Without a person the landmarks are NaN and the visibility is 0.

    Attributes
    ----------
    t_s : float
    image_px : (33, 2) float32 array
        x right, y down, in pixels.
    world_m : (33, 3) float32 array
        Metres, hip-centred.
    visibility : (33,) float32 array
        0 to 1.
    size_px : tuple of two ints
        Width and height of the picture.
    """

    t_s: float
    image_px: np.ndarray
    world_m: np.ndarray
    visibility: np.ndarray
    size_px: tuple[int, int]

    @classmethod
    def nobody(cls, t_s: float, size_px: tuple[int, int]) -> Pose:
        """Return the pose of a frame without a person.

        Parameters
        ----------
        t_s : float
        size_px : tuple of two ints
            Width and height of the picture.

        Returns
        -------
        Pose
        """
        return cls(
            t_s,
            np.full((N_LANDMARKS, 2), np.nan, np.float32),
            np.full((N_LANDMARKS, 3), np.nan, np.float32),
            np.zeros(N_LANDMARKS, np.float32),
            size_px,
        )

    @property
    def seen(self) -> bool:
        """Return whether the estimator returned a person."""
        return bool(self.visibility.any())


@dataclass(slots=True, frozen=True)
class SeenRep:
    """A repetition as it was seen when it ended, from causal filters: the record measures it again.

    Attributes
    ----------
    index : int
        From 1, small ones included.
    start_s, turn_s, end_s : float
    depth_deg, excursion_deg : float
        Of the signal ``depth_of``; NaN = not measurable.
    """

    index: int
    counted: bool
    side: str | None
    start_s: float
    turn_s: float
    end_s: float
    depth_deg: float
    excursion_deg: float
    depth_of: str = "knee_flexion"


@dataclass(slots=True)
class FrameResult:
    """The state right after one frame, from causal filters only.

    Attributes
    ----------
    phase : str
        ``nobody``, ``waiting`` (not calibrated), ``rest``, ``descent``, ``bottom``, ``ascent``, ``top``, ``hold`` or ``paused``.
    signals : dict
        Degrees or ratios by name; NaN = not measurable.
    faults : mapping
        Rule id to severity (1 or 2): of a hold now, else in the repetition that ended last.
    cue : str or None
        The rule whose cue is due in this very frame.
    not_assessable : mapping
        Rule id to reason, from this view.
    view : str or None
        ``front``, ``side`` or ``oblique``; None while it is not known.
    target_deg : float or None
        The depth that is judged against now.
    clock_left_s : float or None
        Of a timed exercise whose clock runs.
    """

    t_s: float
    phase: str
    rep_count: int = 0
    partial_count: int = 0
    hold_s: float = 0.0
    in_form_s: float = 0.0
    signals: dict[str, float] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    cue: str | None = None
    not_assessable: Mapping[str, str] = field(default_factory=dict)
    view: str | None = None
    target_deg: float | None = None
    clock_left_s: float | None = None


@dataclass(slots=True)
class Trace:
    """A whole set of T frames: the raw landmarks and the signals measured from them.

    Attributes
    ----------
    t_s : (T,) array
    image_px, world_m, visibility : arrays
        As in ``Pose``, with T in front.
    size_px : tuple of two ints
        Width and height of the picture.
    signals : dict of (T,) arrays
        From the zero-lag filter; NaN = not measurable.
    phase : (T,) array of str, or None
    rep : (T,) array of int, or None
        The repetition or hold of each frame, 0 = none.
    """

    t_s: np.ndarray
    image_px: np.ndarray
    world_m: np.ndarray
    visibility: np.ndarray
    size_px: tuple[int, int]
    signals: dict[str, np.ndarray] = field(default_factory=dict)
    phase: np.ndarray | None = None
    rep: np.ndarray | None = None
