"""The programme of a person, made and changed by their physiotherapist or, without one, by themselves. All versions stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from formcheck.app import drafts, identity, programmes
from formcheck.app.views import plain, plan, programme_edit, small, train
from formcheck.errors import FormcheckError, SpecError, StoreError
from formcheck.i18n import Translator, error_text
from formcheck.i18n.dates import date_text
from formcheck.programmes import templates
from formcheck.programmes.criteria import criteria_met
from formcheck.programmes.programme import Programme, parse_programme
from formcheck.programmes.wording import criterion_words, prescription_words

if TYPE_CHECKING:
    from formcheck.app.drafts import Draft
    from formcheck.model.entities import Person, StoredProgramme

QUERY = "person"
"""Name of a person's id in the query of the address."""
LARGEST_MB = 1
"""Largest file (MB) that can be read as a programme; default."""
MARKS = {True: ":material/check_circle:", False: ":material/radio_button_unchecked:", None: ":material/help:"}


@dataclass(slots=True, frozen=True)
class ProgrammeOwner:
    """The person whose programme is on the page.

    ``name``: None when it is the user's own; ``names``: of the person's physiotherapists, by account id.
    """

    person: Person
    name: str | None
    names: dict[int, str]

    @property
    def fallen(self) -> bool:
        """Return whether the person said that they fell within the last 12 months."""
        return programmes.has_fallen(self.person)


def show(t: Translator) -> None:
    """Draw the page: a person sees their own programme, a physiotherapist that of a person linked to them."""
    try:
        owner = _choose_owner(t)
        if owner is None:
            st.title(t("programme.title"), anchor=False)
            st.markdown(t("messages.nobody_linked"))
            return
        title = t("programme.title") if owner.name is None else t("programme.title_of", name=plain(owner.name))
        st.title(title, anchor=False)
        stored = programmes.current_programme(identity.store(), owner.person.id, train.today())
        if owner.name is None and stored is not None and not programmes.is_own(identity.store(), stored):
            _read_only(t, owner, stored)
        else:
            _editor(t, owner, stored)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _choose_owner(t: Translator) -> ProgrammeOwner | None:
    """Return the owner: the linked person named in the address or chosen, else the user. None: there is no person to show."""
    who, store = identity.who(), identity.store()
    if "physiotherapist" not in who.roles:
        names = {
            link.physiotherapist_id: link.physiotherapist_name for link in store.links.of(identity.own_person_id(store))
        }
        return ProgrammeOwner(identity.me(), None, names)
    links = store.links.people_of()
    people: dict[int, str | None] = {link.person_id: link.person_name for link in links}
    if who.person_id is not None and "person" in who.roles:
        people[who.person_id] = None
    if not people:
        return None
    asked = st.query_params.get(QUERY, "")
    ids = list(people)
    person_id = int(asked) if asked.isdecimal() else ids[0]
    if len(ids) > 1 or person_id not in people:
        chosen = st.selectbox(
            t("programme.whose"),
            ids,
            ids.index(person_id) if person_id in people else None,
            format_func=lambda one: people[one] or t("programme.mine"),
            key=f"whose-{asked}-{t.language}",
        )
        if chosen is None:
            person_id = int(asked)  # not linked: the store refuses it below
        elif chosen != person_id:
            st.query_params[QUERY] = str(chosen)
            st.rerun()
    return ProgrammeOwner(store.people.get(person_id), people[person_id], {})


def _read_only(t: Translator, owner: ProgrammeOwner, stored: StoredProgramme) -> None:
    """Show a physiotherapist's programme to the person."""
    programme = Programme.model_validate(stored.data)
    st.info(t("programme.not_own", name=plain(_by(t, owner, stored))), icon=":material/info:")
    _preview(t, programme)
    _ratings(t, stored, programme)
    _versions(t, owner, stored, editable=False)
    _save_as_file(t, programme)


