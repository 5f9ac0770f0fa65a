"""Correcting a kept set: a repetition that was missed or is none, a point that is right or wrong, a comment at a moment.

The original judgement is never changed: corrections lie over it, and can be taken off the view.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from formcheck.app import identity, session, training
from formcheck.app.views import plain, small
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.i18n.numbers import clock
from formcheck.insights import MAIN_ANGLE
from formcheck.model.corrections import Corrected, Correction, agreement
from formcheck.model.records import Hold, Rep, Verdict
from formcheck.reports import findings as findings
from formcheck.reports.sentences import rule_name

if TYPE_CHECKING:
    from formcheck.spec.exercise import Exercise

SHORTEST_S = 0.3
ME = "me"
"""Who corrects on a machine without accounts."""
MARKS = {"fault": ("fault_right", "fault_wrong"), "ok": ("ok_right", "fault_missed")}
"""What may be said to an outcome: that it is right, that it is wrong."""
AGREES = ("seen", "comment", "fault_right", "ok_right")
"""Kinds of entries that are no corrections in the eyes of the person."""
CHANGED = "corrections-changed"
"""The key that says, until the page is drawn again, that a number of it changed."""


def as_chosen(set_id: int, measured: training.Measured, t: Translator) -> training.Measured:
    """Say what was corrected; return the set as corrected, or as the program judged it where the person chose so."""
    corrected = measured.corrected
    changes = [entry for entry in corrected.entries if entry.kind not in AGREES] if corrected is not None else []
    if corrected is None or not changes:
        return measured
    before, after = (training.counted(one, t.language) for one in (corrected.original, corrected.record))
    with st.container(horizontal=True, vertical_alignment="center"):
        note = "correct.note_same" if before == after else "correct.note"
        st.markdown(t(note, n=len(changes), before=before, after=after), width="stretch")
        original = st.toggle(t("correct.original"), key=f"original-{set_id}")
    return measured.as_judged() if original else measured


def show(set_id: int, kept: training.Measured, corrected: Corrected | None, t: Translator) -> None:
    """Offer every kind of correction."""
    record = kept.result.record if corrected is None else corrected.record
    removed = () if corrected is None else corrected.removed
    shown = st.expander(t("correct.title"), icon=":material/edit:", key=f"correct-{t.language}", on_change="rerun")
    if not shown.open:
        return
    with shown:
        small(t("correct.hint"))
        gone = [rep for rep in kept.result.record.reps if rep.index in removed]
        units: dict[int, Rep | Hold] = {unit.index: unit for unit in (*record.reps, *record.holds, *gone)}
        if units:
            index = st.selectbox(
                t("correct.which"),
                list(units),
                format_func=lambda n: _title(units[n], t),
                key=f"correct-which-{set_id}-{t.language}",
            )
            _unit(set_id, kept, corrected, units[index], t)
        left, right = st.columns(2, gap="large")
        with left:
            if kept.exercise.movement.kind == "rep_cycle":
                _add(set_id, kept, t)
        with right:
            _comment(set_id, kept, t)
        _comments(corrected, t)
        if corrected is not None and corrected.marks:
            lines = findings.agreement_lines(agreement(corrected.marks.values()), kept.exercise, t.language)
            st.markdown("\n".join(f"- {line}" for line in lines))


def _title(unit: Rep | Hold, t: Translator) -> str:
    number = f"({unit.index})" if isinstance(unit, Rep) and not unit.counted else str(unit.index)
    return t("pair.unit", n=number, when=clock(unit.start_s, t.language))


def _unit(set_id: int, kept: training.Measured, corrected: Corrected | None, unit: Rep | Hold, t: Translator) -> None:
    """Offer what can be said about one repetition or hold."""
    original = {one.index: one for one in (*kept.result.record.reps, *kept.result.record.holds)}.get(unit.index)
    marks = {} if corrected is None else corrected.marks
    for verdict in original.verdicts if original is not None else ():
        if verdict.outcome in MARKS:
            mark = marks.get((verdict.rule, unit.index))
            _mark(set_id, kept.exercise, verdict, unit.index, mark and mark.kind, t)
    if isinstance(unit, Rep):
        counts = unit.counted and (corrected is None or unit.index not in corrected.removed)
        kind = "remove_repetition" if counts else "add_repetition"
        label = t("correct.remove" if counts else "correct.count", n=unit.index)
        st.button(
            label,
            key=f"{kind}-{set_id}-{unit.index}",
            on_click=_keep,
            args=(set_id, t, kind),
            kwargs={"rep": unit.index},
        )


def _mark(set_id: int, exercise: Exercise, verdict: Verdict, index: int, said: str | None, t: Translator) -> None:
    kinds = MARKS[verdict.outcome]
    key = f"mark-{set_id}-{index}-{verdict.rule}-{t.language}"

    def keep() -> None:
        if st.session_state[key] is not None:
            _keep(set_id, t, st.session_state[key], rule=verdict.rule, rep=index)

    what, choice = st.columns([3, 2], vertical_alignment="center")
    what.markdown(f"**{rule_name(exercise, verdict.rule, t.language)}**: {t(f'correct.found_{verdict.outcome}')}")
    choice.segmented_control(
        rule_name(exercise, verdict.rule, t.language),
        kinds,
        default=said,
        key=key,
        on_change=keep,
        label_visibility="collapsed",
        format_func=lambda kind: t(f"correct.{kind}"),
    )


def _add(set_id: int, kept: training.Measured, t: Translator) -> None:
    """Offer to add a repetition that was not found."""
    t_s = kept.result.trace.t_s
    if len(t_s) < 2 or t_s[-1] - t_s[0] <= SHORTEST_S:
        return
    st.markdown(f"**{t('correct.add')}**")
    at_s = session.shown().seek_s
    first_s, last_s = round(float(t_s[0]), 1), round(float(t_s[-1]), 1)
    here_s = min(max(round(at_s if at_s is not None else first_s, 1), first_s), last_s)
    start_s, end_s = st.slider(
        t("correct.from_to"),
        first_s,
        last_s,
        (here_s, min(here_s + 2.0, last_s)),
        0.1,
        format="%.1f s",
        key=f"add-{set_id}-{session.shown().seek_id}",
    )
    times = {"start_s": start_s, "turn_s": _turn_s(kept, start_s, end_s), "end_s": end_s}
    st.button(
        t("correct.add_do"),
        key=f"add-do-{set_id}",
        disabled=end_s - start_s < SHORTEST_S,
        on_click=_keep,
        args=(set_id, t, "add_repetition"),
        kwargs=times,
    )


def _turn_s(kept: training.Measured, start_s: float, end_s: float) -> float:
    """Return the moment of the largest main angle in between, the middle where it was not measured."""
    t_s, angle = kept.result.trace.t_s, kept.result.trace.signals.get(MAIN_ANGLE)
    inside = (t_s > start_s) & (t_s < end_s)
    if angle is not None and np.isfinite(angle[inside]).any():
        return float(t_s[inside][np.nanargmax(angle[inside])])
    return (start_s + end_s) / 2


def _comment(set_id: int, kept: training.Measured, t: Translator) -> None:
    """Offer a comment at the moment that the player was last sent to; what is written stays in its box until it is kept."""
    st.markdown(f"**{t('correct.comment')}**")
    at_s = session.shown().seek_s
    at_s = max(float(kept.result.trace.t_s[0]) if at_s is None else at_s, 0.0)
    key = f"comment-{set_id}"

    def keep() -> None:
        text = st.session_state[key].strip()
        if text and _keep(set_id, t, "comment", moment_s=round(at_s, 3), text=text):
            st.session_state[key] = ""

    st.text_area(t("correct.comment_at", when=clock(at_s, t.language)), max_chars=2000, key=key)
    st.button(t("correct.comment_do"), key=f"comment-do-{set_id}", on_click=keep)


def _comments(corrected: Corrected | None, t: Translator) -> None:
    for number, entry in enumerate(corrected.comments if corrected is not None else ()):
        moment, words = st.columns([1, 5], vertical_alignment="center")
        moment.button(
            clock(entry.moment_s, t.language),
            key=f"comment-at-{number}",
            on_click=session.shown().jump,
            args=(entry.moment_s,),
        )
        by = t("correct.me") if entry.by == ME else entry.by
        words.markdown(f"{plain(entry.text)}  \n:small[{by}, {date_text(t, entry.at.astimezone().date())}]")


def _keep(set_id: int, t: Translator, kind: str, **what: object) -> bool:
    """Keep one entry and return whether it is kept; what does not fit is told and changes nothing."""
    try:
        identity.store().reviews.add(set_id, Correction(by=ME, at=datetime.now(UTC), kind=kind, **what))
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")
        return False
    st.session_state[CHANGED] = True
    return True
