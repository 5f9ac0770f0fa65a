"""The table and the page of a batch say what the records say, and leave empty what does not apply."""

from __future__ import annotations

import csv
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pyarrow.parquet
import pytest

from formcheck.batch.page import html_page, totals
from formcheck.batch.run import SummaryRow, run
from formcheck.batch.summary import COLUMNS, status_of, table_rows, write_tables
from formcheck.errors import OutputError
from formcheck.i18n import LANGUAGES
from formcheck.model.records import SetRecord
from tests.batches import jobs_named, play
from tests.example_records import nobody_record
from tests.machine_limits import ordinary_person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from formcheck.batch.jobs import BatchJob


def rows_in(folder: Path) -> list[SummaryRow]:
    """Return the rows of squats, a plank, an empty room and a broken file."""
    squats, room, broken = jobs_named(folder, "squats <1> & 2.mp4", "room.mp4", "refuses.mp4")
    (plank,) = jobs_named(folder, "plank.mp4", exercise="plank")

    def work(jobs: list[BatchJob]) -> Iterator[tuple[BatchJob, SetRecord]]:
        for job in jobs:
            record = play(job)
            if job is room:
                record = nobody_record().model_copy(update={"source": record.source, "software": record.software})
            yield job, record

    return run([squats, plank, room, broken], folder / "out", work)


def test_the_table_holds_every_video_in_its_units(tmp_path):
    out = tmp_path / "out"
    rows = rows_in(tmp_path)
    squats, plank, room, broken = table_rows(rows, out, "en")
    assert [status_of(row) for row in rows] == ["done", "done", "nobody", "failed"]
    assert (squats["rep_count"], squats["partial_count"], squats["hold_s"]) == (8, 1, None)
    assert squats["depth_mean_deg"] == rows[0].record.statistics["knee_flexion_peak_deg"].mean
    shown = rows[0].record.shown_faults
    assert (squats["faults"], squats["hints"]) == tuple(sum(f.severity == s for f in shown) for s in (2, 1))
    assert squats["fault_rules"] == "depth heels"
    assert (plank["rep_count"], plank["depth_mean_deg"]) == (None, None)
    assert (plank["hold_s"], plank["in_form_s"]) == (rows[1].record.hold_s, rows[1].record.in_form_s)
    assert (room["person_share"], room["rep_count"], room["faults"], room["view"]) == (0.0, None, None, None)
    assert (broken["reason"], broken["reason_text"]) == ("source_empty", "There is nothing in it.")
    assert broken["record"] is None
    for row in (squats, plank, room):
        SetRecord.model_validate_json((out / row["record"]).read_bytes())


def test_no_fault_is_empty_where_nothing_was_judged(tmp_path):
    row = rows_in(tmp_path)[0]
    nothing_done = row.record.model_copy(update={"reps": [], "holds": [], "faults": []})
    (line,) = table_rows([SummaryRow(row.job, row.sha256, row.key, nothing_done)], tmp_path / "out", "en")
    assert (line["faults"], line["hints"], line["fault_rules"]) == (None, None, None)


def test_parquet_and_csv_hold_the_same(tmp_path):
    out, rows = tmp_path / "out", rows_in(tmp_path)
    parquet, table = write_tables(rows, out, "en")
    read = pyarrow.parquet.read_table(parquet)
    assert {field.name: str(field.type) for field in read.schema} == COLUMNS
    assert read.to_pylist() == table_rows(rows, out, "en")
    with table.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0]) == list(COLUMNS)
    assert [line["video"] for line in lines] == [row.job.name for row in rows]
    assert [line["rep_count"] for line in lines] == ["8", "", "", ""]


def test_a_table_that_cannot_be_written_leaves_the_old_one(tmp_path):
    out, rows = tmp_path / "out", rows_in(tmp_path)
    write_tables(rows[:1], out, "en")
    before = {path.name: path.read_bytes() for path in out.glob("summary.*")}
    out.chmod(0o555)
    tmp_path.chmod(0o755)
    with ordinary_person(), pytest.raises(OutputError):
        write_tables(rows, out, "en")
    assert {path.name: path.read_bytes() for path in out.glob("summary.*")} == before


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links, self.words, self.sections = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.links += [value for name, value in attrs if name == "href"]
        if tag == "h2":
            self.sections.append(len(self.words))

    def handle_data(self, data) -> None:
        self.words.append(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_each_video(tmp_path, language):
    out, rows = tmp_path / "out", rows_in(tmp_path)
    text = html_page(rows, out, language)
    page = Page(text)
    assert "batch." not in text
    assert "squats <1> & 2.mp4" in page.words
    assert f"{totals(rows, language)}." in page.words
    assert page.words.index("refuses.mp4") < page.words.index("squats <1> & 2.mp4"), "what failed comes first"
    assert page.links[:2] == ["summary.csv", "summary.parquet"]
    assert len(page.links) == 2 + 3
    assert "http" not in text.replace('http-equiv="', "")


def test_the_totals_leave_out_what_there_is_none_of(tmp_path):
    rows = rows_in(tmp_path)
    assert totals(rows, "en") == "4 videos: 2 analysed, 1 without a person, 1 could not be analysed"
    assert totals(rows, "da") == "4 videoer: 2 analyseret, 1 uden en person, 1 kunne ikke analyseres"
    assert totals(rows[:1], "en") == "1 video: 1 analysed"
