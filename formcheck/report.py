"""A record in words and tables. Pure functions, shared by the command line, the HTML report and the web app.

Rows hold finished texts for showing and plain seconds for jumping. Nothing here judges: it says what the record says.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from formcheck.i18n import Translator, joined, translator
from formcheck.i18n.numbers import MISSING, clock, number, quantity, share
from formcheck.programme import Prescription
from formcheck.records import Fault, Hold, NotAssessed, Rep, SetRecord
from formcheck.spec import Exercise, Rule

KNEE_UNCERTAINTY_DEG = {"side": 5.0}
"""± of a knee angle from that view; elsewhere ``KNEE_UNCERTAINTY_OTHER_DEG``."""
KNEE_UNCERTAINTY_OTHER_DEG = 10.0


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
    """One hold."""

    number: str
    time: str
    total: str
    in_form: str
    longest: str
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
    """Return the shown columns of a row type: field name to heading."""
    t = translator(language)
    columns = {
        RepRow: ("number", "side", "time", "depth", "tempo", "points", "counted"),
        HoldRow: ("number", "time", "total", "in_form", "longest", "points"),
        FaultRow: ("when", "where", "what", "measured", "limit", "kind", "cue"),
        NotAssessedRow: ("what", "why", "where"),
        StatisticRow: ("measure", "mean", "sd", "drift"),
    }[row_type]
    return {name: t(f"report.column.{name}") for name in columns}


def knee_uncertainty_deg(record: SetRecord) -> float:
    """Return the ± of a knee angle from where the camera stood."""
    return KNEE_UNCERTAINTY_DEG.get(record.view.label, KNEE_UNCERTAINTY_OTHER_DEG)


def rule_name(exercise: Exercise, rule_id: str, language: str) -> str:
    """Return the name of a rule; its id when this version's exercise has no such rule (an old record)."""
    rule = _rule(exercise, rule_id)
    return rule.name[language] if rule else rule_id


def view_words(record: SetRecord, language: str) -> str:
    """Return where the camera stood, such as ``from the side``."""
    view = record.view
    exact = f"term.view.{view.label}_{view.direction}"
    t = translator(language)
    return t(exact) if exact in t else t(f"term.view.{view.label}")


def view_line(record: SetRecord, language: str) -> str:
    """Return ``Seen from the side, the left side nearest``."""
    t = translator(language)
    line = t("report.view.line", view=view_words(record, language))
    near = record.view.near_side if record.view.label == "side" else None
    return f"{line}, {t(f'report.view.near_{near}')}" if near else line


def summary_sentence(record: SetRecord, exercise: Exercise, language: str) -> str:
    """Return what was done, what there is to correct and what was not assessed, in words."""
    t = translator(language)
    if not record.person_seen:
        return t("report.summary.nobody")
    done = [*_done_clauses(record, exercise, t), *_point_clauses(record, exercise, t)]
    sentences = [", ".join(done)]
    if record.view.calibration.source == "none" and exercise.movement.kind == "rep_cycle":
        sentences.append(t("report.summary.uncalibrated"))
    if record.reps or record.holds:
        sentences += _unjudged_sentences(record, exercise, t)
    return ". ".join(sentences) + "."


def rep_rows(record: SetRecord, exercise: Exercise, language: str) -> list[RepRow]:
    """Return one row per repetition, small ones included."""
    t = translator(language)
    margin_deg = knee_uncertainty_deg(record)
    return [
        RepRow(
            number=str(rep.index) if rep.counted else f"({rep.index})",
            side=t(f"term.side.{rep.side}") if rep.side else "",
            time=_span(rep.start_s, rep.end_s, language),
            depth=quantity(rep.measures.get("knee_flexion_peak_deg"), "deg", language, margin_deg),
            tempo=_tempo(rep, language),
            points=_points(rep, exercise, language),
            counted=t("report.word.yes" if rep.counted else "report.word.small"),
            index=rep.index, start_s=rep.start_s, turn_s=rep.turn_s, end_s=rep.end_s,
        )
        for rep in record.reps
    ]  # fmt: skip


