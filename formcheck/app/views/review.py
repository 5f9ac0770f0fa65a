"""The Review page: choose a video, watch the analysis, read the result."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import streamlit as st

from formcheck import exercises
from formcheck.analysis.recognition import AUTO, ExerciseSegment
from formcheck.analysis.request import Unsure, sways
from formcheck.app import identity, services, session
from formcheck.app.services import Request, State, UploadJob
from formcheck.app.views import POLL_S, result, small
from formcheck.engine.signals.sway import HOLD_FROM_S as SWAY_FROM_S
from formcheck.errors import FormcheckError, WorkerError
from formcheck.files.samples import samples
from formcheck.i18n import Translator, error_text, joined
from formcheck.i18n.numbers import clock, share
from formcheck.video.files import probe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHORTEST_S = 1.0
SOURCES, SIDES, MODELS = ("own", "sample"), ("auto", "left", "right"), ("full", "lite")


def show(t: Translator) -> None:
    """Draw the page for the state that this session is in."""
    job = session.job()
    running = job is not None and job.state is State.RUNNING
    st.title(t("app.review.title"), anchor=False)
    if job is None:
        st.markdown(t("app.review.intro"))
        small(t("app.review.tip"))
    if st.session_state.pop("cleared", False):
        st.success(t("app.clear.done"), icon=":material/check:")
    finished = job is not None and job.state is State.DONE
    panel = t("app.choose.again" if finished else "app.choose.panel")
    with st.expander(panel, expanded=not (finished or running), icon=":material/video_file:"):
        _choices(t, running)
    if running:
        _watch(t)
    elif job is not None:
        _ended(job, t)


def _choices(t: Translator, running: bool) -> None:
    """Let the person choose video, exercise and target; start the analysis when they ask for it."""
    left, right = st.columns(2, gap="large")
    with left:
        source = _chosen(
            st.radio, t, "source", {name: t(f"app.choose.source_{name}") for name in SOURCES}, running, horizontal=True
        )
        video = _own_video(t, running) if source == "own" else _sample_video(t, running)
    with right:
        exercise_id = _exercise(t, running)
        depth = _target_depth(t, exercise_id, running)
        with st.expander(t("app.choose.more")):
            side = _chosen(st.selectbox, t, "side", {name: t(f"app.choose.side_{name}") for name in SIDES}, running)
            model = _chosen(st.selectbox, t, "model", {name: t(f"app.choose.model_{name}") for name in MODELS}, running)
            start_s, end_s = _part(t, video, running)
            may_sway = exercise_id != AUTO and sways(exercises.load(exercise_id))
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
        small(t(f"app.choose.private{services.sent()}"))
    if pressed and video is not None:
        request = Request(video[0], video[1], exercise_id, depth, side, model, t.language, start_s, end_s, sway)
        _start(request, services.scheduler())
        st.rerun()


def _start(request: Request, cluster: str | None) -> None:
    """Start the analysis, on a Dask cluster where its address is given."""
    work = functools.partial(services.analyse, request, session.workspace().results(), cluster=cluster)
    session.start(UploadJob(request, work))


def _own_video(t: Translator, running: bool) -> tuple[Path, str] | None:
    uploaded = st.file_uploader(
        t("app.choose.upload"),
        help=t(f"app.choose.upload_help{services.sent()}"),
        disabled=running,
        key=f"upload-{st.session_state.get('uploader', 0)}",
    )
    if uploaded is None:
        return None
    try:
        return session.workspace().received(uploaded.file_id, uploaded.name, uploaded), uploaded.name
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
    name = _chosen(st.selectbox, t, "sample", titles, running, on_change=suit_exercise)
    small(t("app.choose.sample_note"))
    return known[name].path, known[name].path.name


def _exercise(t: Translator, running: bool) -> str:
    names = services.exercise_names(t.language) | {AUTO: t("app.choose.exercise_auto")}
    if session.choice("exercise") is None:
        session.choose("exercise", "squat" if "squat" in names else next(iter(names)))
    return _chosen(st.selectbox, t, "exercise", names, running)


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
    """Let the person choose the part of the video to look at; None where it is not narrowed."""
    length_s = _length_s(*_stamp(video[0])) if video is not None else 0.0
    if length_s < SHORTEST_S:
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


def _stamp(path: Path) -> tuple[Path, int]:
    return path, path.stat().st_mtime_ns


@functools.lru_cache(maxsize=16)
def _length_s(path: Path, _changed_ns: int) -> float:
    """Return how long a video is, rounded down to what the slider shows; 0 when it cannot be read or does not say."""
    try:
        length_s = probe(path).duration_s
    except FormcheckError:  # the analysis tells what is wrong with it
        return 0.0
    return math.floor(length_s * 10) / 10 if math.isfinite(length_s) else 0.0


def _chosen(
    widget: Callable[..., str], t: Translator, name: str, labels: dict[str, str], disabled: bool, **options: object
) -> str:
    """Show a choice (option to its words) and return what is chosen, which stays chosen when the language changes."""
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
    """Show how far the worker is, twice a second."""
    job = session.job()
    if job is None or job.state is not State.RUNNING:
        st.rerun()
    done = t("app.running.pictures", n=job.frames) if job.share is None else share(job.share, t.language)
    st.progress(
        job.share or 0.0, t("app.running.stopping") if job.cancelling else t(f"app.running.{job.stage}", done=done)
    )
    st.button(
        t("app.running.cancel"), on_click=job.cancel, disabled=job.cancelling, key="cancel", icon=":material/stop:"
    )
    small(t("app.running.hint"))


def _ended(job: UploadJob, t: Translator) -> None:
    session.select_result(f"analysis-{session.analyses()}", identity.still_counts())
    if job.state is State.DONE and job.outcome is not None:
        result.show(job.outcome, t)
    elif job.state is State.CANCELLED:
        st.info(t("app.ended.cancelled"), icon=":material/info:")
        if job.stage == "waiting":
            _again(job, t)
    elif isinstance(job.error, WorkerError):
        st.error(t("app.ended.elsewhere"), icon=":material/error:")
        _again(job, t)
    elif isinstance(job.error, Unsure):
        st.warning(_question(job.error.stretches, t), icon=":material/help:")
    else:
        st.error(_sentence(job, t), icon=":material/error:")
        st.markdown(t("app.ended.kept"))
    result.clear_button(t)


def _again(job: UploadJob, t: Translator) -> None:
    """Offer what did not come back from the cluster once more, there or in this process."""
    with st.container(horizontal=True):
        for key, cluster in (("again", services.scheduler()), ("here", None)):
            icon = ":material/replay:" if key == "again" else ":material/computer:"
            st.button(t(f"app.ended.{key}"), key=key, icon=icon, on_click=_start, args=(job.request, cluster))


def _question(stretches: list[ExerciseSegment], t: Translator) -> str:
    """Say what was found in place of one exercise, and what to do."""
    names = services.exercise_names(t.language)
    lines = [
        t(
            "app.ended.stretch",
            start=clock(stretch.start_s, t.language),
            end=clock(stretch.end_s, t.language),
            names=joined([names[name] for name in stretch.candidates], t.language, "or"),
        )
        for stretch in stretches
    ]
    asked = "not_found" if not stretches else "unsure" if len(stretches) == 1 else "several"
    return "\n".join([t(f"app.ended.{asked}"), "", *lines])


def _sentence(job: UploadJob, t: Translator) -> str:
    """Say what happened, with the name that the person knows the file by."""
    if isinstance(job.error, FormcheckError):
        return error_text(job.error, t.language).replace(str(job.request.video), job.request.name)
    return t("app.ended.unexpected", kind=type(job.error).__name__)
