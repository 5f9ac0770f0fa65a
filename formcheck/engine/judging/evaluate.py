"""Judging: one rule on one repetition or hold, with three outcomes. Rules are data; this is the only verb."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.person import view
from formcheck.model.records import Fault, Verdict
from formcheck.model.skeleton import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.spec.exercise import Condition, Rule
    from formcheck.spec.prescription import Prescription

_MIN_VISIBILITY = 0.5
_MIN_SHARE_SEEN = 0.8
_MIN_FRAMES = 3
_DECIMALS = {"deg": 1, "ratio": 3, "s": 2, "count": 0}


@dataclass(slots=True)
class JudgedInterval:
    """A repetition or hold, measured: what rules look at. Arrays (T,) over its frames; ``standing``: each signal's value then.

    ``hidden``: rules that the surface hides from the camera. ``azimuth_deg``: the camera's, of ``view``.
    """

    t_s: np.ndarray
    signals: dict[str, np.ndarray]
    standing: dict[str, float]
    visibility: np.ndarray
    inside: np.ndarray
    view: str
    windows: dict[str, np.ndarray]
    measures: dict[str, float | None] = field(default_factory=dict)
    turn_s: float | None = None
    peak_deg: float | None = None
    near: str = "left"
    front: str | None = None
    index: int | None = None
    support: str | None = None
    hidden: frozenset[str] = frozenset()
    azimuth_deg: float = 0.0

    def side_of(self, word: str) -> str:
        """Return ``left`` or ``right`` for a side that is named by view or posture, ``mid`` for what is seen of both."""
        if word == "seen":
            return self.near if self.view == "side" else "mid"
        return side_of(word, self.near, self.front, self.support)


def side_of(word: str, near: str, front: str | None = None, support: str | None = None) -> str:
    """Return ``left`` or ``right`` for a side that a spec names by the view or the posture; others stay as they are."""
    other = {"left": "right", "right": "left"}
    table = {"near": near, "far": other[near], "front": front or near, "support": support or near}
    table |= {"rear": other[table["front"]], "free": other[table["support"]]}
    return table.get(word, word)


@dataclass(slots=True)
class _Reading:
    """One condition's value, the two limits it was held against, how bad it is (0, 1, 2) and when."""

    value: float
    limits: tuple[float, float]
    level: int
    start_s: float
    end_s: float
    worst_s: float
    unit: str
    uncertainty: float


def judge(rule: Rule, interval: JudgedInterval, prescription: Prescription | None) -> tuple[Verdict, Fault | None]:
    """Return the verdict of one rule on one stretch, and the fault when there is one."""
    reason = _cannot_judge(rule, interval, prescription)
    if reason is not None:
        glimpsed = _between(rule, interval, prescription) if reason in ("wrong_view", "turned") else None
        if glimpsed is not None and min(glimpsed.level, rule.max_severity) > 0:
            return _outcome(rule, interval, glimpsed, min(glimpsed.level, rule.max_severity))
        return Verdict(rule=rule.id, outcome="not_assessed", reason=reason, unit=rule.unit), None
    readings = [_read(rule, i, interval, prescription) for i in range(len(rule.conditions))]
    known = [reading for reading in readings if reading is not None]
    if not known or (rule.combine == "all" and len(known) < len(readings)):
        return Verdict(rule=rule.id, outcome="not_assessed", reason="too_few_frames", unit=rule.unit), None
    if rule.combine == "all":
        level, shown = min(reading.level for reading in known), known[0]
    else:
        shown = max(known, key=lambda reading: reading.level)
        level = shown.level
    level = min(level, rule.max_severity)
    if level == 0 and readings[0] is None:  # the first condition is the rule's own; without it nothing is ok
        return Verdict(rule=rule.id, outcome="not_assessed", reason="too_few_frames", unit=rule.unit), None
    return _outcome(rule, interval, shown, level)


def _outcome(rule: Rule, interval: JudgedInterval, shown: _Reading, level: int) -> tuple[Verdict, Fault | None]:
    """Return the verdict, and the fault from level 1 on, that say what was read."""
    unit, digits = shown.unit, _DECIMALS[shown.unit]
    broken = shown.limits[1] if level == 2 else shown.limits[0]
    value, limit = round(shown.value, digits), round(broken, digits)
    if level == 0:
        return Verdict(rule=rule.id, outcome="ok", value=value, limit=limit, unit=unit), None
    fault = Fault(
        rule=rule.id,
        severity=level,
        rep=interval.index,
        side=interval.side_of(rule.side) if rule.side else None,
        value=value,
        limit=limit,
        unit=unit,
        uncertainty=shown.uncertainty or None,
        borderline=abs(shown.value - broken) <= shown.uncertainty,
        start_s=round(shown.start_s, 3),
        end_s=round(shown.end_s, 3),
        worst_s=round(shown.worst_s, 3),
    )
    return Verdict(rule=rule.id, outcome="fault", value=value, limit=limit, unit=unit), fault


