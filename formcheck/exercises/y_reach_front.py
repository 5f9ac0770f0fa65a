"""Reach ahead with one foot, standing on the other. The rules judge the manner; how far, left and right apart, is a measure.

From the side, where the way ahead lies in the picture; the knee's place over the foot cannot be seen from there.
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
    RepCycle,
    RepMeasure,
    Rule,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="y_reach_front",
    name=Text(en="Reach ahead on one leg", da="Ræk frem på ét ben"),
    purpose=Text(en="Balance and control of knee and ankle on one leg.", da="Balance og kontrol over knæ og ankel på ét ben."),
    steps=(
        Text(en="Stand on the leg nearer the camera, hands on your hips.", da="Stå på det ben, der er tættest på kameraet, med hænderne på hofterne."),
        Text(en="Bend that knee and slide the other foot as far ahead as you can.", da="Bøj knæet, og før den anden fod så langt frem, som du kan."),
        Text(en="Touch the floor lightly, and come back.", da="Rør let ved gulvet, og kom tilbage."),
        Text(en="Turn round to change legs, and stand still for a moment.", da="Vend dig om for at skifte ben, og stå stille et øjeblik."),
    ),
    equipment=Text(en="None.", da="Ingen."),
    support=Text(en="Fingertips on a chair back, if you want it.", da="Fingerspidserne mod en stoleryg, hvis du vil."),
    easier=Text(en="Hold on, and reach half as far.", da="Hold fast, og ræk halvt så langt."),
    harder=Text(en="Stay in the furthest point for three seconds.", da="Bliv i det fjerneste punkt i tre sekunder."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure stands on one leg and reaches ahead with the other foot, seen from the side.", da="En tændstikfigur står på ét ben og rækker frem med den anden fod, set fra siden."),
    ),
    views=("side",),
    train_view="side",
    signals={
        "hip_drop": HipDescent(),
        "knee_flexion": KneeFlexion(side="front"),
        "reach": DistanceRatio(p="rear.foot_index", q="front.foot_index", per="leg", sign="facing"),
        "trunk_inclination": Inclination(start="mid.hip", end="mid.shoulder", sign="facing"),
        "foot_pitch": Inclination(start="front.foot_index", end="front.heel", reference="horizontal", sign="up"),
        "heel_rise": DistanceRatio(p="front.heel", q="standing.front.heel", per="foot", sign="up"),
    },
    movement=RepCycle(
        signal="hip_drop", depth_signal="knee_flexion", movement_pattern="reach", full_excursion_deg=60, min_excursion_deg=20, small_excursion_deg=12,
        share_of_usual=0.5,
        measured=(shared.TRUNK_AT_TURN, RepMeasure(name="reach_ratio", signal="reach", unit="ratio")),
    ),
    rules=(
        Rule(
            id="heel",
            name=Text(en="Heel lifts", da="Hælen løfter sig"),
            cue=Text(en="Keep your heel down", da="Hold hælen i gulvet"),
            conditions=shared.HEEL_LIFTS,
            combine="all",
            windows=("descent", "bottom"), views=("side",), landmarks=("front.heel", "front.foot_index"), joints=("front.heel",),
            min_duration_s=0.2, uncertainty=4, unit="deg", priority="alignment", side="front",
            evidence=shared.HEEL_EVIDENCE,
        ),
        Rule(
            id="trunk_lean",
            name=Text(en="Trunk leans forward", da="Overkroppen hælder frem"),
            cue=Text(en="Stay tall", da="Hold overkroppen rank"),
            conditions=(
                Condition(id="trunk_inclination", name=Text(en="Forward lean of the trunk", da="Overkroppens hældning frem"), signal="trunk_inclination", statistic="turn_median", fault_when="above", hint_limit=15, fault_limit=25, bounds=(8, 60)),
            ),
            windows=("bottom",), views=("side",), landmarks=("left.shoulder", "right.shoulder", "left.hip", "right.hip"), joints=("left.shoulder", "right.shoulder"),
            uncertainty=4, unit="deg", priority="trunk",
            evidence="The limits of the upright lunge (clinical-rules 1.2); in a reach a clinical default.",
        ),
        Rule(
            id="tempo",
            name=Text(en="Fast reach", da="Hurtigt frem"),
            cue=Text(en="Reach slowly", da="Ræk langsomt frem"),
            conditions=shared.FAST_DESCENT,
            windows=("descent",), views=("side",), landmarks=("left.hip", "right.hip"),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence=shared.FAST_DESCENT_EVIDENCE,
        ),
    ),
)  # fmt: skip
