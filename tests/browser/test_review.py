"""The review page as a person meets it: choose a sample, analyse it, jump to a moment, save, switch language, clear.

The tests of this file are steps on one page: an analysis takes long.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from formcheck.files.samples import samples
from formcheck.video.files import probe
from tests.browser.conftest import App, Visit, pick

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = next(sample for sample in samples("squat") if sample.name == "squat_side_mixed_depth")
SHALLOW = SAMPLE.truth()["units"][1]
AN_ANALYSIS_MS = 180_000


def moment_s(page: Page) -> float:
    """Return where the player stands."""
    return page.locator("video").evaluate("video => video.currentTime")


def expect_moment(page: Page, low_s: float, high_s: float) -> None:
    page.wait_for_function(
        """([low, high]) => [...document.querySelectorAll('*')].flatMap(
            element => [...(element.shadowRoot?.querySelectorAll('video') ?? [])]
        ).some(video => video.currentTime >= low && video.currentTime <= high && video.paused)""",
        arg=[low_s, high_s],
    )


@pytest.fixture(scope="module")
def reviewed(visit: Visit) -> Page:
    """The page after a sample was analysed with a target depth of 90°, by the quick model."""
    page = visit.page
    page.get_by_text("A sample", exact=True).click()
    pick(page, "Sample video", SAMPLE.title["en"])
    page.get_by_role("spinbutton", name="Target depth").fill("90")
    page.keyboard.press("Enter")
    page.get_by_text("More choices").click()
    pick(page, "Pose model", "Lite (faster; not for lunges)")
    page.get_by_role("button", name="Analyse").click()
    page.get_by_role("progressbar").wait_for()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.get_by_role("heading", name="Save").wait_for(timeout=AN_ANALYSIS_MS)
    return page


def test_the_count_is_said_first(reviewed: Page):
    expect(reviewed.get_by_role("heading", name="4 squats, 1 small one not counted")).to_be_visible()


def test_the_video_plays_in_this_browser(reviewed: Page):
    reviewed.wait_for_function(
        """() => [...document.querySelectorAll('*')].flatMap(
            element => [...(element.shadowRoot?.querySelectorAll('video') ?? [])]
        ).some(video => video.readyState >= 2 && video.videoWidth > 0 && video.duration > 15)"""
    )


def test_a_point_to_correct_jumps_to_its_moment(reviewed: Page):
    assert moment_s(reviewed) == 0
    listed = reviewed.locator('[data-testid="stHorizontalBlock"]').filter(has_text="Depth · repetition 2").last
    jump = listed.get_by_role("button")
    minutes, seconds = jump.inner_text().strip().split(":")
    said_s = 60 * int(minutes) + float(seconds)
    jump.click()
    expect_moment(reviewed, said_s - 0.06, said_s + 0.06)
    assert SHALLOW["start_s"] < moment_s(reviewed) < SHALLOW["end_s"]


def test_the_same_point_jumps_again_after_the_video_moved_on(reviewed: Page):
    reviewed.locator("video").evaluate("video => { video.currentTime = 1 }")
    reviewed.locator('[data-testid="stHorizontalBlock"]').filter(has_text="Depth · repetition 2").last.get_by_role(
        "button"
    ).click()
    expect_moment(reviewed, SHALLOW["start_s"], SHALLOW["end_s"])


def test_the_best_repetition_is_one_press_away(reviewed: Page):
    best = reviewed.get_by_role("button", name="Show the best repetition")
    number = int(best.inner_text().split("(")[1].rstrip(")"))
    best.click()
    unit = SAMPLE.truth()["units"][number - 1]
    expect_moment(reviewed, unit["start_s"], unit["end_s"])


def test_the_table_jumps_to_the_repetition(reviewed: Page):
    table = reviewed.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    rows = SAMPLE.units + 1  # and the headings
    height = table.bounding_box()["height"] / rows
    table.hover(position={"x": 150, "y": 2.5 * height})
    table.click(position={"x": 150, "y": 2.5 * height})
    expect_moment(reviewed, SHALLOW["start_s"], SHALLOW["end_s"])


def test_the_chart_jumps_to_the_repetition(reviewed: Page):
    chart = reviewed.locator(".st-key-chart").get_by_test_id("stVegaLiteChart")
    chart.scroll_into_view_if_needed()
    last = SAMPLE.truth()["units"][-1]
    duration_s = reviewed.locator("video").evaluate("video => video.duration")
    box = chart.bounding_box()
    across = 0.04 + 0.95 * (last["start_s"] + last["end_s"]) / 2 / duration_s
    chart.click(position={"x": across * box["width"], "y": 0.4 * box["height"]})
    expect_moment(reviewed, last["start_s"], last["end_s"])


@pytest.mark.parametrize(
    ("label", "ending"),
    [
        ("Report (HTML)", "report.en.html"),
        ("Record (JSON)", "set.json"),
        ("Angles", "trace.csv"),
    ],
)
def test_results_are_saved_under_the_name_of_the_video(reviewed: Page, label: str, ending: str, tmp_path: Path):
    with reviewed.expect_download() as download:
        reviewed.get_by_role("link", name=label).click()
    assert download.value.suggested_filename == f"{SAMPLE.name}-{ending}"
    saved = tmp_path / ending
    download.value.save_as(saved)
    assert saved.stat().st_size > 1000
    if ending.endswith(".json"):
        assert json.loads(saved.read_text(encoding="utf-8"))["rep_count"] == 4


def test_the_set_is_drawn_into_its_video_when_asked(reviewed: Page, tmp_path: Path):
    reviewed.get_by_role("button", name="Draw the video (MP4)").click()
    link = reviewed.get_by_role("link", name="Video (MP4)")
    expect(link).to_be_visible(timeout=AN_ANALYSIS_MS)
    with reviewed.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"{SAMPLE.name}-annotated.mp4"
    download.value.save_as(tmp_path / "annotated.mp4")
    assert probe(tmp_path / "annotated.mp4").codec == "h264"


def test_results_open_for_this_session_only_and_in_parts(reviewed: Page, app: App):
    source = reviewed.locator("video").evaluate("video => video.src")
    part = reviewed.request.get(source, headers={"Range": "bytes=0-99"})
    assert (part.status, len(part.body())) == (206, 100)
    assert "no-store" in part.headers["cache-control"]
    for guess in ("review-files/guess/annotated.mp4", "offered/guess"):
        assert reviewed.request.get(f"{app.url}/{guess}").status == 404


def test_a_phone_shows_it_without_scrolling_sideways(reviewed: Page, tmp_path: Path):
    reviewed.set_viewport_size({"width": 390, "height": 844})
    expect(reviewed.get_by_role("heading", name="4 squats")).to_be_visible()
    reviewed.screenshot(path=tmp_path / "phone.png")
    wide = reviewed.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
            .map(element => element.scrollWidth - element.clientWidth)"""
    )
    assert wide == [0, 0]
    reviewed.set_viewport_size({"width": 1280, "height": 900})


def test_the_result_is_read_in_danish(reviewed: Page):
    reviewed.get_by_role("radio", name="Dansk").or_(reviewed.get_by_role("button", name="Dansk")).click()
    expect(reviewed.get_by_role("heading", name="Gennemgå et sæt")).to_be_visible()
    expect(reviewed.get_by_role("heading", name="Ikke vurderet")).to_be_visible()
    expect(reviewed.get_by_role("button", name=re.compile(r"^0:06,\d$"))).to_be_visible()
    assert "lang=da" in reviewed.url


def test_clearing_deletes_every_file(reviewed: Page, app: App):
    assert app.private_files()
    reviewed.get_by_role("button", name="Ryd: slet video og resultater").click()
    expect(reviewed.get_by_text("Slettet:")).to_be_visible()
    assert app.private_files() == []


def test_nothing_left_this_machine_and_nothing_broke(reviewed: Page, visit: Visit):
    hosts = {
        urlsplit(url).hostname for url in visit.requested if urlsplit(url).scheme in ("http", "https", "ws", "wss")
    }
    assert hosts == {"127.0.0.1"}
    assert visit.errors == []
