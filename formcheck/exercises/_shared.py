"""Limits that several exercises share, each said once. Not an exercise."""

from formcheck.spec import Condition, Text

HEEL_LIFTS = (
    Condition(signal="foot_pitch", fault_when="above", t1=14, t2=18, bounds=(5, 40), reference="standing"),
    Condition(signal="heel_rise", fault_when="above", t1=0.14, t2=0.18, bounds=(0.05, 0.6)),
)
HEEL_EVIDENCE = (
    "Feet are the noisiest landmarks: both the pitch and the rise, for 0.2 s, and the hint only beyond the limit's own "
    "uncertainty, 10 + 4 deg and 0.10 + 0.04 (clinical-rules 0.8, 1.1)."
)

FAST_DESCENT = (
    Condition(
        signal="eccentric_s", statistic="measure", fault_when="below", t1=0.7, t2=0.5, bounds=(0.2, 1.0),
        reference="eccentric_s", reference_mode="times", unprescribed=(0.5, None),
    ),
)  # fmt: skip
FAST_DESCENT_NAME = Text(en="Fast descent", da="Hurtigt ned")
FAST_DESCENT_CUE = Text(en="Slow on the way down", da="Langsommere ned")
FAST_DESCENT_EVIDENCE = "Share of the prescribed descent (clinical-rules 1.1); unprescribed only a hint below 0.5 s."
