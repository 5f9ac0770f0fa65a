"""Glute bridge on both feet. Numbers: clinical-rules 1.7 (clinical defaults there)."""

from formcheck.spec.exercise import Condition, Demonstration, Exercise, JointAngle, LineOffset, RepCycle, Rule, Text

LINE = ("near.shoulder", "near.hip", "near.knee")

SPEC = Exercise(
    id="glute_bridge",
    name=Text(en="Glute bridge", da="Bækkenløft"),
    purpose=Text(en="Strength in the buttocks and the back of the thighs.", da="Styrke i balderne og baglårene."),
    steps=(
        Text(en="Lie on your back, knees bent, feet hip-width apart.", da="Læg dig på ryggen med bøjede knæ og hoftebredde mellem fødderne."),
        Text(en="Press your heels down and lift your hips until shoulders, hips and knees are in line.", da="Pres hælene i gulvet, og løft bækkenet, til skuldre, hofter og knæ er på linje."),
        Text(en="Hold for a moment.", da="Hold et øjeblik."),
        Text(en="Lower your hips slowly.", da="Sænk bækkenet langsomt."),
    ),
    equipment=Text(en="A mat.", da="En måtte."),
    support=Text(en="Arms on the floor at your sides.", da="Armene i gulvet langs siden."),
    easier=Text(en="Lift only half-way.", da="Løft kun halvvejs."),
    harder=Text(en="Stay at the top for five seconds.", da="Bliv oppe i fem sekunder."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure lies on its back and lifts its hips, seen from the side.", da="En tændstikfigur ligger på ryggen og løfter bækkenet, set fra siden."),
    ),
    views=("side",),
    train_view="side", floor=True,
    signals={
        "hip_line": LineOffset(point="near.hip", a="near.shoulder", b="near.knee"),
        "knee_angle": JointAngle(a="near.hip", b="near.knee", c="near.ankle", flexion=False),
    },
    movement=RepCycle(
        signal="hip_line", depth_signal="hip_line", movement_pattern="supine", first_phase="concentric",
        full_excursion_deg=45, rest_deg=(-100, -25), min_excursion_deg=15, small_excursion_deg=10, share_of_usual=0.4,
    ),
    rules=(
        Rule(
            id="height",
            name=Text(en="Height", da="Højde"),
            cue=Text(en="Lift to a straight line", da="Løft til en lige linje"),
            conditions=(
                Condition(id="hip_line", name=Text(en="Hips against the line from shoulder to knee", da="Hoften i forhold til linjen fra skulder til knæ"), signal="hip_line", statistic="turn_median", fault_when="below", hint_limit=-15, fault_limit=-25, bounds=(-50, 0)),
            ),
            windows=("top",), views=("side",), landmarks=LINE, joints=("near.hip",),
            uncertainty=5, unit="deg", priority="depth", demands_more=True,
            evidence="Angle shoulder-hip-knee below 165 / 155 deg; clinical default (clinical-rules 1.7).",
        ),
        Rule(
            id="over_arch",
            name=Text(en="Back arches", da="Ryggen svajer"),
            cue=Text(en="Ribs down", da="Ribbenene ned"),
            conditions=(
                Condition(id="hip_line", name=Text(en="Hips against the line from shoulder to knee", da="Hoften i forhold til linjen fra skulder til knæ"), signal="hip_line", statistic="turn_median", fault_when="above", hint_limit=8, fault_limit=15, bounds=(0, 40)),
            ),
            windows=("top",), views=("side",), landmarks=LINE, joints=("near.hip",),
            uncertainty=5, unit="deg", priority="alignment",
            evidence="Hips above the line from shoulder to knee by 8 / 15 deg; clinical default (clinical-rules 1.7).",
        ),
        Rule(
            id="feet",
            name=Text(en="Feet not under the knees", da="Fødderne er ikke under knæene"),
            cue=Text(en="Feet under knees", da="Fødderne under knæene"),
            conditions=(
                Condition(id="feet_far", name=Text(en="Knee angle, feet too far away", da="Knæets vinkel, fødderne for langt væk"), signal="knee_angle", statistic="turn_median", fault_when="above", hint_limit=110, fault_limit=120, bounds=(90, 160)),
                Condition(id="feet_near", name=Text(en="Knee angle, feet too close", da="Knæets vinkel, fødderne for tæt på"), signal="knee_angle", statistic="turn_median", fault_when="below", hint_limit=75, fault_limit=65, bounds=(30, 90)),
            ),
            windows=("top",), views=("side",), landmarks=("near.hip", "near.knee", "near.ankle"), joints=("near.ankle",),
            uncertainty=5, unit="deg", priority="alignment",
            evidence="Knee angle at the top outside 75-110 / 65-120 deg; clinical default (clinical-rules 1.7).",
        ),
        Rule(
            id="tempo",
            name=Text(en="Drops down", da="Falder ned"),
            cue=Text(en="Lower slowly", da="Sænk langsomt"),
            conditions=(
                Condition(
                    id="descent_time", name=Text(en="Time on the way down", da="Tid på vej ned"),
                    signal="eccentric_s", statistic="measure", fault_when="below", hint_limit=0.7, fault_limit=0.5, bounds=(0.2, 1.0),
                    reference="eccentric_s", reference_mode="times", unprescribed=(1.0, None),
                ),
            ),
            windows=("descent",), views=("side",), landmarks=LINE, joints=("near.hip",),
            uncertainty=0.1, unit="s", priority="tempo",
            evidence="Down in less than 1 s, without a prescribed tempo only a hint (clinical-rules 1.7).",
        ),
    ),
)  # fmt: skip
