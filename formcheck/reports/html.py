"""The HTML report of a set: one file that needs nothing else, reads without colours and prints on A4."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from formcheck.i18n import Translator, translator
from formcheck.i18n.numbers import hold_text
from formcheck.reports import findings as findings
from formcheck.reports import tables
from formcheck.reports.chart import axis_label, chart_svg, legend, severity_swatch
from formcheck.reports.figures import Moment, overlay_legend, overlay_svg, worst_moments
from formcheck.reports.nothing import nothing_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.corrections import Corrected
    from formcheck.model.frames import Trace
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.5rem 3rem; background: #fff; color: #1f2a30;
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; }
.about { color: #4c5a61; }
.summary { font-size: 1.25rem; line-height: 1.4; margin: 1.25rem 0;
  padding: .1rem 0 .1rem 1rem; border-left: 5px solid #0072b2; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #d3dadd; }
th { font-weight: 600; color: #4c5a61; border-bottom: 2px solid #9aa7ad; }
td.fixed { white-space: nowrap; }
tr.small td { color: #4c5a61; font-style: italic; }
.kind { white-space: nowrap; }
.kind svg { vertical-align: -2px; margin-right: .35rem; }
.hatched { background: repeating-linear-gradient(45deg, #fff 0 6px, #e9edef 6px 8px); }
.chart { width: 100%; min-width: 34rem; height: auto; }
.chart text { font-size: 12px; fill: #1f2a30; }
.chart .number { font-weight: 600; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0;
  margin: .5rem 0 0; font-size: .875rem; }
.legend svg { vertical-align: -2px; margin-right: .5rem; }
.shares { display: flex; flex-wrap: wrap; gap: 1rem 2rem; list-style: none; padding: 0; margin: .5rem 0; }
.shares li { flex: 1 1 12rem; }
.shares strong { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.bar { display: block; height: .5rem; border: 1px solid #9aa7ad; margin: .2rem 0 .4rem; }
.bar span { display: block; height: 100%; background: #0072b2; }
.bar.none { background: repeating-linear-gradient(45deg, #fff 0 6px, #e9edef 6px 8px); }
.small { font-size: .875rem; color: #4c5a61; }
.overlay { width: 100%; max-width: 34rem; height: auto; }
.overlay text { font-size: 11px; fill: #1f2a30; }
.moments { display: flex; flex-wrap: wrap; gap: 1rem 2rem; list-style: none; padding: 0; margin: .5rem 0; }
.moments li { flex: 0 1 11rem; font-size: .875rem; break-inside: avoid; }
.moments .figure { width: 100%; height: auto; border: 1px solid #d3dadd; }
.method, .accuracy { font-size: .875rem; color: #3d4a50; }
.method p { overflow-wrap: anywhere; }
figure { margin: 0; overflow-x: auto; }
figcaption { position: sticky; left: 0; font-size: .875rem; color: #4c5a61; }
@media print {
  @page { size: A4; margin: 15mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  h2 { break-after: avoid; margin-top: 1.2rem; }
  table { font-size: 9.5pt; }
  th, td { padding: .22rem .6rem .22rem 0; }
  .summary { font-size: 13pt; margin: .8rem 0; }
  .method, .accuracy { font-size: 9pt; }
  tr, figure { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll, figure { overflow: visible; }
  .chart { min-width: 0; }
}
"""

_FIXED = {
    "number",
    "side",
    "time",
    "depth",
    "tempo",
    "when",
    "where",
    "total",
    "in_form",
    "longest",
    "measured",
    "limit",
    "mean",
    "sd",
    "drift",
    "counted",
}


