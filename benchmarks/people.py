"""Count and judge landmark files of people who did an exercise correctly or incorrectly on purpose.

The files are named ``EXERCISE_PERSON_correct|incorrect_azAZIMUTH.npz`` and contain ``rep_bounds_s`` and the true
knee flexion. A second table says why an incorrect repetition got no remark.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import Figures, percent
from formcheck import exercises
from formcheck.analysis.run import read_poses
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.model.records import SetRecord

ASKED_DEPTH_DEG = {"squat": 100.0}
"""Target depth given to the people: thighs past the horizontal, 100 to 120 deg of knee flexion (clinical-rules 1.1)."""
SHALLOW_DEG = 25.0
"""A movement with a smaller true excursion (deg) is listed, but need not be found."""
COLUMNS = [
    "exercise",
    "done",
    "azimuth",
    "view",
    "files",
    "true",
    "found",
    "with a severe fault",
    "with any remark",
    "most often",
]
WHY_COLUMNS = [
    "exercise",
    "azimuth",
    "view",
    "incorrect",
    "with any remark",
    "judged, and within every limit",
    "rules not judged from here",
    "missed",
]
BEST_AZIMUTH = {"squat": "0", "sit_to_stand": "0", "lunge": "110"}
"""Best azimuth for the rules in ``TELLING``: the front. In the lunges the people stand turned, so it is 110."""


@dataclass
class Group:
    """Counts of one exercise, done correctly or incorrectly, from one azimuth."""

    files: int = 0
    true: int = 0
    found: int = 0
    severe: int = 0
    remarked: int = 0
    silent: int = 0
    unjudged: int = 0
    deep: int = 0
    deep_found: int = 0
    faults: Counter = field(default_factory=Counter)
    views: Counter = field(default_factory=Counter)


def groups(folder: Path) -> dict[tuple[str, str, str], Group]:
    """Return the groups by (exercise, correct or incorrect, azimuth)."""
    out: dict[tuple[str, str, str], Group] = defaultdict(Group)
    for path in sorted(folder.glob("*_az*.npz")):
        name, _, done, azimuth = path.stem.rsplit("_", 3)
        asked = ASKED_DEPTH_DEG.get(name)
        prescription = Prescription(exercise=name, target_depth_deg=asked) if asked else None
        record = read_poses(path).judge(exercises.load(name), prescription=prescription).record
        _add(out[name, done, azimuth.removeprefix("az")], path, record)
    return dict(out)


def _add(group: Group, path: Path, record: SetRecord) -> None:
    with np.load(path) as data:
        bounds, t_s = data["rep_bounds_s"], data["t_s"]
        true_deg = np.maximum(data["truth_knee_flexion_left_deg"], data["truth_knee_flexion_right_deg"])
    group.files += 1
    group.views[record.view.label] += 1
    for start_s, end_s in bounds:
        group.true += 1
        span = true_deg[(t_s >= start_s) & (t_s <= end_s)]
        deep = bool(span.max() - span[0] >= SHALLOW_DEG)
        group.deep += deep
        rep = next((rep for rep in record.reps if start_s - 0.3 <= rep.turn_s <= end_s + 0.3), None)
        if rep is None:
            continue
        group.found += 1
        group.deep_found += deep
        group.severe += any(fault.severity == 2 for fault in rep.faults)
        group.faults.update({fault.rule for fault in rep.faults} | (set() if rep.counted else {"small"}))
        if rep.faults or not rep.counted:
            group.remarked += 1
        elif any(
            v.outcome == "not_assessed" and v.reason in ("wrong_view", "turned")
            for v in rep.verdicts
            if v.rule in TELLING
        ):
            group.unjudged += 1
        else:
            group.silent += 1


TELLING = ("knees_in", "knee_in", "side_lean", "weight_shift")
"""The rules that separate correct from incorrect here. If they could not be judged, silence proves nothing."""


def rows(found: dict[tuple[str, str, str], Group], figures: Figures) -> list[list[str]]:
    """Return one row for each group and add the figures."""
    out = []
    for (name, done, azimuth), group in sorted(found.items()):
        often = ", ".join(f"{rule} {n}" for rule, n in group.faults.most_common(4)) or "-"
        views = ", ".join(f"{view} {n}" for view, n in group.views.most_common())
        out.append(
            [
                name,
                done,
                azimuth,
                views,
                str(group.files),
                str(group.true),
                str(group.found),
                percent(group.severe, group.found),
                percent(group.remarked, group.true),
                often,
            ]
        )
        if done == "incorrect" and azimuth == BEST_AZIMUTH.get(name):
            figures.share(f"{name}: incorrect with any remark, from azimuth {azimuth}", group.remarked, group.true)
    for done in ("correct", "incorrect"):
        picked = [group for (_, how, _), group in found.items() if how == done]
        name = f"{done} repetitions found, of those deeper than 25°"
        figures.share(name, sum(group.deep_found for group in picked), sum(group.deep for group in picked))
    correct = [group for (_, done, _), group in found.items() if done == "correct"]
    figures.share(
        "correct repetitions with a severe fault", sum(g.severe for g in correct), sum(g.found for g in correct)
    )
    return out


def why_rows(found: dict[tuple[str, str, str], Group]) -> list[list[str]]:
    """Return one row for each exercise and azimuth with the outcomes of the incorrect repetitions."""
    out = []
    for (name, done, azimuth), group in sorted(found.items()):
        if done == "incorrect":
            counts = (group.true, group.remarked, group.silent, group.unjudged, group.true - group.found)
            out.append([name, azimuth, ", ".join(group.views), *map(str, counts)])
    return out
