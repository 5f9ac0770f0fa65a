"""My progress: one line for each goal, one chart, and the tests over time. There are no streaks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import identity, programmes, session
from formcheck.app.views import over_time, plain, programme_edit, small, train
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.insights import trends
from formcheck.programmes.programme import Programme
from formcheck.reports.interactive_trend import by_measure
from formcheck.reports.trend import value_text

if TYPE_CHECKING:
    from formcheck.insights.trend import Trend
    from formcheck.model.entities import SessionOverview, SetOverview

LOOKED_BACK = timedelta(days=366)
"""How far back the chart and the tests go; default."""


def show(t: Translator) -> None:
    """Draw the page."""
    st.title(t("progress.title"), anchor=False)
    st.markdown(t("progress.sentence"))
    try:
        person, today = identity.me(), train.today()
        _goals(t, person.id)
        sessions = identity.store().overview.sessions(person.id, today - LOOKED_BACK)
        _chart(t, sessions)
        _tests(t, sessions)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _goals(t: Translator, person_id: int) -> None:
    """Show each goal in one line, with how near the person felt to it."""
    current = programmes.current_programme(identity.store(), person_id, train.today())
    goals = Programme.model_validate(current.data).goals if current else ()
    if current is None or not goals:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(t("progress.no_goal"), width="content")
            editable = current is None or programmes.is_own(identity.store(), current)
            if editable and st.button(t("progress.write_goal"), key="write-goal", type="tertiary"):
                session.go("programme")
        return
    ratings = identity.store().programmes.goal_ratings(current.id)
    for goal in goals:
        values = {one.week: one.value for one in ratings if one.goal == goal.id}
        how_near = programme_edit.rated(t, values) if values else t("progress.rate_later")
        st.markdown(f"**{t('progress.goal', goal=plain(goal.text))}**  \n:small[{how_near}]")


def _chart(t: Translator, sessions: list[SessionOverview]) -> None:
    """Show one exercise over time; the person chooses which, the newest first."""
    sets = [one for session in sessions for one in session.sets if one.state == "finished"]
    names = list(dict.fromkeys(one.exercise for one in sets))
    if not names:
        st.markdown(t("progress.empty"))
        if st.button(t("progress.begin"), key="begin", type="primary", icon=":material/play_arrow:"):
            session.go("today")
        return
    with st.container(border=True):
        chosen = st.selectbox(
            t("progress.which"),
            names,
            key=f"progress-{t.language}",
            format_func=lambda name: exercises.load(name).name[t.language],
        )
        shown = _main_trends(sets, chosen)
        if shown:
            over_time.measure(shown, t)
        else:
            st.markdown(t("trend.nothing"))


def _tests(t: Translator, sessions: list[SessionOverview]) -> None:
    """Show the results of tests over time, in words."""
    st.subheader(t("progress.tests"), anchor=False)
    names = [name for name in exercises.names() if programmes.is_test(name)]
    taken = {one.id for one in programmes.finished_tests(identity.store(), sessions, names)}
    sets = [one for session in sessions for one in session.sets if one.id in taken]
    found = [(name, trend) for name in names for trend in _main_trends(sets, name)]
    if not found:
        st.markdown(t("progress.tests_empty"))
    for name, trend in found:
        side = f", {t(f'term.side.{trend.side}')}" if trend.side else ""
        values = (
            f"{date_text(t, point.day)}: **{value_text(point.value, trend.unit, t.language)}**"
            for point in trend.points
        )
        st.markdown(f"{exercises.load(name).name[t.language]}{side}")
        small(" · ".join(values))


def _main_trends(sets: list[SetOverview], name: str) -> list[Trend]:
    """Return the trends of an exercise's main measure."""
    groups = by_measure(trends(sets, exercises.load(name)))
    return groups[0] if groups else []
