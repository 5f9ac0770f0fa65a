"""The Train page: plan today's training, train in front of the camera, answer two questions, see what was done."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from formcheck import exercises
from formcheck.app import identity, services, session, training
from formcheck.app.live.component import show as show_live
from formcheck.app.live.settings import modes_for
from formcheck.app.training import Choice
from formcheck.app.views import history, plan, questions, set_page, small, welcome
from formcheck.coach.display import not_assessed
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text, translator

if TYPE_CHECKING:
    from formcheck.model.entities import Person
    from formcheck.spec.prescription import Prescription

MOST_EXERCISES = 8
AMOUNTS = {"reps": (1, 50, 1), "hold": (5, 180, 5)}
TRY_OUT = Choice(exercise="squat", amount=3)


def show(t: Translator) -> None:
    """Draw the page for where the person is."""
    try:
        person = identity.me()
        live = st.query_params.get("live", "")
        if live.isdecimal():
            _live(t, person, int(live))
        elif (looked := st.query_params.get(set_page.QUERY, "")).isdecimal():
            set_page.show(t, person, int(looked))
        elif person.first_start is None or st.session_state.get("welcome"):
            welcome.show(t, person, lambda: _begin(person, [TRY_OUT], None, tryout=True))
        elif "ended" in st.session_state:
            _after(t, person, st.session_state.ended)
        else:
            _set_up(t, person)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def today() -> date:
    """Return the day where the person is."""
    try:
        return datetime.now(ZoneInfo(st.context.timezone or "")).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return date.today()


# Before


def _set_up(t: Translator, person: Person) -> None:
    store = identity.store()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(t("train.title"), anchor=False, width="content")
        start = st.button(t("train.start"), type="primary", key="start", icon=":material/play_arrow:")
    left = store.sets.running(person.id)
    if left is not None:
        left_over(t, left)
    morning = None if st.session_state.get("not_now") else store.sessions.awaiting_next_morning(person.id, today())
    if morning is not None:
        questions.next_morning(t, person, morning, today())
    choices: list[Choice] = st.session_state.setdefault("programme", training.remembered(person))
    chosen, about = st.columns([3, 2], gap="large")
    with chosen:
        with st.container(border=True):
            pain = pain_before(t, person)
        for choice in choices:
            _choice(t, choice, choices)
        if len(choices) < MOST_EXERCISES and st.button(t("train.add"), key="add", icon=":material/add:"):
            choices.append(Choice(**_shape(choices[-1].exercise)))
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


def _choice(t: Translator, choice: Choice, choices: list[Choice]) -> None:
    """Let the person choose one exercise and how much of it."""
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
            for name, value in _shape(choice.exercise).items():
                setattr(choice, name, value)
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
            depths = ["own", *training.DEPTHS_DEG]
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
        seen = choice.view or exercises.load(choice.exercise).train_view
        line = not_assessed(exercises.load(choice.exercise), seen, t.language)
        if line:
            small(line)


def _more(t: Translator, choice: Choice, key: str) -> None:
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


def _shape(exercise: str) -> dict:
    """Return what an exercise begins with."""
    return {"exercise": exercise, "amount": training.usual_amount(exercise), "view": None}


def pain_before(t: Translator, person: Person) -> int | None:
    """Ask for the pain before, once for each training session."""
    open_now = training.open_session(person, today())
    said = None
    if open_now is not None:
        said = training.answer_of(identity.store().sessions.answers(open_now.id)[open_now.id], "pain_before")
    if said is None:
        return questions.scale(t, t("train.ask.pain_before"), "pain-before")
    small(t("train.ask.pain_before_said", value=said))
    return None


def options(t: Translator) -> dict:
    """Let the person choose camera, voice and where the pose is found."""
    default, allowed, _ = modes_for(st.context.headers.get("host"))
    with st.expander(t("train.options"), icon=":material/tune:"):
        camera = _one_of(t, "camera", ("any", "user", "environment"))
        voice = _one_of(t, "voice", ("auto", "files", "off"))
        mode = _one_of(t, "mode", allowed, default) if len(allowed) > 1 else allowed[0]
        small(t(f"train.mode_{mode}_help"))
    return {"camera": None if camera == "any" else camera, "voice": voice, "mode": mode}


def _one_of(t: Translator, name: str, options: tuple[str, ...], default: str | None = None) -> str:
    if session.choice(f"train-{name}") is None:
        session.remember(f"train-{name}", default or options[0])
    session.restore(f"train-{name}", list(options))
    chosen = st.segmented_control(
        t(f"train.{name}"),
        options,
        required=True,
        key=session.choice_key(f"train-{name}"),
        format_func=lambda option: t(f"train.{name}_{option}"),
    )
    session.remember(f"train-{name}", chosen)
    return chosen


def _about(t: Translator, choices: list[Choice]) -> None:
    """Show how the exercises are done."""
    names = list(dict.fromkeys(choice.exercise for choice in choices))
    tabs = st.tabs([exercises.load(name).name[t.language] for name in names])
    for tab, name in zip(tabs, names):
        with tab:
            plan.how_it_is_done(t, name)


def left_over(t: Translator, kept) -> None:
    """Offer to go on with a set that was interrupted."""
    name = exercises.load(kept.exercise).name[t.language]
    with st.container(border=True):
        st.markdown(t("train.left_over", exercise=name, counted=training.counted(kept, t.language)))
        with st.container(horizontal=True):
            if training.plan_of(kept.session_id) and st.button(t("live.ui.resume_go_on"), type="primary", key="go-on"):
                go_live(kept.session_id)
            if st.button(t("live.ui.resume_finish"), key="keep-it"):
                training.finish_left_over(identity.store(), kept.id)
                st.rerun()


# During


def _begin(person: Person, choices: list[Choice], pain: int | None, **options: object) -> None:
    training_id = training.start(person, today(), choices, pain, **options)
    st.session_state.pop("programme", None)
    go_live(training_id)


def begin(person: Person, prescriptions: list[Prescription], pain: int | None, **options: object) -> None:
    """Start what is prescribed, from any page. ``options``: of ``training.Plan``."""
    go_live(training.start_planned(person, today(), prescriptions, pain, **options))


def go_live(training_id: int) -> None:
    """Lead to the live page of a training session."""
    st.session_state.pop("live", None)
    session.go("train", live=str(training_id))


def _live(t: Translator, person: Person, training_id: int) -> None:
    """Show the live page, with a ticket of this browser session; made anew after a reload or a restart of the server."""
    known, page = st.session_state.get("live", (None, None))
    if known != (training_id, t.language):
        here = get_script_run_ctx().session_id
        page = training.live_page(person, training_id, here, t.language, st.context.headers.get("host"))
        if page is None:  # nothing is left to do, or it is another person's
            del st.query_params["live"]
            st.rerun()
        st.session_state.live = ((training_id, t.language), page)
    done = show_live(page, translator(page.language))
    if not done:
        return
    st.session_state.pop("live", None)
    if done["why"] != "token":
        del st.query_params["live"]
        if training.over(training_id, done["why"], page.token):
            st.session_state.ended = training_id
        if done["why"] == "upload":
            session.go("review")
        elif "ended" not in st.session_state:
            _back(training_id)
    st.rerun()


# After


def _after(t: Translator, person: Person, training_id: int) -> None:
    """Show what was done, and ask for pain and exertion once per exercise."""
    store = identity.store()
    sets = [kept for kept in store.sets.of(training_id, deleted=True) if kept.state != "running"]
    st.title(t("train.after.title"), anchor=False)
    if not sets:
        st.markdown(t("train.after.nothing"))
    videos = store.videos.of(*(kept.id for kept in sets))
    for kept in sets:
        history.a_set(t, kept, videos.get(kept.id))
    stopped = [event for event in store.sessions.events(training_id) if event.kind == "stopped"]
    if stopped:
        with st.expander(t("live.ui.stop.title"), expanded=True):
            questions.red_flags(t)
    answers = store.sessions.answers(training_id)[training_id]
    day = store.sessions.get(training_id).day
    for name in dict.fromkeys(kept.exercise for kept in sets if not kept.deleted):
        with st.container(border=True):
            st.markdown(f"**{exercises.load(name).name[t.language]}**")
            for question in ("pain_during", "exertion"):
                before = training.answer_of(answers, question, name)
                said = questions.scale(
                    t, t(f"train.ask.{question}"), f"{question}-{name}", pain=question == "pain_during", default=before
                )
                if said is not None and said != before:
                    store.sessions.answer(training_id, question, said, day, exercise=name)
    with st.container(horizontal=True):
        if st.button(t("train.after.finish"), type="primary", key="finish-day"):
            store.sessions.end(training_id)
            _leave_after(training_id)
        if st.button(t("train.after.more"), key="train-more"):
            _leave_after(training_id)


def _leave_after(training_id: int) -> None:
    st.session_state.pop("ended", None)
    _back(training_id)
    st.rerun()


def _back(training_id: int) -> None:
    """Lead back to the page of today when its programme was trained."""
    plan_of = training.plan_of(training_id)
    if plan_of is not None and plan_of.programme is not None:
        session.go("today")
