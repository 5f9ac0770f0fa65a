"""Bodyweight squat. Numbers: clinical-rules 1.1 (UI-PRMD deep squats, 10 people, markers) unless a rule says otherwise."""

from formcheck.spec import (
    Condition,
    Demonstration,
    Difference,
    DistanceRatio,
    Exercise,
    Inclination,
    KneeFlexion,
    RepCycle,
    Rule,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="squat",
    name=Text(en="Squat", da="Squat"),
    purpose=Text(
        en="Strength and control of hips and knees, as when you sit down and get up.",
        da="Styrke og kontrol i hofter og knæ, som når du sætter og rejser dig.",
    ),
    steps=(
        Text(en="Stand with your feet hip-width apart.", da="Stå med hoftebredde mellem fødderne."),
        Text(en="Sit back and down, as onto a low chair.", da="Sæt dig bagud og ned som på en lav stol."),
        Text(en="Let your knees follow your toes.", da="Lad knæene følge tæerne."),
        Text(en="Push the floor away and stand all the way up.", da="Skub gulvet væk, og ret dig helt op."),
    ),
    equipment=Text(en="None.", da="Ingen."),
    support=Text(en="A chair back or a table within reach, if you want it.", da="En stoleryg eller et bord inden for rækkevidde, hvis du vil."),
    easier=Text(en="Sit down on a high chair and stand up.", da="Sæt dig på en høj stol, og rejs dig igen."),
    harder=Text(en="Hold the deepest point for three seconds.", da="Hold det dybeste punkt i tre sekunder."),
    demonstration=Demonstration(
        sample="squat_side_good.mp4",
        alt=Text(en="A computer-generated person squats, seen from the side.", da="En computergenereret person laver squat, set fra siden."),
    ),
    views=("side", "front", "oblique"),
    signals={
        "knee_flexion": KneeFlexion(side="mid"),
        "left_right": KneeFlexion(side="difference"),
        "trunk_inclination": Inclination(start="near.hip", end="near.shoulder", sign="facing"),
        "shank_inclination": Inclination(start="near.ankle", end="near.knee", sign="facing"),
        "trunk_minus_shank": Difference(a="trunk_inclination", b="shank_inclination"),
        "foot_pitch": Inclination(start="near.foot_index", end="near.heel", reference="horizontal", sign="up"),
        "heel_rise": DistanceRatio(p="near.heel", q="standing.near.heel", per="foot", sign="up"),
        "knee_ankle_ratio": DistanceRatio(p="left.knee", q="right.knee", r="left.ankle", s="right.ankle", axis="x"),
        "hip_shift": DistanceRatio(p="mid.hip", q="mid.ankle", per="ankle_width", sign="image"),
    },
    movement=RepCycle(signal="knee_flexion", depth_signal="knee_flexion", stance="parallel"),
    rules=(
        Rule(
            id="depth",
            name=Text(en="Depth", da="Dybde"),
            cue=Text(en="Sink a little deeper", da="Gå lidt dybere ned"),
            conditions=(
                Condition(signal="knee_flexion", statistic="turn_median", fault_when="below", t1=-5, t2=-15, bounds=(-40, 0), reference="target_depth"),
            ),
            windows=("bottom",), views=("side", "front", "oblique"), landmarks=("near.hip", "near.knee", "near.ankle"),
            uncertainty="knee", unit="deg", priority="depth",
            evidence="Against the prescribed depth only; 5 deg is the side view's uncertainty (clinical-rules 0.8, 1.1).",
        ),
        Rule(
            id="too_deep",
            name=Text(en="Deeper than agreed", da="Dybere end aftalt"),
            cue=Text(en="Stop a bit higher", da="Stop lidt højere oppe"),
            conditions=(
                Condition(signal="knee_flexion", statistic="turn_median", fault_when="above", t1=5, t2=15, bounds=(0, 40), reference="depth_cap"),
            ),
            windows=("bottom",), views=("side", "front", "oblique"), landmarks=("near.hip", "near.knee", "near.ankle"),
            uncertainty="knee", unit="deg", priority="safety",
            evidence="Only where a cap is prescribed (clinical-rules 1.1).",
        ),
        Rule(
            id="trunk_lean",
            name=Text(en="Trunk leans forward", da="Overkroppen hælder frem"),
            cue=Text(en="Lift your chest", da="Løft brystet"),
            conditions=(
                Condition(signal="trunk_minus_shank", statistic="turn_median", fault_when="above", t1=22, t2=30, bounds=(10, 60)),
                Condition(signal="trunk_inclination", statistic="turn_median", fault_when="above", t1=52, t2=60, bounds=(30, 85)),
            ),
            windows=("bottom",), views=("side",), landmarks=("near.shoulder", "near.hip", "near.knee", "near.ankle"),
            uncertainty=4, unit="deg", priority="trunk",
            evidence="Correct repetitions, 95th percentile: trunk minus shank 20-21 deg, trunk 51 deg (clinical-rules 1.1, M2).",
        ),
        Rule(
            id="heels",
            name=Text(en="Heels lift", da="Hælene løfter sig"),
            cue=Text(en="Heels down", da="Hold hælene i gulvet"),
            conditions=(
                Condition(signal="foot_pitch", fault_when="above", t1=14, t2=18, bounds=(5, 40), reference="standing"),
                Condition(signal="heel_rise", fault_when="above", t1=0.14, t2=0.18, bounds=(0.05, 0.6)),
            ),
            combine="all",
            windows=("descent", "bottom"), views=("side",), landmarks=("near.heel", "near.foot_index"),
            min_duration_s=0.2, uncertainty=4, unit="deg", priority="alignment",
            evidence="Feet are the noisiest landmarks: both the pitch and the rise, for 0.2 s, and the hint only beyond the limit's own "
            "uncertainty, 10 + 4 deg and 0.10 + 0.04 (clinical-rules 0.8, 1.1).",
        ),
        Rule(
            id="knees_in",
            name=Text(en="Knees move inwards", da="Knæene falder indad"),
            cue=Text(en="Knees follow your toes", da="Knæene følger tæerne"),
            conditions=(
                Condition(signal="knee_ankle_ratio", statistic="turn_median", fault_when="below", t1=0.90, t2=0.75, bounds=(0.4, 1.2)),
                Condition(signal="knee_ankle_ratio_up_minus_down", statistic="measure", fault_when="below", t1=-0.15, t2=-0.25, bounds=(-0.6, -0.05)),
            ),
            windows=("bottom",), views=("front",), landmarks=("left.knee", "right.knee", "left.ankle", "right.ankle"),
            min_knee_flexion_deg=60, uncertainty=0.08, unit="ratio", priority="alignment",
            evidence="Knee-ankle separation ratio, AUC 0.87 of correct against incorrect squats; at equal flexion (clinical-rules 1.1, M2).",
        ),
        Rule(
            id="weight_shift",
            name=Text(en="Weight to one side", da="Vægten er til den ene side"),
            cue=Text(en="Stay in the middle", da="Hold dig i midten"),
            conditions=(
                Condition(signal="hip_shift", fault_when="above", t1=0.12, t2=0.20, bounds=(0.05, 0.6), reference="standing", two_sided=True),
            ),
            windows=("bottom",), views=("front",), landmarks=("left.hip", "right.hip", "left.ankle", "right.ankle"),
            uncertainty=0.05, unit="ratio", priority="alignment",
            evidence="Clinical default without a published cut-off (clinical-rules 1.1).",
        ),
        Rule(
            id="asymmetry",
            name=Text(en="Left and right differ", da="Forskel på højre og venstre"),
            cue=Text(en="Share the weight", da="Fordel vægten ligeligt"),
            conditions=(
                Condition(signal="left_right", statistic="turn_median", fault_when="above", t1=10, t2=15, bounds=(7, 40)),
            ),
            windows=("bottom",), views=("front",), landmarks=("left.hip", "right.hip", "left.knee", "right.knee", "left.ankle", "right.ankle"),
            uncertainty=5, unit="deg", priority="alignment",
            evidence="Correct repetitions, 95th percentile 7 deg; never from the side (clinical-rules 1.1).",
        ),
        Rule(
            id="tempo",
            name=Text(en="Fast descent", da="Hurtigt ned"),
            cue=Text(en="Slow on the way down", da="Langsommere ned"),
            conditions=(
                Condition(
                    signal="eccentric_s", statistic="measure", fault_when="below", t1=0.7, t2=0.5, bounds=(0.2, 1.0),
                    reference="eccentric_s", reference_mode="times", unprescribed=(0.5, None),
                ),
            ),
            windows=("descent",), views=("side", "front", "oblique"), landmarks=("near.hip", "near.ankle"),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence="Share of the prescribed descent (clinical-rules 1.1); unprescribed only a hint below 0.5 s.",
        ),
        Rule(
            id="lockout",
            name=Text(en="Not fully up", da="Ikke helt oppe"),
            cue=Text(en="Stand all the way up", da="Ret dig helt op"),
            conditions=(
                Condition(signal="knee_flexion_top_deg", statistic="measure", fault_when="above", t1=15, t2=25, bounds=(8, 50), reference="standing"),
            ),
            windows=("ascent",), views=("side", "front", "oblique"), landmarks=("near.hip", "near.knee", "near.ankle"),
            uncertainty="knee", unit="deg", priority="depth",
            evidence="Standing is the person's own standing flexion, 12 deg on average even with markers (clinical-rules 0.5, 1.1).",
        ),
    ),
)  # fmt: skip
