"""Plank with the hands against a wall or a table: the plank's lowest steps (clinical-rules 8). Its rules are the plank's (1.3)."""

from formcheck.exercises.plank import SPEC as PLANK
from formcheck.spec.exercise import (
    Bound,
    Demonstration,
    DistanceRatio,
    Exercise,
    HoldPosture,
    Inclination,
    JointAngle,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="incline_plank",
    name=Text(en="Plank against a wall or table", da="Planke mod væg eller bord"),
    purpose=PLANK.purpose,
    steps=(
        Text(en="Put your hands on a wall or a table that cannot slide.", da="Sæt hænderne mod en væg eller et bord, der ikke kan glide."),
        Text(en="Walk your feet back until your body is one straight line.", da="Gå bagud med fødderne, til kroppen er en lige linje."),
        Text(en="Keep your arms straight, and keep breathing.", da="Hold armene strakte, og bliv ved med at trække vejret."),
    ),
    equipment=Text(en="A wall, or a table against a wall.", da="En væg, eller et bord, der står op ad en væg."),
    support=Text(en="The wall or the table is the support.", da="Væggen eller bordet er støtten."),
    easier=Text(en="Stand closer to the wall.", da="Stå tættere på væggen."),
    harder=Text(en="Use something lower, or the floor.", da="Brug noget lavere, eller gulvet."),
    demonstration=Demonstration(sample=None, alt=Text(en="A person leans on a table with a straight body, seen from the side.", da="En person læner sig mod et bord med lige krop, set fra siden.")),
    views=("side",),
    train_view="side",
    signals={
        "slope": Inclination(start="near.ankle", end="near.shoulder", reference="horizontal", sign="absolute"),
        "body_line": PLANK.signals["body_line"],
        "arm": JointAngle(a="near.hip", b="near.shoulder", c="near.wrist", flexion=False),
        "elbow": JointAngle(a="near.shoulder", b="near.elbow", c="near.wrist"),
        "shoulders_apart": DistanceRatio(p="left.shoulder", q="right.shoulder", r="near.shoulder", s="near.hip"),
    },
    movement=HoldPosture(
        bounds=(
            Bound(id="stood_up", signal="slope", low=35, high=78, exit_low=30, exit_high=82, name=Text(en="Stood up", da="Rejste sig")),
            Bound(id="hands_off", signal="arm", low=50, high=135, exit_low=40, exit_high=150),
            Bound(id="elbows_bent", signal="elbow", high=50, exit_high=60),
            Bound(id="bent_over", signal="body_line", low=-35, high=60, exit_low=-45, exit_high=70),
            Bound(id="turned", signal="shoulders_apart", high=0.45, exit_high=0.60),
        ),
        reference_posture="lying", chart_signal="body_line",
        enter_s=1.0, still_s=2.0, leave_s=3.0, lost_s=1.5,
    ),
    rules=(PLANK.rule("hips_low"), PLANK.rule("hips_high")),
)  # fmt: skip
