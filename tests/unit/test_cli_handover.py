"""``formcheck report`` and ``formcheck export``: files where they are expected, and one sentence for what goes wrong."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from formcheck.cli import main
from formcheck.exports import FORMATS
from formcheck.video.annotate import output_size
from formcheck.video.files import probe
from tests.cli_runs import SAMPLES, one_sentence, run, squat_landmarks
from tests.example_records import nobody_record, squat_record


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return (record, landmarks) as ``formcheck analyze`` writes them, and the landmarks of another set."""
    folder = tmp_path_factory.mktemp("finished")
    landmarks, other = squat_landmarks(folder / "squats.npz"), squat_landmarks(folder / "other.npz", depths_deg=(90,))
    record = folder / "squats.json"
    arguments = (
        "--landmarks",
        landmarks,
        "--exercise",
        "squat",
        "--target-depth",
        "90",
        "--json",
        record,
        "--lang",
        "en",
    )
    assert main(["analyze", *map(str, arguments)]) == 0
    return record, landmarks, other


@pytest.fixture
def analysed(tmp_path, finished):
    """Return (record, landmarks), alone in a folder of their own."""
    return tuple(Path(shutil.copy(path, tmp_path)) for path in finished[:2])


def names(folder) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_report_is_html_and_pdf_beside_the_record(capsys, tmp_path, analysed):
    record, landmarks = analysed
    done = run(capsys, "report", record, "--trace", landmarks)
    assert done.code == 0
    assert names(tmp_path) == {"squats.npz", "squats.json", "squats.html", "squats.pdf"}
    html = (tmp_path / "squats.html").read_text(encoding="utf-8")
    assert "3 squats, 2 to depth" in html
    assert 'class="overlay"' in html
    assert 'class="figure"' in html
    assert len(PdfReader(io.BytesIO((tmp_path / "squats.pdf").read_bytes())).pages) == 2


def test_a_report_without_landmarks_says_that_the_figures_are_missing(capsys, tmp_path, analysed):
    assert run(capsys, "report", analysed[0], "--out", tmp_path / "r.html", "--lang", "da").code == 0
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Figurerne kræver sættets kropspunkter" in html
    assert "<svg class=" not in html.replace('<svg class="swatch"', "")


def test_one_report_can_be_named(capsys, tmp_path, analysed):
    assert run(capsys, "report", analysed[0], "--out", tmp_path / "one.pdf").code == 0
    assert names(tmp_path) == {"squats.npz", "squats.json", "one.pdf"}
    (tmp_path / "folder").mkdir()
    assert run(capsys, "report", analysed[0], "--out", tmp_path / "folder").code == 0
    assert names(tmp_path / "folder") == {"squats.html", "squats.pdf"}


def test_the_numbers_of_a_report_follow_the_corrections(capsys, tmp_path, analysed):
    corrections = tmp_path / "mine.json"
    entry = {"by": "Anna", "at": "2026-11-24T09:30:00Z", "kind": "remove_repetition", "rep": 2}
    corrections.write_text(json.dumps([entry]), encoding="utf-8")
    (tmp_path / "r").mkdir()
    assert run(capsys, "report", analysed[0], "--corrections", corrections, "--out", tmp_path / "r").code == 0
    said = "The program counted 3 repetitions; after the corrections there are 2."
    html = (tmp_path / "r" / "squats.html").read_text(encoding="utf-8")
    assert "2 squats, 2 to depth" in html
    assert said in html
    pages = PdfReader(io.BytesIO((tmp_path / "r" / "squats.pdf").read_bytes())).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    assert said in text
    assert "Anna, 24 November 2026 09:30: repetition 2 was removed" in text


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_beside_the_record(capsys, tmp_path, analysed, name):
    record, landmarks = analysed
    target = tmp_path / "other" / "x"
    target.parent.mkdir()
    path = target.with_name(f"x{FORMATS[name].ending}")
    done = run(capsys, "export", record, "--format", name, "--trace", landmarks, "--out", path)
    assert (done.code, done.err) == (0, "")
    assert path.stat().st_size > 100
    assert str(path) in done.out.replace("\n", "")


