"""Prescriptions: what a physiotherapist may set for one person and one exercise."""

from __future__ import annotations

import json
import math
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from formcheck.errors import SpecError
from formcheck.spec.base import ViewName
from formcheck.spec.levels import LEVELS, Eyes, Level, Support, Surface, hidden_by
from formcheck.spec.movement import HoldPosture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from formcheck.spec.exercise import Exercise
    from formcheck.spec.rules import Condition, Rule

OWN_DEPTH_REPS = 3
"""The first so many counted repetitions of a set give the person's own depth. Default."""
DEFAULT_REST_S = 60.0
FIRST_CONDITION = "first_condition"
"""The key of limits that were prescribed before conditions had names: those of a rule's first condition."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tempo(_Model):
    """Prescribed seconds down, at the bottom and up."""

    eccentric_s: float = Field(gt=0, le=20)
    pause_s: float = Field(0, ge=0, le=30)
    concentric_s: float = Field(gt=0, le=20)


class ConditionLimits(_Model):
    """Limits of one condition in place of its usual ones. None: the usual one."""

    hint_limit: float | None = None
    fault_limit: float | None = None

    def applied_to(self, condition: Condition) -> tuple[float, float]:
        """Return hint and fault limit, the condition's own where none is prescribed.

        Parameters
        ----------
        condition : Condition

        Returns
        -------
        tuple of two floats
            In the unit of the condition, before its reference is taken into account.
        """
        return (
            condition.hint_limit if self.hint_limit is None else self.hint_limit,
            condition.fault_limit if self.fault_limit is None else self.fault_limit,
        )

    def check(self, rule_id: str, condition: Condition) -> None:
        """Check the limits against a condition.

        Parameters
        ----------
        rule_id : str
            The rule that the condition belongs to.
        condition : Condition

        Raises
        ------
        SpecError
            When a limit is outside the condition's bounds, or the two are the wrong way round.
        """
        where = f"rules.{rule_id}.limits.{condition.id}"
        low, high = condition.bounds
        for field, value in (("hint_limit", self.hint_limit), ("fault_limit", self.fault_limit)):
            if value is not None and not low <= value <= high:
                raise SpecError(
                    f"{where}.{field}: {value:g} is outside {low:g} to {high:g}.",
                    code="prescription_bounds",
                    rule=rule_id,
                    condition=condition.id,
                    field=field,
                    value=f"{value:g}",
                    low=f"{low:g}",
                    high=f"{high:g}",
                )
        hint_limit, fault_limit = self.applied_to(condition)
        if not condition.is_ordered(hint_limit, fault_limit):
            raise SpecError(
                f"{where}: fault_limit {fault_limit:g} must be further out than hint_limit {hint_limit:g}.",
                code="prescription_order",
                rule=rule_id,
                condition=condition.id,
                hint_limit=f"{hint_limit:g}",
                fault_limit=f"{fault_limit:g}",
            )


_USUAL_LIMITS = ConditionLimits()


class RuleSetting(_Model):
    """One rule turned off, or judged with its own limits.

    Attributes
    ----------
    enabled : bool
    limits : dict
        By the id of a condition. A condition that is not named keeps its usual limits. ``FIRST_CONDITION`` stands for the
        rule's first condition.
    """

    enabled: bool = True
    limits: dict[str, ConditionLimits] = {}

    @model_validator(mode="before")
    @classmethod
    def _of_unnamed_conditions(cls, data: object) -> object:
        """Read a setting from before conditions had names: ``t1`` and ``t2`` moved the first condition alone."""
        if not isinstance(data, dict) or not {"t1", "t2"} & set(data):
            return data
        others = {name: value for name, value in data.items() if name not in ("t1", "t2")}
        moved = {"hint_limit": data.get("t1"), "fault_limit": data.get("t2")}
        if moved == {"hint_limit": None, "fault_limit": None}:
            return others
        return {"limits": {FIRST_CONDITION: moved}} | others

    def limits_of(self, condition_id: str, *, first: bool) -> ConditionLimits:
        """Return the limits that are prescribed for a condition.

        Parameters
        ----------
        condition_id : str
        first : bool
            Whether it is the first condition of its rule.

        Returns
        -------
        ConditionLimits
            Without limits where none are prescribed.
        """
        unnamed = self.limits.get(FIRST_CONDITION) if first else None
        return self.limits.get(condition_id) or unnamed or _USUAL_LIMITS

    def check(self, rule: Rule) -> None:
        """Check the setting against its rule.

        Parameters
        ----------
        rule : Rule

        Raises
        ------
        SpecError
            When it names a condition that the rule does not have, or limits that the condition does not allow.
        """
        known = [condition.id for condition in rule.conditions]
        unknown = [name for name in self.limits if name not in (*known, FIRST_CONDITION)]
        if unknown:
            raise SpecError(
                f"rules.{rule.id}.limits.{unknown[0]}: {rule.id} has no such condition; it has {', '.join(known)}.",
                code="prescription_condition",
                rule=rule.id,
                condition=unknown[0],
                known=", ".join(known),
            )
        for place, condition in enumerate(rule.conditions):
            self.limits_of(condition.id, first=place == 0).check(rule.id, condition)


class Prescription(_Model):
    """One exercise of one person's programme. ``None`` = not prescribed, and then not judged.

    Attributes
    ----------
    own_depth : bool
        Without a target, the first three counted repetitions of a set give one: their median depth.
    rules : dict
        By the id of a rule.
    level : str or None
        An id of ``formcheck.spec.levels``. Its support, surface, eyes and depth are taken where none are given here.
    test : bool
        Done as a test, so what is allowed in training ends it.
    """

    exercise: str
    side: Literal["left", "right", "both"] | None = None
    view: ViewName | None = None
    sets: int | None = Field(None, ge=1, le=20)
    repetitions: int | None = Field(None, ge=1, le=200)
    hold_s: float | None = Field(None, gt=0, le=600)
    rest_s: float | None = Field(None, ge=0, le=600)
    target_depth_deg: float | None = Field(None, ge=20, le=150)
    own_depth: bool = False
    depth_cap_deg: float | None = Field(None, ge=20, le=150)
    tempo: Tempo | None = None
    rules: dict[str, RuleSetting] = {}
    level: str | None = None
    support: Support | None = None
    surface: Surface | None = None
    eyes: Eyes | None = None
    load_kg: float | None = Field(None, ge=0, le=300)
    test: bool = False
    cue_language: Literal["en", "da"] | None = None
    notes: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _taken_from_the_level(cls, data: object) -> object:
        level = LEVELS.get(str(data.get("level"))) if isinstance(data, dict) else None
        if level is None or not isinstance(data, dict):
            return data
        of_level = {name: getattr(level, name) for name in ("support", "surface", "eyes", "target_depth_deg")}
        return of_level | {name: value for name, value in data.items() if value is not None}

    def turns_off(self, rule_id: str) -> bool:
        """Return whether a rule is turned off.

        Parameters
        ----------
        rule_id : str

        Returns
        -------
        bool
        """
        setting = self.rules.get(rule_id)
        return setting is not None and not setting.enabled

    def limits_of(self, rule: Rule, condition: Condition) -> tuple[float, float]:
        """Return hint and fault limit of a condition, the usual ones where none are prescribed.

        Parameters
        ----------
        rule : Rule
        condition : Condition
            One of the rule's.

        Returns
        -------
        tuple of two floats
            In the unit of the condition, before its reference is taken into account.
        """
        setting = self.rules.get(rule.id)
        if setting is None:
            return condition.hint_limit, condition.fault_limit
        first = condition.id == rule.conditions[0].id
        return setting.limits_of(condition.id, first=first).applied_to(condition)

    def check(self, exercise: Exercise) -> None:
        """Check that it fits an exercise.

        Parameters
        ----------
        exercise : Exercise

        Raises
        ------
        SpecError
            When it does not fit. The sentence names field, value and allowed range.
        """
        if self.exercise != exercise.id:
            raise SpecError(
                f"The prescription is for {self.exercise}, not for {exercise.id}.",
                code="prescription_exercise",
                prescribed=self.exercise,
                exercise=exercise.id,
            )
        target_deg, cap_deg = self.target_depth_deg, self.depth_cap_deg
        if target_deg is not None and cap_deg is not None and cap_deg < target_deg:
            raise SpecError(
                f"depth_cap_deg {cap_deg:g} is below target_depth_deg {target_deg:g}.",
                code="prescription_cap",
                cap=f"{cap_deg:g}",
                target=f"{target_deg:g}",
            )
        if self.view is not None and self.view not in exercise.views:
            raise SpecError(
                f"view: {exercise.id} cannot be judged from {self.view}; it can from {', '.join(exercise.views)}.",
                code="prescription_view",
                view=self.view,
                exercise=exercise.id,
                known=", ".join(exercise.views),
            )
        self._check_level(exercise)
        known = {rule.id: rule for rule in exercise.rules}
        for rule_id, setting in self.rules.items():
            if rule_id not in known:
                raise SpecError(
                    f"rules.{rule_id}: {exercise.id} has no such rule; it has {', '.join(known)}.",
                    code="prescription_rule",
                    rule=rule_id,
                    exercise=exercise.id,
                    known=", ".join(known),
                )
            setting.check(known[rule_id])

    def _check_level(self, exercise: Exercise) -> None:
        if self.level is None:
            return
        fitting = [level.id for level in LEVELS.values() if level.exercise == exercise.id]
        if self.level not in fitting:
            listed = ", ".join(fitting) or "-"
            raise SpecError(
                f"level: {exercise.id} has no level {self.level!r}; it has {listed}.",
                code="prescription_level",
                level=self.level,
                exercise=exercise.id,
                known=listed,
            )

    def with_own_depth(self, depths_deg: Sequence[float]) -> Prescription:
        """Return the prescription with the target that the person's own first repetitions give.

        Parameters
        ----------
        depths_deg : sequence of float
            The depth of each counted repetition before the one in question. NaN are left out.

        Returns
        -------
        Prescription
            Unchanged while there are fewer than three, with a target of its own, or where ``own_depth`` is off.
        """
        known = [depth for depth in depths_deg if not math.isnan(depth)][:OWN_DEPTH_REPS]
        if not self.own_depth or self.target_depth_deg is not None or len(known) < OWN_DEPTH_REPS:
            return self
        return self.model_copy(update={"target_depth_deg": round(statistics.median(known), 1)})


def unassessable(exercise: Exercise, prescription: Prescription | None) -> frozenset[str]:
    """Return what the prescribed surface hides from the camera.

    Parameters
    ----------
    exercise : Exercise
    prescription : Prescription or None

    Returns
    -------
    frozenset of str
        Ids of rules and of end criteria.
    """
    if prescription is None:
        return frozenset()
    level: Level | None = LEVELS.get(prescription.level or "")
    if level is not None and prescription.surface in (None, level.surface):
        return level.hidden(exercise)
    return hidden_by(exercise, prescription.surface or "floor")


def left_out_ends(exercise: Exercise, prescription: Prescription | None) -> frozenset[str]:
    """Return which end criteria of a hold are not checked: those of a test in training, and those that cannot be seen.

    Parameters
    ----------
    exercise : Exercise
        One that is held.
    prescription : Prescription or None

    Returns
    -------
    frozenset of str
        Ids, also of rules that cannot be seen.
    """
    tested = prescription is not None and prescription.test
    termination = exercise.movement.termination if isinstance(exercise.movement, HoldPosture) else ()
    only_in_tests = {bound.id for bound in termination if bound.test_only and not tested}
    return unassessable(exercise, prescription) | only_in_tests


@dataclass(slots=True, frozen=True)
class PlannedSet:
    """One planned set: its prescription, and its 1-based ``number`` among the ``of`` sets of this exercise."""

    prescription: Prescription
    view: ViewName
    number: int
    of: int

    @property
    def exercise(self) -> str:
        """Return the id of the exercise."""
        return self.prescription.exercise

    @property
    def rest_s(self) -> float:
        """Return the rest after this set, in seconds."""
        return DEFAULT_REST_S if self.prescription.rest_s is None else self.prescription.rest_s


def planned_sets(prescriptions: Iterable[Prescription], load: Callable[[str], Exercise]) -> tuple[PlannedSet, ...]:
    """Return every set of a session in the order in which camera and person move least: by view, the floor last.

    Within a view the given order stays, and so do the sets of one exercise.

    Parameters
    ----------
    prescriptions : iterable of Prescription
    load : callable
        Returns an exercise by its id.

    Returns
    -------
    tuple of PlannedSet

    Raises
    ------
    SpecError
        For a prescription that does not fit its exercise.
    """
    placed: list[tuple[bool, ViewName, Prescription]] = []
    for prescription in prescriptions:
        exercise = load(prescription.exercise)
        prescription.check(exercise)
        placed.append((exercise.floor, prescription.view or exercise.train_view, prescription))
    views = list(dict.fromkeys(view for floor, view, _ in placed if not floor))
    views += [view for _, view, _ in placed if view not in views]
    # The view of the floor exercises comes last among the standing ones, so that the camera stays for the floor.
    floor_views = {view for floor, view, _ in placed if floor}
    placed.sort(key=lambda entry: (entry[0], entry[1] in floor_views, views.index(entry[1])))
    return tuple(
        PlannedSet(prescription, view, number, prescription.sets or 1)
        for _, view, prescription in placed
        for number in range(1, (prescription.sets or 1) + 1)
    )


def parse_prescription(data: object, name: str) -> Prescription:
    """Return a prescription from decoded JSON.

    Parameters
    ----------
    data : object
    name : str
        What the error for a bad value calls it.

    Returns
    -------
    Prescription

    Raises
    ------
    SpecError
        When a value has the wrong type or lies outside its range.
    """
    try:
        return Prescription.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        raise SpecError(
            f"The prescription {name}: {field}: {first['msg']}.",
            code="prescription_value",
            name=name,
            field=field,
            what=first["msg"],
        ) from error


def read_prescription(path: Path) -> Prescription:
    """Read a prescription from a JSON file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Prescription

    Raises
    ------
    SpecError
        When the file is missing, is no JSON, or holds a value out of bounds.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecError(
            f"Cannot read the prescription {path}: {error.strerror}.",
            code="prescription_file",
            path=str(path),
            reason=error.strerror or "",
        ) from error
    except ValueError as error:
        raise SpecError(
            f"The prescription {path} is not valid JSON: {error}.",
            code="prescription_json",
            path=str(path),
            reason=str(error),
        ) from error
    return parse_prescription(data, str(path))
