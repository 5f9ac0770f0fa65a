"""Compare every clip that has a known truth with its record: counts, points to correct, knee angles, hold clocks.

    python benchmarks/accuracy.py                         the sample videos that travel with formcheck
    python benchmarks/accuracy.py --clips FOLDER          clips that have a truth file of the same name beside them
    python benchmarks/accuracy.py --landmarks FOLDER      landmark files with rep_bounds_s and the true knee flexion
    python benchmarks/accuracy.py --frames FOLDER         single pictures with labels, as CSV
    python benchmarks/accuracy.py --faults                synthetic bodies, each with one known fault or none
    python benchmarks/accuracy.py --invariance            the count at other frame rates and sizes, with lost frames and noise
    python benchmarks/accuracy.py --matrix FOLDER ...     every clip as every exercise: false counts

Every figure is printed with its number of cases and its 95 % interval (Wilson for shares, Student's t for means). The command fails
when a figure falls below its floor in floors.toml. Rendered people are easier than real ones: the figures prove angles and rules,
not that people are found.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from benchmarks import faults, frames, invariance, matrix, people
from benchmarks.figures import COLUMNS as figure_columns
from benchmarks.figures import Figures, percent
from formcheck import exercises
from formcheck.files.resources import samples_dir
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from formcheck.analysis.run import SetResult

TARGET_DEPTH_DEG = 90.0
SMALL_BELOW_DEG = 60.0
DEPTH_TOLERANCE_DEG, FAST_DESCENT_S = 5.0, 0.5
REPETITION_COLUMNS = [
    "clip",
    "view",
    "true counted+small",
    "got",
    "scripted faults missed",
    "other faults",
    "other hints",
    "knee error °, mean absolute",
    "knee error ° at the deepest",
    "knee not measurable",
]


@dataclass(slots=True)
class Clip:
    """A video and its truth."""

    path: Path
    truth: dict

    @property
    def exercise(self) -> str:
        return self.truth.get("exercise") or self.truth["scene"]["exercise"]

    def true_series(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return times (s) and values of one column of the truth, from either of its two file layouts."""
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


def analyse(clip: Clip, exercise_id: str, model: str, kept: Path | None = None) -> SetResult:
    """Analyse a clip as one exercise, with the target depth if the exercise has one. ``kept``: see ``matrix.material``."""
    exercise = exercises.load(exercise_id)
    deep = exercise.movement.kind == "rep_cycle"
    prescription = Prescription(exercise=exercise_id, target_depth_deg=TARGET_DEPTH_DEG) if deep else None
    return matrix.material(clip.path, model, kept).judge(exercise, prescription=prescription)


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
    """Return the near knee's mean absolute error and its mean error at the deepest points (deg), over measurable frames."""
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
    units = [unit for unit in clip.truth["units"] if unit.get("lift", 1)]  # one-leg standing: only the part on one leg
    total = units[-1]["end_s"] - units[0]["start_s"]
    sags = [(unit.get("sag", 0), unit["end_s"] - unit["start_s"]) for unit in units]
    good = sum(seconds for sag, seconds in sags if -30 <= sag <= 8)
    expected = {"hips_low" for sag, _ in sags if sag > 8} | {"hips_high" for sag, _ in sags if sag < -30}
    found = {fault.rule for hold in record.holds for fault in hold.faults}
    return [
        clip.path.stem,
        f"{total:.1f}",
        f"{record.hold_s:.1f}",
        f"{good:.1f}",
        f"{record.in_form_s:.1f}",
        ", ".join(sorted(expected)) or "-",
        ", ".join(sorted(found)) or "-",
    ]


def is_hold(result: SetResult) -> bool:
    """Return whether the clip was judged as a hold."""
    return exercises.load(result.record.exercise).movement.kind == "hold_posture"


