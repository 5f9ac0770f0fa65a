"""A record in words and tables. Pure functions, shared by the command line, the HTML report and the web app.

Rows hold finished texts for showing and plain seconds for jumping. Nothing here judges: it says what the record says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.engine.judging.kept_out import kept_out_by
from formcheck.engine.person import view
from formcheck.i18n import join_words, translator
from formcheck.i18n.numbers import MISSING, clock, hold_text, number, quantity, share
from formcheck.model.corrections import added_faults, point_rules
from formcheck.model.records import Fault, Hold, NotAssessed, Rep, SetRecord
from formcheck.reports.sentences import (
    accuracy_lines,
    ended_by,
    event_lines,
    judged_against,
    lower_first,
    method_lines,
    record_lines,
    rule_name,
    rule_of,
    summary_sentence,
    version_line,
    view_line,
    view_words,
)
from formcheck.spec.measures import measures_of
from formcheck.spec.movement import RepCycle

if TYPE_CHECKING:
    from formcheck.spec.exercise import Exercise

__all__ = [
    "FaultRow",
    "HoldRow",
    "NotAssessedRow",
    "RepRow",
    "StatisticRow",
    "accuracy_lines",
    "event_lines",
    "fault_rows",
    "headers",
    "hold_rows",
    "judged_against",
    "knee_uncertainty_deg",
    "method_lines",
    "not_assessed_rows",
    "record_lines",
    "rep_rows",
    "rule_name",
    "statistic_rows",
    "summary_sentence",
    "version_line",
    "view_line",
    "view_words",
]


@dataclass(slots=True, frozen=True)
class RepRow:
    """One repetition. ``points``: what there is to correct, in words."""

    number: str
    side: str
    time: str
    depth: str
    tempo: str
    points: str
    counted: str
    index: int
    start_s: float
    turn_s: float
    end_s: float


@dataclass(slots=True, frozen=True)
class HoldRow:
    """One hold. ``in_form``, ``longest``: empty where nothing can break the form. ``ended``: what ended it, where that is known."""

    number: str
    time: str
    total: str
    in_form: str
    longest: str
    ended: str
    points: str
    index: int
    start_s: float
    end_s: float


@dataclass(slots=True, frozen=True)
class FaultRow:
    """One point to correct or hint. ``jump_s`` is its worst moment."""

    when: str
    where: str
    what: str
    measured: str
    limit: str
    kind: str
    cue: str
    rule: str
    severity: int
    rep: int | None
    jump_s: float
    start_s: float
    end_s: float


@dataclass(slots=True, frozen=True)
class NotAssessedRow:
    """One rule that could not be judged, and why."""

    what: str
    why: str
    where: str
    rule: str
    reason: str


@dataclass(slots=True, frozen=True)
class StatisticRow:
    """One measure over the counted repetitions."""

    measure: str
    mean: str
    sd: str
    drift: str


def headers(row_type: type, language: str) -> dict[str, str]:
    """Return the shown columns of a row type: field name to heading.

    Parameters
    ----------
    row_type : type
    language : str

    Returns
    -------
    dict of str to str
    """
    t = translator(language)
    columns = {
        RepRow: ("number", "side", "time", "depth", "tempo", "points", "counted"),
        HoldRow: ("number", "time", "total", "in_form", "longest", "ended", "points"),
        FaultRow: ("when", "where", "what", "measured", "limit", "kind", "cue"),
        NotAssessedRow: ("what", "why", "where"),
        StatisticRow: ("measure", "mean", "sd", "drift"),
    }[row_type]
    return {name: t(f"report.column.{name}") for name in columns}


def knee_uncertainty_deg(record: SetRecord) -> float:
    """Return the ± of a knee angle from where the camera stood.

    Parameters
    ----------
    record : SetRecord

    Returns
    -------
    float
    """
    return view.knee_uncertainty_deg(record.view.label)


def rep_rows(record: SetRecord, exercise: Exercise, language: str) -> list[RepRow]:
    """Return one row per repetition, small ones included.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list of RepRow
    """
    t, movement = translator(language), exercise.movement
    margin_deg = knee_uncertainty_deg(record)
    depth = movement.depth_measure if isinstance(movement, RepCycle) else ""
    return [
        RepRow(
            number=str(rep.index) if rep.counted else f"({rep.index})",
            side=t(f"term.side.{rep.side}") if rep.side else "",
            time=_span(rep.start_s, rep.end_s, language),
            depth=quantity(rep.measures.get(depth), "deg", language, margin_deg),
            tempo=_tempo(rep, language),
            points=_points(rep, exercise, language),
            counted=_counted(rep, exercise, language),
            index=rep.index,
            start_s=rep.start_s,
            turn_s=rep.turn_s,
            end_s=rep.end_s,
        )
        for rep in record.reps
    ]


def hold_rows(record: SetRecord, exercise: Exercise, language: str) -> list[HoldRow]:
    """Return one row per hold, its side beside its number where a side carries the body.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list of HoldRow
    """
    t, movement = translator(language), exercise.movement
    carried = movement.kind == "hold_posture" and movement.carried_by is not None
    return [
        HoldRow(
            number=f"{hold.index} ({t(f'term.side.{hold.side}')})" if carried and hold.side else str(hold.index),
            time=_span(hold.start_s, hold.end_s, language),
            total=hold_text(hold.end_s - hold.start_s, language),
            in_form="" if exercise.only_hints else hold_text(hold.in_form_s, language),
            longest="" if exercise.only_hints else hold_text(hold.longest_in_form_s, language),
            ended=ended_by(exercise, hold, language),
            points=_points(hold, exercise, language),
            index=hold.index,
            start_s=hold.start_s,
            end_s=hold.end_s,
        )
        for hold in record.holds
    ]


def fault_rows(record: SetRecord, exercise: Exercise, language: str) -> list[FaultRow]:
    """Return one row per point to correct or hint that is shown, in order of time.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list of FaultRow
    """
    shown = sorted(record.shown_faults, key=lambda fault: fault.worst_s)
    return [_fault_row(fault, record, exercise, language) for fault in shown]


def points_to_correct(record: SetRecord, exercise: Exercise, language: str) -> list[FaultRow]:
    """Return the rows of ``fault_rows`` and those of the faults that a person added, in order of time.

    Parameters
    ----------
    record : SetRecord
        The record, as corrected.
    exercise : Exercise
        Its exercise.
    language : str
        Language of the words.

    Returns
    -------
    list of FaultRow
        The rows. A fault that a person added has no limit, and says instead of a value that it was not measured.
    """
    added = [_added_row(rule, bout, record, exercise, language) for rule, bout in added_faults(record)]
    return sorted([*fault_rows(record, exercise, language), *added], key=lambda row: row.jump_s)


def not_assessed_rows(record: SetRecord, exercise: Exercise, language: str) -> list[NotAssessedRow]:
    """Return one row per rule and reason.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list of NotAssessedRow
    """
    return [
        NotAssessedRow(
            what=rule_name(exercise, entry.rule, language),
            why=_why(entry, record, exercise, language),
            where=_where_reps(entry, record, language),
            rule=entry.rule,
            reason=entry.reason,
        )
        for entry in record.not_assessed
    ]


def statistic_rows(record: SetRecord, exercise: Exercise, language: str) -> list[StatisticRow]:
    """Return one row per measure over the counted repetitions.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list of StatisticRow
    """
    t, known = translator(language), measures_of(exercise)
    units = {name: known[name].unit if name in known else "" for name in record.statistics}
    return [
        StatisticRow(
            measure=t(f"term.measure.{name}") if f"term.measure.{name}" in t else name,
            mean=_measure(units[name], statistic.mean, language),
            sd=_measure(units[name], statistic.sd, language),
            drift="" if statistic.drift is None else _measure(units[name], statistic.drift, language),
        )
        for name, statistic in record.statistics.items()
    ]


def _measure(unit: str, value: float | None, language: str) -> str:
    return share(value, language) if unit == "share" else quantity(value, unit, language)


def _counted(rep: Rep, exercise: Exercise, language: str) -> str:
    """Return whether a repetition counts and, where something else than its size kept it out, what did."""
    t, rules = translator(language), kept_out_by(rep, exercise)
    if not rules:
        return t("report.word.yes" if rep.counted else "report.word.small")
    return t(
        "report.word.kept_out",
        why=join_words([lower_first(rule_name(exercise, rule, language)) for rule in rules], language),
    )


def _span(start_s: float, end_s: float, language: str) -> str:
    return f"{clock(start_s, language)}–{clock(end_s, language)}"


def _tempo(rep: Rep, language: str) -> str:
    seconds = [rep.measures.get(name) for name in ("eccentric_s", "pause_s", "concentric_s")]
    if all(value is None for value in seconds):
        return MISSING
    return " / ".join(number(value, language, 1) for value in seconds) + " s"


def _points(unit: Rep | Hold, exercise: Exercise, language: str) -> str:
    """Return the names of what there is to correct, hints marked as such; nothing for a small repetition."""
    if isinstance(unit, Rep) and not unit.counted:
        return ""
    t = translator(language)
    worst: dict[str, int] = {}
    for fault in unit.faults:
        worst[fault.rule] = max(fault.severity, worst.get(fault.rule, 0))
    worst |= dict.fromkeys(sorted(point_rules(unit)), 2)
    names = []
    for rule, severity in sorted(worst.items(), key=lambda item: -item[1]):
        name = rule_name(exercise, rule, language)
        names.append(name if severity == 2 else f"{name} ({t('term.severity.1')})")
    return ", ".join(names)


def _fault_row(fault: Fault, record: SetRecord, exercise: Exercise, language: str) -> FaultRow:
    t = translator(language)
    rule = rule_of(exercise, fault.rule)
    where = t("report.word.hold" if record.holds else "report.word.rep", n=fault.rep) if fault.rep else ""
    bound = "report.word.at_most" if fault.value > fault.limit else "report.word.at_least"
    kind = t(f"term.severity.{fault.severity}")
    measured = [quantity(fault.value, fault.unit, language, fault.uncertainty)]
    if fault.unit in ("ratio", "count") and f"term.unit.{fault.rule}" in t:
        measured.append(t(f"term.unit.{fault.rule}"))
    return FaultRow(
        when=clock(fault.worst_s, language),
        where=where,
        what=rule_name(exercise, fault.rule, language) + (f" ({t(f'term.side.{fault.side}')})" if fault.side else ""),
        measured=" ".join(measured),
        limit=t(bound, value=quantity(fault.limit, fault.unit, language)),
        kind=f"{kind} ({t('term.borderline.word')})" if fault.borderline else kind,
        cue=rule.cue[language] if rule else "",
        rule=fault.rule,
        severity=fault.severity,
        rep=fault.rep,
        jump_s=fault.worst_s,
        start_s=fault.start_s,
        end_s=fault.end_s,
    )


def _added_row(rule_id: str, bout: Rep | Hold, record: SetRecord, exercise: Exercise, language: str) -> FaultRow:
    t, rule = translator(language), rule_of(exercise, rule_id)
    return FaultRow(
        when=clock(bout.start_s, language),
        where=t("report.word.hold" if record.holds else "report.word.rep", n=bout.index),
        what=rule_name(exercise, rule_id, language),
        measured=t("report.word.added"),
        limit="",
        kind=t("term.severity.2"),
        cue=rule.cue[language] if rule else "",
        rule=rule_id,
        severity=2,
        rep=bout.index,
        jump_s=bout.start_s,
        start_s=bout.start_s,
        end_s=bout.end_s,
    )


def _why(entry: NotAssessed, record: SetRecord, exercise: Exercise, language: str) -> str:
    t = translator(language)
    rule = rule_of(exercise, entry.rule)
    views = [t(f"term.view.{view}") for view in rule.views] if rule else []
    return t(f"term.reason.{entry.reason}", view=view_words(record, language), needed=join_words(views, language, "or"))


def _where_reps(entry: NotAssessed, record: SetRecord, language: str) -> str:
    t = translator(language)
    if entry.reps is None:
        return t("report.word.everywhere")
    listed = join_words([str(index) for index in entry.reps], language)
    if record.holds:
        return t("report.word.hold", n=listed)
    return t("report.word.rep" if len(entry.reps) == 1 else "report.word.reps", n=listed, list=listed)
