"""The numbers behind the reasons why a set counted nothing. Each is measured once, when a test asks for it."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.person import view
from formcheck.engine.person.gate import inside_picture
from formcheck.engine.runs import runs
from formcheck.engine.set_trace import MAIN_ANGLE
from formcheck.engine.tracking import patterns
from formcheck.engine.tracking.stillness import Stillness, trunk_still_s
from formcheck.model.frames import steady
from formcheck.model.skeleton import INDEX
from formcheck.spec.movement import RepCycle

if TYPE_CHECKING:
    from formcheck.model.frames import Trace
    from formcheck.model.records import EventKind, SetRecord, ViewLabel
    from formcheck.spec.exercise import Exercise

_JOINTS = ("shoulder", "hip", "knee", "ankle")
_CORE = [INDEX["nose"], *(INDEX[f"{side}_{joint}"] for joint in _JOINTS for side in ("left", "right"))]
_PARTS = {
    "head": [INDEX["nose"]],
    "hips": [INDEX["left_hip"], INDEX["right_hip"]],
    "feet": [INDEX["left_ankle"], INDEX["right_ankle"]],
}
_HANDS = [INDEX["left_wrist"], INDEX["right_wrist"]]
_KNEES = [INDEX["left_knee"], INDEX["right_knee"]]
_TRUNK = [INDEX[f"{side}_{joint}"] for joint in ("shoulder", "hip") for side in ("left", "right")]
_UPRIGHT = 0.85
"""Vertical extent over length of an upright trunk. The view is taken from such trunks. Default."""
_DOWN = 0.7
"""Vertical extent over length of a trunk that points down: within 45 deg. Default."""
_LIES_DEG = 50.0
"""The trunk's line from the horizontal in a body that lies: that of ``LyingCalibrator``."""
_LIES_MOSTLY = 0.7
"""Who lies in a smaller share of the pictures is not taken for lying. Default."""
_LENGTH_SHOULDERS = 4.0
"""The length of a body over the width of its shoulders. Default."""
_ONSET_SHARE = 0.15
"""A movement is under way above this share of a full one: the share at which a repetition begins to be followed."""
_STILL_SHARE = 0.1
"""An angle stands still while it stays within this share of a full movement: as where repetitions are followed."""
_OUTER = (5, 95)
"""The percentiles between which a range is taken: beyond them a landmark may have jumped. Default."""


@dataclass(frozen=True)
class OtherExercise:
    """The exercise that the movement looks like instead.

    Attributes
    ----------
    exercise : str
        Its id.
    count : int
        How many repetitions or holds of it there are.
    """

    exercise: str
    count: int


@dataclass(frozen=True)
class Excursion:
    """One stretch in which the chart's angle is away from rest, as far as a repetition must go.

    Attributes
    ----------
    seconds : float
    pause_s : float
        The longest time for which the angle stands still in it.
    whole : bool
        Whether both its beginning and its end are in the pictures.
    """

    seconds: float
    pause_s: float
    whole: bool


