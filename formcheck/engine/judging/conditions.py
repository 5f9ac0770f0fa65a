"""The one evaluator: from the value of a condition to a level, by the limits that apply.

The finished repetition, the running one, the single frame of a hold and the record all ask here. A level is 0 (within the
limits), 1 (a hint) or 2 (a fault); None means that it cannot be told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from formcheck.engine.person import view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from formcheck.model.records import Reason
    from formcheck.spec.prescription import Prescription
    from formcheck.spec.rules import Condition, Rule

SeverityLevel = Literal[0, 1, 2]
_HYSTERESIS = {"deg": 3.0, "ratio": 0.03}
"""By unit: a rule that was broken in the frame before must come back by this much more than its fault limit. Degrees from
clinical-rules 1.3, ratios a default."""


@dataclass(slots=True, frozen=True)
class Limits:
    """The limits that apply to one condition here and now, in the unit of its signal.

    Attributes
    ----------
    hint, fault : float
        Beyond these it is a hint, a fault.
    sign : float
        1: beyond is above; -1: beyond is below.
    middle : float or None
        Of a two-sided condition: the value that distances are taken from.
    """

    hint: float
    fault: float
    sign: float
    middle: float | None = None

    @overload
    def judged(self, value: float) -> float: ...
    @overload
    def judged(self, value: np.ndarray) -> np.ndarray: ...
    def judged(self, value: float | np.ndarray) -> float | np.ndarray:
        """Return what is held against the limits: the value itself, or its distance from the middle.

        Parameters
        ----------
        value : float or array

        Returns
        -------
        float or array
        """
        if self.middle is None:
            return value
        away = value - self.middle
        return np.abs(away) if isinstance(away, np.ndarray) else abs(away)

    def level(self, judged: float, *, margin: float = 0.0, hysteresis: float = 0.0) -> SeverityLevel | None:
        """Return how bad a judged value is.

        Parameters
        ----------
        judged : float
            See ``judged``.
        margin : float
            The value must lie beyond a limit by more than this.
        hysteresis : float
            The fault limit is this much stricter.

        Returns
        -------
        int or None
            None for NaN.
        """
        value = self.sign * judged
        if value != value:
            return None
        if value > self.sign * self.fault + margin - hysteresis:
            return 2
        return 1 if value > self.sign * self.hint + margin else 0


def reference_of(condition: Condition, standing: float | None, prescription: Prescription | None) -> float | None:
    """Return what the limits of a condition start from.

    Parameters
    ----------
    condition : Condition
    standing : float or None
        The standing value of its signal; NaN or None where there is none.
    prescription : Prescription or None

    Returns
    -------
    float or None
        0 where the limits start from nothing; None where the reference is not there.
    """
    if condition.reference is None:
        return 0.0
    if condition.reference == "standing":
        return None if standing is None or math.isnan(standing) else standing
    if prescription is None:
        return None
    if condition.reference == "eccentric_s":
        return prescription.tempo.eccentric_s if prescription.tempo else None
    return prescription.target_depth_deg if condition.reference == "target_depth" else prescription.depth_cap_deg


def limits_of(
    rule: Rule, condition: Condition, standing: float | None, prescription: Prescription | None
) -> Limits | None:
    """Return the limits that apply to a condition.

    Parameters
    ----------
    rule : Rule
    condition : Condition
        One of the rule's.
    standing : float or None
        The standing value of its signal; NaN or None where there is none.
    prescription : Prescription or None

    Returns
    -------
    Limits or None
        None when the condition needs a reference that is not there.
    """
    sign, reference = condition.sign, reference_of(condition, standing, prescription)
    if reference is None:
        if condition.unprescribed is None:
            return None
        hint, fault = condition.unprescribed
        return Limits(hint, sign * math.inf if fault is None else fault, sign)
    hint, fault = (
        prescription.limits_of(rule, condition) if prescription else (condition.hint_limit, condition.fault_limit)
    )
    if condition.two_sided:
        return Limits(hint, fault, sign, reference)
    if condition.reference_mode == "times":
        return Limits(reference * hint, reference * fault, sign)
    return Limits(reference + hint, reference + fault, sign)


def uncertainty_of(rule: Rule, condition: Condition, view_label: str) -> float:
    """Return the ± of a condition's value.

    Parameters
    ----------
    rule : Rule
    condition : Condition
        One of the rule's.
    view_label : str
        The view that it is seen from.

    Returns
    -------
    float
        In the unit of the condition.
    """
    if condition.uncertainty is not None:
        return condition.uncertainty
    return view.knee_uncertainty_deg(view_label) if rule.uncertainty == "knee" else rule.uncertainty


def unseen_reason(rule: Rule, view_label: str | None, azimuth_deg: float) -> Reason | None:
    """Return why a rule cannot be judged from where the camera stands.

    Parameters
    ----------
    rule : Rule
    view_label : str or None
    azimuth_deg : float
        The camera's; NaN where it is not known.

    Returns
    -------
    str or None
        A reason of the record; None when the rule can be judged.
    """
    if view_label not in rule.views or (not rule.valid_from_behind and abs(azimuth_deg) > view.SIDE_TO_DEG):
        return "wrong_view"
    return "turned" if is_turned(rule.conditions[0], azimuth_deg) else None


def is_turned(condition: Condition, azimuth_deg: float) -> bool:
    """Return whether the camera stands too far to the side of the person for a condition.

    Parameters
    ----------
    condition : Condition
    azimuth_deg : float
        NaN counts as not too far.

    Returns
    -------
    bool
    """
    within_deg = condition.facing_within_deg
    return within_deg is not None and view.off_frontal_deg(azimuth_deg) > within_deg


@overload
def is_within_depth(condition: Condition, depth_deg: float) -> bool: ...
@overload
def is_within_depth(condition: Condition, depth_deg: np.ndarray) -> np.ndarray: ...
def is_within_depth(condition: Condition, depth_deg: float | np.ndarray) -> bool | np.ndarray:
    """Return whether frames of this depth are judged.

    Parameters
    ----------
    condition : Condition
    depth_deg : float or array
        The main signal.

    Returns
    -------
    bool or boolean array
        False for NaN where the condition limits the depth.
    """
    low = -math.inf if condition.min_depth_deg is None else condition.min_depth_deg
    high = math.inf if condition.max_depth_deg is None else condition.max_depth_deg
    return (depth_deg >= low) & (depth_deg <= high)


def limits_depth(condition: Condition) -> bool:
    """Return whether a condition is judged at some depths only.

    Parameters
    ----------
    condition : Condition

    Returns
    -------
    bool
    """
    return condition.min_depth_deg is not None or condition.max_depth_deg is not None


def combined(rule: Rule, levels: Sequence[SeverityLevel | None]) -> tuple[SeverityLevel, int] | None:
    """Return the level of a rule from those of its conditions.

    Parameters
    ----------
    rule : Rule
    levels : sequence
        One for each condition; None where it cannot be told.

    Returns
    -------
    tuple or None
        The level, at most the rule's severity, and the index of the condition to show. None when it cannot be told.
    """
    known = [(level, i) for i, level in enumerate(levels) if level is not None]
    if not known or (rule.combine == "all" and len(known) < len(levels)):
        return None
    if rule.combine == "all":
        level, shown = min(known)[0], known[0][1]
    else:
        level, shown = max(known, key=lambda entry: entry[0])
    return (level if level <= rule.max_severity else 1), shown


class AppliedRule:
    """A rule with the limits that apply from one view, against one standing calibration, under one prescription.

    Parameters
    ----------
    rule : Rule
    prescription : Prescription or None
    standing : mapping
        The standing value of each signal.
    view_label : str
    azimuth_deg : float
        The camera's; NaN where it is not known.
    main_signal : str
        The signal that limits on depth look at.

    Attributes
    ----------
    limits : list of Limits or None
        One for each condition. None: it has no reference here, or the camera stands too far to the side.
    frame_signals : tuple of str
        The signals that a frame is judged on.
    """

    def __init__(
        self,
        rule: Rule,
        prescription: Prescription | None,
        standing: Mapping[str, float],
        view_label: str,
        azimuth_deg: float,
        main_signal: str,
    ) -> None:
        self.rule = rule
        self.limits = [
            None
            if is_turned(condition, azimuth_deg)
            else limits_of(rule, condition, standing.get(condition.signal), prescription)
            for condition in rule.conditions
        ]
        self.uncertainties = [uncertainty_of(rule, condition, view_label) for condition in rule.conditions]
        # One entry for each condition: live, a rule is judged at every frame.
        self._frame = [
            (
                condition.signal,
                None if condition.statistic == "measure" else limits,
                uncertainty,
                condition if limits_depth(condition) else None,
                _HYSTERESIS.get(rule.unit_of(condition), 0.0),
            )
            for condition, limits, uncertainty in zip(rule.conditions, self.limits, self.uncertainties)
        ]
        self._main_signal = main_signal
        depth = {main_signal} if any(limits_depth(condition) for condition in rule.conditions) else set()
        self.frame_signals = tuple({entry[0] for entry in self._frame if entry[1] is not None} | depth)

    def frame_level(
        self, values: Mapping[str, float], *, beyond_uncertainty: bool = False, was_broken: bool = False
    ) -> SeverityLevel:
        """Return how bad the rule is in one frame.

        Parameters
        ----------
        values : mapping
            Each signal's value in the frame; NaN = not measured.
        beyond_uncertainty : bool
            A limit is broken only by more than the ± of the value.
        was_broken : bool
            Whether it was at fault in the frame before: then it must come back by more than its limit.

        Returns
        -------
        int
            0 where it cannot be told. Measures of the whole repetition are not known in a frame.
        """
        levels: list[SeverityLevel | None] = []
        for signal, limits, uncertainty, depth, hysteresis in self._frame:
            if limits is None or (depth is not None and not is_within_depth(depth, values[self._main_signal])):
                levels.append(None)
                continue
            judged = limits.judged(values[signal])
            margin, back = uncertainty if beyond_uncertainty else 0.0, hysteresis if was_broken else 0.0
            levels.append(limits.level(judged, margin=margin, hysteresis=back))
        found = combined(self.rule, levels)
        return 0 if found is None else found[0]
