"""The result of an analysis: summary, video, points to correct, chart, tables, limits of the assessment, files."""

from __future__ import annotations

import functools
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from formcheck.app import identity, player, services, session, training
from formcheck.app.downloads import private_downloads
from formcheck.app.player.motion import motion
from formcheck.app.services import RECORD_FILE, TRACE_FILE, VIDEO_FILE, AnalysisOutcome, JobState, UploadJob
from formcheck.app.urls import result_url
from formcheck.app.views import POLL_S, nothing, save, set_insights, set_splitting, small
from formcheck.errors import FormcheckError, StoreError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.i18n.numbers import clock, hold_text, share
from formcheck.reports import findings, interactive, tables
from formcheck.reports.chart import axis_label, spans
from formcheck.reports.tables import NotAssessedRow, RepRow, StatisticRow
from formcheck.store.videos import KEEP_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formcheck.analysis.request import Request
    from formcheck.model.entities import Person
    from formcheck.reports.tables import FaultRow, HoldRow

MANY, LIST_HEIGHT_PX = 5, 430
"""More points than this scroll in a box of this height; default."""
COLUMNS = ("number", "points", "depth", "total", "ended", "in_form", "longest", "time", "tempo", "side", "counted")
"""The columns of the table, the most important first: a phone shows only a few of them."""
SHAPES = {1: interactive.SIGNS["hint"], 2: interactive.SIGNS["point"]}
"""The sign of each severity."""


@st.fragment
def show(outcome: AnalysisOutcome, t: Translator, again: Callable[[Request], None]) -> None:
    """Draw the result. A widget in it draws only this fragment again. ``again`` analyses another request."""
    _summary(outcome, t, again)
    if not outcome.result.record.person_seen:
        _downloads(outcome, t)
        return
    _best_and_worst(outcome, t)
    one = body(outcome, t, video_of(outcome))
    _chart(one, t)
    details(one, t)
    copy_for_the_record(one, date_text(t, date.today()), t)
    _store_set(outcome, t)
    _downloads(outcome, t)


def body(
    judged: training.JudgedSet,
    t: Translator,
    video: tuple[Path, str, float] | None,
    person: Person | None = None,
    before: int | None = None,
) -> training.JudgedSet:
    """Show a set in the player, with what it means. Of several sets in one video the user chooses one; return that one.

    ``video``: file, media type, and the set's time (s) at its start. ``person``: owner of the set, None for the user.
    ``before``: id of a set; only older ones can be compared with this set.
    """
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_player(judged, t, video)
    with right:
        one = set_splitting.choose(judged, t)
        if judged.result.record.reps or judged.result.record.holds:
            points(one, t)
    _clocks(one, t)
    set_insights.shares(one.result, judged.exercise, t)
    table(one, t)
    set_insights.overlay(one.result, judged.exercise, t)
    comparison(judged, t, person, before)
    not_assessed(one, t)
    return one


def clear_button(t: Translator) -> None:
    """Show the button that deletes the video and everything made from it."""
    small(t(f"app.choose.private{services.sent_suffix()}"))
    if st.button(t("app.clear.button"), key="clear", icon=":material/delete:"):
        session.clear()
        st.session_state.cleared = True
        st.rerun()


def _summary(outcome: AnalysisOutcome, t: Translator, again: Callable[[Request], None]) -> None:
    """Say what was found, or why nothing was."""
    record, exercise = outcome.result.record, outcome.exercise
    small(t("app.result.of", name=outcome.request.name, exercise=exercise.name[t.language]))
    if record.nothing:
        nothing.show(outcome, t, again)
        return
    first, _, rest = tables.summary_sentence(record, exercise, t.language).partition(". ")
    st.subheader(first.removesuffix(".") + ".", anchor=False)
    if rest:
        st.markdown(rest)


def _best_and_worst(outcome: AnalysisOutcome, t: Translator) -> None:
    """Show the buttons that lead to the worst moment and to the best repetition."""
    record = outcome.result.record
    worst = record.worst_fault
    best = services.best_rep(record.reps)
    with st.container(horizontal=True):
        if worst is not None:
            label = t("app.result.worst", when=clock(worst.worst_s, t.language))
            st.button(
                label,
                on_click=session.player().jump,
                args=(worst.worst_s,),
                key="worst",
                icon=":material/priority_high:",
            )
        if best is not None:
            st.button(
                t("app.result.best", n=best.index),
                on_click=session.player().jump,
                args=(best.turn_s,),
                key="best",
                icon=":material/check:",
            )


