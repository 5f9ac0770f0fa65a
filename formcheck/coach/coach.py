"""The coach of a training session: from the set-up check through every set and rest to the end, hands-free.

    setup ─(all lights green)─> ready ─(standing still)─> countin ─> set ─> rest ─> setup … ─> done
    set <─> paused (out of the picture, a hidden page, a button, a sudden loss)        any ─(Stop)─> stopped

Events and their data: ``set_started`` {index, exercise, ignored, outline}; ``repetition`` {index, counted, side, start_s, turn_s,
end_s, depth_deg, excursion_deg, faults}; ``hold_clock`` {hold_s, in_form_s}; ``set_finished`` {index, result, why, empty};
``paused`` {why}; ``resumed``; ``stopped`` {reason}; ``set_deleted`` and ``set_restored`` {index}; ``session_done``.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from formcheck import exercises
from formcheck.coach.body_events import CollapseOrExitDetector, StandingStill
from formcheck.coach.display import ASKS_IF_ALL_RIGHT, Display
from formcheck.coach.live_set import LiveSet
from formcheck.coach.messages import CoachEvent, CoachStage, DisplayUpdate, WhyEnded, WhyPaused
from formcheck.coach.setup import Light, PictureFacts, SetupCheck
from formcheck.coach.speech import Priority, Utterance, utter
from formcheck.model.frames import Pose
from formcheck.reports.sentences import summary_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from formcheck.spec.prescription import PlannedSet

READY_S = 1.5
"""Standing still this long, with every light green, starts the count-in."""
COUNT_IN_S = 3.0
BACK_S, ALL_RIGHT_S = 1.5, 3.0
"""Standing still this long goes on after a pause; longer where the coach asked whether the person is all right."""
GAP_S = 1.0
"""Pictures that stay away longer than this count as an empty picture."""
REPEAT_ADVICE_S = 8.0
CLOCK_EVERY_S = 1.0
LEAD_S = 2.0  # the poses of the last seconds before the count-in belong to the set: the person stands still in them


class Coach:
    """Runs one training session. One thread feeds it; it knows no clock but the poses' ``t_s`` (rising).

    ``first``: the set to begin with. ``outlines``: exercise and view (``squat/front``) to the landmarks (33 pairs, shares of the
    picture) of the last time. ``on_pose`` gets every pose of a running set, with the set's own time.
    ``pose_in``, ``software``: written into the records.
    """

    def __init__(
        self,
        sets: Sequence[PlannedSet],
        *,
        language: str = "en",
        pain_mode: bool = False,
        first: int = 0,
        outlines: dict[str, list] | None = None,
        pose_in: str = "browser",
        software: dict[str, str] | None = None,
        on_pose: Callable[[Pose], None] | None = None,
    ) -> None:
        self.sets, self._language, self._gentle = tuple(sets), language, pain_mode
        self._on_pose = on_pose
        self.pose_in, self.software = pose_in, software or {}
        self._display = Display(language, outlines or {})
        self._t_s = 0.0
        self._pose: Pose | None = None
        self.stage: CoachStage = "setup"
        self.follower: LiveSet | None = None
        self._begun_s = 0.0  # when the set's time 0 was
        self._lead: deque[Pose] = deque()
        self._stage_since_s = 0.0
        self._counted_in = 0
        self.paused_why: WhyPaused | None = None
        self.summary: str | None = None
        self.rest_s = 0.0
        self.last_finished: int | None = None
        self.deleted = False
        self._ignored: list[str] = []
        self._advised: tuple[str | None, float] = (None, -math.inf)
        self._clock_s = 0.0
        self._say: list[Utterance] = []
        self._events: list[CoachEvent] = []
        self._prepare(first)

    @property
    def finished(self) -> bool:
        """True when the session is over."""
        return self.stage in ("done", "stopped")

    @property
    def planned(self) -> PlannedSet:
        """Return the set that is on, or comes next."""
        return self.sets[self._index]

    @property
    def following(self) -> PlannedSet | None:
        """Return the set after the present one."""
        return self.sets[self._index + 1] if self._index + 1 < len(self.sets) else None

    @property
    def begun_s(self) -> float:
        """Return when the running set's time 0 was, in the poses' seconds; minus infinity until an interrupted set goes on."""
        return self._begun_s

    @property
    def advice(self) -> str | None:
        """Return the spoken key of what the person is to do now, while setting up."""
        return {"setup": self._check.advice, "ready": "say.good_stand_still"}.get(self.stage)

    @property
    def counts(self) -> int:
        """Return the number of the count-in."""
        return max(1, min(self._counted_in, int(COUNT_IN_S)))

    @property
    def rest_left_s(self) -> float:
        """Return what is left of the rest, in seconds."""
        return max(0.0, self.rest_s - (self._t_s - self._stage_since_s))

    def update(self, pose: Pose, facts: PictureFacts | None = None) -> DisplayUpdate:
        """Take one picture's pose. Raises SourceError when its time does not rise during a set."""
        before_s, self._t_s, self._pose = self._t_s, pose.t_s, pose
        if self.stage in ("setup", "ready"):
            self._check_setup(pose, facts or PictureFacts())
        elif self.stage == "countin":
            self._count_in(pose)
        elif self.stage in ("set", "paused") and self.follower is not None:
            self._fill_gap(before_s, pose)
            self._follow(pose)
        elif self.stage == "rest":
            self._rest()
        return self._step()

    def command(self, t_s: float, name: str, why: str = "button", reason: str | None = None) -> DisplayUpdate:
        """Carry out a button or key. One that makes no sense now does nothing. ``t_s``: now, in the poses' seconds."""
        self._t_s = max(self._t_s, t_s)
        if name == "stop":
            self._stop(reason)
        elif name == "hidden" or (name == "pause" and why == "hidden"):
            self._pause("hidden")
        elif name in self.buttons():
            getattr(self, f"_do_{name}")()
        return self._step()

    def resume(self, poses: Iterable[Pose]) -> None:
        """Take up a set that was interrupted: its poses run through the engine again and nothing is said. Then it is paused.

        The poses have the set's own times; the set goes on at the next pose's time.
        """
        self._open_set()
        for pose in poses:
            self.follower.catch_up(pose)
        self._stage("paused")
        self.paused_why = "left"
        self._begun_s = -math.inf  # set by the next pose

    def close(self, why: WhyEnded = "left_page") -> DisplayUpdate:
        """End what runs, because the page is gone: a running set is finished as it is."""
        if self.follower is not None:
            self._finish_set(why)
        self._stage("done")
        return self._step()

    # Stages

    def _prepare(self, index: int) -> None:
        self._index = index
        planned = self.planned
        side = planned.prescription.side
        exercise = exercises.load(planned.exercise)
        self._check = SetupCheck(exercise, planned.view, side if side in ("left", "right") else "auto")
        self.lights: tuple[Light, ...] = ()
        self._still, self._loss = StandingStill(), CollapseOrExitDetector()
        self._floor = exercise.floor
        self._lead.clear()
        self._ignored = []
        self._stage("setup")

    def _stage(self, stage: CoachStage) -> None:
        self.stage, self._stage_since_s = stage, self._t_s
        self._advised = (None, -math.inf)

    def _check_setup(self, pose: Pose, facts: PictureFacts) -> None:
        self.lights = self._check.update(pose, facts)
        still_s = self._still.update(pose)
        self._remember(pose)
        if not self._check.all_ok:
            if self.stage == "ready":
                self._stage("setup")
            self._advise(self._check.advice)
        elif self._floor:
            self._do_start()
        else:
            if self.stage != "ready":
                self._stage("ready")
            self._advise("say.good_stand_still")
            if min(still_s, self._t_s - self._stage_since_s) >= READY_S:
                self._do_start()

    def _advise(self, key: str | None) -> None:
        said, at_s = self._advised
        if key is not None and (key != said or self._t_s - at_s >= REPEAT_ADVICE_S):
            self._advised = (key, self._t_s)
            self._speak(Priority.CUE, key)

    def _remember(self, pose: Pose) -> None:
        if self._lead and self._lead[-1].size_px != pose.size_px:  # a phone was turned
            self._lead.clear()
        self._lead.append(pose)
        while self._lead[0].t_s < pose.t_s - LEAD_S - (COUNT_IN_S if self.stage == "countin" else 0.0):
            self._lead.popleft()

    def _count_in(self, pose: Pose) -> None:
        self._remember(pose)
        if not pose.seen and self._t_s - self._last_seen_s > GAP_S and not self._floor:
            self._prepare_again()
            return
        if pose.seen:
            self._last_seen_s = self._t_s
        left = math.ceil(COUNT_IN_S - (self._t_s - self._stage_since_s))
        if left <= 0:
            self._speak(Priority.OTHER, "say.go")
            self._begin_set()
        elif left < self._counted_in:
            self._counted_in = left
            self._speak(Priority.NUMBER, f"number.{left}")

    def _prepare_again(self) -> None:
        self._say.clear()
        self._prepare(self._index)

    def _begin_set(self) -> None:
        lead = list(self._lead) or ([self._pose] if self._pose else [])
        self._lead.clear()
        self._open_set()
        self._begun_s = lead[0].t_s if lead else self._t_s
        outline = _outline(lead[-1]) if lead and lead[-1].seen else None
        data = {"index": self._index, "exercise": self.planned.exercise, "ignored": self._ignored, "outline": outline}
        self._events.append(CoachEvent("set_started", 0.0, data))
        for pose in lead:
            self.follower.catch_up(_at(pose, pose.t_s - self._begun_s))
        self._stage("set")

    def _open_set(self) -> None:
        self.follower = LiveSet(self.planned, self._language, pain_mode=self._gentle, on_pose=self._on_pose)
        self.summary, self.last_finished, self.deleted, self._clock_s = None, None, False, 0.0
        self._loss = CollapseOrExitDetector()

    def _fill_gap(self, before_s: float, pose: Pose) -> None:
        """Pictures that stayed away are an empty picture, so that nothing is counted across the gap."""
        follower = self.follower
        if self._begun_s == -math.inf:  # the first pose after an interruption
            self._begun_s = pose.t_s - follower.last_s - GAP_S
            before_s = pose.t_s - GAP_S
        if pose.t_s - before_s < GAP_S:
            return
        for t_s in (follower.last_s + 0.01, pose.t_s - self._begun_s - 0.01):
            if t_s > follower.last_s:
                follower.catch_up(Pose.nobody(t_s, pose.size_px))

    def _follow(self, pose: Pose) -> None:
        follower, t_s = self.follower, pose.t_s - self._begun_s
        if self.stage == "paused":
            follower.catch_up(Pose.nobody(t_s, pose.size_px))
            self._resume_if_back(pose)
            return
        self._say += follower.update(_at(pose, t_s))
        self._tell_progress()
        why = None if follower.ended else self._loss.update(pose, follower.in_effort)
        if follower.ended:
            self._finish_set(follower.ended)
        elif why is not None and not (self._floor and why == "sudden"):
            self._pause(why)

    def _tell_progress(self) -> None:
        follower = self.follower
        for rep in follower.new_repetitions():
            faults = follower.result.faults
            self._events.append(CoachEvent("repetition", follower.last_s, {**asdict(rep), "faults": dict(faults)}))
        result = follower.result
        if result.hold_s - self._clock_s >= CLOCK_EVERY_S:
            self._clock_s = result.hold_s
            clocks = {"hold_s": result.hold_s, "in_form_s": result.in_form_s}
            self._events.append(CoachEvent("hold_clock", follower.last_s, clocks))

    def _pause(self, why: WhyPaused) -> None:
        if self.stage == "countin":
            self._prepare_again()
        if self.stage != "set":
            return
        self.paused_why = why
        self._stage("paused")
        self._still = StandingStill()
        self._events.append(CoachEvent("paused", self.follower.last_s, {"why": why}))
        self._say.clear()
        spoken = {"left": "say.step_back_in", "sudden": "say.are_you_all_right", "lost": "say.are_you_all_right"}
        self._speak(Priority.NOW, spoken.get(why, "say.paused"))

    def _resume_if_back(self, pose: Pose) -> None:
        still_s = self._still.update(pose)
        if self.paused_why in ("button", "hidden"):
            return
        needed_s = ALL_RIGHT_S if self.paused_why in ASKS_IF_ALL_RIGHT else BACK_S
        back = self._t_s - self._stage_since_s >= needed_s and pose.seen if self._floor else still_s >= needed_s
        if back:
            self._do_resume()

    def _finish_set(self, why: WhyEnded) -> None:
        follower, self.follower = self.follower, None
        result = follower.finish(self.pose_in, self.software)
        data = {"index": self._index, "result": result, "why": why, "empty": follower.empty}
        self._events.append(CoachEvent("set_finished", follower.last_s, data))
        self.last_finished = None if follower.empty else self._index
        self.summary = None if follower.empty else summary_sentence(result.record, follower.exercise, self._language)
        self._speak(Priority.OTHER, "say.done" if why == "target" else "say.set_ended")
        if why in ("stop", "left_page"):
            return
        following = self.following
        if following is not None:
            same = following.exercise == self.planned.exercise
            self.rest_s = self.planned.rest_s
            self._stage("rest")
            self._speak(Priority.OTHER, "say.rest", *(() if same else ("say.next_is", f"name.{following.exercise}")))
        else:
            self._end_session()

    def _end_session(self) -> None:
        self._stage("done")
        self._speak(Priority.OTHER, "say.session_done")
        self._events.append(CoachEvent("session_done", 0.0))

    def _rest(self) -> None:
        if self.rest_left_s <= 0:
            self._do_skip_rest()

    def _stop(self, reason: str | None) -> None:
        if self.finished:
            return
        at_s = self.follower.last_s if self.follower else 0.0
        if self.follower is not None:
            self._finish_set("stop")
        self._say.clear()
        self._events.append(CoachEvent("stopped", at_s, {"reason": reason}))
        self._stage("stopped")
        self._speak(Priority.NOW, "say.stopped")

    # Buttons: what each does; ``buttons`` says when

    def buttons(self) -> list[str]:
        delete = ["undo_delete" if self.deleted else "delete_set"] if self.last_finished is not None else []
        start = "start" if self.stage == "ready" or self._check.all_ok else "anyway"
        return {
            "setup": [start, "end"],
            "ready": ["start", "end"],
            "countin": ["pause", "end"],
            "set": ["pause", "finish", "end"],
            "paused": ["resume", "finish", "end"],
            "rest": ["skip_rest", *delete, "end"],
            "done": delete,
            "stopped": delete,
        }[self.stage]

    def _do_start(self) -> None:
        if self._floor:
            self._speak(Priority.OTHER, "say.get_into_position")
            self._begin_set()
            return
        self._stage("countin")
        self._last_seen_s = self._t_s
        self._counted_in = int(COUNT_IN_S) + 1

    def _do_anyway(self) -> None:
        self._ignored = [light.key for light in self.lights if light.state in ("wait", "bad")]
        self._do_start()

    def _do_pause(self) -> None:
        self._pause("button")

    def _do_resume(self) -> None:
        self.paused_why = None
        self._stage("set")
        self._loss = CollapseOrExitDetector()
        self._events.append(CoachEvent("resumed", self.follower.last_s))
        self._speak(Priority.OTHER, "say.going_on")

    def _do_finish(self) -> None:
        self._finish_set("button")

    def _do_end(self) -> None:
        if self.follower is not None:
            self._finish_set("button")
        if not self.finished:
            self._end_session()

    def _do_skip_rest(self) -> None:
        self._speak(Priority.OTHER, "say.next_set")
        self._prepare(self._index + 1)

    def _do_delete_set(self) -> None:
        self.deleted = True
        self._events.append(CoachEvent("set_deleted", 0.0, {"index": self.last_finished}))

    def _do_undo_delete(self) -> None:
        self.deleted = False
        self._events.append(CoachEvent("set_restored", 0.0, {"index": self.last_finished}))

    def _speak(self, priority: Priority, *keys: str) -> None:
        self._say.append(utter(self._language, priority, *keys))

    def _step(self) -> DisplayUpdate:
        step = DisplayUpdate(self.shown(), self._say, self._events)
        self._say, self._events = [], []
        return step

    def shown(self) -> dict:
        """Return the whole display, ready for JSON."""
        return self._display.of(self)


def _at(pose: Pose, t_s: float) -> Pose:
    return Pose(t_s, pose.image_px, pose.world_m, pose.visibility, pose.size_px)


def _outline(pose: Pose) -> list[list[float]]:
    """Return the landmarks as shares of the picture, for the faint figure of the next time."""
    shares = pose.image_px / np.asarray(pose.size_px, float)
    return [[round(float(x), 3), round(float(y), 3)] for x, y in shares]
