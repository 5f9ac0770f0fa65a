"""Values that change smoothly in time, and what a scripted set returns."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.synthetic.body import knee_flexion_deg
from formcheck.synthetic.camera import Camera, Recording, Script, film

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formcheck.model.frames import Pose


def smooth(x: np.ndarray) -> np.ndarray:
    """Map 0..1 to 0..1 with no speed and no acceleration at either end (minimum jerk); clipped outside."""
    x = np.clip(x, 0.0, 1.0)
    return x**3 * (x * (6 * x - 15) + 10)


def track(t_s: np.ndarray, keys: list[tuple[float, float]]) -> np.ndarray:
    """Return the value at each time (T,), smooth from key to key and held outside them.

    ``keys``: (seconds, value), the seconds rising; two keys at one moment make a step.
    """
    times, values = np.array(keys, float).T
    out = np.full(len(t_s), values[0])
    for start, end, before, after in zip(times, times[1:], values, values[1:], strict=False):
        if end > start:
            out = np.where(t_s >= start, before + (after - before) * smooth((t_s - start) / (end - start)), out)
        else:
            out = np.where(t_s >= start, after, out)
    return out


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds down, held at the deepest point, up, and rest before the next repetition."""

    down_s: float = 1.4
    pause_s: float = 0.3
    up_s: float = 1.1
    rest_s: float = 0.8

    @property
    def total_s(self) -> float:
        return self.down_s + self.pause_s + self.up_s + self.rest_s

    def effort(self, t_s: np.ndarray) -> np.ndarray:
        """Return 0 at rest to 1 at the deepest point, for times from the start of the repetition."""
        low = self.down_s + self.pause_s
        return track(t_s, [(0.0, 0.0), (self.down_s, 1.0), (low, 1.0), (low + self.up_s, 0.0)])


@dataclass(frozen=True, slots=True)
class RepTruth:
    """One scripted repetition.

    ``turn_s``: the middle of its pause; ``depth_deg``: true knee flexion there (lunge: of the front leg).
    """

    index: int
    side: str | None
    start_s: float
    turn_s: float
    end_s: float
    depth_deg: float
    script: Any


@dataclass(frozen=True, slots=True)
class HoldTruth:
    """One scripted hold, or part of one. ``sag_deg`` > 0 hips low, < 0 hips high; ``side``: the one that carries the body."""

    index: int
    start_s: float
    end_s: float
    sag_deg: float
    script: Any
    side: str | None = None


@dataclass(frozen=True, slots=True)
class SyntheticSet:
    """Poses and the truth about them; ``knee_flexion_deg`` (T, 2) left and right, also where nobody is seen."""

    poses: list[Pose]
    truth: list[RepTruth] | list[HoldTruth]
    knee_flexion_deg: np.ndarray
    script: Script


BLEND_S = 0.8
"""A part of a hold goes over into the next in this time."""


def segment_tracks(
    segments: Sequence[Any], names: Sequence[str], side: str | None = None
) -> tuple[list[HoldTruth], Callable[[np.ndarray], dict[str, np.ndarray]]]:
    """Return the truth of segments that follow one another, and a function from times (T,) to each named value (T,).

    A segment has ``for_s`` and the named values; each part's times include its blend.
    """
    ends = np.cumsum([segment.for_s for segment in segments])
    starts = ends - [segment.for_s for segment in segments]
    truth = [
        HoldTruth(index, float(start), float(end), getattr(segment, "sag_deg", 0.0), segment, side)
        for index, (segment, start, end) in enumerate(zip(segments, starts, ends, strict=True), start=1)
    ]

    def now(t_s: np.ndarray) -> dict[str, np.ndarray]:
        values = {}
        for name in names:
            keys = [(0.0, getattr(segments[0], name))]
            for segment, start in zip(segments[1:], starts[1:], strict=True):
                keys += [(start, keys[-1][1]), (start + min(BLEND_S, segment.for_s), getattr(segment, name))]
            values[name] = track(t_s, keys)
        return values

    return truth, now


def recorded(
    script: Script, truth: list[Any], camera: Camera | None, recording: Recording | None, before: Script | None = None
) -> SyntheticSet:
    """Film a script, after ``before`` if there is one; the truth's times count from the recording's start."""
    recording = recording or Recording()
    shift = recording.start_s + (before.duration_s if before else 0.0)
    whole = before.then(script) if before else script
    poses = film(whole, camera, recording)
    flexion = knee_flexion_deg(whole.landmarks_m(np.array([pose.t_s - recording.start_s for pose in poses])))
    return SyntheticSet(poses, [moved(unit, shift) for unit in truth], flexion, whole)


def moved(unit: Any, shift_s: float) -> Any:
    """Return a truth with every time moved."""
    times = [f.name for f in fields(unit) if f.name in ("start_s", "turn_s", "end_s")]
    return replace(unit, **{name: getattr(unit, name) + shift_s for name in times})
