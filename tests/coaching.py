"""Runs a coach on made poses, and keeps what it said, showed and had stored."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from formcheck import exercises
from formcheck.coach.coach import Coach
from formcheck.coach.setup import PictureFacts
from formcheck.model.frames import Pose
from formcheck.spec.prescription import Prescription, planned_sets
from formcheck.synthetic import PLANK_CAMERA, Camera, Recording, SquatRep, squat_set

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.coach.messages import CoachEvent

BRIGHT = PictureFacts(luma=0.5, people=1)
LIVE_CAMERA = Camera(azimuth_deg=0.0, height_m=0.6, distance_m=3.0, look_at_m=0.9)
"""From the front, at knee height, 3 m away."""
FLOOR_CAMERA = PLANK_CAMERA


@dataclass
class Run:
    """A coach with everything that came out of it, in order."""

    coach: Coach
    fed: list[Pose] = field(default_factory=list)
    said: list[tuple[float, str]] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    events: list[CoachEvent] = field(default_factory=list)
    shown: dict[str, Any] = field(default_factory=dict)
    t_s: float = 0.0

    def feed(self, poses: Iterable[Pose], facts: PictureFacts = BRIGHT) -> Run:
        """Give the coach poses, one after the other, in their own time after what came before."""
        start_s = self.t_s
        for pose in poses:
            self.t_s = start_s + pose.t_s + 1 / 30
            moved = Pose(self.t_s, pose.image_px, pose.world_m, pose.visibility, pose.size_px)
            self._take(self.coach.update(moved, facts))
        return self

    def press(self, name: str, **options: Any) -> Run:
        """Press a button."""
        self._take(self.coach.command(self.t_s, name, **options))
        return self

    def _take(self, step) -> None:
        self.shown = step.shown
        self.said += [(self.t_s, key) for utterance in step.say for key in utterance.keys]
        self.events += step.events
        if not self.stages or self.stages[-1] != step.shown["stage"]:
            self.stages.append(step.shown["stage"])

    @property
    def keys(self) -> list[str]:
        return [key for _, key in self.said]

    def of_kind(self, kind: str) -> list[CoachEvent]:
        return [event for event in self.events if event.kind == kind]

    @property
    def result(self):
        """Return the newest finished set."""
        return self.of_kind("set_finished")[-1].data["result"]


def run(*prescriptions: Prescription, **options: Any) -> Run:
    """Return a coach of a session; the poses of its sets are kept in ``fed``."""
    fed: list[Pose] = []
    coach = Coach(planned_sets(prescriptions, exercises.load), on_pose=fed.append, **options)
    return Run(coach, fed)


def squat(**values: Any) -> Prescription:
    """Return a prescription of squats."""
    return Prescription(exercise="squat", **values)


def squats(reps: Iterable[SquatRep], lead_in_s: float = 8.0, after_s: float = 1.0, **recording: Any) -> list[Pose]:
    """Return the poses of a person who stands still, squats, and stands still again."""
    *others, last = reps
    tempo = dataclasses.replace(last.tempo, rest_s=last.tempo.rest_s + after_s)
    reps = [*others, dataclasses.replace(last, tempo=tempo)]
    return squat_set(reps, LIVE_CAMERA, Recording(**({"fps": 20.0} | recording)), lead_in_s=lead_in_s).poses


def standing_still(seconds: float, **recording: Any) -> list[Pose]:
    """Return the poses of a person who stands ready."""
    return [pose for pose in squats([SquatRep()], lead_in_s=seconds, **recording) if pose.t_s < seconds]
