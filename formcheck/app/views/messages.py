"""Messages between a person and a physiotherapist, for both sides; comments on a set lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.app import identity, messaging, session
from formcheck.app.views import plain, set_page, small, train
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.i18n.numbers import clock
from formcheck.store.messages import LONGEST

if TYPE_CHECKING:
    from formcheck.app.messaging import Said
    from formcheck.model.entities import Link

QUERY = "person"
MINE, THEIRS = ("user", ":material/account_circle:"), ("assistant", ":material/person:")
"""What a message looks like: the name says which side it is drawn on."""


def show(t: Translator) -> None:
    """Draw the page for whoever asks: a person with their physiotherapists, a physiotherapist with the people linked to them."""
    st.title(t("messages.title"), anchor=False)
    try:
        roles = identity.who().roles
        as_person = "physiotherapist" not in roles or ("person" in roles and _as_person(t))
        link = _with(t, as_person)
        if link is None:
            st.markdown(t("messages.nobody" if as_person else "messages.nobody_linked"))
        else:
            talk(t, link, as_person)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def talk(t: Translator, link: Link, as_person: bool) -> None:
    """Show the conversation of a link, and the box to write in. Raises StoreError."""
    said = messaging.conversation(link, as_person, train.today())
    if not said:
        st.markdown(t("messages.empty"))
    for place, one in enumerate(said):
        _one(t, one, place, link, as_person)
    _write(t, link, as_person)


def _as_person(t: Translator) -> bool:
    sides = [False, True]
    return st.segmented_control(
        t("messages.as"),
        sides,
        default=False,
        required=True,
        key=f"messages-as-{t.language}",
        format_func=lambda side: t("messages.as_person" if side else "messages.as_physiotherapist"),
    )


def _with(t: Translator, as_person: bool) -> Link | None:
    """Return with whom, chosen where there are several; the address may name a person."""
    links = messaging.partners(as_person)
    if len(links) < 2:
        return links[0] if links else None
    asked = st.query_params.get(QUERY, "")
    start = next((n for n, one in enumerate(links) if str(one.person_id) == asked), 0)
    return st.selectbox(
        t("messages.with"),
        links,
        index=start,
        key=f"messages-with-{as_person}-{t.language}",
        format_func=lambda one: one.physiotherapist_name if as_person else one.person_name,
    )


def _one(t: Translator, said: Said, place: int, link: Link, as_person: bool) -> None:
    at = said.at.astimezone()
    name, avatar = MINE if said.mine else THEIRS
    with st.chat_message(name, avatar=avatar):
        by = t("messages.me") if said.mine else plain(said.by)
        new = f" :orange-badge[{t('messages.new')}]" if said.unread else ""
        small(f"{by}, {date_text(t, at.date())} {at:%H:%M}{new}")
        st.markdown(plain(said.text))
        if said.set_id is None:
            return
        name = exercises.load(said.exercise).name[t.language]
        small(t("messages.about", exercise=name, when=clock(said.moment_s, t.language)))
        if st.button(t("look.open"), key=f"to-set-{place}", type="tertiary", icon=":material/play_circle:"):
            whose = {} if as_person else {QUERY: str(link.person_id)}
            page = "train" if as_person else "people"
            session.go(page, **whose, **{set_page.QUERY: str(said.set_id), set_page.MOMENT: f"{said.moment_s:.2f}"})


def _write(t: Translator, link: Link, as_person: bool) -> None:
    """Offer the box to write in; what was not sent stays in it."""
    sent = st.session_state.setdefault("sent", 0)
    key = f"write-{link.id}-{sent}"
    if as_person:
        phone = messaging.urgent_phone()
        st.info(
            t("messages.urgent_call", phone=plain(phone)) if phone else t("messages.urgent"), icon=":material/schedule:"
        )
    text = st.text_area(t("messages.text"), max_chars=LONGEST, key=key)
    if st.button(t("messages.send"), type="primary", key="send", icon=":material/send:"):
        messaging.send(link, text)
        st.session_state.sent = sent + 1
        st.rerun()