def show_player(judged: training.JudgedSet, t: Translator, video: tuple[Path, str, float] | None) -> None:
    """Show the player of a set. ``video``: file, media type, and the set's time (s) at its start."""
    shown, film = session.player(), None
    if video is not None:
        path, media_type, offset_s = video
        film = shown.address("film", lambda: private_downloads().offer_file(path, media_type, shown.allowed)), offset_s
    motion = motion_address(judged, _version_key(judged), t)
    player.show_set(motion, t, video=film, seek_s=shown.seek_s, seek_id=shown.seek_id)


def _version_key(judged: training.JudgedSet) -> str:
    """Return the name of this page's own set, a new one for each number of corrections."""
    return f"own-{getattr(judged, 'version', 0)}"


def motion_address(judged: training.JudgedSet, name: str, t: Translator) -> str:
    """Return the address of a set's landmarks for the players of this page. ``name``: of the set among those of the page."""
    record, trace, shown = judged.result.record, judged.result.trace, session.player()

    def offer() -> str:
        drawn = json.dumps(motion(record, trace, judged.exercise, t.language), allow_nan=False)
        return private_downloads().offer_json(drawn, shown.allowed)

    return shown.address(f"motion-{name}-{t.language}", offer)


def comparison(
    judged: training.JudgedSet, t: Translator, person: Person | None = None, before: int | None = None
) -> None:
    """Let the user see two repetitions side by side, of this set or of this and a stored one. For parameters see ``body``."""
    try:
        others = training.earlier_sets(identity.store(), person or identity.me(), judged.exercise.id, before)
    except StoreError:  # a result can be seen without a store, too
        others = []
    days = {
        stored.id: t("look.earlier", day=date_text(t, day), what=training.count_text(stored, t.language))
        for stored, day in others
    }

    traces = {stored.id: stored.trace_sha256 for stored, _ in others if stored.trace_sha256 is not None}

    def compared(one: training.JudgedSet, key: str, name: str) -> set_insights.ComparedSet:
        return set_insights.ComparedSet(name, one.result, lambda: motion_address(one, key, t))

    def load(set_id: int) -> set_insights.ComparedSet:
        measured = training.measured_set(identity.store(), set_id, traces[set_id])
        return compared(measured, f"{set_id}-{measured.version}", days[set_id])

    set_insights.pair(compared(judged, _version_key(judged), t("pair.own")), judged.exercise, days, load, t)


def video_of(outcome: AnalysisOutcome) -> tuple[Path, str, float]:
    """Return the video of an analysis: file, media type, and the set's time (s) at its start."""
    path, offset_s = outcome.film()
    return path, "video/webm" if path.suffix.lower() == ".webm" else "video/mp4", offset_s


def points(outcome: training.JudgedSet, t: Translator) -> None:
    """List the points to correct. The button of a line sends the player to its moment."""
    st.subheader(t("report.title.points"), anchor=False)
    record = outcome.result.record
    rows = tables.points_to_correct(record, outcome.exercise, t.language)
    if not rows:
        st.markdown(t("app.result.clean" if record.anything_ok else "app.result.nothing_judged"))
        return
    small(t("app.result.jump_hint"))
    with st.container(height=LIST_HEIGHT_PX if len(rows) > MANY else "content", border=False, gap="small"):
        for number, row in enumerate(rows):
            _point(row, number, t)


def _point(row: FaultRow, number: int, t: Translator) -> None:
    """Show one point. ``number``: in the list."""
    moment, words = st.columns([1, 3], gap="small", wrap=False)
    moment.button(
        row.when,
        on_click=session.player().jump,
        args=(row.jump_s,),
        key=f"fault-{number}",
        width="stretch",
        help=t("app.result.jump"),
    )
    where = row.where.replace(" ", "\u00a0")
    place = f" · {where}" if where else ""
    measured = t("app.result.measured", measured=row.measured, limit=row.limit) if row.limit else row.measured
    words.markdown(f"{SHAPES[row.severity]} **{row.what}**{place}  \n:small[{row.kind}: {measured}. {row.cue}.]")


