"""The PDF report: two pages, every number of the tables in its text, its own fonts, vectors only, nothing from outside."""

from __future__ import annotations

import dataclasses
import io
import re
from dataclasses import fields

import numpy as np
import pytest
from pypdf import PdfReader

from formcheck import exercises
from formcheck.analysis.run import run_set
from formcheck.i18n import LANGUAGES, translator
from formcheck.model.records import Rep, Source
from formcheck.model.skeleton import BONES
from formcheck.reports import tables
from formcheck.reports.figures import worst_moments
from formcheck.reports.findings import share_rows
from formcheck.reports.pdf import pdf_report
from formcheck.spec.prescription import Prescription
from formcheck.synthetic import Camera, Recording, SquatRep, squat_set
from tests.example_records import nobody_record, plank_record, plank_trace, squat_record, squat_trace

SQUAT, PLANK = exercises.load("squat"), exercises.load("plank")
ROWS = (tables.rep_rows, tables.hold_rows, tables.fault_rows, tables.not_assessed_rows)


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def squeezed(text: str) -> str:
    """Return the text without its spaces: a cell that is broken over two lines is still there."""
    return re.sub(r"\s", "", text)


def text_of(pdf: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in opened(pdf).pages))


def many_squats(n: int):
    """Return a set of n squats, each with its own depth."""
    reps = [
        Rep(
            index=i,
            start_s=3.0 * i,
            turn_s=3.0 * i + 1,
            end_s=3.0 * i + 2,
            counted=True,
            measures={"knee_flexion_peak_deg": 60.0 + i % 50, "eccentric_s": 1 + i / 100},
        )
        for i in range(1, n + 1)
    ]
    return squat_record(reps=reps, rep_count=n, partial_count=0, faults=[])


@pytest.mark.parametrize(
    ("record", "trace", "exercise", "language", "pages"),
    [
        (squat_record(), squat_trace(), SQUAT, "en", 2),
        (squat_record(), squat_trace(), SQUAT, "da", 2),
        (plank_record(), plank_trace(), PLANK, "en", 2),
        (plank_record(), plank_trace(), PLANK, "da", 2),
        (nobody_record(), None, SQUAT, "en", None),
        (nobody_record(), None, SQUAT, "da", None),
        (many_squats(120), squat_trace(), SQUAT, "da", None),
    ],
    ids=["squat, en", "squat, da", "plank, en", "plank, da", "nobody, en", "nobody, da", "long"],
)
def test_every_cell_of_every_table_is_in_the_text_and_an_ordinary_set_has_two_pages(
    record, trace, exercise, language, pages
):
    pdf = pdf_report(record, trace, exercise, language)
    assert pages in (None, len(opened(pdf).pages))
    text = text_of(pdf)
    for rows_of in ROWS:
        for row in rows_of(record, exercise, language):
            shown = tables.headers(type(row), language)
            missing = [f.name for f in fields(row) if f.name in shown and squeezed(getattr(row, f.name)) not in text]
            assert not missing, row
    for row in share_rows(record, exercise, language):
        assert squeezed(row.name + row.value) in text
        assert squeezed(row.made_of) in text
    assert squeezed(tables.summary_sentence(record, exercise, language)) in text
    for line in tables.method_lines(record, language):
        assert squeezed(line) in text


def test_danish_letters_are_right():
    source = Source(name="Træning på gulv.mp4", sha256="cd" * 32, width=854, height=480, duration_s=36.0)
    pdf = pdf_report(squat_record(source=source), squat_trace(), SQUAT, "da")
    text = text_of(pdf)
    for words in (
        "Træning på gulv.mp4",
        "Sådan er der målt",
        "Så præcist er det",
        "Knæbøjning (grader), dybere er højere oppe",
    ):
        assert squeezed(words) in text
    assert "Træning på gulv.mp4" in opened(pdf).metadata.title


def test_all_fonts_are_embedded_and_the_figures_are_vectors():
    for page in opened(pdf_report(squat_record(), squat_trace(), SQUAT, "da")).pages:
        used = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        assert used
        for font in used:
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor
        assert len(page.images) == 0


def test_nothing_leads_outside(monkeypatch):
    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr("socket.socket", refuse)
    pdf = pdf_report(squat_record(), squat_trace(), SQUAT, "en")
    assert b"/URI" not in pdf
    assert b"/JavaScript" not in pdf


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_landmarks_it_says_what_is_missing(language):
    text = text_of(pdf_report(squat_record(), None, SQUAT, language))
    assert squeezed(translator(language)("findings.moments.no_landmarks")) in text


def test_the_worst_moments_are_drawn_from_the_landmarks():
    """Each faulty rule has its figure: its words, and a line for every bone."""
    made = squat_set(
        [SquatRep(100), SquatRep(66), SquatRep(98, heel_pitch_deg=28)], Camera(azimuth_deg=90), Recording(fps=15)
    )
    source = Source(name="a.mp4", width=1280, height=720, duration_s=made.poses[-1].t_s)
    given = Prescription(exercise="squat", target_depth_deg=90)
    result = run_set(made.poses, SQUAT, source, prescription=given)
    pdf = pdf_report(result.record, result.trace, SQUAT, "en")
    text = text_of(pdf)
    moments = worst_moments(result.record, result.trace, SQUAT, "en")
    assert {"depth", "heels"} <= {moment.row.rule for moment in moments}
    for moment in moments:
        assert squeezed(moment.row.measured + f"({moment.row.limit})") in text
    nobody_drawn = dataclasses.replace(result.trace, image_px=np.full_like(result.trace.image_px, np.nan))
    without = pdf_report(result.record, nobody_drawn, SQUAT, "en")
    assert _strokes(pdf) - _strokes(without) >= len(moments) * len(BONES)


def _strokes(pdf: bytes) -> int:
    """Return how many lines are stroked on all pages."""
    total = 0
    for page in opened(pdf).pages:
        streams = [page.get_contents().get_data()]
        streams += [x.get_object().get_data() for x in page["/Resources"].get("/XObject", {}).values()]
        total += sum(len(re.findall(rb"(?m)(?:^|\s)[SB](?=\s|$)", data)) for data in streams)
    return total
