"""A record in words and tables: true to the record, honest about what was not seen, safe to show."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib import resources

import jsonschema
import numpy as np
import pytest

from formcheck import exercises
from formcheck.i18n import LANGUAGES, catalogue
from formcheck.model.records import CalibrationSummary, Fault, NotAssessed, Quality, SetRecord, Source, Verdict, View
from formcheck.reports import tables
from formcheck.reports.chart import MAIN_ANGLE, chart_svg, main_signal, placed, signs, target_band
from formcheck.reports.html import html_report
from formcheck.spec.prescription import Prescription
from tests.example_records import (
    nobody_record,
    plank_record,
    plank_trace,
    squat_record,
    squat_trace,
)
from tests.synthetic_cases import CLEAN, FAULTY, made, record_of

SQUAT, LUNGE, PLANK = exercises.load("squat"), exercises.load("lunge"), exercises.load("plank")


# The summary


@pytest.mark.parametrize("language", LANGUAGES)
def test_six_plain_lines_for_the_record(language: str):
    for record, exercise in ((squat_record(), SQUAT), (plank_record(), PLANK), (nobody_record(), SQUAT)):
        lines = tables.record_lines(record, exercise, language, "24 November 2026")
        assert len(lines) == 6
        assert lines[0] == f"{exercise.name[language]}, 24 November 2026"
        assert " ".join(lines[1:3]).startswith(tables.summary_sentence(record, exercise, language))
        assert all(line and "\n" not in line and "{" not in line for line in lines)


def test_the_summary_says_what_was_done_what_to_correct_and_what_was_not_seen():
    assert tables.summary_sentence(squat_record(), SQUAT, "en") == (
        "8 squats, 1 small one not counted, 6 to depth, heels lift twice. "
        "Not assessed from the side: knees move inwards, weight to one side and left and right differ."
    )
    assert tables.summary_sentence(squat_record(), SQUAT, "da").startswith(
        "8 squats, 1 lille, som ikke er talt med, 6 dybe nok, hælene løfter sig to gange. Ikke vurderet fra siden: "
    )


@pytest.mark.parametrize(
    ("load_kg", "language", "said"),
    [
        (10, "en", "8 squats with 10 kg, 1 small"),
        (2.5, "da", "8 squats med 2,5 kg, 1 lille"),
        (None, "en", "8 squats, 1 small"),
        (0, "en", "8 squats, 1 small"),
    ],
)
def test_a_load_is_said_where_one_was_given(load_kg: float | None, language: str, said: str):
    record = squat_record(prescription=Prescription(exercise="squat", load_kg=load_kg).model_dump(mode="json"))
    assert tables.summary_sentence(record, SQUAT, language).startswith(said)
    assert html_report(record, None, SQUAT, language).count(" kg") == bool(load_kg), (
        "in the headline, and nowhere twice"
    )


def test_the_summary_of_a_hold():
    assert tables.summary_sentence(plank_record(), PLANK, "en").startswith(
        "Held for 30 s, 22 s of it with good technique, 10 s at a stretch, hips are low twice."
    )


def test_nobody_is_no_good_set():
    for language, words in (("en", "Nobody was seen in 100%"), ("da", "Ingen blev set i 100 %")):
        sentence = tables.summary_sentence(nobody_record(), SQUAT, language)
        assert words in sentence
        assert "nothing to correct" not in sentence


def test_nothing_counted_is_said():
    record = squat_record(reps=[], rep_count=0, partial_count=0, faults=[])
    assert tables.summary_sentence(record, SQUAT, "en") == "No repetition was counted."
    held = plank_record(holds=[], hold_s=0.0, in_form_s=0.0, longest_in_form_s=0.0, faults=[])
    assert tables.summary_sentence(held, PLANK, "en") == "No hold was counted."


def test_without_a_verdict_nothing_is_called_right():
    reps = [rep.model_copy(update={"verdicts": [], "faults": []}) for rep in squat_record().reps]
    sentence = tables.summary_sentence(squat_record(reps=reps, faults=[]), SQUAT, "en")
    assert "nothing to correct" not in sentence
    assert "to depth" not in sentence


def test_without_a_fault_only_what_was_assessed_is_called_right():
    right = {"verdicts": [Verdict(rule="depth", outcome="ok")], "faults": []}
    reps = [rep.model_copy(update=right) for rep in squat_record().reps]
    said = "nothing to correct in what was assessed"
    assert said in tables.summary_sentence(squat_record(reps=reps, faults=[]), SQUAT, "en")
    missed = {"verdicts": [Verdict(rule="depth", outcome="fault")]}
    reps[0] = reps[0].model_copy(update=missed)
    assert said not in tables.summary_sentence(squat_record(reps=reps, faults=[]), SQUAT, "en"), "a person saw one"


def test_a_missing_depth_target_is_said_and_a_missing_cap_is_not():
    entries = [NotAssessed(rule=rule, reason="no_target") for rule in ("depth", "too_deep")]
    sentence = tables.summary_sentence(squat_record(not_assessed=entries), SQUAT, "en")
    assert "Not assessed without a target: depth." in sentence


def test_both_legs_are_counted_apart():
    reps = [
        rep.model_copy(update={"side": "left" if rep.index % 2 else "right", "faults": [], "counted": True})
        for rep in squat_record().reps
    ]
    record = squat_record(exercise="lunge", reps=reps, faults=[], partial_count=0)
    assert tables.summary_sentence(record, LUNGE, "en").startswith("9 lunges (5 left, 4 right)")


def test_someone_never_seen_standing_is_said():
    view = View(label="unknown", azimuth_deg=None, calibration=CalibrationSummary(source="none"))
    assert "never seen standing still" in tables.summary_sentence(squat_record(view=view), SQUAT, "en")


# The rows


def test_rows_of_repetitions():
    rows = tables.rep_rows(squat_record(), SQUAT, "en")
    assert (rows[0].number, rows[0].time, rows[0].depth) == ("1", "0:02.0–0:04.8", "92° ± 7")
    assert rows[0].points == ""
    assert rows[1].tempo == "1.4 / 0.3 / – s"
    assert rows[2].points == "Heels lift, Depth (hint)"
    assert (rows[4].number, rows[4].counted) == ("(5)", "small, not counted")


def test_rows_of_holds():
    (row,) = tables.hold_rows(plank_record(), PLANK, "da")
    assert (row.total, row.in_form, row.longest, row.points) == ("30 s", "22 s", "10 s", "Bækkenet hænger")


def test_rows_of_faults_are_in_order_and_jump_to_the_worst_moment():
    rows = tables.fault_rows(squat_record(), SQUAT, "en")
    assert [row.jump_s for row in rows] == sorted(row.jump_s for row in rows)
    heels, depth = rows[0], rows[1]
    assert (heels.when, heels.where, heels.what) == ("0:10.5", "repetition 3", "Heels lift (left)")
    assert (heels.measured, heels.limit, heels.kind) == ("21° ± 4", "at most 18°", "point to correct (borderline)")
    assert (depth.limit, depth.kind, depth.cue) == ("at least 85°", "hint", "Sink a little deeper")


def test_a_ratio_and_a_count_say_of_what():
    fault = Fault(
        rule="knees_in",
        severity=2,
        rep=1,
        value=0.51,
        limit=0.75,
        unit="ratio",
        uncertainty=0.08,
        start_s=3.0,
        end_s=3.5,
        worst_s=3.2,
    )
    (row,) = tables.fault_rows(squat_record(faults=[fault]), SQUAT, "en")
    assert (row.measured, row.limit) == ("51% ± 8 of ankle distance", "at least 75%")
    (angle,) = tables.fault_rows(squat_record(faults=[fault.model_copy(update={"unit": "deg"})]), SQUAT, "en")
    assert "of ankle distance" not in angle.measured


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_repetition_is_shown_without_blame(language):
    """The record holds it against the target like the others; nothing that a person reads does."""
    reps = [rep for rep in squat_record().reps if rep.index in (1, 5)]
    record = squat_record(reps=reps, rep_count=1, faults=[fault for rep in reps for fault in rep.faults])
    assert [fault.rep for fault in record.faults] == [5]
    assert tables.fault_rows(record, SQUAT, language) == []
    assert [row.points for row in tables.rep_rows(record, SQUAT, language)] == ["", ""]
    assert catalogue(language)["report.summary.clean"] in tables.summary_sentence(record, SQUAT, language)
    assert {sign for sign, _ in signs(record, SQUAT, language)} == {"curve", "target", "rep", "small"}
    assert "<title>" not in chart_svg(record, squat_trace(), SQUAT, language)
    assert catalogue(language)["report.word.nothing_to_correct"] in html_report(record, squat_trace(), SQUAT, language)


def test_rows_of_what_was_not_assessed_say_why_and_what_would_help():
    rows = tables.not_assessed_rows(squat_record(), SQUAT, "en")
    assert rows[0].why == "cannot be judged from the side; film from the front"
    assert (rows[-1].what, rows[-1].where) == ("Not fully up", "repetitions 2 and 6")


def test_a_rule_that_is_gone_is_shown_by_its_id():
    record = squat_record(not_assessed=[NotAssessed(rule="old_rule", reason="wrong_view")])
    assert tables.not_assessed_rows(record, SQUAT, "en")[0].what == "old_rule"


def test_degrees_are_whole_and_decimals_are_danish():
    for rows in (tables.rep_rows(squat_record(), SQUAT, "da"), tables.fault_rows(squat_record(), SQUAT, "da")):
        shown = " ".join(str(getattr(row, name)) for row in rows for name in tables.headers(type(rows[0]), "da"))
        assert not re.search(r"\d[.,]\d+°", shown)
        assert not re.search(r"\d\.\d", shown)


def test_every_shown_column_has_a_heading_in_both_languages():
    for language in LANGUAGES:
        for row_type in (tables.RepRow, tables.HoldRow, tables.FaultRow, tables.NotAssessedRow, tables.StatisticRow):
            assert all(tables.headers(row_type, language).values())


def test_statistics_have_names_and_units():
    rows = tables.statistic_rows(squat_record(), SQUAT, "en")
    assert (rows[0].measure, rows[0].mean, rows[0].sd, rows[0].drift) == (
        "Knee bend at the deepest point",
        "87°",
        "11°",
        "−2°",
    )
    assert (rows[1].mean, rows[1].sd, rows[1].drift) == ("1.4 s", "–", "")


def test_what_it_was_judged_against():
    assert tables.judged_against(squat_record(), "en") == "depth 90°, tempo 3 s down, 0 s hold, 1.5 s up"
    assert tables.judged_against(plank_record(), "en") == "no target"


def test_the_method_says_view_uncertainty_version_and_what_was_left_out():
    source = Source(name="a.mp4", sha256="ab", width=4, height=4, duration_s=60.0, start_s=5.0)
    quality = Quality(frames=900, person_share=0.9, assessable_share=0.8, broken_frames=2)
    text = " ".join(tables.method_lines(squat_record(source=source, quality=quality), "en"))
    measured = ("±5–11°", "Seen from the side", "90% of the 900", "2 broken pictures", "0:05.0 to 1:00.0")
    for part in (*measured, "0.1.0", "model full"):
        assert part in text


# The chart


def test_the_target_band_is_where_not_even_a_hint_is_given():
    assert target_band(squat_record(), SQUAT) == (85.0, None)
    assert target_band(squat_record(prescription=None), SQUAT) == (None, None)
    capped = {"exercise": "squat", "target_depth_deg": 60, "depth_cap_deg": 80}
    assert target_band(squat_record(prescription=capped), SQUAT) == (55.0, 85.0)
    low, high = target_band(plank_record(), PLANK)
    assert low < 0 < high


def test_a_rule_that_is_turned_off_draws_no_band():
    prescription = {"exercise": "squat", "target_depth_deg": 90, "rules": {"depth": {"enabled": False}}}
    assert target_band(squat_record(prescription=prescription), SQUAT) == (None, None)


def test_the_main_signal_is_one_of_the_exercise():
    for name in exercises.names():
        exercise = exercises.load(name)
        assert main_signal(exercise) in exercise.signals


def test_the_chart_numbers_every_repetition_and_breaks_where_nothing_was_measured():
    svg = chart_svg(squat_record(), squat_trace(), SQUAT, "en")
    for number in ("1", "4", "(5)", "9"):
        assert f'class="number">{number}</text>' in svg
    assert svg.count("<polyline") == 2
    assert svg.count("<title>") == len(squat_record().shown_faults)


def test_marks_of_the_same_moment_stand_above_each_other():
    t_s = np.linspace(0, 10, 101)
    curve = (t_s, np.full(101, 80.0))
    at_once = placed([5.0, 5.0, 5.1, 9.0], curve, (0.0, 100.0))
    assert at_once[0] == at_once[3] == 80
    assert at_once[0] < at_once[1] < at_once[2]


def test_without_a_measurement_there_is_no_chart():
    trace = squat_trace()
    trace.signals[MAIN_ANGLE] = np.full(len(trace.t_s), np.nan)
    assert chart_svg(squat_record(), trace, SQUAT, "en") == ""
    assert chart_svg(nobody_record(), squat_trace("other"), SQUAT, "en") == ""


# The page


class _Page(HTMLParser):
    """Collects tags, outside references and the nesting of a page."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.references: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attributes if name in ("src", "href", "srcset", "action")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("record", "trace", "exercise"),
    [
        (squat_record(), squat_trace(), SQUAT),
        (plank_record(), plank_trace(), PLANK),
        (nobody_record(), squat_trace("other"), SQUAT),
    ],
    ids=["squat", "plank", "nobody"],
)
def test_the_page_is_whole_and_needs_nothing_else(record, trace, exercise, language):
    html = html_report(record, trace, exercise, language)
    page = _Page(html)
    assert page.open == []
    assert page.references == []
    assert not {"script", "link", "iframe", "img"} & set(page.tags)
    assert "@import" not in html
    assert "url(http" not in html
    assert f'<html lang="{language}">' in html
    assert "@page { size: A4" in html


