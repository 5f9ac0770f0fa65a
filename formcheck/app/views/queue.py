"""The review queue: the training days not reviewed yet, those with a reason first, and the reviews made so far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

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
from formcheck.clinic.caseload import LIST_DAYS, TrainingDay, days_to_review
from formcheck.clinic.triggers import Triggers, words
from formcheck.errors import FormcheckError, StoreError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.model.corrections import Correction
from formcheck.store.access import REFUSED, AuthorisedStore

if TYPE_CHECKING:
    from formcheck.model.entities import PersonOverview, SetOverview

AT_ONCE = 50
"""Training days of one kind drawn at once; default. The others move up as these are reviewed."""
NOTE_LONGEST = 1000
"""Longest note (characters); default."""


def show(t: Translator) -> None:
    """Draw the queue, or the set that the address names."""
    try:
        store = identity.store()
        triggers = trigger_settings.chosen_triggers(store)
        people, names = _people(store, triggers)
        waiting = days_to_review(people, names, triggers, today())
        wanted = [st.query_params.get(name, "") for name in (clinic_widgets.PERSON, set_page.QUERY)]
        if all(one.isdecimal() for one in wanted):
            person_id, set_id = (int(one) for one in wanted)
            _open_set(t, store, waiting, triggers, person_id, set_id)
        else:
            _list(t, store, waiting, triggers)
            _closed_reviews(t, store, people, names, triggers)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _people(store: AuthorisedStore, triggers: Triggers) -> tuple[list[PersonOverview], dict[int, str]]:
    """Return the linked people, and their names by id."""
    names = {link.person_id: link.person_name for link in store.links.people_of()}
    since = today() - timedelta(days=max(LIST_DAYS, triggers.days))
    return (store.overview.people(*names, since=since) if names else []), names


# The list


def _list(t: Translator, store: AuthorisedStore, waiting: list[TrainingDay], triggers: Triggers) -> None:
    """Draw the list of training days."""
    st.title(t("nav.queue"), anchor=False)
    to_open, rest = [day for day in waiting if day.why != "rest"], [day for day in waiting if day.why == "rest"]
    small(t("queue.hint", n=triggers.days))
    if not waiting:
        st.success(t("queue.empty"), icon=":material/check:")
    if to_open:
        st.subheader(t("queue.to_open", n=len(to_open)), anchor=False)
    for day in to_open[:AT_ONCE]:
        _day_to_open(t, store, day, triggers)
    if rest:
        st.subheader(t("queue.rest", n=len(rest)), anchor=False)
    for day in rest[:AT_ONCE]:
        _day_line(t, store, day, triggers)
    if max(len(to_open), len(rest)) > AT_ONCE:
        small(t("queue.more", n=AT_ONCE))


def _day_to_open(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers) -> None:
    """Show a training day that has a reason or is a sample, with the button that opens its first set."""
    with st.container(border=True, gap="small"):
        st.markdown(
            f"**{plain(day.name) or t('people.nameless')}** · {date_text(t, day.day)}  \n:small[{_summary(t, day)}]"
        )
        for line in _reason_lines(t, day, triggers, signs=True):
            st.markdown(line)
        if not day.sets:
            _close_without_set(t, store, day, triggers)
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
                on_click=_close,
                args=(t, store, day, triggers),
                type="tertiary",
            )


def _close_without_set(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers) -> None:
    """Let the physiotherapist close a day that has reports but no set to open."""
    st.text_input(t("queue.note"), max_chars=NOTE_LONGEST, key=_note(day))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("queue.done"),
            key=f"seen-{_key(day)}",
            on_click=_close,
            args=(t, store, day, triggers, _note(day)),
            type="primary",
            icon=":material/check:",
        )
        _person_button(t, day, f"person-{_key(day)}")


def _day_line(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers) -> None:
    """Show one of the other training days in one line."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        who = f"**{plain(day.name) or t('people.nameless')}** · {date_text(t, day.day)}"
        st.markdown(f"{who}  \n:small[{_summary(t, day)}]", width="stretch")
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
            on_click=_close,
            args=(t, store, day, triggers),
            icon=":material/check:",
        )


def _summary(t: Translator, day: TrainingDay) -> str:
    """Return the sets, the highest reported pain and exertion, and whether the review has begun, in one line."""
    reports = [
        t(f"queue.{name}", value=t("train.history.missing") if value is None else value)
        for name, value in (("pain", day.pain), ("exertion", day.exertion))
    ]
    begun = [t("queue.begun")] if day.begun else []
    return " · ".join(
        [*([clinic_widgets.set_words(one, t) for one in day.sets] or [t("queue.nothing_new")]), *reports, *begun]
    )


def _reason_lines(t: Translator, day: TrainingDay, triggers: Triggers, signs: bool = False) -> list[str]:
    """Return a line for each reason why a training day is in its place. ``signs``: with its icon."""
    if day.reasons:
        return [f"{clinic_widgets.SIGNS[one.kind]} {words(one, t)}" if signs else words(one, t) for one in day.reasons]
    return [t("queue.sample", n=triggers.sample_one_in) if day.why == "sample" else t("queue.no_reason")]


