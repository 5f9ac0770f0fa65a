"""A programme while it is being edited, without Streamlit: what is on the page, and the programme that it makes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

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


@dataclass(slots=True)
class ExerciseDraft:
    """One exercise. ``values``: of its prescription, without what is not set; ``criteria``: limits by kind, over ``sessions``.

    ``turn``: counts what the program changed, so that the page shows it anew; ``open``: its fields are unfolded.
    """

    values: dict
    criteria: dict[CriterionKind, float] = field(default_factory=dict)
    sessions: int = USUAL_SESSIONS
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    turn: int = 0
    open: bool = False

    @property
    def exercise(self) -> Exercise:
        return exercises.load(self.values["exercise"])

    def prescription(self) -> Prescription:
        """Return it as a prescription."""
        return Prescription.model_validate(self.values)

    def put(self, name: str, value: object) -> None:
        """Set a value of the prescription; None takes it out."""
        if value is None:
            self.values.pop(name, None)
        else:
            self.values[name] = value

    def limit(self, kind: CriterionKind, value: float | None) -> None:
        """Set what is to be seen before the next level; None takes it out."""
        if value is None:
            self.criteria.pop(kind, None)
        else:
            self.criteria[kind] = value

    def become(self, exercise: str) -> None:
        """Be another exercise, with the amounts that it usually has."""
        self.values, self.criteria = _usual(exercise), {}
        self.turn += 1

    def at(self, level: Level | None) -> None:
        """Be at another level, with the support and the depth that belong to it."""
        self.values = _values(progression.at_level(self.prescription(), level))
        self.turn += 1


@dataclass(slots=True)
class Draft:
    """A programme on the page. ``programme_id`` and ``version``: the one that it was made from, None for a new one."""

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
        """Return it as a programme. Raises SpecError for what cannot be."""
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

    def checked(self, fallen: bool) -> Programme:
        """Return it as a programme that makes sense. ``fallen``: a yes on falls. Raises SpecError."""
        programme = self.programme()
        programme.check(exercises.load)
        progression.check_safe(programme, fallen)
        return programme

    def add(self, exercise: str) -> None:
        """Add an exercise with the amounts that it usually has."""
        self.rows.append(ExerciseDraft(_usual(exercise), open=True))

    def move(self, row: ExerciseDraft, by: int) -> None:
        """Move an exercise up (-1) or down (1)."""
        here = self.rows.index(row)
        there = min(max(here + by, 0), len(self.rows) - 1)
        self.rows.insert(there, self.rows.pop(here))

    def say_goal(self, place: int, text: str) -> None:
        """Put the person's words at a place; a goal keeps its id, and so its ratings; no words take it out."""
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
        """The language of the cues; None: that of the page."""
        return next((row.values["cue_language"] for row in self.rows if row.values.get("cue_language")), None)

    def speak(self, language: str | None) -> None:
        """Let all cues be in a language; None: in that of the page."""
        for row in self.rows:
            row.put("cue_language", language)


def empty(title: str, today: date) -> Draft:
    """Return a programme with nothing in it yet."""
    return Draft(title, today, today + USUAL_WEEKS * WEEK - timedelta(days=1))


def from_template(template: Template, today: date, language: str, fallen: bool) -> Draft:
    """Return a template as a draft; what is not offered after a yes on falls (``fallen``) is left out."""
    programme = template.programme(today, language)
    draft = from_programme(programme)
    draft.rows = [row for row in draft.rows if progression.safe(row.prescription(), fallen)]
    return draft


def from_programme(programme: Programme, programme_id: int | None = None, version: int | None = None) -> Draft:
    """Return a programme to be edited: as the next version of a kept one, or as a new one."""
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


def copied(programme: Programme, today: date, *, same_person: bool) -> Draft:
    """Return a copy that begins today and is as long; goals and notes go along only for the same person."""
    length = programme.end - programme.start
    draft = from_programme(programme.model_copy(update={"start": today, "end": today + length}))
    if not same_person:
        draft.goals, draft.notes = [], ""
        for row in draft.rows:
            row.put("notes", None)
    return draft


def _values(prescription: Prescription) -> dict:
    return prescription.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def _usual(exercise: str) -> dict:
    spec = exercises.load(exercise)
    values: dict = {"exercise": exercise, "sets": USUAL_SETS}
    if getattr(spec.movement, "clock_s", None) is not None:
        return values | {"sets": 1}
    if spec.movement.kind == "hold_posture":
        return values | {"hold_s": USUAL_HOLD_S}
    return values | {"repetitions": USUAL_REPETITIONS} | ({"own_depth": True} if judges_depth(spec) else {})
