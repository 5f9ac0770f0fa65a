"""Questions answered from 0 to 10 with one tap: pain, with its traffic light, and exertion."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import identity, training
from formcheck.app.views import small
from formcheck.i18n.dates import date_text
from formcheck.model.entities import SCALE, Person, TrainingSession

if TYPE_CHECKING:
    from formcheck.i18n import Translator

LIGHT_ICONS = {"green": ":material/check_circle:", "yellow": ":material/info:", "red": ":material/error:"}


def scale(t: Translator, label: str, key: str, *, pain: bool = True, default: int | None = None) -> int | None:
    """Ask for a number from 0 to 10 and return it, None while nothing is chosen. ``pain``: show the traffic light."""
    value = st.segmented_control(label, list(SCALE), key=f"{key}-{t.language}", default=default)
    small(t("train.ask.pain_ends" if pain else "train.ask.exertion_ends"))
    if pain and value is not None:
        light = training.pain_light(value)
        show = {"green": st.success, "yellow": st.warning, "red": st.error}[light]
        show(t(f"train.light.{light}"), icon=LIGHT_ICONS[light])
    return value


def red_flags(t: Translator) -> None:
    """Show when to stop, and which service to call."""
    for key in ("emergency", "doctor", "physio"):
        st.markdown(t(f"live.ui.stop.{key}"))


def next_morning(t: Translator, person: Person, session: TrainingSession, today: date) -> None:
    """Ask for the pain on the morning after a session. The person can put the question off for this visit."""
    day = session.day + timedelta(days=1)
    with st.container(border=True):
        asked = t("train.ask.this_morning") if day == today else t("train.ask.next_morning", day=date_text(t, day))
        value = scale(t, asked, "next-morning")
        with st.container(horizontal=True):
            saved = st.button(t("train.ask.save"), type="primary", disabled=value is None, key="save-morning")
            if saved and value is not None:
                identity.store().sessions.answer(session.id, "pain_next_morning", value, day)
                st.rerun()
            if st.button(t("train.ask.not_now"), key="not-now"):
                st.session_state.not_now = True
                st.rerun()