def _preview(t: Translator, programme: Programme) -> None:
    plan.head(t, programme)
    plan.goals(t, programme)
    plan.exercises_of(t, programme.prescriptions(), f"preview-{programme.start}")


# The editor


def _editor(t: Translator, owner: ProgrammeOwner, stored: StoredProgramme | None) -> None:
    draft = _draft(owner, stored)
    if draft is None:
        _begin_with(t, owner)
        return
    ratings = [] if draft.programme_id is None else identity.store().programmes.goal_ratings(draft.programme_id)
    bar, said = st.container(horizontal=True, vertical_alignment="center"), st.container()
    edit, seen = st.columns([3, 2], gap="large")
    with edit:
        programme_edit.show(t, draft, ratings, train.today(), fallen=owner.fallen, own=owner.name is None)
    with bar:  # after the fields, so that the text just typed counts
        save = _buttons(t, owner, draft, stored)
    with said:
        _state(t, draft, stored)
        if save:
            _save(t, owner, draft)
    with seen:
        st.markdown(f"**{t('programme.preview_own' if owner.name is None else 'programme.preview')}**")
        _preview_of(t, draft)
    if stored is not None:
        _criteria(t, stored)
        _versions(t, owner, stored, editable=True)
    _files(t, owner, draft)
    if stored is not None and st.button(t("programme.over"), key="end-programme", type="tertiary"):
        identity.store().programmes.end(stored.id)
        _discard(owner)
        st.rerun()


def _buttons(t: Translator, owner: ProgrammeOwner, draft: Draft, stored: StoredProgramme | None) -> bool:
    """Show the buttons that save, start again and undo; return whether to save."""
    save = st.button(t("programme.save"), type="primary", key="save-programme", icon=":material/check:")
    if st.button(t("programme.anew"), key="anew", icon=":material/note_add:"):
        _discard(owner)
        st.session_state[_choosing_key(owner)] = True
        st.rerun()
    if (
        stored is not None
        and _changed(draft, stored)
        and st.button(t("programme.discard"), key="discard", type="tertiary")
    ):
        _discard(owner)
        st.rerun()
    return save


def _preview_of(t: Translator, draft: Draft) -> None:
    try:
        _preview(t, draft.programme())
    except SpecError:
        small(t("programme.no_preview"))


def _state(t: Translator, draft: Draft, stored: StoredProgramme | None) -> None:
    """Say whether everything on the page is saved."""
    if stored is None or draft.programme_id != stored.id:
        small(f":material/edit: {t('programme.state.new')}")
    elif draft.version != stored.version:
        st.warning(t("programme.state.overtaken", n=stored.version), icon=":material/info:")
    elif _changed(draft, stored):
        small(f":material/edit: {t('programme.state.changed', n=stored.version)}")
    else:
        day = date_text(t, stored.made_at.astimezone().date())
        small(f":material/check: {t('programme.state.kept', n=stored.version, day=day)}")


def _changed(draft: Draft, stored: StoredProgramme) -> bool:
    saved = drafts.from_programme(Programme.model_validate(stored.data))  # puts criteria in the order of the exercises
    try:
        return draft.programme() != saved.programme()
    except SpecError:
        return True


def _save(t: Translator, owner: ProgrammeOwner, draft: Draft) -> None:
    """Save the draft. One that cannot be saved stays on the page, with the reason."""
    try:
        stored = programmes.save(identity.store(), owner.person.id, draft, owner.fallen)
    except (SpecError, StoreError) as error:
        st.error(f"{error_text(error, t.language)} {t('programme.state.not_kept')}", icon=":material/error:")
        return
    st.session_state[_draft_key(owner)] = drafts.from_programme(
        Programme.model_validate(stored.data), stored.id, stored.version
    )
    st.rerun()


# The draft on the page


