"""The page of one person, readable in a minute: this week against the plan, reports, moments to see, comparisons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import identity, session
from formcheck.app.views import clinic_widgets, person_sections, plain, result, set_page, small, trigger_settings
from formcheck.app.views.train import today
from formcheck.clinic.case import MomentToSee, ReportedValue, moments, plan_lines, reported
from formcheck.clinic.caseload import LIST_DAYS, Week, week_in
from formcheck.clinic.triggers import TriggerReason, reasons
from formcheck.errors import StoreError
from formcheck.i18n.dates import date_text
from formcheck.i18n.numbers import clock, quantity
from formcheck.programmes.programme import RATING_WEEKS, Programme
from formcheck.reports import interactive_answers
from formcheck.reports.sentences import rule_name
from formcheck.store.access import REFUSED, AuthorisedStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.i18n import Translator
    from formcheck.model.entities import PersonOverview, Question

MOMENT_DAYS = 28
"""How many days back a moment to see may lie; default."""


def show(t: Translator, person_id: int) -> None:
    """Draw the page, or the set of the person that the address names. Raises StoreError."""
    store, set_id = identity.store(), st.query_params.get(set_page.QUERY, "")
    try:
        if set_id.isdecimal():
            person = store.people.get(person_id)
            small(f"**{clinic_widgets.name_of(store, person_id)}**")
            set_page.show(t, person, int(set_id))
            return
        (overview,) = store.overview.people(person_id, since=date.min)
    except StoreError as error:
        if error.code not in REFUSED - {"store_signed_out"}:
            raise
        clinic_widgets.refused(t)
        return
    clinic_widgets.back(t)
    st.title(clinic_widgets.name_of(store, person_id) or t("people.nameless"), anchor=False)
    for number, reason in enumerate(_reasons(store, overview)):
        clinic_widgets.reason_line(t, person_id, reason, f"own-{number}")
    programme = None if overview.programme is None else Programme.model_validate(overview.programme.data)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _week(t, store, overview, programme)
    with right:
        _reported(t, overview)
    _moments(t, overview)
    person_sections.trends(t, overview)
    person_sections.comparisons(t, store, overview, programme)
    person_sections.newest_reviews(t, store, overview)
    person_sections.training_days(t, overview)


def _reasons(store: AuthorisedStore, overview: PersonOverview) -> list[TriggerReason]:
    """Return the reasons to look at the person, over the same days as in the list."""
    triggers = trigger_settings.chosen_triggers(store)
    since = today() - timedelta(days=max(LIST_DAYS, triggers.days))
    recent = tuple(one for one in overview.sessions if one.day >= since)
    return reasons(replace(overview, sessions=recent), triggers, today())


def _week(t: Translator, store: AuthorisedStore, overview: PersonOverview, programme: Programme | None) -> None:
    """Show this week against the plan, the goals, and the buttons to adjust the programme and to write."""
    st.subheader(t("people.this_week"), anchor=False)
    week = None if programme is None else week_in(programme, overview.sessions, today())
    if programme is None:
        st.markdown(t("people.no_programme"))
    elif week is None:
        key = "people.not_begun" if today() < programme.start else "people.over"
        st.markdown(
            t(key, title=plain(programme.title), start=date_text(t, programme.start), end=date_text(t, programme.end))
        )
    else:
        _plan(t, overview, programme, week)
    if programme is not None and overview.programme is not None and programme.goals:
        _goals(t, store, overview.programme.id, programme)
    with st.container(horizontal=True):
        programme_button(t, overview.person_id, there_is_one=programme is not None)
        with st.popover(t("people.message.title"), icon=":material/mail:"):
            clinic_widgets.message(t, store, overview.person_id, f"page-{overview.person_id}")


def _plan(t: Translator, overview: PersonOverview, programme: Programme, week: Week) -> None:
    """Show the week in words, and each exercise with its sets done of those planned."""
    st.markdown(f"**{plain(programme.title)}**: {clinic_widgets.week_words(week, t)}")
    lines = [
        t(
            "people.plan_line",
            exercise=exercises.load(line.exercise).name[t.language],
            done=line.done,
            planned=line.planned,
        )
        for line in plan_lines(programme, overview.sessions, week.first)
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))


def _goals(t: Translator, store: AuthorisedStore, programme_id: int, programme: Programme) -> None:
    """Show the goals in the person's own words, with the rating of each week; a dash is one not rated yet."""
    rated = {(one.goal, one.week): one.value for one in store.programmes.goal_ratings(programme_id)}
    for goal in programme.goals:
        values = [t("people.goal_rating", week=week, value=rated.get((goal.id, week), "–")) for week in RATING_WEEKS]
        st.markdown(f"“{plain(goal.text)}”  \n:small[{' · '.join(values)}]")


