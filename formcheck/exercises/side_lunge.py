"""Side lunge. Numbers: those of the lunge and the single-leg squat (clinical-rules 1.2, 1.5) unless a rule says otherwise."""

from formcheck.exercises import _rule_library as shared
from formcheck.spec.exercise import (
    Condition,
    Demonstration,
    DistanceRatio,
    Exercise,
    HipDescent,
    Inclination,
    JointAngle,
    KneeFlexion,
    RepCycle,
    Rule,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="side_lunge",
    name=Text(en="Side lunge", da="Sideudfald"),
    purpose=Text(en="Strength and control when you step to the side.", da="Styrke og kontrol, når du træder til siden."),
    steps=(
        Text(en="Take a long step to the side.", da="Tag et langt skridt til siden."),
        Text(en="Bend that knee in line with your toes and sit back over the foot.", da="Bøj det knæ i retning af tæerne, og sæt dig bagud over foden."),
        Text(en="Keep the other leg straight.", da="Hold det andet ben strakt."),
        Text(en="Push back to standing.", da="Skub dig tilbage til stående."),
    ),
    equipment=Text(en="None.", da="Ingen."),
    support=Text(en="A chair or a table in front of you, if you want it.", da="En stol eller et bord foran dig, hvis du vil."),
    easier=Text(en="Go half as deep.", da="Gå halvt så dybt."),
    harder=Text(en="Stay in the deepest point for three seconds.", da="Bliv i det dybeste punkt i tre sekunder."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure lunges to the side, seen from the front.", da="En tændstikfigur laver udfald til siden, set forfra."),
    ),
    views=("front",),
    train_view="front",
    signals={
        "hip_drop": HipDescent(),
        "knee_flexion": KneeFlexion(side="front"),
        "other_knee": JointAngle(a="rear.hip", b="rear.knee", c="rear.ankle"),
        "knee_medial_to_foot": DistanceRatio(p="front.knee", q="front.foot_index", per="shank", sign="medial"),
        "side_lean": Inclination(start="mid.hip", end="mid.shoulder", sign="sideways"),
    },
    movement=RepCycle(
        signal="hip_drop", depth_signal="knee_flexion", movement_pattern="wide", min_duration_s=shared.NO_STEP_S,
        measured=(shared.KNEE_OVER_FOOT_AT_TURN, shared.SIDE_LEAN_AT_TURN),
    ),
    rules=(
        Rule(
            id="depth",
            name=Text(en="Depth", da="Dybde"),
            cue=Text(en="Sink a little deeper", da="Gå lidt dybere ned"),
            conditions=(
                Condition(id="knee_flexion", name=Text(en="Knee bend", da="Knæets bøjning"), signal="knee_flexion", statistic="turn_median", fault_when="below", hint_limit=-5, fault_limit=-15, bounds=(-40, 0), reference="target_depth"),
            ),
            windows=("bottom",), views=("front",), landmarks=shared.LEG, joints=("front.knee",),
            uncertainty="knee", unit="deg", priority="depth", demands_more=True, side="front",
            evidence="Against the prescribed depth only, as in the squat (clinical-rules 0.8, 1.1).",
        ),
        Rule(
            id="knee_in",
            name=Text(en="Knee moves inwards", da="Knæet falder indad"),
            cue=Text(en="Knee over second toe", da="Knæ over anden tå"),
            conditions=(
                Condition(id="knee_inside_foot", name=Text(en="Knee inside the foot, in shank lengths", da="Knæet inden for foden, i underbenslængder"), signal="knee_medial_to_foot", facing_within_deg=shared.FACING_DEG, statistic="turn_median", fault_when="above", hint_limit=0.10, fault_limit=0.18, bounds=(0.05, 0.5)),
            ),
            windows=("bottom",), views=("front",), landmarks=("front.knee", "front.foot_index"), joints=("front.knee",),
            uncertainty=0.05, unit="ratio", priority="alignment", side="front",
            evidence="Knee medial to the second toe, the criterion taught in neuromuscular training (clinical-rules 1.2).",
        ),
        Rule(
            id="other_knee",
            name=Text(en="Other leg bends", da="Det andet ben bøjer"),
            cue=Text(en="Keep the other leg straight", da="Hold det andet ben strakt"),
            conditions=(
                Condition(id="other_knee", name=Text(en="Bend of the other knee", da="Det andet knæs bøjning"), signal="other_knee", statistic="turn_median", fault_when="above", hint_limit=20, fault_limit=35, bounds=(10, 60)),
            ),
            windows=("bottom",), views=("front",), landmarks=("rear.hip", "rear.knee", "rear.ankle"), joints=("rear.knee",),
            uncertainty=5, unit="deg", priority="alignment",
            evidence="Clinical default without a published cut-off; the numbers of a straight leg in the plank (clinical-rules 1.3).",
        ),
        Rule(
            id="side_lean",
            name=Text(en="Trunk leans sideways", da="Overkroppen hælder til siden"),
            cue=Text(en="Trunk upright", da="Hold kroppen lodret"),
            conditions=(
                Condition(id="side_lean", name=Text(en="Sideways lean of the trunk", da="Overkroppens hældning til siden"), signal="side_lean", facing_within_deg=shared.FACING_DEG, statistic="turn_median", fault_when="above", hint_limit=12, fault_limit=20, bounds=(4, 40)),
            ),
            windows=("bottom",), views=("front",), landmarks=("left.shoulder", "right.shoulder", "left.hip", "right.hip"), joints=("left.shoulder", "right.shoulder"),
            uncertainty=4, unit="deg", priority="trunk",
            evidence="Clinical default without a published cut-off, wider than in the lunge forward since the step goes to the side.",
        ),
        Rule(
            id="tempo",
            name=shared.FAST_DESCENT_NAME,
            cue=shared.FAST_DESCENT_CUE,
            conditions=shared.FAST_DESCENT,
            windows=("descent",), views=("front",), landmarks=("left.hip", "right.hip"),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence=shared.FAST_DESCENT_EVIDENCE,
        ),
    ),
)  # fmt: skip
