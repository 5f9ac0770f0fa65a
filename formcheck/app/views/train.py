"""The Train page: plan a training session, train in front of the camera, answer two questions, see earlier sessions."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from formcheck import exercises
from formcheck.app import identity, services, session, training
from formcheck.app.live.component import show as show_live
from formcheck.app.live.set_recorder import finish_left_over
from formcheck.app.live.settings import modes_for
from formcheck.app.training import ExerciseChoice
from formcheck.app.views import history, plan, questions, set_page, small, welcome
from formcheck.coach.display import not_assessed
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text, translator

if TYPE_CHECKING:
    from formcheck.model.entities import Person, StoredSet
    from formcheck.spec.prescription import Prescription

MOST_EXERCISES = 8
"""Exercises in one session; default."""
AMOUNTS = {"reps": (1, 50, 1), "hold": (5, 180, 5)}
"""Smallest, largest and step of repetitions, and of the seconds of a hold; default."""
TRY_OUT = ExerciseChoice(exercise="squat", amount=3)
"""The set of the first start."""


def show(t: Translator) -> None:
    """Draw the part of the page that the person has reached."""
    try:
        person = identity.me()
        live = st.query_params.get("live", "")
        if live.isdecimal():
            _live(t, person, int(live))
        elif (set_id := st.query_params.get(set_page.QUERY, "")).isdecimal():
            set_page.show(t, person, int(set_id))
        elif person.first_start is None or st.session_state.get("welcome"):
            welcome.show(t, person, lambda: _begin(person, [TRY_OUT], None, tryout=True))
        elif "ended" in st.session_state:
            _after(t, person, st.session_state.ended)
        else:
            _set_up(t, person)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def today() -> date:
    """Return the date in the time zone of the browser, of the server if the browser does not say."""
    try:
        return datetime.now(ZoneInfo(st.context.timezone or "")).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return date.today()


# Before


def _set_up(t: Translator, person: Person) -> None:
    """Let the person plan a training session, and start it."""
    store = identity.store()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(t("train.title"), anchor=False, width="content")
        start = st.button(t("train.start"), type="primary", key="start", icon=":material/play_arrow:")
    interrupted = store.sets.running(person.id)
    if interrupted is not None:
        interrupted_set(t, interrupted)
    morning = None if st.session_state.get("not_now") else store.sessions.awaiting_next_morning(person.id, today())
    if morning is not None:
        questions.next_morning(t, person, morning, today())
    choices: list[ExerciseChoice] = st.session_state.setdefault("programme", training.last_choices(person))
    chosen, about = st.columns([3, 2], gap="large")
    with chosen:
        with st.container(border=True):
            pain = pain_before(t, person)
        for choice in choices:
            _choice(t, choice, choices)
        if len(choices) < MOST_EXERCISES and st.button(t("train.add"), key="add", icon=":material/add:"):
            choices.append(_new_choice(choices[-1].exercise))
            st.rerun()
        chosen_options = options(t)
    with about:
        _about(t, choices)
    history.show(t, person)
    if st.button(t("train.welcome.again"), type="tertiary", key="welcome-again", icon=":material/help:"):
        st.session_state.welcome = True
        st.rerun()
    if start:
        _begin(person, choices, pain, **chosen_options)


def _choice(t: Translator, choice: ExerciseChoice, choices: list[ExerciseChoice]) -> None:
    """Let the person choose one exercise, its sets and its amount."""
    names = services.exercise_names(t.language)
    key = f"{choice.id}-{t.language}"
    with st.container(border=True):
        what, sets, amount = st.columns([4, 2, 3])
        before = choice.exercise
        choice.exercise = what.selectbox(
            t("train.exercise"),
            list(names),
            index=list(names).index(before),
            format_func=names.__getitem__,
            key=f"exercise-{key}",
        )
        if choice.exercise != before:
            choice.amount, choice.view = training.usual_amount(choice.exercise), None
        choice.sets = sets.number_input(t("train.sets"), 1, 6, choice.sets, key=f"sets-{key}")
        clock_s = training.clock_of(exercises.load(choice.exercise))
        if clock_s is not None:
            amount.markdown(t("train.timed", n=int(clock_s)))
        else:
            hold = training.is_hold(choice.exercise)
            low, high, step = AMOUNTS["hold" if hold else "reps"]
            choice.amount = amount.number_input(
                t("train.seconds" if hold else "train.repetitions"),
                low,
                high,
                choice.amount,
                step,
                key=f"amount-{choice.exercise}-{key}",
            )
        if services.takes_depth(exercises.load(choice.exercise)):
            depths: tuple[training.Depth, ...] = ("own", *training.DEPTHS_DEG)
            choice.depth = st.segmented_control(
                t("train.depth"),
                depths,
                default=choice.depth,
                required=True,
                key=f"depth-{key}",
                format_func=lambda name: t(f"train.depth_{name}"),
                help=t("train.depth_help"),
            )
        with st.expander(t("train.more")):
            _more(t, choice, key)
            if len(choices) > 1 and st.button(t("train.remove"), key=f"remove-{key}", icon=":material/remove:"):
                choices.remove(choice)
                st.rerun()
        view = choice.view or exercises.load(choice.exercise).train_view
        line = not_assessed(exercises.load(choice.exercise), view, t.language)
        if line:
            small(line)


def _more(t: Translator, choice: ExerciseChoice, key: str) -> None:
    """Let the person choose the view of the camera and the rest between sets."""
    exercise = exercises.load(choice.exercise)
    views = [view for view in exercise.views if view != "oblique"]
    chosen = choice.view if choice.view in views else exercise.train_view
    choice.view = st.segmented_control(
        t("train.view"),
        views,
        default=chosen,
        required=True,
        key=f"view-{choice.exercise}-{key}",
        format_func=lambda view: t(f"train.view_{view}"),
        help=t("train.view_help"),
    )
    choice.rest_s = st.number_input(t("train.rest"), 0, 300, choice.rest_s, 15, key=f"rest-{key}")


def _new_choice(exercise: str) -> ExerciseChoice:
    """Return a set of an exercise with its usual amount."""
    return ExerciseChoice(exercise=exercise, amount=training.usual_amount(exercise))


def pain_before(t: Translator, person: Person) -> int | None:
    """Ask for the pain before the training, once for each session."""
    open_now = training.open_session(identity.store(), person, today())
    answer = None
    if open_now is not None:
        answer = training.answer_of(identity.store().sessions.answers(open_now.id)[open_now.id], "pain_before")
    if answer is None:
        return questions.scale(t, t("train.ask.pain_before"), "pain-before")
    small(t("train.ask.pain_before_said", value=answer))
    return None


def options(t: Translator) -> dict[str, str | None]:
    """Let the person choose camera, voice and the place where the pose is computed; return them as fields of a plan."""
    default, allowed, _ = modes_for(st.context.headers.get("host"))
    with st.expander(t("train.options"), icon=":material/tune:"):
        camera = _one_of(t, "camera", ("any", "user", "environment"))
        voice = _one_of(t, "voice", ("auto", "files", "off"))
        mode = _one_of(t, "mode", allowed, default) if len(allowed) > 1 else allowed[0]
        small(t(f"train.mode_{mode}_help"))
    return {"camera": None if camera == "any" else camera, "voice": voice, "mode": mode}


def _one_of(t: Translator, name: str, options: tuple[str, ...], default: str | None = None) -> str:
    """Let the person choose an option. It stays chosen when the language changes. ``default``: None for the first."""
    usual = default or options[0]
    if session.choice(f"train-{name}") is None:
        session.remember(f"train-{name}", usual)
    session.restore(f"train-{name}", list(options))
    chosen = (
        st.segmented_control(
            t(f"train.{name}"),
            options,
            required=True,
            key=session.choice_key(f"train-{name}"),
            format_func=lambda option: t(f"train.{name}_{option}"),
        )
        or usual
    )
    session.remember(f"train-{name}", chosen)
    return chosen


def _about(t: Translator, choices: list[ExerciseChoice]) -> None:
    """Show each exercise with its steps, in a tab of its own."""
    names = list(dict.fromkeys(choice.exercise for choice in choices))
    tabs = st.tabs([exercises.load(name).name[t.language] for name in names])
    for tab, name in zip(tabs, names):
        with tab:
            plan.how_it_is_done(t, name)


def interrupted_set(t: Translator, stored: StoredSet) -> None:
    """Show an interrupted set, with the buttons that resume it and that end it."""
    name = exercises.load(stored.exercise).name[t.language]
    with st.container(border=True):
        st.markdown(t("train.left_over", exercise=name, counted=training.count_text(stored, t.language)))
        with st.container(horizontal=True):
            if training.plan_of(identity.store(), stored.session_id) and st.button(
                t("live.ui.resume_go_on"), type="primary", key="go-on"
            ):
                go_live(stored.session_id)
            if st.button(t("live.ui.resume_finish"), key="keep-it"):
                finish_left_over(identity.store(), stored.id)
                st.rerun()


# During


def _begin(person: Person, choices: list[ExerciseChoice], pain: int | None, **options: object) -> None:
    """Start what the person chose on this page. ``options``: of ``training.Plan``."""
    training_session_id = training.start(identity.store(), person, today(), choices, pain, **options)
    st.session_state.pop("programme", None)
    go_live(training_session_id)


def begin(person: Person, prescriptions: list[Prescription], pain: int | None, **options: object) -> None:
    """Start these prescriptions, from any page. ``options``: of ``training.Plan``."""
    go_live(training.start_planned(identity.store(), person, today(), prescriptions, pain, **options))


def go_live(training_session_id: int) -> None:
    """Go to the live page of a training session."""
    st.session_state.pop("live", None)
    session.go("train", live=str(training_session_id))


def _live(t: Translator, person: Person, training_session_id: int) -> None:
    """Show the live page, with a ticket of this browser session. A reload or a restart of the server makes a new one."""
    known, page = st.session_state.get("live", (None, None))
    if known != (training_session_id, t.language):
        page = training.live_page(
            identity.store(),
            person,
            training_session_id,
            session.browser_session_id(),
            t.language,
            st.context.headers.get("host"),
        )
        if page is None:  # nothing is left to do, or it is another person's
            del st.query_params["live"]
            st.rerun()
        st.session_state.live = ((training_session_id, t.language), page)
    done = show_live(page, translator(page.language))
    if not done:
        return
    st.session_state.pop("live", None)
    if done["why"] != "token":
        del st.query_params["live"]
        if training.finish_session(identity.store(), training_session_id, done["why"], page.token):
            st.session_state.ended = training_session_id
        if done["why"] == "upload":
            session.go("review")
        elif "ended" not in st.session_state:
            _back(training_session_id)
    st.rerun()


# After


def _after(t: Translator, person: Person, training_session_id: int) -> None:
    """Show the sets that were done, and ask for pain and exertion of each exercise."""
    store = identity.store()
    sets = [one for one in store.sets.of(training_session_id, deleted=True) if one.state != "running"]
    st.title(t("train.after.title"), anchor=False)
    if not sets:
        st.markdown(t("train.after.nothing"))
    videos = store.videos.of(*(one.id for one in sets))
    for stored in sets:
        history.set_line(t, stored, videos.get(stored.id))
    stopped = [event for event in store.sessions.events(training_session_id) if event.kind == "stopped"]
    if stopped:
        with st.expander(t("live.ui.stop.title"), expanded=True):
            questions.red_flags(t)
    answers = store.sessions.answers(training_session_id)[training_session_id]
    day = store.sessions.get(training_session_id).day
    for name in dict.fromkeys(one.exercise for one in sets if not one.deleted):
        with st.container(border=True):
            st.markdown(f"**{exercises.load(name).name[t.language]}**")
            for question in ("pain_during", "exertion"):
                before = training.answer_of(answers, question, name)
                answer = questions.scale(
                    t, t(f"train.ask.{question}"), f"{question}-{name}", pain=question == "pain_during", default=before
                )
                if answer is not None and answer != before:
                    store.sessions.answer(training_session_id, question, answer, day, exercise=name)
    with st.container(horizontal=True):
        if st.button(t("train.after.finish"), type="primary", key="finish-day"):
            store.sessions.end(training_session_id)
            _leave_after(training_session_id)
        if st.button(t("train.after.more"), key="train-more"):
            _leave_after(training_session_id)


def _leave_after(training_session_id: int) -> None:
    """Leave the page that follows a training session."""
    st.session_state.pop("ended", None)
    _back(training_session_id)
    st.rerun()


def _back(training_session_id: int) -> None:
    """Go back to Today if the session was part of a programme."""
    plan = training.plan_of(identity.store(), training_session_id)
    if plan is not None and plan.programme is not None:
        session.go("today")
