"""Standing on one leg. Numbers: clinical-rules 1.6 (end criteria and the 45 s cap after Springer 2007), hints 1.5 and 1.6."""

from formcheck.exercises._balance_rules import (
    FOOT_MOVED,
    NOT_ASIDE,
    SIDE_LEAN,
    STANDING,
    SUPPORT_FOOT,
    TOO_LOW,
    TRUNK_AND_HANDS,
)
from formcheck.spec.exercise import (
    Bound,
    Condition,
    Demonstration,
    DistanceRatio,
    Exercise,
    HoldPosture,
    Inclination,
    Rule,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="single_leg_stance",
    name=Text(en="Standing on one leg", da="Stå på ét ben"),
    purpose=Text(en="Balance and control of the ankles.", da="Balance og kontrol i anklerne."),
    steps=(
        Text(en="Stand beside a chair or a wall that you can reach.", da="Stå ved siden af en stol eller en væg, som du kan nå."),
        Text(en="Look straight ahead and lift one foot off the floor.", da="Kig lige frem, og løft den ene fod fra gulvet."),
        Text(en="Stand tall and still for as long as you can.", da="Stå rank og stille, så længe du kan."),
        Text(en="Then do the same on the other leg.", da="Gør så det samme på det andet ben."),
    ),
    equipment=Text(en="A chair or a wall in reach.", da="En stol eller en væg inden for rækkevidde."),
    support=Text(en="A hand or a fingertip on the chair, if you want it.", da="En hånd eller en finger på stolen, hvis du vil."),
    easier=Text(en="Rest a fingertip on the chair.", da="Hvil en finger på stolen."),
    harder=Text(en="Turn your head slowly from side to side.", da="Drej hovedet langsomt fra side til side."),
    demonstration=Demonstration(
        sample="single_leg_stance.mp4",
        alt=Text(en="A computer-generated person stands on one leg, seen from the front.", da="En computergenereret person står på ét ben, set forfra."),
    ),
    views=("front",),
    train_view="front",
    signals={
        "foot_lift": DistanceRatio(p="free.ankle", q="support.ankle", per="leg", sign="up"),
        "feet_apart": DistanceRatio(p="free.ankle", q="support.ankle", per="leg"),
        "own_lift": DistanceRatio(p="free.ankle", q="standing.free.ankle", per="leg", sign="up"),
        "pelvis": Inclination(start="free.hip", end="support.hip", reference="horizontal", sign="up"),
        **STANDING,
        **SUPPORT_FOOT,
    },
    movement=HoldPosture(
        bounds=(
            Bound(
                id="touch_down", signal="foot_lift", low=0.08, exit_low=0.03, needs_floor=True,
                name=Text(en="Foot touched the floor", da="Foden rørte gulvet"),
            ),
            Bound(id="foot_behind", signal="own_lift", low=0.05, exit_low=0.0),
            Bound(id="feet_in_line", signal="feet_apart", low=0.15, exit_low=0.0),
            TOO_LOW,
            NOT_ASIDE,
        ),
        termination=(*TRUNK_AND_HANDS, *FOOT_MOVED),
        reference_posture="standing", carried_by="ankle", chart_signal="side_lean",
        enter_s=1.5, still_s=0.0, leave_s=0.2, end_s=0.2, lost_s=0.5, cap_s=45, best_of=3,
    ),
    rules=(
        Rule(
            id="pelvis",
            name=Text(en="Pelvis tilts", da="Bækkenet hælder"),
            cue=Text(en="Level hips", da="Hold bækkenet vandret"),
            conditions=(Condition(id="pelvis_tilt", name=Text(en="Tilt of the pelvis", da="Bækkenets hældning"), signal="pelvis", fault_when="above", hint_limit=6, fault_limit=10, bounds=(3, 25), reference="standing"),),
            windows=("hold",), views=("front",), landmarks=("left.hip", "right.hip"),
            min_duration_s=1.0, max_severity=1, uncertainty=4, unit="deg", priority="alignment", side="support",
            evidence="Only a hint: a pelvis from one camera agrees with a 3-D one at r 0.53 (clinical-rules 1.5, 1.6, F20).",
        ),
        SIDE_LEAN,
    ),
)  # fmt: skip