def html_report(
    record: SetRecord,
    trace: Trace | None,
    exercise: Exercise,
    language: str,
    corrected: Corrected | None = None,
    moments: Sequence[Moment] | None = None,
) -> str:
    """Return the whole report as one HTML page without any outside reference.

    Without a trace the page has no figures and says so. ``corrected`` names the corrections behind the record. ``moments`` are
    the worst moments with pictures (``with_pictures``); without them the page shows stick figures.

    Parameters
    ----------
    record : SetRecord
    trace : Trace or None
    exercise : Exercise
    language : str
    corrected : Corrected, optional
    moments : sequence of Moment, optional

    Returns
    -------
    str
    """
    t = translator(language)
    title = t("report.title.page", exercise=exercise.name[language])
    sections = [
        _head(record, exercise, title, language),
        _shares(record, exercise, t),
        _chart(record, trace, exercise, language),
        _overlay(record, trace, exercise, t),
        _table("reps", tables.rep_rows(record, exercise, language), t),
        _table("holds", tables.hold_rows(record, exercise, language), t),
        _points(record, exercise, t),
        _moments(record, trace, exercise, t, moments),
        _not_assessed(record, exercise, t),
        _list("interrupted", tables.event_lines(record, language), t),
        _corrections(corrected, exercise, t),
        _table("statistics", tables.statistic_rows(record, exercise, language), t),
        _list("accuracy", tables.accuracy_lines(record, tables.knee_uncertainty_deg(record), language), t),
        _list("method", [*tables.method_lines(record, language), tables.version_line(record, language)], t),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(section for section in sections if section)
        + "\n</main>\n</body>\n</html>\n"
    )


def _head(record: SetRecord, exercise: Exercise, title: str, language: str) -> str:
    t = translator(language)
    about = [record.source.name, hold_text(record.source.duration_s, language)]
    if record.person_seen:
        about.append(tables.view_line(record, language))
    judged = f"{t('report.judged.title')}: {tables.judged_against(record, language)}"
    further = "".join(f"\n<p>{escape(line)}</p>" for line in nothing_lines(record.nothing[1:], exercise, language))
    return (
        f'<header><h1>{escape(title)}</h1>\n<p class="about">{escape(" · ".join(about))}</p>\n'
        f'<p class="about">{escape(judged)}</p>\n'
        f'<p class="summary">{escape(tables.summary_sentence(record, exercise, language))}</p>{further}</header>'
    )


def _corrections(corrected: Corrected | None, exercise: Exercise, t: Translator) -> str:
    lines = findings.correction_lines(corrected, exercise, t.language) if corrected else []
    if not lines:
        return ""
    said = "\n".join(f"<p>{escape(line)}</p>" for line in lines)
    return f"<section><h2>{escape(t('findings.corrected.title'))}</h2>\n{said}</section>"


def _shares(record: SetRecord, exercise: Exercise, t: Translator) -> str:
    """Return range, alignment and control, the trend, and the best and the worst repetition."""
    rows = findings.share_rows(record, exercise, t.language)
    items = "".join(
        f"<li>{escape(row.name)} <strong>{escape(row.value)}</strong>{_bar(row.share)}"
        f'<span class="small">{escape(row.made_of)}{"<br>" + escape(row.of_what) if row.of_what else ""}</span></li>'
        for row in rows
    )
    lines = [findings.trend_sentence(record, t.language), *findings.side_lines(record, exercise, t.language)]
    lines += [f"{row.what}: {row.where}, {row.why}." for row in findings.extreme_rows(record, exercise, t.language)]
    said = "\n".join(f"<p>{escape(line)}</p>" for line in lines if line)
    if not rows:
        return f"<section>{said}</section>" if said else ""
    explained = f'<p class="small">{escape(t("findings.share.explained"))}</p>'
    title = escape(t("findings.share.title"))
    return f'<section><h2>{title}</h2>\n<ul class="shares">{items}</ul>\n{explained}\n{said}</section>'


def _bar(share: float | None) -> str:
    if share is None:
        return '<span class="bar none"></span>'
    return f'<span class="bar"><span style="width: {100 * share:.0f}%"></span></span>'


def _chart(record: SetRecord, trace: Trace | None, exercise: Exercise, language: str) -> str:
    svg = "" if trace is None else chart_svg(record, trace, exercise, language)
    if not svg:
        return ""
    t = translator(language)
    return _figure(t("report.title.chart"), axis_label(exercise, language), svg, legend(record, exercise, language))


