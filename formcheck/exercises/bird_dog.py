"""Bird dog: on hands and knees, one leg and the other arm stretched out.

The numbers are clinical defaults: no published cut-off for the height of the leg was found, so 12 to 15 deg around the horizontal
is three times the ± 5 deg of the line itself, and every limit may be set.
"""

from formcheck.exercises import _rule_library as shared
from formcheck.spec.exercise import Condition, Demonstration, Exercise, Inclination, JointAngle, RepCycle, Rule, Text

SPEC = Exercise(
    id="bird_dog",
    name=Text(en="Bird dog", da="Firestående diagonalløft"),
    purpose=Text(en="Control of the trunk while arm and leg move.", da="Kontrol over kroppen, mens arm og ben bevæger sig."),
    steps=(
        Text(en="Kneel on hands and knees, back straight.", da="Stå på hænder og knæ med ret ryg."),
        Text(en="Stretch one leg back and the other arm forward.", da="Stræk det ene ben bagud og den modsatte arm frem."),
        Text(en="Hold for a moment, and come back slowly.", da="Hold et øjeblik, og kom langsomt tilbage."),
        Text(en="Change sides.", da="Skift side."),
    ),
    equipment=Text(en="A mat.", da="En måtte."),
    support=Text(en="Both hands stay on the floor, if you want it.", da="Begge hænder bliver i gulvet, hvis du vil."),
    easier=Text(en="Stretch only the leg.", da="Stræk kun benet."),
    harder=Text(en="Hold for five seconds.", da="Hold i fem sekunder."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(
            en="A stick figure on hands and knees stretches one leg and the other arm, seen from the side.",
            da="En tændstikfigur på hænder og knæ strækker det ene ben og den modsatte arm, set fra siden.",
        ),
    ),
    views=("side",),
    train_view="side", floor=True,
    signals={
        "leg_line": Inclination(start="front.hip", end="front.ankle", reference="horizontal", sign="up"),
        "knee_flexion": JointAngle(a="front.hip", b="front.knee", c="front.ankle"),
    },
    movement=RepCycle(
        signal="leg_line", depth_signal="leg_line", movement_pattern="all_fours", first_phase="concentric",
        full_excursion_deg=40, rest_deg=(-80, -30), min_excursion_deg=14, small_excursion_deg=10, share_of_usual=0.4,
    ),
    rules=(
        Rule(
            id="height",
            name=Text(en="Leg too low", da="Benet er for lavt"),
            cue=Text(en="Lift your leg to hip height", da="Løft benet til hoftehøjde"),
            conditions=(
                Condition(id="leg_line", name=Text(en="Leg against the horizontal", da="Benet mod vandret"), signal="leg_line", statistic="turn_median", fault_when="below", hint_limit=-15, fault_limit=-22, bounds=(-40, 0)),
            ),
            windows=("top",), views=("side",), landmarks=("front.hip", "front.ankle"), joints=("front.ankle",),
            uncertainty=5, unit="deg", priority="depth", demands_more=True, side="front",
            evidence="The leg's line from hip to ankle against the horizontal; clinical default without a published cut-off.",
        ),
        Rule(
            id="too_high",
            name=Text(en="Leg too high", da="Benet er for højt"),
            cue=Text(en="Leg no higher than your hip", da="Benet ikke højere end hoften"),
            conditions=(
                Condition(id="leg_line", name=Text(en="Leg against the horizontal", da="Benet mod vandret"), signal="leg_line", statistic="turn_median", fault_when="above", hint_limit=12, fault_limit=20, bounds=(5, 45)),
            ),
            windows=("top",), views=("side",), landmarks=("front.hip", "front.ankle"), joints=("front.ankle",),
            uncertainty=5, unit="deg", priority="alignment", side="front",
            evidence="A leg above the hip is lifted by the back; clinical default without a published cut-off.",
        ),
        Rule(
            id="knee_bent",
            name=Text(en="Knee is bent", da="Knæet er bøjet"),
            cue=Text(en="Straighten your leg", da="Stræk benet"),
            conditions=(
                Condition(id="knee_flexion", name=Text(en="Knee bend", da="Knæets bøjning"), signal="knee_flexion", statistic="turn_median", fault_when="above", hint_limit=20, fault_limit=35, bounds=(10, 60)),
            ),
            windows=("top",), views=("side",), landmarks=shared.LEG, joints=("front.knee",),
            uncertainty=5, unit="deg", priority="alignment", side="front",
            evidence="The numbers of a straight leg in the plank, 160 / 145 deg (clinical-rules 1.3); clinical default here.",
        ),
        Rule(
            id="tempo",
            name=shared.FAST_DESCENT_NAME,
            cue=shared.FAST_DESCENT_CUE,
            conditions=shared.FAST_DESCENT,
            windows=("descent",), views=("side",), landmarks=shared.LEG, joints=("front.ankle",),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence=shared.FAST_DESCENT_EVIDENCE,
        ),
    ),
)  # fmt: skip
