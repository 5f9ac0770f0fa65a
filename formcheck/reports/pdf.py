"""The PDF report of a set: two pages of A4 with vector figures and its own fonts, made without a network.

It says the same as the HTML report. A long set gets smaller letters and then further pages; nothing is left out.
The font is DejaVu Sans. It is free to embed and comes with matplotlib, which MediaPipe requires.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from formcheck.errors import OutputError
from formcheck.files import native_libraries
from formcheck.files.resources import font_file
from formcheck.i18n import Translator, translator
from formcheck.i18n.numbers import hold_text
from formcheck.reports import findings as findings
from formcheck.reports import tables
from formcheck.reports.chart import axis_label, chart_svg, legend
from formcheck.reports.figures import Moment, overlay_legend, overlay_svg, worst_moments
from formcheck.reports.nothing import nothing_lines
from formcheck.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fpdf import FPDF

    from formcheck.model.corrections import Corrected
    from formcheck.model.frames import Trace
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

PAGES = 2
_SCALES = (1.0, 0.92, 0.85)
"""Font sizes (pt) in the order of trial. The first that fits into ``PAGES`` pages is used. Default."""
_FONT = "DejaVu"
_MARGIN_MM, _WIDTH_MM = 14.0, 182.0
_INK, _GREY, _LINE, _BLUE = (31, 42, 48), (76, 90, 97), (154, 167, 173), (0, 114, 178)
_COLUMNS_MM = {
    tables.RepRow: {"number": 11, "side": 16, "time": 30, "depth": 20, "tempo": 34, "points": 45, "counted": 26},
    tables.HoldRow: {"number": 11, "time": 34, "total": 20, "in_form": 25, "longest": 22, "ended": 30, "points": 40},
    tables.FaultRow: {
        "when": 16,
        "where": 25,
        "what": 33,
        "measured": 27,
        "limit": 23,
        "kind": 27,
        "cue": 31,
    },
    tables.NotAssessedRow: {"what": 50, "why": 92, "where": 40},
}
"""Columns of the tables, with their shares of the width."""


def pdf_report(
    record: SetRecord,
    trace: Trace | None,
    exercise: Exercise,
    language: str,
    corrected: Corrected | None = None,
    moments: Sequence[Moment] | None = None,
) -> bytes:
    """Return the report as a PDF. The arguments are those of ``html_report``.

    Parameters
    ----------
    record : SetRecord
    trace : Trace or None
    exercise : Exercise
    language : str
    corrected : Corrected, optional
    moments : sequence of Moment, optional

    Returns
    -------
    bytes
    """
    said = findings.correction_lines(corrected, exercise, language) if corrected else []
    if moments is None:
        moments = [] if trace is None else worst_moments(record, trace, exercise, language)
    for scale in _SCALES:
        page = _Page(record, trace, exercise, language, scale)
        page.said, page.moments = said, moments
        page.draw()
        if page.pdf.pages_count <= PAGES:
            break
    return bytes(page.pdf.output())


class _Page:
    """Draws one report at one size of letters."""

    def __init__(self, record: SetRecord, trace: Trace | None, exercise: Exercise, language: str, scale: float) -> None:
        self.record, self.trace, self.exercise, self.language = record, trace, exercise, language
        self.t: Translator = translator(language)
        self.scale = scale
        self.said: Sequence[str] = ()
        self.moments: Sequence[Moment] = ()
        self.pdf = _document(self.t, f"{exercise.name[language]} · {record.source.name}")

    def draw(self) -> None:
        """Draw everything, from the summary to the versions."""
        self._head()
        self._shares()
        self._chart()
        rows = tables.rep_rows(self.record, self.exercise, self.language)
        self._table("reps", rows)
        self._table("holds", tables.hold_rows(self.record, self.exercise, self.language))
        self._figures()
        self._points()
        self._not_assessed()
        self._lines("report.title.interrupted", tables.event_lines(self.record, self.language))
        self._lines("findings.corrected.title", self.said)
        self._room(70 * self.scale)
        margin_deg = tables.knee_uncertainty_deg(self.record)
        self._lines("report.title.accuracy", tables.accuracy_lines(self.record, margin_deg, self.language))
        method = [*tables.method_lines(self.record, self.language), tables.version_line(self.record, self.language)]
        self._lines("report.title.method", method)

    # The parts

    def _head(self) -> None:
        pdf, record, t = self.pdf, self.record, self.t
        self._write(t("report.title.page", exercise=self.exercise.name[self.language]), 16, bold=True)
        about = [record.source.name, hold_text(record.source.duration_s, self.language)]
        if record.person_seen:
            about.append(tables.view_line(record, self.language))
        self._write(" · ".join(about), 8, _GREY)
        self._write(f"{t('report.judged.title')}: {tables.judged_against(record, self.language)}", 8, _GREY)
        pdf.ln(1.5)
        top = pdf.get_y()
        pdf.set_x(_MARGIN_MM + 4)
        self._write(tables.summary_sentence(record, self.exercise, self.language), 11, width_mm=_WIDTH_MM - 4)
        for line in nothing_lines(record.nothing[1:], self.exercise, self.language):
            pdf.set_x(_MARGIN_MM + 4)
            self._write(line, 9, width_mm=_WIDTH_MM - 4)
        pdf.set_fill_color(*_BLUE)
        pdf.rect(_MARGIN_MM, top + 0.6, 1.2, pdf.get_y() - top - 1.2, style="F")
        pdf.ln(1)

    def _shares(self) -> None:
        rows = findings.share_rows(self.record, self.exercise, self.language)
        if rows:
            self._columns(rows)
        lines = [findings.trend_sentence(self.record, self.language)]
        lines += findings.side_lines(self.record, self.exercise, self.language)
        for row in findings.extreme_rows(self.record, self.exercise, self.language):
            lines.append(f"{row.what}: {row.where}, {row.why}.")
        for line in lines:
            if line:
                self._write(line, 8.5)

    def _columns(self, rows: list[findings.ShareRow]) -> None:
        pdf, gap_mm = self.pdf, 6.0
        self._title(self.t("findings.share.title"))
        width_mm, top, bottom = (_WIDTH_MM - 2 * gap_mm) / 3, pdf.get_y(), 0.0
        for i, row in enumerate(rows):
            left = _MARGIN_MM + i * (width_mm + gap_mm)
            pdf.set_xy(left, top)
            self._write(row.name, 8, _GREY, width_mm=width_mm)
            pdf.set_x(left)
            self._write(row.value, 13, bold=True, width_mm=width_mm)
            self._bar(left, pdf.get_y() + 0.4, width_mm, row.share)
            pdf.set_xy(left, pdf.get_y() + 3)
            self._write(" · ".join(part for part in (row.made_of, row.of_what) if part), 7, _GREY, width_mm=width_mm)
            bottom = max(bottom, pdf.get_y())
        pdf.set_xy(_MARGIN_MM, bottom + 1)
        self._write(self.t("findings.share.explained"), 7, _GREY)
        pdf.ln(0.8)

    def _bar(self, x: float, y: float, width_mm: float, share: float | None) -> None:
        self.pdf.set_draw_color(*_LINE)
        self.pdf.set_fill_color(*_BLUE)
        if share:
            self.pdf.rect(x, y, width_mm * share, 1.8, style="F")
        if share is None:
            self.pdf.set_dash_pattern(dash=0.8, gap=0.8)
        self.pdf.rect(x, y, width_mm, 1.8)
        self.pdf.set_dash_pattern()

    def _chart(self) -> None:
        svg = "" if self.trace is None else chart_svg(self.record, self.trace, self.exercise, self.language)
        if svg:
            self._title(self.t("report.title.chart"), room_mm=80)
            self._write(axis_label(self.exercise, self.language), 7, _GREY)
            self._svg(svg, _MARGIN_MM, _WIDTH_MM * self.scale, 12)
            self._legend(legend(self.record, self.exercise, self.language), _MARGIN_MM, _WIDTH_MM)

    def _figures(self) -> None:
        """Draw the overlay on the left and the worst moments beside it."""
        if self.trace is None and not (self.record.reps or self.record.holds):
            return
        if self.trace is None:
            self._title(self.t("findings.moments.title"))
            self._write(self.t("findings.moments.no_landmarks"), 8)
            return
        pdf = self.pdf
        overlay = overlay_svg(self.record, self.trace, self.exercise, self.language)
        moments = self.moments
        if not overlay and not moments:
            return
        self._room(82 * self.scale)
        top, bottom, left = pdf.get_y(), pdf.get_y(), _MARGIN_MM
        half_mm = (_WIDTH_MM - 8) / 2
        if overlay:
            self._title(self.t("findings.overlay.title"), width_mm=half_mm)
            self._write(axis_label(self.exercise, self.language), 7, _GREY, width_mm=half_mm)
            self._svg(overlay, left, half_mm * self.scale, 11)
            self._legend(overlay_legend(self.record, self.trace, self.language), left, half_mm)
            bottom, left = pdf.get_y(), left + half_mm + 8
        if moments:
            pdf.set_xy(left, top)
            self._title(self.t("findings.moments.title"), width_mm=half_mm, x=left)
            bottom = max(bottom, self._moments(moments, left, 2 if overlay else 4))
        pdf.set_xy(_MARGIN_MM, bottom)

    def _moments(self, moments: Sequence[Moment], left: float, across: int) -> float:
        """Draw stick figures with their captions, ``across`` to a row, and return where they end."""
        pdf = self.pdf
        cell_mm, size_mm = 44.0, 24.0 * self.scale
        top = row_end = pdf.get_y()
        for i, moment in enumerate(moments):
            if i and i % across == 0:
                top = row_end
            x = left + (i % across) * cell_mm
            pdf.set_y(top)
            if moment.picture is None:
                self._svg(moment.svg, x, size_mm, 10)
            else:
                pdf.image(io.BytesIO(moment.picture), x=x, y=top, w=cell_mm - 4, h=size_mm, keep_aspect_ratio=True)
                pdf.set_y(top + size_mm + 0.5)
            row = moment.row
            pdf.set_x(x)
            self._write(row.what, 7, bold=True, width_mm=cell_mm - 3)
            for words in (f"{row.when}, {row.where}", f"{row.measured} ({row.limit})"):
                pdf.set_x(x)
                self._write(words, 6.5, _GREY, width_mm=cell_mm - 3)
            row_end = max(row_end, pdf.get_y() + 1)
        return row_end

    def _points(self) -> None:
        rows = tables.points_to_correct(self.record, self.exercise, self.language)
        if not rows and self.record.anything_ok:
            self._lines("report.title.points", [self.t("report.word.nothing_to_correct")])
        self._table("points", rows)

    def _not_assessed(self) -> None:
        rows = tables.not_assessed_rows(self.record, self.exercise, self.language)
        if not rows and self.record.person_seen:
            self._lines("report.title.not_assessed", [self.t("report.word.all_assessed")])
        self._table("not_assessed", rows)

    # The pieces

    def _title(self, text: str, width_mm: float = _WIDTH_MM, x: float = _MARGIN_MM, room_mm: float = 22) -> None:
        self._room(room_mm * self.scale)
        self.pdf.set_xy(x, self.pdf.get_y() + 2.2)
        self._write(text, 9.5, bold=True, width_mm=width_mm)
        self.pdf.set_y(self.pdf.get_y() + 0.4)
        self.pdf.set_x(x)

    def _room(self, height_mm: float) -> None:
        """Begin a new page when less than this height is left."""
        if self.pdf.will_page_break(height_mm):
            self.pdf.add_page()

    def _write(
        self,
        text: str,
        size_pt: float,
        colour: tuple[int, int, int] = _INK,
        *,
        bold: bool = False,
        width_mm: float = _WIDTH_MM,
    ) -> None:
        """Write a paragraph here. The next one begins at the left margin below it."""
        self.pdf.set_font(_FONT, "B" if bold else "", size_pt * self.scale)
        self.pdf.set_text_color(*colour)
        height_mm = size_pt * self.scale * 0.3528 * 1.28
        self.pdf.multi_cell(width_mm, height_mm, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def _lines(self, title_key: str, lines: Sequence[str]) -> None:
        if lines:
            self._title(self.t(title_key), room_mm=14)
            for line in lines:
                self._write(line, 7.2, _GREY)

    def _table(self, title: str, rows: Sequence[object]) -> None:
        """Draw a table without its empty columns. The head is repeated on each page."""
        if not rows:
            return
        shown = tables.headers(type(rows[0]), self.language)
        widths = {
            name: mm for name, mm in _COLUMNS_MM[type(rows[0])].items() if any(getattr(row, name) for row in rows)
        }
        self._title(self.t(f"report.title.{title}"))
        fpdf = native_libraries.load("fpdf", OutputError)
        pdf = self.pdf
        pdf.set_font(_FONT, "", 7.5 * self.scale)
        pdf.set_text_color(*_INK)
        pdf.set_draw_color(*_LINE)
        pdf.set_fill_color(255)
        head = fpdf.FontFace(emphasis="BOLD", color=_GREY)
        small = fpdf.FontFace(color=_GREY)
        with pdf.table(
            width=_WIDTH_MM,
            col_widths=tuple(widths.values()),
            line_height=3.6 * self.scale,
            text_align="LEFT",
            borders_layout="HORIZONTAL_LINES",
            headings_style=head,
            padding=(0.5, 1.5, 0.5, 0),
        ) as table:
            table.row([shown[name] for name in widths])
            for row in rows:
                grey = isinstance(row, tables.RepRow) and row.number.startswith("(")
                table.row([getattr(row, name) for name in widths], style=small if grey else None)
        pdf.set_x(_MARGIN_MM)

    def _svg(self, svg: str, x: float, width_mm: float, letters: int) -> None:
        """Draw a figure as vectors at this width, and move below it."""
        top = self.pdf.get_y()
        image = self.pdf.image(_vectors(svg, letters), x=x, y=top, w=width_mm)
        self.pdf.set_y(top + image.rendered_height)

    def _legend(self, signs: Sequence[tuple[str, str]], left: float, width_mm: float) -> None:
        """Write each sign with its meaning, as many to a line as fit."""
        pdf = self.pdf
        pdf.set_font(_FONT, "", 7 * self.scale)
        pdf.set_text_color(*_INK)
        x, y, line_mm = left, pdf.get_y() + 0.6, 4.0 * self.scale
        for swatch, words in signs:
            needed = 6.5 + pdf.get_string_width(words) + 5
            if x > left and x + needed > left + width_mm + 5:
                x, y = left, y + line_mm
            pdf.image(_vectors(swatch, 10), x=x, y=y + 0.4, w=5)
            pdf.text(x + 6.5, y + 2.8 * self.scale, words)
            x += needed
        pdf.set_xy(_MARGIN_MM, y + line_mm + 0.6)


def _vectors(svg: str, letters: int) -> io.BytesIO:
    """Return a figure in the document's font at size ``letters``, without tooltips."""
    text = re.sub(r"<title>.*?</title>", "", svg).replace('class="number"', 'font-weight="bold"')
    return io.BytesIO(
        text.replace("<svg ", f'<svg font-family="{_FONT}" font-size="{letters}" fill="rgb{_INK}" ', 1).encode()
    )


def _document(t: Translator, name: str) -> FPDF:
    """Return an empty document with its fonts and a footer."""
    fpdf = native_libraries.load("fpdf", OutputError)

    class Document(fpdf.FPDF):  # type: ignore[misc, name-defined]  # the library is loaded by name and has no types
        def footer(self) -> None:
            self.set_y(-10)
            self.set_font(_FONT, "", 6.5)
            self.set_text_color(*_GREY)
            words = t("report.pdf.footer", version=VERSION, page=self.page_no(), pages="{nb}")
            self.cell(0, 4, f"{name} · {words}", align="C")

    pdf = Document(format="A4")
    pdf.add_font(_FONT, "", font_file("DejaVuSans.ttf"))
    pdf.add_font(_FONT, "B", font_file("DejaVuSans-Bold.ttf"))
    pdf.set_margins(_MARGIN_MM, 12, _MARGIN_MM)
    pdf.c_margin = 0
    pdf.set_auto_page_break(True, margin=13)
    pdf.set_title(name)
    pdf.set_creator(f"formcheck {VERSION}")
    pdf.set_lang(t.language)
    pdf.add_page()
    return pdf
