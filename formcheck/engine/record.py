"""From the frames of a set to its record: measured and judged again, with a zero-lag filter."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.landmarks import Landmarks, zero_lag_landmarks
from formcheck.engine.nothing.reasons import explain
from formcheck.engine.person import view
from formcheck.engine.rounding import rounded_s
from formcheck.engine.set_trace import MAIN_ANGLE, set_trace
from formcheck.engine.signals.scene import MeasuredScene
from formcheck.model import records as r
from formcheck.model.frames import steady
from formcheck.model.skeleton import INDEX
from formcheck.model.statistics import rep_statistics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.engine.landmark_buffer import LandmarkBuffer
    from formcheck.engine.signals.calibration import Calibration
    from formcheck.engine.tracking.tracker import MeasuredSet, SetPlan, SetTracker
    from formcheck.model.frames import Trace
    from formcheck.spec.exercise import Exercise

_MIN_PERSON_RUN_S = 0.5
"""A person is there for at least this long, or for half of a shorter set: else it is a flicker. Default."""
_CAMERA_MOVED = 0.03
"""A corner of the picture that moves by more, in shares of its longer side, is worth an event. Default."""
_MAX_PERSON_GAP_S = 0.25
"""A person who is seen again so soon was there meanwhile: lost or black pictures are no end. Default: three at 12 a second."""
_FEET = [INDEX[f"{side}_{joint}"] for joint in ("ankle", "heel", "foot_index") for side in ("left", "right")]
_NOSE = INDEX["nose"]


@dataclass(slots=True, frozen=True)
class SetInput:
    """The input of a record.

    Attributes
    ----------
    plan : SetPlan
    buffer : LandmarkBuffer
        All frames.
    events : sequence
        (kind, start_s, end_s) of pauses and absences.
    source : Source
    software : dict
        Versions by name.
    """

    plan: SetPlan
    buffer: LandmarkBuffer
    events: Sequence[tuple[r.EventKind, float, float]]
    source: r.Source
    software: dict[str, str]


def build(given: SetInput, tracker: SetTracker) -> tuple[r.SetRecord, Trace]:
    """Return the record and the trace of one set.

    A pure function of the raw landmarks and of what was counted causally.

    Parameters
    ----------
    given : SetInput
    tracker : SetTracker
        It has followed the set to its end.

    Returns
    -------
    tuple of SetRecord and Trace
    """
    exercise, prescription = given.plan.exercise, given.plan.prescription
    landmarks = zero_lag_landmarks(given.buffer)
    measured = tracker.measure(landmarks)
    trace = set_trace(exercise, given.buffer, landmarks, measured)
    reps, holds = measured.reps, measured.holds
    parts: list[r.Rep] | list[r.Hold] = reps or holds
    unseen_ends = [r.NotAssessed(rule=bound, reason="surface") for bound in measured.unseen_ends]
    record = r.SetRecord(
        exercise=exercise.id,
        view=_view(measured),
        source=given.source,
        quality=_quality(landmarks, trace),
        rep_count=sum(rep.counted for rep in reps),
        partial_count=sum(not rep.counted for rep in reps),
        reps=reps,
        holds=holds,
        hold_s=rounded_s(sum(hold.end_s - hold.start_s for hold in holds)),
        in_form_s=rounded_s(sum(hold.in_form_s for hold in holds)),
        longest_in_form_s=rounded_s(max((hold.longest_in_form_s for hold in holds), default=0.0)),
        faults=[fault for part in parts for fault in part.faults],
        not_assessed=_not_assessed(exercise, parts, measured.label) + unseen_ends,
        statistics=rep_statistics(reps),
        setup=_setup(measured, given.buffer.size_px),
        events=[
            r.Event(kind=kind, start_s=rounded_s(a), end_s=rounded_s(b))
            for kind, a, b in (*given.events, *_camera_moved(given.buffer), *_cut_off(measured))
        ],
        prescription=prescription.model_dump(mode="json", exclude_none=True) if prescription else None,
        software=given.software,
    )
    return record.model_copy(update={"nothing": explain(exercise, record, trace)}), trace


def _cut_off(measured: MeasuredSet) -> list[tuple[r.EventKind, float, float]]:
    return [] if measured.cut_off_s is None else [("repetition_cut_off", *measured.cut_off_s)]


def _camera_moved(buffer: LandmarkBuffer) -> list[tuple[r.EventKind, float, float]]:
    """Return from when to when, in each shot, the camera showed something clearly else than in its first picture."""
    t_s, (width, height) = buffer.column("t_s"), buffer.size_px
    ends = np.array([(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)])
    moved_px = np.hypot(*np.moveaxis(steady(ends, buffer.column("camera")) - ends, -1, 0)).max(axis=-1)
    far = np.broadcast_to(moved_px > _CAMERA_MOVED * max(width, height), len(t_s))
    shots = [t_s[far & (buffer.column("shot") == shot)] for shot in np.unique(buffer.column("shot"))]
    return [("camera_moved", float(moved_s[0]), float(moved_s[-1])) for moved_s in shots if len(moved_s)]


def _view(measured: MeasuredSet) -> r.View:
    main, label = measured.main, measured.label
    nothing = r.CalibrationSummary(source="none")
    found = measured.reps or measured.holds or (main is not None and abs(main.azimuth_deg) >= view.BEHIND_FROM_DEG)
    if main is None or (main.source == "none" and not found):
        return r.View(label="unknown", azimuth_deg=None, calibration=nothing)
    if main.source != "none":
        return _calibrated_view(main, label)
    if measured.carried_by is not None:  # on the side: chest or back towards the camera
        azimuth = _azimuth_of_lying(measured.carried_by, main)
        return r.View(label=label, direction=view.direction(azimuth), azimuth_deg=azimuth, calibration=nothing)
    # Lying or seated: the side that is seen is all that most landmarks tell.
    beside = 90.0 if main.near == "left" else -90.0
    azimuth = beside if math.isnan(main.azimuth_deg) else round(main.azimuth_deg)
    return r.View(
        label=label,
        direction=view.direction(azimuth),
        azimuth_deg=azimuth,
        near_side=main.near,
        calibration=nothing,
    )


def _azimuth_of_lying(support: r.Side, calibration: Calibration) -> float:
    """Return 0 for a body on its side whose chest is towards the camera, 180 for its back."""
    return 0.0 if (support == "left") == (calibration.facing > 0) else 180.0


def _calibrated_view(main: Calibration, label: r.ViewLabel) -> r.View:
    azimuth = main.azimuth_deg
    knee = float(MeasuredScene(main.points_px[None], main).knee_flexion_deg("mid")[0])
    return r.View(
        label=label,
        direction=view.direction(azimuth),
        azimuth_deg=None if math.isnan(azimuth) else round(azimuth),
        near_side=main.near,
        calibration=r.CalibrationSummary(
            source=main.source,
            start_s=rounded_s(main.start_s),
            end_s=rounded_s(main.end_s),
            leg_length_px=round(main.length_px("leg"), 1),
            standing_knee_flexion_deg=None if math.isnan(knee) else round(knee, 1),
        ),
    )


def _setup(measured: MeasuredSet, size_px: tuple[int, int]) -> r.SetupSignature:
    main = measured.main
    if main is None or main.source == "none":
        return r.SetupSignature(view=measured.label, azimuth_deg=None, person_height_share=None)
    height = float(np.nanmax(main.points_px[_FEET, 1]) - main.points_px[_NOSE, 1])
    azimuth = None if math.isnan(main.azimuth_deg) else round(main.azimuth_deg)
    share = round(height / size_px[1], 2)
    return r.SetupSignature(view=measured.label, azimuth_deg=azimuth, person_height_share=share)


def _quality(landmarks: Landmarks, trace: Trace) -> r.Quality:
    n = len(landmarks.t_s)
    person = landmarks.ok & _in_long_runs(landmarks.t_s, landmarks.ok)
    main = trace.signals.get(MAIN_ANGLE, np.full(n, np.nan))
    step = float(np.median(np.diff(landmarks.t_s))) if n > 1 else math.nan
    return r.Quality(
        frames=n,
        person_share=round(float(person.mean()), 3) if n else 0.0,
        assessable_share=round(float((person & ~np.isnan(main) & ~landmarks.lost.all(axis=1)).mean()), 3) if n else 0.0,
        frames_per_s=round(1.0 / step, 1) if step > 0 else None,
    )


def _in_long_runs(t_s: np.ndarray, ok: np.ndarray) -> np.ndarray:
    """Return ``ok`` (T,) without the flickers. Short gaps do not end a run.

    Of a run with gaps, at least half of the pictures must show the person.
    """
    out = np.zeros(len(ok), bool)
    seen = np.flatnonzero(ok)
    if not len(seen):
        return out
    enough_s = min(_MIN_PERSON_RUN_S, (t_s[-1] - t_s[0]) / 2)
    for run in np.split(seen, np.flatnonzero(np.diff(t_s[seen]) > _MAX_PERSON_GAP_S) + 1):
        long_enough = t_s[run[-1]] - t_s[run[0]] >= enough_s
        out[run] = long_enough and 2 * len(run) >= run[-1] - run[0] + 1
    return out


def _not_assessed(
    exercise: Exercise, parts: Sequence[r.Rep] | Sequence[r.Hold], label: r.ViewLabel
) -> list[r.NotAssessed]:
    """Return every rule that was not judged in the whole set or in some of its repetitions or holds."""
    if not parts:
        return [
            r.NotAssessed(
                rule=rule.id,
                reason="wrong_view" if label != "unknown" and label not in rule.views else "nothing_done",
            )
            for rule in exercise.rules
        ]
    return [entry for rule in exercise.rules for entry in _not_assessed_in(rule.id, parts)]


def _not_assessed_in(rule: str, parts: Sequence[r.Rep] | Sequence[r.Hold]) -> list[r.NotAssessed]:
    """Return one entry for each reason that a rule was not judged, the most frequent first."""
    reasons = [
        (part.index, verdict.reason)
        for part in parts
        for verdict in part.verdicts
        if verdict.rule == rule and verdict.outcome == "not_assessed" and verdict.reason is not None
    ]
    out = []
    for reason, _ in Counter(reason for _, reason in reasons).most_common():
        indices = [index for index, other in reasons if other == reason]
        out.append(r.NotAssessed(rule=rule, reason=reason, reps=None if len(indices) == len(parts) else indices))
    return out
