"""A record in words: the result, the camera's place, the targets, and the method."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from formcheck.engine.judging.kept_out import kept_out_by
from formcheck.i18n import Translator, join_words, translator
from formcheck.i18n.numbers import MISSING, clock, hold_text, number, quantity, share
from formcheck.insights.setups import DEPTH, smallest_real_difference
from formcheck.insights.side_comparison import best_holds
from formcheck.model.corrections import added_faults
from formcheck.reports.nothing import headline, nothing_lines
from formcheck.spec.levels import LEVELS
from formcheck.spec.movement import HoldPosture
from formcheck.spec.prescription import Prescription

if TYPE_CHECKING:
    from formcheck.model.records import FollowedPerson, Hold, Rep, SetRecord
    from formcheck.spec.exercise import Bound, Exercise, Rule


def rule_of(exercise: Exercise, rule_id: str) -> Rule | None:
    """Return a rule, or None when this version of the exercise no longer has it (an old record).

    Parameters
    ----------
    exercise : Exercise
    rule_id : str

    Returns
    -------
    Rule or None
    """
    return next((rule for rule in exercise.rules if rule.id == rule_id), None)


def rule_name(exercise: Exercise, rule_id: str, language: str) -> str:
    """Return the name of a rule or of a criterion that ends a hold; its id when this version no longer has it.

    Parameters
    ----------
    exercise : Exercise
    rule_id : str
    language : str

    Returns
    -------
    str
    """
    named = rule_of(exercise, rule_id) or _bound_of(exercise, rule_id)
    return named.name[language] if named and named.name else rule_id


def _bound_of(exercise: Exercise, bound_id: str) -> Bound | None:
    movement = exercise.movement
    bounds = (*movement.bounds, *movement.termination) if isinstance(movement, HoldPosture) else ()
    return next((bound for bound in bounds if bound.id == bound_id), None)


def ended_by(exercise: Exercise, hold: Hold, language: str) -> str:
    """Return the name of the criterion or time limit that ended a hold, or an empty text.

    Parameters
    ----------
    exercise : Exercise
    hold : Hold
    language : str

    Returns
    -------
    str
    """
    movement = exercise.movement
    if hold.ended == "time" and isinstance(movement, HoldPosture) and movement.cap_s is not None:
        return translator(language)("report.word.full_time", n=number(movement.cap_s, language))
    bound = _bound_of(exercise, hold.ended or "")
    return bound.name[language] if bound and bound.name else ""


def view_words(record: SetRecord, language: str) -> str:
    """Return where the camera stood, such as ``from the side``.

    Parameters
    ----------
    record : SetRecord
    language : str

    Returns
    -------
    str
    """
    view = record.view
    exact = f"term.view.{view.label}_{view.direction}"
    t = translator(language)
    return t(exact) if exact in t else t(f"term.view.{view.label}")


def view_line(record: SetRecord, language: str) -> str:
    """Return ``Seen from the side, the left side nearest``, and of several people, who was followed.

    Parameters
    ----------
    record : SetRecord
    language : str

    Returns
    -------
    str
    """
    t = translator(language)
    line = t("report.view.line", view=view_words(record, language))
    near = record.view.near_side if record.view.label == "side" else None
    line = f"{line}, {t(f'report.view.near_{near}')}" if near else line
    return f"{line}; {_followed(record.source.person, t)}" if record.source.person else line


def _followed(person: FollowedPerson, t: Translator) -> str:
    count = len(person.people)
    if count == 2:
        return t(f"report.person.{'left' if person.number == 1 else 'right'}")
    return t("report.person.nth", count=count, number=person.number)


def summary_sentence(record: SetRecord, exercise: Exercise, language: str) -> str:
    """Return the result (with the load, if one was given), what to correct, and what was not assessed.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    str
    """
    t = translator(language)
    if not (record.rep_count or record.holds) and (record.nothing or not record.partial_count):
        return " ".join([headline(exercise, language), *nothing_lines(record.nothing[:1], exercise, language)])
    done = [*_done_clauses(record, exercise, t), *_point_clauses(record, exercise, t)]
    sentences = [", ".join(done)]
    if record.view.calibration.source == "none" and exercise.movement.kind == "rep_cycle" and not exercise.floor:
        sentences.append(t("report.summary.uncalibrated"))
    if exercise.movement.kind == "hold_posture" and record.view.label not in ("unknown", *exercise.views):
        needed = join_words([t(f"term.view.{view}") for view in exercise.views], language, "or")
        sentences.append(t("report.summary.wrong_view", view=view_words(record, language), needed=needed))
    if record.reps or record.holds:
        sentences += _unjudged_sentences(record, exercise, t)
    return ". ".join(sentences) + "."


def record_lines(record: SetRecord, exercise: Exercise, language: str, day: str) -> list[str]:
    """Return six plain lines for a patient record: exercise and date, result, not assessed, method, accuracy, versions.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str
    day : str

    Returns
    -------
    list of str
    """
    t = translator(language)
    result, _, unseen = summary_sentence(record, exercise, language).partition(". ")
    version, model = (record.software.get(name, MISSING) for name in ("formcheck", "model"))
    return [
        f"{exercise.name[language]}, {day}",
        result.removesuffix(".") + ".",
        unseen or t("report.text.all_assessed"),
        f"{view_line(record, language)}. {t('report.judged.title')}: {judged_against(record, language)}.",
        t("report.text.method", version=version, model=model),
        t("report.method.decides"),
    ]


def judged_against(record: SetRecord, language: str) -> str:
    """Return the prescribed targets in words.

    Parameters
    ----------
    record : SetRecord
    language : str

    Returns
    -------
    str
    """
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
        parts.append(t("report.judged.hold", value=hold_text(given.hold_s, language)))
    if given and given.level in LEVELS:
        parts.append(t("report.judged.level", value=lower_first(LEVELS[given.level].name[language])))
    if given and given.level is None and given.eyes == "closed":
        parts.append(t("report.judged.eyes_closed"))
    if given and given.test:
        parts.append(t("report.judged.test"))
    return ", ".join(parts) or t("report.judged.none")


def kilograms(value: float, language: str) -> str:
    """Return a load, with a decimal only if it has one: ``10 kg``, ``2.5 kg``.

    Parameters
    ----------
    value : float
    language : str

    Returns
    -------
    str
    """
    return f"{number(value, language, 0 if float(value).is_integer() else 1)} kg"


def event_lines(record: SetRecord, language: str) -> list[str]:
    """Return a sentence per interruption of the analysis.

    Parameters
    ----------
    record : SetRecord
    language : str

    Returns
    -------
    list of str
    """
    t = translator(language)
    return [
        t(f"term.event.{event.kind}", start=clock(event.start_s, language), end=clock(event.end_s, language))
        for event in record.events
    ]


def method_lines(record: SetRecord, language: str) -> list[str]:
    """Return the method, its accuracy and its limits, one sentence each.

    Parameters
    ----------
    record : SetRecord
    language : str

    Returns
    -------
    list of str
    """
    t = translator(language)
    quality, source, calibration = record.quality, record.source, record.view.calibration
    lines = [t("report.method.how"), t("report.method.ok"), t("report.method.borderline")]
    lines.append(view_line(record, language) + ".")
    lines.append(
        t(
            "report.method.seen",
            person=share(quality.person_share, language),
            frames=quality.frames,
            assessable=share(quality.assessable_share, language),
        )
    )
    if quality.broken_frames:
        lines.append(t("report.method.broken", n=quality.broken_frames))
    if source.start_s is not None or source.end_s is not None:
        span = (
            clock(source.start_s or 0.0, language),
            clock(source.duration_s if source.end_s is None else source.end_s, language),
        )
        lines.append(t("report.method.trimmed", start=span[0], end=span[1]))
    if record.person_seen and record.reps:
        span = (clock(calibration.start_s, language), clock(calibration.end_s, language))
        lines.append(t(f"report.method.{calibration.source}", start=span[0], end=span[1]))
    lines.append(t("report.method.decides"))
    lines.append(
        t(
            "report.method.made",
            version=record.software.get("formcheck", MISSING),
            model=record.software.get("model", MISSING),
            source=source.name,
            sha256=source.sha256 or MISSING,
        )
    )
    return lines


def accuracy_lines(record: SetRecord, margin_deg: float, language: str) -> list[str]:
    """Return the accuracy and the limits of one camera. ``margin_deg`` is the ± of a knee angle from this view.

    Parameters
    ----------
    record : SetRecord
    margin_deg : float
    language : str

    Returns
    -------
    list of str
    """
    t = translator(language)
    lines = [t("report.accuracy.known"), t("report.accuracy.blind")]
    if record.reps:
        margin = quantity(margin_deg, "deg", language)
        lines.insert(0, t("report.accuracy.here", view=view_words(record, language), margin=margin))
        limits = [smallest_real_difference(DEPTH, record.setup.view, alike) for alike in (True, False)]
        if None not in limits:
            alike, apart = (quantity(limit, "deg", language) for limit in limits)
            lines.insert(2, t("report.accuracy.change", alike=alike, apart=apart))
    return lines


def version_line(record: SetRecord, language: str) -> str:
    """Return the versions behind this record: program, pose model, rules and record.

    Parameters
    ----------
    record : SetRecord
    language : str

    Returns
    -------
    str
    """
    software = record.software
    return translator(language)(
        "report.method.versions",
        schema=record.schema_version,
        python=software.get("python", MISSING),
        mediapipe=software.get("mediapipe", MISSING),
        model=(software.get("model_sha256") or MISSING)[:12],
        rules=(software.get("exercise_sha256") or MISSING)[:12],
    )


def _done_clauses(record: SetRecord, exercise: Exercise, t: Translator) -> list[str]:
    if exercise.movement.kind == "hold_posture":
        clocks = (record.hold_s, record.in_form_s, record.longest_in_form_s)
        total, in_form, longest = (hold_text(seconds, t.language) for seconds in clocks)
        if len(record.holds) == 1 and exercise.only_hints:
            side = record.holds[0].side if exercise.movement.carried_by else None
            said = t("report.summary.held_once", total=total, side=f" ({t(f'term.side.{side}')})" if side else "")
            return [said, *_load(record, t), *_end_clauses(record, exercise, t)]
        key = "report.summary.held" if exercise.only_hints else "report.summary.hold"
        said = t(key, total=total, in_form=in_form, longest=longest)
        return [said, *_load(record, t), *_side_clauses(record, exercise, t), *_end_clauses(record, exercise, t)]
    counted = [rep for rep in record.reps if rep.counted]
    clauses = [" ".join([_count_clause(counted, exercise, t), *(_load(record, t) if counted else [])])]
    kept_out = [rules for rep in record.reps if (rules := kept_out_by(rep, exercise))]
    if record.partial_count > len(kept_out):
        clauses.append(t("report.summary.small", n=record.partial_count - len(kept_out)))
    if kept_out:
        names = Counter(lower_first(rule_name(exercise, rule, t.language)) for rules in kept_out for rule in rules)
        why = join_words([f"{name} {_times(n, t)}" for name, n in names.most_common()], t.language)
        clauses.append(t("report.summary.kept_out", n=len(kept_out), why=why))
    depth_rule = _depth_rule(exercise)
    judged = [
        v.outcome for rep in counted for v in rep.verdicts if v.rule == depth_rule and v.outcome != "not_assessed"
    ]
    if judged:
        clauses.append(t("report.summary.to_depth", n=judged.count("ok")))
    return clauses


def _load(record: SetRecord, t: Translator) -> list[str]:
    given = (record.prescription or {}).get("load_kg")
    return [t("report.summary.load", value=kilograms(given, t.language))] if given else []


def _side_clauses(record: SetRecord, exercise: Exercise, t: Translator) -> list[str]:
    """Return the best hold of each side."""
    movement = exercise.movement
    if not isinstance(movement, HoldPosture) or (movement.carried_by is None and len(record.holds) < 2):
        return []
    best = best_holds(record, exercise)
    sides = [
        f"{t(f'term.side.{side}')} {seconds}" if side else seconds
        for side, hold in sorted(best.items(), key=lambda entry: entry[0] or "")
        for seconds in (hold_text(hold.end_s - hold.start_s, t.language),)
    ]
    if movement.best_of:
        return [t("report.summary.best_of", n=movement.best_of, sides=", ".join(sides))]
    return [t("report.summary.longest_by_side", sides=", ".join(sides))] if movement.carried_by else []


def _end_clauses(record: SetRecord, exercise: Exercise, t: Translator) -> list[str]:
    """Return the criteria that ended the holds, such as touches of the floor, with their number."""
    criteria = (ended_by(exercise, hold, t.language) for hold in record.holds)
    counts = Counter(name for name in criteria if name)
    named = [f"{lower_first(name)} {_times(n, t)}" for name, n in counts.most_common()]
    return [t("report.summary.ended", what=join_words(named, t.language))] if named else []


def _count_clause(counted: list[Rep], exercise: Exercise, t: Translator) -> str:
    if not counted:
        return t("report.summary.none")
    key = f"term.exercise.{exercise.id}"
    clause = (
        t(key, n=len(counted)) if key in t else t("report.summary.reps", n=len(counted), name=exercise.name[t.language])
    )
    sides = Counter(rep.side for rep in counted)
    if sides["left"] and sides["right"]:
        clause += f" ({t('report.summary.sides', left=sides['left'], right=sides['right'])})"
    return clause


def _depth_rule(exercise: Exercise) -> str | None:
    """Return the id of the rule that compares the depth with its target."""
    return next(
        (rule.id for rule in exercise.rules if any(c.reference == "target_depth" for c in rule.conditions)), None
    )


def _point_clauses(record: SetRecord, exercise: Exercise, t: Translator) -> list[str]:
    """Return each broken rule with its number of repetitions (or times in a hold): faults first, then hints."""
    depth_rule = _depth_rule(exercise)
    said_once = {
        (f.rule, f.severity, f.start_s if record.holds else f.rep) for f in record.shown_faults if f.rule != depth_rule
    }
    added = added_faults(record)
    said_once |= {(rule, 2, bout.start_s if record.holds else bout.index) for rule, bout in added if rule != depth_rule}
    points = Counter(rule for rule, severity, _ in sorted(said_once) if severity == 2)
    hints = Counter(rule for rule, _, _ in sorted(said_once) if rule not in points)

    def said(counts: Counter[str]) -> list[str]:
        return [
            f"{lower_first(rule_name(exercise, rule, t.language))} {_times(n, t)}" for rule, n in counts.most_common()
        ]

    clauses = said(points)
    if hints:
        clauses.append(t("report.summary.hints", rules=join_words(said(hints), t.language)))
    broken = bool(record.shown_faults or added)
    if record.anything_ok and not broken and not any(kept_out_by(rep, exercise) for rep in record.reps):
        clauses.append(t("report.summary.clean"))
    return clauses


def _unjudged_sentences(record: SetRecord, exercise: Exercise, t: Translator) -> list[str]:
    """Return what could not be judged in the whole set, one sentence per reason.

    Of missing targets, only that of the depth is named, and only if no chair sets the depth.
    """
    seated = getattr(exercise.movement, "movement_pattern", None) == "seat"
    by_reason: dict[str, list[str]] = {}
    for entry in record.not_assessed:
        worth_saying = entry.reason != "no_target" or (entry.rule == _depth_rule(exercise) and not seated)
        if entry.reps is None and worth_saying and f"report.unjudged.{entry.reason}" in t:
            by_reason.setdefault(entry.reason, []).append(lower_first(rule_name(exercise, entry.rule, t.language)))
    sentences = []
    for reason, names in by_reason.items():
        shown = names if len(names) <= 4 else [*names[:3], t("report.summary.more", n=len(names) - 3)]
        rules = join_words(shown, t.language)
        sentences.append(t(f"report.unjudged.{reason}", rules=rules, view=view_words(record, t.language)))
    return sentences


def lower_first(text: str) -> str:
    """Return the text with a small first letter, for use within a sentence.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return text[:1].lower() + text[1:]


def _times(n: int, t: Translator) -> str:
    key = f"report.times.{n}"
    return t(key) if key in t else t("report.times.other", n=n)
