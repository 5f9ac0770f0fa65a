"""The programme of a person: made and changed by a physiotherapist or, where there is none, by the person; all versions kept."""

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
from formcheck.programmes.wording import criterion_words, told

if TYPE_CHECKING:
    from formcheck.app.drafts import Draft
    from formcheck.model.entities import Person, StoredProgramme

QUERY = "person"
LARGEST_MB = 1
MARKS = {True: ":material/check_circle:", False: ":material/radio_button_unchecked:", None: ":material/help:"}


@dataclass(slots=True, frozen=True)
class Whose:
    """The person whose programme is looked at. ``name``: None for whoever asks; ``names``: of physiotherapists, by account."""

    person: Person
    name: str | None
    names: dict[int, str]

    @property
    def fallen(self) -> bool:
        return programmes.fallen(self.person)


def show(t: Translator) -> None:
    """Draw the page for whoever asks: a person sees their own, a physiotherapist that of a person linked to them."""
    try:
        whose = _whose(t)
        if whose is None:
            st.title(t("programme.title"), anchor=False)
            st.markdown(t("messages.nobody_linked"))
            return
        title = t("programme.title") if whose.name is None else t("programme.title_of", name=plain(whose.name))
        st.title(title, anchor=False)
        kept = programmes.current_of(whose.person.id, train.today())
        if whose.name is None and kept is not None and not programmes.is_own(kept):
            _read_only(t, whose, kept)
        else:
            _editor(t, whose, kept)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _whose(t: Translator) -> Whose | None:
    """Return whose programme it is: the linked person that the address names or that is chosen, else one's own."""
    who, store = identity.who(), identity.store()
    if "physiotherapist" not in who.roles:
        names = {link.physiotherapist_id: link.physiotherapist_name for link in store.links.of(who.person_id)}
        return Whose(identity.me(), None, names)
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
            person_id = int(asked)  # nobody that is linked: the store says so
        elif chosen != person_id:
            st.query_params[QUERY] = str(chosen)
            st.rerun()
    return Whose(store.people.get(person_id), people[person_id], {})


def _read_only(t: Translator, whose: Whose, kept: StoredProgramme) -> None:
    """Show a physiotherapist's programme to the person."""
    programme = Programme.model_validate(kept.data)
    st.info(t("programme.not_own", name=plain(_by(t, whose, kept))), icon=":material/info:")
    _preview(t, programme)
    _ratings(t, kept, programme)
    _versions(t, whose, kept, editable=False)
    _save_as_file(t, programme)


def _preview(t: Translator, programme: Programme) -> None:
    plan.head(t, programme)
    plan.goals(t, programme)
    plan.exercises_of(t, programme.prescriptions(), f"preview-{programme.start}")


# The editor


def _editor(t: Translator, whose: Whose, kept: StoredProgramme | None) -> None:
    draft = _draft(whose, kept)
    if draft is None:
        _begin_with(t, whose)
        return
    ratings = [] if draft.programme_id is None else identity.store().programmes.goal_ratings(draft.programme_id)
    bar, said = st.container(horizontal=True, vertical_alignment="center"), st.container()
    edit, seen = st.columns([3, 2], gap="large")
    with edit:
        programme_edit.show(t, draft, ratings, train.today(), fallen=whose.fallen, own=whose.name is None)
    with bar:  # after the fields: what was just typed counts
        save = _buttons(t, whose, draft, kept)
    with said:
        _state(t, draft, kept)
        if save:
            _save(t, whose, draft)
    with seen:
        st.markdown(f"**{t('programme.preview_own' if whose.name is None else 'programme.preview')}**")
        _preview_of(t, draft)
    if kept is not None:
        _criteria(t, kept)
        _versions(t, whose, kept, editable=True)
    _files(t, whose, draft)
    if kept is not None and st.button(t("programme.over"), key="end-programme", type="tertiary"):
        identity.store().programmes.end(kept.id)
        _forget(whose)
        st.rerun()


