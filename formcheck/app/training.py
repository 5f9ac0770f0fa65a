"""What the Train page does, without Streamlit: today's plan, the ticket for the live page, and what is left to answer."""

from __future__ import annotations

import functools
import json
import shutil
import uuid
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from formcheck import exercises
from formcheck.analysis.run import SetResult, run_set
from formcheck.app import identity
from formcheck.app.downloads import offers
from formcheck.app.live.component import LivePage
from formcheck.app.live.session_registry import runs
from formcheck.app.live.set_recorder import finish_left_over
from formcheck.app.live.settings import modes_for
from formcheck.app.live.tickets import Ticket
from formcheck.app.player.motion import motion
from formcheck.app.services import judges_depth, takes_depth
from formcheck.errors import StoreError
from formcheck.files.traces import poses_from_trace
from formcheck.i18n import error_text, translator
from formcheck.model.entities import PAIN_MODE_FROM, PAIN_RED
from formcheck.model.records import Source
from formcheck.reports.sentences import summary_sentence
from formcheck.spec.prescription import Prescription, planned_sets
from formcheck.synthetic import demonstration

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from formcheck.model.corrections import Corrected
    from formcheck.model.entities import Answer, Person, StoredSet, TrainingSession
    from formcheck.model.frames import Trace
    from formcheck.model.records import SetRecord
    from formcheck.spec.exercise import Exercise, ViewName

Depth = Literal["own", "shallow", "half", "deep"]
DEPTHS_DEG: dict[Depth, float] = {"shallow": 45.0, "half": 70.0, "deep": 90.0}
PLANNED = "planned"
FROM_VIDEO = "video"
"""Where the pose was found and why the set ended, of a set that was not trained in front of the camera."""
BESIDE_A_PLAN = -1
LOOKED_BACK = 50
"""In so many of the newest training sessions an earlier set is looked for."""


@dataclass(slots=True)
class Choice:
    """What the person chose for one exercise. ``amount``: repetitions, or seconds of a hold; ``view`` None: the usual one."""

    exercise: str = "squat"
    sets: int = 1
    amount: int = 10
    rest_s: int = 60
    depth: Depth = "own"
    view: ViewName | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def prescription(self) -> Prescription:
        """Return it as a prescription."""
        exercise, hold = exercises.load(self.exercise), is_hold(self.exercise)
        amount = {"hold_s": float(self.amount)} if hold else {} if clock_of(exercise) else {"repetitions": self.amount}
        depth = {}
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
    """What is to be trained, and how.

    ``after``: the newest set of the training session when it was planned (0: none). ``programme``: id and version of the programme
    that asked for it, None beside one.
    """

    prescriptions: tuple[Prescription, ...]
    pain_mode: bool = False
    voice: str = "auto"
    camera: str | None = None
    mode: str | None = None
    tryout: bool = False
    after: int = 0
    programme: tuple[int, int] | None = None


def is_hold(exercise: str) -> bool:
    return exercises.load(exercise).movement.kind == "hold_posture"


def clock_of(exercise: Exercise) -> float | None:
    """Return the seconds that a timed exercise takes, None where repetitions or a hold decide."""
    return getattr(exercise.movement, "clock_s", None)


def usual_amount(exercise: str) -> int:
    """Return the repetitions, or seconds of a hold, that an exercise begins with."""
    return 20 if is_hold(exercise) else 10


def remembered(person: Person) -> list[Choice]:
    """Return what the person trained the last time, or one squat set to begin with."""
    known = exercises.names()
    kept = [Choice(**entry) for entry in person.settings.get("train", []) if entry.get("exercise") in known]
    return kept or [Choice()]


def start(person: Person, day: date, choices: list[Choice], pain_before: int | None, **options: object) -> int:
    """Plan what the person chose for that day and remember it; see ``start_planned``."""
    training_id = start_planned(person, day, [choice.prescription() for choice in choices], pain_before, **options)
    if not options.get("tryout"):
        identity.store().people.save_settings(person.id, train=[asdict(choice) for choice in choices])
    return training_id


def start_planned(
    person: Person, day: date, prescriptions: list[Prescription], pain_before: int | None, **options: object
) -> int:
    """Plan a training session of that day and return its id. ``options``: of ``Plan``. Raises StoreError, SpecError."""
    planned_sets(prescriptions, exercises.load)  # refuses what does not fit
    training = identity.store().sessions.open(person.id, day)
    if pain_before is not None:
        identity.store().sessions.answer(training.id, "pain_before", pain_before, day)
    pain = answer_of(identity.store().sessions.answers(training.id)[training.id], "pain_before")
    after = max((kept.id for kept in identity.store().sets.of(training.id, deleted=True)), default=0)
    data = {"prescriptions": [one.model_dump(mode="json") for one in prescriptions], "after": after, **options}
    data["pain_mode"] = pain is not None and pain >= PAIN_MODE_FROM
    identity.store().sessions.add_event(training.id, PLANNED, data)
    return training.id


