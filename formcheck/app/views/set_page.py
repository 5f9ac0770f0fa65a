"""The page of a stored set: the player, the points to correct, every repetition, and the corrections."""

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
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.reports import tables
from formcheck.reports.nothing import nothing_lines

if TYPE_CHECKING:
    from formcheck.model.entities import Person, StoredSet, StoredVideo
    from formcheck.spec.exercise import Exercise

QUERY, MOMENT = "set", "at"
"""Names of a set's id, and of the moment (s) to begin at, in the query of an address."""
LOOKED_BACK = timedelta(days=365)
"""How far back the trend goes; default."""


def link(t: Translator, set_id: int) -> None:
    """Show the button that opens a set."""
    st.button(
        t("look.open"),
        key=f"look-{set_id}",
        on_click=open_set,
        args=(set_id,),
        type="tertiary",
        icon=":material/play_circle:",
    )


def show(t: Translator, person: Person, set_id: int) -> None:
    """Draw the page. Say so when the set is not this person's or was deleted. Raises StoreError."""
    st.button(t("look.back"), key="look-back", on_click=_close, icon=":material/arrow_back:", type="tertiary")
    store, found = identity.store(), _found(person, set_id)
    if found is None:
        st.info(t("look.unknown"), icon=":material/info:")
        return
    stored, day = found
    exercise = exercises.load(stored.exercise)
    st.title(exercise.name[t.language], anchor=False)
    small(date_text(t, day))
    if stored.trace_sha256 is None:
        st.markdown(t("look.running"))
        return
    session.select_result(f"set-{set_id}-{st.query_params.get(MOMENT, '')}", functools.partial(store.sets.get, set_id))
    _jump_to_moment(st.query_params.get(MOMENT, ""))
    _body(t, person, set_id, stored.trace_sha256, date_text(t, day), store.videos.of(set_id).get(set_id))
    _over_time(t, person, set_id, exercise)


def _found(person: Person, set_id: int) -> tuple[StoredSet, date] | None:
    """Return a set of the person and its day, None when there is no such set."""
    store = identity.store()
    try:
        stored = store.sets.get(set_id)
    except StoreError as error:
        if error.code != "store_unknown":
            raise
        return None
    trained = store.sessions.get(stored.session_id)
    return None if stored.deleted or trained.person_id != person.id else (stored, trained.day)


@st.fragment
def _body(
    t: Translator,
    person: Person,
    set_id: int,
    trace_sha256: str,
    day: str,
    video: StoredVideo | None,
) -> None:
    """Show the set with its corrections. A widget in it draws only this fragment again."""
    if st.session_state.pop(correct.CHANGED, False):
        st.rerun()  # numbers outside this fragment changed too
    try:
        measured = training.measured_set(identity.store(), set_id, trace_sha256)
    except StoreError as error:  # no page can catch what a fragment raises
        st.error(error_text(error, t.language), icon=":material/error:")
        return
    chosen, original = correct.choose_version(set_id, measured, t), measured.as_judged()
    st.subheader(tables.summary_sentence(chosen.result.record, chosen.exercise, t.language), anchor=False)
    for line in nothing_lines(chosen.result.record.nothing[1:], chosen.exercise, t.language):
        st.markdown(line)
    if video is None:
        small(t("look.no_video" if identity.who().person_id == person.id else "look.not_shared"))
    one = result.body(
        chosen, t, None if video is None else (video.path, video.media_type, video.offset_s), person, set_id
    )
    correct.show(set_id, original, measured.corrected, t)
    rejudge.show(set_id, trace_sha256, original, t)
    result.details(one, t)
    result.copy_for_the_record(one, day, t)
    save.downloads(measured, t, f"{measured.exercise.id}-{set_id}")


def _over_time(t: Translator, person: Person, set_id: int, exercise: Exercise) -> None:
    """Show the trends of the exercise, with this set marked, in an expander."""
    shown = st.expander(t("trend.title"), icon=":material/timeline:", key=f"over-time-{t.language}", on_change="rerun")
    if not shown.open:  # reads from the store only then
        return
    with shown:
        sessions = identity.store().overview.sessions(person.id, date.today() - LOOKED_BACK)
        over_time.show((one for session in sessions for one in session.sets), exercise, t, set_id)


def open_set(set_id: int, at_s: float | None = None) -> None:
    """Open a set, at a moment (s) of it if one is given."""
    st.query_params[QUERY] = str(set_id)
    if at_s is None:
        st.query_params.pop(MOMENT, None)
    else:
        st.query_params[MOMENT] = f"{at_s:.2f}"


def _jump_to_moment(moment: str) -> None:
    """Send the player once to the moment that the address names."""
    shown = session.player()
    if moment and "moment" not in shown.picked:
        at_s = shown.picked["moment"] = _seconds(moment)
        if at_s is not None:
            shown.jump(at_s)


def _seconds(text: str) -> float | None:
    """Return a number (s) from an address, None when the text is no finite number."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _close() -> None:
    for name in (QUERY, MOMENT):
        st.query_params.pop(name, None)