def hold_rows(record: SetRecord, exercise: Exercise, language: str) -> list[HoldRow]:
    """Return one row per hold."""
    return [
        HoldRow(
            number=str(hold.index),
            time=_span(hold.start_s, hold.end_s, language),
            total=quantity(hold.end_s - hold.start_s, "s", language),
            in_form=quantity(hold.in_form_s, "s", language),
            longest=quantity(hold.longest_in_form_s, "s", language),
            points=_points(hold, exercise, language),
            index=hold.index, start_s=hold.start_s, end_s=hold.end_s,
        )
        for hold in record.holds
    ]  # fmt: skip


def fault_rows(record: SetRecord, exercise: Exercise, language: str) -> list[FaultRow]:
    """Return one row per point to correct or hint, in order of time."""
    return [_fault_row(fault, record, exercise, language) for fault in sorted(record.faults, key=lambda f: f.worst_s)]


def not_assessed_rows(record: SetRecord, exercise: Exercise, language: str) -> list[NotAssessedRow]:
    """Return one row per rule and reason."""
    return [
        NotAssessedRow(
            what=rule_name(exercise, entry.rule, language),
            why=_why(entry, record, exercise, language),
            where=_where_reps(entry, record, language),
            rule=entry.rule, reason=entry.reason,
        )
        for entry in record.not_assessed
    ]  # fmt: skip


def statistic_rows(record: SetRecord, language: str) -> list[StatisticRow]:
    """Return one row per measure over the counted repetitions."""
    t = translator(language)
    rows = []
    for name, statistic in record.statistics.items():
        key = f"term.measure.{name}"
        unit = next((unit for ending, unit in (("_deg", "deg"), ("_s", "s"), ("_ratio", "ratio")) if name.endswith(ending)), "ratio")
        shown = [quantity(value, unit, language) for value in (statistic.mean, statistic.sd, statistic.drift)]
        rows.append(StatisticRow(t(key) if key in t else name, *shown))
    return rows


def event_lines(record: SetRecord, language: str) -> list[str]:
    """Return a sentence per interruption of the analysis."""
    t = translator(language)
    return [
        t(f"term.event.{event.kind}", start=clock(event.start_s, language), end=clock(event.end_s, language))
        for event in record.events
    ]


def judged_against(record: SetRecord, language: str) -> str:
    """Return the prescribed targets in words."""
    t = translator(language)
    given = Prescription.model_validate(record.prescription) if record.prescription else None
    parts = []
    if given and given.target_depth_deg is not None:
        parts.append(t("report.judged.target_depth", value=quantity(given.target_depth_deg, "deg", language)))
    if given and given.depth_cap_deg is not None:
        parts.append(t("report.judged.depth_cap", value=quantity(given.depth_cap_deg, "deg", language)))
    if given and given.tempo is not None:
        down, pause, up = (
            number(seconds, language, 0 if float(seconds).is_integer() else 1)
            for seconds in (given.tempo.eccentric_s, given.tempo.pause_s, given.tempo.concentric_s)
        )
        parts.append(t("report.judged.tempo", down=down, pause=pause, up=up))
    if given and given.hold_s is not None:
        parts.append(t("report.judged.hold", value=quantity(given.hold_s, "s", language)))
    return ", ".join(parts) or t("report.judged.none")