def _cannot_judge(rule: Rule, interval: JudgedInterval, prescription: Prescription | None) -> str | None:
    """Return the reason why this rule cannot be judged here, or None."""
    setting = prescription.rules.get(rule.id) if prescription else None
    if setting is not None and not setting.enabled:
        return "turned_off"
    unseen = unseen_reason(rule, interval.view, interval.azimuth_deg)
    if unseen is not None:
        return unseen
    if rule.id in interval.hidden:
        return "surface"
    missing = [
        condition.reference
        for condition in rule.conditions
        if condition.unprescribed is None and _reference(condition, interval, prescription) is None
    ]
    if missing and (rule.combine == "all" or len(missing) == len(rule.conditions)):
        return "not_calibrated" if set(missing) == {"standing"} else "no_target"
    if rule.min_knee_flexion_deg is not None and not (interval.peak_deg or 0.0) >= rule.min_knee_flexion_deg:
        return "too_shallow"
    return _not_seen(rule, interval)


def _not_seen(rule: Rule, interval: JudgedInterval) -> str | None:
    """Return why the joints of a rule were not seen well enough in its window, or None."""
    mask = _window(rule, interval)
    if mask.sum() < _MIN_FRAMES:
        return "too_few_frames"
    joints = [i for name in rule.landmarks for i in landmark_indices(name, interval.side_of)]
    if (interval.inside[mask][:, joints].mean(axis=0) < _MIN_SHARE_SEEN).any():
        return "person_cut_off"
    if ((interval.visibility[mask][:, joints] >= _MIN_VISIBILITY).mean(axis=0) < _MIN_SHARE_SEEN).any():
        return "landmark_hidden"
    return None


def unseen_reason(rule: Rule, view_label: str | None, azimuth_deg: float) -> str | None:
    """Return why a rule cannot be judged from where the camera stands, or None."""
    if view_label not in rule.views or (not rule.behind and abs(azimuth_deg) > view.SIDE_TO_DEG):
        return "wrong_view"
    return "turned" if _turned(rule.conditions[0], azimuth_deg) else None


def _turned(condition: Condition, azimuth_deg: float) -> bool:
    within_deg = condition.facing_within_deg
    return within_deg is not None and view.off_frontal_deg(azimuth_deg) > within_deg


def _between(rule: Rule, interval: JudgedInterval, prescription: Prescription | None) -> _Reading | None:
    """Return what is seen of a rule of the front from between there and the side; None when nothing can be."""
    between = rule.between
    if between is None or interval.view not in ("front", "oblique") or rule.id in interval.hidden:
        return None
    if _not_seen(rule, interval) is not None:
        return None
    settings = prescription.rules if prescription else {}
    other = settings.get(between.side_rule)
    if other is not None and not other.enabled:
        return None
    mask = interval.windows["turn"]
    found = _worst(interval.t_s[mask], np.abs(interval.signals[between.signal][mask]), "turn_median", 0.0, 0.0)
    if found is None:
        return None
    front = condition_limits(rule.conditions[0], True, rule.id, 0.0, prescription)
    side = tuple(
        usual if own is None else own
        for usual, own in zip(between.side_limits, (other.t1, other.t2) if other else (None, None), strict=True)
    )
    round_ = np.radians(view.off_frontal_deg(interval.azimuth_deg))
    share = np.tan(np.radians(front)) * np.cos(round_) + np.tan(np.radians(side)) * np.sin(round_)
    limits = tuple(float(x) for x in np.degrees(np.arctan(share)))
    value, start, end, worst = found
    level = int(np.sum(value > np.array(limits)))
    return _Reading(float(value), limits, level, float(start), float(end), float(worst), "deg", float(rule.uncertainty))


def landmark_indices(point: str, side_of: Callable[[str], str]) -> list[int]:
    """Return the landmarks of a point of a spec. ``side_of`` turns a named side into ``left``, ``right`` or ``mid``."""
    side, _, joint = point.rpartition(".")
    if side == "":
        return [INDEX[joint]]
    known = side_of(side)
    sides = ("left", "right") if known == "mid" else (known,)
    return [INDEX[f"{s}_{joint}"] for s in sides]


def _window(rule: Rule, interval: JudgedInterval) -> np.ndarray:
    return np.logical_or.reduce([interval.windows[name] for name in rule.windows])


def _reference(condition: Condition, interval: JudgedInterval, prescription: Prescription | None) -> float | None:
    """Return what the condition's limits start from; None when it is not there or could not be measured."""
    measured = condition.signal.replace("_top_deg", "_standing_deg")  # of a measure NAME_top_deg: NAME_standing_deg
    standing = interval.standing.get(condition.signal, interval.measures.get(measured))
    return reference_value(condition, standing, prescription)


