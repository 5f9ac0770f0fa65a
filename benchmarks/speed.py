"""How fast the analysis is, how much of it is formcheck's own, and how much memory a long video takes.

    python benchmarks/speed.py [--quick] [--clip squat_side_good] [--model full] [--rounds 4]

The whole analysis is measured against a bare loop of decoding and ``detect_for_video`` on the same clip with the same
model. The two take turns in one process, so that a slow moment of the machine hits both. The bare loop must see the
person, or it measures nothing. Prints tables in Markdown, as they stand in RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from fractions import Fraction
from importlib import metadata
from pathlib import Path

import av
import mediapipe as mp
import numpy as np

from formcheck import exercises
from formcheck.analysis import SetResult, analyze_video, run_set
from formcheck.pose.models import read_model
from formcheck.pose.quiet import quiet_native
from formcheck.programme import Prescription
from formcheck.samples import Sample, every_sample
from formcheck.spec import Exercise
from formcheck.traces import poses_from_trace

GOAL_RATIO, GOAL_ENGINE_MS, GOAL_SEEN = 0.9, 0.3, 0.95


@dataclass(slots=True, frozen=True)
class Lap:
    """One pass over a clip: ``seen`` of ``frames`` showed a person. ``cpu_s``: of all threads."""

    frames: int
    seen: int
    wall_s: float
    cpu_s: float


def main() -> int:
    """Measure, print, and return 0 when every goal is met, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two rounds; memory of 20 s against 1 minute")
    parser.add_argument("--clip", default="squat_side_good")
    parser.add_argument("--model", default="full", choices=("full", "lite"))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--peak-of", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    sample = next(sample for sample in every_sample() if sample.name == args.clip)
    if args.peak_of:
        return _print_peak(args.peak_of, sample.exercise)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"mediapipe {metadata.version('mediapipe')}; {sample.path.name}, model {args.model}\n")  # fmt: skip
    met = [
        compare(sample, args.model, 2 if args.quick else args.rounds),
        engine(sample, args.model),
        memory(sample, (1, 3) if args.quick else (3, 30)),
    ]
    return 0 if all(met) else 1


def compare(sample: Sample, model: str, rounds: int) -> bool:
    """Print frames per second of the bare loop and of the whole analysis; return whether the goal is met."""
    bare_laps, whole_laps = [], []
    for turn in range(rounds):
        order = [(bare_loop, bare_laps), (whole_analysis, whole_laps)]
        for measure, laps in order if turn % 2 == 0 else reversed(order):
            laps.append(measure(sample, model))
    print("| | frames/s (median of rounds) | each round | CPU ms a frame | frames with a person |")
    print("| --- | --- | --- | --- | --- |")
    for name, laps in (("decode and `detect_for_video` alone", bare_laps), ("whole analysis", whole_laps)):
        rates = [lap.frames / lap.wall_s for lap in laps]
        each = ", ".join(f"{rate:.1f}" for rate in rates)
        cpu_ms = statistics.median(1000 * lap.cpu_s / lap.frames for lap in laps)
        print(
            f"| {name} | {statistics.median(rates):.1f} | {each} | {cpu_ms:.1f} | {laps[0].seen} of {laps[0].frames} |"
        )
    ratio = statistics.median(bare.wall_s / whole.wall_s for bare, whole in zip(bare_laps, whole_laps))
    seen = min(lap.seen / lap.frames for lap in bare_laps)
    same = {lap.frames for lap in bare_laps} == {lap.frames for lap in whole_laps}
    print(f"\nThe whole analysis runs at **{ratio:.3f}** of the bare loop's speed")
    print(f"(median of the rounds' ratios; goal ≥ {GOAL_RATIO}).\n")
    if seen < GOAL_SEEN:
        print(f"The bare loop saw the person in {100 * seen:.0f} % of the frames only: its speed means nothing.\n")
    return ratio >= GOAL_RATIO and seen >= GOAL_SEEN and same