def _draft(owner: ProgrammeOwner, stored: StoredProgramme | None) -> Draft | None:
    """Return the draft on the page, at first that of the current programme; None before one is begun."""
    draft = st.session_state.get(_draft_key(owner))
    if draft is None and stored is not None and not st.session_state.get(_choosing_key(owner)):
        draft = drafts.from_programme(Programme.model_validate(stored.data), stored.id, stored.version)
        st.session_state[_draft_key(owner)] = draft
    return draft


def _edit(owner: ProgrammeOwner, draft: Draft) -> None:
    """Put a draft on the page and draw the page again."""
    st.session_state[_draft_key(owner)] = draft
    st.session_state.pop(_choosing_key(owner), None)
    st.rerun()


def _discard(owner: ProgrammeOwner) -> None:
    """Take the draft off the page."""
    st.session_state.pop(_draft_key(owner), None)
    st.session_state.pop(_choosing_key(owner), None)


def _draft_key(owner: ProgrammeOwner) -> str:
    return f"draft-{owner.person.id}"


def _choosing_key(owner: ProgrammeOwner) -> str:
    """Return the key of the session state that is set while the user chooses what to begin with."""
    return f"starting-{owner.person.id}"


# Something to begin with


def _begin_with(t: Translator, owner: ProgrammeOwner) -> None:
    """Let the user begin with a template, a copy, a file or an empty programme."""
    today = train.today()
    st.markdown(t("programme.begin.text"))
    with st.container(border=True):
        for name in templates.names():
            template = templates.load(name)
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                floor = t("programme.begin.floor" if template.floor else "programme.begin.no_floor")
                st.markdown(
                    f"**{template.name[t.language]}**  \n:small[{template.purpose[t.language]} {floor}]",
                    width="stretch",
                )
                if st.button(t("programme.begin.take"), key=f"template-{name}"):
                    _edit(owner, drafts.from_template(template, today, t.language, owner.fallen))
    _copies(t, owner, today)
    _from_file(t, owner)
    with st.container(horizontal=True):
        if st.button(t("programme.begin.empty"), key="empty", icon=":material/note_add:"):
            _edit(owner, drafts.empty(t("programme.begin.untitled"), today))
        if st.session_state.get(_choosing_key(owner)) and st.button(
            t("programme.begin.back"), key="back", type="tertiary"
        ):
            _discard(owner)
            st.rerun()


def _copies(t: Translator, owner: ProgrammeOwner, today: date) -> None:
    """Let the user copy an earlier programme of the person or, for a physiotherapist, of another linked person."""
    store = identity.store()
    people = {owner.person.id: owner.name or t("programme.mine")}
    if owner.name is not None:
        people |= {link.person_id: link.person_name for link in store.links.people_of()}
    known = {one.id: one for one in store.programmes.of(*people)}
    if not known:
        return

    def words(programme_id: int) -> str:
        one = known[programme_id]
        return f"{people[one.person_id]}: {one.data['title']} ({date_text(t, date.fromisoformat(one.data['start']))})"

    chosen = st.selectbox(
        t("programme.begin.copy"),
        list(known),
        index=None,
        format_func=words,
        key=f"copy-{owner.person.id}-{t.language}",
        placeholder=t("programme.begin.copy_which"),
    )
    if chosen is not None:
        one = known[chosen]
        same = one.person_id == owner.person.id
        _edit(owner, drafts.copy_of(Programme.model_validate(one.data), today, same_person=same))


def _from_file(t: Translator, owner: ProgrammeOwner, draft: Draft | None = None) -> None:
    """Read a programme from a file. A file that is no programme, or does not fit, leaves the page as it was."""
    files_read = st.session_state.setdefault("files-read", 0)
    file = st.file_uploader(
        t("programme.begin.file"),
        "json",
        key=f"file-{owner.person.id}-{files_read}-{t.language}",
        help=t("programme.begin.file_help"),
        max_upload_size=LARGEST_MB,
    )
    if file is None:
        return
    try:
        read = drafts.from_programme(
            parse_programme(file.getvalue(), file.name),
            draft.programme_id if draft else None,
            draft.version if draft else None,
        )
        read.valid_programme(owner.fallen)
    except SpecError as error:
        st.error(f"{error_text(error, t.language)} {t('programme.state.as_it_was')}", icon=":material/error:")
        return
    st.session_state["files-read"] = files_read + 1
    _edit(owner, read)


