"""Programmes: the training of one person over some weeks, set by a physiotherapist or taken from a template.

A programme is checked when it is saved. ``Programme.model_dump_json`` and ``parse_programme`` write and read it as a file.
``Template`` is a programme without a person: no dates, no goals.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from formcheck.errors import SpecError, UsageError
from formcheck.spec.exercise import Exercise, Text
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

RATING_WEEKS = (0, 3, 6)
"""Weeks in which goals are rated (default): at the start, in week 3 and in week 6."""
WEEK = timedelta(days=7)

CriterionKind = Literal["counted_share", "clean_share", "pain_at_most", "exertion_at_most"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProgrammeExercise(_Model):
    """One exercise of a programme. Its prescription includes level, support and load."""

    prescription: Prescription


class Goal(_Model):
    """A goal of the person, in their own words. ``id`` names it in its ratings."""

    id: str = Field(pattern=r"^[a-z0-9_-]{1,64}$")
    text: str = Field(min_length=1, max_length=500)


class Criterion(_Model):
    """A physiotherapist's condition for the next level. It must hold in a number of consecutive sessions.

    Attributes
    ----------
    exercise : str
        Id of the exercise.
    kind : CriterionKind
        ``counted_share``: counted repetitions of all. ``clean_share``: repetitions without a point to correct, of those that were
        judged. ``pain_at_most``, ``exertion_at_most``: as the person reported.
    limit : float
        Smallest share (0–1), or largest pain or exertion (0–10).
    sessions : int
        Number of consecutive sessions; default 2.
    """

    exercise: str
    kind: CriterionKind
    limit: float = Field(ge=0)
    sessions: int = Field(2, ge=1, le=10)

    @model_validator(mode="after")
    def _within_its_scale(self) -> Criterion:
        most = 1 if self.kind.endswith("_share") else 10
        if self.limit > most:
            raise ValueError(f"{self.kind} must lie between 0 and {most}")
        return self


@dataclass(slots=True, frozen=True)
class ExerciseDone:
    """One exercise in one session, over all its sets. None: not reported, or no repetition was judged."""

    counted_share: float | None
    clean_share: float | None
    pain: int | None
    exertion: int | None


def met(criterion: Criterion, newest_first: Sequence[ExerciseDone]) -> bool | None:
    """Tell whether the newest sessions meet a criterion.

    Parameters
    ----------
    criterion : Criterion
        The criterion.
    newest_first : sequence of ExerciseDone
        The sessions.

    Returns
    -------
    bool or None
        None while there are too few sessions, or a value of one of them is unknown.
    """
    field = {"pain_at_most": "pain", "exertion_at_most": "exertion"}.get(criterion.kind, criterion.kind)
    values = [getattr(done, field) for done in newest_first[: criterion.sessions]]
    known = [value for value in values if value is not None]
    least = criterion.kind.endswith("_share")
    if any((value < criterion.limit) if least else (value > criterion.limit) for value in known):
        return False
    return True if len(known) == criterion.sessions else None


class Programme(_Model):
    """A person's programme. ``end``: the last day. ``pain_stop``: the person must stop an exercise above this pain (0–10)."""

    schema_version: Literal["1.0"] = "1.0"
    title: str = Field(min_length=1, max_length=120)
    start: date
    end: date
    days_a_week: int = Field(ge=1, le=7)
    exercises: tuple[ProgrammeExercise, ...] = Field(min_length=1, max_length=20)
    goals: tuple[Goal, ...] = Field((), max_length=3)
    tests: tuple[str, ...] = Field((), max_length=5, description="exercises done at the start and again in week 6")
    criteria: tuple[Criterion, ...] = Field((), max_length=40)
    pain_stop: int = Field(5, ge=0, le=10)
    notes: str | None = Field(None, max_length=4000)
    template: str | None = Field(None, max_length=64)

    def check(self, load: Callable[[str], Exercise]) -> None:
        """Refuse a programme that contradicts itself.

        Parameters
        ----------
        load : callable
            Returns an exercise by its id.

        Raises
        ------
        SpecError
            The dates, a prescription, a test, a goal or a criterion is wrong. The message names the field.
        """
        if self.end < self.start:
            raise SpecError(
                f"The programme ends on {self.end}, before it starts on {self.start}.",
                code="programme_dates",
                start=str(self.start),
                end=str(self.end),
            )
        for entry in self.exercises:
            entry.prescription.check(_known(entry.prescription.exercise, load))
        for name in self.tests:
            _known(name, load)
        for field, ids in (("goals", [goal.id for goal in self.goals]), ("tests", self.tests)):
            if len(set(ids)) < len(ids):
                raise SpecError(f"{field}: one is there twice.", code="programme_twice", field=field)
        trained = {entry.prescription.exercise for entry in self.exercises}
        for criterion in self.criteria:
            if criterion.exercise not in trained:
                raise SpecError(
                    f"A criterion is about {criterion.exercise}, which is not in the programme.",
                    code="programme_criterion",
                    exercise=criterion.exercise,
                )

    def prescriptions(self) -> tuple[Prescription, ...]:
        """List the prescriptions of a training day.

        Returns
        -------
        tuple of Prescription
            The prescriptions, in order.
        """
        return tuple(entry.prescription for entry in self.exercises)

    def week_of(self, day: date) -> int | None:
        """Find the week of a day.

        Parameters
        ----------
        day : date
            The day.

        Returns
        -------
        int or None
            Number of the week, from 0; None outside the programme.
        """
        return (day - self.start) // WEEK if self.start <= day <= self.end else None

    def left_in_week(self, week: int, trained: Iterable[date]) -> int:
        """Count the training days of a week that are left. Several sessions on a day are one training day.

        Parameters
        ----------
        week : int
            Number of the week, from 0.
        trained : iterable of date
            The days with training.

        Returns
        -------
        int
            Number of training days.
        """
        first = self.start + week * WEEK
        return max(0, self.days_a_week - len({day for day in trained if first <= day < first + WEEK}))