def bare_loop(sample: Sample, model: str) -> Lap:
    """Decode every picture and look for a person in it, with nothing else: the least that any analysis must do."""
    vision = mp.tasks.vision
    frames = seen = 0
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    options = vision.PoseLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_buffer=read_model(model)),
        running_mode=vision.RunningMode.VIDEO,
        num_poses=1,
    )
    with quiet_native(), vision.PoseLandmarker.create_from_options(options) as landmarker, av.open(sample.path) as file:
        stream = file.streams.video[0]
        stream.thread_type = "AUTO"
        for picture in file.decode(stream):
            rgb = np.ascontiguousarray(picture.to_ndarray(format="rgb24"))  # with gaps, MediaPipe sees nobody, and fast
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            result = landmarker.detect_for_video(image, round(picture.time * 1000))
            frames += 1
            seen += bool(result.pose_landmarks)
    return Lap(frames, seen, time.perf_counter() - wall_s, time.process_time() - cpu_s)


def whole_analysis(sample: Sample, model: str) -> Lap:
    """Do what ``formcheck analyze`` does up to the finished record."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    record = analysed(sample.path, sample.exercise, model).record
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    return Lap(record.quality.frames, round(record.quality.person_share * record.quality.frames), wall_s, cpu_s)


def analysed(path: Path, exercise_id: str, model: str) -> SetResult:
    """Return the judged set of a clip."""
    exercise = exercises.load(exercise_id)
    return analyze_video(path, exercise, prescription=prescribed(exercise), model=model)


def prescribed(exercise: Exercise) -> Prescription:
    """Return a prescription with a depth, where the exercise has one, so that every rule works."""
    depth_deg = 90 if exercise.movement.kind == "rep_cycle" else None
    return Prescription(exercise=exercise.id, target_depth_deg=depth_deg)


def engine(sample: Sample, model: str) -> bool:
    """Print the engine's own time per frame, replaying the clip's landmarks; return whether the goal is met."""
    result, exercise = analysed(sample.path, sample.exercise, model), exercises.load(sample.exercise)
    poses = list(poses_from_trace(result.trace))
    times_s = []
    for _ in range(7):
        start_s = time.process_time()
        run_set(poses, exercise, result.record.source, prescription=prescribed(exercise))
        times_s.append(time.process_time() - start_s)
    least_ms = min(times_s) * 1000 / len(poses)
    print(
        f"The engine's own share, causal and final pass together: **{least_ms:.3f} ms** of one core a frame "
        f"(least of {len(times_s)} runs; goal < {GOAL_ENGINE_MS} ms).\n"
    )
    return least_ms < GOAL_ENGINE_MS


def memory(sample: Sample, loops: tuple[int, int]) -> bool:
    """Print the peak memory of a short and a long video, each in a process of its own; return whether it stays flat."""
    print("| video | frames | peak memory |\n| --- | --- | --- |")
    peaks, counts = [], []
    with tempfile.TemporaryDirectory() as folder:
        for count in loops:
            video = Path(folder) / f"{count}.mp4"
            frames, duration_s = write_loop(sample.path, video, count)
            counts.append(frames)
            command = [sys.executable, __file__, "--clip", sample.name, "--peak-of", str(video)]
            peaks.append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
            print(f"| {duration_s / 60:.1f} min | {frames} | {peaks[-1]:.0f} MB |", flush=True)
    growth = (peaks[1] - peaks[0]) / peaks[0]
    per_picture_kb = 1000 * (peaks[1] - peaks[0]) / (counts[1] - counts[0])
    print(
        f"\nThe longer video takes {100 * growth:+.0f} % (model lite): {per_picture_kb:.1f} kB more for each picture,"
    )
    print("of which only the landmarks are kept, until the set is judged.")
    return growth < 0.15


def write_loop(source: Path, target: Path, count: int) -> tuple[int, float]:
    """Write ``source`` ``count`` times in a row without encoding it again; return frames and seconds."""
    frames, shift = 0, 0
    with av.open(target, "w") as output:
        out = None
        for _ in range(count):
            with av.open(source) as file:
                stream = file.streams.video[0]
                out = out or output.add_stream_from_template(stream)
                length = stream.frames * int(Fraction(1) / (stream.average_rate * stream.time_base))
                for packet in file.demux(stream):
                    if packet.dts is None:
                        continue
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, out
                    frames += 1
                    output.mux(packet)
                shift += length
                seconds = float(shift * stream.time_base)
    return frames, seconds


def _print_peak(video: Path, exercise_id: str) -> int:
    """Analyse a video and print this process's peak memory in MB. Linux and Mac count it in different units."""
    import resource

    analysed(video, exercise_id, "lite")
    unit = 1 if sys.platform == "darwin" else 1024
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
