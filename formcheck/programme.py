"""Prescriptions: what a physiotherapist may set for one person and one exercise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formcheck.errors import SpecError
from formcheck.spec import Condition, Exercise


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
    """One exercise of one person's programme. ``None`` = not prescribed, and then not judged."""

    exercise: str
    side: Literal["left", "right", "both"] | None = None
    sets: int | None = Field(None, ge=1, le=20)
    repetitions: int | None = Field(None, ge=1, le=200)
    hold_s: float | None = Field(None, gt=0, le=600)
    target_depth_deg: float | None = Field(None, ge=20, le=150)
    depth_cap_deg: float | None = Field(None, ge=20, le=150)
    tempo: Tempo | None = None
    rules: dict[str, RuleSetting] = {}
    cue_language: Literal["en", "da"] | None = None
    notes: str | None = None

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
