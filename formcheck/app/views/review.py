"""The Review page: choose a video, watch the analysis, read the result."""

from __future__ import annotations

import functools
import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from formcheck import exercises
from formcheck.analysis.recognition import AUTO, ExerciseSegment
from formcheck.analysis.request import ExerciseUnclearError, Request, supports_sway
from formcheck.app import identity, services, session
from formcheck.app.services import AnalysisOutcome, JobState, UploadJob
from formcheck.app.views import POLL_S, result, small
from formcheck.engine.signals.sway import HOLD_FROM_S as SWAY_FROM_S
from formcheck.errors import FormcheckError, WorkerError
from formcheck.files.samples import samples
from formcheck.i18n import Translator, error_text, join_words
from formcheck.i18n.numbers import clock, share
from formcheck.video.files import probe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from formcheck.engine.tracking.tracker import SideChoice

SHORTEST_S = 1.0
"""Shortest part (s) of a video that can be chosen; default."""
SOURCES, MODELS = ("own", "sample"), ("full", "lite")
SIDES: tuple[SideChoice, ...] = ("auto", "left", "right")
Choice = TypeVar("Choice", bound=str)
PERSON_WIDTH_PX = 140
"""Width of the cut-out of a person; default."""
TURNS = ("0", "90", "180", "270")
"""Clockwise turns of a film (deg) that can be chosen."""


def show(t: Translator) -> None:
    """Draw the page: the choices, then the running analysis or the result of the last one."""
    job = session.job()
    running = job is not None and job.state is JobState.RUNNING
    st.title(t("app.review.title"), anchor=False)
    if job is None:
        st.markdown(t("app.review.intro"))
        small(t("app.review.tip"))
    if st.session_state.pop("cleared", False):
        st.success(t("app.clear.done"), icon=":material/check:")
    finished = job is not None and job.state is JobState.DONE
    panel = t("app.choose.again" if finished else "app.choose.panel")
    with st.expander(panel, expanded=not (finished or running), icon=":material/video_file:"):
        _choices(t, running)
    if running:
        _watch(t)
    elif job is not None:
        _outcome(job, t)


def _choices(t: Translator, running: bool) -> None:
    """Let the user choose video, exercise and target depth, and start the analysis."""
    left, right = st.columns(2, gap="large")
    with left:
        source = _choose(
            st.radio, t, "source", {name: t(f"app.choose.source_{name}") for name in SOURCES}, running, horizontal=True
        )
        video = _own_video(t, running) if source == "own" else _sample_video(t, running)
    with right:
        exercise_id = _exercise(t, running)
        depth = _target_depth(t, exercise_id, running)
        with st.expander(t("app.choose.more")):
            side = _choose(st.selectbox, t, "side", {name: t(f"app.choose.side_{name}") for name in SIDES}, running)
            model = _choose(st.selectbox, t, "model", {name: t(f"app.choose.model_{name}") for name in MODELS}, running)
            turns = {name: t(f"app.choose.turn_{name}") for name in TURNS}
            turn = _choose(st.selectbox, t, "turn", turns, running)
            start_s, end_s = _part(t, video, running)
            may_sway = exercise_id != AUTO and supports_sway(exercises.load(exercise_id))
            sway = may_sway and st.checkbox(
                t("app.choose.sway"),
                key="sway",
                help=t("app.choose.sway_help", seconds=f"{SWAY_FROM_S:g}"),
                disabled=running,
            )
    pressed = st.button(
        t("app.choose.analyse"),
        type="primary",
        disabled=video is None or running,
        key="analyse",
        icon=":material/play_arrow:",
    )
    if video is None:
        small(t("app.choose.next_upload"))
    elif session.job() is None and not pressed:
        small(t("app.choose.next_analyse"))
    if session.job() is None:
        small(t(f"app.choose.private{services.sent_suffix()}"))
    if pressed and video is not None:
        request = Request(
            video[0], video[1], exercise_id, depth, side, model, t.language, start_s, end_s, sway, int(turn)
        )
        _start(request, services.scheduler())
        st.rerun()


