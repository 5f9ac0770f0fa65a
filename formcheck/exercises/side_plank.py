"""Side plank on a forearm, legs straight or on the bent knees. Numbers: clinical-rules 1.4, and 1.3 for the axis.

Clearance: 0.12 to 0.13 in a real person who lies on the lower hip (two clips; half the breadth of the hips less the height of the
elbow is 0.13), 0.18 and more with the hips lifted. The limits lie between.
"""

from formcheck.spec.exercise import (
    Bound,
    Condition,
    Demonstration,
    DistanceRatio,
    Exercise,
    HoldPosture,
    Inclination,
    JointAngle,
    LineOffset,
    Rule,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="side_plank",
    name=Text(en="Side plank", da="Sideplanke"),
    purpose=Text(en="Strength and control of the sides of the trunk.", da="Styrke og kontrol i siderne af kroppen."),
    steps=(
        Text(en="Lie on your side, your elbow under your shoulder.", da="Læg dig på siden med albuen under skulderen."),
        Text(en="Lift your hips until your body is one straight line.", da="Løft bækkenet, til kroppen er en lige linje."),
        Text(en="Keep breathing, and then change sides.", da="Bliv ved med at trække vejret, og skift så side."),
    ),
    equipment=Text(en="A mat.", da="En måtte."),
    support=Text(en="Your knees on the floor, or a hand on the floor in front of you.", da="Knæene i gulvet, eller en hånd i gulvet foran dig."),
    easier=Text(en="Bend your knees and rest on the lower one.", da="Bøj knæene, og hvil på det nederste."),
    harder=Text(en="Lift your upper leg a little.", da="Løft det øverste ben lidt."),
    demonstration=Demonstration(sample=None, alt=Text(en="A person holds a side plank, the chest towards the camera.", da="En person holder sideplanken med brystet mod kameraet.")),
    views=("front",),
    train_view="front", floor=True,
    signals={
        "axis": Inclination(start="mid.knee", end="mid.shoulder", reference="horizontal", sign="absolute"),
        "clearance": DistanceRatio(p="mid.hip", q="support.elbow", r="mid.shoulder", s="mid.knee", sign="up"),
        "arm_below": DistanceRatio(p="support.shoulder", q="support.elbow", r="mid.shoulder", s="mid.hip", sign="up"),
        "shoulders_up": DistanceRatio(p="free.shoulder", q="support.shoulder", r="mid.shoulder", s="mid.hip", sign="up"),
        "body_line": LineOffset(point="mid.hip", a="mid.shoulder", b="mid.knee"),
        "upper_arm": Inclination(start="support.elbow", end="support.shoulder", sign="absolute"),
        "roll": JointAngle(a="free.shoulder", b="mid.shoulder", c="mid.hip", flexion=False),
    },
    movement=HoldPosture(
        bounds=(
            Bound(id="hips_down", signal="clearance", low=0.16, exit_low=0.145, name=Text(en="Hips on the floor", da="Bækkenet i gulvet")),
            Bound(id="sat_up", signal="axis", high=35, exit_high=40),
            Bound(id="arm_down", signal="arm_below", low=0.2, exit_low=0.1),
            Bound(id="turned", signal="shoulders_up", low=0.35, high=0.80, exit_low=0.25, exit_high=0.90),
        ),
        reference_posture="lying", carried_by="shoulder", chart_signal="body_line",
        enter_s=1.0, still_s=0.0, leave_s=3.0, lost_s=1.5,
    ),
    rules=(
        Rule(
            id="hips_low",
            name=Text(en="Hips are low", da="Bækkenet hænger"),
            cue=Text(en="Lift your hips", da="Løft bækkenet"),
            conditions=(Condition(id="body_line", name=Text(en="Hips against the line from shoulder to ankle", da="Hoften i forhold til linjen fra skulder til ankel"), signal="body_line", fault_when="below", hint_limit=-8, fault_limit=-15, bounds=(-40, 5)),),
            windows=("hold",), views=("front",), landmarks=("left.shoulder", "right.shoulder", "left.hip", "right.hip", "left.knee", "right.knee"), joints=("support.hip",),
            min_duration_s=1.0, uncertainty=5, unit="deg", priority="alignment",
            evidence="Hip below the shoulder-leg line by 8 / 15 deg, a default (clinical-rules 1.4).",
        ),
        Rule(
            id="hips_high",
            name=Text(en="Hips are high", da="Bækkenet er for højt"),
            cue=Text(en="Make one straight line", da="Lav en lige linje"),
            conditions=(Condition(id="body_line", name=Text(en="Hips against the line from shoulder to ankle", da="Hoften i forhold til linjen fra skulder til ankel"), signal="body_line", fault_when="above", hint_limit=15, fault_limit=25, bounds=(5, 50)),),
            windows=("hold",), views=("front",), landmarks=("left.shoulder", "right.shoulder", "left.hip", "right.hip", "left.knee", "right.knee"), joints=("free.hip",),
            min_duration_s=1.0, uncertainty=5, unit="deg", priority="alignment",
            evidence="Hip above the shoulder-leg line by 15 / 25 deg, a default (clinical-rules 1.4).",
        ),
        Rule(
            id="elbow",
            name=Text(en="Elbow away from the shoulder", da="Albuen er ikke under skulderen"),
            cue=Text(en="Elbow under your shoulder", da="Albuen under skulderen"),
            conditions=(Condition(id="upper_arm", name=Text(en="Upper arm from the vertical", da="Overarmen fra lodret"), signal="upper_arm", fault_when="above", hint_limit=15, fault_limit=25, bounds=(8, 60)),),
            windows=("hold",), views=("front",), landmarks=("support.shoulder", "support.elbow"), joints=("support.elbow",),
            min_duration_s=1.0, uncertainty=5, unit="deg", priority="alignment",
            evidence="Upper arm from the vertical by 15 / 25 deg, a default (clinical-rules 1.4).",
        ),
        Rule(
            id="roll",
            name=Text(en="Shoulders not stacked", da="Skuldrene er ikke over hinanden"),
            cue=Text(en="Stack your shoulders", da="Skuldrene over hinanden"),
            conditions=(
                Condition(id="roll_one_way", name=Text(en="Tilt of the shoulders, one way", da="Skuldrenes hældning, den ene vej"), signal="roll", fault_when="above", hint_limit=111, fault_limit=125, bounds=(95, 150)),
                Condition(id="roll_other_way", name=Text(en="Tilt of the shoulders, the other way", da="Skuldrenes hældning, den anden vej"), signal="roll", fault_when="below", hint_limit=69, fault_limit=55, bounds=(30, 85)),
            ),
            windows=("hold",), views=("front",), landmarks=("left.shoulder", "right.shoulder", "left.hip", "right.hip"), joints=("free.shoulder",),
            min_duration_s=1.0, uncertainty=5, unit="deg", priority="alignment",
            evidence="Shoulders apart along the body by 0.25 / 0.40 of the trunk (clinical-rules 1.4): 21 / 35 deg of a shoulder line of 0.70 of it.",
        ),
    ),
)  # fmt: skip
