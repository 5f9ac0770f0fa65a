"""Notices that the person does another exercise than the planned one. It looks only while the set counts nothing.

The result is only spoken, once in a set: it counts, judges and ends nothing. The limits are defaults. The work is spread over
the pictures, one small step each.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from formcheck.analysis.nothing import EVERY_POSE_S, sure_other, worth_a_look
from formcheck.analysis.recognition import Recognition

if TYPE_CHECKING:
    from formcheck.engine.nothing.evidence import OtherExercise
    from formcheck.model.frames import Pose

WINDOW_S = 10.0
"""The newest part of the set that is examined (s, default)."""
_LOOK_EVERY_S, _STEP_EVERY_S = 6.0, 0.15  # between two examinations, and between two steps of one (defaults)


class WrongExerciseDetector:
    """Watches one running set. One thread feeds it.

    Parameters
    ----------
    exercise_id : str
        The planned exercise.

    Attributes
    ----------
    other : OtherExercise or None
        The other exercise, once it was found.
    """

    def __init__(self, exercise_id: str) -> None:
        self._exercise_id = exercise_id
        self._poses: deque[Pose] = deque()
        self._counted = 0.0
        self._work: Recognition | None = None
        self._looked_s = self._stepped_s = 0.0
        self.other: OtherExercise | None = None

    @property
    def found(self) -> str | None:
        """The id of the other exercise, once it was found."""
        return None if self.other is None else self.other.exercise

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
            if pose.t_s - self._looked_s >= _LOOK_EVERY_S and worth_a_look(self._poses):
                self._looked_s, self._work = pose.t_s, Recognition(self._poses)
            return None
        if pose.t_s - self._stepped_s < _STEP_EVERY_S:
            return None
        self._stepped_s = pose.t_s
        self._work.step()
        if self._work.done:
            self.other, self._work = sure_other(self._work.segments(), self._exercise_id), None
        return self.found

    def _keep(self, pose: Pose) -> None:
        if not self._poses or pose.t_s - self._poses[-1].t_s >= EVERY_POSE_S - 1e-3:
            self._poses.append(pose)
        while pose.t_s - self._poses[0].t_s > WINDOW_S:
            self._poses.popleft()