def test_the_page_escapes_every_text():
    hostile = '<script>alert("1")</script>.mp4'
    source = Source(name=hostile, sha256=hostile, width=4, height=4, duration_s=1.0)
    record = squat_record(source=source, not_assessed=[NotAssessed(rule=hostile, reason="wrong_view")])
    html = html_report(record, squat_trace(), SQUAT, "en")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_and_no_placeholder_shows(language):
    for record, trace, exercise in ((squat_record(), squat_trace(), SQUAT), (plank_record(), plank_trace(), PLANK)):
        text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html_report(record, trace, exercise, language), flags=re.S)
        assert "{" not in text
        assert "report." not in text
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", text.replace(record.source.name, ""))


# The contract


def test_the_schema_in_the_package_is_that_of_the_record():
    shipped = json.loads(resources.files("formcheck.model").joinpath("record.schema.json").read_text(encoding="utf-8"))
    assert shipped == SetRecord.model_json_schema()


def test_records_keep_to_the_schema():
    for record in (squat_record(), plank_record(), nobody_record()):
        jsonschema.validate(json.loads(record.model_dump_json()), SetRecord.model_json_schema())
        assert SetRecord.model_validate_json(record.model_dump_json()) == record


def test_hints_are_told_apart_from_points_to_correct():
    danish = catalogue("da")
    assert (danish["term.severity.1"], danish["term.severity.2"]) == ("tip", "punkt at rette")
    assert not any("fejl" in text for key, text in danish.items() if key.startswith(("term.", "report.", "cli.")))


