"""Standing up from a chair and sitting down again. Numbers: clinical-rules 1.9."""

from formcheck.exercises import _sit_to_stand_rules as chair
from formcheck.exercises._rule_library import KNEE_DISTANCES, NO_STEP_S, SIDE_LEAN_AT_TURN, TRUNK_AT_TURN
from formcheck.spec.exercise import Demonstration, Exercise, RepCycle, Text

SPEC = Exercise(
    id="sit_to_stand",
    name=Text(en="Sit to stand", da="Rejse-sætte-sig"),
    purpose=Text(
        en="Strength in the legs for chairs, beds and stairs.",
        da="Styrke i benene til stole, seng og trapper.",
    ),
    steps=(
        Text(en="Sit on a chair, feet hip-width apart under your knees.", da="Sid på en stol med hoftebredde mellem fødderne, som står under knæene."),
        Text(en="Lean forward, nose over your toes.", da="Læn dig frem med næsen over tæerne."),
        Text(en="Push the floor away and stand all the way up.", da="Skub gulvet væk, og rejs dig helt op."),
        Text(en="Sit down slowly.", da="Sæt dig langsomt ned."),
    ),
    equipment=Text(en="A steady chair without wheels, against a wall.", da="En stabil stol uden hjul, op ad en væg."),
    support=Text(en="Hands on the armrests or a table, if you need them.", da="Hænderne på armlænene eller et bord, hvis du har brug for det."),
    easier=Text(en="Take a higher chair and use your hands.", da="Tag en højere stol, og brug hænderne."),
    harder=Text(en="Take a lower chair, arms crossed.", da="Tag en lavere stol, og kryds armene."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure sits down on a chair and stands up, seen from the side.", da="En tændstikfigur sætter sig på en stol og rejser sig, set fra siden."),
    ),
    views=chair.VIEWS,
    train_view="side",
    signals=chair.SIGNALS,
    movement=RepCycle(
        signal="knee_flexion", depth_signal="knee_flexion", movement_pattern="seat", starts_at_end_range=True, min_duration_s=NO_STEP_S,
        measured=(TRUNK_AT_TURN, *KNEE_DISTANCES, SIDE_LEAN_AT_TURN),
    ),
    rules=(chair.NOT_UP, chair.NOT_DOWN, chair.PLOP, *chair.ALIGNMENT, chair.TRUNK),
)  # fmt: skip
