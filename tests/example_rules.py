"""Rules made up for tests of judging: one signal, a hint beyond 10 and a fault beyond 20."""

from __future__ import annotations

from typing import Any

from formcheck.spec.exercise import Condition, Rule, Text

WORDS = Text(en="x", da="y")


def condition(**changed: Any) -> Condition:
    values = {
        "id": changed.get("signal", "x"),
        "name": WORDS,
        "signal": "x",
        "statistic": "turn_median",
        "fault_when": "above",
        "hint_limit": 10,
        "fault_limit": 20,
        "bounds": (-50, 50),
    }
    if changed.get("fault_when") == "below":
        values |= {"hint_limit": -10, "fault_limit": -20}
    return Condition(**(values | changed))


def rule(*conditions: Condition, **changed: Any) -> Rule:
    values = {
        "id": "r",
        "name": WORDS,
        "cue": WORDS,
        "conditions": conditions or (condition(),),
        "windows": ("rep",),
        "views": ("side",),
        "landmarks": ("near.knee",),
        "uncertainty": 2,
        "unit": "deg",
        "priority": "trunk",
        "evidence": "made up for this test",
    }
    return Rule(**(values | changed))
