"""The work of the Train page, without Streamlit: today's plan, the ticket for the live page, and the stored sets.

Functions take the store with the rights of the person who asks, and may raise StoreError.
"""

from __future__ import annotations

import functools
import json
import shutil
import uuid
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from formcheck import exercises
from formcheck.analysis.run import SetResult, run_set
from formcheck.analysis.stored_set import judge_again
from formcheck.app.downloads import private_downloads
from formcheck.app.live.component import LivePage
from formcheck.app.live.session_registry import live_sessions
from formcheck.app.live.set_recorder import finish_left_over
from formcheck.app.live.settings import modes_for
from formcheck.app.live.tickets import Ticket
from formcheck.app.player.motion import motion
from formcheck.app.services import judges_depth, takes_depth
from formcheck.errors import StoreError
from formcheck.i18n import error_text, translator
from formcheck.model.entities import PAIN_MODE_FROM, PAIN_RED
from formcheck.model.records import Source
from formcheck.reports.sentences import summary_sentence
from formcheck.spec.prescription import Prescription, planned_sets
from formcheck.synthetic import demonstration

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from formcheck.app.live.protocol import PoseMode
    from formcheck.model.corrections import Corrected
    from formcheck.model.entities import Answer, Person, StoredSet, TrainingSession
    from formcheck.model.frames import Trace
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise, ViewName
    from formcheck.store.access import AuthorisedStore

Depth = Literal["own", "shallow", "half", "deep"]
DEPTHS_DEG: dict[Depth, float] = {"shallow": 45.0, "half": 70.0, "deep": 90.0}
"""Target depths to choose from (knee flexion, default)."""
Voice = Literal["auto", "files", "off"]
PLANNED = "planned"
FROM_VIDEO = "video"
"""The ``pose_in`` and ``why_ended`` of a set that comes from a video."""
BESIDE_A_PLAN = -1
"""The index of a set that belongs to no plan."""
LOOKED_BACK = 50
"""Earlier sets are searched in this many of the newest training sessions (default)."""


@dataclass(slots=True)
class ExerciseChoice:
    """The person's choice for one exercise. ``amount``: repetitions, or seconds of a hold; ``view``: None for the usual one."""

    exercise: str = "squat"
    sets: int = 1
    amount: int = 10
    rest_s: int = 60
    depth: Depth = "own"
    view: ViewName | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def prescription(self) -> Prescription:
        """Return the choice as a prescription."""
        exercise, hold = exercises.load(self.exercise), is_hold(self.exercise)
        amount: dict[str, Any] = {}
        if hold:
            amount = {"hold_s": float(self.amount)}
        elif clock_of(exercise) is None:
            amount = {"repetitions": self.amount}
        depth: dict[str, Any] = {}
        if takes_depth(exercise) and self.depth != "own":
            depth = {"target_depth_deg": DEPTHS_DEG[self.depth]}
        elif judges_depth(exercise) and not hold:
            depth = {"own_depth": True}
        view = self.view if self.view in exercise.views else None
        return Prescription(
            exercise=self.exercise, sets=self.sets, rest_s=float(self.rest_s), view=view, **amount, **depth
        )


@dataclass(slots=True, frozen=True)
class Plan:
    """The plan of a training session.

    ``after``: the newest set of the session at the time of planning (0: none). ``programme``: id and version of the programme
    behind the plan; None without one.
    """

    prescriptions: tuple[Prescription, ...]
    pain_mode: bool = False
    voice: Voice = "auto"
    camera: str | None = None
    mode: PoseMode | None = None
    tryout: bool = False
    after: int = 0
    programme: tuple[int, int] | None = None


def is_hold(exercise: str) -> bool:
    """Return whether an exercise is a hold."""
    return exercises.load(exercise).movement.kind == "hold_posture"


def clock_of(exercise: Exercise) -> float | None:
    """Return the duration of a timed exercise (s); None for any other."""
    return getattr(exercise.movement, "clock_s", None)


def usual_amount(exercise: str) -> int:
    """Return the usual repetitions of an exercise, or seconds of a hold (default)."""
    return 20 if is_hold(exercise) else 10


