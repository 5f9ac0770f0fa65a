"""Step-down from a low step. Numbers: clinical-rules 1.8, which takes most from 1.5."""

from formcheck.exercises import _rule_library as shared
from formcheck.spec.exercise import (
    Condition,
    Demonstration,
    DistanceRatio,
    Exercise,
    HipDescent,
    Inclination,
    KneeFlexion,
    LineOffset,
    RepCycle,
    Rule,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="step_down",
    name=Text(en="Step-down", da="Trin ned"),
    purpose=Text(en="Control of the knee on the way down a stair.", da="Kontrol over knæet på vej ned ad en trappe."),
    steps=(
        Text(en="Stand on a low step, hands on your hips.", da="Stå på et lavt trin med hænderne på hofterne."),
        Text(en="Lower one heel slowly towards the floor.", da="Sænk den ene hæl langsomt mod gulvet."),
        Text(en="Keep the other knee over your foot.", da="Hold det andet knæ over foden."),
        Text(en="Straighten up again without pushing off.", da="Ret dig op igen uden at skubbe fra."),
    ),
    equipment=Text(en="A steady step of 10 to 20 cm.", da="Et stabilt trin på 10 til 20 cm."),
    support=Text(en="Fingertips on a wall or a rail, if you want it.", da="Fingerspidserne mod en væg eller et gelænder, hvis du vil."),
    easier=Text(en="Take a lower step and hold on.", da="Tag et lavere trin, og hold fast."),
    harder=Text(en="Take a higher step.", da="Tag et højere trin."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure lowers one foot from a step, seen from the front.", da="En tændstikfigur sænker den ene fod fra et trin, set forfra."),
    ),
    views=("front", "oblique"),
    train_view="front",
    signals={
        "hip_drop": HipDescent(),
        "knee_flexion": KneeFlexion(side="front"),
        "knee_medial_to_foot": DistanceRatio(p="front.knee", q="front.foot_index", per="shank", sign="medial"),
        "knee_projection_angle": LineOffset(point="front.knee", a="front.hip", b="front.ankle", sign="medial"),
        "pelvis": Inclination(start="rear.hip", end="front.hip", reference="horizontal", sign="up"),
        "side_lean": Inclination(start="mid.hip", end="mid.shoulder", sign="sideways"),
        "knee_sway": DistanceRatio(p="front.knee", q="front.ankle", per="shank", sign="image"),
    },
    movement=RepCycle(
        signal="hip_drop", depth_signal="knee_flexion", movement_pattern="step", full_excursion_deg=60, min_excursion_deg=25, small_excursion_deg=15,
        min_duration_s=shared.NO_STEP_S,
        measured=(shared.KNEE_OVER_FOOT_AT_TURN, shared.SIDE_LEAN_AT_TURN, shared.PROJECTION_AT_TURN, shared.KNEE_TURNS),
    ),
    rules=(
        shared.ONE_KNEE_IN,
        shared.PELVIC_DROP,
        shared.ONE_LEG_SIDE_LEAN,
        shared.ONE_KNEE_WOBBLES,
        Rule(
            id="tempo",
            name=shared.FAST_DESCENT_NAME,
            cue=shared.FAST_DESCENT_CUE,
            conditions=(
                Condition(
                    id="descent_time", name=Text(en="Time on the way down", da="Tid på vej ned"),
                    signal="eccentric_s", statistic="measure", fault_when="below", hint_limit=0.7, fault_limit=0.5, bounds=(0.2, 1.0),
                    reference="eccentric_s", reference_mode="times", unprescribed=(1.0, None),
                ),
            ),
            windows=("descent",), views=("front", "oblique"), landmarks=("left.hip", "right.hip"),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence="Share of the prescribed descent; unprescribed a hint below 1 s, where 1.5 s is asked for (clinical-rules 1.1, 1.8).",
        ),
    ),
)  # fmt: skip
