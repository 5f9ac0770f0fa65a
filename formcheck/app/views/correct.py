"""Correcting a stored set: add or remove a repetition, confirm or reject a verdict, comment on a moment.

The original record is never changed. Corrections are applied to a copy, and the page can show the original again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from formcheck.app import identity, session, training
from formcheck.app.views import plain, small
from formcheck.app.views.bouts import bout_title, bouts_of
from formcheck.errors import FormcheckError
from formcheck.i18n import error_text
from formcheck.i18n.dates import date_text
from formcheck.i18n.numbers import clock
from formcheck.insights import MAIN_ANGLE
from formcheck.model.corrections import Corrected, Correction, agreement
from formcheck.model.records import Rep
from formcheck.reports import findings
from formcheck.reports.sentences import rule_name

if TYPE_CHECKING:
    from formcheck.i18n import Translator
    from formcheck.model.corrections import CorrectionKind
    from formcheck.model.records import Hold, Verdict
    from formcheck.spec.exercise import Exercise

SHORTEST_S = 0.3
"""Shortest repetition (s) that can be added; default."""
ME = "me"
"""Author of a correction on a machine without accounts."""
MARKS: dict[str, tuple[CorrectionKind, CorrectionKind]] = {
    "fault": ("fault_right", "fault_wrong"),
    "ok": ("ok_right", "fault_missed"),
}
"""Outcome of a verdict to the marks a person may give it: right, wrong."""
CONFIRMING: tuple[CorrectionKind, ...] = ("seen", "comment", "fault_right", "ok_right")
"""Kinds of entries that the page does not count as corrections."""
CHANGED = "corrections-changed"
"""Key of the session state that is set after a correction, until the whole page is drawn again."""


def choose_version(set_id: int, measured: training.RemeasuredSet, t: Translator) -> training.RemeasuredSet:
    """Say how many corrections there are; return the corrected set, or the original one if the user chooses it."""
    corrected = measured.corrected
    changes = [entry for entry in corrected.entries if entry.kind not in CONFIRMING] if corrected is not None else []
    if corrected is None or not changes:
        return measured
    before, after = (training.count_text(one, t.language) for one in (corrected.original, corrected.record))
    with st.container(horizontal=True, vertical_alignment="center"):
        note = "correct.note_same" if before == after else "correct.note"
        st.markdown(t(note, n=len(changes), before=before, after=after), width="stretch")
        original = st.toggle(t("correct.original"), key=f"original-{set_id}")
    return measured.as_judged() if original else measured


def show(set_id: int, stored: training.RemeasuredSet, corrected: Corrected | None, t: Translator) -> None:
    """Draw the widgets for every kind of correction."""
    record = stored.result.record if corrected is None else corrected.record
    removed = () if corrected is None else corrected.removed
    shown = st.expander(t("correct.title"), icon=":material/edit:", key=f"correct-{t.language}", on_change="rerun")
    if not shown.open:
        return
    with shown:
        small(t("correct.hint"))
        gone = [rep for rep in stored.result.record.reps if rep.index in removed]
        bouts = {bout.index: bout for bout in [*bouts_of(record), *gone]}
        if bouts:
            index = st.selectbox(
                t("correct.which"),
                list(bouts),
                format_func=lambda n: bout_title(bouts[n], t),
                key=f"correct-which-{set_id}-{t.language}",
            )
            _bout(set_id, stored, corrected, bouts[index], t)
        left, right = st.columns(2, gap="large")
        with left:
            if stored.exercise.movement.kind == "rep_cycle":
                _add(set_id, stored, t)
        with right:
            _comment(set_id, stored, t)
        _comments(corrected, t)
        if corrected is not None and corrected.marks:
            lines = findings.agreement_lines(agreement(corrected.marks.values()), stored.exercise, t.language)
            st.markdown("\n".join(f"- {line}" for line in lines))


def _bout(
    set_id: int, stored: training.RemeasuredSet, corrected: Corrected | None, bout: Rep | Hold, t: Translator
) -> None:
    """Draw the widgets that correct one repetition or hold."""
    original = next((one for one in bouts_of(stored.result.record) if one.index == bout.index), None)
    marks = {} if corrected is None else corrected.marks
    for verdict in original.verdicts if original is not None else ():
        if verdict.outcome in MARKS:
            mark = marks.get((verdict.rule, bout.index))
            _mark(set_id, stored.exercise, verdict, bout.index, None if mark is None else mark.kind, t)
    if isinstance(bout, Rep):
        counts = bout.counted and (corrected is None or bout.index not in corrected.removed)
        kind: CorrectionKind = "remove_repetition" if counts else "add_repetition"
        label = t("correct.remove" if counts else "correct.count", n=bout.index)
        st.button(
            label,
            key=f"{kind}-{set_id}-{bout.index}",
            on_click=_save,
            args=(set_id, t, kind),
            kwargs={"rep": bout.index},
        )


def _mark(
    set_id: int, exercise: Exercise, verdict: Verdict, index: int, mark: CorrectionKind | None, t: Translator
) -> None:
    """Let the person say whether one verdict is right. ``mark``: what they said before."""
    kinds = MARKS[verdict.outcome]
    key = f"mark-{set_id}-{index}-{verdict.rule}-{t.language}"

    def save() -> None:
        if st.session_state[key] is not None:
            _save(set_id, t, st.session_state[key], rule=verdict.rule, rep=index)

    what, choice = st.columns([3, 2], vertical_alignment="center")
    what.markdown(f"**{rule_name(exercise, verdict.rule, t.language)}**: {t(f'correct.found_{verdict.outcome}')}")
    choice.segmented_control(
        rule_name(exercise, verdict.rule, t.language),
        kinds,
        default=mark,
        key=key,
        on_change=save,
        label_visibility="collapsed",
        format_func=lambda kind: t(f"correct.{kind}"),
    )


def _add(set_id: int, stored: training.RemeasuredSet, t: Translator) -> None:
    """Draw the widgets that add a repetition the program did not find."""
    t_s = stored.result.trace.t_s
    if len(t_s) < 2 or t_s[-1] - t_s[0] <= SHORTEST_S:
        return
    st.markdown(f"**{t('correct.add')}**")
    at_s = session.player().seek_s
    first_s, last_s = round(float(t_s[0]), 1), round(float(t_s[-1]), 1)
    here_s = min(max(round(at_s if at_s is not None else first_s, 1), first_s), last_s)
    start_s, end_s = st.slider(
        t("correct.from_to"),
        first_s,
        last_s,
        (here_s, min(here_s + 2.0, last_s)),
        0.1,
        format="%.1f s",
        key=f"add-{set_id}-{session.player().seek_id}",
    )
    times = {"start_s": start_s, "turn_s": _turn_s(stored, start_s, end_s), "end_s": end_s}
    st.button(
        t("correct.add_do"),
        key=f"add-do-{set_id}",
        disabled=end_s - start_s < SHORTEST_S,
        on_click=_save,
        args=(set_id, t, "add_repetition"),
        kwargs=times,
    )


def _turn_s(stored: training.RemeasuredSet, start_s: float, end_s: float) -> float:
    """Return the moment (s) of the largest main angle between two moments, their middle if the angle was not measured."""
    t_s, angle = stored.result.trace.t_s, stored.result.trace.signals.get(MAIN_ANGLE)
    inside = (t_s > start_s) & (t_s < end_s)
    if angle is not None and np.isfinite(angle[inside]).any():
        return float(t_s[inside][np.nanargmax(angle[inside])])
    return (start_s + end_s) / 2


def _comment(set_id: int, stored: training.RemeasuredSet, t: Translator) -> None:
    """Show a box for a comment on the moment that the player was last sent to. The text stays there until it is saved."""
    st.markdown(f"**{t('correct.comment')}**")
    at_s = session.player().seek_s
    at_s = max(float(stored.result.trace.t_s[0]) if at_s is None else at_s, 0.0)
    key = f"comment-{set_id}"

    def save() -> None:
        text = st.session_state[key].strip()
        if text:
            _save(set_id, t, "comment", box=key, moment_s=round(at_s, 3), text=text)

    st.text_area(t("correct.comment_at", when=clock(at_s, t.language)), max_chars=2000, key=key)
    st.button(t("correct.comment_do"), key=f"comment-do-{set_id}", on_click=save)


def _comments(corrected: Corrected | None, t: Translator) -> None:
    """Show each comment with a button that sends the player to its moment."""
    for number, entry in enumerate(corrected.comments if corrected is not None else ()):
        if entry.moment_s is None or entry.text is None:
            continue  # only for the types: ``Correction`` demands both of a comment
        moment, words = st.columns([1, 5], vertical_alignment="center")
        moment.button(
            clock(entry.moment_s, t.language),
            key=f"comment-at-{number}",
            on_click=session.player().jump,
            args=(entry.moment_s,),
        )
        by = t("correct.me") if entry.by == ME else entry.by
        words.markdown(f"{plain(entry.text)}  \n:small[{by}, {date_text(t, entry.at.astimezone().date())}]")


def _save(set_id: int, t: Translator, kind: CorrectionKind, *, box: str | None = None, **fields: Any) -> None:  # noqa: ANN401 - pydantic checks them
    """Store one correction, or say why it does not fit.

    ``box``: key of the text box to empty once it is stored. ``fields``: of ``Correction``.
    """
    try:
        identity.store().reviews.add(set_id, Correction(by=ME, at=datetime.now(UTC), kind=kind, **fields))
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")
        return
    st.session_state[CHANGED] = True
    if box is not None:
        st.session_state[box] = ""