# Below the editor


def _files(t: Translator, owner: ProgrammeOwner, draft: Draft) -> None:
    with st.expander(t("programme.file"), icon=":material/download:"):
        try:
            _save_as_file(t, draft.programme())
        except SpecError as error:
            small(error_text(error, t.language))
        _from_file(t, owner, draft)


def _save_as_file(t: Translator, programme: Programme) -> None:
    st.download_button(
        t("programme.save_file"),
        programme.model_dump_json(indent=2, exclude_none=True),
        "programme.json",
        "application/json",
        key="save-file",
        on_click="ignore",
        icon=":material/download:",
    )


def _criteria(t: Translator, stored: StoredProgramme) -> None:
    """Show the criteria for the next level, met or not. A person decides what follows from them."""
    programme = Programme.model_validate(stored.data)
    if not programme.criteria:
        return
    with st.container(border=True):
        st.markdown(f"**{t('programme.criteria.state')}**")
        for criterion, outcome in criteria_met(programme, programmes.sessions_since_start(identity.store(), stored)):
            word = t(f"programme.criteria.{'unknown' if outcome is None else 'met' if outcome else 'not_met'}")
            st.markdown(f"{MARKS[outcome]} {criterion_words(criterion, t)}: **{word}**")


def _ratings(t: Translator, stored: StoredProgramme, programme: Programme) -> None:
    """Show how near the person felt to each goal, as far as they rated it."""
    ratings = identity.store().programmes.goal_ratings(stored.id)
    for goal in programme.goals:
        values = {one.week: one.value for one in ratings if one.goal == goal.id}
        if values:
            small(f"{plain(goal.text)}: {programme_edit.rated(t, values)}")


def _versions(t: Translator, owner: ProgrammeOwner, stored: StoredProgramme, *, editable: bool) -> None:
    """Show every version with its author and time. ``editable``: with a button that edits it again."""
    shown = st.expander(
        t("programme.versions.title", n=stored.version),
        icon=":material/history:",
        key=f"versions-{t.language}",
        on_change="rerun",
    )
    if not shown.open:
        return
    with shown:
        for one in identity.store().programmes.versions(stored.id):
            at = one.made_at.astimezone()
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                by = plain(_by(t, owner, one))
                lines = [
                    t("programme.versions.line", n=one.version, day=date_text(t, at.date()), time=f"{at:%H:%M}", by=by)
                ]
                lines += [f":small[{line}]" for line in _contents(t, Programme.model_validate(one.data))]
                st.markdown("  \n".join(lines), width="stretch")
                if editable and st.button(t("programme.versions.take"), key=f"version-{one.version}", type="tertiary"):
                    _edit(owner, drafts.from_programme(Programme.model_validate(one.data), stored.id, stored.version))


def _contents(t: Translator, programme: Programme) -> list[str]:
    """Return the exercises of a version, one a line."""
    lines = (prescription_words(one, t) for one in programme.prescriptions())
    return [" · ".join(part for part in (one.name, one.level, one.amount, *one.how) if part) for one in lines]


def _by(t: Translator, owner: ProgrammeOwner, stored: StoredProgramme) -> str:
    """Return the author of a version as the reader knows them: "you", the person, or a physiotherapist, by name if known."""
    if stored.made_by == identity.who().account_id:
        return t("programme.versions.you")
    if stored.by_person:
        return t("programme.versions.person")
    name = owner.names.get(stored.made_by) if stored.made_by is not None else None
    return name or t("programme.versions.physiotherapist")
