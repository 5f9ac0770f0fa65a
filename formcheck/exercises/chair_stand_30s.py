"""The 30-second chair stand test: how many full stands in 30 s, arms crossed. Numbers: clinical-rules 1.9."""

from formcheck.exercises import _sit_to_stand_rules as chair
from formcheck.exercises._rule_library import KNEE_DISTANCES, NO_STEP_S, SIDE_LEAN_AT_TURN, TRUNK_AT_TURN
from formcheck.spec.exercise import Condition, Demonstration, DistanceRatio, Exercise, RepCycle, Rule, Text

SPEC = Exercise(
    id="chair_stand_30s",
    name=Text(en="30-second chair stand", da="30 sekunders rejse-sætte-sig"),
    purpose=Text(
        en="A test: how often you can stand up from a chair in 30 seconds.",
        da="En test: hvor mange gange du kan rejse dig fra en stol på 30 sekunder.",
    ),
    steps=(
        Text(en="Sit in the middle of the chair, feet flat on the floor.", da="Sid midt på stolen med fødderne fladt i gulvet."),
        Text(en="Cross your arms over your chest and keep them there.", da="Kryds armene over brystet, og hold dem der."),
        Text(en="Stand all the way up and sit right down, again and again.", da="Rejs dig helt op, og sæt dig helt ned, igen og igen."),
        Text(en="Stop after 30 seconds.", da="Stop efter 30 sekunder."),
    ),
    equipment=Text(en="A chair without armrests, about 43 cm high, against a wall.", da="En stol uden armlæn, cirka 43 cm høj, op ad en væg."),
    support=Text(en="None: a stand with the hands is not counted.", da="Ingen: en rejsning med hænderne tæller ikke."),
    easier=Text(en="Do the exercise Sit to stand instead, with your hands.", da="Lav øvelsen Rejse-sætte-sig i stedet, med hænderne."),
    harder=Text(en="There is none: the test is always the same.", da="Der er ingen: testen er altid den samme."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure stands up from a chair, arms crossed, seen from the side.", da="En tændstikfigur rejser sig fra en stol med krydsede arme, set fra siden."),
    ),
    views=chair.VIEWS,
    train_view="side",
    signals=chair.SIGNALS | {"wrist_to_shoulder": DistanceRatio(p="near.wrist", q="far.shoulder", per="torso")},
    movement=RepCycle(
        signal="knee_flexion", depth_signal="knee_flexion", movement_pattern="seat", starts_at_end_range=True, back_within_deg=30, clock_s=30,
        min_duration_s=NO_STEP_S,
        measured=(TRUNK_AT_TURN, *KNEE_DISTANCES, SIDE_LEAN_AT_TURN),
    ),
    rules=(
        chair.NOT_UP,
        chair.NOT_DOWN,
        Rule(
            id="arms",
            name=Text(en="Arms used", da="Armene er brugt"),
            cue=Text(en="Keep your arms crossed", da="Hold armene over kors"),
            conditions=(Condition(id="wrist_distance", name=Text(en="Wrist away from the shoulder, in trunk lengths", da="Håndleddets afstand til skulderen, i kropslængder"), signal="wrist_to_shoulder", fault_when="above", hint_limit=0.6, fault_limit=0.7, bounds=(0.4, 1.2)),),
            windows=("ascent",), views=chair.VIEWS, landmarks=("near.wrist", "far.shoulder"), joints=("near.wrist",),
            min_duration_s=0.3, uncertainty=0.05, unit="ratio", priority="alignment", invalidates=True, valid_from_behind=False,
            evidence="The near wrist leaves the opposite shoulder by 0.7 of the trunk for 0.3 s; such a stand is not counted (clinical-rules 1.9). "
            "From behind the trunk hides the arms.",
        ),
        chair.PLOP,
        *chair.ALIGNMENT,
        chair.TRUNK,
    ),
)  # fmt: skip