@pytest.mark.parametrize(
    ("language", "said", "told"),
    [
        (
            "en",
            "1 stand in 30 seconds, 2 not counted (not fully up once and arms used once).",
            "not counted: arms used",
        ),
        (
            "da",
            "1 rejsning på 30 sekunder, 2 ikke talt med (ikke helt oppe én gang og armene er brugt én gang).",
            "ikke talt med: armene er brugt",
        ),
    ],
)
def test_a_test_says_what_kept_a_repetition_out(language, said, told):
    faulty = [FAULTY["chair_stand_30s"][rule].part for rule in ("not_up", "arms")]
    record = record_of(made("chair_stand_30s", [CLEAN["chair_stand_30s"], *faulty]).poses, "chair_stand_30s")
    assert tables.summary_sentence(record, exercises.load("chair_stand_30s"), language).startswith(said)
    assert tables.rep_rows(record, exercises.load("chair_stand_30s"), language)[-1].counted == told


def test_the_style_of_the_page_is_whole():
    """A stray word before a selector makes a browser drop the whole rule without a sound."""
    (style,) = re.findall(r"<style>(.*?)</style>", html_report(squat_record(), squat_trace(), SQUAT, "en"), re.DOTALL)
    flat = re.sub(r"@media print \{(.*)\}", r"\1", style, flags=re.DOTALL)
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", flat)
    assert "".join(f"{selector}{{{body}}}" for selector, body in rules).strip() == flat.strip()
    assert all(re.fullmatch(r"[a-z0-9.*@,:# -]+", selector.strip(), re.IGNORECASE) for selector, _ in rules)
    assert {"figure", ".scroll", ".method p"} <= {selector.strip() for selector, _ in rules}
