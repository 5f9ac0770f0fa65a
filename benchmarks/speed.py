"""Measure the speed of the analysis, the time of each stage, and the memory that a long video needs.

    python benchmarks/speed.py [--quick] [--clip squat_side_good] [--model full] [--rounds 5]

The whole analysis is compared with a bare loop of decoding and ``detect_for_video`` on the same clip with the same model, and with
itself without decoding ahead. They take turns in one process, so that a slow moment of the machine hits all. The bare loop must see
the person, or it measures nothing. Then each stage is measured alone, on the output of the stage before it, and all stages
together. Prints the Markdown tables of RESULTS.md.
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
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib import metadata
from itertools import islice
from pathlib import Path
from unittest import mock

import av
import mediapipe as mp
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from benchmarks.clips import cut
from formcheck import exercises
from formcheck.analysis.run import SetResult, analyze_video, run_set
from formcheck.files.samples import Sample, every_sample
from formcheck.files.traces import poses_from_trace
from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
from formcheck.pose.models import read_model
from formcheck.pose.native_stderr import quiet_native
from formcheck.spec.prescription import Prescription
from formcheck.video.annotate import annotate, encode
from formcheck.video.files import probe, read_frames
from formcheck.video.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.spec.exercise import Exercise

GOAL_RATIO, GOAL_ENGINE_MS, GOAL_SEEN, GOAL_IMPORT_S, GOAL_KEPT = 1.0, 0.3, 0.95, 0.2, 0.01
STAGE_FRAMES = 150
"""Number of pictures kept in memory for the stages that are measured alone (default)."""


@dataclass(slots=True, frozen=True)
class Lap:
    """One pass over a clip. ``seen``: number of frames with a person; ``cpu_s``: CPU time of all threads."""

    frames: int
    seen: int
    wall_s: float
    cpu_s: float


def main() -> int:
    """Measure, print, and return 0 when every goal is met, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="memory of 20 s against 2 minutes")
    parser.add_argument("--clip", default="squat_side_good")
    parser.add_argument("--model", default="full", choices=("full", "lite"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, help="of the clip, only the first seconds")
    parser.add_argument("--peak-of", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    sample = next(sample for sample in every_sample() if sample.name == args.clip)
    if args.peak_of:
        return _print_peak(args.peak_of, sample.exercise)
    with tempfile.TemporaryDirectory() as folder:
        if args.seconds:
            sample = replace(sample, path=cut(sample.path, Path(folder) / sample.path.name, args.seconds))
        return measure(sample, args)


def measure(sample: Sample, args: argparse.Namespace) -> int:
    """Print every table; return 0 when every goal is met, else 1."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"mediapipe {metadata.version('mediapipe')}; {sample.path.name}, model {args.model}\n",
        flush=True,
    )
    met = [
        compare(sample, args.model, args.rounds),
        engine(sample, args.model),
        importing(),
    ]
    stages(sample, args.model)
    met.append(memory(sample, (1, 6) if args.quick else (3, 30)))
    return 0 if all(met) else 1


def compare(sample: Sample, model: str, rounds: int) -> bool:
    """Print frames per second of the bare loop and of the whole analysis; return whether the goal is met."""
    names = {
        "decode and `detect_for_video` alone": bare_loop,
        "whole analysis, decoding not ahead": without_ahead,
        "whole analysis": whole_analysis,
    }
    laps: dict[str, list[Lap]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names if turn % 2 == 0 else reversed(names):
            laps[name].append(names[name](sample, model))
    bare_laps, *_, whole_laps = laps.values()
    print(
        "| | frames/s (best) | each round | of the bare loop (median) | best of best | CPU ms a frame | with a person |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    fastest = min(lap.wall_s for lap in bare_laps)
    for name, done in laps.items():
        rates = [lap.frames / lap.wall_s for lap in done]
        each = ", ".join(f"{rate:.1f}" for rate in rates)
        cpu_ms = statistics.median(1000 * lap.cpu_s / lap.frames for lap in done)
        print(
            f"| {name} | {max(rates):.1f} | {each} | {_ratio(bare_laps, done):.3f} | "
            f"{fastest / min(lap.wall_s for lap in done):.3f} | {cpu_ms:.1f} | {done[0].seen} of {done[0].frames} |",
            flush=True,
        )
    ratio = _ratio(bare_laps, whole_laps)
    seen = min(lap.seen / lap.frames for lap in bare_laps)
    same = {lap.frames for lap in bare_laps} == {lap.frames for lap in whole_laps}
    print(f"\nThe whole analysis runs at **{ratio:.3f}** of the bare loop's speed")
    print(f"(median of the rounds' ratios; goal ≥ {GOAL_RATIO}).\n")
    if seen < GOAL_SEEN:
        print(f"The bare loop saw the person in {100 * seen:.0f} % of the frames only: its speed means nothing.\n")
    return ratio >= GOAL_RATIO and seen >= GOAL_SEEN and same


def _ratio(bare_laps: list[Lap], laps: list[Lap]) -> float:
    return statistics.median(bare.wall_s / lap.wall_s for bare, lap in zip(bare_laps, laps))


def bare_loop(sample: Sample, model: str) -> Lap:
    """Decode every picture and look for a person in it, and nothing else: the minimum work of any analysis."""
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
            # MediaPipe sees no person in an array with gaps, and is then fast.
            rgb = np.ascontiguousarray(picture.to_ndarray(format="rgb24"))
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            result = landmarker.detect_for_video(image, round(picture.time * 1000))
            frames += 1
            seen += bool(result.pose_landmarks)
    return Lap(frames, seen, time.perf_counter() - wall_s, time.process_time() - cpu_s)


def whole_analysis(sample: Sample, model: str) -> Lap:
    """Run the analysis of ``formcheck analyze`` up to the finished record."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    record = analysed(sample.path, sample.exercise, model).record
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    return Lap(record.quality.frames, round(record.quality.person_share * record.quality.frames), wall_s, cpu_s)


def without_ahead(sample: Sample, model: str) -> Lap:
    """Run the same analysis without decoding ahead."""
    with mock.patch("formcheck.video.prefetch.read_ahead", lambda frames: frames):
        return whole_analysis(sample, model)


def stages(sample: Sample, model: str) -> None:
    """Print the time of each stage for a picture, alone on the output of the stage before it, and of all together."""
    exercise = exercises.load(sample.exercise)
    result = analysed(sample.path, sample.exercise, model)
    frames = list(islice(read_frames(sample.path), STAGE_FRAMES))
    poses = list(poses_from_trace(result.trace))
    overlay = Overlay(result.record, result.trace, exercise, "en")
    info = probe(sample.path)
    kind = (info.width, info.height), info.frames_per_s

    def pose() -> int:
        with MediaPipeEstimator(model) as estimator:
            return len([estimator.estimate(frame) for frame in frames])

    def drawing() -> int:
        for frame in frames:
            overlay.draw(frame.rgb.copy(), frame.t_s)
        return len(frames)

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "annotated.mp4"
        measured = {
            "decoding to RGB": lambda: sum(1 for _ in read_frames(sample.path)),
            "pose": pose,
            "engine, both passes": lambda: len(
                run_set(poses, exercise, result.record.source, prescription=prescribed(exercise)).trace.t_s
            ),
            "drawing": drawing,
            "encoding": lambda: sum(1 for _ in encode(iter(frames), target, kind, lambda picture, t_s: None, 0.0)),
            "annotated video: decoding, drawing and encoding together": lambda: (
                annotate(sample.path, result, exercise, target) or len(poses)
            ),
            "all together: analysis, then annotated video": lambda: (
                annotate(sample.path, analysed(sample.path, sample.exercise, model), exercise, target) or len(poses)
            ),
        }
        print("| stage | ms a frame (best of 3) | CPU ms a frame |\n| --- | --- | --- |")
        for name, measure in measured.items():
            wall_ms, cpu_ms = best_of(3, measure)
            print(f"| {name} | {wall_ms:.2f} | {cpu_ms:.2f} |", flush=True)
    print()


def best_of(rounds: int, measure: Callable[[], int]) -> tuple[float, float]:
    """Return the least wall time and the least CPU time (ms) for each of the frames that ``measure`` counts."""
    walls_ms, cpus_ms = [], []
    for _ in range(rounds):
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        frames = measure()
        walls_ms.append(1000 * (time.perf_counter() - wall_s) / frames)
        cpus_ms.append(1000 * (time.process_time() - cpu_s) / frames)
    return min(walls_ms), min(cpus_ms)


def importing() -> bool:
    """Print how long ``import formcheck`` takes in a new Python, without the start of Python itself."""
    code = "import time; start = time.perf_counter(); import formcheck; print(time.perf_counter() - start)"
    seconds = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
        for _ in range(5)
    ]
    print(f"`import formcheck` takes **{min(seconds):.3f} s** (least of {len(seconds)}; goal < {GOAL_IMPORT_S} s).\n")
    return min(seconds) < GOAL_IMPORT_S


def analysed(path: Path, exercise_id: str, model: str) -> SetResult:
    """Return the judged set of a clip."""
    exercise = exercises.load(exercise_id)
    return analyze_video(path, exercise, prescription=prescribed(exercise), model=model)


def prescribed(exercise: Exercise) -> Prescription:
    """Return a prescription with a target depth if the exercise has one, so that every rule is evaluated."""
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
    """Print the peak memory of a short and a long video, each in a process of its own; return whether it is flat.

    Only the landmarks may grow: they stay in memory until the set is judged.
    """
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
    per_picture_kb = 1000 * (peaks[1] - peaks[0]) / (counts[1] - counts[0])
    info = probe(sample.path)
    share = per_picture_kb / (info.width * info.height * 3 / 1000)
    print(
        f"\nThe longer video takes {per_picture_kb:.1f} kB more for each picture (model lite), {100 * share:.2f} % of what a"
    )
    print(
        f"picture takes (goal < {100 * GOAL_KEPT:g} %): the landmarks are kept until the set is judged, no picture is."
    )
    return share < GOAL_KEPT


def write_loop(source: Path, target: Path, count: int) -> tuple[int, float]:
    """Write ``source`` ``count`` times in a row without encoding it again; return the number of frames and of seconds."""
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
    """Analyse a video and print this process's peak memory in MB."""
    analysed(video, exercise_id, "lite")
    print(_peak_mb())
    return 0


def _peak_mb() -> float:
    """Return the peak memory of this program. Linux's ``ru_maxrss`` also includes the peak of the program that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # a Mac counts bytes


if __name__ == "__main__":
    raise SystemExit(main())
