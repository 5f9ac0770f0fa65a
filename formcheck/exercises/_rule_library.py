"""Limits that several exercises share, each said once. Not an exercise."""

from formcheck.spec.exercise import Condition, DistanceRatio, Inclination, RepMeasure, Rule, Text

FACING_DEG, STRAIGHT_DEG = 15.0, 5.0
"""To a camera further round than the first, what moves forward moves sideways too, and clean sets break rules (benchmarks/RESULTS.md).
The second is for what feels it three times as much: a knee's place between hip and ankle, and feet a long step apart."""

NO_STEP_S = 0.8
"""The shortest whole repetition (clinical-rules 0.9) of what a step of walking or a bounce resembles. Others may be quicker: they are
counted, and told so by their tempo."""

TRUNK_AT_TURN = RepMeasure(name="trunk_inclination_deg", signal="trunk_inclination", unit="deg", views=("side",))
SIDE_LEAN_AT_TURN = RepMeasure(name="side_lean_deg", signal="side_lean", unit="deg", views=("front",))
KNEE_DIFFERENCE_AT_TURN = RepMeasure(
    name="left_right_difference_deg", signal="left_right", unit="deg", views=("front",)
)
KNEE_OVER_FOOT_AT_TURN = RepMeasure(
    name="knee_medial_to_foot_ratio", signal="knee_medial_to_foot", unit="ratio", views=("front",)
)
PROJECTION_AT_TURN = RepMeasure(
    name="knee_projection_angle_deg", signal="knee_projection_angle", unit="deg", views=("front",), max_depth_deg=75
)
"""Beyond 75 deg of knee flexion a shortened thigh bends the line in the picture (clinical-rules 1.5)."""
KNEE_DISTANCES = (
    RepMeasure(name="knee_ankle_ratio", signal="knee_ankle_ratio", unit="ratio", views=("front",)),
    RepMeasure(
        name="knee_ankle_ratio_up_minus_down", signal="knee_ankle_ratio", statistic="up_minus_down", unit="ratio", views=("front",)
    ),
)  # fmt: skip
KNEE_TURNS = RepMeasure(
    name="knee_sway_reversals", signal="knee_sway", statistic="reversals", unit="count", views=("front",)
)
"""Measures that are stored of every repetition, if the exercise has the signal, with the views that show them."""

DEPTH_HINT = (
    "The hint begins 5 deg from it (clinical-rules 0.8, 1.1), nearer than a knee angle is certain (7 deg from the side, 9 from the front, "
    "11 at an angle, as measured in benchmarks/RESULTS.md): most hints are borderline, and say so."
)

HEEL_LIFTS = (
    Condition(
        id="foot_pitch",
        name=Text(en="Tilt of the foot", da="Fodens hældning"),
        signal="foot_pitch",
        fault_when="above",
        hint_limit=14,
        fault_limit=18,
        bounds=(5, 40),
        reference="standing",
    ),
    Condition(
        id="heel_height",
        name=Text(en="Height of the heel, in foot lengths", da="Hælens højde, i fodlængder"),
        signal="heel_rise",
        fault_when="above",
        hint_limit=0.14,
        fault_limit=0.18,
        bounds=(0.05, 0.6),
        unit="ratio",
        uncertainty=0.04,
    ),
)
HEEL_EVIDENCE = (
    "Feet are the noisiest landmarks: both the pitch and the rise, for 0.2 s, and the hint only beyond the limit's own "
    "uncertainty, 10 + 4 deg and 0.10 + 0.04 (clinical-rules 0.8, 1.1)."
)

FAST_DESCENT = (
    Condition(
        id="descent_time", name=Text(en="Time on the way down", da="Tid på vej ned"),
        signal="eccentric_s", statistic="measure", fault_when="below", hint_limit=0.7, fault_limit=0.5, bounds=(0.2, 1.0),
        reference="eccentric_s", reference_mode="times", unprescribed=(0.5, None),
    ),
)  # fmt: skip
FAST_DESCENT_NAME = Text(en="Fast descent", da="Hurtigt ned")
FAST_DESCENT_CUE = Text(en="Slow on the way down", da="Langsommere ned")
FAST_DESCENT_EVIDENCE = "Share of the prescribed descent (clinical-rules 1.1); unprescribed only a hint below 0.5 s."

