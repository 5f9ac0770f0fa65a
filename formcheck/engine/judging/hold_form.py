"""Is a hold in good form? The level of each rule, frame by frame: what stops the in-form clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.engine.judging.conditions import AppliedRule, SeverityLevel, unseen_reason
from formcheck.engine.runs import runs
from formcheck.spec.prescription import Prescription, unassessable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.engine.signals.calibration import Calibration
    from formcheck.model.records import ViewLabel
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.rules import Rule

BREAK_AFTER_S = 0.5
"""The in-form clock stops when a fault has lasted this long, back-dated to its first frame."""
_EPSILON_S = 1e-9


def judged_rules(exercise: Exercise, prescription: Prescription | None) -> list[Rule]:
    """Return the rules that may break a hold's form: not those turned off, nor those that the surface hides.

    Parameters
    ----------
    exercise : Exercise
    prescription : Prescription or None

    Returns
    -------
    list of Rule
    """
    hidden = unassessable(exercise, prescription)
    return [
        rule
        for rule in exercise.rules
        if rule.id not in hidden and not (prescription is not None and prescription.turns_off(rule.id))
    ]


def hold_view(exercise: Exercise, calibration: Calibration) -> ViewLabel:
    """Return the view that a hold is judged from.

    Parameters
    ----------
    exercise : Exercise
    calibration : Calibration

    Returns
    -------
    str
        That of the calibration. A posture that is measured against itself tells its own view: the exercise's first.
    """
    return calibration.label if calibration.source != "none" else exercise.views[0]


def applied_rules(
    exercise: Exercise, prescription: Prescription | None, standing: Mapping[str, float], calibration: Calibration
) -> list[AppliedRule]:
    """Return the rules that may break a hold's form as seen here, with the limits that apply.

    Parameters
    ----------
    exercise : Exercise
    prescription : Prescription or None
    standing : mapping
        The standing value of each signal; empty for a posture that is measured against itself.
    calibration : Calibration
        What the hold is measured against.

    Returns
    -------
    list of AppliedRule
    """
    label, azimuth_deg = hold_view(exercise, calibration), calibration.azimuth_deg
    main_signal = exercise.movement.main_signal
    return [
        AppliedRule(rule, prescription, standing, label, azimuth_deg, main_signal)
        for rule in judged_rules(exercise, prescription)
        if unseen_reason(rule, label, azimuth_deg) is None
    ]


class FrameLevels:
    """The level of every rule in the newest frame of a hold, with its hysteresis.

    Parameters
    ----------
    exercise : Exercise
    prescription : Prescription or None
    """

    def __init__(self, exercise: Exercise, prescription: Prescription | None) -> None:
        self._exercise, self._prescription = exercise, prescription
        self._applied: list[AppliedRule] = []
        self._against: tuple[Mapping[str, float], str, float] | None = None
        self._broken: set[str] = set()

    def update(
        self, values: Mapping[str, float], standing: Mapping[str, float], calibration: Calibration
    ) -> dict[str, SeverityLevel]:
        """Take one frame.

        Parameters
        ----------
        values : mapping
            Each signal's value in the frame; NaN = not measured.
        standing : mapping
            Each signal's standing value; empty for a posture that is measured against itself.
        calibration : Calibration
            What the frame was measured against.

        Returns
        -------
        dict
            The severity of each rule that is broken in the frame.
        """
        against = (standing, calibration.label, calibration.azimuth_deg)
        if against != self._against:
            self._against = against
            self._applied = applied_rules(self._exercise, self._prescription, standing, calibration)
        levels: dict[str, SeverityLevel] = {}
        for applied in self._applied:
            rule_id = applied.rule.id
            level = applied.frame_level(values, was_broken=rule_id in self._broken)
            if level:
                levels[rule_id] = level
        self._broken = {rule_id for rule_id, level in levels.items() if level == 2}
        return levels


def good_frames(
    t_s: np.ndarray, signals: Mapping[str, np.ndarray], applied: list[AppliedRule], posture: np.ndarray
) -> np.ndarray:
    """Return in which frames no fault that lasts is there.

    Parameters
    ----------
    t_s : (T,) array
    signals : mapping of (T,) arrays
        NaN = not measured.
    applied : list of AppliedRule
        The rules that may break the form.
    posture : (T,) boolean array
        The frames to judge.

    Returns
    -------
    (T,) boolean array
    """
    good = np.ones(len(t_s), bool)
    for one in applied:
        broken = _broken_frames(one, signals, posture)
        for first, end in runs(broken):
            if t_s[end - 1] - t_s[first] >= BREAK_AFTER_S - _EPSILON_S:
                good[first:end] = False
    return good


def _broken_frames(applied: AppliedRule, signals: Mapping[str, np.ndarray], posture: np.ndarray) -> np.ndarray:
    broken = np.zeros(len(posture), bool)
    was_broken = False
    for i in np.flatnonzero(posture):
        values = {name: float(signals[name][i]) for name in applied.frame_signals}
        was_broken = applied.frame_level(values, was_broken=was_broken) == 2
        broken[i] = was_broken
    return broken
