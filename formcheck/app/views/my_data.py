"""My data: what is kept, who may see it and who did, all of it to take along, and its deletion."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from formcheck import exercises
from formcheck.app import identity, session
from formcheck.app.downloads import offers
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

LOG_SHOWN, FEW, LOG_HEIGHT_PX = 200, 8, 430
_SAVED, _ERASED = "my-data-file", "my-data-erased"


def show(t: Translator) -> None:
    """Draw the page."""
    st.title(t("nav.mydata"), anchor=False)
    try:
        store = identity.store()
        person_id = store.who().person_id
        _kept(t, store, person_id)
        if identity.with_accounts():
            links = store.links.of(person_id)
            _links(t, store, links)
            _videos(t, store, person_id, links)
            _log(t, store.log.of(person_id, LOG_SHOWN))
        _export(t, store, person_id)
        _delete(t, store, person_id)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _kept(t: Translator, store: AuthorisedStore, person_id: int) -> None:
    counts = store.own_data.counts(person_id)
    st.markdown(t("mydata.kept.clinic" if identity.with_accounts() else "mydata.kept.alone"))
    lines = [f"- {t(f'mydata.kept.{name}', n=counts[name])}" for name in COUNTED if counts[name]]
    st.markdown("\n".join(lines) if lines else t("mydata.kept.nothing"))
    small(t("mydata.kept.how_long", days=KEEP_DAYS))


# Who may see it


def _links(t: Translator, store: AuthorisedStore, links: list[Link]) -> None:
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
        invitations_received.by_hand(t)


def _videos(t: Translator, store: AuthorisedStore, person_id: int, links: list[Link]) -> None:
    """Let the person choose, set by set, who may see its video."""
    days = {one.id: one.day for one in store.sessions.of(person_id, limit=LOOKED_BACK)}
    sets = [kept for kept in store.sets.of(*days) if not kept.deleted]
    filmed = store.videos.of(*(kept.id for kept in sets))
    if not (filmed and links):
        return
    st.subheader(t("mydata.videos.title"), anchor=False)
    small(t("mydata.videos.hint"))
    shared = store.links.videos_shared(*filmed)
    for kept in sorted((kept for kept in sets if kept.id in filmed), key=lambda one: -one.id):
        _video(t, store, (kept, days[kept.session_id]), links, shared[kept.id])


def _video(
    t: Translator, store: AuthorisedStore, of: tuple[StoredSet, date], links: list[Link], shared: list[int]
) -> None:
    kept, day = of
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        name = exercises.load(kept.exercise).name[t.language]
        st.markdown(f"{name}, {date_text(t, day)}", width="stretch")
        for link in links:
            seen = link.physiotherapist_id in shared
            st.toggle(
                t("mydata.videos.may_see", name=plain(link.physiotherapist_name)),
                seen,
                key=f"share-{kept.id}-{link.id}-{seen}",
                on_change=store.links.unshare_video if seen else store.links.share_video,
                args=(kept.id, link.physiotherapist_id),
            )


# Who saw it


def _log(t: Translator, entries: list[Access]) -> None:
    st.subheader(t("mydata.log.title"), anchor=False)
    if not entries:
        st.markdown(t("mydata.log.nobody"))
        return
    small(t("mydata.log.hint", n=LOG_SHOWN))
    rows: dict[tuple[str, str, str], None] = {}
    for entry in entries:
        rows[plain(date_text(t, entry.at.astimezone().date())), plain(entry.who), in_words(t, entry)] = None
    columns = [t(f"mydata.log.{name}") for name in ("day", "who", "what")]
    with st.container(height=LOG_HEIGHT_PX if len(rows) > FEW else "content", border=False):
        st.table(pd.DataFrame(list(rows), columns=columns).set_index(columns[0]))


def in_words(t: Translator, entry: Access) -> str:
    """Return what somebody did, or was refused, as the person reads it."""
    part, _, function = entry.what.partition(".")
    key = f"mydata.did.{part}_{function}"
    did = t(key if key in t else f"mydata.did.{part}")
    return did if entry.allowed else t("mydata.log.refused", what=did)


# To take along, and to delete


def _export(t: Translator, store: AuthorisedStore, person_id: int) -> None:
    st.subheader(t("mydata.export.title"), anchor=False)
    st.markdown(t("mydata.export.what"))
    address = st.session_state.get(_SAVED)
    if st.button(t("mydata.export.make"), key="export", icon=":material/folder_zip:"):
        path = session.workspace().folder / "export.zip"
        with st.spinner(t("mydata.export.making")):
            store.own_data.export(person_id, path)
        name = f"formcheck-{date.today().isoformat()}.zip"
        size = number(max(path.stat().st_size / 1e6, 0.1), t.language, 1)
        address = offers().file(path, "application/zip", identity.still_counts(), name), name, size
        st.session_state[_SAVED] = address
    if address is not None and offers().stands(address[0]):
        st.link_button(
            t("mydata.export.save", name=address[1], size=address[2]), address[0], icon=":material/download:"
        )


def _delete(t: Translator, store: AuthorisedStore, person_id: int) -> None:
    st.subheader(t("mydata.delete.title"), anchor=False)
    if _ERASED in st.session_state:
        st.success(st.session_state.pop(_ERASED), icon=":material/check:")
    st.markdown(t("mydata.delete.what"))
    if identity.with_accounts():
        st.markdown(t("mydata.delete.stays", n=keep_years()))
    sure = st.checkbox(t("mydata.delete.sure"), key="erase-sure")
    if st.button(t("mydata.delete.do"), key="erase", disabled=not sure, icon=":material/delete_forever:"):
        done = store.own_data.erase(person_id)
        said = t("mydata.delete.done", sets=done.sets, videos=done.videos)
        if done.sets_that_stay:
            said = f"{said} {t('mydata.delete.stayed', n=done.sets_that_stay)}"
        for key in (_SAVED, "programme", "ended", "live"):
            st.session_state.pop(key, None)
        st.session_state[_ERASED] = said
        st.rerun()
