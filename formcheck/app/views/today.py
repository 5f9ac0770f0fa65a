"""Today: the exercises of the programme with one button to start them, and the rest of the week.

Without a programme the page shows some to begin with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import drafts, identity, messaging, programmes, session
from formcheck.app.views import plain, plan, questions, small, train, welcome
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text, join_words
from formcheck.i18n.dates import date_text
from formcheck.programmes import templates
from formcheck.programmes.wording import prescription_words

if TYPE_CHECKING:
    from datetime import date

    from formcheck.app.programmes import DayPlan, LevelStep
    from formcheck.model.entities import Person
    from formcheck.spec.prescription import Prescription


def show(t: Translator) -> None:
    """Draw the page."""
    try:
        person = identity.me()
        if person.first_start is None:
            welcome.show(t, person, lambda: train.begin(person, [train.TRY_OUT.prescription()], None, tryout=True))
            return
        day = programmes.plan_of_day(identity.store(), person, train.today())
        if day is None:
            _starters(t, person)
        else:
            _today(t, person, day)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


# Without a programme


def _starters(t: Translator, person: Person) -> None:
    """Show the programmes to begin with. A person with a physiotherapist waits for the one that they make."""
    st.title(t("today.title"), anchor=False)
    _unread(t, person)
    if programmes.physiotherapists(identity.store(), person.id):
        st.info(t("today.waiting"), icon=":material/info:")
        _train_freely_button(t)
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
                    draft = drafts.from_template(template, train.today(), t.language, programmes.has_fallen(person))
                    programmes.save(identity.store(), person.id, draft, programmes.has_fallen(person))
                    st.rerun()
    with st.container(horizontal=True):
        _page_button(t, "make", "programme", ":material/edit:")
        _train_freely_button(t)


def _train_freely_button(t: Translator) -> None:
    """Show the button that leads to training without a programme."""
    _page_button(t, "beside", "train", ":material/fitness_center:")


def _page_button(t: Translator, name: str, page: str, icon: str) -> None:
    """Show a button that leads to another page. ``name``: of its text and key."""
    if st.button(t(f"today.{name}"), key=name, type="tertiary", icon=icon):
        session.go(page)


# With a programme


def _today(t: Translator, person: Person, day: DayPlan) -> None:
    """Draw the page of a person with a programme, and start the training when they press the button."""
    store, today = identity.store(), train.today()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(t("today.title"), anchor=False, width="content")
        start = bool(day.left) and st.button(
            t("today.start"), type="primary", key="start-today", icon=":material/play_arrow:"
        )
    _unread(t, person)
    interrupted = store.sets.running(person.id)
    if interrupted is not None:
        train.interrupted_set(t, interrupted)
    morning = None if st.session_state.get("not_now") else store.sessions.awaiting_next_morning(person.id, today)
    if morning is not None:
        questions.next_morning(t, person, morning, today)
    _progress(t, day, today)
    _rate(t, day)
    _harder_levels(t, day)
    trains = bool(day.left or day.tests)
    pain = _pain(t, person, day) if trains else None
    tests = _tests(t, day)
    if day.left:
        plan.exercises_of(t, day.left, "today")
    for kept_back in day.kept_back:
        st.info(t("today.kept_back", what=_name(kept_back, t)), icon=":material/info:")
    _easier_levels(t, day)
    options = train.options(t) if trains else {}
    with st.container(horizontal=True):
        _train_freely_button(t)
        _page_button(t, "whole", "programme", ":material/list:")
    if start or tests:
        wanted = programmes.prescriptions_of_tests(day.tests) if tests else day.left
        train.begin(person, list(wanted), pain, programme=(day.kept.id, day.kept.version), **options)


def _unread(t: Translator, person: Person) -> None:
    """Say how many messages are unread, with a button that leads to them."""
    waiting = len(messaging.unread_by_person(identity.store(), person.id))
    if waiting:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/mail: {t('today.unread', n=waiting)}", width="content")
            if st.button(t("today.read"), key="read-messages"):
                session.go("messages")


def _progress(t: Translator, day: DayPlan, today: date) -> None:
    """Say how much of today and of the week is done, and show the notes of the programme."""
    programme = day.programme
    if today < programme.start:
        st.info(t("today.not_yet", day=date_text(t, programme.start)), icon=":material/info:")
    elif today > programme.end:
        st.info(t("today.over", day=date_text(t, programme.end)), icon=":material/info:")
    elif not (day.left or day.kept_back):
        st.success(t("today.all_done"), icon=":material/check_circle:")
    small(f"{plain(programme.title)} · {_week(t, day, day.week)}" if day.week is not None else plain(programme.title))
    if programme.notes:
        st.markdown(plain(programme.notes))


def _pain(t: Translator, person: Person, day: DayPlan) -> int | None:
    """Ask for the pain before the training, and warn when it is above the programme's limit."""
    with st.container(border=True):
        pain = train.pain_before(t, person)
    if pain is not None and pain > day.programme.pain_stop:
        st.error(t("today.pain_stop", value=day.programme.pain_stop), icon=":material/error:")
    return pain


