"""A scripted stick figure seen by a pinhole camera: poses with an exact truth, without a video or a model.

    from formcheck.synthetic import Camera, Recording, SquatRep, squat_set

    made = squat_set([SquatRep(depth_deg=100)] * 5, Camera(azimuth_deg=90), Recording(fps=30, noise_px=1))
    made.poses, made.truth

Left and right are the person's own; ``azimuth_deg`` is 0 in front, 90 at the person's left side, -90 at the right,
180 behind. The same arguments give the same poses.
"""

from formcheck.synthetic.body import Body
from formcheck.synthetic.camera import Camera, Recording, Script, film
from formcheck.synthetic.distractors import DISTRACTORS
from formcheck.synthetic.disturbed import animal, another_person, legs_exchanged, mirrored, road, shifted
from formcheck.synthetic.lunge import LungeRep, lunge_set
from formcheck.synthetic.plank import PLANK_CAMERA, InclineSegment, PlankSegment, incline_plank_set, plank_set
from formcheck.synthetic.side_plank import SidePlankSegment, side_plank_set
from formcheck.synthetic.squat import SquatRep, squat_set
from formcheck.synthetic.stance import BALANCE_CAMERA, StanceHold, stance_set
from formcheck.synthetic.tracks import HoldTruth, RepTruth, SyntheticSet, Tempo
from formcheck.synthetic.wall_sit import WallSitSegment, wall_sit_set

__all__ = [
    "BALANCE_CAMERA",
    "DISTRACTORS",
    "PLANK_CAMERA",
    "Body",
    "Camera",
    "HoldTruth",
    "InclineSegment",
    "LungeRep",
    "PlankSegment",
    "Recording",
    "RepTruth",
    "Script",
    "SidePlankSegment",
    "SquatRep",
    "StanceHold",
    "SyntheticSet",
    "Tempo",
    "WallSitSegment",
    "animal",
    "another_person",
    "film",
    "incline_plank_set",
    "legs_exchanged",
    "lunge_set",
    "mirrored",
    "plank_set",
    "road",
    "shifted",
    "side_plank_set",
    "squat_set",
    "stance_set",
    "wall_sit_set",
]
