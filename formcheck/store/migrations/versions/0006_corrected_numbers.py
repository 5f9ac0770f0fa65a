"""Corrections reach every number of a set; summaries that are missing; plans name the pain mode

The functions here are a frozen copy of what the package did at this revision. They import nothing of it, so that a later
change of a summary does not rewrite what an old database is upgraded to.
"""

import statistics

from alembic import op
import sqlalchemy as sa

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SETS = sa.table(
    "exercise_set",
    sa.column("id"),
    sa.column("record", sa.JSON),
    sa.column("summary", sa.JSON(none_as_null=True)),
    sa.column("rep_count"),
    sa.column("partial_count"),
)
REVIEWS = sa.table("review", sa.column("id"), sa.column("set_id"), sa.column("entry", sa.JSON))
REPETITIONS = sa.table(
    "repetition",
    *(sa.column(name) for name in ("set_id", "number", "counted", "side", "start_s", "turn_s", "end_s")),
    sa.column("measures", sa.JSON),
    sa.column("faults", sa.JSON),
)
EVENTS = sa.table("event", sa.column("id"), sa.column("kind"), sa.column("data", sa.JSON))
FAULT = {"rep": None, "side": None, "uncertainty": None, "borderline": False}
SAYS_FAULT = {"fault_right": True, "fault_wrong": False, "ok_right": False, "fault_missed": True}


def upgrade():
    connection = op.get_bind()
    _rename_in_plans(connection)
    ids = connection.scalars(sa.select(SETS.c.id).where(SETS.c.record.is_not(None)).order_by(SETS.c.id)).all()
    reviewed = set(connection.scalars(sa.select(REVIEWS.c.set_id).distinct()))
    missing = set(connection.scalars(sa.select(SETS.c.id).where(SETS.c.summary.is_(None))))
    for set_id in ids:
        if set_id in reviewed | missing:
            _rewrite(connection, set_id, set_id in missing)


def _rename_in_plans(connection):
    """A plan says ``pain_mode`` for what was ``gentle``."""
    plans = connection.execute(sa.select(EVENTS.c.id, EVENTS.c.data).where(EVENTS.c.kind == "planned")).all()
    for event_id, data in plans:
        if "gentle" in data:
            renamed = {"pain_mode" if key == "gentle" else key: value for key, value in data.items()}
            connection.execute(sa.update(EVENTS).where(EVENTS.c.id == event_id).values(data=renamed))


def _rewrite(connection, set_id, missing):
    record = connection.scalar(sa.select(SETS.c.record).where(SETS.c.id == set_id))
    entries = connection.scalars(
        sa.select(REVIEWS.c.entry).where(REVIEWS.c.set_id == set_id).order_by(REVIEWS.c.id)
    ).all()
    entries = [entry for entry in entries if entry["kind"] not in ("comment", "seen")]
    if record is None or not (entries or missing):
        return
    try:
        corrected = _corrected(record, entries) if entries else record
        summary = _summary(corrected)
    except (
        KeyError,
        TypeError,
        AttributeError,
    ):  # a record that this revision cannot read, or a correction of another one
        return
    values = {"summary": summary}
    if entries:
        reps = corrected["reps"]
        values["rep_count"] = sum(rep["counted"] for rep in reps)
        values["partial_count"] = len(reps) - values["rep_count"]
        connection.execute(sa.delete(REPETITIONS).where(REPETITIONS.c.set_id == set_id))
        if reps:
            connection.execute(sa.insert(REPETITIONS), [_row(set_id, rep) for rep in reps])
    connection.execute(sa.update(SETS).where(SETS.c.id == set_id).values(values))


def _row(set_id, rep):
    columns = {name: rep[name] for name in ("counted", "start_s", "turn_s", "end_s", "measures")}
    faults = {fault["rule"]: fault["severity"] for fault in rep.get("faults", [])}
    return {"set_id": set_id, "number": rep["index"], "side": rep.get("side"), "faults": faults, **columns}


