"""The time of a running set, 0 at its first pose, from the time of the session's poses."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.model.frames import Pose

GAP_S = 1.0
"""Pictures that stay away longer than this count as an empty picture (s, default)."""


class SetClock:
    """Turns the session's time into the set's.

    Parameters
    ----------
    begun_s : float
        The session's time at the set's time 0. Minus infinity for an interrupted set: it goes on at the next pose.

    Attributes
    ----------
    begun_s : float
        The same; finite from the first pose on.
    """

    def __init__(self, begun_s: float) -> None:
        self.begun_s = begun_s

    def set_pose(self, pose: Pose) -> Pose:
        """Return a pose in the set's time.

        Parameters
        ----------
        pose : Pose
            A pose in the session's time.

        Returns
        -------
        Pose
            The same landmarks in the set's time.
        """
        return replace(pose, t_s=pose.t_s - self.begun_s)

    def empty_pose(self, pose: Pose) -> Pose:
        """Return a pose without a person, in the set's time.

        Parameters
        ----------
        pose : Pose
            A pose in the session's time.

        Returns
        -------
        Pose
            NaN landmarks, visibility 0.
        """
        return Pose.nobody(pose.t_s - self.begun_s, pose.size_px)

    def fill_gap(self, last_s: float, before_s: float, pose: Pose) -> list[Pose]:
        """Return empty poses for pictures that stayed away, so that nothing is counted across the gap.

        Parameters
        ----------
        last_s : float
            The set's time of its newest pose.
        before_s : float
            The session's time of the picture before this one.
        pose : Pose
            The new pose, in the session's time.

        Returns
        -------
        list of Pose
            The gap's first and last moment in the set's time; none without a gap.
        """
        if self.begun_s == -math.inf:
            self.begun_s = pose.t_s - last_s - GAP_S
            before_s = pose.t_s - GAP_S
        if pose.t_s - before_s < GAP_S:
            return []
        first_s, end_s = last_s + 0.01, pose.t_s - self.begun_s - 0.01
        return [Pose.nobody(t_s, pose.size_px) for t_s in ((first_s, end_s) if end_s > first_s else (first_s,))]