def table(title: str, header: list[str], rows: list[list[str]]) -> None:
    """Print a table in Markdown."""
    print(f"\n### {title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def frame_rows(folder: Path, figures: Figures) -> list[list[str]]:
    """Return one row for each label of each file of single pictures."""
    out = []
    for path in sorted(folder.glob("*.csv")):
        found = frames.told(path)
        labels = sorted({label for label, _ in found})
        for label in labels:
            of_it = {told: n for (true, told), n in found.items() if true == label}
            cases, right = sum(of_it.values()), of_it.get(label, 0)
            told = ", ".join(f"{name} {n}" for name, n in sorted(of_it.items()))
            out.append([path.name, label, str(cases), told, str(right), percent(right, cases)])
        certain = {pair: n for pair, n in found.items() if pair[0] != frames.BETWEEN}
        if certain:
            right = sum(n for (true, told), n in certain.items() if true == told)
            figures.share(f"{path.name}: told apart", right, sum(certain.values()))
    return out


def clip_tables(folder: Path, model: str, kept: Path | None, figures: Figures) -> None:
    """Print the tables of clips with a truth."""
    judged = [clip for clip in clips_in(folder) if clip.exercise in exercises.names()]
    results = [(clip, analyse(clip, clip.exercise, model, kept)) for clip in judged]
    reps = [(clip, result) for clip, result in results if not is_hold(result)]
    holds = [(clip, result) for clip, result in results if is_hold(result)]
    rows = [repetition_row(clip, result) for clip, result in reps]
    table(f"Repetitions (model {model}, target depth {TARGET_DEPTH_DEG:.0f}°)", REPETITION_COLUMNS, rows)
    hold_rows = [hold_row(clip, result) for clip, result in holds]
    table(
        f"Holds (model {model})",
        ["clip", "true hold s", "got s", "true in form s", "got s", "scripted", "found"],
        hold_rows,
    )
    if model != "full":
        return
    figures.share("clips: counted and small as scripted", sum(row[2] == row[3] for row in rows), len(rows))
    figures.share(
        "clips: repetitions with a severe fault that was not scripted",
        sum(int(row[5]) for row in rows),
        sum(len(c.truth["units"]) for c, _ in reps),
    )
    errors = [
        (knee_errors_deg(clip, result), result.record.view.label)
        for clip, result in reps
        if result.record.view.near_side
    ]
    for view in ("side", "front", "oblique"):
        figures.mean(
            f"clips: knee error, mean absolute, from the {view}",
            [mean for (mean, _), label in errors if label == view],
            "°",
        )
        figures.mean(
            f"clips: knee error at the deepest point, absolute, from the {view}",
            [abs(deep) for (_, deep), label in errors if label == view],
            "°",
        )
    figures.mean("clips: hold clock, absolute error", [abs(float(row[1]) - float(row[2])) for row in hold_rows], "s")


def main() -> int:
    """Run the chosen parts and print their tables; return 1 when a figure is below its floor, else 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, help="a folder of clips with truth files")
    parser.add_argument("--landmarks", type=Path, help="a folder of landmark files with truth")
    parser.add_argument("--frames", type=Path, help="a folder of labelled single pictures")
    parser.add_argument(
        "--matrix", type=Path, nargs="*", metavar="FOLDER", help="every clip as every exercise; no folder: the samples"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the landmarks of clips here, and look for them here first"
    )
    parser.add_argument(
        "--faults",
        nargs="*",
        metavar="EXERCISE",
        help="made bodies with and without each fault; none named: every exercise",
    )
    parser.add_argument(
        "--invariance",
        action="store_true",
        help="frame rate, size, lost frames, noise (with --landmarks: on those too)",
    )
    parser.add_argument("--model", choices=("lite", "full"), default="full")
    asked = parser.parse_args()
    figures = Figures()
    if asked.invariance:
        cases = [*invariance.made_cases(exercises.names())]
        cases += invariance.people_cases(asked.landmarks) if asked.landmarks else ()
        found = invariance.results(cases)
        table("The same count", invariance.COLUMNS, invariance.rows(found, figures))
        table("The same count, by exercise", ["exercise", *found, "what differs"], invariance.exercise_rows(found))
    elif asked.landmarks:
        found = people.groups(asked.landmarks)
        table("People, from landmark files", people.COLUMNS, people.rows(found, figures))
        table("What became of the incorrect repetitions", people.WHY_COLUMNS, people.why_rows(found))
    if asked.frames:
        table("Single pictures", frames.COLUMNS, frame_rows(asked.frames, figures))
    if asked.matrix is not None:
        rows = matrix.rows(asked.matrix or [samples_dir()], asked.model, asked.keep, figures)
        table("Every clip as every exercise", matrix.COLUMNS, rows)
    if asked.faults is not None:
        table("Faults on made bodies", faults.COLUMNS, faults.rows(asked.faults or exercises.names(), figures))
    if asked.clips or not (
        asked.landmarks or asked.frames or asked.matrix is not None or asked.faults is not None or asked.invariance
    ):
        clip_tables(asked.clips or samples_dir(), asked.model, asked.keep, figures)
    table("Figures", figure_columns, figures.rows)
    for words in figures.fallen:
        print(f"below its floor: {words}", file=sys.stderr)
    return 1 if figures.fallen else 0


if __name__ == "__main__":
    sys.exit(main())
