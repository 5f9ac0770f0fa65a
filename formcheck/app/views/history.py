"""Earlier training: each session with its sets in words and its answers. A question without an answer is shown as missing."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import identity, training
from formcheck.app.downloads import private_downloads
from formcheck.app.views import set_page, small
from formcheck.i18n.dates import date_text

if TYPE_CHECKING:
    from formcheck.i18n import Translator
    from formcheck.model.entities import Answer, Person, StoredSet, StoredVideo

SHOWN = 20
"""Newest sessions shown; default."""


def show(t: Translator, person: Person) -> None:
    """Show the newest sessions that have a set."""
    shown = st.expander(
        t("train.history.title"), icon=":material/history:", key=f"history-{t.language}", on_change="rerun"
    )
    if shown.open:  # reads from the store only then
        with shown:
            _sessions(t, person)


def _sessions(t: Translator, person: Person) -> None:
    store = identity.store()
    sessions = store.sessions.of(person.id, limit=SHOWN)
    ids = [one.id for one in sessions]
    by_session: dict[int, list[StoredSet]] = {}
    for stored in store.sets.of(*ids, deleted=True):
        if stored.state != "running":
            by_session.setdefault(stored.session_id, []).append(stored)
    answers, videos = (
        store.sessions.answers(*ids),
        store.videos.of(*(one.id for sets in by_session.values() for one in sets)),
    )
    if not by_session:
        st.markdown(t("train.history.empty"))
    for session in sessions:
        if session.id in by_session:
            st.markdown(f"**{date_text(t, session.day)}**")
            for stored in by_session[session.id]:
                set_line(t, stored, videos.get(stored.id))
            small(_answers(t, answers[session.id], [one for one in by_session[session.id] if not one.deleted]))


def set_line(t: Translator, stored: StoredSet, video: StoredVideo | None = None) -> None:
    """Show a set in words, with its video, and buttons that open, delete and restore it."""
    store = identity.store()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        words = training.summary_of(store, stored, t.language)
        st.markdown(f"~~{words}~~ {t('train.history.deleted')}" if stored.deleted else words, width="stretch")
        if stored.trace_sha256 is not None and not stored.deleted:
            set_page.link(t, stored.id)
        if video is not None and not stored.deleted:
            _video(t, video)
        if stored.deleted:
            st.button(
                t("train.history.restore"), key=f"restore-{stored.id}", on_click=store.sets.restore, args=(stored.id,)
            )
        else:
            st.button(
                t("train.history.delete"),
                key=f"delete-{stored.id}",
                on_click=store.sets.delete,
                args=(stored.id,),
                type="tertiary",
                icon=":material/delete:",
            )


def _video(t: Translator, video: StoredVideo) -> None:
    """Show the video of a set in a popover. Its address is made only when the popover is open."""
    key = f"video-{video.set_id}-{t.language}"
    shown = st.popover(
        t("train.history.video"), icon=":material/videocam:", key=key, on_change="rerun", type="tertiary"
    )
    if not shown.open:
        return
    with shown:
        st.markdown(t("train.history.video_until", day=date_text(t, video.keep_until.astimezone().date())))
        st.html(f'<video controls playsinline style="width: 100%" src="{_address(video)}"></video>')
        st.button(
            t("train.history.video_delete"),
            key=f"delete-{key}",
            on_click=identity.store().videos.delete,
            args=(video.set_id,),
            icon=":material/delete:",
        )


def _address(video: StoredVideo) -> str:
    """Return a video address that is authorised again at every request. Streamlit's own media addresses are not."""
    key = f"film-{video.set_id}"
    address: str = st.session_state.get(key, "")
    if not private_downloads().is_valid(address):
        allowed = functools.partial(identity.store().sets.get, video.set_id)
        address = st.session_state[key] = private_downloads().offer_file(video.path, video.media_type, allowed)
    return address


def _answers(t: Translator, answers: list[Answer], sets: list[StoredSet]) -> str:
    """Return the answers of a session in one line."""

    def value(question: str, exercise: str | None = None) -> str:
        answer = training.answer_of(answers, question, exercise)
        return t("train.history.missing") if answer is None else str(answer)

    parts = [t(f"train.history.{question}", value=value(question)) for question in ("pain_before", "pain_next_morning")]
    for name in dict.fromkeys(one.exercise for one in sets):
        exercise = exercises.load(name).name[t.language]
        parts.append(
            t(
                "train.history.exercise",
                exercise=exercise,
                pain=value("pain_during", name),
                exertion=value("exertion", name),
            )
        )
    return " · ".join(parts)