def _start(request: Request, cluster: str | None) -> None:
    """Start the analysis, on a Dask cluster if ``cluster`` is its address."""
    work = functools.partial(services.analyse, request, session.workspace().results(), cluster=cluster)
    session.start(UploadJob(request, work))


def _own_video(t: Translator, running: bool) -> tuple[Path, str] | None:
    uploaded = st.file_uploader(
        t("app.choose.upload"),
        help=t(f"app.choose.upload_help{services.sent_suffix()}"),
        disabled=running,
        key=f"upload-{st.session_state.get('uploader', 0)}",
    )
    if uploaded is None:
        return None
    try:
        return session.workspace().take_upload(uploaded.file_id, uploaded.name, uploaded), uploaded.name
    except OSError as error:
        st.error(t("app.ended.upload_failed", reason=error.strerror or error), icon=":material/error:")
        return None


def _sample_video(t: Translator, running: bool) -> tuple[Path, str] | None:
    try:
        known = {sample.name: sample for sample in samples()}
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")
        return None

    def suit_exercise() -> None:
        session.choose("exercise", known[st.session_state[session.choice_key("sample")]].exercise)

    titles = {name: sample.title[t.language] for name, sample in known.items()}
    name = _choose(st.selectbox, t, "sample", titles, running, on_change=suit_exercise)
    small(t("app.choose.sample_note"))
    return known[name].path, known[name].path.name


def _exercise(t: Translator, running: bool) -> str:
    names = services.exercise_names(t.language) | {AUTO: t("app.choose.exercise_auto")}
    if session.choice("exercise") is None:
        session.choose("exercise", "squat" if "squat" in names else next(iter(names)))
    return _choose(st.selectbox, t, "exercise", names, running)


def _target_depth(t: Translator, exercise_id: str, running: bool) -> float | None:
    if exercise_id == AUTO or not services.takes_depth(exercises.load(exercise_id)):
        return None
    low, high = services.DEPTH_BOUNDS_DEG
    return st.number_input(
        t("app.choose.depth"),
        min_value=low,
        max_value=high,
        value=None,
        step=5.0,
        format="%.0f",
        key="depth",
        help=t("app.choose.depth_help"),
        placeholder=t("app.choose.depth_none"),
        disabled=running,
    )


def _part(t: Translator, video: tuple[Path, str] | None, running: bool) -> tuple[float | None, float | None]:
    """Let the user choose the part of the video to analyse; return its first and last moment (s), None at an end of the video."""
    length_s = 0.0 if video is None else _length_s(video[0], video[0].stat().st_mtime_ns)
    if video is None or length_s < SHORTEST_S:
        return None, None
    first_s, last_s = st.slider(
        t("app.choose.part"),
        0.0,
        length_s,
        (0.0, length_s),
        0.1,
        format="%.1f s",
        disabled=running,
        key=f"part-{video[0].name}-{length_s}-{t.language}",
        help=t("app.choose.part_help"),
    )
    if last_s - first_s < SHORTEST_S:
        small(t("app.choose.part_short"))
        return None, None
    return first_s or None, last_s if last_s < length_s else None


@functools.lru_cache(maxsize=16)
def _length_s(path: Path, _changed_ns: int) -> float:
    """Return the length (s) of a video, rounded down to a step of the slider; 0 when it cannot be read."""
    try:
        length_s = probe(path).duration_s
    except FormcheckError:  # the analysis will say what is wrong with it
        return 0.0
    return math.floor(length_s * 10) / 10 if math.isfinite(length_s) else 0.0


def _choose(
    widget: Callable[..., Choice],
    t: Translator,
    name: str,
    labels: dict[Choice, str],
    disabled: bool,
    **options: object,
) -> Choice:
    """Show a choice and return what is chosen. It stays chosen when the language changes. ``labels``: options to their words."""
    session.restore(name, list(labels))
    chosen = widget(
        t(f"app.choose.{name}"),
        list(labels),
        format_func=labels.__getitem__,
        key=session.choice_key(name),
        disabled=disabled,
        **options,
    )
    session.remember(name, chosen)
    return chosen


