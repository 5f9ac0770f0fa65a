"""When is the person standing? Finds the calibration of a set as it goes, from the past alone."""

from __future__ import annotations

import math
import statistics
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.engine.person import view
from formcheck.engine.signals import hands, knee
from formcheck.engine.signals.calibration import OTHER, Calibration, leg_extent_px
from formcheck.engine.signals.scene import MeasuredScene

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from formcheck.engine.landmark_buffer import Bounds
    from formcheck.engine.signals.calibration import Leading
    from formcheck.model.records import Side

STILL_S = 0.8
"""A standing calibration takes at least this long."""
PROVISIONAL_S = 0.1
_AGAIN_S = 0.25  # a person who goes on standing is measured again this often
_SUSTAINED_S = 0.4  # a posture must last this long to raise the bar
_WITHIN_LARGEST = 0.95  # standing = leg extent over trunk length within 5 % of the largest so far
_STILL_TORSOS = 0.10  # hips and shoulders stay within this share of the trunk's length
_MIN_LEGS_PER_TORSO = 1.0  # standing adults: 1.07–1.73 in every clip and trace at hand
_MIN_TRUNK_UPRIGHT = 0.9  # vertical extent over length of the trunk
_MAX_SHOULDERS_PER_TORSO = 0.95  # more: the trunk is foreshortened, the person bends towards the camera
_MAX_KNEE_DEG = {"standing": 35.0, "provisional": 20.0}  # in the picture: small from every view when standing
_BETTER = 1.02  # a calibration must be this much taller to replace one of the same kind
_MUCH_TALLER = 1.25  # a seat of 60 cm leaves four fifths of the standing height of the hips
_MOVED_LEGS = 0.5  # feet moved this far (in leg lengths): another place
_LEVEL_LEGS = 0.06  # both feet on the floor: ankles this level (0.03 when turned by 30 deg, the camera at knee height)
_STEPPED_LEGS = 0.25  # feet moved this far: the largest extent so far is that of another place
_TIPTOE_LEGS = 0.04  # feet that rose by more while the legs look longer stand on their toes
_ONE_FOOT_LEGS = 0.05  # one ankle so much lower than before: a leg that hangs from a step
_SIDE_SHOULDERS = (
    0.30  # narrower over the trunk: seen from the side, where the far foot looks higher (clinical-rules 0.6)
)
_TURNED_DEG = 30.0  # the body faces elsewhere: two measured azimuths, which err by 15 deg each, cannot be the same
_BEND_SHOWS_DEG = (
    40.0  # from here off the frontal plane the picture's own angle tells a straight knee from a bent one. Default
)
_TOGETHER_LEGS = 0.25  # feet that are further apart, seen from aside, stand one before the other. Default
_CONTRADICTED_DEG = (
    20.0  # a knee that stands straight in the picture reads as bent by more: the lengths no longer hold. Default
)
_LARGEST_FOR_S = 15.0  # the largest extent is believed for this long. Default
_RESIZED = 1.08  # the legs look this much longer or shorter: another distance
_SMALLER = 1.04  # half of that: trunk and shoulders look this much smaller from further away


_Entry = tuple[float, np.ndarray, float]
"""Time (s), landmarks (33, 2) and standing ratio of a frame."""


