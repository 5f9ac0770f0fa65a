"""Front plank on forearms or hands. Numbers: clinical-rules 1.3 (BlazePose frames of correct, high and low planks, M1)."""

from formcheck.spec import (
    Condition, Demonstration, Exercise, HoldPosture, Inclination, JointAngle, LineOffset, Rule, Text,
)  # fmt: skip

SPEC = Exercise(
    id="plank",
    name=Text(en="Plank", da="Planke"),
    purpose=Text(en="Strength and control of the trunk.", da="Styrke og kontrol i kroppen."),
    steps=(
        Text(en="Lie on your stomach, elbows under your shoulders.", da="Lig på maven med albuerne under skuldrene."),
        Text(en="Lift your hips until your body is one straight line.", da="Løft bækkenet, til kroppen er en lige linje."),
        Text(en="Look at the floor and keep breathing.", da="Kig ned i gulvet, og bliv ved med at trække vejret."),
    ),
    equipment=Text(en="A mat.", da="En måtte."),
    support=Text(en="Knees on the floor, or hands on a table or a wall.", da="Knæene i gulvet, eller hænderne mod et bord eller en væg."),
    easier=Text(en="Rest your knees on the floor.", da="Hvil knæene på gulvet."),
    harder=Text(en="Lift one foot a little off the floor.", da="Løft den ene fod lidt fra gulvet."),
    demonstration=Demonstration(
        sample="plank_side_good.mp4",
        alt=Text(en="A computer-generated person holds a plank, seen from the side.", da="En computergenereret person holder planken, set fra siden."),
    ),
    views=("side",),
    signals={
        "body_line": LineOffset(point="near.hip", a="near.shoulder", b="near.ankle"),
        "upper_arm": Inclination(start="near.elbow", end="near.shoulder", sign="absolute"),
        "neck": JointAngle(a="near.ear", b="near.shoulder", c="near.hip"),
        "knee_flexion": JointAngle(a="near.hip", b="near.knee", c="near.ankle"),
    },
    movement=HoldPosture(posture="prone_line"),
    rules=(
        Rule(
            id="hips_low",
            name=Text(en="Hips are low", da="Bækkenet hænger"),
            cue=Text(en="Lift your hips, brace gently", da="Løft bækkenet, spænd let i maven"),
            conditions=(Condition(signal="body_line", fault_when="below", t1=-8, t2=-15, bounds=(-40, 10)),),
            windows=("hold",), views=("side",), landmarks=("near.shoulder", "near.hip", "near.ankle"),
            min_duration_s=1.0, uncertainty=5, unit="deg", priority="alignment",
            evidence="Correct planks -2 to +28 deg, low hips -21 to -4 (clinical-rules 1.3, M1).",
        ),
        Rule(
            id="hips_high",
            name=Text(en="Hips are high", da="Bækkenet er for højt"),
            cue=Text(en="Lower your hips", da="Sænk bækkenet"),
            conditions=(Condition(signal="body_line", fault_when="above", t1=30, t2=38, bounds=(5, 70)),),
            windows=("hold",), views=("side",), landmarks=("near.shoulder", "near.hip", "near.ankle"),
            min_duration_s=1.0, uncertainty=5, unit="deg", priority="alignment",
            evidence="Correct planks -2 to +28 deg, high hips +45 to +86 (clinical-rules 1.3, M1).",
        ),
        Rule(
            id="elbows",
            name=Text(en="Elbows away from the shoulders", da="Albuerne er ikke under skuldrene"),
            cue=Text(en="Elbows under shoulders", da="Albuerne under skuldrene"),
            conditions=(Condition(signal="upper_arm", fault_when="above", t1=18, t2=28, bounds=(8, 60)),),
            windows=("hold",), views=("side",), landmarks=("near.shoulder", "near.elbow"),
            min_duration_s=1.0, uncertainty=5, unit="deg", priority="alignment",
            evidence="Clinical default without a published cut-off (clinical-rules 1.3).",
        ),
        Rule(
            id="head",
            name=Text(en="Head out of line", da="Hovedet er ude af linjen"),
            cue=Text(en="Long neck, look down", da="Lang nakke, kig ned"),
            conditions=(Condition(signal="neck", fault_when="above", t1=30, t2=45, bounds=(15, 90)),),
            windows=("hold",), views=("side",), landmarks=("near.ear", "near.shoulder", "near.hip"),
            min_duration_s=1.0, uncertainty=5, unit="deg", priority="alignment",
            evidence="Clinical default without a published cut-off (clinical-rules 1.3).",
        ),
        Rule(
            id="knees_bent",
            name=Text(en="Knees are bent", da="Knæene er bøjede"),
            cue=Text(en="Straighten your legs", da="Stræk benene"),
            conditions=(Condition(signal="knee_flexion", fault_when="above", t1=20, t2=35, bounds=(10, 60)),),
            windows=("hold",), views=("side",), landmarks=("near.hip", "near.knee", "near.ankle"),
            min_duration_s=1.0, uncertainty=5, unit="deg", priority="alignment",
            evidence="Knee angle below 160 / 145 deg (clinical-rules 1.3).",
        ),
    ),
)  # fmt: skip
