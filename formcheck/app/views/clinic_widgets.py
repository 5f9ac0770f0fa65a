"""Parts shared by the list of people, the review queue and the page of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import identity, session
from formcheck.app.views import plain, set_page
from formcheck.clinic.triggers import TriggerKind, TriggerReason, words
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text
from formcheck.reports.nothing import nothing_lines
from formcheck.reports.sentences import kilograms
from formcheck.reports.trend import value_text

if TYPE_CHECKING:
    from formcheck.clinic.caseload import Week
    from formcheck.model.entities import SetOverview
    from formcheck.store.access import AuthorisedStore

PERSON = "person"
"""Name of a person's id in the query of an address."""
SIGNS: dict[TriggerKind, str] = {
    "stop": ":material/front_hand:",
    "pain": ":material/bolt:",
    "message": ":material/mail:",
    "missed": ":material/event_busy:",
    "change": ":material/swap_vert:",
}
"""The icon of each kind of reason."""
PLAY = ":material/play_circle:"
"""The icon of every button that opens a set in the player."""


def open_page(person_id: int, set_id: int | None = None, at_s: float | None = None) -> None:
    """Open the page of a person, or one of their sets at a moment (s)."""
    st.query_params[PERSON] = str(person_id)
    if set_id is not None:
        set_page.open_set(set_id, at_s)


def close() -> None:
    """Go back to the list."""
    for name in (PERSON, set_page.QUERY, set_page.MOMENT):
        st.query_params.pop(name, None)


def back(t: Translator) -> None:
    """Show the button that goes back to the list."""
    st.button(t("people.back"), key="person-back", on_click=close, icon=":material/arrow_back:", type="tertiary")


def refused(t: Translator) -> None:
    """Say that the physiotherapist may not see a person. The words are the same where there is no such person."""
    back(t)
    st.info(t("people.unknown"), icon=":material/info:")


def reason_line(t: Translator, person_id: int, reason: TriggerReason, key: str) -> None:
    """Show one reason in words, with a button for its set or message if it has one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{SIGNS[reason.kind]} {words(reason, t)}", width="stretch")
        if reason.set_id is not None:
            st.button(
                t("look.open"),
                key=f"reason-{key}",
                on_click=open_page,
                args=(person_id, reason.set_id),
                type="tertiary",
                icon=PLAY,
            )
        elif reason.kind == "message" and st.button(
            t("people.message.read"), key=f"reason-{key}", type="tertiary", icon=":material/mail:"
        ):
            session.go("messages", person=str(person_id))


def week_words(week: Week, t: Translator) -> str:
    """Return the number of a week, and its training days done of those planned."""
    return t("people.week", n=week.number + 1, of=week.of, done=week.done, planned=week.planned)


def name_of(store: AuthorisedStore, person_id: int) -> str:
    """Return the escaped name of a linked person. Raises StoreError."""
    names = {link.person_id: link.person_name for link in store.links.people_of()}
    return plain(names.get(person_id, ""))


def set_words(one: SetOverview, t: Translator) -> str:
    """Return a set in words: ``Squat: 8, 1 not counted``, ``Squat, 10 kg: 8`` or ``Plank: 30 s, 22 s in form``.

    The words say when the set was cut short, and why nothing was counted.
    """
    exercise = exercises.load(one.exercise)
    if exercise.movement.kind == "hold_posture":
        held, good = (value_text(value, "s", t.language) for value in (one.hold_s, one.in_form_s))
        said = held if exercise.only_hints else t("people.set.held", held=held, good=good)
    elif one.partial_count:
        said = t("people.set.counted_small", n=one.rep_count, small=one.partial_count)
    else:
        said = t("people.set.counted", n=one.rep_count)
    cut = f" ({t('people.set.interrupted')})" if one.state == "interrupted" else ""
    name = exercise.name[t.language]
    if one.load_kg:
        name = t("people.set.loaded", exercise=name, load=kilograms(one.load_kg, t.language))
    why = nothing_lines(one.nothing[:1], exercise, t.language)
    return " ".join([f"{name}: {said}{cut}.", *why]) if why else f"{name}: {said}{cut}"


def message(t: Translator, store: AuthorisedStore, person_id: int, key: str) -> None:
    """Show a box to write to a person. A text that could not be sent stays in it."""
    box = f"message-{key}"

    def send() -> None:
        try:
            store.messages.send(person_id, identity.own_account_id(store), st.session_state[box])
        except FormcheckError as error:
            st.error(error_text(error, t.language), icon=":material/error:")
        else:
            st.session_state[box] = ""
            st.toast(t("people.message.sent"), icon=":material/check:")

    st.text_area(t("people.message.text"), key=box, max_chars=4000, height=100)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(t("people.message.send"), key=f"send-{key}", on_click=send, icon=":material/send:")
        if st.button(t("people.message.all"), key=f"all-{key}", type="tertiary"):
            session.go("messages", person=str(person_id))