def programme_button(t: Translator, person_id: int, there_is_one: bool = True) -> None:
    """Show the button that leads to the programme, to change it or to make one."""
    label = t("people.adjust" if there_is_one else "people.begin_programme")
    if st.button(label, key=f"adjust-{person_id}", icon=":material/edit:"):
        session.go("programme", person=str(person_id))


def _reported(t: Translator, overview: PersonOverview) -> None:
    """Show the reported pain and exertion as charts."""
    st.subheader(t("people.reported"), anchor=False)
    answers, dark = reported(overview.sessions), st.context.theme.type == "dark"
    if not answers:
        st.markdown(t("people.nothing_reported"))
    for title, series in (("pain", interactive_answers.PAIN), ("exertion", ("exertion",))):
        chart = interactive_answers.reported_chart(answers, series, t, dark=dark)
        if chart is not None:
            st.altair_chart(
                chart, key=f"reported-{title}", alt=t(f"people.said.{title}_alt", said=_newest(t, answers, series))
            )
            small(interactive_answers.reported_legend(answers, series, t))


def _newest(t: Translator, answers: list[ReportedValue], series: Sequence[Question]) -> str:
    """Return the newest answer to each question, as the text for readers who cannot see the chart."""
    last = {one.series: one for one in answers if one.series in series}
    return ", ".join(
        t("people.said.point", what=t(f"people.said.{one.series}"), value=one.value, day=date_text(t, one.day))
        for one in last.values()
    )


def _moments(t: Translator, overview: PersonOverview) -> None:
    """Show the worst moments, each with a button that opens its set there."""
    found = moments(overview.sessions, today() - timedelta(days=MOMENT_DAYS))
    st.subheader(t("people.moments"), anchor=False)
    if not found:
        since = today() - timedelta(days=MOMENT_DAYS)
        trained = any(
            one.state == "finished" for session_ in overview.sessions if session_.day >= since for one in session_.sets
        )
        st.markdown(t("people.no_moments" if trained else "people.no_sets", n=MOMENT_DAYS))
        return
    for column, moment in zip(st.columns(2, gap="medium"), found):
        with column.container(border=True):
            st.markdown(_moment_words(t, moment))
            st.button(
                t("people.play", when=clock(moment.at_s, t.language)),
                key=f"moment-{moment.set_id}",
                on_click=clinic_widgets.open_page,
                args=(overview.person_id, moment.set_id, moment.at_s),
                icon=clinic_widgets.PLAY,
            )


def _moment_words(t: Translator, moment: MomentToSee) -> str:
    """Return one moment in words: the rule, the exercise, the day, and the measured value beside its limit."""
    exercise = exercises.load(moment.exercise)
    sign = result.SHAPES[moment.severity]
    measured, limit = (quantity(value, moment.unit, t.language) for value in (moment.value, moment.limit))
    words = t("app.result.measured", measured=measured, limit=limit)
    return (
        f"{sign} **{rule_name(exercise, moment.rule, t.language)}** · {exercise.name[t.language]}  \n"
        f":small[{date_text(t, moment.day)}. {words}.]"
    )
