"""Standing heel to toe. The ends are those of one-leg standing (clinical-rules 1.6); the cap too, as a default."""

from formcheck.exercises._balance_rules import (
    FACES_CAMERA,
    FOOT_MOVED,
    NOT_ASIDE,
    SIDE_LEAN,
    STANDING,
    SUPPORT_FOOT,
    TOES_TO_CAMERA,
    TOO_LOW,
    TRUNK_AND_HANDS,
)
from formcheck.spec.exercise import Bound, Demonstration, DistanceRatio, Exercise, HoldPosture, Text

SPEC = Exercise(
    id="tandem_stance",
    name=Text(en="Standing heel to toe", da="Stå hæl mod tå"),
    purpose=Text(en="Balance and control of the ankles.", da="Balance og kontrol i anklerne."),
    steps=(
        Text(en="Stand beside a chair or a wall that you can reach.", da="Stå ved siden af en stol eller en væg, som du kan nå."),
        Text(en="Put one foot right in front of the other, heel to toe.", da="Sæt den ene fod lige foran den anden, hæl mod tå."),
        Text(en="Look straight ahead and stand still for as long as you can.", da="Kig lige frem, og stå stille, så længe du kan."),
        Text(en="Then change feet.", da="Skift så fod."),
    ),
    equipment=Text(en="A chair or a wall in reach.", da="En stol eller en væg inden for rækkevidde."),
    support=Text(en="A hand or a fingertip on the chair, if you want it.", da="En hånd eller en finger på stolen, hvis du vil."),
    easier=Text(en="Put the front foot a little to the side.", da="Sæt den forreste fod lidt til siden."),
    harder=Text(en="Turn your head slowly from side to side.", da="Drej hovedet langsomt fra side til side."),
    demonstration=Demonstration(sample=None, alt=Text(en="A person stands heel to toe, seen from the front.", da="En person står hæl mod tå, set forfra.")),
    views=("front",),
    train_view="front",
    signals={
        "feet_aside": DistanceRatio(p="left.ankle", q="right.ankle", axis="x", per="leg"),
        "foot_lift": DistanceRatio(p="free.ankle", q="support.ankle", per="leg", sign="up"),
        **STANDING,
        **TOES_TO_CAMERA,
        **SUPPORT_FOOT,
    },
    movement=HoldPosture(
        bounds=(
            Bound(id="step", signal="feet_aside", high=0.08, exit_high=0.12, needs_floor=True, name=Text(en="Stepped aside", da="Trådte til siden")),
            Bound(id="foot_lifted", signal="foot_lift", low=-0.12, high=0.12, exit_low=-0.15, exit_high=0.15, needs_floor=True, name=Text(en="Foot lifted", da="Foden blev løftet")),
            TOO_LOW,
            NOT_ASIDE,
            FACES_CAMERA,
        ),
        termination=(*TRUNK_AND_HANDS, *FOOT_MOVED),
        reference_posture="standing", carried_by="front_foot", chart_signal="side_lean",
        enter_s=2.0, still_s=1.0, leave_s=0.2, end_s=0.2, lost_s=0.5, cap_s=45, best_of=3,
    ),
    rules=(SIDE_LEAN,),
)  # fmt: skip
