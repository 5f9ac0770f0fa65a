"""The chart of an exercise over time: what is joined, what is hollow, and what tells left from right without colour."""

from __future__ import annotations

from formcheck.exercises import load
from formcheck.insights import trends
from formcheck.reports.interactive_trend import by_measure, trend_chart
from tests.unit.test_insights_trend import SIDE, STANDING, kept, squats


def lunges(day: int, left_deg: float):
    sides = {"left": {"knee_flexion_peak_deg": left_deg}, "right": {"knee_flexion_peak_deg": 90.0}}
    return kept(day, "lunge", sides=sides)


def drawn(*sets, exercise: str = "squat", language: str = "en", **look) -> dict:
    first = by_measure(trends(sets, load(exercise)))[0]
    return trend_chart(first, language, **look).to_dict()


def rows(chart: dict) -> list[dict]:
    return max(chart["datasets"].values(), key=len)


def test_days_filmed_alike_make_the_line_and_others_are_hollow_points():
    chart = drawn(squats(0, 80.0), squats(1, 60.0, STANDING), squats(2, 84.0))
    line = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "line")
    assert line["transform"] == [{"filter": "datum.joined"}]
    hollow = [layer for layer in chart["layer"] if {"filter": "!datum.joined"} in layer.get("transform", ())]
    assert [layer["encoding"]["fill"] for layer in hollow] == [{"value": "#FFFFFF"}]
    assert [(row["value"], row["low"], row["high"], row["joined"]) for row in rows(chart)] == [
        (80.0, 73.0, 87.0, True),
        (60.0, 51.0, 69.0, False),
        (84.0, 77.0, 91.0, True),
    ]


def test_left_and_right_differ_in_colour_shape_and_dashes():
    chart = drawn(lunges(0, 80.0), lunges(1, 90.0), exercise="lunge")
    encodings = [layer["encoding"] for layer in chart["layer"]]
    for name in ("color", "shape", "strokeDash"):
        scale = next(e[name]["scale"] for e in encodings if "scale" in e.get(name, {}))
        assert scale["domain"] == ["left", "right"]
        assert scale["range"][0] != scale["range"][1]
    assert {row["side"] for row in rows(chart)} == {"left", "right"}


def test_the_page_s_own_set_is_pointed_at():
    one = squats(0, 80.0)
    chart = drawn(one, squats(1, 81.0), language="da", set_id=one.id)
    assert "dette sæt" in str(chart["datasets"])
    assert "dette sæt" not in str(drawn(one, squats(1, 81.0), language="da")["datasets"])


def test_danish_reads_as_danish_and_values_are_whole():
    chart = drawn(squats(0, 80.4), squats(1, 81.6), language="da")
    assert [row["words"] for row in rows(chart)] == ["Dybde: 80° ± 7", "Dybde: 82° ± 7"]
    assert [row["when"] for row in rows(chart)] == ["2. marts 2026", "3. marts 2026"]
    assert "'maj'" in str(chart)


def test_one_measure_makes_one_chart():
    groups = by_measure(trends([lunges(0, 80.0), kept(1, "lunge", SIDE)], load("lunge")))
    assert [[trend.side for trend in group] for group in groups] == [["left", "right"], [None]]