def _buttons(t: Translator, whose: Whose, draft: Draft, kept: StoredProgramme | None) -> bool:
    """Offer to save, to begin anew and to undo; return whether to save."""
    save = st.button(t("programme.save"), type="primary", key="save-programme", icon=":material/check:")
    if st.button(t("programme.anew"), key="anew", icon=":material/note_add:"):
        _forget(whose)
        st.session_state[_starting(whose)] = True
        st.rerun()
    if kept is not None and _changed(draft, kept) and st.button(t("programme.discard"), key="discard", type="tertiary"):
        _forget(whose)
        st.rerun()
    return save


def _preview_of(t: Translator, draft: Draft) -> None:
    try:
        _preview(t, draft.programme())
    except SpecError:
        small(t("programme.no_preview"))


def _state(t: Translator, draft: Draft, kept: StoredProgramme | None) -> None:
    """Say whether everything on the page is kept."""
    if kept is None or draft.programme_id != kept.id:
        small(f":material/edit: {t('programme.state.new')}")
    elif draft.version != kept.version:
        st.warning(t("programme.state.overtaken", n=kept.version), icon=":material/info:")
    elif _changed(draft, kept):
        small(f":material/edit: {t('programme.state.changed', n=kept.version)}")
    else:
        day = date_text(t, kept.made_at.astimezone().date())
        small(f":material/check: {t('programme.state.kept', n=kept.version, day=day)}")


def _changed(draft: Draft, kept: StoredProgramme) -> bool:
    as_it_was = drafts.from_programme(Programme.model_validate(kept.data))  # its criteria in the order of its exercises
    try:
        return draft.programme() != as_it_was.programme()
    except SpecError:
        return True


def _save(t: Translator, whose: Whose, draft: Draft) -> None:
    """Keep the draft; what cannot be kept stays on the page, with the reason."""
    try:
        kept = programmes.save(whose.person.id, draft, whose.fallen)
    except (SpecError, StoreError) as error:
        st.error(f"{error_text(error, t.language)} {t('programme.state.not_kept')}", icon=":material/error:")
        return
    st.session_state[_key(whose)] = drafts.from_programme(Programme.model_validate(kept.data), kept.id, kept.version)
    st.rerun()


# Which draft


def _draft(whose: Whose, kept: StoredProgramme | None) -> Draft | None:
    """Return the draft on the page, that of the current programme at first; None while nothing is begun."""
    draft = st.session_state.get(_key(whose))
    if draft is None and kept is not None and not st.session_state.get(_starting(whose)):
        draft = drafts.from_programme(Programme.model_validate(kept.data), kept.id, kept.version)
        st.session_state[_key(whose)] = draft
    return draft


def _take_up(whose: Whose, draft: Draft) -> None:
    """Put a draft on the page."""
    st.session_state[_key(whose)] = draft
    st.session_state.pop(_starting(whose), None)
    st.rerun()


def _forget(whose: Whose) -> None:
    st.session_state.pop(_key(whose), None)
    st.session_state.pop(_starting(whose), None)


def _key(whose: Whose) -> str:
    return f"draft-{whose.person.id}"


def _starting(whose: Whose) -> str:
    return f"starting-{whose.person.id}"


# Something to begin with


def _begin_with(t: Translator, whose: Whose) -> None:
    """Offer templates, copies, a file, or nothing at all to begin with."""
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
                    _take_up(whose, drafts.from_template(template, today, t.language, whose.fallen))
    _copies(t, whose, today)
    _from_file(t, whose)
    with st.container(horizontal=True):
        if st.button(t("programme.begin.empty"), key="empty", icon=":material/note_add:"):
            _take_up(whose, drafts.empty(t("programme.begin.untitled"), today))
        if st.session_state.get(_starting(whose)) and st.button(t("programme.begin.back"), key="back", type="tertiary"):
            _forget(whose)
            st.rerun()


