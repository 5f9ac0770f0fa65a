"""A programme as the person sees it: on the page of today, and as the preview of whoever makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import player, training
from formcheck.app.views import plain, small
from formcheck.files.samples import every_sample
from formcheck.i18n.dates import date_text
from formcheck.programmes.wording import told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.i18n import Translator
    from formcheck.programmes.programme import Programme
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.prescription import Prescription


def head(t: Translator, programme: Programme) -> None:
    """Show what it is called, how often and until when, and what was written about it."""
    st.markdown(f"**{plain(programme.title)}**")
    small(t("plan.when", n=programme.days_a_week, end=date_text(t, programme.end)))
    if programme.notes:
        st.markdown(plain(programme.notes))


def exercises_of(t: Translator, prescriptions: Iterable[Prescription], key: str) -> None:
    """Show what is to be done, each exercise with its step, how much of it, how, and what it looks like. ``key``: of the page."""
    for place, prescription in enumerate(prescriptions):
        said = told(prescription, t)
        with st.container(border=True):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"**{said.name}**", width="content")
                st.markdown(said.amount, width="content")
            how = " · ".join(part for part in (said.level, *said.how) if part)
            if how:
                small(how)
            if prescription.notes:
                small(plain(prescription.notes))
            shown = st.popover(
                t("plan.how"),
                key=f"how-{key}-{place}-{prescription.exercise}-{t.language}",
                on_change="rerun",
                type="tertiary",
            )
            if shown.open:  # only then is the figure drawn
                with shown:
                    how_it_is_done(t, prescription.exercise)


def how_it_is_done(t: Translator, name: str) -> None:
    """Show the exercise and its steps."""
    exercise, figure = exercises.load(name), st.container()
    st.markdown(exercise.purpose[t.language])
    st.markdown("\n".join(f"{n}. {step[t.language]}" for n, step in enumerate(exercise.steps, 1)))
    for part in ("equipment", "support", "easier", "harder"):
        st.markdown(f"**{t(f'train.about.{part}')}** {getattr(exercise, part)[t.language]}")
    with figure:  # last: the first time it takes a moment, and the words are there meanwhile
        demonstration(exercise, t)


def goals(t: Translator, programme: Programme) -> None:
    """Show what the person wants to be able to do."""
    if programme.goals:
        st.markdown(f"**{t('plan.goals')}**")
        st.markdown("\n".join(f"- {plain(goal.text)}" for goal in programme.goals))


def demonstration(exercise: Exercise, t: Translator) -> None:
    """Show the exercise: a clip, or a stick figure that does it."""
    alt = exercise.demonstration.alt[t.language]
    if exercise.demonstration.sample is not None:
        clip = next(one for one in every_sample() if one.path.name == exercise.demonstration.sample)
        st.video(str(clip.path), loop=True, autoplay=True, muted=True)
    else:
        address, turn_s = training.figure(exercise.id)
        player.show_figure(address, turn_s, alt, key=f"figure-{exercise.id}-{t.language}")
    small(alt)