class Calibrator:
    """Offers a better calibration whenever there is one. ``update`` once per plausible frame.

    Before the first counted repetition it may improve (``provisional`` → ``standing`` → taller). Afterwards a new one is taken
    when the present one has ended: the person stands at another place or distance, faces elsewhere, or stands straight although
    the lengths of the present one say that the knees are bent.

    Parameters
    ----------
    near : str or None
        The side to judge from. None: the nearer one.
    split : bool
        Whether the exercise puts one foot in front of the other.
    leading : str
        How the leg that leads is found while it is not known.
    level : bool
        Only standing on both feet, side by side, is standing: a foot that is lifted or behind must be told apart.

    Attributes
    ----------
    current : Calibration or None
        The best one so far.
    moved : bool
        Whether the newest one began because the one before had ended.
    """

    def __init__(self, near: Side | None, split: bool, leading: Leading = "higher_knee", level: bool = False) -> None:
        self.split, self.leading, self._level, self._near = split, leading, level, near
        self.moved = False
        self._again_s = -math.inf
        self._recent: deque[_Entry] = deque()
        self._largest, self._largest_s = 0.0, -math.inf
        self._feet: tuple[float, float] | None = None
        self.current: Calibration | None = None

    def update(self, t_s: float, points_px: np.ndarray, bounds_px: Bounds, locked: bool) -> Calibration | None:
        """Take one frame.

        Parameters
        ----------
        t_s : float
        points_px : (33, 2) array
            Causally filtered.
        bounds_px : tuple of four floats
            Left, top, right and bottom of the picture.
        locked : bool
            Whether a repetition has been counted with a standing calibration.

        Returns
        -------
        Calibration or None
            A new one.
        """
        ratio = self._standing_ratio(points_px, bounds_px)
        if not ratio > 0:
            self._recent.clear()
            return None
        self._recent.append((t_s, points_px, ratio))
        while t_s - self._recent[0][0] > STILL_S + 0.2:
            self._recent.popleft()
        self._note_largest(t_s)
        if ratio < _WITHIN_LARGEST * self._largest and not _straight_from_aside(points_px):
            self._recent.clear()
            return None
        return None if t_s < self._again_s else self._newer(t_s, points_px, locked)

    def _note_largest(self, t_s: float) -> None:
        """Keep the largest ratio that a posture has had for a while."""
        if t_s - self._recent[0][0] < _SUSTAINED_S:
            return
        usual = statistics.median(entry[2] for entry in self._recent if t_s - entry[0] <= _SUSTAINED_S)
        if usual >= self._largest or t_s - self._largest_s > _LARGEST_FOR_S:
            self._largest, self._largest_s = usual, t_s

    def _newer(self, t_s: float, points_px: np.ndarray, locked: bool) -> Calibration | None:
        """Return the calibration of the person as they stand now, when it is better than the present one."""
        if t_s - self._recent[0][0] >= STILL_S and self._still(self._recent):
            self._again_s = t_s + _AGAIN_S
            return self._offer("standing", self._recent, locked)
        if self.current is None or self.current.source == "provisional" or self._sat(points_px, locked):
            last = [entry for entry in self._recent if t_s - entry[0] <= PROVISIONAL_S + 1e-6]
            if len(last) >= 2:
                return self._offer("provisional", last, locked)
        elif t_s - self._recent[0][0] >= _SUSTAINED_S:
            here = [entry for entry in self._recent if t_s - entry[0] <= _SUSTAINED_S + 1e-6]
            if self._still(here) and self._has_ended(np.median([entry[1] for entry in here], axis=0)):
                self._again_s = t_s + _AGAIN_S
                return self._offer("provisional", here, locked)
        return None

    def _has_ended(self, points_px: np.ndarray) -> bool:
        """Return whether a person who stands like this (33, 2) is elsewhere, faces elsewhere, is taller, or reads as bent."""
        old = self.current
        if old is None:
            return False
        leg_px = old.length_px("leg")
        feet_px = float(np.hypot(*(points_px[[27, 28]] - old.points_px[[27, 28]]).mean(axis=0)))
        if feet_px > _MOVED_LEGS * leg_px or _turned_by_deg(old.azimuth_deg, view.azimuth_deg(points_px)) > _TURNED_DEG:
            return True
        if float(leg_extent_px(points_px)) > _RESIZED * leg_px:
            return True
        return _straight_from_aside(points_px) and _reads_bent_by_deg(old, points_px) > _CONTRADICTED_DEG

    def _standing_ratio(self, points_px: np.ndarray, bounds_px: Bounds) -> float:
        """Return leg extent over trunk length, or NaN when this is no standing posture from head to foot in the picture."""
        p = points_px.tolist()  # single numbers are much faster this way
        if not _inside(p, (27, 28), bounds_px):
            return math.nan
        if not _inside(p, (11, 12), bounds_px) and not _straight_from_aside(points_px):  # guessed shoulders, seen legs
            return math.nan
        dx = (p[11][0] + p[12][0] - p[23][0] - p[24][0]) / 2
        dy = (p[23][1] + p[24][1] - p[11][1] - p[12][1]) / 2
        torso = math.hypot(dx, dy)
        upright = (
            torso > 0
            and dy >= _MIN_TRUNK_UPRIGHT * torso
            and abs(p[11][0] - p[12][0]) <= _MAX_SHOULDERS_PER_TORSO * torso
            and p[25][1] > p[23][1]
            and p[26][1] > p[24][1]
            and p[27][1] > p[25][1]
            and p[28][1] > p[26][1]
        )
        if not upright:
            return math.nan
        leg = max(p[27][1], p[28][1]) - (p[23][1] + p[24][1]) / 2
        if self._level and _uneven(p, torso, leg):
            return math.nan
        feet = (p[27][0] + p[28][0]) / 2, (p[27][1] + p[28][1]) / 2
        if self._feet is None or math.dist(feet, self._feet) > _STEPPED_LEGS * leg:
            self._feet = feet
            self._largest, self._largest_s = 0.0, -math.inf  # at another distance perspective changes the proportions
        return leg / torso if leg >= _MIN_LEGS_PER_TORSO * torso else math.nan

    def _sat(self, p: np.ndarray, locked: bool) -> bool:
        """Return whether the standing calibration was of a person who sat facing the camera: now they are much taller."""
        if self.current is None or locked:
            return False
        return bool(leg_extent_px(p) > _MUCH_TALLER * self.current.length_px("leg"))

    @staticmethod
    def _still(entries: Iterable[_Entry]) -> bool:
        corners = np.array([entry[1][11:25] for entry in entries])
        anchors = (corners[:, [0, 12]] + corners[:, [1, 13]]) / 2
        low, high = np.quantile(anchors, (0.05, 0.95), axis=0)
        return bool((high - low <= _STILL_TORSOS * np.hypot(*(anchors[-1, 0] - anchors[-1, 1]))).all())

    def _offer(
        self, source: Literal["standing", "provisional"], entries: Sequence[_Entry], locked: bool
    ) -> Calibration | None:
        points = np.median([entry[1] for entry in entries], axis=0)
        new = Calibration.from_points(
            source, (entries[0][0], entries[-1][0]), points, self._near, self.split, self.leading
        )
        if _knees_in_picture_deg(points) > _MAX_KNEE_DEG[source]:
            return None
        if not self._replaces(new, locked):
            return None
        self.current = new
        return new

    def _replaces(self, new: Calibration, locked: bool) -> bool:
        old = self.current
        if old is None:
            return True
        leg, leg_before = new.length_px("leg"), old.length_px("leg")
        feet, feet_before = (c.points_px[[27, 28]].mean(axis=0) for c in (new, old))
        ended = old.source == "standing" and self._has_ended(new.points_px)
        moved = ended or bool(np.hypot(*(feet - feet_before)) > _MOVED_LEGS * leg_before)
        # Legs that look shorter on a body that looks as large as before are bent.
        as_large = _size_px(new.points_px) > _size_px(old.points_px) / _SMALLER
        resized = leg > _RESIZED * leg_before or (leg < leg_before / _RESIZED and not as_large)
        self.moved = moved
        if new.source == "standing":
            if old.source == "provisional" or moved or resized:
                return True
            tiptoe = feet_before[1] - feet[1] > _TIPTOE_LEGS * leg_before
            steps = [abs(c.points_px[27, 1] - c.points_px[28, 1]) for c in (new, old)]
            one_foot = steps[0] - steps[1] > _ONE_FOOT_LEGS * leg_before
            return not locked and leg > _BETTER * leg_before and not tiptoe and not one_foot
        if old.source == "standing":
            return ended or (not locked and leg > _MUCH_TALLER * leg_before)
        return old.source == "provisional" and (leg > _BETTER * leg_before or (moved and not locked))


