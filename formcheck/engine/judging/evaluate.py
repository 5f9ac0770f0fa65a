"""Judging one rule on one repetition or hold, with three outcomes. Rules are data; the levels come from ``conditions``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.conditions import (
    AppliedRule,
    Limits,
    SeverityLevel,
    combined,
    is_within_depth,
    limits_depth,
    limits_of,
    reference_of,
    unseen_reason,
)
from formcheck.engine.judging.interval import landmark_indices
from formcheck.engine.person import view
from formcheck.model.records import Fault, Verdict

if TYPE_CHECKING:
    from formcheck.engine.judging.interval import JudgedInterval
    from formcheck.model.records import Reason
    from formcheck.spec.prescription import Prescription
    from formcheck.spec.rules import Condition, ObliqueBound, Rule

_MIN_VISIBILITY = 0.5
"""A landmark is seen from here on. Default."""
_MIN_SHARE_SEEN = 0.8
"""A joint must be seen in this share of the window's frames. Default."""
_MIN_FRAMES = 3
"""A window with fewer frames is not judged. Default."""
_DECIMALS = {"deg": 1, "ratio": 3, "s": 2, "count": 0}


@dataclass(slots=True)
class _Reading:
    """One condition's value, the limits it was held against, how bad it is and when."""

    condition: Condition
    value: float
    limits: Limits
    level: SeverityLevel
    span_s: tuple[float, float]
    worst_s: float
    unit: str
    uncertainty: float


def judge(rule: Rule, interval: JudgedInterval, prescription: Prescription | None) -> tuple[Verdict, Fault | None]:
    """Judge one rule on one repetition or hold.

    Parameters
    ----------
    rule : Rule
    interval : JudgedInterval
    prescription : Prescription or None

    Returns
    -------
    tuple of Verdict and Fault or None
        The fault when there is one.
    """
    reason = _cannot_judge(rule, interval, prescription)
    if reason is not None:
        oblique = _read_obliquely(rule, interval, prescription) if reason in ("wrong_view", "turned") else None
        if oblique is not None and oblique.level > 0:
            return _outcome(rule, interval, oblique, oblique.level)
        return _not_assessed(rule, reason)
    applied = AppliedRule(
        rule, prescription, interval.standing, interval.view, interval.azimuth_deg, interval.main_signal
    )
    readings = [_read(applied, i, interval) for i in range(len(rule.conditions))]
    found = combined(rule, [None if reading is None else reading.level for reading in readings])
    if found is None:
        return _not_assessed(rule, "too_few_frames")
    level, index = found
    shown = readings[index]
    # Without its first condition a rule may be broken, but never ok.
    if shown is None or (level == 0 and readings[0] is None):
        return _not_assessed(rule, "too_few_frames")
    return _outcome(rule, interval, shown, level)


def _not_assessed(rule: Rule, reason: Reason) -> tuple[Verdict, None]:
    return Verdict(rule=rule.id, outcome="not_assessed", reason=reason, unit=rule.unit), None


def _outcome(
    rule: Rule, interval: JudgedInterval, shown: _Reading, level: SeverityLevel
) -> tuple[Verdict, Fault | None]:
    """Return the verdict, and the fault from level 1 on, that say what was read."""
    unit, digits, condition = shown.unit, _DECIMALS[shown.unit], shown.condition.id
    broken = shown.limits.fault if level == 2 else shown.limits.hint
    value, limit = round(shown.value, digits), round(broken, digits)
    if level == 0:
        return Verdict(rule=rule.id, condition=condition, outcome="ok", value=value, limit=limit, unit=unit), None
    side = interval.side_of(rule.side) if rule.side else None
    fault = Fault(
        rule=rule.id,
        condition=condition,
        severity=level,
        rep=interval.index,
        side=None if side == "mid" else side,
        value=value,
        limit=limit,
        unit=unit,
        uncertainty=shown.uncertainty or None,
        borderline=abs(shown.value - broken) <= shown.uncertainty,
        start_s=round(shown.span_s[0], 3),
        end_s=round(shown.span_s[1], 3),
        worst_s=round(shown.worst_s, 3),
    )
    return Verdict(rule=rule.id, condition=condition, outcome="fault", value=value, limit=limit, unit=unit), fault


def _cannot_judge(rule: Rule, interval: JudgedInterval, prescription: Prescription | None) -> Reason | None:
    """Return the reason why this rule cannot be judged here, or None."""
    if prescription is not None and prescription.turns_off(rule.id):
        return "turned_off"
    unseen = unseen_reason(rule, interval.view, interval.azimuth_deg)
    if unseen is not None:
        return unseen
    if rule.id in interval.hidden:
        return "surface"
    missing = [
        condition.reference
        for condition in rule.conditions
        if condition.unprescribed is None
        and reference_of(condition, interval.standing.get(condition.signal), prescription) is None
    ]
    if missing and (rule.combine == "all" or len(missing) == len(rule.conditions)):
        return "not_calibrated" if set(missing) == {"standing"} else "no_target"
    if rule.min_depth_deg is not None and not (interval.peak_deg or 0.0) >= rule.min_depth_deg:
        return "too_shallow"
    return _not_seen(rule, interval)


def _not_seen(rule: Rule, interval: JudgedInterval) -> Reason | None:
    """Return why the joints of a rule were not seen well enough in its window, or None."""
    mask = interval.window(rule.windows)
    if mask.sum() < _MIN_FRAMES:
        return "too_few_frames"
    joints = [i for name in rule.landmarks for i in landmark_indices(name, interval.side_of)]
    if (interval.inside[mask][:, joints].mean(axis=0) < _MIN_SHARE_SEEN).any():
        return "person_cut_off"
    if ((interval.visibility[mask][:, joints] >= _MIN_VISIBILITY).mean(axis=0) < _MIN_SHARE_SEEN).any():
        return "landmark_hidden"
    return None