@st.fragment(run_every=POLL_S)
def _watch(t: Translator) -> None:
    """Show the progress of the analysis, twice a second."""
    job = session.job()
    if job is None or job.state is not JobState.RUNNING:
        st.rerun()
    done = t("app.running.pictures", n=job.frames) if job.share is None else share(job.share, t.language)
    st.progress(
        job.share or 0.0, t("app.running.stopping") if job.cancelling else t(f"app.running.{job.stage}", done=done)
    )
    st.button(
        t("app.running.cancel"), on_click=job.cancel, disabled=job.cancelling, key="cancel", icon=":material/stop:"
    )
    small(t("app.running.hint"))


def _outcome(job: UploadJob, t: Translator) -> None:
    """Show the result of an analysis, or why there is none."""
    session.select_result(f"analysis-{session.analyses()}", identity.access_check())
    if job.state is JobState.DONE and job.outcome is not None:
        _people(job.outcome, t)
        result.show(job.outcome, t, lambda request: _start(request, services.scheduler()))
    elif job.state is JobState.CANCELLED:
        st.info(t("app.ended.cancelled"), icon=":material/info:")
        if job.stage == "waiting":
            _retry_buttons(job, t)
    elif isinstance(job.error, WorkerError):
        st.error(t("app.ended.elsewhere"), icon=":material/error:")
        _retry_buttons(job, t)
    elif isinstance(job.error, ExerciseUnclearError):
        st.warning(_segments_text(job.error.segments, t), icon=":material/help:")
    else:
        st.error(_error_text(job, t), icon=":material/error:")
        st.markdown(t("app.ended.kept"))
    result.clear_button(t)


def _people(outcome: AnalysisOutcome, t: Translator) -> None:
    """Of several people, say who was followed, and let the user choose another one: the film is analysed again."""
    person = outcome.result.record.source.person
    if person is None:
        return
    asked = "chosen" if person.on_request else "most"
    st.markdown(t(f"app.person.{asked}", count=len(person.people)))
    with st.container(horizontal=True):
        for number in range(1, len(person.people) + 1):
            with st.container(width="content"):
                st.image(outcome.person_file(number).read_bytes(), t("app.person.number", n=number), PERSON_WIDTH_PX)
                followed = number == person.number
                st.button(
                    t(f"app.person.{'followed' if followed else 'follow'}"),
                    key=f"person-{number}",
                    disabled=followed,
                    icon=":material/check:" if followed else ":material/replay:",
                    on_click=_start,
                    args=(replace(outcome.request, person=number), services.scheduler()),
                )


def _retry_buttons(job: UploadJob, t: Translator) -> None:
    """Show the buttons that repeat an analysis lost on the cluster, there or in this process."""
    with st.container(horizontal=True):
        for key, cluster in (("again", services.scheduler()), ("here", None)):
            icon = ":material/replay:" if key == "again" else ":material/computer:"
            st.button(t(f"app.ended.{key}"), key=key, icon=icon, on_click=_start, args=(job.request, cluster))


def _segments_text(stretches: list[ExerciseSegment], t: Translator) -> str:
    """Return the exercises that were found instead of one, and what to do about it."""
    names = services.exercise_names(t.language)
    lines = [
        t(
            "app.ended.stretch",
            start=clock(stretch.start_s, t.language),
            end=clock(stretch.end_s, t.language),
            names=join_words([names[name] for name in stretch.candidates], t.language, "or"),
        )
        for stretch in stretches
    ]
    asked = "not_found" if not stretches else "unsure" if len(stretches) == 1 else "several"
    return "\n".join([t(f"app.ended.{asked}"), "", *lines])


def _error_text(job: UploadJob, t: Translator) -> str:
    """Return the error in words, with the name of the file as the user knows it."""
    if isinstance(job.error, FormcheckError):
        return error_text(job.error, t.language).replace(str(job.request.video), job.request.name)
    return t("app.ended.unexpected", kind=type(job.error).__name__)
