"""Several sets in one video: where a rest is long enough, the next set begins."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.corrections import counted_anew
from formcheck.records import Hold, Rep, SetRecord

REST_S = 20.0
"""A longer rest between two repetitions begins a new set. Ours, without a source: a repetition lasts at most 15 s, and a rest
between sets is a minute by default."""


@dataclass(slots=True, frozen=True)
class Part:
    """One of the sets of a record. ``record``: as if it had been alone; repetitions keep their numbers."""

    number: int
    start_s: float
    end_s: float
    record: SetRecord


def split(record: SetRecord, rest_s: float = REST_S) -> list[Part]:
    """Return the sets of a record in order, each with at least one repetition or hold, and with clocks of its own."""
    groups: list[list[Rep | Hold]] = []
    for unit in sorted((*record.reps, *record.holds), key=lambda unit: unit.start_s):
        if groups and unit.start_s - groups[-1][-1].end_s < rest_s:
            groups[-1].append(unit)
        else:
            groups.append([unit])
    return [
        Part(number, units[0].start_s, units[-1].end_s, _part(record, units)) for number, units in enumerate(groups, 1)
    ]


def _part(record: SetRecord, units: list[Rep | Hold]) -> SetRecord:
    reps = [unit for unit in units if isinstance(unit, Rep)]
    holds = [unit for unit in units if isinstance(unit, Hold)]
    first_s, last_s = units[0].start_s, units[-1].end_s
    part = counted_anew(record, reps, holds)
    return part.model_copy(
        update={
            "hold_s": sum(hold.end_s - hold.start_s for hold in holds),
            "in_form_s": sum(hold.in_form_s for hold in holds),
            "longest_in_form_s": max((hold.longest_in_form_s for hold in holds), default=0.0),
            "events": [event for event in record.events if first_s <= event.start_s <= last_s],
        }
    )
