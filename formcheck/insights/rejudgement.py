"""One set judged twice, by other rules or against another prescription: both verdicts side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.records import Hold, Rep, SetRecord

    _Pair = tuple[Rep | Hold | None, Rep | Hold | None]

JudgedLevel = Literal["ok", "hint", "point", "not_assessed", "absent"]
"""Outcome of one rule, with hints and points to correct apart; ``absent``: the judgement does not know the rule."""


@dataclass(slots=True, frozen=True)
class BothVerdicts:
    """One rule in one repetition or hold. ``old_index`` or ``new_index`` is None where only one judgement found it."""

    rule: str
    old_index: int | None
    new_index: int | None
    old: JudgedLevel
    new: JudgedLevel

    @property
    def changed(self) -> bool:
        """Whether the two judgements differ."""
        return self.old != self.new


def side_by_side(old: SetRecord, new: SetRecord) -> list[BothVerdicts]:
    """Pair the verdicts of two judgements of the same frames.

    Repetitions (or holds) are the same when they overlap for more than half of the shorter one; each is paired with the one that
    it overlaps most. Whether they count makes no difference.

    Parameters
    ----------
    old, new : SetRecord
        The two judgements.

    Returns
    -------
    list of BothVerdicts
        All verdicts, in order of time, then of the rules.
    """
    rows = []
    for before, after in _pairs([*old.reps, *old.holds], [*new.reps, *new.holds]):
        rules = dict.fromkeys(verdict.rule for bout in (before, after) if bout for verdict in bout.verdicts)
        rows += [
            BothVerdicts(
                rule,
                before.index if before else None,
                after.index if after else None,
                _level(before, rule),
                _level(after, rule),
            )
            for rule in rules
        ]
    return rows


def _pairs(old: Sequence[Rep | Hold], new: Sequence[Rep | Hold]) -> list[_Pair]:
    """Return each old repetition or hold with its new one, and those without a partner, in order of time."""
    candidates = sorted(
        ((_overlap(a, b), i, j) for i, a in enumerate(old) for j, b in enumerate(new)), key=lambda each: -each[0]
    )
    partner: dict[int, int] = {}
    for share, i, j in candidates:
        if share > 0.5 and i not in partner and j not in partner.values():
            partner[i] = j
    found: list[tuple[float, _Pair]] = [
        (bout.start_s, (bout, new[partner[i]] if i in partner else None)) for i, bout in enumerate(old)
    ]
    found += [(bout.start_s, (None, bout)) for j, bout in enumerate(new) if j not in partner.values()]
    return [pair for _, pair in sorted(found, key=lambda each: each[0])]


def _overlap(a: Rep | Hold, b: Rep | Hold) -> float:
    """Return the share of the shorter one that both have in common."""
    common = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
    return max(common, 0.0) / max(min(a.end_s - a.start_s, b.end_s - b.start_s), 1e-9)


def _level(bout: Rep | Hold | None, rule: str) -> JudgedLevel:
    verdict = next((v for v in bout.verdicts if v.rule == rule), None) if bout else None
    if bout is None or verdict is None:
        return "absent"
    if verdict.outcome != "fault":
        return verdict.outcome
    worst = max((fault.severity for fault in bout.faults if fault.rule == rule), default=2)
    return "point" if worst == 2 else "hint"
