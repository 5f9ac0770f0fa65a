"""Sitting against a wall. The depth is the prescribed one; limits without a source are defaults, marked as such."""

from formcheck.exercises._rule_library import DEPTH_HINT
from formcheck.spec.exercise import (
    Bound,
    Condition,
    Demonstration,
    DistanceRatio,
    Exercise,
    HoldPosture,
    Inclination,
    JointAngle,
    Rule,
    Text,
)  # fmt: skip

_LEG = ("near.hip", "near.knee", "near.ankle")

SPEC = Exercise(
    id="wall_sit",
    name=Text(en="Wall sit", da="Sid op ad væggen"),
    purpose=Text(en="Strength and endurance of the thighs.", da="Styrke og udholdenhed i lårene."),
    steps=(
        Text(en="Stand with your back against a wall.", da="Stå med ryggen mod en væg."),
        Text(en="Walk your feet forward and slide down.", da="Gå frem med fødderne, og glid ned."),
        Text(en="Stop with your knees over your heels and your back against the wall.", da="Stop med knæene over hælene og ryggen mod væggen."),
        Text(en="Keep breathing, and slide up when you have had enough.", da="Bliv ved med at trække vejret, og glid op, når du har fået nok."),
    ),
    equipment=Text(en="A free wall, and shoes that do not slip.", da="En fri væg, og sko, der ikke glider."),
    support=Text(en="A chair beside you, if you want it.", da="En stol ved siden af dig, hvis du vil."),
    easier=Text(en="Sit higher.", da="Sid højere oppe."),
    harder=Text(en="Sit lower, or hold for longer.", da="Sid lavere, eller hold længere."),
    demonstration=Demonstration(sample=None, alt=Text(en="A person sits against a wall, seen from the side.", da="En person sidder op ad en væg, set fra siden.")),
    views=("side",),
    train_view="side",
    signals={
        "knee_flexion": JointAngle(a="near.hip", b="near.knee", c="near.ankle"),
        "trunk": Inclination(start="near.hip", end="near.shoulder", sign="facing"),
        "shank": Inclination(start="near.ankle", end="near.knee", sign="facing"),
        "behind_heel": DistanceRatio(p="near.heel", q="near.hip", r="near.hip", s="near.knee", sign="facing"),
        "feet_apart": DistanceRatio(p="left.ankle", q="right.ankle", per="shank", axis="x"),
        "shoulders_apart": DistanceRatio(p="left.shoulder", q="right.shoulder", r="mid.shoulder", s="mid.hip"),
    },
    movement=HoldPosture(
        bounds=(
            Bound(id="stood_up", signal="knee_flexion", low=35, exit_low=25, name=Text(en="Stood up", da="Rejste sig")),
            Bound(id="trunk_away", signal="trunk", low=-20, high=20, exit_low=-30, exit_high=30),
            Bound(id="feet_away", signal="shank", low=-30, high=30, exit_low=-35, exit_high=35),
            Bound(id="over_feet", signal="behind_heel", low=0.35, exit_low=0.25),
            Bound(id="one_foot_ahead", signal="feet_apart", high=0.9, exit_high=1.1),
            Bound(id="turned", signal="shoulders_apart", high=0.45, exit_high=0.60),
        ),
        reference_posture="seated", chart_signal="knee_flexion",
        enter_s=1.0, still_s=1.0, leave_s=1.0, lost_s=1.5,
    ),
    rules=(
        Rule(
            id="depth",
            name=Text(en="Depth", da="Dybde"),
            cue=Text(en="Slide a little lower", da="Glid lidt længere ned"),
            conditions=(Condition(id="knee_flexion", name=Text(en="Knee bend", da="Knæets bøjning"), signal="knee_flexion", fault_when="below", hint_limit=-5, fault_limit=-15, bounds=(-40, 0), reference="target_depth"),),
            windows=("hold",), views=("side",), landmarks=_LEG, joints=("near.knee",),
            min_duration_s=1.0, uncertainty="knee", unit="deg", priority="depth", demands_more=True,
            evidence=f"Against the prescribed depth only. {DEPTH_HINT}",
        ),
        Rule(
            id="too_deep",
            name=Text(en="Deeper than agreed", da="Dybere end aftalt"),
            cue=Text(en="Slide a bit higher", da="Glid lidt længere op"),
            conditions=(Condition(id="knee_flexion", name=Text(en="Knee bend", da="Knæets bøjning"), signal="knee_flexion", fault_when="above", hint_limit=5, fault_limit=15, bounds=(0, 40), reference="depth_cap"),),
            windows=("hold",), views=("side",), landmarks=_LEG, joints=("near.knee",),
            min_duration_s=1.0, uncertainty="knee", unit="deg", priority="safety",
            evidence=f"Only where a cap is prescribed (clinical-rules 1.1). {DEPTH_HINT}",
        ),
        Rule(
            id="heels",
            name=Text(en="Heels not under the knees", da="Hælene er ikke under knæene"),
            cue=Text(en="Heels under your knees", da="Hælene under knæene"),
            conditions=(Condition(id="shank", name=Text(en="Shank from the vertical", da="Underbenet fra lodret"), signal="shank", fault_when="above", hint_limit=12, fault_limit=20, bounds=(5, 30)),),
            windows=("hold",), views=("side",), landmarks=("near.knee", "near.ankle"), joints=("near.ankle",),
            min_duration_s=1.0, uncertainty=4, unit="deg", priority="alignment",
            evidence="Shank forward of the vertical by 12 / 20 deg: a default without a published cut-off.",
        ),
        Rule(
            id="trunk_lean",
            name=Text(en="Back away from the wall", da="Ryggen slipper væggen"),
            cue=Text(en="Back against the wall", da="Ryggen mod væggen"),
            conditions=(Condition(id="trunk", name=Text(en="Trunk from the vertical", da="Overkroppen fra lodret"), signal="trunk", fault_when="above", hint_limit=10, fault_limit=18, bounds=(5, 30)),),
            windows=("hold",), views=("side",), landmarks=("near.shoulder", "near.hip"), joints=("near.shoulder",),
            min_duration_s=1.0, uncertainty=4, unit="deg", priority="trunk",
            evidence="Trunk forward of the vertical by 10 / 18 deg: a default without a published cut-off.",
        ),
    ),
)  # fmt: skip
