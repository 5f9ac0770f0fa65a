"""Standing with the feet together: the first step of balance (clinical-rules 8). The ends are those of one-leg standing (1.6)."""

from formcheck.exercises._balance_rules import (
    FACES_CAMERA,
    NOT_ASIDE,
    SIDE_LEAN,
    STANDING,
    TOES_TO_CAMERA,
    TOO_LOW,
    TRUNK_AND_HANDS,
)
from formcheck.spec.exercise import Bound, Demonstration, DistanceRatio, Exercise, HoldPosture, Text

SPEC = Exercise(
    id="feet_together",
    name=Text(en="Standing, feet together", da="Stå med samlede fødder"),
    purpose=Text(en="Balance and control of the ankles.", da="Balance og kontrol i anklerne."),
    steps=(
        Text(en="Stand beside a chair or a wall that you can reach.", da="Stå ved siden af en stol eller en væg, som du kan nå."),
        Text(en="Put your feet side by side, so that they touch.", da="Sæt fødderne side om side, så de rører hinanden."),
        Text(en="Look straight ahead and stand still.", da="Kig lige frem, og stå stille."),
    ),
    equipment=Text(en="A chair or a wall in reach.", da="En stol eller en væg inden for rækkevidde."),
    support=Text(en="Both hands, one hand or a fingertip on the chair.", da="Begge hænder, en hånd eller en finger på stolen."),
    easier=Text(en="Hold on to the chair with both hands.", da="Hold på stolen med begge hænder."),
    harder=Text(en="Put one foot right in front of the other.", da="Sæt den ene fod lige foran den anden."),
    demonstration=Demonstration(sample=None, alt=Text(en="A person stands with the feet together, seen from the front.", da="En person står med samlede fødder, set forfra.")),
    views=("front",),
    train_view="front",
    signals={
        "feet_aside": DistanceRatio(p="left.ankle", q="right.ankle", axis="x", per="leg"),
        "foot_lift": DistanceRatio(p="left.ankle", q="right.ankle", per="leg", sign="up"),
        **STANDING,
        **TOES_TO_CAMERA,
    },
    movement=HoldPosture(
        bounds=(
            Bound(id="step", signal="feet_aside", low=0.085, high=0.15, exit_low=0.06, exit_high=0.20, needs_floor=True, name=Text(en="Stepped aside", da="Trådte til siden")),
            Bound(id="foot_lifted", signal="foot_lift", low=-0.06, high=0.06, exit_low=-0.08, exit_high=0.08, needs_floor=True, name=Text(en="Foot lifted", da="Foden blev løftet")),
            TOO_LOW,
            NOT_ASIDE,
            FACES_CAMERA,
        ),
        termination=TRUNK_AND_HANDS,
        reference_posture="standing", chart_signal="side_lean",
        enter_s=2.0, still_s=1.0, leave_s=0.2, end_s=0.2, lost_s=0.5, cap_s=45, best_of=3,
    ),
    rules=(SIDE_LEAN,),
)  # fmt: skip
