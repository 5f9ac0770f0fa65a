"""Corrections of a set: a list of entries that a person lays over the record. The original judgement never changes.

``Correction`` is pydantic, so JSON goes in and out. ``apply`` computes the corrected record. ``agreement`` says how often
the person and the program agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from formcheck.errors import SpecError
from formcheck.model.records import Hold, NotAssessed, Outcome, Rep, SetRecord, Side, Verdict
from formcheck.model.statistics import rep_statistics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CorrectionKind = Literal[
    "add_repetition",  # one that the program did not find (three times), or found and did not count (its index)
    "remove_repetition",
    "fault_right",  # the fault that the program found is one
    "fault_wrong",  # the fault that the program found is none
    "ok_right",  # the program found no fault, and there is none
    "fault_missed",  # the program found no fault, and there is one
    "comment",
    "seen",  # the reviewer looked at the set and has nothing to say
]
CHANGES_NO_NUMBER = frozenset({"comment", "seen"})
"""Kinds of entries that never change a number."""
POINT_TO_CORRECT = 2
"""Severity of a fault that is a point to correct; 1 is a hint."""
_NEEDS: dict[str, tuple[str, ...]] = {
    "remove_repetition": ("rep",),
    "fault_right": ("rule", "rep"),
    "fault_wrong": ("rule", "rep"),
    "ok_right": ("rule", "rep"),
    "fault_missed": ("rule", "rep"),
    "comment": ("moment_s", "text"),
}
_MARKS: dict[str, tuple[bool, bool]] = {
    "fault_right": (True, True),
    "fault_wrong": (True, False),
    "ok_right": (False, False),
    "fault_missed": (False, True),
}
"""Whether the program saw a fault, and whether the person sees one, for each kind of mark."""

Bout = TypeVar("Bout", Rep, Hold)
Marks = dict[tuple[str, int], "Correction"]
"""(rule, index of the repetition or hold) to the mark that applies."""
_Seconds = Field(None, ge=0)


class Correction(BaseModel):
    """One entry: who, when and what. A later entry about the same thing replaces the earlier one.

    Attributes
    ----------
    by : str
        Name of the person who made the entry.
    at : datetime
        Time of the entry, with its zone.
    kind : CorrectionKind
        What the entry says.
    rep : int, optional
        Index of the repetition or hold.
    rule, side : str, optional
        The rule that a mark is about; the side of an added repetition.
    start_s, turn_s, end_s : float, optional
        Times of an added repetition in seconds of the source.
    moment_s, text : optional
        The moment (seconds of the source) and the words of a comment.
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
            times = {"start_s": self.start_s, "turn_s": self.turn_s, "end_s": self.end_s}
            missing = [name for name, value in times.items() if value is None]
            known = [value for value in times.values() if value is not None]
            if not missing and not known[0] < known[1] < known[2]:
                raise ValueError("start_s, turn_s and end_s must rise")
        if missing:
            raise ValueError(f"{self.kind} needs {', '.join(missing)}")
        return self


CORRECTIONS = TypeAdapter(list[Correction])
"""Reads and writes a list of corrections as JSON."""


@dataclass(slots=True, frozen=True)
class Corrected:
    """A set with its corrections.

    A repetition that a person added was not measured. It counts, and it has neither measures nor verdicts.

    Attributes
    ----------
    record : SetRecord
        The record after the corrections.
    original : SetRecord
        The record as the program made it, unchanged.
    marks : dict
        (rule, index of the repetition or hold) to the mark that applies.
    added, removed : tuple of int
        Indices of the repetitions that a person added or removed.
    entries : tuple of Correction
        All entries, in order.
    """

    record: SetRecord
    original: SetRecord
    marks: Marks
    added: tuple[int, ...]
    removed: tuple[int, ...]
    entries: tuple[Correction, ...]

    @property
    def comments(self) -> tuple[Correction, ...]:
        """The entries that say something about a moment and change no number."""
        return tuple(entry for entry in self.entries if entry.kind == "comment")


@dataclass(slots=True, frozen=True)
class Agreement:
    """How often a person agreed with the verdicts of one rule.

    Attributes
    ----------
    agreed, marked : int
        Number of verdicts that the person agreed with, of those that the person marked.
    kappa : float or None
        Cohen's kappa; None where it is undefined.
    """

    agreed: int
    marked: int
    kappa: float | None