def _read_obliquely(rule: Rule, interval: JudgedInterval, prescription: Prescription | None) -> _Reading | None:
    """Return what is seen of a rule of the front from between there and the side; None when nothing can be."""
    bound = rule.oblique_bound
    if bound is None or interval.view not in ("front", "oblique") or rule.id in interval.hidden:
        return None
    if _not_seen(rule, interval) is not None:
        return None
    if prescription is not None and prescription.turns_off(bound.side_rule):
        return None
    mask, condition = interval.windows["turn"], rule.conditions[0]
    found = _worst(interval.t_s[mask], np.abs(interval.signals[bound.signal][mask]), "turn_median", 0.0, 0.0)
    front = limits_of(rule, condition, 0.0, prescription)
    if found is None or front is None:
        return None
    limits = _oblique_limits(front, _side_limits(bound, prescription), interval.azimuth_deg)
    level = limits.level(found[0]) or 0
    return _Reading(
        condition,
        found[0],
        limits,
        level if level <= rule.max_severity else 1,
        (found[1], found[2]),
        found[3],
        "deg",
        0.0 if rule.uncertainty == "knee" else rule.uncertainty,
    )


def _side_limits(bound: ObliqueBound, prescription: Prescription | None) -> tuple[float, float]:
    setting = None if prescription is None else prescription.rules.get(bound.side_rule)
    if setting is None:
        return bound.side_limits
    given = setting.limits_of(bound.side_condition, first=True)
    hint, fault = bound.side_limits
    return (
        hint if given.hint_limit is None else given.hint_limit,
        fault if given.fault_limit is None else given.fault_limit,
    )


def _oblique_limits(front: Limits, side_deg: tuple[float, float], azimuth_deg: float) -> Limits:
    """Return the widened limits (deg): tan(limit) = tan(front) * cos(a) + tan(side) * sin(a)."""
    a = np.radians(view.off_frontal_deg(azimuth_deg))
    shares = np.tan(np.radians([front.hint, front.fault])) * np.cos(a) + np.tan(np.radians(side_deg)) * np.sin(a)
    hint, fault = np.degrees(np.arctan(shares)).tolist()
    return Limits(hint, fault, 1.0)


def _read(applied: AppliedRule, i: int, interval: JudgedInterval) -> _Reading | None:
    """Return the value of one condition and its level; None when it cannot be told."""
    rule, limits = applied.rule, applied.limits[i]
    condition = rule.conditions[i]
    if limits is None:
        return None
    found = (
        _of_measure(rule, condition, limits, interval)
        if condition.statistic == "measure"
        else _of_series(rule, condition, limits, interval)
    )
    if found is None:
        return None
    value, start_s, end_s, worst_s = found
    level = limits.level(value)
    if level is None:
        return None
    unit, uncertainty = rule.unit_of(condition), applied.uncertainties[i]
    return _Reading(condition, value, limits, level, (start_s, end_s), worst_s, unit, uncertainty)


_Found = tuple[float, float, float, float]
"""A judged value, its start, its end and its worst moment (s)."""


def _of_measure(rule: Rule, condition: Condition, limits: Limits, interval: JudgedInterval) -> _Found | None:
    value = interval.measures.get(condition.signal)
    if value is None:
        return None
    span = interval.t_s[interval.window(rule.windows)]
    worst_s = interval.turn_s if interval.turn_s is not None else float(span[0])
    return limits.judged(value), float(span[0]), float(span[-1]), worst_s


def _of_series(rule: Rule, condition: Condition, limits: Limits, interval: JudgedInterval) -> _Found | None:
    mask = interval.windows["turn"] if condition.statistic == "turn_median" else interval.window(rule.windows)
    if limits_depth(condition):
        mask = mask & is_within_depth(condition, interval.signals[interval.main_signal])
    series = limits.sign * limits.judged(interval.signals[condition.signal][mask])
    found = _worst(interval.t_s[mask], series, condition.statistic, rule.min_duration_s, limits.sign * limits.hint)
    return None if found is None else (limits.sign * found[0], *found[1:])


def _worst(t_s: np.ndarray, x: np.ndarray, statistic: str, min_duration_s: float, limit: float) -> _Found | None:
    """Return the highest ``x``: its median, or the highest level that lasted long enough; None where it is all NaN."""
    known = ~np.isnan(x)
    if not known.any():
        return None
    t_s, x = t_s[known], x[known]
    if statistic == "turn_median":
        return float(np.median(x)), float(t_s[0]), float(t_s[-1]), float(t_s[len(t_s) // 2])
    step = float(np.median(np.diff(t_s))) if len(t_s) > 1 else min_duration_s
    width = min(len(x), max(1, math.ceil(min_duration_s / max(step, 1e-6) - 1e-6) + 1))
    if t_s[-1] - t_s[0] < min_duration_s - step:
        return None
    lasting = np.lib.stride_tricks.sliding_window_view(x, width).min(axis=1)
    first = int(np.argmax(lasting))
    over = x > limit
    start = end = worst = first + int(np.argmax(x[first : first + width]))
    if over[worst]:
        while start > 0 and over[start - 1]:
            start -= 1
        while end < len(x) - 1 and over[end + 1]:
            end += 1
    return float(lasting[first]), float(t_s[start]), float(t_s[end]), float(t_s[worst])