def method_lines(record: SetRecord, language: str) -> list[str]:
    """Return how it was measured, what that is worth and what could not be judged, sentence by sentence."""
    t = translator(language)
    quality, source, calibration = record.quality, record.source, record.view.calibration
    lines = [t("report.method.how"), t("report.method.ok"), t("report.method.borderline")]
    lines.append(view_line(record, language) + ".")
    lines.append(
        t(
            "report.method.seen", person=share(quality.person_share, language), frames=quality.frames,
            assessable=share(quality.assessable_share, language),
        )
    )  # fmt: skip
    if quality.broken_frames:
        lines.append(t("report.method.broken", n=quality.broken_frames))
    if source.start_s is not None or source.end_s is not None:
        span = (clock(source.start_s or 0.0, language), clock(source.duration_s if source.end_s is None else source.end_s, language))
        lines.append(t("report.method.trimmed", start=span[0], end=span[1]))
    if record.person_seen and record.reps:
        span = (clock(calibration.start_s, language), clock(calibration.end_s, language))
        lines.append(t(f"report.method.{calibration.source}", start=span[0], end=span[1]))
    lines.append(t("report.method.decides"))
    lines.append(
        t(
            "report.method.made", version=record.software.get("formcheck", MISSING), model=record.software.get("model", MISSING),
            source=source.name, sha256=source.sha256 or MISSING,
        )
    )  # fmt: skip
    return lines


def _rule(exercise: Exercise, rule_id: str) -> Rule | None:
    return next((rule for rule in exercise.rules if rule.id == rule_id), None)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _times(n: int, t: Translator) -> str:
    key = f"report.times.{n}"
    return t(key) if key in t else t("report.times.other", n=n)


def _span(start_s: float, end_s: float, language: str) -> str:
    return f"{clock(start_s, language)}–{clock(end_s, language)}"


def _done_clauses(record: SetRecord, exercise: Exercise, t: Translator) -> list[str]:
    if exercise.movement.kind == "hold_posture":
        if not record.holds:
            return [t("report.summary.no_hold")]
        total, in_form, longest = (
            f"{number(seconds, t.language)} s" for seconds in (record.hold_s, record.in_form_s, record.longest_in_form_s)
        )
        return [t("report.summary.hold", total=total, in_form=in_form, longest=longest)]
    counted = [rep for rep in record.reps if rep.counted]
    clauses = [_count_clause(counted, exercise, t)]
    if record.partial_count:
        clauses.append(t("report.summary.small", n=record.partial_count))
    depth_rule = _depth_rule(exercise)
    judged = [v.outcome for rep in counted for v in rep.verdicts if v.rule == depth_rule and v.outcome != "not_assessed"]
    if judged:
        clauses.append(t("report.summary.to_depth", n=judged.count("ok")))
    return clauses


def _count_clause(counted: list[Rep], exercise: Exercise, t: Translator) -> str:
    if not counted:
        return t("report.summary.none")
    key = f"term.exercise.{exercise.id}"
    clause = t(key, n=len(counted)) if key in t else t("report.summary.reps", n=len(counted), name=exercise.name[t.language])
    sides = Counter(rep.side for rep in counted)
    if sides["left"] and sides["right"]:
        clause += f" ({t('report.summary.sides', left=sides['left'], right=sides['right'])})"
    return clause


def _depth_rule(exercise: Exercise) -> str | None:
    """Return the id of the rule that holds the depth against its target."""
    return next((rule.id for rule in exercise.rules if any(c.reference == "target_depth" for c in rule.conditions)), None)


def _point_clauses(record: SetRecord, exercise: Exercise, t: Translator) -> list[str]:
    """Say each rule with its number of repetitions (or times in a hold): points to correct first, then what only gave hints."""
    depth_rule = _depth_rule(exercise)
    said_once = {(f.rule, f.severity, f.start_s if record.holds else f.rep) for f in record.faults if f.rule != depth_rule}
    points = Counter(rule for rule, severity, _ in sorted(said_once) if severity == 2)
    hints = Counter(rule for rule, _, _ in sorted(said_once) if rule not in points)

    def said(counts: Counter[str]) -> list[str]:
        return [f"{_lower_first(rule_name(exercise, rule, t.language))} {_times(n, t)}" for rule, n in counts.most_common()]

    clauses = said(points)
    if hints:
        clauses.append(t("report.summary.hints", rules=joined(said(hints), t.language)))
    judged = any(v.outcome == "ok" for unit in (*record.reps, *record.holds) for v in unit.verdicts)
    if judged and not record.faults:
        clauses.append(t("report.summary.clean"))
    return clauses


