"""Body signals without words: standing ready, a raised hand, a fall, or gone from the place.

Every detector takes raw poses and uses only the past. The limits are defaults without a published cut-off. None of them
is used to count or judge.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from formcheck.model.frames import Pose

_STILL_POINTS = [11, 12, 23, 24]  # no leg: from the side, the model takes one leg of a split stance for the other
_STILL_TORSOS = 0.08  # largest distance of shoulders and hips from their median in the window, in trunk lengths
_STILL_WINDOW_S = 1.0  # the window of that median
_MAX_GAP_S = 0.5  # after a longer gap between two poses, standing still starts again
_MIN_VISIBILITY = 0.5  # of a raised wrist, 0..1
_UPRIGHT_TRUNK = 0.9  # vertical extent over length of the trunk
_STRAIGHT_LEGS = 0.92  # leg extent over trunk length, as a share of this person's largest so far
_MIN_LEGS_PER_TORSO = 1.0  # leg extent over trunk length of a standing person
_MAX_SHOULDERS_PER_TORSO = 0.95  # shoulder width over trunk length of a standing person
_RAISED_S = 1.0  # a hand is up for this long
_ABOVE_NOSE_TORSOS = 0.25  # and this far above the nose, in trunk lengths
_GONE_S = 1.0  # a person who is not seen for this long is gone
_EDGE_SHARE = 0.12  # of the picture's width: a person who was this near the edge has stepped out
_DOWN_TRUNK = 0.5  # vertical extent over length: the trunk has tipped by more than 60 deg
_DOWN_HIPS = 0.45  # hips above the ankles, as a share of the standing height of the hips
_DOWN_S = 0.5  # a body stays down for this long before the coach asks
_SUDDEN_S = 1.5  # from standing upright to down within this time
_LEAST_TORSO_PX = 1.0  # keeps a trunk that points at the camera from dividing by zero

WhyInterrupted = Literal["left", "lost", "sudden"]
"""Why a set is interrupted. ``left``: the person stepped out, or is gone from rest. ``lost``: the person is gone in the middle of
an effort. ``sudden``: the trunk tipped over and the hips came down within moments.
"""


class _Body:
    """The few lengths of one pose that the detectors need, in pixels. NaN landmarks give NaN.

    ``shoulders`` and ``hips`` are midpoints (2,); ``torso``, ``leg`` (vertical) and ``width`` (of the shoulders) are lengths;
    ``upright`` is the trunk's vertical extent over its length.
    """

    __slots__ = ("hips", "leg", "shoulders", "torso", "upright", "width")

    def __init__(self, p: np.ndarray) -> None:
        self.shoulders, self.hips = (p[11] + p[12]) / 2, (p[23] + p[24]) / 2
        across = self.shoulders - self.hips
        self.torso = max(float(np.hypot(*across)), _LEAST_TORSO_PX)
        self.upright = float(-across[1]) / self.torso
        self.leg = float((p[27, 1] + p[28, 1]) / 2 - self.hips[1])
        self.width = float(abs(p[11, 0] - p[12, 0]))


def standing(pose: Pose) -> bool:
    """Return whether a person stands upright in this picture: trunk upright, hips above knees above ankles.

    Parameters
    ----------
    pose : Pose
        The picture's pose.

    Returns
    -------
    bool
        False also for a picture without a person.
    """
    if not pose.seen:
        return False
    p, body = pose.image_px, _Body(pose.image_px)
    return bool(
        body.upright >= _UPRIGHT_TRUNK
        and body.width <= _MAX_SHOULDERS_PER_TORSO * body.torso
        and body.leg >= _MIN_LEGS_PER_TORSO * body.torso
        and (p[[25, 26], 1] > p[[23, 24], 1]).all()
        and (p[[27, 28], 1] > p[[25, 26], 1]).all()
    )


class StandingStill:
    """Measures how long the person has been standing upright and still. The arms may move."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, np.ndarray]] = deque()
        self._since_s: float | None = None
        self._longest_leg = 0.0

    def update(self, pose: Pose) -> float:
        """Take one pose.

        Parameters
        ----------
        pose : Pose
            The pose; times rise.

        Returns
        -------
        float
            Seconds so far; 0 while the person moves, bends or is not seen.
        """
        if not self._stands(pose):
            self._recent.clear()
            self._since_s = None
            return 0.0
        anchors = pose.image_px[_STILL_POINTS].astype(float)
        if self._recent and pose.t_s - self._recent[-1][0] > _MAX_GAP_S:
            self._recent.clear()
            self._since_s = None
        self._recent.append((pose.t_s, anchors))
        while pose.t_s - self._recent[0][0] > _STILL_WINDOW_S:
            self._recent.popleft()
        body = _Body(pose.image_px)
        middle = np.median([entry[1] for entry in self._recent], axis=0)
        moved = np.hypot(*(anchors - middle).T).max()
        if moved > _STILL_TORSOS * body.torso:
            self._since_s = None
            return 0.0
        if self._since_s is None:
            self._since_s = pose.t_s
        return pose.t_s - self._since_s

    def _stands(self, pose: Pose) -> bool:
        if not standing(pose):
            return False
        body = _Body(pose.image_px)
        ratio = body.leg / body.torso
        self._longest_leg = max(self._longest_leg, ratio if self._since_s is not None else 0.0)
        return ratio >= _STRAIGHT_LEGS * self._longest_leg


