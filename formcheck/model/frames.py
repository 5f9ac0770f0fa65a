"""What flows through the system frame by frame: plain slotted dataclasses, no validation cost per frame."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

N_LANDMARKS = 33


@dataclass(slots=True, frozen=True)
class Frame:
    """One decoded picture.

    ``t_s``: seconds since the start of the file or camera, strictly rising.
    ``rgb``: uint8 (H, W, 3), C-contiguous, upright, never mirrored.
    """

    t_s: float
    rgb: np.ndarray


@dataclass(slots=True, frozen=True)
class Pose:
    """One person's landmarks in one frame, as the estimator returned them (see ``formcheck.model.skeleton``).

    ``image_px`` float32 (33, 2), x right, y down, in pixels; ``world_m`` float32 (33, 3), hip-centred metres;
    ``visibility`` float32 (33,), 0..1; ``size_px`` (W, H). Nobody seen: NaN landmarks and visibility 0.
    """

    t_s: float
    image_px: np.ndarray
    world_m: np.ndarray
    visibility: np.ndarray
    size_px: tuple[int, int]

    @classmethod
    def nobody(cls, t_s: float, size_px: tuple[int, int]) -> Pose:
        """Return the pose of a frame in which nobody was seen."""
        return cls(
            t_s,
            np.full((N_LANDMARKS, 2), np.nan, np.float32),
            np.full((N_LANDMARKS, 3), np.nan, np.float32),
            np.zeros(N_LANDMARKS, np.float32),
            size_px,
        )

    @property
    def seen(self) -> bool:
        """True when the estimator returned a person."""
        return bool(self.visibility.any())


@dataclass(slots=True, frozen=True)
class SeenRep:
    """A repetition as it was seen when it ended, from causal filters: the record measures it again.

    ``index`` from 1, small ones included; times in s; ``depth_deg``, ``excursion_deg``: of the signal
    ``depth_of`` (NaN = not measurable).
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
    """What is known right after one frame, from causal filters only.

    ``signals``: name to value (deg or ratio; NaN = not measurable). ``phase``: one of
    ``nobody``, ``waiting`` (not calibrated), ``rest``, ``descent``, ``bottom``, ``ascent``, ``top``, ``hold``, ``paused``.
    ``faults``: rule id to severity (1 or 2) active now (holds) or in the repetition that just ended.
    ``cue``: the rule whose cue is due in this very frame, or None. ``not_assessable``: rule id to reason, from this view.
    ``view``: what the camera sees (``front``, ``side``, ``oblique``), None while that is not known.
    ``target_deg``: the depth that is judged against now, None without one. ``clock_left_s``: of a timed exercise whose clock runs.
    """

    t_s: float
    phase: str
    rep_count: int = 0
    partial_count: int = 0
    hold_s: float = 0.0
    in_form_s: float = 0.0
    signals: dict[str, float] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    cue: str | None = None
    not_assessable: dict[str, str] = field(default_factory=dict)
    view: str | None = None
    target_deg: float | None = None
    clock_left_s: float | None = None


@dataclass(slots=True)
class Trace:
    """A whole set, frame by frame: the raw landmarks and what was measured from them.

    ``t_s`` (T,), ``image_px`` (T, 33, 2), ``world_m`` (T, 33, 3), ``visibility`` (T, 33), ``size_px`` (W, H);
    ``signals``: name to (T,) from the zero-lag filter, NaN = not measurable; ``phase`` (T,) str; ``rep`` (T,) int, 0 = none.
    """

    t_s: np.ndarray
    image_px: np.ndarray
    world_m: np.ndarray
    visibility: np.ndarray
    size_px: tuple[int, int]
    signals: dict[str, np.ndarray] = field(default_factory=dict)
    phase: np.ndarray | None = None
    rep: np.ndarray | None = None