def _inside(p: list[list[float]], landmarks: tuple[int, ...], bounds_px: Bounds) -> bool:
    left, top, right, bottom = bounds_px
    return all(left <= p[i][0] <= right and top <= p[i][1] <= bottom for i in landmarks)


def _turned_by_deg(azimuth_deg: float, other_deg: float) -> float:
    """Return the angle between two azimuths, 0 to 180; NaN for NaN."""
    return abs((other_deg - azimuth_deg + 180.0) % 360.0 - 180.0)


def _straight_from_aside(points_px: np.ndarray) -> bool:
    """Return whether both knees are straight over feet side by side, in a picture (33, 2) from aside, where a bend shows."""
    apart_px = float(np.hypot(*(points_px[27] - points_px[28])))
    if apart_px > _TOGETHER_LEGS * leg_extent_px(points_px):
        return False
    if view.off_frontal_deg(view.azimuth_deg(points_px)) < _BEND_SHOWS_DEG:
        return False
    return _knees_in_picture_deg(points_px) <= _MAX_KNEE_DEG["provisional"]


def _knees_in_picture_deg(points_px: np.ndarray) -> float:
    return float(max(knee.in_picture_deg(points_px[None], side)[0] for side in ("left", "right")))


def _reads_bent_by_deg(calibration: Calibration, points_px: np.ndarray) -> float:
    """Return how much more the knees (33, 2) bend by the lengths of a calibration than in the picture; NaN = not measured."""
    read = MeasuredScene(points_px[None], calibration).knee_flexion_deg("mid", standing_lengths=True)[0]
    still = MeasuredScene(calibration.points_px[None], calibration).knee_flexion_deg("mid", standing_lengths=True)[0]
    return float(read - still) - _knees_in_picture_deg(points_px)


