"""Push-up on hands and toes, or on the knees, or with the hands on a bench. Numbers: clinical-rules 1.10."""

from formcheck.exercises._rule_library import FAST_DESCENT, FAST_DESCENT_CUE, FAST_DESCENT_EVIDENCE, FAST_DESCENT_NAME
from formcheck.spec.exercise import (
    ChestDrop,
    Condition,
    Demonstration,
    Exercise,
    Inclination,
    JointAngle,
    LineOffset,
    RepCycle,
    Rule,
    Text,
)  # fmt: skip

ARM = ("near.shoulder", "near.elbow", "near.wrist")
LINE = ("near.shoulder", "near.hip", "near.knee")

SPEC = Exercise(
    id="push_up",
    name=Text(en="Push-up", da="Armstrækning"),
    purpose=Text(en="Strength in arms, chest and trunk.", da="Styrke i arme, bryst og krop."),
    steps=(
        Text(en="Hands under your shoulders, body in one straight line.", da="Hænderne under skuldrene og kroppen i en lige linje."),
        Text(en="Lower your chest towards the floor.", da="Sænk brystet mod gulvet."),
        Text(en="Push up until your arms are straight.", da="Skub op, til armene er strakte."),
    ),
    equipment=Text(en="A mat.", da="En måtte."),
    support=Text(en="Knees on the floor, or hands on a bench or a table.", da="Knæene i gulvet, eller hænderne på en bænk eller et bord."),
    easier=Text(en="Rest your knees on the floor.", da="Hvil knæene på gulvet."),
    harder=Text(en="Stay at the lowest point for two seconds.", da="Bliv i det laveste punkt i to sekunder."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure does a push-up, seen from the side.", da="En tændstikfigur laver en armstrækning, set fra siden."),
    ),
    views=("side", "front", "oblique"),
    train_view="side", floor=True,
    signals={
        "chest_drop": ChestDrop(),
        "elbow_flexion": JointAngle(a="near.shoulder", b="near.elbow", c="near.wrist"),
        "body_line": LineOffset(point="near.hip", a="near.shoulder", b="near.knee"),
        "arm_line": Inclination(start="near.wrist", end="near.shoulder", sign="facing"),
        "neck": JointAngle(a="near.ear", b="near.shoulder", c="near.hip"),
    },
    movement=RepCycle(
        signal="chest_drop", depth_signal="elbow_flexion", counted_signal="chest_drop", movement_pattern="hands",
        full_excursion_deg=72, rest_deg=(0, 45), min_excursion_deg=22, small_excursion_deg=11, share_of_usual=0.4, min_duration_s=0.5,
    ),
    rules=(
        Rule(
            id="depth",
            name=Text(en="Depth", da="Dybde"),
            cue=Text(en="Chest lower", da="Brystet længere ned"),
            conditions=(
                Condition(id="elbow_flexion", name=Text(en="Elbow bend", da="Albuens bøjning"), signal="elbow_flexion", statistic="turn_median", fault_when="below", hint_limit=75, fault_limit=60, bounds=(30, 110)),
            ),
            windows=("bottom",), views=("side",), landmarks=ARM, joints=("near.elbow",),
            uncertainty=5, unit="deg", priority="depth", demands_more=True,
            evidence="Elbow angle above 105 / 120 deg at the lowest point; clinical default (clinical-rules 1.10).",
        ),
        Rule(
            id="lockout",
            name=Text(en="Arms not straight", da="Armene er ikke strakte"),
            cue=Text(en="Straighten your arms", da="Stræk armene"),
            conditions=(
                Condition(id="elbow_at_top", name=Text(en="Elbow bend when back up", da="Albuens bøjning, når kroppen er oppe igen"), signal="elbow_flexion_top_deg", statistic="measure", fault_when="above", hint_limit=25, fault_limit=35, bounds=(10, 60)),
            ),
            windows=("ascent",), views=("side",), landmarks=ARM, joints=("near.elbow",),
            uncertainty=5, unit="deg", priority="depth", demands_more=True,
            evidence="Elbow angle below 155 / 145 deg at the top; clinical default (clinical-rules 1.10).",
        ),
        Rule(
            id="hips_low",
            name=Text(en="Hips sag", da="Bækkenet hænger"),
            cue=Text(en="One straight line", da="Hold kroppen lige"),
            conditions=(Condition(id="body_line", name=Text(en="Hips against the line from shoulder to ankle", da="Hoften i forhold til linjen fra skulder til ankel"), signal="body_line", fault_when="below", hint_limit=-8, fault_limit=-15, bounds=(-40, 10)),),
            windows=("rep",), views=("side",), landmarks=LINE, joints=("near.hip",),
            min_duration_s=0.3, uncertainty=5, unit="deg", priority="alignment",
            evidence="As in the plank, to the knee so that it holds on the knees too (clinical-rules 1.3, 1.10, M1).",
        ),
        Rule(
            id="hips_high",
            name=Text(en="Hips are high", da="Bækkenet er for højt"),
            cue=Text(en="Lower your hips", da="Sænk bækkenet"),
            conditions=(Condition(id="body_line", name=Text(en="Hips against the line from shoulder to ankle", da="Hoften i forhold til linjen fra skulder til ankel"), signal="body_line", fault_when="above", hint_limit=30, fault_limit=38, bounds=(5, 70)),),
            windows=("rep",), views=("side",), landmarks=LINE, joints=("near.hip",),
            min_duration_s=0.3, uncertainty=5, unit="deg", priority="alignment",
            evidence="As in the plank, to the knee so that it holds on the knees too (clinical-rules 1.3, 1.10, M1).",
        ),
        Rule(
            id="hands",
            name=Text(en="Hands too far forward", da="Hænderne er for langt fremme"),
            cue=Text(en="Hands under shoulders", da="Hænderne under skuldrene"),
            conditions=(Condition(id="arm_line", name=Text(en="Arm from the vertical", da="Armen fra lodret"), signal="arm_line", fault_when="below", hint_limit=-14, fault_limit=-24, bounds=(-50, -5)),),
            windows=("rep",), views=("side",), landmarks=ARM, joints=("near.wrist",),
            min_duration_s=0.3, uncertainty=5, unit="deg", priority="alignment",
            evidence="Hands ahead of the shoulders by 0.25 / 0.40 of the arm, here as the arm's slope (clinical-rules 1.10).",
        ),
        Rule(
            id="head",
            name=Text(en="Head out of line", da="Hovedet er ude af linjen"),
            cue=Text(en="Long neck, look down", da="Lang nakke, kig ned"),
            conditions=(Condition(id="neck", name=Text(en="Bend of the neck", da="Nakkens bøjning"), signal="neck", fault_when="above", hint_limit=30, fault_limit=45, bounds=(15, 90)),),
            windows=("rep",), views=("side",), landmarks=("near.ear", "near.shoulder", "near.hip"), joints=("near.ear",),
            min_duration_s=0.5, uncertainty=5, unit="deg", priority="alignment",
            evidence="Clinical default without a published cut-off (clinical-rules 1.3, 1.10).",
        ),
        Rule(
            id="tempo",
            name=FAST_DESCENT_NAME,
            cue=FAST_DESCENT_CUE,
            conditions=FAST_DESCENT,
            windows=("descent",), views=("side",), landmarks=ARM, joints=("near.elbow",),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence=FAST_DESCENT_EVIDENCE,
        ),
    ),
)  # fmt: skip
