"""A set's findings in words: its shares, its trend, its best and worst repetition, and the comparison of two sets.

Whole degrees with their uncertainty; a difference below the smallest real one is called no certain change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.engine.signals.sway import NOISE_FLOOR
from formcheck.i18n import Translator, join_words, translator
from formcheck.i18n.dates import date_text
from formcheck.i18n.numbers import MISSING, clock, hold_text, number, quantity, share
from formcheck.insights import (
    Change,
    Comparison,
    Share,
    best_and_worst,
    both_sides,
    depth_trend,
    group_of,
    one_side_seen,
    shares,
    side_differences,
)
from formcheck.insights.setups import DEPTH
from formcheck.model.corrections import Agreement, Corrected, Correction, agreement, point_rules
from formcheck.reports.sentences import rule_name, view_words

if TYPE_CHECKING:
    from formcheck.model.records import Rep, SetRecord
    from formcheck.spec.exercise import Exercise


@dataclass(slots=True, frozen=True)
class ShareRow:
    """One of up to three shares in words.

    ``made_of`` says what it counts and which repetitions lowered it; ``of_what`` names its rules.
    """

    name: str
    value: str
    made_of: str
    of_what: str
    group: str
    share: float | None


@dataclass(slots=True, frozen=True)
class ExtremeRow:
    """The best or the worst repetition. ``jump_s``: its deepest moment."""

    what: str
    where: str
    why: str
    index: int
    jump_s: float


@dataclass(slots=True, frozen=True)
class ChangeRow:
    """One measure of two sets."""

    measure: str
    before: str
    after: str
    verdict: str


def share_rows(record: SetRecord, exercise: Exercise, language: str) -> list[ShareRow]:
    """Return the shares of range, alignment and control. A share that no rule of the exercise could lower is left out.

    The list is empty without a repetition or hold.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list of ShareRow
    """
    if not (record.rep_count or record.holds):
        return []
    t = translator(language)
    known = {group_of(rule) for rule in exercise.rules if rule.max_severity == 2}
    return [
        ShareRow(
            name=t(f"findings.share.{each.group}"),
            value=t("findings.share.none") if each.value is None else share(each.value, language),
            made_of=_made_of(each, t),
            of_what=_of_what(each, exercise, t),
            group=each.group,
            share=each.value,
        )
        for each in shares(record, exercise)
        if each.group in known
    ]


def trend_sentence(record: SetRecord, language: str) -> str:
    """Return the trend of the depth over the set, or an empty text with fewer than six repetitions.

    Parameters
    ----------
    record : SetRecord
    language : str

    Returns
    -------
    str
    """
    trend = depth_trend(record)
    if trend is None or trend.certain is None:
        return ""
    t = translator(language)
    limit = quantity(trend.smallest_real, "deg", language)
    if not trend.certain:
        return t("findings.trend.none", limit=limit)
    return t(f"findings.trend.{_way(trend)}", value=_degrees(trend, language), limit=limit)


def side_lines(record: SetRecord, exercise: Exercise, language: str) -> list[str]:
    """Return left and right compared, one line per measure, with the difference beside the smallest real one.

    The list is empty when only one side was trained. When both were trained but only one side was seen, a line says why they are
    not compared.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list of str
    """
    t = translator(language)
    if both_sides(record) and one_side_seen(record):
        return [t("findings.sides.one_side")]
    return [_side_line(change, t) for change in side_differences(record, exercise)]


def sway_lines(record: SetRecord, exercise: Exercise, language: str) -> list[str]:
    """Return the sway of each hold in which it was measured, beside its noise floor.

    It is for a physiotherapist, as a person's own trend. It is never shown to the person and has no limit.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list of str
    """
    t = translator(language)
    floor = NOISE_FLOOR.get(record.software.get("model", ""))
    lines = []
    for hold in record.holds:
        if "sway_sideways_ratio" not in hold.measures:
            continue
        sideways, path = (_per_cent(hold.measures[f"sway_{name}_ratio"], language) for name in ("sideways", "path"))
        floors = (floor.rms_sideways_legs, floor.path_legs_per_s) if floor else (None, None)
        least_sideways, least_path = (_per_cent(value, language) for value in floors)
        side = f" ({t(f'term.side.{hold.side}')})" if hold.side else ""
        lines.append(
            t(
                "findings.sway.line",
                n=hold.index,
                side=side,
                sideways=sideways,
                path=path,
                least_sideways=least_sideways,
                least_path=least_path,
            )
        )
    return [*lines, t("findings.sway.note")] if lines else []


def _per_cent(value: float | None, language: str) -> str:
    return MISSING if value is None else f"{number(100 * value, language, 2)} %"


def _side_line(change: Change, t: Translator) -> str:
    left, right, apart = (
        quantity(value, change.unit, t.language) for value in (change.before, change.after, abs(change.difference))
    )
    known = "unknown" if change.certain is None else "real" if change.certain else "none"
    limit = "" if change.smallest_real is None else quantity(change.smallest_real, change.unit, t.language)
    verdict = t(f"findings.sides.{known}", limit=limit)
    name = t("findings.sides.held") if change.measure == "hold_s" else t(f"term.measure.{change.measure}")
    return t("findings.sides.line", measure=name, left=left, right=right, apart=apart, verdict=verdict)


def extreme_rows(record: SetRecord, exercise: Exercise, language: str) -> list[ExtremeRow]:
    """Return the best and the worst repetition, or an empty list when they are alike.

    Parameters
    ----------
    record : SetRecord
    exercise : Exercise
    language : str

    Returns
    -------
    list of ExtremeRow
    """
    found = best_and_worst(record)
    if found is None:
        return []
    t = translator(language)
    return [
        ExtremeRow(
            what=t(f"findings.extreme.{key}"),
            where=t("report.word.rep", n=rep.index),
            why=" ".join(text for text in (_points(rep, exercise, t), _why(t, key, why)) if text),
            index=rep.index,
            jump_s=rep.turn_s,
        )
        for key, rep, why in (("best", found.best, found.best_why), ("worst", found.worst, found.worst_why))
    ]


def comparison_sentence(comparison: Comparison, earlier: SetRecord, later: SetRecord, language: str) -> str:
    """Return whether two sets may be compared, and why not or why only roughly.

    Parameters
    ----------
    comparison : Comparison
    earlier : SetRecord
    later : SetRecord
    language : str

    Returns
    -------
    str
    """
    t = translator(language)
    why = [
        t(
            f"findings.compare.{obstacle}",
            before=view_words(earlier, language),
            after=view_words(later, language),
        )
        for obstacle in comparison.obstacles
    ]
    if comparison.same_setup:
        return t("findings.compare.same")
    return t(f"findings.compare.{'rough' if comparison.comparable else 'refused'}", why=join_words(why, language))


def change_rows(comparison: Comparison, language: str) -> list[ChangeRow]:
    """Return one row per measure that both sets have, with the difference in words.

    Parameters
    ----------
    comparison : Comparison
    language : str

    Returns
    -------
    list of ChangeRow
    """
    t = translator(language)
    return [
        ChangeRow(
            measure=t(f"term.measure.{change.measure}"),
            before=_measured(change.before, change, language),
            after=_measured(change.after, change, language),
            verdict=change_sentence(change, language),
        )
        for change in comparison.changes
    ]


def change_sentence(change: Change, language: str) -> str:
    """Return a change in words: certain, not certain, or without a published smallest real difference.

    Parameters
    ----------
    change : Change
    language : str

    Returns
    -------
    str
    """
    t = translator(language)
    if change.certain is None:
        return t("findings.change.unknown")
    limit = quantity(change.smallest_real, change.unit, language)
    if not change.certain:
        return t("findings.change.none", limit=limit)
    return t(f"findings.change.{_way(change)}", value=_degrees(change, language), limit=limit)


def correction_lines(corrected: Corrected, exercise: Exercise, language: str) -> list[str]:
    """Return each correction with its author and time, and how often they agreed with the program.

    Parameters
    ----------
    corrected : Corrected
    exercise : Exercise
    language : str

    Returns
    -------
    list of str
    """
    if not corrected.entries:
        return []
    t = translator(language)
    before, after = corrected.original.rep_count, corrected.record.rep_count
    lines = [t("findings.corrected.counts", before=before, after=after)] if before != after else []
    lines += [
        t(
            "findings.corrected.line",
            by=entry.by,
            when=f"{date_text(t, entry.at.date())} {entry.at:%H:%M}",
            what=_corrected(entry, exercise, t),
        )
        for entry in corrected.entries
    ]
    return lines + agreement_lines(agreement(corrected.marks.values()), exercise, language)


def agreement_lines(found: dict[str, Agreement], exercise: Exercise, language: str) -> list[str]:
    """Return one line per rule that was marked: how often the person agreed with the program.

    Parameters
    ----------
    found : dict of str to Agreement
    exercise : Exercise
    language : str

    Returns
    -------
    list of str
    """
    t = translator(language)
    return [
        t("findings.agreement.line", rule=rule_name(exercise, rule, language), agreed=each.agreed, marked=each.marked)
        for rule, each in found.items()
    ]


def _corrected(entry: Correction, exercise: Exercise, t: Translator) -> str:
    """Return one correction in words."""
    key = "count_repetition" if entry.kind == "add_repetition" and entry.rep is not None else entry.kind
    moment_s = entry.moment_s if entry.kind == "comment" else entry.start_s
    return t(
        f"findings.corrected.{key}",
        rule=rule_name(exercise, entry.rule, t.language) if entry.rule else "",
        n=entry.rep or 0,
        moment=clock(moment_s, t.language),
        text=entry.text or "",
    )


def _made_of(each: Share, t: Translator) -> str:
    """Return the count behind a share: ``6 of 8; not in repetitions 3 and 7``, or the seconds of a hold."""
    if each.value is None:
        return t("findings.share.not_judged")
    if each.good_s is not None:
        good, judged = (hold_text(seconds, t.language) for seconds in (each.good_s, each.judged_s))
        return t("findings.share.of_time", good=good, judged=judged)
    text = t("findings.share.of_reps", good=len(each.good), n=len(each.judged))
    if not each.not_good:
        return text
    listed = join_words([str(index) for index in each.not_good], t.language)
    where = t("report.word.rep" if len(each.not_good) == 1 else "report.word.reps", n=listed, list=listed)
    return f"{text}; {t('findings.share.not_in', where=where)}"


def _of_what(each: Share, exercise: Exercise, t: Translator) -> str:
    names = join_words([_lower(rule_name(exercise, rule, t.language)) for rule in each.rules], t.language)
    return t("findings.share.looked_at", rules=names) if names else ""


def _points(rep: Rep, exercise: Exercise, t: Translator) -> str:
    points = point_rules(rep)
    hints = {fault.rule for fault in rep.faults} - points
    names = [_lower(rule_name(exercise, rule, t.language)) for rule in sorted(points)]
    names += [f"{_lower(rule_name(exercise, rule, t.language))} ({t('term.severity.1')})" for rule in sorted(hints)]
    return join_words(names, t.language) if names else t("findings.extreme.nothing")


def _why(t: Translator, key: str, why: str) -> str:
    """Return the reason why a repetition is the best or the worst (``key``)."""
    return t(f"findings.extreme.{key}_smoothness" if why == "smoothness" else f"findings.extreme.why_{why}")


def _way(change: Change) -> str:
    kind = "depth" if change.measure == DEPTH else "value"
    return f"{kind}_{'up' if change.difference > 0 else 'down'}"


def _degrees(change: Change, language: str) -> str:
    """Return the size of a change with the smallest real one as its uncertainty."""
    return quantity(abs(change.difference), change.unit, language, change.smallest_real)


def _measured(value: float, change: Change, language: str) -> str:
    return hold_text(value, language) if change.unit == "s" else quantity(value, change.unit, language)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
