"""How right is it? Every clip with a known truth: counts, points to correct, knee angles, hold clocks.

    python benchmarks/accuracy.py                         the sample videos that travel with formcheck
    python benchmarks/accuracy.py --clips FOLDER          clips with a truth file of the same name beside them
    python benchmarks/accuracy.py --landmarks FOLDER      landmark files with rep_bounds_s and the true knee flexion
    python benchmarks/accuracy.py --matrix                every clip as every exercise: what is counted that should not be

Rendered people are easier than real ones: this proves angles and rules, not that people are found.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from formcheck import exercises
from formcheck.analysis import SetResult, analyze_landmarks, analyze_video
from formcheck.programme import Prescription
from formcheck.resources import samples_dir

TARGET_DEPTH_DEG = 90.0
SMALL_BELOW_DEG = 60.0
DEPTH_TOLERANCE_DEG, FAST_DESCENT_S = 5.0, 0.5
REPETITION_COLUMNS = [
    "clip", "view", "true counted+small", "got", "scripted faults missed", "other faults", "other hints",
    "knee error °, mean absolute", "knee error ° at the deepest", "knee not measurable",
]  # fmt: skip
LANDMARK_COLUMNS = [
    "file", "as", "view", "true reps", "counted+small", "found in bounds", "least true excursion °",
    "reps with a fault", "reps with any remark", "most often",
]  # fmt: skip


@dataclass(slots=True)
class Clip:
    """A video and its truth."""

    path: Path
    truth: dict

    @property
    def exercise(self) -> str:
        return self.truth.get("exercise") or self.truth["scene"]["exercise"]

    def true_series(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return times (s) and values of one column of the truth, whichever way it is stored."""
        frames = self.truth["frames"]
        if isinstance(frames, dict):
            return np.array(frames["t_s"]), np.array(frames[name])
        return np.array([f["t_s"] for f in frames]), np.array([f[name] for f in frames])


def clips_in(folder: Path) -> list[Clip]:
    """Return every clip of a folder that has a truth file beside it."""
    pairs = ((path, path.with_suffix(".json")) for path in sorted(folder.glob("*.mp4")))
    return [Clip(path, json.loads(truth.read_text(encoding="utf-8"))) for path, truth in pairs if truth.exists()]


def scripted_faults(exercise: str, script: dict) -> set[str]:
    """Return the rules that a scripted repetition breaks on purpose."""
    found = set()
    if script.get("valgus"):
        found.add("knees_in" if exercise == "squat" else "knee_in")
    if script.get("heel"):
        found.add("heels" if exercise == "squat" else "heel")
    if script.get("lean", 0) > (55 if exercise == "squat" else 25):
        found.add("trunk_lean")
    if script.get("shift"):
        found.add("weight_shift")
    if script.get("depth", TARGET_DEPTH_DEG) < TARGET_DEPTH_DEG - DEPTH_TOLERANCE_DEG:
        found.add("depth")
    if script.get("tempo", (1.0,))[0] <= FAST_DESCENT_S:
        found.add("tempo")
    return found


def analyse(clip: Clip, exercise_id: str, model: str) -> SetResult:
    """Analyse a clip as one exercise, with the target depth where the exercise has one."""
    exercise = exercises.load(exercise_id)
    deep = exercise.movement.kind == "rep_cycle"
    prescription = Prescription(exercise=exercise_id, target_depth_deg=TARGET_DEPTH_DEG) if deep else None
    return analyze_video(clip.path, exercise, prescription=prescription, model=model)


def repetition_row(clip: Clip, result: SetResult) -> list[str]:
    """Return one row of the repetitions' table."""
    record, units = result.record, clip.truth["units"]
    true_small = sum(unit["script"]["depth"] < SMALL_BELOW_DEG for unit in units)
    missed, extra, wrong, borderline = [], 0, 0, 0
    for i, unit in enumerate(units, start=1):
        mine = [rep for rep in record.reps if unit["start_s"] - 0.3 <= rep.turn_s <= unit["end_s"] + 0.3]
        faults = {fault.rule: fault for rep in mine for fault in rep.faults}
        scripted = scripted_faults(clip.exercise, unit["script"])
        judged = {v.rule for rep in mine for v in rep.verdicts if v.outcome != "not_assessed"}
        missed += [f"{rule}@{i}" for rule in scripted & judged - set(faults)]
        others = [fault for rule, fault in faults.items() if rule not in scripted]
        wrong += sum(fault.severity == 2 for fault in others)
        borderline += sum(fault.severity == 1 for fault in others)
        extra += max(0, len(mine) - 1)
    expected = f"{len(units) - true_small}+{true_small}"
    got = f"{record.rep_count}+{record.partial_count}"
    return [
        clip.path.stem,
        record.view.label,
        expected,
        got,
        ", ".join(missed) or "-",
        str(wrong),
        str(borderline),
        *_knee_columns(clip, result),
    ]


def knee_errors_deg(clip: Clip, result: SetResult) -> tuple[float, float]:
    """Return the near knee's mean absolute error and its mean error at the deepest points, where it was measurable."""
    side = result.record.view.near_side
    series = result.trace.signals[f"knee_flexion_{side}_deg"]
    t_s = result.trace.t_s
    times, truth = clip.true_series(f"knee_flexion_{side}_deg")
    error = series - np.interp(t_s, times, truth)
    around = [error[np.abs(t_s - unit["at_turn"]["t_s"]) <= 0.1] for unit in clip.truth["units"]]
    deepest = [float(np.nanmean(e)) for e in around if not np.isnan(e).all()]
    return float(np.nanmean(np.abs(error))), float(np.mean(deepest))


