"""Which one cue is due: in and after a repetition, or while a hold is broken (clinical-rules 0.8 and 1.3)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from formcheck.spec.exercise import Exercise

_PRIORITY = ("safety", "alignment", "trunk", "depth", "tempo")
"""Of several cues that are due, the first kind is given (clinical-rules 0.8)."""
_LAST_REPS, _HINTS_NEEDED = 3, 2
"""A hint is said when it came in so many of the last repetitions (clinical-rules 0.8)."""
_QUIET_AFTER_REP_S, _QUIET_IN_HOLD_S = 6.0, 4.0
"""After a cue nothing is said for this long (clinical-rules 0.8 and 1.3)."""


class CueChooser:
    """Chooses one cue at a time: a fault of severity 2 at once, a hint when it came in two of the last three repetitions.

    Parameters
    ----------
    exercise : Exercise
    suppressed : collection of str
        Rules whose cues are not given.

    Attributes
    ----------
    said : list of Rule
        The rules whose cues may be given.
    """

    def __init__(self, exercise: Exercise, suppressed: Collection[str] = ()) -> None:
        self.said = [rule for rule in exercise.rules if rule.id not in suppressed]
        self._order = sorted(self.said, key=lambda rule: _PRIORITY.index(rule.priority))
        self._recent: deque[Mapping[str, int]] = deque(maxlen=_LAST_REPS)
        self._quiet_until_s = float("-inf")

    def after_repetition(self, t_s: float, faults: Mapping[str, int]) -> str | None:
        """Return the rule whose cue is due after a repetition.

        Parameters
        ----------
        t_s : float
        faults : mapping
            Rule id to severity in the repetition that has just ended.

        Returns
        -------
        str or None
        """
        self._recent.append(faults)
        return self._choose(t_s, _due(faults, self._recent), _QUIET_AFTER_REP_S)

    def in_cooldown(self, t_s: float) -> bool:
        """Return whether no cue may be given now, since another was given a moment ago.

        Parameters
        ----------
        t_s : float

        Returns
        -------
        bool
        """
        return t_s < self._quiet_until_s

    def in_repetition(self, t_s: float, faults: Mapping[str, int]) -> str | None:
        """Return the rule whose cue is due in a repetition.

        Parameters
        ----------
        t_s : float
        faults : mapping
            Rule id to severity of the faults of the running repetition that are known for certain.

        Returns
        -------
        str or None
        """
        before = list(self._recent)[1 - _LAST_REPS :]
        return self._choose(t_s, _due(faults, [*before, faults]), _QUIET_AFTER_REP_S)

    def in_hold(self, t_s: float, faults: Mapping[str, int]) -> str | None:
        """Return the rule whose cue is due in a hold.

        Parameters
        ----------
        t_s : float
        faults : mapping
            Rule id to severity right now.

        Returns
        -------
        str or None
        """
        return self._choose(t_s, {rule for rule, severity in faults.items() if severity == 2}, _QUIET_IN_HOLD_S)

    def _choose(self, t_s: float, candidates: set[str], quiet_s: float) -> str | None:
        if self.in_cooldown(t_s):
            return None
        for rule in self._order:
            if rule.id in candidates:
                self._quiet_until_s = t_s + quiet_s
                return rule.id
        return None


def _due(faults: Mapping[str, int], reps: Collection[Mapping[str, int]]) -> set[str]:
    """Return the severe ones of ``faults``, and those that came often in ``reps``."""
    often = {rule for rule in faults if sum(rule in rep for rep in reps) >= _HINTS_NEEDED}
    return often | {rule for rule, severity in faults.items() if severity == 2}
