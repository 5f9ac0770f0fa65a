"""The lower part of a person's page: trends, comparisons, tests, criteria, recordings, reviews, every training day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.analysis.request import supports_sway
from formcheck.app.views import clinic_widgets, over_time, plain, set_page, small, sway
from formcheck.app.views.programme import MARKS
from formcheck.clinic.case import CHAIR_CM, CHAIR_STAND_BELOW_AVERAGE, LegComparison, compare_legs, recording_quality
from formcheck.clinic.triggers import stop_words
from formcheck.i18n import Translator, join_words
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
"""Training days listed at once; default. A button shows more."""
NEWEST_REVIEWS = 20
"""Newest comments and reviews shown; default."""
CHAIR_STAND = "chair_stand_30s"


def trends(t: Translator, overview: PersonOverview) -> None:
    """Show the trends of one exercise over all training days. The person chooses which; the newest set's comes first."""
    sets = [one for session in overview.sessions for one in session.sets if one.state == "finished"]
    names = list(dict.fromkeys(one.exercise for one in sets))
    if not names:
        return
    st.subheader(t("people.exercises"), anchor=False)
    chosen = st.pills(
        t("people.exercise"),
        names,
        default=names[0],
        required=True,
        key=f"trend-of-{overview.person_id}-{t.language}",
        format_func=lambda name: exercises.load(name).name[t.language],
        label_visibility="collapsed",
    )
    exercise = exercises.load(chosen)
    over_time.show(sets, exercise, t)
    if supports_sway(exercise):
        sway.show(t, sets, exercise)


def comparisons(t: Translator, store: AuthorisedStore, overview: PersonOverview, programme: Programme | None) -> None:
    """Show left against right, tests, criteria for the next level, and how well the body was seen in the recordings."""
    left, right = st.columns(2, gap="large")
    with left:
        _legs(t, overview)
        _tests(t, store, overview, programme)
    with right:
        _criteria(t, overview, programme)
        _recordings(t, overview)


def _legs(t: Translator, overview: PersonOverview) -> None:
    """Show left against right."""
    st.subheader(t("people.legs.title"), anchor=False)
    found = compare_legs(overview.sessions)
    if not found:
        st.markdown(t("people.legs.none"))
    for one in found:
        st.markdown(_legs_words(t, one))


def _legs_words(t: Translator, one: LegComparison) -> str:
    """Return left and right of one measure in words, and whether they differ for certain."""
    left, right, limit, difference = (
        quantity(value, one.unit, t.language) for value in (one.left, one.right, one.limit, abs(one.difference))
    )
    more = "none" if not one.certain else "left" if one.difference > 0 else "right"
    how = "further" if one.unit == "ratio" and one.certain else "more"
    verdict = t(f"people.legs.{how}_{more}", difference=difference, limit=limit)
    days = t("people.legs.days", left=date_text(t, one.left_day), right=date_text(t, one.right_day))
    exercise, measure = exercises.load(one.exercise).name[t.language], t(f"trigger.measure.{one.measure}")
    values = t("people.legs.values", exercise=exercise, measure=measure, left=left, right=right)
    return f"{values}  \n{verdict}  \n:small[{days}]"


def _tests(t: Translator, store: AuthorisedStore, overview: PersonOverview, programme: Programme | None) -> None:
    """Show the results of the tests, and published values beside the chair stand."""
    done = _sets_of_tests(store, overview)
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


def _sets_of_tests(store: AuthorisedStore, overview: PersonOverview) -> list[SetOverview]:
    """Return the finished sets that were tests: an exercise against the clock, or one prescribed as a test."""
    sets = [one for session in overview.sessions for one in session.sets if one.state == "finished"]
    ids = [session.id for session in overview.sessions]
    prescribed = {one.id for one in store.sets.of(*ids) if one.prescription.get("test")} if ids else set()
    return [
        one
        for one in sets
        if one.id in prescribed or getattr(exercises.load(one.exercise).movement, "clock_s", None) is not None
    ]


def _chair_stand_reference(t: Translator) -> None:
    """Show published values of the chair stand by age, in an expander."""
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


def _criteria(t: Translator, overview: PersonOverview, programme: Programme | None) -> None:
    """Show each criterion for the next level as met, not met or unknown. Meeting it changes nothing by itself."""
    st.subheader(t("people.criteria.title"), anchor=False)
    found = criteria_met(programme, overview.sessions) if programme is not None else []
    if not found:
        st.markdown(t("people.criteria.none"))
        return
    for criterion, met in found:
        word = t(f"programme.criteria.{'unknown' if met is None else 'met' if met else 'not_met'}")
        st.markdown(f"{MARKS[met]} {criterion_words(criterion, t)}: **{word}**")
    small(t("people.criteria.you_decide"))


