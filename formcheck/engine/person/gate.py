"""Is it a person, and still the same one? Frame by frame, from the past alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.engine.person import view

if TYPE_CHECKING:
    import numpy as np

    from formcheck.model.frames import Pose
    from formcheck.model.records import EventKind

_JUMP_TORSOS, _JUMP_TORSOS_PER_S = 0.8, 4.0
"""Hips that go further than this at once, or faster, are another person's. Defaults."""
_RESIZED, _RESIZED_FAR, _RESIZED_AT_ONCE_S = 1.6, 0.3, 0.2
"""So is a body that looks this many times larger or smaller and is this many trunk lengths away, at once. Defaults."""
_BACK_TORSOS, _BACK_RESIZED = 0.8, 1.35
"""The first person is back within so many trunk lengths and with a trunk of this size or less. Defaults."""
_GONE_S = 1.0
"""After this long without a person the next one is followed. Default."""
_SCALE_KEPT_PER_S = 0.86
"""A trunk that looks shorter for a while is believed this slowly. Default."""
_MAX_STEP_S = 0.5
CUT_SEEN_S = 0.25
"""A cut is known two pictures later: within this. Default, for ten pictures a second and more."""
_State = tuple[float, float, float, float]
"""Time (s), x and y of the hips and the length of the trunk (px)."""


class PersonGate:
    """Follows one person. When the landmarks jump to another place or size, analysis pauses until the first person is back.

    After a second without a person, and after a cut of the film, the next one is followed.

    Attributes
    ----------
    events : list
        (kind, start_s, end_s) of pauses and absences.
    changed : bool
        True in the frame that starts a new person.
    """

    def __init__(self) -> None:
        self._last: _State | None = None
        self._scale_px = 0.0
        self._away_since: float | None = None
        self._lost_since: float | None = None
        self._shot = 0
        self.events: list[tuple[EventKind, float, float]] = []
        self.changed = False

    @property
    def paused(self) -> bool:
        """Return whether another person is in the tracked person's place."""
        return self._away_since is not None

    def update(self, pose: Pose) -> bool:
        """Take one pose.

        Parameters
        ----------
        pose : Pose

        Returns
        -------
        bool
            Whether the tracked person is seen in it.
        """
        self.changed = False
        shot = 0 if pose.camera is None else pose.camera.shot
        cut, self._shot = shot != self._shot, shot
        if cut:
            self._start_over(pose.t_s)
        if not view.plausible(pose.image_px.tolist(), pose.visibility, pose.size_px, self._scale_px):
            self._lost(pose.t_s)
            return False
        now = _state(pose.t_s, pose.steady_px.tolist())
        if self._last is None:
            self._follow(now)
            return True
        gone_s = pose.t_s - self._last[0]
        if self._away_since is not None:
            if not self._is_back(now, self._last):
                self.events[-1] = ("person_changed", self._away_since, pose.t_s)
                self._lost_since = None
                return False
            self._away_since = None
        elif gone_s > _GONE_S:
            self.changed = self._jumped(now, self._last, _MAX_STEP_S)
            self._scale_px = 0.0 if self.changed else self._scale_px
        elif self._jumped(now, self._last, min(gone_s, _MAX_STEP_S)):
            self._away_since = pose.t_s
            self.events.append(("person_changed", pose.t_s, pose.t_s))
            return False
        self._follow(now)
        return True

    def _start_over(self, t_s: float) -> None:
        """Follow the person in the next shot of a film."""
        self._last, self._scale_px = None, 0.0
        if self._away_since is not None and t_s - self._away_since < CUT_SEEN_S:
            self.events.pop()  # the cut, not another person
        self._away_since = self._lost_since = None
        self.events.append(("film_cut", t_s, t_s))
        self.changed = True

    def _follow(self, now: _State) -> None:
        shrunk_px = self._scale_px * _SCALE_KEPT_PER_S ** (now[0] - self._last[0]) if self._last else 0.0
        self._last = now
        self._lost_since = None
        self._scale_px = max(shrunk_px, now[3])

    def _lost(self, t_s: float) -> None:
        if self._last is None:
            return
        if self._lost_since is None:
            self._lost_since = t_s
        elif t_s - self._lost_since > _GONE_S:
            self._away_since = None  # the next person is followed
            if self.events and self.events[-1][0] == "person_lost" and self.events[-1][1] == self._lost_since:
                self.events.pop()
            self.events.append(("person_lost", self._lost_since, t_s))

    def _jumped(self, now: _State, last: _State, dt_s: float) -> bool:
        far = math.dist(now[1:3], last[1:3])
        scale = max(self._scale_px, now[3])
        resized = max(now[3] / last[3], last[3] / now[3])
        return far > (_JUMP_TORSOS + _JUMP_TORSOS_PER_S * dt_s) * scale or (
            resized > _RESIZED and far > _RESIZED_FAR * scale and dt_s < _RESIZED_AT_ONCE_S
        )

    def _is_back(self, now: _State, last: _State) -> bool:
        resized = max(now[3] / last[3], last[3] / now[3])
        return math.dist(now[1:3], last[1:3]) <= _BACK_TORSOS * self._scale_px and resized <= _BACK_RESIZED


def _state(t_s: float, p: list[list[float]]) -> _State:
    hip_x, hip_y = (p[23][0] + p[24][0]) / 2, (p[23][1] + p[24][1]) / 2
    torso = math.hypot((p[11][0] + p[12][0]) / 2 - hip_x, (p[11][1] + p[12][1]) / 2 - hip_y)
    return t_s, hip_x, hip_y, max(torso, math.dist(p[11], p[12]), 1e-6)


def inside_picture(points_px: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    """Return whether each landmark lies inside the picture.

    Parameters
    ----------
    points_px : (T, 33, 2) array
    size_px : tuple of two ints
        Of the picture.

    Returns
    -------
    (T, 33) boolean array
        False for NaN.
    """
    x, y = points_px[..., 0], points_px[..., 1]
    inside: np.ndarray = (x >= 0) & (x <= size_px[0]) & (y >= 0) & (y <= size_px[1])
    return inside
