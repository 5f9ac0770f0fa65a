"""A prescription as a person reads it."""

from __future__ import annotations

import pytest

from formcheck.i18n import translator
from formcheck.programmes.programme import Criterion
from formcheck.programmes.wording import criterion_words, prescription_words
from formcheck.spec.levels import LEVELS
from formcheck.spec.prescription import Prescription

FULL = Prescription(
    exercise="squat",
    side="left",
    sets=2,
    repetitions=10,
    target_depth_deg=70,
    depth_cap_deg=90.5,
    load_kg=2.5,
    rest_s=60,
    tempo={"eccentric_s": 3, "pause_s": 1, "concentric_s": 2},
    support="one_hand",
)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "Squat: 2 sets of 10: left side, hold on with one hand, 2.5 kg, to 70°, not beyond 90.5°, "
            "3 – 1 – 2 s down – hold – up, 60 s rest",
        ),
        (
            "da",
            "Squat: 2 sæt med 10: venstre side, hold fast med én hånd, 2,5 kg, til 70°, ikke over 90,5°, "
            "3 – 1 – 2 s ned – hold – op, 60 s hvile",
        ),
    ],
)
def test_everything_that_is_prescribed_is_said(language: str, expected: str):
    said = prescription_words(FULL, translator(language))
    assert f"{said.name}: {said.amount}: {', '.join(said.how)}" == expected
    assert said.level is None


@pytest.mark.parametrize(
    ("prescription", "level", "amount", "how"),
    [
        (Prescription(exercise="squat", level="squat.to_60", repetitions=8), "Squat to 60 degrees", "1 set of 8", ()),
        (Prescription(exercise="squat", own_depth=True), None, "1 set", ("to your own depth",)),
        (Prescription(exercise="sit_to_stand", own_depth=True), None, "1 set", ()),
        (
            Prescription(exercise="single_leg_stance", level="balance.one_leg_eyes_closed", hold_s=20, sets=3),
            "On one leg, eyes closed",
            "3 sets of 20 seconds",
            ("a chair within reach", "eyes closed"),
        ),
        (Prescription(exercise="chair_stand_30s"), None, "1 set of 30 seconds", ()),
        (
            Prescription(exercise="tandem_stance", level="balance.tandem_hands", hold_s=20),
            "Heel to toe, both hands on a chair",
            "1 set of 20 seconds",
            ("hold on with both hands",),
        ),
    ],
)
def test_a_level_says_what_it_says_once(prescription, level, amount, how):
    said = prescription_words(prescription, translator("en"))
    assert (said.level, said.amount, said.how) == (level, amount, how)


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("level", LEVELS.values(), ids=lambda level: level.id)
def test_every_level_can_be_told(level, language):
    assert (
        prescription_words(Prescription(exercise=level.exercise, level=level.id), translator(language)).level
        == level.name[language]
    )


def test_a_criterion_is_a_sentence():
    share = Criterion(exercise="squat", kind="clean_share", limit=0.8)
    assert criterion_words(share, translator("en")) == (
        "Squat: at least 80% without a point to correct, in 2 sessions one after the other"
    )
    pain = Criterion(exercise="plank", kind="pain_at_most", limit=2, sessions=1)
    assert criterion_words(pain, translator("da")) == "Planke: smerte højst 2, i det seneste træningspas"