def _copies(t: Translator, whose: Whose, today: date) -> None:
    """Offer a copy of an earlier programme of the person, or (to a physiotherapist) of another person's."""
    store = identity.store()
    people = {whose.person.id: whose.name or t("programme.mine")}
    if whose.name is not None:
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
        key=f"copy-{whose.person.id}-{t.language}",
        placeholder=t("programme.begin.copy_which"),
    )
    if chosen is not None:
        one = known[chosen]
        same = one.person_id == whose.person.id
        _take_up(whose, drafts.copied(Programme.model_validate(one.data), today, same_person=same))


def _from_file(t: Translator, whose: Whose, draft: Draft | None = None) -> None:
    """Take a programme from a file; one that is none, or does not fit, is told, and the page stays as it was."""
    done = st.session_state.setdefault("files-read", 0)
    file = st.file_uploader(
        t("programme.begin.file"),
        "json",
        key=f"file-{whose.person.id}-{done}-{t.language}",
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
        read.checked(whose.fallen)
    except SpecError as error:
        st.error(f"{error_text(error, t.language)} {t('programme.state.as_it_was')}", icon=":material/error:")
        return
    st.session_state["files-read"] = done + 1
    _take_up(whose, read)


# What there is besides


def _files(t: Translator, whose: Whose, draft: Draft) -> None:
    with st.expander(t("programme.file"), icon=":material/download:"):
        try:
            _save_as_file(t, draft.programme())
        except SpecError as error:
            small(error_text(error, t.language))
        _from_file(t, whose, draft)


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


def _criteria(t: Translator, kept: StoredProgramme) -> None:
    """Show what is to be seen before the next level, met or not; what follows from it is for a human to say."""
    programme = Programme.model_validate(kept.data)
    if not programme.criteria:
        return
    with st.container(border=True):
        st.markdown(f"**{t('programme.criteria.state')}**")
        for criterion, outcome in criteria_met(programme, programmes.seen(kept)):
            word = t(f"programme.criteria.{'unknown' if outcome is None else 'met' if outcome else 'not_met'}")
            st.markdown(f"{MARKS[outcome]} {criterion_words(criterion, t)}: **{word}**")


def _ratings(t: Translator, kept: StoredProgramme, programme: Programme) -> None:
    said = identity.store().programmes.goal_ratings(kept.id)
    for goal in programme.goals:
        values = {one.week: one.value for one in said if one.goal == goal.id}
        if values:
            small(f"{plain(goal.text)}: {programme_edit.rated(t, values)}")


def _versions(t: Translator, whose: Whose, kept: StoredProgramme, *, editable: bool) -> None:
    """Show every version with who made it and when, and let one be taken up again."""
    shown = st.expander(
        t("programme.versions.title", n=kept.version),
        icon=":material/history:",
        key=f"versions-{t.language}",
        on_change="rerun",
    )
    if not shown.open:
        return
    with shown:
        for one in identity.store().programmes.versions(kept.id):
            at = one.made_at.astimezone()
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                by = plain(_by(t, whose, one))
                lines = [
                    t("programme.versions.line", n=one.version, day=date_text(t, at.date()), time=f"{at:%H:%M}", by=by)
                ]
                lines += [f":small[{line}]" for line in _contents(t, Programme.model_validate(one.data))]
                st.markdown("  \n".join(lines), width="stretch")
                if editable and st.button(t("programme.versions.take"), key=f"version-{one.version}", type="tertiary"):
                    _take_up(whose, drafts.from_programme(Programme.model_validate(one.data), kept.id, kept.version))


def _contents(t: Translator, programme: Programme) -> list[str]:
    """Return what a version asks for, an exercise a line."""
    said = (told(one, t) for one in programme.prescriptions())
    return [" · ".join(part for part in (one.name, one.level, one.amount, *one.how) if part) for one in said]


def _by(t: Translator, whose: Whose, kept: StoredProgramme) -> str:
    """Return who made a version, as the reader knows them: themselves, the person, or a physiotherapist by name if it is known."""
    if kept.made_by == identity.who().account_id:
        return t("programme.versions.you")
    if kept.by_person:
        return t("programme.versions.person")
    return whose.names.get(kept.made_by) or t("programme.versions.physiotherapist")
