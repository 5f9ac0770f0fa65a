"""Which one cue is due: in and after a repetition, or while a hold is broken (clinical-rules 0.8 and 1.3)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from formcheck.spec.exercise import Exercise

_PRIORITY = ("safety", "alignment", "trunk", "depth", "tempo")
_LAST_REPS, _HINTS_NEEDED = 3, 2
_QUIET_AFTER_REP_S, _QUIET_IN_HOLD_S = 6.0, 4.0


class CueChooser:
    """One cue at a time: a fault of severity 2 at once, a hint when it came in two of the last three repetitions."""

    def __init__(self, exercise: Exercise, suppressed: Collection[str] = ()) -> None:
        self.said = [rule for rule in exercise.rules if rule.id not in suppressed]
        self._order = sorted(self.said, key=lambda rule: _PRIORITY.index(rule.priority))
        self._recent: deque[dict[str, int]] = deque(maxlen=_LAST_REPS)
        self._quiet_until_s = float("-inf")

    def after_repetition(self, t_s: float, faults: dict[str, int]) -> str | None:
        """Return the rule whose cue is due, or None. ``faults``: rule id to severity in the repetition that has just ended."""
        self._recent.append(faults)
        return self._choose(t_s, _due(faults, self._recent), _QUIET_AFTER_REP_S)

    def quiet(self, t_s: float) -> bool:
        """Return whether nothing may be said now, whatever is wrong."""
        return t_s < self._quiet_until_s

    def in_repetition(self, t_s: float, faults: dict[str, int]) -> str | None:
        """Return the rule whose cue is due, or None. ``faults``: those of the repetition that runs that are known for certain."""
        before = list(self._recent)[1 - _LAST_REPS :]
        return self._choose(t_s, _due(faults, [*before, faults]), _QUIET_AFTER_REP_S)

    def in_hold(self, t_s: float, faults: dict[str, int]) -> str | None:
        """Return the rule whose cue is due, or None. ``faults``: rule id to severity right now."""
        return self._choose(t_s, {rule for rule, severity in faults.items() if severity == 2}, _QUIET_IN_HOLD_S)

    def _choose(self, t_s: float, candidates: set[str], quiet_s: float) -> str | None:
        if self.quiet(t_s):
            return None
        for rule in self._order:
            if rule.id in candidates:
                self._quiet_until_s = t_s + quiet_s
                return rule.id
        return None


def _due(faults: dict[str, int], reps: Collection[dict[str, int]]) -> set[str]:
    """Return the severe ones of ``faults``, and those that came often in ``reps``."""
    often = {rule for rule in faults if sum(rule in rep for rep in reps) >= _HINTS_NEEDED}
    return often | {rule for rule, severity in faults.items() if severity == 2}
