"""Jump and landing on both feet. The rules judge the manner. Numbers: clinical-rules 1.1 and 1.5 unless a rule says otherwise."""

from formcheck.exercises import _rule_library as shared
from formcheck.spec.exercise import (
    Condition,
    Demonstration,
    DistanceRatio,
    Exercise,
    HipDescent,
    Inclination,
    KneeDifference,
    KneeFlexion,
    RepCycle,
    Rule,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="jump_landing",
    name=Text(en="Jump and landing", da="Hop og landing"),
    purpose=Text(en="Control of knees, hips and trunk when you land.", da="Kontrol over knæ, hofter og krop, når du lander."),
    steps=(
        Text(en="Stand with your feet hip-width apart.", da="Stå med hoftebredde mellem fødderne."),
        Text(en="Bend a little and jump straight up.", da="Bøj lidt i knæene, og hop lige op."),
        Text(en="Land softly on both feet, knees over your feet.", da="Land blødt på begge fødder med knæene over fødderne."),
        Text(en="Stay there for two seconds, then stand up.", da="Bliv der i to sekunder, og ret dig så op."),
    ),
    equipment=Text(en="An even floor and clear space above you.", da="Et jævnt gulv og fri plads over dig."),
    support=Text(en="None: leave out the jump if you need support.", da="Ingen: spring hoppet over, hvis du har brug for støtte."),
    easier=Text(en="Jump only a few centimetres high.", da="Hop kun få centimeter op."),
    harder=Text(en="Jump higher, or down from a low step.", da="Hop højere, eller ned fra et lavt trin."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure jumps and lands on both feet, seen from the front.", da="En tændstikfigur hopper og lander på begge fødder, set forfra."),
    ),
    views=("front",),
    train_view="front",
    signals={
        "hip_drop": HipDescent(),
        "knee_flexion": KneeFlexion(side="mid"),
        "knee_ankle_ratio": DistanceRatio(p="left.knee", q="right.knee", r="left.ankle", s="right.ankle", axis="x"),
        "left_right": KneeDifference(),
        "side_lean": Inclination(start="mid.hip", end="mid.shoulder", sign="absolute"),
    },
    movement=RepCycle(
        signal="hip_drop", depth_signal="knee_flexion", movement_pattern="landing", full_excursion_deg=80, min_excursion_deg=20, small_excursion_deg=15,
        share_of_usual=0.3, min_duration_s=0.3, settle_s=2.0,
        measured=(shared.KNEE_DIFFERENCE_AT_TURN, *shared.KNEE_DISTANCES, shared.SIDE_LEAN_AT_TURN),
    ),
    rules=(
        shared.STUCK,
        shared.SOFT_LANDING_ON_BOTH,
        Rule(
            id="knees_in",
            name=Text(en="Knees move inwards", da="Knæene falder indad"),
            cue=Text(en="Knees over your feet as you land", da="Knæene over fødderne, når du lander"),
            conditions=shared.KNEES_IN[:1],
            windows=("bottom",), views=("front",), landmarks=("left.knee", "right.knee", "left.ankle", "right.ankle"), joints=("left.knee", "right.knee"),
            uncertainty=0.08, unit="ratio", priority="alignment",
            evidence="The limits of the squat at its deepest point (clinical-rules 1.1); in a landing a clinical default: published "
            "shares (Noyes 2005: 0.51 of the hips' distance in untrained athletes) are of the hips, not of the ankles.",
        ),
        Rule(
            id="asymmetry",
            name=Text(en="Left and right differ", da="Forskel på højre og venstre"),
            cue=Text(en="Land on both feet alike", da="Land ens på begge fødder"),
            conditions=(
                Condition(id="knee_difference", name=Text(en="Difference between the knees", da="Forskel på knæene"), signal="left_right", statistic="turn_median", fault_when="above", hint_limit=10, fault_limit=15, bounds=(7, 40)),
            ),
            windows=("bottom",), views=("front",), landmarks=("left.hip", "right.hip", "left.knee", "right.knee", "left.ankle", "right.ankle"), joints=("left.knee", "right.knee"),
            uncertainty=5, unit="deg", priority="alignment",
            evidence="The limits of the squat, 95th percentile of correct repetitions 7 deg (clinical-rules 1.1); clinical default here.",
        ),
        shared.ONE_LEG_SIDE_LEAN,
    ),
)  # fmt: skip
