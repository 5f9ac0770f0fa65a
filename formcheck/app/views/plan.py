"""A programme as the person sees it: on the page of today, and as the preview in the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import player, training
from formcheck.app.views import plain, small
from formcheck.files.samples import every_sample
from formcheck.i18n.dates import date_text
from formcheck.programmes.wording import prescription_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.i18n import Translator
    from formcheck.programmes.programme import Programme
    from formcheck.spec.exercise import Exercise
    from formcheck.spec.prescription import Prescription


def head(t: Translator, programme: Programme) -> None:
    """Show the title, the days a week, the last day and the notes of a programme."""
    st.markdown(f"**{plain(programme.title)}**")
    small(t("plan.when", n=programme.days_a_week, end=date_text(t, programme.end)))
    if programme.notes:
        st.markdown(plain(programme.notes))


def exercises_of(t: Translator, prescriptions: Iterable[Prescription], key: str) -> None:
    """Show each prescribed exercise with its level, amount and remarks, and a popover that demonstrates it.

    ``key``: tells the widgets of one page from those of another.
    """
    for place, prescription in enumerate(prescriptions):
        words = prescription_words(prescription, t)
        with st.container(border=True):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"**{words.name}**", width="content")
                st.markdown(words.amount, width="content")
            how = " · ".join(part for part in (words.level, *words.how) if part)
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
            if shown.open:  # the figure is drawn only then
                with shown:
                    how_it_is_done(t, prescription.exercise)


def how_it_is_done(t: Translator, name: str) -> None:
    """Show the exercise and its steps."""
    exercise, figure = exercises.load(name), st.container()
    st.markdown(exercise.purpose[t.language])
    st.markdown("\n".join(f"{n}. {step[t.language]}" for n, step in enumerate(exercise.steps, 1)))
    for part in ("equipment", "support", "easier", "harder"):
        st.markdown(f"**{t(f'train.about.{part}')}** {getattr(exercise, part)[t.language]}")
    with figure:  # last, because the first figure takes a moment; the words are there already
        demonstration(exercise, t)


def goals(t: Translator, programme: Programme) -> None:
    """Show the person's goals."""
    if programme.goals:
        st.markdown(f"**{t('plan.goals')}**")
        st.markdown("\n".join(f"- {plain(goal.text)}" for goal in programme.goals))


def demonstration(exercise: Exercise, t: Translator) -> None:
    """Show a clip of the exercise, or a stick figure that does it."""
    alt = exercise.demonstration.alt[t.language]
    if exercise.demonstration.sample is not None:
        clip = next(one for one in every_sample() if one.path.name == exercise.demonstration.sample)
        st.video(str(clip.path), loop=True, autoplay=True, muted=True)
    else:
        address, turn_s = training.stick_figure(exercise.id)
        player.show_figure(address, turn_s, alt, key=f"figure-{exercise.id}-{t.language}")
    small(alt)
