"""The chart: what it draws, where a click leads, and that Danish reads as Danish."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.exercises import load
from formcheck.reports import interactive as charts
from tests import example_records as fixture


def specification(record, trace, exercise="squat", language="en", **look):
    return charts.angle_chart(record, trace, load(exercise), language, **look).to_dict()


def rows(chart, layer):
    return chart["datasets"][chart["layer"][layer]["data"]["name"]]


def test_each_repetition_is_a_numbered_span_that_leads_to_its_turn():
    record = fixture.squat_record()
    chart = specification(record, fixture.squat_trace())
    spans = rows(chart, 0)
    assert [span["jump_s"] for span in spans] == [rep.turn_s for rep in record.reps]
    assert [span["number"] for span in spans if not span["counted"]] == ["(5)"]
    assert chart["layer"][0]["mark"]["type"] == "rect"
    assert chart["params"][0]["name"] == charts.SELECTION


def test_deeper_is_higher_and_both_axes_name_their_unit():
    chart = specification(fixture.squat_record(), fixture.squat_trace())
    line = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "line")
    low, high = line["encoding"]["y"]["scale"]["domain"]
    assert low < high
    assert "°" in line["encoding"]["y"]["axis"]["labelExpr"]
    assert not line["encoding"]["y"]["scale"].get("reverse")


def test_faults_differ_in_shape_and_stand_at_their_worst_moment():
    record = fixture.squat_record()
    chart = specification(record, fixture.squat_trace())
    marks = chart["layer"][-1]
    assert marks["encoding"]["shape"]["scale"]["range"] == ["diamond", "triangle-up"]
    assert sorted(row["t_s"] for row in rows(chart, -1)) == sorted(fault.worst_s for fault in record.shown_faults)


def test_a_small_repetition_carries_no_mark():
    record = fixture.squat_record()
    (small,) = (rep for rep in record.reps if not rep.counted)
    assert small.faults
    alone = fixture.squat_record(reps=[small], rep_count=0, faults=small.faults)
    assert "shape" not in specification(alone, fixture.squat_trace())["layer"][-1]["encoding"]
    assert charts.SIGNS["point"] not in charts.legend(alone, load("squat"), "en")
    assert charts.SIGNS["small"] in charts.legend(alone, load("squat"), "en")


def test_a_gap_breaks_the_line():
    trace = fixture.squat_trace()
    trace.signals["main_angle_deg"][40:60] = np.nan
    chart = specification(fixture.squat_record(), trace)
    line = next(i for i, layer in enumerate(chart["layer"]) if layer["mark"]["type"] == "line")
    points = rows(chart, line)
    gap = [row for row in points if trace.t_s[40] <= row["t_s"] <= trace.t_s[59]]
    assert gap == []
    assert len({row["stretch"] for row in points}) > 1


def test_danish_has_a_decimal_comma():
    chart = specification(fixture.plank_record(), fixture.plank_trace(), "plank", "da")
    assert all("," in span["time"] and "." not in span["time"] for span in rows(chart, 0))


@pytest.mark.parametrize("dark", [False, True])
def test_the_line_stands_out_from_the_background(dark):
    chart = specification(fixture.squat_record(), fixture.squat_trace(), dark=dark)
    line = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "line")
    assert line["mark"]["color"] == (charts.INK_DARK if dark else charts.INK)


def test_without_a_measured_angle_there_is_no_chart():
    trace = fixture.squat_trace()
    trace.signals["main_angle_deg"][:] = np.nan
    assert charts.angle_chart(fixture.squat_record(), trace, load("squat"), "en") is None


def test_an_empty_set_still_shows_what_was_measured():
    record = fixture.squat_record(reps=[], faults=[], rep_count=0, partial_count=0)
    chart = specification(record, fixture.squat_trace())
    assert "params" not in chart
    assert charts.legend(record, load("squat"), "en").startswith("—")
