"""The review queue: each training day that nobody has looked through, first those with a reason. What is decided is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import identity, session
from formcheck.app.views import (
    clinic_widgets,
    correct,
    person,
    person_sections,
    plain,
    set_page,
    small,
    trigger_settings,
)
from formcheck.app.views.train import today
from formcheck.clinic.caseload import LIST_DAYS, TrainingDay, to_look_through
from formcheck.clinic.triggers import Triggers, words
from formcheck.errors import FormcheckError, StoreError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.model.corrections import Correction
from formcheck.store.access import REFUSED, AuthorisedStore

if TYPE_CHECKING:
    from formcheck.model.entities import PersonOverview, SetOverview

AT_ONCE = 50
"""So many lines are drawn; the others move up as these are seen."""
NOTE_LONGEST = 1000


def show(t: Translator) -> None:
    """Draw the queue, or the set that the address names."""
    try:
        store = identity.store()
        triggers = trigger_settings.own(store)
        people, names = _people(store, triggers)
        waiting = to_look_through(people, names, triggers, today())
        wanted = [st.query_params.get(name, "") for name in (clinic_widgets.PERSON, set_page.QUERY)]
        if all(one.isdecimal() for one in wanted):
            _opened(t, store, waiting, triggers, *(int(one) for one in wanted))
        else:
            _list(t, store, waiting, triggers)
            _decided(t, store, people, names, triggers)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _people(store: AuthorisedStore, triggers: Triggers) -> tuple[list[PersonOverview], dict[int, str]]:
    names = {link.person_id: link.person_name for link in store.links.people_of()}
    since = today() - timedelta(days=max(LIST_DAYS, triggers.days))
    return (store.overview.people(*names, since=since) if names else []), names


# The list


def _list(t: Translator, store: AuthorisedStore, waiting: list[TrainingDay], triggers: Triggers) -> None:
    st.title(t("nav.queue"), anchor=False)
    to_open, rest = [day for day in waiting if day.why != "rest"], [day for day in waiting if day.why == "rest"]
    small(t("queue.hint", n=triggers.days))
    if not waiting:
        st.success(t("queue.empty"), icon=":material/check:")
    if to_open:
        st.subheader(t("queue.to_open", n=len(to_open)), anchor=False)
    for day in to_open[:AT_ONCE]:
        _to_open(t, store, day, triggers)
    if rest:
        st.subheader(t("queue.rest", n=len(rest)), anchor=False)
    for day in rest[:AT_ONCE]:
        _line(t, store, day, triggers)
    if max(len(to_open), len(rest)) > AT_ONCE:
        small(t("queue.more", n=AT_ONCE))


def _to_open(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(
            f"**{plain(day.name) or t('people.nameless')}** · {date_text(t, day.day)}  \n:small[{_done(t, day)}]"
        )
        for line in _why(t, day, triggers, signs=True):
            st.markdown(line)
        if not day.sets:
            _reported_only(t, store, day, triggers)
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            one, at_s = _first_to_see(day)
            st.button(
                t("queue.open"),
                key=f"open-{_key(day)}",
                on_click=clinic_widgets.open_page,
                args=(day.person_id, one.id, at_s),
                type="primary",
                icon=clinic_widgets.PLAY,
            )
            st.button(
                t("queue.unopened"),
                key=f"seen-{_key(day)}",
                on_click=_seen,
                args=(t, store, day, triggers),
                type="tertiary",
            )


def _reported_only(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers) -> None:
    """Offer to conclude a day of which there is nothing to open: what was reported is all there is."""
    st.text_input(t("queue.note"), max_chars=NOTE_LONGEST, key=_note(day))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("queue.done"),
            key=f"seen-{_key(day)}",
            on_click=_seen,
            args=(t, store, day, triggers, _note(day)),
            type="primary",
            icon=":material/check:",
        )
        _to_the_person(t, day, f"person-{_key(day)}")


def _line(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        who = f"**{plain(day.name) or t('people.nameless')}** · {date_text(t, day.day)}"
        st.markdown(f"{who}  \n:small[{_done(t, day)}]", width="stretch")
        one, at_s = _first_to_see(day)
        st.button(
            t("look.open"),
            key=f"open-{_key(day)}",
            on_click=clinic_widgets.open_page,
            args=(day.person_id, one.id, at_s),
            type="tertiary",
            icon=clinic_widgets.PLAY,
        )
        st.button(
            t("queue.seen"),
            key=f"seen-{_key(day)}",
            on_click=_seen,
            args=(t, store, day, triggers),
            icon=":material/check:",
        )


def _done(t: Translator, day: TrainingDay) -> str:
    """Return in one line what was done, the highest pain and exertion that were reported, and whether the review has begun."""
    said = [
        t(f"queue.{name}", value=t("train.history.missing") if value is None else value)
        for name, value in (("pain", day.pain), ("exertion", day.exertion))
    ]
    begun = [t("queue.begun")] if day.begun else []
    return " · ".join(
        [*([clinic_widgets.set_words(one, t) for one in day.sets] or [t("queue.nothing_new")]), *said, *begun]
    )


def _why(t: Translator, day: TrainingDay, triggers: Triggers, signs: bool = False) -> list[str]:
    """Return why a training day is where it is, a line for each reason."""
    if day.reasons:
        return [f"{clinic_widgets.SIGNS[one.kind]} {words(one, t)}" if signs else words(one, t) for one in day.reasons]
    return [t("queue.sample", n=triggers.sample_one_in) if day.why == "sample" else t("queue.no_reason")]


def _first_to_see(day: TrainingDay) -> tuple[SetOverview, float | None]:
    """Return the set to begin with, and its moment (s): that of the first reason, else the one with the worst moment."""
    worst = {one.id: (one.summary or {}).get("worst") for one in day.sets}
    reason = next((one.set_id for one in day.reasons if one.set_id in worst), None)
    found = next((one for one in day.sets if one.id == reason), None)
    if found is None:
        found = max(day.sets, key=lambda one: worst[one.id]["severity"] if worst[one.id] else 0)
    return found, worst[found.id]["worst_s"] if worst[found.id] else None


def _key(day: TrainingDay) -> str:
    return f"{day.person_id}-{day.day}"


# One training day


def _opened(
    t: Translator, store: AuthorisedStore, waiting: list[TrainingDay], triggers: Triggers, person_id: int, set_id: int
) -> None:
    """Show a set with what is to be decided about its training day. Raises StoreError."""
    day = next(
        (one for one in waiting if one.person_id == person_id and set_id in {kept.id for kept in one.sets}), None
    )
    if day is not None:
        _decide(t, store, day, triggers, set_id)
    try:
        whose = store.people.get(person_id)
    except StoreError as error:
        if error.code not in REFUSED - {"store_signed_out"}:
            raise
        clinic_widgets.refused(t)
    else:
        set_page.show(t, whose, set_id)


def _decide(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers, set_id: int) -> None:
    with st.container(border=True, gap="small"):
        begun = f" · {t('queue.begun')}" if day.begun else ""
        st.markdown(f"**{plain(day.name) or t('people.nameless')}** · {date_text(t, day.day)}{begun}")
        for line in _why(t, day, triggers, signs=True):
            st.markdown(line)
        if len(day.sets) > 1:
            with st.container(horizontal=True):
                for one in day.sets:
                    at_s = ((one.summary or {}).get("worst") or {}).get("worst_s")
                    st.button(
                        clinic_widgets.set_words(one, t),
                        key=f"day-set-{one.id}",
                        on_click=clinic_widgets.open_page,
                        args=(day.person_id, one.id, at_s),
                        icon=":material/visibility:" if one.id == set_id else clinic_widgets.PLAY,
                    )
        st.text_input(t("queue.note"), max_chars=NOTE_LONGEST, key=_note(day))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                t("queue.done"),
                key="queue-done",
                on_click=_seen,
                args=(t, store, day, triggers, _note(day)),
                type="primary",
                icon=":material/check:",
            )
            with st.popover(t("people.message.title"), icon=":material/mail:"):
                clinic_widgets.message(t, store, day.person_id, f"queue-{day.person_id}")
            person.adjust(t, day.person_id)
            _to_the_person(t, day, "queue-person")
        small(t("queue.marks"))


def _to_the_person(t: Translator, day: TrainingDay, key: str) -> None:
    if st.button(t("queue.person"), key=key, type="tertiary", icon=":material/person:"):
        session.go("people", person=str(day.person_id))


def _note(day: TrainingDay) -> str:
    """Return the key of the box for a note; it is read when the review is closed: what was typed a moment before counts."""
    return f"note-{_key(day)}"


def _seen(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers, box: str | None = None) -> None:
    """Keep that a training day was looked through, with why it was there. ``box``: of the note; None when it was not opened."""
    note = t("queue.not_opened") if box is None else st.session_state[box].strip()
    said = [*_why(t, day, triggers), *([note] if note else [])]
    text = ". ".join(one.removesuffix(".") for one in said) + "."
    try:
        entry = Correction(by=correct.ME, at=datetime.now(UTC), kind="seen", text=text[:2000])
        store.reviews.close([one.id for one in day.sets], day.session_ids, entry, day.until)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")
        return
    clinic_widgets.close()
    st.toast(t("queue.kept", name=plain(day.name), day=date_text(t, day.day)), icon=":material/check:")


# What was decided


def _decided(
    t: Translator, store: AuthorisedStore, people: list[PersonOverview], names: dict[int, str], triggers: Triggers
) -> None:
    """Show what was decided about the training days that the queue is about, when it is asked for."""
    title = t("queue.decided", n=triggers.days)
    shown = st.expander(title, icon=":material/history:", key=f"decided-{t.language}", on_change="rerun")
    if not shown.open:  # only then is it read
        return
    since = today() - timedelta(days=triggers.days)
    owners = {
        session_.id: (person_.person_id, session_)
        for person_ in people
        for session_ in person_.sessions
        if session_.day > since
    }
    with shown:
        found = person_sections.decisions(store, (session_ for _, session_ in owners.values()))
        if not found:
            st.markdown(t("people.decided.none"))
        for number, one in enumerate(found[:AT_ONCE]):
            person_id, _ = owners[one.session.id]
            small(f"**{plain(names[person_id])}**")
            person_sections.decision(t, person_id, one, f"decided-{number}")
