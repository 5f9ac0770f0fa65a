"""Lunge: forward, backward or split; the front leg is found by itself. Numbers: clinical-rules 1.2 unless a rule says otherwise."""

from formcheck.exercises._rule_library import (
    FACING_DEG,
    FAST_DESCENT,
    FAST_DESCENT_CUE,
    FAST_DESCENT_EVIDENCE,
    FAST_DESCENT_NAME,
    HEEL_EVIDENCE,
    HEEL_LIFTS,
    STRAIGHT_DEG,
)  # fmt: skip
from formcheck.spec.exercise import (
    Condition,
    Demonstration,
    DistanceRatio,
    Exercise,
    Inclination,
    KneeFlexion,
    LineOffset,
    ObliqueBound,
    RepCycle,
    Rule,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="lunge",
    name=Text(en="Lunge", da="Lunge (udfald)"),
    purpose=Text(
        en="Strength and balance with one leg in front, as on stairs and when you reach for the floor.",
        da="Styrke og balance med ét ben foran, som på trapper, og når du skal ned til gulvet.",
    ),
    steps=(
        Text(en="Take a long step, feet hip-width apart.", da="Tag et langt skridt med hoftebredde mellem fødderne."),
        Text(en="Lower the back knee straight down.", da="Sænk det bageste knæ lige ned."),
        Text(en="Keep the front knee over your second toe.", da="Hold det forreste knæ over anden tå."),
        Text(en="Push through the front foot to come up.", da="Skub fra med forreste fod for at komme op."),
    ),
    equipment=Text(en="None.", da="Ingen."),
    support=Text(en="A chair or a wall at your side, if you want it.", da="En stol eller en væg ved siden af dig, hvis du vil."),
    easier=Text(en="Stay in the split stance and go half as deep.", da="Bliv stående i skridtet, og gå halvt så dybt."),
    harder=Text(en="Step forward and back again in every repetition.", da="Træd frem og tilbage igen i hver gentagelse."),
    demonstration=Demonstration(
        sample="lunge_side_good.mp4",
        alt=Text(en="A computer-generated person lunges, seen from the side.", da="En computergenereret person laver udfald, set fra siden."),
    ),
    views=("side", "front", "oblique"),
    train_view="front", hand_raise=True,
    signals={
        "hip_drop": KneeFlexion(side="drop"),
        "knee_flexion": KneeFlexion(side="front"),
        "rear_knee_height": DistanceRatio(p="rear.knee", q="front.foot_index", per="shank", sign="up"),
        "trunk_inclination": Inclination(start="mid.hip", end="mid.shoulder", sign="facing"),
        "foot_pitch": Inclination(start="front.foot_index", end="front.heel", reference="horizontal", sign="up"),
        "heel_rise": DistanceRatio(p="front.heel", q="standing.front.heel", per="foot", sign="up"),
        "knee_medial_to_foot": DistanceRatio(p="front.knee", q="front.foot_index", per="shank", sign="medial"),
        "knee_projection_angle": LineOffset(point="front.knee", a="front.hip", b="front.ankle", sign="medial"),
        "ankle_hip_ratio": DistanceRatio(p="left.ankle", q="right.ankle", per="hip_width", axis="x"),
        "side_lean": Inclination(start="mid.hip", end="mid.shoulder", sign="sideways"),
        "seen_lean": Inclination(start="mid.hip", end="mid.shoulder", sign="absolute"),
        "knee_sway": DistanceRatio(p="front.knee", q="front.ankle", per="shank", sign="image"),
    },
    movement=RepCycle(signal="hip_drop", depth_signal="knee_flexion", movement_pattern="split"),
    rules=(
        Rule(
            id="depth",
            name=Text(en="Depth", da="Dybde"),
            cue=Text(en="Lower the back knee", da="Sænk det bageste knæ"),
            conditions=(
                Condition(signal="knee_flexion", statistic="turn_median", fault_when="below", t1=-5, t2=-15, bounds=(-40, 0), reference="target_depth"),
                Condition(signal="rear_knee_height", statistic="turn_median", fault_when="above", t1=0.45, t2=0.60, bounds=(0.2, 1.0)),
            ),
            combine="all",
            windows=("bottom",), views=("side",), landmarks=("front.hip", "front.knee", "front.ankle", "rear.knee"), joints=("rear.knee",),
            uncertainty="knee", unit="deg", priority="depth", demands_more=True, side="front",
            evidence="Against the prescribed depth only, and only while the back knee is high (clinical-rules 1.2). "
            "Only from the side: from elsewhere the front leg's distance from the camera is mistaken for depth.",
        ),
        Rule(
            id="trunk_lean",
            name=Text(en="Trunk leans forward", da="Overkroppen hælder frem"),
            cue=Text(en="Stay tall", da="Hold overkroppen rank"),
            conditions=(
                Condition(signal="trunk_inclination", statistic="turn_median", fault_when="above", t1=15, t2=25, bounds=(8, 60)),
            ),
            windows=("bottom",), views=("side",), landmarks=("near.shoulder", "near.hip"), joints=("near.shoulder", "near.hip"),
            uncertainty=4, unit="deg", priority="trunk",
            evidence="Correct inline lunges 2 deg (0-10); upright variant (clinical-rules 1.2, M2).",
        ),
        Rule(
            id="heel",
            name=Text(en="Front heel lifts", da="Forreste hæl løfter sig"),
            cue=Text(en="Front heel down", da="Forreste hæl i gulvet"),
            conditions=HEEL_LIFTS,
            combine="all",
            windows=("bottom",), views=("side",), landmarks=("front.heel", "front.foot_index"), joints=("front.heel",),
            min_duration_s=0.2, uncertainty=4, unit="deg", priority="alignment", side="front",
            evidence=HEEL_EVIDENCE,
        ),
        Rule(
            id="knee_in",
            name=Text(en="Front knee moves inwards", da="Forreste knæ falder indad"),
            cue=Text(en="Knee over second toe", da="Knæ over anden tå"),
            conditions=(
                Condition(
                    signal="knee_medial_to_foot", fault_when="above", t1=0.10, t2=0.18, bounds=(0.05, 0.5), min_knee_flexion_deg=60,
                    facing_within_deg=STRAIGHT_DEG,
                ),
                Condition(
                    signal="knee_projection_angle", fault_when="above", t1=10, t2=15, bounds=(5, 40), max_knee_flexion_deg=75, unit="deg", uncertainty=4,
                    facing_within_deg=STRAIGHT_DEG,
                ),
            ),
            windows=("rep",), views=("front",), landmarks=("front.hip", "front.knee", "front.ankle", "front.foot_index"), joints=("front.knee",),
            min_duration_s=0.2, uncertainty=0.05, unit="ratio", priority="alignment", side="front",
            evidence="Knee medial to the second toe for 0.2 s once the knee is bent by 60 deg, so that the foot is down: the criterion taught in neuromuscular training; the frontal plane projection "
            "angle only up to 75 deg of flexion, beyond which it means nothing (clinical-rules 1.2, 1.5).",
        ),
        Rule(
            id="step_width",
            name=Text(en="Feet in one line", da="Fødderne på én linje"),
            cue=Text(en="Feet hip-width", da="Hoftebredde mellem fødderne"),
            conditions=(
                Condition(signal="ankle_hip_ratio", statistic="turn_median", fault_when="below", t1=0.5, t2=0.25, bounds=(0.0, 1.0), facing_within_deg=STRAIGHT_DEG),
            ),
            windows=("bottom",), views=("front",), landmarks=("left.ankle", "right.ankle", "left.hip", "right.hip"), joints=("left.ankle", "right.ankle"),
            uncertainty=0.1, unit="ratio", priority="alignment",
            evidence="Clinical default without a published cut-off (clinical-rules 1.2).",
        ),
        Rule(
            id="side_lean",
            name=Text(en="Trunk not upright", da="Overkroppen er ikke lodret"),
            cue=Text(en="Trunk upright", da="Hold kroppen lodret"),
            conditions=(
                Condition(signal="side_lean", facing_within_deg=FACING_DEG, statistic="turn_median", fault_when="above", t1=8, t2=12, bounds=(4, 30)),
            ),
            windows=("bottom",), views=("front",), landmarks=("left.shoulder", "right.shoulder", "left.hip", "right.hip"), joints=("left.shoulder", "right.shoulder"),
            uncertainty=4, unit="deg", priority="trunk",
            between=ObliqueBound(signal="seen_lean", side_rule="trunk_lean", side_limits=(15, 25)),
            evidence="Lateral trunk lean, as in the single-leg squat (clinical-rules 1.2, 1.5). From between the front and the side: "
            "what neither that nor the forward lean of the upright lunge, 15 and 25 deg, explains.",
        ),
        Rule(
            id="wobble",
            name=Text(en="Front knee wobbles", da="Forreste knæ vakler"),
            cue=Text(en="Find your balance first", da="Find balancen først"),
            conditions=(
                Condition(signal="knee_sway_reversals", statistic="measure", fault_when="above", t1=2.5, t2=5.5, bounds=(1, 12), facing_within_deg=FACING_DEG),
            ),
            windows=("rep",), views=("front",), landmarks=("front.knee", "front.ankle"), joints=("front.knee",),
            max_severity=1, uncertainty=0, unit="count", priority="alignment", side="front",
            evidence="Three or more sideways reversals beyond 0.04 of the shank; clinical default (clinical-rules 1.2).",
        ),
        Rule(
            id="tempo",
            name=FAST_DESCENT_NAME,
            cue=FAST_DESCENT_CUE,
            conditions=FAST_DESCENT,
            windows=("descent",), views=("side", "front", "oblique"), landmarks=("left.hip", "right.hip"),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence=FAST_DESCENT_EVIDENCE,
        ),
    ),
)  # fmt: skip