def last_choices(person: Person) -> list[ExerciseChoice]:
    """Return the person's choices of the last time, or one set of squats."""
    known = exercises.names()
    kept = [ExerciseChoice(**entry) for entry in person.settings.get("train", []) if entry.get("exercise") in known]
    return kept or [ExerciseChoice()]


def start(
    store: AuthorisedStore,
    person: Person,
    day: date,
    choices: list[ExerciseChoice],
    pain_before: int | None,
    **options: object,
) -> int:
    """Plan the person's choices for a day, and keep them for the next time. See ``start_planned``."""
    prescriptions = [choice.prescription() for choice in choices]
    training_session_id = start_planned(store, person, day, prescriptions, pain_before, **options)
    if not options.get("tryout"):
        store.people.save_settings(person.id, train=[asdict(choice) for choice in choices])
    return training_session_id


def start_planned(
    store: AuthorisedStore,
    person: Person,
    day: date,
    prescriptions: list[Prescription],
    pain_before: int | None,
    **options: object,
) -> int:
    """Plan a training session of a day, and return its id. ``options``: of ``Plan``. Raises StoreError and SpecError."""
    planned_sets(prescriptions, exercises.load)  # refuses impossible prescriptions
    training = store.sessions.open(person.id, day)
    if pain_before is not None:
        store.sessions.answer(training.id, "pain_before", pain_before, day)
    pain = answer_of(store.sessions.answers(training.id)[training.id], "pain_before")
    after = max((stored.id for stored in store.sets.of(training.id, deleted=True)), default=0)
    data = {"prescriptions": [one.model_dump(mode="json") for one in prescriptions], "after": after, **options}
    data["pain_mode"] = pain is not None and pain >= PAIN_MODE_FROM
    store.sessions.add_event(training.id, PLANNED, data)
    return training.id


def plan_of(store: AuthorisedStore, training_session_id: int) -> Plan | None:
    """Return the newest plan of a training session; None without one."""
    planned = [event.data for event in store.sessions.events(training_session_id) if event.kind == PLANNED]
    if not planned:
        return None
    data = dict(planned[-1])
    return Plan(tuple(Prescription.model_validate(one) for one in data.pop("prescriptions")), **data)


def live_page(
    store: AuthorisedStore,
    person: Person,
    training_session_id: int,
    browser_session: str,
    language: str,
    host: str | None,
) -> LivePage | None:
    """Return the live page that continues a planned session; None when no set is left.

    ``language``: of the page. If cues are prescribed in another language, the whole live page speaks that language.
    """
    plan = plan_of(store, training_session_id) if _owns(store, person, training_session_id) else None
    if plan is None:
        return None
    language = next((one.cue_language for one in plan.prescriptions if one.cue_language), language)
    sets = planned_sets(plan.prescriptions, exercises.load)
    kept = _sets_of(store, training_session_id, plan)
    running = next((one for one in kept if one.state == "running"), None)
    first = running.setup["index"] if running else max((one.setup["index"] + 1 for one in kept), default=0)
    if first >= len(sets):
        return None
    default, allowed, consent_needed = modes_for(host)
    token = live_sessions().tickets.issue(
        Ticket(
            user=_user(store, browser_session),
            session=browser_session,
            training_session_id=training_session_id,
            sets=sets,
            store=store,
            language=language,
            pain_mode=plan.pain_mode,
            first=first,
            resume=running.id if running else None,
            modes=allowed,
            consent_needed=consent_needed,
            outlines=store.sets.outlines(person.id),
        )
    )
    resume = None
    if running is not None:
        resume = {"exercise": exercises.load(running.exercise).name[language], "counted": count_text(running, language)}
    mode = plan.mode if plan.mode is not None and plan.mode in allowed else default
    return LivePage(token, mode, allowed, consent_needed, plan.voice, plan.camera, resume, not plan.tryout, language)


def _owns(store: AuthorisedStore, person: Person, training_session_id: int) -> bool:
    try:
        return store.sessions.get(training_session_id).person_id == person.id
    except StoreError as error:
        if error.code != "store_unknown":
            raise
        return False


