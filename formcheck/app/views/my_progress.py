"""My progress: the person's own numbers. One line about the goal, one chart, the tests over time; no streaks."""

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


def show(t: Translator) -> None:
    """Draw the page."""
    st.title(t("progress.title"), anchor=False)
    st.markdown(t("progress.sentence"))
    try:
        person, today = identity.me(), train.today()
        _goal(t, person.id)
        sessions = identity.store().overview.sessions(person.id, today - LOOKED_BACK)
        _chart(t, sessions)
        _tests(t, sessions)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _goal(t: Translator, person_id: int) -> None:
    """Say in one line what the person wants and how near they felt."""
    kept = programmes.current_of(person_id, train.today())
    goals = Programme.model_validate(kept.data).goals if kept else ()
    if not goals:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(t("progress.no_goal"), width="content")
            may = kept is None or programmes.is_own(kept)
            if may and st.button(t("progress.write_goal"), key="write-goal", type="tertiary"):
                session.go("programme")
        return
    ratings = identity.store().programmes.goal_ratings(kept.id)
    for goal in goals:
        said = {one.week: one.value for one in ratings if one.goal == goal.id}
        how_near = programme_edit.rated(t, said) if said else t("progress.rate_later")
        st.markdown(f"**{t('progress.goal', goal=plain(goal.text))}**  \n:small[{how_near}]")


def _chart(t: Translator, sessions: list[SessionOverview]) -> None:
    """Show one exercise over time, the newest first; tests are apart."""
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
        found = _first(sets, chosen)
        if found:
            over_time.measure(found, t)
        else:
            st.markdown(t("trend.nothing"))


def _tests(t: Translator, sessions: list[SessionOverview]) -> None:
    """Show the results of tests over time, in words."""
    st.subheader(t("progress.tests"), anchor=False)
    names = [name for name in exercises.names() if programmes.is_test(name)]
    taken = {one.id for one in programmes.taken(sessions, names)}
    sets = [one for session in sessions for one in session.sets if one.id in taken]
    found = [(name, trend) for name in names for trend in _first(sets, name)]
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


def _first(sets: list[SetOverview], name: str) -> list[Trend]:
    """Return the trends of what an exercise is about."""
    groups = by_measure(trends(sets, exercises.load(name)))
    return groups[0] if groups else []
