"""From the buffered landmarks to the record: measured and judged again, with a zero-lag filter."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine import filters
from formcheck.engine.judging.evaluate import judge
from formcheck.engine.judging.interval import JudgedInterval
from formcheck.engine.person import view
from formcheck.engine.person.gate import inside_picture
from formcheck.engine.person.leg_labels import swap_legs, unreliable_legs
from formcheck.engine.signals.scene import Calibration, MeasuredScene, measure_signals
from formcheck.engine.tracking.hold_tracking import azimuth_of_lying, own_calibration
from formcheck.engine.tracking.holds import HoldTracker, RecordedHold, find_holds
from formcheck.engine.tracking.repetition import Landmarks, MeasuredRep, measure_rep
from formcheck.model import records as r
from formcheck.model.frames import Trace
from formcheck.model.statistics import rep_statistics
from formcheck.spec.exercise import Exercise, Inclination, JointAngle, KneeFlexion, LineOffset
from formcheck.spec.prescription import Prescription, unassessable

if TYPE_CHECKING:
    from formcheck.engine.landmark_buffer import LandmarkBuffer
    from formcheck.engine.tracking.repetitions import RepetitionTracker

_MIN_PERSON_RUN_S = 0.5
_TRACE_SIGNALS = {
    "knee_flexion_left_deg": KneeFlexion(side="left"),
    "knee_flexion_right_deg": KneeFlexion(side="right"),
    "hip_flexion_left_deg": JointAngle(a="left.shoulder", b="left.hip", c="left.knee"),
    "hip_flexion_right_deg": JointAngle(a="right.shoulder", b="right.hip", c="right.knee"),
    "trunk_inclination_deg": Inclination(start="near.hip", end="near.shoulder", sign="facing"),
    "body_line_deg": LineOffset(point="near.hip", a="near.shoulder", b="near.ankle"),
}
_MAIN = "main_angle_deg"


def build(
    exercise: Exercise,
    prescription: Prescription | None,
    side: str,
    buffer: LandmarkBuffer,
    events: list[tuple[str, float, float]],
    reps: RepetitionTracker | None,
    follower: HoldTracker | None,
    source: r.Source,
    software: dict[str, str],
) -> tuple[r.SetRecord, Trace]:
    """Return the record and the trace of one set. A pure function of the raw landmarks and of what was counted causally."""
    landmarks = _zero_lag_landmarks(buffer)
    near = None if side == "auto" else side
    if reps is not None:
        calibrations = reps.calibrations or [c for c in (_own(exercise, landmarks, near),) if c]
        measured = _measure_reps(exercise, landmarks, reps)
        found_reps, holds = _judge_reps(exercise, prescription, reps, measured), []
        main = _main_calibration(reps)
    else:
        calibrations = follower.calibrations or [c for c in (_own(exercise, landmarks, near),) if c]
        measured, found_reps = [], []
        held = find_holds(exercise, landmarks, calibrations, prescription) if calibrations else []
        holds = _judge_holds(exercise, prescription, held)
        main = _calibration_of(held, calibrations)
    label = _label(exercise, main, reps is not None, bool(holds))
    trace = _trace(exercise, buffer, landmarks, calibrations, measured, holds)
    faults = [fault for done in (*found_reps, *holds) for fault in done.faults]
    record = r.SetRecord(
        exercise=exercise.id,
        view=_view(
            main, label, bool(holds or found_reps), holds[0].side if holds and exercise.movement.carried_by else None
        ),
        source=source,
        quality=_quality(landmarks, trace),
        rep_count=sum(rep.counted for rep in found_reps),
        partial_count=sum(not rep.counted for rep in found_reps),
        reps=found_reps,
        holds=holds,
        hold_s=_s(sum(hold.end_s - hold.start_s for hold in holds)),
        in_form_s=_s(sum(hold.in_form_s for hold in holds)),
        longest_in_form_s=_s(max((hold.longest_in_form_s for hold in holds), default=0.0)),
        faults=faults,
        not_assessed=_not_assessed(exercise, found_reps or holds, label) + _unseen_ends(exercise, prescription, holds),
        statistics=rep_statistics(found_reps),
        setup=_setup(main, label, buffer.size_px),
        events=[r.Event(kind=kind, start_s=_s(a), end_s=_s(b)) for kind, a, b in events],
        prescription=prescription.model_dump(mode="json", exclude_none=True) if prescription else None,
        software=software,
    )
    return record, trace


def _s(value: float) -> float:
    return round(float(value), 3)


def _zero_lag_landmarks(buffer: LandmarkBuffer) -> Landmarks:
    """Return the raw landmarks without the frames of nobody or of somebody else, filtered without lag."""
    t_s, raw, ok, swapped = (buffer.column(name) for name in ("t_s", "image_px", "ok", "swapped"))
    if swapped.any():
        raw = np.where(swapped[:, None, None], swap_legs(raw), raw)
    points = np.where(ok[:, None, None], raw, np.nan).reshape(len(raw), -1)
    smooth = filters.zero_lag(t_s, points) if len(raw) else points.astype(float)
    lost = unreliable_legs(t_s, points.reshape(raw.shape))
    inside = inside_picture(raw, buffer.size_px)
    return Landmarks(t_s, smooth.reshape(raw.shape), buffer.column("visibility"), inside, ok, lost)


def _measure_reps(exercise: Exercise, landmarks: Landmarks, reps: RepetitionTracker) -> list[MeasuredRep]:
    cycles = [found.cycle for found in reps.found]
    measured = []
    for i, found in enumerate(reps.found):
        earliest = cycles[i - 1].end_s if i else -math.inf
        latest = cycles[i + 1].start_s if i + 1 < len(cycles) else math.inf
        rep = measure_rep(
            exercise, landmarks, found.cycle, found.calibration, (earliest, max(latest, found.cycle.end_s))
        )
        measured.append(rep)
    return measured


def _judge_reps(exercise: Exercise, prescription, reps: RepetitionTracker, measured: list[MeasuredRep]) -> list[r.Rep]:
    out, depths_deg = [], []
    for i, (found, rep) in enumerate(zip(reps.found, measured, strict=True), start=1):
        rep.interval.index = i
        given = prescription.with_own_depth(depths_deg) if prescription else None
        verdicts, faults = _judge_all(exercise, rep.interval, given)
        if found.counted:
            depths_deg.append(rep.interval.peak_deg)
        out.append(
            r.Rep(
                index=i,
                side=rep.side,
                near_side=rep.calibration.near if rep.calibration.label == "side" else None,
                start_s=_s(rep.start_s),
                turn_s=_s(rep.turn_s),
                end_s=_s(rep.end_s),
                counted=found.counted,
                measures=_rounded(rep.measures),
                verdicts=verdicts,
                faults=faults,
            )
        )
    return out


def _judge_holds(exercise: Exercise, prescription, held: list[RecordedHold]) -> list[r.Hold]:
    out = []
    for i, hold in enumerate(held, start=1):
        hold.interval.index = i
        verdicts, faults = _judge_all(exercise, hold.interval, prescription)
        start_s, end_s, in_form_s, longest_s = hold.timed.clocks
        ended = None if hold.timed.ended in unassessable(exercise, prescription) else hold.timed.ended
        out.append(
            r.Hold(
                index=i,
                side=hold.timed.side or _near(exercise, hold),
                start_s=_s(start_s),
                end_s=_s(end_s),
                in_form_s=_s(in_form_s),
                longest_in_form_s=_s(longest_s),
                ended=ended,
                measures=_rounded(hold.interval.measures),
                verdicts=verdicts,
                faults=faults,
            )
        )
    return out


def _near(exercise: Exercise, hold: RecordedHold) -> str | None:
    """Return the side that a hold was judged on, where no side carries it: the nearer one, none from the front."""
    return hold.calibration.near if exercise.movement.reference_posture == "seated" else None


def _judge_all(exercise: Exercise, interval: JudgedInterval, prescription) -> tuple[list[r.Verdict], list[r.Fault]]:
    interval.hidden = unassessable(exercise, prescription)
    judged = [judge(rule, interval, prescription) for rule in exercise.rules]
    return [verdict for verdict, _ in judged], [fault for _, fault in judged if fault is not None]


def _rounded(measures: dict[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None or math.isnan(value) else round(value, 3) for name, value in measures.items()}


def _main_calibration(reps: RepetitionTracker) -> Calibration | None:
    used = [found.calibration for found in reps.found if found.counted] or [found.calibration for found in reps.found]
    return used[-1] if used else reps.calibration


def _calibration_of(held: list[RecordedHold], calibrations: list[Calibration]) -> Calibration | None:
    """Return what the longest hold was measured against; without one, the newest calibration."""
    if held:
        return max(held, key=lambda hold: hold.timed.clocks[1] - hold.timed.clocks[0]).calibration
    return calibrations[-1] if calibrations else None


def _label(exercise: Exercise, main: Calibration | None, repetitions: bool, holds: bool) -> str:
    """Return the view. A posture that is measured against itself tells it: found, it was seen from where it can be."""
    if main is None:
        return "unknown"
    if repetitions or main.source != "none":
        return main.label
    return exercise.views[0] if holds else "unknown"


def _own(exercise: Exercise, landmarks: Landmarks, near: str | None) -> Calibration | None:
    """Return the calibration of a body that is measured against itself, here its median in the whole set."""
    if exercise.movement.kind == "hold_posture" and exercise.movement.reference_posture == "standing":
        return None
    seen = np.flatnonzero(landmarks.ok & ~np.isnan(landmarks.points_px[:, 23, 0]))
    if not len(seen):
        return None
    t_s = landmarks.t_s[seen]
    return own_calibration(exercise, np.median(landmarks.points_px[seen], axis=0), (t_s[0], t_s[-1]), near)


def _view(main: Calibration | None, label: str, done: bool, carried_by: r.Side | None) -> r.View:
    """``carried_by``: the side of the body that the first hold lies on or stands on; None where no side carries it."""
    if main is None or (main.source == "none" and not done):
        return r.View(label="unknown", azimuth_deg=None, calibration=r.CalibrationSummary(source="none"))
    if main.source == "none" and carried_by is not None:  # on the side: chest or back towards the camera
        azimuth = azimuth_of_lying(carried_by, main)
        return r.View(
            label=label,
            direction=view.direction(azimuth),
            azimuth_deg=azimuth,
            calibration=r.CalibrationSummary(source="none"),
        )
    if main.source == "none":  # lying: the side that is seen is all that the landmarks tell
        azimuth = 90.0 if main.near == "left" else -90.0
        return r.View(
            label=label, azimuth_deg=azimuth, near_side=main.near, calibration=r.CalibrationSummary(source="none")
        )
    azimuth = main.azimuth_deg
    knee = MeasuredScene(main.points_px[None], main).knee_flexion_deg("mid")[0]
    return r.View(
        label=label,
        direction=view.direction(azimuth),
        azimuth_deg=None if math.isnan(azimuth) else round(azimuth),
        near_side=main.near,
        calibration=r.CalibrationSummary(
            source=main.source,
            start_s=_s(main.start_s),
            end_s=_s(main.end_s),
            leg_length_px=round(main.length_px("leg"), 1),
            standing_knee_flexion_deg=None if math.isnan(knee) else round(float(knee), 1),
        ),
    )


def _setup(main: Calibration | None, label: str, size_px: tuple[int, int]) -> r.SetupSignature:
    if main is None or main.source == "none":
        return r.SetupSignature(view=label, azimuth_deg=None, person_height_share=None)
    p = main.points_px
    height = np.nanmax(p[[27, 28, 29, 30, 31, 32], 1]) - p[0, 1]
    azimuth = None if math.isnan(main.azimuth_deg) else round(main.azimuth_deg)
    return r.SetupSignature(view=label, azimuth_deg=azimuth, person_height_share=round(float(height) / size_px[1], 2))


def _quality(landmarks: Landmarks, trace: Trace) -> r.Quality:
    n = len(landmarks.t_s)
    person = landmarks.ok & _in_long_runs(landmarks.t_s, landmarks.ok)
    main = trace.signals.get(_MAIN, np.full(n, np.nan))
    step = float(np.median(np.diff(landmarks.t_s))) if n > 1 else math.nan
    return r.Quality(
        frames=n,
        person_share=round(float(person.mean()), 3) if n else 0.0,
        assessable_share=round(float((person & ~np.isnan(main) & ~landmarks.lost.all(axis=1)).mean()), 3) if n else 0.0,
        frames_per_s=round(1.0 / step, 1) if step > 0 else None,
    )


def _in_long_runs(t_s: np.ndarray, ok: np.ndarray) -> np.ndarray:
    """Return ``ok`` without the flickers: a person is there for at least half a second, or the whole of a shorter set."""
    out = np.zeros(len(ok), bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], ok.astype(int), [0]])))
    enough_s = min(_MIN_PERSON_RUN_S, (t_s[-1] - t_s[0]) / 2 if len(t_s) else 0.0)
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        out[a:b] = t_s[b - 1] - t_s[a] >= enough_s
    return out


def _not_assessed(exercise: Exercise, done: list, label: str) -> list[r.NotAssessed]:
    """Return every rule that was not judged in the whole set or in some of its repetitions or holds."""
    out = []
    for rule in exercise.rules:
        if not done:
            reason = "wrong_view" if label != "unknown" and label not in rule.views else "nothing_done"
            out.append(r.NotAssessed(rule=rule.id, reason=reason))
            continue
        open_ = [
            (item.index, v.reason)
            for item in done
            for v in item.verdicts
            if v.rule == rule.id and v.outcome == "not_assessed"
        ]
        for reason, _ in Counter(reason for _, reason in open_).most_common():
            indices = [index for index, why in open_ if why == reason]
            out.append(r.NotAssessed(rule=rule.id, reason=reason, reps=None if len(indices) == len(done) else indices))
    return out


def _unseen_ends(exercise: Exercise, prescription: Prescription | None, holds: list[r.Hold]) -> list[r.NotAssessed]:
    """Return the end criteria that the surface hides from the camera."""
    if exercise.movement.kind != "hold_posture" or prescription is None or not holds:
        return []
    hidden = unassessable(exercise, prescription)
    bounds = (*exercise.movement.bounds, *exercise.movement.termination)
    return [r.NotAssessed(rule=bound.id, reason="surface") for bound in bounds if bound.id in hidden]


def _trace(exercise, buffer, landmarks: Landmarks, calibrations, measured, holds) -> Trace:
    """Return the raw landmarks with every signal measured on the zero-lag ones, each stretch with its own calibration."""
    n = len(landmarks.t_s)
    signals = {name: np.full(n, np.nan) for name in (*_TRACE_SIGNALS, "knee_ankle_ratio", _MAIN)}
    starts = [-math.inf] + [c.start_s for c in calibrations[1:]] + [math.inf]
    for part, calibration, front in _parts(landmarks.t_s, calibrations, starts, measured):
        scene = MeasuredScene(landmarks.points_px[part], calibration, front)
        for name, spec in _TRACE_SIGNALS.items():
            signals[name][part] = scene.signal(spec)
        p = scene.p
        width = np.abs(p[:, 27, 0] - p[:, 28, 0])
        signals["knee_ankle_ratio"][part] = np.abs(p[:, 25, 0] - p[:, 26, 0]) / np.where(width > 0, width, np.nan)
        signals[_MAIN][part] = _main_angle(exercise, scene)
    for i, side in enumerate(("left", "right")):
        signals[f"knee_flexion_{side}_deg"][landmarks.lost[:, i]] = np.nan
    phase, rep = _phases(exercise, landmarks, measured, holds)
    t_s, image, world, visibility = (
        buffer.column(name).copy() for name in ("t_s", "image_px", "world_m", "visibility")
    )
    return Trace(t_s, image, world, visibility, buffer.size_px, signals, phase, rep)


def _parts(t_s: np.ndarray, calibrations: list[Calibration], starts: list[float], measured: list[MeasuredRep]):
    """Yield (frames, calibration, front leg): half-way between two repetitions what they were measured against changes."""
    changes = [-math.inf, *((a.end_s + b.start_s) / 2 for a, b in pairwise(measured)), math.inf]
    for calibration, (a, b) in zip(calibrations, pairwise(starts), strict=False):
        for rep, (c, d) in zip(measured or [None], pairwise(changes), strict=True):
            here = rep is not None and rep.calibration.start_s == calibration.start_s
            yield (t_s >= max(a, c)) & (t_s < min(b, d)), rep.calibration if here else calibration, rep and rep.side


def _main_angle(exercise: Exercise, scene: MeasuredScene) -> np.ndarray:
    """Return the angle that the chart shows: the one that decides depth, or the body line of a hold."""
    return measure_signals(exercise.signals, scene)[exercise.movement.main_signal]


def _phases(
    exercise: Exercise, landmarks: Landmarks, measured: list[MeasuredRep], holds: list[r.Hold]
) -> tuple[np.ndarray, np.ndarray]:
    phase = np.where(landmarks.ok, "rest", "nobody").astype("<U8")
    rep = np.zeros(len(phase), int)
    t = landmarks.t_s
    out, far, back = exercise.movement.phases if measured else ("", "", "")
    for i, done in enumerate(measured, start=1):
        inside = (t >= done.start_s) & (t <= done.end_s)
        there = done.interval.t_s[done.interval.windows[far]]
        rep[inside] = i
        phase[inside & (t < there[0])] = out
        phase[inside & (t >= there[0]) & (t <= there[-1])] = far
        phase[inside & (t > there[-1])] = back
    for hold in holds:
        inside = (t >= hold.start_s - 1e-3) & (t <= hold.end_s + 1e-3)
        phase[inside], rep[inside] = "hold", hold.index
    return phase, rep