def _user(store: AuthorisedStore, browser_session: str) -> str:
    """Return the key under which live pages are counted: the account in all its browsers, else the browser session."""
    account_id = store.who().account_id
    return browser_session if account_id is None else f"account-{account_id}"


def _sets_of(store: AuthorisedStore, training_session_id: int, plan: Plan) -> list[StoredSet]:
    """Return the sets that began after the plan was made."""
    return [one for one in store.sets.of(training_session_id, deleted=True) if one.id > plan.after]


def count_text(kept: StoredSet | SetRecord, language: str) -> str:
    """Return the count or held seconds of a set, in words."""
    t = translator(language)
    if is_hold(kept.exercise):
        return t("train.counted_s", n=int(kept.hold_s))
    return t("train.counted", n=kept.rep_count)


def finish_session(store: AuthorisedStore, training_session_id: int, why: str, token: str) -> bool:
    """Finish a live session, and return whether the page should ask questions about it. ``token``: of the live page."""
    live_sessions().revoke(token)
    plan = plan_of(store, training_session_id)
    running = store.sets.running(store.sessions.get(training_session_id).person_id)
    if why == "finish" and running is not None and running.session_id == training_session_id:
        finish_left_over(store, running.id)
    if plan is not None and plan.tryout:
        for stored in _sets_of(store, training_session_id, plan):
            store.sets.delete(stored.id)
        return False
    return why not in ("back", "upload") or bool(store.sets.of(training_session_id))


def open_session(store: AuthorisedStore, person: Person, day: date) -> TrainingSession | None:
    """Return the day's training session that has not ended; None without one."""
    newest = next(iter(store.sessions.of(person.id, limit=1)), None)
    return newest if newest and newest.day == day and newest.ended_at is None else None


def answer_of(answers: list[Answer], question: str, exercise: str | None = None) -> int | None:
    """Return the answer to a question; None without one."""
    return next((one.value for one in answers if one.question == question and one.exercise == exercise), None)


def summary_of(store: AuthorisedStore, kept: StoredSet, language: str) -> str:
    """Return a sentence about a set: its summary or, without a readable record, its count."""
    exercise = exercises.load(kept.exercise)
    try:
        corrected = store.sets.corrected(kept.id)
    except StoreError as error:
        if error.code != "store_record":
            raise
        return f"{exercise.name[language]}: {count_text(kept, language)}. {error_text(error, language)}"
    if corrected is None:
        return f"{exercise.name[language]}: {count_text(kept, language)}."
    return summary_sentence(corrected.record, exercise, language)


class JudgedSet(Protocol):
    """A set and its exercise."""

    @property
    def result(self) -> SetResult:
        """Return record and trace."""

    @property
    def exercise(self) -> Exercise:
        """Return the exercise."""


@dataclass(slots=True, frozen=True)
class RemeasuredSet:
    """A set as corrected, with its measurements. ``corrected``: its corrections; None for a set that is not stored."""

    result: SetResult
    exercise: Exercise
    corrected: Corrected | None = None

    @property
    def version(self) -> int:
        """Return the number of entries over the record."""
        return 0 if self.corrected is None else len(self.corrected.entries)

    def as_judged(self) -> RemeasuredSet:
        """Return the set as the program judged it, without its corrections."""
        if self.corrected is None:
            return self
        return RemeasuredSet(SetResult(self.corrected.original, self.result.trace), self.exercise)


@dataclass(slots=True, frozen=True)
class _StoredTrace:
    """One trace of a stored set, the key of a cache. The store that reads it makes no difference."""

    set_id: int
    trace_sha256: str
    store: AuthorisedStore = field(compare=False, repr=False)


def measured_set(store: AuthorisedStore, set_id: int, trace_sha256: str) -> RemeasuredSet:
    """Return a stored set with the measurements of every frame. ``trace_sha256`` identifies its trace.

    Every call reads the store: a trace in the cache is not for everyone, and a correction shows at once.
    """
    corrected = store.sets.corrected(set_id)
    if corrected is None:
        raise _no_measurements(set_id)
    result = SetResult(corrected.record, _trace(_StoredTrace(set_id, trace_sha256, store)))
    return RemeasuredSet(result, exercises.load(corrected.record.exercise), corrected)