def test_an_export_has_a_name_of_its_own(capsys, tmp_path, analysed):
    assert run(capsys, "export", analysed[0], "--format", "json").code == 0
    assert (tmp_path / "squats.record.json").read_text() == analysed[0].read_text()


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("report", "none.json"), 3),
        (("report", "squats.npz"), 3),
        (("report", "squats.json", "--trace", "other.npz"), 3),
        (("report", "squats.json", "--trace", "none.npz"), 3),
        (("report", "squats.json", "--out", "no_folder"), 2),
        (("report", "squats.json", "--corrections", "squats.json"), 2),
        (("report", "squats.json", "--corrections", "none.json"), 3),
        (("report", "old.json"), 3),
        (("export", "squats.json", "--format", "mot"), 2),
        (("export", "squats.json", "--format", "csv", "--out", "squats.json"), 2),
        (("export", "squats.json", "--format", "json", "--out", "squats.json"), 2),
        (("export", "squats.json", "--format", "fhir", "--day", "soon"), 2),
        (("export", "squats.json", "--format", "docx"), 2),
        (("export", "squats.json"), 2),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_leaves_no_file(
    capsys, tmp_path, monkeypatch, analysed, finished, arguments, code, language
):
    shutil.copy(finished[2], tmp_path)
    old = json.loads(analysed[0].read_text(encoding="utf-8")) | {"schema_version": "0.4"}
    (tmp_path / "old.json").write_text(json.dumps(old), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    before = names(tmp_path)
    done = run(capsys, *arguments, "--lang", language)
    assert done.code == code
    assert one_sentence(done.err)
    assert done.out == ""
    assert names(tmp_path) == before


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize(
    "record", [squat_record(reps=[], rep_count=0, partial_count=0, faults=[]), nobody_record()], ids=["none", "nobody"]
)
def test_a_set_of_nothing_has_a_report(capsys, tmp_path, record, language):
    path = tmp_path / "set.json"
    path.write_text(record.model_dump_json(), encoding="utf-8")
    assert run(capsys, "report", path, "--lang", language).code == 0
    assert names(tmp_path) == {"set.json", "set.html", "set.pdf"}


def test_analyze_writes_its_report_as_the_ending_says(capsys, tmp_path, analysed):
    landmarks = analysed[1]
    for name, start in (("r.pdf", b"%PDF"), ("r.html", b"<!DOCTYPE html>")):
        done = run(capsys, "analyze", "--landmarks", landmarks, "--exercise", "squat", "--report", tmp_path / name)
        assert (done.code, (tmp_path / name).read_bytes().startswith(start)) == (0, True)


def test_landmarks_alone_are_drawn_on_a_plain_background(capsys, tmp_path, analysed):
    landmarks = analysed[1]
    refused = run(capsys, "analyze", "--landmarks", landmarks, "--exercise", "squat", "--annotate", tmp_path / "a.mp4")
    assert (refused.code, "--plain-background" in one_sentence(refused.err)) == (2, True)
    out = tmp_path / "out"
    done = run(capsys, "analyze", "--landmarks", landmarks, "--exercise", "squat", "--out", out, "--plain-background")
    assert done.code == 0
    info = probe(out / "squats.squat.mp4")
    with np.load(landmarks) as arrays:
        assert info.duration_s == pytest.approx(arrays["t_s"][-1], abs=0.2)
        assert (info.width, info.height) == output_size(*arrays["size_px"])


def test_pictures_need_the_landmarks_and_the_video_that_was_analysed(capsys, tmp_path, analysed):
    record, landmarks = analysed
    done = run(capsys, "report", record, "--video", SAMPLES / "squat_side_good.mp4")
    assert (done.code, "--trace" in one_sentence(done.err)) == (2, True)
    done = run(capsys, "report", record, "--trace", landmarks, "--video", SAMPLES / "squat_side_good.mp4")
    assert (done.code, "is not the video" in one_sentence(done.err)) == (3, True)
    assert names(tmp_path) == {"squats.npz", "squats.json"}
