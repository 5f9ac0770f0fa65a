"""A set that was trained before, to look through: the player, what there is to correct, every repetition."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date

import streamlit as st

from formcheck import exercises, report
from formcheck.analysis import SetResult, run_set
from formcheck.app import session, training
from formcheck.app.views import result, small
from formcheck.errors import StoreError
from formcheck.i18n import Translator
from formcheck.i18n.dates import date_text
from formcheck.programme import Prescription
from formcheck.spec import Exercise
from formcheck.store.kept import KeptSet, KeptVideo, Person
from formcheck.traces import poses_from_trace

QUERY = "set"


@dataclass(slots=True, frozen=True)
class Looked:
    """A stored set, with its measurements made anew from its landmarks."""

    result: SetResult
    exercise: Exercise


def link(t: Translator, set_id: int) -> None:
    """Offer to look at a set."""
    st.button(
        t("look.open"),
        key=f"look-{set_id}",
        on_click=_open,
        args=(set_id,),
        type="tertiary",
        icon=":material/play_circle:",
    )


def show(t: Translator, person: Person, set_id: int) -> None:
    """Draw the page; of a set that is not this person's, or not there any more, only that. Raises StoreError."""
    st.button(t("look.back"), key="look-back", on_click=_close, icon=":material/arrow_back:", type="tertiary")
    store, found = training.store(), _found(person, set_id)
    if found is None:
        st.info(t("look.unknown"), icon=":material/info:")
        return
    kept, day = found
    exercise = exercises.load(kept.exercise)
    st.title(exercise.name[t.language], anchor=False)
    small(date_text(t, day))
    if kept.trace_sha256 is None:
        st.markdown(t("look.running"))
        return
    if st.session_state.get("looked") != set_id:
        st.session_state.looked, st.session_state.shown = set_id, session.Shown()
    looked = _measured(set_id, kept.trace_sha256)
    _body(t, set_id, looked, date_text(t, day), store.videos.of(set_id).get(set_id))


def _found(person: Person, set_id: int) -> tuple[KeptSet, date] | None:
    """Return a set of the person and its day, None when there is none."""
    store = training.store()
    try:
        kept = store.sets.get(set_id)
    except StoreError as error:
        if error.code != "store_unknown":
            raise
        return None
    trained = store.sessions.get(kept.session_id)
    return None if kept.deleted or trained.person_id != person.id else (kept, trained.day)


@st.fragment
def _body(t: Translator, set_id: int, looked: Looked, day: str, video: KeptVideo | None) -> None:
    record, exercise = looked.result.record, looked.exercise
    st.subheader(report.summary_sentence(record, exercise, t.language), anchor=False)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        result.player_of(looked, t, None if video is None else (video.path, video.media_type, video.offset_s))
        if video is None:
            small(t("look.no_video"))
    with right:
        if record.reps or record.holds:
            result.points(looked, t)
    result.table(looked, t)
    result.not_assessed(looked, t)
    result.details(looked, t)
    result.copy_for_the_record(looked, day, t)


@functools.lru_cache(maxsize=8)
def _measured(set_id: int, trace_sha256: str) -> Looked:
    """Return the stored record with the measurements of every picture; ``trace_sha256`` tells one trace from another."""
    store = training.store()
    record, trace = store.sets.record(set_id), store.sets.trace(set_id)
    exercise = exercises.load(record.exercise)
    prescription = Prescription.model_validate(record.prescription) if record.prescription else None
    again = run_set(poses_from_trace(trace), exercise, record.source, prescription=prescription)
    return Looked(SetResult(record, again.trace), exercise)


def _open(set_id: int) -> None:
    st.query_params[QUERY] = str(set_id)


def _close() -> None:
    del st.query_params[QUERY]