def _unjudged_sentences(record: SetRecord, exercise: Exercise, t: Translator) -> list[str]:
    """Say what could not be judged in the whole set, one sentence per reason. Of the missing targets only the depth's is worth it."""
    by_reason: dict[str, list[str]] = {}
    for entry in record.not_assessed:
        worth_saying = entry.reason != "no_target" or entry.rule == _depth_rule(exercise)
        if entry.reps is None and worth_saying and f"report.unjudged.{entry.reason}" in t:
            by_reason.setdefault(entry.reason, []).append(_lower_first(rule_name(exercise, entry.rule, t.language)))
    sentences = []
    for reason, names in by_reason.items():
        shown = names if len(names) <= 4 else [*names[:3], t("report.summary.more", n=len(names) - 3)]
        rules = joined(shown, t.language)
        sentences.append(t(f"report.unjudged.{reason}", rules=rules, view=view_words(record, t.language)))
    return sentences


def _tempo(rep: Rep, language: str) -> str:
    seconds = [rep.measures.get(name) for name in ("eccentric_s", "pause_s", "concentric_s")]
    if all(value is None for value in seconds):
        return MISSING
    return " / ".join(number(value, language, 1) for value in seconds) + " s"


def _points(unit: Rep | Hold, exercise: Exercise, language: str) -> str:
    """Return the names of what there is to correct, hints marked as such."""
    t = translator(language)
    worst: dict[str, int] = {}
    for fault in unit.faults:
        worst[fault.rule] = max(fault.severity, worst.get(fault.rule, 0))
    names = []
    for rule, severity in sorted(worst.items(), key=lambda item: -item[1]):
        name = rule_name(exercise, rule, language)
        names.append(name if severity == 2 else f"{name} ({t('term.severity.1')})")
    return ", ".join(names)


def _fault_row(fault: Fault, record: SetRecord, exercise: Exercise, language: str) -> FaultRow:
    t = translator(language)
    rule = _rule(exercise, fault.rule)
    where = t("report.word.hold" if record.holds else "report.word.rep", n=fault.rep) if fault.rep else ""
    bound = "report.word.at_most" if fault.value > fault.limit else "report.word.at_least"
    kind = t(f"term.severity.{fault.severity}")
    return FaultRow(
        when=clock(fault.worst_s, language),
        where=where,
        what=rule_name(exercise, fault.rule, language) + (f" ({t(f'term.side.{fault.side}')})" if fault.side else ""),
        measured=quantity(fault.value, fault.unit, language, fault.uncertainty),
        limit=t(bound, value=quantity(fault.limit, fault.unit, language)),
        kind=f"{kind} ({t('term.borderline.word')})" if fault.borderline else kind,
        cue=rule.cue[language] if rule else "",
        rule=fault.rule, severity=fault.severity, rep=fault.rep,
        jump_s=fault.worst_s, start_s=fault.start_s, end_s=fault.end_s,
    )  # fmt: skip


def _why(entry: NotAssessed, record: SetRecord, exercise: Exercise, language: str) -> str:
    t = translator(language)
    rule = _rule(exercise, entry.rule)
    views = [t(f"term.view.{view}") for view in rule.views] if rule else []
    return t(f"term.reason.{entry.reason}", view=view_words(record, language), needed=joined(views, language, "or"))


def _where_reps(entry: NotAssessed, record: SetRecord, language: str) -> str:
    t = translator(language)
    if entry.reps is None:
        return t("report.word.everywhere")
    listed = joined([str(index) for index in entry.reps], language)
    if record.holds:
        return t("report.word.hold", n=listed)
    return t("report.word.rep" if len(entry.reps) == 1 else "report.word.reps", n=listed, list=listed)