def _first_to_see(day: TrainingDay) -> tuple[SetOverview, float | None]:
    """Return the set to begin with, and its worst moment (s): the set of the first reason, else the one with the worst fault."""
    sets = {one.id: one for one in day.sets}
    reason = next((one.set_id for one in day.reasons if one.set_id in sets), None)
    first = max(day.sets, key=lambda one: _worst(one).get("severity", 0)) if reason is None else sets[reason]
    return first, _worst(first).get("worst_s")


def _worst(one: SetOverview) -> dict[str, Any]:
    """Return the worst fault of a set (``severity``, ``worst_s`` and more, see ``summaries.py``); empty without one."""
    return (one.summary or {}).get("worst") or {}


def _key(day: TrainingDay) -> str:
    """Return the part of a widget's key that names its training day."""
    return f"{day.person_id}-{day.day}"


# One training day


def _open_set(
    t: Translator, store: AuthorisedStore, waiting: list[TrainingDay], triggers: Triggers, person_id: int, set_id: int
) -> None:
    """Show a set, and above it the box that reviews its training day. Raises StoreError."""
    day = next(
        (one for one in waiting if one.person_id == person_id and set_id in {each.id for each in one.sets}), None
    )
    if day is not None:
        _review_box(t, store, day, triggers, set_id)
    try:
        owner = store.people.get(person_id)
    except StoreError as error:
        if error.code not in REFUSED - {"store_signed_out"}:
            raise
        clinic_widgets.refused(t)
    else:
        set_page.show(t, owner, set_id)


def _review_box(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers, set_id: int) -> None:
    """Show the reasons of a training day, a button for each of its sets, and what the physiotherapist can do about it."""
    with st.container(border=True, gap="small"):
        begun = f" · {t('queue.begun')}" if day.begun else ""
        st.markdown(f"**{plain(day.name) or t('people.nameless')}** · {date_text(t, day.day)}{begun}")
        for line in _reason_lines(t, day, triggers, signs=True):
            st.markdown(line)
        if len(day.sets) > 1:
            with st.container(horizontal=True):
                for one in day.sets:
                    st.button(
                        clinic_widgets.set_words(one, t),
                        key=f"day-set-{one.id}",
                        on_click=clinic_widgets.open_page,
                        args=(day.person_id, one.id, _worst(one).get("worst_s")),
                        icon=":material/visibility:" if one.id == set_id else clinic_widgets.PLAY,
                    )
        st.text_input(t("queue.note"), max_chars=NOTE_LONGEST, key=_note(day))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                t("queue.done"),
                key="queue-done",
                on_click=_close,
                args=(t, store, day, triggers, _note(day)),
                type="primary",
                icon=":material/check:",
            )
            with st.popover(t("people.message.title"), icon=":material/mail:"):
                clinic_widgets.message(t, store, day.person_id, f"queue-{day.person_id}")
            person.programme_button(t, day.person_id)
            _person_button(t, day, "queue-person")
        small(t("queue.marks"))


def _person_button(t: Translator, day: TrainingDay, key: str) -> None:
    """Show the button that leads to the person's page."""
    if st.button(t("queue.person"), key=key, type="tertiary", icon=":material/person:"):
        session.go("people", person=str(day.person_id))


def _note(day: TrainingDay) -> str:
    """Return the key of the box for a note. ``_close`` reads it, so that the text just typed counts."""
    return f"note-{_key(day)}"


def _close(t: Translator, store: AuthorisedStore, day: TrainingDay, triggers: Triggers, box: str | None = None) -> None:
    """Store that a training day was reviewed, with its reasons. ``box``: key of the note; None when the day was not opened."""
    note = t("queue.not_opened") if box is None else st.session_state[box].strip()
    lines = [*_reason_lines(t, day, triggers), *([note] if note else [])]
    text = ". ".join(one.removesuffix(".") for one in lines) + "."
    try:
        entry = Correction(by=correct.ME, at=datetime.now(UTC), kind="seen", text=text[:2000])
        store.reviews.close([one.id for one in day.sets], day.session_ids, entry, day.until)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")
        return
    clinic_widgets.close()
    st.toast(t("queue.kept", name=plain(day.name), day=date_text(t, day.day)), icon=":material/check:")


# The reviews made so far


def _closed_reviews(
    t: Translator, store: AuthorisedStore, people: list[PersonOverview], names: dict[int, str], triggers: Triggers
) -> None:
    """Show the comments and reviews of the days that the queue covers, in an expander."""
    title = t("queue.decided", n=triggers.days)
    shown = st.expander(title, icon=":material/history:", key=f"decided-{t.language}", on_change="rerun")
    if not shown.open:  # reads from the store only then
        return
    since = today() - timedelta(days=triggers.days)
    owners = {
        session_.id: (person_.person_id, session_)
        for person_ in people
        for session_ in person_.sessions
        if session_.day > since
    }
    with shown:
        found = person_sections.reviews_of(store, (session_ for _, session_ in owners.values()))
        if not found:
            st.markdown(t("people.decided.none"))
        for number, one in enumerate(found[:AT_ONCE]):
            person_id, _ = owners[one.session.id]
            small(f"**{plain(names[person_id])}**")
            person_sections.review_line(t, person_id, one, f"decided-{number}")
