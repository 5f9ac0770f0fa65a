"""The coach of a training session: from the set-up check through every set and rest to the end, hands-free.

    setup ─(all lights green)─> ready ─(standing still)─> countin ─> set ─> rest ─> setup … ─> done
    set <─> paused (out of the picture, a hidden page, a button, a sudden loss)        any ─(Stop)─> stopped

Events and their data: ``set_started`` {index, exercise, ignored, outline}; ``repetition`` {index, counted, side, start_s, turn_s,
end_s, depth_deg, excursion_deg, faults}; ``hold_clock`` {hold_s, in_form_s}; ``set_finished`` {index, result, why, empty};
``paused`` {why}; ``resumed``; ``stopped`` {reason}; ``set_deleted`` and ``set_restored`` {index}; ``session_done``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formcheck.coach.body_events import CollapseOrExitDetector, StandingStill
from formcheck.coach.display import Display, buttons_of
from formcheck.coach.live_set import LiveSet
from formcheck.coach.messages import ASKS_IF_ALL_RIGHT, CoachEvent, CoachState, DisplayUpdate
from formcheck.coach.preparation import COUNT_IN_S, CountIn, Preparation, outline
from formcheck.coach.set_clock import SetClock
from formcheck.coach.setup import PictureFacts
from formcheck.coach.speech import Priority, Utterance, spoken_remedy, utter
from formcheck.reports.sentences import summary_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from formcheck.coach.display import Outline
    from formcheck.coach.messages import CoachStage, DisplayData, WhyEnded, WhyPaused
    from formcheck.model.frames import Pose
    from formcheck.spec.prescription import PlannedSet

READY_S = 1.5  # standing still this long, with every light green, starts the count-in (default)
BACK_S = 1.5  # standing still this long after a pause continues the set (default)
ALL_RIGHT_S = 3.0  # the same where the coach asked whether the person is all right (default)
REPEAT_ADVICE_S = 8.0  # advice that still holds is repeated after this time (default)


class Coach:
    """Runs one training session. One thread feeds it. Its only clock is the poses' ``t_s``, which rises.

    Parameters
    ----------
    sets : sequence of PlannedSet
        The sets of the session, in order.
    language : str
        Language of speech and display.
    pain_mode : bool
        Whether the person reported pain of 3 or more. Then no cue asks for more.
    first : int
        Index of the first set to do.
    outlines : dict of str to Outline, optional
        Exercise and view (``squat/front``) to the landmarks of the last time.
    pose_in, software
        Where the pose is computed, and by what software. The records name both; they may change between sets.
    on_pose : callable, optional
        Gets every pose of a running set, in the set's own time.

    Attributes
    ----------
    stage : CoachStage
        The stage of the session.
    live_set : LiveSet or None
        The running or paused set.
    summary : str or None
        The summary of the last finished set, in words.
    """

    def __init__(
        self,
        sets: Sequence[PlannedSet],
        *,
        language: str = "en",
        pain_mode: bool = False,
        first: int = 0,
        outlines: dict[str, Outline] | None = None,
        pose_in: str = "browser",
        software: dict[str, str] | None = None,
        on_pose: Callable[[Pose], None] | None = None,
    ) -> None:
        self.sets, self._language, self._pain_mode = tuple(sets), language, pain_mode
        self.pose_in, self.software, self._on_pose = pose_in, software or {}, on_pose
        self._display = Display(language, outlines or {})
        self._t_s = self._stage_since_s = self._rest_s = 0.0
        self._pose: Pose | None = None
        self.stage: CoachStage = "setup"
        self.live_set: LiveSet | None = None
        self._clock = SetClock(0.0)
        self._still, self._loss = StandingStill(), CollapseOrExitDetector()
        self._count_in = CountIn(0.0)
        self._paused_why: WhyPaused | None = None
        self.summary: str | None = None
        self._last_finished: int | None = None
        self._deleted = False
        self._advised: tuple[str | None, float] = (None, -math.inf)
        self._say: list[Utterance] = []
        self._events: list[CoachEvent] = []
        self._actions: dict[str, Callable[[], None]] = {
            "start": self._start,
            "anyway": self._start_despite_setup,
            "pause": lambda: self._pause("button"),
            "resume": self._resume_set,
            "finish": lambda: self._finish_set("button"),
            "skip_rest": self._skip_rest,
            "end": self._end,
            "delete_set": self._delete_set,
            "undo_delete": self._undo_delete,
        }
        self._prepare(first)

    @property
    def finished(self) -> bool:
        """True when the session is over."""
        return self.stage in ("done", "stopped")

    @property
    def planned(self) -> PlannedSet:
        """Return the set that runs, or comes next."""
        return self.sets[self._index]

    @property
    def next_set(self) -> PlannedSet | None:
        """Return the set after the present one."""
        return self.sets[self._index + 1] if self._index + 1 < len(self.sets) else None

    @property
    def begun_s(self) -> float:
        """Return the poses' time at the running set's time 0; minus infinity until an interrupted set goes on."""
        return self._clock.begun_s

    def update(self, pose: Pose, facts: PictureFacts | None = None) -> DisplayUpdate:
        """Take one picture's pose.

        Parameters
        ----------
        pose : Pose
            The pose; times rise.
        facts : PictureFacts, optional
            The picture's other facts, for the set-up check.

        Returns
        -------
        DisplayUpdate
            Its effects.

        Raises
        ------
        SourceError
            If the time does not rise during a set.
        """
        before_s, self._t_s, self._pose = self._t_s, pose.t_s, pose
        if self.stage in ("setup", "ready"):
            self._check_setup(pose, facts or PictureFacts())
        elif self.stage == "countin":
            self._count_down(pose)
        elif self.stage in ("set", "paused") and self.live_set is not None:
            for empty in self._clock.fill_gap(self.live_set.last_s, before_s, pose):
                self.live_set.catch_up(empty)
            self._follow(self.live_set, pose)
        elif self.stage == "rest" and self._rest_left_s <= 0:
            self._skip_rest()
        return self._take_update()

    def command(self, t_s: float, name: str, why: str = "button", reason: str | None = None) -> DisplayUpdate:
        """Carry out a button or key. A command that makes no sense now does nothing.

        Parameters
        ----------
        t_s : float
            Now, in the poses' seconds.
        name : str
            ``stop``, ``hidden``, or one of ``buttons``.
        why : str
            ``hidden`` for a pause because the page is hidden.
        reason : str, optional
            The person's own words after ``stop``.

        Returns
        -------
        DisplayUpdate
            Its effects.
        """
        self._t_s = max(self._t_s, t_s)
        if name == "stop":
            self._stop(reason)
        elif name == "hidden" or (name == "pause" and why == "hidden"):
            self._pause("hidden")
        elif name in self.buttons():
            self._actions[name]()
        return self._take_update()

    def resume(self, poses: Iterable[Pose]) -> None:
        """Take up an interrupted set: its poses run through the engine again, in silence. Then it is paused.

        Parameters
        ----------
        poses : iterable of Pose
            The set's poses, in the set's own times. The set goes on at the next pose's time.
        """
        live_set = self._open_set(begun_s=-math.inf)
        for pose in poses:
            live_set.catch_up(pose)
        self._stage("paused")
        self._paused_why = "left"

    def close(self) -> DisplayUpdate:
        """End the session because the page is gone. A running set is finished as it is.

        Returns
        -------
        DisplayUpdate
            Its effects.
        """
        self._finish_set("left_page")
        self._stage("done")
        return self._take_update()

    # Stages

    def _prepare(self, index: int) -> None:
        self._index = index
        self._say.clear()
        self._preparation = Preparation(self.planned)
        self._stage("setup")

    def _stage(self, stage: CoachStage) -> None:
        self.stage, self._stage_since_s = stage, self._t_s
        self._advised = (None, -math.inf)

    def _check_setup(self, pose: Pose, facts: PictureFacts) -> None:
        preparation = self._preparation
        still_s = preparation.update(pose, facts)
        if not preparation.check.all_ok:
            if self.stage == "ready":
                self._stage("setup")
            self._advise(preparation.check.advice)
        elif preparation.floor:
            self._start()
        else:
            if self.stage != "ready":
                self._stage("ready")
            self._advise("say.good_stand_still")
            if min(still_s, self._t_s - self._stage_since_s) >= READY_S:
                self._start()

    def _advise(self, key: str | None) -> None:
        said, at_s = self._advised
        if key is not None and (key != said or self._t_s - at_s >= REPEAT_ADVICE_S):
            self._advised = (key, self._t_s)
            self._speak(Priority.CUE, key)

    def _count_down(self, pose: Pose) -> None:
        self._preparation.remember(pose, COUNT_IN_S)
        number = self._count_in.update(pose)
        if self._count_in.person_gone:
            self._prepare(self._index)
        elif number == 0:
            self._speak(Priority.OTHER, "say.go")
            self._begin_set()
        elif number is not None:
            self._speak(Priority.NUMBER, f"number.{number}")

    def _begin_set(self) -> None:
        lead = self._preparation.take_lead() or ([self._pose] if self._pose else [])
        live_set = self._open_set(begun_s=lead[0].t_s if lead else self._t_s)
        data = {
            "index": self._index,
            "exercise": self.planned.exercise,
            "ignored": self._preparation.ignored,
            "outline": outline(lead[-1]) if lead and lead[-1].seen else None,
        }
        self._events.append(CoachEvent("set_started", 0.0, data))
        for pose in lead:
            live_set.catch_up(self._clock.set_pose(pose))
        self._stage("set")

    def _open_set(self, begun_s: float) -> LiveSet:
        self.live_set = LiveSet(self.planned, self._language, pain_mode=self._pain_mode, on_pose=self._on_pose)
        self.summary, self._last_finished, self._deleted = None, None, False
        self._clock, self._loss = SetClock(begun_s), CollapseOrExitDetector()
        return self.live_set

    def _follow(self, live_set: LiveSet, pose: Pose) -> None:
        if self.stage == "paused":
            live_set.catch_up(self._clock.empty_pose(pose))
            self._resume_if_back(pose)
            return
        self._say += live_set.update(self._clock.set_pose(pose))
        self._events += live_set.new_events()
        if live_set.ended:
            self._finish_set(live_set.ended)
            return
        why = self._loss.update(pose, live_set.in_effort)
        if why is not None and not (self._preparation.floor and why == "sudden"):
            self._pause(why)

    def _pause(self, why: WhyPaused) -> None:
        if self.stage == "countin":
            self._prepare(self._index)
        if self.stage != "set" or self.live_set is None:
            return
        self._paused_why = why
        self._stage("paused")
        self._still = StandingStill()
        self._events.append(CoachEvent("paused", self.live_set.last_s, {"why": why}))
        self._say.clear()
        spoken = {"left": "say.step_back_in", "sudden": "say.are_you_all_right", "lost": "say.are_you_all_right"}
        self._speak(Priority.NOW, spoken.get(why, "say.paused"))

    def _resume_if_back(self, pose: Pose) -> None:
        still_s = self._still.update(pose)
        if self._paused_why in ("button", "hidden"):
            return
        needed_s = ALL_RIGHT_S if self._paused_why in ASKS_IF_ALL_RIGHT else BACK_S
        lying_again = self._preparation.floor and pose.seen and self._t_s - self._stage_since_s >= needed_s
        if lying_again or (not self._preparation.floor and still_s >= needed_s):
            self._resume_set()

    @property
    def _rest_left_s(self) -> float:
        """Return what is left of the rest, in seconds."""
        return max(0.0, self._rest_s - (self._t_s - self._stage_since_s))

    def _finish_set(self, why: WhyEnded) -> None:
        live_set, self.live_set = self.live_set, None
        if live_set is None:
            return
        result = live_set.finish(self.pose_in, self.software)
        data = {"index": self._index, "result": result, "why": why, "empty": live_set.empty}
        self._events.append(CoachEvent("set_finished", live_set.last_s, data))
        self._last_finished = None if live_set.empty else self._index
        left = why in ("stop", "left_page")
        unexplained = left and live_set.empty
        self.summary = None if unexplained else summary_sentence(result.record, live_set.exercise, self._language)
        self._speak(Priority.OTHER, "say.done" if why == "target" else "say.set_ended")
        if left:
            return
        remedy = spoken_remedy(result.record.nothing)
        if remedy:
            self._speak(Priority.OTHER, *remedy)
        next_set = self.next_set
        if next_set is not None:
            same = next_set.exercise == self.planned.exercise
            self._rest_s = self.planned.rest_s
            self._stage("rest")
            self._speak(Priority.OTHER, "say.rest", *(() if same else ("say.next_is", f"name.{next_set.exercise}")))
        else:
            self._end_session()

    def _end_session(self) -> None:
        self._stage("done")
        self._speak(Priority.OTHER, "say.session_done")
        self._events.append(CoachEvent("session_done", 0.0))

    def _stop(self, reason: str | None) -> None:
        if self.finished:
            return
        at_s = self.live_set.last_s if self.live_set else 0.0
        self._finish_set("stop")
        self._say.clear()
        self._events.append(CoachEvent("stopped", at_s, {"reason": reason}))
        self._stage("stopped")
        self._speak(Priority.NOW, "say.stopped")

    # Buttons: ``buttons`` says when, and these say what each does

    def buttons(self) -> list[str]:
        """Return the commands that make sense now.

        Returns
        -------
        list of str
            Their names, in the order of display.
        """
        ready = self.stage == "ready" or self._preparation.check.all_ok
        return buttons_of(self.stage, ready=ready, deletable=self._last_finished is not None, deleted=self._deleted)

    def _start(self) -> None:
        if self._preparation.floor:
            self._speak(Priority.OTHER, "say.get_into_position")
            self._begin_set()
            return
        self._stage("countin")
        self._count_in = CountIn(self._t_s)

    def _start_despite_setup(self) -> None:
        self._preparation.ignore_lights()
        self._start()

    def _resume_set(self) -> None:
        if self.live_set is None:
            return
        self._paused_why = None
        self._stage("set")
        self._loss = CollapseOrExitDetector()
        self._events.append(CoachEvent("resumed", self.live_set.last_s))
        self._speak(Priority.OTHER, "say.going_on")

    def _end(self) -> None:
        self._finish_set("button")
        if not self.finished:
            self._end_session()

    def _skip_rest(self) -> None:
        self._prepare(self._index + 1)
        self._speak(Priority.OTHER, "say.next_set")

    def _delete_set(self) -> None:
        self._deleted = True
        self._events.append(CoachEvent("set_deleted", 0.0, {"index": self._last_finished}))

    def _undo_delete(self) -> None:
        self._deleted = False
        self._events.append(CoachEvent("set_restored", 0.0, {"index": self._last_finished}))

    def _speak(self, priority: Priority, *keys: str) -> None:
        self._say.append(utter(self._language, priority, *keys))

    def _take_update(self) -> DisplayUpdate:
        update = DisplayUpdate(self.shown(), self._say, self._events)
        self._say, self._events = [], []
        return update

    def shown(self) -> DisplayData:
        """Return the whole display.

        Returns
        -------
        dict
            Ready for JSON.
        """
        return self._display.of(self._state())

    def _state(self) -> CoachState:
        live_set = self.live_set
        advice = {"setup": self._preparation.check.advice, "ready": "say.good_stand_still"}
        return CoachState(
            stage=self.stage,
            planned=self.planned,
            next_set=self.next_set,
            lights=self._preparation.lights,
            advice=advice.get(self.stage),
            buttons=self.buttons(),
            count_in_number=self._count_in.number,
            rest_s=self._rest_s,
            rest_left_s=self._rest_left_s,
            can_delete=self._last_finished is not None,
            deleted=self._deleted,
            summary=self.summary,
            paused_why=self._paused_why if self.stage == "paused" else None,
            live_set=None if live_set is None else live_set.shown(),
            other_person=live_set is not None and live_set.result.phase == "paused",
        )
