"""Uploads in the browser: on disk and not in Streamlit's memory, honest about bad files, gone when taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from formcheck.files.samples import samples
from tests.browser.conftest import App, Visit, until

if TYPE_CHECKING:
    from pathlib import Path

GOOD = samples("squat")[0].path


def test_a_bad_file_gets_a_sentence_and_a_good_one_can_follow(visit: Visit, app: App, tmp_path: Path):
    page, bad = visit.page, tmp_path / "my notes.mp4"
    bad.write_bytes(b"this is no video" * 10_000)
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    chooser.set_input_files(bad)
    start = page.get_by_role("button", name="Analyse")
    expect(start).to_be_enabled()
    (stored,) = app.private_files()
    assert stored.name == "my notes.mp4"
    assert stored.read_bytes() == bad.read_bytes()
    start.click()
    expect(page.get_by_role("alert").filter(has_text="my notes.mp4")).to_be_visible()
    expect(page.get_by_text("Your video and choices are kept.")).to_be_visible()

    chooser.set_input_files(GOOD)
    until(lambda: [path.name for path in app.private_files()] == [GOOD.name], "the new video on disk, the old one gone")
    for language in ("Dansk", "English"):
        page.get_by_text(language, exact=True).click()
    expect(page.get_by_role("heading", name="Review a set")).to_be_visible()
    expect(start).to_be_enabled()
    start.click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Stopped. Nothing was saved")).to_be_visible()
    (stored,) = app.private_files()
    assert stored.read_bytes() == GOOD.read_bytes()

    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Deleted:")).to_be_visible()
    assert app.private_files() == []
    expect(start).to_be_disabled()