def plan_of(training: int) -> Plan | None:
    """Return what was planned last for a training session, None when nothing was."""
    planned = [event.data for event in identity.store().sessions.events(training) if event.kind == PLANNED]
    if not planned:
        return None
    data = dict(planned[-1])
    return Plan(tuple(Prescription.model_validate(one) for one in data.pop("prescriptions")), **data)


def live_page(person: Person, training: int, browser_session: str, language: str, host: str | None) -> LivePage | None:
    """Return the live page that goes on with a planned session from where it is; None when nothing is left to do.

    ``language``: of the page; cues that are prescribed in another language make the whole live page speak it.
    """
    plan = plan_of(training) if _is_of(person, training) else None
    if plan is None:
        return None
    language = next((one.cue_language for one in plan.prescriptions if one.cue_language), language)
    sets = planned_sets(plan.prescriptions, exercises.load)
    kept = _sets_of(training, plan)
    running = next((one for one in kept if one.state == "running"), None)
    first = running.setup["index"] if running else max((one.setup["index"] + 1 for one in kept), default=0)
    if first >= len(sets):
        return None
    default, allowed, consent_needed = modes_for(host)
    token = runs().tickets.issue(
        Ticket(
            user=_user(browser_session),
            session=browser_session,
            training_session_id=training,
            sets=sets,
            store=identity.store(),
            language=language,
            pain_mode=plan.pain_mode,
            first=first,
            resume=running.id if running else None,
            modes=allowed,
            consent_needed=consent_needed,
            outlines=identity.store().sets.outlines(person.id),
        )
    )
    resume = None
    if running is not None:
        resume = {"exercise": exercises.load(running.exercise).name[language], "counted": counted(running, language)}
    mode = plan.mode if plan.mode in allowed else default
    return LivePage(token, mode, allowed, consent_needed, plan.voice, plan.camera, resume, not plan.tryout, language)


def _is_of(person: Person, training: int) -> bool:
    try:
        return identity.store().sessions.get(training).person_id == person.id
    except StoreError as error:
        if error.code != "store_unknown":
            raise
        return False


def _user(browser_session: str) -> str:
    """Return whose live pages are counted together: those of an account in all its browsers."""
    account_id = identity.who().account_id
    return browser_session if account_id is None else f"account-{account_id}"


def _sets_of(training: int, plan: Plan) -> list[StoredSet]:
    """Return the sets that were begun since the plan was made."""
    return [one for one in identity.store().sets.of(training, deleted=True) if one.id > plan.after]


def counted(kept: StoredSet | SetRecord, language: str) -> str:
    """Return how far a set came, in words."""
    t = translator(language)
    if is_hold(kept.exercise):
        return t("train.counted_s", n=int(kept.hold_s))
    return t("train.counted", n=kept.rep_count)


def over(training: int, why: str, browser_token: str) -> bool:
    """Finish what is left of a live session; return whether there is something to ask about afterwards."""
    runs().revoke(browser_token)
    plan = plan_of(training)
    left = identity.store().sets.running(identity.store().sessions.get(training).person_id)
    if why == "finish" and left is not None and left.session_id == training:
        finish_left_over(identity.store(), left.id)
    if plan is not None and plan.tryout:
        for kept in _sets_of(training, plan):
            identity.store().sets.delete(kept.id)
        return False
    return why not in ("back", "upload") or bool(identity.store().sets.of(training))


def open_session(person: Person, day: date) -> TrainingSession | None:
    """Return the day's session that is not ended, None when there is none yet."""
    newest = next(iter(identity.store().sessions.of(person.id, limit=1)), None)
    return newest if newest and newest.day == day and newest.ended_at is None else None


def answer_of(answers: list[Answer], question: str, exercise: str | None = None) -> int | None:
    """Return an answer, None when nobody gave it."""
    return next((one.value for one in answers if one.question == question and one.exercise == exercise), None)


def in_words(kept: StoredSet, language: str) -> str:
    """Return what was done in a set, in a sentence; of one that has no record yet, how far it came."""
    exercise = exercises.load(kept.exercise)
    try:
        corrected = identity.store().sets.corrected(kept.id)
    except StoreError as error:
        if error.code != "store_record":
            raise
        return f"{exercise.name[language]}: {counted(kept, language)}. {error_text(error, language)}"
    if corrected is None:
        return f"{exercise.name[language]}: {counted(kept, language)}."
    return summary_sentence(corrected.record, exercise, language)


class Judged(Protocol):
    """A set and its exercise."""

    @property
    def result(self) -> SetResult: ...
    @property
    def exercise(self) -> Exercise: ...


