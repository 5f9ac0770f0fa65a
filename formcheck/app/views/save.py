"""The downloads of a set: its report as a PDF, and its data. Each file is made when its button is pressed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.exports import FORMATS, SetToExport, export

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.app import training
    from formcheck.i18n import Translator
    from formcheck.model.corrections import Corrected

DATA = ("json", "csv", "npz", "mp4")
"""The formats with a button; the command line has all of them."""


def report(judged: training.JudgedSet, t: Translator, name: str, corrected: Corrected | None = None) -> None:
    """Show the button that saves the report as a PDF."""
    record, trace, exercise = judged.result.record, judged.result.trace, judged.exercise

    def pdf() -> bytes:
        from formcheck.reports.pdf import pdf_report

        return pdf_report(record, trace, exercise, t.language, corrected)

    st.download_button(
        t("save.pdf"),
        pdf,
        f"{name}-report.{t.language}.pdf",
        "application/pdf",
        key=f"save-pdf-{t.language}",
        on_click="ignore",
        icon=":material/download:",
    )


def downloads(measured: training.RemeasuredSet, t: Translator, name: str) -> None:
    """Show the buttons that save report and data of a stored set.

    The numbers follow its corrections; the file of the record holds the original as well.
    """
    corrected = measured.corrected if measured.version else None
    entries = () if corrected is None else corrected.entries
    with st.expander(t("save.title"), icon=":material/download:"), st.container(horizontal=True):
        report(measured, t, name, corrected)
        original = measured.as_judged()
        data = SetToExport(original.result.record, original.result.trace, original.exercise, t.language, entries)
        for kind in DATA:
            chosen = "review" if kind == "json" and entries else kind
            ending = FORMATS[chosen].ending
            st.download_button(
                t(f"save.{kind}"),
                _writer(data, chosen),
                f"{name}{ending}",
                key=f"save-{kind}-{t.language}",
                on_click="ignore",
                icon=":material/download:",
            )


def _writer(data: SetToExport, kind: str) -> Callable[[], bytes]:
    """Return a function that writes the set in a format and returns the bytes."""

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"set{FORMATS[kind].ending}"
            export(data, kind, path)
            return path.read_bytes()

    return make