def _knee_columns(clip: Clip, result: SetResult) -> list[str]:
    if result.record.view.near_side is None:
        return ["-", "-", "-"]
    mean_absolute, deepest = knee_errors_deg(clip, result)
    series = result.trace.signals[f"knee_flexion_{result.record.view.near_side}_deg"]
    return [f"{mean_absolute:.1f}", f"{deepest:+.1f}", f"{100 * np.isnan(series).mean():.0f} %"]


def hold_row(clip: Clip, result: SetResult) -> list[str]:
    """Return one row of the holds' table."""
    record = result.record
    units = [unit for unit in clip.truth["units"] if unit.get("lift", 1)]  # of one-leg standing, the part on one leg
    total = units[-1]["end_s"] - units[0]["start_s"]
    sags = [(unit.get("sag", 0), unit["end_s"] - unit["start_s"]) for unit in units]
    good = sum(seconds for sag, seconds in sags if -30 <= sag <= 8)
    expected = {"hips_low" for sag, _ in sags if sag > 8} | {"hips_high" for sag, _ in sags if sag < -30}
    found = {fault.rule for hold in record.holds for fault in hold.faults}
    return [
        clip.path.stem, f"{total:.1f}", f"{record.hold_s:.1f}", f"{good:.1f}", f"{record.in_form_s:.1f}",
        ", ".join(sorted(expected)) or "-", ", ".join(sorted(found)) or "-",
    ]  # fmt: skip


def is_hold(result: SetResult) -> bool:
    """Return whether the clip was judged as a hold."""
    return exercises.load(result.record.exercise).movement.kind == "hold_posture"


def landmark_rows(folder: Path) -> list[list[str]]:
    """Return one row a landmark file: counts against the true bounds, and which faults were found."""
    rows = []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as data:
            bounds = data["rep_bounds_s"]
            true_deg = np.maximum(data["truth_knee_flexion_left_deg"], data["truth_knee_flexion_right_deg"])
            spans = [true_deg[(data["t_s"] >= a) & (data["t_s"] <= b)] for a, b in bounds]
        exercise_id = next(name for name in exercises.names() if path.stem.startswith(name))
        record = analyze_landmarks(path, exercises.load(exercise_id)).record
        in_bounds = sum(any(a - 0.3 <= rep.turn_s <= b + 0.3 for rep in record.reps) for a, b in bounds)
        severe = len({fault.rep for fault in record.faults if fault.severity == 2})
        any_fault = len({fault.rep for fault in record.faults} | {rep.index for rep in record.reps if not rep.counted})
        least = min(span.max() - span[0] for span in spans)
        rows.append(
            [path.stem, exercise_id, record.view.label, str(len(bounds)), f"{record.rep_count}+{record.partial_count}",
             str(in_bounds), f"{least:.0f}", str(severe), str(any_fault), _most_common(record)]
        )  # fmt: skip
    return rows


def _most_common(record) -> str:
    return ", ".join(f"{rule} {n}" for rule, n in Counter(fault.rule for fault in record.faults).most_common(3)) or "-"


def matrix_rows(clips: list[Clip], model: str) -> list[list[str]]:
    """Return what every clip counts as every exercise."""
    rows = []
    for clip in clips:
        row = [clip.path.stem]
        for exercise_id in exercises.names():
            record = analyse(clip, exercise_id, model).record
            row.append(f"{record.hold_s:.1f} s" if record.holds else f"{record.rep_count}+{record.partial_count}")
        rows.append(row)
    return rows


def table(title: str, header: list[str], rows: list[list[str]]) -> None:
    """Print a table in Markdown."""
    print(f"\n### {title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def main() -> None:
    """Run what was asked for and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, default=None, help="a folder of clips with truth files")
    parser.add_argument("--landmarks", type=Path, default=None, help="a folder of landmark files with truth")
    parser.add_argument("--matrix", action="store_true", help="every clip as every exercise")
    parser.add_argument("--model", choices=("lite", "full"), default="full")
    arguments = parser.parse_args()
    if arguments.landmarks is not None:
        table(
            "Landmark files",
            LANDMARK_COLUMNS,
            landmark_rows(arguments.landmarks),
        )  # fmt: skip
        return
    clips = clips_in(arguments.clips or samples_dir())
    if arguments.matrix:
        table(
            "Every clip as every exercise (counted+small, or seconds of hold)",
            ["clip", *exercises.names()],
            matrix_rows(clips, arguments.model),
        )
        return
    judged = [clip for clip in clips if clip.exercise in exercises.names()]
    results = [(clip, analyse(clip, clip.exercise, arguments.model)) for clip in judged]
    table(
        f"Repetitions (model {arguments.model}, target depth {TARGET_DEPTH_DEG:.0f}°)",
        REPETITION_COLUMNS,
        [repetition_row(clip, result) for clip, result in results if not is_hold(result)],
    )  # fmt: skip
    table(
        f"Holds (model {arguments.model})",
        ["clip", "true hold s", "got s", "true in form s", "got s", "scripted", "found"],
        [hold_row(clip, result) for clip, result in results if is_hold(result)],
    )


if __name__ == "__main__":
    main()
