"""The meaning of a set: its shares and trend, all repetitions over each other, two repetitions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import player
from formcheck.app.views import small
from formcheck.app.views.bouts import bout_title, bouts_of
from formcheck.i18n.numbers import quantity
from formcheck.insights import best_and_worst, compare
from formcheck.model.records import Rep
from formcheck.reports import findings, interactive
from formcheck.reports.chart import axis_label
from formcheck.reports.sentences import rule_name
from formcheck.reports.tables import knee_uncertainty_deg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from formcheck.analysis.run import SetResult
    from formcheck.i18n import Translator
    from formcheck.model.records import Hold
    from formcheck.spec.exercise import Exercise


@dataclass(slots=True, frozen=True)
class ComparedSet:
    """One of the sets of a comparison. ``motion``: returns the address of its landmarks for the player."""

    name: str
    result: SetResult
    motion: Callable[[], str]


def shares(result: SetResult, exercise: Exercise, t: Translator) -> None:
    """Show range, alignment and control with the repetitions behind them, the trend of the depth, and left against right."""
    rows = findings.share_rows(result.record, exercise, t.language)
    for column, row in zip(st.columns(len(rows)) if rows else [], rows):
        with column.container(border=True):
            st.metric(row.name, row.value)
            small(row.made_of)
            if row.of_what:
                small(row.of_what)
    trend = findings.trend_sentence(result.record, t.language)
    if trend:
        st.markdown(trend)
    sides = findings.side_lines(result.record, exercise, t.language)
    if sides:
        st.markdown(f"**{t('findings.sides.title')}**")
        st.markdown("\n".join(f"- {line}" for line in sides))


def overlay(result: SetResult, exercise: Exercise, t: Translator) -> None:
    """Show the angle of all counted repetitions in one chart."""
    chart = interactive.overlay_chart(result.record, result.trace, t.language, dark=st.context.theme.type == "dark")
    if chart is None:
        return
    with st.expander(t("findings.overlay.title"), icon=":material/stacked_line_chart:"):
        label = axis_label(exercise, t.language)
        n = sum(rep.counted for rep in result.record.reps)
        small(label)
        st.altair_chart(chart, alt=t("findings.overlay.description", signal=label, n=n))
        small(interactive.overlay_legend(result.record, t.language))


def pair(
    own: ComparedSet, exercise: Exercise, others: Mapping[int, str], load: Callable[[int], ComparedSet], t: Translator
) -> None:
    """Show two repetitions or holds side by side, of this set or of this and an earlier one.

    ``others``: earlier sets of the exercise, id to name, newest first. ``load``: returns one of them by its id.
    """
    bouts = bouts_of(own.result.record)
    if not bouts or (len(bouts) < 2 and not others):
        return
    title = t("pair.title_holds" if own.result.record.holds else "pair.title")
    shown = st.expander(title, icon=":material/compare:", key=f"pair-{t.language}", on_change="rerun")
    if not shown.open:  # fetched and drawn only then
        return
    with shown:
        other = own
        if others:
            chosen = st.selectbox(
                t("pair.with"),
                [None, *others],
                key=f"pair-with-{t.language}",
                format_func=lambda one: t("pair.this_set") if one is None else others[one],
            )
            if chosen is not None:
                other = load(chosen)
                _changes(other, own, t)
        left, right = _best_and_worst(own) if other is own else (_best(other), _best(own))
        columns = st.columns(2)
        with columns[0]:
            first = _choose(other, left, "left", t)
        with columns[1]:
            second = _choose(own, right, "right", t)
        if first is not None and second is not None:
            player.show_pair((_side(other, first, exercise, t), _side(own, second, exercise, t)), t)


def _best_and_worst(own: ComparedSet) -> tuple[int, int]:
    """Return the indices of the best and the worst repetition, or of the first and the last if none stands out."""
    found, bouts = best_and_worst(own.result.record), bouts_of(own.result.record)
    return (found.best.index, found.worst.index) if found else (bouts[0].index, bouts[-1].index)


def _best(one: ComparedSet) -> int | None:
    """Return the index of the best repetition, or of the first if none stands out; None without any."""
    found, bouts = best_and_worst(one.result.record), bouts_of(one.result.record)
    return found.best.index if found else bouts[0].index if bouts else None


def _choose(one: ComparedSet, preferred: int | None, place: str, t: Translator) -> Rep | Hold | None:
    """Let the user choose a repetition or hold of a set; None when it has none. ``preferred``: the first choice."""
    bouts = {bout.index: bout for bout in bouts_of(one.result.record)}
    if preferred is None:
        st.markdown(t("pair.nothing"))
        return None
    index = st.selectbox(
        one.name,
        list(bouts),
        index=list(bouts).index(preferred),
        key=f"pair-{place}-{one.name}-{t.language}",
        format_func=lambda n: bout_title(bouts[n], t),
    )
    return bouts[index]


def _side(one: ComparedSet, bout: Rep | Hold, exercise: Exercise, t: Translator) -> player.PairSide:
    """Return one side of the comparison for the player."""
    points = [rule_name(exercise, rule, t.language) for rule in dict.fromkeys(fault.rule for fault in bout.faults)]
    words = [", ".join(points) if points else t("findings.extreme.nothing")]
    if isinstance(bout, Rep):
        turn_s = bout.turn_s
        movement = exercise.movement
        depth = bout.measures.get(movement.depth_measure) if movement.kind == "rep_cycle" else None
        if depth is not None:
            words.insert(0, quantity(depth, "deg", t.language, knee_uncertainty_deg(one.result.record)))
    else:
        turn_s = (bout.start_s + bout.end_s) / 2
    title = f"{one.name} · {bout_title(bout, t)}"
    return player.PairSide(one.motion(), bout.start_s, turn_s, bout.end_s, title, " · ".join(words))


def _changes(earlier: ComparedSet, own: ComparedSet, t: Translator) -> None:
    """Say whether the two sets can be compared, and which changes are certain."""
    comparison = compare(earlier.result.record, own.result.record)
    st.markdown(findings.comparison_sentence(comparison, earlier.result.record, own.result.record, t.language))
    rows = findings.change_rows(comparison, t.language)
    if rows:
        names = ("measure", "before", "after", "verdict")
        st.table([{t(f"pair.column.{name}"): getattr(row, name) for name in names} for row in rows])