def read_corrections(text: str, name: str) -> list[Correction]:
    """Read a JSON list of corrections.

    Parameters
    ----------
    text : str
        The JSON.
    name : str
        Name of the file in the error message.

    Returns
    -------
    list of Correction
        The entries, in order.

    Raises
    ------
    SpecError
        The text is no list of corrections (``corrections_value``).
    """
    try:
        return CORRECTIONS.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        message = f"The corrections {name}: {field}: {first['msg']}."
        raise SpecError(message, code="corrections_value", name=name, field=field, what=first["msg"]) from error


def apply(record: SetRecord, corrections: Sequence[Correction]) -> Corrected:
    """Lay corrections over a record, in their order.

    The clocks of a hold stay: they run on every frame and do not depend on the faults.

    Parameters
    ----------
    record : SetRecord
        The original record.
    corrections : sequence of Correction
        The entries, in order.

    Returns
    -------
    Corrected
        The corrected record with the original beside it.

    Raises
    ------
    SpecError
        An entry is about a repetition or hold (``correction_unit``) or a verdict (``correction_outcome``) that the
        record does not have.
    """
    if not corrections:
        return Corrected(record, record, {}, (), (), ())
    reps = {rep.index: rep for rep in record.reps}
    holds = {hold.index: hold for hold in record.holds}
    present = set(reps)
    added: list[int] = []
    marks: Marks = {}
    for entry in corrections:
        if entry.kind == "add_repetition" and entry.rep is None:
            new = _added(max(reps, default=0) + 1, entry)
            reps[new.index] = new
            present.add(new.index)
            added.append(new.index)
        elif entry.kind == "add_repetition":
            counted = _rep_of(reps, entry).model_copy(update={"counted": True})
            reps[counted.index] = counted
            present.add(counted.index)
        elif entry.kind == "remove_repetition":
            present.discard(_rep_of(reps, entry).index)
        elif entry.kind in _MARKS:
            marks[_marked_place(holds or reps, entry)] = entry
    removed = tuple(sorted(set(reps) - present))
    left = sorted((reps[index] for index in present), key=lambda rep: rep.start_s)
    after = with_bouts(record, [_marked(rep, marks) for rep in left], [_marked(hold, marks) for hold in holds.values()])
    return Corrected(after, record, marks, tuple(added), removed, tuple(corrections))


def with_bouts(record: SetRecord, reps: list[Rep], holds: list[Hold]) -> SetRecord:
    """Replace the repetitions and holds of a record, and recompute everything that follows from them.

    Parameters
    ----------
    record : SetRecord
        The record to start from.
    reps : list of Rep
        The repetitions, in order of time.
    holds : list of Hold
        The holds.

    Returns
    -------
    SetRecord
        The record with its counts, faults, unassessed rules and statistics recomputed.
    """
    same = [(rep.index, rep.counted) for rep in reps] == [(rep.index, rep.counted) for rep in record.reps]
    bouts: list[Rep | Hold] = [*reps, *holds]
    present = {bout.index for bout in bouts}
    return record.model_copy(
        update={
            "reps": reps,
            "holds": holds,
            "rep_count": sum(rep.counted for rep in reps),
            "partial_count": sum(not rep.counted for rep in reps),
            "faults": [fault for bout in bouts for fault in bout.faults],
            "not_assessed": [entry for each in record.not_assessed if (entry := _still(each, present)) is not None],
            "nothing": [] if holds or any(rep.counted for rep in reps) else record.nothing,
            "statistics": record.statistics if same else rep_statistics([rep for rep in reps if rep.measures]),
        }
    )


def broken_rules(bout: Rep | Hold) -> set[str]:
    """Name the rules that a repetition or hold broke.

    Parameters
    ----------
    bout : Rep or Hold
        The repetition or hold. A fault that a person added has a verdict and no measured fault.

    Returns
    -------
    set of str
        Ids of the rules, hints included.
    """
    return {fault.rule for fault in bout.faults} | {v.rule for v in bout.verdicts if v.outcome == "fault"}


def point_rules(bout: Rep | Hold) -> set[str]:
    """Name the rules that give a repetition or hold a point to correct.

    Parameters
    ----------
    bout : Rep or Hold
        The repetition or hold. A fault that a person added has no severity and is a point to correct.

    Returns
    -------
    set of str
        Ids of the rules, without those that gave hints only.
    """
    points = {fault.rule for fault in bout.faults if fault.severity == POINT_TO_CORRECT}
    return points | (broken_rules(bout) - {fault.rule for fault in bout.faults})