class Template(_Model):
    """A programme to begin with. ``floor``: some exercises are on the floor. ``starter``: offered without a physiotherapist."""

    id: str
    name: Text
    purpose: Text
    floor: bool
    starter: bool = False
    weeks: int = Field(ge=1, le=26)
    days_a_week: int = Field(ge=1, le=7)
    exercises: tuple[ProgrammeExercise, ...] = Field(min_length=1, max_length=20)
    tests: tuple[str, ...] = ()

    def programme(self, start: date, language: str) -> Programme:
        """Make a programme of the template.

        Parameters
        ----------
        start : date
            First day.
        language : str
            Language of the title.

        Returns
        -------
        Programme
            The programme.
        """
        return Programme(
            title=self.name[language],
            start=start,
            end=start + self.weeks * WEEK - timedelta(days=1),
            days_a_week=self.days_a_week,
            exercises=self.exercises,
            tests=self.tests,
            template=self.id,
        )


def parse_programme(text: str | bytes, name: str) -> Programme:
    """Read a programme from JSON.

    Parameters
    ----------
    text : str or bytes
        The JSON.
    name : str
        Name of the file in the error message.

    Returns
    -------
    Programme
        The programme.

    Raises
    ------
    SpecError
        The text is no JSON (``programme_json``) or no programme (``programme_value``).
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SpecError(
            f"The programme {name} is not valid JSON: {error}.", code="programme_json", name=name, reason=str(error)
        ) from error
    return programme_of(data, name)


def programme_of(data: object, name: str) -> Programme:
    """Read a programme from decoded JSON.

    Parameters
    ----------
    data : object
        The decoded JSON.
    name : str
        Name of the file in the error message.

    Returns
    -------
    Programme
        The programme.

    Raises
    ------
    SpecError
        A value is wrong (``programme_value``).
    """
    try:
        return Programme.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        raise SpecError(
            f"The programme {name}: {field}: {first['msg']}.",
            code="programme_value",
            name=name,
            field=field,
            what=first["msg"],
        ) from error


def _known(name: str, load: Callable[[str], Exercise]) -> Exercise:
    try:
        return load(name)
    except UsageError as error:
        known = str(error.params["known"])
        raise SpecError(
            f"The programme names the exercise {name}, which there is not. There are: {known}.",
            code="programme_exercise",
            name=name,
            known=known,
        ) from error
