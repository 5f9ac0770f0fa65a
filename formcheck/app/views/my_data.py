"""My data: what is stored, who may see it, who saw it, and how to export or delete all of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from formcheck import exercises
from formcheck.app import identity, session
from formcheck.app.downloads import private_downloads
from formcheck.app.training import LOOKED_BACK
from formcheck.app.views import invitations_received, plain, small
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.i18n.numbers import number
from formcheck.store.personal_data import COUNTED, keep_years
from formcheck.store.videos import KEEP_DAYS

if TYPE_CHECKING:
    from formcheck.model.entities import Access, Link, StoredSet
    from formcheck.store.access import AuthorisedStore

LOG_SHOWN = 200
"""Newest entries of the access log read; default."""
FEW, LOG_HEIGHT_PX = 8, 430
"""More rows than this scroll in a box of this height; default."""
_EXPORTED, _ERASED = "my-data-file", "my-data-erased"
"""Keys of the session state: the address, name and size of the export, and the sentence about what was erased."""


def show(t: Translator) -> None:
    """Draw the page."""
    st.title(t("nav.mydata"), anchor=False)
    try:
        store = identity.store()
        person_id = identity.own_person_id(store)
        _counts(t, store, person_id)
        if identity.with_accounts():
            links = store.links.of(person_id)
            _links(t, store, links)
            _videos(t, store, person_id, links)
            _log(t, store.log.of(person_id, LOG_SHOWN))
        _export(t, store, person_id)
        _delete(t, store, person_id)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _counts(t: Translator, store: AuthorisedStore, person_id: int) -> None:
    """Say how much of each kind is stored, and for how long."""
    counts = store.own_data.counts(person_id)
    st.markdown(t("mydata.kept.clinic" if identity.with_accounts() else "mydata.kept.alone"))
    lines = [f"- {t(f'mydata.kept.{name}', n=counts[name])}" for name in COUNTED if counts[name]]
    st.markdown("\n".join(lines) if lines else t("mydata.kept.nothing"))
    small(t("mydata.kept.how_long", days=KEEP_DAYS))


# Who may see it


def _links(t: Translator, store: AuthorisedStore, links: list[Link]) -> None:
    """Show each physiotherapist with a button that ends the link, and the form for an invitation."""
    st.subheader(t("mydata.links.title"), anchor=False)
    if not links:
        st.markdown(t("mydata.links.nobody"))
    for link in links:
        name = plain(link.physiotherapist_name)
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            since = date_text(t, link.since.astimezone().date())
            st.markdown(t("mydata.links.since", name=name, day=since), width="stretch")
            with st.popover(t("mydata.links.end"), key=f"end-link-{link.id}"):
                st.markdown(t("mydata.links.end_means", name=name))
                if st.button(t("mydata.links.end_now"), type="primary", key=f"end-link-now-{link.id}"):
                    store.links.end(link.person_id, link.physiotherapist_id)
                    st.rerun()
    with st.expander(t("mydata.links.more"), icon=":material/mail:"):
        invitations_received.code_form(t)


def _videos(t: Translator, store: AuthorisedStore, person_id: int, links: list[Link]) -> None:
    """Let the person choose for each set who may see its video."""
    days = {one.id: one.day for one in store.sessions.of(person_id, limit=LOOKED_BACK)}
    sets = [one for one in store.sets.of(*days) if not one.deleted]
    filmed = store.videos.of(*(one.id for one in sets))
    if not (filmed and links):
        return
    st.subheader(t("mydata.videos.title"), anchor=False)
    small(t("mydata.videos.hint"))
    shared = store.links.videos_shared(*filmed)
    for stored in sorted((one for one in sets if one.id in filmed), key=lambda one: -one.id):
        _video(t, store, (stored, days[stored.session_id]), links, shared[stored.id])


def _video(
    t: Translator, store: AuthorisedStore, set_and_day: tuple[StoredSet, date], links: list[Link], shared: list[int]
) -> None:
    """Show a toggle for each physiotherapist. ``shared``: the accounts that may see the video now."""
    stored, day = set_and_day
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        name = exercises.load(stored.exercise).name[t.language]
        st.markdown(f"{name}, {date_text(t, day)}", width="stretch")
        for link in links:
            allowed = link.physiotherapist_id in shared
            st.toggle(
                t("mydata.videos.may_see", name=plain(link.physiotherapist_name)),
                allowed,
                key=f"share-{stored.id}-{link.id}-{allowed}",
                on_change=store.links.unshare_video if allowed else store.links.share_video,
                args=(stored.id, link.physiotherapist_id),
            )


# Who saw it


def _log(t: Translator, entries: list[Access]) -> None:
    """Show the access log. Entries with the same day, account and words are one row."""
    st.subheader(t("mydata.log.title"), anchor=False)
    if not entries:
        st.markdown(t("mydata.log.nobody"))
        return
    small(t("mydata.log.hint", n=LOG_SHOWN))
    rows: dict[tuple[str, str, str], None] = {}
    for entry in entries:
        rows[plain(date_text(t, entry.at.astimezone().date())), plain(entry.who), access_words(t, entry)] = None
    columns = [t(f"mydata.log.{name}") for name in ("day", "who", "what")]
    with st.container(height=LOG_HEIGHT_PX if len(rows) > FEW else "content", border=False):
        st.table(pd.DataFrame(list(rows), columns=columns).set_index(columns[0]))


def access_words(t: Translator, entry: Access) -> str:
    """Return one entry of the access log in words: what an account did, or was refused."""
    part, _, function = entry.what.partition(".")
    key = f"mydata.did.{part}_{function}"
    did = t(key if key in t else f"mydata.did.{part}")
    return did if entry.allowed else t("mydata.log.refused", what=did)


# Export and deletion


def _export(t: Translator, store: AuthorisedStore, person_id: int) -> None:
    """Make a file of all data when the person asks for it, and show the button that saves it."""
    st.subheader(t("mydata.export.title"), anchor=False)
    st.markdown(t("mydata.export.what"))
    exported: tuple[str, str, str] | None = st.session_state.get(_EXPORTED)
    if st.button(t("mydata.export.make"), key="export", icon=":material/folder_zip:"):
        path = session.workspace().folder / "export.zip"
        with st.spinner(t("mydata.export.making")):
            store.own_data.export(person_id, path)
        name = f"formcheck-{date.today().isoformat()}.zip"
        size = number(max(path.stat().st_size / 1e6, 0.1), t.language, 1)
        exported = private_downloads().offer_file(path, "application/zip", identity.access_check(), name), name, size
        st.session_state[_EXPORTED] = exported
    if exported is None:
        return
    address, name, size = exported
    if private_downloads().is_valid(address):
        st.link_button(t("mydata.export.save", name=name, size=size), address, icon=":material/download:")


def _delete(t: Translator, store: AuthorisedStore, person_id: int) -> None:
    """Erase everything about the person once they ticked that they are sure."""
    st.subheader(t("mydata.delete.title"), anchor=False)
    if _ERASED in st.session_state:
        st.success(st.session_state.pop(_ERASED), icon=":material/check:")
    st.markdown(t("mydata.delete.what"))
    if identity.with_accounts():
        st.markdown(t("mydata.delete.stays", n=keep_years()))
    sure = st.checkbox(t("mydata.delete.sure"), key="erase-sure")
    if st.button(t("mydata.delete.do"), key="erase", disabled=not sure, icon=":material/delete_forever:"):
        erased = store.own_data.erase(person_id)
        words = t("mydata.delete.done", sets=erased.sets, videos=erased.videos)
        if erased.sets_that_stay:
            words = f"{words} {t('mydata.delete.stayed', n=erased.sets_that_stay)}"
        for key in (_EXPORTED, "programme", "ended", "live"):
            st.session_state.pop(key, None)
        st.session_state[_ERASED] = words
        st.rerun()