@dataclass(frozen=True)
class Evidence:
    """The set that counted nothing. Shares are 0..1; NaN = could not be measured.

    Attributes
    ----------
    exercise : Exercise
    record : SetRecord
    trace : Trace
        Its landmarks.
    other : OtherExercise or None
        None: it looks like no other exercise, or it was not looked for.
    """

    exercise: Exercise
    record: SetRecord
    trace: Trace
    other: OtherExercise | None = None

    @property
    def cycle(self) -> RepCycle | None:
        """The movement of an exercise of repetitions; None for a hold."""
        movement = self.exercise.movement
        return movement if isinstance(movement, RepCycle) else None

    @property
    def stands(self) -> bool:
        """Whether the exercise is measured against standing still, and not against a body that lies or sits."""
        movement = self.exercise.movement
        if isinstance(movement, RepCycle):
            return not patterns.STANCES[movement.movement_pattern].lying
        return movement.reference_posture == "standing"

    @functools.cached_property
    def seconds(self) -> float:
        """From the first picture to the last (s)."""
        t_s = self.trace.t_s
        return float(t_s[-1] - t_s[0]) if len(t_s) else 0.0

    @functools.cached_property
    def seen(self) -> np.ndarray:
        """Whether the model found a body in each picture (T,), believable or not."""
        found: np.ndarray = self.trace.visibility.any(axis=1) & ~np.isnan(self.trace.image_px).any(axis=(1, 2))
        return found

    @functools.cached_property
    def believed(self) -> np.ndarray:
        """Whether that body was taken for the person who is followed (T,)."""
        phase = self.trace.phase
        return self.seen if phase is None else self.seen & (phase != "nobody")

    @functools.cached_property
    def points_px(self) -> np.ndarray:
        """The landmarks of the pictures with a body (S, 33, 2), without the camera's movement."""
        image_px = self.trace.image_px[self.seen].astype(float)
        return image_px if self.trace.camera is None else steady(image_px, self.trace.camera[self.seen])

    @functools.cached_property
    def followed_px(self) -> np.ndarray:
        """The same of the pictures with the person who is followed."""
        followed_px: np.ndarray = self.points_px[self.believed[self.seen]]
        return followed_px

    @functools.cached_property
    def body_share(self) -> float:
        """The length of the body over the picture's side that it lies along, where it is longest.

        A body that points towards the camera looks short: then the width of its shoulders tells.
        """
        if not self.seen.any():
            return math.nan
        extent_px = np.ptp(self.trace.image_px[self.seen][:, _CORE].astype(float), axis=1)
        shoulders_px = np.hypot(*(self.points_px[:, 11] - self.points_px[:, 12]).T)
        lengths = np.column_stack(
            [extent_px / self.trace.size_px, _LENGTH_SHOULDERS * shoulders_px / min(self.trace.size_px)]
        )
        return float(np.percentile(lengths.max(axis=1), _OUTER[1]))

    @functools.cached_property
    def outside(self) -> dict[str, float]:
        """The share of the pictures with a body in which each part of it lies outside the picture."""
        if not self.seen.any():
            return {}
        inside = inside_picture(self.trace.image_px[self.seen], self.trace.size_px)
        parts = _PARTS | ({"hands": _HANDS} if self.on_hands else {})
        return {name: float((~inside[:, points]).any(axis=1).mean()) for name, points in parts.items()}

    @property
    def on_hands(self) -> bool:
        """Whether the hands carry the body in this exercise."""
        movement = self.exercise.movement
        if isinstance(movement, RepCycle):
            return movement.movement_pattern in ("hands", "all_fours")
        return movement.posture == "prone_line"

    @functools.cached_property
    def trunk_px(self) -> float:
        """The length of the trunk where it looks longest (px)."""
        if not len(self.followed_px):
            return math.nan
        return float(np.percentile(np.hypot(*self._trunk.T), _OUTER[1]))

    @functools.cached_property
    def moved_trunks(self) -> float:
        """How far the joint that moved most has moved, in lengths of the trunk."""
        if not len(self.followed_px) or not self.trunk_px > 0:
            return math.nan
        low, high = np.percentile(self.followed_px[:, _CORE], _OUTER, axis=0)
        return float((high - low).max() / self.trunk_px)

    @functools.cached_property
    def feet_trunks(self) -> float:
        """How far the middle between the ankles has moved, in lengths of the trunk."""
        if not len(self.followed_px) or not self.trunk_px > 0:
            return math.nan
        low, high = np.percentile(self.followed_px[:, _PARTS["feet"]].mean(axis=1), _OUTER, axis=0)
        return float((high - low).max() / self.trunk_px)

    @functools.cached_property
    def upside_down_share(self) -> float:
        """The share of the pictures with a body in which what carries it is above it; NaN where nothing tells.

        Of who stands, trunk and feet tell; of who lies, the hands that carry the body, or the knees of a bridge.
        """
        if not len(self.followed_px):
            return math.nan
        movement, p = self.exercise.movement, self.followed_px
        knees, hips, ankles, hands = (
            p[:, pair, 1].mean(axis=1) for pair in (_KNEES, _PARTS["hips"], _PARTS["feet"], _HANDS)
        )
        shoulders = hips + self._trunk[:, 1]
        if not self.exercise.floor:
            down = self._trunk[:, 1] >= _DOWN * np.hypot(*self._trunk.T)
            return float((down & (ankles < hips)).mean())
        if self.lies_share < _LIES_MOSTLY:
            return math.nan
        if isinstance(movement, RepCycle) and movement.movement_pattern == "supine":
            return float((knees > hips).mean())
        return float((hands < shoulders).mean()) if self.on_hands else math.nan

    @functools.cached_property
    def visibility(self) -> float:
        """How visible shoulders, hips, knees and ankles of the nearer side are, in the middle picture."""
        if not self.seen.any():
            return math.nan
        sides = [[INDEX[f"{side}_{joint}"] for joint in _JOINTS] for side in ("left", "right")]
        return max(float(np.median(self.trace.visibility[self.seen][:, side].min(axis=1))) for side in sides)

    @property
    def _trunk(self) -> np.ndarray:
        corners = self.followed_px[:, _TRUNK].reshape(-1, 2, 2, 2).mean(axis=2)
        trunk: np.ndarray = corners[:, 0] - corners[:, 1]
        return trunk

    @functools.cached_property
    def azimuth_deg(self) -> float:
        """The camera's azimuth around the person: of the calibration, else of the pictures in which the trunk is upright."""
        if self.record.view.azimuth_deg is not None:
            return self.record.view.azimuth_deg
        if not len(self.followed_px):
            return math.nan
        trunk = self._trunk
        upright = self.followed_px[-trunk[:, 1] >= _UPRIGHT * np.hypot(*trunk.T)]
        return view.azimuth_deg(np.median(upright, axis=0)) if len(upright) else math.nan

    @property
    def view(self) -> ViewLabel:
        """The view of ``azimuth_deg``."""
        return view.label(self.azimuth_deg)

    @functools.cached_property
    def lies_share(self) -> float:
        """The share of the pictures with the person in which trunk and whole body lie rather than stand."""
        if not len(self.followed_px):
            return math.nan
        trunk = np.abs(self._trunk)
        body = np.abs(self.followed_px[:, [11, 12]].mean(axis=1) - self.followed_px[:, _PARTS["feet"]].mean(axis=1))
        flat = np.degrees(np.arctan2(trunk[:, 1], trunk[:, 0])) <= _LIES_DEG
        return float((flat & (body[:, 0] > body[:, 1])).mean())

    @functools.cached_property
    def shoulders_trunks(self) -> float:
        """The width of the shoulders in the middle picture, in lengths of the trunk."""
        if not len(self.followed_px) or not self.trunk_px > 0:
            return math.nan
        p = self.followed_px
        return float(np.median(np.hypot(*(p[:, 11] - p[:, 12]).T)) / self.trunk_px)

    @functools.cached_property
    def angle_deg(self) -> np.ndarray:
        """The chart's angle above its own lowest level, in the pictures in which it was measured (N,)."""
        angle_deg = self.trace.signals.get(MAIN_ANGLE, np.full(len(self.trace.t_s), np.nan))
        known: np.ndarray = angle_deg[self._measured]
        return known - np.percentile(known, _OUTER[0]) if len(known) else known

    @property
    def _measured(self) -> np.ndarray:
        angle_deg = self.trace.signals.get(MAIN_ANGLE, np.full(len(self.trace.t_s), np.nan))
        measured: np.ndarray = self.believed & ~np.isnan(angle_deg)
        return measured

    @functools.cached_property
    def range_deg(self) -> float:
        """How far that angle went; NaN when it was hardly measured."""
        return float(np.percentile(self.angle_deg, _OUTER[1])) if len(self.angle_deg) > 1 else math.nan

    @functools.cached_property
    def excursions(self) -> list[Excursion]:
        """Every stretch in which the angle went as far as a repetition must go."""
        if self.cycle is None or not len(self.angle_deg):
            return []
        t_s = self.trace.t_s[self._measured]
        onset_deg = _ONSET_SHARE * self.cycle.full_excursion_deg
        return [
            Excursion(
                float(t_s[end - 1] - t_s[first]),
                _longest_pause_s(
                    t_s[first:end], self.angle_deg[first:end], _STILL_SHARE * self.cycle.full_excursion_deg
                ),
                first > 0 and end < len(t_s),
            )
            for first, end in runs(self.angle_deg > onset_deg)
            if self.angle_deg[first:end].max() >= self.cycle.min_excursion_deg
        ]

    def event_share(self, kind: EventKind) -> float:
        """Return the share of the time that the events of one kind take.

        Parameters
        ----------
        kind : str

        Returns
        -------
        float
        """
        long_s = sum(event.end_s - event.start_s for event in self.record.events if event.kind == kind)
        return min(1.0, long_s / self.seconds) if self.seconds > 0 else 0.0

    @functools.cached_property
    def longest_shot_s(self) -> float:
        """The longest time without a film cut (s)."""
        cuts_s = [event.start_s for event in self.record.events if event.kind == "film_cut"]
        t_s = self.trace.t_s
        return float(np.diff([t_s[0], *cuts_s, t_s[-1]]).max()) if len(t_s) else 0.0

    @functools.cached_property
    def longest_still_s(self) -> float:
        """The longest time in which the middles of shoulders and hips stayed where they were (s)."""
        still = Stillness()
        times_s = self.trace.t_s[self.believed].tolist()
        return max(
            (trunk_still_s(still, t_s, points) for t_s, points in zip(times_s, self.followed_px, strict=True)),
            default=0.0,
        )


def _longest_pause_s(t_s: np.ndarray, angle_deg: np.ndarray, within_deg: float) -> float:
    """Return the longest time for which an angle (N,) stays within some range."""
    longest_s, since_s, low, high = 0.0, t_s[0], math.inf, -math.inf
    for at_s, value in zip(t_s.tolist(), angle_deg.tolist(), strict=True):
        low, high = min(low, value), max(high, value)
        if high - low > within_deg:
            since_s, low, high = at_s, value, value
        longest_s = max(longest_s, at_s - since_s)
    return float(longest_s)
