"""Values that change smoothly in time, and the result of a scripted set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from formcheck.synthetic.body import knee_flexion_deg
from formcheck.synthetic.camera import Camera, Recording, Script, film

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formcheck.model.frames import Pose


def smooth(x: np.ndarray | float) -> np.ndarray:
    """Map 0..1 to 0..1 with no speed and no acceleration at either end (minimum jerk). Values outside are clipped.

    Parameters
    ----------
    x : array or float

    Returns
    -------
    array
    """
    share = np.clip(x, 0.0, 1.0)
    eased: np.ndarray = share**3 * (share * (6 * share - 15) + 10)
    return eased


def track(t_s: np.ndarray, keys: list[tuple[float, float]]) -> np.ndarray:
    """Return a value that goes smoothly from key to key and stays constant before the first and after the last.

    Parameters
    ----------
    t_s : (T,) array
    keys : list of (float, float)
        Time (s) and value; the times rise. Two keys at the same time make a step.

    Returns
    -------
    (T,) array
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
class RepetitionTempo:
    """Seconds of the way down, of the pause at the deepest point, of the way up, and of rest before the next repetition."""

    down_s: float = 1.4
    pause_s: float = 0.3
    up_s: float = 1.1
    rest_s: float = 0.8

    @property
    def total_s(self) -> float:
        """Duration of a repetition with its rest (s)."""
        return self.down_s + self.pause_s + self.up_s + self.rest_s

    def effort(self, t_s: np.ndarray) -> np.ndarray:
        """Return how far the repetition has gone: 0 at rest, 1 at the deepest point.

        Parameters
        ----------
        t_s : (T,) array
            Time from the start of the repetition.

        Returns
        -------
        (T,) array
        """
        low = self.down_s + self.pause_s
        return track(t_s, [(0.0, 0.0), (self.down_s, 1.0), (low, 1.0), (low + self.up_s, 0.0)])


@dataclass(frozen=True, slots=True)
class RepTruth:
    """One scripted repetition.

    Attributes
    ----------
    index : int
        From 1.
    side : str or None
    start_s, turn_s, end_s : float
        The turn is the middle of the pause.
    depth_deg : float
        True value of the depth at the turn: the knee flexion (lunge: of the front leg), or the value of the movement's signal.
    script : object
        The values that were asked for.
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
    """One scripted hold, or part of one.

    Attributes
    ----------
    index : int
        From 1.
    start_s, end_s : float
    sag_deg : float
        > 0 hips low, < 0 hips high.
    script : object
        The values that were asked for.
    side : str or None
        The side that carries the body.
    """

    index: int
    start_s: float
    end_s: float
    sag_deg: float
    script: Any
    side: str | None = None


Truth = TypeVar("Truth", RepTruth, HoldTruth)


@dataclass(frozen=True, slots=True)
class SyntheticSet:
    """Poses and the truth about them.

    Attributes
    ----------
    poses : list of Pose
    truth : list of RepTruth or of HoldTruth
    knee_flexion_deg : (T, 2) array
        True flexion of the left and the right knee, also in frames without a pose.
    script : Script
    """

    poses: list[Pose]
    truth: list[RepTruth] | list[HoldTruth]
    knee_flexion_deg: np.ndarray
    script: Script


BLEND_S = 0.8
"""Time (s) in which a part of a hold goes over into the next. Default."""


def segment_tracks(
    segments: Sequence[Any], names: Sequence[str], side: str | None = None
) -> tuple[list[HoldTruth], Callable[[np.ndarray], dict[str, np.ndarray]]]:
    """Return the truth of segments that follow one another, and their values over time.

    Parameters
    ----------
    segments : sequence
        Each has ``for_s`` and the named values.
    names : sequence of str
    side : str, optional
        The side that carries the body.

    Returns
    -------
    truth : list of HoldTruth
        The times of a segment include its blend.
    now : callable
        Maps times (T,) to each named value (T,).
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


def record_script(
    script: Script,
    truth: Sequence[Truth],
    camera: Camera | None,
    recording: Recording | None,
    before: Script | None = None,
) -> SyntheticSet:
    """Film a script.

    Parameters
    ----------
    script : Script
    truth : list of RepTruth or of HoldTruth
        Times from the start of the script.
    camera : Camera or None
    recording : Recording or None
    before : Script, optional
        A script that comes first.

    Returns
    -------
    SyntheticSet
        The truth's times count from the recording's start.
    """
    recording = recording or Recording()
    shift = recording.start_s + (before.duration_s if before else 0.0)
    whole = before.then(script) if before else script
    poses = film(whole, camera, recording)
    flexion = knee_flexion_deg(whole.landmarks_m(np.array([pose.t_s - recording.start_s for pose in poses])))
    return SyntheticSet(poses, [shift_truth(one, shift) for one in truth], flexion, whole)


def shift_truth(truth: Truth, shift_s: float) -> Truth:
    """Return a truth with every time moved.

    Parameters
    ----------
    truth : RepTruth or HoldTruth
    shift_s : float

    Returns
    -------
    RepTruth or HoldTruth
    """
    moved = replace(truth, start_s=truth.start_s + shift_s, end_s=truth.end_s + shift_s)
    return replace(moved, turn_s=moved.turn_s + shift_s) if isinstance(moved, RepTruth) else moved