def _clocks(outcome: training.JudgedSet, t: Translator) -> None:
    """Show the times of a hold: in all, in good form, and the longest in good form."""
    record = outcome.result.record
    if not record.holds:
        return
    values = {"total": record.hold_s, "form": record.in_form_s, "longest": record.longest_in_form_s}
    if outcome.exercise.only_hints:  # its total is its time in form
        del values["form"]
    for column, (name, value_s) in zip(st.columns(3), values.items()):
        column.metric(t(f"app.result.clocks_{name}"), hold_text(value_s, t.language))


def _chart(outcome: training.JudgedSet, t: Translator) -> None:
    """Show the angle over time. A repetition or hold that is picked in it sends the player there."""
    st.subheader(t("report.title.chart"), anchor=False)
    record, exercise = outcome.result.record, outcome.exercise
    chart = interactive.angle_chart(
        record, outcome.result.trace, exercise, t.language, dark=st.context.theme.type == "dark"
    )
    if chart is None:
        st.markdown(t("app.result.no_chart"))
        return
    small(axis_label(exercise, t.language))
    alt = f"{axis_label(exercise, t.language)}. {tables.summary_sentence(record, exercise, t.language)}"
    if not spans(record):
        st.altair_chart(chart, alt=alt)
    else:
        picked = st.altair_chart(chart, key="chart", on_select="rerun", alt=alt)
        moments = picked.selection.get(interactive.SELECTION) or []
        _jump_once("chart", moments[0].get("jump_s") if moments else None)
    small(interactive.legend(record, exercise, t.language))


def table(outcome: training.JudgedSet, t: Translator) -> None:
    """Show every repetition or hold. A cell that is picked sends the player to the moment of its row."""
    record, exercise = outcome.result.record, outcome.exercise
    rows: Sequence[HoldRow | RepRow]
    if record.holds:
        title, rows = "report.title.holds", tables.hold_rows(record, exercise, t.language)
    else:
        title, rows = "report.title.reps", tables.rep_rows(record, exercise, t.language)
    if not rows:
        return
    st.subheader(t(title), anchor=False)
    small(t("app.result.table_hint"))
    headings = tables.headers(type(rows[0]), t.language)
    names = {field: headings[field] for field in COLUMNS if field in headings}
    picked = st.dataframe(
        _frame(rows, names), hide_index=True, key="table", on_select="rerun", selection_mode="single-cell", alt=t(title)
    )
    cells = picked.selection.cells
    row = rows[cells[0][0]] if cells else None
    _jump_once("table", None if row is None else row.turn_s if isinstance(row, RepRow) else row.start_s)


def _jump_once(source: str, moment_s: float | None) -> None:
    """Send the player to a moment that was picked in the chart or table, unless it was picked before."""
    shown = session.player()
    if moment_s != shown.picked.get(source):
        shown.picked[source] = moment_s
        if moment_s is not None:
            shown.jump(moment_s)
            st.rerun(scope="fragment")


def _frame(rows: Sequence[object], headings: dict[str, str]) -> pd.DataFrame:
    """Return rows as a table. ``headings``: fields to their headings; a field that is empty in every row gets no column."""
    names = {field: heading for field, heading in headings.items() if any(getattr(row, field) for row in rows)}
    return pd.DataFrame([{heading: getattr(row, field) for field, heading in names.items()} for row in rows])


def not_assessed(outcome: training.JudgedSet, t: Translator) -> None:
    """Show what was not assessed, with the reasons, and what interrupted the set."""
    record = outcome.result.record
    if record.reps or record.holds:
        st.subheader(t("report.title.not_assessed"), anchor=False)
        rows = tables.not_assessed_rows(record, outcome.exercise, t.language)
        if rows:
            small(t("app.result.not_assessed_note"))
            st.table(_frame(rows, tables.headers(NotAssessedRow, t.language)).set_index(t("report.column.what")))
        else:
            st.markdown(t("app.result.all_assessed"))
    lines = tables.event_lines(record, t.language)
    if lines:
        st.subheader(t("report.title.interrupted"), anchor=False)
        st.markdown("\n".join(f"- {line}" for line in lines))


