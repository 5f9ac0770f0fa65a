"""Getting into place for one set: the set-up check, standing still, and the poses that lead into the set."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from formcheck import exercises
from formcheck.coach.body_events import StandingStill
from formcheck.coach.set_clock import GAP_S
from formcheck.coach.setup import Light, SetupCheck

if TYPE_CHECKING:
    from formcheck.coach.display import Outline
    from formcheck.coach.setup import PictureFacts
    from formcheck.model.frames import Pose
    from formcheck.spec.prescription import PlannedSet

COUNT_IN_S = 3.0
"""The length of the count-in (s, default)."""
LEAD_S = 2.0
"""The last seconds before the count-in belong to the set (default): the person stands still in them."""


class Preparation:
    """Follows the person from the set-up check to the start of one set.

    Parameters
    ----------
    planned : PlannedSet
        The set.

    Attributes
    ----------
    check : SetupCheck
        The set-up check.
    floor : bool
        Whether the exercise is done on the floor. Then there is no count-in.
    lights : tuple of Light
        The newest lights of the check.
    ignored : list of str
        The lights that were not good when the person started nevertheless.
    """

    def __init__(self, planned: PlannedSet) -> None:
        exercise, side = exercises.load(planned.exercise), planned.prescription.side
        self.check = SetupCheck(exercise, planned.view, side if side in ("left", "right") else "auto")
        self.floor = exercise.floor
        self.lights: tuple[Light, ...] = ()
        self.ignored: list[str] = []
        self._still = StandingStill()
        self._lead: deque[Pose] = deque()

    def update(self, pose: Pose, facts: PictureFacts) -> float:
        """Take one picture before the count-in.

        Parameters
        ----------
        pose : Pose
            Its pose; times rise.
        facts : PictureFacts
            Its other facts.

        Returns
        -------
        float
            Seconds for which the person has been standing still.
        """
        self.lights = self.check.update(pose, facts)
        self.remember(pose)
        return self._still.update(pose)

    def remember(self, pose: Pose, longer_by_s: float = 0.0) -> None:
        """Keep a pose that may lead into the set. A picture of another size, as when a phone is turned, starts again.

        Parameters
        ----------
        pose : Pose
            The newest pose.
        longer_by_s : float
            How much more than ``LEAD_S`` is kept (s).
        """
        if self._lead and self._lead[-1].size_px != pose.size_px:
            self._lead.clear()
        self._lead.append(pose)
        while self._lead[0].t_s < pose.t_s - LEAD_S - longer_by_s:
            self._lead.popleft()

    def ignore_lights(self) -> None:
        """Note the lights that are not good now, because the person starts nevertheless."""
        self.ignored = [light.key for light in self.lights if light.state in ("wait", "bad")]

    def take_lead(self) -> list[Pose]:
        """Return the poses that lead into the set, and forget them.

        Returns
        -------
        list of Pose
            The poses, oldest first.
        """
        lead = list(self._lead)
        self._lead.clear()
        return lead


class CountIn:
    """Counts down to the start of a set.

    Parameters
    ----------
    began_s : float
        When the count-in begins.

    Attributes
    ----------
    person_gone : bool
        Whether the person has left the picture for longer than ``GAP_S``.
    """

    def __init__(self, began_s: float) -> None:
        self.person_gone = False
        self._began_s = self._seen_s = began_s
        self._newest = int(COUNT_IN_S) + 1

    @property
    def number(self) -> int:
        """Return the number that is shown."""
        return max(1, min(self._newest, int(COUNT_IN_S)))

    def update(self, pose: Pose) -> int | None:
        """Take one picture's pose.

        Parameters
        ----------
        pose : Pose
            The pose; times rise.

        Returns
        -------
        int or None
            The number that is due, once; 0 when the set starts; else None.
        """
        if pose.seen:
            self._seen_s = pose.t_s
        self.person_gone = pose.t_s - self._seen_s > GAP_S
        left = max(0, math.ceil(COUNT_IN_S - (pose.t_s - self._began_s)))
        if left >= self._newest:
            return None
        self._newest = left
        return left


def outline(pose: Pose) -> Outline:
    """Return the landmarks as shares of the picture, for the faint figure of the next time.

    Parameters
    ----------
    pose : Pose
        A pose with a person.

    Returns
    -------
    Outline
        33 pairs (x, y), rounded to 0.001.
    """
    shares = pose.image_px / np.asarray(pose.size_px, float)
    return [[round(float(x), 3), round(float(y), 3)] for x, y in shares]