KNEES_IN = (
    Condition(
        id="knee_distance", name=Text(en="Distance of the knees over that of the ankles", da="Knæenes afstand i forhold til anklernes"),
        signal="knee_ankle_ratio", fault_when="below", hint_limit=0.90, fault_limit=0.75, bounds=(0.4, 1.2), min_depth_deg=60
    ),
    Condition(
        id="up_minus_down", name=Text(en="Distance of the knees, way up minus way down", da="Knæenes afstand, op minus ned"),
        signal="knee_ankle_ratio_up_minus_down", statistic="measure", fault_when="below", hint_limit=-0.15, fault_limit=-0.25, bounds=(-0.6, -0.05)
    ),
)  # fmt: skip
KNEES_IN_EVIDENCE = (
    "Knee-ankle separation ratio, AUC 0.87 of correct against incorrect squats; wherever the knees are bent by 60 deg, since on "
    "the way up is when they give, and up against down at equal flexion (clinical-rules 1.1, M2)."
)
SIDEWAYS = {
    "side_lean": Inclination(start="mid.hip", end="mid.shoulder", sign="sideways"),
    "hip_shift": DistanceRatio(p="mid.hip", q="mid.ankle", per="ankle_width", sign="sideways"),
}
SIDE_LEAN = Rule(
    id="side_lean",
    name=Text(en="Trunk leans sideways", da="Overkroppen hælder til siden"),
    cue=Text(en="Trunk upright", da="Hold kroppen lodret"),
    conditions=(
        Condition(id="side_lean", name=Text(en="Sideways lean of the trunk", da="Overkroppens hældning til siden"), signal="side_lean", fault_when="above", hint_limit=8, fault_limit=12, bounds=(4, 30), facing_within_deg=FACING_DEG),
    ),
    windows=("rep",), views=("front",), landmarks=("left.shoulder", "right.shoulder", "left.hip", "right.hip"),
    joints=("left.shoulder", "right.shoulder"), uncertainty=4, unit="deg", priority="trunk",
    evidence="The limits of lateral trunk lean elsewhere (clinical-rules 1.2, 1.5); correct squats and stands from a chair stay below, "
    "98th percentile 4 and 5 deg, and four in ten stands that are done wrong on purpose do not (UI-PRMD, Vakanski 2018).",
)  # fmt: skip
WEIGHT_SHIFT = Rule(
    id="weight_shift",
    name=Text(en="Weight to one side", da="Vægten er til den ene side"),
    cue=Text(en="Stay in the middle", da="Hold dig i midten"),
    conditions=(
        Condition(
            id="hip_shift", name=Text(en="Hips to one side, in ankle distances", da="Hofterne til den ene side, i ankelafstande"),
            signal="hip_shift", fault_when="above", hint_limit=0.12, fault_limit=0.20, bounds=(0.05, 0.6), reference="standing", two_sided=True,
            facing_within_deg=FACING_DEG,
        ),
    ),
    windows=("rep",), views=("front",), landmarks=("left.hip", "right.hip", "left.ankle", "right.ankle"),
    joints=("left.hip", "right.hip"), uncertainty=0.05, unit="ratio", priority="alignment",
    evidence="Clinical default without a published cut-off (clinical-rules 1.1); correct squats and stands from a chair stay below, "
    "98th percentile 0.08 and 0.06 (UI-PRMD, Vakanski 2018).",
)  # fmt: skip

