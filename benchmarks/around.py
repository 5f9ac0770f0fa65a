"""Measure the error of rules by the azimuth of the camera, on landmarks whose truth is known.

    python benchmarks/around.py

The landmarks are MediaPipe's (``full``, VIDEO mode) of computer-generated people filmed from all around: the squats of ``knee.py``,
lunges, planks and one-leg squats (``benchmarks/data/README.md``). A position is good enough when the mean absolute error there is
at most the ± that the rule states. "Judged" says whether the engine judges the rule with a camera there. Azimuth 0 is in front of
the person, 90 at a side, more than 90 behind. For a plank, 0 is in front of the head.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from benchmarks.knee import Clip, interval, load, table
from formcheck import exercises
from formcheck.engine.judging.conditions import unseen_reason
from formcheck.engine.person import view
from formcheck.engine.signals.scene import MeasuredScene, measure_signals
from formcheck.spec.exercise import JointAngle, Rule

if TYPE_CHECKING:
    from collections.abc import Callable

AZIMUTHS_DEG = (0, 5, 10, 15, 20, 30, 45, 60, 75, 90, 105, 120, 135)
COLUMNS = ["azimuth", "scenes", "mean absolute error", "bias", "good enough", "judged"]
PROJECTED_UP_TO_DEG = 75.0
ONE_LEG = "single_leg_squat"
FRONT = {"L": "left", "R": "right"}


@dataclass(frozen=True)
class Question:
    """One measured value.

    ``error``: takes a scene and returns measured minus true, one value for each moment that counts. ``rule``: exercise, rule and
    0-based index of its condition; None when no rule judges the value. ``unit``: ``deg`` or ``ratio``.
    """

    name: str
    exercise: str
    error: Callable[[Clip], np.ndarray]
    rule: tuple[str, str, int] | None
    unit: str = "deg"


def _signal(clip: Clip, exercise: str, name: str) -> np.ndarray:
    front = FRONT[clip.scene["lead"]] if "lead" in clip.scene else None
    return measure_signals(exercises.load(exercise).signals, MeasuredScene(clip.points_px, clip.calibration, front))[
        name
    ]


def _at_turns(clip: Clip, error: np.ndarray) -> np.ndarray:
    return np.array(clip.deepest(error))


def _trunk(exercise: str) -> Callable[[Clip], np.ndarray]:
    return lambda clip: _at_turns(clip, _signal(clip, exercise, "trunk_inclination") - clip.truth["trunk"])


def _hip(clip: Clip) -> np.ndarray:
    near = clip.calibration.near
    angle = JointAngle(a="near.shoulder", b="near.hip", c="near.knee")
    return _at_turns(clip, MeasuredScene(clip.points_px, clip.calibration).signal(angle) - clip.truth[f"hip_{near}"])


def _line(clip: Clip) -> np.ndarray:
    error = clip.judged.trace.signals["main_angle_deg"] - clip.truth["body_line"]
    return error[~np.isnan(error)]


def _front_knee(clip: Clip) -> np.ndarray:
    return _at_turns(
        clip, clip.judged.trace.signals["main_angle_deg"] - clip.truth[f"knee_{FRONT[clip.scene['lead']]}"]
    )


def _over_foot(exercise: str) -> Callable[[Clip], np.ndarray]:
    def error(clip: Clip) -> np.ndarray:
        true = clip.truth[f"over_foot_{FRONT[clip.scene['lead']]}"]
        return _at_turns(clip, _signal(clip, exercise, "knee_medial_to_foot") - true)

    return error


def _projection(clip: Clip) -> np.ndarray:
    side = FRONT[clip.scene["lead"]]
    error = _signal(clip, ONE_LEG, "knee_projection_angle") - clip.truth[f"projection_{side}"]
    return error[clip.truth[f"knee_{side}"] <= PROJECTED_UP_TO_DEG]


QUESTIONS = (
    Question("trunk inclination, squat, at the deepest", "squat", _trunk("squat"), ("squat", "trunk_lean", 1)),
    Question("trunk inclination, lunge, at the deepest", "lunge", _trunk("lunge"), ("lunge", "trunk_lean", 0)),
    Question("hip flexion, squat, at the deepest", "squat", _hip, None),
    Question("plank line, all frames", "plank", _line, ("plank", "hips_low", 0)),
    Question("front knee, lunge, at the deepest", "lunge", _front_knee, ("lunge", "depth", 0)),
    Question("projection angle, one leg, all frames to 75°", "one_leg", _projection, (ONE_LEG, "knee_in", 1)),
    Question(
        "knee over foot, one leg, at the deepest", "one_leg", _over_foot(ONE_LEG), (ONE_LEG, "knee_in", 0), "ratio"
    ),
    Question("knee over foot, lunge, at the deepest", "lunge", _over_foot("lunge"), ("lunge", "knee_in", 0), "ratio"),
)


def stated(question: Question) -> float:
    """Return the ± that the rule states, for the knee that of a side view. NaN when no rule judges the value."""
    if question.rule is None:
        return float("nan")
    rule, condition = _rule(question)
    own = condition.uncertainty if condition.uncertainty is not None else rule.uncertainty
    return view.knee_uncertainty_deg("side") if own == "knee" else own


def _rule(question: Question) -> tuple[Rule, object]:
    exercise, rule_id, index = question.rule
    rule = next(rule for rule in exercises.load(exercise).rules if rule.id == rule_id)
    return rule, rule.conditions[index]


def judged_here(question: Question, clip: Clip) -> bool:
    """Return whether the engine judges the value from where this scene's camera stands."""
    if question.exercise == "plank":
        return bool(clip.judged.record.holds)
    rule, condition = _rule(question)
    alone = rule.model_copy(update={"conditions": (condition,)})
    return unseen_reason(alone, clip.calibration.label, clip.calibration.azimuth_deg) is None


def rows(question: Question, clips: list[Clip]) -> list[list[str]]:
    """Return one row for each azimuth that has a scene."""
    out, margin = [], stated(question)
    for middle in AZIMUTHS_DEG:
        mine = [clip for clip in clips if min(AZIMUTHS_DEG, key=lambda a: abs(a - clip.azimuth_deg)) == middle]
        found = [error for error in map(question.error, mine) if len(error)]
        if not found:
            continue
        scale = 100.0 if question.unit == "ratio" else 1.0
        off = [scale * float(np.mean(np.abs(error))) for error in found]
        bias = [scale * float(np.mean(error)) for error in found]
        good = "-" if np.isnan(margin) else "yes" if np.mean(off) <= scale * margin else "no"
        judged = "-" if question.rule is None else f"{sum(judged_here(question, clip) for clip in mine)} of {len(mine)}"
        out.append([f"{middle}°", str(len(mine)), interval(off), f"{np.mean(bias):+.1f}", good, judged])
    return out


def main() -> None:
    """Print one table for each value."""
    scenes = load("knee_fit") + load("knee_proof") + load("around")
    for question in QUESTIONS:
        clips = [clip for clip in scenes if clip.scene["exercise"] == question.exercise]
        unit, margin = "hundredths of a shank" if question.unit == "ratio" else "°", stated(question)
        said = "" if np.isnan(margin) else f", the rule's ± {100 * margin if question.unit == 'ratio' else margin:g}"
        table(f"{question.name[0].upper()}{question.name[1:]} ({unit}{said})", COLUMNS, rows(question, clips))


if __name__ == "__main__":
    main()
