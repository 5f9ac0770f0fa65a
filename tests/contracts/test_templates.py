"""Every template names exercises that there are, asks for what suits them, and speaks both languages."""

from __future__ import annotations

from datetime import date

import pytest

from formcheck import exercises
from formcheck.errors import SpecError
from formcheck.programmes import templates


@pytest.mark.parametrize("name", templates.names())
def test_a_template_makes_a_programme_that_stands(name: str):
    template = templates.load(name)
    programme = template.programme(date(2026, 3, 2), "da")
    programme.check(exercises.load)
    assert (programme.title, programme.template) == (template.name.da, name)
    assert (programme.end - programme.start).days + 1 == 7 * template.weeks


@pytest.mark.parametrize("name", templates.names())
def test_amounts_suit_the_movement_and_the_floor_is_told(name: str):
    template = templates.load(name)
    loaded = [(entry.prescription, exercises.load(entry.prescription.exercise)) for entry in template.exercises]
    for prescription, exercise in loaded:
        held = exercise.movement.kind.startswith("hold")
        assert (prescription.hold_s is not None, prescription.repetitions is not None) == (held, not held), exercise.id
    assert template.floor == any(exercise.floor for _, exercise in loaded)


def test_there_are_those_that_were_asked_for():
    assert set(templates.names()) == {"knee_hip", "balance", "core", "chair_and_balance", "sport"}
    assert sum(templates.load(name).starter for name in templates.names()) == 3


def test_an_unknown_template_is_told():
    with pytest.raises(SpecError) as refused:
        templates.load("yoga")
    assert refused.value.code == "unknown_template"