def _week(t: Translator, day: DayPlan, week: int) -> str:
    """Return the number of the week, and the training days left in it. ``week``: from 0."""
    left = t("today.left_in_week", n=day.left_in_week) if day.left_in_week else t("today.week_done")
    return f"{t('today.week', n=week + 1)} · {left}"


def _rate(t: Translator, day: DayPlan) -> None:
    """Ask how near the goals feel in the weeks when that is due."""
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


def _tests(t: Translator, day: DayPlan) -> bool:
    """Show the tests that are due; return whether the person starts them now."""
    if not day.tests:
        return False
    names = join_words([exercises.load(name).name[t.language] for name in day.tests], t.language)
    with st.container(border=True):
        st.markdown(f"**{t('today.tests.title')}**")
        st.markdown(t("today.tests.text", names=names))
        return st.button(t("today.tests.start"), key="take-tests", icon=":material/timer:")


# Levels, in a programme of one's own


def _harder_levels(t: Translator, day: DayPlan) -> None:
    """Ask whether the person wants the next level of an exercise whose last sessions were easy."""
    for one in day.steps:
        given = day.programme.exercises[one.place].prescription
        if one.easy and one.harder and st.session_state.get(_answered_key(day, one)) is None:
            with st.container(border=True):
                st.markdown(f"**{t('today.step.ask', exercise=exercises.load(given.exercise).name[t.language])}**")
                st.markdown(t("today.step.next", what=_name(one.harder, t)))
                with st.container(horizontal=True):
                    if st.button(t("today.step.yes"), key=f"step-{one.place}", type="primary"):
                        _change_level(t, day, one.place, one.harder)
                    if st.button(t("today.step.no"), key=f"no-step-{one.place}"):
                        st.session_state[_answered_key(day, one)] = False
                        st.rerun()


def _easier_levels(t: Translator, day: DayPlan) -> None:
    """Show a button for the easier level of each exercise that has one."""
    easier = [(one.place, one.easier) for one in day.steps if one.easier]
    if not easier:
        return
    with st.expander(t("today.step.easier"), icon=":material/arrow_downward:"):
        for place, prescription in easier:
            if st.button(t("today.step.back", what=_name(prescription, t)), key=f"back-{place}", type="tertiary"):
                _change_level(t, day, place, prescription)


def _answered_key(day: DayPlan, one: LevelStep) -> str:
    """Return the key of the session state that is set once the person declined a level."""
    return f"step-asked-{day.kept.id}-{day.kept.version}-{one.place}"


def _change_level(t: Translator, day: DayPlan, place: int, prescription: Prescription) -> None:
    programmes.change_level(identity.store(), day, place, prescription)
    st.toast(t("today.step.taken", what=_name(prescription, t)))
    st.rerun()


def _name(prescription: Prescription, t: Translator) -> str:
    """Return the name of an exercise with its level."""
    words = prescription_words(prescription, t)
    return f"{words.name} – {words.level}" if words.level else words.name
