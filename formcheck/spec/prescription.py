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
from formcheck.spec.exercise import Condition, Exercise, ViewName
from formcheck.spec.levels import LEVELS, Eyes, Level, Support, Surface, hidden_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

OWN_DEPTH_REPS = 3
DEFAULT_REST_S = 60.0


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tempo(_Model):
    """Prescribed seconds down, at the bottom and up."""

    eccentric_s: float = Field(gt=0, le=20)
    pause_s: float = Field(0, ge=0, le=30)
    concentric_s: float = Field(gt=0, le=20)


class RuleSetting(_Model):
    """One rule turned off, or with its own limits (of the rule's first condition)."""

    enabled: bool = True
    t1: float | None = None
    t2: float | None = None

    def check(self, rule_id: str, condition: Condition) -> None:
        """Raise SpecError when a limit is outside the condition's bounds, or the two are the wrong way round."""
        low, high = condition.bounds
        for field in ("t1", "t2"):
            value = getattr(self, field)
            if value is not None and not low <= value <= high:
                raise SpecError(
                    f"rules.{rule_id}.{field}: {value:g} is outside {low:g} to {high:g}.",
                    code="prescription_bounds",
                    rule=rule_id,
                    field=field,
                    value=f"{value:g}",
                    low=f"{low:g}",
                    high=f"{high:g}",
                )
        t1 = condition.t1 if self.t1 is None else self.t1
        t2 = condition.t2 if self.t2 is None else self.t2
        if (t2 <= t1) if condition.fault_when == "above" else (t2 >= t1):
            raise SpecError(
                f"rules.{rule_id}: t2 {t2:g} must be further out than t1 {t1:g}.",
                code="prescription_order",
                rule=rule_id,
                t1=f"{t1:g}",
                t2=f"{t2:g}",
            )


class Prescription(_Model):
    """One exercise of one person's programme. ``None`` = not prescribed, and then not judged.

    ``own_depth``: without a target, the first three counted repetitions of a set give one, their median depth.
    ``level``: an id of ``formcheck.spec.levels``; its support, surface, eyes and depth are taken where none are given here.
    ``test``: done as a test, so what is allowed in training ends it.
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
    def _what_the_level_says(cls, data: object) -> object:
        level = LEVELS.get(str(data.get("level"))) if isinstance(data, dict) else None
        if level is None:
            return data
        said = {name: getattr(level, name) for name in ("support", "surface", "eyes", "target_depth_deg")}
        return said | {name: value for name, value in data.items() if value is not None}

    def check(self, exercise: Exercise) -> None:
        """Raise SpecError when it does not fit the exercise; the sentence names field, value and allowed range."""
        if self.exercise != exercise.id:
            raise SpecError(
                f"The prescription is for {self.exercise}, not for {exercise.id}.",
                code="prescription_exercise",
                prescribed=self.exercise,
                exercise=exercise.id,
            )
        if None not in (self.target_depth_deg, self.depth_cap_deg) and self.depth_cap_deg < self.target_depth_deg:
            raise SpecError(
                f"depth_cap_deg {self.depth_cap_deg:g} is below target_depth_deg {self.target_depth_deg:g}.",
                code="prescription_cap",
                cap=f"{self.depth_cap_deg:g}",
                target=f"{self.target_depth_deg:g}",
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
            setting.check(rule_id, known[rule_id].conditions[0])

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

        ``depths_deg``: the depth of each counted repetition before the one that is to be judged; NaN are left out.
        Unchanged while there are fewer than three, with a target of its own, or where ``own_depth`` is off.
        """
        known = [depth for depth in depths_deg if not math.isnan(depth)][:OWN_DEPTH_REPS]
        if not self.own_depth or self.target_depth_deg is not None or len(known) < OWN_DEPTH_REPS:
            return self
        return self.model_copy(update={"target_depth_deg": round(statistics.median(known), 1)})


def unassessable(exercise: Exercise, prescription: Prescription | None) -> frozenset[str]:
    """Return the ids of the rules and end criteria that the prescribed surface hides from the camera."""
    if prescription is None:
        return frozenset()
    level: Level | None = LEVELS.get(prescription.level or "")
    if level is not None and prescription.surface in (None, level.surface):
        return level.hidden(exercise)
    return hidden_by(exercise, prescription.surface or "floor")


def left_out_ends(exercise: Exercise, prescription: Prescription | None) -> frozenset[str]:
    """Return the ids of a hold's end criteria that are not looked at: those of a test in training, those that cannot be seen."""
    tested = prescription is not None and prescription.test
    only_in_tests = {bound.id for bound in exercise.movement.ends if bound.test_only and not tested}
    return unassessable(exercise, prescription) | only_in_tests


@dataclass(slots=True, frozen=True)
class PlannedSet:
    """One set of a training session: what is prescribed, and the how-manieth of that exercise it is (from 1)."""

    prescription: Prescription
    view: ViewName
    number: int
    of: int

    @property
    def exercise(self) -> str:
        return self.prescription.exercise

    @property
    def rest_s(self) -> float:
        """Return the rest after this set, in seconds."""
        return DEFAULT_REST_S if self.prescription.rest_s is None else self.prescription.rest_s


def planned_sets(prescriptions: Iterable[Prescription], load: Callable[[str], Exercise]) -> tuple[PlannedSet, ...]:
    """Return every set of a session in the order in which the camera and the person move least: by view, the floor last.

    Within a view the given order stays, and so do the sets of one exercise. ``load`` returns an exercise by its id.
    Raises SpecError for a prescription that does not fit its exercise.
    """
    placed = []
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
    """Return a prescription from decoded JSON. ``name``: what the SpecError for a bad value calls it."""
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
    """Read a prescription from a JSON file. Raises SpecError in words when it is missing, no JSON, or out of bounds."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecError(
            f"Cannot read the prescription {path}: {error.strerror}.",
            code="prescription_file",
            path=str(path),
            reason=error.strerror,
        ) from error
    except ValueError as error:
        raise SpecError(
            f"The prescription {path} is not valid JSON: {error}.",
            code="prescription_json",
            path=str(path),
            reason=str(error),
        ) from error
    return parse_prescription(data, str(path))
