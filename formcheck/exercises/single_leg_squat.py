"""Single-leg squat. Numbers: clinical-rules 1.5 unless a rule says otherwise.

The other foot is off the floor (movement pattern ``single``) from 0.20 of the shank on: a clinical default, twice the 0.10 of
clinical-rules 1.5. From the front, a foot one step nearer to the camera looks 0.15 of a shank lower. This limit only counts.
"""

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
    id="single_leg_squat",
    name=Text(en="Single-leg squat", da="Squat på ét ben"),
    purpose=Text(en="Control of knee, hip and trunk on one leg.", da="Kontrol over knæ, hofte og krop på ét ben."),
    steps=(
        Text(en="Stand on one leg, hands on your hips.", da="Stå på ét ben med hænderne på hofterne."),
        Text(en="Bend the knee a little, as if to sit down.", da="Bøj lidt i knæet, som om du vil sætte dig."),
        Text(en="Keep the knee over your foot and your hips level.", da="Hold knæet over foden og bækkenet vandret."),
        Text(en="Straighten up again.", da="Ret dig op igen."),
    ),
    equipment=Text(en="None.", da="Ingen."),
    support=Text(en="Fingertips on a wall or a chair back, if you want it.", da="Fingerspidserne mod en væg eller en stoleryg, hvis du vil."),
    easier=Text(en="Hold on, and bend only a little.", da="Hold fast, og bøj kun lidt."),
    harder=Text(en="Stay in the deepest point for three seconds.", da="Bliv i det dybeste punkt i tre sekunder."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure bends one knee on one leg, seen from the front.", da="En tændstikfigur bøjer knæet på ét ben, set forfra."),
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
        signal="hip_drop", depth_signal="knee_flexion", movement_pattern="single", full_excursion_deg=60, min_excursion_deg=25, small_excursion_deg=15,
        share_of_usual=0.5, min_duration_s=shared.NO_STEP_S,
        measured=(shared.KNEE_OVER_FOOT_AT_TURN, shared.SIDE_LEAN_AT_TURN, shared.PROJECTION_AT_TURN, shared.KNEE_TURNS),
    ),
    rules=(
        Rule(
            id="depth",
            name=Text(en="Depth", da="Dybde"),
            cue=Text(en="A bit deeper", da="Lidt dybere"),
            conditions=(
                Condition(
                    id="knee_flexion", name=Text(en="Knee bend", da="Knæets bøjning"),
                    signal="knee_flexion", statistic="turn_median", fault_when="below", hint_limit=-5, fault_limit=-15, bounds=(-40, 0),
                    reference="target_depth", unprescribed=(40, 30),
                ),
            ),
            windows=("bottom",), views=("front",), landmarks=shared.LEG, joints=("front.knee",),
            uncertainty="knee", unit="deg", priority="depth", demands_more=True, side="front",
            evidence="Against the prescribed depth, else below 40 / 30 deg: peak flexion drives physiotherapists' scores (clinical-rules 1.5).",
        ),
        shared.ONE_KNEE_IN,
        shared.PELVIC_DROP,
        shared.ONE_LEG_SIDE_LEAN,
        shared.ONE_KNEE_WOBBLES,
        Rule(
            id="tempo",
            name=shared.FAST_DESCENT_NAME,
            cue=shared.FAST_DESCENT_CUE,
            conditions=shared.FAST_DESCENT,
            windows=("descent",), views=("front", "oblique"), landmarks=("left.hip", "right.hip"),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence=shared.FAST_DESCENT_EVIDENCE,
        ),
    ),
)  # fmt: skip
