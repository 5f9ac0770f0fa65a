"""What was trained before: each session with its sets in words and its answers; what nobody answered is said to be missing."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import identity, training
from formcheck.app.downloads import offers
from formcheck.app.views import set_page, small
from formcheck.i18n.dates import date_text

if TYPE_CHECKING:
    from formcheck.i18n import Translator
    from formcheck.model.entities import Answer, Person, StoredSet, StoredVideo

SHOWN = 20


def show(t: Translator, person: Person) -> None:
    """Show the newest sessions in which something was done."""
    shown = st.expander(
        t("train.history.title"), icon=":material/history:", key=f"history-{t.language}", on_change="rerun"
    )
    if shown.open:  # only then is it read
        with shown:
            _sessions(t, person)


def _sessions(t: Translator, person: Person) -> None:
    store = identity.store()
    sessions = store.sessions.of(person.id, limit=SHOWN)
    ids = [one.id for one in sessions]
    done: dict[int, list[StoredSet]] = {}
    for kept in store.sets.of(*ids, deleted=True):
        if kept.state != "running":
            done.setdefault(kept.session_id, []).append(kept)
    answers, videos = store.sessions.answers(*ids), store.videos.of(*(kept.id for of in done.values() for kept in of))
    if not done:
        st.markdown(t("train.history.empty"))
    for session in sessions:
        if session.id in done:
            st.markdown(f"**{date_text(t, session.day)}**")
            for kept in done[session.id]:
                a_set(t, kept, videos.get(kept.id))
            small(_answers(t, answers[session.id], [kept for kept in done[session.id] if not kept.deleted]))


def a_set(t: Translator, kept: StoredSet, video: StoredVideo | None = None) -> None:
    """Show a set in words, with its video, its deletion and the way back."""
    store = identity.store()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        words = training.in_words(kept, t.language)
        st.markdown(f"~~{words}~~ {t('train.history.deleted')}" if kept.deleted else words, width="stretch")
        if kept.trace_sha256 is not None and not kept.deleted:
            set_page.link(t, kept.id)
        if video is not None and not kept.deleted:
            _video(t, video)
        if kept.deleted:
            st.button(
                t("train.history.restore"), key=f"restore-{kept.id}", on_click=store.sets.restore, args=(kept.id,)
            )
        else:
            st.button(
                t("train.history.delete"),
                key=f"delete-{kept.id}",
                on_click=store.sets.delete,
                args=(kept.id,),
                type="tertiary",
                icon=":material/delete:",
            )


def _video(t: Translator, video: StoredVideo) -> None:
    """Offer the video of a set; it is read only when it is asked for."""
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
    """Return where the video is fetched, by whoever may see the set and only for as long; Streamlit's own files do not ask."""
    kept = f"film-{video.set_id}"
    if not offers().stands(st.session_state.get(kept, "")):
        allowed = functools.partial(identity.store().sets.get, video.set_id)
        st.session_state[kept] = offers().file(video.path, video.media_type, allowed)
    return st.session_state[kept]


def _answers(t: Translator, answers: list[Answer], sets: list[StoredSet]) -> str:
    def value(question: str, exercise: str | None = None) -> str:
        said = training.answer_of(answers, question, exercise)
        return t("train.history.missing") if said is None else str(said)

    parts = [t(f"train.history.{question}", value=value(question)) for question in ("pain_before", "pain_next_morning")]
    for name in dict.fromkeys(kept.exercise for kept in sets):
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