def _figure(title: str, caption: str, svg: str, signs: Sequence[tuple[str, str]]) -> str:
    items = "".join(f"<li>{swatch}{escape(words)}</li>" for swatch, words in signs)
    return (
        f"<section><h2>{escape(title)}</h2>\n<figure><figcaption>{escape(caption)}</figcaption>\n"
        f'{svg}\n</figure>\n<ul class="legend">{items}</ul></section>'
    )


def _overlay(record: SetRecord, trace: Trace | None, exercise: Exercise, t: Translator) -> str:
    svg = "" if trace is None else overlay_svg(record, trace, exercise, t.language)
    if trace is None or not svg:
        return ""
    return _figure(
        t("findings.overlay.title"), axis_label(exercise, t.language), svg, overlay_legend(record, trace, t.language)
    )


def _moments(
    record: SetRecord, trace: Trace | None, exercise: Exercise, t: Translator, given: Sequence[Moment] | None
) -> str:
    title = f"<h2>{escape(t('findings.moments.title'))}</h2>"
    if trace is None and not (record.reps or record.holds):
        return ""
    if trace is None:
        return f"<section>{title}\n<p>{escape(t('findings.moments.no_landmarks'))}</p></section>"
    items = "".join(
        f"<li>{_picture(moment)}<strong>{escape(moment.row.what)}</strong><br>{escape(moment.row.when)}, "
        f"{escape(moment.row.where)}<br>{escape(moment.row.measured)} ({escape(moment.row.limit)})</li>"
        for moment in given or worst_moments(record, trace, exercise, t.language)
    )
    return f'<section>{title}\n<ul class="moments">{items}</ul></section>' if items else ""


def _picture(moment: Moment) -> str:
    if moment.picture is None:
        return moment.svg
    data = base64.b64encode(moment.picture).decode("ascii")
    return f'<img class="figure" alt="{escape(moment.row.what)}" src="data:image/jpeg;base64,{data}">'


def _points(record: SetRecord, exercise: Exercise, t: Translator) -> str:
    rows = tables.points_to_correct(record, exercise, t.language)
    if not rows and record.anything_ok:
        return _section("points", f"<p>{escape(t('report.word.nothing_to_correct'))}</p>", t)
    return _table("points", rows, t)


def _not_assessed(record: SetRecord, exercise: Exercise, t: Translator) -> str:
    rows = tables.not_assessed_rows(record, exercise, t.language)
    if not rows:
        return (
            _section("not_assessed", f"<p>{escape(t('report.word.all_assessed'))}</p>", t) if record.person_seen else ""
        )
    return _table("not_assessed", rows, t)


def _section(title: str, body: str, t: Translator) -> str:
    return f'<section class="{title}"><h2>{escape(t(f"report.title.{title}"))}</h2>\n{body}</section>'


def _list(title: str, lines: Sequence[str], t: Translator) -> str:
    return _section(title, "\n".join(f"<p>{escape(line)}</p>" for line in lines), t) if lines else ""


def _table(title: str, rows: Sequence[object], t: Translator) -> str:
    """Return a table of the rows without its empty columns, or an empty text without rows."""
    if not rows:
        return ""
    columns = {
        name: head
        for name, head in tables.headers(type(rows[0]), t.language).items()
        if any(getattr(row, name) for row in rows)
    }
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in columns.values())
    body = "\n".join(f"<tr{_row_class(row)}>{''.join(_cell(row, name) for name in columns)}</tr>" for row in rows)
    return _section(
        title, f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>', t
    )


def _row_class(row: object) -> str:
    if isinstance(row, tables.RepRow) and row.number.startswith("("):
        return ' class="small"'
    return ' class="hatched"' if isinstance(row, tables.NotAssessedRow) else ""


def _cell(row: object, name: str) -> str:
    text = escape(getattr(row, name))
    if isinstance(row, tables.FaultRow) and name == "kind":
        return f'<td class="kind">{severity_swatch(row.severity)}{text}</td>'
    return f'<td class="fixed">{text}</td>' if name in _FIXED else f"<td>{text}</td>"
