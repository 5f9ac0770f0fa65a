"""Heel raise on both feet. The numbers are clinical defaults unless a rule names a source.

What counts, 15 deg of pitch (8 deg is a small one) with toes that stay within 0.06 of the leg, has no published cut-off either: it
is low enough for a stiff ankle, and serves no rule.
"""

from formcheck.exercises._rule_library import (
    FAST_DESCENT,
    FAST_DESCENT_CUE,
    FAST_DESCENT_EVIDENCE,
    FAST_DESCENT_NAME,
    TRUNK_AT_TURN,
)  # fmt: skip
from formcheck.spec.exercise import (
    Condition,
    Demonstration,
    Exercise,
    HeelRise,
    Inclination,
    KneeFlexion,
    RepCycle,
    Rule,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="heel_raise",
    name=Text(en="Heel raise", da="Hælløft"),
    purpose=Text(en="Strength in the calves, for walking and stairs.", da="Styrke i læggene, til gang og trapper."),
    steps=(
        Text(en="Stand with your feet hip-width apart, knees straight.", da="Stå med hoftebredde mellem fødderne og strakte knæ."),
        Text(en="Rise onto your toes as high as you can.", da="Løft hælene, så højt du kan."),
        Text(en="Lower your heels slowly.", da="Sænk hælene langsomt."),
    ),
    equipment=Text(en="None.", da="Ingen."),
    support=Text(en="Fingertips on a wall, a table or a chair back.", da="Fingerspidserne mod en væg, et bord eller en stoleryg."),
    easier=Text(en="Hold on with both hands.", da="Hold fast med begge hænder."),
    harder=Text(en="Stay at the top for three seconds.", da="Bliv oppe i tre sekunder."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure rises onto the toes, seen from the side.", da="En tændstikfigur løfter hælene, set fra siden."),
    ),
    views=("side", "front", "oblique"),
    train_view="side",
    signals={
        "body_rise": HeelRise(of="hip"),
        "heel_rise": HeelRise(of="ankle"),
        "knee_flexion": KneeFlexion(side="near"),
        "trunk_inclination": Inclination(start="near.hip", end="near.shoulder", sign="facing"),
    },
    movement=RepCycle(
        signal="body_rise", depth_signal="heel_rise", movement_pattern="heels", first_phase="concentric",
        full_excursion_deg=40, min_excursion_deg=15, small_excursion_deg=8,
        measured=(TRUNK_AT_TURN,),
    ),
    rules=(
        Rule(
            id="depth",
            name=Text(en="Height", da="Højde"),
            cue=Text(en="Rise a little higher", da="Kom lidt højere op"),
            conditions=(
                Condition(id="heel_rise", name=Text(en="Heel rise", da="Hælløft"), signal="heel_rise", statistic="turn_median", fault_when="below", hint_limit=-6, fault_limit=-12, bounds=(-30, 0), reference="target_depth"),
            ),
            windows=("top",), views=("side",), landmarks=("near.hip", "near.ankle"), joints=("near.ankle",),
            uncertainty=4, unit="deg", priority="depth", demands_more=True,
            evidence="Against the prescribed or own height only; clinical default without a published cut-off. From the side: seen from "
            "the front the ankle comes nearer to the camera as it rises, and reads too low.",
        ),
        Rule(
            id="knees_bent",
            name=Text(en="Knees bend", da="Knæene bøjer"),
            cue=Text(en="Keep your knees straight", da="Hold knæene strakte"),
            conditions=(
                Condition(id="knee_flexion", name=Text(en="Knee bend", da="Knæets bøjning"), signal="knee_flexion", statistic="turn_median", fault_when="above", hint_limit=15, fault_limit=25, bounds=(8, 50), reference="standing"),
            ),
            windows=("top",), views=("side",), landmarks=("near.hip", "near.knee", "near.ankle"), joints=("near.knee",),
            uncertainty="knee", unit="deg", priority="alignment",
            evidence="Straight is up to 15 deg above the person's own standing (clinical-rules 0.5).",
        ),
        Rule(
            id="trunk_lean",
            name=Text(en="Trunk leans forward", da="Overkroppen hælder frem"),
            cue=Text(en="Stay tall", da="Hold overkroppen rank"),
            conditions=(
                Condition(id="trunk_inclination", name=Text(en="Forward lean of the trunk", da="Overkroppens hældning frem"), signal="trunk_inclination", statistic="turn_median", fault_when="above", hint_limit=12, fault_limit=20, bounds=(8, 60), reference="standing"),
            ),
            windows=("top",), views=("side",), landmarks=("near.shoulder", "near.hip"), joints=("near.shoulder", "near.hip"),
            uncertainty=4, unit="deg", priority="trunk",
            evidence="Clinical default without a published cut-off, against the person's own standing.",
        ),
        Rule(
            id="tempo",
            name=FAST_DESCENT_NAME,
            cue=FAST_DESCENT_CUE,
            conditions=FAST_DESCENT,
            windows=("descent",), views=("side", "front", "oblique"), landmarks=("near.hip", "near.ankle"),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence=FAST_DESCENT_EVIDENCE,
        ),
    ),
)  # fmt: skip