def _recordings(t: Translator, overview: PersonOverview) -> None:
    """Say how well the body was seen in the recordings."""
    st.subheader(t("people.recordings.title"), anchor=False)
    found = recording_quality(overview.sessions)
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


def newest_reviews(t: Translator, store: AuthorisedStore, overview: PersonOverview) -> None:
    """Show the comments and reviews, the newest first."""
    st.subheader(t("people.decided.title"), anchor=False)
    found = reviews_of(store, overview.sessions)
    if not found:
        st.markdown(t("people.decided.none"))
    for number, one in enumerate(found[:NEWEST_REVIEWS]):
        review_line(t, overview.person_id, one, f"decided-{number}")


@dataclass(slots=True, frozen=True)
class ReviewEntry:
    """One comment or review of a training session, and the sets that it is about (none: the reports alone)."""

    entry: Correction
    session: SessionOverview
    sets: list[SetOverview]


def reviews_of(store: AuthorisedStore, sessions: Iterable[SessionOverview]) -> list[ReviewEntry]:
    """Return the comments and reviews of sessions, the newest first. A review of several sets at once is one entry."""
    sessions = list(sessions)
    ids = [one.id for session in sessions for one in session.sets]
    entries = store.reviews.of(*ids) if ids else {}
    found: dict[tuple[object, ...], ReviewEntry] = {}

    def add(entry: Correction, session: SessionOverview, about: list[SetOverview]) -> None:
        key: tuple[object, ...] = (session.id, entry.by, entry.text) if entry.kind == "seen" else (len(found),)
        found.setdefault(key, ReviewEntry(entry, session, [])).sets.extend(about)

    for session in sessions:
        for one in session.sets:
            for entry in entries[one.id]:
                add(entry, session, [one])
        for review in session.completed_reviews:
            add(review.entry, session, [])
    return sorted(found.values(), key=lambda one: one.entry.at, reverse=True)


def review_line(t: Translator, person_id: int, one: ReviewEntry, key: str) -> None:
    """Show one comment or review, with a button that opens its first set at its moment."""
    entry, first = one.entry, one.sets[0] if one.sets else None
    count = entry.kind == "add_repetition" and entry.rep is not None
    what = t(
        f"people.decided.{'count_repetition' if count else entry.kind}",
        rule=rule_name(exercises.load(first.exercise), entry.rule, t.language) if first and entry.rule else "",
        n=entry.rep or 0,
        moment=clock(entry.moment_s if entry.moment_s is not None else entry.start_s, t.language),
    )
    text = f": {plain(entry.text)}" if entry.text else ""
    names = list(dict.fromkeys(exercises.load(each.exercise).name[t.language] for each in one.sets))
    about = ", ".join([*([join_words(names, t.language)] if names else []), date_text(t, one.session.day)])
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


def training_days(t: Translator, overview: PersonOverview) -> None:
    """List the newest training days with their reports and a button for each set. A further button shows more days."""
    st.subheader(t("people.days.title"), anchor=False)
    trained = [session for session in overview.sessions if session.sets or session.stops]
    if not trained:
        st.markdown(t("people.days.none"))
    key = f"days-shown-{overview.person_id}"
    shown = st.session_state.get(key, DAYS_AT_ONCE)
    for session in trained[:shown]:
        _training_day(t, session)
    if len(trained) > shown:
        more = min(DAYS_AT_ONCE, len(trained) - shown)
        st.button(t("people.days.more", n=more), key=f"{key}-more", on_click=_show_days, args=(key, shown + more))


def _show_days(key: str, shown: int) -> None:
    """Set the number of training days shown."""
    st.session_state[key] = shown


def _training_day(t: Translator, session: SessionOverview) -> None:
    """Show one session: its day, reports, stops, and a button for each set."""
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
    """Return the highest answer to each question in one line; a dash is a question without an answer."""
    parts = []
    for question in ("pain_before", "pain_during", "pain_next_morning", "exertion"):
        values = [answer.value for answer in session.answers if answer.question == question]
        parts.append(f"{t(f'people.said.{question}')}: {max(values) if values else MISSING}")
    return " · ".join(parts)