def details(outcome: training.JudgedSet, t: Translator) -> None:
    """Show statistics, limits and method in an expander."""
    record = outcome.result.record
    with st.expander(t("app.result.details")):
        rows = tables.statistic_rows(record, outcome.exercise, t.language)
        if rows:
            st.markdown(f"**{t('report.title.statistics')}**")
            st.table(_frame(rows, tables.headers(StatisticRow, t.language)).set_index(t("report.column.measure")))
        sway = findings.sway_lines(record, outcome.exercise, t.language)
        if sway:
            st.markdown(f"**{t('findings.sway.title')}**")
            st.markdown("\n".join(f"- {line}" for line in sway))
        st.markdown(f"{t('report.judged.title')}: {tables.judged_against(record, t.language)}.")
        st.markdown("\n".join(f"- {line}" for line in tables.method_lines(record, t.language)))


def copy_for_the_record(outcome: training.JudgedSet, day: str, t: Translator) -> None:
    """Show six plain lines to copy into a patient record."""
    with st.expander(t("report.text.title"), icon=":material/content_copy:"):
        lines = tables.record_lines(outcome.result.record, outcome.exercise, t.language, day)
        st.code("\n".join(lines), language=None, wrap_lines=True)


def _store_set(outcome: AnalysisOutcome, t: Translator) -> None:
    """Let the user store the set among their training, where it can be corrected and compared later."""
    record = outcome.result.record
    if not (record.reps or record.holds):
        return
    with st.expander(t("keep.title"), icon=":material/bookmark_add:"):
        small(t("keep.hint"))
        day = st.date_input(t("keep.day"), "today", max_value="today", format="DD/MM/YYYY", key="keep-day")
        filmed = st.checkbox(t("keep.video", days=KEEP_DAYS), key="keep-video")
        if st.button(t("keep.do"), key="keep", type="primary"):
            try:
                set_id = training.keep_from_video(
                    identity.store(), identity.me(), day, outcome.result, video_of(outcome) if filmed else None
                )
            except (FormcheckError, OSError) as error:
                st.error(
                    error_text(error, t.language)
                    if isinstance(error, FormcheckError)
                    else error.strerror or str(error),
                    icon=":material/error:",
                )
            else:
                session.go("train", set=str(set_id))


def _downloads(outcome: AnalysisOutcome, t: Translator) -> None:
    """Show the files that can be saved, and the button that draws the annotated video."""
    st.subheader(t("app.download.title"), anchor=False)
    files = {"report": outcome.report_file(t.language).name, "record": RECORD_FILE, "trace": TRACE_FILE}
    drawn = outcome.video_file() is not None
    if drawn:
        files["video"] = VIDEO_FILE
    with st.container(horizontal=True):
        for kind, file in files.items():
            _save_button(outcome, kind, file, t)
        save.report(outcome, t, Path(outcome.request.name).stem)
        if outcome.result.record.person_seen and not drawn and session.drawing() is None:
            st.button(
                t("app.download.draw"),
                key="draw",
                icon=":material/movie:",
                help=t("app.download.draw_help"),
                on_click=lambda: session.draw(
                    UploadJob(outcome.request, functools.partial(services.draw, outcome, t.language))
                ),
            )
    if session.drawing() is not None and not drawn:
        _watch_drawing(t)


def _save_button(outcome: AnalysisOutcome, kind: str, file: str, t: Translator) -> None:
    url = result_url(session.workspace(), file, save_as=services.saved_name(outcome.request, file))
    st.link_button(t(f"app.download.{kind}"), url, icon=":material/download:")


@st.fragment(run_every=POLL_S)
def _watch_drawing(t: Translator) -> None:
    """Show the progress of the annotated video, twice a second."""
    job = session.drawing()
    if job is None or job.state is JobState.DONE:
        st.rerun()
    if job.state is JobState.FAILED:
        reason = (
            error_text(job.error, t.language) if isinstance(job.error, FormcheckError) else type(job.error).__name__
        )
        st.error(reason, icon=":material/error:")
    else:
        done = t("app.running.pictures", n=job.frames) if job.share is None else share(job.share, t.language)
        st.progress(job.share or 0.0, t("app.running.drawing", done=done))
