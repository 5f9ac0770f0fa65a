"""Where a rule judges, what it measures errs by no more than it states (``benchmarks/around.py``, rendered people)."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import around, knee

JUDGED = [question for question in around.QUESTIONS if question.rule is not None]
PLANK_FROM_DEG, PLANK_TO_DEG = 55.0, 125.0
"""A plank is held, and judged, from further round too: nothing in the picture tells (RESULTS.md)."""


@pytest.fixture(scope="module")
def scenes() -> list[knee.Clip]:
    return knee.load("knee_fit") + knee.load("knee_proof") + knee.load("around")


@pytest.mark.parametrize("question", JUDGED, ids=lambda question: question.name)
def test_what_is_judged_is_good_enough(question: around.Question, scenes: list[knee.Clip]):
    clips = [
        clip for clip in scenes if clip.scene["exercise"] == question.exercise and around.judged_here(question, clip)
    ]
    if question.exercise == "plank":
        clips = [clip for clip in clips if PLANK_FROM_DEG <= clip.azimuth_deg <= PLANK_TO_DEG]
    off = [float(np.mean(np.abs(question.error(clip)))) for clip in clips]
    assert off
    assert np.mean(off) <= around.stated(question)
