"""The first start, in two minutes: the program in short, five questions, the place of the camera, a try-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import identity
from formcheck.app.views import questions, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.i18n import Translator
    from formcheck.model.entities import Person

STEPS = ("about", "questions", "camera", "tryout")
QUESTIONS = ("operation", "fall", "pregnancy", "osteoporosis", "chest_pain")
ABOUT, CAMERA = ("does", "counts", "not"), ("where", "no_room", "light", "clothes", "floor")


def show(t: Translator, person: Person, try_out: Callable[[], None]) -> None:
    """Show the step that the person has reached. ``try_out``: starts the live page with a few squats onto a chair."""
    step = STEPS[min(st.session_state.get("welcome_step", 0), len(STEPS) - 1)]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        small(t("train.welcome.step", n=STEPS.index(step) + 1, of=len(STEPS)))
        if st.button(t("train.welcome.skip"), type="tertiary", key="skip-welcome"):
            _finish(person, skipped=True)
            st.rerun()
    st.title(t(f"train.welcome.{step}.title"), anchor=False)
    {"about": _about, "questions": _questions, "camera": _camera, "tryout": _tryout}[step](t)
    with st.container(horizontal=True):
        if step != STEPS[0] and st.button(t("train.welcome.back"), key="welcome-back"):
            _go(STEPS.index(step) - 1)
        if step != STEPS[-1]:
            if st.button(t("train.welcome.next"), type="primary", key="welcome-next"):
                _go(STEPS.index(step) + 1)
            return
        if st.button(t("train.welcome.tryout.start"), type="primary", key="try-out", icon=":material/play_arrow:"):
            _finish(person, skipped=False)
            try_out()
        if st.button(t("train.welcome.tryout.later"), key="welcome-end"):
            _finish(person, skipped=False)
            st.rerun()


def _about(t: Translator) -> None:
    for key in ABOUT:
        st.markdown(t(f"train.welcome.about.{key}"))


def _questions(t: Translator) -> None:
    """Ask the five questions, and say when to talk to a doctor first."""
    st.markdown(t("train.welcome.questions.intro"))
    answers = st.session_state.setdefault("first_answers", {})
    words = {True: t("train.welcome.yes"), False: t("train.welcome.no")}
    for key in QUESTIONS:
        answers[key] = st.segmented_control(
            t(f"train.welcome.questions.{key}"),
            [True, False],
            format_func=words.__getitem__,
            default=answers.get(key),
            key=f"first-{key}-{t.language}",
        )
    if any(answers.values()):
        st.warning(t("train.welcome.questions.talk"), icon=":material/info:")
    if answers.get("fall"):
        st.markdown(t("train.welcome.questions.balance"))
    with st.expander(t("live.ui.stop.title"), expanded=True):
        questions.red_flags(t)


def _camera(t: Translator) -> None:
    for key in CAMERA:
        st.markdown(f"- {t(f'train.welcome.camera.{key}')}")


def _tryout(t: Translator) -> None:
    st.markdown(t("train.welcome.tryout.text"))
    st.markdown(t("train.welcome.tryout.sound"))


def _go(step: int) -> None:
    st.session_state.welcome_step = step
    st.rerun()


def _finish(person: Person, skipped: bool) -> None:
    """Store the answers, also those of a first start that was skipped."""
    answers = {key: value for key, value in st.session_state.get("first_answers", {}).items() if value is not None}
    identity.store().people.save_first_start(person.id, {"answers": answers, "skipped": skipped})
    for key in ("welcome", "welcome_step", "first_answers"):
        st.session_state.pop(key, None)
