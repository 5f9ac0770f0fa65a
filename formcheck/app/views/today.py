"""Today: what the programme asks for, one tap to start it, what is left of the week; without one, programmes to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import drafts, identity, messaging, programmes, session
from formcheck.app.views import plain, plan, questions, small, train, welcome
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text, joined
from formcheck.i18n.dates import date_text
from formcheck.programmes import templates
from formcheck.programmes.wording import told

if TYPE_CHECKING:
    from datetime import date

    from formcheck.app.programmes import Day, LevelStep
    from formcheck.model.entities import Person
    from formcheck.spec.prescription import Prescription


def show(t: Translator) -> None:
    """Draw the page."""
    try:
        person = identity.me()
        if person.first_start is None:
            welcome.show(t, person, lambda: train.begin(person, [train.TRY_OUT.prescription()], None, tryout=True))
            return
        day = programmes.day_of(person, train.today())
        if day is None:
            _begin_with(t, person)
        else:
            _today(t, person, day)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


# Without a programme


def _begin_with(t: Translator, person: Person) -> None:
    """Offer the programmes to begin with; whoever has a physiotherapist waits for theirs."""
    st.title(t("today.title"), anchor=False)
    _unread(t, person)
    if programmes.physiotherapists(person.id):
        st.info(t("today.waiting"), icon=":material/info:")
        _beside(t)
        return
    st.markdown(t("today.none"))
    for name in templates.names():
        template = templates.load(name)
        if template.starter:
            with st.container(border=True):
                st.markdown(f"**{template.name[t.language]}**")
                st.markdown(template.purpose[t.language])
                small(t("today.starter", n=template.days_a_week, weeks=template.weeks))
                names = [exercises.load(one.prescription.exercise).name[t.language] for one in template.exercises]
                small(" · ".join(dict.fromkeys(names)))
                if st.button(t("today.choose"), key=f"choose-{name}"):
                    draft = drafts.from_template(template, train.today(), t.language, programmes.fallen(person))
                    programmes.save(person.id, draft, programmes.fallen(person))
                    st.rerun()
    with st.container(horizontal=True):
        _lead(t, "make", "programme", ":material/edit:")
        _beside(t)


def _beside(t: Translator) -> None:
    _lead(t, "beside", "train", ":material/fitness_center:")


def _lead(t: Translator, name: str, page: str, icon: str) -> None:
    if st.button(t(f"today.{name}"), key=name, type="tertiary", icon=icon):
        session.go(page)


# With one


def _today(t: Translator, person: Person, day: Day) -> None:
    store, today = identity.store(), train.today()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(t("today.title"), anchor=False, width="content")
        start = bool(day.left) and st.button(
            t("today.start"), type="primary", key="start-today", icon=":material/play_arrow:"
        )
    _unread(t, person)
    left_over = store.sets.running(person.id)
    if left_over is not None:
        train.left_over(t, left_over)
    morning = None if st.session_state.get("not_now") else store.sessions.awaiting_next_morning(person.id, today)
    if morning is not None:
        questions.next_morning(t, person, morning, today)
    _where_it_is(t, day, today)
    _rate(t, day)
    _next_steps(t, day)
    something = bool(day.left or day.tests)
    pain = _pain(t, person, day) if something else None
    tests = _tests(t, day)
    if day.left:
        plan.exercises_of(t, day.left, "today")
    for kept_back in day.kept_back:
        st.info(t("today.kept_back", what=_name(kept_back, t)), icon=":material/info:")
    _easier_steps(t, day)
    options = train.options(t) if something else {}
    with st.container(horizontal=True):
        _beside(t)
        _lead(t, "whole", "programme", ":material/list:")
    if start or tests:
        wanted = programmes.as_tests(day.tests) if tests else day.left
        train.begin(person, list(wanted), pain, programme=(day.kept.id, day.kept.version), **options)


def _unread(t: Translator, person: Person) -> None:
    waiting = len(messaging.unread_by_person(person.id))
    if waiting:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/mail: {t('today.unread', n=waiting)}", width="content")
            if st.button(t("today.read"), key="read-messages"):
                session.go("messages")


def _where_it_is(t: Translator, day: Day, today: date) -> None:
    """Say what is done, what is left of the week, and what was written about the programme."""
    programme = day.programme
    if today < programme.start:
        st.info(t("today.not_yet", day=date_text(t, programme.start)), icon=":material/info:")
    elif today > programme.end:
        st.info(t("today.over", day=date_text(t, programme.end)), icon=":material/info:")
    elif not (day.left or day.kept_back):
        st.success(t("today.all_done"), icon=":material/check_circle:")
    small(f"{plain(programme.title)} · {_week(t, day)}" if day.week is not None else plain(programme.title))
    if programme.notes:
        st.markdown(plain(programme.notes))


def _pain(t: Translator, person: Person, day: Day) -> int | None:
    """Ask for the pain before the training, and say when it is above the programme's limit."""
    with st.container(border=True):
        pain = train.pain_before(t, person)
    if pain is not None and pain > day.programme.pain_stop:
        st.error(t("today.pain_stop", value=day.programme.pain_stop), icon=":material/error:")
    return pain


