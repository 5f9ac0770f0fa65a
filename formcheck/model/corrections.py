"""What a person corrects in a set: a list of entries, laid over the record. The original judgement is never changed.

``Correction`` is pydantic, JSON in and out. ``apply`` counts anew what the entries change; ``agreement`` says how often the
person and the program agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from formcheck.errors import SpecError
from formcheck.model.records import Hold, NotAssessed, Rep, SetRecord, Side, Verdict
from formcheck.model.statistics import rep_statistics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CorrectionKind = Literal[
    "add_repetition",  # one that was not found (three times), or one that was found and not counted (its index)
    "remove_repetition",
    "fault_right",  # the fault that was found is one
    "fault_wrong",  # the fault that was found is none
    "ok_right",  # nothing was found, and there is nothing
    "fault_missed",  # nothing was found, and there is a fault
    "comment",
    "seen",  # looked at, nothing to say
]
_NEEDS: dict[str, tuple[str, ...]] = {
    "remove_repetition": ("rep",),
    "fault_right": ("rule", "rep"),
    "fault_wrong": ("rule", "rep"),
    "ok_right": ("rule", "rep"),
    "fault_missed": ("rule", "rep"),
    "comment": ("moment_s", "text"),
}
_TIMES = ("start_s", "turn_s", "end_s")
_MARKS: dict[str, tuple[bool, bool]] = {
    "fault_right": (True, True),
    "fault_wrong": (True, False),
    "ok_right": (False, False),
    "fault_missed": (False, True),
}
"""What each mark says: whether the program saw a fault, and whether the person does."""

Unit = TypeVar("Unit", Rep, Hold)
_Seconds = Field(None, ge=0)


class Correction(BaseModel):
    """One entry: who, when, what. ``rep``: the index of a repetition or hold. Times in seconds of the source.

    Of several entries about the same thing the last one holds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: str = Field(min_length=1, max_length=200)
    at: AwareDatetime
    kind: CorrectionKind
    rep: int | None = Field(None, ge=1)
    rule: str | None = None
    side: Side | None = None
    start_s: float | None = _Seconds
    turn_s: float | None = _Seconds
    end_s: float | None = _Seconds
    moment_s: float | None = _Seconds
    text: str | None = Field(None, min_length=1, max_length=2000)

    @model_validator(mode="after")
    def _whole(self) -> Correction:
        missing = [name for name in _NEEDS.get(self.kind, ()) if getattr(self, name) is None]
        if self.kind == "add_repetition" and self.rep is None:
            missing = [name for name in _TIMES if getattr(self, name) is None]
            if not missing and not self.start_s < self.turn_s < self.end_s:
                raise ValueError("start_s, turn_s and end_s must rise")
        if missing:
            raise ValueError(f"{self.kind} needs {', '.join(missing)}")
        return self


CORRECTIONS = TypeAdapter(list[Correction])
"""Reads and writes a list of corrections as JSON."""


@dataclass(slots=True, frozen=True)
class Corrected:
    """A set with its corrections. ``record``: the numbers after them; ``original``: those before, untouched.

    ``marks``: (rule, repetition or hold) to the entry that holds. ``added`` and ``removed``: indices of repetitions.
    ``entries``: all of them, in order.
    A repetition that a person added was not measured: it counts, and has no measure and no verdict.
    """

    record: SetRecord
    original: SetRecord
    marks: dict[tuple[str, int], Correction]
    added: tuple[int, ...]
    removed: tuple[int, ...]
    entries: tuple[Correction, ...]

    @property
    def comments(self) -> tuple[Correction, ...]:
        """Return the entries that say something about a moment and change no number."""
        return tuple(entry for entry in self.entries if entry.kind == "comment")


@dataclass(slots=True, frozen=True)
class Agreement:
    """How often a person who marked ``marked`` verdicts agreed with them. ``kappa``: None where it is not defined."""

    agreed: int
    marked: int
    kappa: float | None


def read_corrections(text: str, name: str) -> list[Correction]:
    """Read a JSON list of corrections. ``name``: what the SpecError for a bad one calls it."""
    try:
        return CORRECTIONS.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        message = f"The corrections {name}: {field}: {first['msg']}."
        raise SpecError(message, code="corrections_value", name=name, field=field, what=first["msg"]) from error


