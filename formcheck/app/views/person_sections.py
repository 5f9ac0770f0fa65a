"""What the page of one person has further down: trends, comparisons, tests, criteria, recordings, words, every training day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.analysis.request import sways
from formcheck.app.views import clinic_widgets, over_time, plain, set_page, small, sway
from formcheck.app.views.programme import MARKS
from formcheck.clinic.case import CHAIR_CM, CHAIR_STAND_BELOW_AVERAGE, Legs, legs, recordings
from formcheck.clinic.triggers import stop_words
from formcheck.i18n import Translator, joined
from formcheck.i18n.dates import date_text, time_text
from formcheck.i18n.numbers import MISSING, clock, quantity, share
from formcheck.insights import trends as trends_of
from formcheck.programmes.criteria import criteria_met
from formcheck.programmes.wording import criterion_words
from formcheck.reports.sentences import rule_name
from formcheck.reports.trend import value_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.model.corrections import Correction
    from formcheck.model.entities import PersonOverview, SessionOverview, SetOverview
    from formcheck.programmes.programme import Programme
    from formcheck.store.access import AuthorisedStore

DAYS_AT_ONCE = 10
"""So many training days are listed; more are shown when asked for."""
ENTRIES = 20
"""So many of the newest comments and decisions are shown."""
CHAIR_STAND = "chair_stand_30s"


def trends(t: Translator, seen: PersonOverview) -> None:
    """Show how one exercise went over all training days, the one with the newest set first."""
    sets = [one for session in seen.sessions for one in session.sets if one.state == "finished"]
    names = list(dict.fromkeys(one.exercise for one in sets))
    if not names:
        return
    st.subheader(t("people.exercises"), anchor=False)
    chosen = st.pills(
        t("people.exercise"),
        names,
        default=names[0],
        required=True,
        key=f"trend-of-{seen.person_id}-{t.language}",
        format_func=lambda name: exercises.load(name).name[t.language],
        label_visibility="collapsed",
    )
    exercise = exercises.load(chosen)
    over_time.show(sets, exercise, t)
    if sways(exercise):
        sway.show(t, sets, exercise)


def comparisons(t: Translator, store: AuthorisedStore, seen: PersonOverview, programme: Programme | None) -> None:
    """Show left against right, tests, criteria for the next level, and how well the recordings could be seen."""
    left, right = st.columns(2, gap="large")
    with left:
        _legs(t, seen)
        _tests(t, store, seen, programme)
    with right:
        _criteria(t, seen, programme)
        _recordings(t, seen)


def _legs(t: Translator, seen: PersonOverview) -> None:
    st.subheader(t("people.legs.title"), anchor=False)
    found = legs(seen.sessions)
    if not found:
        st.markdown(t("people.legs.none"))
    for one in found:
        st.markdown(_legs_words(t, one))


def _legs_words(t: Translator, one: Legs) -> str:
    left, right, limit, difference = (
        quantity(value, one.unit, t.language) for value in (one.left, one.right, one.limit, abs(one.difference))
    )
    more = "none" if not one.certain else "left" if one.difference > 0 else "right"
    how = "further" if one.unit == "ratio" and one.certain else "more"
    said = t(f"people.legs.{how}_{more}", difference=difference, limit=limit)
    days = t("people.legs.days", left=date_text(t, one.left_day), right=date_text(t, one.right_day))
    exercise, measure = exercises.load(one.exercise).name[t.language], t(f"trigger.measure.{one.measure}")
    values = t("people.legs.values", exercise=exercise, measure=measure, left=left, right=right)
    return f"{values}  \n{said}  \n:small[{days}]"


def _tests(t: Translator, store: AuthorisedStore, seen: PersonOverview, programme: Programme | None) -> None:
    """Show what was done as a test, and published values beside the chair stand."""
    done = _done_as_test(store, seen)
    names = list(dict.fromkeys([*(programme.tests if programme else ()), *(one.exercise for one in done)]))
    if not names:
        return
    st.subheader(t("people.tests.title"), anchor=False)
    for name in names:
        exercise = exercises.load(name)
        st.markdown(f"**{exercise.name[t.language]}**")
        found = [trend for trend in trends_of(done, exercise) if trend.unit != "share"]
        if not found:
            st.markdown(t("people.tests.not_done"))
        for trend in found:
            side = f"{t(f'term.side.{trend.side}')}: " if trend.side else ""
            values = [
                f"{value_text(p.value, trend.unit, t.language, p.uncertainty)} ({date_text(t, p.day)})"
                for p in trend.points
            ]
            st.markdown(f"{side}{', '.join(values)}")
    if CHAIR_STAND in names:
        _chair_stand_reference(t)


def _done_as_test(store: AuthorisedStore, seen: PersonOverview) -> list[SetOverview]:
    """Return the finished sets that were tests: an exercise against the clock, or one that was prescribed as a test."""
    sets = [one for session in seen.sessions for one in session.sets if one.state == "finished"]
    ids = [session.id for session in seen.sessions]
    prescribed = {kept.id for kept in store.sets.of(*ids) if kept.prescription.get("test")} if ids else set()
    return [
        one
        for one in sets
        if one.id in prescribed or getattr(exercises.load(one.exercise).movement, "clock_s", None) is not None
    ]


def _chair_stand_reference(t: Translator) -> None:
    with st.expander(t("people.tests.reference"), icon=":material/menu_book:"):
        small(t("people.tests.reference_how", height=CHAIR_CM))
        st.table(
            [
                {
                    t("people.tests.age"): f"{low}–{high}",
                    t("people.tests.men"): t("people.tests.below", n=men),
                    t("people.tests.women"): t("people.tests.below", n=women),
                }
                for low, high, men, women in CHAIR_STAND_BELOW_AVERAGE
            ]
        )
        small(t("people.tests.reference_source"))


def _criteria(t: Translator, seen: PersonOverview, programme: Programme | None) -> None:
    """Show each criterion for the next level as met, not met or not known; nobody is moved by it."""
    st.subheader(t("people.criteria.title"), anchor=False)
    found = criteria_met(programme, seen.sessions) if programme is not None else []
    if not found:
        st.markdown(t("people.criteria.none"))
        return
    for criterion, met in found:
        word = t(f"programme.criteria.{'unknown' if met is None else 'met' if met else 'not_met'}")
        st.markdown(f"{MARKS[met]} {criterion_words(criterion, t)}: **{word}**")
    small(t("people.criteria.you_decide"))


def _recordings(t: Translator, seen: PersonOverview) -> None:
    st.subheader(t("people.recordings.title"), anchor=False)
    found = recordings(seen.sessions)
    if found is None:
        st.markdown(t("people.recordings.none"))
        return
    lowest, day = exercises.load(found.lowest.exercise).name[t.language], date_text(t, found.lowest.day)
    lines = [
        t("people.recordings.mean", n=found.sets, share=share(found.mean, t.language)),
        t("people.recordings.lowest", share=share(found.lowest_share, t.language), exercise=lowest, day=day),
    ]
    if found.wrong_view:
        lines.append(t("people.recordings.wrong_view", n=found.wrong_view))
    st.markdown("\n".join(f"- {line}" for line in lines))


def said_and_decided(t: Translator, store: AuthorisedStore, seen: PersonOverview) -> None:
    """Show what was said and decided, the newest first, with who and when."""
    st.subheader(t("people.decided.title"), anchor=False)
    found = decisions(store, seen.sessions)
    if not found:
        st.markdown(t("people.decided.none"))
    for number, one in enumerate(found[:ENTRIES]):
        decision(t, seen.person_id, one, f"decided-{number}")


@dataclass(slots=True, frozen=True)
class Decision:
    """One comment or decision about a training, and the sets that it is about: none where it is about what was reported."""

    entry: Correction
    session: SessionOverview
    sets: list[SetOverview]


def decisions(store: AuthorisedStore, sessions: Iterable[SessionOverview]) -> list[Decision]:
    """Return what was said and decided about trainings, the newest first; what was said of a whole one at once is one."""
    sessions = list(sessions)
    ids = [one.id for session in sessions for one in session.sets]
    entries = store.reviews.of(*ids) if ids else {}
    together: dict[tuple, Decision] = {}

    def add(entry: Correction, session: SessionOverview, about: list[SetOverview]) -> None:
        key = (session.id, entry.by, entry.text) if entry.kind == "seen" else (len(together),)
        together.setdefault(key, Decision(entry, session, [])).sets.extend(about)

    for session in sessions:
        for one in session.sets:
            for entry in entries[one.id]:
                add(entry, session, [one])
        for closing in session.closings:
            add(closing.entry, session, [])
    return sorted(together.values(), key=lambda one: one.entry.at, reverse=True)


def decision(t: Translator, person_id: int, one: Decision, key: str) -> None:
    """Show one comment or decision, and the way to its moment; about more than one set, to the first."""
    entry, first = one.entry, one.sets[0] if one.sets else None
    what = t(
        f"people.decided.{'count_repetition' if entry.kind == 'add_repetition' and entry.rep is not None else entry.kind}",
        rule=rule_name(exercises.load(first.exercise), entry.rule, t.language) if entry.rule else "",
        n=entry.rep or 0,
        moment=clock(entry.moment_s if entry.moment_s is not None else entry.start_s, t.language),
    )
    text = f": {plain(entry.text)}" if entry.text else ""
    names = list(dict.fromkeys(exercises.load(each.exercise).name[t.language] for each in one.sets))
    about = ", ".join([*([joined(names, t.language)] if names else []), date_text(t, one.session.day)])
    by = f"{plain(entry.by)}, {date_text(t, entry.at.astimezone().date())}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{what}{text}  \n:small[{about} · {by}]", width="stretch")
        if first is not None:
            st.button(
                t("look.open"),
                key=f"open-{key}",
                on_click=clinic_widgets.open_page,
                args=(person_id, first.id, entry.moment_s),
                type="tertiary",
                icon=clinic_widgets.PLAY,
            )


def training_days(t: Translator, seen: PersonOverview) -> None:
    """List every training day with what was reported and each set to open; the newest few until more are asked for."""
    st.subheader(t("people.days.title"), anchor=False)
    trained = [session for session in seen.sessions if session.sets or session.stops]
    if not trained:
        st.markdown(t("people.days.none"))
    key = f"days-shown-{seen.person_id}"
    shown = st.session_state.get(key, DAYS_AT_ONCE)
    for session in trained[:shown]:
        _training(t, session)
    if len(trained) > shown:
        more = min(DAYS_AT_ONCE, len(trained) - shown)
        st.button(t("people.days.more", n=more), key=f"{key}-more", on_click=_more, args=(key, shown + more))


def _more(key: str, shown: int) -> None:
    st.session_state[key] = shown


def _training(t: Translator, session: SessionOverview) -> None:
    st.markdown(f"**{date_text(t, session.day)}**  \n:small[{_answers(t, session)}]")
    for at, why in session.stops:
        st.markdown(
            f"{clinic_widgets.SIGNS['stop']} {t('people.stopped', time=time_text(t, at), why=stop_words(why, t))}"
        )
    with st.container(horizontal=True, gap="small"):
        for one in session.sets:
            st.button(
                clinic_widgets.set_words(one, t),
                key=f"look-{one.id}",
                on_click=set_page.open_set,
                args=(one.id,),
                icon=clinic_widgets.PLAY,
                disabled=one.state == "running",
                help=t("people.open_set"),
            )


def _answers(t: Translator, session: SessionOverview) -> str:
    """Return what was reported that day; what was not answered is a dash."""
    parts = []
    for question in ("pain_before", "pain_during", "pain_next_morning", "exertion"):
        values = [answer.value for answer in session.answers if answer.question == question]
        parts.append(f"{t(f'people.said.{question}')}: {max(values) if values else MISSING}")
    return " · ".join(parts)
