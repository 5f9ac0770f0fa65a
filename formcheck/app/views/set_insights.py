"""What a set means: its shares, the trend, all repetitions laid over each other, two repetitions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import player
from formcheck.app.views import small
from formcheck.i18n.numbers import clock, quantity
from formcheck.insights import best_and_worst, compare
from formcheck.model.records import Hold, Rep
from formcheck.reports import findings as findings
from formcheck.reports import interactive
from formcheck.reports.chart import axis_label
from formcheck.reports.sentences import rule_name
from formcheck.reports.tables import knee_uncertainty_deg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from formcheck.analysis.run import SetResult
    from formcheck.i18n import Translator
    from formcheck.spec.exercise import Exercise


@dataclass(slots=True, frozen=True)
class Candidate:
    """A set that this one can be laid beside. ``motion``: gives the address that a player fetches it from."""

    name: str
    result: SetResult
    motion: Callable[[], str]


def shares(result: SetResult, exercise: Exercise, t: Translator) -> None:
    """Show range, alignment and control, each with the repetitions that it is made of, and how the depth went."""
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
    """Show all counted repetitions laid over each other."""
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
    own: Candidate, exercise: Exercise, others: Mapping[int, str], load: Callable[[int], Candidate], t: Translator
) -> None:
    """Show two repetitions or holds side by side, of this set or of this and an earlier one.

    ``others``: earlier sets of the exercise, id to name, newest first; ``load`` fetches one.
    """
    units = _units(own.result)
    if not units or (len(units) < 2 and not others):
        return
    title = t("pair.title_holds" if own.result.record.holds else "pair.title")
    shown = st.expander(title, icon=":material/compare:", key=f"pair-{t.language}", on_change="rerun")
    if not shown.open:  # only then is it fetched and drawn
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
        left, right = _usual(own) if other is own else (_best(other), _best(own))
        columns = st.columns(2)
        with columns[0]:
            first = _choose(other, left, exercise, "left", t)
        with columns[1]:
            second = _choose(own, right, exercise, "right", t)
        if first is not None and second is not None:
            player.show_pair((_side(other, first, exercise, t), _side(own, second, exercise, t)), t)


def _units(result: SetResult) -> list[Rep | Hold]:
    return [*result.record.reps, *result.record.holds]


def _usual(own: Candidate) -> tuple[int, int]:
    """Return the best and the worst repetition, or the first and the last."""
    found, units = best_and_worst(own.result.record), _units(own.result)
    return (found.best.index, found.worst.index) if found else (units[0].index, units[-1].index)


def _best(one: Candidate) -> int | None:
    found, units = best_and_worst(one.result.record), _units(one.result)
    return found.best.index if found else units[0].index if units else None


def _choose(one: Candidate, usual: int | None, exercise: Exercise, place: str, t: Translator) -> Rep | Hold | None:
    units = {unit.index: unit for unit in _units(one.result)}
    if not units:
        st.markdown(t("pair.nothing"))
        return None
    index = st.selectbox(
        one.name,
        list(units),
        index=list(units).index(usual),
        key=f"pair-{place}-{one.name}-{t.language}",
        format_func=lambda n: _title(units[n], t),
    )
    return units[index]


def _title(unit: Rep | Hold, t: Translator) -> str:
    number = f"({unit.index})" if isinstance(unit, Rep) and not unit.counted else str(unit.index)
    return t("pair.unit", n=number, when=clock(unit.start_s, t.language))


def _side(one: Candidate, unit: Rep | Hold, exercise: Exercise, t: Translator) -> player.PairSide:
    points = [rule_name(exercise, rule, t.language) for rule in dict.fromkeys(fault.rule for fault in unit.faults)]
    said = [", ".join(points) if points else t("findings.extreme.nothing")]
    depth = unit.measures.get(exercise.movement.depth_measure) if isinstance(unit, Rep) else None
    if depth is not None:
        said.insert(0, quantity(depth, "deg", t.language, knee_uncertainty_deg(one.result.record)))
    turn_s = unit.turn_s if isinstance(unit, Rep) else (unit.start_s + unit.end_s) / 2
    return player.PairSide(
        one.motion(), unit.start_s, turn_s, unit.end_s, f"{one.name} · {_title(unit, t)}", " · ".join(said)
    )


def _changes(earlier: Candidate, own: Candidate, t: Translator) -> None:
    """Say whether the two sets may be compared, and what changed for certain."""
    comparison = compare(earlier.result.record, own.result.record)
    st.markdown(findings.comparison_sentence(comparison, earlier.result.record, own.result.record, t.language))
    rows = findings.change_rows(comparison, t.language)
    if rows:
        names = ("measure", "before", "after", "verdict")
        st.table([{t(f"pair.column.{name}"): getattr(row, name) for name in names} for row in rows])