class RaisedHandDetector:
    """Recognises one hand held above the head for ``_RAISED_S`` while standing still."""

    def __init__(self) -> None:
        self._still = StandingStill()
        self._since_s: float | None = None
        self._reported = False

    def update(self, pose: Pose) -> bool:
        """Take one pose.

        Parameters
        ----------
        pose : Pose
            The pose; times rise.

        Returns
        -------
        bool
            True once for each raised hand; the hand must come down in between.
        """
        still_s = self._still.update(pose)
        if not (still_s > 0 and self._one_hand_up(pose)):
            self._since_s, self._reported = None, False
            return False
        if self._since_s is None:
            self._since_s = pose.t_s
        if self._reported or pose.t_s - self._since_s < _RAISED_S:
            return False
        self._reported = True
        return True

    def _one_hand_up(self, pose: Pose) -> bool:
        p, v = pose.image_px, pose.visibility
        limit = p[0, 1] - _ABOVE_NOSE_TORSOS * _Body(p).torso
        up = [
            bool(p[wrist, 1] < limit and p[elbow, 1] < p[shoulder, 1] and v[wrist] >= _MIN_VISIBILITY)
            for wrist, elbow, shoulder in ((15, 13, 11), (16, 14, 12))
        ]
        return up[0] != up[1]


class CollapseOrExitDetector:
    """Recognises that a body has left its place or its posture. The coach asks the person what it means."""

    def __init__(self) -> None:
        self._last_seen: tuple[float, bool, bool] | None = None  # time, in effort, near the edge
        self._stood: tuple[float, float] | None = (
            None  # last time upright, and the hips' height above the ankles then (px)
        )
        self._down_since_s: float | None = None

    def update(self, pose: Pose, in_effort: bool) -> WhyInterrupted | None:
        """Take one pose.

        Parameters
        ----------
        pose : Pose
            The pose; times rise.
        in_effort : bool
            Whether the set is in the middle of a repetition or hold.

        Returns
        -------
        WhyInterrupted or None
            The reason, once; None while there is none.
        """
        if not pose.seen:
            self._down_since_s = None
            if self._last_seen is None or pose.t_s - self._last_seen[0] <= _GONE_S:
                return None
            _, effort, edge = self._last_seen
            self._last_seen = None
            return "lost" if effort and not edge else "left"
        body = _Body(pose.image_px)
        x = float(body.hips[0]) / pose.size_px[0]
        self._last_seen = (pose.t_s, in_effort, not _EDGE_SHARE < x < 1 - _EDGE_SHARE)
        return self._sudden(pose.t_s, body)

    def _sudden(self, t_s: float, body: _Body) -> WhyInterrupted | None:
        if body.upright >= _UPRIGHT_TRUNK and body.leg >= body.torso:
            self._stood, self._down_since_s = (t_s, body.leg), None
            return None
        stood_at_s, stood_px = self._stood or (-math.inf, -math.inf)
        if not (body.upright < _DOWN_TRUNK and body.leg < _DOWN_HIPS * stood_px):
            self._down_since_s = None
            return None
        if self._down_since_s is None:
            soon = t_s - stood_at_s <= _SUDDEN_S
            self._down_since_s = t_s if soon else math.inf
        if t_s - self._down_since_s < _DOWN_S:
            return None
        self._down_since_s = math.inf
        return "sudden"
