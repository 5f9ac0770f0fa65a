"""The messages between a person and a physiotherapist. Both sides see comments on a set here, with a button that opens it."""

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
    from formcheck.app.messaging import ConversationEntry
    from formcheck.model.entities import Link

QUERY = "person"
"""Name of a person's id in the query of the address."""
MINE, THEIRS = ("user", ":material/account_circle:"), ("assistant", ":material/person:")
"""Role and icon of a chat message. Streamlit draws the role ``user`` on the right."""


def show(t: Translator) -> None:
    """Draw the page: a person sees their physiotherapists, a physiotherapist the people linked to them."""
    st.title(t("messages.title"), anchor=False)
    try:
        roles = identity.who().roles
        as_person = "physiotherapist" not in roles or ("person" in roles and _as_person(t))
        link = _choose_link(t, as_person)
        if link is None:
            st.markdown(t("messages.nobody" if as_person else "messages.nobody_linked"))
        else:
            conversation(t, link, as_person)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def conversation(t: Translator, link: Link, as_person: bool) -> None:
    """Show the conversation of a link, and the box to write in. Raises StoreError."""
    entries = messaging.conversation(identity.store(), link, as_person, train.today())
    if not entries:
        st.markdown(t("messages.empty"))
    for place, entry in enumerate(entries):
        _entry(t, entry, place, link, as_person)
    _write(t, link, as_person)


def _as_person(t: Translator) -> bool:
    """Let a physiotherapist who also trains choose a side; return whether it is the person's."""
    return st.segmented_control(
        t("messages.as"),
        [False, True],
        default=False,
        required=True,
        key=f"messages-as-{t.language}",
        format_func=lambda side: t("messages.as_person" if side else "messages.as_physiotherapist"),
    )


def _choose_link(t: Translator, as_person: bool) -> Link | None:
    """Return the link to show, None without one. Of several the user chooses; the address may name the first choice."""
    links = messaging.partners(identity.store(), as_person)
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


def _entry(t: Translator, entry: ConversationEntry, place: int, link: Link, as_person: bool) -> None:
    """Show a message, or a comment with a button that opens its set. ``place``: in the conversation."""
    at = entry.at.astimezone()
    role, avatar = MINE if entry.mine else THEIRS
    with st.chat_message(role, avatar=avatar):
        by = t("messages.me") if entry.mine else plain(entry.by)
        new = f" :orange-badge[{t('messages.new')}]" if entry.unread else ""
        small(f"{by}, {date_text(t, at.date())} {at:%H:%M}{new}")
        st.markdown(plain(entry.text))
        if entry.set_id is None or entry.exercise is None or entry.moment_s is None:
            return
        name = exercises.load(entry.exercise).name[t.language]
        small(t("messages.about", exercise=name, when=clock(entry.moment_s, t.language)))
        if st.button(t("look.open"), key=f"to-set-{place}", type="tertiary", icon=":material/play_circle:"):
            owner = {} if as_person else {QUERY: str(link.person_id)}
            page = "train" if as_person else "people"
            session.go(page, **owner, **{set_page.QUERY: str(entry.set_id), set_page.MOMENT: f"{entry.moment_s:.2f}"})


def _write(t: Translator, link: Link, as_person: bool) -> None:
    """Show the box to write in. A text that could not be sent stays in it."""
    sent = st.session_state.setdefault("sent", 0)
    key = f"write-{link.id}-{sent}"
    if as_person:
        phone = messaging.urgent_phone()
        st.info(
            t("messages.urgent_call", phone=plain(phone)) if phone else t("messages.urgent"), icon=":material/schedule:"
        )
    text = st.text_area(t("messages.text"), max_chars=LONGEST, key=key)
    if st.button(t("messages.send"), type="primary", key="send", icon=":material/send:"):
        messaging.send(identity.store(), link, text)
        st.session_state.sent = sent + 1
        st.rerun()