def _corrected(record, entries):
    """Return the record with the repetitions, holds and statistics that the entries leave."""
    reps = {rep["index"]: rep for rep in record["reps"]}
    holds = {hold["index"]: hold for hold in record["holds"]}
    present, marks = set(reps), {}
    for entry in entries:
        kind, index = entry["kind"], entry.get("rep")
        if kind == "add_repetition" and index is None:
            index = max(reps, default=0) + 1
            times = {name: entry[name] for name in ("start_s", "turn_s", "end_s")}
            reps[index] = {"index": index, "side": entry.get("side"), "counted": True, "measures": {}, **times}
            present.add(index)
        elif kind == "add_repetition":
            reps[index] = {**reps[index], "counted": True}
            present.add(index)
        elif kind == "remove_repetition":
            present.discard(reps[index]["index"])
        else:
            marks[entry["rule"], (holds or reps)[index]["index"]] = kind
    left = sorted((_marked(reps[index], marks) for index in present), key=lambda rep: rep["start_s"])
    held = [_marked(hold, marks) for hold in holds.values()]
    same = [(rep["index"], rep["counted"]) for rep in left] == [
        (rep["index"], rep["counted"]) for rep in record["reps"]
    ]
    means = record.get("statistics", {}) if same else _statistics(left)
    return {**record, "reps": left, "holds": held, "statistics": means}


def _marked(bout, marks):
    """Return a repetition or hold with the verdicts and faults that the marks leave."""
    own = {rule: kind for (rule, index), kind in marks.items() if index == bout["index"]}
    verdicts = [
        {**verdict, "outcome": "fault" if SAYS_FAULT[own[verdict["rule"]]] else "ok"}
        if verdict["rule"] in own
        else verdict
        for verdict in bout.get("verdicts", [])
    ]
    faults = [fault for fault in bout.get("faults", []) if own.get(fault["rule"]) != "fault_wrong"]
    return {**bout, "verdicts": verdicts, "faults": faults}


def _statistics(reps):
    counted = [rep for rep in reps if rep["counted"] and rep["measures"]]
    out = {}
    for name in counted[0]["measures"] if counted else ():
        values = [rep["measures"][name] for rep in counted if rep["measures"].get(name) is not None]
        if values:
            out[name] = {"mean": round(statistics.fmean(values), 3)}
    return out


def _summary(record):
    reps = [rep for rep in record["reps"] if rep["counted"]]
    bouts = [*reps, *record["holds"]]
    judged = [bout for bout in bouts if any(v["outcome"] != "not_assessed" for v in bout.get("verdicts", []))]
    broken = [_broken(bout) for bout in bouts]
    setup, worst = record["setup"], _worst(record)
    return {
        "setup": {name: setup[name] for name in ("view", "azimuth_deg", "person_height_share")},
        "assessable_share": record["quality"]["assessable_share"],
        "means": {name: round(one["mean"], 3) for name, one in record.get("statistics", {}).items()},
        "sides": {
            side: means for side in ("left", "right") if (means := _means([r for r in reps if r.get("side") == side]))
        },
        "holds": [[hold.get("side"), round(hold["end_s"] - hold["start_s"], 3)] for hold in record["holds"]],
        "judged": len(judged),
        "clean": sum(not _points(bout) for bout in judged),
        "faults": {rule: sum(rule in rules for rules in broken) for rule in sorted(set().union(*broken))},
        "worst": worst,
        **_sway(record),
    }


def _broken(bout):
    said = {verdict["rule"] for verdict in bout.get("verdicts", []) if verdict["outcome"] == "fault"}
    return said | {fault["rule"] for fault in bout.get("faults", [])}


def _points(bout):
    """Return the rules with a point to correct; a fault that a person added has no severity and is one."""
    faults = bout.get("faults", [])
    added = _broken(bout) - {fault["rule"] for fault in faults}
    return added | {fault["rule"] for fault in faults if fault["severity"] == 2}


def _worst(record):
    """Return the fault to look at first: severity 2 before 1, then the furthest beyond its limit, then the earliest."""

    def weight(fault):
        beyond = abs(fault["value"] - fault["limit"]) / (fault["uncertainty"] or abs(fault["limit"]) or 1.0)
        return fault["severity"], beyond, -fault["worst_s"]

    bouts = [bout for bout in (*record["reps"], *record["holds"]) if bout.get("counted", True)]
    return max(({**FAULT, **fault} for bout in bouts for fault in bout.get("faults", [])), key=weight, default=None)


def _sway(record):
    names = ("sway_sideways_ratio", "sway_path_ratio", "sway_seen_s")
    measured = [[hold.get("side"), *(hold.get("measures", {}).get(name) for name in names)] for hold in record["holds"]]
    holds = [values for values in measured if None not in values[1:]]
    return {"sway": {"model": record["software"].get("model"), "holds": holds}} if holds else {}


def _means(reps):
    known = {}
    for rep in reps:
        for name, value in rep["measures"].items():
            if value is not None:
                known.setdefault(name, []).append(value)
    return {name: round(statistics.fmean(values), 3) for name, values in known.items()}
