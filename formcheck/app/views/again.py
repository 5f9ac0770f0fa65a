"""A kept set judged again: with today's rules and, where the person wants, another depth. The kept record stays as it is."""

from __future__ import annotations

import streamlit as st

import formcheck
from formcheck import report
from formcheck.app import training
from formcheck.app.services import DEPTH_BOUNDS_DEG, takes_depth
from formcheck.app.views import small
from formcheck.i18n import Translator
from formcheck.programme import Prescription
from formcheck.records import SetRecord
from formcheck.spec import Exercise


def show(set_id: int, trace_sha256: str, looked: training.Measured, t: Translator) -> None:
    """Offer to judge the set again; show both verdicts side by side."""
    with st.expander(t("again.title"), icon=":material/replay:"):
        small(t("again.hint"))
        record, exercise = looked.result.record, looked.exercise
        given = Prescription.model_validate(record.prescription or {"exercise": exercise.id})
        depth = given.target_depth_deg
        if takes_depth(exercise):
            low, high = DEPTH_BOUNDS_DEG
            depth = st.number_input(
                t("app.choose.depth"), low, high, depth, 5.0, format="%.0f", key=f"again-depth-{set_id}",
                placeholder=t("app.choose.depth_none"),
            )  # fmt: skip
        if not st.button(t("again.do"), key=f"again-{set_id}"):
            return
        wanted = given.model_copy(update={"target_depth_deg": depth, "own_depth": given.own_depth and depth is None})
        now = training.judged_again(set_id, trace_sha256, wanted.model_dump_json())
        for column, name, one in zip(st.columns(2), ("then", "now"), (record, now)):
            with column:
                version = one.software.get("formcheck", "?") if name == "then" else formcheck.__version__
                st.markdown(f"**{t(f'again.{name}', version=version)}**")
                st.markdown(report.summary_sentence(one, exercise, t.language))
        st.dataframe(_rows(record, now, exercise, t), hide_index=True, alt=t("again.title"))


def _rows(then: SetRecord, now: SetRecord, exercise: Exercise, t: Translator) -> list[dict]:
    """Return one line per repetition or hold, by its number in either record."""
    tables = [
        {row.number: row for row in (report.hold_rows if record.holds else report.rep_rows)(record, exercise, t.language)}
        for record in (then, now)
    ]  # fmt: skip
    number, points = t("report.column.number"), t("report.column.points")
    lines = []
    for key in dict.fromkeys([*tables[0], *tables[1]]):
        line = {number: key}
        for name, rows in zip(("then", "now"), tables):
            row = rows.get(key)
            value = t("again.missing") if row is None else row.points or t("again.clean")
            line[f"{points}: {t(f'again.word.{name}')}"] = value
        lines.append(line)
    return lines
