"""Judging a stored set again with today's rules and, if the person wants, another depth. The stored record stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import identity, training
from formcheck.app.services import DEPTH_BOUNDS_DEG, takes_depth
from formcheck.app.views import small
from formcheck.insights import BothVerdicts, side_by_side
from formcheck.reports import tables
from formcheck.reports.sentences import rule_name
from formcheck.spec.prescription import Prescription
from formcheck.version import VERSION

if TYPE_CHECKING:
    from formcheck.i18n import Translator
    from formcheck.spec.exercise import Exercise


def show(set_id: int, trace_sha256: str, stored: training.RemeasuredSet, t: Translator) -> None:
    """Show the button that judges the set again, then both verdicts side by side."""
    with st.expander(t("again.title"), icon=":material/replay:"):
        small(t("again.hint"))
        record, exercise = stored.result.record, stored.exercise
        given = Prescription.model_validate(record.prescription or {"exercise": exercise.id})
        depth = given.target_depth_deg
        if takes_depth(exercise):
            low, high = DEPTH_BOUNDS_DEG
            depth = st.number_input(
                t("app.choose.depth"),
                low,
                high,
                depth,
                5.0,
                format="%.0f",
                key=f"again-depth-{set_id}",
                placeholder=t("app.choose.depth_none"),
            )
        if not st.button(t("again.do"), key=f"again-{set_id}"):
            return
        wanted = given.model_copy(update={"target_depth_deg": depth, "own_depth": given.own_depth and depth is None})
        now = training.rejudge(identity.store(), set_id, trace_sha256, wanted.model_dump_json())
        for column, name, one in zip(st.columns(2), ("then", "now"), (record, now)):
            with column:
                version = one.software.get("formcheck", "?") if name == "then" else VERSION
                st.markdown(f"**{t(f'again.{name}', version=version)}**")
                st.markdown(tables.summary_sentence(one, exercise, t.language))
        changed = [row for row in side_by_side(record, now) if row.changed]
        if changed:
            st.dataframe([_line(row, exercise, t) for row in changed], hide_index=True, alt=t("again.title"))
        else:
            st.markdown(t("again.same"))


def _line(row: BothVerdicts, exercise: Exercise, t: Translator) -> dict[str, str]:
    index = row.new_index if row.old_index is None else row.old_index
    return {
        t("report.column.number"): str(index),
        t("report.column.what"): rule_name(exercise, row.rule, t.language),
        t("again.word.then"): t(f"again.said.{row.old}"),
        t("again.word.now"): t(f"again.said.{row.new}"),
    }
