"""Demonstrations of exercises without a clip: a repetition or a few seconds of the synthetic set, as a stick figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.errors import UsageError
from formcheck.synthetic.camera import Recording
from formcheck.synthetic.chair import ChairRep, chair_set
from formcheck.synthetic.floor import BirdDogRep, BridgeRep, PushUpRep, bird_dog_set, bridge_set, push_up_set
from formcheck.synthetic.landing import LandingRep, landing_set
from formcheck.synthetic.plank import InclineSegment, incline_plank_set
from formcheck.synthetic.side_plank import SidePlankSegment, side_plank_set
from formcheck.synthetic.stance import StanceHold, stance_set
from formcheck.synthetic.standing import (
    HeelRep,
    ReachRep,
    SideLungeRep,
    SingleLegRep,
    heel_raise_set,
    reach_set,
    side_lunge_set,
    single_leg_squat_set,
    step_down_set,
)
from formcheck.synthetic.wall_sit import WallSitSegment, wall_sit_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.model.frames import Pose
    from formcheck.synthetic.tracks import SyntheticSet

HELD_S = 4.0
"""Duration of a demonstrated hold. Default."""
STEP_DOWN_REP = SingleLegRep(depth_deg=64, free_knee_deg=8)
HOP_REP = LandingRep(side="left", depth_deg=50, jump_m=0.15)
DEMONSTRATIONS: dict[str, Callable[[Recording], SyntheticSet]] = {
    "sit_to_stand": lambda how: chair_set([ChairRep()], recording=how),
    "chair_stand_30s": lambda how: chair_set([ChairRep()] * 2, recording=how, starts_at_end_range=True),
    "heel_raise": lambda how: heel_raise_set([HeelRep()], recording=how),
    "push_up": lambda how: push_up_set([PushUpRep()], recording=how),
    "glute_bridge": lambda how: bridge_set([BridgeRep()], recording=how),
    "single_leg_squat": lambda how: single_leg_squat_set([SingleLegRep()], recording=how),
    "step_down": lambda how: step_down_set([STEP_DOWN_REP], recording=how),
    "side_lunge": lambda how: side_lunge_set([SideLungeRep(), SideLungeRep(side="right")], recording=how),
    "jump_landing": lambda how: landing_set([LandingRep()], recording=how),
    "hop_and_hold": lambda how: landing_set([HOP_REP], recording=how),
    "y_reach_front": lambda how: reach_set([ReachRep()], recording=how),
    "bird_dog": lambda how: bird_dog_set([BirdDogRep(), BirdDogRep(side="right")], recording=how),
    "incline_plank": lambda how: incline_plank_set([InclineSegment(HELD_S)], recording=how),
    "side_plank": lambda how: side_plank_set([SidePlankSegment(HELD_S)], recording=how),
    "wall_sit": lambda how: wall_sit_set([WallSitSegment(HELD_S)], recording=how),
    "tandem_stance": lambda how: stance_set([StanceHold(HELD_S, "tandem")], recording=how),
    "feet_together": lambda how: stance_set([StanceHold(HELD_S, "together")], recording=how),
}
"""One clean set by exercise id, seen by the camera that suits it."""


def demonstration(exercise_id: str, fps: float = 15.0) -> list[Pose]:
    """Return the poses of a stick figure that does the exercise.

    Parameters
    ----------
    exercise_id : str
    fps : float

    Returns
    -------
    list of Pose

    Raises
    ------
    UsageError
        ``unknown_exercise``: a clip shows it instead, or there is no such exercise.
    """
    if exercise_id not in DEMONSTRATIONS:
        known = ", ".join(sorted(DEMONSTRATIONS))
        raise UsageError(
            f"There is no stick figure of {exercise_id!r}. There are: {known}.",
            code="unknown_exercise",
            name=exercise_id,
            known=known,
        )
    return DEMONSTRATIONS[exercise_id](Recording(fps=fps)).poses