@dataclass(slots=True, frozen=True)
class Measured:
    """A stored set as corrected, with its measurements. ``corrected``: what was corrected; None of one that is not stored."""

    result: SetResult
    exercise: Exercise
    corrected: Corrected | None = None

    @property
    def version(self) -> int:
        """The number of entries over the record."""
        return 0 if self.corrected is None else len(self.corrected.entries)

    def as_judged(self) -> Measured:
        """Return the set as the program judged it, without its corrections."""
        if self.corrected is None:
            return self
        return Measured(SetResult(self.corrected.original, self.result.trace), self.exercise)


def measured(set_id: int, trace_sha256: str) -> Measured:
    """Return a stored set with the measurements of every frame; ``trace_sha256`` tells one trace from another.

    The store is asked at every call: a trace in the cache is not for everyone, and a correction shows at once.
    Raises StoreError.
    """
    corrected = identity.store().sets.corrected(set_id)
    if corrected is None:
        raise _no_measurements(set_id)
    result = SetResult(corrected.record, _trace(set_id, trace_sha256))
    return Measured(result, exercises.load(corrected.record.exercise), corrected)


@functools.lru_cache(maxsize=8)
def _trace(set_id: int, trace_sha256: str) -> Trace:
    trace = identity.store().sets.trace(set_id)
    if trace is None:
        raise _no_measurements(set_id)
    return trace


def _no_measurements(set_id: int) -> StoreError:
    return StoreError(f"There is no exercise_set {set_id}.", code="store_unknown", what="exercise_set", id=set_id)


_figures: dict[str, tuple[str, float]] = {}


def figure(exercise_id: str) -> tuple[str, float]:
    """Return the address of the set that a stick figure does, and the moment (s) that shows it best."""
    known = _figures.get(exercise_id)
    if known is None or not offers().stands(known[0]):
        poses, exercise = demonstration(exercise_id), exercises.load(exercise_id)
        width, height = poses[0].size_px
        source = Source(name=exercise_id, width=width, height=height, kind="landmarks", duration_s=poses[-1].t_s)
        done = run_set(poses, exercise, source)
        turns = [rep.turn_s for rep in done.record.reps] or [
            (hold.start_s + hold.end_s) / 2 for hold in done.record.holds
        ]
        drawn = json.dumps(motion(done.record, done.trace, exercise, "en"), allow_nan=False)
        known = _figures[exercise_id] = offers().json(drawn, None), turns[0] if turns else poses[-1].t_s / 2
    return known


def judged_again(set_id: int, trace_sha256: str, prescription: str) -> SetRecord:
    """Return what today's rules make of a kept set with a prescription (JSON); ``trace_sha256`` as in ``measured``."""
    identity.store().sets.get(set_id)
    return _judged_again(set_id, trace_sha256, prescription)


@functools.lru_cache(maxsize=8)
def _judged_again(set_id: int, trace_sha256: str, prescription: str) -> SetRecord:
    kept = measured(set_id, trace_sha256)
    given = Prescription.model_validate_json(prescription)
    return run_set(
        poses_from_trace(kept.result.trace), kept.exercise, kept.result.record.source, prescription=given
    ).record


def keep_reviewed(person: Person, day: date, result: SetResult, film: tuple[Path, str, float] | None = None) -> int:
    """Keep a set that came from a video among those that were trained that day; return its id. Raises StoreError.

    ``film``: a copy of the video is kept with it (file, media type, the set's time at its beginning).
    """
    record = result.record
    prescription = record.prescription or {"exercise": record.exercise}
    setup = {"index": BESIDE_A_PLAN, "view": record.view.label}
    kept = identity.store().sets.start(
        identity.store().sessions.open(person.id, day).id, record.exercise, prescription, FROM_VIDEO, setup
    )
    identity.store().sets.finish(kept.id, record, result.trace, FROM_VIDEO)
    if film is not None:
        path, media_type, offset_s = film
        slot = identity.store().videos.slot()
        shutil.copyfile(path, slot)
        identity.store().videos.keep(kept.id, slot, media_type, offset_s)
    return kept.id


def earlier_sets(person: Person, exercise: str, before: int | None = None) -> list[tuple[StoredSet, date]]:
    """Return the person's finished sets of an exercise with their days, newest first; ``before``: only those older than it."""
    sessions = {one.id: one.day for one in identity.store().sessions.of(person.id, limit=LOOKED_BACK)}
    kept = identity.store().sets.of(*sessions)
    older = [
        one for one in kept if one.exercise == exercise and one.trace_sha256 and (before is None or one.id < before)
    ]
    return [(one, sessions[one.session_id]) for one in sorted(older, key=lambda one: -one.id)]


def pain_light(pain: int) -> Literal["green", "yellow", "red"]:
    """Return the traffic light of a pain of 0–10 (clinical-rules 7)."""
    return "red" if pain > PAIN_RED else "yellow" if pain >= PAIN_MODE_FROM else "green"
