"""A scripted stick figure seen by a pinhole camera: poses with an exact truth, without a video or a model.

    from formcheck.synthetic import Camera, Recording, SquatRep, squat_set

    made = squat_set([SquatRep(depth_deg=100)] * 5, Camera(azimuth_deg=90), Recording(fps=30, noise_px=1))
    made.poses, made.truth

Left and right are the person's own. ``azimuth_deg`` is 0 in front, 90 at the person's left side, -90 at the right and 180
behind. The same arguments give the same poses.
"""

from formcheck.synthetic.body import Body
from formcheck.synthetic.camera import Camera, Recording, Script, film
from formcheck.synthetic.chair import ChairRep, chair_set
from formcheck.synthetic.demonstration import DEMONSTRATIONS, demonstration
from formcheck.synthetic.distractors import DISTRACTORS
from formcheck.synthetic.floor import BirdDogRep, BridgeRep, PushUpRep, bird_dog_set, bridge_set, push_up_set
from formcheck.synthetic.landing import LandingRep, landing_set
from formcheck.synthetic.lunge import LungeRep, lunge_set
from formcheck.synthetic.perturbations import animal, another_person, exchange_legs, mirror_poses, road, shift_poses
from formcheck.synthetic.plank import PLANK_CAMERA, InclineSegment, PlankSegment, incline_plank_set, plank_set
from formcheck.synthetic.scripted_repetitions import Move, move_set
from formcheck.synthetic.side_plank import SidePlankSegment, side_plank_set
from formcheck.synthetic.squat import SquatRep, squat_set
from formcheck.synthetic.stance import BALANCE_CAMERA, StanceHold, stance_set
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
from formcheck.synthetic.tracks import HoldTruth, RepetitionTempo, RepTruth, SyntheticSet
from formcheck.synthetic.walking import walk
from formcheck.synthetic.wall_sit import WallSitSegment, wall_sit_set

__all__ = [
    "BALANCE_CAMERA",
    "DEMONSTRATIONS",
    "DISTRACTORS",
    "PLANK_CAMERA",
    "BirdDogRep",
    "Body",
    "BridgeRep",
    "Camera",
    "ChairRep",
    "HeelRep",
    "HoldTruth",
    "InclineSegment",
    "LandingRep",
    "LungeRep",
    "Move",
    "PlankSegment",
    "PushUpRep",
    "ReachRep",
    "Recording",
    "RepTruth",
    "RepetitionTempo",
    "Script",
    "SideLungeRep",
    "SidePlankSegment",
    "SingleLegRep",
    "SquatRep",
    "StanceHold",
    "SyntheticSet",
    "WallSitSegment",
    "animal",
    "another_person",
    "bird_dog_set",
    "bridge_set",
    "chair_set",
    "demonstration",
    "exchange_legs",
    "film",
    "heel_raise_set",
    "incline_plank_set",
    "landing_set",
    "lunge_set",
    "mirror_poses",
    "move_set",
    "plank_set",
    "push_up_set",
    "reach_set",
    "road",
    "shift_poses",
    "side_lunge_set",
    "side_plank_set",
    "single_leg_squat_set",
    "squat_set",
    "stance_set",
    "step_down_set",
    "walk",
    "wall_sit_set",
]
