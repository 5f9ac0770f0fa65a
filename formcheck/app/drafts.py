"""A programme while it is edited, without Streamlit: the fields of the page, and the programme they make."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from formcheck import exercises
from formcheck.app.services import judges_depth
from formcheck.programmes import progression
from formcheck.programmes.programme import WEEK, CriterionKind, Goal, Programme, Template, programme_of
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.levels import Level

USUAL_WEEKS, USUAL_DAYS = 6, 3
MOST_ROWS, MOST_GOALS = 20, 3
USUAL_SETS, USUAL_REPETITIONS, USUAL_HOLD_S = 2, 10, 20.0
USUAL_SESSIONS = 2
"""The usual amounts are defaults: a new programme begins with them, and the person changes them."""

PrescriptionData = dict[str, Any]
"""The fields of a ``Prescription``, ready for JSON, without those that are not set."""


@dataclass(slots=True)
class ExerciseDraft:
    """One exercise of a draft.

    ``values``: its prescription. ``criteria``: limits by kind, each over ``sessions`` sessions. ``turn``: counts the program's own
    changes, so that the page draws its fields again. ``open``: its fields are unfolded.
    """

    values: PrescriptionData
    criteria: dict[CriterionKind, float] = field(default_factory=dict)
    sessions: int = USUAL_SESSIONS
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    turn: int = 0
    open: bool = False

    @property
    def exercise(self) -> Exercise:
        """Return the exercise."""
        return exercises.load(self.values["exercise"])

    def prescription(self) -> Prescription:
        """Return the prescription."""
        return Prescription.model_validate(self.values)

    def set(self, name: str, value: object) -> None:
        """Set a value of the prescription; None removes it."""
        if value is None:
            self.values.pop(name, None)
        else:
            self.values[name] = value

    def set_criterion(self, kind: CriterionKind, value: float | None) -> None:
        """Set a limit to reach before the next level; None removes it."""
        if value is None:
            self.criteria.pop(kind, None)
        else:
            self.criteria[kind] = value

    def change_exercise(self, exercise: str) -> None:
        """Change to another exercise, with its usual amounts."""
        self.values, self.criteria = _usual(exercise), {}
        self.turn += 1

    def set_level(self, level: Level | None) -> None:
        """Change to another level, with its support and depth."""
        self.values = _values(progression.at_level(self.prescription(), level))
        self.turn += 1


@dataclass(slots=True)
class Draft:
    """A programme on the page. ``programme_id`` and ``version``: the programme it was made from; None for a new one."""

    title: str
    start: date
    end: date
    days_a_week: int = USUAL_DAYS
    rows: list[ExerciseDraft] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    pain_stop: int = 5
    notes: str = ""
    template: str | None = None
    programme_id: int | None = None
    version: int | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def programme(self) -> Programme:
        """Return the programme. Raises SpecError for impossible values."""
        criteria = {
            (row.values["exercise"], kind): {
                "exercise": row.values["exercise"],
                "kind": kind,
                "limit": limit,
                "sessions": row.sessions,
            }
            for row in reversed(self.rows)
            for kind, limit in row.criteria.items()
        }
        data = {
            "title": self.title.strip(),
            "start": self.start,
            "end": self.end,
            "days_a_week": self.days_a_week,
            "exercises": [{"prescription": row.values} for row in self.rows],
            "goals": [goal.model_dump() for goal in self.goals],
            "tests": self.tests,
            "criteria": list(criteria.values()),
            "pain_stop": self.pain_stop,
            "notes": self.notes.strip() or None,
            "template": self.template,
        }
        return programme_of(data, self.title.strip())

    def valid_programme(self, fallen: bool) -> Programme:
        """Return the programme after all checks. ``fallen``: the person said yes to a fall. Raises SpecError."""
        programme = self.programme()
        programme.check(exercises.load)
        progression.check_safe(programme, fallen)
        return programme

    def add(self, exercise: str) -> None:
        """Add an exercise with its usual amounts."""
        self.rows.append(ExerciseDraft(_usual(exercise), open=True))

    def move(self, row: ExerciseDraft, by: int) -> None:
        """Move an exercise up (-1) or down (1)."""
        here = self.rows.index(row)
        there = min(max(here + by, 0), len(self.rows) - 1)
        self.rows.insert(there, self.rows.pop(here))

    def set_goal(self, place: int, text: str) -> None:
        """Set the person's words for a goal. A goal keeps its id, and so its ratings. No words remove it."""
        text = text.strip()
        if place < len(self.goals):
            if text:
                self.goals[place] = self.goals[place].model_copy(update={"text": text})
            else:
                self.goals.pop(place)
        elif text:
            self.goals.append(Goal(id=uuid.uuid4().hex[:8], text=text))

    @property
    def cue_language(self) -> str | None:
        """Return the language of the cues; None: the language of the page."""
        return next((row.values["cue_language"] for row in self.rows if row.values.get("cue_language")), None)

    def set_cue_language(self, language: str | None) -> None:
        """Set the language of all cues; None: the language of the page."""
        for row in self.rows:
            row.set("cue_language", language)


def empty(title: str, today: date) -> Draft:
    """Return an empty programme of the usual length."""
    return Draft(title, today, today + USUAL_WEEKS * WEEK - timedelta(days=1))


def from_template(template: Template, today: date, language: str, fallen: bool) -> Draft:
    """Return a template as a draft. ``fallen``: exercises that are not offered after a fall are left out."""
    programme = template.programme(today, language)
    draft = from_programme(programme)
    draft.rows = [row for row in draft.rows if progression.safe(row.prescription(), fallen)]
    return draft


def from_programme(programme: Programme, programme_id: int | None = None, version: int | None = None) -> Draft:
    """Return a draft of a programme: the next version of a stored one, or a new one."""
    draft = Draft(
        programme.title,
        programme.start,
        programme.end,
        programme.days_a_week,
        [ExerciseDraft(_values(entry.prescription)) for entry in programme.exercises],
        list(programme.goals),
        list(programme.tests),
        programme.pain_stop,
        programme.notes or "",
        programme.template,
        programme_id,
        version,
    )
    for criterion in programme.criteria:
        row = next((row for row in draft.rows if row.values["exercise"] == criterion.exercise), None)
        if row is not None:
            row.criteria[criterion.kind], row.sessions = criterion.limit, criterion.sessions
    return draft


def copy_of(programme: Programme, today: date, *, same_person: bool) -> Draft:
    """Return a copy that begins today and is as long. Goals and notes are copied only for the same person."""
    length = programme.end - programme.start
    draft = from_programme(programme.model_copy(update={"start": today, "end": today + length}))
    if not same_person:
        draft.goals, draft.notes = [], ""
        for row in draft.rows:
            row.set("notes", None)
    return draft


def _values(prescription: Prescription) -> PrescriptionData:
    return prescription.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def _usual(exercise: str) -> PrescriptionData:
    spec = exercises.load(exercise)
    values: PrescriptionData = {"exercise": exercise, "sets": USUAL_SETS}
    if getattr(spec.movement, "clock_s", None) is not None:
        return values | {"sets": 1}
    if spec.movement.kind == "hold_posture":
        return values | {"hold_s": USUAL_HOLD_S}
    return values | {"repetitions": USUAL_REPETITIONS} | ({"own_depth": True} if judges_depth(spec) else {})
