"""Results of a batch as one self-contained HTML page: the videos that could not be analysed first, then the others."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from formcheck import exercises
from formcheck.batch.summary import TABLE, status_of
from formcheck.i18n import error_text, translator
from formcheck.reports.tables import summary_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from formcheck.batch.run import SummaryRow

_STYLE = """
body { margin: 0 auto; max-width: 70rem; padding: 2rem 1.5rem 3rem; background: #fff; color: #1f2a30;
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.summary { font-size: 1.25rem; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #d3dadd;
  overflow-wrap: anywhere; }
th { color: #4c5a61; }
th:first-child { width: 28%; }
th:nth-child(2) { width: 16%; }
a { color: #0072b2; }
"""


def totals(rows: Sequence[SummaryRow], language: str) -> str:
    """Return the numbers in words, without those that are 0: ``3 videos: 1 analysed, 1 without a person, 1 failed``.

    Parameters
    ----------
    rows : sequence of SummaryRow
    language : str

    Returns
    -------
    str
    """
    t = translator(language)
    counted = Counter(status_of(row) for row in rows)
    parts = [
        t(f"batch.total.{status}", n=counted[status]) for status in ("done", "nobody", "failed") if counted[status]
    ]
    return f"{t('batch.total.videos', n=len(rows))}: {', '.join(parts)}"


def sentence(row: SummaryRow, language: str) -> str:
    """Return the result of one video in words.

    Parameters
    ----------
    row : SummaryRow
    language : str

    Returns
    -------
    str
    """
    if row.error is not None:
        return error_text(row.error, language)
    return summary_sentence(row.finished, exercises.load(row.job.exercise), language)


def html_page(rows: Sequence[SummaryRow], folder: Path, language: str) -> str:
    """Return the page. It links to the records in the folder.

    Parameters
    ----------
    rows : sequence of SummaryRow
    folder : Path
        The folder of the results, where the page will be.
    language : str

    Returns
    -------
    str
    """
    t = translator(language)
    failed = [row for row in rows if status_of(row) != "done"]
    done = [row for row in rows if status_of(row) == "done"]
    body = _table(t("batch.page.failed"), failed, folder, language) + _table(
        t("batch.page.done"), done, folder, language
    )
    title = escape(t("batch.page.title"))
    files = {kind: f'<a href="{TABLE}.{kind}">{TABLE}.{kind}</a>' for kind in ("csv", "parquet")}
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p class="summary">{escape(totals(rows, language))}.</p>\n'
        f"<p>{t('batch.page.files', **files)}</p>\n{body}</main>\n</body>\n</html>\n"
    )


def _table(title: str, rows: Iterable[SummaryRow], folder: Path, language: str) -> str:
    t = translator(language)
    lines = "".join(_line(row, folder, language) for row in rows)
    if not lines:
        return ""
    heads = "".join(
        f'<th scope="col">{escape(t(f"batch.column.{name}"))}</th>' for name in ("video", "exercise", "result")
    )
    return f"<h2>{escape(title)}</h2>\n<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{lines}</tbody></table>\n"


def _line(row: SummaryRow, folder: Path, language: str) -> str:
    name = escape(row.job.name)
    if row.record is not None:
        name = f'<a href="{quote(row.file(folder).relative_to(folder).as_posix())}">{name}</a>'
    exercise = exercises.load(row.job.exercise).name[language]
    return f"<tr><td>{name}</td><td>{escape(exercise)}</td><td>{escape(sentence(row, language))}</td></tr>\n"
