"""The summary of a record: the few numbers that lists and trends need, so that a page with hundreds of sets reads no record.

Keys of a summary
-----------------
setup
    Says which sets may be compared.
assessable_share
    Share (0..1) of the frames in which the person could be judged.
means, sides
    Mean of each measure over the counted repetitions: of all, and of each side.
holds
    Side and seconds of each hold, in order.
judged, clean
    Number of repetitions or holds that were judged at all, and number of these without a point to correct.
faults
    Number of repetitions or holds in which each rule was broken.
nothing
    Why nothing was counted, as in the record; absent where something was, and in summaries of earlier versions.
worst
    The moment to look at first; null without a fault.
sway
    The pose model that measured the sway. For each hold in which it was measured: side, sideways spread, path per second
    (both in leg lengths) and seconds.

A value that could not be measured is absent.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from formcheck.model.corrections import broken_rules, point_rules

if TYPE_CHECKING:
    from formcheck.model.records import Hold, Rep, SetRecord

_SWAY = ("sway_sideways_ratio", "sway_path_ratio", "sway_seen_s")


def summary_of(record: SetRecord) -> dict[str, Any]:
    """Summarise a record.

    Parameters
    ----------
    record : SetRecord
        The record, as corrected.

    Returns
    -------
    dict
        The summary, ready for JSON.
    """
    reps = [rep for rep in record.reps if rep.counted]
    bouts: list[Rep | Hold] = [*reps, *record.holds]
    judged = [bout for bout in bouts if any(verdict.outcome != "not_assessed" for verdict in bout.verdicts)]
    broken = [broken_rules(bout) for bout in bouts]
    rules = sorted({rule for rules in broken for rule in rules})
    worst = record.worst_fault
    return {
        "setup": record.setup.model_dump(mode="json"),
        "assessable_share": record.quality.assessable_share,
        "means": {name: round(statistic.mean, 3) for name, statistic in record.statistics.items()},
        "sides": {side: means for side in ("left", "right") if (means := _means([r for r in reps if r.side == side]))},
        "holds": [[hold.side, round(hold.end_s - hold.start_s, 3)] for hold in record.holds],
        "judged": len(judged),
        "clean": sum(not point_rules(bout) for bout in judged),
        "faults": {rule: sum(rule in one for one in broken) for rule in rules},
        "worst": worst and worst.model_dump(mode="json"),
        **({"nothing": [one.model_dump(mode="json") for one in record.nothing]} if record.nothing else {}),
        **_sway(record),
    }


def _sway(record: SetRecord) -> dict[str, Any]:
    measured = [(hold.side, [hold.measures.get(name) for name in _SWAY]) for hold in record.holds]
    holds = [[side, *values] for side, values in measured if None not in values]
    return {"sway": {"model": record.software.get("model"), "holds": holds}} if holds else {}


def _means(reps: list[Rep]) -> dict[str, float]:
    known: dict[str, list[float]] = {}
    for rep in reps:
        for name, value in rep.measures.items():
            if value is not None:
                known.setdefault(name, []).append(value)
    return {name: round(statistics.fmean(values), 3) for name, values in known.items()}
