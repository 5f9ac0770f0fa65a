"""A long recording split into its sets, at rests as long as the rest that ends a live set."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from formcheck.model.corrections import with_bouts

if TYPE_CHECKING:
    from formcheck.model.records import Hold, Rep, SetRecord

QUIET_S = 8.0
"""Standing still for this long after at least one repetition ends a set (s, default). The live coach uses it too."""


@dataclass(slots=True, frozen=True)
class Part:
    """One set of a recording.

    The parts of a recording leave nothing out. Two parts meet in the middle of the rest between them, so each begins with the
    person standing still.

    Attributes
    ----------
    start_s, end_s : float
        Its seconds of the recording.
    bouts : tuple of int
        Indices of its repetitions or holds.
    """

    start_s: float
    end_s: float
    bouts: tuple[int, ...]


def parts(record: SetRecord, rest_s: float = QUIET_S) -> tuple[Part, ...]:
    """Split a recording into its sets. They cover the analysed time (``record.source.start_s`` to ``end_s``).

    Parameters
    ----------
    record : SetRecord
        The recording.
    rest_s : float
        Shortest rest (s) that separates two sets.

    Returns
    -------
    tuple of Part
        The sets, at least one.
    """
    source = record.source
    first_s = source.start_s or 0.0
    last_s = source.duration_s if source.end_s is None else source.end_s
    bouts: list[Rep | Hold] = [*record.reps, *record.holds]
    bouts.sort(key=lambda bout: bout.start_s)
    splits = [i for i, (a, b) in enumerate(pairwise(bouts), start=1) if b.start_s - a.end_s >= rest_s]
    edges = [first_s, *((bouts[i - 1].end_s + bouts[i].start_s) / 2 for i in splits), last_s]
    groups = [bouts[a:b] for a, b in pairwise([0, *splits, len(bouts)])]
    return tuple(
        Part(start_s, end_s, tuple(bout.index for bout in group))
        for (start_s, end_s), group in zip(pairwise(edges), groups)
    )


def only(record: SetRecord, part: Part) -> SetRecord:
    """Cut one part out of a record.

    Parameters
    ----------
    record : SetRecord
        The recording.
    part : Part
        One of its parts.

    Returns
    -------
    SetRecord
        The record as if the part were alone. Repetitions and holds keep their indices.
    """
    reps = [rep for rep in record.reps if rep.index in part.bouts]
    holds = [hold for hold in record.holds if hold.index in part.bouts]
    return with_bouts(record, reps, holds).model_copy(
        update={
            "hold_s": sum(hold.end_s - hold.start_s for hold in holds),
            "in_form_s": sum(hold.in_form_s for hold in holds),
            "longest_in_form_s": max((hold.longest_in_form_s for hold in holds), default=0.0),
            "events": [event for event in record.events if event.start_s < part.end_s and event.end_s >= part.start_s],
        }
    )
