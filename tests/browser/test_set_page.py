"""Looking through a kept set in a real browser: in step with its video, alone without one, and led to every point to correct."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from formcheck.exercises import load
from formcheck.i18n.numbers import clock
from formcheck.insights import best_and_worst
from formcheck.store.store import Store
from formcheck.synthetic import SquatRep
from tests.browser.conftest import TIMEOUT_MS, App
from tests.synthetic_cases import CLEAN, FAULTY, VIEW_AZIMUTHS, judged, made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from formcheck.model.records import SetRecord

FPS, BITS, BAR_PX = 25, 10, 40
NUMBER_SHOWN = """(player) => {
    const seen = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const pen = seen.getContext("2d", { willReadFrequently: true });
    pen.drawImage(player.video, 0, 0, 640, 480);
    let number = 0;
    for (let bit = 0; bit < 10; bit++) number += (pen.getImageData(bit * 40 + 20, 20, 1, 1).data[0] > 127) << bit;
    return number;
}"""
"""Reads the number in the shown picture: ``BITS`` bars of ``BAR_PX``."""


@pytest.fixture(scope="module")
def kept(app: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, SetRecord]]:
    """Two kept sets of three squats with knees that fall in the second time, one with a video whose pictures are numbered; a
    plank that sags.
    """
    parts = [SquatRep(), SquatRep(knee_ankle_ratio=0.55), SquatRep()]
    done = judged(made("squat", parts, 0.0, fps=float(FPS)).poses, "squat")
    ids = {}
    with Store(folder=app.home / "formcheck") as store:
        me = store.people.me()
        store.people.save_first_start(me.id, {"answers": {}, "skipped": True})
        session = store.sessions.open(me.id, date.today())
        for name in ("filmed", "alone"):
            one = store.sets.start(session.id, "squat", {"exercise": "squat"}, "browser", {"view": "front", "index": 0})
            store.sets.finish(one.id, done.record, done.trace, "target")
            ids[name] = one.id, done.record
        sagging = made(
            "plank", [CLEAN["plank"], FAULTY["plank"]["hips_low"].part], VIEW_AZIMUTHS["side"], fps=float(FPS)
        )
        held = judged(sagging.poses, "plank")
        one = store.sets.start(session.id, "plank", {"exercise": "plank"}, "browser", {"view": "side", "index": 0})
        store.sets.finish(one.id, held.record, held.trace, "target")
        ids["plank"] = one.id, held.record
        slot = store.videos.slot()
        numbered(slot, done.trace.t_s)
        store.videos.keep(ids["filmed"][0], slot, "video/webm", 0.0)
    return ids


def numbered(path: Path, t_s: np.ndarray) -> None:
    """Write a video with a picture at each time, its number in black and white bars."""
    with av.open(str(path), "w", format="webm") as out:
        stream = out.add_stream("libvpx", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        stream.time_base = Fraction(1, 1000)
        for n, at_s in enumerate(t_s):
            picture = np.full((480, 640, 3), 90, np.uint8)
            for bit in range(BITS):
                picture[:BAR_PX, bit * BAR_PX : (bit + 1) * BAR_PX] = 255 * (n >> bit & 1)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(at_s * 1000), Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


@pytest.fixture
def opened(app: App, browser) -> Callable[..., Locator]:
    """Return what opens a set and gives its player."""
    contexts = []

    def one(set_id: int, language: str = "en") -> Locator:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 1200}, locale="en-GB"))
        page = contexts[-1].new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.goto(f"{app.url}/?lang={language}&set={set_id}")
        player = page.locator(".set")
        player.locator(".timeline").wait_for()
        return player

    yield one
    for context in contexts:
        context.close()


def state(player: Locator, what: str):
    return player.evaluate(f"(root) => root.formcheck.{what}")


def button(player: Locator, name: str) -> Locator:
    return player.locator(f'button[data-name="{name}"]')


def wait(page: Page, reached: Callable[[], bool]) -> None:
    for _ in range(300):
        if reached():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come so far")


@pytest.mark.parametrize("slow", [False, True], ids=["at 1x", "at 0.25x"])
def test_the_skeleton_is_in_step_with_the_shown_picture(kept, opened, slow: bool):
    player = opened(kept["filmed"][0])
    wait(player.page, lambda: state(player, "video.readyState") == 4)
    if slow:
        button(player, "slow").click()
    looks = player.evaluate(
        """async (root, read) => {
            const player = root.formcheck, number = eval(read), looks = [];
            player.do("play");
            await new Promise((resolve) => {
                const look = (_, { mediaTime }) => {
                    looks.push([player.drawn.frame, number(player), mediaTime]);
                    if (looks.length < 40) player.video.requestVideoFrameCallback(look); else resolve();
                };
                player.video.requestVideoFrameCallback(look);
            });
            player.pause();
            return looks;
        }""",
        NUMBER_SHOWN,
    )
    assert looks[-1][1] >= 20, "the video plays"
    # A busy browser tells of a picture when the next one is already there: then nobody can be in step.
    in_time = [(drawn, shown) for drawn, shown, media_s in looks[1:] if round(media_s * FPS) == shown]
    assert len(in_time) >= 20
    assert [pair for pair in in_time if pair[0] != pair[1]] == []


def test_a_point_to_correct_leads_to_its_picture_and_marks_its_joints(kept, opened):
    set_id, record = kept["filmed"]
    player = opened(set_id)
    page = player.page
    wait(page, lambda: state(player, "video.readyState") == 4)
    (fault,) = [fault for fault in record.shown_faults if fault.rule == "knees_in" and fault.severity == 2]
    page.get_by_role("button", name=clock(fault.worst_s, "en"), exact=True).first.click()
    wait(page, lambda: abs(state(player, "t_s") - fault.worst_s) < 1 / FPS)
    wait(page, lambda: not state(player, "video.seeking"))
    page.wait_for_timeout(300)
    shown = player.evaluate(f"(root) => ({NUMBER_SHOWN})(root.formcheck)")
    assert abs(shown / FPS - fault.worst_s) <= 1 / FPS
    assert shown == state(player, "drawn.frame")
    marked = state(player, "drawn.joints")
    knees = state(player, "motion.angles.map(({ arc }) => arc[1])")
    assert sorted(marked) == sorted(knees)
    expect(player.locator(".now")).to_contain_text(load("squat").rule("knees_in").cue.en)


def test_a_set_without_a_video_plays_as_a_skeleton_with_the_keys(kept, opened):
    set_id, record = kept["alone"]
    player = opened(set_id, "da")
    page = player.page
    expect(page.get_by_text("Der er ikke gemt en video")).to_be_visible()
    assert button(player, "room").count() == 0
    player.focus()
    page.keyboard.press(" ")
    wait(page, lambda: state(player, "t_s") > 0.5)
    page.keyboard.press(" ")
    before = state(player, "drawn.frame")
    page.keyboard.press("ArrowRight")
    assert state(player, "drawn.frame") == before + 1
    page.keyboard.press("ArrowLeft")
    assert state(player, "drawn.frame") == before
    page.keyboard.press("n")
    first = min(fault.worst_s for fault in record.shown_faults)
    assert state(player, "t_s") == pytest.approx(first, abs=1 / FPS)
    painted = player.evaluate(
        """(root) => {
            const canvas = root.formcheck.canvas;
            return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value);
        }"""
    )
    assert painted


def test_one_repetition_is_played_again_and_again(kept, opened):
    set_id, record = kept["alone"]
    player = opened(set_id)
    rep = record.reps[1]
    player.evaluate("(root, at) => root.formcheck.seek(at, true)", rep.end_s - 0.2)
    button(player, "loop").click()
    button(player, "play").click()
    wait(player.page, lambda: rep.start_s <= state(player, "t_s") < rep.end_s - 0.5)


def test_the_timeline_leads_to_a_moment(kept, opened):
    player = opened(kept["alone"][0])
    line = player.locator(".timeline")
    box = line.bounding_box()
    line.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    assert state(player, "t_s") == pytest.approx(state(player, "end_s") / 2, abs=0.1)


def test_hips_that_sag_are_lower_in_the_timeline(kept, opened):
    set_id, record = kept["plank"]
    player = opened(set_id)
    drawn = re.findall(r"[ML]([\d.]+) ([\d.]+)", player.locator(".timeline .curve-0").get_attribute("d"))
    per_s = 1000 / state(player, "end_s")  # the timeline is 1000 wide
    (fault,) = [fault for fault in record.shown_faults if fault.rule == "hips_low"]
    sagging = [float(y) for x, y in drawn if fault.start_s <= float(x) / per_s <= fault.end_s]
    before = [float(y) for x, y in drawn if record.holds[0].start_s <= float(x) / per_s < fault.start_s - 1]
    assert np.median(sagging) > np.median(before) + 20


def test_a_set_that_is_not_there_is_told(app: App, browser):
    page = browser.new_page()
    page.goto(f"{app.url}/?lang=en&set=99999")
    expect(page.get_by_text("This set is not here")).to_be_visible()
    page.close()


def test_two_repetitions_are_shown_in_step(kept, opened):
    set_id, record = kept["alone"]
    page = opened(set_id).page
    page.get_by_text("Two repetitions side by side").click()
    pair = page.locator(".pair")
    pair.locator("canvas").nth(1).wait_for()
    found = best_and_worst(record)
    best, worst = found.best, found.worst
    for phase, moment in ((0.0, "start_s"), (0.5, "turn_s"), (1.0, "end_s")):
        pair.locator("input").fill(str(phase))
        assert state(pair, "drawn") == pytest.approx([getattr(best, moment), getattr(worst, moment)], abs=0.01)
    painted = pair.evaluate(
        """(root) => [...root.querySelectorAll("canvas")].map(
            (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value))"""
    )
    assert painted == [True, True]
    expect(pair).to_contain_text(load("squat").rule("knees_in").name.en)
    button(pair, "play").click()
    before = state(pair, "phase")
    wait(page, lambda: state(pair, "phase") != before)


def test_a_correction_changes_the_numbers_and_survives_a_reload(kept, opened):
    set_id, record = kept["alone"]
    page = opened(set_id).page
    heading = page.get_by_role("heading", name=re.compile(r"^\d squats?"))
    expect(heading).to_contain_text(f"{record.rep_count} squats")
    page.get_by_text("Correct", exact=True).click()
    page.get_by_role("button", name="No. 1 is no repetition").click()
    expect(heading).to_contain_text(f"{record.rep_count - 1} squats")
    page.reload()
    expect(heading).to_contain_text(f"{record.rep_count - 1} squats")
    expect(page.get_by_text("One correction")).to_be_visible()
    page.get_by_text("Show the original").click()
    expect(heading).to_contain_text(f"{record.rep_count} squats")


def test_what_is_shown_can_be_switched_off(kept, opened):
    player = opened(kept["filmed"][0])
    wait(player.page, lambda: state(player, "video.readyState") == 4)
    for name in ("skeleton", "angles"):
        button(player, name).click()
        expect(button(player, name)).to_have_attribute("aria-pressed", "false")
    blank = player.evaluate(
        """(root) => !root.formcheck.canvas.getContext("2d").getImageData(0, 0, 640, 480).data.some((value) => value)"""
    )
    assert blank, "the video alone is left"