def _week(t: Translator, day: Day) -> str:
    left = t("today.left_in_week", n=day.left_in_week) if day.left_in_week else t("today.week_done")
    return f"{t('today.week', n=day.week + 1)} · {left}"


def _rate(t: Translator, day: Day) -> None:
    """Ask how near the goals are, when it is time."""
    if day.rating_week is None:
        return
    rated = {one.goal for one in identity.store().programmes.goal_ratings(day.kept.id) if one.week == day.rating_week}
    with st.container(border=True):
        st.markdown(f"**{t(f'today.rate.week_{day.rating_week}')}**")
        for goal in day.programme.goals:
            if goal.id in rated:
                continue
            value = st.segmented_control(
                plain(goal.text), list(range(11)), key=f"goal-{day.kept.id}-{day.rating_week}-{goal.id}-{t.language}"
            )
            if value is not None:
                identity.store().programmes.rate_goal(day.kept.id, goal.id, day.rating_week, value)
                st.rerun()
        small(t("today.rate.ends"))


def _tests(t: Translator, day: Day) -> bool:
    """Offer the tests that are due; return whether they are to be taken now."""
    if not day.tests:
        return False
    names = joined([exercises.load(name).name[t.language] for name in day.tests], t.language)
    with st.container(border=True):
        st.markdown(f"**{t('today.tests.title')}**")
        st.markdown(t("today.tests.text", names=names))
        return st.button(t("today.tests.start"), key="take-tests", icon=":material/timer:")


# Steps, in a programme of one's own


def _next_steps(t: Translator, day: Day) -> None:
    """Ask whether the next step is wanted where the last sessions were easy."""
    for one in day.steps:
        given = day.programme.exercises[one.place].prescription
        if one.easy and one.harder and st.session_state.get(_asked(day, one)) is None:
            with st.container(border=True):
                st.markdown(f"**{t('today.step.ask', exercise=exercises.load(given.exercise).name[t.language])}**")
                st.markdown(t("today.step.next", what=_name(one.harder, t)))
                with st.container(horizontal=True):
                    if st.button(t("today.step.yes"), key=f"step-{one.place}", type="primary"):
                        _take(t, day, one.place, one.harder)
                    if st.button(t("today.step.no"), key=f"no-step-{one.place}"):
                        st.session_state[_asked(day, one)] = False
                        st.rerun()


def _easier_steps(t: Translator, day: Day) -> None:
    """Offer the way back, one tap each."""
    back = [one for one in day.steps if one.easier]
    if not back:
        return
    with st.expander(t("today.step.easier"), icon=":material/arrow_downward:"):
        for one in back:
            if st.button(t("today.step.back", what=_name(one.easier, t)), key=f"back-{one.place}", type="tertiary"):
                _take(t, day, one.place, one.easier)


def _asked(day: Day, one: LevelStep) -> str:
    return f"step-asked-{day.kept.id}-{day.kept.version}-{one.place}"


def _take(t: Translator, day: Day, place: int, prescription: Prescription) -> None:
    programmes.step(day, place, prescription)
    st.toast(t("today.step.taken", what=_name(prescription, t)))
    st.rerun()


def _name(prescription: Prescription, t: Translator) -> str:
    said = told(prescription, t)
    return f"{said.name} – {said.level}" if said.level else said.name
