"""Compare the counts of real clips with counts made by eye: ``python benchmarks/counts.py LIST.csv FOLDER``.

The list has a line a clip with the columns ``file`` (below the folder), ``exercise`` (in words), ``view`` and ``reps``. A clip
whose exercise formcheck does not have, or that has no count, is left out. Landmarks are kept beside each clip as ``.npz``
when ``--keep`` is given, so that a second run need not look at the pictures again.
"""

from __future__ import annotations

import argparse
import csv
import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import percent
from formcheck.analysis.run import PoseSequence, read_poses, read_video
from formcheck.exercises import load
from formcheck.files.traces import write_trace

WORDS = {
    "push-up": "push_up",
    "squat": "squat",
    "lunge": "lunge",
    "heel raise": "heel_raise",
    "sit to stand": "sit_to_stand",
}
"""How an exercise begins in the list, and its id."""


@dataclass(slots=True, frozen=True)
class Counted:
    """One clip: what is in it, and what was found."""

    name: str
    exercise: str
    view: str
    true: int
    found: int
    small: int
    why: str

    @property
    def exact(self) -> bool:
        """Return whether every repetition was counted and nothing else."""
        return self.true == self.found


def landmarks_of(clip: Path, keep: Path | None) -> PoseSequence:
    """Return the poses of a clip, from the file in ``keep`` when there is one."""
    kept = keep / f"{'+'.join(clip.parts[-3:])}.npz" if keep else None
    if kept is not None and kept.exists():
        return read_poses(kept)
    poses = read_video(clip)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_trace(poses.judge(load("squat")).trace, kept)
    return poses


def counted(clips: Path, rows: list[dict[str, str]], keep: Path | None) -> list[Counted]:
    """Return what was found in every clip of the list that can be compared."""
    out = []
    for row in rows:
        exercise = next((known for words, known in WORDS.items() if row["exercise"].startswith(words)), None)
        if exercise is None or not re.fullmatch(r"\d+", row["reps"]) or not (clips / row["file"]).exists():
            continue
        record = landmarks_of(clips / row["file"], keep).judge(load(exercise)).record
        why = ", ".join(dict.fromkeys([*(entry.reason for entry in record.nothing), *(e.kind for e in record.events)]))
        found = (int(row["reps"]), record.rep_count, record.partial_count)
        out.append(Counted(row["exercise"], exercise, row["view"], *found, why))
    return out


def main() -> None:
    """Print a line a clip, and the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for the landmarks")
    options = parser.parse_args()
    with options.list.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    done = counted(options.folder, rows, options.keep)
    print("| in the clip | view | true | found | small | said |\n|---|---|---|---|---|---|")
    for clip in done:
        print(f"| {clip.name} | {clip.view} | {clip.true} | {clip.found} | {clip.small} | {clip.why or '-'} |")
    exact, lost = sum(clip.exact for clip in done), sum(max(clip.true - clip.found, 0) for clip in done)
    extra, true = sum(max(clip.found - clip.true, 0) for clip in done), sum(clip.true for clip in done)
    print(f"\nExact: {exact} of {len(done)} clips, {percent(exact, len(done))}. ", end="")
    print(f"Lost: {lost} of {true} repetitions. Extra: {extra}.")


if __name__ == "__main__":
    main()
