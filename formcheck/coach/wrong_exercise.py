"""Notices that the person does another exercise than the planned one. It looks only while the set counts nothing.

The result is only spoken, once in a set: it counts, judges and ends nothing. The limits are defaults. The work is spread over
the pictures, one small step each.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from formcheck.analysis.recognition import Recognition

if TYPE_CHECKING:
    from formcheck.model.frames import Pose

WINDOW_S = 10.0
"""The newest part of the set that is examined (s, default)."""
_EVERY_POSE_S = 0.1  # spacing of the examined poses (default): one exercise over all of them is one step
_LOOK_EVERY_S, _STEP_EVERY_S = 6.0, 0.15  # between two examinations, and between two steps of one (defaults)
_LEAST_S = 5.0  # default: two repetitions, or a hold that is meant; longer than a step into place
_ANCHORS = [11, 12, 23, 24, 25, 26, 27, 28]  # shoulders, hips, knees, ankles
_MOVED_TORSOS = 0.4  # trunk lengths (default): a person who stands still is not doing another exercise


class WrongExerciseDetector:
    """Watches one running set. One thread feeds it.

    Parameters
    ----------
    exercise_id : str
        The planned exercise.

    Attributes
    ----------
    found : str or None
        The other exercise, once it was found.
    """

    def __init__(self, exercise_id: str) -> None:
        self._exercise_id = exercise_id
        self._poses: deque[Pose] = deque()
        self._counted = 0.0
        self._work: Recognition | None = None
        self._looked_s = self._stepped_s = 0.0
        self.found: str | None = None

    def update(self, pose: Pose, counted: float) -> str | None:
        """Take one pose of the set.

        Parameters
        ----------
        pose : Pose
            The pose; times rise.
        counted : float
            What the set has counted or held so far. While that rises, the person does the planned exercise.

        Returns
        -------
        str or None
            The other exercise, in the one call that finds it; else None.
        """
        if self.found is not None:
            return None
        if counted != self._counted:
            self._counted, self._work = counted, None
            self._poses.clear()
        self._keep(pose)
        if self._work is None:
            if pose.t_s - self._looked_s >= _LOOK_EVERY_S and self._worth_a_look():
                self._looked_s, self._work = pose.t_s, Recognition(self._poses)
            return None
        if pose.t_s - self._stepped_s < _STEP_EVERY_S:
            return None
        self._stepped_s = pose.t_s
        self._work.step()
        if self._work.done:
            self.found, self._work = self._other(self._work), None
        return self.found

    def _keep(self, pose: Pose) -> None:
        if not self._poses or pose.t_s - self._poses[-1].t_s >= _EVERY_POSE_S - 1e-3:
            self._poses.append(pose)
        while pose.t_s - self._poses[0].t_s > WINDOW_S:
            self._poses.popleft()

    def _worth_a_look(self) -> bool:
        """Return whether there are enough poses, and the body has moved."""
        seen = [pose for pose in self._poses if pose.seen]
        if len(seen) * _EVERY_POSE_S < _LEAST_S:
            return False
        p = np.array([pose.image_px[_ANCHORS] for pose in seen], float)
        torso_px = np.median(np.hypot(*(p[:, :2].mean(axis=1) - p[:, 2:4].mean(axis=1)).T))
        low, high = np.quantile(p, (0.05, 0.95), axis=0)
        return bool((high - low).max() >= _MOVED_TORSOS * torso_px)

    def _other(self, work: Recognition) -> str | None:
        """Return the one other exercise that surely fills the window; None when there is none."""
        stretches = work.segments()
        names = {name for stretch in stretches for name in stretch.candidates}
        long_s = sum(stretch.end_s - stretch.start_s for stretch in stretches)
        if len(names) != 1 or self._exercise_id in names or long_s < _LEAST_S:
            return None
        return names.pop()
