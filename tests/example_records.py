"""Hand-made records and traces for tests of what shows them: eight squats and a plank, with faults and gaps."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from formcheck.model.corrections import Correction
from formcheck.model.frames import N_LANDMARKS, Trace
from formcheck.model.records import (
    CalibrationSummary,
    Event,
    Fault,
    Hold,
    NotAssessed,
    Nothing,
    Quality,
    Rep,
    SetRecord,
    SetupSignature,
    Source,
    Statistic,
    Verdict,
    View,
)

SOFTWARE = {"formcheck": "0.1.0", "model": "full", "model_sha256": "ab" * 32, "python": "3.11.9"}
PEAKS_DEG = (92.0, 94.0, 71.0, 96.0, 33.0, 91.0, 66.0, 95.0, 93.0)
"""Depth of each squat; the fifth is a small one, which the record holds against the target like the others."""


def shallow(index: int, peak_deg: float, turn_s: float) -> Fault:
    severity = 2 if peak_deg < 70 else 1
    limit = 75.0 if severity == 2 else 85.0
    return Fault(
        rule="depth",
        severity=severity,
        rep=index,
        side="left",
        value=peak_deg,
        limit=limit,
        unit="deg",
        uncertainty=5.0,
        borderline=abs(peak_deg - limit) < 5,
        start_s=turn_s - 0.1,
        end_s=turn_s + 0.1,
        worst_s=turn_s,
    )


def squat_rep(index: int, peak_deg: float, start_s: float) -> Rep:
    turn_s, counted = start_s + 1.4, peak_deg >= 35
    faults = []
    if peak_deg < 85:
        faults.append(shallow(index, peak_deg, turn_s))
    if index in (3, 7):
        faults.append(
            Fault(
                rule="heels",
                severity=2,
                rep=index,
                side="left",
                value=21.0,
                limit=18.0,
                unit="deg",
                uncertainty=4.0,
                borderline=True,
                start_s=turn_s - 0.4,
                end_s=turn_s,
                worst_s=turn_s - 0.1,
            )
        )
    depth = "fault" if peak_deg < 85 else "ok"
    verdicts = [
        Verdict(rule="depth", outcome=depth, value=peak_deg, limit=85.0, unit="deg"),
        Verdict(rule="knees_in", outcome="not_assessed", reason="wrong_view"),
    ]
    measures = {
        "knee_flexion_peak_deg": peak_deg,
        "eccentric_s": 1.4,
        "pause_s": 0.3,
        "concentric_s": None if index == 2 else 1.1,
    }
    return Rep(
        index=index,
        start_s=start_s,
        turn_s=turn_s,
        end_s=start_s + 2.8,
        counted=counted,
        measures=measures,
        verdicts=verdicts,
        faults=faults,
    )


def squat_record(**changes: object) -> SetRecord:
    """Return eight squats and a small one from the side, judged against 90°."""
    reps = [squat_rep(i + 1, peak, 2.0 + 3.6 * i) for i, peak in enumerate(PEAKS_DEG)]
    fields = dict(  # noqa: C408
        exercise="squat",
        view=View(
            label="side",
            direction=None,
            azimuth_deg=88.0,
            near_side="left",
            calibration=CalibrationSummary(
                source="standing", start_s=0.2, end_s=1.4, leg_length_px=310.0, standing_knee_flexion_deg=6.0
            ),
        ),
        source=Source(name="squats <1>.mp4", sha256="cd" * 32, width=854, height=480, duration_s=36.0),
        quality=Quality(frames=900, person_share=1.0, assessable_share=0.97, frames_per_s=25.0),
        rep_count=8,
        partial_count=1,
        reps=reps,
        holds=[],
        hold_s=0.0,
        in_form_s=0.0,
        longest_in_form_s=0.0,
        faults=[fault for rep in reps for fault in rep.faults],
        not_assessed=[
            NotAssessed(rule="knees_in", reason="wrong_view"),
            NotAssessed(rule="weight_shift", reason="wrong_view"),
            NotAssessed(rule="asymmetry", reason="wrong_view"),
            NotAssessed(rule="too_deep", reason="no_target"),
            NotAssessed(rule="lockout", reason="landmark_hidden", reps=[2, 6]),
        ],
        statistics={
            "knee_flexion_peak_deg": Statistic(mean=87.3, sd=11.2, drift=-1.5),
            "eccentric_s": Statistic(mean=1.4, sd=None, drift=None),
        },
        setup=SetupSignature(view="side", azimuth_deg=88.0, person_height_share=0.8),
        events=[Event(kind="person_changed", start_s=34.8, end_s=35.6)],
        prescription={
            "exercise": "squat",
            "target_depth_deg": 90.0,
            "tempo": {"eccentric_s": 3, "pause_s": 0, "concentric_s": 1.5},
        },
        software=SOFTWARE,
    )
    return SetRecord(**{**fields, **changes})


def squat_trace(signal: str = "main_angle_deg") -> Trace:
    """Return the trace of ``squat_record``, its main angle with a gap of one second."""
    t_s = np.arange(0, 36, 0.04)
    knee = np.full(t_s.shape, 6.0)
    for i, peak in enumerate(PEAKS_DEG):
        inside = (t_s >= 2.0 + 3.6 * i) & (t_s <= 4.8 + 3.6 * i)
        knee[inside] = 6 + (peak - 6) * np.sin(np.pi * (t_s[inside] - 2.0 - 3.6 * i) / 2.8) ** 2
    knee[(t_s > 34.8) & (t_s < 35.6)] = np.nan
    return _trace(t_s, {signal: knee})


def plank_record(**changes: object) -> SetRecord:
    """Return one hold of 30 s, in form for 22 s, with the hips low twice."""
    faults = [
        Fault(
            rule="hips_low",
            severity=2,
            rep=1,
            value=-17.0,
            limit=-15.0,
            unit="deg",
            uncertainty=4.0,
            borderline=True,
            start_s=start_s,
            end_s=start_s + 4,
            worst_s=start_s + 2,
        )
        for start_s in (14.0, 26.0)
    ]
    verdicts = [
        Verdict(rule="hips_low", outcome="fault", value=-17.0, limit=-15.0, unit="deg"),
        Verdict(rule="knees_bent", outcome="ok", value=170.0, limit=160.0, unit="deg"),
    ]
    hold = Hold(
        index=1, start_s=4.0, end_s=34.0, in_form_s=22.0, longest_in_form_s=10.0, verdicts=verdicts, faults=faults
    )
    fields = dict(  # noqa: C408
        exercise="plank",
        reps=[],
        rep_count=0,
        partial_count=0,
        holds=[hold],
        hold_s=30.0,
        in_form_s=22.0,
        longest_in_form_s=10.0,
        faults=faults,
        not_assessed=[NotAssessed(rule="head", reason="landmark_hidden")],
        statistics={},
        events=[],
        prescription=None,
    )
    return squat_record(**{**fields, **changes})


def plank_trace(signal: str = "main_angle_deg") -> Trace:
    """Return the trace of ``plank_record``."""
    t_s = np.arange(0, 36, 0.04)
    line = np.where((t_s > 4) & (t_s < 34), 4 + 2 * np.sin(t_s), np.nan)
    line[((t_s > 14) & (t_s < 18)) | ((t_s > 26) & (t_s < 30))] = -17.0
    return _trace(t_s, {signal: line})


def nobody_record(**changes: object) -> SetRecord:
    """Return a set in which nobody was seen."""
    calibration = CalibrationSummary(source="none")
    fields = dict(  # noqa: C408
        view=View(label="unknown", azimuth_deg=None, calibration=calibration),
        reps=[],
        rep_count=0,
        partial_count=0,
        faults=[],
        quality=Quality(frames=900, person_share=0.0, assessable_share=0.0),
        statistics={},
        events=[],
        prescription=None,
        not_assessed=[NotAssessed(rule="depth", reason="nothing_done")],
        nothing=[Nothing(reason="nobody", seen={"seen_share": 0.0}, remedy="whole_body")],
        setup=SetupSignature(view="unknown", azimuth_deg=None, person_height_share=None),
    )
    return squat_record(**{**fields, **changes})


def _trace(t_s: np.ndarray, signals: dict[str, np.ndarray]) -> Trace:
    n = len(t_s)
    landmarks = np.full((n, N_LANDMARKS, 3), np.nan, np.float32)
    return Trace(
        t_s,
        landmarks[..., :2],
        landmarks,
        np.zeros((n, N_LANDMARKS), np.float32),
        (854, 480),
        signals,
        np.full(n, "rest"),
        np.zeros(n, int),
    )


SEEN = Correction(kind="seen", by="Anna", at=datetime(2026, 3, 4, 12, tzinfo=UTC))
"""Somebody looked at a set and had nothing to say."""
