"""People: those who need their physiotherapist first, with the reasons, then one line for each of the others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import identity
from formcheck.app.views import clinic_widgets, invitations_sent, person, plain, small, trigger_settings
from formcheck.app.views.train import today
from formcheck.clinic.caseload import LIST_DAYS, ListedPerson, list_people
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text

if TYPE_CHECKING:
    from formcheck.clinic.triggers import Triggers
    from formcheck.store.access import AuthorisedStore

MANY = 8
"""From this number of people on there is a search box; default."""
AT_ONCE = 50
"""People without a reason drawn at once; default. The search finds the others."""


def show(t: Translator) -> None:
    """Draw the list, or the page of the person named in the address."""
    try:
        wanted = st.query_params.get(clinic_widgets.PERSON, "")
        if wanted.isdecimal():
            person.show(t, int(wanted))
        else:
            _list(t, identity.store())
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def caseload(store: AuthorisedStore, triggers: Triggers) -> list[ListedPerson]:
    """Return all linked people in order, with a fixed number of queries. Raises StoreError."""
    names = {link.person_id: link.person_name for link in store.links.people_of()}
    if not names:
        return []
    since = today() - timedelta(days=max(LIST_DAYS, triggers.days))
    return list_people(store.overview.people(*names, since=since), names, triggers, today())


def _list(t: Translator, store: AuthorisedStore) -> None:
    """Draw the list."""
    triggers = trigger_settings.chosen_triggers(store)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(t("nav.people"), anchor=False, width="content")
        invitations_sent.button(t, store)
    invitations_sent.new_invitation(t)
    everybody = caseload(store, triggers)
    if not everybody:
        st.info(t("people.empty"), icon=":material/group_add:")
    found = _search(everybody, t)
    pressing, quiet = [one for one in found if one.reasons], [one for one in found if not one.reasons]
    if everybody:
        st.subheader(t("people.pressing", n=len(pressing)), anchor=False)
    if everybody and not pressing:
        st.markdown(t("people.nobody_pressing"))
    for one in pressing:
        _person_with_reasons(one, t)
    if quiet:
        st.subheader(t("people.quiet", n=len(quiet)), anchor=False)
    for one in quiet[:AT_ONCE]:
        _name_and_week(one, t)
    if len(quiet) > AT_ONCE:
        small(t("people.more", n=len(quiet) - AT_ONCE))
    invitations_sent.open_invitations(t, store)
    trigger_settings.form(t, store, triggers)


def _search(everybody: list[ListedPerson], t: Translator) -> list[ListedPerson]:
    """Return the people whose name contains the search text; say so when there are none."""
    if len(everybody) < MANY:
        return everybody
    wanted = st.text_input(t("people.search"), key="people-search", icon=":material/search:").strip().casefold()
    found = [one for one in everybody if wanted in one.name.casefold()]
    if not found:
        st.markdown(t("people.nobody_found"))
    return found


def _person_with_reasons(one: ListedPerson, t: Translator) -> None:
    """Show a person in a box with the reasons to look at them."""
    with st.container(border=True, gap="small"):
        _name_and_week(one, t)
        for number, reason in enumerate(one.reasons):
            clinic_widgets.reason_line(t, one.person_id, reason, f"{one.person_id}-{number}")


def _name_and_week(one: ListedPerson, t: Translator) -> None:
    """Show a person in one line."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        _name(one, t)
        small(_week_and_last(one, t))


def _name(one: ListedPerson, t: Translator) -> None:
    """Show a person's name as the button that opens their page."""
    st.button(
        f"**{plain(one.name) or t('people.nameless')}**",
        key=f"person-{one.person_id}",
        on_click=clinic_widgets.open_page,
        args=(one.person_id,),
        type="tertiary",
        width="content",
    )


def _week_and_last(one: ListedPerson, t: Translator) -> str:
    """Return how this week goes, and the last training day."""
    week = t("people.no_programme") if one.week is None else clinic_widgets.week_words(one.week, t)
    last = t("people.never") if one.last is None else t("people.last", day=date_text(t, one.last))
    return f"{week} · {last}"
