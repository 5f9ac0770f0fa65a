"""Limits and signals that the balance exercises share, each said once. Not an exercise."""

from formcheck.spec.exercise import Bound, Condition, DistanceRatio, Inclination, Rule, Text

_FOOT_MOVED = Text(en="Foot moved", da="Foden flyttede sig")
_HANDS_MOVED = Text(en="Hands moved away", da="Hænderne flyttede sig")
_FOOT_SHIFT_LEGS = 0.046
"""0.15 of the foot's length, which is 0.152 of the body's height over the leg's 0.49 (Winter 2009): from the front no foot shows
its length."""


def _within(key: str, signal: str, most: float, name: Text, **how: bool) -> Bound:
    return Bound(id=key, signal=signal, low=-most, high=most, reference="start", name=name, **how)


TRUNK_AND_HANDS = (
    Bound(id="trunk_lean", signal="side_lean", high=20, name=Text(en="Trunk leaned over", da="Overkroppen lænede sig")),
    _within("left_hand_moved", "left_hand", 0.5, _HANDS_MOVED, test_only=True),
    _within("right_hand_moved", "right_hand", 0.5, _HANDS_MOVED, test_only=True),
)
FOOT_MOVED = (
    _within("foot_moved", "foot_aside", _FOOT_SHIFT_LEGS, _FOOT_MOVED, needs_floor=True),
    _within("foot_moved_ahead", "foot_ahead", _FOOT_SHIFT_LEGS, _FOOT_MOVED, needs_floor=True),
)
TOO_LOW = Bound(
    id="knees_bent", signal="hips_lowered", high=0.05, exit_high=0.10, name=Text(en="Knees bent", da="Knæene bøjede")
)
"""Criteria that end standing in balance (clinical-rules 1.6): trunk beyond 20 deg, the foot that carries moved, in a test hands that
leave the hips; and that it is standing (a default: a squat to 35 deg lowers the hips by 0.05 of the leg)."""

STANDING = {
    "hips_lowered": DistanceRatio(p="standing.mid.hip", q="mid.hip", per="leg", sign="up"),
    "side_lean": Inclination(start="mid.hip", end="mid.shoulder", sign="absolute"),
    "shoulders": DistanceRatio(p="left.shoulder", q="right.shoulder", axis="x", per="torso"),
    "left_hand": DistanceRatio(p="left.wrist", q="left.hip", per="torso"),
    "right_hand": DistanceRatio(p="right.wrist", q="right.hip", per="torso"),
}
NOT_ASIDE = Bound(id="turned_aside", signal="shoulders", low=0.45, exit_low=0.35)
"""Seen from the front now, not only when it was calibrated: shoulders of 0.56 trunks and more (clinical-rules 0.6)."""
TOES_TO_CAMERA = {"toes_up": DistanceRatio(p="mid.foot_index", q="mid.heel", per="leg", sign="up")}
FACES_CAMERA = Bound(id="turned_away", signal="toes_up", high=0.0, exit_high=0.03)
"""Of a person who faces the camera the toes are below the heels in the picture; from behind the feet hide each other."""
SUPPORT_FOOT = {
    "foot_aside": DistanceRatio(p="support.foot_index", q="standing.support.foot_index", per="leg", sign="image"),
    "foot_ahead": DistanceRatio(p="support.foot_index", q="standing.support.foot_index", per="leg", sign="up"),
}
"""The signals of those limits."""

SIDE_LEAN = Rule(
    id="side_lean",
    name=Text(en="Trunk leans sideways", da="Overkroppen hælder til siden"),
    cue=Text(en="Stand tall", da="Stå rank"),
    conditions=(Condition(id="side_lean", name=Text(en="Sideways lean of the trunk", da="Overkroppens hældning til siden"), signal="side_lean", fault_when="above", hint_limit=8, fault_limit=12, bounds=(4, 30)),),
    windows=("hold",), views=("front",), landmarks=("left.shoulder", "right.shoulder", "left.hip", "right.hip"),
    min_duration_s=1.0, max_severity=1, uncertainty=4, unit="deg", priority="trunk",
    evidence="Only a hint, beyond 8 deg (clinical-rules 1.6); manual 2-D lean repeats with an ICC of 0.98 to 1.00 (F21).",
)  # fmt: skip