def apply(record: SetRecord, corrections: Sequence[Correction]) -> Corrected:
    """Lay corrections over a record, in their order. The clocks of a hold stay: they run on every picture, not on its faults.

    Raises SpecError for one about a repetition or hold (``correction_unit``) or a verdict (``correction_outcome``) that the
    record does not have.
    """
    reps = {rep.index: rep for rep in record.reps}
    holds = {hold.index: hold for hold in record.holds}
    kept = {rep.index for rep in record.reps}
    added: list[int] = []
    marks: dict[tuple[str, int], Correction] = {}
    for entry in corrections:
        if entry.kind == "add_repetition" and entry.rep is None:
            index = max(reps, default=0) + 1
            reps[index] = Rep(
                index=index,
                side=entry.side,
                start_s=entry.start_s,
                turn_s=entry.turn_s,
                end_s=entry.end_s,
                counted=True,
                measures={},
            )
            kept.add(index)
            added.append(index)
        elif entry.kind == "add_repetition":
            reps[entry.rep] = _known(reps, entry).model_copy(update={"counted": True})
            kept.add(entry.rep)
        elif entry.kind == "remove_repetition":
            kept.discard(_known(reps, entry).index)
        elif entry.kind in _MARKS:
            _check_mark(holds or reps, entry)
            marks[entry.rule, entry.rep] = entry
    removed = tuple(sorted(set(reps) - kept))
    left = sorted((reps[index] for index in kept), key=lambda rep: rep.start_s)
    after = counted_anew(
        record, [_marked(rep, marks) for rep in left], [_marked(hold, marks) for hold in holds.values()]
    )
    return Corrected(after, record, marks, tuple(added), removed, tuple(corrections))


def agreement(marks: Iterable[Correction]) -> dict[str, Agreement]:
    """Return how often the marks agree with the program, rule by rule (of ``Corrected.marks``, the values)."""
    by_rule: dict[str, list[tuple[bool, bool]]] = {}
    for entry in marks:
        by_rule.setdefault(entry.rule, []).append(_MARKS[entry.kind])
    return {
        rule: Agreement(sum(a == b for a, b in pairs), len(pairs), cohens_kappa(pairs))
        for rule, pairs in sorted(by_rule.items())
    }


def cohens_kappa(pairs: Iterable[tuple[bool, bool]]) -> float | None:
    """Return the agreement of two judges beyond chance: (observed − expected) / (1 − expected).

    None without a pair, and where chance alone gives full agreement (both always say the same one thing).
    Cohen 1960, Educational and Psychological Measurement 20:37–46.
    """
    pairs = list(pairs)
    n = len(pairs)
    if n == 0:
        return None
    first, second = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    observed = sum(a == b for a, b in pairs) * n
    expected = first * second + (n - first) * (n - second)
    return None if expected == n * n else (observed - expected) / (n * n - expected)


def _known(reps: dict[int, Rep], entry: Correction) -> Rep:
    if entry.rep not in reps:
        raise _no_unit(entry)
    return reps[entry.rep]


def _check_mark(units: dict[int, Rep] | dict[int, Hold], entry: Correction) -> None:
    """Raise where the program did not say what the mark answers."""
    if entry.rep not in units:
        raise _no_unit(entry)
    said = next((v.outcome for v in units[entry.rep].verdicts if v.rule == entry.rule), None)
    if said != ("fault" if _MARKS[entry.kind][0] else "ok"):
        raise SpecError(
            f"The correction {entry.kind} does not fit this set: {entry.rule} was not judged so in no. {entry.rep}.",
            code="correction_outcome",
            kind=entry.kind,
            rule=entry.rule,
            rep=entry.rep,
        )


def _no_unit(entry: Correction) -> SpecError:
    message = f"The correction {entry.kind} does not fit this set: there is no repetition or hold {entry.rep}."
    return SpecError(message, code="correction_unit", kind=entry.kind, rep=entry.rep)


def _marked(unit: Unit, marks: dict[tuple[str, int], Correction]) -> Unit:
    """Return a repetition or hold with the faults and verdicts that the marks leave."""

    def said(verdict: Verdict) -> Verdict:
        mark = marks.get((verdict.rule, unit.index))
        return verdict if mark is None else verdict.model_copy(update={"outcome": _outcome(mark)})

    wrong = {rule for (rule, index), mark in marks.items() if index == unit.index and mark.kind == "fault_wrong"}
    faults = [fault for fault in unit.faults if fault.rule not in wrong]
    return unit.model_copy(update={"verdicts": [said(verdict) for verdict in unit.verdicts], "faults": faults})


def _outcome(mark: Correction) -> str:
    return "fault" if _MARKS[mark.kind][1] else "ok"


def counted_anew(record: SetRecord, reps: list[Rep], holds: list[Hold]) -> SetRecord:
    """Return the record with these repetitions and holds, its counts, faults and statistics made anew from them."""
    same = [(rep.index, rep.counted) for rep in reps] == [(rep.index, rep.counted) for rep in record.reps]
    there = {unit.index for unit in (*reps, *holds)}
    return record.model_copy(
        update={
            "reps": reps,
            "holds": holds,
            "rep_count": sum(rep.counted for rep in reps),
            "partial_count": sum(not rep.counted for rep in reps),
            "faults": [fault for unit in (*reps, *holds) for fault in unit.faults],
            "not_assessed": [entry for each in record.not_assessed if (entry := _still(each, there)) is not None],
            "statistics": record.statistics if same else rep_statistics([rep for rep in reps if rep.measures]),
        }
    )


def _still(entry: NotAssessed, there: set[int]) -> NotAssessed | None:
    """Return the entry without the repetitions that are gone; None when none is left."""
    if entry.reps is None:
        return entry
    left = [index for index in entry.reps if index in there]
    return entry.model_copy(update={"reps": left}) if left else None
