"""One set judged twice, by other rules or against another prescription: both verdicts side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from formcheck.model.records import Hold, Rep, SetRecord

Said = Literal["ok", "hint", "point", "not_assessed", "absent"]


@dataclass(slots=True, frozen=True)
class BothVerdicts:
    """One rule in one repetition or hold. ``old_index`` or ``new_index`` is None where only one judgement found it."""

    rule: str
    old_index: int | None
    new_index: int | None
    old: Said
    new: Said

    @property
    def changed(self) -> bool:
        return self.old != self.new


def side_by_side(old: SetRecord, new: SetRecord) -> list[BothVerdicts]:
    """Return every verdict of two judgements of the same pictures, in order of time, then of the rules.

    Repetitions (or holds) are the same when they overlap for more than half of the shorter one, each with the one that it
    overlaps most; whether they count makes no difference. A rule that only one judgement knows is ``absent`` in the other.
    """
    rows = []
    for before, after in _pairs([*old.reps, *old.holds], [*new.reps, *new.holds]):
        rules = dict.fromkeys(verdict.rule for unit in (before, after) if unit for verdict in unit.verdicts)
        rows += [
            BothVerdicts(
                rule,
                before.index if before else None,
                after.index if after else None,
                _said(before, rule),
                _said(after, rule),
            )
            for rule in rules
        ]
    return rows


def _pairs(old: list, new: list) -> list[tuple[Rep | Hold | None, Rep | Hold | None]]:
    """Return each old unit with its new one, and what is left of both, in order of time."""
    candidates = sorted(
        ((_overlap(a, b), i, j) for i, a in enumerate(old) for j, b in enumerate(new)), key=lambda each: -each[0]
    )
    partner: dict[int, int] = {}
    for share, i, j in candidates:
        if share > 0.5 and i not in partner and j not in partner.values():
            partner[i] = j
    found = [(unit, new[partner[i]] if i in partner else None) for i, unit in enumerate(old)]
    found += [(None, unit) for j, unit in enumerate(new) if j not in partner.values()]
    return sorted(found, key=lambda pair: (pair[0] or pair[1]).start_s)


def _overlap(a: Rep | Hold, b: Rep | Hold) -> float:
    """Return the share of the shorter one that both have in common."""
    common = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
    return max(common, 0.0) / max(min(a.end_s - a.start_s, b.end_s - b.start_s), 1e-9)


def _said(unit: Rep | Hold | None, rule: str) -> Said:
    verdict = next((v for v in unit.verdicts if v.rule == rule), None) if unit else None
    if verdict is None:
        return "absent"
    if verdict.outcome != "fault":
        return verdict.outcome
    worst = max((fault.severity for fault in unit.faults if fault.rule == rule), default=2)
    return "point" if worst == 2 else "hint"
