"""A finished set as data for the player: landmarks in compact form, repetitions and faults with their times, and texts."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.model.skeleton import BONES, INDEX
from formcheck.reports import tables
from formcheck.reports.chart import target_band
from formcheck.video.draw import JOINTS
from formcheck.video.overlay import BELIEVED, Angle, fault_joints, main_angles

if TYPE_CHECKING:
    from formcheck.model.frames import Trace
    from formcheck.model.records import Fault, SetRecord
    from formcheck.spec.exercise import Exercise

STEPS = 16_384
"""Steps of a coordinate over the picture's width or height. A landmark may lie up to one width or height outside."""
BLIND_S = 0.2
"""Shortest time (s) without an angle that is marked; default."""
_UNSEEN = 65_535
"""Coordinate of a landmark that was not seen."""


def motion(record: SetRecord, trace: Trace, exercise: Exercise, language: str) -> dict[str, Any]:
    """Return a set as JSON-ready data.

    ``t_s`` (float32), ``points`` (uint16, frames × joints × 2: (share of the picture + 1) × ``STEPS``, 65535 = not seen),
    ``doubtful`` (uint8, frames × joints: 1 = not believed) and ``angles`` (float32, NaN = not measurable) are
    base64, little-endian. ``margin_deg``: the ± of the angles. ``band``: their target, from and to; None is an open end, or no
    target at all. ``blind``: times (s) in which no angle could be measured, from and to.
    """
    shares: np.ndarray = trace.image_px[:, JOINTS] / np.asarray(trace.size_px, np.float32)
    seen = np.isfinite(shares).all(axis=2) & (np.abs(shares - 0.5) < 1.5).all(axis=2)
    points = np.where(seen[..., None], np.round((shares + 1) * STEPS), _UNSEEN)
    place = {joint: i for i, joint in enumerate(JOINTS)}
    angles = main_angles(record, trace, exercise)
    faults = sorted(record.shown_faults, key=lambda fault: fault.worst_s)
    marked = {rule.id: rule.marked for rule in exercise.rules}
    return {
        "size": list(trace.size_px),
        "steps": STEPS,
        "t_s": _packed(trace.t_s, "<f4"),
        "points": _packed(np.nan_to_num(points), "<u2"),
        "doubtful": _packed(trace.visibility[:, JOINTS] < BELIEVED, "u1"),
        "joints": len(JOINTS),
        "edges": [[place[INDEX[a]], place[INDEX[b]]] for a, b in BONES],
        "angles": [
            {"arc": [place[joint] for joint in angle.arc], "deg": _packed(angle.deg, "<f4")} for angle in angles
        ],
        "margin_deg": tables.knee_uncertainty_deg(record) if exercise.movement.kind == "rep_cycle" else None,
        "band": _band(record, exercise) if angles else None,
        "blind": _blind(trace, angles),
        "units": [
            {"index": rep.index, "start_s": rep.start_s, "end_s": rep.end_s, "kind": _kind(rep.counted, rep.faults)}
            for rep in record.reps
        ]
        + [
            {
                "index": hold.index,
                "start_s": hold.start_s,
                "end_s": hold.end_s,
                "kind": _kind(True, hold.faults),
                "held": True,
            }
            for hold in record.holds
        ],
        "faults": [
            {
                "start_s": fault.start_s,
                "end_s": fault.end_s,
                "worst_s": fault.worst_s,
                "severity": fault.severity,
                "joints": [place[joint] for joint in fault_joints(record, fault, marked.get(fault.rule, ()))],
                "text": f"{row.what}: {row.measured} ({row.limit})",
                "cue": row.cue,
            }
            for fault, row in zip(faults, tables.fault_rows(record, exercise, language), strict=True)
        ],
    }


def _band(record: SetRecord, exercise: Exercise) -> dict[str, float | None] | None:
    """Return the target of the angles, None without one."""
    low_deg, high_deg = target_band(record, exercise)
    return None if low_deg is None and high_deg is None else {"low_deg": low_deg, "high_deg": high_deg}


def _blind(trace: Trace, angles: list[Angle]) -> list[list[float]]:
    """Return the times (s), from and to, in which no angle was measured for at least ``BLIND_S``."""
    if not angles or not len(trace.t_s):
        return []
    unseen = np.isnan([angle.deg for angle in angles]).all(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], unseen, [False]]).astype(np.int8)))
    spans = [[float(trace.t_s[a]), float(trace.t_s[min(b, len(trace.t_s) - 1)])] for a, b in edges.reshape(-1, 2)]
    return [span for span in spans if span[1] - span[0] >= BLIND_S]


def _kind(counted: bool, faults: list[Fault]) -> str:
    """Return the word that gives a repetition or hold its colour in the player."""
    if not counted:
        return "small"
    return ("good", "hint", "fault")[max((fault.severity for fault in faults), default=0)]


def _packed(values: np.ndarray, kind: str) -> str:
    """Return values as base64 of a numpy type, such as ``<f4``."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode("ascii")
