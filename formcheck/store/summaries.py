"""What lists and trends need of a record, in a few numbers: a page with hundreds of sets reads no record.

``setup``: says which sets may be compared; ``means`` and ``sides``: the mean of each measure over the counted repetitions, of all
and of each side; ``holds``: side and seconds of each, in order; ``judged`` and ``clean``: how many repetitions or holds were
judged at all, and how many of these without a point to correct; ``faults``: in how many repetitions or holds each rule was
broken; ``worst``: the moment to look at first; ``sway``: the pose model that it was measured with, and of each hold in which it
was measured side, sideways spread, path a second (leg lengths) and seconds.
What could not be measured is not there.
"""

from __future__ import annotations

import statistics

from pydantic import ValidationError

from formcheck.model.records import Hold, Rep, SetRecord

POINT_TO_CORRECT = 2  # the severity


def summary_of(record: SetRecord) -> dict:
    """Return the summary of a record, ready for JSON."""
    reps = [rep for rep in record.reps if rep.counted]
    judged = [unit for unit in (*reps, *record.holds) if any(v.outcome != "not_assessed" for v in unit.verdicts)]
    clean = [unit for unit in judged if not any(fault.severity >= POINT_TO_CORRECT for fault in unit.faults)]
    broken = [{fault.rule for fault in unit.faults} for unit in (*reps, *record.holds)]
    worst = record.worst_fault
    return {
        "setup": record.setup.model_dump(mode="json"),
        "assessable_share": record.quality.assessable_share,
        "means": {name: round(statistic.mean, 3) for name, statistic in record.statistics.items()},
        "sides": {side: means for side in ("left", "right") if (means := _means([r for r in reps if r.side == side]))},
        "holds": [[hold.side, round(hold.end_s - hold.start_s, 3)] for hold in record.holds],
        "judged": len(judged),
        "clean": len(clean),
        "faults": {rule: sum(rule in rules for rules in broken) for rule in sorted(set().union(*broken))},
        "worst": worst and worst.model_dump(mode="json"),
        **_sway(record),
    }


def summary_of_kept(record: dict) -> dict | None:
    """Return the summary of a record as it is kept; None of one that this version cannot read."""
    try:
        return summary_of(SetRecord.model_validate(record))
    except ValidationError:
        return None


def _sway(record: SetRecord) -> dict:
    names = ("sway_sideways_ratio", "sway_path_ratio", "sway_seen_s")
    measured = [(hold.side, [hold.measures.get(name) for name in names]) for hold in record.holds]
    holds = [[side, *values] for side, values in measured if None not in values]
    return {"sway": {"model": record.software.get("model"), "holds": holds}} if holds else {}


def _means(units: list[Rep] | list[Hold]) -> dict[str, float]:
    known: dict[str, list[float]] = {}
    for unit in units:
        for name, value in unit.measures.items():
            if value is not None:
                known.setdefault(name, []).append(value)
    return {name: round(statistics.fmean(values), 3) for name, values in known.items()}
