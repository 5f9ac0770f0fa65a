"""The data of single frames: plain slotted dataclasses, without the cost of validation per frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.model.records import Event

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
class CameraPlace:
    """Where the camera points in one picture, against the first picture of its shot.

    Attributes
    ----------
    similarity : tuple of four floats
        (a, b, x, y): what was at (u, v) in the first picture is at (a u - b v + x, b u + a v + y) in this one, in pixels.
    shot : int
        From 0; a film cut begins the next one.
    """

    similarity: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    shot: int = 0

    def steady(self, points_px: np.ndarray) -> np.ndarray:
        """Return points of this picture where they were in the first picture of the shot.

        Parameters
        ----------
        points_px : (..., 2) array

        Returns
        -------
        (..., 2) array
            The same array when the camera has not moved. NaN stays NaN.
        """
        return steady(points_px, np.array(self.similarity))

    def scaled(self, factor: float, shift_px: tuple[float, float]) -> CameraPlace:
        """Return the same movement in a picture that is ``factor`` times as large and lies at ``shift_px``.

        Parameters
        ----------
        factor : float
        shift_px : tuple of two floats

        Returns
        -------
        CameraPlace
        """
        a, b, x, y = self.similarity
        u, v = shift_px
        return CameraPlace((a, b, factor * x + u - (a * u - b * v), factor * y + v - (b * u + a * v)), self.shot)


NO_MOVEMENT = np.array([1.0, 0.0, 0.0, 0.0])
"""The similarity of a camera that has not moved."""


def steady(points_px: np.ndarray, similarity: np.ndarray) -> np.ndarray:
    """Return points where they were in the first picture of their shot.

    Parameters
    ----------
    points_px : (..., N, 2) array
    similarity : (..., 4) array
        As in ``CameraPlace``.

    Returns
    -------
    (..., N, 2) array
        The same array when no camera has moved. NaN stays NaN.
    """
    if (similarity == NO_MOVEMENT).all():
        return points_px
    a, b, x, y = np.moveaxis(similarity[..., None, :], -1, 0)
    u, v = points_px[..., 0] - x, points_px[..., 1] - y
    square = a * a + b * b
    return np.stack([(a * u + b * v) / square, (a * v - b * u) / square], axis=-1).astype(points_px.dtype)


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
    camera : CameraPlace or None
        None where no picture was looked at: landmarks alone do not tell it.
    """

    t_s: float
    image_px: np.ndarray
    world_m: np.ndarray
    visibility: np.ndarray
    size_px: tuple[int, int]
    camera: CameraPlace | None = None

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

    @property
    def steady_px(self) -> np.ndarray:
        """Return the landmarks (33, 2) without the camera's movement, where that is known."""
        return self.image_px if self.camera is None else self.camera.steady(self.image_px)


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
    camera : (T, 4) array, or None
        The similarity of each ``CameraPlace``; None in traces of landmarks alone, and in those of earlier versions.
    shot : (T,) array of int, or None
        The film's shot of each frame; None with ``camera``.
    file_events : tuple of Event
        What is wrong with the file that the landmarks were found in. Landmarks alone do not tell it.
    """

    t_s: np.ndarray
    image_px: np.ndarray
    world_m: np.ndarray
    visibility: np.ndarray
    size_px: tuple[int, int]
    signals: dict[str, np.ndarray] = field(default_factory=dict)
    phase: np.ndarray | None = None
    rep: np.ndarray | None = None
    camera: np.ndarray | None = None
    shot: np.ndarray | None = None
    file_events: tuple[Event, ...] = ()