@functools.lru_cache(maxsize=8)
def _trace(stored: _StoredTrace) -> Trace:
    trace = stored.store.sets.trace(stored.set_id)
    if trace is None:
        raise _no_measurements(stored.set_id)
    return trace


def _no_measurements(set_id: int) -> StoreError:
    return StoreError(f"There is no exercise_set {set_id}.", code="store_unknown", what="exercise_set", id=set_id)


_figures: dict[str, tuple[str, float]] = {}


def stick_figure(exercise_id: str) -> tuple[str, float]:
    """Return the address of a stick figure's demonstration set, and the moment (s) that shows the exercise best."""
    known = _figures.get(exercise_id)
    if known is None or not private_downloads().is_valid(known[0]):
        poses, exercise = demonstration(exercise_id), exercises.load(exercise_id)
        width, height = poses[0].size_px
        source = Source(name=exercise_id, width=width, height=height, kind="landmarks", duration_s=poses[-1].t_s)
        done = run_set(poses, exercise, source)
        turns = [rep.turn_s for rep in done.record.reps] or [
            (hold.start_s + hold.end_s) / 2 for hold in done.record.holds
        ]
        drawn = json.dumps(motion(done.record, done.trace, exercise, "en"), allow_nan=False)
        known = _figures[exercise_id] = (
            private_downloads().offer_json(drawn, None),
            turns[0] if turns else poses[-1].t_s / 2,
        )
    return known


def rejudge(store: AuthorisedStore, set_id: int, trace_sha256: str, prescription: str) -> SetRecord:
    """Return the record of a stored set by today's rules and a prescription (JSON). ``trace_sha256``: see ``measured_set``."""
    store.sets.get(set_id)  # checks the rights, since the cache serves all users
    return _rejudge(_StoredTrace(set_id, trace_sha256, store), prescription)


@functools.lru_cache(maxsize=8)
def _rejudge(stored: _StoredTrace, prescription: str) -> SetRecord:
    measured = measured_set(stored.store, stored.set_id, stored.trace_sha256)
    given = Prescription.model_validate_json(prescription)
    return judge_again(measured.result.record, measured.result.trace, prescription=given).record


def keep_from_video(
    store: AuthorisedStore, person: Person, day: date, result: SetResult, film: tuple[Path, str, float] | None = None
) -> int:
    """Store a set from a video among the sets of a day, and return its id.

    ``film``: the video to keep with it (file, media type, the set's time at its beginning); None keeps none.
    """
    record = result.record
    prescription = record.prescription or {"exercise": record.exercise}
    setup = {"index": BESIDE_A_PLAN, "view": record.view.label}
    training = store.sessions.open(person.id, day)
    kept = store.sets.start(training.id, record.exercise, prescription, FROM_VIDEO, setup)
    store.sets.finish(kept.id, record, result.trace, FROM_VIDEO)
    if film is not None:
        path, media_type, offset_s = film
        slot = store.videos.slot()
        shutil.copyfile(path, slot)
        store.videos.keep(kept.id, slot, media_type, offset_s)
    return kept.id


def earlier_sets(
    store: AuthorisedStore, person: Person, exercise: str, before: int | None = None
) -> list[tuple[StoredSet, date]]:
    """Return the person's finished sets of an exercise with their days, newest first. ``before``: only sets before this one."""
    sessions = {one.id: one.day for one in store.sessions.of(person.id, limit=LOOKED_BACK)}
    older = [
        one
        for one in store.sets.of(*sessions)
        if one.exercise == exercise and one.trace_sha256 and (before is None or one.id < before)
    ]
    return [(one, sessions[one.session_id]) for one in sorted(older, key=lambda one: -one.id)]


def pain_light(pain: int) -> Literal["green", "yellow", "red"]:
    """Return the traffic light of a pain of 0–10 (clinical-rules 7)."""
    return "red" if pain > PAIN_RED else "yellow" if pain >= PAIN_MODE_FROM else "green"
