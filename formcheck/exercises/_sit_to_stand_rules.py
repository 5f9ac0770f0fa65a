"""What standing up from a chair and the 30-second chair stand share. Not an exercise. Numbers: clinical-rules 1.9."""

from formcheck.exercises._rule_library import KNEES_IN, KNEES_IN_EVIDENCE, SIDE_LEAN, SIDEWAYS, WEIGHT_SHIFT
from formcheck.spec.exercise import Condition, DistanceRatio, Inclination, KneeFlexion, Rule, Text

VIEWS = ("side", "front", "oblique")
LEG = ("seen.hip", "seen.knee", "seen.ankle")
SIGNALS = {
    "knee_flexion": KneeFlexion(side="mid"),
    "trunk_inclination": Inclination(start="near.hip", end="near.shoulder", sign="leaning"),
    "knee_ankle_ratio": DistanceRatio(p="left.knee", q="right.knee", r="left.ankle", s="right.ankle", axis="x"),
    **SIDEWAYS,
}
NOT_UP = Rule(
    id="not_up",
    name=Text(en="Not fully up", da="Ikke helt oppe"),
    cue=Text(en="Stand up fully", da="Rejs dig helt op"),
    conditions=(
        Condition(id="knee_at_top", name=Text(en="Knee bend when back up", da="Knæets bøjning, når kroppen er oppe igen"), signal="knee_flexion_top_deg", statistic="measure", fault_when="above", hint_limit=15, fault_limit=25, bounds=(8, 50), reference="standing"),
    ),
    windows=("ascent",), views=VIEWS, landmarks=LEG, joints=("near.knee",),
    uncertainty="knee", unit="deg", priority="depth", demands_more=True,
    evidence="Standing is at most 30 deg, or 15 above the person's own standing; fault 10 deg beyond (clinical-rules 0.5, 1.9).",
)  # fmt: skip
NOT_DOWN = Rule(
    id="depth",
    name=Text(en="Not fully down", da="Ikke helt nede"),
    cue=Text(en="Sit right down", da="Sæt dig helt ned"),
    conditions=(
        Condition(id="knee_flexion", name=Text(en="Knee bend", da="Knæets bøjning"), signal="knee_flexion", statistic="turn_median", fault_when="below", hint_limit=-12, fault_limit=-20, bounds=(-40, -5), reference="target_depth"),
    ),
    windows=("bottom",), views=VIEWS, landmarks=LEG, joints=("near.knee",),
    uncertainty="knee", unit="deg", priority="depth", demands_more=True,
    evidence="12 deg short of the person's own seat, which is the prescribed or own depth (clinical-rules 1.9).",
)  # fmt: skip
PLOP = Rule(
    id="plop",
    name=Text(en="Drops onto the chair", da="Dumper ned på stolen"),
    cue=Text(en="Sit slowly", da="Sæt dig langsomt"),
    conditions=(
        Condition(id="descent_time", name=Text(en="Time on the way down", da="Tid på vej ned"), signal="eccentric_s", statistic="measure", fault_when="below", hint_limit=0.7, fault_limit=0.4, bounds=(0.2, 2.0)),
    ),
    windows=("descent",), views=VIEWS, landmarks=("near.hip", "near.ankle"), joints=("near.hip",),
    uncertainty=0.1, unit="s", priority="tempo",
    evidence="On the way down for less than 0.7 s (clinical-rules 1.9); the limit of the fault is a clinical default.",
)  # fmt: skip
KNEES = Rule(
    id="knees_in",
    name=Text(en="Knees move inwards", da="Knæene falder indad"),
    cue=Text(en="Knees follow your toes", da="Knæene følger tæerne"),
    conditions=KNEES_IN,
    windows=("rep",), views=("front",), landmarks=("left.knee", "right.knee", "left.ankle", "right.ankle"), joints=("left.knee", "right.knee"),
    min_depth_deg=60, uncertainty=0.08, unit="ratio", priority="alignment",
    evidence=KNEES_IN_EVIDENCE,
)  # fmt: skip
TRUNK = Rule(
    id="trunk_lean",
    name=Text(en="Trunk leans far forward", da="Overkroppen hælder langt frem"),
    cue=Text(en="Lift your chest", da="Løft brystet"),
    conditions=(Condition(id="trunk_inclination", name=Text(en="Forward lean of the trunk", da="Overkroppens hældning frem"), signal="trunk_inclination", fault_when="above", hint_limit=59, fault_limit=70, bounds=(35, 90)),),
    windows=("ascent",), views=("side",), landmarks=("near.shoulder", "near.hip"), joints=("near.shoulder", "near.hip"),
    max_severity=1, uncertainty=4, unit="deg", priority="trunk",
    evidence="Information only: leaning is how one gets up; beyond 55 deg and its uncertainty of 4 (clinical-rules 0.8, 1.9).",
)  # fmt: skip
ALIGNMENT = (KNEES, WEIGHT_SHIFT, SIDE_LEAN)