LEG = ("front.hip", "front.knee", "front.ankle")
ONE_KNEE_IN = Rule(
    id="knee_in",
    name=Text(en="Knee moves inwards", da="Knæet falder indad"),
    cue=Text(en="Knee over your foot", da="Knæ over foden"),
    conditions=(
        Condition(
            id="knee_inside_foot", name=Text(en="Knee inside the foot, in shank lengths", da="Knæet inden for foden, i underbenslængder"),
            signal="knee_medial_to_foot", fault_when="above", hint_limit=0.10, fault_limit=0.18, bounds=(0.05, 0.5), facing_within_deg=FACING_DEG
        ),
        Condition(
            id="projection_angle", name=Text(en="Knee angle seen from the front", da="Knæets vinkel set forfra"),
            signal="knee_projection_angle", fault_when="above", hint_limit=8, fault_limit=12, bounds=(5, 40), max_depth_deg=75, unit="deg",
            uncertainty=4, facing_within_deg=STRAIGHT_DEG,
        ),
    ),
    windows=("rep",), views=("front",), landmarks=(*LEG, "front.foot_index"), joints=("front.knee",),
    min_duration_s=0.2, uncertainty=0.05, unit="ratio", priority="alignment", side="front",
    evidence="Knee medial to the second toe, and the frontal plane projection angle up to 75 deg of flexion: knee-medial-to-foot "
    "11.6 deg against 5.0, normal in landing up to 12 (clinical-rules 1.5). The knee's place over the foot in the picture, no more.",
)  # fmt: skip
ONE_LEG_SIDE_LEAN = Rule(
    id="side_lean",
    name=Text(en="Trunk leans sideways", da="Overkroppen hælder til siden"),
    cue=Text(en="Stay upright", da="Hold overkroppen oprejst"),
    conditions=(Condition(id="side_lean", name=Text(en="Sideways lean of the trunk", da="Overkroppens hældning til siden"), signal="side_lean", facing_within_deg=FACING_DEG, statistic="turn_median", fault_when="above", hint_limit=8, fault_limit=12, bounds=(4, 30)),),
    windows=("bottom",), views=("front",), landmarks=("left.shoulder", "right.shoulder", "left.hip", "right.hip"),
    joints=("left.shoulder", "right.shoulder"), uncertainty=4, unit="deg", priority="trunk",
    evidence="Lateral trunk lean, agreement of manual 2-D readings 0.98-1.00 (clinical-rules 1.5).",
)  # fmt: skip
PELVIC_DROP = Rule(
    id="pelvic_drop",
    name=Text(en="Hip drops on the free side", da="Bækkenet synker på den frie side"),
    cue=Text(en="Level hips", da="Hold bækkenet vandret"),
    conditions=(
        Condition(
            id="pelvis_tilt", name=Text(en="Tilt of the pelvis", da="Bækkenets hældning"),
            signal="pelvis", statistic="turn_median", fault_when="above", hint_limit=6, fault_limit=10, bounds=(3, 25), reference="standing"
        ),
    ),
    windows=("bottom",), views=("front",), landmarks=("left.hip", "right.hip"),
    max_severity=1, uncertainty=4, unit="deg", priority="alignment",
    evidence="A hint until validated: 2-D pelvis against 3-D r 0.53 (clinical-rules 1.5).",
)  # fmt: skip
ONE_KNEE_WOBBLES = Rule(
    id="wobble",
    name=Text(en="Knee wobbles", da="Knæet vakler"),
    cue=Text(en="Steady knee", da="Hold knæet roligt"),
    conditions=(
        Condition(id="direction_changes", name=Text(en="Changes of direction of the knee", da="Knæets retningsskift"), signal="knee_sway_reversals", statistic="measure", fault_when="above", hint_limit=2.5, fault_limit=5.5, bounds=(1, 12), facing_within_deg=FACING_DEG),
    ),
    windows=("rep",), views=("front",), landmarks=("front.knee", "front.ankle"), joints=("front.knee",),
    max_severity=1, uncertainty=0, unit="count", priority="alignment", side="front",
    evidence="Three or more sideways reversals beyond 0.04 of the shank; clinical default (clinical-rules 1.2, 1.5).",
)  # fmt: skip
STUCK = Rule(
    id="stick",
    name=Text(en="Landing not held", da="Landingen holdes ikke"),
    cue=Text(en="Land and stay for two seconds", da="Land, og bliv stående i to sekunder"),
    conditions=(
        Condition(id="settled_time", name=Text(en="Time that the landing is held", da="Tid, landingen holdes"), signal="settled_s", statistic="measure", fault_when="below", hint_limit=1.9, fault_limit=1.0, bounds=(0.3, 2.0)),
    ),
    windows=("rep",), views=("front",), landmarks=("left.foot_index", "right.foot_index", "left.ankle", "right.ankle"),
    joints=("left.ankle", "right.ankle"), uncertainty=0.1, unit="s", priority="alignment",
    evidence="Two seconds without another step, within a frame at 15 a second; the foot has moved beyond 0.15 of its length for 0.15 s "
    "(clinical-rules 1.5). The seconds are a clinical default.",
)  # fmt: skip

SOFT_LANDING = Rule(
    id="soft",
    name=Text(en="Stiff landing", da="Stiv landing"),
    cue=Text(en="Bend more as you land", da="Bøj mere, når du lander"),
    conditions=(
        Condition(id="knee_flexion", name=Text(en="Knee bend", da="Knæets bøjning"), signal="knee_flexion", statistic="turn_median", fault_when="below", hint_limit=40, fault_limit=30, bounds=(20, 80)),
    ),
    windows=("bottom",), views=("front",), landmarks=LEG, joints=("front.knee",),
    uncertainty="knee", unit="deg", priority="alignment", demands_more=True,
    evidence="Clinical default: the depth that a single-leg squat is held to without a target (clinical-rules 1.5).",
)  # fmt: skip
SOFT_LANDING_ON_BOTH = SOFT_LANDING.model_copy(update={"landmarks": ("seen.hip", "seen.knee", "seen.ankle")})
