"""Is it a person, and still the same one? Frame by frame, from the past alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.engine.person import view

if TYPE_CHECKING:
    import numpy as np

    from formcheck.model.frames import Pose

_JUMP_TORSOS, _JUMP_TORSOS_PER_S = 0.8, 4.0  # faster than any exercise moves the hips
_RESIZED = 1.6
_BACK_TORSOS = 0.8
_BACK_RESIZED = 1.35
_GONE_S = 1.0
_SCALE_KEPT_PER_S = 0.86  # a trunk that looks shorter for a while is believed this slowly
_MAX_STEP_S = 0.5


class PersonGate:
    """Follows one person. When the landmarks jump to another place or size, analysis pauses until the first person is back.

    After a second of nobody, whoever comes in next is followed. ``events``: (kind, start_s, end_s) of pauses and absences.
    """

    def __init__(self) -> None:
        self._last: tuple[float, float, float, float] | None = None  # t_s, hip x, hip y, trunk length
        self._scale_px = 0.0
        self._away_since: float | None = None
        self._lost_since: float | None = None
        self.events: list[tuple[str, float, float]] = []
        self.changed = False

    @property
    def paused(self) -> bool:
        """True while somebody else is in the tracked person's place."""
        return self._away_since is not None

    def update(self, pose: Pose) -> bool:
        """Return whether the tracked person is seen in this frame. ``changed`` is True in the frame that starts a new person."""
        self.changed = False
        points = pose.image_px.tolist()
        if not view.plausible(points, pose.visibility, pose.size_px, self._scale_px):
            self._lost(pose.t_s)
            return False
        now = self._state(pose.t_s, points)
        if self._last is None:
            self._follow(now)
            return True
        gone_s = pose.t_s - self._last[0]
        if self._away_since is not None:
            if not self._is_back(now):
                self.events[-1] = ("person_changed", self._away_since, pose.t_s)
                self._lost_since = None
                return False
            self._away_since = None
        elif gone_s > _GONE_S:
            self.changed = self._jumped(now, _MAX_STEP_S)
            self._scale_px = 0.0 if self.changed else self._scale_px
        elif self._jumped(now, min(gone_s, _MAX_STEP_S)):
            self._away_since = pose.t_s
            self.events.append(("person_changed", pose.t_s, pose.t_s))
            return False
        self._follow(now)
        return True

    def _state(self, t_s: float, p: list[list[float]]) -> tuple[float, float, float, float]:
        hip_x, hip_y = (p[23][0] + p[24][0]) / 2, (p[23][1] + p[24][1]) / 2
        torso = math.hypot((p[11][0] + p[12][0]) / 2 - hip_x, (p[11][1] + p[12][1]) / 2 - hip_y)
        return t_s, hip_x, hip_y, max(torso, math.dist(p[11], p[12]), 1e-6)

    def _follow(self, now: tuple[float, float, float, float]) -> None:
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
            self._away_since = None  # whoever comes next is followed
            if self.events and self.events[-1][0] == "person_lost" and self.events[-1][1] == self._lost_since:
                self.events.pop()
            self.events.append(("person_lost", self._lost_since, t_s))

    def _jumped(self, now: tuple[float, float, float, float], dt_s: float) -> bool:
        far = math.dist(now[1:3], self._last[1:3])
        scale = max(self._scale_px, now[3])
        resized = max(now[3] / self._last[3], self._last[3] / now[3])
        return far > (_JUMP_TORSOS + _JUMP_TORSOS_PER_S * dt_s) * scale or (
            resized > _RESIZED and far > 0.3 * scale and dt_s < 0.2
        )

    def _is_back(self, now: tuple[float, float, float, float]) -> bool:
        resized = max(now[3] / self._last[3], self._last[3] / now[3])
        return math.dist(now[1:3], self._last[1:3]) <= _BACK_TORSOS * self._scale_px and resized <= _BACK_RESIZED


def inside_picture(points_px: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    """Return (T, 33) whether each landmark lies inside the picture."""
    x, y = points_px[..., 0], points_px[..., 1]
    return (x >= 0) & (x <= size_px[0]) & (y >= 0) & (y <= size_px[1])
