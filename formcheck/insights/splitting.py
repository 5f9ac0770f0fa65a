"""A long recording split into its sets: a rest between two repetitions or holds is as long as the one that ends a live set."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from formcheck.model.corrections import with_bouts

if TYPE_CHECKING:
    from formcheck.model.records import SetRecord

QUIET_S = 8.0
"""Standing still for this long after at least one repetition ends a set (s, default). The live coach uses it too."""


@dataclass(slots=True, frozen=True)
class Part:
    """One set of a recording: the seconds that belong to it, and the indices of its repetitions or holds.

    The parts of a recording leave nothing out: two meet in the middle of the rest between them, so each begins standing still.
    """

    start_s: float
    end_s: float
    units: tuple[int, ...]


def parts(record: SetRecord, rest_s: float = QUIET_S) -> tuple[Part, ...]:
    """Return the sets of a recording, at least one. ``rest_s``: the shortest rest that separates two.

    What was analysed (``record.source.start_s`` to ``end_s``) is where the first begins and the last ends.
    """
    source = record.source
    first_s = source.start_s or 0.0
    last_s = source.duration_s if source.end_s is None else source.end_s
    units = sorted((*record.reps, *record.holds), key=lambda unit: unit.start_s)
    splits = [i for i, (a, b) in enumerate(pairwise(units), start=1) if b.start_s - a.end_s >= rest_s]
    edges = [first_s, *((units[i - 1].end_s + units[i].start_s) / 2 for i in splits), last_s]
    groups = [units[a:b] for a, b in pairwise([0, *splits, len(units)])]
    return tuple(
        Part(start_s, end_s, tuple(unit.index for unit in group))
        for (start_s, end_s), group in zip(pairwise(edges), groups)
    )


def only(record: SetRecord, part: Part) -> SetRecord:
    """Return the record of one part, as if it had been alone; repetitions and holds keep their numbers."""
    reps = [rep for rep in record.reps if rep.index in part.units]
    holds = [hold for hold in record.holds if hold.index in part.units]
    return with_bouts(record, reps, holds).model_copy(
        update={
            "hold_s": sum(hold.end_s - hold.start_s for hold in holds),
            "in_form_s": sum(hold.in_form_s for hold in holds),
            "longest_in_form_s": max((hold.longest_in_form_s for hold in holds), default=0.0),
            "events": [event for event in record.events if part.start_s <= event.start_s < part.end_s],
        }
    )