def _size_px(points_px: np.ndarray) -> float:
    """Return how large the upper body (33, 2) looks: the length of its trunk, also as the width of the shoulders tells it."""
    trunk_px = np.hypot(*(points_px[[11, 12]].mean(axis=0) - points_px[[23, 24]].mean(axis=0)))
    return float(max(trunk_px, np.hypot(*(points_px[11] - points_px[12])) / view.SHOULDERS_PER_TORSO))


_LIES_S = 0.4
_LIES_DEG = 50.0  # the trunk's line from the horizontal


class LyingCalibrator:
    """The calibration of a floor exercise: which side is nearer, which way the body points, and how long its parts look.

    It is taken once, when the trunk has been near the horizontal for 0.4 s, seen from the side.

    Parameters
    ----------
    near : str or None
        The side to judge from. None: the nearer one.
    lying : int
        1: face down; -1: face up.

    Attributes
    ----------
    current : Calibration or None
    moved : bool
        Always False: it is taken once.
    """

    def __init__(self, near: Side | None, lying: int) -> None:
        self._near, self._lying = near, lying
        self._recent: list[tuple[float, np.ndarray]] = []
        self.moved = False
        self.current: Calibration | None = None

    def update(self, t_s: float, points_px: np.ndarray, bounds_px: Bounds, locked: bool) -> Calibration | None:
        """Take one frame.

        Parameters
        ----------
        t_s : float
        points_px : (33, 2) array
            Causally filtered.
        bounds_px : tuple of four floats
            Left, top, right and bottom of the picture.
        locked : bool
            Not used: it is taken once.

        Returns
        -------
        Calibration or None
            When it has just been found.
        """
        if self.current is not None:
            return None
        trunk = points_px[[11, 12]].mean(axis=0) - points_px[[23, 24]].mean(axis=0)
        apart = np.hypot(*(points_px[11] - points_px[12]))
        lies = math.degrees(math.atan2(abs(trunk[1]), abs(trunk[0]))) <= _LIES_DEG
        if not lies or apart > hands.STACKED_TORSOS * np.hypot(*trunk):
            self._recent.clear()
            return None
        self._recent.append((t_s, points_px))
        if t_s - self._recent[0][0] < _LIES_S:
            return None
        points = np.median([p for _, p in self._recent], axis=0)
        flat = Calibration.from_points("none", (self._recent[0][0], t_s), points, self._near)
        # Face up, the side that is nearer is the other one.
        near = self._near or (flat.near if self._lying > 0 else OTHER[flat.near])
        self.current = replace(flat, near=near, azimuth_deg=90.0 if near == "left" else -90.0)
        return self.current


def _uneven(p: list[list[float]], torso: float, leg: float) -> bool:
    """Return whether one foot is off the floor or behind the other, for a person who is not seen from the side."""
    facing = abs(p[11][0] - p[12][0]) > _SIDE_SHOULDERS * torso
    return facing and abs(p[27][1] - p[28][1]) > _LEVEL_LEGS * leg
