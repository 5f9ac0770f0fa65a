"""A set that was trained before, to look through: the player, what there is to correct, every repetition."""

from __future__ import annotations

import functools
import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import identity, session, training
from formcheck.app.views import correct, over_time, rejudge, result, save, small
from formcheck.errors import StoreError
from formcheck.i18n.dates import date_text
from formcheck.reports import tables

if TYPE_CHECKING:
    from formcheck.i18n import Translator
    from formcheck.model.entities import Person, StoredSet, StoredVideo
    from formcheck.spec.exercise import Exercise

QUERY, MOMENT = "set", "at"
"""What a set, and a moment (s) of it to begin at, are called in an address."""
LOOKED_BACK = timedelta(days=365)
"""How much of the past a trend shows."""


def link(t: Translator, set_id: int) -> None:
    """Offer to look at a set."""
    st.button(
        t("look.open"),
        key=f"look-{set_id}",
        on_click=open_set,
        args=(set_id,),
        type="tertiary",
        icon=":material/play_circle:",
    )


def show(t: Translator, person: Person, set_id: int) -> None:
    """Draw the page; of a set that is not this person's, or not there any more, only that. Raises StoreError."""
    st.button(t("look.back"), key="look-back", on_click=_close, icon=":material/arrow_back:", type="tertiary")
    store, found = identity.store(), _found(person, set_id)
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
    session.select_result(f"set-{set_id}-{st.query_params.get(MOMENT, '')}", functools.partial(store.sets.get, set_id))
    _begin_at(st.query_params.get(MOMENT, ""))
    _body(t, person, set_id, kept.trace_sha256, date_text(t, day), store.videos.of(set_id).get(set_id))
    _over_time(t, person, set_id, exercise)


def _found(person: Person, set_id: int) -> tuple[StoredSet, date] | None:
    """Return a set of the person and its day, None when there is none."""
    store = identity.store()
    try:
        kept = store.sets.get(set_id)
    except StoreError as error:
        if error.code != "store_unknown":
            raise
        return None
    trained = store.sessions.get(kept.session_id)
    return None if kept.deleted or trained.person_id != person.id else (kept, trained.day)


@st.fragment
def _body(
    t: Translator,
    person: Person,
    set_id: int,
    trace_sha256: str,
    day: str,
    video: StoredVideo | None,
) -> None:
    if st.session_state.pop(correct.CHANGED, False):
        st.rerun()  # numbers outside this fragment changed too
    measured = training.measured(set_id, trace_sha256)
    chosen, original = correct.as_chosen(set_id, measured, t), measured.as_judged()
    st.subheader(tables.summary_sentence(chosen.result.record, chosen.exercise, t.language), anchor=False)
    if video is None:
        small(t("look.no_video" if identity.who().person_id == person.id else "look.not_shared"))
    one = result.body(
        chosen, t, None if video is None else (video.path, video.media_type, video.offset_s), person, set_id
    )
    correct.show(set_id, original, measured.corrected, t)
    rejudge.show(set_id, trace_sha256, original, t)
    result.details(one, t)
    result.copy_for_the_record(one, day, t)
    save.everything(measured, t, f"{measured.exercise.id}-{set_id}")


def _over_time(t: Translator, person: Person, set_id: int, exercise: Exercise) -> None:
    shown = st.expander(t("trend.title"), icon=":material/timeline:", key=f"over-time-{t.language}", on_change="rerun")
    if not shown.open:  # only then is it read
        return
    with shown:
        sessions = identity.store().overview.sessions(person.id, date.today() - LOOKED_BACK)
        over_time.show((one for session in sessions for one in session.sets), exercise, t, set_id)


def open_set(set_id: int, at_s: float | None = None) -> None:
    """Lead to a set, at a moment (s) of it."""
    st.query_params[QUERY] = str(set_id)
    if at_s is None:
        st.query_params.pop(MOMENT, None)
    else:
        st.query_params[MOMENT] = f"{at_s:.2f}"


def _begin_at(moment: str) -> None:
    """Take the player once to the moment that the address names."""
    shown = session.shown()
    if moment and "moment" not in shown.picked:
        shown.picked["moment"] = _seconds(moment)
        if shown.picked["moment"] is not None:
            shown.jump(shown.picked["moment"])


def _seconds(text: str) -> float | None:
    """Return a number of an address, None for what is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _close() -> None:
    for name in (QUERY, MOMENT):
        st.query_params.pop(name, None)