def added_faults(record: SetRecord) -> list[tuple[str, Rep | Hold]]:
    """Find the faults that a person added. The program measured nothing of them.

    Parameters
    ----------
    record : SetRecord
        The record, as corrected.

    Returns
    -------
    list of (str, Rep or Hold)
        The rule and the counted repetition or hold, in order of time.
    """
    bouts: list[Rep | Hold] = [*(rep for rep in record.reps if rep.counted), *record.holds]
    return [
        (rule, bout) for bout in bouts for rule in sorted(broken_rules(bout) - {fault.rule for fault in bout.faults})
    ]


def no_bout(entry: Correction) -> SpecError:
    """Make the error of an entry about a repetition or hold that the set does not have.

    Parameters
    ----------
    entry : Correction
        The entry.

    Returns
    -------
    SpecError
        The error (``correction_unit``), to be raised.
    """
    message = f"The correction {entry.kind} does not fit this set: there is no repetition or hold {entry.rep}."
    return SpecError(message, code="correction_unit", kind=entry.kind, rep=entry.rep)


def agreement(marks: Iterable[Correction]) -> dict[str, Agreement]:
    """Count how often the marks agree with the program.

    Parameters
    ----------
    marks : iterable of Correction
        The values of ``Corrected.marks``.

    Returns
    -------
    dict of str to Agreement
        The agreement of each marked rule, in the order of the rules' ids.
    """
    by_rule: dict[str, list[tuple[bool, bool]]] = {}
    for entry in marks:
        if entry.rule is not None:
            by_rule.setdefault(entry.rule, []).append(_MARKS[entry.kind])
    return {
        rule: Agreement(sum(a == b for a, b in pairs), len(pairs), cohens_kappa(pairs))
        for rule, pairs in sorted(by_rule.items())
    }


def cohens_kappa(pairs: Iterable[tuple[bool, bool]]) -> float | None:
    """Compute the agreement of two judges beyond chance: (observed − expected) / (1 − expected).

    Parameters
    ----------
    pairs : iterable of (bool, bool)
        The two judges' answers to each question.

    Returns
    -------
    float or None
        None without a pair, and where chance alone gives full agreement (both always give the same answer).

    Notes
    -----
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


def _added(index: int, entry: Correction) -> Rep:
    """Return the repetition that a person added. Its times are there: ``Correction`` checks them."""
    times = {name: getattr(entry, name) for name in ("start_s", "turn_s", "end_s")}
    return Rep(index=index, side=entry.side, counted=True, measures={}, **times)


def _rep_of(reps: Mapping[int, Rep], entry: Correction) -> Rep:
    if entry.rep is None or entry.rep not in reps:
        raise no_bout(entry)
    return reps[entry.rep]


def _marked_place(bouts: Mapping[int, Rep] | Mapping[int, Hold], entry: Correction) -> tuple[str, int]:
    """Return the rule and index that a mark is about. Raises SpecError where the program did not judge so."""
    if entry.rule is None or entry.rep is None or entry.rep not in bouts:
        raise no_bout(entry)
    judged = next((v.outcome for v in bouts[entry.rep].verdicts if v.rule == entry.rule), None)
    if judged != ("fault" if _MARKS[entry.kind][0] else "ok"):
        raise SpecError(
            f"The correction {entry.kind} does not fit this set: {entry.rule} was not judged so in no. {entry.rep}.",
            code="correction_outcome",
            kind=entry.kind,
            rule=entry.rule,
            rep=entry.rep,
        )
    return entry.rule, entry.rep


def _marked(bout: Bout, marks: Marks) -> Bout:
    """Return a repetition or hold with the faults and verdicts that the marks leave."""

    def answered(verdict: Verdict) -> Verdict:
        mark = marks.get((verdict.rule, bout.index))
        return verdict if mark is None else verdict.model_copy(update={"outcome": _outcome(mark)})

    wrong = {rule for (rule, index), mark in marks.items() if index == bout.index and mark.kind == "fault_wrong"}
    faults = [fault for fault in bout.faults if fault.rule not in wrong]
    return bout.model_copy(update={"verdicts": [answered(verdict) for verdict in bout.verdicts], "faults": faults})


def _outcome(mark: Correction) -> Outcome:
    return "fault" if _MARKS[mark.kind][1] else "ok"


def _still(entry: NotAssessed, present: set[int]) -> NotAssessed | None:
    """Return the entry without the repetitions that were removed; None when none is left."""
    if entry.reps is None:
        return entry
    left = [index for index in entry.reps if index in present]
    return entry.model_copy(update={"reps": left}) if left else None