def reference_value(condition: Condition, standing: float | None, prescription: Prescription | None) -> float | None:
    """Return what the condition's limits start from, given its signal's standing value; None when it is not there."""
    if condition.reference is None:
        return 0.0
    if condition.reference == "standing":
        return None if standing is None or np.isnan(standing) else standing
    if prescription is None:
        return None
    if condition.reference == "eccentric_s":
        return prescription.tempo.eccentric_s if prescription.tempo else None
    return getattr(
        prescription, {"target_depth": "target_depth_deg", "depth_cap": "depth_cap_deg"}[condition.reference]
    )


def condition_limits(
    condition: Condition, first: bool, rule_id: str, reference: float | None, prescription: Prescription | None
) -> tuple[float, float]:
    """Return the two limits in the signal's own unit, the prescription's where it has its own."""
    t1, t2 = condition.t1, condition.t2
    if reference is None:
        t1, t2 = condition.unprescribed[0], condition.unprescribed[1]
        return t1, (np.inf if condition.fault_when == "above" else -np.inf) if t2 is None else t2
    setting = prescription.rules.get(rule_id) if prescription and first else None
    if setting is not None:
        t1, t2 = (t1 if setting.t1 is None else setting.t1), (t2 if setting.t2 is None else setting.t2)
    if condition.two_sided:
        return t1, t2
    if condition.reference_mode == "times":
        return reference * t1, reference * t2
    return reference + t1, reference + t2


def uncertainty_of(rule: Rule, condition: Condition, view_label: str) -> float:
    """Return the ± of a condition's value, seen from that view."""
    if condition.uncertainty is not None:
        return condition.uncertainty
    return view.knee_uncertainty_deg(view_label) if rule.uncertainty == "knee" else rule.uncertainty


def _read(rule: Rule, i: int, interval: JudgedInterval, prescription: Prescription | None) -> _Reading | None:
    condition = rule.conditions[i]
    reference = _reference(condition, interval, prescription)
    if (reference is None and condition.unprescribed is None) or _turned(condition, interval.azimuth_deg):
        return None
    t1, t2 = condition_limits(condition, i == 0, rule.id, reference, prescription)
    sign = 1.0 if condition.fault_when == "above" else -1.0
    if condition.statistic == "measure":
        value = interval.measures.get(condition.signal)
        if value is None:
            return None
        value = abs(value - reference) if condition.two_sided else value
        span = interval.t_s[_window(rule, interval)]
        start, end, worst = span[0], span[-1], interval.turn_s if interval.turn_s is not None else span[0]
    else:
        mask = interval.windows["turn"] if condition.statistic == "turn_median" else _window(rule, interval)
        if condition.max_knee_flexion_deg is not None:
            mask = mask & (interval.signals["knee_flexion"] <= condition.max_knee_flexion_deg)
        if condition.min_knee_flexion_deg is not None:
            mask = mask & (interval.signals["knee_flexion"] >= condition.min_knee_flexion_deg)
        series = interval.signals[condition.signal][mask]
        if condition.two_sided:
            series = np.abs(series - reference)
        found = _worst(interval.t_s[mask], sign * series, condition.statistic, rule.min_duration_s, sign * t1)
        if found is None:
            return None
        value, start, end, worst = found
        value *= sign
    level = 2 if sign * (value - t2) > 0 else 1 if sign * (value - t1) > 0 else 0
    return _Reading(
        float(value),
        (float(t1), float(t2)),
        level,
        float(start),
        float(end),
        float(worst),
        condition.unit or rule.unit,
        uncertainty_of(rule, condition, interval.view),
    )


def _worst(
    t_s: np.ndarray, x: np.ndarray, statistic: str, min_duration_s: float, limit: float
) -> tuple[float, float, float, float] | None:
    """Return (value, start, end, worst moment) of the highest ``x``: the median, or the highest level that lasted long enough."""
    known = ~np.isnan(x)
    if not known.any():
        return None
    t_s, x = t_s[known], x[known]
    if statistic == "turn_median":
        return float(np.median(x)), t_s[0], t_s[-1], t_s[len(t_s) // 2]
    step = float(np.median(np.diff(t_s))) if len(t_s) > 1 else min_duration_s
    width = min(len(x), max(1, int(np.ceil(min_duration_s / max(step, 1e-6) - 1e-6)) + 1))
    if t_s[-1] - t_s[0] < min_duration_s - step:
        return None
    lasting = np.lib.stride_tricks.sliding_window_view(x, width).min(axis=1)
    first = int(np.argmax(lasting))
    value = float(lasting[first])
    over = x > limit
    start = end = first + int(np.argmax(x[first : first + width]))
    worst = start
    if over[start]:
        while start > 0 and over[start - 1]:
            start -= 1
        while end < len(x) - 1 and over[end + 1]:
            end += 1
    return value, t_s[start], t_s[end], t_s[worst]
